"""The service most people write first: the ORM and a commit for a row, a job for a message, the vendor's client."""

import os
from datetime import UTC, datetime

from flask import Flask, Response, abort, request
from redis import Redis
from rq import Queue
from sqlalchemy import ForeignKey, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from ops.bench.forms import ACCOUNT, PATH, PUBLIC_URL, TOKEN

QUEUE = "naive"
LOCK_WAIT_S = 30
REPLIES = {"TRA": "Phan anh cua ba con dang duoc xu ly.", "HUONG": "Hay nhan tin noi dung can phan anh."}

ON_SQLITE = os.environ["NAIVE_DATABASE"].startswith("sqlite")
engine = create_engine(os.environ["NAIVE_DATABASE"], connect_args={"timeout": LOCK_WAIT_S} if ON_SQLITE else {})
queue = Queue(QUEUE, connection=Redis.from_url(os.environ["NAIVE_BROKER"]))
validator = RequestValidator(TOKEN)
client = Client(ACCOUNT, TOKEN)
client.api.base_url = os.environ["NAIVE_TWILIO"]
app = Flask(__name__)


if ON_SQLITE:

    @event.listens_for(engine, "connect")
    def keep_a_log(connection: object, _record: object) -> None:
        """WAL; `synchronous` stays FULL, which is SQLite's default."""
        connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[attr-defined]


class Base(DeclarativeBase):
    """Both tables."""


class Inbound(Base):
    """A text as it came."""

    __tablename__ = "inbound"
    id: Mapped[int] = mapped_column(primary_key=True)
    provider_sid: Mapped[str] = mapped_column(unique=True)
    sender: Mapped[str]
    recipient: Mapped[str]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(default="received")
    created: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class Outbound(Base):
    """The reply to it."""

    __tablename__ = "outbound"
    id: Mapped[int] = mapped_column(primary_key=True)
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound.id"))
    recipient: Mapped[str]
    body: Mapped[str]
    provider_sid: Mapped[str]
    created: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


@app.post(PATH)
def text_arrives() -> Response:
    """Checks the signature, commits one row, enqueues one job."""
    if not validator.validate(PUBLIC_URL + PATH, request.form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)
    form = request.form
    with Session(engine) as session:
        message = Inbound(provider_sid=form["MessageSid"], sender=form["From"], recipient=form["To"], body=form["Body"])
        session.add(message)
        session.commit()
        message_id = message.id
    queue.enqueue(reply, message_id)
    return Response(str(MessagingResponse()), mimetype="text/xml")


@app.get("/healthz")
def process() -> str:
    """This process answers."""
    return "ok"


def reply(message_id: int) -> None:
    """The job: loads the text, sends the reply inside the transaction, writes it down."""
    with Session(engine) as session:
        message = session.get_one(Inbound, message_id)
        word = message.body.split()[0].upper()
        body = REPLIES.get(word, f"Da nhan phan anh. Ma so cua ba con la C-{message.id:06d}.")
        sent = client.messages.create(to=message.sender, from_=message.recipient, body=body)
        session.add(Outbound(inbound_id=message.id, recipient=message.sender, body=body, provider_sid=sent.sid))
        message.state = "replied"
        session.commit()


if __name__ == "__main__":
    Base.metadata.create_all(engine)
