"""Marking: the shortest stretches of a quote that answer, found by a span model or, without one, by rules."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.answering.query import Query
from bot.answering.shapes import marked_by_rules
from bot.answering.spans import (
    END,
    GAP,
    INSIDE,
    LENGTH,
    LONGEST,
    ROLES,
    START,
    VIEWS,
    AnswerWords,
    Unit,
    properties,
    question_keys,
    units,
)
from bot.errors import SettingsError
from bot.resources import config_folder
from bot.retrieval.analysis import Token
from bot.wordlists import WordLists

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

OVERLAP_WEIGHT = 1.0
SHARE_WEIGHT = 0.5
SECOND_GAIN = 0.3
"""What a second stretch must add to the probability that something of the answer is marked."""
LEAST_PROBABILITY = 1e-3  # of a span that is looked at: the rest weighs nothing and costs time
LONGEST_SENTENCE = 150  # units: of longer ones (lists, tables) the rest is not looked at

Marks = tuple[tuple[int, int], ...]


class SpanModel:
    """The weights of the span model of one language, from config/marking/<code>.tsv; a question's part of them is
    read when it is asked."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._lines: dict[str, str] = {}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                head, blank, weights = line.partition("\t:\t")
                if not blank:
                    raise SettingsError(
                        f"{name}: expected lines of keys, a colon between tabs, and weights, found {line[:40]!r}"
                    )
                self._lines[head] = weights
        self._tables: dict[str, dict[str, float]] = {}

    @classmethod
    def of(cls, language: str) -> "SpanModel | None":
        """The model of a language; None when none is shipped."""
        path = config_folder() / "marking" / f"{language}.tsv"
        return cls(path.read_text(encoding="utf-8"), path.name) if language and path.is_file() else None

    def tables(self, query: Query) -> dict[tuple[str, str], list[dict[str, float]]]:
        """For each role and view the tables (property -> weight) that the question's keys select."""
        keys = question_keys(query)
        views = [(role, name, letters) for role in ROLES for name, letters in VIEWS[role]]
        views.append((LENGTH, "length", "*qh"))
        selected: dict[tuple[str, str], list[dict[str, float]]] = {}
        for role, name, letters in views:
            found = [self._table(f"{role}\t{name}\t{letter}\t{keys[letter]}") for letter in letters]
            selected[role, name] = [table for table in found if table]
        return selected

    def _table(self, head: str) -> dict[str, float]:
        if head not in self._tables:
            cells = self._lines[head].split("\t") if head in self._lines else []
            pairs = (cell.rpartition("=") for cell in cells)
            try:
                self._tables[head] = {prop: float(weight) for prop, _, weight in pairs}
            except ValueError as error:
                raise SettingsError(f"{self._name}: a weight is no number in the line of {head!r}") from error
        return self._tables[head]


class Spans(NamedTuple):
    """The spans of one sentence that may answer: first and last unit (arrays), their probabilities, and the log of
    the sum of all scores."""

    first: "npt.NDArray[np.int64]"
    last: "npt.NDArray[np.int64]"
    probability: "npt.NDArray[np.float64]"
    log_sum: float


class Question:
    """One question as the model sees it; keep it for all sentences that are marked for the question."""

    def __init__(self, query: Query, model: SpanModel) -> None:
        self.query = query
        self._tables = model.tables(query)
        self._known: dict[tuple[str, str, str], float] = {}
        lengths = [self._weight(LENGTH, "length", str(length)) for length in range(1, LONGEST + 1)]
        self._lengths = lengths

    def spans(self, sentence: Sequence[Unit]) -> Spans:
        """The softmax over all spans of at most LONGEST units."""
        import numpy as np

        count = len(sentence)
        scores = np.array(
            [
                [
                    sum(self._weight(role, name, values[role][name]) for name, _ in VIEWS[role])
                    for role in (START, END, INSIDE, GAP)
                ]
                for values in properties(self.query, sentence)
            ]
        )
        start, end, inside, gap = scores.T
        covered = np.concatenate([[0.0], np.cumsum(inside + gap)])
        first, last = np.nonzero(_band(count))
        total = start[first] + end[last] + covered[last + 1] - covered[first] - gap[first]
        total += np.array(self._lengths)[last - first]
        peak = float(total.max())
        weights = np.exp(total - peak)
        mass = float(weights.sum())
        probability = weights / mass
        kept = probability >= LEAST_PROBABILITY
        return Spans(first[kept], last[kept], probability[kept], peak + math.log(mass))

    def _weight(self, role: str, name: str, value: str) -> float:
        known = self._known.get((role, name, value))
        if known is None:
            known = sum(table.get(value, 0.0) for table in self._tables[role, name])
            self._known[role, name, value] = known
        return known


def _band(count: int) -> "npt.NDArray[np.bool_]":
    """Which pairs of first and last unit are spans of a sentence."""
    import numpy as np

    away = np.arange(count)[None, :] - np.arange(count)[:, None]
    return (away >= 0) & (away < LONGEST)


class Marker:
    """Marks the words that answer, in any language: by the span model where one is shipped, else by rules."""

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists
        self._words: dict[str, AnswerWords] = {}
        self._models: dict[str, SpanModel | None] = {}

    def mark(self, query: Query, text: str, tokens: Sequence[Token]) -> Marks:
        """The stretches of `text` that answer, as sorted, disjoint offsets into it; () when nothing in it can.

        `tokens` are the text's own, with offsets into it.
        """
        if query.language not in self._words:
            self._words[query.language] = AnswerWords(self._lists, query.language)
        words = self._words[query.language]
        sentence = units(text, tokens, words)[:LONGEST_SENTENCE]
        if not sentence:
            return ()
        model = self._model(query.language)
        if model is None:
            return marked_by_rules(query, sentence, words)
        return chosen(Question(query, model).spans(sentence), sentence, len(text))

    def _model(self, language: str) -> SpanModel | None:
        if language not in self._models:
            self._models[language] = SpanModel.of(language)
        return self._models[language]


def chosen(spans: Spans, sentence: Sequence[Unit], characters: int) -> Marks:
    """The span that is worth most: expected F1 + the probability of overlapping the answer - a share of the length;
    and a second one where that makes an overlap much likelier."""
    import numpy as np

    first, last, probability = spans.first, spans.last, spans.probability
    shared = np.minimum(last[:, None], last) - np.maximum(first[:, None], first) + 1
    length = last - first + 1
    overlaps = shared > 0
    expected_f1 = (2 * np.maximum(shared, 0) / (length[:, None] + length)) @ probability
    starts = np.array([unit.start for unit in sentence])[first]
    ends = np.array([unit.end for unit in sentence])[last]
    worth = expected_f1 + OVERLAP_WEIGHT * (overlaps @ probability) - SHARE_WEIGHT * (ends - starts) / characters
    best = int(worth.argmax())
    picked = [best]
    gain = np.where(overlaps[best], -1.0, (overlaps & ~overlaps[best]) @ probability)
    second = int(gain.argmax())
    if gain[second] > SECOND_GAIN:
        picked.append(second)
    return tuple(sorted((int(starts[place]), int(ends[place])) for place in picked))
