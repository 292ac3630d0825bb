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


class Glance(NamedTuple):
    """What the clues look at: a question and one sentence, read as for marking."""

    query: Query
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
    looks = FITTING.get(glance.query.expected)
    if looks is None:
        return 1.0
    asked = set(glance.query.terms)
    fits = np.cumsum([0, *(unit.look in looks and asked.isdisjoint(unit.terms) for unit in glance.sentence)])
    spans = glance.spans
    return float(spans.probability[fits[spans.last + 1] > fits[spans.first]].sum())


def letters(glance: Glance) -> float:
    """The share of the question's runs of LETTERS letters that the sentence, the one before or its title holds."""
    asked = pieces(glance.query.text)
    return len(asked & pieces(f"{glance.seen.text} {glance.seen.around}")) / max(1, len(asked))


def contradicted(glance: Glance) -> float:
    """1 when the sentence holds numbers, and none of those that the question holds."""
    asked = _numbers(glance.query.tokens)
    held = _numbers(glance.seen.tokens)
    return float(bool(asked) and bool(held) and asked.isdisjoint(held))


def pieces(text: str) -> set[str]:
    """The runs of LETTERS characters of the folded words, a blank at either end of each."""
    words = f" {' '.join(_WORDS.findall(text.lower()))} "
    return {words[place : place + LETTERS] for place in range(len(words) - LETTERS + 1)}


def _numbers(tokens: Sequence[Token]) -> set[str]:
    return {token.term for token in tokens if token.shape in (Shape.NUMBER, Shape.YEAR)}


CLUES = (
    Clue("evidence", evidence, "expected"),
    Clue("room", room, "expected"),
    Clue("fitting", fitting, "expected"),
    Clue("letters", letters, "likeness"),
    Clue("contradicted", contradicted, "numbers"),
)
