import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.console.process import ARTICLE, COMMAND, environment, run


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "lighthouse.txt").write_text(ARTICLE)
    (tmp_path / "bot.toml").write_text('library = "library"\n[sync]\nfolders = ["news"]\n')
    return folder


def config(home: Path) -> list[str]:
    return ["--library", str(home / "library"), "--config", str(home / "bot.toml")]


def sources(home: Path) -> list[str]:
    listed = run(home, *config(home), "articles", "--json").out
    return [Path(json.loads(line)["source"]).name for line in listed.splitlines()]


@contextmanager
def watching(home: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [*COMMAND, *config(home), "sync", "--watch"],
        cwd=home,
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def next_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_sync_follows_the_folders_of_the_settings(tmp_path: Path, news: Path) -> None:
    done = run(tmp_path, *config(tmp_path), "sync")
    assert (done.status, done.out, done.error) == (0, "1 article added.\n", "")
    (news / "mill.txt").write_text("The old mill burnt down in 1901.")
    (news / "lighthouse.txt").unlink()
    done = run(tmp_path, *config(tmp_path), "sync")
    assert (done.status, done.out) == (0, "1 article added, 1 removed.\n")
    assert sources(tmp_path) == ["mill.txt"]


def test_sync_of_nothing_says_what_to_name(tmp_path: Path) -> None:
    done = run(tmp_path, "sync")
    assert (done.status, done.out) == (2, "")
    assert "[sync] folders" in done.error
    assert done.error.count("\n") == 1


def test_a_missing_folder_is_told_and_the_rest_goes_in(tmp_path: Path, news: Path) -> None:
    done = run(tmp_path, *config(tmp_path), "sync", VERBATIM_SYNC_FOLDERS=f"{news},{tmp_path / 'none'}")
    assert done.status == 2
    assert f"{tmp_path / 'none'}: there is no such file or folder" in done.error
    assert sources(tmp_path) == ["lighthouse.txt"]


def test_a_watch_follows_changes_until_it_is_told_to_end(tmp_path: Path, news: Path) -> None:
    with watching(tmp_path) as process:
        assert next_line(process) == "1 article added."
        (news / "mill.txt").write_text("The old mill burnt down in 1901.")
        assert next_line(process).startswith("1 article added")
        assert sources(tmp_path) == ["lighthouse.txt", "mill.txt"]
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_tags_given_to_add_limit_a_question(tmp_path: Path, news: Path) -> None:
    run(tmp_path, *config(tmp_path), "add", "--tag", "sea", str(news))
    question = [*config(tmp_path), "ask", "Who built the lighthouse of Brannow?", "--json", "--tag"]
    assert json.loads(run(tmp_path, *question, "sea").out)["answered"]
    assert not json.loads(run(tmp_path, *question, "land").out)["answered"]


def test_a_backup_can_be_restored(tmp_path: Path, news: Path) -> None:
    run(tmp_path, *config(tmp_path), "sync")
    assert run(tmp_path, *config(tmp_path), "backup", "copy.sqlite") == (0, "", "")
    again = run(tmp_path, *config(tmp_path), "backup", "copy.sqlite")
    assert again.status == 2
    assert "is there already" in again.error
    run(tmp_path, *config(tmp_path), "remove", "*")
    assert sources(tmp_path) == []
    done = run(tmp_path, *config(tmp_path), "restore", "copy.sqlite")
    assert (done.status, done.out) == (0, "The library holds the backup's 1 article.\n")
    assert sources(tmp_path) == ["lighthouse.txt"]


def test_what_is_no_backup_is_refused(tmp_path: Path, news: Path) -> None:
    run(tmp_path, *config(tmp_path), "sync")
    for name in ("bot.toml", "none.sqlite"):
        done = run(tmp_path, *config(tmp_path), "restore", name)
        assert done.status == 2
        assert name in done.error
        assert done.error.count("\n") == 1
    assert sources(tmp_path) == ["lighthouse.txt"]
