"""Confidence: the calibrated probability that the best candidate answers the question.

The articles may hold the question's topic and not its answer, so no sign counts what an article is about: each asks
what the sentence and those beside it lack of the question, or how far the best candidate stands out.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from bot.answering import features_bm25 as bm25
from bot.answering import features_coverage as coverage
from bot.answering import features_likelihood as likelihood
from bot.answering import features_nearness as nearness
from bot.answering import features_tables as tables
from bot.answering import features_terms as terms
from bot.answering import features_wording as wording
from bot.answering.features_view import NAMES, NUMBERS, Floats, View
from bot.answering.query import Expected

KIND_SHAPES = {
    Expected.PERSON: NAMES,
    Expected.PLACE: NAMES,
    Expected.NUMBER: NUMBERS,
    Expected.DATE: NUMBERS,
}
"""The shapes of words without which a sentence hardly answers; questions for anything else have none."""


SAME = 0.5
"""The share of a sentence's terms from which on it says the same as another."""

MOST_LEAD = 8.0
"""Scores further apart than this say no more."""


class Standing(NamedTuple):
    """The best candidate among the others: what the signs of an answer are read from."""

    view: View
    scores: Floats  # the ranking's, one for each candidate
    best: int  # the best candidate's place

    def near(self) -> Floats:
        """[terms] 1 for those that the best sentence, its neighbours, its title or headings hold."""
        return np.asarray(np.maximum(self.view.window, self.view.theme)[self.best], dtype=np.float64)


class Sign(NamedTuple):
    """A sign of an answer, or of its absence: its name, what reads it, whether it needs the tables of a language."""

    name: str
    value: Callable[[Standing], float]
    needs_tables: bool = False


def lead_over_other_articles(standing: Standing) -> float:
    """How far the score is above the best one of any other article, or passage where there is one article alone.

    Sentences that say the same (the same report in another paper) do not count as others.
    """
    rows = standing.view.rows
    differs = sameness(standing) < SAME
    for groups in (rows.article, rows.passage):
        others = standing.scores[differs & (groups != groups[standing.best])]
        if len(others):
            return float(min(standing.scores[standing.best] - others.max(), MOST_LEAD))
    return 0.0


def sameness(standing: Standing) -> Floats:
    """[candidates] the share of each sentence's terms that the best one holds too."""
    view = standing.view
    tokens = view.tokens
    held = np.zeros(len(view.vocabulary), dtype=np.bool_)
    held[tokens.term[tokens.row == view.rows.own[standing.best]]] = True
    shared = tokens.content[held[tokens.term[tokens.content]]]
    length = np.maximum(view.sentence_length[view.rows.own], 1.0)
    return np.asarray(view.sum_per_sentence(shared, np.ones(len(shared))) / length, dtype=np.float64)


def lead_over_the_sixth(standing: Standing) -> float:
    """How far the soft share falls from the best covered candidate to the sixth best."""
    soft = np.sort(standing.view.of(coverage.soft_share))[::-1]
    return float(soft[0] - soft[min(5, len(soft) - 1)])


def best_window(standing: Standing) -> float:
    """The most of the question that any candidate and its neighbours hold."""
    return float(coverage.window_share(standing.view).max())


def share_missing_near(standing: Standing) -> float:
    """The share of the question, terms all alike, that nothing near the best sentence holds."""
    return float(1 - standing.near().mean())


def rarest_missing_near(standing: Standing) -> float:
    """The share of the rarest term that nothing near the best sentence holds."""
    return float(((1 - standing.near()) * standing.view.terms.weight).max())


def names_missing(standing: Standing) -> float:
    """How many names of the question stand neither near the best sentence nor in its passage."""
    held = np.maximum(standing.near(), standing.view.passage[standing.best])
    return float(((1 - held) * standing.view.terms.is_name).sum())


def numbers_missing(standing: Standing) -> float:
    """How many numbers of the question stand nowhere near the best sentence."""
    return float(((1 - standing.near()) * standing.view.terms.is_number).sum())


def noun_missing(standing: Standing) -> float:
    """1 when the noun that is asked for ("which *city*") stands nowhere near the best sentence."""
    words = standing.view.terms.words
    head = standing.view.query.head
    return float(1 - standing.near()[words.index(head)]) if head in words else 0.0


def date_missing(standing: Standing) -> float:
    """1 when the question asks for a date and the best sentence holds no number but the question's own."""
    return _kind_missing(standing, Expected.DATE)


def number_missing(standing: Standing) -> float:
    """1 when the question asks for a number and the best sentence holds none but the question's own."""
    return _kind_missing(standing, Expected.NUMBER)


def name_missing(standing: Standing) -> float:
    """1 when the question asks for a person or place and the best sentence holds no name but the question's own."""
    return _kind_missing(standing, Expected.PERSON) or _kind_missing(standing, Expected.PLACE)


def asks_for_number(standing: Standing) -> float:
    """1 for a question for a number."""
    return float(standing.view.query.expected is Expected.NUMBER)


def all_near(standing: Standing) -> float:
    """1 when all of the question's terms stand near the best sentence."""
    return float(standing.near().min())


def terms_missing_near(standing: Standing) -> float:
    """How many of the question's terms stand nowhere near the best sentence."""
    return float((1 - standing.near()).sum())


def repetition_missing_near(standing: Standing) -> float:
    """How many of the question's terms an answer would repeat, of those that stand nowhere near the best sentence."""
    return float((1 - standing.near()) @ terms.repetition(standing.view))


def rarity_in_window(standing: Standing) -> float:
    """The idf of what the best sentence and its neighbours hold, in units of the log of the library's size."""
    held = standing.view.window[standing.best] @ standing.view.terms.idf
    return float(held / np.log(1 + standing.view.statistics.sentences))


def unknown_share(standing: Standing) -> float:
    """The share of the question's rarity in terms that the library lacks."""
    return float(standing.view.terms.weight[standing.view.terms.is_absent].sum())


def _kind_missing(standing: Standing, kind: Expected) -> float:
    if standing.view.query.expected is not kind:
        return 0.0
    return float(wording.count_new(standing.view, KIND_SHAPES[kind])[standing.best] == 0)


def _of(values: Callable[[View], Floats]) -> Callable[[Standing], float]:
    """A feature of the best candidate."""
    return lambda standing: float(standing.view.of(values)[standing.best])


SIGNS = (
    Sign("score", lambda standing: float(standing.scores[standing.best])),
    Sign("lead over other articles", lead_over_other_articles),
    Sign("lead over the sixth", lead_over_the_sixth),
    Sign("bm25 of sentence and passage", _of(bm25.bag_score)),
    Sign("share in sentence", _of(coverage.sentence_share)),
    Sign("share in passage or title", _of(coverage.theme_share)),
    Sign("soft likelihood", _of(likelihood.soft_likelihood)),
    Sign("best window", best_window),
    Sign("rarity in window", rarity_in_window),
    Sign("all near", all_near),
    Sign("terms missing near", terms_missing_near),
    Sign("share missing near", share_missing_near),
    Sign("rarest missing near", rarest_missing_near),
    Sign("names missing", names_missing),
    Sign("numbers missing", numbers_missing),
    Sign("noun missing", noun_missing),
    Sign("date missing", date_missing),
    Sign("number missing", number_missing),
    Sign("name missing", name_missing),
    Sign("asks for a number", asks_for_number),
    Sign("unknown share", unknown_share),
    Sign("pairs as asked", _of(nearness.asked_pairs)),
    Sign("likeness", _of(wording.likeness_share)),
    Sign("association", _of(tables.association), True),
    Sign("expected share in sentence", _of(terms.expected_share), True),
    Sign("expected share in window", _of(terms.expected_window_share), True),
    Sign("repetition missing near", repetition_missing_near, True),
)


class Confidence(NamedTuple):
    """A logistic model over the signs, and the curve from its logit to a probability (rising in both)."""

    weights: Mapping[str, float]
    intercept: float
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]

    def logit(self, standing: Standing) -> float:
        """How surely the articles hold an answer, as a logit."""
        known = (sign for sign in SIGNS if sign.name in self.weights)
        return self.intercept + sum(self.weights[sign.name] * sign.value(standing) for sign in known)

    def of_best(self, standing: Standing) -> float:
        """The probability that the best candidate answers the question."""
        return float(np.interp(self.logit(standing), self.logits, self.probabilities))

    def of_all(self, standing: Standing) -> Floats:
        """[candidates] the best one's probability, shared down by how far each score stays behind the best one's."""
        behind = np.exp(standing.scores - standing.scores[standing.best])
        return np.asarray(self.of_best(standing) * behind, dtype=np.float64)


SMALL, LARGE = 200, 2000
"""Sentences of a library that is small for certain, and of one that is large."""


class Confidences(NamedTuple):
    """The confidence for large libraries and the one for small ones.

    In a few dozen sentences a word that is missing, or that stands in one of them alone, tells less than in thousands,
    so each has its own weights; between SMALL and LARGE both speak, by the log of the library's size.
    """

    large: Confidence
    small: Confidence

    def of_all(self, standing: Standing) -> Floats:
        """[candidates] the probability of each."""
        size = max(1, standing.view.statistics.sentences)
        share = float(np.clip(np.log(LARGE / size) / np.log(LARGE / SMALL), 0.0, 1.0))
        parts = [(share, self.small), (1 - share, self.large)]
        return np.asarray(sum(part * own.of_all(standing) for part, own in parts if part), dtype=np.float64)
