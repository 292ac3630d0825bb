"""What the features look at: one question against its candidates, as arrays made once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import count
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.answering.features.sentences import Ints as Ints
from bot.answering.features.sentences import SentencesAtHand
from bot.answering.query import Pool, Query
from bot.answering.tables import Tables
from bot.articles.article import Sentence
from bot.retrieval.analysis import Shape, Token
from bot.retrieval.bm25 import positive_idf
from bot.retrieval.engine import Statistics, TermCount
from bot.retrieval.keys import Keys, keys_of

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

STOP = ord(Shape.STOP.value)
NAMES = (ord(Shape.CAPITALISED.value), ord(Shape.ACRONYM.value))
NUMBERS = (ord(Shape.NUMBER.value), ord(Shape.YEAR.value))


def is_one_of(shapes: tuple[int, ...]) -> Flags:
    """[256] for each shape's code whether it is one of these: quicker to look up in than to search for."""
    flags = np.zeros(256, dtype=np.bool_)
    flags[list(shapes)] = True
    return flags


class Terms(NamedTuple):
    """The question's terms: for each its rarity, its share of the question's rarity, and how it was written."""

    words: tuple[str, ...]
    idf: Floats  # among sentences
    passage_idf: Floats
    weight: Floats  # shares of idf, summing to 1
    is_name: Flags
    is_number: Flags
    is_absent: Flags  # the library holds no such term
    place: Ints  # of the term's first token in the question, -1 when a correction put it there


class Tokens(NamedTuple):
    """Every token of the candidates' sentences, in one row: term numbers, shapes, sentence, matched question term."""

    term: Ints
    shape: npt.NDArray[np.uint8]
    row: Ints
    asked: Ints  # the number of the question's term that it is, or -1
    content: Ints  # the places of the tokens that are no stop words


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
        self.sentences = sentences.sentences
        self.words = tuple(dict.fromkeys((*query.terms, *[token.term for token in query.tokens])))
        """The question's terms, then its other words."""
        self.passage_starts = np.array(sentences.passage_starts, dtype=np.int64)
        self.passage_ends = np.array(sentences.passage_ends, dtype=np.int64)
        self.vocabulary, self.tokens = _tokens_of(self.sentences, np.unique(self.rows.own), self.terms.words)
        self.headings = [passage.heading.split(" ") if passage.heading else [] for passage in sentences.passages]
        self.titles = [titles[article] for article in sentences.articles]

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

    @property
    def size(self) -> int:
        """The number of candidates."""
        return len(self.rows.own)

    @cached_property
    def word_tf(self) -> Floats:
        """[sentences + 1, words] how often each sentence holds each word of the question, stop words included."""
        columns = len(self.words)
        places = [np.flatnonzero(self._keys == key) for key in keys_of(" ".join(self.words))]
        cells = [self._row_of[found] * columns + column for column, found in enumerate(places)]
        counted = np.bincount(np.concatenate(cells), minlength=(len(self.sentences) + 1) * columns)
        return counted.reshape(-1, columns).astype(np.float64)

    @cached_property
    def sentence_tf(self) -> Floats:
        """[sentences + 1, terms] how often each sentence holds each term; the last row is the empty sentence."""
        held: Floats = self.word_tf[:, : len(self.terms.words)]
        return held

    @cached_property
    def token_count(self) -> Ints:
        """[sentences + 1] tokens in each sentence."""
        return _ints([*[len(sentence.shapes) for sentence in self.sentences], 0])

    @cached_property
    def sentence_length(self) -> Floats:
        """[sentences + 1] terms in each sentence, stop words left out."""
        before = np.concatenate([[0], np.cumsum(self._shapes != STOP)])
        ends = np.cumsum(self.token_count)
        return np.asarray(before[ends] - before[ends - self.token_count], dtype=np.float64)

    @cached_property
    def own_tf(self) -> Floats:
        """[candidates, terms] of the candidate's own sentence."""
        return self.sentence_tf[self.rows.own]

    @cached_property
    def own(self) -> Floats:
        """[candidates, terms] 1 where the sentence holds the term."""
        return _held(self.own_tf)

    @cached_property
    def before(self) -> Floats:
        """[candidates, terms] 1 where the sentence before holds the term."""
        return _held(self.sentence_tf[self.rows.before])

    @cached_property
    def after(self) -> Floats:
        """[candidates, terms] 1 where the sentence after holds the term."""
        return _held(self.sentence_tf[self.rows.after])

    @cached_property
    def window(self) -> Floats:
        """[candidates, terms] 1 where the sentence or a neighbour holds the term."""
        return np.maximum(self.own, np.maximum(self.before, self.after))

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

    @cached_property
    def new(self) -> Ints:
        """The places of the tokens that are no stop words and none of the question's."""
        return self.tokens.content[self.tokens.asked[self.tokens.content] < 0]

    @cached_property
    def distance(self) -> Floats:
        """[tokens] tokens from each to the nearest of the question's in its sentence; 99 where there is none."""
        tokens = self.tokens
        everywhere = np.arange(len(tokens.row))
        matched = tokens.asked >= 0
        last = np.maximum.accumulate(np.where(matched, everywhere, -1))
        following = np.minimum.accumulate(np.where(matched, everywhere, len(matched))[::-1])[::-1]
        left = np.where((last >= 0) & (tokens.row[last] == tokens.row), everywhere - last, 99)
        bounded = np.minimum(following, len(matched) - 1)
        right = np.where((following < len(matched)) & (tokens.row[bounded] == tokens.row), following - everywhere, 99)
        return np.minimum(np.minimum(left, right), 99).astype(np.float64)

    @cached_property
    def distance_from_start(self) -> Ints:
        """[tokens] how many tokens stand before each one in its sentence."""
        starts = np.searchsorted(self.tokens.row, np.arange(len(self.sentences)))
        return np.arange(len(self.tokens.row)) - starts[self.tokens.row]

    @cached_property
    def _keys(self) -> Keys:
        """[all tokens] the keys of the words of all sentences at hand, one after the other."""
        return keys_of(" ".join([sentence.terms for sentence in self.sentences if sentence.terms]))

    @cached_property
    def _shapes(self) -> npt.NDArray[np.uint8]:
        """[all tokens] the shape of each."""
        return _shapes_of(self.sentences)

    @cached_property
    def _row_of(self) -> Ints:
        """[all tokens] the row of each one's sentence."""
        return np.repeat(np.arange(len(self.sentences)), self.token_count[:-1])

    def per_passage(self, values: Floats) -> Floats:
        """Sums over each passage's sentences of `values`, which has a row for each sentence."""
        return np.asarray(np.add.reduceat(values[: self.passage_ends[-1]], self.passage_starts), dtype=np.float64)

    def sum_per_sentence(self, places: Ints, values: Floats) -> Floats:
        """[candidates] the sums of `values` (one for each token in `places`) in each sentence."""
        total = np.bincount(self.tokens.row[places], weights=values, minlength=len(self.sentences) + 1)
        return np.asarray(total[self.rows.own], dtype=np.float64)

    def _holding(self, texts: list[list[str]]) -> Floats:
        """[texts, terms] 1 where a text holds a term."""
        held = np.zeros((len(texts), len(self.terms.words)))
        number = {word: column for column, word in enumerate(self.terms.words)}
        for row, words in enumerate(texts):
            for word in words:
                if word in number:
                    held[row, number[word]] = 1
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
        place=_ints([place.get(term, -1) for term in query.terms]),
    )


def _tokens_of(sentences: Sequence[Sentence], rows: Ints, asked: Sequence[str]) -> tuple[dict[str, int], Tokens]:
    """The vocabulary (term to number) of the sentences with these row numbers, and their tokens."""
    chosen = [sentences[row] for row in rows.tolist()]
    # Numbered by a counter: a dict that asks its own length is a cycle, and waits, large as it is, for the collector.
    vocabulary = defaultdict[str, int](count().__next__)
    shape = _shapes_of(chosen)
    words = " ".join([sentence.terms for sentence in chosen if sentence.terms]).split(" ") if len(shape) else []
    term = np.fromiter(map(vocabulary.__getitem__, words), dtype=np.int64, count=len(shape))
    known = dict(vocabulary)
    asked_of = np.full(len(known), -1, dtype=np.int64)
    for number, word in enumerate(asked):
        if word in known:
            asked_of[known[word]] = number
    return known, Tokens(
        term=term,
        shape=shape,
        row=np.repeat(rows, [len(sentence.shapes) for sentence in chosen]),
        asked=asked_of[term],
        content=np.flatnonzero(shape != STOP),
    )


def _shapes_of(sentences: Iterable[Sentence]) -> npt.NDArray[np.uint8]:
    """[tokens] the shapes of all tokens of these sentences."""
    return np.frombuffer("".join([sentence.shapes for sentence in sentences]).encode("ascii"), dtype=np.uint8)


def _held(tf: Floats) -> Floats:
    return (tf > 0).astype(np.float64)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
