"""Settings turned into connections: sessions, providers, words, now()."""

import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from smsgw import courtesy, crash, restraint, tariffs, vigilance
from smsgw.data import tables
from smsgw.data.load import load_reader
from smsgw.domain.coaching import Coaching
from smsgw.domain.codes import Mint
from smsgw.domain.limits import Limits
from smsgw.domain.phone import is_mobile, normalised
from smsgw.domain.understanding import Reader
from smsgw.domain.verdicts import Window
from smsgw.domain.vigilance import Vigilance
from smsgw.domain.workdays import VIETNAM
from smsgw.providers import refs, register
from smsgw.providers.contract import Provider, Surroundings
from smsgw.services import alarming, clusters, contributing, merging, practising, windows
from smsgw.services import handbook as handbooks
from smsgw.services.bundling import Bundler
from smsgw.services.calling import Switchboard
from smsgw.services.chasing import Chaser
from smsgw.services.coaching import Coach
from smsgw.services.cut_off import Gatherer
from smsgw.services.delivery import Postman
from smsgw.services.demo import SIMULATED, may_text
from smsgw.services.digests import Digester
from smsgw.services.drafts import Clerk
from smsgw.services.handbook import Handbook
from smsgw.services.listening import Listener
from smsgw.services.reconciling import Reconciler
from smsgw.services.reshaping import Settler
from smsgw.services.sealing import Herald
from smsgw.services.sitting import Usher
from smsgw.settings import ROOT, Settings, SettingsError, read
from smsgw.store.database import Database
from smsgw.store.spool import Spool, wrong_with
from smsgw.text.catalogs import Catalogs, load
from smsgw.text.screens import Screens
from smsgw.text.speech import House, Speech

LOCALE = ROOT / "locale"
HOME_CODE = "23617"
PRACTICE_DUTY_PHONE = "+84900000599"
_ABROAD: Final = re.compile(r"\+(?!84)\d{8,15}")


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False)
class Gateway:
    """What every door and worker shares. Opened once a process; `close` ends its connections."""

    settings: Settings
    database: Database
    spool: Spool
    providers: dict[str, Provider]
    catalogs: Catalogs
    speech: Speech
    now: Callable[[], datetime]

    @cached_property
    def limits(self) -> Limits:
        """What texts are held against before they go."""
        return restraint.read(self.settings.env)[0]

    @cached_property
    def coaching(self) -> Coaching:
        """The rules by which citizens are asked for what is missing."""
        return courtesy.read(self.settings.env)[0]

    @cached_property
    def window(self) -> Window:
        """How long a citizen's word on an answer is waited for."""
        return courtesy.read_window(self.settings.env)[0]

    @cached_property
    def vigilance(self) -> Vigilance:
        """How long officials' silence lasts before the next ones hear, and when the digest comes."""
        return vigilance.read(self.settings.env)[0]

    @cached_property
    def screens(self) -> Screens:
        """Says USSD screens."""
        return Screens(self.catalogs, self.speech, self.settings.name)

    @cached_property
    def recent(self) -> handbooks.Recent:
        """What the locality decided, a second old at most: USSD turns come too often to read it for each."""
        return handbooks.Recent(self.handbook, self.now)

    @cached_property
    def mint(self) -> Mint:
        """Makes the codes that officials type."""
        return Mint(self.settings.secret_key, secrets.randbelow)

    @cached_property
    def reader(self) -> Reader:
        """Reads citizens' texts; loaded when first needed."""
        return load_reader()

    def handbook(self, session: Session) -> Handbook:
        """What the locality decided, as it stands now."""
        return handbooks.load(
            session,
            self.now().astimezone(VIETNAM).date(),
            home_code=self.settings.env.get("SMSGW_HOME_UNIT", HOME_CODE),
            duty_phone=self.settings.duty_phone,
            confirmed_only=not self.settings.demo,
            coaching=self.coaching,
            window=self.window,
            vigilance=self.vigilance,
        )

    def listener(self) -> Listener:
        """For one stream of texts: what an administrator changes meanwhile counts a second later."""
        handbook = handbooks.Recent(self.handbook, self.now)
        return Listener(self.database, self.reader, self.speech, handbook, register.repeaters(), self.now, self.mint)

    def chaser(self) -> Chaser:
        return Chaser(self.database, self.speech, self.handbook, self.now)

    def bundler(self) -> Bundler:
        return Bundler(self.database, self.speech, self.handbook, self.now, self.mint)

    def digester(self) -> Digester:
        return Digester(self.database, self.speech, self.handbook, self.now, self.mint)

    def coach(self) -> Coach:
        return Coach(self.database, self.handbook, self.now)

    def switchboard(self) -> Switchboard:
        return Switchboard(self.database, self.speech, self.now)

    def alarm_watch(self) -> alarming.Watch:
        return alarming.Watch(self.database, self.speech, self.handbook, self.now, self.mint)

    def merge_keeper(self) -> merging.Keeper:
        return merging.Keeper(self.database, self.handbook, self.now)

    def colleague(self) -> practising.Colleague:
        """Whoever looks at a text before it goes, in practice."""
        stops_clock = self.coaching.stops_clock
        return practising.Colleague(self.database, self.speech, self.handbook, self.now, stops_clock=stops_clock)

    def verdict_watch(self) -> windows.Watch:
        return windows.Watch(self.database, self.handbook, self.now)

    def part_watch(self) -> contributing.Watch:
        return contributing.Watch(self.database, self.speech, self.now)

    def cluster_watch(self) -> clusters.Watch:
        swarm = restraint.read_swarm(self.settings.env)[0]
        return clusters.Watch(self.database, self.speech, self.handbook, self.now, swarm)

    def settler(self) -> Settler:
        return Settler(self.database, self.now)

    def herald(self) -> Herald:
        return Herald(self.database, self.speech, self.now)

    def load_words(self) -> None:
        """Loads what reading takes, so that no transaction has to wait for it the first time."""
        _ = self.reader

    def usher(self, session: Session) -> Usher:
        """Who takes USSD turns in this session."""
        return Usher(session, self.clerk(session), self.now, self.settings.ussd_patience)

    def clerk(self, session: Session) -> Clerk:
        """Who takes USSD drafts in."""
        return Clerk(session, self.recent(session), self.reader, self.speech, self.screens)

    def gatherer(self) -> Gatherer:
        return Gatherer(self.database, self.clerk, self.now)

    def postman(self, pool: ThreadPoolExecutor) -> Postman:
        return Postman(
            database=self.database,
            providers=self.providers,
            order=self.settings.sms_out,
            sign=lambda outbox_id: refs.sign(self.settings.secret_key, outbox_id),
            may_text=self._may_text,
            limits=self.limits,
            now=self.now,
            elapsed=time.monotonic,
            pool=pool,
            rates={name: register.rate(name, self.settings.env) for name in self.settings.sms_out},
        )

    def reconciler(self) -> Reconciler:
        return Reconciler(self.database, self.providers, self.settings.sms_in, self.settings.sms_out, self.now)

    def answer_goes_at(self, *, at_once: bool) -> datetime:
        """When an answer goes that is agreed to now: after the seconds in which its writer may call it back, and not in quiet
        hours unless it is to go at once."""
        soonest, quiet = self.now() + self.settings.undo, self.limits.quiet
        morning = quiet.over_at(soonest) if quiet and not at_once else None
        return morning or soonest

    def open_ref(self, ref: str) -> int | None:
        """The outbox id in a reference that we signed; None for any other."""
        return refs.verify(self.settings.secret_key, ref)

    def _may_text(self, session: Session, provider: str, phone: str) -> bool:
        demo = self.settings.demo and provider != SIMULATED
        return may_text(session, phone, self.settings.demo_allow) if demo else True

    def practice(self, file: Path) -> "Gateway":
        """The same house for an official who practises: with this database, no quiet hours, and no way out but the simulated
        phone."""
        named = (SIMULATED,)
        settings = replace(
            self.settings,
            env={**self.settings.env, "SMSGW_QUIET_HOURS": ""},
            mode="demo",
            spool=file.with_suffix(".spool"),
            database_url=f"sqlite:///{file}",
            duty_phone=PRACTICE_DUTY_PHONE,
            sms_out=named,
            sms_in=named,
            ussd=named,
            demo_allow=frozenset(),
            undo=timedelta(0),  # nothing ticks there that would send it later
        )
        around = Surroundings(settings.env, settings.public_url, settings.secret_key, now=self.now)
        ground = replace(
            self,
            settings=settings,
            database=Database(settings.database_url),
            spool=Spool(settings.spool),
            providers=register.open_providers(named, around),
        )
        ground.reader = self.reader
        return ground

    def close(self) -> None:
        self.database.close()


def checked(env: Mapping[str, str]) -> Settings:
    """The settings, with all that they and the providers they name lack in one `SettingsError`."""
    settings, problems = read(env)
    problems += register.problems(settings.sms_out, settings.sms_in, settings.ussd, settings.env)
    problems += restraint.read(settings.env)[1]
    problems += restraint.read_swarm(settings.env)[1]
    problems += courtesy.read(settings.env)[1]
    problems += courtesy.read_window(settings.env)[1]
    problems += vigilance.read(settings.env)[1]
    problems += tariffs.read(settings.env, settings.sms_out)[1]
    problems += _nobody_to_answer(settings)
    problems += _nowhere_to_keep(settings.spool)
    problems += _no_numbers("SMSGW_DUTY_PHONE", [settings.duty_phone] if settings.duty_phone else [])
    problems += _no_numbers("SMSGW_DEMO_ALLOW", sorted(settings.demo_allow))
    if problems:
        raise SettingsError(problems)
    return settings


def _nobody_to_answer(settings: Settings) -> list[str]:
    """The simulator never stands in for a real provider, so people heard through one would get no reply at all."""
    heard = [name for name in dict.fromkeys((*settings.sms_in, *settings.ussd)) if name != SIMULATED]
    if not heard or set(settings.sms_out) != {SIMULATED}:
        return []
    return [f"SMSGW_SMS_OUT names only the simulator: people who write through {', '.join(heard)} would get no reply"]


def _nowhere_to_keep(spool: Path) -> list[str]:
    """Texts that come while the database is away wait in files, and would be lost without."""
    wrong = wrong_with(spool)
    return [f"SMSGW_SPOOL is {spool}: {wrong}, but texts wait there while the database is away"] if wrong else []


def _no_numbers(variable: str, told: Iterable[str]) -> list[str]:
    """Texts reach mobile lines only; of those abroad we know no plan, so any number written in full will do."""
    wrong = [one for one in told if not is_mobile(one) and not _ABROAD.fullmatch(normalised(one))]
    return [f"{variable} is {one!r}: it must be a mobile number, such as +84 900 000 100" for one in wrong]


def _in_one_spelling(settings: Settings) -> Settings:
    """The settings with every telephone number as providers and the database spell it."""
    allowed = frozenset(normalised(number) for number in settings.demo_allow)
    return replace(settings, duty_phone=normalised(settings.duty_phone), demo_allow=allowed)


def open_gateway(settings: Settings, now: Callable[[], datetime] = utc_now, locale: Path = LOCALE) -> Gateway:
    """Opens everything that checked settings name."""
    settings = _in_one_spelling(settings)
    crash.arm(settings.env)
    around = Surroundings(settings.env, settings.public_url, settings.secret_key, now=now)
    names = dict.fromkeys((*settings.sms_out, *settings.sms_in, *settings.ussd))
    catalogs = load(locale)
    house = House(
        name=settings.name,
        number=settings.public_number,
        price_note=settings.price_note,
        numbers=tables.whole("emergency.toml"),
    )
    return Gateway(
        settings=settings,
        database=Database(settings.database_url),
        spool=Spool(settings.spool),
        providers=register.open_providers(names, around),
        catalogs=catalogs,
        speech=Speech(catalogs, house, tariffs.read(settings.env, settings.sms_out)[0]),
        now=now,
    )
