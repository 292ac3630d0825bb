"""Ukrainian stemming: the endings of nouns, adjectives and verbs taken off, since no light library does it.

Longest ending first, as in Snowball's Russian stemmer (Porter 2001), with Ukrainian endings; what is left keeps a vowel
and three letters. Nouns and verbs share endings ("солдати", "сказати"), so what only verbs have is taken off both.
"""

import re

SHORTEST_STEM = 3

_REFLEXIVE = re.compile("(?:ся|сь)$")
_ABSTRACT = re.compile("(?:ість|істю|ості|остей|остям|остями|остях)$")  # можливість, можливості
_ENDINGS = (
    # nouns
    "ами", "ями", "ові", "еві", "єві", "ах", "ях", "ам", "ям", "ом", "ем", "єм", "ою", "ею", "єю", "ей", "їв", "ів",
    # adjectives, pronouns and participles
    "ого", "ому", "ими", "іми", "його", "йому", "їми", "ій", "ої", "их", "іх", "їх", "им", "ім", "їм", "ий",
    # verbs
    "ували", "ювали", "увала", "ювала", "увало", "ювало", "ував", "ював", "ують", "юють", "уємо", "юємо", "уєте",
    "юєте", "ує", "юєш", "уєш", "юю", "ую", "али", "яли", "или", "іли", "їли", "ала", "яла", "ила", "іла", "їла", "ало",
    "яло", "ило", "іло", "їло", "ав", "яв", "ив", "ають", "яють", "іють", "уть", "ють", "ать", "ять", "аємо", "яємо",
    "имо", "їмо", "аєте", "яєте", "аєш", "яєш", "иш", "їш", "ає", "яє", "іє", "ить", "їть", "аю", "яю",
    # all of them
    "а", "я", "е", "є", "и", "і", "ї", "о", "у", "ю", "ь", "й",
)  # fmt: skip
_BY_LENGTH = tuple(sorted(set(_ENDINGS), key=lambda ending: (-len(ending), ending)))
_LATER = tuple(
    map(
        re.compile,
        (
            "(?:ува|юва|а|и|я|і|ї)т$",  # what is left of an infinitive, "сказат", and with it of "солдат"
            "(?:ів|їв|ов|ев|єв)$",  # Харків, Харкова
            "й$",  # російський, Росія
            "(?<=[бвмпф])л$",  # повідомляє, повідомив
        ),
    )
)
_VOWEL = re.compile("[аеєиіїоуюя]")
_CLOSED = re.compile("[іїеєо](?=в$)")  # Київ, Києва
_DOUBLED = re.compile(r"([бвгджзклмнпрстфхцчшщ])\1$")  # питання, питань


def stem(word: str) -> str:
    """The stem of a Ukrainian word in lower case without apostrophes; short words stay as they are."""
    found = _cut(_REFLEXIVE, word)
    abstract = _cut(_ABSTRACT, found)
    if abstract != found:
        return abstract
    found = _without_ending(found)
    for pattern in _LATER:
        found = _cut(pattern, found)
    return _CLOSED.sub("о", _DOUBLED.sub(r"\1", found)).replace("ь", "")


def _cut(pattern: re.Pattern[str], word: str) -> str:
    shorter = pattern.sub("", word)
    return shorter if _is_stem(shorter) else word


def _without_ending(word: str) -> str:
    for ending in _BY_LENGTH:
        if word.endswith(ending) and _is_stem(word[: -len(ending)]):
            return word[: -len(ending)]
    return word


def _is_stem(word: str) -> bool:
    return len(word) >= SHORTEST_STEM and _VOWEL.search(word) is not None
