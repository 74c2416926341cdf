"""Texts that officials write often, and texts that are registered with carriers."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from smsgw.store.tables import RegisteredText, Template


def listed(session: Session) -> Sequence[Template]:
    """All that are in use: those of every field first, then by field and title."""
    query = select(Template).where(Template.retired_at.is_(None))
    order = Template.kind, Template.category.is_not(None), Template.category, Template.title, Template.id
    return session.scalars(query.order_by(*order)).all()


def fitting(session: Session, category: str | None, state: str) -> Sequence[Template]:
    """Those for a complaint of this field in this state, the most special first."""
    query = select(Template).where(
        Template.retired_at.is_(None),
        or_(Template.category.is_(None), Template.category == category),
        or_(Template.state.is_(None), Template.state == state),
    )
    order = Template.category.is_(None), Template.state.is_(None), Template.title, Template.id
    return session.scalars(query.order_by(*order)).all()


def one(session: Session, number: int) -> Template | None:
    """One in use."""
    found = session.get(Template, number)
    return found if found and found.retired_at is None else None


def registered(session: Session, provider: str = "") -> Sequence[RegisteredText]:
    """What is registered with one provider's carriers, or with all."""
    query = select(RegisteredText).where(RegisteredText.ended_at.is_(None))
    if provider:
        query = query.where(RegisteredText.provider == provider)
    return session.scalars(query.order_by(RegisteredText.provider, RegisteredText.id)).all()
