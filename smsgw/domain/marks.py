"""Marks a source sentence that is translated where it is said, so that it is gathered into the catalogs."""


def N_(source: str) -> str:  # noqa: N802 (gettext's name for it)
    return source
