"""The speller: which of a language's words a mistyped one was meant to be.

A noisy channel (Kernighan, Church and Gale 1990) whose channel takes every edit for as likely: what is left are the
words of the language one edit away, weighed by how common they are in the library and by what they stand with.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from bot.answering.fitted import read_fitted
from bot.answering.vectors import WordVectors
from bot.errors import SettingsError
from bot.resources import config_folder
from bot.retrieval.keys import keys_of

FOLDER = Path("ranker") / "spelling"
FEATURES = ("company", "count", "topic", "alone")
"""Of a candidate: how far the question's other terms stand with it (Vocabulary.together), the log of the number of
sentences that hold it, the cosine of its vector and the sum of theirs, 1 when there is no other candidate."""

Floats = npt.NDArray[np.float64]


class Choice(msgspec.Struct, frozen=True):
    """What was fitted: the weight of each feature; the score from which on a candidate is meant, and what that is more
    for a word that the language has itself ("lace" may be meant where the library knows "lake" alone)."""

    weights: dict[str, float]
    least: float
    least_for_words: float

    def least_score(self, *, is_word: bool) -> float:
        """The score that a candidate must have."""
        return self.least + (self.least_for_words if is_word else 0.0)


class Speller:
    """Chooses between words of one language."""

    def __init__(self, vectors: WordVectors, choice: Choice) -> None:
        self._vectors = vectors
        self._choice = choice
        self._weights = np.array([choice.weights[name] for name in FEATURES])

    def words(self, texts: Iterable[str]) -> list[str]:
        """Those of these texts, in lower case, that are words of the language; all of its words are of letters."""
        each = sorted(text for text in texts if text.isalpha())
        known = self._vectors.knows(keys_of(" ".join(each)))
        return [text for text, is_known in zip(each, known.tolist(), strict=True) if is_known]

    def is_word(self, text: str) -> bool:
        """Whether a text, in lower case, is a word of the language."""
        return bool(self.words([text]))

    def chosen(
        self, word: str, terms: Sequence[str], *, counts: Sequence[int], company: Sequence[float], others: Sequence[str]
    ) -> str | None:
        """The term that a word which the library lacks was meant to be; None for none of them.

        `counts` are the sentences that hold each term, `company` how far the `others` stand with it.
        """
        if not terms:
            return None
        scores = self.features(terms, counts=counts, company=company, others=others) @ self._weights
        best = int(scores.argmax())
        least = self._choice.least_score(is_word=self.is_word(word))
        return terms[best] if scores[best] >= least else None

    def features(
        self, terms: Sequence[str], *, counts: Sequence[int], company: Sequence[float], others: Sequence[str]
    ) -> Floats:
        """[terms, FEATURES]."""
        vectors = self._vectors.of(keys_of(" ".join([*terms, *others])))
        about = vectors[len(terms) :].sum(axis=0)
        topic = vectors[: len(terms)] @ about / max(float(np.linalg.norm(about)), 1.0)
        alone = np.full(len(terms), float(len(terms) == 1))
        return np.column_stack([company, np.log1p(counts), topic, alone])


def load_spellers(folder: Path | None = None) -> Mapping[str, Speller]:
    """The speller of each language that has one: config/ranker/spelling/<language>.toml.

    Raises SettingsError that names the file and what is wrong in it.
    """
    folder = folder or config_folder() / FOLDER
    return {path.stem: _speller(path) for path in sorted(folder.glob("*.toml"))}


def _speller(path: Path) -> Speller:
    choice = read_fitted(path, Choice, kind="a speller")
    if set(choice.weights) != set(FEATURES):
        odd = sorted(set(choice.weights) ^ set(FEATURES))[0]
        raise SettingsError(f"{path}: {odd} is missing or unknown; install the product again")
    return Speller(WordVectors.load(path.parents[1] / path.stem / "vectors"), choice)
