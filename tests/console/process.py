"""The command as a process of its own, in an environment that nothing of this machine leaks into."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
ARTICLE = """The lighthouse of Brannow

The lighthouse of Brannow was built in 1887 by the engineer Marta Kowalczyk. It is 61 metres high.

Its lamp was switched off in 1974, because ships had begun to use radio.
"""
ANSWERABLE = "Who built the lighthouse of Brannow?"
UNANSWERABLE = "What do penguins in Antarctica eat?"

COMMAND = (sys.executable, "-m", "bot")


class Ended(NamedTuple):
    """How a process ended: its exit status and what it wrote."""

    status: int
    out: str
    error: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """A user's environment whose folders all lie in `home`."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "COVERAGE_PROCESS_START") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_DATA_HOME": str(home / "data"),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "LANG": "C.UTF-8",
        **more,
    }


def run(home: Path, *arguments: str, stdin: bytes = b"", **more: str) -> Ended:
    """How `verbatim` with these arguments ends, run in `home` with `more` in its environment."""
    done = subprocess.run(
        [*COMMAND, *arguments], input=stdin, env=environment(home, **more), cwd=home, capture_output=True, timeout=60
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
