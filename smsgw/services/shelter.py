"""Takes in what providers bring whatever becomes of the database: into it, else into the spool and from there later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import structlog
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from smsgw import crash
from smsgw.domain.messages import Receipt, SmsReceived
from smsgw.services import intake, receipts
from smsgw.store.away import Away, is_away
from smsgw.store.database import Database, StoreError
from smsgw.store.kept import Damaged, Kept
from smsgw.store.spool import Spool
from smsgw.store.together import Told, Wish

AT_ONCE = 100  # files that one transaction brings in

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Deposit:
    """A text on its way into the database; without a `wish` that was away from the first."""

    database: Database
    spool: Spool
    kept: Kept
    wish: Wish | None

    @property
    def is_settled(self) -> bool:
        """Whether it is in the database, so that nothing is left to be done."""
        return self.wish is not None and self.wish.done and self.wish.error is None

    def settle(self) -> None:
        """Waits no longer: what the database has not taken goes into the spool. Raises `StoreError` when neither takes it."""
        try:
            if self.wish is None:
                raise Away("the database is away")
            self.database.settled(self.wish)
            crash.point("after_commit_before_reply")
        except StoreError as trouble:
            _keep(self.spool, self.kept, trouble)


def take_in(database: Database, spool: Spool, sms: SmsReceived, now: datetime) -> None:
    """Stores a text durably. Raises `StoreError` when neither the database nor the spool takes it."""
    try:
        intake.take_in(database, sms, now)
    except StoreError as trouble:
        _keep(spool, Kept(sms, now), trouble)


def put_in(database: Database, spool: Spool, sms: SmsReceived, now: datetime, told: Told) -> Deposit:
    """The same without waiting: who is `told` hears when the database is done with it, and settles it then, or when it waits no
    longer. Nobody is told of one without a wish."""
    try:
        wish = intake.put_in(database, sms, now, told)
    except StoreError:
        wish = None
    return Deposit(database, spool, Kept(sms, now), wish)


def record(database: Database, spool: Spool, receipt: Receipt, outbox_id: int | None, now: datetime) -> None:
    """Stores a receipt durably. Raises `StoreError` when neither the database nor the spool takes it."""
    try:
        with database.write_soon() as session:
            receipts.record(session, receipt, outbox_id, now)
    except StoreError as trouble:
        _keep(spool, Kept(receipt, now, outbox_id), trouble)


def _keep(spool: Spool, kept: Kept, trouble: StoreError) -> None:
    try:
        spool.keep(kept)
    except OSError as full:
        log.error("neither the database nor the spool takes a message", spool=full.strerror)  # noqa: TRY400
        raise trouble from full
    crash.point("after_spool_before_reply")
    log.warning("the database takes nothing; a message was kept in the spool", error=type(trouble).__name__)


def bring_in(database: Database, spool: Spool, now: datetime) -> int:
    """Moves what waits in the spool into the database, oldest first; how many files.

    Each goes in under its own unique key and only then its file goes: whoever dies between the two, and whoever does the
    same at the same time, does no harm. Damaged files are set aside. Raises `StoreError` while the database is away;
    then the rest stays where it is.
    """
    brought = 0
    files = iter(spool.waiting(now))
    while group := list(islice(files, AT_ONCE)):
        read = list(_readable(spool, group))
        _together(database, spool, read)
        brought += len(read)
    if brought:
        log.warning("messages from the spool were brought into the database", messages=brought)
    spool.prepare()
    return brought


def _readable(spool: Spool, files: Sequence[Path]) -> Iterator[tuple[Path, Kept]]:
    for file in files:
        try:
            yield file, spool.read(file)
        except Damaged:
            log.exception("a file in the spool is damaged; a person must look at it", file=file.name)
            spool.set_aside(file)
        except FileNotFoundError:
            continue
        except OSError as trouble:
            log.exception("a file in the spool could not be read; it stays", file=file.name, error=trouble.strerror)


def _together(database: Database, spool: Spool, read: Sequence[tuple[Path, Kept]]) -> None:
    """All in one transaction; where the database refuses one of them, each in its own."""
    try:
        with database.write() as session:
            for _, kept in read:
                _store(session, kept)
    except StatementError as refused:
        if is_away(refused):
            raise
        for file, kept in read:
            _alone(database, spool, file, kept)
    else:
        if read:
            crash.point("mid_bring_in")
        for file, _ in read:
            spool.forget(file)


def _alone(database: Database, spool: Spool, file: Path, kept: Kept) -> None:
    try:
        with database.write() as session:
            _store(session, kept)
    except StatementError as refused:
        if is_away(refused):
            raise
        error = type(refused).__name__  # PostgreSQL would tell the whole row
        log.error("the database refuses a message; a person must look at it", file=file.name, error=error)  # noqa: TRY400
        spool.set_aside(file)
    else:
        spool.forget(file)


def _store(session: Session, kept: Kept) -> None:
    """With the moment it came, from which terms are counted."""
    if isinstance(kept.message, SmsReceived):
        intake.bring_in(session, kept.message, kept.received_at)
    else:
        receipts.record(session, kept.message, kept.outbox_id, kept.received_at)
