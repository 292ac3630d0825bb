"""NLTK's Punkt on the parameters in config/punkt, which the owner can edit; nothing is trained or downloaded."""

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from bot.wordlists import WordLists

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktLanguageVars, PunktSentenceTokenizer

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
    def breaks(self) -> "Breaks":
        """Punkt's rules with these parameters."""
        # .3 s: only where text is split
        from nltk.tokenize.punkt import PunktLanguageVars, PunktParameters, PunktSentenceTokenizer

        rules = PunktLanguageVars()
        parameters = PunktParameters()
        parameters.ortho_context = _Seen(dict.fromkeys(self.starters, _SEEN_LOWER | _SEEN_FIRST))
        parameters.abbrev_types = set(self.abbreviations)
        parameters.sent_starters = set(self.starters)
        parameters.collocations = {(first, second) for first, second in map(str.split, self._entries("collocations"))}
        unclear = self.abbreviations | {first for first, _ in parameters.collocations}
        return Breaks(PunktSentenceTokenizer(parameters, lang_vars=rules), rules, unclear)

    def _entries(self, kind: str) -> tuple[str, ...]:
        language = self.language if self.language in LANGUAGES else ("en" if not self.language else "")
        own = self._lists.lines(f"punkt/{language}/{kind}.txt") if language else ()
        return tuple(entry.lower() for entry in (*self._lists.lines(f"punkt/any/{kind}.txt"), *own))


class Breaks:
    """Where Punkt lets sentences begin, found in a fifth of the time that its own search for them takes.

    Only what its rules decide by lists and by how words were seen is asked of it, and remembered.
    """

    def __init__(self, punkt: "PunktSentenceTokenizer", rules: "PunktLanguageVars", unclear: Collection[str]) -> None:
        """`unclear` words do not end a sentence for certain when a full stop follows them."""
        self._unclear = unclear
        self.punkt = punkt
        self._ends = re.compile(rules.period_context_re().pattern, re.VERBOSE)
        self._closing = re.compile(rules.re_boundary_realignment.pattern, re.MULTILINE)
        self._known: dict[str, bool] = {}

    def starts(self, text: str) -> Iterator[int]:
        """The offsets at which sentences begin, in order, from the text's own start on."""
        breaks = [
            (match.end(), match.start("next_tok") if match["next_tok"] else match.end())
            for match, start in self._marks(text)
            if self._breaks(match, start)
        ]
        last = len(text.rstrip())
        start = 0
        for place, (end, begin) in enumerate(breaks, start=1):
            next_end = breaks[place][0] if place < len(breaks) else last
            closing = self._closing.match(text, begin, next_end)  # what closes the sentence goes with it
            if closing is not None or start < end:
                yield start
            start = closing.end() if closing is not None else begin
        if start < last:
            yield start

    def _marks(self, text: str) -> Iterator[tuple[re.Match[str], int]]:
        """Each mark that may end a sentence, the last one of its word, and where the word starts."""
        other_blanks = [blank for blank in _OTHER_BLANKS if blank in text]
        before: re.Match[str] | None = None
        start = stop = 0  # of the word before the mark before
        for match in self._ends.finditer(text):
            place = match.start()
            blank = text.rfind(" ", stop + 1, place)
            for other in other_blanks:
                blank = max(blank, text.rfind(other, stop + 1, place))
            word = blank + 1 if blank > 0 else start
            if before is not None and stop <= word:
                yield before, start
            before, start, stop = match, word, place
        if before is not None:
            yield before, start

    def _breaks(self, match: re.Match[str], start: int) -> bool:
        """Whether a mark ends the sentence. Where Punkt's rules leave no choice, they need not be asked."""
        text, place = match.string, match.start()
        word = text[start:place]
        if text[place] != "." or word.endswith(_CLOSED):
            return True  # a mark by itself: it belongs to no word that could be an abbreviation
        if len(word) > 1 and word.isalpha() and word.lower() not in self._unclear:
            return True
        behind = match["next_tok"]
        if behind and behind[0].isupper() and behind[0].isalpha() and word.isascii() and word.isdigit():
            return True
        context = f"{word}.{match['after_tok']}"
        found = self._known.get(context)
        if found is None:
            if len(self._known) >= CONTEXTS_REMEMBERED:
                self._known.clear()
            found = self._known[context] = self._asked(context)
        return found

    def _asked(self, context: str) -> bool:
        plain = _PLAIN_END.match(context)
        if plain is not None and plain["word"].lower() not in self._unclear:
            return True
        return bool(self.punkt.text_contains_sentbreak(context))


_CLOSED = (")", '"', "]")
CONTEXTS_REMEMBERED = 1 << 14
_OTHER_BLANKS = "\t\n\r\v\f"  # those of string.whitespace: Punkt's words end at no other
_PLAIN_END = re.compile(r"[\"“‘«(']*(?P<word>[^\W\d_]{2,})[.!?]\s+\w")
_SEEN_FIRST = 1 << 1  # Punkt's own flags: with a capital at a sentence's start,
_SEEN_LOWER = (1 << 4) | (1 << 5) | (1 << 6)  # and in lower case, wherever it stood
