"""Fitting the span model: its weights from questions whose answers are marked, pruned to a small readable file.

The softmax runs over all spans of at most LONGEST units of the sentence that holds the answer; the loss is -log of the
gold spans' share. Adagrad (Duchi et al. 2011) with batches of sentences of like length; then all but the weightiest
properties are dropped and the rest is fitted again.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.answering.marking.properties import (
    LENGTHS,
    LONGEST,
    VALUES,
    edge,
    numbers,
    pattern_from,
    patterns,
    row_of,
    texts,
)
from bot.answering.marking.spanmodel import SEPARATOR, head_of
from bot.answering.marking.spanviews import END, GAP, INSIDE, SPAN, START, VIEWS, Lens, lens
from bot.answering.marking.units import AnswerWords, Unit, units
from bot.answering.question import QuestionReader
from bot.evaluation.questions import AskedArticle
from bot.retrieval.analysis import Analyzer

Ids = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

UNIT_ROLES = (START, END, INSIDE, GAP)
BATCH = 256
FIRST_SQUARE = 1e-2
"""Where Adagrad's sums of squares start: smaller ones learn rare properties by heart."""
RATE = 0.1
DECIMALS = 2
LONGEST_QUESTION = 1000
"""Characters: one of SQuAD's training questions has 25,651."""


class Example(NamedTuple):
    """A sentence that answers a question: the question, the sentence, and the answers' offsets in it."""

    question: str
    sentence: str
    answers: tuple[tuple[int, int], ...]


class Encoded(NamedTuple):
    """An example as numbers of properties: by role, one row per unit; per first unit and length, one row per span;
    and the gold spans as first unit and length - 1."""

    roles: tuple[Ids, ...]
    spans: Ids
    gold: tuple[tuple[int, int], ...]

    @property
    def units(self) -> int:
        """How many units the sentence has."""
        return len(self.spans)


def examples_of(articles: Iterable[AskedArticle]) -> Iterator[Example]:
    """Every question with each sentence that holds an answer's start."""
    for article in articles:
        for paragraph in article.paragraphs:
            for asked in paragraph.questions:
                for number in sorted(paragraph.gold_sentences(asked)):
                    start, end = paragraph.sentences[number]
                    inside = {
                        (a.start - start, min(a.end, end) - start) for a in asked.answers if start <= a.start < end
                    }
                    yield Example(asked.question, paragraph.context[start:end], tuple(sorted(inside)))


class Vocabulary:
    """The numbers of properties, from 1; 0 stands for all that have none."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, int]] = {}
        self.size = 0

    def numbers(self, head: str, values: Sequence[str], *, grow: bool) -> list[int]:
        """The number of each value under a head; with `grow`, new ones get the next number."""
        table = self._tables.get(head)
        if table is None:
            table = self._tables[head] = {}
        if grow:
            for value in values:
                if value not in table:
                    self.size += 1
                    table[value] = self.size
        return [table.get(value, 0) for value in values]

    def kept(self, keep: npt.NDArray[np.bool_]) -> "Vocabulary":
        """The vocabulary of the numbers that are kept, counted anew in their order."""
        new = Vocabulary()
        renumbered = np.cumsum(keep) * keep
        for head, table in self._tables.items():
            left = {value: int(renumbered[number]) for value, number in table.items() if keep[number]}
            if left:
                new._tables[head] = left
        new.size = int(keep.sum())
        return new

    def lines(self, weights: Floats) -> Iterator[str]:
        """The lines of the weights file: a head, then its values by falling weight."""
        for head in sorted(self._tables):
            rounded = {value: round(float(weights[number]), DECIMALS) for value, number in self._tables[head].items()}
            order = sorted(rounded, key=lambda value: (-abs(rounded[value]), value))
            cells = [f"{value}={rounded[value]:g}" for value in order if rounded[value]]
            if cells:
                yield head + SEPARATOR + "\t".join(cells)


class Encoder:
    """Turns examples into numbers."""

    def __init__(self, reader: QuestionReader, analyzer: Analyzer, words: AnswerWords) -> None:
        self._reader = reader
        self._analyzer = analyzer
        self._words = words
        self.vocabulary = Vocabulary()

    def encode(self, example: Example, *, grow: bool = False) -> Encoded | None:
        """The example in numbers; None when no answer fits in a span."""
        if len(example.question) > LONGEST_QUESTION:
            return None
        query = self._reader.read(example.question, language=self._analyzer.language, analyzer=self._analyzer)
        sentence = units(example.sentence, self._analyzer.tokens(example.sentence), self._words)
        gold = set()
        for start, end in example.answers:
            inside = [place for place, unit in enumerate(sentence) if unit.start < end and unit.end > start]
            if inside and len(inside) <= LONGEST:
                gold.add((inside[0], inside[-1] - inside[0]))
        if not gold:
            return None
        through = lens(query)
        values = unit_values(through, sentence)
        number = self.vocabulary.numbers
        rows: dict[str, list[list[int]]] = {role: [] for role in UNIT_ROLES}
        for view in VIEWS:
            if view.role != SPAN:
                rows[view.role] += [
                    number(head_of(view, key, through.keys[key]), values[view.name], grow=grow) for key in view.keys
                ]
        roles = tuple(np.array(rows[role], dtype=np.int32).T for role in UNIT_ROLES)
        views = [(view, key) for view in VIEWS if view.role == SPAN for key in view.keys]
        spans = np.zeros((len(sentence), LONGEST, len(views)), dtype=np.int32)
        found = span_values(sentence)
        for column, (view, key) in enumerate(views):
            for first, values_from in enumerate(found[view.name]):
                numbers = number(head_of(view, key, through.keys[key]), values_from, grow=grow)
                spans[first, : len(numbers), column] = numbers
        return Encoded(roles, spans, tuple(sorted(gold)))


def unit_values(through: Lens, sentence: Sequence[Unit]) -> dict[str, list[str]]:
    """Each property of the sentence's units by its name, one value per unit."""
    row = row_of([sentence])
    numbered = zip(VALUES.items(), numbers(through, row).tolist(), strict=True)
    return {**texts(row), **{name: [values[number] for number in own] for (name, values), own in numbered}}


def span_values(sentence: Sequence[Unit]) -> dict[str, list[list[str]]]:
    """Each property of the sentence's spans by its name: for each unit one value per length, from 1, of the spans that
    start there."""
    reach = [min(LONGEST, len(sentence) - first) for first in range(len(sentence))]
    found = zip(patterns(row_of([sentence])).tolist(), reach, strict=True)
    return {
        "length": [list(LENGTHS[:longest]) for longest in reach],
        "pattern": [[pattern_from(number) for number in own[:longest]] for own, longest in found],
        "edges": [
            [edge(unit.before, last.after) for last in sentence[first : first + LONGEST]]
            for first, unit in enumerate(sentence)
        ],
    }


def count(examples: Sequence[Encoded], size: int) -> npt.NDArray[np.int64]:
    """How often each number occurs."""
    total = np.zeros(size + 1, dtype=np.int64)
    for start in range(0, len(examples), 1000):
        parts = [part.ravel() for one in examples[start : start + 1000] for part in (*one.roles, one.spans)]
        total += np.bincount(np.concatenate(parts), minlength=size + 1)
    return total


def renumbered(examples: Iterable[Encoded], keep: npt.NDArray[np.bool_]) -> list[Encoded]:
    """The examples in the numbers of `Vocabulary.kept`."""
    new = (np.cumsum(keep) * keep).astype(np.int32)
    return [Encoded(tuple(new[role] for role in one.roles), new[one.spans], one.gold) for one in examples]


def span_scores(weights: Floats, batch: Sequence[Encoded]) -> Floats:
    """The scores of all spans by sentence, first unit and length - 1; -1e9 where the sentence has no such span."""
    longest = max(one.units for one in batch)
    scores = np.full((len(batch), longest, LONGEST), -1e9)
    for place, one in enumerate(batch):
        start, end, inside, gap = (weights[role].sum(axis=1) for role in one.roles)
        covered = np.concatenate([[0.0], np.cumsum(inside + gap)])
        own = weights[one.spans].sum(axis=2)
        for length in range(min(LONGEST, one.units)):
            first = np.arange(one.units - length)
            last = first + length
            scores[place, first, length] = (
                start[first] + end[last] + covered[last + 1] - covered[first] - gap[first] + own[first, length]
            )
    return scores


def probabilities(scores: Floats) -> Floats:
    """The softmax over the spans of each sentence."""
    flat = scores.reshape(len(scores), -1)
    weights = np.exp(flat - flat.max(axis=1, keepdims=True))
    shares: Floats = (weights / weights.sum(axis=1, keepdims=True)).reshape(scores.shape)
    return shares


def loss(weights: Floats, examples: Sequence[Encoded]) -> float:
    """The mean of -log of the gold spans' share."""
    total = 0.0
    for start in range(0, len(examples), BATCH):
        batch = examples[start : start + BATCH]
        for one, row in zip(batch, probabilities(span_scores(weights, batch)), strict=True):
            total -= float(np.log(max(1e-12, sum(row[first, length] for first, length in one.gold))))
    return total / len(examples)


def fitted(
    examples: Sequence[Encoded], size: int, *, epochs: int, start: Floats | None = None, seed: int = 1
) -> Floats:
    """The weights by number (0 for number 0) after so many passes over the examples."""
    order = np.random.default_rng(seed)
    weights = np.zeros(size + 1) if start is None else start.copy()
    squares = np.full(size + 1, FIRST_SQUARE)
    by_length = sorted(range(len(examples)), key=lambda place: examples[place].units)
    batches = [by_length[first : first + BATCH] for first in range(0, len(by_length), BATCH)]
    for _ in range(epochs):
        for turn in order.permutation(len(batches)):
            slope = _gradient(weights, [examples[place] for place in batches[turn]])
            moved = np.flatnonzero(slope)
            squares[moved] += slope[moved] ** 2
            weights[moved] -= RATE * slope[moved] / np.sqrt(squares[moved])
    return weights


def _gradient(weights: Floats, batch: Sequence[Encoded]) -> Floats:
    """The slope of the mean loss of a batch, one per number."""
    scores = span_scores(weights, batch)
    excess = probabilities(scores)
    for place, one in enumerate(batch):
        gold = np.array([scores[place, first, length] for first, length in one.gold])
        share = np.exp(gold - gold.max())
        for (first, length), part in zip(one.gold, share / share.sum(), strict=True):
            excess[place, first, length] -= part
    numbers: list[Ids] = []
    slopes: list[Floats] = []
    for one, own in zip(batch, excess, strict=True):
        for ids, slope in zip(one.roles, _by_role(own[: one.units]), strict=True):
            numbers.append(ids.ravel())
            slopes.append(np.repeat(slope, ids.shape[1]))
        numbers.append(one.spans.ravel())
        slopes.append(np.repeat(own[: one.units].ravel(), one.spans.shape[2]))
    total = np.bincount(np.concatenate(numbers), weights=np.concatenate(slopes), minlength=len(weights))
    total[0] = 0.0
    return total / len(batch)


def _by_role(excess: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """What the spans' excess (by first unit and length - 1) adds up to for each unit as start, end, inside, gap."""
    size = len(excess)
    ends, inside, gaps = np.zeros(size + LONGEST), np.zeros(size + LONGEST), np.zeros(size + LONGEST)
    longer = np.cumsum(excess[:, ::-1], axis=1)[:, ::-1]  # of the spans that reach so far and further
    for length in range(LONGEST):
        ends[length : length + size] += excess[:, length]
        inside[length : length + size] += longer[:, length]
        if length:
            gaps[length : length + size] += longer[:, length]
    return excess.sum(axis=1), ends[:size], inside[:size], gaps[:size]


def weightiest(weights: Floats, counts: npt.NDArray[np.int64], *, keep: int) -> npt.NDArray[np.bool_]:
    """Which numbers to keep: those with the largest weight, rare ones held back (count to the power of 1/4)."""
    worth = np.abs(weights) * np.minimum(counts, 200) ** 0.25
    worth[0] = 0.0
    least = np.partition(worth, len(worth) - keep)[len(worth) - keep] if keep < len(worth) else 0.0
    chosen: npt.NDArray[np.bool_] = (worth >= least) & (worth > 0)
    return chosen
