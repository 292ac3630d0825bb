"""The product beside everything that a user would pick instead: the same sentences, the same questions, one run.

    pip install 'verbatim-bot[peers]'
    python -m tests.benchmarks.retrieval FILE [--sentences 100000] [--only NAME ...] [--library FOLDER] [--plot PLOT]

FILE is a question file (articles with questions) or any text file, of which the questions are then made. Where it
holds fewer sentences than are asked for, articles resampled from its words make up the number. Each contender is built
and then served in a process of its own on one core; rates with several askers use all cores. `ready` is the time from
an imported interpreter to the first answer, which for what keeps no index is the time of building it.
`--plot` draws each contender's p50, the fastest on top, under the number of sentences, as PNG or SVG by the file's
ending (pip install 'verbatim-bot[plots]').
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import click

from bot.app import open_app
from bot.articles.article import Article, Kind
from bot.articles.library import Library
from bot.evaluation.product import ProductQuestion, whole_trial
from bot.evaluation.questions import load_articles
from bot.settings import load_settings
from tests.benchmarks.contenders import ASKERS, CONTENDERS
from tests.benchmarks.plots import draw_contenders, plot_option
from tests.benchmarks.resampled import articles, profile, source_paragraphs

SEED = 20230308
QUESTION_WORDS = 7
FULL = 95  # of a hundred: so near to the number of sentences asked for is near enough
TIMEOUT = 3600


class Material(NamedTuple):
    """What is put in, and what is asked."""

    articles: Sequence[Article]
    questions: Sequence[ProductQuestion]


class Figures(NamedTuple):
    """What one contender did: seconds, bytes and questions a second; None for what it does not have."""

    name: str
    build: float | None
    disk: int | None
    served: dict[str, Any]

    def quantile(self, share: float) -> float:
        """The time under which such a share of the questions was answered, in seconds."""
        ordered = sorted(self.served["times"])
        return float(ordered[min(len(ordered) - 1, int(share * len(ordered)))])


def material(file: Path) -> Material:
    """The articles and the questions of a file; a text file's questions are words of its sentences."""
    if file.name.endswith((".json", ".json.gz")):
        trial = whole_trial(load_articles(file))
        return Material(trial.articles, trial.questions)
    text = file.read_text(encoding="utf-8")
    drawn = random.Random(SEED)
    lines = [line for line in text.splitlines() if len(line.split()) > QUESTION_WORDS]
    asked = [" ".join(sorted(drawn.sample(drawn.choice(lines).split(), QUESTION_WORDS))) for _ in range(1000)]
    return Material([Article(text=text, source=file.name)], [ProductQuestion(one, 1, ()) for one in asked])


def stored(library: Library, articles: Iterator[Article], sentences: int) -> None:
    """Put articles in until the library holds so many sentences."""
    while library.statistics().sentences * 100 < sentences * FULL:
        before = library.statistics().articles
        for _ in library.put_many(islice(articles, 10)):
            pass
        if library.statistics().articles == before:
            break


def written(folder: Path, library: Library, questions: Sequence[ProductQuestion]) -> int:
    """How many sentences of the library were written for the contenders, with the questions."""
    drawn = random.Random(SEED).sample(questions, min(len(questions), 2000))
    sources = {gold.source for one in drawn for gold in one.gold}
    texts: list[str] = []
    places: dict[str, list[tuple[int, int, str]]] = {}
    for article in library.articles():
        text = library.text(article.number)
        spans = [
            (sentence.start, sentence.end, text[sentence.start : sentence.end].strip())
            for passage in library.passages_of([article.number])
            for sentence in passage.sentences
            if sentence.kind is Kind.PROSE
        ]
        texts += [span[2] for span in spans]
        if article.source in sources:
            places[article.source] = spans
    asked = [
        (
            one.question,
            sorted(
                {
                    text
                    for gold in one.gold
                    for start, end, text in places.get(gold.source, ())
                    if start <= gold.answer.start < end
                }
            ),
        )
        for one in drawn
    ]
    (folder / "sentences.json").write_text(json.dumps(texts), encoding="utf-8")
    (folder / "questions.json").write_text(json.dumps(asked), encoding="utf-8")
    return len(texts)


def child(what: str, name: str, folder: Path, seconds: float, *, cores: set[int]) -> dict[str, Any] | str:
    """What a contender's process says, or in one line why it ended without."""
    command = [sys.executable, "-m", "tests.benchmarks.contenders", what, name, str(folder), str(seconds)]
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            env={**os.environ, **one_thread, "TOKENIZERS_PARALLELISM": "false"},
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
    except subprocess.TimeoutExpired:
        return f"not done in {TIMEOUT} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def measured(name: str, data: Path, seconds: float, cores: set[int]) -> Figures | str:
    """The figures of one contender, or why there are none."""
    folder = data / name.replace(", ", "-").replace(" ", "-")
    folder.mkdir()
    build = None
    if CONTENDERS[name].build is not None:
        built = child("build", name, folder, seconds, cores=cores)
        if isinstance(built, str):
            return built
        build = float(built["seconds"])
    kept = folder
    if "disk" in name:  # its index is made from the library at the first question, and kept there
        kept = data / "library" / "index"
        is_new = not kept.exists()
        first = child("serve", name, folder, 0.1, cores=cores)
        if isinstance(first, str):
            return first
        build = float(first["ready"]) if is_new else None
    served = child("serve", name, folder, seconds, cores=cores)
    if isinstance(served, str):
        return served
    disk = sum(path.stat().st_size for path in kept.rglob("*") if path.is_file())
    return Figures(name, build, disk or None, served)


def table(found: Sequence[Figures], failed: dict[str, str], sentences: int) -> Iterator[str]:
    """The lines of the table, the fastest first; ratios are to the product's whole answer."""
    whole = next((one.quantile(0.5) for one in found if one.name.endswith("whole answer")), None)
    rates = " | ".join(f"{askers} askers, q/s" for askers in ASKERS)
    yield f"| {sentences:,} sentences | p50 ms | p99 ms | to our answer | right first | {rates} | memory MB | ready s |"
    yield "| --- |" + " ---: |" * (7 + len(ASKERS))
    for one in sorted(found, key=lambda one: one.quantile(0.5)):
        ratio = f"{one.quantile(0.5) / whole:.1f}" if whole else "-"
        right = one.served["right"]
        by_askers = " | ".join(f"{one.served['rates'][str(askers)]:,.0f}" for askers in ASKERS)
        yield (
            f"| {one.name} | {1000 * one.quantile(0.5):.2f} | {1000 * one.quantile(0.99):.1f} | {ratio} "
            f"| {'-' if right is None else f'{right:.3f}'} | {by_askers} "
            f"| {one.served['memory'] / 1e6:,.0f} | {one.served['ready']:.1f} |"
        )
    yield from (f"{name}: {why}" for name, why in failed.items())
    for one in found:
        speed = f"built {sentences / one.build:,.0f} sentences a second" if one.build else "not built anew"
        size = f", {one.disk / sentences:.0f} bytes a sentence" if one.disk else ""
        if one.build or one.disk:
            yield f"{one.name}: {speed}{size}"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sentences", default=100_000, show_default=True)
@click.option("--seconds", default=20.0, show_default=True, help="How long each contender is asked.")
@click.option("--only", multiple=True, type=click.Choice(list(CONTENDERS)), help="Contenders; all by default.")
@click.option("--library", type=click.Path(path_type=Path), help="A library that stands, instead of a new one.")
@click.option("--json", "as_json", is_flag=True, help="All figures as JSON.")
@plot_option
def main(
    file: Path,
    sentences: int,
    seconds: float,
    only: Sequence[str],
    library: Path | None,
    plot: Path | None,
    *,
    as_json: bool,
) -> None:
    """Measure and print the table."""
    core = {min(os.sched_getaffinity(0))}
    chosen = material(file)
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary)
        if library is not None:
            (data / "library").symlink_to(library.resolve())
        with open_app(load_settings(environment={}), library=str(data / "library")) as app:
            if library is None:
                stored(app.library, iter(chosen.articles), sentences)
                missing = sentences - app.library.statistics().sentences
                if missing * 100 > sentences * (100 - FULL):
                    stored(app.library, articles(profile(source_paragraphs(file)), missing, seed=SEED), sentences)
            held = written(data, app.library, chosen.questions)
        found: list[Figures] = []
        failed: dict[str, str] = {}
        for name in only or CONTENDERS:
            click.echo(name, err=True)
            one = measured(name, data, seconds, core)
            if isinstance(one, str):
                failed[name] = one
            else:
                found.append(one)
    if as_json:
        click.echo(json.dumps([one._asdict() for one in found]))
    else:
        click.echo("\n".join(table(found, failed, held)))
        click.echo(f"questions asked at the least: {min(len(one.served['times']) for one in found)}")
    if plot is not None and found:
        draw_contenders({one.name: 1000 * one.quantile(0.5) for one in found}, held, plot)


if __name__ == "__main__":
    main()
