"""Stemming: the endings of a language taken off, so that forms of one word become one term."""

import re
import threading
from collections.abc import Callable
from functools import cache

from bot.retrieval import ukrainian
from bot.retrieval.letters import fold

SNOWBALL = {
    "ar": "arabic", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish",
}  # fmt: skip
"""Languages with a Snowball stemmer in NLTK, by code."""

PREFIX_LANGUAGES = frozenset({"be", "bg", "ca", "cs", "el", "et", "hr", "lt", "lv", "pl", "sk", "sl", "sr", "tr"})
PREFIX = 6
"""Letters that are kept of a word in the inflected languages without a stemmer. Fixed prefixes do as well as lemmas in
Turkish (Can et al. 2008); on XQuAD's Russian, plain BM25's R@1 is .617 on whole words, .722 on Snowball's stems, and
.725, .718 and .700 on the first 5, 6 and 7 letters."""

SHORTEST_DOUBLED = 6  # letters of a stem that loses its last l: "travell", "fulfill"; "spell" and "skill" keep theirs


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """What turns a lower-case word, in one spelling, into its stem; the identity for languages without a stemmer."""
    if language == "uk":
        return ukrainian.stem
    if language == "hi":
        return _hindi
    if language in PREFIX_LANGUAGES:
        return _prefix
    if language not in SNOWBALL:
        return str
    from nltk.stem.snowball import SnowballStemmer  # .3 s: only where text is analysed

    stem: Callable[[str], str] = SnowballStemmer(SNOWBALL[language]).stem
    if language == "ar":
        return _in_turn(stem)
    return _with_one_l(stem) if language == "en" else stem


def is_stem(word: str, language: str) -> bool:
    """Whether a lower-case word is known, without stemming it, to be its own stem; of many that are it is not."""
    return language == "en" and _WITHOUT_ENDING.match(word) is not None and not word.endswith("ll")


def one_spelling(language: str) -> Callable[[str], str]:
    """What gives a lower-case word of the language the spelling that stands for its other ones."""
    return {"en": _one_english_spelling, "de": _umlauts, "da": _rings, "no": _rings}.get(language, str)


def _in_turn(stem: Callable[[str], str]) -> Callable[[str], str]:
    """A stemmer for one thread at a time: NLTK's Arabic one keeps what it found out about a word."""
    lock = threading.Lock()

    def stem_in_turn(word: str) -> str:
        with lock:
            return stem(word)

    return stem_in_turn


def _prefix(word: str) -> str:
    return fold(word)[:PREFIX]


def _umlauts(word: str) -> str:
    """The German word with umlauts where they were typed as two letters ("Duesseldorf")."""
    return _TYPED_UMLAUT.sub(lambda found: _UMLAUT[found[0]], word)


def _rings(word: str) -> str:
    """The Danish or Norwegian word with å where it was typed as two letters ("Aalborg")."""
    return word.replace("aa", "å")


def _hindi(word: str) -> str:
    """The Hindi word without its ending (after Ramanathan and Rao 2003), if two signs are left."""
    for ending in _HINDI_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)]
    return word


def _with_one_l(stem: Callable[[str], str]) -> Callable[[str], str]:
    """The English stemmer with British doubled letters ("travelled", "fulfill") made one.

    It is not asked for a third of the words, those with an ending that none of its rules takes off.
    """

    def stem_with_one_l(word: str) -> str:
        found = word if _WITHOUT_ENDING.match(word) is not None else stem(word)
        return found[:-1] if found.endswith("ll") and len(found) >= SHORTEST_DOUBLED else found

    return stem_with_one_l


_WITHOUT_ENDING = re.compile(
    "[a-z]{3,}(?:(?<=[abfhjkopquvwxz])|(?<=[^i]c)|(?<=[^e]d)|(?<=[^n]g)|(?<=[^cglt]i)|(?<=[^alu]l)|(?<=[^s]m)"
    r"|(?<=[^o]n)|(?<=[^eo]r)|(?<=[^n]t))\Z"
)
_UMLAUT = {"ae": "ä", "oe": "ö", "ue": "ü"}
_TYPED_UMLAUT = re.compile("(?<![aeqäöü])ue|(?<!i)ae|oe")  # not in "neue", "Quelle", "Italien"
_HINDI_ENDINGS = (
    "ियों", "ियाँ", "ियां", "ाओं", "ाएँ", "ाएं", "ुओं", "ुएँ", "ों", "ें", "ीं", "ाँ", "ां", "ो", "े", "ू", "ु", "ी", "ि", "ा",
)  # fmt: skip

# -our words whose American form lacks the u, by what stands before it.
_OUR = re.compile(
    r"(?:un|dis|mis|re|bi|tri|multi|uni|de|en|techni)?"
    r"(?:arb|ard|arm|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|misdemean|neighb|od|parl"
    r"|ranc|rig|rum|sav|savi|splend|succ|tum|val|vap|vig)ou(?=r(?:$|[abefhilmnrs]))"
)
_ER_ENDINGS = {"re": "", "res": "s", "red": "ed", "ring": "ing"}
_RE = re.compile(
    r"((?:epi|hydro|de|re)?cent|(?:amphi)?theat|(?:centi|deci|kilo|micro|milli|nano)?(?:met|lit)|fib|calib|sab|lust"
    r"|meag|somb|spect|scept|och|louv|mit|nit|saltpet|goit|reconnoit)(re|res|red|ring)$"
)
# -ize becomes -ise, not the other way: no list of words that always have an s ("advise", "promise") is needed.
_IZE = re.compile(r"(?<=[a-z]{2}[iy])z(?=(?:e|ed|es|er|ers|ing|ingly|ation|ations|ational|able)$)")
_ALWAYS_Z = ("capsiz", "citiz", "maiz", "priz", "seiz", "siz")
_ENCE = re.compile(r"((?:def|of{2}|pret)en)c(?=e(?:$|s|less))")
_LICENSE = re.compile(r"(licen|practi)s(?=e|ing)")
_LOGUE = re.compile(r"((?:ana|cata|dia|epi|homo|mono|pro|tra)log)ue(?=s|d|$)")
_AE = re.compile(
    r"((?:prehist)?(?:an|arch|encyclop|f|gyn|h|isch|leuk|medi|orthop|p|pal|prim|septic|tox))ae(?=[a-z]{2})"
)


def _one_english_spelling(word: str) -> str:
    """The word as one side of the Atlantic spells it, whichever conflates fewer words, where the two follow a rule."""
    if not word.isascii():
        return word
    if "our" in word and (match := _OUR.match(word)):
        word = word[: match.end() - 1] + word[match.end() :]
    elif "r" in word and (match := _RE.match(word)):
        word = match[1] + "er" + _ER_ENDINGS[match[2]]
    if "z" in word and not word.startswith(_ALWAYS_Z):
        word = _IZE.sub("s", word)
    if "ence" in word:
        word = _ENCE.sub(r"\1s", word)
    if word.startswith(("licen", "practi")):
        word = _LICENSE.sub(r"\1c", word)
    if "logue" in word:
        word = _LOGUE.sub(r"\1", word)
    return _AE.sub(r"\1e", word) if "ae" in word else word
