"""All texts of the reference corpus go in through a webhook: every one is stored, and each is answered as its kind asks."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from smsgw.gateway import Gateway
from smsgw.store.tables import Complaint, Inbound, Outgoing, Route
from smsgw.text.fit import Alphabet, measure
from tests.journeys.conftest import Town

ANSWERED = {
    "new_complaint",
    "emergency",
    "status",
    "help",
    "menu",
    "rating",
    "followup",
    "stop",
    "wrong_number",
    "confirm",
}
SILENT = {"spam", "thanks"}


@pytest.fixture(scope="module")
def corpus() -> Sequence[dict[str, Any]]:
    folder = os.environ.get("SMSGW_REFERENCE_DATA")
    file = Path(folder) / "corpus" / "dev.jsonl" if folder else None
    if file is None or not file.is_file():
        reason = "the reference corpus is not there (SMSGW_REFERENCE_DATA)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def told(town: Town, corpus: Sequence[dict[str, Any]]) -> Town:
    """Every text sent by a phone of its own, and worked through."""
    client = town.client()
    for number, entry in enumerate(corpus):
        form = {"id": entry["id"], "from": f"+8490001{number:04}", "to": "8079", "text": entry["text"]}
        assert client.post("/sms/simulator", data=form).status_code == 200
    town.works()
    return town


def _rows(gateway: Gateway, table: type[Any]) -> Sequence[Any]:
    with gateway.database.read() as session:
        return session.scalars(select(table)).all()


def test_every_text_is_stored_and_answered_as_its_kind_asks(told: Town, corpus: Sequence[dict[str, Any]]) -> None:
    texts = {row.provider_ref: row for row in _rows(told.gateway, Inbound)}
    replies: dict[int, int] = {}
    for reply in _rows(told.gateway, Outgoing):
        if reply.inbound_id:
            replies[reply.inbound_id] = replies.get(reply.inbound_id, 0) + 1
            fit = measure(reply.body)
            assert (fit.segments, fit.alphabet) == (1, Alphabet.GSM7), reply.body
    assert len(texts) == len(corpus)
    assert {row.state for row in texts.values()} == {"processed"}
    wrong = [
        entry["text"]
        for entry in corpus
        if replies.get(texts[entry["id"]].id, 0) != (1 if entry["intent"] in ANSWERED else 0)
    ]
    assert wrong == []


def test_what_field_and_ward_name_reaches_the_office_of_that_row_and_the_rest_a_person_with_a_reason(
    told: Town,
) -> None:
    with told.gateway.database.read() as session:
        handbook = told.gateway.handbook(session)
        routes = {(route.category, route.unit_id): route.office_id for route in session.scalars(select(Route))}
    complaints = _rows(told.gateway, Complaint)
    for complaint in complaints:
        row = routes.get((complaint.category, complaint.unit_id)) if complaint.ward else None
        if complaint.office_id:
            assert complaint.office_id == row
        else:
            assert complaint.triage_reason
    triage = [complaint for complaint in complaints if complaint.office_id is None]
    assert handbook.matrix.offices
    assert len(triage) <= 0.4 * len(complaints)
