import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Queue
from typing import BinaryIO, ClassVar

import pytest

from bot.articles.intake import Intake
from bot.articles.library import Library
from bot.articles.readers import Readers
from bot.articles.summary import Summary
from bot.articles.sync import Watch, folders_of, sync
from bot.errors import LibraryError
from bot.wordlists import WordLists

PATIENCE_SECONDS = 30


@pytest.fixture(scope="module")
def readers() -> Readers:
    return Readers(WordLists(), largest_bytes=1_000_000)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "one", tmp_path / "two"]
    for folder in made:
        folder.mkdir()
        (folder / "a.txt").write_text(f"The wolf of {folder.name} howls.")
    return made


class Watching:
    """A watch in a thread of its own, whose summaries are waited for."""

    def __init__(self, library: Library, readers: Readers, folders: list[Path]) -> None:
        self._stop = threading.Event()
        self._summaries: Queue[Summary] = Queue()
        watch = Watch(lambda: Intake(library, readers), [str(folder) for folder in folders], stop=self._stop)
        self._thread = threading.Thread(target=self._collect, args=(watch.summaries(),))

    def _collect(self, watched: Iterator[Summary]) -> None:
        for summary in watched:
            self._summaries.put(summary)

    def next(self) -> Summary:
        return self._summaries.get(timeout=PATIENCE_SECONDS)

    def until(self, **expected: int) -> None:
        """Wait until as much has happened; the system may tell one change in several steps."""
        happened = dict.fromkeys(expected, 0)
        while happened != expected:
            summary = self.next()
            happened = {name: count + getattr(summary, name) for name, count in happened.items()}

    def __enter__(self) -> "Watching":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


@pytest.fixture
def watching(library: Library, readers: Readers, folders: list[Path]) -> Iterator[Watching]:
    with Watching(library, readers, folders) as found:
        yield found


def test_a_sync_brings_all_folders_in_and_tells_which_are_missing(
    library: Library, readers: Readers, folders: list[Path], tmp_path: Path
) -> None:
    summary = sync(lambda: Intake(library, readers), [str(folder) for folder in (*folders, tmp_path / "three")])
    assert summary.added == 2
    assert summary.skipped == [f"{tmp_path / 'three'}: there is no such file or folder; check the name"]


def test_relative_folders_are_beside_the_owner_s_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/owner")
    assert folders_of(["news", "/var/news", "~/texts", "news"], tmp_path) == [
        str(tmp_path / "news"), "/var/news", "/home/owner/texts",
    ]  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert folders_of(["news"], None) == [str(tmp_path / "news")]


def test_a_watch_follows_what_changes(library: Library, folders: list[Path], watching: Watching) -> None:
    assert watching.next().added == 2
    (folders[0] / "b.txt").write_text("A bear came.")
    watching.until(added=1)
    (folders[1] / "a.txt").write_text("The wolf of two is silent now.")
    watching.until(changed=1)
    (folders[0] / "a.txt").unlink()
    watching.until(removed=1)
    assert [os.path.relpath(one.source, folders[0].parent) for one in library.articles()] == ["one/b.txt", "two/a.txt"]


def test_a_watch_ends_when_it_is_told_to(library: Library, readers: Readers, folders: list[Path]) -> None:
    with Watching(library, readers, folders) as watching:
        watching.next()
    assert not watching._thread.is_alive()


def test_a_folder_that_appears_is_taken_in(library: Library, readers: Readers, folders: list[Path]) -> None:
    late = folders[0].parent / "late"
    with Watching(library, readers, [*folders, late]) as watching:
        assert watching.next().added == 2
        late.mkdir()
        (late / "a.txt").write_text("The wolf is late.")
        watching.until(added=1)


def test_no_folder_at_all_is_waited_for(library: Library, readers: Readers, tmp_path: Path) -> None:
    with Watching(library, readers, [tmp_path / "late"]) as watching:
        assert watching.next().added == 0
        (tmp_path / "late").mkdir()
        (tmp_path / "late" / "a.txt").write_text("The wolf is late.")
        watching.until(added=1)


def test_a_folder_that_disappears_takes_nothing_with_it(
    library: Library, folders: list[Path], watching: Watching
) -> None:
    assert watching.next().added == 2
    folders[1].rename(folders[1].with_name("away"))
    summary = watching.next()
    while not summary.skipped:
        summary = watching.next()
    assert summary.skipped == [f"{folders[1]}: there is no such file or folder; check the name"]
    assert library.statistics().articles == 2


class Noted(Intake):
    """An intake that notes which addresses it was asked for, and reads the folders."""

    asked: ClassVar[list[list[str]]] = []
    threads: ClassVar[set[str]] = set()
    is_stopped = False

    def add(self, what: Sequence[str], *, stdin: BinaryIO | None = None) -> Summary:
        if "://" not in what[0]:
            return super().add(what, stdin=stdin)
        self.asked.append(list(what))
        self.threads.add(threading.current_thread().name)
        return Summary(added=100)

    def stop(self) -> None:
        type(self).is_stopped = True


@pytest.mark.parametrize("with_folder", [True, False])
def test_addresses_are_read_again_every_so_often(
    library: Library, readers: Readers, folders: list[Path], with_folder: bool
) -> None:
    Noted.asked.clear()
    stop = threading.Event()
    watch = Watch(
        lambda: Noted(library, readers),
        [str(folders[0])] if with_folder else [],
        addresses=["https://paper.example/feed"],
        every_seconds=0.01,
        stop=stop,
    )
    added: list[int] = []
    for summary in watch.summaries():
        added.append(summary.added)
        if added.count(100) == 3:
            stop.set()
    assert Noted.asked[:3] == [["https://paper.example/feed"]] * 3
    assert added.count(1) == with_folder
    assert threading.current_thread().name not in Noted.threads
    assert Noted.is_stopped


def test_a_folder_does_not_wait_for_addresses(library: Library, readers: Readers, folders: list[Path]) -> None:
    release = threading.Event()

    class Slow(Noted):
        def add(self, what: Sequence[str], *, stdin: BinaryIO | None = None) -> Summary:
            if "://" in what[0]:
                release.wait(PATIENCE_SECONDS)
            return super().add(what, stdin=stdin)

        def stop(self) -> None:
            release.set()

    stop = threading.Event()
    watch = Watch(
        lambda: Slow(library, readers), [str(folders[0])], addresses=["https://paper.example/feed"], stop=stop
    )
    summaries = watch.summaries()
    assert next(summaries).added == 1
    (folders[0] / "b.txt").write_text("A bear came.")
    while next(summaries).added != 1:
        continue
    stop.set()
    assert [summary.added for summary in summaries if summary.added == 100] == [100]


def test_what_ends_the_reading_of_addresses_ends_the_watch(library: Library, readers: Readers) -> None:
    class Failing(Noted):
        def add(self, what: Sequence[str], *, stdin: BinaryIO | None = None) -> Summary:
            raise LibraryError("the disk is full")

    watch = Watch(
        lambda: Failing(library, readers), [], addresses=["https://paper.example/feed"], stop=threading.Event()
    )
    with pytest.raises(LibraryError, match="the disk is full"):
        list(watch.summaries())
