"""Noisy copies of questions: one random edit in one content word, as a hurried typist makes it."""

import random
import unicodedata
from collections import Counter
from collections.abc import Iterable

from bot.retrieval.analysis import Analyzer, Shape, Token

SHORTEST_WORD = 5
RAREST_LETTER = 1 / 5000
"""A rarer letter belongs to foreign names: English questions keep their z (1 in 1,500) and lose their ö."""
SEED = 20230308


class Noise:
    """Makes one random edit in one content word of five letters or more; the same question gets the same edit.

    The edits are, each as likely: a letter left out, put in, replaced, or changed with the next one. New letters are
    drawn from those that the questions use, in the script of the word.
    """

    def __init__(self, questions: Iterable[str], analyzer: Analyzer, *, seed: int = SEED) -> None:
        self._analyzer = analyzer
        self._seed = seed
        counts = Counter(letter for question in questions for letter in question.lower() if letter.isalpha())
        self._letters: dict[str, list[str]] = {}
        for letter in sorted(counts):
            if counts[letter] >= RAREST_LETTER * counts.total():
                self._letters.setdefault(_script(letter), []).append(letter)

    def copy(self, question: str) -> str:
        """The question with its edit; as it is when it has no such word."""
        words = [token for token in self._analyzer.tokens(question) if self._is_content(token, question)]
        if not words:
            return question
        generator = random.Random(f"{self._seed} {question}")  # noqa: S311 - reproducible, nothing secret
        word = generator.choice(words)
        edited = self._edited(question[word.start : word.end], generator)
        return question[: word.start] + edited + question[word.end :]

    def _is_content(self, token: Token, question: str) -> bool:
        word = question[token.start : token.end]
        return token.shape is not Shape.STOP and len(word) >= SHORTEST_WORD and word.isalpha()

    def _edited(self, word: str, generator: random.Random) -> str:
        letters = self._letters.get(_script(word[0]), list(word.lower()))
        edit = generator.choice(("delete", "insert", "replace", "transpose"))
        if edit == "insert":
            place = generator.randint(0, len(word))
            return word[:place] + generator.choice(letters) + word[place:]
        if edit == "transpose":
            places = [place for place in range(len(word) - 1) if word[place] != word[place + 1]]
            if places:
                place = generator.choice(places)
                return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        place = generator.randrange(len(word))
        if edit == "replace":
            others = [letter for letter in letters if letter != word[place].lower()]
            return word[:place] + generator.choice(others or letters) + word[place + 1 :]
        return word[:place] + word[place + 1 :]


def _script(letter: str) -> str:
    """The script of a letter by its Unicode name: LATIN, CYRILLIC."""
    return unicodedata.name(letter, "UNKNOWN").split(" ")[0]
