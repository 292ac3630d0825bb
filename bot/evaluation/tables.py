"""Tables for people of a comparison and of a tuning, and the latter as JSON."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Union

import msgspec

from bot.evaluation.comparison import Change, Comparison, Shown
from bot.evaluation.report import shown
from bot.evaluation.tuning import FEWEST_ABSENT, Row, Tried
from bot.messages import Messages

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

Line = Union["Table", "Text"]
"""What rich prints."""


def comparison_lines(names: tuple[str, str], comparison: Comparison, messages: Messages) -> Iterator[Line]:
    """The two sides' figures with their difference, then the questions that got worse, then those that got better."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=messages.text("evaluation.compared", questions=comparison.questions), title_justify="left")
    table.add_column(messages.text("evaluation.settings"))
    table.add_column(messages.text("evaluation.figure.first_right"), justify="right")
    table.add_column(messages.text("evaluation.from_to"), justify="right")
    for name, estimate in zip(names, (comparison.first, comparison.second), strict=True):
        table.add_row(Text(name), shown(estimate.value), f"{shown(estimate.low)} – {shown(estimate.high)}")
    difference = comparison.difference
    table.add_row(
        messages.text("evaluation.difference", p=f"{difference.p:.3f}"),
        f"{difference.value:+.4f}",
        f"{difference.low:+.4f} – {difference.high:+.4f}",
    )
    yield table
    for key, changes in (("evaluation.worse", comparison.worse), ("evaluation.better", comparison.better)):
        yield Text("\n" + messages.text(key, count=len(changes)), style="bold")
        for change in changes:
            yield from _change_lines(change, names, messages)


def tuning_lines(rows: Sequence[Row], threshold: float, suggested: float | None, messages: Messages) -> Iterator[Line]:
    """What each cut-off does, the present and the suggested one marked."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=messages.text("tune.title", count=rows[0].answerable + rows[0].absent), title_justify="left")
    for name in ("threshold", "answered", "wrong", "false"):
        table.add_column(messages.text(f"tune.{name}"), justify="right")
    table.add_column("")
    for row in rows:
        marks = [key for key, value in (("now", threshold), ("suggested", suggested)) if value == row.threshold]
        table.add_row(
            f"{row.threshold:g}",
            _of(row.answered, row.answerable),
            str(row.wrong),
            _of(row.false, row.absent),
            ", ".join(messages.text(f"tune.{mark}") for mark in marks),
            style="bold" if marks else "",
        )
    yield table
    if suggested is None:
        yield Text(messages.text("tune.no_suggestion"))
    elif rows[0].absent < FEWEST_ABSENT:
        yield Text(messages.text("tune.few", count=rows[0].absent, fewest=FEWEST_ABSENT))


def tuning_json(rows: Sequence[Row], tried: Sequence[Tried], threshold: float, suggested: float | None) -> str:
    """The same as one JSON object, with what came of each question."""
    questions = [
        {
            "question": one.question.question,
            "answerable": one.question.is_answerable,
            "confidence": one.confidence,
            "right": one.right,
            "quote": one.quote,
        }
        for one in tried
    ]
    found = {"threshold": threshold, "suggested": suggested, "cutoffs": [row._asdict() for row in rows]}
    return msgspec.json.encode(found | {"questions": questions}).decode()


def _change_lines(change: Change, names: tuple[str, str], messages: Messages) -> Iterator[Line]:
    from rich.text import Text

    yield Text(f"\n{_on_one_line(change.question)}", style="bold")
    wanted = messages.text("evaluation.wanted", answers=" | ".join(change.answers))
    yield Text(f"  {_on_one_line(wanted)}", style="dim")
    for name, side in zip(names, (change.first, change.second), strict=True):
        yield Text(f"  {name}: {_on_one_line(_side(side, messages))}")


def _side(side: Shown, messages: Messages) -> str:
    if not side.quote:
        return messages.text("evaluation.nothing_found")
    key = "evaluation.quoted" if side.answered else "evaluation.kept_quiet"
    return messages.text(key, quote=side.quote, source=side.source, percent=round(100 * side.confidence))


def _on_one_line(text: str) -> str:
    """The text with blanks for line breaks and for control characters, which could steer the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def _of(part: int, whole: int) -> str:
    return f"{part} / {whole} ({round(100 * part / whole)} %)" if whole else "–"
