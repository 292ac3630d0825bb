"""From which size on the disk engine serves better than the memory engine: load, search and memory of both, by size.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.crossover SOURCE [--sizes 500,2000,10000,50000] [--questions 300]

SOURCE is a question file; libraries are made of its words (tests.benchmarks.resampled), and its own questions are
asked. Each engine runs in a process of its own, and times are the processor's, so that other work does not count.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click

from bot.app import open_app
from bot.evaluation.questions import load_articles
from bot.retrieval.analysis import Analyzers
from bot.settings import load_settings
from bot.wordlists import WordLists
from tests.benchmarks.resampled import articles, profile, source_paragraphs
from tests.retrieval.conformance.engines import ENGINES

CANDIDATES = 100
SEED = 20230308


class Served(NamedTuple):
    """What one engine costs at one size: seconds until it can be asked, milliseconds a search, private megabytes."""

    load_seconds: float
    p50_ms: float
    p99_ms: float
    private_megabytes: float


def serve(engine: str, library: str, questions: list[str]) -> Served:
    """Ask one engine over a library that has its index."""
    analyzer = Analyzers(WordLists()).of("en")
    asked = [analyzer.terms(question) for question in questions]
    with open_app(load_settings(environment={}), library=library) as app:
        before, started = private_megabytes(), time.process_time()
        with closing(ENGINES[engine](app.library, Path(library))) as made:
            made.refresh()
            load = time.process_time() - started
            for terms in asked[:20]:
                made.search(terms, limit=CANDIDATES)
            times = []
            for terms in asked:
                started = time.process_time()
                made.refresh()
                made.search(terms, limit=CANDIDATES)
                times.append(1000 * (time.process_time() - started))
            times.sort()
            used = private_megabytes() - before
    return Served(load, times[len(times) // 2], times[len(times) * 99 // 100], used)


def private_megabytes() -> float:
    """The memory that this process shares with nobody, where the system says so; else 0."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")), 0.0)


def in_a_process(engine: str, library: str, questions: list[str]) -> Served:
    """The same, measured in a process of its own."""
    told = json.dumps([engine, library, questions])
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.crossover", "--serve"],
        input=told, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Served(*json.loads(run.stdout))


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--sizes", default="500,2000,10000,50000", show_default=True)
@click.option("--questions", default=300, show_default=True)
@click.option("--serve", "serving", is_flag=True, hidden=True)
def main(source: Path | None, sizes: str, questions: int, serving: bool) -> None:
    """Measure and print the table."""
    if serving:
        click.echo(json.dumps(serve(*json.load(sys.stdin))))
        return
    if source is None:
        raise click.UsageError("name a question file")
    every = [asked.question for article in load_articles(source) for asked in article.questions()]
    drawn = random.Random(SEED).sample(every, min(questions, len(every)))
    words = profile(source_paragraphs(source))
    click.echo(f"{len(drawn)} questions, {CANDIDATES} hits each; seconds and milliseconds of the processor")
    click.echo(f"{'sentences':>9}  {'engine':8}{'load s':>8}{'p50 ms':>8}{'p99 ms':>8}{'MB':>7}")
    for size in map(int, sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            with open_app(load_settings(environment={}), library=folder) as app:
                for _ in app.library.put_many(articles(words, size)):
                    pass
                with closing(ENGINES["disk"](app.library, Path(folder))) as made:
                    made.catch_up()
            for engine in sorted(ENGINES.keys() & {"memory", "disk"}):
                found = in_a_process(engine, folder, drawn)
                click.echo(
                    f"{size:9,}  {engine:8}{found.load_seconds:8.2f}{found.p50_ms:8.2f}{found.p99_ms:8.2f}"
                    f"{found.private_megabytes:7.0f}"
                )


if __name__ == "__main__":
    main()
