"""Spelling: what a mistyped word may have been, and where a sorted vocabulary holds it."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache


def within_distance(word: str, words: Iterable[str], distance: int) -> list[str]:
    """Those of `words` that are 1 to `distance` edits away from `word`, nearest first, then by letters.

    An edit is a letter left out, put in or replaced, or two neighbours swapped (optimal string alignment).
    """
    from rapidfuzz.distance import OSA  # 30 ms: only where a question holds an unknown word
    from rapidfuzz.process import extract

    found = extract(word, list(words), scorer=OSA.distance, score_cutoff=distance, limit=None)
    return [match for _, match in sorted((edits, match) for match, edits, _ in found if edits)]


def starting_with(prefixes: Iterable[str], ordered: Sequence[str]) -> list[str]:
    """The words of a sorted sequence that start with one of the prefixes, in order, each once."""
    found: list[str] = []
    last = 0
    for prefix in sorted(set(prefixes)):
        place = max(last, bisect_left(ordered, prefix))
        while place < len(ordered) and ordered[place].startswith(prefix):
            found.append(ordered[place])
            place += 1
        last = max(last, place)
    return found


def prefixes(word: str) -> set[str]:
    """What a word two edits away from `word` starts with, unless a letter is missing or wrong among its first three."""
    first, second, third, fourth = word[:1], word[1:2], word[2:3], word[3:4]
    return {first + second + third, second + third + fourth, second + first + third, first + third + second,
            first + third + fourth, first + second + fourth}  # fmt: skip


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
    return _LETTERS.get(max(sorted(set(scripts)), key=scripts.count), "") if scripts else ""


_LETTERS = {  # what is typed in a script, by the first word of its letters' Unicode names
    "LATIN": "abcdefghijklmnopqrstuvwxyz",
    "CYRILLIC": "абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґў",
    "GREEK": "αβγδεζηθικλμνξοπρστυφχψω",
    "HEBREW": "אבגדהוזחטיכלמנסעפצקרשת",
    "ARABIC": "ءابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "DIGIT": "0123456789",
}


@cache
def _script(character: str) -> str:
    return unicodedata.name(character, "").split(" ")[0]
