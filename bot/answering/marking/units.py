"""The units of a sentence, which marks never cut, and how each looks."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.errors import SettingsError
from bot.retrieval.analysis import Memory, Shape, Token, fold
from bot.wordlists import WordLists

KINDS = ("month", "day", "numword", "ordinal", "cause")
CAPITAL_MONTHS = frozenset(("en", "de"))
"""Languages whose months are known from other words by their capital letter ("May", "March")."""
_JOINING = re.compile(r"[-‐‑–'’./:&@·]{1,2}|\s?°")
_LEADING = re.compile(r"[$€£¥₴₽#+−§@-]+$")
_TRAILING = re.compile(r"\s?[%‰°]|[$€£¥₴₽+]")
_MONEY = frozenset("$€£¥₴₽")
_SHARE = frozenset("%‰°")
GAPS = 1024
FORMS = 1 << 13  # that are remembered, or twice as many; about 5 MB
_new = tuple.__new__  # as in bot.retrieval.analysis

Form = tuple[str, tuple[str, ...], str]
"""A unit's word, terms and look."""
UNKNOWN: tuple[str, Shape | None, Form] = ("", None, ("", (), ""))


class Unit(NamedTuple):
    """A stretch of a sentence that is never cut: tokens joined by hyphens, apostrophes or signs (a currency, a
    percentage). `word` is its folded text, `terms` the terms of its tokens that are no stop words, `look` its shape
    in detail, `before` and `after` the signs of punctuation right beside it, "" for a blank."""

    start: int
    end: int
    word: str
    terms: tuple[str, ...]
    look: str
    before: str
    after: str


class AnswerWords:
    """The words of one language that tell what kind of answer a stretch is, from answer-words/<code>.txt: `kinds` of
    single words, `causes` the phrases that a reason follows."""

    def __init__(self, lists: WordLists, language: str) -> None:
        name = f"answer-words/{language}.txt"
        self.kinds: dict[str, str] = {}
        self.causes: list[tuple[str, ...]] = []
        self.lower_months = language not in CAPITAL_MONTHS
        for line in lists.lines(name):
            words, equals, kind = (part.strip() for part in line.partition("="))
            if not equals or kind not in KINDS:
                raise SettingsError(
                    f'{name}: "{line}": expected a line of the form words = kind, of {", ".join(KINDS)}'
                )
            if kind == "cause":
                self.causes.append(tuple(fold(words).split()))
            else:
                self.kinds[fold(words)] = kind
        self.forms: Memory[str, tuple[str, Shape | None, Form]] = Memory(FORMS)

    def form(self, piece: str, group: Sequence[Token]) -> Form:
        """The word, the terms and the look of a unit; that of a single token is kept in `forms` by its text, with the
        token's term and shape."""
        term, shape = group[0].term, group[0].shape
        known_term, known_shape, form = self.forms.recalled(piece) or UNKNOWN
        if known_term != term or known_shape is not shape or len(group) > 1:
            word = fold(piece)
            terms = tuple([token.term for token in group if token.shape is not Shape.STOP])
            form = word, terms, _look(piece, word, group, self)
            if len(group) == 1:
                self.forms.keep(piece, (term, shape, form))
        return form


class Between(NamedTuple):
    """What stands between two units: how many of its characters belong to the left one ("%") and to the right one
    ("$"), the signs beside those, and whether it makes one unit of both."""

    trailing: int
    leading: int
    after: str
    before: str
    joins: bool


BLANK = Between(0, 0, "", "", joins=False)


def units(text: str, tokens: Sequence[Token], words: AnswerWords) -> list[Unit]:
    """The units of a sentence in order, from its text and its tokens (with offsets into that text)."""
    groups, gaps = _groups(text, tokens)
    found: list[Unit] = []
    floor = 0
    for group, left, right in zip(groups, gaps, gaps[1:], strict=False):
        first, _, term, shape = group[0]
        start = first - left.leading if first > floor else floor
        floor = group[-1].end + right.trailing
        piece = text[start:floor]
        known_term, known_shape, form = words.forms.get(piece, UNKNOWN)
        if known_term != term or known_shape is not shape or len(group) > 1:
            form = words.form(piece, group)
        found.append(_new(Unit, (start, floor) + form + (left.before, right.after)))  # noqa: RUF005  # half the time
    if found and found[0].look == "name":
        found[0] = found[0]._replace(look="first")  # its capital letter tells nothing
    return found


def _groups(text: str, tokens: Sequence[Token]) -> tuple[list[list[Token]], list[Between]]:
    """The tokens of each unit, and what is before the first, between each two and behind the last.

    Pairs of characters that overlap (scripts without blanks) are apart, so that a mark can end between them.
    """
    if not tokens:
        return [], []
    groups, gaps = [[tokens[0]]], [read_gap(text[: tokens[0].start], opens=True)]
    end = tokens[0].end
    for token in tokens[1:]:
        gap = text[end : token.start]
        between = BLANK if gap == " " else read_gap(gap, behind_letter=text[end - 1].isalnum())
        if between.joins and token.start >= end:
            groups[-1].append(token)
        else:
            groups.append([token])
            gaps.append(between)
        end = token.end
    gaps.append(read_gap(text[end:]))
    return groups, gaps


@lru_cache(maxsize=GAPS)
def read_gap(gap: str, *, behind_letter: bool = False, opens: bool = False) -> Between:
    """What stands between two units, from the text there; `behind_letter`: a letter or a digit stands before it, so
    that a sign there leads nothing ("5-6"). With `opens` nothing is before it."""
    trail = None if opens else _TRAILING.match(gap)
    end = trail.end() if trail else 0
    lead = _LEADING.search(gap, end)
    start = len(gap)
    if lead and not (gap[lead.start() - 1].isalnum() if lead.start() else behind_letter):
        start = lead.start()
    return Between(
        trailing=end,
        leading=len(gap) - start,
        after=gap[end:].strip()[:1],
        before=gap[end:start].strip()[-1:],
        joins=not gap or bool(_JOINING.fullmatch(gap)),
    )


def _look(piece: str, word: str, group: Sequence[Token], words: AnswerWords) -> str:
    """The unit's shape in detail, a short word: what kind of answer it could be part of."""
    if not piece.isalpha() and any(character.isdigit() for character in piece):
        return _number_look(piece, word, group)
    kind = words.kinds.get(word, "")
    if kind and (kind in ("numword", "ordinal") or piece[:1].isupper() or words.lower_months):
        return kind
    if all(token.shape is Shape.STOP for token in group):
        return "stop"
    if piece[:1].isupper():
        return "acronym" if group[0].shape is Shape.ACRONYM else "name"
    return "hyphened" if len(group) > 1 else "lower"


def _number_look(piece: str, word: str, group: Sequence[Token]) -> str:
    if not _MONEY.isdisjoint(piece):
        return "money"
    if not _SHARE.isdisjoint(piece):
        return "percent"
    if any(token.shape is Shape.YEAR for token in group):
        return "year" if len(group) == 1 else "years"
    if word[-2:] in ("st", "nd", "rd", "th"):
        return "ordinal"
    if word[-1] == "s" and word[:-1].isdigit():
        return "decade"
    if len(group) > 1:
        return "numbers"
    if not word[0].isdigit() or word[-1].isalpha():
        return "mixed"
    return "number" if len(word) > 2 else "small"
