"""Damage to an index: it is found out, the index is built anew, and nobody gets another answer."""

import errno
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.articles.article import Article
from bot.articles.library import Library
from bot.errors import LibraryError
from bot.retrieval.disk import engine as engine_module
from bot.retrieval.disk import updating
from bot.retrieval.disk.engine import DiskEngine
from bot.retrieval.disk.folder import CURRENT, IndexFolder
from bot.retrieval.disk.forward import ForwardWriter
from bot.retrieval.disk.index import FORWARD_FILE
from bot.retrieval.engine import Hit
from bot.storage.filelock import FileLock
from tests.retrieval.conformance.engines import INDEX, SEARCH, opened, reference

QUERY = ["cat", "dog", "s7"]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Thirty articles with an index."""
    with opened(tmp_path) as library:
        put(library, range(30))
        with closing(made(library, tmp_path)) as engine:
            engine.catch_up()
        yield library


def put(library: Library, numbers: range, words: str = "the cat sat") -> None:
    articles = [Article(text=f"{words} in s{n}\na dog ran in s{n}. it is s{n}", source=f"s{n:03}") for n in numbers]
    list(library.put_many(articles))


def made(library: Library, folder: Path) -> DiskEngine:
    return DiskEngine(library, SEARCH, folder / INDEX)


def expected(library: Library) -> list[Hit]:
    return reference(library).search(QUERY, limit=500)


def generation(folder: Path) -> Path:
    current = IndexFolder(folder / INDEX).current()
    assert current is not None
    return current.folder


def index_files(folder: Path) -> list[str]:
    """Kinds of files of an index, each by how its name ends."""
    return sorted({path.suffix or path.name for path in generation(folder).iterdir() if path.stat().st_size > 0})


KINDS = [".fast", ".fieldnorm", ".idx", ".json", ".term", ".terms", ".store"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("damage", ["shortened", "emptied", "removed"])
def test_a_damaged_file_is_found_out_and_all_is_answered_as_before(
    library: Library, tmp_path: Path, kind: str, damage: str
) -> None:
    files = [path for path in generation(tmp_path).iterdir() if path.suffix == kind and path.name != ".managed.json"]
    assert files, index_files(tmp_path)
    for path in files:
        content = path.read_bytes()
        path.unlink()
        if damage != "removed":
            path.write_bytes(content[: len(content) // 2] if damage == "shortened" else b"")
    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        assert engine.search(QUERY, limit=500) == expected(library)
        assert engine.standing().behind == 0


def test_records_that_changed_under_a_reader_are_found_out_while_it_answers(library: Library, tmp_path: Path) -> None:
    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        before = generation(tmp_path)
        size = (before / FORWARD_FILE).stat().st_size
        with (before / FORWARD_FILE).open("r+b") as file:
            file.write(b"\xff" * size)
        assert engine.search(QUERY, limit=500) == expected(library)
        assert generation(tmp_path) != before
        assert not before.exists()


def test_a_panic_of_the_index_is_damage(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # as pyo3 calls it
        pass

    class Broken:
        num_docs = 1

        def search(self, *_: object, **__: object) -> None:
            raise PanicException("range end index 99 out of range")

    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        assert engine._view is not None
        monkeypatch.setattr(engine._view.snapshot, "_searcher", Broken())
        assert engine.search(QUERY, limit=500) == expected(library)


@pytest.mark.parametrize("text", ["", "99-000001\nx\n", "1-000009\nx\n", "1-x\n", "\xff\xfe"])
def test_an_index_of_another_version_is_built_anew(library: Library, tmp_path: Path, text: str) -> None:
    (tmp_path / INDEX / CURRENT).write_bytes(text.encode("latin-1"))
    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        assert engine.search(QUERY, limit=500) == expected(library)
    assert [path.name for path in (tmp_path / INDEX).iterdir() if path.is_dir()] == [generation(tmp_path).name]


def test_an_index_of_another_library_is_built_anew(library: Library, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with opened(other) as another:
        put(another, range(5, 35), "the cat slept")
        shutil.copytree(tmp_path / INDEX, other / INDEX)
        with closing(made(another, other)) as engine:
            engine.refresh()
            assert engine.search(QUERY, limit=500) == expected(another)


def test_an_index_that_is_further_than_the_library_is_built_anew(library: Library, tmp_path: Path) -> None:
    library.backup(tmp_path / "copy.sqlite")
    put(library, range(40, 50))
    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
    library.close()
    for path in tmp_path.glob("library.sqlite*"):
        path.unlink()
    (tmp_path / "copy.sqlite").rename(tmp_path / "library.sqlite")
    with opened(tmp_path) as older, closing(made(older, tmp_path)) as engine:
        engine.refresh()
        assert engine.search(QUERY, limit=500) == expected(older)


def test_a_backup_that_is_restored_while_one_answers_is_taken_up(library: Library, tmp_path: Path) -> None:
    library.backup(tmp_path / "copy.sqlite")
    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        put(library, range(10), "the cat slept")
        engine.catch_up()
        library.restore(tmp_path / "copy.sqlite")
        engine.catch_up()
        assert engine.search(QUERY, limit=500) == expected(library)


def test_a_lost_index_still_answers_and_is_built_anew_at_the_next_change(library: Library, tmp_path: Path) -> None:
    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        shutil.rmtree(tmp_path / INDEX)
        engine.refresh()
        assert engine.search(QUERY, limit=500) == expected(library)
        put(library, range(3), "the cat slept")
        engine.catch_up()
        assert engine.search(QUERY, limit=500) == expected(library)
        assert generation(tmp_path).exists()


def test_a_full_disk_is_told_and_what_was_there_answers(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        before = engine.search(QUERY, limit=500)
        put(library, range(40, 45))
        with monkeypatch.context() as patch:
            patch.setattr(ForwardWriter, "sync", full)
            with pytest.raises(LibraryError, match=r"the disk is full.*make room and try again"):
                engine.catch_up()
            engine.refresh()
            assert len(engine.search(QUERY, limit=500)) == len(before)
            assert engine.standing().behind == 5
        engine.catch_up()
        assert engine.search(QUERY, limit=500) == expected(library)


def test_a_folder_that_may_only_be_read_is_told(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    put(library, range(1), "the cat slept")
    monkeypatch.setattr(FileLock, "taken", denied)
    with closing(made(library, tmp_path)) as engine, pytest.raises(LibraryError, match=r'read-only.*engine = "memory"'):
        engine.refresh()


def test_what_is_there_answers_while_another_process_writes(library: Library, tmp_path: Path) -> None:
    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        before = engine.search(QUERY, limit=500)
        put(library, range(2), "the cat slept")
        lock = IndexFolder(tmp_path / INDEX).lock()
        assert lock is not None
        with lock:
            engine.refresh()
            assert len(engine.search(QUERY, limit=500)) == len(before)
            waiting = threading.Thread(target=engine.catch_up)
            waiting.start()
            waiting.join(0.2)
            assert waiting.is_alive()
        waiting.join()
        assert engine.search(QUERY, limit=500) == expected(library)


def test_much_at_once_is_applied_beside_the_questions(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "SMALL", 3)
    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        put(library, range(100, 110))
        lock = engine._updating
        with lock:
            engine.refresh()
            thread = engine._thread
            assert len(engine.search(["dog"], limit=500)) == 60
        if thread is not None:
            thread.join()
        engine.catch_up()
        assert engine.search(QUERY, limit=500) == expected(library)


def test_records_of_what_is_gone_do_not_pile_up(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updating, "LEAST_WASTE", 10)
    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        first = generation(tmp_path)
        for number in range(4):
            put(library, range(30), f"the cat sat {number} times")
            engine.catch_up()
            assert engine.search(QUERY, limit=500) == expected(library)
        assert generation(tmp_path) != first
        assert engine._view is not None
        totals = library.statistics()
        assert engine._view.snapshot.state.end < 3 * (totals.terms + 2 * totals.sentences + 3 * totals.passages)


def test_many_small_changes_leave_few_segments(library: Library, tmp_path: Path) -> None:
    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        for number in range(30):
            put(library, range(number, number + 1), "the cat slept")
            engine.catch_up()
    with closing(made(library, tmp_path)) as engine:
        engine.refresh()
        assert engine._view is not None
        assert engine._view.snapshot.segments <= updating.MOST_SEGMENTS
        assert engine.search(QUERY, limit=500) == expected(library)


def test_progress_is_told_up_to_the_end(library: Library, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / INDEX)
    told: list[tuple[int, int]] = []
    with closing(DiskEngine(library, SEARCH, tmp_path / INDEX, progress=lambda *so_far: told.append(so_far))) as engine:
        engine.refresh()
    assert told == [(done, 30) for done in range(1, 31)]


def test_an_engine_that_is_closed_stops_in_the_middle_and_the_next_one_goes_on(
    library: Library, tmp_path: Path
) -> None:
    put(library, range(100, 140))
    engine = made(library, tmp_path)
    done = 0

    def told(*_: int) -> None:
        nonlocal done
        done += 1
        if done == 7:
            engine._closing.set()

    engine._progress = told
    engine.catch_up()
    engine.close()
    assert done == 7
    with closing(made(library, tmp_path)) as other:
        assert other.standing().behind == 33
        other.refresh()
        assert other.search(QUERY, limit=500) == expected(library)


def test_a_closed_engine_says_so(library: Library, tmp_path: Path) -> None:
    engine = made(library, tmp_path)
    engine.refresh()
    engine.close()
    with pytest.raises(ValueError, match="the engine is closed"):
        engine.search(QUERY, limit=5)


def test_how_an_index_stands_is_told_as_others_left_it(library: Library, tmp_path: Path) -> None:
    with closing(made(library, tmp_path)) as engine, closing(made(library, tmp_path)) as other:
        engine.refresh()
        put(library, range(100, 105))
        assert engine.standing().behind == 5
        other.catch_up()
        assert engine.standing().behind == 0


def test_an_engine_that_follows_finds_what_others_took_up_and_takes_up_nothing_itself(
    library: Library, tmp_path: Path
) -> None:
    with (
        closing(made(library, tmp_path)) as engine,
        closing(DiskEngine(library, SEARCH, tmp_path / INDEX, follows=True)) as follower,
    ):
        follower.refresh()
        put(library, range(100, 105))
        follower.refresh()
        assert engine.standing().behind == 5
        engine.refresh()
        follower.refresh()
        assert follower.search(QUERY, limit=500) == expected(library)
