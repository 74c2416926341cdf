"""Warns a unit's leader once when many people report the same matter. Looked for by the clock, never while a text is read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.domain.notices import EarlyWarning, Lane
from smsgw.domain.progress import Duty
from smsgw.domain.sameness import Report, seen
from smsgw.domain.swarms import Reported, Swarm, swarms
from smsgw.services.handbook import Handbook
from smsgw.services.heartbeat import last_beat
from smsgw.services.history import note
from smsgw.services.reaching import Reach
from smsgw.services.telling import Envelope, tell_official
from smsgw.store import clusters, officials
from smsgw.store.database import Database, insert_once
from smsgw.store.merged import Near
from smsgw.store.tables import Cluster, ClusterMember, Heartbeat, Official
from smsgw.text.speech import Speech

NAME = "clusters"
RHYTHM = timedelta(minutes=1)
TOLD = ((Duty.LEADER,), (Duty.FOCAL,))


@dataclass(frozen=True, slots=True)
class Watch:
    """What looking needs. `swarm` is how many people within how many hours make a warning."""

    database: Database
    speech: Speech
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]
    swarm: Swarm

    def look(self) -> int:
        """Once a minute, whoever asks; how many new clusters were found. Reports are compared with no transaction held that
        others wait for."""
        now = self.now()
        with self.database.read() as session:
            if not _is_time(last_beat(session, NAME), now):
                return 0
            groups = self._groups(session, now)
        with self.database.write() as session:
            if not _takes_turn(session, now) or not groups:
                return 0
            handbook = self.handbook(session)
            return sum(self._warn(session, handbook, unit_id, group, now) for unit_id, group in groups)

    def _groups(self, session: Session, now: datetime) -> list[tuple[int, list[Near]]]:
        since = now - self.swarm.window
        found = []
        for unit_id in clusters.crowded(session, since, self.swarm.people):
            rows = {row.id: row for row in clusters.reported(session, unit_id, since)}
            alike = swarms((_reported(row) for row in rows.values()), self.swarm)
            found += [(unit_id, [rows[ident] for ident in sorted(group)]) for group in alike]
        return found

    def _warn(self, session: Session, handbook: Handbook, unit_id: int, group: list[Near], now: datetime) -> bool:
        """Whether it is a new cluster; more reports of a known one join it in silence."""
        known = clusters.known(session, [row.id for row in group])
        cluster_id = min(known.values(), default=None)
        is_new = cluster_id is None
        if cluster_id is None:
            values = {"key": f"first:{group[0].id}", "unit_id": unit_id, "opened_at": now}
            cluster_id = insert_once(session, Cluster, values)
        if cluster_id is None:
            return False
        for row in group:
            insert_once(session, ClusterMember, {"complaint_id": row.id, "cluster_id": cluster_id})
        if is_new:
            self._tell(session, handbook, unit_id, group, now)
        return is_new

    def _tell(self, session: Session, handbook: Handbook, unit_id: int, group: list[Near], now: datetime) -> None:
        first = group[0]
        people = len({row.citizen_id for row in group})
        fields = {row.category for row in group if row.category}
        notice = EarlyWarning(first.reference, people, min(fields, default=""), handbook.name_of(unit_id))
        urgent = any(row.urgent for row in group)
        for official in _leaders(session, unit_id, now):
            key = f"cluster:{first.id}:{official.phone}"
            envelope = Envelope(key, Lane.REMINDER, first.id, any_hour=urgent)
            tell_official(session, self.speech, official, notice, envelope, now=now)
        note(session, first.id, "many_report", at=now, people=people)


def _reported(row: Near) -> Reported:
    report = Report(row.text, row.category, row.place, row.received_at)
    return Reported(row.id, row.citizen_id, seen(report), row.merged_into_id)


def _leaders(session: Session, unit_id: int, now: datetime) -> Iterable[Official]:
    """The unit's leaders with a phone, else its focal officials, in an absent one's place whoever stands in; each phone
    once."""
    for roles in TOLD:
        if found := officials.with_phone(session, unit_id, roles):
            return Reach(session, now).all_present(found)
    return []


def _is_time(last: datetime | None, now: datetime) -> bool:
    """A clock that was set back is no reason to wait."""
    return last is None or not timedelta(0) <= now - last < RHYTHM


def _takes_turn(session: Session, now: datetime) -> bool:
    """Whether no other clock has looked meanwhile; nobody else has a turn until this transaction ends."""
    if insert_once(session, Heartbeat, {"name": NAME, "at": now}) is not None:
        return True
    row = session.scalars(select(Heartbeat).where(Heartbeat.name == NAME).with_for_update(key_share=True)).one()
    if not _is_time(row.at, now):
        return False
    row.at = now
    return True
