"""Questions whose answers are there or not: what the confidence sees of them, and what came of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bot.answering.features.catalogue import FEATURES
from bot.answering.features.view import View
from bot.answering.ranking import ANY_LANGUAGE
from bot.answering.standing import Standing
from bot.evaluation.collection import Collection, Posed
from bot.evaluation.fitting.confidence import Outcome, signs_of
from bot.evaluation.fitting.libraries import (
    ABSTAINING_CUTS,
    GAPS,
    MIDDLING_CUTS,
    MIDDLING_PARTS,
    STRETCH_QUESTIONS,
    TINY_QUESTIONS,
    TWIN_QUESTIONS,
    WINDOW_QUESTIONS,
    cut_library,
    stretch_libraries,
    tiny_libraries,
    twin_libraries,
    window_libraries,
)
from bot.evaluation.fitting.paraphrase import Paraphraser
from bot.evaluation.fitting.samples import Asker, drawn, table_of
from bot.evaluation.noise import Noise
from bot.evaluation.questions import AskedArticle
from bot.retrieval.analysis import Analyzer

MISSPELT = 6
"""Every so many-th question is asked with a typing error: without any, each correction would tell an absent topic."""

Weights = Mapping[str, Mapping[str, float]]
"""For each language the weight of each feature of the ranking."""


class HalfLibrary(NamedTuple):
    """A library of which a part was left out: its kind, and how many questions it is asked."""

    kind: str
    collection: Collection
    questions: int


def outcomes(
    group: Sequence[AskedArticle], asker: Asker, paraphraser: Paraphraser, weights: Weights, *, seed: int
) -> Iterator[tuple[str, Outcome]]:
    """For each language what came of the questions that libraries cut from a group of articles are asked: some as they
    stand, some in other words, some misspelt."""
    noise = Noise((question.question for article in group for question in article.questions()), asker.analyzer)
    for library in half_libraries(group, asker.analyzer):
        posed = drawn(library.collection.posed, library.questions, seed=seed)
        copies = copies_of(posed, paraphraser, noise)
        for each, view in asker.views(library.collection, posed, copies.texts):
            is_reworded = each.query.text in copies.reworded
            for language, own in weights.items():
                with_tables = language != ANY_LANGUAGE
                outcome = _outcome(library, each, view, own, with_tables=with_tables)
                yield language, outcome._replace(is_reworded=is_reworded)


def half_libraries(group: Sequence[AskedArticle], analyzer: Analyzer) -> Iterator[HalfLibrary]:
    """Libraries of all shapes, each asked about what it holds and about what was left out."""
    for cut in ABSTAINING_CUTS:
        yield HalfLibrary(cut.name, cut_library(group, cut, analyzer, every=2), cut.questions)
    for cut in MIDDLING_CUTS:
        for start in (0, MIDDLING_PARTS // 2):
            part = group[start::MIDDLING_PARTS]
            yield HalfLibrary(cut.name, cut_library(part, cut, analyzer, every=2), cut.questions)
    for collection in tiny_libraries(group, analyzer):
        yield HalfLibrary("tiny", collection, TINY_QUESTIONS)
    for collection in window_libraries(group, analyzer):
        yield HalfLibrary("window", collection, WINDOW_QUESTIONS)
    for collection in twin_libraries(group, analyzer):
        yield HalfLibrary("twins", collection, TWIN_QUESTIONS)
    for collection in stretch_libraries(group, analyzer, gaps=GAPS):
        yield HalfLibrary("gaps", collection, STRETCH_QUESTIONS)


class Copies(NamedTuple):
    """Copies of questions by the questions as they stand, and which of those are asked in other words."""

    texts: dict[str, str]
    reworded: frozenset[str]


def copies_of(posed: Sequence[Posed], paraphraser: Paraphraser, noise: Noise) -> Copies:
    """Some of the questions in other words, some misspelt."""
    copies = paraphraser.copies(each.query.text for each in posed)
    misspelt = [copies.get(each.query.text, each.query.text) for each in posed[::MISSPELT]]
    noisy = {each.query.text: noise.copy(text) for each, text in zip(posed[::MISSPELT], misspelt, strict=True)}
    return Copies(copies | noisy, frozenset(copies))


def _outcome(
    library: HalfLibrary, posed: Posed, view: View, weights: Mapping[str, float], *, with_tables: bool
) -> Outcome:
    features = [feature for feature in FEATURES if feature.name in weights]
    scores = table_of(view, features) @ np.array([weights[feature.name] for feature in features])
    standing = Standing(view, scores, int(scores.argmax()))
    hit = view.pool.hits[standing.best]
    texts = library.collection.texts
    return Outcome(
        library=library.kind,
        sentences=view.statistics.sentences,
        signs=tuple(sign.value(standing) for sign in signs_of(with_tables=with_tables)),
        is_present=bool(posed.gold),
        is_right=texts[hit.passage, hit.position] in {texts[place] for place in posed.gold},
    )
