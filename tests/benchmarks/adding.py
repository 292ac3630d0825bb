"""From files to an answerable library on one core: sentences a second by stage, memory, and what a change costs.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.adding QUESTIONS.json.gz [--sentences 100000] [--peers] [--engine disk]

The question file's articles are written as text files of five paragraphs, in one folder. Times are of the processor,
with the wall clock's beside them. With --peers the same files go into Haystack's in-memory store and LangChain's BM25
retriever, as many of them as are installed.
"""

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import click

from bot.app import App, open_app
from bot.articles.intake import Intake
from bot.articles.readers import Readers
from bot.articles.sentences import Splitter
from bot.evaluation.questions import load_articles
from bot.retrieval import preparation
from bot.retrieval.analysis import Analyzer
from bot.settings import load_settings

PARAGRAPHS = 5
UNCHANGED_FILES = 10_000


class Cost(NamedTuple):
    """Seconds of the processor and of the clock."""

    processor: float
    wall: float


@contextmanager
def measured(into: dict[str, Cost], name: str) -> Iterator[None]:
    """Add what the block costs to the entry `name`."""
    processor, wall = time.process_time(), time.perf_counter()
    yield
    spent, before = Cost(time.process_time() - processor, time.perf_counter() - wall), into.get(name, Cost(0, 0))
    into[name] = Cost(before.processor + spent.processor, before.wall + spent.wall)


@contextmanager
def stages(into: dict[str, Cost]) -> Iterator[None]:
    """Measure reading, splitting, detecting the language and analysing wherever they happen."""
    with ExitStack() as stack:
        for owner, name, stage in (
            (Splitter, "split", "split"),
            (Analyzer, "joined", "analyse"),
            (preparation, "_detected", "detect"),
        ):
            stack.enter_context(patch.object(owner, name, _timed(getattr(owner, name), into, stage)))
        read = Readers.read
        listed = _timed(lambda *arguments: list(read(*arguments)), into, "read")
        stack.enter_context(patch.object(Readers, "read", listed))
        yield


def _timed(function: Callable[..., Any], into: dict[str, Cost], stage: str) -> Callable[..., Any]:
    def timed(*arguments: Any, **options: Any) -> Any:
        with measured(into, stage):
            return function(*arguments, **options)

    return timed


def write_files(questions: Path, folder: Path, sentences: int) -> int:
    """How many files hold the first so many sentences of a question file."""
    count = written = 0
    while written < sentences:
        for article in load_articles(questions):
            for start in range(0, len(article.paragraphs), PARAGRAPHS):
                paragraphs = article.paragraphs[start : start + PARAGRAPHS]
                text = "\n\n".join([article.title, *(paragraph.context for paragraph in paragraphs)])
                (folder / f"{count:07}.txt").write_text(f"{text}\n\nNumber {count}.", encoding="utf-8")
                count += 1
                written += sum(len(paragraph.sentences) for paragraph in paragraphs)
                if written >= sentences:
                    return count
    return count


def peak_megabytes() -> float:
    """The most memory that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@click.command(help=__doc__)
@click.argument("questions", type=click.Path(exists=True, path_type=Path))
@click.option("--sentences", default=100_000, show_default=True)
@click.option("--peers", is_flag=True)
@click.option("--engine", type=click.Choice(["memory", "disk"]), default="memory", show_default=True)
def main(questions: Path, sentences: int, peers: bool, engine: str) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory(prefix="verbatim-adding-") as base:
        folder = Path(base) / "articles"
        folder.mkdir()
        files = write_files(questions, folder, sentences)
        settings = load_settings(environment={"VERBATIM_ENGINE": engine})
        with open_app(settings, library=str(Path(base) / "library")) as app:
            add_all(app, folder, files)
            change_one(app, folder)
            sync_unchanged(app, Path(base) / "many")
        if peers:
            compare(folder, app.library.statistics().sentences)


def add_all(app: App, folder: Path, files: int) -> None:
    """Print what adding costs as it runs, then once more by stage: the clocks of the stages cost time themselves."""
    total: dict[str, Cost] = {}
    app.engine.catch_up()
    with measured(total, "add"):
        Intake(app.library, app.readers).add([str(folder)])
    with measured(total, "index"):
        app.engine.catch_up()
    sentences = app.library.statistics().sentences
    everything = Cost(*(sum(one) for one in zip(*total.values(), strict=True)))
    size = Path(app.library.place).stat().st_size
    click.echo(f"{files:,} files, {sentences:,} sentences: {rate(sentences, everything)}, from file to answerable")
    click.echo(f"peak memory {peak_megabytes():.0f} MB, library {size / sentences:.0f} bytes a sentence")
    parts: dict[str, Cost] = {}
    with tempfile.TemporaryDirectory() as base, open_app(app.settings, library=base) as other:
        other.engine.catch_up()
        with stages(parts), measured(parts, "store"):
            Intake(other.library, other.readers).add([str(folder)])
        inner = [parts[name] for name in ("read", "split", "detect", "analyse")]
        parts["store"] = Cost(*(whole - sum(some) for whole, *some in zip(parts["store"], *inner, strict=True)))
        with measured(parts, "index"):
            other.engine.catch_up()
    for name, cost in parts.items():
        click.echo(f"  {name:8} {rate(sentences, cost)}")


def change_one(app: App, folder: Path) -> None:
    """Print what adding and removing one article costs."""
    costs: dict[str, Cost] = {}
    new = folder.parent / "new.txt"
    new.write_text("A wolf was seen near the old mill on Tuesday. It was grey.", encoding="utf-8")
    with measured(costs, "one article added to answerable"):
        Intake(app.library, app.readers).add([str(new)])
        app.engine.catch_up()
    with measured(costs, "one article removed"):
        app.library.remove(article.number for article in app.library.find(str(new)))
        app.engine.catch_up()
    for name, cost in costs.items():
        click.echo(f"{name}: {cost.processor * 1000:.0f} ms ({cost.wall * 1000:.0f} by the clock)")


def sync_unchanged(app: App, folder: Path) -> None:
    """Print what a sync costs that finds nothing changed."""
    folder.mkdir()
    for number in range(UNCHANGED_FILES):
        (folder / f"{number}.txt").write_text(f"Wolf number {number} howls.", encoding="utf-8")
    time.sleep(2.1)  # a file that has just been written is read again
    Intake(app.library, app.readers).add([str(folder)])
    costs: dict[str, Cost] = {}
    with measured(costs, "sync"):
        summary = Intake(app.library, app.readers).add([str(folder)])
    cost = costs["sync"]
    click.echo(f"sync of {summary.unchanged:,} unchanged files: {cost.processor:.2f} s ({cost.wall:.2f} by the clock)")


def rate(sentences: int, cost: Cost) -> str:
    """Sentences a second, with the seconds that they took."""
    return f"{sentences / cost.processor:9,.0f} sentences/s ({cost.processor:.1f} s; by the clock {cost.wall:.1f})"


def compare(folder: Path, sentences: int) -> None:
    """Print what the same files cost elsewhere, cut by our own splitter: they have none for sentences."""
    from tests.benchmarks.peers import PEERS

    for name, add in PEERS.items():
        costs: dict[str, Cost] = {}
        try:
            with measured(costs, name):
                add(folder)
        except ImportError as error:
            click.echo(f"{name}: not installed ({error.name})")
            continue
        click.echo(f"{name:24} {rate(sentences, costs[name])}")


if __name__ == "__main__":
    main()
