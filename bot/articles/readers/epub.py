"""EPUB: an article for each chapter, in the order of reading."""

from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from bot.articles.article import Article
from bot.articles.dates import iso_date
from bot.articles.readers.container import Container, opened
from bot.articles.readers.html import decode_html, parsed
from bot.articles.readers.markup import plain_text
from bot.articles.readers.origin import Origin
from bot.articles.readers.xml import parsed_xml
from bot.errors import ReadingError

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


class Book(NamedTuple):
    """What the package document says: the book's own data, and the paths of its chapters in order."""

    title: str
    language: str
    published: str | None
    chapters: list[str]


def read_epub(data: bytes, origin: Origin) -> Iterator[Article]:
    """An article for each chapter that has words; its source is the book's, "#", and the chapter's file.

    Raises ReadingError for a book that is damaged, encrypted, or has no words.
    """
    with opened(data, origin.source) as container:
        book = _book(container, origin.source)
        found = False
        for path in book.chapters:
            try:
                page = decode_html(container.read(path), f"{origin.source}#{path}")
            except ReadingError as error:
                if container.holds(_ENCRYPTION):
                    raise ReadingError(f"{origin.source}: is encrypted; give a copy without copy protection") from error
                origin.skip(str(error))
                continue
            root = parsed(page)
            text = plain_text(root) if root is not None else ""
            if text:
                found = True
                yield _chapter(text, path, book, origin)
        if not found:
            raise ReadingError(f"{origin.source}: holds no words (pictures only, or encrypted); give a text edition")


def _chapter(text: str, path: str, book: Book, origin: Origin) -> Article:
    first = text.partition("\n")[0]
    heading = first.lstrip("#").strip() if first.startswith("#") else ""
    return origin.article(
        text,
        source=f"{origin.source}#{path}",
        title=" — ".join(dict.fromkeys(part for part in (book.title, heading) if part)),
        language=book.language,
        published=book.published,
    )


def _book(container: Container, name: str) -> Book:
    rootfile = _first(parsed_xml(container.read(_CONTAINER), name, "EPUB"), "rootfile")
    path = rootfile.get("full-path", "") if rootfile is not None else ""
    package = parsed_xml(container.read(path), name, "EPUB")
    items = {
        item.get("id"): normpath(join(dirname(path), unquote(item.get("href", ""))))
        for item in _all(package, "item")
        if item.get("media-type") in _PAGES and "nav" not in (item.get("properties") or "").split()
    }
    order = [items[ref.get("idref")] for ref in _all(package, "itemref") if ref.get("idref") in items]
    date = _text(package, "date")
    return Book(_text(package, "title"), _text(package, "language"), iso_date(date) if date else None, order)


def _all(root: "_Element", name: str) -> "Iterator[_Element]":
    yield from root.iter("{*}" + name)


def _first(root: "_Element", name: str) -> "_Element | None":
    return next(_all(root, name), None)


def _text(root: "_Element", name: str) -> str:
    element = _first(root, name)
    return (element.text or "").strip() if element is not None else ""
