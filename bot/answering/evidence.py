"""Evidence: whether a quote can hold the kind of answer that a question asks for at all."""

from collections.abc import Mapping, Sequence

from bot.answering.query import Expected, Query
from bot.answering.units import AnswerWords
from bot.errors import SettingsError
from bot.retrieval.analysis import Shape, Token, fold
from bot.wordlists import WordLists

FOLDER = "evidence"
MISSING_SHARE = 0.5
"""What is left of the confidence of a quote without the kind of answer: of such first quotes on training articles about
half as many were right as their confidence said (6 of 21, at .59 on average)."""
KINDS = {"number": Expected.NUMBER, "time": Expected.DATE}
_IN_WORDS = {Expected.NUMBER: frozenset(("numword", "ordinal")), Expected.DATE: frozenset(("month", "day", "ordinal"))}
_LONGEST_DATE = 4  # digits of a number that can be a day, an hour or an ancient year
_DURATION = "how long"


class Evidence:
    """Knows the words that can answer "how many" and "when", by the lists evidence/<code>.txt of each language."""

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists
        self._words: dict[str, Mapping[Expected, frozenset[str]]] = {}

    def is_missing(self, query: Query, text: str, tokens: Sequence[Token]) -> bool:
        """Whether the question asks for a number or a time and the sentence holds none but the question's own words.

        `tokens` are the sentence's, with offsets into `text`. False in a language without a list.
        """
        words = self._of(query.language)
        if query.expected not in _IN_WORDS or not words:
            return False
        fitting = words[query.expected]
        if query.question_word == _DURATION:
            fitting |= words[Expected.DATE]
        asked = {token.term for token in query.tokens}
        fresh = (token for token in tokens if token.term not in asked or token.shape is Shape.STOP)
        return not any(_fits(text[token.start : token.end], token, query.expected, fitting) for token in fresh)

    def _of(self, language: str) -> Mapping[Expected, frozenset[str]]:
        if language not in self._words:
            name = f"{FOLDER}/{language}.txt"
            lines = self._lists.lines(name)
            found: dict[Expected, set[str]] = {kind: set() for kind in KINDS.values()} if lines else {}
            for line in lines:
                word, equals, kind = (part.strip() for part in line.partition("="))
                if not equals or kind not in KINDS:
                    raise SettingsError(f'{name}: "{line}": expected a line word = kind, of {", ".join(KINDS)}')
                found[KINDS[kind]].add(fold(word))
            listed = AnswerWords(self._lists, language).kinds.items() if lines else ()
            for word, look in listed:
                for expected, looks in _IN_WORDS.items():
                    if look in looks:
                        found[expected].add(word)
            self._words[language] = {expected: frozenset(members) for expected, members in found.items()}
        return self._words[language]


def _fits(piece: str, token: Token, expected: Expected, words: frozenset[str]) -> bool:
    if token.shape is Shape.YEAR:
        return True
    if token.shape is Shape.NUMBER:
        return expected is Expected.NUMBER or len(piece.rstrip("stndrh")) <= _LONGEST_DATE
    return fold(piece) in words
