"""What each paragraph of a text is: the article's own prose, a heading, or what the site printed around it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.articles.article import Kind
from bot.articles.boilerplate import Below, Boilerplate, ends_a_sentence
from bot.articles.layout import Paragraph, heading_marker, is_rule, marker_length

LONGEST_TITLE = 200
LONGEST_HEADING = 100
HEADING_WORDS = 10
QUESTION_CHARACTERS = 150
HEADINGS_IN_A_ROW = 5
TITLE_PLACES = 3
OPENING_LINES = 2  # the title and what newspapers put under it may be long
SENTENCES_SHARE = 0.5
"""Of the text at least must be in paragraphs that end as sentences do, before one that does not can be a heading."""
_WORD = re.compile(r"\w+")
_INNER_END = re.compile(r"\w{3}[.!?]\s+[A-ZА-ЯЁЇІЄҐ\"“«]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+\Z", re.IGNORECASE)
_ASKS = "?？؟"
_REPEAT_SHARE = 0.5


class Marked(NamedTuple):
    """A paragraph and its kind."""

    start: int
    end: int
    kind: Kind


def kinds_of(text: str, paragraphs: Sequence[Paragraph], boilerplate: Boilerplate, title: str = "") -> list[Marked]:
    """Each paragraph with its kind, in order. `title` is the article's, where it is known."""
    kinds: list[Kind | None] = [None] * len(paragraphs)
    _mark_boilerplate(text, paragraphs, boilerplate, kinds)
    _mark_headings(text, paragraphs, kinds, title)
    return [
        Marked(paragraph.start, paragraph.end, kind or Kind.PROSE)
        for paragraph, kind in zip(paragraphs, kinds, strict=True)
    ]


def _mark_boilerplate(
    text: str, paragraphs: Sequence[Paragraph], boilerplate: Boilerplate, kinds: list[Kind | None]
) -> None:
    below = Below.NOTHING
    above = ""
    for i, (start, end) in enumerate(paragraphs):
        if is_rule(text, start, end) or _ADDRESS.match(text, start, end):
            kinds[i] = Kind.BOILERPLATE
            continue
        line = text[start : min(end, start + 1000)]
        matched = boilerplate.match(line)
        if matched is not None:
            kinds[i] = Kind.BOILERPLATE
            if below is not Below.LINES or matched is not Below.NOTHING:
                below, above = matched, line
        elif below is not Below.NOTHING and (_is_caption(line) or _repeats(line, above)):
            kinds[i] = Kind.BOILERPLATE
            below = below if below is Below.LINES else Below.NOTHING
        else:
            below = Below.NOTHING


def _is_caption(line: str) -> bool:
    """Whether the line reads like a headline or a caption: one line that does not end as a sentence
    does, but for a question."""
    ended = ends_a_sentence(line) and line[-1] not in _ASKS
    return len(line) <= LONGEST_TITLE and not ended and not _INNER_END.search(line)


def _repeats(line: str, above: str) -> bool:
    """Whether most words of the shorter of two lines are in the other."""
    words, others = set(_WORD.findall(line.casefold())), set(_WORD.findall(above.casefold()))
    if len(line) > LONGEST_TITLE or min(len(words), len(others)) < 4:
        return False
    return len(words & others) > _REPEAT_SHARE * min(len(words), len(others))


def _mark_headings(text: str, paragraphs: Sequence[Paragraph], kinds: list[Kind | None], title: str) -> None:
    """Mark what is told by its "#", by being the title, or by standing over prose without being a sentence."""
    own = [i for i, kind in enumerate(kinds) if kind is None]
    tells = _full_stops_tell(text, [paragraphs[i] for i in own])
    in_a_row = 0
    for place in range(len(own) - 1, -1, -1):  # upwards: a heading may stand over another one
        i = own[place]
        start, end = paragraphs[i]
        below = paragraphs[own[place + 1]] if place + 1 < len(own) else None
        told = heading_marker(text, start, end) or (
            below is not None and place <= TITLE_PLACES and _same_words(text[start:end], title)
        )
        stands_over = (
            below is not None
            and tells
            and end - start <= LONGEST_TITLE
            and in_a_row < HEADINGS_IN_A_ROW
            and (in_a_row or _is_prose_under(text, below, end - start))
        )
        if told or (stands_over and _is_heading(text[start:end], opens=place < OPENING_LINES)):
            kinds[i] = Kind.HEADING
        in_a_row = in_a_row + 1 if kinds[i] is Kind.HEADING else 0


def _full_stops_tell(text: str, paragraphs: Sequence[Paragraph]) -> bool:
    """Whether this author ends sentences with a mark, so that a line without one means something: most of the text,
    by length, is in paragraphs that do."""
    ended = total = 0
    for start, end in paragraphs:
        total += end - start
        if ends_a_sentence(text[max(start, end - 9) : end]):
            ended += end - start
    return ended >= SENTENCES_SHARE * total


def _same_words(line: str, title: str) -> bool:
    return bool(title) and " ".join(line.split()).casefold() == " ".join(title.split()).casefold()


def _is_prose_under(text: str, below: Paragraph, length: int) -> bool:
    """Whether a paragraph ends as a sentence and is longer than what may be its heading."""
    return below.end - below.start > length and ends_a_sentence(text[max(below.start, below.end - 9) : below.end])


def _is_heading(line: str, *, opens: bool) -> bool:
    """Whether a line can be a heading: short, of one piece, and no sentence; or a question."""
    if line[0].islower() or marker_length(line, 0, len(line)) or _INNER_END.search(line) or "\n" in line:
        return False
    if ends_a_sentence(line):
        return line[-1] in _ASKS and len(line) <= QUESTION_CHARACTERS
    if line[-1] in ",;:—–-":
        return False
    return opens or (len(line) <= LONGEST_HEADING and len(_WORD.findall(line)) <= HEADING_WORDS)
