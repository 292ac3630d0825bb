"""Confidence: the calibrated probability that the best candidate answers the question."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from bot.answering.features_view import Floats
from bot.answering.signs import SIGNS
from bot.answering.standing import Standing

SMALL, LARGE = 200, 2000
"""Sentences of a library that is small for certain, and of one that is large."""

Sized = tuple[float, float]
"""A weight in a large library and in a small one."""


class Confidence(NamedTuple):
    """A logistic model over the signs, and the curve from its logit to a probability (rising in both).

    In a few dozen sentences a word that is missing, or that stands in one of them alone, tells less than in thousands,
    so each sign has two weights; between LARGE and SMALL it has what lies between them, by the log of the size.
    """

    weights: Mapping[str, Sized]
    intercept: Sized
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]

    def logit(self, standing: Standing) -> float:
        """How surely the best candidate answers, as a logit."""
        small = smallness(standing.view.statistics.sentences)
        known = [sign for sign in SIGNS if sign.name in self.weights]
        sizes = np.array([self.weights[sign.name] for sign in known]).reshape(-1, 2)
        values = np.array([sign.value(standing) for sign in known])
        large_logit, small_logit = values @ sizes + np.array(self.intercept)
        return float((1 - small) * large_logit + small * small_logit)

    def probability(self, logit: float) -> float:
        """The probability that the best candidate answers the question, by its logit."""
        return float(np.interp(logit, self.logits, self.probabilities))

    def of_best(self, standing: Standing) -> float:
        """The probability that the best candidate answers the question."""
        return self.probability(self.logit(standing))


def shared_down(probability: float, scores: Floats) -> Floats:
    """[candidates] the best one's probability, shared down by how far each score stays behind the best one's."""
    return np.asarray(probability * np.exp(scores - scores.max()), dtype=np.float64)


def smallness(sentences: int) -> float:
    """1 for a library that is small for certain, 0 for a large one, between them by the log of the size."""
    return float(np.clip(np.log(LARGE / max(1, sentences)) / np.log(LARGE / SMALL), 0.0, 1.0))
