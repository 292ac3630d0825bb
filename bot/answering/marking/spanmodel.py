"""The span model: which stretch of a sentence answers a question, by weights that are shipped as text."""

import threading
from collections.abc import Collection, Mapping, Sequence
from itertools import chain, pairwise, repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.answering.marking.properties import (
    LENGTHS,
    LONGEST,
    VALUES,
    Ints,
    Patterns,
    Row,
    edge,
    number_of_pattern,
    numbers,
    patterns,
    row_of,
    texts,
)
from bot.answering.marking.spanviews import END, GAP, INSIDE, SPAN, START, VIEWS, View, lens
from bot.answering.marking.units import Unit
from bot.answering.query import Query
from bot.errors import SettingsError
from bot.resources import config_folder

Floats = npt.NDArray[np.float64]

LEAST_PROBABILITY = 1e-3
"""Of a span that is looked at further: the rest weighs nothing and costs time."""
ROLES = (START, END, INSIDE, GAP, SPAN)
SPAN_ROLE = ROLES.index(SPAN)
HEAD_FIELDS = 4
SEPARATOR = "\t:\t"
"""Between the keys of a line of weights and the weights."""


_STARTS = np.cumsum([0, *map(len, VALUES.values())])[:-1, None]
_PLACES = {known: place for place, known in enumerate((name, value) for name in VALUES for value in VALUES[name])}
"""Where the values of each property of VALUES start in a row of all of them, and the place of each in it."""


class Part(NamedTuple):
    """The weights for one value of one of the question's keys: the cell of each, which is a role's in the row of a
    column, and the weight (arrays)."""

    cells: Ints
    weights: Floats


class SpanModel:
    """The weights for one language, from config/marking/<code>.tsv. What a question needs of them is read when it is
    asked: the whole file takes longer than a question may.

    Every value of a property has a column; column 0 is for those without a weight.
    """

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._lines: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                head, colon, weights = line.partition(SEPARATOR)
                fields = head.split("\t")
                if not colon or len(fields) != HEAD_FIELDS:
                    raise SettingsError(f"{name}: expected keys, a colon between tabs, and weights: {line[:40]!r}")
                role, property_, key, value = fields
                self._lines.setdefault((key, value), []).append((role, property_, weights))
        self._columns: dict[str, dict[str, int]] = {view.name: {} for view in VIEWS}
        self._numbered = np.zeros(sum(map(len, VALUES.values())), dtype=np.int64)
        self.width = 1
        self._patterns = _sorted_patterns({})
        self._parts: dict[tuple[str, str], Part] = {}
        self._reading = threading.Lock()

    @classmethod
    def of(cls, language: str) -> "SpanModel | None":
        """The model of a language; None when none is shipped."""
        path = config_folder() / "marking" / f"{language}.tsv"
        return cls(path.read_text(encoding="utf-8"), path.name) if language.isalpha() and path.is_file() else None

    def part(self, key: str, value: str) -> Part | None:
        """The weights that apply where the question's key `key` has `value`; None when there are none."""
        part = self._parts.get((key, value))
        if part is None and (key, value) in self._lines:
            with self._reading:
                part = self._parts[key, value] = self._read(key, value)
        return part

    def _read(self, key: str, value: str) -> Part:
        cells: list[int] = []
        weights: list[float] = []
        for role, name, line in self._lines[key, value]:
            for known, _, weight in (cell.rpartition("=") for cell in line.split("\t")):
                try:
                    weights.append(float(weight))
                except ValueError as error:
                    head = head_of(View(role, name, ""), key, value)
                    raise SettingsError(f"{self._name}: a weight is no number in the line of {head!r}") from error
                cells.append(self._column(name, known) * len(ROLES) + ROLES.index(role))
        if len(self._columns["pattern"]) >= len(self._patterns[0]):
            self._patterns = _sorted_patterns(self._columns["pattern"])
        return Part(np.array(cells, dtype=np.int64), np.array(weights))

    def _column(self, name: str, value: str) -> int:
        known = self._columns.setdefault(name, {})
        if value not in known:
            known[value] = self.width
            if (place := _PLACES.get((name, value))) is not None:
                self._numbered[place] = self.width
            self.width += 1
        return known[value]

    def of_texts(self, found: Mapping[str, Collection[str]]) -> Ints:
        """The columns of values that are texts, by property: those of one behind those of the other."""
        known = self._columns
        columns = chain.from_iterable([map(known[name].get, values, repeat(0)) for name, values in found.items()])
        return np.fromiter(columns, dtype=np.int64, count=sum(map(len, found.values())))

    def of_numbers(self, found: Ints) -> Ints:
        """[properties, units] the columns of the numbers of values, properties in the order of VALUES."""
        columns: Ints = self._numbered[found + _STARTS]
        return columns

    def of_patterns(self, found: Patterns) -> Ints:
        """The columns of patterns, in their shape."""
        known, columns = self._patterns
        place = np.minimum(np.searchsorted(known, found), len(known) - 1)
        return np.where(known[place] == found, columns[place], 0)


def _sorted_patterns(columns: Mapping[str, int]) -> tuple[Patterns, Ints]:
    """The patterns as numbers, rising, and the column of each; "" is one, so that there is one at least."""
    numbered = sorted((number_of_pattern(value), column) for value, column in {"": 0, **columns}.items())
    return (
        np.array([number for number, _ in numbered], dtype=np.uint64),
        np.array([column for _, column in numbered], dtype=np.int64),
    )


def head_of(view: View, key: str, value: str) -> str:
    """How a line of weights starts."""
    return f"{view.role}\t{view.name}\t{key}\t{value}"


class Spans(NamedTuple):
    """The likely spans of one sentence: first and last unit and probability of each (arrays).

    `total` is the log of the sum of e to the score of each span, likely or not, `possible` how many there are: they
    tell a sentence that answers from one that does not, which the probabilities cannot, as they sum to 1 in either.
    """

    first: Ints
    last: Ints
    probability: Floats
    total: float
    possible: int


class SpanScorer:
    """The model as one question needs it; keep it for all sentences that are looked at for the question."""

    def __init__(self, query: Query, model: SpanModel) -> None:
        self._lens = lens(query)
        self._model = model
        found = [model.part(key, value) for key, value in self._lens.keys.items()]
        parts = [part for part in found if part is not None]
        # The last row is for columns that other questions' weights brought since.
        size = (model.width + 1) * len(ROLES)
        cells = np.concatenate([np.zeros(0, dtype=np.int64), *[part.cells for part in parts]])
        summed = np.bincount(cells, np.concatenate([[], *[part.weights for part in parts]]), minlength=size)
        self._weights: Floats = summed.astype(np.float64, copy=False).reshape(-1, len(ROLES))
        self._of_spans = self._weights[:, SPAN_ROLE].copy()

    def spans(self, sentences: Sequence[Sequence[Unit]]) -> list[Spans]:
        """Of each sentence, none of them empty, the softmax over all its spans of at most LONGEST units."""
        if not sentences:
            return []
        row = row_of(sentences)
        reach = np.minimum(LONGEST, row.end - np.arange(len(row.look)))
        scores = np.where(np.arange(LONGEST) < reach[:, None], self._scores(row), -np.inf)
        highest = np.maximum.reduceat(scores.max(axis=1), row.starts)
        weights = np.exp(scores - highest[row.sentence][:, None])
        whole = np.add.reduceat(weights.sum(axis=1), row.starts)
        probability = weights / whole[row.sentence][:, None]
        first, longer = np.nonzero(probability >= LEAST_PROBABILITY)
        likely = probability[first, longer]
        bounds = [0, *np.searchsorted(first, row.ends).tolist()]
        first -= row.start[first]
        last = first + longer
        totals, possible = (highest + np.log(whole)).tolist(), np.add.reduceat(reach, row.starts).tolist()
        return [
            Spans(first[start:end], last[start:end], likely[start:end], total, count)
            for (start, end), total, count in zip(pairwise(bounds), totals, possible, strict=True)
        ]

    def _scores(self, row: Row) -> Floats:
        """[units, LONGEST] the score of the span of each length from each unit; beyond the sentence it says nothing."""
        start, end, inside, gap, _ = self._unit_scores(row)
        covered = np.concatenate([[0.0], np.cumsum(inside + gap)])
        last = np.minimum(np.arange(len(start))[:, None] + np.arange(LONGEST), len(start) - 1)
        scores: Floats = (end + covered[1:])[last]
        scores += (start - covered[:-1] - gap)[:, None]
        scores += self._of_spans.take(self._model.of_texts({"length": LENGTHS}), mode="clip")
        scores += self._of_spans.take(self._model.of_patterns(patterns(row)), mode="clip")
        scores += self._edge_scores(row, last)
        return scores

    def _unit_scores(self, row: Row) -> Floats:
        """[roles, units] the score of each unit as a span's start and end, inside it, and inside but first."""
        of_texts = self._model.of_texts(texts(row)).reshape(-1, len(row.look))
        columns = np.concatenate([self._model.of_numbers(numbers(self._lens, row)), of_texts])
        scores: Floats = self._weights.take(columns, axis=0, mode="clip").sum(axis=0)
        return scores.T

    def _edge_scores(self, row: Row, last: Ints) -> Floats:
        """[units, LONGEST] what the signs on both sides of the spans weigh that end with the `last` units."""
        firsts, lasts = (
            {sign: place for place, sign in enumerate(dict.fromkeys(signs))} for signs in (row.before, row.after)
        )
        edges = [edge(sign, other) for sign in firsts for other in lasts]
        weights = self._of_spans.take(self._model.of_texts({"edges": edges}), mode="clip")
        first_edge = np.array([firsts[sign] for sign in row.before]) * len(lasts)
        last_edge = np.array([lasts[sign] for sign in row.after])
        scores: Floats = weights[first_edge[:, None] + last_edge[last]]
        return scores
