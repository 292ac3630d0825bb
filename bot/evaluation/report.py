"""Reports: what a protocol measured, as a table for people and as JSON for programs."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from bot.evaluation.measures import LEVEL, RESAMPLES, SEED, Estimate
from bot.messages import Messages

if TYPE_CHECKING:
    from rich.table import Table


class Figure(msgspec.Struct, frozen=True):
    """One measured value with its interval (none when `low` is missing).

    `name` is stable, for programs; the catalogue's message "evaluation.figure.<name>" is what people read. `unit` is
    "" for plain numbers, "ms" for milliseconds.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    unit: str = ""

    @classmethod
    def of(cls, name: str, estimate: Estimate) -> "Figure":
        """The figure of an estimate."""
        return cls(name, estimate.value, estimate.low, estimate.high)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What one protocol measured on one file: `questions` were asked of a library of `articles`."""

    protocol: str
    file: str
    articles: int
    questions: int
    figures: tuple[Figure, ...]
    seed: int = SEED
    resamples: int = RESAMPLES
    level: float = LEVEL

    def value(self, name: str) -> float:
        """The value of a figure by name. Raises KeyError for a name that the report lacks."""
        for figure in self.figures:
            if figure.name == name:
                return figure.value
        raise KeyError(name)


def reports_json(reports: Sequence[Report]) -> str:
    """One JSON object with the reports in order; a value that could not be measured is null."""
    return msgspec.json.encode({"reports": [_plain(report) for report in reports]}).decode()


def as_table(report: Report, messages: Messages) -> "Table":
    """The report as a table for a terminal."""
    from rich.table import Table

    heading = messages.text(
        f"evaluation.protocol.{report.protocol}",
        questions=f"{report.questions:,}",
        articles=f"{report.articles:,}",
    )
    table = Table(title=heading, title_justify="left", title_style="bold", caption_justify="left")
    table.caption = messages.text(
        "evaluation.interval", percent=round(100 * report.level), resamples=report.resamples, seed=report.seed
    )
    table.add_column(messages.text("evaluation.measure"))
    table.add_column(messages.text("evaluation.value"), justify="right")
    table.add_column(messages.text("evaluation.from_to"), justify="right")
    for figure in report.figures:
        table.add_row(
            _words(figure.name, messages),
            shown(figure.value, figure.unit),
            "" if figure.low is None or figure.high is None else f"{shown(figure.low)} – {shown(figure.high)}",
        )
    return table


def _words(name: str, messages: Messages) -> str:
    """What people read for a figure; TREC's measures go by their own names."""
    key = f"evaluation.figure.{name}"
    return messages.text(key) if key in messages else name


def shown(value: float, unit: str = "") -> str:
    """A value as the tables show it."""
    if math.isnan(value):
        return "–"
    if unit == "ms":
        return f"{value:.2f} ms"
    return f"{value:.0f}" if unit == "count" else f"{value:.4f}"


def _plain(report: Report) -> dict[str, object]:
    fields: dict[str, object] = {name: getattr(report, name) for name in report.__struct_fields__}
    fields["figures"] = {
        figure.name: {"value": _finite(figure.value)}
        | ({} if figure.low is None else {"low": _finite(figure.low), "high": _finite(figure.high)})
        | ({"unit": figure.unit} if figure.unit else {})
        for figure in report.figures
    }
    return fields


def _finite(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else round(value, 6)
