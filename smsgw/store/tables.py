"""Every table of the house, and the column types that SQLite and PostgreSQL share."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from smsgw.domain import progress

OPEN_STATES = ("received", "assigned", "waiting")
IS_OPEN = "state in ('received', 'assigned', 'waiting')"  # in words that SQLite finds again in an index
FALLS_DUE = f"{IS_OPEN} and due_at is not null"
ON_A_DESK = f"{IS_OPEN} and merged_into_id is null"
HOPELESS = "state = 'received' and attempts > 3"  # more tries than a text is given
LEFT_OVER = (
    "complaint_id is null and state <> 'received' and (state = 'quarantined' or reason <> '' or intent = 'spam')"
)
PART_WAITS = "inbound_id is null"
IN_FLIGHT = "state in ('dispatching', 'unknown')"
AWAITS_RECEIPT = "state = 'accepted'"
IS_MERGED = "merged_into_id is not null"
KEEPERS_TO_TELL = "told_at is null"
STILL_NAMED = "ended_at is null"
ALARM_CLIMBS = "climbs_at is not null"
ALERT_WAITS = "told_at is null"
ASKED = "asking <> ''"
IS_VERIFIED = "verified_at is not null"
VERDICT_COMES = "verdict_at is not null"
TO_LOOK_AT = "held_at is not null"
SAID_AGAIN = "not_done > 1 and state in ('received', 'assigned', 'waiting')"
OUTCOMES = (
    "kind in ('answered', 'confirmed', 'not_done', 'unclear', 'raised', 'reopened', 'closed_silent', "
    "'closed_unasked', 'refused')"
)
LOST_LETTERS = (
    "kind in ('OfficeAnswer', 'OfficeQuestion', 'NotAccepted') and state in ('failed', 'undelivered', 'unknown')"
)
LOOK_WAITED_FOR = "state = 'waiting'"
PART_IS_OWED = "given_at is null"
_SORTED = (
    "due_at",
    "state",
    "emergency",
    "merged_into_id",
    "id",
)  # what the desk sorts and counts by: no row is read for it
IN_SIGHT = "state in ('proposed', 'published')"
IS_PUBLISHED = "state = 'published'"
A_DEED = "kind <> 'received'"  # of a complaint's history: every other line is looked for by its kind


class Utc(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite has no zones, so it is naive there and aware again when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone must not reach the database")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Constraint names are fixed from day one: batch migrations on SQLite need them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Utc, str: Text, dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 (SQLAlchemy's form)


class Unit(Base):
    """A node of the tree province → ward or commune → office, with validity dates. Former units name their successor."""

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("kind in ('province', 'ward', 'commune', 'former', 'office')", name="kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    duty_phone: Mapped[str] = mapped_column(default="")
    demo: Mapped[bool] = mapped_column(default=False)
    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id", foreign_keys=parent_id)


class Route(Base):
    """One row of the routing matrix: this field in this ward or commune goes to this office."""

    __tablename__ = "routes"
    __table_args__ = (UniqueConstraint("category", "unit_id", "valid_from"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    demo: Mapped[bool] = mapped_column(default=False)


class FieldOff(Base):
    """A field that the locality does not handle: it is offered nowhere, and a text read to be of it goes to a person."""

    __tablename__ = "fields_off"
    category: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[date]


class DeadlineRule(Base):
    """How long a step may take: one whole number a row, with its source and whether the locality confirmed it. `unit_id` is
    a ward, a commune or an office. A row that complaints were filed by is never changed: another follows it. One whose last
    day lies before its first was replaced before it began."""

    __tablename__ = "deadline_rules"
    __table_args__ = (
        CheckConstraint("level in ('normal', 'urgent')", name="level"),
        CheckConstraint("measure in ('days', 'hours')", name="measure"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("step in ('receive', 'pass_on', 'resolve', 'answer')", name="step"),
        CheckConstraint("counting in ('working', 'calendar')", name="counting"),
        CheckConstraint("pause_days >= 0", name="pause_days"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    level: Mapped[str]
    amount: Mapped[int]
    measure: Mapped[str]
    source: Mapped[str]
    confirmed: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    step: Mapped[str] = mapped_column(default="answer", server_default="answer")
    counting: Mapped[str] = mapped_column(default="working", server_default="working")
    pause_days: Mapped[int] = mapped_column(default=0, server_default="0")


class OfficeHours(Base):
    """From a day on, offices work from `opens` to `breaks` and from `resumes` to `closes`, by the clock in Viet Nam."""

    __tablename__ = "office_hours"
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    opens: Mapped[time]
    breaks: Mapped[time]
    resumes: Mapped[time]
    closes: Mapped[time]
    source: Mapped[str]


class CalendarDay(Base):
    """A day that is off, or worked, other than the week and the library of public holidays say."""

    __tablename__ = "calendar_days"
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    name: Mapped[str]
    source: Mapped[str]


class UnitClosure(Base):
    """A day on which the offices of one ward or commune are closed, whatever the calendar of all says."""

    __tablename__ = "unit_closures"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    source: Mapped[str]


official_roles = Table(
    "official_roles",
    Base.metadata,
    Column("official_id", ForeignKey("officials.id"), primary_key=True),
    Column("role_id", ForeignKey("roles.id"), primary_key=True),
)


class Role(Base):
    """What an official may do: focal, officer, head, leader, supervisor, auditor, admin."""

    __tablename__ = "roles"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(default="")


class Official(Base):
    """A person who signs in, or only a phone that alerts go to. `unit_id` is an office, a ward or commune, or the province.
    With `digest` what can wait comes in one text a day; `digested_on` is the last day that was seen to."""

    __tablename__ = "officials"
    __table_args__ = (Index("ix_officials_digested_on", "digested_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="vi")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    demo: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[bool] = mapped_column(default=True, server_default=true())
    digested_on: Mapped[date] = mapped_column(default=date(2000, 1, 1), server_default="2000-01-01")
    shortcuts: Mapped[bool] = mapped_column(default=False, server_default=false())
    unit: Mapped[Unit] = relationship()
    roles: Mapped[list[Role]] = relationship(secondary=official_roles, lazy="selectin")


class DutyShift(Base):
    """A row of the duty roster: from the first to the last day an official of this unit or office gets what is urgent, day
    and night or, with `begins` and `ends`, between those times by the clock in Viet Nam; over midnight where `ends` is the
    earlier."""

    __tablename__ = "duty_shifts"
    __table_args__ = (CheckConstraint("first <= last", name="days"), Index("ix_duty_shifts_last", "last"))
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    first: Mapped[date]
    last: Mapped[date]
    begins: Mapped[time | None]
    ends: Mapped[time | None]
    official: Mapped[Official] = relationship()
    unit: Mapped[Unit] = relationship()


class Leave(Base):
    """Days on which an official is away, both included, and who stands in."""

    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("first <= last", name="days"),
        CheckConstraint("official_id <> deputy_id", name="deputy"),
        Index("ix_leaves_last", "last"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    first: Mapped[date]
    last: Mapped[date]
    official: Mapped[Official] = relationship(foreign_keys=official_id)
    deputy: Mapped[Official] = relationship(foreign_keys=deputy_id)


class Citizen(Base):
    """What is remembered about a number that texted in. `prompt` is what its next short text is about, until then: whether
    to withdraw, which complaint is meant, or only what was talked of just now. Questions about gaps stand in complaints. Until
    `sealed_until` what goes on with a sealed text is sealed too."""

    __tablename__ = "citizens"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="vi")
    tone_marks: Mapped[bool] = mapped_column(default=False)
    opted_out_at: Mapped[datetime | None]
    prompt: Mapped[str] = mapped_column(default="")
    prompt_complaint_id: Mapped[int | None]
    prompt_until: Mapped[datetime | None]
    sealed_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Inbound(Base):
    """A text as it came, and what its structure says. Unique by provider, account and the provider's id, for ever.

    Of texts that belong to an earlier one, `repeat_of` names the one that this is word for word, brought again under a new
    id, and `continues` the long text whose late parts these are. `incomplete` when parts of it never came in time.
    """

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("provider", "account", "provider_ref"),
        CheckConstraint("state in ('received', 'processed', 'quarantined')", name="state"),
        Index(
            "ix_inbound_waiting",
            "id",
            sqlite_where=text("state = 'received'"),
            postgresql_where=text("state = 'received'"),
        ),
        Index("ix_inbound_hopeless", "id", sqlite_where=text(HOPELESS), postgresql_where=text(HOPELESS)),
        Index(
            "ix_inbound_left_over",
            "complaint_id",
            "received_at",
            sqlite_where=text(LEFT_OVER),
            postgresql_where=text(LEFT_OVER),
        ),
        Index("ix_inbound_sender", "sender", "received_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    account: Mapped[str]
    provider_ref: Mapped[str]
    sender: Mapped[str]
    recipient: Mapped[str]
    body: Mapped[str]
    verb: Mapped[str]
    reference: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="received")
    attempts: Mapped[int] = mapped_column(default=0)
    held_until: Mapped[datetime | None]
    intent: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"), index=True)
    repeat_of: Mapped[int | None]
    continues: Mapped[int | None]
    incomplete: Mapped[bool] = mapped_column(default=False, server_default=false())


class PartRow(Base):
    """A part of a long text as it came; `inbound_id` is the text it was joined into, None while it waits for the rest."""

    __tablename__ = "parts"
    __table_args__ = (
        UniqueConstraint("provider", "account", "provider_ref"),
        Index(
            "ix_parts_waiting",
            "provider",
            "sender",
            "recipient",
            "reference",
            "total",
            "number",
            "received_at",
            "id",
            sqlite_where=text(PART_WAITS),
            postgresql_where=text(PART_WAITS),
        ),
        Index("ix_parts_sender", "sender", "received_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    account: Mapped[str]
    provider_ref: Mapped[str]
    sender: Mapped[str]
    recipient: Mapped[str]
    reference: Mapped[int]
    total: Mapped[int]
    number: Mapped[int]
    body: Mapped[str]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound.id"))


class Complaint(Base):
    """One matter of one citizen. `look_at` is when a clock must look at it next; None when nothing is to come.
    `merged_into_id` is the complaint that it is handled with, as the same matter.

    `rule_id` is the row of the table of terms that the due date comes from; `steps` has, for each earlier step, its row's
    id, its due moment and the stage of it that officials were told of. `unopened_since` is when it came to the desk where it
    lies, None once somebody there has opened it. The term runs from `begun_at`, None for when it came; `stops` are from
    when until when its clock stood. While it stands, `paused_at` says since when, and the due moment waits in
    `due_before_pause`.

    `asked` are the coach's questions so far; `asking` the one that waits for an answer, until `asking_until` (empty for
    none). `facts` is what answers told: place, when (and day), who, name, home. `private`: told of only to who gives the
    reference. `on_behalf`: the matter is another person's, whose number is `about_phone` where it was told.

    `verdict` is what the citizen said of the answer given last, `verdict_asked_at` when they were asked, or will be once it
    goes out; `not_done` how often they said that it is not done. The clock looks at `verdict_at` whether the answer has
    arrived, and from then on waits until `silence_at`; since `held_at` a person must look. Once it has closed, `ending` says
    how.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint(
            "state in ('received', 'assigned', 'waiting', 'answered', 'withdrawn', 'refused')", name="state"
        ),
        Index(
            "ix_complaints_to_look_at",
            "look_at",
            "id",
            sqlite_where=text("look_at is not null"),
            postgresql_where=text("look_at is not null"),
        ),
        Index(
            "ix_complaints_falls_due", "due_at", "id", sqlite_where=text(FALLS_DUE), postgresql_where=text(FALLS_DUE)
        ),
        Index("ix_complaints_merged", "merged_into_id", sqlite_where=text(IS_MERGED), postgresql_where=text(IS_MERGED)),
        Index("ix_complaints_asking", "asking_until", sqlite_where=text(ASKED), postgresql_where=text(ASKED)),
        Index("ix_complaints_answered_at", "answered_at"),
        Index(
            "ix_complaints_verdict_at",
            "verdict_at",
            "id",
            sqlite_where=text(VERDICT_COMES),
            postgresql_where=text(VERDICT_COMES),
        ),
        Index("ix_complaints_held", "held_at", "id", sqlite_where=text(TO_LOOK_AT), postgresql_where=text(TO_LOOK_AT)),
        Index("ix_complaints_said_again", "id", sqlite_where=text(SAID_AGAIN), postgresql_where=text(SAID_AGAIN)),
        Index("ix_complaints_unit_state", "unit_id", "state", "received_at"),
        Index("ix_complaints_office_state", "office_id", "state", "received_at"),
        *(
            Index(
                f"ix_complaints_on_desk_{whose}",
                column,
                *_SORTED,
                sqlite_where=text(ON_A_DESK),
                postgresql_where=text(ON_A_DESK),
            )
            for whose, column in (("unit", "unit_id"), ("office", "office_id"))
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    reference: Mapped[str | None] = mapped_column(unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), index=True)
    channel: Mapped[str]
    text: Mapped[str]
    category: Mapped[str | None]
    ward: Mapped[str | None]
    place: Mapped[str | None]
    missing: Mapped[list[str]] = mapped_column(default=list)
    urgent: Mapped[bool] = mapped_column(default=False)
    emergency: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[str]] = mapped_column(default=list)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    triage_reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime | None]
    due_confirmed: Mapped[bool] = mapped_column(default=False)
    due_source: Mapped[str] = mapped_column(default="")
    deadline_version: Mapped[int] = mapped_column(default=1)
    stage: Mapped[str] = mapped_column(default="")
    look_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None]
    rule_id: Mapped[int | None]
    steps: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    begun_at: Mapped[datetime | None]
    stops: Mapped[list[Any]] = mapped_column(JSON, server_default="[]")
    paused_at: Mapped[datetime | None]
    due_before_pause: Mapped[datetime | None]
    unopened_since: Mapped[datetime | None]
    merged_into_id: Mapped[int | None]
    asked: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    asking: Mapped[str] = mapped_column(default="", server_default="")
    asked_at: Mapped[datetime | None]
    asking_until: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    on_behalf: Mapped[bool] = mapped_column(default=False, server_default=false())
    about_phone: Mapped[str] = mapped_column(default="", server_default="")
    verdict: Mapped[str] = mapped_column(default="", server_default="")
    verdict_asked_at: Mapped[datetime | None]
    verdict_at: Mapped[datetime | None]
    silence_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    ending: Mapped[str] = mapped_column(default="", server_default="")
    closed_at: Mapped[datetime | None]
    not_done: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=1)
    citizen: Mapped[Citizen] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=unit_id)
    office: Mapped[Unit | None] = relationship(foreign_keys=office_id)
    main: Mapped["Complaint | None"] = relationship(
        primaryjoin="foreign(Complaint.merged_into_id) == remote(Complaint.id)", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's form)

    @property
    def stands(self) -> progress.State:
        """Where it stands in the model of a complaint's life."""
        return progress.stands(
            self.state, ending=self.ending, runs=self.silence_at is not None, held=self.held_at is not None
        )


class SearchText(Base):
    """What a complaint is found by: the words of its text, place and reference, folded, with a blank before each. They lie by
    unit, so that a look reads one unit's words from end to end. What was put under seal has no row here."""

    __tablename__ = "search_texts"
    __table_args__ = ({"sqlite_with_rowid": False},)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    words: Mapped[str]


class Contribution(Base):
    """What another office is asked to add to a complaint's one answer, by when, and its words once it gave them. `told_at` is
    when its phones heard that it is overdue."""

    __tablename__ = "contributions"
    __table_args__ = (
        UniqueConstraint("complaint_id", "office_id"),
        *(
            Index(
                f"ix_contributions_owed_{by}",
                column,
                sqlite_where=text(PART_IS_OWED),
                postgresql_where=text(PART_IS_OWED),
            )
            for by, column in (("office", "office_id"), ("due", "due_at"))
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    question: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(default="")
    given_by: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    given_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    complaint: Mapped[Complaint] = relationship()
    office: Mapped[Unit] = relationship()
    giver: Mapped[Official | None] = relationship(foreign_keys=given_by)


class SavedFilter(Base):
    """A list that an official gave a name to: what follows the question mark of its address."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("official_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    name: Mapped[str]
    query: Mapped[str]


class Event(Base):
    """One line of a complaint's history: who did what when, and why."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_complaint", "complaint_id", "id"),
        Index("ix_events_outcomes", "at", "kind", sqlite_where=text(OUTCOMES), postgresql_where=text(OUTCOMES)),
        Index(
            "ix_events_deeds",
            "kind",
            "at",
            "complaint_id",
            sqlite_where=text(A_DEED),
            postgresql_where=text(A_DEED),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    official_id: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    note: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    official: Mapped[Official | None] = relationship()


class Publication(Base):
    """What everybody may read of a complaint that was answered: words without personal data, put forward by one official and
    agreed to by another."""

    __tablename__ = "publications"
    __table_args__ = (
        CheckConstraint("state in ('proposed', 'published', 'declined', 'withdrawn')", name="state"),
        Index(
            "ix_publications_in_sight",
            "complaint_id",
            unique=True,
            sqlite_where=text(IN_SIGHT),
            postgresql_where=text(IN_SIGHT),
        ),
        Index(
            "ix_publications_published",
            "decided_at",
            "id",
            sqlite_where=text(IS_PUBLISHED),
            postgresql_where=text(IS_PUBLISHED),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    state: Mapped[str] = mapped_column(default="proposed")
    text: Mapped[str]
    answer: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    decided_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    ended_at: Mapped[datetime | None]
    complaint: Mapped[Complaint] = relationship()
    proposer: Mapped[Official] = relationship(foreign_keys=proposed_by)


class Extension(Base):
    """More time for an answer, asked for by one official and granted or refused by another. `until` is the new day."""

    __tablename__ = "extensions"
    __table_args__ = (
        CheckConstraint("state in ('asked', 'granted', 'refused')", name="state"),
        Index(
            "ix_extensions_asked",
            "complaint_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    until: Mapped[date]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    state: Mapped[str] = mapped_column(default="asked")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    asker: Mapped[Official] = relationship(foreign_keys=asked_by)


class HeldLetter(Base):
    """An official's text that waits until a second person has looked at it. `reasons` say why. Of a complaint
    one waits at most; one that came back is there to be changed."""

    __tablename__ = "held_letters"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sent', 'returned', 'taken_back', 'replaced')", name="state"),
        Index(
            "ix_held_letters_waiting",
            "complaint_id",
            unique=True,
            sqlite_where=text(LOOK_WAITED_FOR),
            postgresql_where=text(LOOK_WAITED_FOR),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    kind: Mapped[str]
    body: Mapped[str]
    asks: Mapped[str]
    at_once: Mapped[bool]
    reasons: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default="waiting")
    written_at: Mapped[datetime]
    written_by: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    why_returned: Mapped[str] = mapped_column(default="")
    complaint: Mapped[Complaint] = relationship()
    writer: Mapped[Official] = relationship(foreign_keys=written_by)


class ApprovedField(Base):
    """A field whose answers leave this ward or commune only after its leader has approved them."""

    __tablename__ = "approved_fields"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    set_at: Mapped[datetime]
    set_by: Mapped[int] = mapped_column(ForeignKey("officials.id"))


class Template(Base):
    """A text that officials write often: of a field and a state of the complaint, or of any (None). One that is not used any
    more is retired."""

    __tablename__ = "templates"
    __table_args__ = (CheckConstraint("kind in ('answer', 'question')", name="kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    category: Mapped[str | None]
    state: Mapped[str | None]
    title: Mapped[str]
    body: Mapped[str]
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    retired_at: Mapped[datetime | None]


class RegisteredText(Base):
    """A template as it is registered with the carrier for our brand name; `{…}` stands for what changes."""

    __tablename__ = "registered_texts"
    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    body: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    ended_at: Mapped[datetime | None]


class Outgoing(Base):
    """A text to send: the outbox. `key` makes it happen once; lower `lane` goes first. `any_hour` lets it go in quiet
    hours; `held_until` is until when a limit or the hour last kept it.

    A queued text with `lease_until` is claimed; `dispatched_at` is when the provider was last called, and `not_there` how
    often it has said since that it has no such text.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(
            "state in ('queued', 'dispatching', 'accepted', 'delivered', 'undelivered', 'delivery_unknown', 'unknown', "
            "'failed', 'cancelled')",
            name="state",
        ),
        Index(
            "ix_outbox_to_send",
            "lane",
            "next_attempt_at",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_outbox_in_flight",
            "lease_until",
            sqlite_where=text(IN_FLIGHT),
            postgresql_where=text(IN_FLIGHT),
        ),
        Index(
            "ix_outbox_awaits_receipt",
            "accepted_at",
            sqlite_where=text(AWAITS_RECEIPT),
            postgresql_where=text(AWAITS_RECEIPT),
        ),
        Index("ix_outbox_provider_ref", "provider_used", "provider_ref"),
        Index("ix_outbox_lost_letters", "id", sqlite_where=text(LOST_LETTERS), postgresql_where=text(LOST_LETTERS)),
        Index("ix_outbox_recipient", "recipient", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    lane: Mapped[int]
    recipient: Mapped[str]
    body: Mapped[str]
    segments: Mapped[int]
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"), index=True)
    official_id: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound.id"))
    provider: Mapped[str] = mapped_column(default="")
    optional: Mapped[bool] = mapped_column(default=False)
    any_hour: Mapped[bool] = mapped_column(default=False, server_default=false())
    held_until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    dispatched_at: Mapped[datetime | None]
    not_there: Mapped[int] = mapped_column(default=0)
    possible_duplicate: Mapped[bool] = mapped_column(default=False)
    next_attempt_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    provider_used: Mapped[str] = mapped_column(default="")
    provider_ref: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class Call(Base):
    """A citizen must be phoned because this text of an office's did not reach them, or, without a text, because they wish
    it. `tries` is how often somebody did."""

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("outbox_id"),
        CheckConstraint("unheard in ('answer', 'question', 'wish')", name="unheard"),
        CheckConstraint(
            "state in ('open', 'told', 'unreachable', 'arrived', 'replied', 'withdrawn', 'replaced')", name="state"
        ),
        Index("ix_calls_state_complaint", "state", "complaint_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    unheard: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    tries: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    complaint: Mapped[Complaint] = relationship()
    letter: Mapped[Outgoing | None] = relationship()


class Label(Base):
    """What an official made of a complaint's field that a text was read to have: the lesson of the next training. None is
    no field."""

    __tablename__ = "labels"
    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    read_as: Mapped[str | None]
    decided: Mapped[str]
    official_id: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    at: Mapped[datetime]


class Allowance(Base):
    """What limits reckon with. `holder` is a phone, with what it was sent `lately`, or a day, with the `segments` it cost."""

    __tablename__ = "allowances"
    holder: Mapped[str] = mapped_column(primary_key=True)
    lately: Mapped[list[Any]] = mapped_column(JSON, default=list)
    segments: Mapped[int] = mapped_column(default=0)
    touched_at: Mapped[datetime] = mapped_column(index=True)


class ReceiptRow(Base):
    """A receipt as it came, matched to its message when that is known. The same receipt twice is one row."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("provider", "ref", "provider_ref", "delivery", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    ref: Mapped[str]
    provider_ref: Mapped[str]
    delivery: Mapped[str]
    code: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    opted_out: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"), index=True)


class Sitting(Base):
    """A USSD session: what was typed so far, where it stands, and the last screen, so that a repeated turn gets the same
    answer. `turn_ref` is the provider's name for the last turn.

    `look_at` is when a clock must see to a session that broke off; until `open_until` a redial may go on with it. `outcome`
    says what became of it: filed, became (a complaint by the clock's doing), continued (by a later session), told (that
    it broke off), dropped or left; empty while that is open.
    """

    __tablename__ = "sittings"
    __table_args__ = (
        UniqueConstraint("provider", "session_id", "phone"),
        Index(
            "ix_sittings_to_look_at",
            "look_at",
            sqlite_where=text("look_at is not null"),
            postgresql_where=text("look_at is not null"),
        ),
        Index(
            "ix_sittings_to_go_on",
            "phone",
            sqlite_where=text("open_until is not null"),
            postgresql_where=text("open_until is not null"),
        ),
        Index("ix_sittings_started_at", "started_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    session_id: Mapped[str]
    phone: Mapped[str]
    service_code: Mapped[str]
    answers: Mapped[list[str]] = mapped_column(default=list)
    last_history: Mapped[str | None]
    last_screen: Mapped[str] = mapped_column(default="")
    more: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(default="open")
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    turn_ref: Mapped[str] = mapped_column(default="", server_default="")
    screen: Mapped[str] = mapped_column(default="", server_default="")
    standing: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    filings: Mapped[int] = mapped_column(default=0, server_default="0")
    outcome: Mapped[str] = mapped_column(default="", server_default="")
    look_at: Mapped[datetime | None]
    open_until: Mapped[datetime | None]


class ProviderHealth(Base):
    """What `domain.choice` remembers of a provider: its failures, its calls of the last minute, and whether it rests. With
    `off_since` an administrator took it out of use."""

    __tablename__ = "provider_health"
    name: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    counted_from: Mapped[datetime | None]
    calls: Mapped[int] = mapped_column(default=0)
    troubles: Mapped[int] = mapped_column(default=0)
    calls_before: Mapped[int] = mapped_column(default=0)
    troubles_before: Mapped[int] = mapped_column(default=0)
    closed_until: Mapped[datetime | None]
    probed_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="")
    off_since: Mapped[datetime | None]


class Bucket(Base):
    """How many segments a provider may be handed now. It fills with time, at the provider's rate."""

    __tablename__ = "buckets"
    provider: Mapped[str] = mapped_column(primary_key=True)
    left: Mapped[float]
    filled_at: Mapped[datetime]


class Sealed(Base):
    """A denunciation, a report of corruption or a complaint against a decision: it is no complaint of ours and stands in none
    of their lists. Its words are those of its texts; `told_at` is when its keepers were told that something waits."""

    __tablename__ = "sealed"
    __table_args__ = (
        CheckConstraint("kind in ('denunciation', 'corruption', 'decision')", name="kind"),
        CheckConstraint("state in ('sealed', 'handed_over', 'released')", name="state"),
        Index("ix_sealed_unit_state", "unit_id", "state"),
        Index("ix_sealed_to_tell", "id", sqlite_where=text(KEEPERS_TO_TELL), postgresql_where=text(KEEPERS_TO_TELL)),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="sealed")
    received_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    citizen: Mapped[Citizen] = relationship()
    unit: Mapped[Unit] = relationship()


class SealedText(Base):
    """A text that belongs to a sealed matter: whoever lists texts leaves these out."""

    __tablename__ = "sealed_texts"
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound.id"), primary_key=True, autoincrement=False)
    sealed_id: Mapped[int] = mapped_column(ForeignKey("sealed.id"), index=True)


class SealedLine(Base):
    """One line of a sealed matter's history: who read it, handed it over or released it, when, and why."""

    __tablename__ = "sealed_lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    sealed_id: Mapped[int] = mapped_column(ForeignKey("sealed.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    official_id: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    note: Mapped[str] = mapped_column(default="")
    official: Mapped[Official | None] = relationship()


class SealKeeper(Base):
    """An official who may read a unit's sealed texts, who named them, and until when; of the province: every unit's."""

    __tablename__ = "seal_keepers"
    __table_args__ = (
        Index(
            "uq_seal_keepers_named",
            "official_id",
            "unit_id",
            unique=True,
            sqlite_where=text(STILL_NAMED),
            postgresql_where=text(STILL_NAMED),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    named_at: Mapped[datetime]
    named_by: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    official: Mapped[Official] = relationship(foreign_keys=official_id)
    unit: Mapped[Unit] = relationship()


class Cluster(Base):
    """Several people reported the same matter within a few hours, and the leader was warned of it."""

    __tablename__ = "clusters"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    opened_at: Mapped[datetime]


class ClusterMember(Base):
    """A complaint that belongs to a cluster."""

    __tablename__ = "cluster_members"
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), primary_key=True, autoincrement=False)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id"), index=True)


class Alarm(Base):
    """Something that somebody was told of and must take up: at `climbs_at` the next people are told unless an official has.
    `about` is `danger`, or a stage of a step's term and its version: `answer:near:1`; `step` is how often it climbed."""

    __tablename__ = "alarms"
    __table_args__ = (
        Index("ix_alarms_climbing", "climbs_at", sqlite_where=text(ALARM_CLIMBS), postgresql_where=text(ALARM_CLIMBS)),
        Index("ix_alarms_citizen", "citizen_id", "raised_at"),
    )
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), primary_key=True, autoincrement=False)
    about: Mapped[str] = mapped_column(primary_key=True, default="danger")
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    raised_at: Mapped[datetime]
    climbs_at: Mapped[datetime | None]
    step: Mapped[int] = mapped_column(default=0)


class OfficialPhone(Base):
    """What is known of an official's number: it is theirs where `verified_at` is set and `phone` is still the official's.

    `digest` is of the code that was texted to it, good until `expires_at` for so many `tries`; `serial` counts all codes ever
    texted, `lately` those since `counted_from`. `wrong` orders came with codes that are none since `wrong_since`; from
    `locked_at` on nothing is done by text until a day is over or somebody opens it again.
    """

    __tablename__ = "official_phones"
    __table_args__ = (
        Index(
            "uq_official_phones_verified",
            "phone",
            unique=True,
            sqlite_where=text(IS_VERIFIED),
            postgresql_where=text(IS_VERIFIED),
        ),
    )
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"), primary_key=True, autoincrement=False)
    phone: Mapped[str]
    digest: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    serial: Mapped[int] = mapped_column(default=0)
    lately: Mapped[int] = mapped_column(default=0)
    counted_from: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    wrong: Mapped[int] = mapped_column(default=0)
    wrong_since: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]


class TextCode(Base):
    """A one-time code by which one official acts on one complaint by text. `used_by` is the text that used it, or that made
    it needless, and `seen` the newest line of the history that its holder was told of. `draft` is what was held back with it,
    an answer or a question (`draft_kind`)."""

    __tablename__ = "text_codes"
    __table_args__ = (
        UniqueConstraint("official_id", "digest"),
        Index("ix_text_codes_complaint", "complaint_id", "official_id"),
        Index("ix_text_codes_expires_at", "expires_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    digest: Mapped[str]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None]
    seen: Mapped[int] = mapped_column(default=0)
    draft: Mapped[str] = mapped_column(default="")
    draft_kind: Mapped[str] = mapped_column(default="")


class TextOrder(Base):
    """A text that ordered something as an official does, and what came of it: `done`, or why nothing was. Each text once."""

    __tablename__ = "text_orders"
    __table_args__ = (Index("ix_text_orders_complaint", "complaint_id", "official_id"),)
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    phone: Mapped[str]
    official_id: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    deed: Mapped[str]
    outcome: Mapped[str]
    official: Mapped[Official | None] = relationship()
    complaint: Mapped[Complaint | None] = relationship()


class AlertRow(Base):
    """An alert of one complaint to one official, which a text of its own, one for many, or the day's digest tells. `key` makes
    it happen once. `waits`: the digest is soon enough. `rung` is how far it has climbed; `instead_of` names who is away. With
    `told_at` and no `outbox_id` there was nothing left to tell."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index(
            "ix_alerts_to_tell",
            "waits",
            "urgent",
            "official_id",
            "id",
            sqlite_where=text(ALERT_WAITS),
            postgresql_where=text(ALERT_WAITS),
        ),
        Index("ix_alerts_complaint", "complaint_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    phone: Mapped[str]
    step: Mapped[str]
    stage: Mapped[str]
    rung: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    urgent: Mapped[bool] = mapped_column(default=False)
    any_hour: Mapped[bool] = mapped_column(default=False)
    waits: Mapped[bool] = mapped_column(default=False)
    instead_of: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    complaint: Mapped[Complaint] = relationship()
    official: Mapped[Official] = relationship()


class Change(Base):
    """What an administrator changed: which row of which table, and what stood in it before and after. Never altered."""

    __tablename__ = "changes"
    __table_args__ = (
        CheckConstraint("act in ('added', 'changed', 'removed')", name="act"),
        Index("ix_changes_what", "what", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    official_id: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    what: Mapped[str]
    row: Mapped[str]
    named: Mapped[str]
    act: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    official: Mapped[Official | None] = relationship()


class Admission(Base):
    """A code with which an official chooses a password, once and not after `until`. Only its hash is kept."""

    __tablename__ = "admissions"
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"), index=True)
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    used_at: Mapped[datetime | None]
    official: Mapped[Official] = relationship()


class FirstStep(Base):
    """A step of the first-day guide that an official has done; the step `dismissed` puts the guide away."""

    __tablename__ = "first_steps"
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"), primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]


class Heartbeat(Base):
    """When a background process last said that it lives."""

    __tablename__ = "heartbeats"
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
