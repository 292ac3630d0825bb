"""The benchmarks' plots are drawn from their figures, or refused before anything is measured."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.benchmarks import growing, retrieval
from tests.benchmarks.plots import draw_contenders, draw_growth

SIZES = [
    (1_000_000, {"search": (2.3, 5.0), "rank": (7.5, 9.0), "refresh": (0.0, 0.1), "whole": (21.5, 51.0)}),
    (10_000, {"search": (1.4, 3.0), "rank": (6.5, 8.0), "refresh": (0.0, 0.1), "whole": (17.3, 51.0)}),
    (10_200, {"search": (1.4, 3.0), "rank": (6.4, 8.0), "refresh": (0.0, 0.1), "whole": (17.1, 50.0)}),
]
TIMES = {"rank-bm25": 199.0, "verbatim, disk, engine": 0.63, "tantivy": 12.0}


def labels(drawn: Path) -> list[str]:
    """The upright texts of an SVG from top to bottom; Matplotlib names in a comment what it draws as outlines."""
    pattern = r'<!-- (.+?) -->\s*<g transform="translate\(\S+ ([\d.]+)\) scale'
    found = re.findall(pattern, drawn.read_text(encoding="utf-8"))
    return [label for label, _ in sorted(found, key=lambda one: float(one[1]))]


def test_growth_labels_sizes_that_lie_apart_and_lists_the_slowest_stage_first(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    draw_growth(SIZES, tmp_path / "growth.svg")
    drawn = labels(tmp_path / "growth.svg")
    assert [label for label in drawn if re.fullmatch(r"[\d,]{5,}", label)] == ["10,000", "1,000,000"]
    order = ["whole, p99", "whole, p50", "rank", "search", "refresh"]
    assert [label for label in drawn if label in order] == order


def test_the_fastest_contender_stands_on_top_and_each_has_its_figure(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    draw_contenders(TIMES, 91_416, tmp_path / "contenders.svg")
    drawn = labels(tmp_path / "contenders.svg")
    assert [label for label in drawn if label in TIMES] == ["verbatim, disk, engine", "tantivy", "rank-bm25"]
    assert [label for label in drawn if label in {"0.63", "12", "199"}] == ["0.63", "12", "199"]
    assert "91,416 sentences" in drawn


def test_a_plot_is_a_png_by_its_ending(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    draw_contenders(TIMES, 91_416, tmp_path / "contenders.png")
    assert (tmp_path / "contenders.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("benchmark", [growing.main, retrieval.main])
def test_an_ending_that_cannot_be_drawn_is_refused_at_once(benchmark: click.Command) -> None:
    refused = CliRunner().invoke(benchmark, [__file__, "--plot", "plot.pdf"])
    assert refused.exit_code == 2
    assert "plot.pdf: a plot is written as .svg or .png; found '.pdf'" in refused.output
