"""Evidence: whether a quote, as it stands in its article, can hold the kind of thing that a question seeks."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from bot.answering.query import Query
from bot.answering.sought import Kind
from bot.retrieval.analysis import Shape, Token

Quoted = tuple[str, Sequence[Token]]
"""A quote's text and its tokens, with offsets into it."""

MISSING_SHARE = 0.5
"""What is left of the confidence of a quote without the kind of thing that is sought: of such first quotes on training
articles about half as many were right as their confidence said (6 of 21, at .59 on average)."""
VAGUE_SHARE = 0.75
"""The same where other words may answer too: a "who" by "defenders". There .7 were right, at .8 on average (of 32).
What hardly is of the kind leaves as much."""
VAGUE = frozenset((Kind.PERSON, Kind.PLACE, Kind.REASON))
GAPS = 4096  # that were read are remembered
APART = Token(0, 0, "", Shape.STOP)
"""What stands between two quotes, so that no phrase goes from one to the other."""
LOWER = Shape.LOWER  # as a name of the module it is found at once
_MONEY = re.compile(r"[$€£¥₴₽₹]")
_SHARE = re.compile(r"\s?[%‰]")
_DEGREE = re.compile(r"\s?[°º]")
_HOUR = re.compile(r"[:.h]")
_ADDRESS = re.compile(r"@|://")


def shares_left(query: Query, quotes: Sequence[Quoted]) -> list[float]:
    """What is left of the confidence of each quote: all, unless it holds nothing of the kind that the question seeks
    but the question's own words.

    All where the question seeks no kind that has a look, and of a quote without tokens.
    """
    from bot.answering.fitness import FAINT

    kind = query.sought.kind
    told = [place for place, (_, tokens) in enumerate(quotes) if tokens]
    left = [1.0] * len(quotes)
    if kind is Kind.ANYTHING or query.sought.hints is None or not told:
        return left
    for place, best in zip(told, _best(query, [quotes[place] for place in told]), strict=True):
        if best <= (0 if kind is Kind.DATE else FAINT):  # "after the flood" says when
            left[place] = VAGUE_SHARE if best > 0 or kind in VAGUE else MISSING_SHARE
    return left


def _best(query: Query, quotes: Sequence[Quoted]) -> list[float]:
    """The highest grade of a token of each quote, with all that it hints at, the signs beside it included."""
    import numpy as np

    from bot.answering.fitness import IN_NUMBERS, NEEDED, grades
    from bot.answering.hinted import hinted

    vocabulary: dict[str, int] = {}
    rows = [(*tokens, APART) for _, tokens in quotes]
    tokens = [token for row in rows for token in row]
    term = np.array([vocabulary.setdefault(token.term, len(vocabulary)) for token in tokens], dtype=np.int64)
    shape = np.frombuffer("".join([token.shape for token in tokens]).encode("ascii"), dtype=np.uint8)
    lengths = [len(row) for row in rows]
    starts = np.cumsum([0, *lengths[:-1]])
    needed = NEEDED.get(query.sought.kind, IN_NUMBERS)
    plain = hinted(query, needed, vocabulary, term, shape, np.repeat(np.arange(len(rows)), lengths))
    common = np.zeros(len(term), dtype=np.bool_)
    common[starts] = [_is_common(own) for _, own in quotes]
    signs = np.array([sign for text, own in quotes for sign in (*_signs(text, own), 0)], dtype=np.int64)
    signed = replace(plain, hints=plain.hints | signs, common=common, is_signed=True)
    best: list[float] = np.maximum.reduceat(grades(query.sought.kind, signed), starts).tolist()
    return best


def _is_common(tokens: Sequence[Token]) -> bool:
    """Whether the first of a sentence's tokens stands in it in lower case too: its capital letter makes no name."""
    first = tokens[0].term
    return any(token.shape is LOWER for token in tokens if token.term == first)


def _signs(text: str, tokens: Sequence[Token]) -> list[int]:
    """What the signs beside each of a sentence's tokens hint at."""
    between = [text[left.end : right.start] for left, right in pairwise(tokens)]
    gaps = [text[: tokens[0].start], *between, text[tokens[-1].end :]]
    return [
        0 if before == behind == " " else _hinted_by(before, behind, behind_digit=text[token.end - 1].isdigit())
        for token, before, behind in zip(tokens, gaps, gaps[1:], strict=False)
    ]


@lru_cache(maxsize=GAPS)
def _hinted_by(before: str, behind: str, *, behind_digit: bool) -> int:
    """What the text before and behind a token hints at."""
    from bot.answering.hints import Hint

    found = Hint.MONEY if _MONEY.search(before) or _MONEY.match(behind.lstrip()) else Hint(0)
    for pattern, hint in ((_SHARE, Hint.SHARE), (_DEGREE, Hint.TEMPERATURE), (_ADDRESS, Hint.CONTACT)):
        if pattern.match(behind):
            found |= hint
    if behind_digit and _HOUR.fullmatch(behind):
        found |= Hint.CLOCK
    return int(found)
