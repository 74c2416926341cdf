"""Local names are everyday words: what people call a hamlet or a slope after the tree, the kiln or the old man that is there,
and a shop after who keeps it.

Typed without capitals and marks such a name looks like any other words ("xom go da"), so it is known by what it is made of: a
hill, a tree, a kiln with what goes with it, a title or a rank with a name, two syllables of good omen; or by how it ends, at a
pause or where the sentence goes on ("o lang but, ...", "suoi voi bi hut cat"). Words with marks count as they are marked only.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from smsgw.domain.plain import plain
from smsgw.domain.sentences import Sentence, Spelled
from smsgw.domain.words import Words

_FALLS = frozenset(["nga", "do", "gay", "bat", "de", "chan", "chay"])  # of a tree: then it is no name
_TREE = "cay"
_LONGEST_OPEN = 2
_TRADE_WORDS = 4
_COMMONEST = 2  # of doubts


class Bearer(Enum):
    """What bears the name: a hamlet may be called by one word, a road is often only described, a firm has its owner's or one
    of good omen, behind what it trades in; a public place is called as a firm is, but trades in nothing."""

    ROAD = "road"
    GROUND = "ground"
    HAMLET = "hamlet"
    FIRM = "firm"
    PUBLIC = "public"

    def is_house(self) -> bool:
        """Whether it is called after people and good omens, not after the land."""
        return self in (Bearer.FIRM, Bearer.PUBLIC)


@dataclass(frozen=True, slots=True)
class Made:
    """Any of the first words with any of the second ones; `heads` where a first word may head the place itself, as in
    "gò đình", and `led` where it may so behind a word for where only; `firms` where firms are named so, too."""

    first: Collection[str]
    second: Collection[str]
    heads: bool = False
    led: bool = False
    firms: bool = False


@dataclass(frozen=True, slots=True)
class _Pairs:
    first: Spelled
    second: Spelled
    heads: bool
    led: bool
    firms: bool

    def has(self, sentence: Sentence, at: int) -> bool:
        return self.first.has(sentence, at) and self.second.has(sentence, at + 1)


def _plains(words: Iterable[str]) -> frozenset[str]:
    return frozenset(plain(word) for word in words)


class LocalNames:
    """`alone` are words that are a hamlet's name all by themselves; `titles` and `ranks` stand before a person's name,
    `callings` before a `given` one; `nobody` are words that no title goes with ("bà con"), `counted` what a number counts that
    looks like a rank and a name ("ba năm tháng"); behind a word that is `unlike` a name, a lone one is none, and no name before
    a pause holds such a word, nor one that `never` is in a name; `before` are words behind which a place comes, `follows` those
    with which the sentence goes on behind it; `tails` end a name ("cũ"). `things` are names by themselves ("suối Voi") of what
    `sorts` lists, but for the words it holds against each ("hồ cá"), if need be with a thing or a `feature` behind; `trades`
    stand between a firm and its name ("quán cơm Bà Năm"). Of the `many`, each is another word, too, without its marks; of
    heads the `vague` ones."""

    def __init__(
        self, made: Sequence[Made], words: Mapping[str, Collection[str]], sorts: Mapping[str, Collection[str]]
    ) -> None:
        self._made: dict[str, list[_Pairs]] = {}
        for row in made:
            pairs = _Pairs(Spelled(row.first), Spelled(row.second), row.heads, row.led, row.firms)
            for word in pairs.first.plain:
                self._made.setdefault(word, []).append(pairs)
        self._seconds = Spelled({word for row in made for word in row.second})
        self._alone, self._titles, self._ranks, self._tails, self._callings, self._given = (
            Spelled(words[name]) for name in ("alone", "titles", "ranks", "tails", "callings", "given")
        )
        self._things, self._features, self._trades = (Spelled(words[name]) for name in ("things", "features", "trades"))
        self._nobody, self._counted, self._unlike, self._before, self._never, self._follows, self._many, self._vague = (
            _plains(words[name])
            for name in ("nobody", "counted", "unlike", "before", "never", "follows", "many", "vague")
        )
        people = (self._titles, self._ranks, self._callings, self._trades)
        self._before_people = frozenset((*self._made, *(word for listed in people for word in listed.plain)))
        self._sorted = Spelled(sorts)
        self._joints = Spelled([*words["before"], *words["follows"]])
        self._sorts = {plain(head): Spelled(against) for head, against in sorts.items()}

    def end(self, sentence: Sentence, head: int, at: int, bearer: Bearer) -> int:
        """Where the name ends that begins at word `at`, behind the words from `head` on that say what bears it; `at` when none
        begins there."""
        if not sentence.is_free(at) or (bearer is not Bearer.ROAD and self._joints.has_marked(sentence, head)):
            return at
        end = self._after_people(sentence, at, bearer)
        if not end and self._is_a_name(sentence, head, at, bearer):
            end = at + 1
        if not end and bearer in (Bearer.GROUND, Bearer.HAMLET):
            end = self._thing(sentence, head, at) or self._open(sentence, head, at)
        if end and sentence.is_free(end) and self._tails.has(sentence, end):
            end += 1
        return end or at

    def _after_people(self, sentence: Sentence, at: int, bearer: Bearer) -> int:
        """A person's name or two words that go together; a firm's may stand behind what it trades in ("quán cơm gà Bà Năm")."""
        for start in range(at, at + 1 + (_TRADE_WORDS if bearer is Bearer.FIRM else 0)):
            if sentence.words.plain[start] not in self._before_people:
                return 0
            end = (
                self._person(sentence, start, bearer)
                or self._called(sentence, start, bearer)
                or self._pair(sentence, start, bearer)
            )
            if end or not self._trades.has(sentence, start) or not sentence.is_free(start + 1):
                return end
        return 0

    def _is_a_name(self, sentence: Sentence, head: int, at: int, bearer: Bearer) -> bool:
        """Whether this one word is a name: a hamlet's, one behind a head that is part of it ("gò đình"), or one right before
        the unit ("cầu đá phường Ngô Mây")."""
        words = sentence.words
        if bearer is Bearer.HAMLET and self._alone.has(sentence, at) and not self._goes_on(words, at + 1):
            return True
        for pairs in self._made.get(words.plain[at - 1], ()):
            if pairs.led:
                fits = self._is_led(words, head) or (sentence.is_marked and self._ends(sentence, at + 1))
            else:
                fits = pairs.heads and not bearer.is_house()
            if fits and pairs.has(sentence, at - 1):
                return True
        if bearer.is_house() or at + 1 not in sentence.taken or words.between(at):
            return False
        surely_heads = self._sorted.has(sentence, at - 1) and not self._is_vague(sentence, at - 1)
        is_thing = surely_heads and self._things.has(sentence, at) and self._doubt(sentence, at) < _COMMONEST
        return is_thing or self._seconds.has(sentence, at)

    def _person(self, sentence: Sentence, at: int, bearer: Bearer) -> int:
        words = sentence.words
        ranked = bearer is not Bearer.ROAD and self._ranks.has(sentence, at) and not self._is_of_its_sort(sentence, at)
        if self._is_vague(sentence, at - 1) and not self._is_led(words, at - 1):
            ranked = False
        if not sentence.is_free(at + 1) or not (ranked or self._titles.has(sentence, at)):
            return 0
        name = words.plain[at + 1]
        is_number = sentence.then(at + 2) in self._counted
        if name in self._nobody or name[0].isdigit() or is_number or (ranked and name in self._unlike | self._counted):
            return 0
        return at + 2

    def _called(self, sentence: Sentence, at: int, bearer: Bearer) -> int:
        """Somebody's calling and given name, where one trades or lives; without marks the sentence must go on behind them,
        for "co lan" may be many things."""
        if bearer is Bearer.ROAD or not self._callings.has(sentence, at) or not sentence.goes_on(at + 1):
            return 0
        if not (self._given.has(sentence, at + 1) or self._ranks.has(sentence, at + 1)):
            return 0
        if not sentence.is_marked and not (bearer is Bearer.FIRM and self._ends(sentence, at + 2)):
            return 0
        return 0 if sentence.then(at + 2) in self._counted else at + 2

    def _pair(self, sentence: Sentence, at: int, bearer: Bearer) -> int:
        words = sentence.words
        if not sentence.is_free(at + 1):
            return 0
        if self._ranks.has(sentence, at) and words.plain[at + 1] == _TREE:  # "hẻm Ba Cây Dừa"
            return self._pair(sentence, at + 1, bearer)
        is_house = bearer.is_house()
        if is_house and (at in sentence.stops or at + 1 in sentence.stops):
            return 0
        begun = self._made.get(words.plain[at], ())
        found = any((pairs.firms or not is_house) and pairs.has(sentence, at) for pairs in begun)
        falls = words.plain[at] == _TREE and sentence.then(at + 2) in _FALLS
        return at + 2 if found and not falls else 0

    def _thing(self, sentence: Sentence, head: int, at: int) -> int:
        """A thing of the land that the place is called after, perhaps with another or with what it is like."""
        words = sentence.words
        if at in sentence.stops or not self._things.has(sentence, at):
            return 0
        if not self._sorted.has(sentence, at - 1) or self._is_of_its_sort(sentence, at):
            return 0
        sure = self._is_led(words, head) - self._is_vague(sentence, at - 1)
        doubt, second = self._doubt(sentence, at), self._doubt(sentence, at + 1)
        more = self._things.has(sentence, at + 1) or self._features.has(sentence, at + 1)
        if more and max(doubt, second) < _COMMONEST and sentence.goes_on(at + 1):
            return at + 2 if sure >= min(doubt, second) and self._ends(sentence, at + 2) else 0
        return at + 1 if sure >= doubt and self._ends(sentence, at + 1) else 0

    def _open(self, sentence: Sentence, head: int, at: int) -> int:
        """A word or two that no table knows, behind a word for where ("dien yeu o lang but, ...")."""
        words = sentence.words
        if not self._is_led(words, head):
            return 0
        for end in range(at + 1, at + 1 + _LONGEST_OPEN):
            if not sentence.is_free(end - 1) or self._is_no_name(words.plain[end - 1]):
                return 0
            if words.between(end - 1):
                return end
        return 0

    def _is_of_its_sort(self, sentence: Sentence, at: int) -> bool:
        against = self._sorts.get(sentence.words.plain[at - 1])
        return against is not None and against.has(sentence, at)

    def _doubt(self, sentence: Sentence, at: int) -> int:
        """How doubtful an unmarked word is: not at all, when it may be another one, when that is one of the commonest."""
        word = sentence.then(at)
        if sentence.is_marked or word not in self._many:
            return 0
        return _COMMONEST if word in self._follows or word in self._before else 1

    def _is_vague(self, sentence: Sentence, at: int) -> bool:
        return not sentence.is_marked and sentence.words.plain[at] in self._vague

    def _is_led(self, words: Words, head: int) -> bool:
        return head > 0 and words.plain[head - 1] in self._before and not words.between(head - 1)

    def _ends(self, sentence: Sentence, at: int) -> bool:
        """Whether a name must have ended before this word: behind it is a pause, a unit, a matter, or the sentence goes on."""
        return not sentence.goes_on(at) or sentence.then(at) in self._follows or sentence.then(at).isdigit()

    def _is_no_name(self, word: str) -> bool:
        return word in self._never or word in self._unlike or word in self._nobody or word[0].isdigit()

    def _goes_on(self, words: Words, at: int) -> bool:
        """Whether a word follows with which the one before it is no name ("xóm mới bị cúp điện")."""
        return at < len(words.plain) and not words.between(at - 1) and words.plain[at] in self._unlike
