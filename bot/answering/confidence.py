"""Confidence: the calibrated probability that the best candidate answers the question."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from bot.answering.features_view import Floats, View


class Standing(NamedTuple):
    """The best candidate among the others: what the signs of an answer are read from."""

    view: View
    features: Mapping[str, Floats]  # by name, one value for each candidate
    scores: Floats  # the ranking's
    best: int  # the best candidate's place

    def of(self, name: str) -> float:
        """A feature of the best candidate."""
        return float(self.features[name][self.best])

    def most(self, name: str) -> float:
        """The most that any candidate has of a feature."""
        return float(self.features[name].max())

    def lacking(self, held: Floats) -> float:
        """The share of the question that its rarest term without a 1 in the best candidate's row of `held` has."""
        return float(((1 - held[self.best]) * self.view.terms.weight).max())


class Sign(NamedTuple):
    """A sign of whether the articles hold the answer at all: its name, and what reads it."""

    name: str
    value: Callable[[Standing], float]


def share_of_score(standing: Standing) -> float:
    """The best candidate's share (softmax) of all candidates' scores."""
    return float(np.log(1 / np.exp(standing.scores - standing.scores[standing.best]).sum()))


def gap_to_the_sixth(standing: Standing) -> float:
    """How far the sixth best candidate's coverage stays behind the best one's."""
    soft = np.sort(standing.features["coverage.soft"])[::-1]
    return float(soft[0] - soft[min(5, len(soft) - 1)])


def terms_missing_near(standing: Standing) -> float:
    """The share of the question's terms that neither the sentence nor its neighbours, title and headings hold."""
    near = np.maximum(standing.view.window, standing.view.theme)[standing.best]
    return float(1 - near.mean())


def absent_share(standing: Standing) -> float:
    """The share of the question's rarity in terms that the library lacks."""
    terms = standing.view.terms
    return float(terms.weight[terms.is_absent].sum())


def names_missing(standing: Standing) -> float:
    """How many names of the question stand neither in the passage nor above it."""
    held = np.maximum(standing.view.passage, standing.view.theme)[standing.best]
    return float(((1 - held) * standing.view.terms.is_name).sum())


def numbers_missing(standing: Standing) -> float:
    """How many numbers of the question stand neither in the sentence nor beside it."""
    return float(((1 - standing.view.window[standing.best]) * standing.view.terms.is_number).sum())


def number_of_terms(standing: Standing) -> float:
    """The log of the number of the question's terms."""
    return float(np.log(len(standing.view.terms.words)))


def _feature(name: str) -> Sign:
    return Sign(name, lambda standing: standing.of(name))


def _most(name: str) -> Sign:
    return Sign(f"most {name}", lambda standing: standing.most(name))


SIGNS = (
    _feature("coverage.sentence"),
    _feature("coverage.terms"),
    _feature("coverage.window"),
    _feature("coverage.passage"),
    _feature("coverage.passage_terms"),
    _feature("coverage.theme"),
    _feature("coverage.soft"),
    _feature("coverage.names"),
    _feature("coverage.missing"),
    _feature("nearness.pairs"),
    _feature("nearness.asked_pairs"),
    _feature("nearness.nearness"),
    _feature("wording.likeness"),
    _feature("bm25.bag"),
    _most("coverage.window"),
    _most("coverage.theme"),
    Sign("share of score", share_of_score),
    Sign("gap to the sixth", gap_to_the_sixth),
    Sign("terms missing near", terms_missing_near),
    Sign("absent share", absent_share),
    Sign("names missing", names_missing),
    Sign("numbers missing", numbers_missing),
    Sign("number of terms", number_of_terms),
)


class Confidence(NamedTuple):
    """A logistic model over the signs, and the curve from its logit to a probability (rising in both)."""

    weights: Mapping[str, float]
    intercept: float
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]

    def of_best(self, standing: Standing) -> float:
        """The probability that the best candidate answers the question."""
        logit = self.intercept + sum(
            self.weights[sign.name] * sign.value(standing) for sign in SIGNS if sign.name in self.weights
        )
        return float(np.interp(logit, self.logits, self.probabilities))

    def of_all(self, standing: Standing) -> Floats:
        """[candidates] the best one's probability, shared down by how far each score stays behind the best one's."""
        behind = np.exp(standing.scores - standing.scores[standing.best])
        return np.asarray(self.of_best(standing) * behind, dtype=np.float64)
