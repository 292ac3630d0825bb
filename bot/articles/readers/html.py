"""HTML: a page's article, without what stands around it."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.articles.article import Article
from bot.articles.dates import iso_date
from bot.articles.encoding import decode
from bot.articles.readers.byline import printed_date
from bot.articles.readers.disguise import Disguise
from bot.articles.readers.markup import plain_text
from bot.articles.readers.origin import Origin
from bot.errors import ReadingError

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHARSET = re.compile(rb"""<(?:meta[^>]+charset\s*=|\?xml[^>]+encoding\s*=)\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_HEAD_BYTES = 4096
_LATIN = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]+)*\Z")
_CONTROLS: dict[int, str | None] = dict.fromkeys([*range(9), *range(14, 32), 127, 0xFFFE, 0xFFFF]) | {11: " ", 12: " "}


def read_html(data: bytes, origin: Origin) -> Iterator[Article]:
    """One article: the body of the page, its title, date, language and canonical address.

    Menus, banners, comments and lists of links are left out. Raises ReadingError when the page has no text of its own.
    """
    root = parsed(decode_html(data, origin.source))
    if root is None:
        raise ReadingError(f"{origin.source}: holds no text; give a page that has an article on it")
    printed = None if origin.published else printed_date(root, latest=_latest())
    disguise = Disguise()
    _disguise(root, disguise)
    page = _extracted(root)
    text = _text(page.body, disguise) if page is not None and page.body is not None else ""
    if not text:
        text = _text(root, disguise)
    if not text:
        raise ReadingError(f"{origin.source}: holds no text; if it is drawn by a program, save the page as you see it")
    yield origin.article(
        text,
        title=disguise.take_off((page.title or "") if page is not None else "").strip(),
        published=(_past(page.date) if page is not None else None) or printed,
        language=_language(root),
        url=origin.url or (_address(page.url) if page is not None else None),
    )


def _text(root: "_Element", disguise: Disguise) -> str:
    return disguise.take_off(plain_text(root)).translate(_CONTROLS)


def decode_html(data: bytes, name: str) -> str:
    """The page's text, by its mark, by what it declares, or as any other text."""
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    if declared is not None and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        encoding = declared[1].decode("ascii", errors="replace").lower()
        for errors in ("strict", "replace"):
            try:
                return data.decode(_LATIN.get(encoding, encoding), errors=errors)
            except UnicodeDecodeError:
                try:
                    return data.decode("utf-8")
                except UnicodeDecodeError:
                    continue
            except LookupError:
                break
    return decode(data, name)


def parsed(page: str) -> "_Element | None":
    """The page's root element; None when there is nothing in it. It never fetches anything."""
    from lxml.etree import ParserError, XMLSyntaxError
    from lxml.html import HTMLParser, document_fromstring

    plain = _DECLARATION.sub("", page).translate(_CONTROLS)
    try:
        root: _Element = document_fromstring(
            plain.encode("utf-8", errors="replace"), parser=HTMLParser(encoding="utf-8", no_network=True)
        )
    except (ParserError, XMLSyntaxError):
        return None
    return root


def _disguise(root: "_Element", disguise: Disguise) -> None:
    for element in root.iter():
        if element.text and not element.text.isascii():
            element.text = disguise.put_on(element.text).translate(_CONTROLS)
        if element.tail and not element.tail.isascii():
            element.tail = disguise.put_on(element.tail).translate(_CONTROLS)


def _extracted(root: "_Element") -> Any:
    """What trafilatura takes for the article; None when it finds none."""
    import trafilatura  # .2 s: only where there is HTML

    return trafilatura.bare_extraction(
        root,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        date_extraction_params={
            "extensive_search": False,
            "original_date": True,
            "max_date": _latest().isoformat(),
        },
    )


def _past(written: str | None) -> str | None:
    """The date when it is one that can be known by now."""
    day = iso_date(written) if written else None
    return day if day and day[:10] <= _latest().isoformat() else None


def _latest() -> date:
    """Tomorrow: the day has begun elsewhere."""
    return (datetime.now(UTC) + timedelta(days=1)).date()


def _language(root: "_Element") -> str:
    declared = (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    return declared.replace("_", "-") if _LANGUAGE.match(declared.replace("_", "-")) else ""


def _address(url: str | None) -> str | None:
    return url if url and url.startswith(("http://", "https://")) else None
