"""What adding costs those who ask meanwhile: answer times in quiet, and while another process puts articles in.

    python -m tests.benchmarks.answering_beside QUESTIONS.json.gz [--library DIR] [--rounds 4] [--questions 150]

The library (of so many resampled sentences, or a copy of one that is there) is asked by one process; `verbatim add`
puts files of resampled articles in beside it, every second round. Times are the wall clock's, and the processor's of
the asking process, which tell waiting from work.
"""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from bot.answering.answerer import Answerer
from bot.app import open_app
from bot.evaluation.questions import load_articles
from bot.settings import load_settings
from tests.benchmarks.resampled import Profile, articles, profile, resampled, source_paragraphs

SEED = 20230308
ADDED_SENTENCES = 200_000  # of one file: more than go in while a round lasts


@contextmanager
def adding(words: Profile, library: Path, number: int) -> Iterator[None]:
    """Another process puts articles in while the block runs."""
    file = library.parent / f"added-{number}.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for place, one in enumerate(resampled(words, ADDED_SENTENCES, seed=SEED + number)):
            lines.write(json.dumps({"text": one.text, "title": one.title, "source": f"added/{number}/{place}"}) + "\n")
    command = [sys.executable, "-m", "bot", "--library", str(library), "add", str(file)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(3)  # until it reads
        if process.poll() is not None:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
        yield
    finally:
        process.kill()
        process.wait()


def asked(answerer: Answerer, questions: Sequence[str]) -> list[tuple[float, float]]:
    """Milliseconds of the wall clock and of the processor for each question."""
    times = []
    for question in questions:
        wall, processor = time.perf_counter(), time.process_time()
        answerer.answer(question)
        times.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - processor)))
    return times


def row(name: str, times: Sequence[tuple[float, float]]) -> str:
    """The table's row of one kind of round."""
    cells = []
    for side in (0, 1):
        ordered = sorted(one[side] for one in times)
        cells += [ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]]
    return f"{name:10}" + "".join(f"{cell:11.2f}" for cell in cells)


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--library", type=click.Path(exists=True, file_okay=False, path_type=Path), help="One to copy.")
@click.option("--sentences", default=100_000, show_default=True, help="Of the library that is made otherwise.")
@click.option("--rounds", default=4, show_default=True, help="Of each kind.")
@click.option("--questions", default=150, show_default=True, help="Of each round.")
def main(source: Path, library: Path | None, sentences: int, rounds: int, questions: int) -> None:
    """Measure and print the table."""
    every = [one.question for article in load_articles(source) for one in article.questions()]
    drawn = random.Random(SEED).sample(every, min(questions, len(every)))
    words = profile(source_paragraphs(source))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # what was killed may leave its own
        place = Path(folder) / "library"
        if library is not None:
            shutil.copytree(library, place)
        with open_app(load_settings(environment={}), library=str(place)) as app:
            if library is None:
                for _ in app.library.put_many(articles(words, sentences)):
                    pass
            asked(app.answerer, drawn[:30])
            quiet, beside = [], []
            before = app.library.statistics().sentences
            for number in range(rounds):
                quiet += asked(app.answerer, drawn)
                with adding(words, place, number):
                    beside += asked(app.answerer, drawn)
            after = app.library.statistics().sentences
    click.echo(f"{before:,} sentences, {after - before:,} more in the end; milliseconds")
    click.echo(f"{'':10}{'wall p50':>11}{'wall p99':>11}{'CPU p50':>11}{'CPU p99':>11}")
    click.echo(row("quiet", quiet))
    click.echo(row("beside", beside))


if __name__ == "__main__":
    main()
