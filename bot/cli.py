"""The command `verbatim`: its sub-commands, their options, and how any of them ends."""

import gc
import os
import sys
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bot import __version__
from bot.console import measuring
from bot.console.ending import flushed, prepare_output, status_of
from bot.console.help import Group, Option, run_in
from bot.console.run import run_of
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App
    from bot.articles.library import Progress


QUICK = "ask"
"""The sub-command whose process leaves at once."""
YOUNG_OBJECTS = 100_000
"""So many new objects before Python looks for rubbish: at its own 700, looking is a tenth of a cold start."""


class Day(click.ParamType[date]):
    """A calendar day, written as 2023-03-08."""

    name = "date"

    def convert(self, value: str | date, parameter: click.Parameter | None, context: click.Context | None) -> date:
        """The day that a value names."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            words = run_in(context or click.get_current_context()).words
            self.fail(words.text("error.day", value=str(value)), parameter, context)


def show_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    """Write the version and leave, when that was asked."""
    if asked:
        click.echo(f"verbatim {__version__}")
        context.exit()


@click.group("verbatim", cls=Group, invoke_without_command=True, help="command.verbatim")
@click.option("--library", cls=Option, metavar="DIR", is_eager=True, help="option.library")
@click.option("--config", cls=Option, metavar="FILE", is_eager=True, help="option.config")
@click.option("--debug", cls=Option, is_flag=True, is_eager=True, help="option.debug")
@click.option("--version", cls=Option, is_flag=True, is_eager=True, expose_value=False, callback=show_version,
              help="option.version")  # fmt: skip
@click.pass_context
def verbatim(context: click.Context, /, **_: object) -> int:
    """Without a sub-command: hold a conversation at the console."""
    if context.invoked_subcommand is not None:
        return 0
    from bot.console.talk import talk

    return talk(run_in(context))


@verbatim.command("ask", help="command.ask")
@click.argument("question", nargs=-1)
@click.option("--json", "as_json", cls=Option, is_flag=True, help="option.json")
@click.option("--batch", cls=Option, is_flag=True, help="option.batch")
@click.option("--top", cls=Option, type=click.IntRange(1, 1000), metavar="N", help="option.top")
@click.option("--why", cls=Option, is_flag=True, help="option.why")
@click.option("--since", cls=Option, type=Day(), help="option.since")
@click.option("--until", cls=Option, type=Day(), help="option.until")
@click.option("--source", cls=Option, metavar="GLOB", help="option.source")
@click.option("--language", cls=Option, metavar="CODE", help="option.language")
@click.option("--tag", "tags", cls=Option, multiple=True, help="option.tag")
@click.pass_context
def ask(
    context: click.Context,
    question: tuple[str, ...],
    as_json: bool,
    batch: bool,
    top: int | None,
    why: bool,
    since: date | None,
    until: date | None,
    source: str | None,
    language: str | None,
    tags: tuple[str, ...],
) -> int:
    """Answer one question, or a batch of them."""
    from bot.articles.filters import Filters
    from bot.console import ask as asking

    run = run_in(context)
    words = run.messages
    if batch and question:
        raise click.UsageError(words.text("error.batch_question", question=" ".join(question)), context)
    if not batch and not question:
        raise click.UsageError(words.text("error.no_question"), context)
    if since and until and since > until:
        raise click.UsageError(words.text("error.window", since=str(since), until=str(until)), context)
    filters = Filters(since=since, until=until, source=source, language=language, tags=tags)
    if batch and sys.stdin.isatty():
        raise click.UsageError(words.text("error.batch_terminal"), context)
    if batch:
        return asking.ask_batch(run, filters=filters, top=top, why=why)
    return asking.ask_one(run, " ".join(question), filters=filters, top=top, why=why, as_json=as_json)


@verbatim.command("add", help="command.add")
@click.argument("what", nargs=-1, required=True)
@click.option("--tag", "tags", cls=Option, multiple=True, metavar="TAG", help="option.add_tag")
@click.pass_context
def add(context: click.Context, what: tuple[str, ...], tags: tuple[str, ...]) -> int:
    """Put articles in."""
    from bot.console.adding import add_articles

    run = run_in(context)
    with run.app() as app:
        return add_articles(app, what, run.messages, tags=tags)


@verbatim.command("sync", help="command.sync")
@click.option("--watch", "watched", cls=Option, is_flag=True, help="option.watch")
@click.pass_context
def sync(context: click.Context, watched: bool) -> int:
    """Bring the library up to date with the configured folders and feeds."""
    from bot.console.syncing import sync_library

    run = run_in(context)
    with run.app() as app:
        return sync_library(app, run.messages, watched=watched)


@verbatim.command("articles", help="command.articles")
@click.option("--json", "as_json", cls=Option, is_flag=True, help="option.articles_json")
@click.option("--text", cls=Option, is_flag=True, help="option.text")
@click.option("--show", cls=Option, metavar="ID", help="option.show")
@click.pass_context
def articles(context: click.Context, as_json: bool, text: bool, show: str | None) -> int:
    """List the library, or show one article."""
    from bot.console import articles as shelf

    run = run_in(context)
    words = run.messages
    if text and not as_json:
        raise click.UsageError(words.text("error.text_without_json"), context)
    if show is not None and as_json:
        raise click.UsageError(words.text("error.show_with_json"), context)
    with run.library() as library:
        if show is not None:
            shelf.show_article(shelf.needed(library, words), show, words)
        elif library is not None:
            shelf.list_articles(library, words, as_json=as_json, text=text)
            if not as_json and sys.stdout.isatty() and library.statistics().articles:
                shelf.write_engine(run)
    return 0


@verbatim.command("remove", help="command.remove")
@click.argument("names", metavar="ARTICLE|SOURCE...", nargs=-1, required=True)
@click.option("--yes", "-y", cls=Option, is_flag=True, help="option.yes")
@click.pass_context
def remove(context: click.Context, names: tuple[str, ...], yes: bool) -> int:
    """Take articles out."""
    from bot.console import articles as shelf

    run = run_in(context)
    words = run.messages
    with run.library() as library:
        return shelf.remove_articles(shelf.needed(library, words), names, words, sure=yes or not sys.stdin.isatty())


@verbatim.command("export", help="command.export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.pass_context
def export(context: click.Context, file: Path | None) -> int:
    """Write the library as JSON Lines."""
    from bot.console import articles as shelf

    with run_in(context).library() as library:
        shelf.export(library, file)
    return 0


@verbatim.command("backup", help="command.backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def backup(context: click.Context, file: Path) -> int:
    """Copy the library to a file while it is in use."""
    from bot.console import articles as shelf

    run = run_in(context)
    with run.library() as library:
        shelf.needed(library, run.messages).backup(file)
    return 0


@verbatim.command("restore", help="command.restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", "-y", cls=Option, is_flag=True, help="option.yes_restore")
@click.pass_context
def restore(context: click.Context, file: Path, yes: bool) -> int:
    """Put a copy of a library in its place."""
    from bot.console.articles import restore_library

    run = run_in(context)
    with run.app() as app:
        return restore_library(app.library, file, run.messages, sure=yes or not sys.stdin.isatty())


@verbatim.command("telegram", help="command.telegram")
@click.pass_context
def telegram(context: click.Context) -> int:
    """Serve the Telegram bot."""
    from bot.telegram.service import serve  # it loads python-telegram-bot

    run = run_in(context)
    with run.app() as app:
        return serve(app, run.where)


@verbatim.command("doctor", help="command.doctor")
@click.pass_context
def doctor(context: click.Context) -> int:
    """Look the set-up over."""
    from bot.console.examination import examine

    return examine(run_in(context))


for command in measuring.COMMANDS:
    verbatim.add_command(command)


def opened(settings: Settings, *, library: str | None = None, progress: "Progress | None" = None) -> "App":
    """The house, loaded when it is first needed: help and usage errors do without."""
    from bot.app import open_app

    return open_app(settings, library=library, progress=progress)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; whatever goes wrong ends as one line on standard error."""
    run = run_of({}, opened)
    gc.set_threshold(YOUNG_OBJECTS)
    try:
        prepare_output()
        with verbatim.make_context("verbatim", list(sys.argv[1:] if arguments is None else arguments)) as context:
            context.obj = run = run_of(context.params, opened)
            status = verbatim.invoke(context)
    except (Exception, KeyboardInterrupt) as error:
        return status_of(error, run)
    return flushed(status if isinstance(status, int) else 0, run)


def start() -> NoReturn:
    """The process: run the command and leave with its exit status.

    A question leaves at once: everything is written and closed by then, and to take the loaded libraries apart is a
    fifth of a cold start. Where anything else is still running, or was asked for, Python ends as usual.
    """
    status = main()
    if QUICK in sys.argv[1:] and threading.active_count() == 1:
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)
