"""Writers that are killed leave an index that the next one goes on with: nothing is built anew."""

import os
import random
import signal
import time
from contextlib import closing
from pathlib import Path

from bot.retrieval.disk.folder import IndexFolder
from tests.retrieval.conformance.engines import ENGINES, INDEX, opened, reference
from tests.retrieval.conformance.test_processes import child

ROUNDS = 10


def test_the_index_outlives_its_writers(tmp_path: Path) -> None:
    drawn = random.Random(99)
    opened(tmp_path).close()
    for seed in range(ROUNDS):
        writer = child("disk", tmp_path, 1000 + seed)
        assert writer.stdout is not None
        with writer.stdout:
            assert writer.stdout.readline() == "ready\n"
            time.sleep(drawn.uniform(0, 0.6))
            os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        with opened(tmp_path) as library, closing(ENGINES["disk"](library, tmp_path)) as engine:
            engine.catch_up()
            assert engine.search(["dog", "again"], limit=500) == reference(library).search(["dog", "again"], limit=500)
    current = IndexFolder(tmp_path / INDEX).current()
    assert current is not None
    assert current.number == 1
