"""The doctor's checks, one by one; the whole command is tested as a process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.articles.library import Library
from bot.console.doctor import Doctor, Finding, State, finding_lines
from bot.errors import LibraryDamagedError
from bot.messages import Messages
from bot.settings import load_settings

MESSAGES = Messages.load("en")


def doctor(**environment: str) -> Doctor:
    return Doctor(load_settings(environment=environment), MESSAGES)


def only(findings: Iterator[Finding]) -> Finding:
    (finding,) = findings
    return finding


def test_a_missing_library_is_worth_a_note(tmp_path: Path) -> None:
    @contextmanager
    def missing() -> Iterator[Library | None]:
        yield None

    finding = only(doctor().library(str(tmp_path), missing))
    assert finding.state is State.NOTE
    assert str(tmp_path) in finding.found


def test_a_library_that_does_not_open_is_wrong_with_the_reason(tmp_path: Path) -> None:
    @contextmanager
    def damaged() -> Iterator[Library | None]:
        raise LibraryDamagedError("library.sqlite: is damaged; bring back a backup")
        yield

    assert only(doctor().library(str(tmp_path), damaged)) == Finding(
        "library", State.WRONG, "library.sqlite: is damaged; bring back a backup"
    )


def test_a_folder_that_is_a_file_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    finding = only(doctor().folder(tmp_path / "taken" / "library"))
    assert finding.state is State.WRONG
    assert "is no folder" in finding.found


def test_a_folder_that_is_not_there_yet_is_judged_by_the_one_above(tmp_path: Path) -> None:
    folder, disk = doctor().folder(tmp_path / "a" / "b")
    assert (folder.state, folder.found) == (State.GOOD, f"{tmp_path} can be written")
    assert disk.state is State.GOOD


def test_a_folder_that_cannot_be_written_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert next(iter(doctor().folder(tmp_path))).state is State.WRONG


def test_a_folder_that_everybody_can_write_is_worth_a_note(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    finding = next(iter(doctor().folder(tmp_path)))
    assert finding.state is State.NOTE
    assert finding.advice == f"Run: chmod o-w {tmp_path}"


def test_a_full_disk_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.console.doctor.LEAST_FREE_BYTES", 10**20)
    assert [finding.state for finding in doctor().folder(tmp_path)] == [State.GOOD, State.WRONG]


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), State.WRONG),
        (datetime.now(UTC), State.GOOD),
        (datetime.now(UTC) - timedelta(days=1), State.WRONG),
    ],
)
def test_a_clock_that_stands_before_what_it_wrote_is_wrong(moment: datetime, state: State, tmp_path: Path) -> None:
    assert only(doctor().clock(now=moment, kept=tmp_path)).state is state


@pytest.mark.parametrize(("encoding", "state"), [("utf-8", State.GOOD), ("UTF8", State.GOOD), ("ascii", State.NOTE)])
def test_a_terminal_without_all_letters_is_worth_a_note(encoding: str, state: State) -> None:
    assert only(doctor().terminal(encoding)).state is state


def test_a_language_without_messages_is_named_with_those_that_have_some() -> None:
    (_, language) = doctor(VERBATIM_LANGUAGE="tlh").settings(None)
    assert language.state is State.NOTE
    assert "en" in language.advice
    assert len(list(doctor(VERBATIM_LANGUAGE="en-GB").settings(None))) == 1


def test_no_token_is_worth_a_note_and_stops_nothing() -> None:
    assert only(doctor().token()).state is State.NOTE


def test_a_token_is_never_shown() -> None:
    finding = only(doctor(VERBATIM_TELEGRAM_TOKEN="1:SECRET", VERBATIM_TELEGRAM_API_URL="http://127.0.0.1:9").token())
    assert finding.state is State.WRONG
    assert "SECRET" not in repr(finding)


def test_each_state_is_told_in_words_not_by_colour_alone() -> None:
    findings = [Finding("disk", state, "found", "Do this.") for state in State]
    assert [str(line) for line in finding_lines(findings, MESSAGES)] == [
        "ok     disk: found. Do this.",
        "note   disk: found. Do this.",
        "wrong  disk: found. Do this.",
    ]


def test_what_many_machines_share_needs_a_key_that_all_are_given() -> None:
    unset = only(doctor(VERBATIM_TELEGRAM_TOKEN="1:x").stored_data(None))
    assert unset.state is State.WRONG
    assert "VERBATIM_TELEGRAM_DATA_KEY" in unset.found
    assert only(doctor(VERBATIM_TELEGRAM_DATA_KEY="a phrase").stored_data(None)).state is State.GOOD
