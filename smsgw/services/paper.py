"""The periodic report as a paper in the form of Vietnamese administrative documents (Decree 30/2020/NĐ-CP, Annex I)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from smsgw.domain.categories import CategoryCode, ReportGroup
from smsgw.domain.marks import N_
from smsgw.domain.statistics import Report
from smsgw.services.reporting import FIELD_NAMES, GROUP_NAMES, HIDDEN, Reported, in_hours, of_all, percent
from smsgw.text.catalogs import Translate
from smsgw.text.docx import Align, Block, Cell, Par, Table, docx

NUMBER, SMALL = 11, 12
TAGS = {"vi": "vi-VN", "en": "en-GB"}
COLUMNS = (
    N_("Received in the period"),
    N_("Carried over"),
    N_("To handle"),
    N_("late"),
    N_("nearly due"),
    N_("not due yet"),
    N_("late"),
    N_("on time or early"),
    N_("Late share"),
    N_("On-time share"),
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who reports: the committee above, the committee itself, its unit, and the place where the paper is dated."""

    above: str
    name: str
    unit: str
    place: str


def as_docx(told: Reported, issuer: Issuer, made_on: date, language: str, t: Translate) -> bytes:
    """The file. Number, day and signature are left for the office to fill in."""
    blocks = [
        _head(issuer, made_on, t),
        *_title(told, t),
        *_body(told, issuer, t),
        *_foot(issuer, t),
    ]
    return docx(blocks, t("Report on complaints received by text"), TAGS.get(language, language))


def _head(issuer: Issuer, made_on: date, t: Translate) -> Table:
    left = [
        _centred(t("PEOPLE'S COMMITTEE"), 12, bold=True),
        _centred(issuer.unit.upper(), 12, bold=True),
        _rule(inset=20),
        _centred(t("No.:      /BC-UBND"), before=4),
    ]
    right = [
        _centred(t("SOCIALIST REPUBLIC OF VIET NAM"), 12, bold=True),
        _centred(t("Independence - Freedom - Happiness"), 13, bold=True),
        _rule(inset=17),
        _centred(
            t("%(place)s, day ... month ... %(year)s") % {"place": issuer.place, "year": made_on.year}, italic=True
        ),
    ]
    return Table((66, 94), [(Cell(left), Cell(right))], bordered=False)


def _title(told: Reported, t: Translate) -> Iterator[Par]:
    days = {"first": f"{told.period.first:%d/%m/%Y}", "last": f"{told.period.last:%d/%m/%Y}"}
    yield Par(t("REPORT"), 14, bold=True, align=Align.CENTRE, before=18, heading=1)
    yield _centred(t("on receiving and handling complaints that citizens sent by text"), 14, bold=True)
    yield _centred(t("(from %(first)s to %(last)s, both days included)") % days, italic=True)
    yield _rule(inset=60, after=12)


def _body(told: Reported, issuer: Issuer, t: Translate) -> Iterator[Block]:
    figures = told.figures
    yield _text(t("%(name)s reports as follows:") % {"name": issuer.name})
    yield _heading(t("I. HANDLING"))
    yield _text(
        t("Of %(all)s complaints to handle, %(n)s were answered. On-time share: %(share)s (answered %(n)s of %(all)s).")
        % {"n": figures.answered, "all": figures.to_handle, "share": percent(figures.on_time_share, t)}
    )
    yield _handled(figures, t)
    yield _note(
        t("Late share = (late in hand + finished late) / to handle; the on-time share is what is left of the whole.")
    )
    yield _heading(t("II. RECEIVED, BY GROUP"))
    yield _groups(figures, t)
    yield _heading(t("III. RECEIVED, BY FIELD"))
    yield _fields(figures, t)
    yield _heading(t("IV. TIME TAKEN, AND WHAT FIGURES MAY HIDE"))
    yield _list(_times(told, t))
    yield _heading(t("V. REMARKS AND PROPOSALS"))
    yield _text("." * 80)


def _handled(figures: Report, t: Translate) -> Table:
    names = [t(name) for name in COLUMNS]
    tops = [_cell(name, begins=True) for name in names]
    first = [*tops[:3], _cell(t("In hand"), span=3), _cell(t("Finished"), span=2), *tops[8:]]
    below = [Cell([], goes_on=True)]
    second = [*below * 3, *(_cell(name) for name in names[3:8]), *below * 2]
    values: Sequence[object] = (
        figures.received,
        figures.carried_over,
        figures.to_handle,
        figures.in_hand.late,
        figures.in_hand.nearly_due,
        figures.in_hand.not_due,
        figures.done.late,
        figures.done.on_time,
        percent(figures.late_share, t),
        percent(figures.on_time_share, t),
    )
    widths = (17, 16, 16, 14, 16, 16, 14, 17, 16, 18)
    return Table(widths, [first, second, [_cell(value, bold=False) for value in values]], headings=2)


def _groups(figures: Report, t: Translate) -> Table:
    rows = [
        _ranked(number, t(GROUP_NAMES[group]), figures.groups.get(group.value, 0), figures.received, t)
        for number, group in enumerate(ReportGroup, 1)
    ]
    answered = [
        _cell("", bold=False),
        _left(t("Answered, and on-time share")),
        _cell(of_all(figures.answered, figures.to_handle)),
        _cell(percent(figures.on_time_share, t)),
    ]
    return Table((12, 88, 32, 28), [_headings(t), *rows, answered], headings=1)


def _fields(figures: Report, t: Translate) -> Table:
    """Fields in which something came; of a field nobody knows yet, too."""
    known = [(t(FIELD_NAMES[code]), figures.categories.get(code.value, 0)) for code in CategoryCode]
    found = [*known, (t("Field not known yet"), figures.categories.get(None, 0))]
    came = [(name, count) for name, count in found if count]
    rows = [_ranked(number, name, count, figures.received, t) for number, (name, count) in enumerate(came, 1)]
    return Table((12, 88, 32, 28), [_headings(t), *rows], headings=1)


def _times(told: Reported, t: Translate) -> Iterator[tuple[str, object]]:
    yield t("Working hours to an answer: half within"), in_hours(told.figures.usual_hours, t)
    yield t("Working hours to an answer: nine in ten within"), in_hours(told.figures.slow_hours, t)
    yield t("Answers that no text could bring"), told.reached.not_delivered
    yield t("of these told by phone"), told.reached.told_by_phone
    for name, words in HIDDEN.items():
        yield t(words), getattr(told.dressed, name)
    yield t("Sealed, not counted above"), told.sealed


def _list(lines: Iterator[tuple[str, object]]) -> Table:
    return Table((132, 28), [[_left(name), _cell(value, bold=False)] for name, value in lines])


def _foot(issuer: Issuer, t: Translate) -> Iterator[Block]:
    yield _text(t("The above is the report of %(name)s./.") % {"name": issuer.name}, after=12)
    above = t("- %(above)s (to report);") % {"above": issuer.above} if issuer.above else t("- ...;")
    left = [
        Par(t("Recipients:"), SMALL, bold=True, italic=True),
        *(Par(line, NUMBER) for line in (above, t("- Office, departments concerned;"), t("- Archive: VT."))),
    ]
    right = [
        _centred(t("FOR THE PEOPLE'S COMMITTEE"), bold=True),
        _centred(t("CHAIRPERSON"), bold=True),
        _centred(t("(signature and seal)"), italic=True, after=54),
        _centred(t("Full name"), bold=True),
    ]
    yield Table((80, 80), [(Cell(left), Cell(right))], bordered=False)


def _headings(t: Translate) -> list[Cell]:
    return [_cell(t(name)) for name in (N_("No."), N_("Field"), N_("Number / all received"), N_("Share"))]


def _ranked(number: int, name: str, count: int, whole: int, t: Translate) -> list[Cell]:
    share = percent(count / whole if whole else None, t)
    return [_cell(number, bold=False), _left(name), _cell(of_all(count, whole), bold=False), _cell(share, bold=False)]


def _cell(value: object, *, bold: bool = True, span: int = 1, begins: bool = False) -> Cell:
    return Cell([_centred(_capital(str(value)), NUMBER, bold=bold)], span=span, begins=begins)


def _left(text: str) -> Cell:
    return Cell([Par(_capital(text), SMALL)])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _centred(text: str, size: float = 13, **look: float) -> Par:
    return Par(text, size, align=Align.CENTRE, **look)  # type: ignore[arg-type]


def _rule(inset: float, after: float = 2) -> Par:
    return Par("", 1, inset=inset, ruled=True, after=after)


def _heading(text: str) -> Par:
    return Par(text, 13, bold=True, before=12, after=6, heading=2)


def _text(text: str, after: float = 6) -> Par:
    return Par(text, 13, align=Align.BOTH, indent=10, before=6, after=after)


def _note(text: str) -> Par:
    return Par(text, NUMBER, italic=True, before=4)
