"""The units of a sentence, which marks never cut, and how each looks."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.errors import SettingsError
from bot.retrieval.analysis import Shape, Token, fold
from bot.wordlists import WordLists

KINDS = ("month", "day", "numword", "ordinal", "cause")
CAPITAL_MONTHS = frozenset(("en", "de"))
"""Languages whose months are known from other words by their capital letter ("May", "March")."""
_JOINING = re.compile(r"[-‐‑–'’./:&@·]{1,2}|\s?°")
_LEADING = re.compile(r"[$€£¥₴₽#+−§@-]+$")
_TRAILING = re.compile(r"\s?[%‰°]|[$€£¥₴₽+]")
_MONEY = frozenset("$€£¥₴₽")
_SHARE = frozenset("%‰°")


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


def units(text: str, tokens: Sequence[Token], words: AnswerWords) -> list[Unit]:
    """The units of a sentence in order, from its text and its tokens (with offsets into that text)."""
    groups: list[list[Token]] = []
    for token in tokens:
        if groups and _is_one_piece(text, groups[-1][-1], token):
            groups[-1].append(token)
        else:
            groups.append([token])
    found: list[Unit] = []
    for place, group in enumerate(groups):
        floor = found[-1].end if found else 0
        ceiling = groups[place + 1][0].start if place + 1 < len(groups) else len(text)
        found.append(_unit(text, group, floor, max(ceiling, group[-1].end), words))
    return found


def _is_one_piece(text: str, left: Token, right: Token) -> bool:
    """Whether two tokens stand together without a blank; pairs of characters that overlap (scripts without blanks)
    are apart, so that a mark can end between them."""
    if right.start <= left.end:
        return right.start == left.end
    if right.start == left.end + 1 and text[left.end] == " ":
        return False
    return bool(_JOINING.fullmatch(text, left.end, right.start))


def _unit(text: str, group: Sequence[Token], floor: int, ceiling: int, words: AnswerWords) -> Unit:
    start, end = max(group[0].start, floor), group[-1].end
    before, after = text[floor:start], text[end:ceiling]
    if before and before != " ":  # most words stand between blanks
        lead = _LEADING.search(text, floor, start)
        if lead and (lead.start() == 0 or not text[lead.start() - 1].isalnum()):
            start = lead.start()
        before = text[floor:start].strip()[-1:]
    if after and after != " ":
        trail = _TRAILING.match(text, end, ceiling)
        if trail:
            end = trail.end()
        after = text[end:ceiling].strip()[:1]
    piece = text[start:end]
    word = fold(piece)
    return Unit(
        start,
        end,
        word,
        tuple([token.term for token in group if token.shape is not Shape.STOP]),
        _look(piece, word, group, words, first=floor == 0),
        before.strip(),
        after.strip(),
    )


def _look(piece: str, word: str, group: Sequence[Token], words: AnswerWords, *, first: bool) -> str:
    """The unit's shape in detail, a short word: what kind of answer it could be part of."""
    if not piece.isalpha() and any(character.isdigit() for character in piece):
        return _number_look(piece, word, group)
    kind = words.kinds.get(word, "")
    if kind and (kind in ("numword", "ordinal") or piece[:1].isupper() or words.lower_months):
        return kind
    if all(token.shape is Shape.STOP for token in group):
        return "stop"
    if piece[:1].isupper():
        return "acronym" if group[0].shape is Shape.ACRONYM else "first" if first else "name"
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
