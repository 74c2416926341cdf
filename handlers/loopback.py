"""Says whether a request comes from this very machine."""

from ipaddress import ip_address

from flask import request

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


def from_this_machine() -> bool:
    """True for a caller at 127.0.0.0/8 or ::1 that no proxy speaks for: behind one, everybody would seem near."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
