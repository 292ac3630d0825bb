"""The span model: which stretch of a sentence answers a question, by weights that are shipped as text."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.answering.query import Query
from bot.answering.units import Unit
from bot.answering.views import END, GAP, INSIDE, LONGEST, START, VIEWS, View, columns, lens, span_columns
from bot.errors import SettingsError
from bot.resources import config_folder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LEAST_PROBABILITY = 1e-3
"""Of a span that is looked at further: the rest weighs nothing and costs time."""
SEPARATOR = "\t:\t"
"""Between the keys of a line of weights and the weights."""


class SpanModel:
    """The weights for one language, from config/marking/<code>.tsv. What a question needs of them is read when it is
    asked: the whole file takes longer than a question may."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._lines: dict[str, str] = {}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                head, colon, weights = line.partition(SEPARATOR)
                if not colon:
                    raise SettingsError(f"{name}: expected keys, a colon between tabs, and weights: {line[:40]!r}")
                self._lines[head] = weights
        self._tables: dict[str, dict[str, float]] = {}

    @classmethod
    def of(cls, language: str) -> "SpanModel | None":
        """The model of a language; None when none is shipped."""
        path = config_folder() / "marking" / f"{language}.tsv"
        return cls(path.read_text(encoding="utf-8"), path.name) if language.isalpha() and path.is_file() else None

    def table(self, view: View, key: str, value: str) -> dict[str, float]:
        """The weights of a view's property by its value, where the question's key `key` has `value`."""
        head = head_of(view, key, value)
        if head not in self._tables:
            cells = self._lines[head].split("\t") if head in self._lines else []
            pairs = (cell.rpartition("=") for cell in cells)
            try:
                self._tables[head] = {name: float(weight) for name, _, weight in pairs}
            except ValueError as error:
                raise SettingsError(f"{self._name}: a weight is no number in the line of {head!r}") from error
        return self._tables[head]


def head_of(view: View, key: str, value: str) -> str:
    """How a line of weights starts."""
    return f"{view.role}\t{view.name}\t{key}\t{value}"


class Spans(NamedTuple):
    """The likely spans of one sentence: first and last unit and probability of each (arrays)."""

    first: "npt.NDArray[np.int64]"
    last: "npt.NDArray[np.int64]"
    probability: "npt.NDArray[np.float64]"


class SpanScorer:
    """The model as one question needs it; keep it for all sentences that are looked at for the question."""

    def __init__(self, query: Query, model: SpanModel) -> None:
        self._lens = lens(query)
        keys = self._lens.keys
        self._weights = {view: _Weights([model.table(view, key, keys[key]) for key in view.keys]) for view in VIEWS}

    def spans(self, sentence: Sequence[Unit]) -> Spans:
        """The softmax over all spans of at most LONGEST units."""
        import numpy as np

        count = len(sentence)
        values = columns(self._lens, sentence)
        start, end, inside, gap = (np.array(self._sums(role, values, count)) for role in (START, END, INSIDE, GAP))
        covered = np.concatenate([[0.0], np.cumsum(inside + gap)])
        first = np.repeat(np.arange(count), np.minimum(LONGEST, count - np.arange(count)))
        last = np.concatenate([np.arange(place, min(place + LONGEST, count)) for place in range(count)])
        total = start[first] + end[last] + covered[last + 1] - covered[first] - gap[first]
        total += np.array([score for place in range(count) for score in self._span_sums(sentence, place)])
        weights = np.exp(total - total.max())
        probability = weights / weights.sum()
        kept = probability >= LEAST_PROBABILITY
        return Spans(first[kept], last[kept], probability[kept])

    def _sums(self, role: str, values: dict[str, list[str]], count: int) -> list[float]:
        """For each unit its score in a role."""
        rows = [
            [weights[value] for value in values[view.name]]
            for view, weights in self._weights.items()
            if view.role == role
        ]
        return [math.fsum(column) for column in zip(*rows, strict=True)] if rows else [0.0] * count

    def _span_sums(self, sentence: Sequence[Unit], first: int) -> list[float]:
        values = span_columns(sentence, first)
        rows = [[self._weights[view][value] for value in values[view.name]] for view in VIEWS if view.role == "span"]
        return [sum(column) for column in zip(*rows, strict=True)]


class _Weights(dict[str, float]):
    """A view's weights for one question: of each value that was met, the sum over its tables."""

    def __init__(self, tables: list[dict[str, float]]) -> None:
        super().__init__()
        self._tables = [table for table in tables if table]

    def __missing__(self, value: str) -> float:
        weight = sum(table.get(value, 0.0) for table in self._tables)
        self[value] = weight
        return weight
