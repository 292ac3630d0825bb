"""TREC's files: runs and qrels written and read, and a run's measures by ir-measures."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from bot.errors import ReadingError, SettingsError
from bot.evaluation.questions import Judgement, lines_of

RUN_TAG = "verbatim"
STANDARD_MEASURES = ("Success@1", "Success@5", "Success@10", "RR", "nDCG@10", "R@100")


class RunLine(NamedTuple):
    """One hit of a run: `rank` starts at 1 within its topic, scores fall."""

    topic: str
    document: str
    rank: int
    score: float


class MeasuredTopic(NamedTuple):
    """One measure's value for one topic."""

    topic: str
    measure: str
    value: float


def ranked_lines(topic: str, scored: Iterable[tuple[str, float]]) -> list[RunLine]:
    """The run's lines of one topic from (document, score), best first; a document that comes twice counts once."""
    best: dict[str, float] = {}
    for document, score in scored:
        best.setdefault(document, score)
    return [RunLine(topic, document, rank, score) for rank, (document, score) in enumerate(best.items(), 1)]


def document_name(name: str) -> str:
    """A name without blanks, as TREC's files need it: percent-encoded where one stands."""
    return quote(name, safe="".join(map(chr, range(33, 127))).replace("%", ""))


def write_run(path: Path, lines: Iterable[RunLine]) -> None:
    """Write a run file: topic, Q0, document, rank, score, tag on each line. Raises SettingsError when it cannot."""
    _write(path, (f"{line.topic} Q0 {line.document} {line.rank} {line.score!r} {RUN_TAG}\n" for line in lines))


def read_run(path: Path) -> list[RunLine]:
    """The lines of a run file. Raises ReadingError for a line of another shape and for a document ranked twice."""
    lines: dict[tuple[str, str], RunLine] = {}
    for number, text in lines_of(path):
        fields = text.split()
        try:
            topic, _, document, rank, score, _ = fields
            line = RunLine(topic, document, int(rank), float(score))
        except ValueError:
            raise ReadingError(
                f"{path}, line {number}: expected a topic, Q0, a document, a rank, a score and a tag; "
                f"found {text[:60]!r}"
            ) from None
        if math.isnan(line.score):
            raise ReadingError(f"{path}, line {number}: the score is no number")
        if (topic, document) in lines:
            raise ReadingError(f"{path}, line {number}: {document!r} is ranked twice for topic {topic!r}")
        lines[topic, document] = line
    if not lines:
        raise ReadingError(f"{path}: holds no hit; expected lines such as 'q1 Q0 document 1 9.5 tag'")
    return list(lines.values())


def write_qrels(path: Path, judgements: Iterable[Judgement]) -> None:
    """Write a qrels file: topic, 0, document, relevance on each line. Raises SettingsError when it cannot."""
    _write(path, (f"{judged.topic} 0 {judged.document} {judged.relevance}\n" for judged in judgements))


def measure_run(
    qrels: Iterable[Judgement], run: Iterable[RunLine], names: Sequence[str] = STANDARD_MEASURES
) -> list[MeasuredTopic]:
    """Each measure's value for each judged topic; one that the run lacks counts 0.

    The names are ir-measures' ("nDCG@10"). Raises SettingsError for an unknown one and where the extra is missing.
    """
    measures = _parsed(names)
    import ir_measures  # there, or the line above had said so

    judged = [ir_measures.Qrel(line.topic, line.document, line.relevance) for line in qrels]
    found = [ir_measures.ScoredDoc(line.topic, line.document, line.score) for line in run]
    measured = [
        MeasuredTopic(metric.query_id, str(metric.measure), float(metric.value))
        for metric in ir_measures.iter_calc(measures, judged, found)
    ]
    order = [str(measure) for measure in measures]
    return sorted(measured, key=lambda one: order.index(one.measure))


def check_measures(names: Sequence[str]) -> None:
    """Raise SettingsError now for an unknown measure, or a missing extra, rather than after a long run."""
    _parsed(names)


def _parsed(names: Sequence[str]) -> list[Any]:
    """ir-measures' own objects for the names of measures."""
    try:
        import ir_measures  # brings SciPy, and with it a second of import: in an extra
    except ImportError as error:
        raise SettingsError(
            "TREC measures need the package ir-measures: pip install 'verbatim-bot[eval]' brings it"
        ) from error
    measures = []
    for name in names:
        try:
            measures.append(ir_measures.parse_measure(name))
        except (NameError, ValueError, SyntaxError) as error:
            raise SettingsError(
                f"{name}: is no measure of ir-measures; expected names such as {', '.join(STANDARD_MEASURES)}"
            ) from error
    return measures


def _write(path: Path, lines: Iterable[str]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be written ({error.strerror}); name a file in a folder that can"
        ) from error
