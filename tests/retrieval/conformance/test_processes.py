"""Several processes and threads at one library: readers beside a writer, and writers that are killed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from bot.articles.article import Article
from tests.retrieval.conformance.engines import ENGINES, Bench, Maker, opened, reference

ROOT = Path(__file__).parents[3]
START = "import sys; from tests.retrieval.conformance import test_processes as it; it.main(*sys.argv[1:])"
ROUNDS = 8


def main(name: str, folder: str, seed: str) -> None:
    """Change the library and apply it, again and again, until the process is killed."""
    drawn = random.Random(int(seed))
    with opened(Path(folder)) as library, closing(ENGINES[name](library, Path(folder))) as engine:
        engine.catch_up()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            change(library.put_many, drawn)
            engine.catch_up()


def change(put_many: object, drawn: random.Random) -> None:
    """Store some articles anew, each with one word in all its sentences."""
    assert callable(put_many)
    articles = []
    for number in drawn.sample(range(40), 10):
        word = drawn.choice(["cat", "dog", "rat"])
        articles.append(Article(text="\n".join([f"{word} {number}. {word} again"] * 3), source=f"s{number:02}"))
    list(put_many(articles))


def child(name: str, folder: Path, seed: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", START, name, str(folder), str(seed)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_writers_that_are_killed_leave_an_index_that_follows_the_library(
    name: str, make: Maker, tmp_path: Path
) -> None:
    drawn = random.Random(11)
    opened(tmp_path).close()
    for seed in range(ROUNDS):
        writer = child(name, tmp_path, seed)
        assert writer.stdout is not None
        with writer.stdout:
            assert writer.stdout.readline() == "ready\n"
            time.sleep(drawn.uniform(0, 0.4))
            os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        with opened(tmp_path) as library, closing(make(library, tmp_path)) as engine:
            engine.catch_up()
            expected = reference(library)
            for query in (["cat"], ["dog", "again"], ["rat", "7"]):
                assert engine.search(query, limit=500) == expected.search(query, limit=500)
            assert engine.statistics() == library.statistics()


def test_a_reader_follows_what_another_process_writes(name: str, at: Bench) -> None:
    writer = child(name, at.folder, 5)
    try:
        assert writer.stdout is not None
        with writer.stdout:
            assert writer.stdout.readline() == "ready\n"
            seen: set[frozenset[int]] = set()  # a passage that is stored anew has another number
            for _ in range(200):
                at.engine.refresh()
                hits = at.engine.search(["cat", "dog", "rat"], limit=1000)
                assert len({(hit.passage, hit.position) for hit in hits}) == len(hits)
                seen.add(frozenset(hit.passage for hit in hits))
                if len(seen) > 3:
                    break
                time.sleep(0.05)
            assert len(seen) > 3
    finally:
        writer.kill()
        writer.wait()
    at.engine.catch_up()
    assert at.engine.search(["cat"], limit=500) == reference(at.library).search(["cat"], limit=500)


def test_threads_ask_while_another_one_changes_the_library(at: Bench) -> None:
    drawn = random.Random(3)
    change(at.library.put_many, drawn)
    at.engine.catch_up()
    lock, done = threading.Lock(), threading.Event()

    def ask(_: int) -> int:
        asked = 0
        while not done.is_set() or not asked:
            with lock:
                at.engine.refresh()
            hits = at.engine.search(["cat", "dog", "rat"], limit=1000)
            assert len({(hit.passage, hit.position) for hit in hits}) == len(hits) > 0
            asked += 1
        return asked

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask, number) for number in range(3)]
        for _ in range(6):
            change(at.library.put_many, drawn)
        done.set()
        assert all(one.result() for one in asking)
    at.engine.catch_up()
    assert at.engine.search(["again"], limit=500) == reference(at.library).search(["again"], limit=500)
