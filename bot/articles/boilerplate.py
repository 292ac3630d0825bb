"""The phrase list that tells what a site prints around an article from the article itself."""

import re
from collections import defaultdict
from enum import Enum
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from bot.errors import SettingsError
from bot.wordlists import WordLists

PHRASES = "boilerplate.txt"
NO_FULL_STOP = "no full stop"
LONGEST_LINE = 400
"""A line with more characters than this is an article's own, whatever it starts with."""

LAST_WORD = 40  # characters at a line's end in which its last word is looked for first

_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "..."})
_START = re.compile(r"\A[^\w©]+")
_END = re.compile(r"[^\w©]+\Z")
_WORD = re.compile(r"[\w©]+")
_BLANKS = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"""[.!?…。！？।॥۔؟]["'”’»“›)\]}」』）*_\s]*\Z""")
_TAIL = re.compile(r"\s+\+\s+(?P<what>.*)\Z")


class Below(Enum):
    """What under a matched line goes with it."""

    NOTHING = ""
    LINE = "line below"
    LINES = "lines below"


class Phrase(NamedTuple):
    """One entry: the pattern that a whole line must match, a word that must be in it, what under it goes with it, and
    whether a line that ends as a sentence does is spared."""

    pattern: str
    word: str
    below: Below
    spares_sentences: bool


class _Phrases(NamedTuple):
    """The entries by their first word; those that open with a gap by their last one; those with a gap at both ends."""

    opened: dict[str, list[Phrase]]
    closed: dict[str, list[Phrase]]
    inner: list[Phrase]


class Boilerplate:
    """The phrase list; it matches lines whatever their case, quotes, blanks and marks at the ends."""

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists

    @cached_property
    def _phrases(self) -> _Phrases:
        """Made when a text comes: a question alone does without these 10 ms."""
        phrases = _Phrases(defaultdict(list), defaultdict(list), [])
        for entry in self._lists.lines(PHRASES):
            (first, last), phrase = _compiled(entry)
            if first:
                phrases.opened[first].append(phrase)
            elif last:
                phrases.closed[last].append(phrase)
            else:
                phrases.inner.append(phrase)
        return phrases

    def match(self, line: str) -> Below | None:
        """What goes with this line when it is boilerplate; None when it is not."""
        if len(line) > LONGEST_LINE:
            return None
        folded = line.casefold()
        first = _WORD.search(folded)
        if first is None:
            return None
        opened, closed, inner = self._phrases
        possible: tuple[Phrase, ...] = (*opened.get(first[0], ()), *closed.get(_last_word(folded), ()), *inner)
        near = [phrase for phrase in possible if phrase.word in folded]
        if not near:  # most lines are told without a pattern
            return None
        plain = _plain(line)
        ended = ends_a_sentence(line)
        for phrase in near:
            if not (ended and phrase.spares_sentences) and re.fullmatch(phrase.pattern, plain, re.DOTALL):
                return phrase.below
        return None

    def stands_alone(self, line: str) -> bool:
        """Whether a line is boilerplate and begins as one: "home." that ends a wrapped sentence is none."""
        return not line[:1].islower() and self.match(line) is not None


def _last_word(folded: str) -> str:
    """The last word of a line, or the end of a long one; "" when it holds none."""
    words = _WORD.findall(folded, len(folded) - LAST_WORD) if len(folded) > LAST_WORD else None
    words = words or _WORD.findall(folded)
    return words[-1].rpartition("ʼ")[2] if words else ""


def ends_a_sentence(line: str) -> bool:
    """Whether the line ends in a full stop, question or exclamation mark, quotes and brackets after it aside."""
    return _SENTENCE_END.search(line) is not None


def _compiled(entry: str) -> tuple[tuple[str, str], Phrase]:
    """The entry's first and last word, under which it is looked up ("" where there is a gap), and its pattern."""
    phrase, below, spares_sentences = _parted(entry)
    pieces = [_levelled(piece).strip() for piece in phrase.split("...")]
    pieces[0] = _START.sub("", pieces[0])
    pieces[-1] = _END.sub("", pieces[-1])
    if not any(pieces):
        raise SettingsError(f'{PHRASES}: "{entry}" holds no word; write the phrase that lines start with')
    pattern = re.escape(pieces[0])
    for before, piece in pairwise(pieces):
        pattern += _gap(before, piece) + re.escape(piece)
    first, last = (_WORD.findall(pieces[end]) or [""] for end in (0, -1))
    word = max((word for piece in pieces for word in _WORD.findall(piece)), key=len)
    return (first[0], last[-1]), Phrase(pattern, word, below, spares_sentences)


def _parted(entry: str) -> tuple[str, Below, bool]:
    """The phrase with "..." for its gaps, what below it goes with it, and whether sentences are spared."""
    marker = _TAIL.search(entry)
    if marker is None:
        return entry.replace("…", "..."), Below.NOTHING, False
    phrase, tail = entry[: marker.start()].replace("…", "..."), " ".join(marker["what"].split())
    if tail == NO_FULL_STOP:
        return phrase, Below.NOTHING, True
    try:
        return phrase, Below(tail), False
    except ValueError:
        choices = ", ".join(f'"+ {choice}"' for choice in (*filter(None, (b.value for b in Below)), NO_FULL_STOP))
        raise SettingsError(f'{PHRASES}: "{entry}": after a phrase can come one of {choices}') from None


def _gap(before: str, after: str) -> str:
    """Any text between two pieces, without cutting a word; nothing at all at the line's ends."""
    if not before:
        return r"(?:.*\W)?" if _WORD.match(after) else ".*"
    if not after:
        return r"(?:\W.*)?" if _WORD.match(before[-1]) else ".*"
    return r"\W(?:.*\W)?"


def _plain(line: str) -> str:
    """The line for comparing: levelled, and without marks and emoji at its ends."""
    return _END.sub("", _START.sub("", _levelled(line)))


def _levelled(text: str) -> str:
    """The text in lower case with straight quotes and single blanks."""
    return _BLANKS.sub(" ", text.translate(_QUOTES).casefold())
