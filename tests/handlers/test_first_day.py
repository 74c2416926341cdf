"""The guide on a newcomer's desk ticks what was really done, and goes when it is told to."""

import re

import pytest
from flask import Flask

from smsgw.gateway import Gateway
from tests.handlers.desks import Desk, filed, signed_in

OFFICER = "canbo-kinhte"


def done(desk: Desk) -> list[str]:
    """The steps that the guide has ticked; None of them is a guide that is away."""
    return re.findall(r'class="done"><a [^>]*>([^<]+)<', desk.opens("/desk/?lang=en").text)


def test_a_step_is_ticked_once_it_is_done_and_not_by_a_preview_or_a_refusal(app: Flask, gateway: Gateway):
    reference = filed(gateway)
    desk = signed_in(app, OFFICER)
    assert done(desk) == []
    desk.opens(f"/desk/{reference}")
    assert done(desk) == ["Take up"]
    desk.previews(reference, "Thứ năm đội chiếu sáng đã thay bóng đèn.")
    desk.posts(f"/desk/{reference}/pass", office="", reason="")
    assert done(desk) == ["Take up"]
    desk.answers(reference, "Thứ năm đội chiếu sáng đã thay bóng đèn.")
    assert done(desk) == ["Take up", "Answer"]


@pytest.mark.slow
def test_the_guide_is_put_away_and_brought_back_with_its_ticks(app: Flask, gateway: Gateway):
    reference = filed(gateway)
    desk = signed_in(app, OFFICER)
    desk.opens(f"/desk/{reference}")
    assert desk.posts("/desk/first-day/dismiss").status_code == 302
    assert "first-day" not in desk.opens("/desk/").text.partition("<main")[2]
    assert desk.posts("/desk/first-day/show").status_code == 302
    assert done(desk) == ["Take up"]


def test_the_steps_lead_to_the_topmost_complaint(app: Flask, gateway: Gateway):
    reference = filed(gateway)
    page = signed_in(app, OFFICER).opens("/desk/").text
    for place in ("main", "question-text", "to-office", "time-reason", "answer-text"):
        assert f'href="/desk/{reference}#{place}"' in page
    complaint = signed_in(app, OFFICER).opens(f"/desk/{reference}").text
    assert all(f'id="{place}"' in complaint for place in ("question-text", "to-office", "time-reason", "answer-text"))
