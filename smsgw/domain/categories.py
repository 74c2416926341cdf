"""The fields of life a complaint may be about, and the four groups they are reported in."""

from dataclasses import dataclass
from enum import StrEnum


class ReportGroup(StrEnum):
    """Groups of the periodic report; the value is the one written in its machine form."""

    COVID = "covid"
    TRAFFIC = "traffic"
    LAND = "land"
    OTHER = "other"


class CategoryCode(StrEnum):
    """The codes citizens type after PA."""

    GT = "GT"
    HT = "HT"
    DN = "DN"
    MT = "MT"
    DD = "DD"
    XD = "XD"
    AN = "AN"
    DB = "DB"
    YT = "YT"
    GD = "GD"
    XH = "XH"
    HC = "HC"
    NN = "NN"
    KH = "KH"


@dataclass(frozen=True, slots=True)
class Category:
    """One field: its names (Vietnamese with tone marks, and English) and the words people type for the code."""

    code: CategoryCode
    name: str
    name_en: str
    words: tuple[str, ...]


# What the seed report of the former town calls the four groups.
SEED_GROUPS = {
    ReportGroup.COVID: "dich_benh",
    ReportGroup.TRAFFIC: "an_toan_giao_thong",
    ReportGroup.LAND: "dat_dai",
    ReportGroup.OTHER: "khac",
}


def report_group_of(code: CategoryCode | None) -> ReportGroup:
    """The report group of a code; a complaint without one counts as `other`."""
    match code:
        case CategoryCode.DB:
            return ReportGroup.COVID
        case CategoryCode.GT:
            return ReportGroup.TRAFFIC
        case CategoryCode.DD:
            return ReportGroup.LAND
        case _:
            return ReportGroup.OTHER
