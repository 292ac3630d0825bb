"""Language: which one a text is written in, by its script and its commonest words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from bot.wordlists import WordLists

LATIN = (
    "ca",
    "cs",
    "da",
    "de",
    "en",
    "es",
    "fi",
    "fr",
    "hu",
    "it",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "sk",
    "sv",
    "tr",
    "vi",
)
CYRILLIC = ("ru", "uk", "bg", "be")
BY_SCRIPT: Mapping[str, tuple[str, ...]] = {
    "LATIN": LATIN,
    "CYRILLIC": CYRILLIC,
    "GREEK": ("el",),
    "ARABIC": ("ar", "fa", "ur"),
    "HEBREW": ("he",),
    "DEVANAGARI": ("hi",),
    "HANGUL": ("ko",),
    "THAI": ("th",),
    "CJK": ("zh", "ja"),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "ARMENIAN": ("hy",),
    "GEORGIAN": ("ka",),
    "BENGALI": ("bn",),
    "TAMIL": ("ta",),
}
"""The languages that are told apart, by the first word of their letters' Unicode names."""
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA"})
_KNOWN = frozenset(code for languages in BY_SCRIPT.values() for code in languages)
_QUESTION_MARKS = frozenset("?？؟;")

LONGEST_SAMPLE = 2000  # characters that are looked at: more change nothing
LEAST_SHARE = 0.08  # of words that are common ones of its language, in a text that is detected at all
PLAIN_SHARE = 0.3  # of common words of a library's language, with which a question is in it without a look at others
CLEARLY = 1.5  # times the share of common words that another language needs over the library's
KANA_SHARE = 0.05  # of the letters of Japanese that are no kanji, at the least
_WORD = re.compile(r"[^\W\d_]+")
_MACRO_LANGUAGE = {"nb": "no", "nn": "no"}

# Letters that few of a script's languages have.
_LETTERS: Mapping[str, str] = {
    "be": "ўі", "bg": "ъ", "ca": "çàèòïü", "cs": "ěřůčšžýáíé", "da": "æøå", "de": "ßäöü", "es": "ñ¿¡áéíóú",
    "fa": "پچژگکی", "fi": "äö", "fr": "èêàçùâîœé", "hu": "őűáéöü", "it": "àèìòù", "no": "æøå", "pl": "ąęłńśźżćó",
    "pt": "ãõçáéêóâ", "ro": "ășțâîşţ", "ru": "ыэъё", "sk": "ľĺŕôčšžýáíé", "sv": "åäö", "tr": "ğışçöü", "uk": "іїєґ",
    "ur": "ٹڈڑے", "vi": "ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}  # fmt: skip


def detect(text: str) -> str:
    """The code of the language that most of the text is written in; "" when there is too little to tell it by."""
    sample = _sample(text)
    script = _script(sample)
    languages = BY_SCRIPT.get(script, ())
    if script in _EAST_ASIAN:
        return _chinese_or_japanese(sample)
    if len(languages) < 2:
        return languages[0] if languages else ""
    scores = _scores(sample, languages)
    first, second = sorted(scores, key=lambda code: -scores[code])[:2]
    return first if scores[first] >= LEAST_SHARE and scores[first] > scores[second] else ""


def question_language(text: str, among: Mapping[str, int]) -> str:
    """The language of a question over a library with so many articles (or sentences) of each language.

    The library's own languages come first, its main one before the others: names and keywords have no language of their
    own, so that another one is told only by its script or by its common words. "" where the library has no articles
    and the question does not show.
    """
    by_size = sorted(among, key=lambda code: (-among[code], code))
    main = by_size[0] if by_size else ""
    script = _script(_sample(text))
    if not script or not among:
        return detect(text) or main
    possible = BY_SCRIPT.get(script, ())
    held = [code for code in by_size if _could_be(code, possible)]
    if not held:
        return detect(text) or _likeliest(_scores(text, possible)) or main
    if script in _EAST_ASIAN:
        found = _chinese_or_japanese(text)
        return found if found in among else held[0]
    own = {code: _scores(text, [base_language(code)])[base_language(code)] for code in held}
    best = _likeliest(own) or held[0]
    untold = any(base_language(code) not in _KNOWN for code in held)  # the question may be in one that we do not know
    if own[best] >= PLAIN_SHARE or len(possible) < 2 or untold:
        return best
    return _foreign(text, possible, own[best]) or best


def base_language(code: str) -> str:
    """The language of a BCP 47 code without region and script: "en" for "en-GB", "no" for "nb"."""
    base = code.split("-")[0].lower()
    return _MACRO_LANGUAGE.get(base, base)


def _could_be(code: str, possible: Collection[str]) -> bool:
    """Whether a language may be written in a script with these languages: those that we do not know may be in any."""
    base = base_language(code)
    return base in possible or base not in _KNOWN


def _foreign(text: str, possible: Iterable[str], share: float) -> str:
    """The language, other than the library's with its `share` of common words, that a question is clearly in; or ""."""
    scores = _scores(text, possible)
    best = _likeliest(scores)
    hits = sum(word in common_words(best) for word in _words(text)) if best else 0
    enough = hits >= 2 or (hits == 1 and text.rstrip()[-1:] in _QUESTION_MARKS)
    return best if enough and scores[best] >= PLAIN_SHARE and scores[best] > CLEARLY * share else ""


def _likeliest(scores: Mapping[str, float]) -> str:
    """The language with the highest share, of equal ones the first; "" when all are 0."""
    return max(scores, key=lambda code: scores[code]) if any(scores.values()) else ""


def _sample(text: str) -> str:
    return text if len(text) <= LONGEST_SAMPLE else text[: LONGEST_SAMPLE // 2] + text[-LONGEST_SAMPLE // 2 :]


def _script(text: str) -> str:
    """The script of most letters of the text, by the first word of their Unicode names; "" without letters."""
    if text.isascii():
        return "LATIN" if any(map(str.isalpha, text)) else ""
    counts: dict[str, int] = {}
    for letter, count in Counter(text).items():
        if letter.isalpha():
            script = _script_of(letter)
            counts[script] = counts.get(script, 0) + count
    if not counts:
        return ""
    return max(counts, key=lambda script: (counts[script], script))


@cache
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0].removesuffix("-UNIFIED")


def _chinese_or_japanese(text: str) -> str:
    letters = [_script_of(letter) for letter in text if letter.isalpha()]
    kana = sum(script in ("HIRAGANA", "KATAKANA") for script in letters)
    return "ja" if kana >= KANA_SHARE * len(letters) else "zh"


def _words(text: str) -> list[str]:
    return _WORD.findall((text if text.isascii() else unicodedata.normalize("NFC", text)).lower())


def _scores(text: str, languages: Iterable[str]) -> dict[str, float]:
    """For each language the share of the text's words that are common in it, plus half of that of words with its
    letters."""
    codes = tuple(languages)
    counts = Counter(_words(text))
    if not counts:
        return dict.fromkeys(codes, 0.0)
    hits = dict.fromkeys(codes, 0)
    holders = _languages_of_words(codes)
    for word in holders.keys() & counts.keys():
        for code in holders[word]:
            hits[code] += counts[word]
    total = counts.total()
    accented = [] if text.isascii() else [(word, count) for word, count in counts.items() if not word.isascii()]
    if not accented:
        return {code: hits[code] / total for code in codes}
    scores = {}
    for code in codes:
        letters = frozenset(_LETTERS.get(code, ""))  # none of them ASCII
        special = sum(count for word, count in accented if not letters.isdisjoint(word)) if letters else 0
        scores[code] = (hits[code] + 0.5 * special) / total
    return scores


@cache
def _languages_of_words(languages: tuple[str, ...]) -> Mapping[str, list[str]]:
    """For each common word of these languages those that have it."""
    holders: dict[str, list[str]] = {}
    for code in languages:
        for word in common_words(code):
            holders.setdefault(word, []).append(code)
    return holders


@cache
def common_words(language: str) -> frozenset[str]:
    """The commonest words of a language in lower case: its shipped stop words, cut at apostrophes."""
    return frozenset(part for line in WordLists().lines(f"stopwords/{language}.txt") for part in _words(line))
