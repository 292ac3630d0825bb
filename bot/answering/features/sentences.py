"""The sentences at hand: those that the features of a question's candidates look at, and where each one stands."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.answering.query import Pool
from bot.articles.article import Kind, Sentence, StoredPassage

Ints = npt.NDArray[np.int64]

NONE = -1
"""In the place of a row where there is none."""


class Rows(NamedTuple):
    """For each candidate the rows of its sentence and its neighbours (the last row is an empty sentence)."""

    own: Ints
    before: Ints
    after: Ints
    passage: Ints
    article: Ints


class SentencesAtHand:
    """The sentences at hand: those of the hits' passages, then the neighbours that stand in other passages."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        numbers = dict.fromkeys([hit.passage for hit in pool.hits])
        self.passages = [pool.passages[number] for number in numbers]
        self.articles = list(dict.fromkeys([passage.article for passage in self.passages]))
        self.sentences: list[Sentence] = []
        self.passage_starts: list[int] = []
        self.passage_ends: list[int] = []
        self._place = {passage.number: place for place, passage in enumerate(self.passages)}
        self._row: dict[tuple[int, int], int] = {}  # where a row does not follow from the passage's first one
        for passage in self.passages:
            start = len(self.sentences)
            prose = [sentence for sentence in passage.sentences if sentence.kind is Kind.PROSE]
            if len(prose) < len(passage.sentences):
                places = [i for i, sentence in enumerate(passage.sentences) if sentence.kind is Kind.PROSE]
                self._row.update({(passage.number, place): start + i for i, place in enumerate(places)})
            self.sentences += prose
            self.passage_starts.append(start)
            self.passage_ends.append(len(self.sentences))

    def rows(self) -> Rows:
        """The rows of each hit."""
        hits = self._pool.hits
        place_of = [self._place[hit.passage] for hit in hits]
        own = _ints([self._row_of(hit.passage, hit.position) for hit in hits])
        passage = _ints(place_of)
        articles = {article: place for place, article in enumerate(self.articles)}
        article_of = _ints([articles[one.article] for one in self.passages])
        is_first = own == _ints(self.passage_starts)[passage]
        is_last = own == _ints(self.passage_ends)[passage] - 1
        before = np.where(is_first, self._edges(passage[is_first], -1)[passage], own - 1)
        after = np.where(is_last, self._edges(passage[is_last], 1)[passage], own + 1)
        empty = len(self.sentences)
        return Rows(
            own=own,
            before=np.where(before == NONE, empty, before),
            after=np.where(after == NONE, empty, after),
            passage=passage,
            article=article_of[passage],
        )

    def _row_of(self, passage: int, position: int) -> int:
        """The row of a sentence of prose of one of the hits' passages."""
        row = self._row.get((passage, position)) if self._row else None
        return self.passage_starts[self._place[passage]] + position if row is None else row

    def _edges(self, places: Ints, step: int) -> Ints:
        """[passages] for those in `places` the rows of the sentences just before (-1) or just after (1)."""
        rows = np.full(len(self.passages), NONE)
        for place in dict.fromkeys(places.tolist()):
            rows[place] = self._edge(self.passages[place], step)
        return rows

    def _edge(self, passage: StoredPassage, step: int) -> int:
        """The row of the nearest sentence of the passage before (-1) or after (1), when it is the same article's; NONE
        without one."""
        other = self._pool.passages.get(passage.number + step)
        if other is None or other.article != passage.article:
            return NONE
        places = range(len(other.sentences) - 1, -1, -1) if step < 0 else range(len(other.sentences))
        position = next((place for place in places if other.sentences[place].kind is Kind.PROSE), None)
        if position is None:
            return NONE
        if other.number in self._place:
            return self._row_of(other.number, position)
        key = (other.number, position)
        if key not in self._row:
            self._row[key] = len(self.sentences)
            self.sentences.append(other.sentences[position])
        return self._row[key]


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
