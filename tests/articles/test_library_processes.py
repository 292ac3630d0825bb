"""Several processes at one library: readers beside a writer, and writers that are killed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from bot.articles.library import Library
from bot.articles.statistics import Statistics
from bot.errors import LibraryBusyError
from tests.articles.at_library import revision
from tests.articles.preparing import Words
from tests.stores import Stores, open_store

ROOT = Path(__file__).parents[2]
START = "import sys; from tests.articles import at_library; at_library.main(sys.argv[1:])"


@pytest.fixture
def place(stores: Stores, tmp_path: Path) -> str:
    return stores.place(tmp_path / "library.sqlite")


def child(place: str, *what: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", START, place, *what]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def lines(process: "subprocess.Popen[str]") -> Iterator[str]:
    assert process.stdout is not None
    with process.stdout:
        yield from process.stdout
    process.wait()


def whole(library: Library) -> list[str]:
    """The sources in the library, after looking whether each article is there whole or not at all."""
    statistics = library.statistics()
    numbers = [article.number for article in library.articles()]
    passages = list(library.passages_of(numbers))
    assert statistics == Statistics(
        len(numbers),
        len(passages),
        sum(len(p.sentences) for p in passages),
        2 * sum(len(p.sentences) for p in passages),
    )
    for number in numbers:
        text = library.text(number)
        own = [passage for passage in passages if passage.article == number]
        assert text.count("\n") == len(own)
        assert {text[s.start : s.start + 5] for p in own for s in p.sentences} == {text[:5]}
    assert library.check() == []
    return [article.source for article in library.articles()]


def test_two_processes_read_while_one_writes(place: str) -> None:
    Library(open_store(place), Words()).close()
    readers = [child(place, "read"), child(place, "read")]
    with Library(open_store(place), Words()) as library:
        for number in range(60):
            list(library.put_many(revision(number)))
        library.set_flag("done", "yes")
    for reader in readers:
        said = "".join(lines(reader))
        assert reader.returncode == 0, said
        assert int(said) > 0


def test_a_kill_in_the_middle_leaves_each_article_whole(place: str) -> None:
    chance = random.Random(7)
    for _ in range(12):
        writer = child(place, "write")
        said = lines(writer)
        next(said)
        time.sleep(chance.uniform(0, 0.15))
        os.kill(writer.pid, signal.SIGKILL)
        list(said)
        with Library(open_store(place), Words()) as library:
            assert set(whole(library)) <= {f"article {number}" for number in range(8)}


def test_a_kill_before_the_end_of_a_transaction_leaves_the_old_state(place: str) -> None:
    with Library(open_store(place), Words()) as library:
        list(library.put_many(revision(0)))
        before = list(library.export())
        stuck = child(place, "stuck")
        said = lines(stuck)
        assert next(said) == "in the middle\n"
        assert list(library.export()) == before
        with (
            Library(open_store(place, busy_seconds=0.05), Words()) as other,
            pytest.raises(LibraryBusyError, match=r"another process has been writing"),
        ):
            other.remove([1])
        os.kill(stuck.pid, signal.SIGKILL)
        list(said)
        assert list(library.export()) == before
        assert library.remove([1]) == 1
        whole(library)


def test_threads_share_one_library(place: str) -> None:
    with Library(open_store(place), Words()) as library, ThreadPoolExecutor(6) as threads:
        done = threading.Event()

        def read() -> set[int]:
            seen = set()
            while not done.is_set():
                for article in library.articles():
                    text = library.text(article.number)
                    seen.add(len(set(text.splitlines())))
            return seen

        def write(place: int) -> None:
            for number in range(8):
                for article in revision(number):
                    library.put(msgspec.structs.replace(article, source=f"{article.source} of {place}"))

        readers = [threads.submit(read) for _ in range(3)]
        writers = [threads.submit(write, place) for place in range(3)]
        for writer in writers:
            writer.result()
        done.set()
        assert all(reader.result() <= {0, 1} for reader in readers)
        assert len(whole(library)) == 24
