"""Word documents (.docx)."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.articles.article import Article
from bot.articles.readers.container import opened
from bot.articles.readers.extras import needed
from bot.articles.readers.origin import Origin
from bot.articles.readers.xml import parsed_xml
from bot.errors import ReadingError

if TYPE_CHECKING:
    from docx.document import Document

_TEMPLATE_DAYS = frozenset({date(1980, 1, 1), date(2013, 12, 23)})  # ZIP's and python-docx's own
_BODY = "word/document.xml"


def read_docx(data: bytes, origin: Origin) -> Iterator[Article]:
    """One article: paragraphs, headings with "#" marks, list items and table rows, without notes and comments.

    Title, date and language come from the document's own data. Needs the extra "office".
    """
    with opened(data, origin.source) as container:
        for name in container.names:  # so that every part is sound before python-docx sees it
            if name.endswith((".xml", ".rels")):
                parsed_xml(container.read(name), origin.source, "Word")
        if not container.holds(_BODY):
            raise ReadingError(f"{origin.source}: is no Word document (it has no {_BODY}); save it again as .docx")
    with needed("office", "Word documents", origin.source):
        import docx
    document = docx.Document(BytesIO(data))
    text = _text(document)
    if not text:
        raise ReadingError(f"{origin.source}: holds no words; there is nothing to read in it")
    about = document.core_properties
    created = about.created
    yield origin.article(
        text,
        title=(about.title or "").strip() or _title(document),
        published=created.date().isoformat() if created is not None and created.date() not in _TEMPLATE_DAYS else None,
        language=(about.language or "").strip(),
    )


def _text(document: "Document") -> str:
    parts: list[str] = []
    before = ""
    for block in document.iter_inner_content():
        for kind, words in _rows(block) if hasattr(block, "rows") else [_paragraph(block)]:
            if words:
                if parts:
                    parts.append("\n" if kind == before and kind != "block" else "\n\n")
                parts.append(words)
                before = kind
    return "".join(parts)


def _rows(table: Any) -> Iterator[tuple[str, str]]:
    """The rows of a table; a cell that spans several places counts once."""
    for row in table.rows:
        cells = {id(cell._tc): cell for cell in row.cells}
        words = (" ".join(paragraph.text.strip() for paragraph in cell.paragraphs).strip() for cell in cells.values())
        yield "row", " | ".join(filter(None, words))


def _paragraph(paragraph: Any) -> tuple[str, str]:
    words = paragraph.text.strip(" \n")
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if words and style.startswith("Heading ") and style[8:].isdigit():
        return "block", "#" * min(6, int(style[8:])) + " " + words
    if words and style == "Title":
        return "block", "# " + words
    is_item = style.startswith("List") or bool(paragraph._p.xpath("./w:pPr/w:numPr"))
    return ("item", f"- {words}") if words and is_item else ("block", words)


def _title(document: "Document") -> str:
    return next(
        (p.text.strip() for p in document.paragraphs[:20] if p.style is not None and p.style.name == "Title"), ""
    )
