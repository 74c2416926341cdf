"""The settings as this process was told them, or everything that is wrong with them in plain words."""

import os
from urllib.parse import urlsplit

from smsgw.settings import ROOT, Settings, SettingsError, read, read_env


class SetUpError(Exception):
    """Something that a person has to mend first; the text says what, one thing a line."""


def told_settings() -> Settings:
    """The environment over `.env`. Raises `SetUpError` with every problem, the named providers' included."""
    from smsgw.gateway import checked  # brings the providers' SDKs along, which the supervisor need not carry

    try:
        settings = checked(read_env(ROOT, os.environ))
    except SettingsError as wrong:
        raise SetUpError("\n".join(wrong.problems)) from wrong
    except OSError as trouble:
        raise SetUpError(in_words(trouble)) from trouble
    if odd := _wrong_with_options(settings.redis_url):
        raise SetUpError(f"REDIS_URL is not right: {odd}")
    return settings


def _wrong_with_options(redis_url: str) -> str:
    """What the broker's own library finds wrong with the options behind the address's question mark."""
    from redis import Redis  # not for the supervisor either

    try:
        Redis.from_url(redis_url).connection_pool.make_connection()
    except (ValueError, TypeError) as wrong:
        return str(wrong)
    return ""


def first_look() -> tuple[Settings, bool]:
    """The settings as far as they can be read, and whether something is wrong with them; what, `told_settings` says."""
    try:
        settings, problems = read(read_env(ROOT, os.environ))
    except OSError as trouble:
        raise SetUpError(in_words(trouble)) from trouble
    return settings, bool(problems)


def in_words(trouble: OSError) -> str:
    """What the system says, and about which file."""
    return f"{trouble.filename}: {trouble.strerror}" if trouble.filename else str(trouble.strerror)


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@") if password else url
