"""Fitting the follow-up model: a logistic regression over the words that a conversation offers.

The shipped weights are fitted on all dialogues; how good they are is told by cross-validation, in which no dialogue is
asked of weights that were fitted on it or on another about the same article.

A word counts as taken over when its term stands in the person's rewriting and not in the question. Each turn is used
twice: with the title and the earlier questions as they were asked, and without the title (headlines are no names) with
these as a person rewrote them (the product remembers what it understood).
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np

from bot.answering.followups.conversation import Conversation, Turn
from bot.answering.followups.leaning import LeaningWords, offered_words, said_in
from bot.answering.followups.rewriting import WEIGHTS, FollowUps
from bot.answering.followups.takeover import Takeover, scene_of
from bot.answering.question import QuestionReader
from bot.evaluation.fitting.weights import fit_logistic_signs
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
THRESHOLD = -0.95
"""The log-odds from which on a word is taken over: a probability of about half the F1 (Lipton et al. 2014)."""
THRESHOLD_LIKELIEST = -0.5
"""The log-odds that the likeliest word needs; where none has them, none is taken over."""
THRESHOLD_SAID = -1.2
"""The log-odds that a word of the answers needs where a question asks for something else and no other word of them has
enough: one is left out at least."""
THRESHOLD_BESIDES = 0.0
"""The log-odds that a word of earlier turns, or of the last one and of no name, needs where a question asks for
something else. People took two to three of ten of these over at any log-odds from -1.2 to 0: half the F1 is more.
Chosen on the other four parts in turn, cross-validated among themselves, it comes out between -0.6 and 0.4."""
_BIAS = "bias"
LEAST_COUNT = 20
RIDGE = 1e-3
LEAST_WEIGHT = 0.02
"""Weights below it are left out of the file."""


class Row(NamedTuple):
    """One word that one question was offered: its features, and whether the person took it over."""

    features: tuple[str, ...]
    taken: bool


def fit_follow_ups(file: Path, folder: Path, *, lists: WordLists, tell: Callable[[str], None]) -> None:
    """Fit the follow-up model on a file of dialogues and write it to `folder`; `tell` hears the figures of the
    cross-validation. Raises ReadingError for a wrong file."""
    turns = load_dialogues(file)
    reader, analyzer = QuestionReader(lists, longest=10**6), Analyzers(lists).of(LANGUAGE)
    rows = rows_of(turns, reader, LeaningWords(lists, analyzer), analyzer)
    added: list[Added] = []
    remembering: list[Added] = []
    for number, (fitting, held_out) in enumerate(folds(turns), start=1):
        weights = fitted([row for place in fitting for row in rows[place]])
        follow_ups = FollowUps(lists, reader, weights)
        rewrite, understand = _rewrite(follow_ups, analyzer), _understand(follow_ups, analyzer)
        asked = [turns[place] for place in held_out]
        added += rewrite_turns(asked, rewrite, analyzer)
        remembering += rewrite_turns(asked, rewrite, analyzer, understand=understand)
        tell(f"fold {number} of {FOLDS}: fitted on {len(fitting)} turns, asked {len(held_out)}")
    for heading, found in (("after questions as they were asked", added), ("as the product remembers", remembering)):
        tell(f"{heading}:")
        for figure in followup_figures(found):
            tell(f"{figure.name} {figure.value:.3f}")
    target = folder / WEIGHTS
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = _lines(fitted(list(chain.from_iterable(rows))))
    target.write_text("\n".join((*_provenance(file), *lines, "")), encoding="utf-8")


def folds(turns: Sequence[Dialogue]) -> Iterator[tuple[list[int], list[int]]]:
    """For each part of the articles (by the CRC-32 of their titles) the places of the others' turns, and of its own."""
    for number in range(FOLDS):
        parts: tuple[list[int], list[int]] = ([], [])
        for place, turn in enumerate(turns):
            parts[crc32(turn.title.encode()) % FOLDS == number].append(place)
        yield parts


def _rewrite(follow_ups: FollowUps, analyzer: Analyzer) -> Rewrite:
    def rewrite(question: str, conversation: Conversation) -> str:
        rewriting = follow_ups.rewrite(question, conversation, analyzer=analyzer)
        return question if rewriting is None else rewriting.change.after

    return rewrite


def _understand(follow_ups: FollowUps, analyzer: Analyzer) -> Rewrite:
    """As the product understands a question: what a leaning one lacks is added, what was said already is not."""

    def understand(question: str, conversation: Conversation) -> str:
        rewriting = follow_ups.rewrite(question, conversation, analyzer=analyzer)
        return rewriting.text if rewriting and rewriting.leans else question

    return understand


def _lines(weights: dict[str, float]) -> Iterator[str]:
    return (f"{name} = {weight:g}" for name, weight in weights.items())


def _provenance(file: Path) -> Iterator[str]:
    yield "# Weights of the follow-up model: the log-odds that a person would take a word of the conversation over, by"
    yield f"# the features of bot/answering/followups/takeover.py. Fitted by `verbatim fit` on {file.name}: the"
    yield "# dialogues of CANARD's development set (CC BY-SA 4.0)."


def rows_of(
    turns: Sequence[Dialogue], reader: QuestionReader, lexicon: LeaningWords, analyzer: Analyzer
) -> list[list[Row]]:
    """The rows of each turn, which is used twice."""
    rewrites = {(turn.dialog, turn.turn): turn.rewrite for turn in turns}
    return [
        [
            row
            for titled, rewritten in ((True, False), (False, True))
            for row in _rows(
                turn, _conversation(turn, rewrites if rewritten else {}, titled=titled), reader, lexicon, analyzer
            )
        ]
        for turn in turns
    ]


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
    texts = said_in(conversation, analyzer)
    scene = scene_of(turn.question, texts, reader, lexicon, analyzer)
    takeover = Takeover(scene)
    asked = set(scene.leaning.terms)
    wanted = set(analyzer.terms(turn.rewrite)) - asked
    for word in offered_words(texts):
        if word.term not in asked:
            found = (*takeover.of_kind(word), *takeover.of_word(word))
            yield Row(tuple(map(sys.intern, found)), word.term in wanted)


def fitted(rows: Sequence[Row]) -> dict[str, float]:
    """What the weights file holds, rounded as there: the thresholds, the bias, and the weights that matter."""
    truth = np.array([row.taken for row in rows], dtype=np.float64)
    weights = fit_logistic_signs([row.features for row in rows], truth, least=LEAST_COUNT, ridge=RIDGE, intercept=_BIAS)
    bias = weights.pop(_BIAS)
    kept = {feature: round(weight, 2) for feature, weight in sorted(weights.items()) if abs(weight) >= LEAST_WEIGHT}
    thresholds = {
        "threshold": THRESHOLD,
        "threshold likeliest": THRESHOLD_LIKELIEST,
        "threshold said": THRESHOLD_SAID,
        "threshold besides": THRESHOLD_BESIDES,
    }
    return thresholds | {_BIAS: round(bias, 2)} | kept
