"""Quotations and brackets in a text: where each opens and closes, and which lie inside others."""

import re
from typing import NamedTuple

_CLOSERS = {"(": ")", "[": "]", "{": "}", "（": "）", "「": "」", "『": "』", "《": "》", "〈": "〉", "【": "】"}
_OPENERS = {closer: opener for opener, closer in _CLOSERS.items()}
_DOUBLE = '"“”„‟«»'
_SINGLE = "'‘’‚‹›"
_OPEN_SHAPES = "“‘„‚«‹"
_BEFORE_OPENER = "([{（「『—–-/:=\"“”„«»‘'‚"
_AFTER_CLOSER = ".,;:!?…)]}）」』—–-/。！？、\"“”„«»’'"
_APOSTROPHES = "'’"
_ALL_MARKS = re.escape("".join((*_CLOSERS, *_OPENERS, _DOUBLE, _SINGLE)))
_ENDS = ".!?…。！？｡．॥।۔؟"
_WITHIN = f"[^{_ALL_MARKS}{_ENDS}]*"
_MARKS = re.compile(
    # What holds neither a mark nor the end of a sentence is passed over with what closes it, and so are apostrophes.
    # The pattern opens with one set of characters: that is what the scanner is quick with.
    rf"(?P<mark>[{_ALL_MARKS}])(?P<passed>(?<=\(){_WITHIN}\)|(?<=[A-Za-z][{_APOSTROPHES}])(?=[A-Za-z])"
    rf"|(?<=\s[\"“])(?=[A-Za-z0-9]){_WITHIN}(?<=[A-Za-z0-9])[\"”](?=[\s.,]))?"
)
LONGEST = 5000
"""Characters between opening and closing; what opens and does not close within them is a stray mark."""


class Enclosure(NamedTuple):
    """A quotation or a bracket: `text[start:end]`, its marks included, with those inside it in order."""

    start: int
    end: int
    inside: tuple["Enclosure", ...]


class _Open(NamedTuple):
    mark: str
    start: int
    inside: list[Enclosure]


def enclosures_of(text: str) -> tuple[Enclosure, ...]:
    """The outermost quotations and brackets of `text` that the end of a sentence could be in, in order; marks without
    a partner are none.

    Quotation marks are told to open or close by what stands beside them, since "«»", "„“" and straight ones serve
    as both; an apostrophe is none.
    """
    top: list[Enclosure] = []
    stack: list[_Open] = []
    for match in _MARKS.finditer(text):
        if match["passed"] is not None:
            continue
        place, mark = match.start(), match["mark"]
        if mark in _CLOSERS:
            stack.append(_Open(mark, place, []))
        elif mark in _OPENERS:
            _close(stack, top, _OPENERS[mark], place)
        elif mark in _DOUBLE or mark in _SINGLE:
            family = "double" if mark in _DOUBLE else "single"
            if _opens(text, place, mark):
                stack.append(_Open(family, place, []))
            elif _closes(text, place, mark):
                _close(stack, top, family, place)
    for left in stack:
        top.extend(left.inside)
    return tuple(sorted(top))


def _close(stack: list[_Open], top: list[Enclosure], mark: str, place: int) -> None:
    """Close the innermost open one of this kind; those opened inside it had no partner, what they hold is its own."""
    depth = next((depth for depth in range(len(stack) - 1, -1, -1) if stack[depth].mark == mark), None)
    if depth is None:
        return
    inside = [enclosure for opened in stack[depth:] for enclosure in opened.inside]
    start = stack[depth].start
    del stack[depth:]
    target = stack[-1].inside if stack else top
    if place - start <= LONGEST:
        target.append(Enclosure(start, place + 1, tuple(inside)))
    else:
        target.extend(inside)


def _opens(text: str, place: int, mark: str) -> bool:
    before, after = text[place - 1 : place] or " ", text[place + 1 : place + 2] or " "
    if _is_unspaced(before) or _is_unspaced(after):
        return mark in _OPEN_SHAPES
    if mark == "’" or not (before.isspace() or before in _BEFORE_OPENER):
        return False
    if after.isspace():
        return mark == "«" and place + 1 < len(text)  # as French prints it
    return after not in ".,;:!?)" or mark in _OPEN_SHAPES


def _closes(text: str, place: int, mark: str) -> bool:
    before, after = text[place - 1 : place] or " ", text[place + 1 : place + 2] or " "
    if _is_unspaced(before) or _is_unspaced(after):
        return mark not in _OPEN_SHAPES
    if before.isspace():
        return mark == "»" and (after.isspace() or after in _AFTER_CLOSER)
    return after.isspace() or after in _AFTER_CLOSER or (mark in "”»“" and not after.isalnum())


def _is_unspaced(character: str) -> bool:
    """Whether a character is of a script without blanks, where marks go by their shape alone."""
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef" or "\u0e00" <= character <= "\u0eff"
