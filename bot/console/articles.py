"""The articles of the library at the command line: listed, shown, taken out, exported."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from bot.articles.article import Article, Kind, StoredArticle, StoredPassage
from bot.articles.library import Library
from bot.console.doctor import engine_line
from bot.console.run import Run
from bot.console.screen import Line, Screen, Span, Style, line, shown, width
from bot.errors import LibraryError
from bot.messages import Messages

NAMED = 10
"""How many of the articles to be taken out are named in the question."""


class ArticleLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `articles --json`."""

    id: str
    title: str
    source: str
    published: str | None
    language: str
    tags: tuple[str, ...]
    sentences: int
    text: str | msgspec.UnsetType = msgspec.UNSET


class ExportLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of `export`: what `add` reads back to the same article."""

    text: str
    title: str = ""
    source: str
    published: str | None = None
    language: str = ""
    tags: tuple[str, ...] = ()
    url: str | None = None


def list_articles(library: Library, messages: Messages, *, as_json: bool, text: bool) -> None:
    """Write what the library holds: an object a line, or a paragraph an article at a terminal and a line elsewhere."""
    screen = Screen()
    for article in library.articles():
        if as_json:
            sys.stdout.write(
                msgspec.json.encode(_line(article, library.text(article.number) if text else None)).decode()
            )
            sys.stdout.write("\n")
        elif screen.is_terminal:
            screen.write(_paragraph(article, messages))
        else:
            fields = (article.id, article.published or "", str(article.sentences), article.title, article.source)
            sys.stdout.write("\t".join(shown(field) for field in fields) + "\n")


def write_engine(run: Run) -> None:
    """Write which engine searches the library, and how its index stands."""
    with run.app() as house:
        found = house.searching()
    text = run.messages.text
    Screen().write([line(f"{text('doctor.engine')}: {engine_line(run.settings.values.engine, found, text)}")])


def show_article(library: Library, name: str, messages: Messages) -> None:
    """Write an article's text as it is stored, with what is never quoted marked by its kind."""
    screen = Screen()
    for article in found(library, [name], messages):
        screen.write([*_paragraph(article, messages), Line()])
        screen.write(_marked(article, library, messages))


def needed(library: Library | None, messages: Messages) -> Library:
    """The library. Raises LibraryError when there is none."""
    if library is None:
        raise LibraryError(messages.text("articles.no_library"))
    return library


def found(library: Library, names: Iterable[str], messages: Messages) -> list[StoredArticle]:
    """The articles with these ids, sources or source patterns, each once.

    Raises LibraryError for a name that no article has, before anything is done to the others.
    """
    articles: dict[int, StoredArticle] = {}
    for name in names:
        matching = library.find(name)
        if not matching:
            raise LibraryError(messages.text("articles.unknown", name=shown(name)))
        articles |= {article.number: article for article in matching}
    return list(articles.values())


def remove_articles(library: Library, names: Iterable[str], messages: Messages, *, sure: bool) -> int:
    """Take the articles with these ids, sources or patterns out, after asking unless `sure`; the exit status.

    Raises LibraryError for a name that no article has; then nothing was taken out.
    """
    articles = found(library, names, messages)
    if not (sure or _confirmed(articles, messages)):
        return 0
    count = library.remove(article.number for article in articles)
    Screen().write([line(messages.text("articles.removed", count=count))])
    return 0


def _confirmed(articles: list[StoredArticle], messages: Messages) -> bool:
    import click

    screen = Screen(sys.stderr)
    screen.write(line(shown(article.title or article.source), margin="- ") for article in articles[:NAMED])
    return click.confirm(messages.text("articles.confirm", count=len(articles)), err=True)


def restore_library(library: Library, file: Path, messages: Messages, *, sure: bool) -> int:
    """Put a backup in the library's place, after asking unless `sure`; the exit status.

    Raises LibraryError when `file` is no backup; the library is then as it was.
    """
    import click

    count = library.statistics().articles
    if count and not sure and not click.confirm(messages.text("articles.confirm_restore", count=count), err=True):
        return 0
    library.restore(file)
    Screen().write([line(messages.text("articles.restored", count=library.statistics().articles))])
    return 0


def export(library: Library | None, file: Path | None) -> None:
    """Write the library as JSON Lines to `file`, which is replaced when all is written, or to standard output."""
    articles = library.export() if library is not None else iter(())
    if file is None:
        for article in articles:
            sys.stdout.write(_exported(article) + "\n")
        return
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as stream:
            for article in articles:
                stream.write(_exported(article) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _exported(article: Article) -> str:
    fields = {name: getattr(article, name) for name in ExportLine.__struct_fields__}
    return msgspec.json.encode(ExportLine(**fields)).decode()


def _line(article: StoredArticle, text: str | None) -> ArticleLine:
    return ArticleLine(
        id=article.id,
        title=article.title,
        source=article.source,
        published=article.published,
        language=article.language,
        tags=article.tags,
        sentences=article.sentences,
        text=msgspec.UNSET if text is None else text,
    )


def _paragraph(article: StoredArticle, messages: Messages) -> Iterator[Line]:
    yield line(shown(article.title or article.source), Style.MARKED)
    details = [article.id, *([article.published[:10]] if article.published else []), article.language]
    details.append(messages.text("console.sentences", count=article.sentences))
    details += [messages.text("articles.tagged", tags=", ".join(article.tags))] if article.tags else []
    yield Line((Span(" · ".join(shown(detail) for detail in details if detail), Style.QUIET),), Span("  "))
    yield line(shown(article.source), Style.QUIET, margin="  ")


def _marked(article: StoredArticle, library: Library, messages: Messages) -> Iterator[Line]:
    """The text's stretches in order: prose as it is, everything else beside its kind."""
    text = library.text(article.number)
    labels = {
        Kind.HEADING: messages.text("articles.heading"),
        Kind.BOILERPLATE: messages.text("articles.boilerplate"),
        Kind.REPEATED: messages.text("articles.repeated"),
    }
    margin = max(map(width, labels.values())) + 2
    for start, end, kind in _stretches(text, library.passages_of([article.number])):
        words = shown(text[start:end])
        if kind is Kind.PROSE:
            yield line(words, margin=" " * margin)
        else:
            label = labels[kind]
            yield Line((Span(words, Style.QUIET),), Span(label + " " * (margin - width(label)), Style.NOTE))


def _stretches(text: str, passages: Iterable[StoredPassage]) -> Iterator[tuple[int, int, Kind]]:
    """Every stretch of the text that is not blank or a list's bullet, with its kind; what lies in no passage is
    boilerplate."""
    position = 0
    sentences = (sentence for passage in passages for sentence in passage.sentences)
    for sentence in sentences:
        if any(map(str.isalnum, text[position : sentence.start])):
            yield position, sentence.start, Kind.BOILERPLATE
        yield sentence.start, sentence.end, sentence.kind
        position = sentence.end
    if text[position:].strip():
        yield position, len(text), Kind.BOILERPLATE
