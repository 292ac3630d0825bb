"""Tokenization: text to raw pieces, each with its place and its shape."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from bot.retrieval.letters import APOSTROPHES, INVISIBLE, MARKS, fold


class Shape(StrEnum):
    """How a token looks in its text: one character, so that a sentence's shapes are a short string."""

    STOP = "."
    LOWER = "x"
    CAPITALISED = "X"
    ACRONYM = "A"
    NUMBER = "9"
    YEAR = "Y"


class Token(NamedTuple):
    """A raw piece of a text: its offsets, its term, its shape."""

    start: int
    end: int
    term: str
    shape: Shape


_UNSPACED_SCRIPTS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts whose words stand without blanks between them, and Korean's, whose words carry their particles."""
_LETTER = rf"[^\W\d_{MARKS}{_UNSPACED_SCRIPTS}]"
_BLANKS = "\u00a0\u2009\u202f"
_PIECE = r"""
    [\w{marks}{unspaced}] (?:  # one set of characters first: that is what the scanner is quick with
      {run}
      (?P<word>(?<=[^\W\d{marks}])(?![.])[\w{marks}{invisible}]*(?:[{apostrophes}][\w{marks}{invisible}]+)*)
    | (?P<dotted>(?<={letter})\.(?:{letter}\.)+(?:{letter}(?![\w{marks}]))?)
    | (?P<number>(?<=\d)(?:{grouped}|\d*(?:[.,'’{blanks}]\d{{3}}(?!\d))*)(?:[.,]\d+)?(?!{letter}{{3}})
        (?:st|nd|rd|th|s)?(?![^\W{unspaced}]))
    | (?P<other>[\w{marks}{invisible}]*(?:[{apostrophes}][\w{marks}{invisible}]+)*)
    )
    """
_GROUP_NAME = re.compile(r"\(\?P<\w+>")
UNSPACED = re.compile(f"[{_UNSPACED_SCRIPTS}]+")
_THOUSANDS = re.compile(rf"[.,'’ {_BLANKS}](?=\d{{3}}(?!\d))")


class Tokenizer(NamedTuple):
    """The pattern of one piece: with its groups (run, word, dotted, number, other), without them, and for ASCII alone.

    Without groups it is a third quicker, for ASCII alone twice as quick.
    """

    piece: re.Pattern[str]
    plain: re.Pattern[str]
    plain_ascii: re.Pattern[str]

    def pieces(self, text: str) -> list[str]:
        """The pieces of `text` in order."""
        return (self.plain_ascii if text.isascii() else self.plain).findall(text)

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """The pieces of `text` in order, with their places."""
        return (self.plain_ascii if text.isascii() else self.plain).finditer(text)


def tokenizer(*, blank_thousands: bool) -> Tokenizer:
    """The patterns of one piece; `blank_thousands`: "1 600" is one."""
    pattern = _piece(
        run=f"(?P<run>(?<=[{_UNSPACED_SCRIPTS}])[{_UNSPACED_SCRIPTS}]*) |",
        marks=MARKS,
        invisible=INVISIBLE,
        apostrophes=APOSTROPHES,
        letter=_LETTER,
        blanks=_BLANKS,
        unspaced=_UNSPACED_SCRIPTS,
        blank_thousands=blank_thousands,
    )
    in_ascii = _piece(
        run="",
        marks="",
        invisible="",
        apostrophes="".join(filter(str.isascii, APOSTROPHES)),
        letter=r"[^\W\d_]",
        blanks="",
        unspaced="",
        blank_thousands=blank_thousands,
    )
    return Tokenizer(
        re.compile(pattern, re.VERBOSE),
        re.compile(_GROUP_NAME.sub("(?:", pattern), re.VERBOSE),
        re.compile(_GROUP_NAME.sub("(?:", in_ascii), re.VERBOSE | re.ASCII),
    )


def _piece(*, blanks: str, blank_thousands: bool, **classes: str) -> str:
    """The pattern of one piece with these classes of characters."""
    grouped = rf"(?<=[1-9])\d{{0,2}}(?:[ {blanks}]\d{{3}}(?!\d))+" if blank_thousands else r"(?!)"
    return _PIECE.format(grouped=grouped, blanks=blanks, **classes)


def _ascii_digit(character: str) -> str:
    return str(unicodedata.decimal(character, character))


def number(raw: str, *, decimal_point: bool) -> tuple[str, Shape]:
    """The digits of a number without what groups them, a decimal as a point, and its shape; "1990s" is 1990."""
    plain = raw if raw.isascii() else "".join(map(_ascii_digit, raw))
    digits = plain.rstrip("stndrh")
    if digits.isdigit() and len(digits) == 4 and "1000" <= digits <= "2199":
        return digits, Shape.YEAR
    decimal = "." if decimal_point else ","
    # A separator that comes twice groups; one that comes once, before three digits, does by the language's custom.
    kept = decimal if digits.count(decimal) == 1 else ""
    digits = _THOUSANDS.sub(lambda found: found[0] if found[0] == kept else "", digits)
    return digits.replace(",", "."), Shape.NUMBER


def whole(tokens: Iterable[Token]) -> list[Token]:
    """The tokens without those that a token of several words spans: what a question asks for, each thing once."""
    ordered = list(tokens)
    inside: set[int] = set()
    for place, token in enumerate(ordered):
        back = place - 1
        while back >= 0 and ordered[back].start >= token.start:
            inside.add(back)
            back -= 1
    return [token for place, token in enumerate(ordered) if place not in inside]


def without_possessive(word: str) -> str:
    """The word without an English "'s"."""
    if len(word) > 2 and word[-1] in "sS" and word[-2] in APOSTROPHES:
        return word[:-2]
    return word


def elision(word: str) -> int:
    """The length of an elided article or pronoun at the start of a French, Italian or Catalan word, apostrophe
    included; 0 when there is none."""
    for place, character in enumerate(word[:-1]):
        if character in APOSTROPHES:
            return place + 1 if fold(word[:place]) not in ("aujourd", "prud") else 0
    return 0


def shape_of(word: str) -> Shape:
    """The shape of a word that is no stop word."""
    if word[0].isdigit():
        return Shape.NUMBER
    if not word[0].isupper():
        return Shape.LOWER
    if len(word) > 1 and word.isupper():
        return Shape.ACRONYM
    return Shape.CAPITALISED
