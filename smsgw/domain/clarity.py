"""Says what an answer lacks before a citizen gets it: what was done, when, by whom; and what a villager cannot read."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from smsgw.domain.plain import plain


class Lack(StrEnum):
    """What is missing from an answer, or wrong with it."""

    DEED = "no_deed"
    TIME = "no_time"
    DOER = "no_doer"
    HELP = "only_not_ours"
    PLAIN_WORDS = "short_forms"
    OWN_WORDS = "only_regulations"


def _any(phrases: str) -> re.Pattern[str]:
    """Any of these, a line each, as whole words; a line may be a pattern."""
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(phrases.split(chr(10))[1:-1])})(?![a-z0-9])")


# Without tone marks, as `plain` leaves them. One letter more or less matters little: whoever writes sees what is missing
# and may send it all the same.
_DEED: Final = _any("""
(?:sua|thay|lap|hot|nao vet|khoi thong|phat quang|cat|tia|trong|san|dap|trai|rai|xay|thao|do bo|dam va)
va (?:duong|lai|o ga|tam)
(?:cang|keo|dung|buoc|noi|treo|rua|son|ke|han|gan|dat|nang) lai
(?:bom|tuoi|phun|khu|diet|tiem|quet|ve sinh|don|thu gom|thu hoi|thu giu|tich thu|hoan tra|tra (?:lai|tien)|cap|chi tra|ban giao)
(?:kiem tra|xac minh|khao sat|lam (?:viec|lai|moi|xong|ro|duong)|xu ly|xu phat|phat|lap bien ban|dinh chi|nhac nho)
(?:yeu cau|de nghi|van dong|giai quyet|khac phuc|ho tro|huong dan|moi|den gap|goi dien|tiep xuc|tra loi|giai thich)
(?:thong bao|cong khai|niem yet|chuyen|gui|bao cao|trinh|kien nghi|phoi hop|to chuc|bo tri|tuan tra|cam|mo lai|dong cua)
(?:khoa|tam dung|ngung|cap nhat|hoan thanh|khoi phuc|dau noi|dong dien|co (?:nuoc|dien)|sang lai|hoat dong lai|xong)
(?:xin loi|ky luat|kiem diem|dieu chinh|bo sung|duyet|cho phep|tu choi|mien giam|boi thuong|nop|nhan lai)
""")
_TIME: Final = _any(r"""
\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{2,4})?
(?:ngay|mung|thang|quy|tuan|nam) \d+
\d+ ?(?:h|g|gio|phut|ngay|tuan|thang)(?: ?\d{2})?
(?:hom|sang|trua|chieu|toi|dem|tuan|thang|ngay|nam) (?:nay|qua|kia|mai|mot|toi|sau|truoc|vua roi|vua qua)
(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|(?:dau|giua|cuoi) (?:tuan|thang|nam))
(?:bua nay|bua qua|vua xong|moi xong|ngay lap tuc|ngay trong|da (?:[a-z]+ ){0,3}xong|xong roi|hien nay|bay gio)
""")
_DOER: Final = _any(r"""
(?:ubnd|uy ban|hdnd|(?:phuong|xa|thon|lang) (?:da|se|dang)|huyen|doi|tram|trung tam|bo phan|mot cua|cong an|csgt|bo doi)
(?:phong|to (?:quan ly|cong tac|ky thuat|sua chua|bao ve|dan pho|dien|xe)|ban (?:quan ly|chi huy|giam hieu)|dan quan)
(?:cong ty|xi nghiep|nha (?:may|thau|truong)|chu (?:nha|dau tu|ho|xe|quan|co so|tich)|dien luc|buu dien|ngan hang)
(?:hop tac xa|htx|truong(?! hop)|benh vien|hieu truong|giao vien|bac si|y ta|thu y|kiem lam|hat quan ly|don vi|co quan)
(?:chung toi|toi (?:da|se)|can bo|nhan vien|lanh dao|tho (?:dien|nuoc|sua|ho)|cong nhan|truong thon|thon truong)
(?:mat tran|hoi (?:nong dan|phu nu|chu thap do)|doan thanh nien|bao hiem|quan ly thi truong|thanh tra)
""")
_NOT_OURS: Final = _any("""
(?:khong|ko|k|chua) (?:phai )?(?:thuoc|nam trong|la) (?:ve )?(?:tham quyen|trach nhiem|pham vi|dia ban|linh vuc)[a-z ]*
(?:khong phai|khong la) (?:viec|trach nhiem|chuc nang|nhiem vu|tham quyen)[a-z ]*
(?:ngoai|vuot|qua) (?:tham quyen|pham vi|trach nhiem|chuc nang)[a-z ]*
(?:khong co) (?:tham quyen|chuc nang|trach nhiem)[a-z ]*
""")
_SHOWS_WHERE: Final = _any(r"""
(?:da|se|dang|duoc|vua|moi) (?:chuyen|gui|bao|kien nghi|de nghi|phoi hop|trinh)
(?:lien he|goi|den gap|hoi|gap|nop(?: don)?) (?!cap|co quan chuc nang|noi khac)[a-z0-9]+
""")
_REGULATION: Final = re.compile(
    r"\b(?:nghi dinh|thong tu|quyet dinh|nghi quyet|cong van|chi thi|luat|dieu|khoan|van ban|qd|nd|tt|nq|cv)\b"
    r"[^.;,]{0,30}?\d[\w/.-]*(?: (?:ngay|nam) [\d/.-]+)?"
)
_DOCUMENT_NUMBER: Final = re.compile(r"\d+(?:/\d+)?/[\w-]+")
_CAPITALS: Final = re.compile(r"\b[A-ZĐ]{2,8}(?:[&-][A-ZĐ]{1,8})*\b")
_KNOWN_TO_ALL: Final = _any("""
UBND|SMS|TV|TP|BHYT|BHXH|CCCD|CMND|COVID|WC|I{1,3}|IV|VI{0,3}|DG
""")
_TYPED_SHORT: Final = _any("""
ko|kg|hok|dc|duoc ko|vs|ntn|bt|xly|gq|gqyet|tg|ng dan|ndan|k co|trc|mn|bp|qly|dv|cq|pa cua ban
""")


def lacks(answer: str) -> list[Lack]:
    """In the order in which a writer should mend it; nothing for an answer that a villager can use.

    Texts that say nothing but "not our responsibility" stand alone: they are to be passed on, whatever else they lack.
    """
    said = plain(answer)
    if _NOT_OURS.search(said) and not _SHOWS_WHERE.search(_NOT_OURS.sub(" ", said)):
        return [Lack.HELP]
    return list(_found(answer, said))


def _found(answer: str, said: str) -> Iterable[Lack]:
    own = _REGULATION.sub(" ", said)
    if not _DEED.search(own):
        yield Lack.OWN_WORDS if own != said else Lack.DEED
    if not _TIME.search(own):
        yield Lack.TIME
    if not _DOER.search(own):
        yield Lack.DOER
    if _TYPED_SHORT.search(said) or _unknown_capitals(answer):
        yield Lack.PLAIN_WORDS


def _unknown_capitals(answer: str) -> bool:
    """Of a text that is all in capitals nothing can be told."""
    shouts = sum(sign.isupper() for sign in answer) > sum(sign.islower() for sign in answer)
    return not shouts and any(
        not _KNOWN_TO_ALL.fullmatch(word) for word in _CAPITALS.findall(_DOCUMENT_NUMBER.sub("", answer))
    )
