"""Samples: questions with their candidates, as the ranking sees them, to fit on."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from bot.answering.commonwords import CommonWords
from bot.answering.correction import NO_SPELLERS, Corrector
from bot.answering.features.catalogue import Feature
from bot.answering.features.view import View
from bot.answering.query import Pool, Query
from bot.answering.question import QuestionReader
from bot.answering.ranking import Ranker
from bot.answering.speller import Speller
from bot.evaluation.collection import Collection, Posed
from bot.evaluation.fitting.weights import Flags, Floats, Ints, Lists
from bot.retrieval.analysis import Analyzer, Analyzers
from bot.settings import SearchSettings

HARD, EASY = 12, 5
"""Of a question's other candidates the best so many, and so many drawn from the rest."""

NO_COPIES: Mapping[str, str] = MappingProxyType({})
"""Every question is asked as it stands."""


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
    analyzers: Analyzers
    analyzer: Analyzer  # of the questions' language
    common: CommonWords
    settings: SearchSettings
    spellers: Mapping[str, Speller] = NO_SPELLERS

    def views(
        self, collection: Collection, posed: Iterable[Posed], copies: Mapping[str, str] = NO_COPIES
    ) -> Iterator[tuple[Posed, View]]:
        """Each question that finds anything, or its copy, with the view of its candidates.

        Unknown words are read as known ones, as the product reads them: other words for what is there, and the names
        of absent topics, are bent into words that the library holds.
        """
        engine = collection.engine(self.settings)
        corrector = Corrector(engine, self.analyzers, self.common, self.reader, self.spellers)
        for each in posed:
            query, _ = corrector.correct(self.read(copies.get(each.query.text, each.query.text)))
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
    asker: Asker,
    collection: Collection,
    posed: Sequence[Posed],
    features: Sequence[Feature],
    copies: Mapping[str, str] = NO_COPIES,
) -> Iterator[Sample]:
    """The questions, or their copies, whose gold sentence is among the candidates."""
    for each, view in asker.views(collection, posed, copies):
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
