"""A node of three killed while questions are asked, then the whole cluster away: errors, changed answers, waits.

    python -m tests.benchmarks.cluster_kills QUESTIONS.json.gz [--version 3.8.0] [--questions 5000] [--away 30]

The memory engine's answers are what the others are compared with.
"""

import threading
import time
from pathlib import Path

import click

from bot.answering.answerer import Answerer
from bot.errors import UnavailableError
from tests.benchmarks.clusters import Field, Said, field, percentile
from tests.cluster.nodes import wait_until_ready


def killing(made: Field, answers: Answerer, expected: list[Said]) -> None:
    """Ask all questions; a third of the way in one node is killed, at two thirds it is started again."""
    errors, changed, times = [], 0, []
    third = len(made.questions) // 3
    restart = threading.Thread(target=lambda: made.nodes.__setitem__(0, made.nodes[0].started_again()))
    for place, asked in enumerate(made.questions):
        if place == third:
            made.nodes[0].kill()
        if place == 2 * third:
            restart.start()
        started = time.perf_counter()
        try:
            said = Said.of(answers.answer(asked.question))
            changed += said != expected[place]
        except UnavailableError as error:
            errors.append(str(error))
        times.append(time.perf_counter() - started)
    restart.join()
    before, after = times[:third], times[third : third + third]
    click.echo(f"kill -9 of one node of {len(made.nodes)} during {len(times):,} questions")
    click.echo(f"  errors {len(errors)}, other answers than the memory engine's {changed}")
    click.echo(f"  median before {percentile(before, 0.5):.1f} ms, after {percentile(after, 0.5):.1f} ms")
    click.echo(f"  longest {max(times) * 1000:.0f} ms")
    for told in errors[:3]:
        click.echo(f"  {told}")


def going(made: Field, answers: Answerer, expected: list[Said], seconds: float) -> None:
    """Ask one question after the other while no node runs; then until they are all back."""
    for node in made.nodes:
        node.kill()
    ends = time.monotonic() + seconds
    told = denied = 0
    waits = []
    place = 0
    while time.monotonic() < ends:
        place = (place + 1) % len(made.questions)
        started = time.perf_counter()
        try:
            denied += Said.of(answers.answer(made.questions[place].question)) != expected[place]
        except UnavailableError:
            told += 1
        waits.append(time.perf_counter() - started)
        time.sleep(0.05)
    back = time.monotonic()
    for number, node in enumerate(made.nodes):
        made.nodes[number] = node.started_again()
    for node in made.nodes:
        wait_until_ready(node, len(made.nodes))
    ready = time.monotonic()
    while True:
        try:
            answers.answer(made.questions[0].question)
            break
        except UnavailableError:
            time.sleep(0.1)
    first = time.monotonic()
    changed = sum(
        Said.of(answers.answer(one.question)) != said
        for one, said in zip(made.questions[:300], expected[:300], strict=True)
    )
    click.echo(f"the cluster away for {seconds:.0f} s")
    click.echo(f"  {told} questions told to try again, {denied} answered otherwise than before")
    click.echo(f"  an outage is told in {percentile(waits, 0.5):.0f} ms (median), {max(waits) * 1000:.0f} ms at most")
    click.echo(f"  nodes ready {ready - back:.1f} s after their start, the first answer {first - ready:.1f} s later")
    click.echo(f"  of 300 answers afterwards {changed} differ")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--version", default="3.8.0", show_default=True)
@click.option("--zip", "archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sentences", default=1_000_000_000)
@click.option("--questions", default=5000, show_default=True)
@click.option("--away", default=30.0, show_default=True, help="Seconds.")
def main(file: Path, version: str, archive: Path | None, sentences: int, questions: int, away: float) -> None:
    """Break the cluster and count."""
    with (
        field(file, version=version, archive=archive, nodes=3, sentences=sentences, questions=questions) as made,
        made.app("cluster") as app,
    ):
        with made.app("memory") as other:
            expected = [Said.of(other.answerer.answer(asked.question)) for asked in made.questions]
        click.echo(f"{app.library.statistics().sentences:,} sentences, {len(made.nodes)} nodes")
        killing(made, app.answerer, expected)
        for node in made.nodes:
            wait_until_ready(node, len(made.nodes))
        going(made, app.answerer, expected, away)


if __name__ == "__main__":
    main()
