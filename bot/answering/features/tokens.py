"""The tokens of the candidates' sentences: what each is, and what is counted and joined over those of a sentence."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.answering.features.sentences import Ints
from bot.answering.vocabulary import NO_WORD, numbered
from bot.articles.article import Sentence
from bot.retrieval.analysis import Shape
from bot.retrieval.keys import BLANK, Keys

Floats = npt.NDArray[np.float64]

STOP = ord(Shape.STOP.value)
FAR = 99  # tokens: farther apart is all the same
BEGINNING = 4  # bytes by which the beginnings of words are compared at once


class Tokens:
    """Every token of the candidates' sentences, in one row, candidate after candidate."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        *,
        keys: Keys,
        shape: npt.NDArray[np.uint8],
        word: Ints,
        counts: Ints,
        terms: int,
    ) -> None:
        """`keys`, `shape` and `word` are of each token: its word's key, its shape, the number of the question's word
        that it is or NO_WORD; `counts` are of each sentence, and the question's first `terms` words are its terms."""
        self.vocabulary, self.term = numbered(keys)
        """The distinct words, and for each token the number of its own."""
        self.shape = shape
        self.word = word
        self.asked = np.where(word < terms, word, NO_WORD)
        """[tokens] the number of the question's term that each is, or NO_WORD."""
        self.candidate = np.repeat(np.arange(len(counts)), counts)
        """[tokens] whose sentence each stands in."""
        self.content = np.flatnonzero(shape != STOP)
        """The places of the tokens that are no stop words."""
        self.new = self.content[self.asked[self.content] < 0]
        """The places of those of them that are none of the question's."""
        self._sentences = sentences
        self._counts = counts

    def sums(self, places: Ints, values: Floats) -> Floats:
        """[candidates] the sums of `values` (one for each token in `places`) in each sentence."""
        total = np.bincount(self.candidate[places], weights=values, minlength=len(self._counts))
        return np.asarray(total, dtype=np.float64)

    def count(self, places: Ints) -> Ints:
        """[candidates] how many of the tokens in `places` stand in each sentence."""
        return np.bincount(self.candidate[places], minlength=len(self._counts))

    def joined(self, places: Ints, values: Floats, join: np.ufunc) -> Floats:
        """[candidates, columns] for each sentence `join` over the rows of `values` (one for each token in `places`,
        which rise); 0 where there are none."""
        found = np.zeros((len(self._counts), values.shape[1]))
        if len(places):
            candidate = self.candidate[places]
            starts = starts_of(candidate)
            found[candidate[starts]] = join.reduceat(values, starts, axis=0)
        return found

    def said(self, words: Ints, columns: Ints, values: Floats, *, count: int) -> tuple[Ints, Floats]:
        """The places of the tokens of which something is said, and [places, count] what: of the word with each of these
        numbers, in that column, that value."""
        says = np.zeros((len(self.vocabulary.keys), count))
        says[words, columns] = values
        is_told = np.zeros(len(says), dtype=np.bool_)
        is_told[words] = True
        told = np.flatnonzero(is_told[self.term])
        return told, says[self.term[told]]

    @cached_property
    def distance(self) -> Ints:
        """[tokens] tokens from each to the nearest of the question's in its sentence, FAR at most and where there is
        none."""
        matched = self.asked >= 0
        place = np.arange(len(matched)) + FAR * self.candidate  # other sentences' tokens are FAR away
        beyond = len(matched) + FAR * (len(self._counts) + 1)
        last = np.maximum.accumulate(np.where(matched, place, -FAR))
        following = np.minimum.accumulate(np.where(matched, place, beyond)[::-1])[::-1]
        return np.asarray(np.minimum(np.minimum(place - last, following - place), FAR), dtype=np.int64)

    @cached_property
    def distance_from_start(self) -> Ints:
        """[tokens] how many tokens stand before each one in its sentence."""
        return np.arange(len(self.term)) - np.repeat(np.cumsum(self._counts) - self._counts, self._counts)

    def word_at(self, place: int | np.int64) -> str:
        """The word of the token at a place."""
        start = self._starts[place]
        return self._text[start : self._text.find(b" ", start)].decode()

    def beginning_with(self, letters: str) -> list[tuple[int, str]]:
        """The words of the vocabulary that begin with these letters, BEGINNING or more, each with its number."""
        start = int.from_bytes(letters.encode()[:BEGINNING], "little")
        numbers = np.flatnonzero(self._beginnings == start).tolist()
        words = [(number, self.word_at(self.vocabulary.places[number])) for number in numbers]
        return [(number, word) for number, word in words if word.startswith(letters)]

    @cached_property
    def _text(self) -> bytes:
        """The words in UTF-8, token after token, a blank before each and behind the last."""
        return " ".join(["", *[sentence.terms for sentence in self._sentences if sentence.terms], ""]).encode()

    @cached_property
    def _starts(self) -> Ints:
        """[tokens] where each begins in the text."""
        return np.flatnonzero(np.frombuffer(self._text, dtype=np.uint8) == BLANK)[:-1] + 1

    @cached_property
    def _beginnings(self) -> npt.NDArray[np.uint32]:
        """[vocabulary] the first bytes of each word as a number."""
        held = self._text + bytes(BEGINNING)
        windows: npt.NDArray[np.uint32] = np.ndarray(len(self._text) + 1, dtype="<u4", buffer=held, strides=(1,))
        return windows[self._starts[self.vocabulary.places]]


def starts_of(rows: Ints) -> Ints:
    """The places where a row begins that is another one than that before it."""
    return np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1]))) if len(rows) else rows
