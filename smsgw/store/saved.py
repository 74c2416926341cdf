"""Lists that an official gave a name to."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smsgw.store.tables import SavedFilter


def of(session: Session, official_id: int) -> Sequence[SavedFilter]:
    """The official's own, by name."""
    return session.scalars(
        select(SavedFilter).where(SavedFilter.official_id == official_id).order_by(SavedFilter.name)
    ).all()


def keep(session: Session, official_id: int, name: str, query: str, most: int) -> bool:
    """Keeps it, in place of one of the same name; False where there are so many already."""
    mine = of(session, official_id)
    if same := next((one for one in mine if one.name == name), None):
        same.query = query
        return True
    if len(mine) >= most:
        return False
    session.add(SavedFilter(official_id=official_id, name=name, query=query))
    return True


def forget(session: Session, official_id: int, filter_id: int) -> None:
    """Only one's own."""
    session.execute(delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.official_id == official_id))
