"""One interface over rules and scales: a text goes in, its understanding comes out."""

from dataclasses import dataclass

from smsgw.domain.categories import CategoryCode
from smsgw.domain.grammar import Command, Verb, parse
from smsgw.domain.phrases import Hit, PhraseBook
from smsgw.domain.understanding.clues import clues
from smsgw.domain.understanding.danger import danger_in, is_denunciation, sensitive_in
from smsgw.domain.understanding.explained import Explained, explained
from smsgw.domain.understanding.gaps import Matter, gaps_in, has_matter, lacks_place
from smsgw.domain.understanding.intents import Purpose, purpose_of, reference_in
from smsgw.domain.understanding.lexicon import CLEAR, MATTER, Evidence, Lexicon
from smsgw.domain.understanding.outcome import Intent, Missing, Understanding
from smsgw.domain.understanding.scales import CASE, EVENT, NO_FIELD, NOWHERE, OFFICE, URGENT, VAGUE, Scales, Weighed
from smsgw.domain.understanding.subject import Subject, leanings_of, subject_of

_PLACED = (Intent.NEW_COMPLAINT, Intent.FOLLOWUP, Intent.EMERGENCY)
_LIKELY = 0.5
_URGENT_FROM = 0.4  # an office woken for nothing costs less than a danger nobody looked at


@dataclass(frozen=True, slots=True)
class Look:
    """One text on its way: what the rules found in it, and what the scales said of that."""

    command: Command
    evidence: Evidence
    ruled: Purpose
    subject: Subject
    danger: str | None
    reference: str | None
    clues: frozenset[str]
    weighed: Weighed


class Reader:
    """Reads texts by tables and weights; made once by `smsgw.data.load.load_reader`, then free of state."""

    def __init__(self, lexicon: Lexicon, scales: Scales) -> None:
        self._lexicon = lexicon
        self._scales = scales
        gapped = [entry for entry in lexicon.entries if entry.signal == "care.danger" and not entry.is_close]
        self._dangers = PhraseBook(gapped)
        self._field_names = lexicon.field_names()
        self._leanings = leanings_of(lexicon.entries)

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
        ruled = purpose_of(command, evidence)
        subject = subject_of(evidence, command.field, self._leanings)
        danger = danger_in(evidence)
        reference = reference_in(command, evidence)
        told = [f"r:{ruled.intent.value}", f"c:{subject.category.value if subject.category else NO_FIELD}"]
        told += [name for name, holds in (("danger", danger), ("ref", reference)) if holds]
        if command.field:
            told.append(f"f:{command.field.value}")
        if not has_matter(evidence, self._field_names):
            told.append("empty")
        found = frozenset(clues(evidence, told))
        return Look(command, evidence, ruled, subject, danger, reference, found, self._scales.weigh(found))

    def _understood(self, look: Look) -> Understanding:
        intent, confidence, why = _intent(look)
        is_complaint = intent is Intent.NEW_COMPLAINT
        category, sure = _category(look) if is_complaint else (None, 0.0)
        place = look.evidence.place
        placed = intent in _PLACED
        danger = placed and look.weighed.yes[URGENT] >= _URGENT_FROM
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
        stops = frozenset(
            hit.start for hit in hits if hit.end - hit.start > 1 and _ends_a_name(hit.entry.signal, hit.entry.weight)
        )
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
        yes = look.weighed.yes
        match intent:
            case Intent.NEW_COMPLAINT:
                return gaps_in(look.evidence, _matter(look))
            case Intent.EMERGENCY if lacks_place(look.evidence, nowhere=False, office=False, case=False):
                return frozenset({Missing.PLACE})
            case _:
                return frozenset()


def _intent(look: Look) -> tuple[Intent, float, str]:
    """Keywords say it for sure, but for a cry for help behind one; else what weighs most."""
    shares = look.weighed.intents
    cries = bool(look.command.rest) and shares[Intent.EMERGENCY] >= _LIKELY
    keyword = look.ruled.confidence == 1
    if keyword and not cries:
        return look.ruled.intent, 1.0, look.ruled.rule
    best = max(shares, key=lambda intent: shares[intent])
    return Intent(best), round(shares[best], 2), "weighs most" if best != look.ruled.intent else look.ruled.rule


def _category(look: Look) -> tuple[CategoryCode | None, float]:
    """The field typed, else the one that weighs most; none where nothing concrete is told and no field is named."""
    shares = look.weighed.fields
    if look.command.field:
        return look.command.field, round(max(shares[look.command.field], 0.9), 2)
    best = max(shares, key=lambda field: shares[field])
    return (None, 0.0) if best == NO_FIELD else (CategoryCode(best), round(shares[best], 2))


def _matter(look: Look) -> Matter:
    yes = look.weighed.yes
    case = yes[CASE] >= _LIKELY and yes[CASE] >= yes[EVENT]
    return Matter(
        told=yes[VAGUE] < _LIKELY,
        event=yes[EVENT] >= _LIKELY and not case,
        case=case,
        nowhere=yes[NOWHERE] >= _LIKELY,
        office=yes[OFFICE] >= _LIKELY,
    )


def _ends_a_name(signal: str, weight: float) -> bool:
    """Whether a name of a street or place cannot run over the phrase, which has more words than one."""
    speaks = signal.startswith(MATTER) and weight >= CLEAR
    return speaks or signal in ("gap.time", "gap.event", "care.danger")


def _reasons(look: Look, why: str, category: CategoryCode | None, *, danger: bool) -> tuple[str, ...]:
    reasons = [f"intent: {why}"]
    if category:
        phrases = look.subject.phrases if look.subject.category is category else ()
        reasons.append(f"category {category}: {', '.join(phrases) or 'typed' if look.command.field else ', '.join(phrases) or 'weighs most'}")
    place = look.evidence.place
    if place.ward:
        reasons.append(f"place {place.ward}: {place.how}")
    if danger:
        reasons.append(f"danger: {look.danger or 'weighs most'}")
    return tuple(reasons)
