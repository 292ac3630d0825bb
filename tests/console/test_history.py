"""The history: kept between sessions, for its owner alone, and never in the way."""

import stat
from pathlib import Path

import pytest

from bot.console import history
from bot.console.prompt import open_history


def test_the_history_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history"
    assert history.prepare(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.touch(0o644)
    assert history.prepare(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_questions_come_back_in_the_next_session_the_newest_first(tmp_path: Path) -> None:
    path = tmp_path / "history"
    for question in ("Who?", "Де?\nКоли?"):
        open_history(path).store_string(question)
    assert list(open_history(path).load_history_strings()) == ["Де?\nКоли?", "Who?"]


def test_a_history_that_grew_is_cut_to_whole_newer_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "KEPT_BYTES", 2000)
    path = tmp_path / "history"
    kept = open_history(path)
    for number in range(100):
        kept.store_string(f"question {number}")
    entries = list(open_history(path).load_history_strings())
    assert entries[0] == "question 99"
    assert 10 < len(entries) < 50
    assert entries == [f"question {number}" for number in range(99, 99 - len(entries), -1)]
    assert path.stat().st_size <= 1000
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["history"]


def test_without_a_place_for_the_file_the_session_keeps_its_own_history(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    kept = open_history(tmp_path / "state" / "history")
    kept.append_string("Who?")
    assert kept.get_strings() == ["Who?"]


def test_a_history_that_cannot_be_written_any_more_costs_no_question(tmp_path: Path) -> None:
    path = tmp_path / "history"
    kept = open_history(path)
    path.unlink()
    path.mkdir()
    kept.append_string("Who?")
    assert kept.get_strings() == ["Who?"]
