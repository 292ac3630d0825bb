"""Question to finished quotes on one core: median and 99th percentile, by stage, beside rank-bm25's own get_scores.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.answer_time QUESTIONS.json.gz [--sentences 10000] [--questions 500] \\
        [--engine memory]

The library is made of the file's articles as the product would make it, as many as hold the sentences asked for.
"""

import functools
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click

from bot.answering import answerer
from bot.answering.correction import Corrector
from bot.answering.marking.marker import Marker
from bot.answering.question import QuestionReader
from bot.answering.quoting import Quoter
from bot.answering.ranking import Ranker
from bot.answering.second_look import SecondLook
from bot.app import open_app
from bot.articles.article import Kind
from bot.articles.library import Library
from bot.articles.shelf import Shelf
from bot.evaluation.product import whole_trial
from bot.evaluation.questions import AskedArticle, load_articles
from bot.retrieval.analysis import Analyzers
from bot.retrieval.disk.engine import DiskEngine
from bot.retrieval.memory import MemoryEngine
from bot.settings import load_settings
from bot.wordlists import WordLists

SEED = 20230308
STAGES: dict[str, Sequence[tuple[Any, str]]] = {
    "refresh": [(MemoryEngine, "refresh"), (DiskEngine, "refresh")],
    "language": [(answerer, "question_language")],
    "read": [(QuestionReader, "read")],
    "correct": [(Corrector, "correct")],
    "search": [(MemoryEngine, "search"), (DiskEngine, "search")],
    "fetch": [(Shelf, "around")],
    "features and ranking": [(Ranker, "rank")],
    "fold": [(answerer, "fold")],
    "second look": [(SecondLook, "review")],
    "quote": [(Quoter, "around"), (Quoter, "cut"), (Quoter, "quote"), (Ranker, "reasons")],
    "mark": [(Marker, "mark")],
}
"""The stages of an answer, each with the functions whose time it is."""


class Clock:
    """Adds up the time of each stage of one answer; a stage that runs inside another counts for the outer one."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.spent: dict[str, float] = dict.fromkeys(STAGES, 0.0)
        self._inside = False

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time added to a stage."""

        @functools.wraps(function)
        def run(*arguments: Any, **options: Any) -> Any:
            if self._inside:
                return function(*arguments, **options)
            self._inside = True
            started = self.now()
            try:
                return function(*arguments, **options)
            finally:
                self.spent[stage] += self.now() - started
                self._inside = False

        return run


class Measured(NamedTuple):
    """Seconds of one answer, whole and by stage, and of rank-bm25's get_scores for the same question."""

    whole: float
    stages: dict[str, float]
    get_scores: float


@contextmanager
def clocked(now: Callable[[], float]) -> Iterator[Clock]:
    """A clock on every stage while the context lasts."""
    clock = Clock(now)
    originals = [(owner, name, getattr(owner, name)) for places in STAGES.values() for owner, name in places]
    for stage, places in STAGES.items():
        for owner, name in places:
            setattr(owner, name, clock.timed(stage, getattr(owner, name)))
    try:
        yield clock
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def enough(articles: Sequence[AskedArticle], sentences: int) -> list[AskedArticle]:
    """The first articles that hold so many sentences together, by the file's own breaks; all when they do not."""
    chosen, held = [], 0
    for article in articles:
        if held >= sentences:
            break
        chosen.append(article)
        held += sum(len(paragraph.sentences) for paragraph in article.paragraphs)
    return chosen


def measure(
    articles: Sequence[AskedArticle], questions: int, engine: str, now: Callable[[], float]
) -> tuple[int, list[Measured]]:
    """How many sentences the library holds, and the times of so many questions drawn with a seed."""
    from rank_bm25 import BM25Okapi

    trial = whole_trial(articles)
    drawn = random.Random(SEED).sample(trial.questions, min(questions, len(trial.questions)))
    settings = load_settings(environment={"VERBATIM_ENGINE": engine})
    with tempfile.TemporaryDirectory() as folder, open_app(settings, library=folder) as app:
        for _ in app.library.put_many(trial.articles):
            pass
        answers = app.answerer
        bm25 = BM25Okapi(_corpus(app.library))
        analyzers = Analyzers(WordLists())
        for warm in drawn[:20]:
            answers.answer(warm.question)
        found = []
        with clocked(now) as clock:
            for asked in drawn:
                clock.spent = dict.fromkeys(STAGES, 0.0)
                started = now()
                answer = answers.answer(asked.question)
                whole = now() - started
                terms = analyzers.of(answer.language).terms(asked.question)
                started = now()
                bm25.get_scores(terms)
                found.append(Measured(whole, clock.spent, now() - started))
        return app.library.statistics().sentences, found


def _corpus(library: Library) -> list[list[str]]:
    """The terms of every sentence of prose in the library, stop words left out."""
    numbers = [article.number for article in library.articles()]
    sentences = (sentence for passage in library.passages_of(numbers) for sentence in passage.sentences)
    return [one.content_terms() for one in sentences if one.kind is Kind.PROSE]


def quantiles(seconds: Sequence[float]) -> str:
    """Median and 99th percentile in milliseconds."""
    ordered = sorted(1000 * one for one in seconds)
    slow = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return f"{ordered[len(ordered) // 2]:8.2f} {slow:8.2f}"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sentences", default=10_000, show_default=True)
@click.option("--questions", default=500, show_default=True)
@click.option("--engine", default="auto", show_default=True)
@click.option("--cpu", is_flag=True, help="Count CPU time, for a machine that does other work beside.")
def main(file: Path, sentences: int, questions: int, engine: str, cpu: bool) -> None:
    """Measure and print the table."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    size, found = measure(
        enough(load_articles(file), sentences), questions, engine, time.process_time if cpu else time.perf_counter
    )
    click.echo(
        f"{len(found)} questions over {size:,} sentences, engine {engine}, one core; milliseconds"
        f"{' of CPU time' if cpu else ''}"
    )
    click.echo(f"{'':24}{'p50':>8} {'p99':>8}")
    for stage in STAGES:
        click.echo(f"{stage:24}{quantiles([one.stages[stage] for one in found])}")
    rest = [one.whole - sum(one.stages.values()) for one in found]
    click.echo(f"{'the rest':24}{quantiles(rest)}")
    click.echo(f"{'question to quotes':24}{quantiles([one.whole for one in found])}")
    behind = [one.whole - one.stages["search"] for one in found]
    click.echo(f"{'all but the search':24}{quantiles(behind)}")
    click.echo(f"{'rank-bm25 get_scores':24}{quantiles([one.get_scores for one in found])}")
    peer = statistics.median(one.get_scores for one in found)
    whole, search = (
        statistics.median(times) / peer
        for times in ([one.whole for one in found], [one.stages["search"] for one in found])
    )
    click.echo(f"the whole answer takes {whole:.2f} times get_scores, the search {search:.3f} times (medians)")


if __name__ == "__main__":
    main()
