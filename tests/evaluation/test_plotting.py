"""Plots are drawn, or refused in time."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.evaluation.plotting import check_plot, draw
from bot.evaluation.protocols import PROTOCOLS
from bot.messages import Messages
from tests.evaluation.fakes import bench
from tests.evaluation.test_protocols import FILE


@pytest.mark.parametrize(("name", "start"), [("plot.svg", b"<?xml"), ("plot.png", b"\x89PNG")])
def test_a_plot_is_written_as_its_suffix_says(tmp_path: Path, name: str, start: bytes) -> None:
    pytest.importorskip("matplotlib")
    held = PROTOCOLS["absent"](FILE, "file", bench()).confidences
    assert held is not None
    draw(held, tmp_path / name, "Title", Messages.load("en"))
    assert (tmp_path / name).read_bytes().startswith(start)


def test_another_suffix_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"plot\.pdf: a plot is written as \.svg or \.png; found '\.pdf'"):
        check_plot(Path("plot.pdf"))
