"""A lock on a file: one holder at a time, whoever it is, and none after it is gone."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.storage.filelock import FileLock

HOLD = """
import sys
from pathlib import Path
from bot.storage.filelock import FileLock
lock = FileLock.taken(Path(sys.argv[1]))
sys.stdout.write("held\\n" if lock else "busy\\n")
sys.stdout.flush()
sys.stdin.read()
"""
ROOT = Path(__file__).parents[2]


def test_one_at_a_time_holds_it_in_one_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with FileLock.taken(path) or pytest.fail("busy"):
        assert FileLock.taken(path) is None
    again = FileLock.taken(path)
    assert again is not None
    again.close()


def test_a_process_that_is_killed_holds_it_no_more(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert FileLock.taken(path) is None
        holder.kill()
    lock = FileLock.taken(path)
    assert lock is not None
    lock.close()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileLock.taken(tmp_path / "none" / "lock")
