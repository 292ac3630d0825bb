"""How long `verbatim ask` takes from a fresh process, against importing nltk and rank_bm25 alone.

    python -m tests.benchmarks.cold_start [--rounds 15]

Both run in turns, so that whatever else the machine does falls on both alike. The library (the sample articles) is
made before the first round, as on every day but the first.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.console.process import COMMAND, environment

QUESTION = "Who is the boss of Wagner?"
MOST = 1.5
"""The ratio of the medians that must not be passed."""
RUNS = {
    "import nltk, rank_bm25": (sys.executable, "-c", "import nltk, rank_bm25"),
    "verbatim --version": (*COMMAND, "--version"),
    "verbatim articles": (*COMMAND, "articles"),
    "verbatim ask": (*COMMAND, "ask", QUESTION),
}


def seconds(command: tuple[str, ...], home: Path) -> float:
    """How long a process takes from its start to its end. Raises RuntimeError when it fails."""
    env = environment(home)
    del env["PYTHONWARNINGS"]
    started = time.perf_counter()
    done = subprocess.run(command, env=env, cwd=home, capture_output=True)
    taken = time.perf_counter() - started
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()}")
    return taken


def main() -> int:
    """Write the table; 0 when the ratio is kept, 1 when it is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for command in RUNS.values():
            seconds(command, home)
        taken = {name: [0.0] * rounds for name in RUNS}
        for number in range(rounds):
            for name, command in RUNS.items():
                taken[name][number] = seconds(command, home)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    base = next(iter(medians.values()))
    lines = [f"| {rounds} rounds | median ms | least ms | against the import |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {name} | {1000 * median:.0f} | {1000 * min(taken[name]):.0f} | {median / base:.2f} |"
        for name, median in medians.items()
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if medians["verbatim ask"] <= MOST * base else 1


if __name__ == "__main__":
    sys.exit(main())
