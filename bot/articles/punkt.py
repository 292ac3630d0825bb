"""NLTK's Punkt on the parameters in config/punkt, which the owner can edit; nothing is trained or downloaded."""

import re
from functools import cached_property
from typing import TYPE_CHECKING

from bot.wordlists import WordLists

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

LANGUAGES = (
    "bg", "cs", "da", "de", "el", "en", "es", "fi", "fr", "hu",
    "it", "nl", "no", "pl", "pt", "ro", "ru", "sv", "tr", "uk",
)  # fmt: skip
"""Languages with lists of their own; others are split on the lists in punkt/any."""

ORDINAL_LANGUAGES = frozenset({"cs", "da", "de", "et", "fi", "hr", "hu", "lv", "no", "pl", "sk", "sl", "sr", "tr"})
"""Languages that write ordinals as a number with a full stop ("19. Jahrhundert")."""

_KINDS = ("abbreviations", "starters", "collocations", "speech")
_ALIASES = {"nb": "no", "nn": "no"}
_BEFORE_NUMBER = " #"


def list_names() -> tuple[str, ...]:
    """The names of all word lists that splitting depends on."""
    return tuple(f"punkt/{language}/{kind}.txt" for language in ("any", *LANGUAGES) for kind in _KINDS)


class _Seen(dict[str, int]):
    """How words were seen written; unlike NLTK's own table it does not grow with every word that is looked up."""

    def __missing__(self, word: str) -> int:
        return 0


class Parameters:
    """What is known of one language's abbreviations, sentence starters, collocations and verbs of speech."""

    def __init__(self, language: str, lists: WordLists) -> None:
        code = language.partition("-")[0].lower()
        self.language = _ALIASES.get(code, code)
        self._lists = lists

    @cached_property
    def abbreviations(self) -> frozenset[str]:
        """Words that a full stop follows without ending the sentence."""
        return frozenset(entry for entry in self._entries("abbreviations") if not entry.endswith(_BEFORE_NUMBER))

    @cached_property
    def numeric(self) -> frozenset[str]:
        """Words that are abbreviations only before a number: "No. 5"."""
        return frozenset(
            entry.removesuffix(_BEFORE_NUMBER)
            for entry in self._entries("abbreviations")
            if entry.endswith(_BEFORE_NUMBER)
        )

    @cached_property
    def starters(self) -> frozenset[str]:
        """Words that start a sentence when they stand with a capital after an abbreviation."""
        return frozenset(self._entries("starters"))

    @cached_property
    def speech(self) -> frozenset[str]:
        """Verbs that tell who spoke: "said"."""
        return frozenset(self._entries("speech"))

    @property
    def has_ordinals(self) -> bool:
        """Whether a number with a full stop is an ordinal in this language."""
        return self.language in ORDINAL_LANGUAGES

    @cached_property
    def punkt(self) -> "PunktSentenceTokenizer":
        """NLTK's tokenizer with these parameters."""
        from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer  # .3 s: only where text is split

        parameters = PunktParameters()
        parameters.ortho_context = _Seen(dict.fromkeys(self.starters, _SEEN_LOWER | _SEEN_FIRST))
        parameters.abbrev_types = set(self.abbreviations)
        parameters.sent_starters = set(self.starters)
        parameters.collocations = {(first, second) for first, second in map(str.split, self._entries("collocations"))}
        unclear = self.abbreviations | {first for first, _ in parameters.collocations}

        class Quick(PunktSentenceTokenizer):  # type: ignore[misc]
            """Punkt that answers at once where its own rules leave no doubt: two thirds of its time."""

            def text_contains_sentbreak(self, text: str) -> bool:
                """Whether the text ends a sentence: a full stop after a plain word that is no abbreviation does."""
                plain = _PLAIN_END.match(text)
                if plain is not None and plain["word"].lower() not in unclear:
                    return True
                return bool(super().text_contains_sentbreak(text))

        return Quick(parameters)

    def _entries(self, kind: str) -> tuple[str, ...]:
        language = self.language if self.language in LANGUAGES else ("en" if not self.language else "")
        own = self._lists.lines(f"punkt/{language}/{kind}.txt") if language else ()
        return tuple(entry.lower() for entry in (*self._lists.lines(f"punkt/any/{kind}.txt"), *own))


_PLAIN_END = re.compile(r"[\"“‘«(']*(?P<word>[^\W\d_]{2,})[.!?]\s+\w")
_SEEN_FIRST = 1 << 1  # Punkt's own flags: with a capital at a sentence's start,
_SEEN_LOWER = (1 << 4) | (1 << 5) | (1 << 6)  # and in lower case, wherever it stood
