"""Comparing two settings question by question: what got better, what got worse, and whether it is chance."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from bot.answering.answer import Quote
from bot.evaluation.measures import Difference, Estimate, mean, paired_difference
from bot.evaluation.product import Outcome


class Shown(msgspec.Struct, frozen=True):
    """What one side showed first: the quote ("" when nothing was found), its confidence, whether it was given."""

    quote: str
    source: str
    confidence: float
    answered: bool


class Change(msgspec.Struct, frozen=True):
    """A question that one side gets right and the other does not, with what both showed and what would be right."""

    question: str
    answers: tuple[str, ...]
    first: Shown
    second: Shown


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two settings on the same questions; the measure is the share whose first quote covers an answer.

    `difference` is second - first.
    """

    questions: int
    first: Estimate
    second: Estimate
    difference: Difference
    better: tuple[Change, ...]
    worse: tuple[Change, ...]


class Pair(NamedTuple):
    """The outcomes of the two sides for one question."""

    first: Outcome
    second: Outcome


def compare(first: Sequence[Outcome], second: Sequence[Outcome]) -> Comparison:
    """The comparison of two trials of the same questions in the same order.

    Raises ValueError when they are not.
    """
    if [outcome.asked for outcome in first] != [outcome.asked for outcome in second]:
        raise ValueError("the two trials asked different questions")
    pairs = [Pair(one, other) for one, other in zip(first, second, strict=True)]
    clusters = [pair.first.asked.cluster for pair in pairs]
    before = np.array([float(pair.first.first_is_right) for pair in pairs])
    after = np.array([float(pair.second.first_is_right) for pair in pairs])
    return Comparison(
        questions=len(pairs),
        first=mean(before.tolist(), clusters),
        second=mean(after.tolist(), clusters),
        difference=paired_difference(before, after, clusters),
        better=tuple(_change(pair) for pair in pairs if pair.second.first_is_right > pair.first.first_is_right),
        worse=tuple(_change(pair) for pair in pairs if pair.second.first_is_right < pair.first.first_is_right),
    )


def _change(pair: Pair) -> Change:
    asked = pair.first.asked
    answers = tuple(dict.fromkeys(gold.answer.text for gold in asked.gold))
    return Change(asked.question, answers, _shown(pair.first), _shown(pair.second))


def _shown(outcome: Outcome) -> Shown:
    quote: Quote | None = outcome.ranking[0] if outcome.ranking else None
    return Shown(
        quote=quote.text if quote else "",
        source=(quote.article.title or quote.article.source) if quote else "",
        confidence=outcome.confidence,
        answered=outcome.answered,
    )
