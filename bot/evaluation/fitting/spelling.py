"""Fitting the speller: on training questions with typing errors, and on questions about what a library lacks.

A mistyped word was meant to be the one that the question held before; the other words that a library lacks are meant
as they are.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.answering.correction import Corrector
from bot.answering.query import Query
from bot.answering.speller import FEATURES, Choice, Speller
from bot.answering.vectors import WordVectors
from bot.evaluation.fitting.files import write_text
from bot.evaluation.fitting.libraries import ABSTAINING_CUTS, cut_library
from bot.evaluation.fitting.samples import drawn
from bot.evaluation.fitting.weights import RIDGE, Floats, Lists, minimised, softmax_loss
from bot.evaluation.fitting.workshop import LANGUAGE, Workshop
from bot.evaluation.noise import Noise
from bot.evaluation.questions import AskedArticle
from bot.retrieval.letters import bare

QUESTIONS = 1000  # of each group
MEANT_AS_IS = 0.1
"""What a word that is meant as it is counts beside a mistyped one. There are more of the latter among those who ask in
a hurry, and a wrong correction is shown to who asks, a missing one is not."""


class Case(NamedTuple):
    """A word that a library lacks: its candidates' features, whether it is a word of the language itself, and the place
    of the candidate that it was meant to be, NONE where it is meant as it is."""

    features: Floats  # [candidates, features]
    is_word: bool
    meant: int


NONE = -1


class Recorder(Speller):
    """A speller that chooses nothing and keeps what it was asked."""

    def __init__(self, vectors: WordVectors) -> None:
        super().__init__(vectors, Choice(dict.fromkeys(FEATURES, 0.0), 0.0, 0.0))
        self.asked: list[tuple[str, Sequence[str], Floats]] = []

    def chosen(
        self, word: str, terms: Sequence[str], *, counts: Sequence[int], company: Sequence[float], others: Sequence[str]
    ) -> None:
        """Keep the word with its candidates."""
        if terms:
            features = self.features(terms, counts=counts, company=company, others=others)
            self.asked.append((word, terms, features))


def fit_speller(workshop: Workshop, groups: Sequence[Sequence[AskedArticle]], vectors: WordVectors) -> Choice:
    """The weights with the greatest likelihood of what was meant, one of the candidates or none of them: a conditional
    logit (McFadden 1974)."""
    cases = []
    for number, group in enumerate(groups):
        workshop.tell(f"spelling, group {number + 1}")
        cases += list(_cases(workshop, group, vectors, seed=number))
    return fit_choice(cases)


def fit_choice(cases: Sequence[Case]) -> Choice:
    """The weights of these cases."""
    count = len(FEATURES)
    # The first row of a case is of no candidate at all: it has the score that the others must reach.
    tables = [
        np.vstack([[*[0.0] * count, 1.0, case.is_word], np.hstack([case.features, np.zeros((len(case.features), 2))])])
        for case in cases
    ]
    starts = np.concatenate([[0], np.cumsum([len(table) for table in tables])[:-1]])
    lists = Lists(np.concatenate(tables), np.zeros(sum(map(len, tables)), dtype=np.bool_), starts)
    lists.gold[starts + [case.meant - NONE for case in cases]] = True
    counted = np.array([MEANT_AS_IS if case.meant == NONE else 1.0 for case in cases])
    counted /= counted.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        return softmax_loss(weights, lists, RIDGE, counted=counted)

    *fitted, least, more = minimised(loss, np.zeros(count + 2)).tolist()
    return Choice(dict(zip(FEATURES, fitted, strict=True)), least, more)


def write_choice(path: Path, provenance: Sequence[str], choice: Choice) -> None:
    """Write what was fitted as TOML."""
    lines = [
        *(f"# {line}" for line in provenance),
        "",
        f"least = {choice.least:.4g}",
        f"least_for_words = {choice.least_for_words:.4g}",
        "",
        "[weights]",
        *(f"{name} = {weight:.4g}" for name, weight in choice.weights.items()),
        "",
    ]
    write_text(path, "\n".join(lines))


def _cases(workshop: Workshop, group: Sequence[AskedArticle], vectors: WordVectors, *, seed: int) -> Iterator[Case]:
    """The words of a group's questions, each with one typing error, that half of the group's articles lack."""
    asker = workshop.asker(None)
    collection = cut_library(group, ABSTAINING_CUTS[0], asker.analyzer, every=2)
    noise = Noise((each.query.text for each in collection.posed), asker.analyzer)
    recorder = Recorder(vectors)
    engine = collection.engine(workshop.settings)
    corrector = Corrector(engine, workshop.analyzers, asker.common, asker.reader, {LANGUAGE: recorder})
    for posed in drawn(collection.posed, QUESTIONS, seed=seed):
        recorder.asked.clear()
        text = noise.copy(posed.query.text) if posed.gold else posed.query.text
        own, copy = asker.read(posed.query.text), asker.read(text)
        corrector.correct(copy)
        typed, missing = _mistyped(own, copy), set(own.terms) - set(copy.terms)
        for word, terms, features in recorder.asked:
            meant = [place for place, term in enumerate(terms) if term in missing]
            is_word = recorder.is_word(word)
            if word not in typed:
                yield Case(features, is_word, NONE)
            elif meant:
                yield Case(features, is_word, meant[0])


def _mistyped(own: Query, copy: Query) -> set[str]:
    """The words of a copy that the question itself lacks."""
    first, second = ({bare(each.text[one.start : one.end]) for one in each.tokens} for each in (own, copy))
    return second - first
