"""Question to finished quotes against OpenSearch's own time for the same search; memory; added to answerable.

    python -m tests.benchmarks.cluster_time QUESTIONS.json.gz [--version 2.19.4] [--nodes 1] [--questions 500]

The same search is asked for by the client alone, right after the answer, in the same run. Memory is the
private one (RssAnon) of a process that answers the same questions.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click

from bot.articles.article import Article
from bot.retrieval.cluster.client import Cluster
from bot.retrieval.cluster.engine import ClusterEngine
from tests.benchmarks.clusters import Field, cpu_seconds, field, percentile, private_megabytes

ADDED = 20


class Recorder:
    """Keeps the searches of one answer, so that they can be asked for again by themselves."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self._ask = Cluster.ask

    def __enter__(self) -> "Recorder":
        recorder, ask = self, self._ask

        def recorded(cluster: Cluster, method: str, path: str, body: object = None, **options: Any) -> Any:
            if path.endswith(("/_search", "/_msearch")):
                recorder.asked.append((method, path, body, options))
            return ask(cluster, method, path, body, **options)

        Cluster.ask = recorded  # type: ignore[method-assign, assignment]
        return self

    def __exit__(self, *_: object) -> None:
        Cluster.ask = self._ask  # type: ignore[method-assign]


def took(cluster: Cluster, asked: tuple[Any, ...]) -> float:
    """The milliseconds that OpenSearch says that a search took."""
    method, path, body, options = asked
    parameters = dict(options["parameters"])
    parameters["filter_path"] += ",took"
    answer = cluster.ask(method, path, body, parameters=parameters)
    return float(answer["took"])


def timing(made: Field) -> None:
    """Ask the questions, and for each the same searches again by themselves."""
    whole, alone, own = [], [], []
    with made.app("cluster") as app:
        answers, engine = app.answerer, app.engine
        assert isinstance(engine, ClusterEngine)
        cluster = engine._cluster
        for asked in made.questions[:50]:
            answers.answer(asked.question)
        bot = nodes = 0.0
        for asked in made.questions:
            with Recorder() as recorder:
                cpu = time.process_time(), cpu_seconds(made.nodes)
                started = time.perf_counter()
                answers.answer(asked.question)
                whole.append(time.perf_counter() - started)
                bot += time.process_time() - cpu[0]
                nodes += cpu_seconds(made.nodes) - cpu[1]
            started = time.perf_counter()
            for method, path, body, options in recorder.asked:
                cluster.ask(method, path, body, **options)
            alone.append(time.perf_counter() - started)
            own.append(sum(took(cluster, one) for one in recorder.asked) / 1000)
        click.echo(f"{app.library.statistics().sentences:,} sentences, {len(whole)} questions, {len(made.nodes)} nodes")
    click.echo(f"{'':34}{'p50':>8} {'p99':>8} ms")
    rows = (("question to finished quotes", whole), ("its searches, by the client alone", alone), ("their `took`", own))
    for name, times in rows:
        click.echo(f"{name:34}{percentile(times, 0.5):8.1f} {percentile(times, 0.99):8.1f}")
    click.echo(f"ratio of medians {percentile(whole, 0.5) / percentile(alone, 0.5):.2f}")
    count = len(made.questions)
    click.echo(f"processor time of an answer: bot {1000 * bot / count:.1f} ms, nodes {1000 * nodes / count:.1f} ms")
    click.echo(f"private memory of a process that answers: {serving_megabytes(made):.0f} MB")


def serving_megabytes(made: Field) -> float:
    """RssAnon of a process of its own that has answered the questions."""
    command = [sys.executable, "-m", "bot", "--library", str(made.folder), "ask", "--batch"]
    process = subprocess.Popen(
        command, env=os.environ | made.environment("cluster"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    with process.stdin as questions, process.stdout as answers:
        for asked in made.questions:
            questions.write(asked.question.replace("\n", " ") + "\n")
            questions.flush()
            answers.readline()
        held = private_megabytes(process.pid)
    process.wait()
    return held


def adding(made: Field) -> None:
    """Add articles with one process's app and wait until another one finds them."""
    waits = []
    with made.app("cluster") as adds, made.app("cluster") as asks:
        answers = asks.answerer
        answers.answer("What is loading?")
        for number in range(ADDED):
            word = f"zyx{number}word"
            started = time.perf_counter()
            adds.library.put(Article(text=f"The {word} was seen by everybody in the harbour.", source=word))
            adds.engine.catch_up()
            while not answers.parts.engine.search([word], limit=1):
                answers.parts.engine.refresh()
            waits.append(time.perf_counter() - started)
    click.echo(f"added to found elsewhere: median {percentile(waits, 0.5):.0f} ms, longest {max(waits) * 1000:.0f} ms")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--version", default="2.19.4", show_default=True)
@click.option("--zip", "archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--nodes", default=1, show_default=True)
@click.option("--sentences", default=1_000_000_000)
@click.option("--questions", default=500, show_default=True)
def main(file: Path, version: str, archive: Path | None, nodes: int, sentences: int, questions: int) -> None:
    """Measure and print."""
    with field(file, version=version, archive=archive, nodes=nodes, sentences=sentences, questions=questions) as made:
        timing(made)
        adding(made)


if __name__ == "__main__":
    main()
