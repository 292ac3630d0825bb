"""The files of a fitted ranking, as they are written."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.answering.confidence import Confidence, Logistic
from bot.evaluation.fitting.tables import (
    TableLines,
)


def write_model(path: Path, provenance: Sequence[str], weights: Mapping[str, float], confidence: Confidence) -> None:
    """Write one language's weights and confidence as TOML."""
    lines = [
        *(f"# {line}" for line in provenance),
        "",
        "[weights]",
        *(f'"{name}" = {weight:.5g}' for name, weight in weights.items()),
        "",
        "# Each weight in a large library, in a small one.",
        *_logistic_lines("present", confidence.present),
        *_logistic_lines("first", confidence.first),
        "[confidence.curve]",
        f"logits = {_row(confidence.curve.logits, 4)}",
        f"large = {_row(confidence.curve.large, 4)}",
        f"small = {_row(confidence.curve.small, 4)}",
        "",
    ]
    write_text(path, "\n".join(lines))


def _logistic_lines(name: str, model: Logistic) -> list[str]:
    return [
        f"[confidence.{name}]",
        f"intercept = {_row(model.intercept, 5)}",
        "",
        f"[confidence.{name}.weights]",
        *(f'"{sign}" = {_row(sized, 5)}' for sign, sized in model.weights.items()),
        "",
    ]


def _row(values: Sequence[float], digits: int) -> str:
    return f"[{', '.join(f'{value:.{digits}g}' for value in values)}]"


def write_table(path: Path, provenance: Sequence[str], lines: TableLines) -> None:
    write_text(path, table_text(provenance, lines))


def table_text(notes: Sequence[str], lines: TableLines) -> str:
    comments = (f"# {note}".rstrip() + "\n" for note in notes)
    return "".join([*comments, *(f"{key}\t{rest}\n" for key, rest in lines.items())])


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
