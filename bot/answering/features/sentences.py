"""The sentences at hand: those that the features of a question's candidates look at, and where each one stands."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.answering.query import Pool
from bot.articles.article import Kind, Sentence, StoredPassage

Ints = npt.NDArray[np.int64]

PROSE = Kind.PROSE  # as a name of the module it is found at once

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
        self.passages = [pool.passages[number] for number in dict.fromkeys([hit.passage for hit in pool.hits])]
        self.articles = list(dict.fromkeys([passage.article for passage in self.passages]))
        self.sentences: list[Sentence] = []
        self.passage_starts: list[int] = []
        self.passage_ends: list[int] = []
        self._place = {passage.number: place for place, passage in enumerate(self.passages)}
        self._row: dict[tuple[int, int], int] = {}  # where a row does not follow from the passage's first one
        for passage in self.passages:
            start = len(self.sentences)
            prose = [sentence for sentence in passage.sentences if sentence.kind is PROSE]
            if len(prose) < len(passage.sentences):
                places = [i for i, sentence in enumerate(passage.sentences) if sentence.kind is PROSE]
                self._row.update({(passage.number, place): start + i for i, place in enumerate(places)})
            self.sentences += prose
            self.passage_starts.append(start)
            self.passage_ends.append(len(self.sentences))

    def rows(self) -> Rows:
        """The rows of each hit."""
        starts, ends = self.passage_starts, self.passage_ends
        article_of = {article: place for place, article in enumerate(self.articles)}
        found: list[tuple[int, int, int, int, int]] = []
        for hit in self._pool.hits:  # so few that arrays would take longer
            place = self._place[hit.passage]
            passage = self.passages[place]
            row = self._row.get((hit.passage, hit.position)) if self._row else None
            own = starts[place] + hit.position if row is None else row
            before = own - 1 if own > starts[place] else self._edge(passage, -1)
            after = own + 1 if own < ends[place] - 1 else self._edge(passage, 1)
            found.append((own, before, after, place, article_of[passage.article]))
        rows = np.array(found, dtype=np.int64).reshape(-1, len(Rows._fields)).T
        rows[rows == NONE] = len(self.sentences)
        return Rows(*rows.copy())

    def _edge(self, passage: StoredPassage, step: int) -> int:
        """The row of the nearest sentence of the passage before (-1) or after (1), when it is the same article's; NONE
        without one."""
        other = self._pool.passages.get(passage.number + step)
        if other is None or other.article != passage.article:
            return NONE
        place = self._place.get(other.number)
        if place is not None:
            return self.passage_ends[place] - 1 if step < 0 else self.passage_starts[place]
        for position in range(len(other.sentences) - 1, -1, -1) if step < 0 else range(len(other.sentences)):
            if other.sentences[position].kind is PROSE:
                return self._row_beyond(other, position)
        return NONE

    def _row_beyond(self, passage: StoredPassage, position: int) -> int:
        """The row of a sentence of a passage that holds none of the hits."""
        key = (passage.number, position)
        if key not in self._row:
            self._row[key] = len(self.sentences)
            self.sentences.append(passage.sentences[position])
        return self._row[key]
