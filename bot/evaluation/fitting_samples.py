"""Samples: questions with their candidates, as the ranking sees them, to fit on."""

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bot.answering.features import Feature
from bot.answering.features_view import View
from bot.answering.query import Pool, Query
from bot.answering.question import QuestionReader
from bot.answering.ranking import Ranker
from bot.evaluation.collection import Collection, Posed
from bot.evaluation.fitting_weights import Flags, Floats, Ints, Lists
from bot.retrieval.analysis import Analyzer
from bot.settings import SearchSettings

HARD, EASY = 12, 5
"""Of a question's other candidates the best so many, and so many drawn from the rest."""


class Sample(NamedTuple):
    """A question with its candidates: which are gold, and their features; of a library of which shape."""

    article: str
    query: Query
    pool: Pool
    gold: Flags
    features: Floats  # [candidates, features]
    library: str = ""


class Asker(NamedTuple):
    """What turns a collection's questions into views: one ranker (its tables), one reader."""

    ranker: Ranker
    reader: QuestionReader
    analyzer: Analyzer
    settings: SearchSettings

    def views(self, collection: Collection, posed: Iterable[Posed]) -> Iterator[tuple[Posed, View]]:
        """Each question that finds anything, with the view of its candidates."""
        engine = collection.engine(self.settings)
        for each in posed:
            query = self.read(each.query.text)
            pool = collection.pool(engine.search(query.terms, limit=self.settings.shortlist))
            if pool.hits:
                yield each, self.ranker.view(query, pool, engine)

    def read(self, question: str) -> Query:
        """The query of a question, as the product reads it."""
        return self.reader.read(question, language=self.analyzer.language, analyzer=self.analyzer)


def drawn(posed: Sequence[Posed], count: int, *, seed: int) -> list[Posed]:
    """At most `count` of the questions, drawn at random."""
    return random.Random(seed).sample(posed, min(count, len(posed)))  # noqa: S311  # a draw, no secret


def samples(
    asker: Asker, collection: Collection, posed: Sequence[Posed], features: Sequence[Feature]
) -> Iterator[Sample]:
    """The questions whose gold sentence is among the candidates."""
    for each, view in asker.views(collection, posed):
        gold = np.array([(hit.passage, hit.position) in each.gold for hit in view.pool.hits])
        if gold.any():
            yield Sample(each.origin, view.query, view.pool, gold, table_of(view, features))


def table_of(view: View, features: Sequence[Feature]) -> Floats:
    """[candidates, features]."""
    return np.column_stack([view.of(feature.values) for feature in features])


def listed(each: Sequence[Sample], *, scores: Sequence[Floats] | None = None, seed: int = 0) -> Lists:
    """The samples as lists: gold, the best others by `scores` (the search's when there are none), a few more."""
    generator = np.random.default_rng(seed)
    rows = [
        _kept(sample.gold, None if scores is None else scores[number], generator) for number, sample in enumerate(each)
    ]
    lengths = [len(kept) for kept in rows]
    return Lists(
        np.concatenate([sample.features[kept] for sample, kept in zip(each, rows, strict=True)]),
        np.concatenate([sample.gold[kept] for sample, kept in zip(each, rows, strict=True)]),
        np.concatenate([[0], np.cumsum(lengths)[:-1]]),
        tuple(rows),
    )


def _kept(gold: Flags, scores: Floats | None, generator: np.random.Generator) -> Ints:
    others = np.flatnonzero(~gold)
    if scores is not None:
        others = others[np.argsort(-scores[others], kind="stable")]
    rest = others[HARD:]
    easy = generator.choice(rest, min(EASY, len(rest)), replace=False)
    return np.concatenate([np.flatnonzero(gold), others[:HARD], easy])
