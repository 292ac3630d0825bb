"""Rich Text Format (.rtf)."""

import re
from collections.abc import Iterator

from bot.articles.article import Article
from bot.articles.readers.extras import needed
from bot.articles.readers.origin import Origin
from bot.errors import ReadingError

_TITLE = re.compile(r"\{\\title\s+(?P<title>[^{}\\]{1,300})\}")
_LINE_ENDS = re.compile(r"\n{3,}")


def read_rtf(data: bytes, origin: Origin) -> Iterator[Article]:
    """One article: the words of the document, a line for each paragraph. Needs the extra "office"."""
    with needed("office", "RTF documents", origin.source):
        from striprtf.striprtf import rtf_to_text
    source = data.decode("latin-1")
    if not source.rstrip("\0\r\n\t ").endswith("}"):
        raise ReadingError(f"{origin.source}: is cut off; copy or download it again")
    text = _LINE_ENDS.sub("\n\n", rtf_to_text(source, errors="replace")).strip()  # type: ignore[no-untyped-call]
    if not text:
        raise ReadingError(f"{origin.source}: holds no words; there is nothing to read in it")
    title = _TITLE.search(source)
    yield origin.article(text, title=title["title"].strip() if title and title["title"].isascii() else "")
