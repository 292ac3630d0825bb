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
from bot.answering.confidence import Curve, combined
from bot.answering.folding import fold
from bot.answering.marking.marker import Marker
from bot.answering.marking.spanmodel import SpanModel
from bot.answering.marking.units import AnswerWords
from bot.answering.query import Logits
from bot.answering.second_look import LOOKED, SCORE, SIGNS, Again, Second, SecondLook, near, signs_of
from bot.evaluation.fitting.abstaining import HalfLibrary, copies_of
from bot.evaluation.fitting.confidence import calibration_curve, counted_shares
from bot.evaluation.fitting.marking import Encoder, count, examples_of, fitted, renumbered, weightiest
from bot.evaluation.fitting.paraphrase import Paraphraser
from bot.evaluation.fitting.samples import Asker, drawn
from bot.evaluation.fitting.weights import Flags, Floats, Lists, fit_logistic, fit_ranking
from bot.evaluation.noise import Noise
from bot.evaluation.questions import AskedArticle
from bot.wordlists import WordLists

EXAMPLES = 20_000
"""Of a half's sentences that answer, drawn: twice as many take twice the time."""
KEPT, EPOCHS, LAST_EPOCHS = 16_500, 4, 3
SHARE = 2
"""One in so many of the questions that the confidence is fitted on: a dozen weights need no more."""


class Viewed(NamedTuple):
    """A question with its first few candidates, as the first look left them.

    `is_right` says of each candidate whether it answers, `is_present` whether anything in the library does,
    `is_reworded` whether the question is a copy in other words.
    """

    library: str
    logits: Logits
    scores: Floats  # [candidates]
    clues: Floats  # [candidates, clues]
    is_right: Flags  # [candidates]
    is_present: bool
    is_reworded: bool = False


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
    library: HalfLibrary, asker: Asker, paraphraser: Paraphraser, marker: Marker, *, seed: int
) -> Iterator[Viewed]:
    """The library's questions, drawn and copied as for the confidence, that have candidates to look at again; `asker`
    has the ranking's weights and confidence."""
    collection = library.collection
    look = SecondLook(marker, {})
    noise = Noise((each.query.text for each in collection.posed), asker.analyzer)
    asked = drawn(collection.posed, library.questions // SHARE, seed=seed)
    copies = copies_of(asked, paraphraser, noise)
    for posed, view in asker.views(collection, asked, copies.texts):
        firsts = near([group.lead for group in fold(view.pool, asker.ranker.ranked(view), top=LOOKED)])
        seen = [collection.seen(first) for first in firsts]
        clues = look.clues(view.query, seen)
        if clues is not None:
            gold = {collection.texts[place] for place in posed.gold}
            yield Viewed(
                library=library.kind,
                logits=firsts[0].logits,
                scores=np.array([first.score for first in firsts]),
                clues=clues,
                is_right=np.array([one.text in gold for one in seen]),
                is_present=bool(posed.gold),
                is_reworded=posed.query.text in copies.reworded,
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
    right = np.array([one.is_right[own.argmax()] for one, own in zip(each, scores, strict=True)])
    present = np.array([one.is_present for one in each])
    share = counted_shares([(one.library, one.is_present) for one in each])
    signs = [
        _signs(each, scores, [one.logits.present for one in each]),
        _signs(each, scores, [one.logits.first for one in each]),
    ]
    there = fit_logistic(signs[0], present.astype(np.float64), sample=share)
    first = fit_logistic(signs[1][present], right[present].astype(np.float64), sample=share[present])
    small = np.array([one.logits.small for one in each])
    logits = combined(signs[0] @ there[:-1] + there[-1], signs[1] @ first[:-1] + first[-1])
    written = share * np.array([not one.is_reworded for one in each])
    return Second(named, _again(there), _again(first), calibration_curve(logits, right, small, written))


def _signs(each: Sequence[Viewed], scores: Sequence[Floats], logits: Sequence[float]) -> Floats:
    """[questions, signs] what the confidence is read from."""
    rows = zip(logits, each, scores, strict=True)
    return np.array([signs_of(logit, one.logits.late, own, one.clues) for logit, one, own in rows])


def _again(weights: Floats) -> Again:
    """The model of these weights of the signs, the intercept last."""
    return Again(float(weights[-1]), dict(zip(SIGNS, weights[:-1].tolist(), strict=True)))


def write_second(path: Path, provenance: Sequence[str], second: Second) -> None:
    """Write what one language's second look weighs as TOML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        *(f"# {line}" for line in provenance),
        "",
        "[weights]",
        *_weights(second.weights),
        "",
        "# Of the confidence: is an answer there; is the first one it, if so; the curve of both in a large and a small",
        "# library.",
        *_model("present", second.present),
        *_model("first", second.first),
        "[curve]",
        *(f"{name} = [{', '.join(f'{value:.4g}' for value in line)}]" for name, line in _lines(second.curve)),
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def _model(name: str, model: Again) -> list[str]:
    head = [f"[{name}]", f"intercept = {model.intercept:.5g}", f"[{name}.weights]"]
    return [*head, *_weights(model.weights), ""]


def _lines(curve: Curve) -> tuple[tuple[str, tuple[float, ...]], ...]:
    return ("logits", curve.logits), ("large", curve.large), ("small", curve.small)


def _weights(weights: Mapping[str, float]) -> list[str]:
    return [f"{name} = {weight:.5g}" for name, weight in weights.items()]
