import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.errors import LibraryDamagedError, LibraryError
from bot.storage.sqlite import SqliteStore

NOBODY = 65534


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "new" / "store.sqlite", busy_seconds=0.05)
    with store.writing() as connection:
        connection.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY, word TEXT)")
    yield store
    store.close()


def numbers(store: SqliteStore) -> list[int]:
    with store.reading() as connection:
        return [row[0] for row in connection.rows("SELECT number FROM numbers ORDER BY number")]


def add(store: SqliteStore, *new: int) -> None:
    with store.writing() as connection:
        connection.execute_many("INSERT INTO numbers (number) VALUES (?)", [(number,) for number in new])


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    content = b"Dear diary, today I wrote a file that is not a database at all.\n" * 200
    path.write_bytes(content)
    with pytest.raises(LibraryDamagedError, match=r"store\.sqlite: is no library.*not a SQLite database"):
        SqliteStore(path)
    assert path.read_bytes() == content


def test_a_damaged_file_is_told_when_it_is_read_and_when_it_is_checked(store: SqliteStore, tmp_path: Path) -> None:
    with store.writing() as connection:
        connection.execute_many("INSERT INTO numbers VALUES (?, ?)", [(n, "x" * 500) for n in range(1000)])
    store.close()
    path = tmp_path / "new" / "store.sqlite"
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 40)
    damaged = SqliteStore(path)
    with pytest.raises(LibraryDamagedError, match=r"is damaged .*backup"), damaged.reading() as connection:
        list(connection.rows("SELECT * FROM numbers"))
    assert damaged.check() != []
    damaged.close()


def test_a_truncated_file_is_told(store: SqliteStore, tmp_path: Path) -> None:
    with store.writing() as connection:
        connection.execute_many("INSERT INTO numbers VALUES (?, ?)", [(n, "x" * 500) for n in range(1000)])
    store.close()
    path = tmp_path / "new" / "store.sqlite"
    os.truncate(path, 4096 * 7 + 100)
    with pytest.raises(LibraryDamagedError, match="damaged"):
        numbers(SqliteStore(path))


def test_a_folder_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match=r"file/library: the library's folder cannot be made.*--library"):
        SqliteStore(tmp_path / "file" / "library" / "store.sqlite")


def test_a_folder_in_the_file_s_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").mkdir()
    with pytest.raises(LibraryError, match=r"store\.sqlite: cannot be opened: it is a folder"):
        SqliteStore(tmp_path / "store.sqlite")


def test_a_full_disk_is_one_line_and_what_was_there_stays(store: SqliteStore, tmp_path: Path) -> None:
    add(store, 1)

    class Small(SqliteStore):
        def _connect(self, mode: str) -> sqlite3.Connection:
            raw = super()._connect(mode)
            raw.execute("PRAGMA max_page_count = 20")
            return raw

    small = Small(tmp_path / "new" / "store.sqlite")
    with pytest.raises(LibraryError, match="the disk is full; make room"), small.writing() as connection:
        connection.execute_many("INSERT INTO numbers VALUES (?, ?)", [(n, "x" * 500) for n in range(5, 1000)])
    small.close()
    assert numbers(store) == [1]
    add(store, 2)
    assert numbers(store) == [1, 2]


def as_nobody(action: Callable[[], str]) -> str:
    """What `action` returns or raises in a child process without root's right to write everywhere."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            said = action()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="verbatim-test-"))
    store = SqliteStore(folder / "store.sqlite")
    with store.writing() as connection:
        connection.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY)")
    add(store, 7)
    store.close()
    (folder / "store.sqlite").chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_folder_can_be_read(read_only_folder: Path) -> None:
    assert as_nobody(lambda: str(numbers(SqliteStore(read_only_folder / "store.sqlite")))) == "[7]"


def test_writing_into_a_read_only_folder_is_refused_in_one_line(read_only_folder: Path) -> None:
    def write() -> str:
        add(SqliteStore(read_only_folder / "store.sqlite"), 8)
        return "written"

    said = as_nobody(write)
    assert said.startswith(f"LibraryError: {read_only_folder / 'store.sqlite'}: cannot be written")
    assert "read-only" in said
    assert "\n" not in said


def test_a_new_file_in_a_read_only_folder_is_refused_in_one_line(read_only_folder: Path) -> None:
    said = as_nobody(lambda: str(SqliteStore(read_only_folder / "other.sqlite")))
    assert said.startswith(f"LibraryError: {read_only_folder / 'other.sqlite'}: cannot be opened")
    assert "the folder cannot be written" in said


def test_a_backup_is_a_whole_copy_of_one_state(store: SqliteStore, tmp_path: Path) -> None:
    add(store, 1, 2)
    store.backup(tmp_path / "copy.sqlite")
    add(store, 3)
    copy = SqliteStore(tmp_path / "copy.sqlite")
    assert numbers(copy) == [1, 2]
    copy.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.sqlite", "new"]


def test_a_transaction_that_cannot_begin_gives_its_connection_back(store: SqliteStore) -> None:
    store._idle[-1].execute("BEGIN")  # as if another transaction were under way in it
    kept = list(store._idle)
    with pytest.raises(LibraryError), store.reading():
        pass
    assert store._idle == kept
    with store.reading() as connection:
        assert connection.row("SELECT 1") == (1,)
