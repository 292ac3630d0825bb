"""How a text is laid out: its lines, and the paragraphs that they make up."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.articles.boilerplate import ends_a_sentence

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ITEM = re.compile(r"(?:[-*+•‣◦▪●○–—·►▶→✓✔]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t\u00a0]+(?=\S)")
_NUMBER_AND_MORE = re.compile(r"\d+[^\s\d.:/-]")
_NUMBER = re.compile(r"(?P<number>\d{1,3})[.)]")
_MARKER = re.compile(r"#{1,6}[ \t]+(?=\S)")
_STOP = re.compile(r"\w[.!?…][\"'”’»)]*\s+[^\W\d_a-z]|[。！？।]")
_RULE = re.compile(r"\W+\Z")
WRAPPED_SHARE = 0.3
"""Of the line ends inside blocks: with more of them in the middle of a sentence, lines are wrapped, not paragraphs."""
LEAST_WIDTH = 30
"""Characters; nobody wraps prose to less."""

FULL_LINE = 60
"""Characters; after so many a line that begins with a number goes on with the sentence."""

_FULL_SHARE = 0.6  # of the width of wrapped text; a shorter line is the last of its paragraph, or a heading


class Line(NamedTuple):
    """A line that is not blank, without the white space at its ends: `text[start:end]`.

    `block` counts the blank-line separated blocks; `indent` is the white space before it, in characters.
    """

    start: int
    end: int
    block: int
    indent: int


class Paragraph(NamedTuple):
    """A stretch of text that its author set apart: the offsets of its first and last character's end."""

    start: int
    end: int


def lines_of(text: str) -> list[Line]:
    """The lines of `text` that are not blank, in order."""
    found: list[Line] = []
    block, before = 0, 0
    for match in _LINE.finditer(text):
        line = match[0]
        bare = line.strip()
        if not bare:
            continue
        indent = len(line) - len(line.lstrip())
        start = match.start() + indent
        if found and _is_gap(text, before, start):
            block += 1
        before = start + len(bare)
        found.append(Line(start, before, block, indent))
    return found


def paragraphs_of(
    text: str, lines: Sequence[Line], stands_alone: Callable[[str], bool] | None = None
) -> Iterator[Paragraph]:
    """The paragraphs that `lines` make up: wrapped lines are joined, others stand for themselves.

    `stands_alone` knows lines that are no part of a paragraph even among wrapped ones.
    """
    if not lines:
        return
    if not _has_full_stops(text, lines):
        yield from (Paragraph(line.start, line.end) for line in lines)
        return
    width = _wrapped_width(text, lines)
    start = lines[0].start
    for line, below in pairwise(lines):
        goes_on = _goes_on(text, line, below, width)
        if goes_on and stands_alone is not None:
            ended = ends_a_sentence(text[max(line.start, line.end - 9) : line.end])
            goes_on = not (ended and stands_alone(text[below.start : below.end])) and not (
                start == line.start and stands_alone(text[line.start : line.end])
            )
        if not goes_on:
            yield Paragraph(start, line.end)
            start = below.start
    yield Paragraph(start, lines[-1].end)


def is_item(text: str, line: Line) -> bool:
    """Whether the line starts with the mark or the number of a list's item."""
    return _ITEM.match(text, line.start, line.end) is not None


def marker_length(text: str, start: int, end: int) -> int:
    """The length of the bullet that opens a paragraph, with its blanks; 0 when there is none. Numbers are words."""
    match = _ITEM.match(text, start, end)
    if match is None or any(character.isalnum() for character in match[0]):
        return 0
    return len(match[0])


def heading_marker(text: str, start: int, end: int) -> bool:
    """Whether the paragraph opens with a heading's "#" marks."""
    return _MARKER.match(text, start, end) is not None


def is_rule(text: str, start: int, end: int) -> bool:
    """Whether the paragraph has no letter and no digit: a line of dashes, stars, emoji."""
    return _RULE.match(text, start, end) is not None


def _is_gap(text: str, end: int, start: int) -> bool:
    """Whether more than one line end, or a form feed, lies between two lines."""
    between = text[end:start]
    return "\f" in between or between.replace("\r\n", "\n").count("\n") + between.count("\r") > 1


def _has_full_stops(text: str, lines: Sequence[Line]) -> bool:
    """Whether any sentence ends in a mark; in a list of notes without one each line says something of its own."""
    return _STOP.search(text) is not None or any(
        ends_a_sentence(text[max(line.start, line.end - 9) : line.end]) for line in lines
    )


def _wrapped_width(text: str, lines: Sequence[Line]) -> int:
    """The width to which the text was wrapped, in characters; 0 when each line is a paragraph of its own."""
    ends = middles = 0
    widths: list[int] = []
    for line, below in pairwise(lines):
        if line.block != below.block or is_item(text, below) or line.end - line.start < LEAST_WIDTH:
            continue
        ends += 1
        middles += _is_mid_sentence(text, line, below)
        widths.append(line.end - line.start + line.indent)
    if not ends or middles < WRAPPED_SHARE * ends:
        return 0
    widths.sort()
    width = widths[len(widths) * 9 // 10]
    return width if width >= LEAST_WIDTH else 0


def _is_mid_sentence(text: str, line: Line, below: Line) -> bool:
    last, first = text[line.end - 1], text[below.start]
    if first.islower() or last in ",;–—-" or _is_stray_start(text, line, below):
        return not ends_a_sentence(text[max(line.start, line.end - 9) : line.end])
    return False


def _is_stray_start(text: str, line: Line, below: Line) -> bool:
    """Whether a line begins with a number that belongs to the line above ("CO" over "2 is heavy"), not with a date."""
    first = text[below.start]
    if not (first.isdigit() or first in "+−–)"):
        return False
    long = max(line.end - line.start - FULL_LINE, below.end - below.start - LEAST_WIDTH) >= 0
    return long or _NUMBER_AND_MORE.match(text, below.start, below.end) is not None


def _is_stray_number(text: str, line: Line, below: Line) -> bool:
    """Whether what looks like an item's number ends a sentence that began in the line above."""
    number = _NUMBER.match(text, below.start, below.end)
    if number is None or number["number"] == "1" or is_item(text, line):
        return False
    return text[line.end - 1] != ":" and not ends_a_sentence(text[max(line.start, line.end - 9) : line.end])


def _goes_on(text: str, line: Line, below: Line, width: int) -> bool:
    """Whether the paragraph of `line` goes on in the line below."""
    if line.block != below.block or _MARKER.match(text, below.start, below.end):
        return False
    if is_item(text, below) and not _is_stray_number(text, line, below):
        return False
    if _MARKER.match(text, line.start, line.end):
        return False
    if _is_mid_sentence(text, line, below):
        return True
    if not width:
        return False
    return line.end - line.start + line.indent >= _FULL_SHARE * width and below.indent <= line.indent + 1
