"""An official reads in plain words that a text came twice, has a gap, or was set apart."""

import re
from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import text as sql

from smsgw.domain.messages import Part, SmsReceived
from smsgw.gateway import Gateway
from smsgw.services import intake
from tests.conftest import Clock
from tests.handlers.desks import CITIZEN, signed_in

ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang"
IDENTS = count(1)
Brings = Callable[..., None]


@pytest.fixture
def brings(gateway: Gateway) -> Brings:
    """A text or a part as Kannel brings it, worked on as far as may be."""

    def bring(text: str, part: Part | None = None, tries: int = 1) -> None:
        sms = SmsReceived("kannel", "operator", f"k{next(IDENTS)}", CITIZEN, "8079", text, part=part)
        intake.take_in(gateway.database, sms, gateway.now())
        for _ in range(tries):
            while gateway.listener().batch():
                pass

    return bring


def test_a_repeat_stands_beside_the_first_without_its_words_again(app: Flask, brings: Brings) -> None:
    brings(ROAD)
    brings(ROAD)
    page = signed_in(app, "dau-moi-ankhe").opens("/desk/10008?lang=en").text
    assert "The same text came once more; nothing was done with it" in page
    assert re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL).count(ROAD) == 1


def test_a_gap_is_named_and_so_is_the_part_that_comes_late(
    app: Flask, gateway: Gateway, brings: Brings, clock: Clock
) -> None:
    brings(ROAD, Part(77, 2, 1))
    clock.moves(minutes=2)
    while gateway.listener().batch():
        pass
    page = signed_in(app, "dau-moi-ankhe").opens("/desk/10008?lang=en").text
    assert f"{ROAD} [...]" in page
    assert "[...] stands for parts that did not arrive in time" in page
    brings("tu cho den truong hoc, nhieu o ga", Part(77, 2, 2))
    clock.moves(minutes=2)
    while gateway.listener().batch():
        pass
    page = signed_in(app, "dau-moi-ankhe").opens("/desk/10008?lang=en").text
    assert "The rest of the text, which came late" in page
    assert "[...] tu cho den truong hoc" in page


@pytest.mark.sqlite
def test_a_text_that_was_set_apart_comes_first_with_its_code_its_reason_and_its_sender(
    app: Flask, gateway: Gateway, brings: Brings
) -> None:
    refusal = "create trigger refuse before insert on complaints when new.text = 'PA duong hong' begin {} end"
    with gateway.database.write() as session:
        session.execute(sql(refusal.format("select raise(abort, 'cannot be filed');")))
    brings("PA duong hong", tries=5)
    brings("VAY TIEN NHANH lai suat thap, goi ngay")
    page = signed_in(app, "dau-moi-ankhe").opens("/desk/texts?lang=en").text
    assert "Could not be read by machine · T1" in page
    assert "Three tries to file it failed" in page
    assert f'href="tel:{CITIZEN}"' in page
    assert page.index("PA duong hong") < page.index("VAY TIEN NHANH")
