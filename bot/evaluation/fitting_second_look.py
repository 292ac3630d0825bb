"""Fitting the second look: what the span model finds in the first few candidates, weighed beside the first score.

The span model is made on one half of the articles and weighed on the other, as the tables are; that on all articles,
which is shipped, would be trusted too much.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.answering.clues import CLUES
from bot.answering.correction import Corrector
from bot.answering.folding import fold
from bot.answering.marking import Marker
from bot.answering.second_look import LOOKED, SCORE, SIGNS, Second, SecondLook, near, signs_of
from bot.answering.spanmodel import SpanModel
from bot.answering.units import AnswerWords
from bot.evaluation.fitting_abstaining import MISSPELT, HalfLibrary
from bot.evaluation.fitting_confidence import NOT_FIRST, calibration_curve, counted_shares
from bot.evaluation.fitting_marking import Encoder, count, examples_of, fitted, renumbered, weightiest
from bot.evaluation.fitting_samples import CANDIDATES, Asker, drawn
from bot.evaluation.fitting_weights import Flags, Floats, Lists, fit_logistic, fit_ranking
from bot.evaluation.noise import Noise
from bot.evaluation.questions import AskedArticle
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

EXAMPLES = 20_000
"""Of a half's sentences that answer, drawn: twice as many take twice the time."""
KEPT, EPOCHS, LAST_EPOCHS = 16_500, 4, 3
SHARE = 2
"""One in so many of the questions that the confidence is fitted on: seven weights need no more."""


class Viewed(NamedTuple):
    """A question with its first few candidates, as the first look left them.

    `is_right` says of each candidate whether it answers, `is_present` whether anything in the library does.
    """

    library: str
    logit: float
    scores: Floats  # [candidates]
    clues: Floats  # [candidates, clues]
    is_right: Flags  # [candidates]
    is_present: bool


def span_model(articles: Sequence[AskedArticle], asker: Asker, lists: WordLists) -> SpanModel:
    """A span model made on some of these articles' questions, of the size of the shipped one."""
    examples = list(examples_of(articles))
    drawn = random.Random(1).sample(examples, min(EXAMPLES, len(examples)))  # noqa: S311  # a draw, no secret
    encoder = Encoder(asker.reader, asker.analyzer, AnswerWords(lists, asker.analyzer.language))
    encoded = [one for example in drawn if (one := encoder.encode(example, grow=True)) is not None]
    weights = fitted(encoded, encoder.vocabulary.size, epochs=EPOCHS)
    keep = weightiest(weights, count(encoded, encoder.vocabulary.size), keep=KEPT)
    vocabulary = encoder.vocabulary.kept(keep)
    start = np.concatenate([[0.0], weights[keep]])
    weights = fitted(renumbered(encoded, keep), vocabulary.size, epochs=LAST_EPOCHS, start=start)
    return SpanModel("\n".join(vocabulary.lines(weights)), "the span model of a half")


def viewed(
    library: HalfLibrary, analyzers: Analyzers, asker: Asker, marker: Marker, *, seed: int, every: int = MISSPELT
) -> Iterator[Viewed]:
    """The library's questions, drawn as for the confidence and each `every`-th misspelt, that have candidates to look
    at again; `asker` has the ranking's weights and confidence."""
    collection = library.collection
    engine = collection.engine(asker.settings)
    corrector, look = Corrector(engine, analyzers), SecondLook(marker, {})
    noise = Noise((each.query.text for each in collection.posed), asker.analyzer)
    for number, posed in enumerate(drawn(collection.posed, library.questions // SHARE, seed=seed)):
        text = posed.query.text if number % every else noise.copy(posed.query.text)
        query, _ = corrector.correct(asker.read(text))
        pool = collection.pool(engine.search(query.terms, limit=CANDIDATES))
        ranking = asker.ranker.rank(query, pool, engine)
        firsts = near([group.lead for group in fold(pool, ranking, top=LOOKED)])
        seen = [collection.seen(first) for first in firsts]
        clues = look.clues(query, seen)
        if clues is not None:
            gold = {collection.texts[place] for place in posed.gold}
            yield Viewed(
                library=library.kind,
                logit=firsts[0].logit,
                scores=np.array([first.score for first in firsts]),
                clues=clues,
                is_right=np.array([one.text in gold for one in seen]),
                is_present=bool(posed.gold),
            )


def fit_second(each: Sequence[Viewed]) -> Second:
    """The weights, by the ranking's listwise softmax over the first few; then the confidence in what they put first."""
    lists = [(one.scores[:, None], one) for one in each if one.is_right.any()]
    table = np.concatenate([np.hstack([scores, one.clues]) for scores, one in lists])
    lengths = [len(one.scores) for _, one in lists]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    weights = fit_ranking(Lists(table, np.concatenate([one.is_right for _, one in lists]), starts))
    named = dict(zip((SCORE, *(clue.name for clue in CLUES)), weights.tolist(), strict=True))
    scores = [weights[0] * one.scores + one.clues @ weights[1:] for one in each]
    signs = np.array([signs_of(one.logit, own, one.clues) for one, own in zip(each, scores, strict=True)])
    right = np.array([one.is_right[own.argmax()] for one, own in zip(each, scores, strict=True)], dtype=np.float64)
    present = np.array([one.is_present for one in each], dtype=np.float64)
    share = counted_shares([(one.library, one.is_present) for one in each])
    logistic = fit_logistic(signs, np.maximum(right, NOT_FIRST * present), sample=share)
    logits, probabilities = calibration_curve(signs @ logistic[:-1] + logistic[-1], right, share)
    return Second(
        weights=named,
        intercept=float(logistic[-1]),
        signs=dict(zip(SIGNS, logistic[:-1].tolist(), strict=True)),
        logits=logits,
        probabilities=probabilities,
    )


def write_second(path: Path, provenance: Sequence[str], second: Second) -> None:
    """Write what one language's second look weighs as TOML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        *(f"# {line}" for line in provenance),
        "",
        f"intercept = {second.intercept:.5g}",
        f"logits = [{', '.join(f'{value:.4g}' for value in second.logits)}]",
        f"probabilities = [{', '.join(f'{value:.4g}' for value in second.probabilities)}]",
        "",
        "[weights]",
        *_weights(second.weights),
        "",
        "# Of the confidence.",
        "[signs]",
        *_weights(second.signs),
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def _weights(weights: Mapping[str, float]) -> list[str]:
    return [f"{name} = {weight:.5g}" for name, weight in weights.items()]
