"""The names in a text: runs of capitalised words, and what stands in quotation marks."""

import re
from collections.abc import Iterator, Sequence

from bot.retrieval.analysis import Shape, Token

NAME_SHAPES = frozenset((Shape.CAPITALISED, Shape.ACRONYM))
_QUOTED = re.compile('["“«„]([^"“”«»„]{2,60})["”»“]')
_LINKS = frozenset(["of", "de", "del", "der", "di", "du", "la", "le", "von", "van", "den", "zu", "da", "do", "dos"])
_LONGEST_LINK = 2  # words between two parts of a name: "Queen of the Night"
_LONGEST_QUOTED = 6  # content words of a title in quotation marks; longer ones are speech


def names_in(text: str, tokens: Sequence[Token]) -> dict[int, tuple[int, ...]]:
    """For each content token that is part of a name the places of all content tokens of that name.

    A text's first word is part of one only beside another name word or where the whole text is a name.
    """
    names: dict[int, tuple[int, ...]] = {}
    for run in (*_quoted(text, tokens), *_capitalised(text, tokens)):
        own = tuple(place for place in run if place not in names)
        names.update(dict.fromkeys(own, own))
    return names


def _quoted(text: str, tokens: Sequence[Token]) -> Iterator[list[int]]:
    """The titles in quotation marks: short ones of which half the content words are capitalised."""
    for match in _QUOTED.finditer(text):
        start, end = match.span(1)
        run = [
            place
            for place, token in enumerate(tokens)
            if start <= token.start and token.end <= end and token.shape is not Shape.STOP
        ]
        capitals = sum(text[tokens[place].start].isupper() for place in run)
        if 0 < len(run) <= _LONGEST_QUOTED and (len(run) <= 2 or 2 * capitals >= len(run)):
            yield run


def _capitalised(text: str, tokens: Sequence[Token]) -> Iterator[list[int]]:
    """The runs of name words; stop words join two of them where they are capitalised or links ("of the")."""
    run: list[int] = []
    between = 0
    for place, token in enumerate(tokens):
        joined = place > 0 and text[tokens[place - 1].end : token.start].strip() in ("", "-", "–", ".")
        if run and joined and token.shape is Shape.STOP and _links(text, token, between):
            between += 1
            continue
        named = token.shape in NAME_SHAPES
        if run and not (joined and named):
            yield from _closed(run, tokens)
            run = []
        if named:
            run.append(place)
        between = 0
    yield from _closed(run, tokens)


def _links(text: str, token: Token, between: int) -> bool:
    word = text[token.start : token.end]
    return between < _LONGEST_LINK and (word[0].isupper() or word in _LINKS or (between > 0 and word == "the"))


def _closed(run: list[int], tokens: Sequence[Token]) -> Iterator[list[int]]:
    if run and not (run == [0] and len(tokens) > 2):
        yield run
