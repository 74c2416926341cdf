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
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

OPEN_STATES = ("received", "assigned", "waiting")
IS_OPEN = "state in ('received', 'assigned', 'waiting')"  # in words that SQLite finds again in an index
FALLS_DUE = f"{IS_OPEN} and due_at is not null"
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
ASKED = "asking <> ''"
LOST_LETTERS = "kind in ('OfficeAnswer', 'OfficeQuestion') and state in ('failed', 'undelivered', 'unknown')"


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
    """A person who signs in, or only a phone that alerts go to. `unit_id` is an office, a ward or commune, or the province."""

    __tablename__ = "officials"
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
    unit: Mapped[Unit] = relationship()
    roles: Mapped[list[Role]] = relationship(secondary=official_roles, lazy="selectin")


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
    id and its due moment. The term runs from `begun_at`, None for when it came; `stops` are from when until when its clock
    stood. While it stands, `paused_at` says since when, and the due moment waits in `due_before_pause`.

    `asked` are the coach's questions so far; `asking` the one that waits for an answer, until `asking_until` (empty for
    none). `facts` is what answers told: place, when (and day), who, name, home. `private`: told of only to who gives the
    reference. `on_behalf`: the matter is another person's, whose number is `about_phone` where it was told.
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
        Index("ix_complaints_unit_state", "unit_id", "state", "due_at"),
        Index("ix_complaints_office_state", "office_id", "state", "due_at"),
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
    merged_into_id: Mapped[int | None]
    asked: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    asking: Mapped[str] = mapped_column(default="", server_default="")
    asked_at: Mapped[datetime | None]
    asking_until: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    on_behalf: Mapped[bool] = mapped_column(default=False, server_default=false())
    about_phone: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    citizen: Mapped[Citizen] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=unit_id)
    office: Mapped[Unit | None] = relationship(foreign_keys=office_id)
    main: Mapped["Complaint | None"] = relationship(
        primaryjoin="foreign(Complaint.merged_into_id) == remote(Complaint.id)", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's form)


class Event(Base):
    """One line of a complaint's history: who did what when, and why."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_complaint", "complaint_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    official_id: Mapped[int | None] = mapped_column(ForeignKey("officials.id"))
    note: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    official: Mapped[Official | None] = relationship()


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
    """A danger that somebody was to be told of at once. At `climbs_at` it is told to the next people unless an official has
    taken it up; `step` is how often it climbed."""

    __tablename__ = "alarms"
    __table_args__ = (
        Index("ix_alarms_climbing", "climbs_at", sqlite_where=text(ALARM_CLIMBS), postgresql_where=text(ALARM_CLIMBS)),
        Index("ix_alarms_citizen", "citizen_id", "raised_at"),
    )
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), primary_key=True, autoincrement=False)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"))
    raised_at: Mapped[datetime]
    climbs_at: Mapped[datetime | None]
    step: Mapped[int] = mapped_column(default=0)


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
