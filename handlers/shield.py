"""What protects people's pages: cookie rules, form tokens, security headers, request limits."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, Response, request, session
from flask_compress import Compress
from flask_limiter import Limiter
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect

from smsgw.settings import Settings

IDLE = timedelta(minutes=30)
BROKER_WAIT_S = 0.25
CONTENT_POLICY = {
    "default-src": "'self'",
    "img-src": ["'self'", "data:"],
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def raise_over(app: Flask, settings: Settings) -> Limiter:
    """Protects the application; the limiter is returned for doors that need one."""
    secure = not settings.demo
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-smsgw" if secure else "smsgw",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session, which ends by itself
        WTF_CSRF_SSL_STRICT=False,  # the token decides; pages send no referrer to strangers
    )
    CSRFProtect(app)
    Compress(app)
    Talisman(
        app,
        force_https=False,  # the proxy in front answers plain HTTP
        session_cookie_secure=secure,
        strict_transport_security=secure,
        frame_options="DENY",
        referrer_policy="same-origin",
        content_security_policy=CONTENT_POLICY,
    )
    app.before_request(_idle_from_now)
    app.after_request(_keep_out_of_caches)
    return Limiter(
        asker,
        app=app,
        storage_uri=_storage(settings.redis_url),
        in_memory_fallback_enabled=True,
        strategy="moving-window",
        key_prefix="smsgw",
    )


def asker() -> str:
    """Whose requests are counted together: an address, or the /64 of IPv6, of which one subscriber has every address."""
    told = request.remote_addr or ""
    try:
        address = ip_address(told)
    except ValueError:
        return told
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return told


def _storage(redis_url: str) -> str:
    """The limits library's spelling of a Unix socket, with a short wait for a broker that is away."""
    patience = f"socket_timeout={BROKER_WAIT_S}&socket_connect_timeout={BROKER_WAIT_S}"
    spelled = redis_url.replace("unix://", "redis+unix://", 1)
    return f"{spelled}{'&' if '?' in spelled else '?'}{patience}"


def _idle_from_now() -> None:
    session.permanent = True


def _keep_out_of_caches(response: Response) -> Response:
    """Pages are made for one reader; files in static/ set their own age."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
