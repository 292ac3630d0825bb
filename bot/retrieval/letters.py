"""Letters: what of a word's spelling counts when two words are compared."""

import re
import unicodedata

APOSTROPHES = "'’ʼ`´"
INVISIBLE = "\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff"  # within a word, not in its term
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f71-\u0fbc"
    "\u102b-\u103e\u1056-\u1060\u1ab0-\u1aff\u17b4-\u17d3\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a"
)
"""Combining marks as a character class: without them, which Python's \\w leaves out, words of many scripts break."""

_FOLDED_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u093c]")
_NOT_IN_TERM = re.compile(f"[{APOSTROPHES}{INVISIBLE}_]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_NASAL = re.compile("[ङञणनम]्(?=[क-ह])")  # हिन्दी is हिंदी
_SAME_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h",
        "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك",  # Arabic and Persian shapes of one letter
        "ם": "מ", "ן": "נ", "ץ": "צ", "ף": "פ", "ך": "כ",  # Hebrew finals
        "ँ": "ं",
    }
)  # fmt: skip


def fold(word: str) -> str:
    """The word in lower case without accents: "Düsseldorf" and "dusseldorf" are one, "й" and "и" are two.

    Cyrillic letters stay what they are, but for "ё" and "ґ", which print makes "е" and "г", and for stress marks.
    """
    if word.isascii():
        return word.lower()
    plain = word.casefold()
    if plain.isascii():
        return plain
    if _CYRILLIC.search(plain):
        return unicodedata.normalize("NFC", plain).replace("ё", "е").replace("ґ", "г").replace("\u0301", "")
    decomposed = _FOLDED_MARKS.sub("", unicodedata.normalize("NFKD", plain)).casefold()
    return _NASAL.sub("ं", unicodedata.normalize("NFC", decomposed).translate(_SAME_LETTERS))


def joined(word: str) -> str:
    """The word without apostrophes, underscores and what cannot be seen: "п’ять" is "пять"."""
    return word if word.isascii() and word.isalnum() else _NOT_IN_TERM.sub("", word)


def bare(word: str) -> str:
    """The word folded and joined, as word lists are compared."""
    return word.lower() if word.isascii() and word.isalnum() else fold(joined(word))
