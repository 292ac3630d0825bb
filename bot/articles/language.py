"""Language: which one a text is written in, by its script and its commonest words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
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
CYRILLIC = ("be", "bg", "ru", "uk")
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

LONGEST_SAMPLE = 2000  # characters that are looked at: more change nothing
LEAST_SHARE = 0.08  # of words that are common ones of its language, in a text that is detected at all
KANA_SHARE = 0.05  # of the letters of Japanese that are no kanji, at the least
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

# Letters that few of a script's languages have.
_LETTERS: Mapping[str, str] = {
    "be": "ўі", "bg": "ъ", "ca": "çàèòïü", "cs": "ěřůčšžýáíé", "da": "æøå", "de": "ßäöü", "es": "ñ¿¡áéíóú", "fa": "پچژگ",
    "fi": "äö", "fr": "èêàçùâîœé", "hu": "őűáéöü", "it": "àèìòù", "no": "æøå", "pl": "ąęłńśźżćó", "pt": "ãõçáéêóâ",
    "ro": "ășțâîşţ", "ru": "ыэъё", "sk": "ľĺŕôčšžýáíé", "sv": "åäö", "tr": "ğışçöü", "uk": "іїєґ", "ur": "ٹڈڑے",
    "vi": "ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}  # fmt: skip


def detect(text: str) -> str:
    """The code of the language that most of the text is written in; "" when there is too little to tell it by."""
    sample = _sample(text)
    script = _script(sample)
    languages = BY_SCRIPT.get(script, ())
    if script in ("CJK", "HIRAGANA", "KATAKANA"):
        return _chinese_or_japanese(sample)
    if len(languages) < 2:
        return languages[0] if languages else ""
    scores = _scores(sample, languages)
    first, second = sorted(scores, key=lambda code: -scores[code])[:2]
    return first if scores[first] >= LEAST_SHARE and scores[first] > scores[second] else ""


def question_language(text: str, among: Mapping[str, int]) -> str:
    """The language of a question over a library with so many articles (or sentences) of each language.

    A library's own languages come first: the library's main one is taken where the question could be in it. "" for
    a library without articles and a question that cannot be told.
    """
    main = max(among, key=lambda code: (among[code], code), default="")
    script = _script(_sample(text))
    if not script:
        return main
    possible = BY_SCRIPT.get(script, ())
    held = [code for code in among if code in possible]
    if not held:
        return detect(text) or (possible[0] if len(possible) == 1 else main)
    if len(possible) == 1:
        return possible[0]
    if script in ("CJK", "HIRAGANA", "KATAKANA"):
        found = _chinese_or_japanese(text)
        return found if found in among else held[0]
    own = _scores(text, held)
    best = max(held, key=lambda code: (own[code], among[code], code))
    everywhere = _scores(text, possible)
    foreign = max(possible, key=lambda code: (everywhere[code], code))
    # Another language only on clear evidence: names and keywords have no language of their own.
    if foreign not in among and everywhere[foreign] >= 0.3 and everywhere[foreign] > 1.5 * own[best]:
        return foreign
    return best if own[best] else (main if main in held else held[0])


def _sample(text: str) -> str:
    return text if len(text) <= LONGEST_SAMPLE else text[: LONGEST_SAMPLE // 2] + text[-LONGEST_SAMPLE // 2 :]


def _script(text: str) -> str:
    """The script of most letters of the text, by the first word of their Unicode names; "" without letters."""
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


def _scores(text: str, languages: Iterable[str]) -> dict[str, float]:
    """For each language the share of the text's words that are common in it, plus that of words with its letters."""
    counts = Counter(_WORD.findall(unicodedata.normalize("NFC", text).lower()))
    if not counts:
        return dict.fromkeys(languages, 0.0)
    total = counts.total()
    codes = tuple(languages)
    hits = dict.fromkeys(codes, 0)
    holders = _languages_of_words(codes)
    for word in holders.keys() & counts.keys():
        for code in holders[word]:
            hits[code] += counts[word]
    accented = [(word, count) for word, count in counts.items() if not word.isascii()]
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
    """The commonest words of a language in lower case: its shipped stop words."""
    return frozenset(word.lower() for word in WordLists().lines(f"stopwords/{language}.txt"))
