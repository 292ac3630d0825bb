"""The screen: lines of styled text, drawn with colours on a terminal and as plain text everywhere else."""

import sys
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import IO, NamedTuple


class Style(StrEnum):
    """How a stretch looks, in rich's words: readable on a dark and on a light background, and without colours."""

    PLAIN = ""
    MARKED = "bold"
    QUIET = "dim"
    GOOD = "green"
    BAD = "bold red"
    NOTE = "magenta"


class Span(NamedTuple):
    """A stretch of text in one style."""

    text: str
    style: Style = Style.PLAIN


class Line(NamedTuple):
    """A paragraph: what stands in its margin, and its spans, which wrap beside that margin."""

    spans: tuple[Span, ...] = ()
    margin: Span = Span("")

    def __str__(self) -> str:
        return (self.margin.text + "".join(span.text for span in self.spans)).rstrip()


def line(text: str, style: Style = Style.PLAIN, *, margin: str = "") -> Line:
    """A line in one style."""
    return Line((Span(text, style),), Span(margin, Style.QUIET))


_BLANKS = dict.fromkeys(map(ord, "\n\r\t\v\f\x85\u2028\u2029"), " ")
_UNSEEN = dict.fromkeys((*range(32), *range(127, 160)), "�")
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\N{ZERO WIDTH SPACE}")
_SHOWN = _UNSEEN | _TURNS | _BLANKS


def shown(text: str) -> str:
    """The text as a terminal may get it, of the same length: no control character, no escape, no turn of direction.

    An article can hold anything; written as it is, it could move the cursor, set the title or fake a prompt.
    """
    return text.translate(_SHOWN)


def width(text: str) -> int:
    """How many columns a short text takes."""
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
        if not unicodedata.combining(character)
    )


class Screen:
    """Where lines are written: plain when `stream` is no terminal, drawn by rich (imported then) when it is."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stdout
        self.is_terminal = self._stream.isatty()

    def write(self, lines: Iterable[Line]) -> None:
        """Write the lines and hand them on at once."""
        if self.is_terminal:
            self._draw(lines)
        else:
            for each in lines:
                self._stream.write(f"{each}\n")
        self._stream.flush()

    def _draw(self, lines: Iterable[Line]) -> None:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        console = Console(file=self._stream, highlight=False, emoji=False, markup=False)
        for each in lines:
            text = Text.assemble(*((span.text, span.style.value) for span in each.spans))
            if not each.margin.text:
                console.print(text)
                continue
            row = Table.grid(padding=0)
            row.add_column(width=width(each.margin.text), no_wrap=True)
            row.add_column(overflow="fold")
            row.add_row(Text(each.margin.text, each.margin.style.value), text)
            console.print(row)
