"""The plots of the benchmarks: how an answer's stages grow with the library, and how long each contender takes."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import click

from bot.errors import SettingsError

APART = 1.3  # sizes nearer to each other than this ratio share one label
MILLISECONDS, SENTENCES = "{x:,g}", "{x:,.0f}"


def _checked(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
    """The path, when a plot can be drawn there: a run of hours is not to end without."""
    if path is not None:
        # Imported only for a plot: the processes whose memory `growing` measures import this module, too.
        from bot.evaluation.plotting import check_plot

        try:
            check_plot(path)
        except SettingsError as error:
            raise click.BadParameter(str(error)) from error
    return path


plot_option = click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_checked,
    help="Draw the times to this file, .png or .svg.",
)


def draw_growth(sizes: Sequence[tuple[int, Mapping[str, Sequence[float]]]], path: Path) -> None:
    """Draw each stage's median and the p50 and p99 of the whole against the number of sentences, both on log axes.

    `sizes` has the sentences of a library with the p50 and p99 of each stage in milliseconds, the whole among them.
    """
    from bot.evaluation.plotting import blank, save

    ordered = sorted(sizes, key=lambda size: size[0])
    sentences = [size for size, _ in ordered]
    medians = {stage: [stages[stage][0] for _, stages in ordered] for stage in ordered[-1][1]}
    whole = medians.pop("whole")
    figure = blank(8, 5)
    axes = figure.subplots()
    axes.plot(sentences, [stages["whole"][1] for _, stages in ordered], "k--o", linewidth=2, label="whole, p99")
    axes.plot(sentences, whole, "k-o", linewidth=2, label="whole, p50")
    for stage in sorted(medians, key=lambda stage: medians[stage][-1], reverse=True):
        axes.plot(sentences, medians[stage], marker="o", markersize=4, label=stage)
    axes.set_xscale("log")
    axes.set_yscale("log", nonpositive="mask")
    axes.set_xticks([size for before, size in pairwise([0, *sentences]) if size > APART * before])
    axes.set_xticks([], minor=True)
    axes.xaxis.set_major_formatter(SENTENCES)
    axes.yaxis.set_major_formatter(MILLISECONDS)
    axes.set(xlabel="sentences", ylabel="milliseconds of the processor", title="A question's stages, p50")
    axes.grid(alpha=0.25)
    figure.legend(loc="outside right upper", frameon=False)
    save(figure, path)


def draw_contenders(milliseconds: Mapping[str, float], sentences: int, path: Path) -> None:
    """Draw each contender's p50 as a bar on a log axis, the fastest on top, ours in a colour of their own."""
    from bot.evaluation.plotting import BLUE, GREY, blank, save

    names = sorted(milliseconds, key=lambda name: milliseconds[name])
    times = [milliseconds[name] for name in names]
    figure = blank(8, 1.2 + 0.32 * len(names))
    axes = figure.subplots()
    bars = axes.barh(names, times, color=[BLUE if name.startswith("verbatim") else GREY for name in names])
    axes.bar_label(bars, [f"{time:,.2f}" if time < 10 else f"{time:,.0f}" for time in times], padding=4)
    axes.invert_yaxis()
    # A log axis has no zero for bars to start at; more than a decade, so that powers of ten alone are labelled.
    axes.set(xscale="log", xlim=(times[0] / 4, times[-1] * 4))
    axes.xaxis.set_major_formatter(MILLISECONDS)
    axes.set(xlabel="milliseconds of a question, p50", title=f"{sentences:,} sentences")
    axes.grid(axis="x", alpha=0.25)
    axes.set_axisbelow(True)
    save(figure, path)
