"""The commands that measure: eval, compare and tune."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.console.help import Command, Option, run_in

if TYPE_CHECKING:
    from bot.articles.article import Article
    from bot.console.run import Run
    from bot.evaluation.bench import Bench
    from bot.evaluation.product import Answering

PROTOCOLS = ("reqa", "product", "absent", "pieces", "noisy", "marking", "followups")
"""Named here so that help need not load what measures; a test holds them against the table."""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_TARGET = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, exists=True, path_type=Path)
_json = click.option("--json", "as_json", cls=Option, is_flag=True, help="option.json")
_limit = click.option("--limit", cls=Option, type=click.IntRange(1), metavar="N", help="option.limit")


@click.command("eval", cls=Command, help="command.eval")
@click.argument("file", type=_FILE)
@click.option(
    "--protocol", "protocols", cls=Option, multiple=True, type=click.Choice(PROTOCOLS), help="option.protocol"
)
@_limit
@_json
@click.option("--plot", cls=Option, type=_TARGET, metavar="FILE", help="option.plot")
@click.option("--run", "run_file", cls=Option, type=_TARGET, metavar="FILE", help="option.run")
@click.option("--qrels", "qrels_file", cls=Option, type=_TARGET, metavar="FILE", help="option.qrels")
@click.option("--topics", cls=Option, type=_FILE, metavar="FILE", help="option.topics")
@click.option("--measure", "measures", cls=Option, multiple=True, metavar="NAME", help="option.measure")
@click.pass_context
def evaluate(
    context: click.Context,
    file: Path,
    protocols: tuple[str, ...],
    limit: int | None,
    as_json: bool,
    plot: Path | None,
    run_file: Path | None,
    qrels_file: Path | None,
    topics: Path | None,
    measures: tuple[str, ...],
) -> int:
    """Measure on a question file, or a run against TREC qrels."""
    from bot.evaluation import command

    run = run_in(context)
    asked = command.Asked(
        as_json=as_json,
        plot=plot,
        run=run_file,
        qrels=qrels_file,
        **({"protocols": protocols} if protocols else {}),
        **({"measures": measures} if measures else {}),
    )
    if not command.is_qrels(file):
        return command.evaluate(file, asked, _bench(run, limit), run.messages)
    if topics is None:
        if run_file is None or not run_file.exists():
            raise click.UsageError(run.messages.text("evaluation.qrels_alone", file=str(file)), context)
        return command.evaluate_run_file(file, run_file, asked, run.messages)
    with run.app() as app:
        return command.evaluate_topics(file, topics, app.answerer, asked, run.messages)


@click.command("compare", cls=Command, help="command.compare")
@click.argument("first", metavar="A.toml", type=_FILE)
@click.argument("second", metavar="B.toml", type=_FILE)
@click.argument("file", type=_FILE)
@_limit
@_json
@click.pass_context
def compare(context: click.Context, first: Path, second: Path, file: Path, limit: int | None, as_json: bool) -> int:
    """Compare two settings question by question."""
    from bot.evaluation import command

    run = run_in(context)
    benches = (_bench(run.under(first), limit), _bench(run.under(second), limit))
    return command.compare_settings((str(first), str(second)), file, benches, run.messages, as_json=as_json)


@click.command("tune", cls=Command, help="command.tune")
@click.argument("questions", type=_FILE)
@click.option("--write", cls=Option, is_flag=True, help="option.write")
@_json
@click.pass_context
def tune(context: click.Context, questions: Path, write: bool, as_json: bool) -> int:
    """Choose the threshold on the owner's own questions."""
    from bot.evaluation import command

    run = run_in(context)
    with run.app() as app:
        return command.tune(
            questions,
            app.answerer.answer,
            run.messages,
            threshold=run.settings.values.answer.threshold,
            settings_file=Path(run.config) if run.config else None,
            write=write,
            as_json=as_json,
        )


@click.command("fit", cls=Command, help="command.fit")
@click.argument("file", type=_FILE)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--wordnet", cls=Option, type=_FOLDER, metavar="FOLDER", help="option.wordnet")
@click.option("--vectors", cls=Option, type=_FILE, metavar="FILE", help="option.vectors")
@click.pass_context
def fit(context: click.Context, file: Path, folder: Path, wordnet: Path | None, vectors: Path | None) -> int:
    """Fit the ranking's tables, weights and confidence on a question file, or the follow-ups on dialogues."""
    from bot.evaluation.fitting.followups import fit_follow_ups
    from bot.evaluation.fitting.ranker import fit_ranker
    from bot.evaluation.followups import is_dialogues
    from bot.wordlists import WordLists

    run = run_in(context)
    lists = WordLists(run.settings.owner_folder)
    folder.mkdir(parents=True, exist_ok=True)
    if is_dialogues(file):
        fit_follow_ups(file, folder, lists=lists, tell=lambda line: click.echo(line, err=True))
        return 0
    fit_ranker(
        file,
        folder,
        settings=run.settings.values.search,
        lists=lists,
        tell=lambda line: click.echo(line, err=True),
        wordnet=wordnet,
        vectors=vectors,
    )
    return 0


COMMANDS = (evaluate, compare, tune, fit)


def _bench(run: "Run", limit: int | None) -> "Bench":
    from bot.evaluation.bench import Bench
    from bot.evaluation.command import Bars
    from bot.evaluation.search import ProductSearch
    from bot.wordlists import WordLists

    search = ProductSearch.of(run.settings.values, WordLists(run.settings.owner_folder))
    return Bench(
        product=_product(run),
        search_over=search.over,
        rewrite=search.rewrite,
        analyzers=search.analyzers,
        threshold=run.settings.values.answer.threshold,
        progress=Bars(run.messages),
        limit=limit,
    )


def _product(run: "Run") -> "Callable[[Iterable[Article]], AbstractContextManager[Answering]]":
    """The whole product over a library of its own in a temporary folder."""

    @contextmanager
    def over(articles: "Iterable[Article]") -> "Iterator[Answering]":
        with tempfile.TemporaryDirectory(prefix="verbatim-") as folder, run.app(library=folder) as app:
            for _ in app.library.put_many(articles):
                pass
            yield app.answerer

    return over
