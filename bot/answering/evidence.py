"""Evidence: whether a quote, as it stands in its article, can hold the kind of thing that a question seeks."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answering.query import Query
from bot.answering.sought import Kind
from bot.retrieval.analysis import Token

if TYPE_CHECKING:
    from bot.answering.hinted import Hinted

MISSING_SHARE = 0.5
"""What is left of the confidence of a quote without the kind of thing that is sought: of such first quotes on training
articles about half as many were right as their confidence said (6 of 21, at .59 on average)."""
VAGUE_SHARE = 0.75
"""The same where other words may answer too: a "who" by "defenders". There .7 were right, at .8 on average (of 32).
What hardly is of the kind leaves as much."""
VAGUE = frozenset((Kind.PERSON, Kind.PLACE, Kind.REASON))
_MONEY = re.compile(r"[$€£¥₴₽₹]")
_SHARE = re.compile(r"\s?[%‰]")
_DEGREE = re.compile(r"\s?[°º]")
_HOUR = re.compile(r"[:.h]")
_ADDRESS = re.compile(r"@|://")


def share_left(query: Query, text: str, tokens: Sequence[Token]) -> float:
    """What is left of the confidence of a quote: all, unless it holds nothing of the kind that the question seeks but
    the question's own words.

    `tokens` are the sentence's, with offsets into `text`. All where the question seeks no kind that has a look.
    """
    from bot.answering.fitness import FAINT, grades

    kind = query.sought.kind
    if kind is Kind.ANYTHING or query.sought.hints is None or not tokens:
        return 1.0
    best = grades(kind, _signed(query, text, tokens)).max()
    if best > (0 if kind is Kind.DATE else FAINT):  # "after the flood" says when
        return 1.0
    return VAGUE_SHARE if best > 0 or kind in VAGUE else MISSING_SHARE


def _signed(query: Query, text: str, tokens: Sequence[Token]) -> "Hinted":
    """The tokens with all that they hint at, the signs beside them included."""
    import numpy as np

    from bot.answering.fitness import IN_NUMBERS, NEEDED
    from bot.answering.hinted import hinted

    vocabulary: dict[str, int] = {}
    term = np.array([vocabulary.setdefault(token.term, len(vocabulary)) for token in tokens], dtype=np.int64)
    shape = np.frombuffer("".join([token.shape for token in tokens]).encode("ascii"), dtype=np.uint8)
    needed = NEEDED.get(query.sought.kind, IN_NUMBERS)
    plain = hinted(query, needed, vocabulary, term, shape, np.zeros(len(term), dtype=np.int64))
    signs = np.array([_signs(text, tokens, place) for place in range(len(tokens))], dtype=np.int64)
    return replace(plain, hints=plain.hints | signs, is_signed=True)


def _signs(text: str, tokens: Sequence[Token], place: int) -> int:
    """What the signs beside a token hint at."""
    from bot.answering.hints import Hint

    before = text[tokens[place - 1].end if place else 0 : tokens[place].start]
    behind = text[tokens[place].end : tokens[place + 1].start if place + 1 < len(tokens) else len(text)]
    found = Hint.MONEY if _MONEY.search(before) or _MONEY.match(behind.lstrip()) else Hint(0)
    for pattern, hint in ((_SHARE, Hint.SHARE), (_DEGREE, Hint.TEMPERATURE), (_ADDRESS, Hint.CONTACT)):
        if pattern.match(behind):
            found |= hint
    if _HOUR.fullmatch(behind) and text[tokens[place].end - 1].isdigit():
        found |= Hint.CLOCK
    return int(found)
