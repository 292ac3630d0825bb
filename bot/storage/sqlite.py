"""The store in one SQLite file: write-ahead log, many readers beside one writer, errors that say what to do."""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import MappingProxyType, TracebackType

from bot.errors import LibraryBusyError, LibraryDamagedError, LibraryError
from bot.storage.store import Migration, Row, Value

BUSY_SECONDS = 30.0
"""How long a writer waits for another process's transaction before it gives up."""

SCHEMA_WORDS = MappingProxyType(
    {"key": "INTEGER PRIMARY KEY", "text": "TEXT", "bytes": "BLOB", "by_key": "WITHOUT ROWID"}
)
AT_ONCE = 500  # values in one IN (...)
MISTAKES = (sqlite3.IntegrityError, sqlite3.ProgrammingError)  # ours: they are raised as they are
MAPPED_BYTES = 1 << 40
"""Of the file, read in place: copying its pages takes a tenth of a fetch, and two megabytes of each connection."""
IDLE_CONNECTIONS = 8  # kept open for the next readers; one is about 100 kB and up to 2 MB of page cache


class SqliteConnection:
    """A transaction in a SQLite file (bot.storage.store.Connection)."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def execute(self, statement: str, values: Sequence[Value] = ()) -> int:
        """How many rows the statement changed."""
        return self._raw.execute(statement, values).rowcount

    def execute_many(self, statement: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row of values."""
        self._raw.executemany(statement, rows)

    def row(self, statement: str, values: Sequence[Value] = ()) -> Row | None:
        """The first row of the result, or None."""
        found: Row | None = self._raw.execute(statement, values).fetchone()
        return found

    def rows(self, statement: str, values: Sequence[Value] = ()) -> Iterator[Row]:
        """The rows of the result, fetched while they are read."""
        return self._raw.execute(statement, values)

    def rows_in(self, statement: str, values: Iterable[int] | Iterable[str]) -> Iterator[Row]:
        """The rows of a statement with IN ({}), asked for so many values at a time."""
        left: Iterator[int | str] = iter(dict.fromkeys(values))
        while some := list(islice(left, AT_ONCE)):
            yield from self._raw.execute(statement.format(", ".join("?" * len(some))), some)

    def stream(self, statement: str, values: Sequence[Value] = ()) -> Iterator[Row]:
        """The rows of a long result, fetched while they are read."""
        return self._raw.execute(statement, values)

    def now(self) -> float:
        """This machine's clock: those who share a file share a machine."""
        return time.time()


class SqliteStore:
    """A SQLite file as a store (bot.storage.store.Store); threads may share one.

    Where the file can be read and not written, it opens for reading and a writing transaction raises LibraryError.
    """

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._idle: list[sqlite3.Connection] = []
        self._pool = threading.Lock()
        self._writer = threading.Lock()
        self._closed = False
        self._read_only = ""
        self.release(self._first())

    @property
    def place(self) -> str:
        """The file's path."""
        return str(self._path)

    @property
    def is_read_only(self) -> bool:
        """Whether the file can be read and not written."""
        return bool(self._read_only)

    @property
    def schema_words(self) -> Mapping[str, str]:
        """SQLite's words for the braces in schema statements."""
        return SCHEMA_WORDS

    def reading(self) -> AbstractContextManager[SqliteConnection]:
        """A transaction that sees one state of the file throughout."""
        return _Reading(self)

    @contextmanager
    def writing(self, *, alone: bool = True) -> Iterator[SqliteConnection]:  # noqa: ARG002 - SQLite has one writer
        """A transaction that may write; the only one at a time over all threads and processes, `alone` or not.

        Raises LibraryBusyError when another process writes for too long, LibraryError when the file cannot be written.
        """
        self._refuse_read_only()
        with self._writer, self._told():
            raw = self.acquire()
            try:
                raw.execute("BEGIN IMMEDIATE")
                yield SqliteConnection(raw)
                raw.execute("COMMIT")
            finally:
                self.release(raw)

    def tables(self) -> frozenset[str]:
        """The names of the tables that are there."""
        with self.reading() as connection:
            return frozenset(row[0] for row in connection.rows("SELECT name FROM sqlite_master WHERE type = 'table'"))

    def check(self) -> list[str]:
        """What SQLite finds damaged, a line each; empty when all is sound. It reads the whole file."""
        with self.reading() as connection:
            found = [str(row[0]) for row in connection.rows("PRAGMA quick_check(10)")]
        return [] if found == ["ok"] else found

    def backup(self, target: Path, migrations: Sequence[Migration] = ()) -> None:  # noqa: ARG002 - the file has all
        """Write a copy of one state of the file to `target`, while others read and write.

        Raises LibraryError when `target` exists or cannot be written.
        """
        if target.exists():
            raise LibraryError(f"{target}: is there already; name a file that is not, or remove it first")
        part = target.with_name(target.name + ".part")
        with self._told():
            source = self.acquire()
            try:
                with _told_of(part, self._busy_seconds):
                    copy = sqlite3.connect(part, isolation_level=None)
                    try:
                        source.backup(copy)
                    finally:
                        copy.close()
                    part.replace(target)
            finally:
                self.release(source)
                part.unlink(missing_ok=True)

    def restore(self, source: Path, migrations: Sequence[Migration] = ()) -> None:  # noqa: ARG002 - the file has all
        """Put the copy in the file `source` in the place of everything, in one transaction; others may stay connected.

        Raises LibraryError when there is no such file or it is this one, LibraryDamagedError when it is damaged.
        """
        self._refuse_read_only()
        if not source.is_file():
            raise LibraryError(f"{source}: there is no such file; name a backup")
        if source.samefile(self._path):
            raise LibraryError(f"{source}: is the library itself; name a backup of it")
        with _told_of(source, self._busy_seconds):
            copy = _connected(source, "ro", self._busy_seconds)
            try:
                found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
                if found != "ok":
                    raise LibraryDamagedError(f"{source}: the backup is damaged ({found}); take another one")
                with self._writer, self._told():
                    own = self.acquire()
                    try:
                        copy.backup(own)
                    finally:
                        self.release(own)
            finally:
                copy.close()

    def close(self) -> None:
        """Close all connections; SQLite folds its log into the file with the last one of all processes."""
        with self._pool:
            self._closed = True
            idle, self._idle = self._idle, []
        for raw in idle:
            raw.close()

    def translated(self, error: sqlite3.Error) -> LibraryError:
        """Our error for one of SQLite's."""
        return _translated(error, self._path, self._busy_seconds)

    def _first(self) -> sqlite3.Connection:
        """The first connection: it makes folder and file where they are missing, and finds out what is allowed."""
        with self._told():
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise LibraryError(
                    f"{self._path.parent}: the library's folder cannot be made ({error.strerror}); name another with "
                    "--library or VERBATIM_LIBRARY"
                ) from error
            try:
                return self._prepared(self._connect("rwc"))
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
                    raise
                return self._first_read_only(error)

    def _prepared(self, raw: sqlite3.Connection) -> sqlite3.Connection:
        try:
            (mode,) = raw.execute("PRAGMA journal_mode").fetchone()
            if mode != "wal":
                raw.execute("PRAGMA journal_mode = WAL")
            raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            raw.close()
            raise
        return raw

    def _first_read_only(self, cause: sqlite3.OperationalError) -> sqlite3.Connection:
        """A connection to a file that may only be read, on a read-only medium perhaps."""
        if not self._path.is_file():
            raise cause
        self._read_only = (
            "cannot be written: the file or its folder is read-only; change its permissions, or name another folder "
            "with --library or VERBATIM_LIBRARY"
        )
        return self._prepared_to_read(self._connect("ro"))

    def _prepared_to_read(self, raw: sqlite3.Connection) -> sqlite3.Connection:
        try:
            raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            raw.close()
            raise
        return raw

    def _connect(self, mode: str) -> sqlite3.Connection:
        return _connected(self._path, mode, self._busy_seconds)

    def _refuse_read_only(self) -> None:
        if self._read_only:
            raise LibraryError(f"{self._path}: {self._read_only}")

    def acquire(self) -> sqlite3.Connection:
        """A connection for one transaction, to be released after it."""
        with self._pool:
            if self._closed:
                raise ValueError(f"{self._path}: the store is closed")
            if self._idle:
                return self._idle.pop()
        return self._connect("ro" if self._read_only else "rw")

    def release(self, raw: sqlite3.Connection) -> None:
        """Undo what is still open in a connection and keep it for the next reader."""
        try:
            if raw.in_transaction:
                raw.execute("ROLLBACK")
        except sqlite3.Error:
            raw.close()
            return
        with self._pool:
            if not self._closed and len(self._idle) < IDLE_CONNECTIONS:
                self._idle.append(raw)
                return
        raw.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        with _told_of(self._path, self._busy_seconds):
            yield


class _Reading(AbstractContextManager[SqliteConnection]):
    """A reading transaction. A class, not a generator: an answer takes ten, and a fifth of their time was that."""

    __slots__ = ("_raw", "_store")

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def __enter__(self) -> SqliteConnection:
        try:
            self._raw = self._store.acquire()
            try:
                self._raw.execute("BEGIN")
            except sqlite3.Error:
                self._store.release(self._raw)
                raise
        except sqlite3.Error as error:
            raise self._store.translated(error) from error
        return SqliteConnection(self._raw)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.release(self._raw)
        if isinstance(error, sqlite3.Error) and not isinstance(error, MISTAKES):
            raise self._store.translated(error) from error


def _connected(path: Path, mode: str, busy_seconds: float) -> sqlite3.Connection:
    """A connection to a file; `mode` is SQLite's: "ro", "rw", or "rwc" to make the file."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    if mode == "ro" and not path.with_name(path.name + "-wal").exists():
        # Without a log nobody writes, and without write access SQLite could not make the log's index.
        address += "&immutable=1"
    raw = sqlite3.connect(address, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
    return raw


@contextmanager
def _told_of(path: Path, busy_seconds: float) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except MISTAKES:
        raise
    except sqlite3.Error as error:
        raise _translated(error, path, busy_seconds) from error


def _translated(error: sqlite3.Error, path: Path, busy_seconds: float) -> LibraryError:
    """Our error for one of SQLite's, by its primary result code."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryBusyError(
            f"{path}: another process has been writing for over {busy_seconds:g} seconds; try again when it is done"
        )
    if code == sqlite3.SQLITE_NOTADB:
        return LibraryDamagedError(
            f"{path}: is no library: the file is not a SQLite database; move it away and add your articles again, or "
            "put a backup in its place"
        )
    if code == sqlite3.SQLITE_CORRUPT:
        return LibraryDamagedError(
            f"{path}: the library is damaged ({error}); put a backup in its place, or move the file away and add your "
            "articles again"
        )
    if code == sqlite3.SQLITE_FULL:
        return LibraryError(f"{path}: the disk is full; make room and try again (what was stored before is kept)")
    if code == sqlite3.SQLITE_READONLY:
        return LibraryError(f"{path}: cannot be written: the file or its folder is read-only; change its permissions")
    if code == sqlite3.SQLITE_CANTOPEN:
        return LibraryError(f"{path}: cannot be opened{_hindrance(path)}; name another folder with --library")
    return LibraryError(f"{path}: the library cannot be read or written ({error}); check the disk")


def _hindrance(path: Path) -> str:
    """Why a file cannot be opened, as far as the file system says; SQLite does not."""
    if path.is_dir():
        return ": it is a folder, expected a file"
    with suppress(OSError):
        if path.exists():
            with path.open("rb"):
                pass
        elif path.parent.is_dir():
            return ": the folder cannot be written"
    return ""
