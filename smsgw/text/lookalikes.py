"""Signs outside GSM-7, and the plain signs that readers take for the same."""

from typing import Final

Table = dict[int, str]

_INVISIBLE: Final[Table] = dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)], ""
)

_SAME_WIDTH: Final[Table] = str.maketrans(
    dict.fromkeys(
        "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    )
    | dict.fromkeys("\x0b\x85\u2028\u2029", "\n")
    | dict.fromkeys("`\u00b4\u02b9\u02bb\u02bc\u02c8\u2018\u2019\u201b\u2032\u2035\u2039\u203a\uff07", "'")
    | dict.fromkeys("\u00ab\u00bb\u02ba\u201c\u201d\u201e\u201f\u2033\u2036\uff02", '"')
    | dict.fromkeys("\u201a", ",")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\uff0d", "-")
    | dict.fromkeys("\u2044\u2215", "/")
)

MENDED: Final[Table] = _INVISIBLE | _SAME_WIDTH

SPELLED: Final[Table] = MENDED | str.maketrans({sign: " " + sign for sign in "¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"})

# Applied after compatibility decomposition, which already turns "…" into dots, "²" into 2 and "№" into No.
LOOK_ALIKES: Final[Table] = SPELLED | str.maketrans(
    dict.fromkeys("\u0111\u0256\u00f0", "d")
    | dict.fromkeys("\u0110\u0189\u00d0", "D")
    | {"₫": "d", "ƀ": "b", "Ƀ": "B", "ł": "l", "Ł": "L", "ı": "i", "œ": "oe", "Œ": "OE", "μ": "u", "ẞ": "SS"}
    | dict.fromkeys("\u00b0\u02da", "o")
    | dict.fromkeys("\u00b7\u2022\u2023\u2219\u25aa\u25cf\u30fb", "-")
    | {
        "×": "x",
        "÷": ":",
        "−": "-",
        "±": "+-",
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
        "≈": "~",
        "→": "->",
        "⇒": "=>",
        "←": "<-",
    }
    | {"©": "(c)", "®": "(r)", "¢": "c", "¦": "|", "¬": "-", "‰": "%o", "†": "+", "、": ",", "。": "."}
)
