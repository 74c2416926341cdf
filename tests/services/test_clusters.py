"""Many people report one matter: the leader is warned once, however often the clock looks and however many follow."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, func, select, update

from smsgw import restraint
from smsgw.domain.swarms import Swarm
from smsgw.gateway import Gateway
from smsgw.store import clusters
from smsgw.store.officials import Scope
from smsgw.store.tables import Cluster, ClusterMember, Complaint, Official
from tests.conftest import Clock
from tests.services.conftest import Line

LEADER, FOCAL = "+84900000102", "+84900000101"
WORDS = (
    "PA DN mat nuoc to 5 phuong Tay Son tu sang den gio",
    "to 5 phuong Tay Son mat nuoc tu sang, khong co nuoc nau com",
    "nuoc o to 5 Tay Son mat tu sang nay",
    "PA DN to 5 Tay Son mat nuoc sang nay, bao gio co lai",
    "mat nuoc sang nay o to 5 Tay Son, dan khong co nuoc dung",
    "van mat nuoc to 5 Tay Son tu sang",
)


def phone(n: int) -> str:
    return f"+849000005{n:02}"


def reports(line: Line, clock: Clock, how_many: int, minutes: int = 10) -> None:
    for n in range(how_many):
        line.text(WORDS[n % len(WORDS)], phone(n))
        clock.moves(minutes=minutes)


def looks(line: Line, clock: Clock, times: int = 3) -> None:
    for _ in range(times):
        line.gateway.cluster_watch().look()
        clock.moves(minutes=2)
    line.works()


def warned(line: Line, number: str = LEADER) -> list[str]:
    return [text for text in line.outbox(number) if text.startswith("CANH BAO SOM")]


def test_the_leader_is_warned_once_of_five_people_with_one_matter(line: Line, clock: Clock) -> None:
    reports(line, clock, 5)
    looks(line, clock)
    (text,) = warned(line)
    assert text.startswith("CANH BAO SOM: 5 nguoi phan anh cung mot viec (DN, Phuong An Khe).")
    assert line.complaints()[0].reference in text
    assert "nuoc" not in text
    assert warned(line, FOCAL) == []


def test_those_that_follow_join_it_in_silence(line: Line, clock: Clock) -> None:
    reports(line, clock, 5)
    looks(line, clock)
    line.text(WORDS[5], phone(50))
    looks(line, clock)
    assert len(warned(line)) == 1
    with line.gateway.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ClusterMember)) == 6
        assert session.scalar(select(func.count()).select_from(Cluster)) == 1


def test_as_the_first_grow_old_it_is_no_new_one(line: Line, clock: Clock) -> None:
    reports(line, clock, 6, minutes=50)
    looks(line, clock)
    for n in range(6, 14):
        line.text(WORDS[n % 6], phone(n))
        clock.moves(minutes=50)
        looks(line, clock, times=1)
    assert len(warned(line)) == 1


def test_four_people_or_one_phone_five_times_are_none(line: Line, clock: Clock) -> None:
    reports(line, clock, 4)
    for words in WORDS:
        line.text(words, phone(0))
    looks(line, clock)
    assert warned(line) == []


def test_five_people_with_five_matters_are_none(line: Line, clock: Clock) -> None:
    for n, words in enumerate(
        (
            "PA DN mat nuoc to 5 phuong Tay Son tu sang",
            "PA HT den duong hem 12 phuong Tay Son tat",
            "PA MT rac do day duong Quang Trung phuong Tay Son",
            "PA GT duong Le Loi phuong Tay Son nhieu o ga",
            "PA AN karaoke on ao to 8 phuong Tay Son moi dem",
        )
    ):
        line.text(words, phone(n))
    looks(line, clock)
    assert warned(line) == []


def test_over_more_hours_than_are_set_it_is_none(line: Line, clock: Clock) -> None:
    reports(line, clock, 5, minutes=120)
    looks(line, clock)
    assert warned(line) == []


def test_it_is_looked_for_once_a_minute_and_without_reports_costs_two_questions(line: Line, clock: Clock) -> None:
    asked: list[str] = []

    @event.listens_for(line.gateway.database.engine, "before_cursor_execute")
    def note(_c: object, _k: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    line.gateway.cluster_watch().look()
    first = len([one for one in asked if one.startswith("SELECT")])
    asked.clear()
    line.gateway.cluster_watch().look()
    assert len([one for one in asked if one.startswith("SELECT")]) == 1
    assert first <= 3


def test_two_clocks_at_once_warn_once(line: Line, clock: Clock) -> None:
    reports(line, clock, 5)
    with ThreadPoolExecutor(4) as clocks:
        list(clocks.map(lambda _: line.gateway.cluster_watch().look(), range(4)))
    looks(line, clock)
    assert len(warned(line)) == 1


def test_what_an_official_merged_counts_as_one_matter_whatever_the_words(line: Line, clock: Clock) -> None:
    reports(line, clock, 4)
    line.text("PA DN voi khong chay giot nao, ca nha khat", phone(9))
    with line.gateway.database.write() as session:
        odd = session.get_one(Complaint, line.complaints()[4].id)
        odd.merged_into_id = line.complaints()[0].id
    looks(line, clock)
    assert len(warned(line)) == 1


def test_without_a_leader_the_focal_official_is_warned(line: Line, clock: Clock) -> None:
    with line.gateway.database.write() as session:
        session.execute(update(Official).where(Official.phone == LEADER).values(phone=""))
    reports(line, clock, 5)
    looks(line, clock)
    assert len(warned(line, FOCAL)) == 1


def test_the_desk_lists_it_within_its_unit_only(line: Line, clock: Clock) -> None:
    reports(line, clock, 5)
    since = clock.at
    looks(line, clock)
    unit = line.complaints()[0].unit_id
    with line.gateway.database.read() as session:
        (shown,) = clusters.listed(session, Scope(frozenset({unit})), since.replace(day=1))
        assert (shown.reference, shown.reports) == (line.complaints()[0].reference, 5)
        assert clusters.listed(session, Scope(frozenset({unit + 99})), since.replace(day=1)) == []


def test_sealed_texts_make_no_cluster(line: Line, clock: Clock) -> None:
    for n in range(6):
        line.text("toi to cao chu tich phuong Tay Son nhan hoi lo", phone(n))
    looks(line, clock)
    assert warned(line) == []


@pytest.mark.parametrize(
    ("given", "read", "wrong"),
    [
        ("", Swarm(5, 6), 0),
        ("3/24", Swarm(3, 24), 0),
        ("1/6", Swarm(), 1),
        ("5/999", Swarm(), 1),
        ("many", Swarm(), 1),
    ],
)
def test_how_many_and_how_long_is_set_by_the_environment(given: str, read: Swarm, wrong: int) -> None:
    found, problems = restraint.read_swarm({"SMSGW_EARLY_WARNING": given})
    assert (found, len(problems)) == (read, wrong)


def test_it_is_so_on_postgresql_too(on_postgres: Gateway, pool: ThreadPoolExecutor, clock: Clock) -> None:
    line = Line(on_postgres, pool)
    reports(line, clock, 5)
    with ThreadPoolExecutor(4) as clocks:
        list(clocks.map(lambda _: on_postgres.cluster_watch().look(), range(4)))
    looks(line, clock)
    assert len(warned(line)) == 1
