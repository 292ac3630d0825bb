"""Seeking: from the words of a question to the kind of thing that it seeks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.answering.hints import Hint, HintWords
from bot.answering.interrogatives import PLURALS, Word, surface
from bot.answering.query import Expected
from bot.answering.sought import Kind, Sought
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzer, Shape, fold
from bot.wordlists import WordLists

FOLDER = "sought"
NO_HINTS = HintWords({}, ())
TOLD_BY_SHAPE = frozenset((Kind.PERSON, Kind.PLACE, Kind.NUMBER, Kind.DATE))
"""The kinds that capital letters and digits tell without lists."""
ANYWHERE = "... "
"""How a list marks a word that may stand anywhere behind the question word ("what did it *cost*")."""
LONGEST_RUN = 4  # content words behind a question word among which its noun is looked for
COUNTED = 2  # content words behind "how many" that name what is counted ("tribunal cases")
KIND_OF_EXPECTED = {
    Expected.PERSON: Kind.PERSON,
    Expected.PLACE: Kind.PLACE,
    Expected.NUMBER: Kind.NUMBER,
    Expected.DATE: Kind.DATE,
    Expected.REASON: Kind.REASON,
}
KIND_OF_UNIT = {
    Hint.MONEY: Kind.MONEY,
    Hint.SPAN: Kind.DURATION,
    Hint.LENGTH: Kind.LENGTH,
    Hint.AREA: Kind.AREA,
    Hint.WEIGHT: Kind.WEIGHT,
    Hint.SPEED: Kind.SPEED,
    Hint.TEMPERATURE: Kind.TEMPERATURE,
    Hint.SHARE: Kind.SHARE,
}
"""What "how many" asks for when a unit is counted: "how many kilometres" is a length."""


MEASURES = frozenset(KIND_OF_UNIT.values())
COUNTING = (Kind.NUMBER, Kind.COUNT)


class Asking(NamedTuple):
    """How a question asks: the kind of answer, the question word or phrase ("" without one) and the term of its noun as
    they were read; whether the word leaves it to a noun what is asked for, or there is none; whether its first word
    asks for a person; and what tells a verb, which ends a noun."""

    expected: Expected
    phrase: str
    head: str
    is_open: bool
    is_who: bool
    is_verb: Callable[[Word], bool]


class Seeker:
    """Tells what questions of one language seek, by its list sought/<code>.txt, lines of `words = kind`.

    Several words are looked for side by side ("how old"), a single one is the noun that is asked for ("which *fine*"),
    one behind "... " may stand anywhere behind a question word that leaves the kind open ("what did it *cost*").
    """

    def __init__(self, lists: WordLists, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._phrases: dict[tuple[str, ...], Kind] = {}
        self._nouns: dict[str, Kind] = {}
        self._anywhere: dict[str, Kind] = {}
        for words, kind in _lines(lists, f"{FOLDER}/{analyzer.language}.txt"):
            self._add(words, kind)
        self._longest = max(map(len, self._phrases), default=0)
        self._hints = HintWords.of(lists, analyzer)

    def seek(self, words: Sequence[Word], asking: Asking) -> Sought:
        """What a question of these words seeks. A language without lists has the kinds alone that capital letters and
        digits tell."""
        expected = asking.expected
        if self._hints is None:
            kind = KIND_OF_EXPECTED.get(expected, Kind.ANYTHING)
            return Sought(kind, hints=NO_HINTS) if kind in TOLD_BY_SHAPE else Sought()
        behind = words[_behind(words, asking.phrase) :]
        named = self._phrase(words) or self._noun(behind, asking)
        is_role = self._hints.any(Hint.ROLE, (word.token.term for word in behind))
        if expected is Expected.DEFINITION and named is None:
            return Sought(Kind.PERSON, hints=self._hints) if asking.is_who and is_role else Sought()
        if named is Kind.NAME and is_role:
            named = Kind.CALLED  # "the name of the *guard*"
        kind = named or self._told(behind, asking)
        is_counting = kind in COUNTING and expected is Expected.NUMBER and asking.phrase
        counted = _counted(behind) if is_counting else frozenset[str]()
        unit = next((unit for term in counted if (unit := self._hints.unit(term)) is not None), None)
        return Sought(kind if unit is None else KIND_OF_UNIT.get(unit, kind), counted, self._hints)

    def _told(self, behind: Sequence[Word], asking: Asking) -> Kind:
        """The kind that a word behind the question word tells, or the question word itself."""
        mentioned = self._mentioned(behind, asking)
        own = self._listed(asking.phrase, self._nouns) if asking.phrase else None
        return mentioned or own or KIND_OF_EXPECTED.get(asking.expected, Kind.ANYTHING)

    def _phrase(self, words: Sequence[Word]) -> Kind | None:
        """The kind that words side by side name, the longest first; None where none are listed."""
        said = [word.said for word in words]
        for length in range(self._longest, 1, -1):
            for place in range(len(said) - length + 1):
                if (kind := self._phrases.get(tuple(said[place : place + length]))) is not None:
                    return kind
        return None

    def _noun(self, behind: Sequence[Word], asking: Asking) -> Kind | None:
        """The kind of the noun that is asked for; of "how much" a measure alone ("how much *money*"). Bare keywords ask
        for their last one ("driver *age*")."""
        if not asking.phrase:
            is_bare = bool(behind) and behind[0].token.shape is not Shape.STOP
            return self._listed(behind[-1].said, self._nouns) if is_bare else None
        if not asking.is_open and asking.expected is not Expected.NUMBER:
            return None
        run = _run(behind)
        verb = next((place for place, word in enumerate(run) if asking.is_verb(word)), len(run))
        nouns = [word.said for word in behind if word.token.term == asking.head][:1]
        nouns += [word.said for word in reversed(run[: max(verb, 1)])]
        kinds = [self._listed(noun, self._nouns) for noun in nouns]
        return next((kind for kind in kinds if kind is not None and (asking.is_open or kind in MEASURES)), None)

    def _mentioned(self, behind: Sequence[Word], asking: Asking) -> Kind | None:
        """The kind that a word anywhere behind an open question word tells; in English where no noun stands right
        behind that ("which *clerk* was paid")."""
        is_english = self._analyzer.language == "en"
        has_noun = is_english and bool(behind) and behind[0].token.shape is not Shape.STOP and " " not in asking.phrase
        is_open = asking.expected is Expected.ANYTHING and not has_noun
        if not asking.phrase or not (is_open or asking.expected in (Expected.NUMBER, Expected.DATE)):
            return None
        found = (self._listed(word.said, self._anywhere) for word in behind)
        return next((kind for kind in found if kind is not None and _goes_with(kind, asking.expected)), None)

    def _listed(self, said: str, kinds: Mapping[str, Kind]) -> Kind | None:
        return next((kinds[reading] for reading in self._readings(said) if reading in kinds), None)

    def _add(self, words: str, kind: Kind) -> None:
        if words.startswith(ANYWHERE):
            self._anywhere[self._readings(fold(words.removeprefix(ANYWHERE)))[0]] = kind
            return
        said = surface(words, self._analyzer.tokens(words))
        if len(said) > 1:
            self._phrases[said] = kind
        else:
            self._nouns[self._readings(fold(words))[0]] = kind

    def _readings(self, said: str) -> list[str]:
        """What a word may be listed as: its term, in English its singulars, since a stem is another word's too."""
        if self._analyzer.language != "en":
            return [self._analyzer.term(said)]
        base = self._analyzer.base(said)
        return [base, *(base.removesuffix(end) + own for end, own in PLURALS if base.endswith(end))]


def _goes_with(kind: Kind, expected: Expected) -> bool:
    """Whether a kind that a word tells can be that of such a question: a "when" asks for a time whatever follows."""
    return (kind is Kind.YEAR) is (expected is Expected.DATE) or expected is Expected.ANYTHING


def _behind(words: Sequence[Word], phrase: str) -> int:
    """The place behind the question word; 0 without one."""
    parts = phrase.split()
    for place in range(len(words) - len(parts) + 1):
        if parts and [word.said for word in words[place : place + len(parts)]] == parts:
            return place + len(parts)
    return 0


def _counted(behind: Sequence[Word]) -> frozenset[str]:
    """The terms of the first content words behind "how many", side by side."""
    return frozenset([word.token.term for word in _run(behind)[:COUNTED]])


def _run(words: Sequence[Word]) -> list[Word]:
    """The first content words, side by side, that are at most so many."""
    start = next((place for place, word in enumerate(words) if word.token.shape is not Shape.STOP), len(words))
    end = next((place for place in range(start, len(words)) if words[place].token.shape is Shape.STOP), len(words))
    return list(words[start : min(end, start + LONGEST_RUN)])


def _lines(lists: WordLists, name: str) -> Iterable[tuple[str, Kind]]:
    for line in lists.lines(name):
        words, equals, kind = line.rpartition("=")
        if not equals or kind.strip() not in set(Kind):
            raise SettingsError(f'{name}: "{line}": expected a line words = kind, the kinds are {", ".join(Kind)}')
        yield words.strip(), Kind(kind.strip())
