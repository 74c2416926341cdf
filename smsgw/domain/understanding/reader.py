"""One interface over rules and scales: a text goes in, its understanding comes out."""

from collections.abc import Set
from dataclasses import dataclass
from functools import cache

from smsgw.domain.categories import CategoryCode
from smsgw.domain.grammar import Command, parse
from smsgw.domain.phrases import Hit, PhraseBook
from smsgw.domain.understanding.clues import clues
from smsgw.domain.understanding.danger import danger_in, is_denunciation, many_ill, sensitive_in
from smsgw.domain.understanding.explained import Explained, explained
from smsgw.domain.understanding.gaps import Matter, gaps_in, has_matter, lacks_place
from smsgw.domain.understanding.intents import by_keyword, reference_in
from smsgw.domain.understanding.lexicon import CLEAR, MATTER, Evidence, Lexicon
from smsgw.domain.understanding.outcome import Intent, Missing, Understanding
from smsgw.domain.understanding.scales import CASE, EVENT, NO_FIELD, NOWHERE, OFFICE, URGENT, VAGUE, Scales, Weighed

_PLACED = (Intent.NEW_COMPLAINT, Intent.FOLLOWUP, Intent.EMERGENCY)
_HELP_FROM = 0.3  # a cry for help overheard costs more than a call to somebody who did not need one
# Read so, a text gets no office and often no reply: whoever may have complained is heard.
_SILENCING = frozenset({Intent.SPAM, Intent.WRONG_NUMBER, Intent.STOP, Intent.THANKS})
_SILENT_FROM = 0.35
WEIGHED = "weighs most"


@dataclass(frozen=True, slots=True)
class Look:
    """One text on its way: what the tables found in it, and what the scales said of that."""

    command: Command
    evidence: Evidence
    keyword: Intent | None
    danger: str | None
    reference: str | None
    clues: Set[str]
    weighed: Weighed
    met: bool  # whether any word of it was ever met in a lesson


class Reader:
    """Reads texts by tables and weights; made once by `smsgw.data.load.load_reader`, then free of state."""

    def __init__(self, lexicon: Lexicon, scales: Scales) -> None:
        self._lexicon = lexicon
        self._scales = scales
        gapped = [entry for entry in lexicon.entries if entry.signal == "care.danger" and not entry.is_close]
        self._dangers = PhraseBook(gapped)
        self._field_names = lexicon.field_names()

    def read(self, text: str) -> Understanding:
        """Understand one text. Never raises."""
        return self._understood(self.look(text))

    def explain(self, text: str) -> Explained:
        """Understand one text and say which words spoke for what. Never raises."""
        look = self.look(text)
        return explained(self._understood(look), look.evidence, look.clues, look.weighed, self._scales)

    def look(self, text: str) -> Look:
        """What rules and scales find, before anything is decided."""
        command = parse(text)
        evidence = self._evidence(text)
        danger = danger_in(evidence)
        reference = reference_in(command, evidence)
        told = [f"v:{command.verb.value}"]
        if danger:
            told.append("danger")
        elif evidence.has("care.danger"):
            told.append("mild")
        if reference:
            told.append("ref")
        if command.field:
            told.append(f"f:{command.field.value}")
        if not has_matter(evidence, self._field_names):
            told.append("empty")
        found = clues(evidence, told)
        met = not evidence.words.plain or any(self._scales.has_met(word) for word in evidence.words.plain)
        return Look(command, evidence, by_keyword(command), danger, reference, found, self._scales.weigh(found), met)

    def _understood(self, look: Look) -> Understanding:
        intent, confidence, why = _intent(look)
        is_complaint = intent is Intent.NEW_COMPLAINT
        category, sure = _category(look) if is_complaint else (None, 0.0)
        place = look.evidence.place
        placed = intent in _PLACED
        danger = placed and (look.weighed.holds(URGENT) or many_ill(look.evidence) is not None)
        return Understanding(
            intent=intent,
            category=category,
            category_confidence=sure,
            ward=place.ward if placed else None,
            unit_today=place.unit_today if placed else None,
            place_text=place.place_text if placed else None,
            missing=self._missing(intent, look),
            urgent=intent is Intent.EMERGENCY or danger,
            emergency=intent is Intent.EMERGENCY,
            sensitive=sensitive_in(look.evidence),
            denunciation=is_denunciation(look.evidence),
            confidence=confidence,
            reasons=_reasons(look, why, category, danger=danger),
            command=look.command,
            reference=look.reference,
        )

    def _evidence(self, text: str) -> Evidence:
        words = self._lexicon.spelling.words(text)
        hits = self._lexicon.book.find(words.plain, words.stops_after())
        long = [hit for hit in hits if hit.end - hit.start > 1]
        stops = frozenset([hit.start for hit in long if _ends_a_name(hit.entry.signal, hit.entry.weight)])
        place = self._lexicon.gazetteer.find(words, stops)
        return Evidence(words, [*hits, *self._across(words.plain, place.span)], place)

    def _across(self, plain: tuple[str, ...], span: tuple[int, int] | None) -> list[Hit]:
        """Dangers told around the place: "the pole [at such a lane] leans"."""
        if span is None or span[0] == 0 or span[1] == len(plain):
            return []
        start, end = span
        found = self._dangers.find(plain[:start] + plain[end:])
        return [Hit(hit.start, hit.end + end - start, hit.entry) for hit in found if hit.start < start < hit.end]

    def _missing(self, intent: Intent, look: Look) -> frozenset[Missing]:
        match intent:
            case Intent.NEW_COMPLAINT:
                return gaps_in(look.evidence, _matter(look))
            case Intent.EMERGENCY if lacks_place(look.evidence, nowhere=False, office=False, case=False):
                return frozenset({Missing.PLACE})
            case _:
                return frozenset()


def _intent(look: Look) -> tuple[Intent, float, str]:
    """Keywords say it for sure, but for a cry for help behind one; else what weighs most."""
    best, share = look.weighed.intent()
    if best != Intent.EMERGENCY and (fear := look.weighed.share(Intent.EMERGENCY)) >= _HELP_FROM:
        best, share = Intent.EMERGENCY, fear
    elif _may_complain(look, best, share):
        best, share = Intent.NEW_COMPLAINT, look.weighed.share(Intent.NEW_COMPLAINT)
    if look.keyword and not (look.command.rest and best == Intent.EMERGENCY):
        return look.keyword, 1.0, f"the keyword for {look.command.verb}"
    if best == Intent.NEW_COMPLAINT and look.reference:
        return Intent.FOLLOWUP, round(share, 2), "names a complaint sent before"
    return Intent(best), round(share, 2), WEIGHED


def _may_complain(look: Look, best: str, share: float) -> bool:
    """Whether a text that seems to want no answer may be a complaint: hardly surer than that, or of words never met."""
    if not look.met:
        return True
    asks = best == Intent.SPAM and look.evidence.has("spam.against")
    return best in _SILENCING and (share < _SILENT_FROM or asks)


def _category(look: Look) -> tuple[CategoryCode | None, float]:
    """The field typed, else the one that weighs most; none where nothing concrete is told and no field is named."""
    if look.command.field:
        return look.command.field, 1.0
    best, share = look.weighed.field()
    if best == NO_FIELD:
        return None, 0.0
    return CategoryCode(best), round(share, 2)


def _matter(look: Look) -> Matter:
    weighed = look.weighed
    case = weighed.holds(CASE) and weighed.yes(CASE) >= weighed.yes(EVENT)
    return Matter(
        told=not weighed.holds(VAGUE),
        event=weighed.holds(EVENT) and not case,
        case=case,
        nowhere=weighed.holds(NOWHERE),
        office=weighed.holds(OFFICE),
    )


@cache
def _ends_a_name(signal: str, weight: float) -> bool:
    """Whether a name of a street or place cannot run over the phrase, which has more words than one."""
    speaks = signal.startswith(MATTER) and weight >= CLEAR
    return speaks or signal in ("gap.time", "gap.event", "care.danger")


def _reasons(look: Look, why: str, category: CategoryCode | None, *, danger: bool) -> tuple[str, ...]:
    reasons = [f"intent: {why}"]
    if category:
        phrases = "" if look.command.field else look.evidence.phrases(f"{MATTER}.{category}")
        reasons.append(f"category {category}: {'typed' if look.command.field else phrases or WEIGHED}")
    place = look.evidence.place
    if place.ward:
        reasons.append(f"place {place.ward}: {place.how}")
    if danger:
        reasons.append(f"danger: {look.danger or WEIGHED}")
    return tuple(reasons)
