"""The settings as this process was told them, or everything that is wrong with them in plain words."""

import os
from urllib.parse import urlsplit

from smsgw.gateway import checked
from smsgw.settings import ROOT, Settings, SettingsError, read_env


class SetUpError(Exception):
    """Something that a person has to mend first; the text says what, one thing a line."""


def told_settings() -> Settings:
    """The environment over `.env`. Raises `SetUpError` with every problem."""
    try:
        return checked(read_env(ROOT, os.environ))
    except SettingsError as wrong:
        raise SetUpError("\n".join(wrong.problems)) from wrong
    except OSError as trouble:
        raise SetUpError(in_words(trouble)) from trouble


def in_words(trouble: OSError) -> str:
    """What the system says, and about which file."""
    return f"{trouble.filename}: {trouble.strerror}" if trouble.filename else str(trouble.strerror)


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@") if password else url
