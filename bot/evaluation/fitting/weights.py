"""Fitting: linear weights by listwise softmax, probabilities by logistic regression. Needs SciPy (the extra `fit`)."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.errors import SettingsError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

RIDGE = 1e-4


class Lists(NamedTuple):
    """Questions with their candidates, row after row: features, whether gold, where each question starts."""

    features: Floats  # [candidates, features]
    gold: Flags
    starts: Ints  # of each question's first candidate; each question has at least one gold
    kept: tuple[Ints, ...] = ()  # for each question the places of its rows among its candidates

    def scaled(self) -> tuple["Lists", Floats]:
        """The same with features of standard deviation 1, and what each was divided by."""
        scale = self.features.std(axis=0)
        scale[scale < 1e-9] = 1.0
        return self._replace(features=self.features / scale), scale


def fit_ranking(lists: Lists, *, ridge: float = RIDGE) -> Floats:
    """[features] the weights with the least mean -log of the gold candidates' share (softmax) of each question."""
    scaled, scale = lists.scaled()

    def loss(weights: Floats) -> tuple[float, Floats]:
        return softmax_loss(weights, scaled, ridge)

    return minimised(loss, np.zeros(scaled.features.shape[1])) / scale


def softmax_loss(weights: Floats, lists: Lists, ridge: float, *, counted: Floats | None = None) -> tuple[float, Floats]:
    """The mean -log of the gold's share with its gradient: ListNet's top-one loss (Cao et al. 2007), gold as target.

    `counted` says how much each question counts, in sum 1; all count alike without it.
    """
    scores = lists.features @ weights
    share = _shares(scores, lists.starts)
    gold_share = np.add.reduceat(share * lists.gold, lists.starts)
    lengths = np.diff(np.append(lists.starts, len(scores)))
    among_gold = share * lists.gold / np.repeat(np.maximum(gold_share, 1e-300), lengths)
    questions = len(lists.starts)
    each = np.full(questions, 1 / questions) if counted is None else counted
    gradient = (np.repeat(each, lengths) * (share - among_gold)) @ lists.features + 2 * ridge * weights
    return float(-each @ np.log(np.maximum(gold_share, 1e-300)) + ridge * weights @ weights), gradient


def fit_logistic(
    features: Floats, truth: Floats, *, ridge: float | Floats = RIDGE, sample: Floats | None = None
) -> Floats:
    """[features + 1] the weights of a logistic regression, the intercept last; `sample` weighs the rows, `ridge` all
    features alike or each by its own. `truth` may lie between 0 and 1."""
    scale = features.std(axis=0)
    scale[scale < 1e-9] = 1.0
    table = np.column_stack([features / scale, np.ones(len(features))])
    share = np.full(len(truth), 1 / len(truth)) if sample is None else sample / sample.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        z = table @ weights
        penalty = np.append(ridge * weights[:-1], 0.0)
        value = share @ (np.logaddexp(0, z) - truth * z) + penalty @ weights
        return float(value), table.T @ (share * (sigmoid(z) - truth)) + 2 * penalty

    fitted = minimised(loss, np.zeros(table.shape[1]))
    return np.append(fitted[:-1] / scale, fitted[-1])


def sigmoid(z: Floats) -> Floats:
    """1 / (1 + e^-z), without overflow."""
    return np.asarray(np.exp(-np.logaddexp(0, -z)))


def _shares(scores: Floats, starts: Ints) -> Floats:
    """The softmax of the scores of each question."""
    lengths = np.diff(np.append(starts, len(scores)))
    powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
    return np.asarray(powers / np.repeat(np.add.reduceat(powers, starts), lengths))


def minimised(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, *, iterations: int = 500) -> Floats:
    """The weights with the least loss, which comes with its gradient (L-BFGS). Raises SettingsError without SciPy."""
    try:
        from scipy.optimize import minimize  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError as error:
        raise SettingsError("fitting needs SciPy: pip install 'verbatim-bot[fit]'") from error
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": iterations, "maxcor": 20})
    return np.asarray(found.x, dtype=np.float64)


def fit_logistic_signs(
    rows: Sequence[Sequence[str]], truth: Floats, *, least: int, ridge: float, intercept: str
) -> dict[str, float]:
    """The weight of each sign (and of `intercept`) in a logistic regression; rarer signs than `least` are left out."""
    counted = Counter(sign for row in rows for sign in row)
    number = {sign: place for place, sign in enumerate(sorted(sign for sign, n in counted.items() if n >= least))}
    table = _sparse([[number[sign] for sign in row if sign in number] for row in rows], len(number))
    turned = table.T.tocsr()

    def loss(weights: Floats) -> tuple[float, Floats]:
        z = table @ weights[:-1] + weights[-1]
        value = np.mean(np.logaddexp(0, z) - truth * z) + ridge * weights[:-1] @ weights[:-1]
        error = (sigmoid(z) - truth) / len(truth)
        return float(value), np.append(turned @ error + 2 * ridge * weights[:-1], error.sum())

    fitted = minimised(loss, np.zeros(len(number) + 1), iterations=80)
    return {**{sign: float(fitted[place]) for sign, place in number.items()}, intercept: float(fitted[-1])}


def fit_listed_signs(rows: Sequence[Sequence[int]], signs: int, lists: Lists, base: Floats, *, ridge: float) -> Floats:
    """[signs] the weights that, added to a multiple of `base` for each candidate, have the least listwise loss."""
    table = _sparse(rows, signs)
    turned = table.T.tocsr()
    lengths = np.diff(np.append(lists.starts, len(base)))
    questions = len(lists.starts)

    def loss(weights: Floats) -> tuple[float, Floats]:
        share = _shares(table @ weights[:-1] + weights[-1] * base, lists.starts)
        gold_share = np.maximum(np.add.reduceat(share * lists.gold, lists.starts), 1e-300)
        error = (share - share * lists.gold / np.repeat(gold_share, lengths)) / questions
        value = -np.log(gold_share).mean() + ridge * weights[:-1] @ weights[:-1]
        return float(value), np.append(turned @ error + 2 * ridge * weights[:-1], error @ base)

    return minimised(loss, np.append(np.zeros(signs), 1.0), iterations=60)[:-1]


def _sparse(rows: Sequence[Sequence[int]], columns: int) -> Any:
    """A sparse matrix with a 1 at each of a row's columns."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped, import-not-found, unused-ignore]

    pointers = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    places = np.fromiter((column for row in rows for column in row), dtype=np.int32, count=int(pointers[-1]))
    return csr_matrix((np.ones(len(places)), places, pointers), shape=(len(rows), columns))
