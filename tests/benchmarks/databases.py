"""The same library in a file and in PostgreSQL: what adding and asking cost, and whether the answers are the same.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.databases QUESTIONS.json.gz [--sentences 10000] [--questions 300]

The database's library is then moved by export and add into a file again, and by a backup, and asked once more. Times
are of this process's processor, with the wall clock's beside them: the server's own work shows in the latter alone.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from bot.app import App, open_app
from bot.articles.intake import Intake
from bot.evaluation.questions import load_articles
from bot.settings import load_settings
from tests.benchmarks.adding import Cost, measured, rate, write_files
from tests.postgresql import binaries, server

SEED = 20230308

Said = tuple[bool, float, tuple[tuple[str, int, str, float], ...]]
"""An answer without what must differ: whether it answers, how sure it is, and its quotes."""


@click.command(help=__doc__)
@click.argument("questions", type=click.Path(exists=True, path_type=Path))
@click.option("--sentences", default=10_000, show_default=True)
@click.option("--questions", "count", default=300, show_default=True)
def main(questions: Path, sentences: int, count: int) -> None:
    """Print the figures; end with 1 when an answer differs."""
    programs = binaries()
    if programs is None:
        raise SystemExit("PostgreSQL's programs are not here: apt-get install postgresql")
    asked = [one.question for article in load_articles(questions) for p in article.paragraphs for one in p.questions]
    chosen = random.Random(SEED).sample(asked, count)
    with tempfile.TemporaryDirectory(prefix="verbatim-databases-") as base, server(programs) as running:
        folder = Path(base) / "articles"
        folder.mkdir()
        write_files(questions, folder, sentences)
        places = {"file": str(Path(base) / "library"), "PostgreSQL": running.url()}
        said = {name: filled(name, place, folder, chosen) for name, place in places.items()}
        said |= moved(running.url(), Path(base), chosen)
    first, *others = said.values()
    different = sum(any(other[place] != one for other in others) for place, one in enumerate(first))
    click.echo(f"{len(first)} questions in {len(said)} libraries ({', '.join(said)}): {different} answered otherwise")
    raise SystemExit(1 if different else 0)


def filled(name: str, place: str, folder: Path, asked: Sequence[str]) -> list[Said]:
    """What a new library answers, after printing what adding and asking cost."""
    costs: dict[str, Cost] = {}
    with open_app(load_settings(environment={}), library=place) as app:
        with measured(costs, "add"):
            Intake(app.library, app.readers).add([str(folder)])
        sentences = app.library.statistics().sentences
        click.echo(f"{name}: {sentences:,} sentences added, {rate(sentences, costs['add'])}")
        said, processor, wall = ask(app, asked)
    click.echo(f"{name}: an answer takes {processor:.1f} ms of the processor, {wall:.1f} ms by the clock (medians)")
    return said


def moved(place: str, base: Path, asked: Sequence[str]) -> dict[str, list[Said]]:
    """What the database's library answers after it was moved into files, by export and by backup."""
    settings = load_settings(environment={})
    backup = base / "backup"
    backup.mkdir()
    with open_app(settings, library=place) as app, open_app(settings, library=str(base / "exported")) as other:
        list(other.library.put_many(app.library.export()))
        app.library.backup(backup / "library.sqlite")
        found = {"exported": ask(other, asked)[0]}
    with open_app(settings, library=str(backup)) as restored:
        found["backup"] = ask(restored, asked)[0]
    return found


def ask(app: App, asked: Sequence[str]) -> tuple[list[Said], float, float]:
    """What a library answers, and the medians of processor time and time by the clock, in milliseconds."""
    said, processor, wall = [], [], []
    app.answerer.answer(asked[0])
    for question in asked:
        before, begun = time.process_time(), time.perf_counter()
        answer = app.answerer.answer(question)
        processor.append(time.process_time() - before)
        wall.append(time.perf_counter() - begun)
        quotes = tuple((q.text, q.start, q.article.source, q.confidence) for q in answer.quotes)
        said.append((answer.answered, answer.confidence, quotes))
    return said, 1000 * statistics.median(processor), 1000 * statistics.median(wall)


if __name__ == "__main__":
    main()
