"""OpenDocument texts (.odt)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.articles.article import Article
from bot.articles.dates import iso_date
from bot.articles.readers.container import opened
from bot.articles.readers.origin import Origin
from bot.articles.readers.xml import parsed_xml
from bot.errors import ReadingError

if TYPE_CHECKING:
    from lxml.etree import _Element

_DROPPED = frozenset(
    {"annotation", "annotation-end", "note", "tracked-changes", "ruby-text", "frame", "sequence-decls"}
)
_MOST_SPACES = 1000


def read_odt(data: bytes, origin: Origin) -> Iterator[Article]:
    """One article: paragraphs, headings with "#" marks, list items and table rows, without notes and comments.

    Title, date and language come from the document's own data.
    """
    with opened(data, origin.source) as container:
        if container.holds("META-INF/manifest.xml") and b"encryption-data" in container.read("META-INF/manifest.xml"):
            raise ReadingError(f"{origin.source}: is encrypted; save it without a password")
        content = parsed_xml(container.read("content.xml"), origin.source, "OpenDocument")
        meta = (
            parsed_xml(container.read("meta.xml"), origin.source, "OpenDocument")
            if container.holds("meta.xml")
            else None
        )
    text = _text(content)
    if not text:
        raise ReadingError(f"{origin.source}: holds no words; there is nothing to read in it")
    date = _meta(meta, "creation-date") or _meta(meta, "date")
    yield origin.article(
        text, title=_meta(meta, "title"), published=iso_date(date) if date else None, language=_meta(meta, "language")
    )


def _meta(meta: "_Element | None", name: str) -> str:
    element = next(meta.iter("{*}" + name), None) if meta is not None else None
    return (element.text or "").strip() if element is not None else ""


def _text(content: "_Element") -> str:
    body = next(content.iter("{*}body"), content)
    parts: list[str] = []
    before = ""
    for paragraph in body.iter("{*}p", "{*}h", "{*}table-row"):
        tag = _name(paragraph)
        above = {_name(ancestor) for ancestor in paragraph.iterancestors()}
        if above & _DROPPED or (tag != "table-row" and "table-row" in above):
            continue
        kind, words = _block(paragraph, tag, above)
        if words:
            if parts:
                parts.append("\n" if kind == before and kind != "block" else "\n\n")
            parts.append(words)
            before = kind
    return "".join(parts)


def _block(paragraph: "_Element", tag: str, above: set[str]) -> tuple[str, str]:
    if tag == "table-row":
        cells = [
            " ".join(filter(None, map(_words, cell.iter("{*}p", "{*}h")))) for cell in paragraph.iter("{*}table-cell")
        ]
        return "row", " | ".join(filter(None, cells))
    words = _words(paragraph)
    if tag == "h" and words:
        level = next((value for key, value in paragraph.items() if key.endswith("outline-level")), "1")
        return "block", "#" * (int(level) if level.isdigit() and 0 < int(level) < 7 else 1) + " " + words
    return ("item", f"- {words}") if words and "list-item" in above else ("block", words)


def _words(paragraph: "_Element") -> str:
    """The words of a paragraph, its tabs, line breaks and runs of blanks as such."""
    words: list[str] = []
    _collect(paragraph, words)
    return "".join(words).strip(" \n")


def _collect(element: "_Element", words: list[str]) -> None:
    words.append(element.text or "")
    for child in element:
        tag = _name(child)
        if tag == "s":
            count = next((value for key, value in child.items() if key.endswith("}c")), "1")
            words.append(" " * min(int(count) if count.isdigit() else 1, _MOST_SPACES))
        elif tag == "tab":
            words.append("\t")
        elif tag == "line-break":
            words.append("\n")
        elif tag not in _DROPPED and tag not in ("p", "h"):
            _collect(child, words)
        words.append(child.tail or "")


def _name(element: "_Element") -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
