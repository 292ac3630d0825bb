"""Analysis: text to terms, the same for articles and questions."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from bot.wordlists import WordLists

ANALYSIS_VERSION = 1
"""Raise it when the terms or shapes of any text change: libraries then bring themselves up to date."""

SNOWBALL = {
    "ar": "arabic", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish",
}  # fmt: skip
"""Languages with a Snowball stemmer in NLTK, by code; words of the others are kept as they are."""

ELISION_LANGUAGES = frozenset({"ca", "fr", "it"})
DECIMAL_POINT_LANGUAGES = frozenset({"", "en", "he", "hi", "ja", "ko", "th", "zh"})
TERM_CACHE_SIZE = 1 << 16  # distinct words remembered; about 10 MB


class Shape(StrEnum):
    """How a token looks in its text: one character, so that a sentence's shapes are a short string."""

    STOP = "."
    LOWER = "x"
    CAPITALISED = "X"
    ACRONYM = "A"
    NUMBER = "9"
    YEAR = "Y"


class Token(NamedTuple):
    """A raw piece of a text: its offsets, its term, its shape."""

    start: int
    end: int
    term: str
    shape: Shape


_APOSTROPHES = "'’ʼ`´"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufe0f"  # soft hyphen, zero-width: inside the word, not in the term
# Python's \w leaves out combining marks, without which Hindi or decomposed Latin words fall apart.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff\u0f71-\u0fbc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
)
_LETTER = rf"[^\W\d_{_MARKS}]"
_TOKEN = re.compile(
    rf"""
      (?P<dotted>(?:{_LETTER}\.){{2,}}(?:{_LETTER}(?![\w{_MARKS}]))?)
    | (?P<number>\d+(?:[.,'’\u00a0\u2009\u202f]\d{{3}}(?!\d))*(?:[.,]\d+)?(?![^\W\d_]{{3}})(?:st|nd|rd|th|s)?(?!\w))
    | (?P<word>[\w{_MARKS}][\w{_MARKS}{_INVISIBLE}]*(?:[{_APOSTROPHES}][\w{_MARKS}{_INVISIBLE}]+)*)
    """,
    re.VERBOSE,
)
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
_FOLDED_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
_NOT_IN_TERM = re.compile(f"[{_APOSTROPHES}{_INVISIBLE}_]")
_LATIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ё": "е"}
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def fold(word: str) -> str:
    """The word in lower case without accents: "Düsseldorf" and "dusseldorf" are one, "й" and "и" are two."""
    plain = word.casefold()
    if plain.isascii():
        return plain
    if _CYRILLIC.search(plain):
        return unicodedata.normalize("NFC", plain).replace("ё", "е").replace("\u0301", "")
    decomposed = _FOLDED_MARKS.sub("", unicodedata.normalize("NFKD", plain))
    return unicodedata.normalize("NFC", decomposed).translate(_LATIN_LETTERS)


class Analyzer:
    """Turns text of one language into tokens; make it once per language (`analyzers`)."""

    def __init__(self, language: str, lists: WordLists) -> None:
        self.language = language
        self._stop_words = frozenset(_bare(word) for word in lists.lines(f"stopwords/{language}.txt"))
        self._stem = _stemmer(language)
        self._elides = language in ELISION_LANGUAGES
        self._decimal_point = language in DECIMAL_POINT_LANGUAGES
        self._terms: dict[str, tuple[str, Shape]] = {}

    def tokens(self, text: str) -> list[Token]:
        """The tokens of `text` in order, with offsets into it; stop words are there, with the shape STOP."""
        found: list[Token] = []
        known = self._terms
        for match in _TOKEN.finditer(text):
            raw = match[0]
            start = match.start()
            if not raw.isascii() and _UNSPACED.search(raw):
                found.extend(self._bigrams(raw, start))
                continue
            if self._elides and match.lastgroup == "word":
                cut = _elision(raw)
                if cut:
                    found.append(Token(start, start + cut, fold(_NOT_IN_TERM.sub("", raw[:cut])), Shape.STOP))
                    raw, start = raw[cut:], start + cut
            entry = known.get(raw)
            if entry is None:
                entry = self._analyse(raw, match.lastgroup or "word")
                if len(known) >= TERM_CACHE_SIZE:
                    known.clear()
                known[raw] = entry
            if entry[0]:
                found.append(Token(start, start + len(raw), *entry))
        return found

    def terms(self, text: str) -> list[str]:
        """The terms of `text` in order, without stop words."""
        return [token.term for token in self.tokens(text) if token.shape is not Shape.STOP]

    def _analyse(self, raw: str, group: str) -> tuple[str, Shape]:
        if group == "number":
            return self._number(raw)
        if group == "dotted":
            letters = fold(raw.replace(".", ""))
            return (letters, Shape.ACRONYM) if raw[0].isupper() else (letters, Shape.STOP)
        plain = _possessive(raw) if self.language in ("", "en") else raw
        bare = _bare(plain)
        shape = _shape_of(plain)
        if bare in self._stop_words and shape is not Shape.ACRONYM:
            return bare, Shape.STOP
        return fold(self._stem(_NOT_IN_TERM.sub("", plain).lower())) or bare, shape

    def _number(self, raw: str) -> tuple[str, Shape]:
        digits = raw.rstrip("stndrh")
        if raw.isdigit() and len(raw) == 4 and "1000" <= raw <= "2199":
            return raw, Shape.YEAR
        decimal, thousands = (".", ",") if self._decimal_point else (",", ".")
        digits = re.sub(rf"[{thousands}'’\u00a0\u2009\u202f](?=\d{{3}}(?!\d))", "", digits)
        if digits.count(decimal) == 1:
            digits = digits.replace(decimal, ".")
        return digits, Shape.NUMBER

    def _bigrams(self, raw: str, start: int) -> Iterator[Token]:
        """Two characters at a time where a script has no blanks; what is between such runs is analysed as usual."""
        position = 0
        for run in _UNSPACED.finditer(raw):
            if run.start() > position:
                yield from self._shifted(raw[position : run.start()], start + position)
            characters = run[0]
            last = max(1, len(characters) - 1)
            for i in range(last):
                pair = characters[i : i + 2]
                yield Token(start + run.start() + i, start + run.start() + i + len(pair), pair, Shape.LOWER)
            position = run.end()
        if position < len(raw):
            yield from self._shifted(raw[position:], start + position)

    def _shifted(self, raw: str, start: int) -> Iterator[Token]:
        for token in self.tokens(raw):
            yield token._replace(start=token.start + start, end=token.end + start)


class Analyzers:
    """The analyzers of all languages, each made when it is first asked for."""

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists
        self._made: dict[str, Analyzer] = {}

    def of(self, language: str) -> Analyzer:
        """The analyzer of one language ("" for one that is not known)."""
        if language not in self._made:
            self._made[language] = Analyzer(language, self._lists)
        return self._made[language]


def _bare(word: str) -> str:
    return fold(_NOT_IN_TERM.sub("", word))


def _possessive(word: str) -> str:
    if len(word) > 2 and word[-1] in "sS" and word[-2] in _APOSTROPHES:
        return word[:-2]
    return word


def _elision(word: str) -> int:
    """The length of an elided article or pronoun at the start of a French, Italian or Catalan word, apostrophe
    included; 0 when there is none."""
    for place, character in enumerate(word[:-1]):
        if character in _APOSTROPHES:
            return place + 1 if fold(word[:place]) not in ("aujourd", "prud") else 0
    return 0


def _shape_of(word: str) -> Shape:
    if word[0].isdigit():
        return Shape.NUMBER
    if not word[0].isupper():
        return Shape.LOWER
    if len(word) > 1 and word.isupper():
        return Shape.ACRONYM
    return Shape.CAPITALISED


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    """The Snowball stemmer of one language; the identity where there is none."""
    if language not in SNOWBALL:
        return str
    from nltk.stem.snowball import SnowballStemmer  # .3 s: only where text is analysed

    stem: Callable[[str], str] = SnowballStemmer(SNOWBALL[language]).stem
    return stem
