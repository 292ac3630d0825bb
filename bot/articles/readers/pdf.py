"""PDF: the text in its order of reading, without running heads and the hyphens of line ends."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.articles.article import Article
from bot.articles.dates import iso_date
from bot.articles.readers.extras import needed
from bot.articles.readers.origin import Origin
from bot.articles.readers.page import Box, text_of
from bot.errors import ReadingError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_PROGRAM = re.compile(r"\AMicrosoft (?:Word|PowerPoint) - ")
_NO_TITLE = re.compile(r"untitled|.*\.(?:docx?|dvi|indd|odt|pdf|pptx?|qxd|rtf|tex|txt)\Z", re.IGNORECASE)
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")


def read_pdf(data: bytes, origin: Origin) -> Iterator[Article]:
    """One article: the text of all pages, paragraphs a blank line apart. Title and date come from the document.

    Raises ReadingError for a document that is encrypted, damaged, or has pictures of text alone. Needs the extra "pdf".
    """
    with needed("pdf", "PDF documents", origin.source):
        from pypdfium2 import PdfDocument, PdfiumError
    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        encrypted = "password" in str(error).lower()
        told = (
            "is encrypted; save it without a password"
            if encrypted
            else "is damaged or cut off; copy or download it again"
        )
        raise ReadingError(f"{origin.source}: {told}") from error
    try:
        text = text_of([_boxes(page) for page in _pages(document, origin)])
        if not text:
            raise ReadingError(
                f"{origin.source}: has no text in it (pictures of pages?); run it through text recognition"
            )
        about = document.get_metadata_dict()
        yield origin.article(text, title=_title(about.get("Title", "")), published=_date(about))
    finally:
        document.close()


def _pages(document: "PdfDocument", origin: Origin) -> Iterator["PdfPage"]:
    from pypdfium2 import PdfiumError

    for number in range(len(document)):
        try:
            page = document[number]
        except PdfiumError:
            origin.skip(f"{origin.source}: page {number + 1:,} is damaged and left out; copy or download it again")
            continue
        yield page
        page.close()


def _title(written: str) -> str:
    """The title as its author wrote it; "" for what a program put there, such as the name of a file."""
    title = _PROGRAM.sub("", " ".join(written.split()))
    return "" if _NO_TITLE.match(title) else title


def _date(about: dict[str, str]) -> str | None:
    match = _DATE.match(about.get("CreationDate", ""))
    return iso_date("-".join(match.groups())) if match and all(match.groups()) else None


def _boxes(page: "PdfPage") -> list[Box]:
    """The runs of text on a page with their places, in the order in which the file draws them."""
    textpage = page.get_textpage()
    boxes = []
    try:
        for place in range(textpage.count_rects()):
            left, bottom, right, top = textpage.get_rect(place)
            text = textpage.get_text_bounded(left, bottom, right, top)
            words = " ".join(part for line in text.splitlines() if (part := line.strip(" \t\0")))
            if words:
                boxes.append(Box(left, bottom, right, top, words))
    finally:
        textpage.close()
    return boxes
