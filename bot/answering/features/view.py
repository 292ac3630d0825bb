"""What the features look at: one question against its candidates, as arrays made once."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.answering.features.sentences import Ints as Ints
from bot.answering.features.sentences import SentencesAtHand
from bot.answering.features.tokens import STOP as STOP
from bot.answering.features.tokens import Floats as Floats
from bot.answering.features.tokens import Tokens
from bot.answering.query import Pool, Query
from bot.answering.tables import Tables
from bot.answering.vectors import Vectors
from bot.answering.vocabulary import NO_WORD
from bot.retrieval.analysis import Shape, Token
from bot.retrieval.bm25 import positive_idf
from bot.retrieval.engine import Statistics, TermCount
from bot.retrieval.keys import Keys, keys_of

Flags = npt.NDArray[np.bool_]

NAMES = (ord(Shape.CAPITALISED.value), ord(Shape.ACRONYM.value))
NUMBERS = (ord(Shape.NUMBER.value), ord(Shape.YEAR.value))
IS_NUMBER = np.zeros(256, dtype=np.bool_)
"""[256] for each shape's code whether it is a number's."""
IS_NUMBER[list(NUMBERS)] = True


class Terms(NamedTuple):
    """The question's terms: for each its rarity, its share of the question's rarity, and how it was written."""

    words: tuple[str, ...]
    idf: Floats  # among sentences
    passage_idf: Floats
    weight: Floats  # shares of idf, summing to 1
    is_name: Flags
    is_number: Flags
    is_absent: Flags  # the library holds no such term
    even: Floats  # shares that are all alike
    place: Ints  # of the term's first token in the question, -1 when a correction put it there


class View:
    """One question against its candidates.

    Matrices have a row for each sentence, passage or candidate and a column for each of the question's terms.
    """

    def __init__(
        self,
        query: Query,
        pool: Pool,
        *,
        counts: Sequence[TermCount],
        statistics: Statistics,
        titles: dict[int, list[str]],
        tables: Tables | None = None,
    ) -> None:
        self._tables = tables
        self._remembered: dict[str, Floats] = {}
        self._values: dict[Callable[[View], Floats], Floats] = {}
        self.query = query
        self.pool = pool
        self.statistics = statistics
        self.terms = terms_of(query, counts, statistics)
        sentences = SentencesAtHand(pool)
        self.rows = sentences.rows()
        self.size = len(pool.hits)
        """The number of candidates."""
        self.sentences = sentences.sentences
        self.words = tuple(dict.fromkeys((*query.terms, *[token.term for token in query.tokens])))
        """The question's terms, then its other words."""
        self.passage_starts = np.array(sentences.passage_starts, dtype=np.int64)
        self.passage_ends = np.array(sentences.passage_ends, dtype=np.int64)
        self.own_sentences = [self.sentences[row] for row in self.rows.own.tolist()]
        """The candidates' own, in their order."""
        self.token_count = _ints([*[len(sentence.shapes) for sentence in self.sentences], 0])
        """[sentences + 1] tokens in each sentence."""
        self._shapes = np.frombuffer("".join([sentence.shapes for sentence in self.sentences]).encode(), dtype=np.uint8)
        self._keys, self._term_keys, self._asked = self._read()
        self.tokens = self._tokens()
        around = np.stack((self.rows.own, self.rows.before, self.rows.after))
        self.around_tf = self.sentence_tf[around]
        """[3, candidates, terms] of the candidate's own sentence, of that before, of that after."""
        self.around_length = self.sentence_length[around]
        """[3, candidates] terms in each of these."""
        self.own, self.before, self.after = _held(self.around_tf)
        """[candidates, terms] each: 1 where the sentence, that before, that after holds the term."""
        self.headings = [passage.heading.split(" ") if passage.heading else [] for passage in sentences.passages]
        self.titles = [titles[article] for article in sentences.articles]

    @property
    def has_tables(self) -> bool:
        """Whether there are fitted tables of the question's language."""
        return self._tables is not None

    @property
    def tables(self) -> Tables:
        """The fitted tables of the question's language. Raises ValueError when it has none."""
        if self._tables is None:
            raise ValueError(f"there are no tables for the language {self.query.language!r}")
        return self._tables

    def of(self, values: Callable[["View"], Floats]) -> Floats:
        """[candidates] a feature's values, made once for this view."""
        found = self._values.get(values)
        if found is None:
            found = self._values[values] = values(self)
        return found

    def remembered(self, name: str, make: Callable[[], Floats]) -> Floats:
        """What `make` makes, made once for this view: for what several features need."""
        if name not in self._remembered:
            self._remembered[name] = make()
        return self._remembered[name]

    @property
    def average_sentence(self) -> float:
        """Terms in a sentence of the library, on average."""
        return self.statistics.terms / max(self.statistics.sentences, 1)

    @property
    def average_passage(self) -> float:
        """Terms in a passage of the library, on average."""
        return self.statistics.terms / max(self.statistics.passages, 1)

    @cached_property
    def word_tf(self) -> Floats:
        """[sentences + 1, words] how often each sentence holds each word of the question, stop words included."""
        columns = len(self.words)
        column, place = self._asked
        row = np.searchsorted(np.cumsum(self.token_count[:-1]), place, side="right")
        counted = np.bincount(row * columns + column, minlength=(len(self.sentences) + 1) * columns)
        return counted.reshape(-1, columns).astype(np.float64)

    @cached_property
    def sentence_tf(self) -> Floats:
        """[sentences + 1, terms] how often each sentence holds each term; the last row is the empty sentence."""
        held: Floats = self.word_tf[:, : len(self.terms.words)]
        return held

    @cached_property
    def sentence_length(self) -> Floats:
        """[sentences + 1] terms in each sentence, stop words left out."""
        before = np.concatenate(([0], np.cumsum(self._shapes != STOP)))
        ends = np.cumsum(self.token_count)
        return np.asarray(before[ends] - before[ends - self.token_count], dtype=np.float64)

    @cached_property
    def window(self) -> Floats:
        """[candidates, terms] 1 where the sentence or a neighbour holds the term."""
        return np.asarray(np.maximum(np.maximum(self.own, self.before), self.after), dtype=np.float64)

    @cached_property
    def passage_tf(self) -> Floats:
        """[passages, terms]."""
        return self.per_passage(self.sentence_tf[:-1])

    @cached_property
    def passage_length(self) -> Floats:
        """[passages] terms in each, stop words left out."""
        return self.per_passage(self.sentence_length[:-1])

    @cached_property
    def passage(self) -> Floats:
        """[candidates, terms] 1 where the passage holds the term."""
        return _held(self.passage_tf)[self.rows.passage]

    @cached_property
    def title(self) -> Floats:
        """[candidates, terms] 1 where the article's title holds the term."""
        return self._holding(self.titles)[self.rows.article]

    @cached_property
    def heading(self) -> Floats:
        """[candidates, terms] 1 where a heading above the passage holds the term."""
        return self._holding(self.headings)[self.rows.passage]

    @cached_property
    def theme(self) -> Floats:
        """[candidates, terms] 1 where the title or a heading holds the term."""
        return np.maximum(self.title, self.heading)

    @property
    def term_vectors(self) -> Vectors:
        """[terms, dimensions] the vectors of the question's terms; zeros for a term that has none."""
        return self._vectors[: len(self.terms.words)]

    @property
    def vectors(self) -> Vectors:
        """[vocabulary, dimensions] the vectors of the words of the candidates' sentences; stop words have none."""
        return self._vectors[len(self.terms.words) :]

    @cached_property
    def _vectors(self) -> Vectors:
        """Those of the terms and of the vocabulary, looked up at once."""
        return self.tables.vectors.of(np.concatenate((self._term_keys, self.tokens.vocabulary.keys)))

    def per_passage(self, values: Floats) -> Floats:
        """Sums over each passage's sentences of `values`, which has a row for each sentence."""
        return np.asarray(np.add.reduceat(values[: self.passage_ends[-1]], self.passage_starts), dtype=np.float64)

    def _read(self) -> tuple[Keys, Keys, tuple[Ints, Ints]]:
        """The keys of all words of the sentences and of the question's terms; and of the question's words among the
        former which each is, and where."""
        words = [sentence.terms for sentence in self.sentences if sentence.terms]
        keys = keys_of(" ".join([*words, *self.words]))
        held, asked = keys[: len(self._shapes)], keys[len(self._shapes) :]
        places = np.divmod(np.flatnonzero(held == asked[:, None]), max(len(held), 1))
        return held, asked[: len(self.terms.words)], places

    def _tokens(self) -> Tokens:
        """The candidates' tokens."""
        counts = self.token_count[self.rows.own]
        starts = (np.cumsum(self.token_count) - self.token_count)[self.rows.own]
        places = np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
        number, place = self._asked
        word = np.full(len(self._keys), NO_WORD, dtype=np.int64)
        word[place] = number
        return Tokens(
            self.own_sentences,
            keys=self._keys[places],
            shape=self._shapes[places],
            word=word[places],
            counts=counts,
            terms=len(self.terms.words),
        )

    def _holding(self, texts: list[list[str]]) -> Floats:
        """[texts, terms] 1 where a text holds a term."""
        held = np.zeros((len(texts), len(self.terms.words)))
        number = {word: column for column, word in enumerate(self.terms.words)}
        for row, words in enumerate(texts):
            if not number.keys().isdisjoint(words):
                held[row, [number[word] for word in words if word in number]] = 1
        return held


def terms_of(query: Query, counts: Sequence[TermCount], statistics: Statistics) -> Terms:
    """The question's terms, with what the library says of them."""
    # Counts and totals are asked for one after the other: an article may have come or gone between.
    idf = np.array([positive_idf(max(statistics.sentences, count.sentences), count.sentences) for count in counts])
    first: dict[str, Token] = {}
    place: dict[str, int] = {}
    for number, token in enumerate(query.tokens):
        first.setdefault(token.term, token)
        place.setdefault(token.term, number)
    shapes = [ord(first[term].shape) if term in first else 0 for term in query.terms]
    return Terms(
        words=query.terms,
        idf=idf,
        passage_idf=np.array(
            [positive_idf(max(statistics.passages, count.passages), count.passages) for count in counts]
        ),
        weight=idf / idf.sum() if len(idf) else idf,
        is_name=np.array([shape in NAMES for shape in shapes], dtype=bool),
        is_number=np.array([shape in NUMBERS for shape in shapes], dtype=bool),
        is_absent=np.array([count.sentences == 0 for count in counts], dtype=bool),
        even=np.full(len(counts), 1 / max(len(counts), 1)),
        place=_ints([place.get(term, -1) for term in query.terms]),
    )


def _held(tf: Floats) -> Floats:
    return (tf > 0).astype(np.float64)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
