"""One interface over the rules: a text goes in, its understanding comes out."""

from smsgw.domain.grammar import parse
from smsgw.domain.phrases import Hit, PhraseBook
from smsgw.domain.understanding.danger import danger_in, is_denunciation, sensitive_in
from smsgw.domain.understanding.explained import Explained, Leaning, Spoke
from smsgw.domain.understanding.gaps import gaps_in, lacks_place
from smsgw.domain.understanding.intents import Purpose, purpose_of, reference_in
from smsgw.domain.understanding.lexicon import CLEAR, MATTER, Evidence, Lexicon
from smsgw.domain.understanding.outcome import Intent, Missing, Understanding
from smsgw.domain.understanding.subject import Subject, leanings_of, subject_of

_SURE_ENOUGH = 0.5
_PLACED = (Intent.NEW_COMPLAINT, Intent.FOLLOWUP, Intent.EMERGENCY)


class Reader:
    """Reads texts by tables; made once by `smsgw.data.load.load_reader`, then free of state."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        gapped = [entry for entry in lexicon.entries if entry.signal == "care.danger" and not entry.is_close]
        self._dangers = PhraseBook(gapped)
        self._field_names = lexicon.field_names()
        self._leanings = leanings_of(lexicon.entries)

    def read(self, text: str) -> Understanding:
        """Understand one text. Never raises."""
        command = parse(text)
        evidence = self._evidence(text)
        purpose = purpose_of(command, evidence)
        is_complaint = purpose.intent is Intent.NEW_COMPLAINT
        subject = subject_of(evidence, command.field, self._leanings) if is_complaint else Subject()
        danger = danger_in(evidence)
        placed = purpose.intent in _PLACED
        return Understanding(
            intent=purpose.intent,
            category=subject.category,
            category_confidence=subject.confidence,
            ward=evidence.place.ward if placed else None,
            unit_today=evidence.place.unit_today if placed else None,
            place_text=evidence.place.place_text if placed else None,
            missing=self._missing(purpose, evidence, subject),
            urgent=purpose.intent is Intent.EMERGENCY or (placed and danger is not None),
            emergency=purpose.intent is Intent.EMERGENCY,
            sensitive=sensitive_in(evidence),
            denunciation=is_denunciation(evidence),
            confidence=purpose.confidence,
            reasons=_reasons(purpose, subject, evidence, danger),
            command=command,
            reference=reference_in(command, evidence),
        )

    def explain(self, text: str) -> Explained:
        """Understand one text and say which words spoke for what. Never raises."""
        read, evidence = self.read(text), self._evidence(text)
        spoke = [
            Spoke(
                "category",
                hit.entry.signal.partition(".")[2],
                evidence.words.said(hit.start, hit.end),
                hit.entry.weight,
            )
            for hit in evidence.matters()
        ]
        leanings = (Leaning(read.category, read.category_confidence),) if read.category else ()
        return Explained(
            understanding=read,
            intents=(Leaning(read.intent, read.confidence),),
            categories=leanings,
            spoke=tuple(spoke),
            doubtful=read.category_confidence < _SURE_ENOUGH,
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

    def _missing(self, purpose: Purpose, evidence: Evidence, subject: Subject) -> frozenset[Missing]:
        match purpose.intent:
            case Intent.NEW_COMPLAINT:
                return gaps_in(evidence, subject.category, self._field_names)
            case Intent.EMERGENCY if lacks_place(evidence, is_case=False):
                return frozenset({Missing.PLACE})
            case _:
                return frozenset()


def _ends_a_name(signal: str, weight: float) -> bool:
    """Whether a name of a street or place cannot run over the phrase, which has more words than one."""
    speaks = signal.startswith(MATTER) and weight >= CLEAR
    return speaks or signal in ("gap.time", "gap.event", "care.danger")


def _reasons(purpose: Purpose, subject: Subject, evidence: Evidence, danger: str | None) -> tuple[str, ...]:
    reasons = [f"intent: {purpose.rule}"]
    if subject.category:
        reasons.append(f"category {subject.category}: {', '.join(subject.phrases) or 'typed'}")
    if evidence.place.ward:
        reasons.append(f"place {evidence.place.ward}: {evidence.place.how}")
    if danger:
        reasons.append(f"danger: {danger}")
    return tuple(reasons)
