"""Correction: words of a question that the library does not hold, matched to those that it does."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import msgspec

from bot.answering.answer import Change
from bot.answering.query import Query
from bot.retrieval.analysis import Analyzers, Shape, Token, whole
from bot.retrieval.engine import TermCount

SHORTEST = 4  # letters of a word that is corrected; of shorter ones too many words are one letter away
SHORTEST_FOR_TWO = 8  # letters of a word that may be two edits away
MOST_CANDIDATES = 64


class Vocabulary(Protocol):
    """What a correction asks of an engine."""

    def count(self, terms: Sequence[str]) -> list[TermCount]:
        """How common each term is, in the order given."""

    def similar(self, term: str, *, distance: int) -> list[str]:
        """The library's own terms within so many edits of `term`, nearest first."""

    def together(self, terms: Sequence[str], others: Sequence[str]) -> list[float]:
        """For each term the summed idf of the `others` in the best sentence that holds it; 0 when none does."""


class Correction(NamedTuple):
    """A query with the words that the library knows, and what was changed."""

    query: Query
    changes: tuple[Change, ...]


class _Reading(NamedTuple):
    """What a word is taken for: the kind of change, the terms that take its place, and the word as it is shown."""

    kind: str
    terms: tuple[str, ...]
    shown: str


class Corrector:
    """Corrects queries against the vocabulary of one library."""

    def __init__(self, engine: Vocabulary, analyzers: Analyzers) -> None:
        self._engine = engine
        self._analyzers = analyzers

    def correct(self, query: Query) -> Correction:
        """The query with each term that the library lacks replaced by the likeliest of those that it holds.

        A term that the library holds stays, and so does one for which nothing near shares a sentence with another
        term of the question. Without a change the query comes back as it was.
        """
        tokens = whole(query.tokens)
        content = [token for token in tokens if token.shape is not Shape.STOP]
        counts = self._engine.count([token.term for token in content])
        held = [token.term for token, count in zip(content, counts, strict=True) if count.passages]
        if len(held) == len(content):
            return Correction(_without_parts(query, tokens), ())
        readings: dict[str, _Reading] = {}
        for token, count in zip(content, counts, strict=True):
            if not count.passages and token.term not in readings:
                others = list(dict.fromkeys(term for term in held if term != token.term))
                reading = self._reading(query, token, others)
                if reading is not None:
                    readings[token.term] = reading
        return _corrected(query, tokens, readings)

    def _reading(self, query: Query, token: Token, others: Sequence[str]) -> _Reading | None:
        """The likeliest reading of a token whose term the library lacks; None when there is none."""
        if len(token.term) < SHORTEST or token.shape in (Shape.NUMBER, Shape.YEAR):
            return None
        word = query.text[token.start : token.end]
        for distance in (1, 2) if len(token.term) >= SHORTEST_FOR_TWO else (1,):
            candidates = self._engine.similar(token.term, distance=distance)[:MOST_CANDIDATES]
            best = self._best(candidates, others)
            if best:
                return _Reading("spelling", (best,), _shown(word, token.term, best))
        return None

    def _best(self, candidates: Sequence[str], others: Sequence[str]) -> str:
        """The candidate whose best sentence holds most of the question's other terms, then the commonest; "" when
        none shares a sentence with any of them. A question of one term has no others: then the commonest."""
        if not candidates:
            return ""
        counts = self._engine.count(candidates)
        shared = self._engine.together(candidates, others) if others else [1.0] * len(candidates)
        score, _, place = max(
            (score, count.sentences, -place) for place, (score, count) in enumerate(zip(shared, counts, strict=True))
        )
        return candidates[-place] if score > 0 else ""


def _shown(word: str, term: str, best: str) -> str:
    """The corrected term as a word of the question: what the stem took off at the word's end is put back."""
    folded = word.lower()
    return best + folded[len(term) :] if folded.startswith(term) else best


def _without_parts(query: Query, tokens: Sequence[Token]) -> Query:
    """The query without the words of phrases that one term stands for."""
    if len(tokens) == len(query.tokens):
        return query
    return msgspec.structs.replace(query, tokens=tuple(tokens), terms=_distinct(tokens))


def _corrected(query: Query, tokens: Sequence[Token], readings: dict[str, _Reading]) -> Correction:
    replaced: list[Token] = []
    for token in tokens:
        replaced.extend(_read_as(token, readings))
    changes = [
        Change(reading.kind, query.text[token.start : token.end], reading.shown)
        for token in tokens
        if (reading := readings.get(token.term)) and token.shape is not Shape.STOP
    ]
    changed = msgspec.structs.replace(query, tokens=tuple(replaced), terms=_distinct(replaced))
    return Correction(changed, tuple(dict.fromkeys(changes)))


def _read_as(token: Token, readings: dict[str, _Reading]) -> Iterator[Token]:
    reading = readings.get(token.term) if token.shape is not Shape.STOP else None
    if reading is None:
        yield token
    else:
        for term in reading.terms:
            yield token._replace(term=term)


def _distinct(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token.term for token in tokens if token.shape is not Shape.STOP))
