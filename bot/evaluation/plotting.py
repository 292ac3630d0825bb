"""The plot of confidence: a reliability diagram and a risk-coverage curve, side by side, as SVG or PNG."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import SettingsError
from bot.evaluation.confidence import Confidences
from bot.evaluation.measures import Bin, area_under_risk, calibration_bins, calibration_error, risks
from bot.messages import Messages

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".svg", ".png")
BLUE, ORANGE, GREY = "#1f5f99", "#d97a1f", "#8a8a8a"


def check_plot(path: Path) -> None:
    """Raise SettingsError now for a plot that could not be drawn after a long measurement."""
    if path.suffix.lower() not in FORMATS:
        raise SettingsError(
            f"{path}: a plot is written as {' or '.join(FORMATS)}; found {path.suffix or 'no suffix'!r}"
        )
    if not path.parent.is_dir():
        raise SettingsError(f"{path}: there is no folder {path.parent}; name a file in one that exists")
    try:
        import matplotlib  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise SettingsError("plots need Matplotlib: pip install 'verbatim-bot[plots]' brings it") from error


def draw(held: Confidences, path: Path, title: str, messages: Messages) -> None:
    """Write the plot of one trial to `path`. Raises SettingsError when it cannot be written."""
    check_plot(path)
    figure = blank(10, 4.6)
    reliability, coverage = figure.subplots(1, 2)
    _draw_reliability(reliability, held, messages)
    _draw_coverage(coverage, held, messages)
    figure.suptitle(title)
    save(figure, path)


def blank(width: float, height: float) -> "Figure":
    """An empty figure of so many inches, which needs no display. Raises ImportError without Matplotlib."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def save(figure: "Figure", path: Path) -> None:
    """Write a figure as the path's suffix says. Raises SettingsError when it cannot be written."""
    try:
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be written ({error.strerror}); name a file in a folder that can"
        ) from error


def _draw_reliability(axes: "Axes", held: Confidences, messages: Messages) -> None:
    """Share right against confidence, a dot per bin of equal width, its area the number of questions."""
    bins = calibration_bins(held.confidence, held.right, equal_mass=False)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label=messages.text("evaluation.plot.perfect"))
    axes.vlines(
        [one.confidence for one in bins],
        [one.confidence for one in bins],
        [one.right for one in bins],
        color=ORANGE,
        linewidth=1.5,
    )
    axes.scatter([one.confidence for one in bins], [one.right for one in bins], s=_areas(bins), color=BLUE, zorder=3)
    axes.set(
        xlim=(-0.03, 1.03),
        ylim=(-0.03, 1.03),
        aspect="equal",
        xlabel=messages.text("evaluation.plot.confidence"),
        ylabel=messages.text("evaluation.plot.right"),
        title=messages.text("evaluation.plot.reliability", error=f"{calibration_error(bins):.3f}"),
    )
    axes.legend(loc="upper left", frameon=False)
    axes.grid(alpha=0.25)


def _draw_coverage(axes: "Axes", held: Confidences, messages: Messages) -> None:
    """Share wrong among the most confident, against how many of all are answered; and the best possible curve."""
    curve = risks(held.confidence, held.right)
    shares = np.arange(1, len(curve) + 1) / max(1, len(curve))
    perfect = risks(held.right.astype(np.float64), held.right)
    axes.plot(shares, curve, color=BLUE, linewidth=2, label=messages.text("evaluation.plot.measured"))
    axes.plot(shares, perfect, color=GREY, linestyle="--", linewidth=1, label=messages.text("evaluation.plot.perfect"))
    axes.set(
        xlim=(0, 1),
        ylim=(0, None),
        xlabel=messages.text("evaluation.plot.coverage"),
        ylabel=messages.text("evaluation.plot.risk"),
        title=messages.text(
            "evaluation.plot.risk_coverage", area=f"{area_under_risk(held.confidence, held.right):.3f}"
        ),
    )
    axes.legend(loc="upper left", frameon=False)
    axes.grid(alpha=0.25)


def _areas(bins: list[Bin]) -> list[float]:
    most = max((one.questions for one in bins), default=1)
    return [15 + 150 * one.questions / most for one in bins]
