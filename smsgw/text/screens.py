"""Says a USSD screen: pure GSM-7, at most 160 signs, in the person's language."""

from collections.abc import Sequence

from smsgw.domain.dialogue import Sitting, Step, fields_on
from smsgw.domain.marks import N_
from smsgw.text.catalogs import Catalogs, Translate
from smsgw.text.fit import folded

LONGEST = 160
ECHO = 50

FIELD_NAMES = {
    "GT": N_("Roads, traffic"),
    "HT": N_("Lamps, drains"),
    "DN": N_("Power, water"),
    "MT": N_("Rubbish, smell"),
    "DD": N_("Land"),
    "XD": N_("Building"),
    "AN": N_("Public order"),
    "DB": N_("Epidemic"),
    "YT": N_("Health, food"),
    "GD": N_("Schools"),
    "XH": N_("Welfare"),
    "HC": N_("Papers, offices"),
    "NN": N_("Farming, flood"),
    "KH": N_("Other"),
}


class Screens:
    """Turns where a session stands into what the phone shows. Ends are said by the notices, not here."""

    def __init__(self, catalogs: Catalogs, service: str) -> None:
        self._catalogs = catalogs
        self._service = service

    def show(self, sitting: Sitting, units: Sequence[str], language: str = "vi") -> str:
        """The screen for a step that waits for an answer, or for leaving."""
        t = self._catalogs.of(language)
        lines = _LINES[sitting.step](sitting, units, t)
        title = [self._service] if sitting.step is Step.MENU else []
        again = [t("Please choose again.")] if sitting.wrong else []
        return folded("\n".join([*again, *title, *lines]))[:LONGEST]

    def closed(self, number: str, language: str = "vi") -> str:
        """The last screen of a session that cannot go on; whose language it is, nobody knows then."""
        t = self._catalogs.of(language)
        said = t("We cannot take in anything here right now. Please text it to {number}: texts are kept.")
        return folded(said.format(number=number))[:LONGEST]


def _menu(_sitting: Sitting, _units: Sequence[str], t: Translate) -> list[str]:
    return [t("1 Send a complaint"), t("2 Where my complaint stands"), t("3 Help")]


def _field(sitting: Sitting, _units: Sequence[str], t: Translate) -> list[str]:
    names = [f"{number} {t(FIELD_NAMES[code])}" for number, code in enumerate(fields_on(sitting.page), 1)]
    return [*names, t("9 More"), t("0 Back")]


def _ward(_sitting: Sitting, units: Sequence[str], t: Translate) -> list[str]:
    names = [f"{number} {name}" for number, name in enumerate(units, 1)]
    return [t("Where?"), *names, t("8 Elsewhere"), t("0 Back")]


def _text(_sitting: Sitting, _units: Sequence[str], t: Translate) -> list[str]:
    return [t("Type what is wrong and the exact place (hamlet, road)."), t("0 Back")]


def _confirm(sitting: Sitting, units: Sequence[str], t: Translate) -> list[str]:
    where = units[sitting.unit] if sitting.unit is not None else t("elsewhere")
    what = sitting.text if len(sitting.text) <= ECHO else sitting.text[: ECHO - 3].rsplit(" ", 1)[0] + "..."
    return [f"{t(FIELD_NAMES[sitting.field or 'KH'])}, {where}:", what, t("1 Send"), t("2 Type again"), t("0 Drop it")]


def _status(_sitting: Sitting, _units: Sequence[str], t: Translate) -> list[str]:
    return [t("Type the complaint's number, or 1 for your newest one."), t("0 Back")]


def _left(_sitting: Sitting, _units: Sequence[str], t: Translate) -> list[str]:
    return [t("Nothing was sent. You may dial again at any time.")]


_LINES = {
    Step.MENU: _menu,
    Step.FIELD: _field,
    Step.WARD: _ward,
    Step.TEXT: _text,
    Step.CONFIRM: _confirm,
    Step.STATUS: _status,
    Step.LEFT: _left,
}
