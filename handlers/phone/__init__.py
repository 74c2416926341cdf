"""The simulated feature phone (demo and training; off in production, and for this machine only)."""

from handlers.phone.pages import door

__all__ = ["door"]
