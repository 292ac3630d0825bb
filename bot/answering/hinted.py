"""Hinted: the tokens of sentences with what each hints at, as their fitness sees them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.answering.hints import UNITS, Hint, HintWords
from bot.answering.query import Query
from bot.retrieval.analysis import Shape

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.uint8]

STOP, LOWER = ord(Shape.STOP.value), ord(Shape.LOWER.value)
CAPITALISED, ACRONYM = ord(Shape.CAPITALISED.value), ord(Shape.ACRONYM.value)
NUMBER, YEAR = ord(Shape.NUMBER.value), ord(Shape.YEAR.value)
THOUSANDS = "000"
FEW, MANY = 3, 5  # digits of a number that may be an age or an hour, and of one that may be a telephone's


@dataclass(frozen=True)
class Hinted:
    """The tokens of some sentences: what each hints at, its shape, its sentence, and whether it is new to the question,
    whether the question counts it, whether it opens a sentence and stands in another without a capital letter.

    `length` makes, for those kinds that ask, [tokens] the digits of each number, 0 for other tokens.
    `is_signed`: whether the hints hold the signs that stand beside numbers in the text.
    """

    hints: Ints
    shape: Shapes
    row: Ints
    fresh: Flags
    counted: Flags
    common: Flags
    length: Callable[[], Ints]
    is_signed: bool = False

    def has(self, *hints: Hint) -> Flags:
        """[tokens] whether each hints at one of these."""
        return np.asarray((self.hints & sum(map(int, hints))) != 0)

    def near(self, values: Ints, step: int) -> Ints:
        """[tokens] the values of the tokens so many places on (back, where negative), 0 beyond the sentence."""
        moved = np.zeros_like(values)
        if abs(step) < len(values):
            here, there = _apart(step)
            np.multiply(values[there], self.row[here] == self.row[there], out=moved[here])
        return moved

    def flag(self, flags: Flags, *steps: int) -> Flags:
        """[tokens] whether a token that is one of so many places on is flagged."""
        found = np.zeros(len(flags), dtype=np.bool_)
        for step in steps:
            if abs(step) < len(flags):
                here, there = _apart(step)
                found[here] |= flags[there] & (self.row[here] == self.row[there])
        return found

    @cached_property
    def few(self) -> Flags:
        """[tokens] whether each is a number of so few digits that it may be an age, a day or an hour."""
        return np.asarray((self._length > 0) & (self._length <= FEW))

    @cached_property
    def many(self) -> Flags:
        """[tokens] whether each is a number of so many digits that it may be a telephone's."""
        return np.asarray(self._length >= MANY)

    @cached_property
    def digits(self) -> Flags:
        """[tokens] whether each is a number in digits."""
        return np.asarray((self.shape == NUMBER) | (self.shape == YEAR))

    @cached_property
    def numbers(self) -> Flags:
        """[tokens] whether each is a number, in digits or a word, that is new to the question."""
        return np.asarray((self.digits | self.has(Hint.NUMWORD)) & self.fresh)

    @cached_property
    def units(self) -> Ints:
        """[tokens] the units of a number that stands there."""
        own = self.hints & int(UNITS)
        first, second = self.near(own, 1), self.near(own, 2)
        behind = np.where((first != 0) | self.flag(self.digits, 1), first, second)
        before = self.near(own, -1) & int(Hint.MONEY)
        is_number = self.digits | self.has(Hint.NUMWORD)
        return np.where(is_number, own | behind | before, 0)

    @cached_property
    def names(self) -> Flags:
        """[tokens] whether each looks like part of a name that is new to the question."""
        capital = (self.shape == CAPITALISED) | (self.shape == ACRONYM)
        capital &= ~(self.first & self.has(Hint.QUANTITY, Hint.TIME, Hint.ROLE))  # "Nobody", "Yesterday", "Residents"
        return np.asarray(capital & self.fresh & ~self.has(Hint.MONTH, Hint.DAY, Hint.NUMWORD, Hint.ORDINAL))

    @cached_property
    def _length(self) -> Ints:
        return self.length()

    @cached_property
    def first(self) -> Flags:
        """[tokens] whether each is the first of its sentence, whose capital letter says nothing."""
        return np.asarray(np.diff(self.row, prepend=-1) != 0)


def _apart(step: int) -> tuple[slice, slice]:
    """The tokens that have another one so many places on, and those other ones."""
    return (slice(None, -step), slice(step, None)) if step > 0 else (slice(-step, None), slice(None, step))


def hinted(query: Query, needed: Hint, vocabulary: Mapping[str, int], term: Ints, shape: Shapes, row: Ints) -> Hinted:
    """The tokens of sentences with those of the hints that are needed; with none where the question's language has no
    lists.

    `term` holds each token's number in `vocabulary`, `shape` its shape's code, `row` its sentence's number.
    """
    sought = query.sought
    said = {token.term for token in query.tokens}.union(query.terms)
    return Hinted(
        hints=np.zeros_like(term) if sought.hints is None else _hints(sought.hints.part(needed), vocabulary, term),
        shape=shape,
        row=row,
        fresh=~_among(said, vocabulary)[term],
        counted=_among(sought.counted, vocabulary)[term],
        common=opens_as_common(len(vocabulary), term, shape, row),
        length=lambda: _lengths(vocabulary, term, shape),
    )


def _hints(words: HintWords, vocabulary: Mapping[str, int], term: Ints) -> Ints:
    """[tokens] what each hints at, by itself or as part of a phrase."""
    told = np.zeros(len(vocabulary), dtype=np.int64)
    for word in words.terms.keys() & vocabulary.keys():
        told[vocabulary[word]] = words.terms[word]
    found = told[term]
    for first in words.phrases.keys() & vocabulary.keys():
        places = np.flatnonzero(term == vocabulary[first])
        for phrase in words.phrases[first]:
            if all(word in vocabulary for word in phrase.terms):
                tell(found, term, places, [vocabulary[word] for word in phrase.terms], int(phrase.hint))
    return found


def tell(found: Ints, term: Ints, places: Ints, numbers: Sequence[int], hint: int) -> None:
    """Add what a phrase tells to each of its tokens, where one of these places begins it."""
    places = places[places <= len(term) - len(numbers)]
    for step, number in enumerate(numbers[1:], start=1):
        places = places[term[places + step] == number]
    for step in range(len(numbers)):
        found[places + step] |= hint


def _among(words: Iterable[str], vocabulary: Mapping[str, int]) -> Flags:
    """[words of the vocabulary] whether each is one of these."""
    flags = np.zeros(len(vocabulary), dtype=np.bool_)
    flags[[vocabulary[word] for word in words if word in vocabulary]] = True
    return flags


def opens_as_common(words: int, term: Ints, shape: Shapes, row: Ints) -> Flags:
    """[tokens] whether each opens its sentence and stands elsewhere in lower case: its capital letter makes no name."""
    lower = np.zeros(words, dtype=np.bool_)
    lower[term[shape == LOWER]] = True
    return np.asarray(lower[term] & (np.diff(row, prepend=-1) != 0))


def _lengths(vocabulary: Mapping[str, int], term: Ints, shape: Shapes) -> Ints:
    """[tokens] the digits of each number, 0 for other tokens and for thousands, which number nothing."""
    is_number = (shape == NUMBER) | (shape == YEAR)
    words = list(vocabulary)
    lengths = np.zeros(len(words), dtype=np.int64)
    for number in set(term[is_number].tolist()):
        lengths[number] = 0 if words[number].endswith(THOUSANDS) else len(words[number])
    return np.where(is_number, lengths[term], 0)
