"""What a short text tells in the light of the question that was asked: "to 5", "hom qua", "1", "khong biet"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from smsgw.domain.coaching import Question
from smsgw.domain.understanding import Intent, Missing, Understanding
from smsgw.domain.words import Spelling, Words

_SHORT: Final = {
    "k": "khong", "ko": "khong", "kh": "khong", "khg": "khong", "hk": "khong", "hok": "khong", "bit": "biet",
    "bik": "biet", "hqua": "hom qua", "hnay": "hom nay", "hum": "hom", "hwa": "qua",
    "dc": "duoc", "dg": "duong", "fuong": "phuong", "p": "phuong", "x": "xa", "xp": "xa phuong", "tdp": "to dan pho",
    "kp": "khu pho", "sn": "so nha", "cn": "chu nhat", "t2": "thu hai", "t3": "thu ba", "t4": "thu tu", "t5": "thu nam",
    "t6": "thu sau", "t7": "thu bay", "hs": "ho so", "mhs": "ma ho so", "lun": "luon", "r": "roi",
}  # fmt: skip
_SPELLING: Final = Spelling(_SHORT, ("phuong", "duong", "thon", "xa", "to", "hom", "qua", "nay", "khong", "biet"))

_NOT_KNOWN: Final = re.compile(
    r"(?:(?:toi|em|minh|con|chau|tui|cung|thi|da|thiet|that|noi|chiu|thua|a|nha) )*"
    r"(?:(?:khong|chua|chang|dau|ai|sao|lam sao) (?:(?:co|he|thay|de y|ai|duoc|ma|toi|em) )*(?:biet|ro|nho|chac|hay)|chiu|quen|khong co|het nho)"
    r"(?: (?:roi|nua|lam|dau|a|oi|luon|sao|chinh xac|bac|co|chu|anh|chi|thua|la|khi|ngay|gio|o|cho|nao|ro|that|ten|duong|may|nhe|het|thong cam|duoc|cu the|mat))*"
)
_SAYS_NOTHING: Final = frozenset(
    ["a", "ah", "ai", "alo", "anh", "a", "ban", "ba", "bac", "bi", "biet", "chao", "chi", "chu", "co", "con", "cu", "cam", "on", "da", "dang", "dc", "de", "dum", "duoc", "di", "dung", "em", "gi", "giup", "gium", "ha", "hai", "he", "hi", "hieu", "hoi", "khong", "la", "lai", "lam", "loi", "ma", "minh", "moi", "mot", "nao", "nay", "nha", "nhe", "nhi", "noi", "oi", "ok", "oke", "okay", "roi", "sao", "tai", "the", "thi", "thoi", "thua", "tin", "toi", "tui", "u", "uh", "uhm", "uk", "ua", "um", "vang", "va", "vay", "xin", "y", "hello", "test", "hi", "nhan", "tra", "hoi", "cau", "nua"]
)

_ACKNOWLEDGES: Final = frozenset(["a", "ah", "da", "vang", "ok", "oke", "okay", "u", "uh", "uhm", "um", "roi", "duoc", "nha", "nhe", "nhan", "tin", "cam", "on", "da"])

_PARTS_OF_DAY: Final = "ngay|dem|toi|sang|trua|chieu|khuya"
_NUMBER: Final = r"(?:\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|may|vai|nua|nhieu|hon)"
_TIME: Final = re.compile(
    r"(?<![a-z0-9])(?:"
    rf"(?:hom|bua|{_PARTS_OF_DAY}) (?:hom )?(?:qua|kia|truoc|no|nao cung|kia)|(?:hom|bua|sang|trua|chieu|toi|dem|khuya) (?:nay|hom)"
    r"|(?:tuan|thang|nam) (?:nay|truoc|ngoai|roi|vua|qua)|thang \d{1,2}|nam \d{4}|ngay \d{1,2}|ngay nay"
    rf"|(?:moi|hang|ca|suot|ban|buoi|nua|giua|cuoi|dau|tu|hoi|luc|vao|lam) (?:{_PARTS_OF_DAY}|tuan|thang|nam|hom|bua|mua|tet|luc|khi|som)"
    rf"|{_NUMBER} (?:ngay|hom|bua|dem|tuan|thang|nam|tieng|gio|phut)|\d{{1,2}} ?(?:h|g|gio|p)(?: ?\d{{1,2}})?|\d{{1,2}}h\d{{0,2}}"
    r"|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cuoi tuan|mung \d{1,2}|tet"
    r"|lau (?:nay|roi|lam|qua|ngay)|(?:tu|hoi|xua|nay|gio|truoc) (?:lau|truoc|gio|nay|xua)|bay gio|hien (?:nay|tai|gio)|den (?:nay|gio)"
    r"|lien tuc|thuong xuyen|suot|hoai|luon luon|luc nao|lien mien|dang|vua (?:xong|roi|moi|nay)|moi (?:day|xay ra|toi|lan|khi)|gan day"
    r"|dao (?:nay|truoc)|gio (?:hanh chinh|cao diem|nay|tan)|mua (?:mua|nang|kho)|nua (?:dem|khuya)|rang sang|gan sang|toi khuya"
    r")(?![a-z0-9])"
)
_AT_NIGHT: Final = re.compile(r"(?<![^\W_])(?:tối|đêm|khuya|sáng|trưa|chiều)(?![^\W_])")
_TIME_HEADS: Final = re.compile(
    rf"(?:tu|luc|hoi|khi|vao|cach day|moi|khoang|tam|chung|hom|bua|thang|nam|tuan|mua|gio|luc|{_PARTS_OF_DAY})(?![a-z])"
)
_DAYS_AGO: Final = (
    (re.compile(r"(?:hom|bua|toi|sang|trua|chieu|dem|khuya)(?: hom)? kia"), 2),
    (re.compile(r"(?:hom|bua|ngay|toi|sang|trua|chieu|dem|khuya)(?: hom)? qua"), 1),
    (re.compile(r"(?:hom|bua|sang|trua|chieu|toi|dem|khuya) nay|bay gio|vua (?:xong|roi|moi|nay)|nay gio"), 0),
)
_SO_MANY_DAYS: Final = re.compile(rf"({_NUMBER}) (?:ngay|hom|bua)(?: nay| truoc| roi| qua)?")
_DATE: Final = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2,4}))?(?!\d)")
_WEEKDAY: Final = re.compile(r"thu (hai|ba|tu|nam|sau|bay|[2-7])(?![a-z0-9])|(chu nhat)")
_WEEKDAYS: Final = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5} | {str(n): n - 2 for n in range(2, 8)}
_COUNTS: Final = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}

_NUMBERED: Final = re.compile(
    r"(?:(?:o|tai|ben|trong|duoi|tren|thuoc|la|nha|toi|em|day|so) )*"
    r"(?:(?:to dan pho|khu pho|to|thon|xom|doi|khu|lang|cum|ap|so nha|so|hem|buon)(?: so)? ?)?\d{1,3}[a-z]?(?: nhe| a| nha| do| day)?"
)
_PLACE_WORDS: Final = re.compile(
    r"(?<![a-z0-9])(?:(?:to|thon|xom|lang|buon|ap|khu|khu pho|hem|ngo|kiet|ngach|duong|so nha|km|ql|quoc lo|tinh lo|tl|nga ba|nga tu|"
    r"ubnd|uy ban|cong vien|ben xe|benh vien|tram|truong|cho|cau|chua|dinh|nha tho|nha may|cong ty|cay xang|nha van hoa|ho|dap|suoi|"
    r"deo|quan|tiem|san|nghia trang|nghia dia|dai|ruong|ray|kenh|phuong|xa) [a-z0-9]+"
    r"|(?:truoc|sau|gan|doi dien|canh|ke|ben canh|ben hong|dau|cuoi|giua|sat|ngay|sau lung|phia|quanh|duoi chan|goc) (?!do\b|day\b)[a-z]+)"
)
_LEADS: Final = re.compile(
    r"(?:o|tai|ngay|truoc|sau|gan|doi dien|canh|ke|ben|dau|cuoi|giua|trong|ngoai|tren|duoi|sat|phia)(?![a-z])"
)

_SURNAMES: Final = (
    "nguyen|tran|le|pham|dinh|hoang|huynh|phan|vo|vu|dang|bui|do|ho|ngo|duong|ly|truong|doan|trinh|mai|cao|luong|ha|ta|to|chau|ksor|"
    "siu|rmah|rahlan|puih|kpuih|nay|ro|rcom"
)
_SELF: Final = re.compile(
    r"(?:(?:da|thua|minh|toi|em|con|chau|tui|ong|ba|me|bo|cha|vo|chong|nguoi gui|ho va|dung|ho so dung|ho so|giay to) )*(?:ho ten|ten)(?: (?:toi|em|minh|con|chau|tui|la|day|dung|cua))*"
    r"|(?:toi|em|minh|con|chau|tui) la"
)
_FULL_NAME: Final = re.compile(
    rf"(?<![a-z])(?:{_SURNAMES}) (?:(?:van|thi|huu|duc|ngoc|minh|thanh|quoc|hong|kim|xuan|dinh|cong|thuy|thu|y|a|ba) )?[a-z]{{2,7}}(?: [a-z]{{2,7}})?"
)
_FILE_NUMBER: Final = re.compile(r"[a-z]{0,4}[ .-]?\d(?:[ ./-]?\d){3,}")
_HOME: Final = re.compile(
    r"(?<![a-z])(?:to dan pho|khu pho|to|thon|xom|lang|buon|khu|doi)(?: so)? (?:\d{1,3}[a-z]?|[a-z]{2,6}(?: [a-z]{2,6})?)"
)

_FREEST: Final = 12  # words at most that may be an answer though nothing in them says so
_BARE_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text tells for our gaps, as said: `place`, `when` (with `day`, ISO, where one follows), `who`, `name`, `home`.

    `fills` says that it answers the very question; `knows_not` that the person said so or said nothing; `acknowledges`
    that it is a mere "ok", after which the answer may still come; `bare` that it is
    no more than an answer, so that no complaint of its own need be looked for in it.
    """

    told: Mapping[str, str] = field(default_factory=dict)
    fills: bool = False
    knows_not: bool = False
    bare: bool = False
    acknowledges: bool = False


def answer(question: Question | None, text: str, read: Understanding, today: date) -> Answer:
    """Reads a text in the light of a question, or of none. `today` is the local day on which it was written."""
    words = _SPELLING.words(text)
    said = " ".join(words.plain)
    if not said or (len(words.plain) <= _FREEST and _NOT_KNOWN.fullmatch(said)):
        return Answer(knows_not=True, bare=True)
    told = _told(words, said, text, read, today)
    empty = _SAYS_NOTHING.issuperset(words.plain)
    if question and not empty and len(words.plain) <= _FREEST:
        told = _in_its_light(question, told, words, said, text, read)
    fills = _fills(question, told, read)
    return Answer(
        told=told,
        fills=fills,
        knows_not=empty and not told,
        acknowledges=not told and _ACKNOWLEDGES.issuperset(words.plain),
        bare=fills and _is_bare(question, told, words, said, read),
    )


def _told(words: Words, said: str, text: str, read: Understanding, today: date) -> dict[str, str]:
    """What the words say by themselves."""
    told: dict[str, str] = {}
    if read.place_text and is_finer_than(read.place_text, read.ward):
        told["place"] = read.place_text
    if when := _time(words, said, text):
        told["when"] = when
        if day := day_of(said, today):
            told["day"] = day.isoformat()
    if name := _name(words, said):
        told["name"] = name
        if home := _HOME.search(said):
            told["home"] = _as_typed(words, said, home)
            told.pop("place", None)
    return told


def _in_its_light(
    question: Question, told: dict[str, str], words: Words, said: str, text: str, read: Understanding
) -> dict[str, str]:
    """A short text is what was asked for, unless it plainly tells something else."""
    only_time = "when" in told and len(said) <= len(_plain(told["when"])) + 4
    match question:
        case Question.WHEN if "when" in told and "place" not in told and not tells_a_matter(read):
            return {**told, "when": text.strip()}
        case Question.PLACE | Question.WARD if "place" not in told and not only_time:
            if not read.ward or is_finer_than(text, read.ward):
                return {**told, "place": text.strip()}
        case Question.WHO if not only_time and (_FILE_NUMBER.search(said) or len(said) > 2):
            return {**told, "who": text.strip()}
        case Question.NAME if not only_time:
            return _whose(told, words, said, text)
        case _:
            pass
    return told


def _whose(told: Mapping[str, str], words: Words, said: str, text: str) -> dict[str, str]:
    """A name, a hamlet or both: where the sender lives is not where the matter is."""
    home = _HOME.search(said)
    whose = {key: value for key, value in told.items() if key != "place"}
    if home:
        whose["home"] = _as_typed(words, said, home)
    if "name" not in whose and not (home and home.start() <= len("em o ")):
        whose["name"] = _slice(words, said, 0, home.start() if home else len(said))
    return whose


def _fills(question: Question | None, told: Mapping[str, str], read: Understanding) -> bool:
    match question:
        case Question.WHAT:
            return tells_a_matter(read)
        case Question.WARD:
            return read.ward is not None or "place" in told
        case Question.NAME:
            return "name" in told or "home" in told
        case None | Question.FREE:
            return False
        case _:
            return question.value in told


def tells_a_matter(read: Understanding) -> bool:
    """Whether the text tells a problem of its own."""
    return read.intent in (Intent.NEW_COMPLAINT, Intent.EMERGENCY) and Missing.WHAT not in read.missing


def _is_bare(question: Question | None, told: Mapping[str, str], words: Words, said: str, read: Understanding) -> bool:
    """Whether nearly all of it is the answer."""
    if read.intent in (Intent.FOLLOWUP, Intent.CONFIRM) or not tells_a_matter(read):
        return True
    if question in (Question.PLACE, Question.WARD) and _LEADS.match(said) and len(words.plain) <= _FREEST // 2:
        return True
    key = {Question.WARD: "place", Question.WHAT: ""}.get(question or Question.FREE, (question or "").lower())
    covered = len(_plain(told.get(key, "")).split())
    explained = told.get(key) != " ".join(words.folded.original.split())
    return explained and covered >= _BARE_SHARE * len(words.plain)


def is_finer_than(place: str, ward: str | None) -> bool:
    """Whether a place names more than its ward or commune."""
    left = set(_plain(place).split()) - set(_plain(ward or "").split())
    return bool(
        left
        - {
            "phuong",
            "xa",
            "o",
            "tai",
            "thi",
            "tran",
            "thuoc",
            "ben",
            "trong",
            "dia",
            "ban",
            "thanh",
            "pho",
            "em",
            "toi",
        }
    )


def is_numbered(place: str) -> bool:
    """Whether a place is only the number of a hamlet or house: enough together with its ward or commune."""
    return _NUMBERED.fullmatch(_plain(place)) is not None


def has_place_words(text: str) -> bool:
    """Whether the text sounds as if it said where."""
    return _PLACE_WORDS.search(_plain(text)) is not None


def _plain(text: str) -> str:
    return " ".join(_SPELLING.words(text).plain)


def _time(words: Words, said: str, text: str) -> str:
    """The words that say when, as typed; empty for none. Unaccented "toi" alone is a person, accented it is an evening."""
    found = [_as_typed(words, said, match) for match in _TIME.finditer(said)]
    if not found and (night := _AT_NIGHT.search(text.lower())):
        found = [text[night.start() : night.end()]]
    if not found and _TIME_HEADS.match(said) and 1 < len(words.plain) <= 6:
        found = [text.strip()] if not has_place_words(text) and not said.startswith("toi") else []
    return " ".join(found)


def _name(words: Words, said: str) -> str:
    """A person's name: after "ten la", or a surname with what follows it, both in capitals or with a middle name."""
    if self_told := _SELF.match(said):
        rest = said[self_told.end() :].strip()
        if rest and len(rest.split()) <= _FREEST:
            home = _HOME.search(said, self_told.end())
            end = home.start() if home else len(said)
            return _without_lead(_slice(words, said, self_told.end(), end))
    match = _FULL_NAME.match(said)
    if match is None or len(words.plain) > _FREEST:
        return ""
    count = len(match.group().split())
    capitals = all(words.is_capital(at) for at in range(min(count, 2)))
    middle = match.group().split()[1] in ("van", "thi", "huu", "duc", "ngoc")
    home = _HOME.search(said)
    end = home.start() if home and home.start() < match.end() else match.end()
    return _slice(words, said, 0, end) if capitals or middle else ""


def _without_lead(name: str) -> str:
    """A name without the word that leads on to where its bearer lives."""
    return re.sub(r"(?i)[ ,]+(?:o|ở|nha|nhà|tai|tại|thuoc|thuộc)$", "", name)


def _as_typed(words: Words, said: str, match: re.Match[str]) -> str:
    return _slice(words, said, match.start(), match.end())


def _slice(words: Words, said: str, start: int, end: int) -> str:
    """The typed words behind a span of the plain words joined by blanks."""
    first = said.count(" ", 0, start) + (start < len(said) and said[start] == " ")
    after = said.count(" ", 0, end) + (end > 0 and said[end - 1] != " ")
    return words.said(first, after).strip(" ,.;:-") if first < after else ""


def day_of(said: str, today: date) -> date | None:
    """The local day that plain words point to; None where they point to none. A date without a year is the last such."""
    for pattern, ago in _DAYS_AGO:
        if pattern.search(said):
            return today - timedelta(days=ago)
    if match := _DATE.search(said):
        return _dated(match, today)
    if match := _SO_MANY_DAYS.search(said):
        count = int(match[1]) if match[1].isdigit() else _COUNTS.get(match[1], 0)
        return today - timedelta(days=count) if count else None
    if match := _WEEKDAY.search(said):
        weekday = 6 if match[2] else _WEEKDAYS[match[1]]
        return today - timedelta(days=(today.weekday() - weekday) % 7 or 7)
    return None


def _dated(match: re.Match[str], today: date) -> date | None:
    day, month, year = int(match[1]), int(match[2]), match[3]
    try:
        if year:
            return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year <= today else date(today.year - 1, month, day)
    except ValueError:
        return None
