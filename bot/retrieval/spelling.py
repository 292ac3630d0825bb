"""Spelling: the terms of a vocabulary that a mistyped one may stand for."""

import unicodedata
from collections.abc import Collection, Iterator
from functools import cache


def within_distance(term: str, vocabulary: Collection[str], distance: int) -> list[str]:
    """The terms of the vocabulary at 1 to `distance` edits of `term`, nearest first, then by letters.

    An edit is a letter left out, put in or replaced, or two neighbours swapped (optimal string alignment). One edit
    costs a look-up for each string it can make, however large the vocabulary; more walk through the vocabulary.
    """
    if distance < 1:
        return []
    near = sorted({edited for edited in one_edit(term) if edited in vocabulary})
    if distance == 1:
        return near
    from rapidfuzz.distance import OSA  # 30 ms: only where two edits are looked for
    from rapidfuzz.process import extract

    found = extract(term, list(vocabulary), scorer=OSA.distance, score_cutoff=distance, limit=None)
    return [match for _, match in sorted((edits, match) for match, edits, _ in found if edits)]


def one_edit(term: str) -> Iterator[str]:
    """Every string one edit away from `term`, over the letters of its script; some come twice."""
    letters = alphabet(term)
    for place in range(len(term) + 1):
        head, tail = term[:place], term[place:]
        if tail:
            yield head + tail[1:]
            if len(tail) > 1 and tail[0] != tail[1]:
                yield head + tail[1] + tail[0] + tail[2:]
        for letter in letters:
            yield head + letter + tail
            if tail and letter != tail[0]:
                yield head + letter + tail[1:]


def alphabet(term: str) -> str:
    """The lower-case letters of the script that a term is mostly written in; for one of digits, the digits."""
    scripts = [_script(character) for character in term]
    return _letters(max(sorted(set(scripts)), key=scripts.count)) if scripts else ""


_SCRIPTS = {  # first and last letter of what a script types with, by the first word of its letters' Unicode names
    "LATIN": "az",
    "CYRILLIC": "аѣ",
    "GREEK": "αω",
    "HEBREW": "את",
    "ARABIC": "ءي",
    "ARMENIAN": "աֆ",
    "GEORGIAN": "აჰ",
    "DEVANAGARI": "ँॿ",
    "BENGALI": "ঁৱ",
    "TAMIL": "ஂ்",
    "DIGIT": "09",
}


@cache
def _script(character: str) -> str:
    return unicodedata.name(character, "").split(" ")[0]


@cache
def _letters(script: str) -> str:
    if script not in _SCRIPTS:
        return ""
    first, last = _SCRIPTS[script]
    return "".join(
        character
        for character in map(chr, range(ord(first), ord(last) + 1))
        if unicodedata.category(character)[0] in "LMN" and not character.isupper()
    ) + ("ґїієў" if script == "CYRILLIC" else "")
