"""Endings: what words add to their stems, so that a stem is shown as a word and a word's stem is looked up."""

import re
from collections.abc import Sequence

from bot.retrieval.letters import bare
from bot.retrieval.stemming import is_stem

LONGEST_ENDING = 7  # letters that a stem leaves off its word, at the most; they are hardly more than half of it
_ENDINGS = {
    ending: place
    for place, ending in enumerate(
        (
            "",
            "e",
            "s",
            "es",
            "ed",
            "ing",
            "ion",
            "ions",
            "ation",
            "y",
            "ies",
            "er",
            "ers",
            "al",
            "ity",
            "ment",
            "ly",
            "ic",
        )
    )
}
"""What English words add to their stems, the commonest first: a correction is shown as a word, not as its stem."""
_BARE_STEM = re.compile("[vu]$|[^aeiouyrl][lr]$|(?<![aeiouy])[cgsz]$")  # how hardly any English word ends
_RESPELT = (("y", "i"), ("ing", "e"), ("ilit", "l"))
"""How English stems end otherwise than their words: "cities", "hoping", "ability"."""


def plainest(spelt: Sequence[str], term: str) -> str:
    """The likeliest of several words of one term: the ending that it adds to the term is the commonest."""

    def plainness(word: str) -> tuple[bool, int, int, str]:
        return (bool(_BARE_STEM.search(word)), _ENDINGS.get(word[len(term) :], len(_ENDINGS)), -len(word), word)

    return min(spelt, key=plainness)


def possible_stems(base: str, language: str) -> list[str]:
    """What may be left of a word when its ending is taken off: cheaper to look up than the word is to stem."""
    if is_stem(base, language):
        return [base]
    plain = bare(base)
    letters = len(plain)
    shortest = max(3, (letters - 1) // 2, letters - LONGEST_ENDING)
    stems = [plain[:length] for length in range(shortest, letters + 1)]
    for ending, left in _RESPELT:
        if ending in plain[2:]:
            stems.append(plain[: plain.rindex(ending)] + left)
    return stems
