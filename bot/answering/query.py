"""A question as the retrieval and the ranking see it, and the candidates they work on."""

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from bot.answering.sought import Sought
from bot.articles.article import Sentence, StoredArticle, StoredPassage
from bot.retrieval.analysis import Shape, Token
from bot.retrieval.engine import Hit

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

QUESTION_MARKS = frozenset("?？؟\u037e")


class Expected(StrEnum):
    """The kind of answer that a question asks for."""

    PERSON = "person"
    PLACE = "place"
    NUMBER = "number"
    DATE = "date"
    REASON = "reason"
    MANNER = "manner"
    DEFINITION = "definition"
    ANYTHING = "anything"


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A question after reading: its text (with what a follow-up took over), language, tokens and terms.

    `tokens` are all tokens of `text`, stop words included; `terms` the distinct terms to search by, in order of
    their first occurrence, after corrections. `question_word` is the question word or phrase ("how many"), `head` the
    term of the noun that it asks for ("which *city*"); each is "" where there is none. `corrected` are the terms that
    stand for words that the library lacks, `sought` is the kind of thing that is asked for.
    """

    text: str
    language: str
    tokens: tuple[Token, ...]
    terms: tuple[str, ...]
    expected: Expected = Expected.ANYTHING
    question_word: str = ""
    head: str = ""
    corrected: frozenset[str] = frozenset()
    sought: Sought = Sought()

    @property
    def is_keywords(self) -> bool:
        """Whether nothing is asked: a few words without a question word, a question mark or a stop word ("Bakhmut")."""
        plain = all(token.shape is not Shape.STOP for token in self.tokens)
        return plain and not self.question_word and not QUESTION_MARKS.intersection(self.text) and bool(self.terms)


class Pool(msgspec.Struct, frozen=True, kw_only=True):
    """The hits of one search with all that the ranking may look at, fetched at once.

    `passages` holds, by number, the passages of the hits and those before and after them in the same article;
    `articles` the hits' articles by number.
    """

    hits: tuple[Hit, ...]
    passages: dict[int, StoredPassage]
    articles: dict[int, StoredArticle]

    def sentence(self, hit: Hit) -> Sentence:
        """The sentence of a hit."""
        return self.passages[hit.passage].sentences[hit.position]

    def article(self, hit: Hit) -> StoredArticle:
        """The article of a hit."""
        return self.articles[self.passages[hit.passage].article]


class Features(NamedTuple):
    """The features of all candidates of one search: their names, and [candidates, features] their values."""

    names: tuple[str, ...]
    values: "npt.NDArray[np.float64]"


class Logits(NamedTuple):
    """How surely an answer is there, and how surely the best candidate is one if so, as logits; how small the library
    is, from 0 to 1; and the signs that a second look weighs beside them (LATE_SIGNS), () without tables."""

    present: float
    first: float
    small: float
    late: tuple[float, ...] = ()


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A hit after ranking: its score (falling scores are the ranking), and how sure we are.

    `confidence` is the probability that this sentence answers the question; `place` its row in `table`; `logits`
    how surely the best of its ranking answers, before that became a probability.
    """

    hit: Hit
    score: float
    confidence: float
    table: Features
    place: int
    logits: Logits = Logits(0.0, 0.0, 0.0)

    @property
    def features(self) -> dict[str, float]:
        """The features by name."""
        return dict(zip(self.table.names, self.table.values[self.place].tolist(), strict=True))
