"""Interrogatives: the words that ask, and the nouns that they ask for, from the lists of each language."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.answering.query import Expected
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzer, Shape, Token, fold
from bot.wordlists import WordLists

SHORTEST_VERB = 5  # letters of a word that is taken for a verb by its ending: "red" and "bed" are none
PLURALS = (("s", ""), ("es", ""), ("ies", "y"))
BE_AND_DO = ("is", "are", "was", "were", "am", "be", "been", "do", "does", "did", "has", "have", "had")
AUXILIARIES = frozenset((*BE_AND_DO, "can", "could", "will", "would", "shall", "should", "may", "might", "must"))
"""English verbs that follow a question word where it asks ("when did the war begin"), not where it opens a clause."""


class Word(NamedTuple):
    """A token of a question, and its folded word as it stands there."""

    token: Token
    said: str


class QuestionWords:
    """The question words of one language and the nouns that "what" and "which" ask for, each with its kind of answer.

    They come from the lists questions/<code>.txt and question-nouns/<code>.txt, lines of `word = kind`; the verbs that
    end such a noun from question-verbs/<code>.txt, contractions ("what’s") from contractions/<code>.txt.
    """

    def __init__(self, lists: WordLists, analyzer: Analyzer) -> None:
        code = analyzer.language
        words = _kinds(lists, f"questions/{code}.txt")
        self.phrases = {surface(phrase, analyzer.tokens(phrase)): kind for phrase, kind in words.items()}
        self.longest = max(map(len, self.phrases), default=0)
        self._analyzer = analyzer
        self._nouns: dict[str, Expected] = {}
        for noun, kind in _kinds(lists, f"question-nouns/{code}.txt").items():
            for token in analyzer.tokens(noun)[:1]:
                self._nouns.setdefault(self._readings(Word(token, fold(noun)))[0], kind)
        verbs = [fold(verb) for verb in lists.lines(f"question-verbs/{code}.txt")]
        self._verbs = frozenset(verb for verb in verbs if not verb.startswith("-"))
        self._verb_endings = tuple(verb[1:] for verb in verbs if verb.startswith("-"))
        self.contractions = _contractions(lists, f"contractions/{code}.txt")
        self.auxiliaries = AUXILIARIES if code == "en" else frozenset()

    def kind_of_noun(self, word: Word) -> Expected | None:
        """The kind of answer that a noun asks for; None for a word that is not listed."""
        return next((self._nouns[key] for key in self._readings(word) if key in self._nouns), None)

    def _readings(self, word: Word) -> list[str]:
        """What a noun may be listed as: its term, but in English the word and its singulars, since the stem would take
        "located" for a place and "produced" for a person."""
        if self._analyzer.language != "en":
            return [word.token.term]
        base = self._analyzer.base(word.said)
        return [base, *(base.removesuffix(end) + own for end, own in PLURALS if base.endswith(end))]

    def is_verb(self, word: Word) -> bool:
        """Whether a word is a form of a verb that ends the noun before it."""
        if word.token.shape is not Shape.LOWER:
            return False
        ends = len(word.said) >= SHORTEST_VERB and word.said.endswith(self._verb_endings)
        return ends or word.said in self._verbs


def surface(text: str, tokens: Sequence[Token]) -> tuple[str, ...]:
    """The folded words of a text as they stand in it, one for each token, stop words without their apostrophes."""
    return tuple(
        token.term if token.shape is Shape.STOP else fold(text[token.start : token.end]).replace("'", "’")
        for token in tokens
    )


def _kinds(lists: WordLists, name: str) -> dict[str, Expected]:
    """The lines of one list as word -> kind of answer."""
    kinds: dict[str, Expected] = {}
    for line in lists.lines(name):
        word, equals, kind = (part.strip() for part in line.partition("="))
        if not equals or kind not in set(Expected):
            choices = ", ".join(Expected)
            raise SettingsError(f'{name}: "{line}": expected a line of the form word = kind, the kinds are {choices}')
        kinds[word] = Expected(kind)
    return kinds


def _contractions(lists: WordLists, name: str) -> dict[str, tuple[str, str]]:
    """The lines of one list as contraction -> its two words."""
    found: dict[str, tuple[str, str]] = {}
    for line in lists.lines(name):
        contraction, _, both = (part.strip() for part in line.partition("="))
        words = tuple(both.split())
        if len(words) != 2 or not contraction.startswith(words[0]) or len(contraction) == len(words[0]):
            raise SettingsError(f'{name}: "{line}": expected a line of the form what’s = what is')
        found[fold(contraction).replace("'", "’")] = (words[0], words[1])
    return found
