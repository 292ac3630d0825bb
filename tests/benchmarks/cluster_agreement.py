"""Whether the cluster engine gives the memory engine's first quotes, question by question; what differs is shown.

python -m tests.benchmarks.cluster_agreement QUESTIONS.json.gz [--version 2.19.4] [--nodes 1] [--questions 2000]
"""

from pathlib import Path

import click

from tests.benchmarks.clusters import Said, field


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--version", default="2.19.4", show_default=True)
@click.option("--zip", "archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--nodes", default=1, show_default=True)
@click.option("--sentences", default=1_000_000_000)
@click.option("--questions", default=2000, show_default=True)
def main(file: Path, version: str, archive: Path | None, nodes: int, sentences: int, questions: int) -> None:
    """Ask both engines and count."""
    same_first = same_all = same_hits = 0
    with (
        field(file, version=version, archive=archive, nodes=nodes, sentences=sentences, questions=questions) as made,
        made.app("cluster") as app,
        made.app("memory") as other,
    ):
        cluster, memory = app.answerer, other.answerer
        for asked in made.questions:
            ours, theirs = Said.of(cluster.answer(asked.question)), Said.of(memory.answer(asked.question))
            same_first += ours[0] == theirs[0] and ours.quotes[:1] == theirs.quotes[:1]
            same_all += ours == theirs
            terms = memory.parts.reader.read(
                asked.question, language="en", analyzer=memory.parts.analyzers.of("en")
            ).terms
            found = [set(one.parts.engine.search(terms, limit=100)) for one in (cluster, memory)]
            same_hits += found[0] == found[1]
            if ours.quotes[:1] != theirs.quotes[:1]:
                click.echo(f"  {asked.question}: {ours.quotes[:1]} against {theirs.quotes[:1]}")
        size = app.library.statistics().sentences
        number = app.engine.standing().version  # type: ignore[attr-defined]  # the cluster engine's own
    total = len(made.questions)
    click.echo(f"OpenSearch {number}, {nodes} nodes, {size:,} sentences, {total:,} questions")
    click.echo(f"the same first quote and the same decision  {same_first:6,}  {same_first / total:.2%}")
    click.echo(f"all quotes the same                         {same_all:6,}  {same_all / total:.2%}")
    click.echo(f"the same hundred hits with the same scores  {same_hits:6,}  {same_hits / total:.2%}")


if __name__ == "__main__":
    main()
