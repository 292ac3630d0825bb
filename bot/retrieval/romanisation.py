"""Romanisation: names from a Cyrillic alphabet, which each language spells in Latin letters by rules of its own."""

import re
from collections.abc import Mapping, Sequence
from itertools import product

SHORTEST_KEY = 4  # sounds of a name that is told by its key; shorter ones fall together with too much

# What stands for a sibilant or an affricate in one language or another: all are one sound in a key. "ch" may be the
# "kh" of German, "j" the "y" of German and the Slavic languages: these have two readings.
_SOUNDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("schtsch|shch|chtch|sjtsj|tsch|tch|tsj|tsh|sch|sh|zh|sj|zj|ts|tz|cz|sz|ss|s|z", ("S",)),
    ("ch", ("S", "g")),
    ("j", ("S", "y")),
    ("kh|gh|g|h", ("g",)),
    ("x", ("kS",)),
    ("ck|k|q|c(?=[aouklrtn])", ("k",)),
    ("c", ("S", "k")),
    ("ff|ph|f", ("v",)),
    ("v|w", ("v",)),
    ("ou", ("u",)),
    ("th", ("t",)),
)
_UNIT = re.compile("|".join(f"(?P<s{number}>{pattern})" for number, (pattern, _) in enumerate(_SOUNDS)) + "|(?P<own>.)")
_GLIDE = re.compile("[yi](?=[aeou])|(?<=[aeou])[yi]")
_REPEATED = re.compile(r"(.)\1+")
_FIRST_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "S": ("s", "z", "sh", "zh", "sch", "ch", "c", "ts", "tz", "tch", "tsch", "shch", "j", "sj", "zj", "cz"),
    "g": ("g", "h", "kh", "ch", "gh"),
    "k": ("k", "c", "q"),
    "v": ("v", "w", "f", "ph"),
}
_VOWELS = "aeiou"
_STEADY = b"bdlmnr"  # the letters that every romanisation writes alike
_UNSTEADY = bytes(letter for letter in b"abcdefghijklmnopqrstuvwxyz" if letter not in _STEADY)
_ROUGH = bytes.maketrans(b"cgkqsxztfw", b"hhhhhhhhvv")
_ROUGH_REPEATED = re.compile(rb"(.)\1+")


def keys(word: str) -> frozenset[str]:
    """What a name sounds like, however it is romanised; several when a spelling can be read in two ways.

    `word` is folded and in lower case. Two spellings of one name share a key: "gorbatschow" and "gorbachev", "jelzin"
    and "yeltsin". Empty for a word with other letters than a to z, and for one that is too short to be told by it.
    """
    if not (word.isascii() and word.isalpha()):
        return frozenset()
    readings: list[tuple[str, ...]] = []
    for match in _UNIT.finditer(word):
        group = match.lastgroup or "own"
        readings.append((match[0],) if group == "own" else _SOUNDS[int(group[1:])][1])
    found = {_key("".join(reading)) for reading in product(*readings)}
    return frozenset(key for key in found if len(key) >= SHORTEST_KEY)


def alike(word: str, words: Sequence[str]) -> list[str]:
    """Those of the words that may share a key with this one, at a hundredth of the price of their keys."""
    own, *skeletons = _skeletons([word, *words])
    rough = _rough(word)
    steady = [other for other, skeleton in zip(words, skeletons, strict=True) if skeleton == own]
    if "j" in word:
        return steady
    return [other for other in steady if "j" in other or _rough(other) == rough]


def _skeletons(words: Sequence[str]) -> list[bytes]:
    """Of each word the letters that every romanisation writes alike, doubled ones once."""
    letters = "\n".join(words).encode().translate(None, _UNSTEADY)
    for letter in _STEADY:
        one = bytes([letter])
        while one + one in letters:
            letters = letters.replace(one + one, one)
    return letters.split(b"\n")


def _rough(word: str) -> bytes:
    """How the consonants of a word without j sound: sibilants, gutturals and t, which spellings mix, are one."""
    sounds = word.replace("ph", "f").encode().translate(_ROUGH, b"aeiouy")
    return _ROUGH_REPEATED.sub(rb"\1", sounds)


def _key(sounds: str) -> str:
    plain = _GLIDE.sub("", _REPEATED.sub(r"\1", sounds.replace("yi", "i").replace("iy", "i")))
    plain = re.sub("So(?=v)", "Se", plain.replace("y", "i"))
    plain = re.sub("(?<=v)[ei]$|(?<=n)e$", "", plain)
    return _REPEATED.sub(r"\1", plain)


def beginnings(key: str) -> Sequence[str]:
    """How words with this key may begin: one letter or two and, where that is one sound alone, the next."""
    first = key[0]
    if first in _VOWELS:
        return [prefix + first for prefix in ("", "y", "j", "i", *(("o", "io", "yo") if first == "u" else ()))]
    openings = _FIRST_SPELLINGS.get(first, (first,))
    second = key[1]
    if second in _VOWELS:
        follows = [glide + second for glide in ("", "y", "i", "j", "o" if second == "u" else "")]
        follows += ["y", "o"] if second in "ie" else []
    else:
        follows = list(_FIRST_SPELLINGS.get(second, (second,)))
    return sorted({opening + follow for opening in openings for follow in follows})
