"""Properties: what the span model sees of the units and the spans of sentences, for all of a question's at once.

The units of the sentences stand behind each other in one row. A property that has few values is a number, its value's
place in VALUES; one that is made of words is a text; a span's pattern is a text in the eight bytes of a number.
"""

from collections.abc import Sequence
from itertools import chain, product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.answering.marking.spanviews import PREFIX, Lens
from bot.answering.marking.units import Unit

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Patterns = npt.NDArray[np.uint64]

LONGEST = 12
"""Units of a span."""
FAR = 10  # units: distances from there on are one
MOST = 4  # words of the question on one side of a unit: more are as many

LETTERS = {
    "stop": ".", "lower": "x", "hyphened": "h", "name": "N", "first": "F", "acronym": "A", "number": "9", "small": "8",
    "numbers": "9", "mixed": "m", "percent": "%", "money": "$", "year": "Y", "years": "Y", "decade": "D", "month": "M",
    "day": "d", "numword": "n", "ordinal": "o",
}  # fmt: skip
"""The letter of each look in a pattern."""
EDGES = ("^^", "^", "$", "$$")
"""What stands in the place of a unit before and behind a sentence, two units deep."""
LOOKS = (*LETTERS, *EDGES)
MATCHES = ("-", "s", "p", "c", "h", "^", "$")
"""Of a unit: h holds the question's head noun, c another of its terms, p a word that starts like one, s is a stop word
of the question, - none of them; and the edges."""
ROLES = ("", "b", "h", "v", "w", "m", "l")
"""What a term is in the question (Lens.roles), "" for a term that is not in it."""
AWAY = ("-", "1", "2", "3", "4", "6", "9")
"""Distances in units: none, then those of 1, 2, 3, from 4, from 6 and from FAR."""

NONE, STOP, LIKE, TERM, HEAD = range(5)
_BEFORE, _BEHIND = MATCHES.index("^"), MATCHES.index("$")
_LOOK = {look: number for number, look in enumerate(LOOKS)}
_ROLE = {role: number for number, role in enumerate(ROLES)}
_AWAY = np.searchsorted([1, 2, 3, 4, 6, FAR], np.arange(FAR + 1), side="right")
_LETTER = np.array([ord(LETTERS.get(look, " ")) for look in LOOKS], dtype=np.uint8)


def _joined(*parts: Sequence[str], by: str = "") -> tuple[str, ...]:
    return tuple(by.join(values) for values in product(*parts))


_PAIRS = _joined(LOOKS, LOOKS, by="+")
_COUNTS = tuple(map(str, range(MOST + 1)))
VALUES: dict[str, tuple[str, ...]] = {
    "look": LOOKS,
    "looks before": _PAIRS,
    "looks after": _PAIRS,
    "two looks before": _PAIRS,
    "two looks after": _PAIRS,
    "matches": _joined(MATCHES, MATCHES, MATCHES),
    "role before": _joined(MATCHES, ROLES),
    "role after": _joined(MATCHES, ROLES),
    "left": _joined(AWAY, ROLES),
    "right": _joined(AWAY, ROLES),
    "near": _joined(AWAY, AWAY, by="|"),
    "head": ("none", "0", *_joined(("+", "-"), AWAY[1:])),
    "sides": _joined(_COUNTS, _COUNTS, by="<"),
    "is first": ("no", "yes"),
    "is last": ("no", "yes"),
}
"""The values of each property that has few of them, in the order of their numbers."""
LENGTHS = tuple(str(length) for length in range(1, LONGEST + 1))

PATTERN = 7  # letters of a span's pattern; longer ones are shortened in the middle, to those before and behind a "~"
_KEPT_BEFORE, _KEPT_BEHIND = 4, 2
_WINDOW = 8  # bytes of a number
_COMMA, _PLUS = ord(","), ord("+")
_FIRST = np.array([(1 << 8 * letters) - 1 for letters in range(PATTERN + 1)], dtype=np.uint64)  # masks of first letters
_BITS = np.array([8 * letters for letters in range(PATTERN + 1)], dtype=np.uint64)
_MIDDLE = np.uint64(ord("~") << 8 * _KEPT_BEFORE)
_BEHIND_MIDDLE = _BITS[_KEPT_BEFORE + 1]


class Row(NamedTuple):
    """The units of some sentences, none of them empty, in one row: each one's word, terms, look, the number of that in
    LOOKS, and the signs beside it.

    [sentences] where each starts and ends in the row; [units] the number of each one's sentence, and where that starts
    and ends.
    """

    words: Sequence[str]
    terms: Sequence[tuple[str, ...]]
    looks: Sequence[str]
    look: Ints
    before: Sequence[str]
    after: Sequence[str]
    starts: Ints
    ends: Ints
    sentence: Ints
    start: Ints
    end: Ints


def row_of(sentences: Sequence[Sequence[Unit]]) -> Row:
    """The sentences behind each other."""
    lengths = np.array([len(sentence) for sentence in sentences], dtype=np.int64)
    ends = lengths.cumsum()
    starts = ends - lengths
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    units = list(chain.from_iterable(sentences))
    looks = [unit.look for unit in units]
    return Row(
        words=[unit.word for unit in units],
        terms=[unit.terms for unit in units],
        looks=looks,
        look=np.array([_LOOK[look] for look in looks], dtype=np.int64),
        before=[unit.before for unit in units],
        after=[unit.after for unit in units],
        starts=starts,
        ends=ends,
        sentence=sentence,
        start=starts[sentence],
        end=ends[sentence],
    )


def texts(row: Row) -> dict[str, list[str]]:
    """Each property that is made of words by its name, one value per unit."""
    words, looks = row.words, row.looks
    before, after = ["^", *words[:-1]], [*words[1:], "$"]
    for start, end in zip(row.starts.tolist(), row.ends.tolist(), strict=True):
        before[start], after[end - 1] = "^", "$"
    small = [word if look == "stop" else look for word, look in zip(words, looks, strict=True)]
    signs = [sign or "_" for sign in row.before]
    return {
        "word": [look if word[:1].isdigit() else word for word, look in zip(words, looks, strict=True)],
        "tail": list(map(_tail, words, looks)),
        "word before": before,
        "word after": after,
        "bigram before": [f"{word} {own}" for word, own in zip(before, small, strict=True)],
        "bigram after": [f"{look} {word}" for look, word in zip(looks, after, strict=True)],
        "sign before": signs,
        "sign between": signs,
        "sign after": [sign or "_" for sign in row.after],
    }


def _tail(word: str, look: str) -> str:
    """The last letters of a common word, which tell verbs from nouns; the look of anything else."""
    return word[-3:] if look in ("lower", "hyphened") and len(word) > 4 else look


def numbers(through: Lens, row: Row) -> Ints:
    """[properties, units] the numbers of the values of each property of VALUES, in their order."""
    look, match, role = row.look, *_relations(through, row)
    before, after = _before(look, row, _LOOK["^"]), _after(look, row, _LOOK["$"])
    before_that, after_that = _before(before, row, _LOOK["^^"]), _after(after, row, _LOOK["$$"])
    match_before, match_after = _before(match, row, _BEFORE), _after(match, row, _BEHIND)
    is_first, is_last = np.zeros((2, len(look)), dtype=np.int64)
    is_first[row.starts], is_last[row.ends - 1] = 1, 1
    found = {
        "look": look,
        "looks before": before * len(LOOKS) + look,
        "looks after": look * len(LOOKS) + after,
        "two looks before": before_that * len(LOOKS) + before,
        "two looks after": after * len(LOOKS) + after_that,
        "matches": (match_before * len(MATCHES) + match) * len(MATCHES) + match_after,
        "role before": match_before * len(ROLES) + _before(role, row, 0),
        "role after": match_after * len(ROLES) + _after(role, row, 0),
        "is first": is_first,
        "is last": is_last,
        **_distances(match >= TERM, match == HEAD, role, row),
    }
    return np.array([found[name] for name in VALUES])


def _before(values: Ints, row: Row, edge: int) -> Ints:
    """[units] the value of the unit before each, that of the edge before a sentence's first."""
    moved = np.empty_like(values)
    moved[1:] = values[:-1]
    moved[row.starts] = edge
    return moved


def _after(values: Ints, row: Row, edge: int) -> Ints:
    """[units] the value of the unit behind each, that of the edge behind a sentence's last."""
    moved = np.empty_like(values)
    moved[:-1] = values[1:]
    moved[row.ends - 1] = edge
    return moved


def _relations(through: Lens, row: Row) -> tuple[Ints, Ints]:
    """[units] the number of each one's match, and of the role that its first term of the question has there."""
    head, roles, prefixes, stops = through.head, through.roles, through.prefixes, through.stops
    matches, found = [], []
    for terms, word in zip(row.terms, row.words, strict=True):
        match, role = NONE, ""
        for term in terms:
            if term in roles:
                match, role = TERM, roles[term]
                break
            if term[:PREFIX] in prefixes:
                match = LIKE
        if match == TERM and head and head in terms:
            match = HEAD
        elif match == NONE and word in stops:
            match = STOP
        matches.append(match)
        found.append(_ROLE[role])
    return np.array(matches, dtype=np.int64), np.array(found, dtype=np.int64)


def _distances(held: Flags, heads: Flags, role: Ints, row: Row) -> dict[str, Ints]:
    """The properties that tell how far, on which side and in which role the question's words stand, where a unit is
    flagged that holds some, and one that holds its head noun."""
    place = np.arange(len(held))
    flags = np.array([held, heads])
    last = np.maximum.accumulate(np.where(flags, place, -1), axis=1)
    following = np.minimum.accumulate(np.where(flags, place, len(place))[:, ::-1], axis=1)[:, ::-1]
    left_place, right_place = _before(last[0], row, -1), _after(following[0], row, len(place))
    left = np.where(left_place < row.start, 0, _AWAY[np.minimum(place - left_place, FAR)])
    right = np.where(right_place >= row.end, 0, _AWAY[np.minimum(right_place - place, FAR)])
    until = np.concatenate([[0], held.cumsum()])
    before, after = until[:-1] - until[row.start], until[row.end] - until[1:]
    return {
        "left": left * len(ROLES) + np.where(left > 0, role[left_place], 0),
        "right": right * len(ROLES) + np.where(right > 0, role[np.minimum(right_place, len(place) - 1)], 0),
        "near": left * len(AWAY) + right,
        "sides": np.minimum(before, MOST) * len(_COUNTS) + np.minimum(after, MOST),
        "head": _from_head(last[1], following[1], place, row),
    }


def _from_head(last: Ints, following: Ints, place: Ints, row: Row) -> Ints:
    """[units] the numbers of how far the nearest head noun stands, the left one of two; "+" where it is before."""
    nowhere = len(place)
    behind = np.where(last < row.start, nowhere, place - last)
    ahead = np.where(following < row.end, following - place, nowhere)
    nearest = np.minimum(behind, ahead)
    away = _AWAY[np.minimum(nearest, FAR)]
    found = 1 + away + (ahead < behind) * (len(AWAY) - 1)
    return np.where(nearest == nowhere, 0, found)


def edge(before: str, after: str) -> str:
    """The signs of punctuation on both sides of a span."""
    return f"{before}|{after}"


def patterns(row: Row) -> Patterns:
    """[units, LONGEST] the patterns of the first 1, 2, ... units from each one: their looks in letters, a look that
    repeats a plus sign, punctuation a comma. What reaches beyond the sentence says nothing."""
    letter = _LETTER[row.look]
    count = len(letter)
    comma = np.array([sign != "" for sign in row.before])
    repeats = ~comma
    repeats[1:] &= letter[1:] == letter[:-1]
    repeats[row.starts] = False
    shown = np.where(repeats, _PLUS, letter)
    kept = np.ones_like(repeats)
    kept[1:] = ~(repeats[1:] & repeats[:-1])
    text = _Text.of(shown, comma, kept)
    # The first two units stand by themselves: a look that repeats the first is a plus sign whatever was before.
    second, third = np.minimum(np.arange(1, count + 1), count - 1), np.minimum(np.arange(2, count + 2), count)
    own = shown.astype(np.uint64)
    own = np.where(comma, own << _BITS[1] | np.uint64(_COMMA), own)
    opening = letter.astype(np.uint64) | own[second] << _BITS[1]
    opened = 2 + comma[second]
    whole = opening | text.windows[third] << _BITS[opened]
    behind = np.minimum(np.arange(count)[:, None] + np.arange(1, LONGEST + 1), count)
    letters = text.ends[behind] + (opened - text.ends[third])[:, None]
    short = whole[:, None] & _FIRST[np.minimum(letters, PATTERN)]
    cut = (whole & _FIRST[_KEPT_BEFORE] | _MIDDLE)[:, None] | text.last_two[behind] << _BEHIND_MIDDLE
    found: Patterns = np.where(letters <= PATTERN, short, cut)
    found[:, 0] = letter
    return found


class _Text(NamedTuple):
    """The letters of all units in one text: [units + 1] where the letters of those before each end; from there on the
    next letters, and the two before it, in the bytes of a number."""

    ends: Ints
    windows: Patterns
    last_two: Patterns

    @classmethod
    def of(cls, letter: Bytes, comma: Flags, kept: Flags) -> "_Text":
        """Of the units' letters, whether there is a comma before each, and whether there is a letter at all."""
        ends = np.concatenate([[0], (kept + comma.astype(np.int64)).cumsum()])
        text: Bytes = np.zeros(2 + int(ends[-1]) + _WINDOW, dtype=np.uint8)
        text[ends[1:][kept] + 1] = letter[kept]
        text[ends[1:][comma]] = _COMMA
        windows: Patterns = np.ndarray(len(text) - _WINDOW + 1, dtype="<u8", buffer=text, strides=(1,))
        pairs = np.ndarray(len(text) - 1, dtype="<u2", buffer=text, strides=(1,))
        return cls(ends, windows[ends + 2], pairs[ends].astype(np.uint64))


def number_of_pattern(value: str) -> int:
    """A pattern's text as a number."""
    return int.from_bytes(value.encode()[:_WINDOW], "little")


def pattern_from(number: int) -> str:
    """The text of a pattern that is a number."""
    return number.to_bytes(_WINDOW, "little").rstrip(b"\0").decode()
