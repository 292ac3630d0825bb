"""Text in Telegram's HTML: escaped where it is made, measured as Telegram measures it after parsing."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple
from unicodedata import bidirectional
from urllib.parse import urlsplit

MOST_UNITS = 4096
"""UTF-16 code units of one message, after parsing."""
MOST_ENTITIES = 100
"""Entities of one message; Telegram drops further ones in silence."""
LONGEST_URL = 2000
ELLIPSIS = "…"

_UNSENDABLE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STEERING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BLANKS = re.compile(r"\s+")


class Html(NamedTuple):
    """Markup with its length in UTF-16 units and its number of entities once it is parsed."""

    markup: str = ""
    units: int = 0
    entities: int = 0

    def fits(self, *, units: int = MOST_UNITS, entities: int = MOST_ENTITIES) -> bool:
        """Whether one message can hold it."""
        return self.units <= units and self.entities <= entities


EMPTY = Html()


def units(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis where it is longer than `most` UTF-16 units; never half a
    character."""
    if units(text) <= most:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip() + ELLIPSIS


def sendable(text: str) -> str:
    """The text without what Telegram does not take: lone surrogates, and control characters, which become blanks."""
    return _CONTROL.sub(" ", _UNSENDABLE.sub("", text))


def one_line(text: str) -> str:
    """What somebody wrote as one line that cannot steer the text around it: no direction marks, no line breaks."""
    return _BLANKS.sub(" ", _STEERING.sub("", sendable(text))).strip()


def isolated(text: str) -> str:
    """The text, set apart where it is written from right to left, so that what follows it on its line stays in its
    place (Unicode's bidirectional algorithm, isolates)."""
    return f"\u2068{text}\u2069" if any(bidirectional(letter) in ("R", "AL") for letter in text) else text


def plain(text: str) -> Html:
    """The text as it is read, no part of it taken for markup."""
    shown = sendable(text)
    return Html(escape(shown, quote=False), units(shown), 0)


def joined(parts: Iterable[Html], between: str = "") -> Html:
    """The parts in a row, empty ones left out, with a text between them."""
    kept = [part for part in parts if part.units]
    gaps = max(len(kept) - 1, 0) * units(between)
    return Html(
        escape(between, quote=False).join(part.markup for part in kept),
        sum(part.units for part in kept) + gaps,
        sum(part.entities for part in kept),
    )


def bold(inner: Html) -> Html:
    """The text in bold."""
    return _tagged("b", inner)


def italic(inner: Html) -> Html:
    """The text in italics."""
    return _tagged("i", inner)


def code(inner: Html) -> Html:
    """What a program says, word for word."""
    return _tagged("code", inner)


def blockquote(inner: Html) -> Html:
    """A quotation."""
    return _tagged("blockquote", inner)


def expandable(inner: Html) -> Html:
    """A quotation that shows its first lines until it is pressed."""
    return _tagged("blockquote", inner, " expandable")


def link(text: str, url: str | None) -> Html:
    """The text, linked where the address is one that Telegram opens."""
    inner = plain(text)
    if not inner.units or not url or not is_web_address(url):
        return inner
    return Html(f'<a href="{escape(url)}">{inner.markup}</a>', inner.units, inner.entities + 1)


def is_web_address(url: str) -> bool:
    """Whether an address can be opened from a message."""
    if len(url) > LONGEST_URL or sendable(url) != url or _BLANKS.search(url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def marked(text: str, highlights: Sequence[tuple[int, int]], *, most: int) -> Html:
    """The text with stretches of it (offsets in code points) in bold, cut to `most` UTF-16 units."""
    shown = cut(text, most)
    end_of_text = len(shown) - (1 if shown != text else 0)
    parts, position = [], 0
    for start, end in sorted(highlights):
        start, end = max(start, position), min(end, end_of_text)
        if start < end:
            parts += [plain(shown[position:start]), bold(plain(shown[start:end]))]
            position = end
    return joined([*parts, plain(shown[position:])])


def _tagged(tag: str, inner: Html, attributes: str = "") -> Html:
    if not inner.units:
        return EMPTY
    return Html(f"<{tag}{attributes}>{inner.markup}</{tag}>", inner.units, inner.entities + 1)
