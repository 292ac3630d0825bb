"""Fitting the follow-up model: a logistic regression over the words that a conversation offers.

A word counts as taken over when its term stands in the person's rewriting and not in the question. Each turn is used
three times: with the title and the questions as they were asked, with the title and the earlier questions as a person
rewrote them (the product remembers what it understood), and so without the title (headlines are no names).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.answering.conversation import Conversation, Turn
from bot.answering.followup import LeaningWords, features, offered_words, scene_of
from bot.answering.question import QuestionReader
from bot.evaluation.followups import Dialogue
from bot.retrieval.analysis import Analyzer

UNANSWERED = frozenset(("CANNOTANSWER", "I don't know."))
LEAST_COUNT = 20
PENALTY = 20.0
STEPS = 25
LEAST_WEIGHT = 0.05
"""Weights below it are left out of the file."""


class Row(NamedTuple):
    """One word that one question was offered: its features, and whether the person took it over."""

    features: tuple[str, ...]
    taken: bool


class Weights(NamedTuple):
    """The weight of each feature, and of none."""

    by_feature: dict[str, float]
    bias: float

    def lines(self, threshold: float, threshold_alone: float) -> Iterator[str]:
        """The lines of the weights file, with the log-odds from which on a word is taken over by a question that
        leans, and by one without any leaning word."""
        yield f"threshold = {threshold:g}"
        yield f"threshold alone = {threshold_alone:g}"
        yield f"bias = {self.bias:.2f}"
        for feature, weight in sorted(self.by_feature.items()):
            if abs(weight) >= LEAST_WEIGHT:
                yield f"{feature} = {weight:.2f}"


def halves(turns: Iterable[Dialogue]) -> tuple[list[Dialogue], list[Dialogue]]:
    """The turns to fit on and those to report on: dialogues whose identifier has an even CRC-32, and the others."""
    parts: tuple[list[Dialogue], list[Dialogue]] = ([], [])
    for turn in turns:
        parts[crc32(turn.dialog.encode()) % 2].append(turn)
    return parts


def rows_of(turns: Sequence[Dialogue], reader: QuestionReader, lexicon: LeaningWords, analyzer: Analyzer) -> list[Row]:
    """The rows of all turns, each used three times."""
    rewrites = {(turn.dialog, turn.turn): turn.rewrite for turn in turns}
    found: list[Row] = []
    for turn in turns:
        for titled, rewritten in ((True, False), (True, True), (False, True)):
            conversation = _conversation(turn, rewrites if rewritten else {}, titled=titled)
            found += _rows(turn, conversation, reader, lexicon, analyzer)
    return found


def _conversation(turn: Dialogue, rewrites: dict[tuple[str, int], str], *, titled: bool) -> Conversation:
    conversation = Conversation()
    first = turn.turn - len(turn.history)
    for number, before in enumerate(turn.history, start=first):
        conversation = conversation.after(
            Turn(
                question=rewrites.get((turn.dialog, number), before.question),
                answer="" if before.answer in UNANSWERED else before.answer,
                title=turn.title if titled else "",
                at=0.0,
            )
        )
    return conversation


def _rows(
    turn: Dialogue, conversation: Conversation, reader: QuestionReader, lexicon: LeaningWords, analyzer: Analyzer
) -> Iterator[Row]:
    leaning = lexicon.leaning(turn.question, analyzer.tokens(turn.question))
    before = conversation.turns[-1].question
    last_asked = reader.asked(before, analyzer.tokens(before), analyzer).expected
    offered = offered_words(conversation, analyzer)
    scene = scene_of(conversation, offered, last_asked, analyzer, lexicon)
    wanted = set(analyzer.terms(turn.rewrite)) - set(leaning.terms)
    for word in offered:
        if word.term not in leaning.terms:
            yield Row(tuple(features(word, leaning, scene)), word.term in wanted)


def fitted(rows: Sequence[Row]) -> Weights:
    """The weights by Newton's method on the penalised log-likelihood (Hastie et al. 2009, section 4.4)."""
    counts = Counter(feature for row in rows for feature in set(row.features))
    names = sorted(feature for feature, count in counts.items() if count >= LEAST_COUNT)
    number = {name: place for place, name in enumerate(names)}
    values = np.zeros((len(rows), len(names) + 1), dtype=np.float32)
    values[:, -1] = 1.0
    for place, row in enumerate(rows):
        values[place, [number[feature] for feature in row.features if feature in number]] = 1.0
    taken = np.array([row.taken for row in rows], dtype=np.float64)
    weights: npt.NDArray[np.float64] = np.zeros(len(names) + 1)
    for _ in range(STEPS):
        odds = 1.0 / (1.0 + np.exp(-(values @ weights)))
        slope = values.T @ (odds - taken) + PENALTY * weights
        bend = (values.T * (odds * (1.0 - odds))) @ values + PENALTY * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-4:
            break
    return Weights({name: float(weights[place]) for name, place in number.items()}, float(weights[-1]))
