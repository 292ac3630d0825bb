"""The span model: which stretch of a sentence answers a question, by weights that are shipped as text."""

import math
import threading
from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING, NamedTuple

from bot.answering.marking.spanviews import (
    END,
    GAP,
    INSIDE,
    LENGTHS,
    LONGEST,
    SPAN,
    START,
    VIEWS,
    View,
    columns,
    edge,
    lens,
    patterns,
)
from bot.answering.marking.units import Unit
from bot.answering.query import Query
from bot.errors import SettingsError
from bot.resources import config_folder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

LEAST_PROBABILITY = 1e-3
"""Of a span that is looked at further: the rest weighs nothing and costs time."""
ROLES = (START, END, INSIDE, GAP, SPAN)
SPAN_ROLE = ROLES.index(SPAN)
HEAD_FIELDS = 4
SEPARATOR = "\t:\t"
"""Between the keys of a line of weights and the weights."""


class Part(NamedTuple):
    """The weights for one value of one of the question's keys: the role, the column (of a property's value) and the
    weight of each (arrays)."""

    role: "Ints"
    column: "Ints"
    weight: "Floats"


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
        self.columns: dict[str, dict[str, int]] = {view.name: {} for view in VIEWS}
        self.width = 1
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
        import numpy as np

        roles: list[int] = []
        columns: list[int] = []
        weights: list[float] = []
        for role, name, line in self._lines[key, value]:
            for known, _, weight in (cell.rpartition("=") for cell in line.split("\t")):
                try:
                    weights.append(float(weight))
                except ValueError as error:
                    head = head_of(View(role, name, ""), key, value)
                    raise SettingsError(f"{self._name}: a weight is no number in the line of {head!r}") from error
                roles.append(ROLES.index(role))
                columns.append(self._column(name, known))
        return Part(np.array(roles, dtype=np.int64), np.array(columns, dtype=np.int64), np.array(weights))

    def _column(self, name: str, value: str) -> int:
        known = self.columns.setdefault(name, {})
        if value not in known:
            known[value] = self.width
            self.width += 1
        return known[value]


def head_of(view: View, key: str, value: str) -> str:
    """How a line of weights starts."""
    return f"{view.role}\t{view.name}\t{key}\t{value}"


class Spans(NamedTuple):
    """The likely spans of one sentence: first and last unit and probability of each (arrays).

    `total` is the log of the sum of e to the score of each span, likely or not, `possible` how many there are: they
    tell a sentence that answers from one that does not, which the probabilities cannot, as they sum to 1 in either.
    """

    first: "Ints"
    last: "Ints"
    probability: "Floats"
    total: float
    possible: int


class SpanScorer:
    """The model as one question needs it; keep it for all sentences that are looked at for the question."""

    def __init__(self, query: Query, model: SpanModel) -> None:
        import numpy as np

        self._lens = lens(query)
        self._known = model.columns
        found = [model.part(key, value) for key, value in self._lens.keys.items()]
        parts = [part for part in found if part is not None]
        self._width = width = model.width
        cells = np.concatenate([[], *[part.column * len(ROLES) + part.role for part in parts]]).astype(np.int64)
        weights = np.concatenate([[], *[part.weight for part in parts]])
        summed = np.bincount(cells, weights, minlength=len(ROLES) * width)
        self._weights: Floats = summed.astype(np.float64, copy=False).reshape(width, -1)

    def spans(self, sentence: Sequence[Unit]) -> Spans:
        """The softmax over all spans of at most LONGEST units."""
        import numpy as np

        count = len(sentence)
        start, end, inside, gap = self._unit_scores(sentence)
        covered = np.concatenate([[0.0], np.cumsum(inside + gap)])
        reach = np.minimum(LONGEST, count - np.arange(count))
        first = np.repeat(np.arange(count), reach)
        last = first + np.arange(len(first)) - np.repeat(np.cumsum(reach) - reach, reach)
        total = start[first] + end[last] + covered[last + 1] - covered[first] - gap[first]
        total += self._span_scores(sentence, first, last)
        highest = float(total.max())
        weights = np.exp(total - highest)
        whole = float(weights.sum())
        probability = weights / whole
        kept = probability >= LEAST_PROBABILITY
        return Spans(first[kept], last[kept], probability[kept], highest + math.log(whole), len(total))

    def _unit_scores(self, sentence: Sequence[Unit]) -> "Floats":
        """[roles, units] the score of each unit as a span's start and end, inside it, and inside but first."""
        values = columns(self._lens, sentence)
        known = self._known
        found = chain.from_iterable([map(known[name].get, column, repeat(0)) for name, column in values.items()])
        scores: Floats = self._weights.take(self._weighted(found).reshape(len(values), -1), axis=0).sum(axis=0)
        return scores[:, :SPAN_ROLE].T

    def _span_scores(self, sentence: Sequence[Unit], first: "Ints", last: "Ints") -> "Floats":
        """[spans] the score of each span as a whole; they are given in order of their first units, then their last."""
        import numpy as np

        known, weights = self._known, self._weights[:, SPAN_ROLE]
        length: Floats = weights[self._weighted(map(known["length"].get, LENGTHS, repeat(0)))]
        found = map(known["pattern"].get, chain.from_iterable(patterns(sentence)), repeat(0))
        before = {unit.before: unit for unit in sentence}
        after = {unit.after: unit for unit in sentence}
        edges = [known["edges"].get(edge(one, other), 0) for one in before.values() for other in after.values()]
        signs = [list(before).index(unit.before) * len(after) for unit in sentence]
        ends = [list(after).index(unit.after) for unit in sentence]
        edge_of = np.array(signs)[first] + np.array(ends)[last]
        total: Floats = weights[self._weighted(edges)][edge_of]
        total += weights[self._weighted(found)]
        total += length[last - first]
        return total

    def _weighted(self, columns: Iterable[int]) -> "Ints":
        """The columns as an array; 0 for those that other questions' weights brought since."""
        import numpy as np

        numbers = np.fromiter(columns, dtype=np.int64)
        return np.where(numbers < self._width, numbers, 0)
