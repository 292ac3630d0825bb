"""Clues: what the second look sees of one of the first few candidates, each a number with a message that says it."""

import math
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from bot.answering.marking.spanmodel import Spans
from bot.answering.marking.units import Unit
from bot.answering.query import Candidate, Expected, Query
from bot.retrieval.analysis import Shape, Token

LETTERS = 4  # of the pieces that words are compared by
_WORDS = re.compile(r"\w+")
_BLANKED = {code: " " for code in range(128) if not _WORDS.match(chr(code))}
"""What in ASCII parts words: with it they are found in a fifth of the time."""
_NAMES = frozenset(("name", "acronym", "first"))
_NUMBERS = frozenset(("number", "year", "small", "numbers", "mixed", "percent", "money", "numword"))
_DATES = frozenset(("year", "years", "decade", "month", "day"))
FITTING = {Expected.PERSON: _NAMES, Expected.PLACE: _NAMES, Expected.NUMBER: _NUMBERS, Expected.DATE: _DATES}
"""The looks of units of which an answer of each kind holds one; other kinds have none."""


class Seen(NamedTuple):
    """A candidate with its sentence's text and tokens, and what it speaks of: its title and the sentence before it."""

    candidate: Candidate
    text: str
    tokens: Sequence[Token]
    around: str


class Asked(NamedTuple):
    """A question as sentences are compared with it: its terms, its runs of letters as it was read, its numbers."""

    expected: Expected
    terms: frozenset[str]
    pieces: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, query: Query) -> "Asked":
        """A question, read once for all sentences."""
        return cls(query.expected, frozenset(query.terms), pieces(query.text), _numbers(query.tokens))


class Glance(NamedTuple):
    """What the clues look at: a question and one sentence, read as for marking."""

    asked: Asked
    seen: Seen
    sentence: Sequence[Unit]
    spans: Spans


class Clue(NamedTuple):
    """A clue: its name, what reads it, and the message that says it in words."""

    name: str
    value: Callable[[Glance], float]
    message: str


def evidence(glance: Glance) -> float:
    """The log of the sum of e to the score of each span: how much in the sentence looks like the answer."""
    return glance.spans.total


def room(glance: Glance) -> float:
    """The log of the number of spans, which the evidence grows with by itself."""
    return math.log(glance.spans.possible)


def fitting(glance: Glance) -> float:
    """The probability that the answer holds a word of the expected kind that the question lacks; 1 for questions that
    expect none."""
    looks, asked = FITTING.get(glance.asked.expected), glance.asked.terms
    if looks is None:
        return 1.0
    fits = np.cumsum([0, *[unit.look in looks and asked.isdisjoint(unit.terms) for unit in glance.sentence]])
    spans = glance.spans
    return float(spans.probability[fits[spans.last + 1] > fits[spans.first]].sum())


def letters(glance: Glance) -> float:
    """The share of the question's runs of LETTERS letters that the sentence, the one before or its title holds."""
    asked, words = glance.asked.pieces, _words(f"{glance.seen.text} {glance.seen.around}")
    return sum([piece in words for piece in asked]) / max(1, len(asked))


def contradicted(glance: Glance) -> float:
    """1 when the sentence holds numbers, and none of those that the question holds."""
    asked = glance.asked.numbers
    held = _numbers(glance.seen.tokens) if asked else asked
    return float(bool(held) and asked.isdisjoint(held))


def pieces(text: str) -> frozenset[str]:
    """The runs of LETTERS characters of the words in lower case, a blank at either end of each."""
    words = _words(text)
    return frozenset([words[place : place + LETTERS] for place in range(len(words) - LETTERS + 1)])


def _words(text: str) -> str:
    """The words of a text in lower case, between single blanks."""
    lower = text.lower()
    return f" {' '.join(lower.translate(_BLANKED).split() if lower.isascii() else _WORDS.findall(lower))} "


def _numbers(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset([token.term for token in tokens if token.shape is Shape.NUMBER or token.shape is Shape.YEAR])


CLUES = (
    Clue("evidence", evidence, "expected"),
    Clue("room", room, "expected"),
    Clue("fitting", fitting, "expected"),
    Clue("letters", letters, "likeness"),
    Clue("contradicted", contradicted, "numbers"),
)
