"""Fitting the follow-up model: a logistic regression over the words that a conversation offers.

The shipped weights are fitted on all dialogues; how good they are is told by cross-validation, in which no dialogue is
asked of weights that were fitted on it.

A word counts as taken over when its term stands in the person's rewriting and not in the question. Each turn is used
three times: with the title and the questions as they were asked, with the title and the earlier questions as a person
rewrote them (the product remembers what it understood), and so without the title (headlines are no names).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.answering.conversation import Conversation, Turn
from bot.answering.followup import LeaningWords, features, offered_words, scene_of
from bot.answering.question import QuestionReader
from bot.answering.rewriting import WEIGHTS, FollowUps
from bot.evaluation.followups import (
    UNANSWERED,
    Added,
    Dialogue,
    Rewrite,
    followup_figures,
    load_dialogues,
    rewrite_turns,
)
from bot.retrieval.analysis import Analyzer, Analyzers
from bot.wordlists import WordLists

LANGUAGE = "en"
FOLDS = 5
THRESHOLD = -0.8
"""The log-odds from which on a word is taken over by a question that leans."""
THRESHOLD_ALONE = 0.5
"""The same for a question without any leaning word."""
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

    def shipped(self) -> dict[str, float]:
        """What the weights file holds, rounded as there: the thresholds, the bias, and the weights that matter."""
        weights = {"threshold": THRESHOLD, "threshold alone": THRESHOLD_ALONE, "bias": round(self.bias, 2)}
        kept = sorted((feature, weight) for feature, weight in self.by_feature.items() if abs(weight) >= LEAST_WEIGHT)
        return weights | {feature: round(weight, 2) for feature, weight in kept}


def fit_follow_ups(file: Path, folder: Path, *, lists: WordLists, tell: Callable[[str], None]) -> None:
    """Fit the follow-up model on a file of dialogues and write it to `folder`; `tell` hears the figures of the
    cross-validation. Raises ReadingError for a wrong file."""
    turns = load_dialogues(file)
    reader, analyzer = QuestionReader(lists, longest=10**6), Analyzers(lists).of(LANGUAGE)
    lexicon = LeaningWords(lists, analyzer)
    added: list[Added] = []
    for number, (fitting, held_out) in enumerate(folds(turns), start=1):
        weights = fitted(rows_of(fitting, reader, lexicon, analyzer)).shipped()
        added += rewrite_turns(held_out, _rewrite(FollowUps(lists, reader, weights), analyzer), analyzer)
        tell(f"fold {number} of {FOLDS}: fitted on {len(fitting)} turns, asked {len(held_out)}")
    for figure in followup_figures(added):
        tell(f"{figure.name} {figure.value:.3f}")
    everything = fitted(rows_of(turns, reader, lexicon, analyzer)).shipped()
    target = folder / WEIGHTS
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join((*_provenance(file), *_lines(everything), "")), encoding="utf-8")


def folds(turns: Sequence[Dialogue]) -> Iterator[tuple[list[Dialogue], list[Dialogue]]]:
    """For each part of the dialogues (by the CRC-32 of their identifiers) the turns of the others, and its own."""
    for number in range(FOLDS):
        parts: tuple[list[Dialogue], list[Dialogue]] = ([], [])
        for turn in turns:
            parts[crc32(turn.dialog.encode()) % FOLDS == number].append(turn)
        yield parts


def _rewrite(follow_ups: FollowUps, analyzer: Analyzer) -> Rewrite:
    def rewrite(question: str, conversation: Conversation) -> str:
        rewriting = follow_ups.rewrite(question, conversation, analyzer=analyzer)
        return question if rewriting is None else rewriting.change.after

    return rewrite


def _lines(weights: dict[str, float]) -> Iterator[str]:
    return (f"{name} = {weight:g}" for name, weight in weights.items())


def _provenance(file: Path) -> Iterator[str]:
    yield "# Weights of the follow-up model: the log-odds that a person would take a word of the conversation over, by"
    yield f"# the features of bot/answering/followup.py. Fitted by `verbatim fit` on {file.name}: the dialogues"
    yield "# of CANARD's development set (CC BY-SA 4.0)."


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
