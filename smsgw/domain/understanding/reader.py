"""One interface over the rules: a text goes in, its understanding comes out."""

from smsgw.domain.grammar import Verb, parse
from smsgw.domain.understanding.outcome import Intent, Understanding

_INTENTS = {
    Verb.ADD: Intent.FOLLOWUP,
    Verb.WITHDRAW: Intent.FOLLOWUP,
    Verb.STATUS: Intent.STATUS,
    Verb.RATE: Intent.RATING,
    Verb.HELP: Intent.HELP,
    Verb.MENU: Intent.MENU,
    Verb.STOP: Intent.STOP,
    Verb.DIGIT: Intent.CONFIRM,
}


class Reader:
    """Reads texts by tables; made once by `smsgw.data.load.load_reader`, then free of state."""

    def read(self, text: str) -> Understanding:
        """Understand one text. Never raises."""
        command = parse(text)
        intent = _INTENTS.get(command.verb, Intent.NEW_COMPLAINT)
        return Understanding(intent, category=command.field, confidence=0.3, command=command)
