"""Reports of the last hours, unit by unit, and the clusters that leaders were warned of."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smsgw.store.merged import Near
from smsgw.store.officials import Scope
from smsgw.store.tables import Cluster, ClusterMember, Complaint

MOST = 300
OVER = ("withdrawn", "refused")


class Shown(NamedTuple):
    """A cluster as the desk shows it: its first complaint, the field, how many there are, and since when."""

    reference: str
    category: str | None
    reports: int
    opened_at: datetime


def crowded(session: Session, since: datetime, least: int) -> Sequence[int]:
    """Ids of the units that so many people wrote about since then, whatever about."""
    query = select(Complaint.unit_id).where(Complaint.received_at > since).group_by(Complaint.unit_id)
    return session.scalars(query.having(func.count(Complaint.citizen_id.distinct()) >= least)).all()


def reported(session: Session, unit_id: int, since: datetime) -> Sequence[Near]:
    """The unit's reports since then, oldest first: the newest few hundred of them."""
    columns = [getattr(Complaint, name) for name in Near._fields]
    query = select(*columns).where(
        Complaint.unit_id == unit_id, Complaint.received_at > since, Complaint.state.not_in(OVER)
    )
    return [Near(*row) for row in session.execute(query.order_by(Complaint.id.desc()).limit(MOST))][::-1]


def known(session: Session, complaint_ids: Collection[int]) -> dict[int, int]:
    """The cluster of each complaint that belongs to one."""
    query = select(ClusterMember.complaint_id, ClusterMember.cluster_id)
    return dict(session.execute(query.where(ClusterMember.complaint_id.in_(complaint_ids))).all())


def listed(session: Session, scope: Scope, since: datetime) -> Sequence[Shown]:
    """The clusters of the scope that were found since then, newest first."""
    counts = (
        select(
            Cluster.id,
            Cluster.opened_at,
            func.min(ClusterMember.complaint_id).label("first"),
            func.count().label("reports"),
        )
        .join(ClusterMember, ClusterMember.cluster_id == Cluster.id)
        .where(Cluster.opened_at > since)
        .group_by(Cluster.id, Cluster.opened_at)
        .subquery()
    )
    query = (
        select(Complaint.reference, Complaint.category, counts.c.reports, counts.c.opened_at)
        .join(counts, counts.c.first == Complaint.id)
        .where(scope.condition())
        .order_by(counts.c.id.desc())
        .limit(10)
    )
    return [Shown(*row) for row in session.execute(query)]
