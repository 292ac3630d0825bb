"""The ranking: candidates to the order in which they are believed to answer, each with its confidence."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from bot.answering.answer import Reason
from bot.answering.confidence import Confidence, shared_down
from bot.answering.features.catalogue import FEATURES, Feature
from bot.answering.features.view import Floats, Ints, View
from bot.answering.fitted import read_fitted
from bot.answering.query import Candidate, Features, Pool, Query
from bot.answering.signs import SIGNS
from bot.answering.standing import Standing
from bot.answering.tables import Tables, load_tables
from bot.articles.article import StoredArticle
from bot.errors import SettingsError
from bot.resources import config_folder
from bot.retrieval.analysis import Analyzers
from bot.retrieval.engine import Engine

FOLDER = "ranker"
ANY_LANGUAGE = "any"
REASONS = 3
LEAST_REASON = 0.05  # a smaller share of what made a sentence win is not worth a line


class Model(NamedTuple):
    """What was fitted for one language, or for all that have no tables: a weight for each feature, the confidence."""

    weights: Mapping[str, float]
    confidence: Confidence
    tables: Tables | None = None


class Weighed(NamedTuple):
    """The features that have a weight: themselves, their names and [features] their weights."""

    features: tuple[Feature, ...]
    names: tuple[str, ...]
    weights: Floats

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> "Weighed":
        """Those of the catalogue that are among these, in its order."""
        features = tuple(feature for feature in FEATURES if feature.name in weights)
        names = tuple(feature.name for feature in features)
        return cls(features, names, np.array([weights[name] for name in names]))


class _ModelFile(msgspec.Struct, frozen=True):
    weights: dict[str, float]
    confidence: Confidence


class Field(NamedTuple):
    """All candidates of one search together: [features] the sum of each feature over them, and how many they are."""

    sums: Floats
    candidates: int

    @classmethod
    def of(cls, ranking: Sequence[Candidate]) -> "Field":
        """The field that a ranking is of."""
        if not ranking:
            return cls(np.zeros(0), 0)
        values = ranking[0].table.values
        if len(ranking) < len(values):
            values = values[[candidate.place for candidate in ranking]]
        return cls(values.sum(axis=0), len(ranking))


class Ranker:
    """Ranks the hits of one search by a weighted sum of features; the same for every engine and every interface."""

    def __init__(self, models: Mapping[str, Model], analyzers: Analyzers) -> None:
        self._models = models
        self._weighed = {language: Weighed.of(model.weights) for language, model in models.items()}
        self._analyzers = analyzers

    @classmethod
    def load(cls, analyzers: Analyzers, *, folder: Path | None = None) -> "Ranker":
        """The ranker as it was fitted: config/ranker/<language>.toml, and any.toml for all other languages."""
        folder = folder or config_folder() / FOLDER
        models = {path.stem: read_model(path) for path in sorted(folder.glob("*.toml"))}
        if ANY_LANGUAGE not in models:
            raise SettingsError(f"{folder / ANY_LANGUAGE}.toml: is missing; install the product again")
        return cls(models, analyzers)

    def rank(self, query: Query, pool: Pool, engine: Engine) -> list[Candidate]:
        """The pool's hits, best first (ties by date, source, start); none when the question has no terms."""
        if not pool.hits or not query.terms:
            return []
        return self.ranked(self.view(query, pool, engine))

    def ranked(self, view: View) -> list[Candidate]:
        """The candidates of a view, best first."""
        pool, model = view.pool, self.model(view.query.language)
        features, names, weights = self._weighed.get(view.query.language) or self._weighed[ANY_LANGUAGE]
        table = Features(names, np.array([view.of(feature.values) for feature in features]).T)
        scores = table.values @ weights
        order = _order(pool, scores.tolist())
        logits = model.confidence.logits(Standing(view, scores, order[0]))
        confidence = shared_down(model.confidence.probability(logits), scores).tolist()
        score = scores.tolist()
        return [
            Candidate(
                hit=pool.hits[place],
                score=score[place],
                confidence=confidence[place],
                table=table,
                place=place,
                logits=logits,
            )
            for place in order
        ]

    def view(self, query: Query, pool: Pool, engine: Engine) -> View:
        """What the features look at."""
        titles = {number: self._title(article) for number, article in pool.articles.items()}
        counts = engine.count(query.terms)
        tables = self.model(query.language).tables
        return View(query, pool, counts=counts, statistics=engine.statistics(), titles=titles, tables=tables)

    def model(self, language: str) -> Model:
        """What was fitted for a language."""
        return self._models.get(language) or self._models[ANY_LANGUAGE]

    def reasons(
        self, candidate: Candidate, field: Field, language: str, *, more: Mapping[str, float] | None = None
    ) -> tuple[Reason, ...]:
        """What made a candidate win against the others of its field, most important first: at most three, each with
        its share. `more` is what a second look gave it over the others, by message."""
        _, names, weights = self._weighed.get(language) or self._weighed[ANY_LANGUAGE]
        rivals = field.candidates - 1
        own = candidate.table.values[candidate.place]
        usual = (field.sums - own) / rivals if rivals else np.zeros(len(own))
        messages, message_of = _messages(names)
        apart = weights * (own - usual)
        parts = dict(
            zip(messages, np.bincount(message_of, weights=apart, minlength=len(messages)).tolist(), strict=True)
        )
        for message, part in (more or {}).items():
            parts[message] = parts.get(message, 0.0) + part
        total = sum(abs(part) for part in parts.values()) or 1.0
        best = sorted(((part / total, message) for message, part in parts.items() if message), reverse=True)
        return tuple(
            Reason(f"why.{message}", {"percent": round(100 * share)}, round(share, 4))
            for share, message in best[:REASONS]
            if share >= LEAST_REASON
        )

    def _title(self, article: StoredArticle) -> list[str]:
        if article.title_terms is None:
            return self._analyzers.of(article.language).terms(article.title)
        return article.title_terms.split()


@cache
def _messages(names: tuple[str, ...]) -> tuple[tuple[str, ...], Ints]:
    """The messages that say these features in words, each once, and [features] the place of each one's."""
    message = {feature.name: feature.message for feature in FEATURES}
    messages = tuple(dict.fromkeys(message[name] for name in names))
    return messages, np.array([messages.index(message[name]) for name in names], dtype=np.int64)


def _order(pool: Pool, scores: list[float]) -> list[int]:
    """The places by falling score; ties by date, newer first, then by source, then by start."""

    def by_source(place: int) -> tuple[str, int]:
        hit = pool.hits[place]
        return pool.article(hit).source, pool.sentence(hit).start

    if len(set(scores)) < len(scores):
        places = sorted(range(len(scores)), key=by_source)
        places.sort(key=lambda place: (pool.article(pool.hits[place]).published or "")[:10], reverse=True)
        return sorted(places, key=lambda place: -scores[place])
    return sorted(range(len(scores)), key=lambda place: -scores[place])


def read_model(path: Path) -> Model:
    """What one file of fitted numbers holds.

    Raises SettingsError that names the file and what is wrong in it.
    """
    file = read_fitted(path, _ModelFile, kind="ranking weights")
    signs = {sign.name for sign in SIGNS}
    for names, known in (
        (file.weights, {feature.name for feature in FEATURES}),
        (file.confidence.present.weights, signs),
        (file.confidence.first.weights, signs),
    ):
        unknown = sorted(set(names) - known)
        if unknown:
            raise SettingsError(f"{path}: {unknown[0]} is no feature of this version; install the product again")
    return Model(file.weights, file.confidence, load_tables(path.with_suffix("")))
