"""How the disk engine and the whole answer grow with the library: times by stage, building, size on disk, memory.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.growing SOURCE [--sizes 10000,100000,1000000] [--questions 300]
    OMP_NUM_THREADS=1 python -m tests.benchmarks.growing SOURCE --library DIR [--library DIR ...] [--plot FILE]

SOURCE is a question file; libraries are made of its words (tests.benchmarks.resampled) unless they are there already,
and its own questions are asked. Every size runs in a process of its own; times are the processor's, so that what else
the machine does does not count. The index is built anew from the library's analysed sentences.
`--plot` draws the stages' medians and the whole's p50 and p99 against the number of sentences, as PNG or SVG by the
file's ending (pip install 'verbatim-bot[plots]').
"""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click

from bot.answering.correction import Corrector
from bot.answering.marking.marker import Marker
from bot.answering.question import QuestionReader
from bot.answering.quoting import Quoter
from bot.answering.ranking import Ranker
from bot.app import INDEX, open_app
from bot.articles.shelf import Shelf
from bot.evaluation.questions import load_articles
from bot.retrieval.disk.engine import DiskEngine
from bot.settings import load_settings
from tests.benchmarks.crossover import private_megabytes
from tests.benchmarks.plots import draw_growth, plot_option
from tests.benchmarks.resampled import articles, profile, source_paragraphs

SEED = 20230308
WARM = 300  # questions before the clock runs: what meets a word for the first time stems it
STAGES: dict[str, tuple[tuple[type, str], ...]] = {
    "refresh": ((DiskEngine, "refresh"),),
    "read": ((QuestionReader, "read"),),
    "correct": ((Corrector, "correct"),),
    "search": ((DiskEngine, "search"),),
    "fetch": ((Shelf, "around"),),
    "rank": ((Ranker, "rank"),),
    "quote": ((Quoter, "around"), (Quoter, "cut"), (Quoter, "quote")),
    "mark": ((Marker, "mark"),),
}
"""The stages of an answer, each with the methods whose time it is."""


class Grown(NamedTuple):
    """What one size costs: sentences, sentences indexed in a second, bytes a sentence, private megabytes when serving,
    and the median and 99th percentile of each stage in milliseconds, the whole last."""

    sentences: int
    indexed: float
    bytes_each: float
    private_megabytes: float
    stages: dict[str, tuple[float, float]]


class Clock:
    """Adds up the processor's time of each stage; one that runs inside another counts for the outer one."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(STAGES, 0.0)
        self._inside = False

    def install(self) -> None:
        """Put the clock on every stage, for the rest of the process."""
        for stage, methods in STAGES.items():
            for owner, name in methods:
                setattr(owner, name, self._timed(stage, getattr(owner, name)))

    def _timed(self, stage: str, method: Callable[..., object]) -> Callable[..., object]:
        def timed(*arguments: object, **options: object) -> object:
            if self._inside:
                return method(*arguments, **options)
            self._inside, started = True, time.process_time()
            try:
                return method(*arguments, **options)
            finally:
                self.spent[stage] += time.process_time() - started
                self._inside = False

        return timed


def grown(library: str, questions: list[str]) -> Grown:
    """What a library costs that is in a folder; its index is built anew."""
    shutil.rmtree(Path(library) / INDEX, ignore_errors=True)
    settings = load_settings(environment={"VERBATIM_ENGINE": "disk"})
    with open_app(settings, library=library) as app:
        sentences = app.library.statistics().sentences
        started = time.process_time()
        app.catch_up()
        indexed = sentences / (time.process_time() - started)
        size_bytes = app.searching().size_bytes
    clock = Clock()
    clock.install()
    times: dict[str, list[float]] = {stage: [] for stage in (*STAGES, "the rest", "whole")}
    with open_app(settings, library=library) as app:
        answerer = app.answerer
        for place, question in enumerate(questions):
            clock.spent = dict.fromkeys(STAGES, 0.0)
            started = time.process_time()
            answerer.answer(question)
            whole = time.process_time() - started
            if place >= WARM:
                spent = clock.spent | {"the rest": whole - sum(clock.spent.values()), "whole": whole}
                for stage, seconds in spent.items():
                    times[stage].append(1000 * seconds)
        megabytes = private_megabytes()
    return Grown(
        sentences, indexed, size_bytes / sentences, megabytes, {stage: _two(ms) for stage, ms in times.items()}
    )


def _two(milliseconds: list[float]) -> tuple[float, float]:
    ordered = sorted(milliseconds)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]


def in_a_process(library: str, questions: list[str]) -> Grown:
    """The same, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.growing", "--serve"]
    run = subprocess.run(command, input=json.dumps([library, questions]), capture_output=True, text=True, check=True)
    return Grown(*json.loads(run.stdout))


def table(found: list[Grown]) -> list[str]:
    """The lines of the table, a column for each size, with the ratio of the last to the first."""
    lines = ["".join([f"{'':26}", *(f"{one.sentences:>16,}" for one in found), f"{'last / first':>14}"])]
    plain: tuple[tuple[str, Callable[[Grown], float]], ...] = (
        ("sentences indexed a second", lambda one: one.indexed),
        ("index bytes a sentence", lambda one: one.bytes_each),
        ("private MB, serving", lambda one: one.private_megabytes),
    )
    for name, value in plain:
        lines.append(f"{name:26}" + "".join(f"{value(one):16,.0f}" for one in found) + _ratio(found, value))
    for stage in found[0].stages:
        cells = "".join(f"{one.stages[stage][0]:8.2f}{one.stages[stage][1]:8.2f}" for one in found)
        lines.append(f"{stage:26}{cells}" + _ratio(found, lambda one, stage=stage: one.stages[stage][0]))  # type: ignore[misc]
    return lines


def _ratio(found: list[Grown], value: Callable[[Grown], float]) -> str:
    return f"{value(found[-1]) / value(found[0]):14.2f}" if len(found) > 1 and value(found[0]) else ""


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--sizes", default="10000,100000,1000000", show_default=True)
@click.option("--library", "libraries", multiple=True, type=click.Path(exists=True, file_okay=False))
@click.option("--questions", default=300, show_default=True)
@plot_option
@click.option("--serve", "serving", is_flag=True, hidden=True)
def main(
    source: Path | None, sizes: str, libraries: tuple[str, ...], questions: int, plot: Path | None, *, serving: bool
) -> None:
    """Measure and print the table."""
    if serving:
        click.echo(json.dumps(grown(*json.load(sys.stdin))))
        return
    if source is None:
        raise click.UsageError("name a question file")
    every = [asked.question for article in load_articles(source) for asked in article.questions()]
    drawn = random.Random(SEED).sample(every, min(questions + WARM, len(every)))
    found = [in_a_process(library, drawn) for library in libraries]
    if not libraries:
        words = profile(source_paragraphs(source))
        for size in map(int, sizes.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                with closing(open_app(load_settings(environment={}), library=folder)) as app:
                    for _ in app.library.put_many(articles(words, size)):
                        pass
                found.append(in_a_process(folder, drawn))
    click.echo(f"{questions} questions; p50 and p99 of each stage in milliseconds of the processor")
    for line in table(found):
        click.echo(line)
    if plot is not None:
        draw_growth([(one.sentences, one.stages) for one in found], plot)


if __name__ == "__main__":
    main()
