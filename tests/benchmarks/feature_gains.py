"""What each feature of the ranking gives: what is lost where the ranking is fitted anew without it, and its time.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.feature_gains TRAIN.json.gz   (feature_gains.md holds its table)

Takes a question file to fit on, since a file that is reported on must not choose features. Tables are made on one half
of the articles and weighed on the other, as `verbatim fit` does; weights are fitted on two thirds of the articles and
judged on the last third, three times, so that each question is judged once by weights that never saw its article.
Asked are the questions whose answer is among the candidates, of libraries of all shapes that the ranking is
fitted on; a column for each. Needs SciPy.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np

from bot.answering.commonwords import CommonWords
from bot.answering.features.catalogue import FEATURES
from bot.answering.question import QuestionReader
from bot.answering.ranking import Ranker
from bot.evaluation.collection import Collection, Piece
from bot.evaluation.fitting.halves import SMALL, fit_tables, synonyms_of
from bot.evaluation.fitting.libraries import RANKING_CUTS
from bot.evaluation.fitting.samples import Asker, Sample, drawn, listed
from bot.evaluation.fitting.weights import Flags, Floats, fit_ranking
from bot.evaluation.fitting.workshop import workshop_for
from bot.evaluation.questions import AskedArticle, load_articles
from bot.retrieval.analysis import Analyzers
from bot.settings import load_settings
from bot.wordlists import WordLists

SEED = 20230308
FOLDS = 3
EVERY = 2  # of the samples is fitted on: twice as many move the weights little
TIMED = 200  # questions
TIMED_ARTICLES = 40


class Fold(NamedTuple):
    """Samples to fit on, with the scores that a first fit with all features gives them, and samples to judge."""

    fitted: Sequence[Sample]
    scores: Sequence[Floats]
    judged: Sequence[Sample]


class Ranks(NamedTuple):
    """The rank of the first gold sentence of each judged question, and the shape of its library."""

    ranks: Floats
    shapes: Sequence[str]

    def first(self, shape: str = "") -> float:
        """R@1 in libraries of one shape, or in all."""
        chosen = [rank for rank, own in zip(self.ranks, self.shapes, strict=True) if shape in ("", own)]
        return float(np.mean(np.array(chosen) == 1))

    def reciprocal(self) -> float:
        """MRR."""
        return float(np.mean(1 / self.ranks))


def judged(folds: Sequence[Fold], kept: Flags) -> Ranks:
    """The ranks by weights that are fitted with the kept features alone."""
    ranks, shapes = [], []
    for fold in folds:
        fitted = [sample._replace(features=sample.features[:, kept]) for sample in fold.fitted]
        weights = fit_ranking(listed(fitted, scores=fold.scores))
        for sample in fold.judged:
            scores = sample.features[:, kept] @ weights
            ranks.append(1 + int((scores > scores[sample.gold].max()).sum()))
            shapes.append(sample.library)
    return Ranks(np.array(ranks, dtype=np.float64), shapes)


def folds_of(samples: Sequence[Sample]) -> Iterator[Fold]:
    """The samples by thirds of the articles."""
    articles = sorted({sample.article for sample in samples})
    third = {article: number % FOLDS for number, article in enumerate(articles)}
    for number in range(FOLDS):
        fitted = [sample for sample in samples if third[sample.article] != number][::EVERY]
        first = fit_ranking(listed(fitted))
        scores = [sample.features @ first for sample in fitted]
        yield Fold(fitted, scores, [sample for sample in samples if third[sample.article] == number])


def microseconds(articles: Sequence[AskedArticle]) -> dict[str, float]:
    """The time that each feature adds to a question with its candidates, what several share counted at the first."""
    lists = WordLists()
    analyzers = Analyzers(lists)
    search = load_settings(environment={}).values.search
    reader = QuestionReader(lists, longest=10**6)
    asker = Asker(Ranker.load(analyzers), reader, analyzers, analyzers.of("en"), CommonWords(lists), search)
    pieces = [Piece(article.plain_title, article.paragraphs) for article in articles[:TIMED_ARTICLES]]
    collection = Collection(pieces, asker.analyzer)
    spent = dict.fromkeys([feature.name for feature in FEATURES], 0.0)
    for _, view in asker.views(collection, drawn(collection.posed, TIMED, seed=SEED)):
        for feature in FEATURES:
            started = time.process_time()
            view.of(feature.values)
            spent[feature.name] += time.process_time() - started
    return {name: seconds / TIMED * 1e6 for name, seconds in spent.items()}


def left_out() -> Iterator[tuple[str, Flags]]:
    """What is left out in turn, each with what is kept: each feature; all that /why tells in the same words, since they
    stand in for each other; all of a module."""
    for feature in FEATURES:
        yield feature.name, np.array([other is not feature for other in FEATURES])
    messages = [feature.message for feature in FEATURES]
    for message in dict.fromkeys(messages):
        if message and messages.count(message) > 1:
            yield f"why.{message}", np.array([other != message for other in messages])
    modules = [feature.values.__module__.rpartition(".")[2] for feature in FEATURES]
    for module in dict.fromkeys(modules):
        yield f"all of {module}", np.array([other != module for other in modules])


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
def main(file: Path) -> None:
    """Print the table."""
    articles = list(load_articles(file))
    search = load_settings(environment={}).values.search
    workshop = workshop_for(file, settings=search, lists=WordLists(), tell=lambda line: click.echo(line, err=True))
    with tempfile.TemporaryDirectory() as scratch:
        _, samples = fit_tables(workshop, articles, Path(scratch) / "fitted", synonyms_of(workshop, articles, None))
    folds = list(folds_of(samples))
    whole = judged(folds, np.ones(len(FEATURES), dtype=np.bool_))
    spent = microseconds(articles)
    shapes = [*(cut.name for cut in RANKING_CUTS), SMALL]
    click.echo(
        f"{len(whole.ranks)} questions, {len(FEATURES)} features: MRR {whole.reciprocal():.4f}; what is gained\n"
    )
    click.echo(f"| feature | MRR | R@1 | {' | '.join(shapes)} | µs |")
    click.echo("| --- " * (len(shapes) + 4) + "|")
    totals = [f"{whole.reciprocal():.4f}", f"{whole.first():.4f}", *(f"{whole.first(shape):.4f}" for shape in shapes)]
    click.echo(f"| all | {' | '.join(totals)} | {sum(spent.values()):.0f} |")
    for name, kept in left_out():
        ranks = judged(folds, kept)
        gains = [whole.reciprocal() - ranks.reciprocal(), whole.first() - ranks.first()]
        gains += [whole.first(shape) - ranks.first(shape) for shape in shapes]
        time_spent = f"{spent[name]:.0f}" if name in spent else ""
        click.echo(f"| {name} | {' | '.join(f'{gain:+.4f}' for gain in gains)} | {time_spent} |")


if __name__ == "__main__":
    main()
