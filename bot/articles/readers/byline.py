"""The date that a page prints near its headline, for pages that tell it in no other way."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from bot.wordlists import WordLists

if TYPE_CHECKING:
    from lxml.etree import _Element

MONTH_LISTS = "time"
"""The folder of lists that name the months, beside other words of time: `märz = 3`."""

FIRST_YEAR = 1991  # of web pages; an older date is what the page tells of
NEAR = 20
"""Elements behind the headline in which a short text may be the date; further on one that is marked as a date is."""

MOST_ELEMENTS = 5_000
"""Of a page are looked at, from its start."""

_LONGEST = 120  # characters of a line with a date; in what is not marked as one it is nothing but a byline
_LONGEST_UNMARKED = 60
_SHORTEST_MONTH = 3  # letters of a shortened month: "Mär.", "Sept."
_MARKED = re.compile(r"date|time|publi|byline|dateline|meta|stamp|fecha|datum|erschienen", re.IGNORECASE)
_ELSEWHERE = re.compile(r"foot|related|comment|copyright|sidebar|most-read|recommend|cookie|consent", re.IGNORECASE)
_OUTSIDE = frozenset({"aside", "footer", "nav", "head", "script", "style", "form", "blockquote"})
_BLANKS = re.compile(r"\s+")
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_FORMS = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:er|st|nd|rd|th|\.|º|-го)?\s(?:de\s)?(?P<name>[^\W\d_]+)\.?,?\s(?:de[l]?\s)?{_YEAR}"
    ),
    re.compile(rf"(?P<name>[^\W\d_]+)\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}"),
)


def printed_date(root: "_Element", *, latest: date) -> str | None:
    """The first full date, no later than `latest`, in a line that is marked as a date or stands near the headline."""
    for line in _lines(root):
        found = date_in(line)
        if found is not None and FIRST_YEAR <= found.year <= latest.year and found <= latest:
            return found.isoformat()
    return None


def date_in(text: str) -> date | None:
    """The first date with day, month and year in a text, as any language with a list of months writes it.

    "03/08/2023" is none: it is March in one country and August in another.
    """
    places = sorted(
        (match.start(), form, match) for form, pattern in enumerate(_FORMS) for match in pattern.finditer(text)
    )
    for _, _, match in places:
        parts = match.groupdict()
        month = _month(parts["name"]) if "name" in parts else int(parts["month"])
        try:
            return date(int(parts["year"]), month, int(parts["day"]))
        except ValueError:
            continue
    return None


def _month(name: str) -> int:
    """The number of a month by its name or the start of it; 0 for a word that is none."""
    months = _months()
    lower = name.lower()
    if lower in months:
        return months[lower]
    if len(lower) < _SHORTEST_MONTH:
        return 0
    return next((month for known, month in months.items() if known.startswith(lower)), 0)


@cache
def _months() -> dict[str, int]:
    lists = WordLists()
    lines = [line for code in sorted(lists.codes(MONTH_LISTS)) for line in lists.lines(f"{MONTH_LISTS}/{code}.txt")]
    entries = [[part.strip() for part in line.rpartition("=")[::2]] for line in lines]
    return {name: int(meaning) for name, meaning in entries if meaning.isdigit()}


def _lines(root: "_Element") -> Iterator[str]:
    """The short texts that may be a page's own date, in order."""
    left = 0
    for element in _own_elements(root):
        if element.tag == "h1":
            left = NEAR
            continue
        left -= 1
        marked = element.tag == "time" or _MARKED.search(_names(element)) is not None
        if marked or (left > 0 and element.tag != "p"):
            line = _short_text(element, _LONGEST if marked else _LONGEST_UNMARKED)
            if line:
                yield line


def _own_elements(root: "_Element") -> Iterator["_Element"]:
    """The first elements of a page in order, without what stands around its article."""
    waiting = [root]
    for _ in range(MOST_ELEMENTS):
        if not waiting:
            return
        element = waiting.pop()
        if not isinstance(element.tag, str) or element.tag in _OUTSIDE:
            continue
        if element.tag not in ("html", "body") and _ELSEWHERE.search(_names(element)) is not None:
            continue
        yield element
        waiting.extend(reversed(element))


def _names(element: "_Element") -> str:
    return " ".join(element.get(name) or "" for name in ("class", "id", "itemprop"))


def _short_text(element: "_Element", longest: int) -> str:
    """The element's text in one line; "" when it is longer."""
    text = ""
    for part in element.itertext():
        text += part
        if len(text) > 10 * longest:
            return ""
    line = _BLANKS.sub(" ", text).strip()
    return line if len(line) <= longest else ""
