"""The environment, read once, checked whole, frozen."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir

from smsgw.addresses import wrong_with_broker, wrong_with_database, wrong_with_public

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32
MOST_PROXIES = 9
USSD_MINUTES, LONGEST_PATIENCE = 10, 720
UNDO_SECONDS, UNDO_SECONDS_IN_DEMO, LONGEST_UNDO = 30, 5, 600
LONGEST_SOCKET_PATH = 100  # a Unix socket's path must stay under 104 (macOS) or 108 (Linux) bytes
USSD_CODE = re.compile(r"\*\d+(?:\*\d+)*#", re.ASCII)
DEMO_NAME = "Phản ánh An Khê (demo)"
DEMO_NUMBER = "8079"
DEMO_PRICE = "giá tin nhắn thường (demo)"
DEMO_MARK = "(demo)"


class SettingsError(Exception):
    """Names everything that is wrong with the settings at once: `.problems`, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """What the service was told. `env` keeps the provider names; everything else is checked and typed here."""

    env: Mapping[str, str] = field(repr=False)
    mode: str
    home: Path
    spool: Path
    host: str
    port: int
    proxies: int
    public_url: str
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    embedded_broker: bool
    secret_key: str = field(repr=False)
    name: str
    public_number: str
    price_note: str
    duty_phone: str
    ussd_code: str
    sms_out: tuple[str, ...]
    sms_in: tuple[str, ...]
    ussd: tuple[str, ...]
    ussd_patience: timedelta
    undo: timedelta
    demo_allow: frozenset[str]

    @property
    def demo(self) -> bool:
        return self.mode == "demo"


def read_env(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment over the lines NAME=value of `.env` in the project's root."""
    told: dict[str, str] = {}
    file = root / ".env"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    for line in lines:
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            told[name.strip()] = value.strip().strip("'\"")
    return told | dict(environ)


def home_of(env: Mapping[str, str]) -> Path:
    """Where database, secrets, spool and broker data lie."""
    return Path(env.get("SMSGW_HOME") or ROOT / "var").expanduser().resolve()


def broker_socket(home: Path) -> Path:
    """The embedded broker's Unix socket; in the system's temporary folder where the home's path is too long for one."""
    wanted = home / "broker" / "valkey.sock"
    if len(str(wanted).encode()) <= LONGEST_SOCKET_PATH:
        return wanted
    mark = f"{abs(hash_of(str(home))):x}"
    return Path(gettempdir()) / f"smsgw-{mark}" / "valkey.sock"


def hash_of(text: str) -> int:
    """A number that stays the same from run to run, unlike hash()."""
    value = 1469598103934665603
    for byte in text.encode():
        value = ((value ^ byte) * 1099511628211) % 2**64
    return value


def secret_file(home: Path) -> Path:
    """Holds the key that signs cookies and callback references; mode 600."""
    return home / "secret_key"


def make_secret(home: Path) -> None:
    """Writes a new secret where none is; another process that was quicker wins."""
    file = secret_file(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(48))
    except FileExistsError:
        return


def load(env: Mapping[str, str]) -> Settings:
    """Settings from the environment; raises `SettingsError` with all that is wrong."""
    told, problems = read(env)
    if problems:
        raise SettingsError(problems)
    return told


def read(env: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Settings as far as they can be read, and all that is wrong with them."""
    problems: list[str] = []
    mode = env.get("SMSGW_ENV") or "demo"
    if mode not in ("demo", "production"):
        problems.append(f"SMSGW_ENV is {mode!r}: it must be demo or production")
    home, host = home_of(env), env.get("HOST") or "127.0.0.1"
    port = _port(env, problems)
    demo = mode == "demo"
    told = Settings(
        env=dict(env),
        mode=mode,
        home=home,
        spool=Path(env.get("SMSGW_SPOOL") or home / "spool").expanduser().resolve(),
        host=host,
        port=port,
        proxies=_proxies(env, problems),
        public_url=_public_url(env, port, problems, demo=demo),
        database_url=_database(env, home, problems),
        redis_url=_broker(env, home, problems),
        embedded_broker=not env.get("REDIS_URL"),
        secret_key=_secret(env, home, demo=demo),
        name=env.get("SMSGW_NAME") or DEMO_NAME,
        public_number=env.get("SMSGW_PUBLIC_NUMBER") or DEMO_NUMBER,
        price_note=env.get("SMSGW_PRICE_NOTE") or DEMO_PRICE,
        duty_phone=env.get("SMSGW_DUTY_PHONE") or "",
        ussd_code=_code(env, problems),
        sms_out=_names(env, "SMSGW_SMS_OUT"),
        sms_in=_names(env, "SMSGW_SMS_IN"),
        ussd=_names(env, "SMSGW_USSD"),
        ussd_patience=_patience(env, problems),
        undo=_undo(env, problems, demo=demo),
        demo_allow=frozenset(_split(env.get("SMSGW_DEMO_ALLOW", ""))),
    )
    if not demo:
        problems += _unsafe_in_production(env, told)
    return told, problems


def _unsafe_in_production(env: Mapping[str, str], told: Settings) -> list[str]:
    """Everything production may not start with."""
    wrong = [
        f"{name} is missing: production needs {meaning}"
        for name, meaning in (
            ("SMSGW_NAME", "the service's own name"),
            ("SMSGW_PUBLIC_NUMBER", "the number that people text"),
            ("SMSGW_PRICE_NOTE", "what a text costs them"),
            ("SMSGW_DUTY_PHONE", "a duty phone, which emergencies are texted to at any hour"),
            ("SECRET_KEY", "a secret of its own"),
            ("PUBLIC_URL", "the address at which providers reach it"),
        )
        if not env.get(name, "").strip()
    ]
    wrong += [
        f"{name} is the demo's: production needs its own"
        for name, value in (("SMSGW_NAME", told.name), ("SMSGW_PRICE_NOTE", told.price_note))
        if env.get(name) and DEMO_MARK in value.casefold()
    ]
    if env.get("SECRET_KEY") and len(told.secret_key) < SHORTEST_SECRET:
        wrong.append(f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters")
    return wrong + _unsafe_providers(told)


def _unsafe_providers(told: Settings) -> list[str]:
    """Production texts and is texted through somebody real; USSD may stay closed."""
    named = {"SMSGW_SMS_OUT": told.sms_out, "SMSGW_SMS_IN": told.sms_in, "SMSGW_USSD": told.ussd}
    wrong = [f"{name} names the simulator: it is for demo only" for name in named if "simulator" in named[name]]
    real = set(told.ussd) - {"simulator"}
    if real and not told.env.get("SMSGW_USSD_CODE", "").strip():
        wrong.append("SMSGW_USSD_CODE is missing: production needs the code that people dial, since SMSGW_USSD is open")
    missing = (name for name in named if name != "SMSGW_USSD" and not named[name])
    return wrong + [f"{name} names no provider: production needs one" for name in missing]


def _names(env: Mapping[str, str], variable: str) -> tuple[str, ...]:
    """Provider names in order of preference. In production nothing is open that was not named."""
    given = env.get(variable)
    if given is None:
        return () if env.get("SMSGW_ENV") == "production" else ("simulator",)
    return tuple(_split(given))


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _port(env: Mapping[str, str], problems: list[str]) -> int:
    given = env.get("PORT") or "8000"
    if given.isascii() and given.isdigit() and 0 < int(given) < 65536:
        return int(given)
    problems.append(f"PORT is {given!r}: it must be a number from 1 to 65535")
    return 8000


def _proxies(env: Mapping[str, str], problems: list[str]) -> int:
    """How many proxies of ours a request passes: so many of the addresses they add are believed, from the last one on."""
    given = env.get("SMSGW_PROXIES") or "0"
    if given.isascii() and given.isdigit() and int(given[:3]) <= MOST_PROXIES:
        return int(given)
    problems.append(f"SMSGW_PROXIES is {given!r}: it must be the number of proxies in front, 0 to {MOST_PROXIES}")
    return 0


def _code(env: Mapping[str, str], problems: list[str]) -> str:
    """What people dial for USSD."""
    given = (env.get("SMSGW_USSD_CODE") or "").strip()
    if given and not USSD_CODE.fullmatch(given):
        problems.append(f"SMSGW_USSD_CODE is {given!r}: it must be as people dial it, such as *8079#")
    return given or "*8079#"


def _patience(env: Mapping[str, str], problems: list[str]) -> timedelta:
    """How long a USSD session that broke off waits for its person to dial again before what was typed is taken in."""
    given = env.get("SMSGW_USSD_MINUTES") or str(USSD_MINUTES)
    if given.isascii() and given.isdigit() and 1 <= int(given[:5]) <= LONGEST_PATIENCE:
        return timedelta(minutes=int(given[:5]))
    problems.append(f"SMSGW_USSD_MINUTES is {given!r}: it must be a number of minutes from 1 to {LONGEST_PATIENCE}")
    return timedelta(minutes=USSD_MINUTES)


def _undo(env: Mapping[str, str], problems: list[str], *, demo: bool) -> timedelta:
    """How long an answer waits before it goes out, so that its writer may take it back; who tries the demo is not kept."""
    usual = UNDO_SECONDS_IN_DEMO if demo else UNDO_SECONDS
    given = env.get("SMSGW_UNDO_SECONDS") or str(usual)
    if given.isascii() and given.isdigit() and int(given[:5]) <= LONGEST_UNDO:
        return timedelta(seconds=int(given[:5]))
    problems.append(f"SMSGW_UNDO_SECONDS is {given!r}: it must be a number of seconds from 0 to {LONGEST_UNDO}")
    return timedelta(seconds=usual)


def _public_url(env: Mapping[str, str], port: int, problems: list[str], *, demo: bool) -> str:
    """Without a slash at its end. Its absence in production is told with the rest of what is missing there."""
    given = env.get("PUBLIC_URL")
    if given and (wrong := wrong_with_public(given, secure=not demo)):
        problems.append(f"PUBLIC_URL {wrong}")
    return (given or f"http://127.0.0.1:{port}").rstrip("/")


def _database(env: Mapping[str, str], home: Path, problems: list[str]) -> str:
    """SQLAlchemy's URL. `postgres://` is what some hosts still write; SQLAlchemy takes only `postgresql`."""
    url = env.get("DATABASE_URL") or f"sqlite:///{home / 'smsgw.db'}"
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if wrong := wrong_with_database(url):
        problems.append(f"DATABASE_URL {wrong}")
    return url


def _broker(env: Mapping[str, str], home: Path, problems: list[str]) -> str:
    url = env.get("REDIS_URL") or f"unix://{broker_socket(home)}?db=0"
    if wrong := wrong_with_broker(url):
        problems.append(f"REDIS_URL {wrong}")
    return url


def _secret(env: Mapping[str, str], home: Path, *, demo: bool) -> str:
    """The given secret, else in demo the one made on the first run."""
    if env.get("SECRET_KEY"):
        return env["SECRET_KEY"]
    if not demo:
        return ""
    make_secret(home)
    return secret_file(home).read_text(encoding="ascii").strip()
