"""The command over a library in a database: the same answers, and an outage that is never taken for an answer."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.console.process import ANSWERABLE, ARTICLE, UNANSWERABLE, Ended, run
from tests.postgresql import GUARDED, PASSWORD, Server

Verbatim = Callable[..., Ended]


@pytest.fixture
def verbatim(postgresql: Server, tmp_path: Path) -> Verbatim:
    """The command in a home of its own over a library in a schema of its own."""
    (tmp_path / "brannow.txt").write_text(ARTICLE, encoding="utf-8")
    place = postgresql.url(options=f"schema={tmp_path.name.lower().replace('-', '_')[-38:]}")
    return partial(run, tmp_path, VERBATIM_LIBRARY=place)


def test_articles_go_in_answer_and_go_out_as_from_a_folder(verbatim: Verbatim, tmp_path: Path) -> None:
    assert verbatim("articles") == Ended(0, "", "")
    assert verbatim("add", "brannow.txt").status == 0
    answered = verbatim("ask", "--json", "--top", "1", ANSWERABLE)
    assert answered.status == 0, answered.error
    assert verbatim("ask", UNANSWERABLE).status == 1
    exported = verbatim("export")
    assert json.loads(exported.out)["text"] == ARTICLE
    (tmp_path / "moved.jsonl").write_text(exported.out, encoding="utf-8")
    folder = str(tmp_path / "folder")
    assert run(tmp_path, "--library", folder, "add", "moved.jsonl").status == 0
    moved = run(tmp_path, "--library", folder, "ask", "--json", "--top", "1", ANSWERABLE)
    first, second = (json.loads(one.out) for one in (answered, moved))
    assert first | {"elapsed_ms": 0} == second | {"elapsed_ms": 0}
    assert verbatim("remove", "--yes", "brannow.txt").status == 0
    assert verbatim("articles").out == ""


def test_a_backup_of_a_database_is_restored_into_a_folder(verbatim: Verbatim, tmp_path: Path) -> None:
    assert verbatim("add", "brannow.txt").status == 0
    assert verbatim("backup", "copy.sqlite").status == 0
    folder = str(tmp_path / "folder")
    assert run(tmp_path, "--library", folder, "restore", "--yes", "copy.sqlite").status == 0
    assert run(tmp_path, "--library", folder, "ask", ANSWERABLE).status == 0
    assert verbatim("restore", "--yes", "copy.sqlite").status == 0
    assert verbatim("ask", ANSWERABLE).status == 0


def test_a_password_comes_from_the_environment_or_a_file_and_is_never_shown(
    postgresql: Server, verbatim: Verbatim, tmp_path: Path
) -> None:
    postgresql.execute(f"CREATE SCHEMA IF NOT EXISTS by_password AUTHORIZATION {GUARDED}")
    place = postgresql.url(user=GUARDED, options="schema=by_password")
    (tmp_path / "password").write_text(PASSWORD + "\n")
    (tmp_path / "brannow.txt").write_text(ARTICLE)
    guarded = partial(run, tmp_path, VERBATIM_LIBRARY=place)
    added = guarded("add", "brannow.txt", VERBATIM_DATABASE_PASSWORD=PASSWORD)
    assert added.status == 0, added.error
    assert guarded("ask", ANSWERABLE, VERBATIM_DATABASE_PASSWORD_FILE="password").status == 0
    refused = guarded("--debug", "ask", ANSWERABLE, VERBATIM_DATABASE_PASSWORD="hush-hush")
    assert refused.status == 2
    assert "refuses the password of this user" in refused.error
    assert "hush-hush" not in refused.out + refused.error


COMMANDS = [("ask", ANSWERABLE), ("articles",), ("add", "brannow.txt"), ("doctor",), ("export",)]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_database_that_is_away_is_one_line_and_status_2(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "brannow.txt").write_text(ARTICLE)
    ended = run(tmp_path, *command, VERBATIM_LIBRARY="postgresql://nobody@127.0.0.1:9/db")
    assert ended.status == 2
    assert ended.error.count("\n") == 1
    assert "127.0.0.1:9/db: the database cannot be reached" in ended.out + ended.error
    assert "do not say" not in ended.out + ended.error
