"""Kills a process that follows a changing folder at random moments, and looks the library over after each.

python -m tests.benchmarks.kills [KILLS]
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.articles.kills import kill_at_random


def main(kills: int) -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="verbatim-kills-") as base:
        kill_at_random(Path(base), kills=kills, seed=int(started))
    print(f"{kills} kills in {time.monotonic() - started:.0f} s: the library was whole after each")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
