"""Whom a text speaks for: another person, with their number, and whether it is to be kept from who shares the phone."""

import re
from dataclasses import dataclass
from typing import Final

from smsgw.domain.phone import is_mobile, normalised
from smsgw.domain.plain import fold

_KIN: Final = (
    r"(?:ba(?! con)|ong|cu|m[ea]|bo|cha|tia|chu|bac|di|cau|mo|vo|chong|noi|ngoai|hang xom|nguoi (?:nha|khac))(?![a-z])"
)
_SAYS: Final = r"(?<![a-z])(?:goi|nhan|nhan tin|viet|bao|gui|gui tin|phan anh|khai|noi|trinh bay)"
_FOR_ANOTHER: Final = re.compile(
    rf"{_SAYS} (?:thay|ho|gium|dum|giup)(?: cho)? {_KIN}|{_SAYS} thay(?![a-z])|(?<![a-z])thay mat(?![a-z])"
)
_HELPING: Final = ("thay", " ho ", "gium", "dum", "giup")
_NUMBER: Final = re.compile(r"(?:\+?84|0)(?:[ .-]?\d){9}(?!\d)")
_BEFORE_A_NUMBER: Final = re.compile(r"[\d.,/-]$")
_THEIRS: Final = re.compile(
    rf"(?<![a-z])(?:(?:so|sdt|dt|dien thoai|so may)(?: dien thoai| dt)?(?: cua)? {_KIN}"
    r"|(?:lien he|lien lac|goi lai|goi cho|goi so|goi qua|lh|nhan tin qua so|tra loi qua so|tra loi so)(?![a-z]))"
)
# A number that the text complains about belongs to nobody whom an office may call.
_ACCUSED: Final = re.compile(
    r"(?<![a-z])(?:lua dao|lua|quay roi|so la|rac|quang cao|doi no|de doa|khung bo|gia danh|tu xung|mao danh|thue bao|so nay|"
    r"hack|chiem doat|goi lien tuc|goi hoai)(?![a-z])"
)
_WITH_MARKS: Final = "bí mật"  # without its marks it reads like "bị mất"
_KEPT_QUIET: Final = (
    *("giu kin", "giu bi mat", "kin dao", "giu rieng", "tin rieng"),
    *("muon may", "may muon", "dien thoai muon", "dt muon", "nho may", "may cua nguoi khac", "may hang xom"),
    *("khong muon ai biet", "dung cho ai biet", "dung de ai biet", "dung noi ai", "dung noi cho ai", "dung noi voi ai"),
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """`for_another`: the matter is somebody else's; `phone` is that person's number (E.164), empty where none is told;
    `quiet`: whoever else holds this phone must not learn of it."""

    for_another: bool = False
    phone: str = ""
    quiet: bool = False


ONESELF: Final = Speaker()


def speaker(text: str, sender: str) -> Speaker:
    """Whom the text speaks for. A number that it complains about is not taken for a person's to call."""
    said = fold(text).text
    asked = any(word in said for word in _HELPING) and _FOR_ANOTHER.search(said) is not None
    phone = _other_number(said, sender) if "0" in said or "84" in said else ""
    if phone and not asked and (_ACCUSED.search(said) or not (_THEIRS.search(said) or is_mobile(phone))):
        phone = ""
    quiet = any(words in said for words in _KEPT_QUIET) or _WITH_MARKS in text.lower()
    return Speaker(asked or bool(phone), phone, quiet) if asked or phone or quiet else ONESELF


def _other_number(said: str, sender: str) -> str:
    """The first number of a telephone, other than the sender's; empty for none."""
    for match in _NUMBER.finditer(said):
        number = normalised("".join(sign for sign in match.group() if sign not in " .-"))
        inside_another = _BEFORE_A_NUMBER.search(said[: match.start()][-1:]) is not None
        if number.startswith("+") and number != sender and not inside_another:
            return number
    return ""
