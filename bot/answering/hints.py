"""Hints: the words of a sentence that tell what kind of thing stands beside them, or that are of a kind themselves."""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntFlag
from typing import NamedTuple, Optional

from bot.answering.marking.units import AnswerWords
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzer
from bot.wordlists import WordLists

FOLDER = "evidence"


class Hint(IntFlag):
    """What words tell: units, which follow their numbers, and words that answer or introduce an answer."""

    MONEY = 1
    LENGTH = 2
    AREA = 4
    WEIGHT = 8
    SPEED = 16
    TEMPERATURE = 32
    SHARE = 64
    SPAN = 128  # units of time
    MEASURE = 256  # other units
    NUMWORD = 512
    QUANTITY = 1024  # "several", "a third": numbers in a way
    ORDINAL = 2048
    MONTH = 4096
    DAY = 8192
    TIME = 16384  # "yesterday", "since": times in a way
    CLOCK = 32768
    OFTEN = 65536
    OLD = 131072  # tells an age
    LANGUAGE = 262144
    COLOUR = 524288
    AT = 1048576  # a place follows
    SPOT = 2097152  # a noun for a place
    ROLE = 4194304  # a noun for a person, whose name may follow
    CAUSE = 8388608  # a reason follows
    MOTIVE = 16777216  # a reason may follow
    CONTACT = 33554432
    FREE = 67108864  # a price without a number
    INNER = 134217728  # a place follows, and no person
    NAMING = 268435456  # a name follows


UNITS = (
    Hint.MONEY
    | Hint.LENGTH
    | Hint.AREA
    | Hint.WEIGHT
    | Hint.SPEED
    | Hint.TEMPERATURE
    | Hint.SHARE
    | Hint.SPAN
    | Hint.MEASURE
)
HINTS = {hint.name.lower(): hint for hint in Hint if hint.name}


class Phrase(NamedTuple):
    """Several terms side by side that tell one thing."""

    terms: tuple[str, ...]
    hint: Hint


class HintWords:
    """The hints of one language: by term, and of several terms side by side by the first of them.

    From evidence/<code>.txt, lines of `words = hint`, and answer-words/<code>.txt.
    """

    def __init__(self, terms: Mapping[str, int], phrases: Sequence[Phrase]) -> None:
        self.terms = terms
        self.phrases: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            self.phrases.setdefault(phrase.terms[0], []).append(phrase)
        self._parts: dict[int, HintWords] = {}

    @classmethod
    def of(cls, lists: WordLists, analyzer: Analyzer) -> Optional["HintWords"]:
        """The hints of an analyzer's language; None when it has no list of its own."""
        name = f"{FOLDER}/{analyzer.language}.txt"
        lines = lists.lines(name)
        if not lines:
            return None
        entries = [_entry(name, line) for line in lines]
        words = AnswerWords(lists, analyzer.language)
        entries += [(word, HINTS[kind]) for word, kind in words.kinds.items()]
        entries += [(" ".join(cause), Hint.CAUSE) for cause in words.causes]
        terms: dict[str, int] = {}
        phrases: list[Phrase] = []
        for text, hint in entries:
            found = tuple(token.term for token in analyzer.tokens(text))
            if len(found) > 1:
                phrases.append(Phrase(found, hint))
            elif found:
                terms[found[0]] = terms.get(found[0], 0) | hint
        return cls(terms, phrases)

    def part(self, hint: Hint) -> "HintWords":
        """Those of the words that tell one of these hints; made once."""
        wanted = int(hint)
        if wanted not in self._parts:
            terms = {term: told for term, told in self.terms.items() if told & wanted}
            phrases = [phrase for own in self.phrases.values() for phrase in own if phrase.hint & wanted]
            self._parts[wanted] = HintWords(terms, phrases)
        return self._parts[wanted]

    def any(self, hint: Hint, terms: Iterable[str]) -> bool:
        """Whether one of the terms tells this hint."""
        return any(self.terms.get(term, 0) & hint for term in terms)

    def unit(self, term: str) -> Hint | None:
        """The unit that a term is; None for a term that is none."""
        found = self.terms.get(term, 0) & UNITS
        return Hint(found & -found) if found else None


def _entry(name: str, line: str) -> tuple[str, Hint]:
    words, equals, hint = (part.strip() for part in line.partition("="))
    if not equals or hint not in HINTS:
        raise SettingsError(f'{name}: "{line}": expected a line words = hint, of {", ".join(HINTS)}')
    return words, HINTS[hint]
