"""Which engine the commands work with, and what they say of it."""

from pathlib import Path

import pytest

from tests.console.process import ANSWERABLE, ARTICLE, run

SENTENCES = 10_200  # a few more than are searched in memory


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "brannow.txt").write_text(ARTICLE)
    return tmp_path


def test_the_disk_engine_can_be_chosen_and_add_returns_when_its_index_is_ready(home: Path) -> None:
    assert run(home, "add", "brannow.txt", VERBATIM_ENGINE="disk").status == 0
    doctor = run(home, "doctor", VERBATIM_ENGINE="disk")
    assert "engine: disk: on disk, an index of 0.0 MB in" in doctor.out
    assert "not in it" not in doctor.out
    asked = run(home, "ask", ANSWERABLE, VERBATIM_ENGINE="disk")
    assert (asked.status, asked.error) == (0, "")
    assert run(home, "ask", ANSWERABLE, VERBATIM_ENGINE="memory").out == asked.out


def test_what_another_engine_put_in_is_told_and_then_taken_up(home: Path) -> None:
    run(home, "add", "brannow.txt", VERBATIM_ENGINE="memory")
    doctor = run(home, "doctor", VERBATIM_ENGINE="disk")
    assert "1 change of the library is not in it. The next question puts them in" in doctor.out
    assert run(home, "ask", ANSWERABLE, VERBATIM_ENGINE="disk").status == 0
    assert "not in it" not in run(home, "doctor", VERBATIM_ENGINE="disk").out


def test_a_library_that_outgrows_memory_moves_to_the_disk_and_says_so_once(home: Path) -> None:
    assert run(home, "add", "brannow.txt").status == 0
    assert "engine: auto: in memory" in run(home, "doctor").out
    words = ["stone", "bridge", "river", "tower", "market", "garden", "winter", "letter", "engine", "island"]
    for part in range(2):
        lines = [
            f"The {words[n % 10]} number {n} stood by the {words[n // 10 % 10]} of part {part}."
            for n in range(part * SENTENCES, (part + 1) * SENTENCES)
        ]
        (home / f"long{part}.txt").write_text("\n\n".join(" ".join(lines[n : n + 5]) for n in range(0, SENTENCES, 5)))
    first, second = (run(home, "add", f"long{part}.txt") for part in range(2))
    assert "The library has outgrown memory: from now on it is searched on disk." in first.error
    assert second.error == ""
    assert "engine: auto: on disk, an index of" in run(home, "doctor").out
    assert run(home, "ask", ANSWERABLE).status == 0
    assert "on disk" not in run(home, "articles").out
