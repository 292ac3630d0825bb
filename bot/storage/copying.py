"""Copies of a database's tables in a SQLite file: a backup that any store takes back, on any machine."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import LibraryDamagedError, LibraryError
from bot.storage.migrations import migrate
from bot.storage.sqlite import SqliteConnection, SqliteStore
from bot.storage.store import Connection, Migration


def back_up(source: Connection, target: Path, migrations: Sequence[Migration]) -> None:
    """Write the rows of all tables that the migrations made to the SQLite file `target`, whole or not at all.

    Raises LibraryError when `target` exists or cannot be written.
    """
    if target.exists():
        raise LibraryError(f"{target}: is there already; name a file that is not, or remove it first")
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        copy = SqliteStore(part)
        try:
            migrate(copy, migrations)
            _fill(copy, source)
        finally:
            copy.close()
        part.replace(target)
    finally:
        for suffix in ("", "-wal", "-shm"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


@contextmanager
def bring_back(source: Path, migrations: Sequence[Migration]) -> Iterator[SqliteConnection]:
    """The rows of a backup as these migrations would have made them; the file stays as it is.

    Raises LibraryError when there is no such file, LibraryDamagedError when it is damaged.
    """
    if not source.is_file():
        raise LibraryError(f"{source}: there is no such file; name a backup")
    with TemporaryDirectory(prefix="verbatim-", dir=source.parent if _is_writable(source.parent) else None) as folder:
        copied = Path(folder) / source.name
        shutil.copyfile(source, copied)
        copy = SqliteStore(copied)
        try:
            damages = copy.check()
            if damages:
                raise LibraryDamagedError(f"{source}: the backup is damaged ({damages[0]}); take another one")
            migrate(copy, migrations)
            with copy.reading() as connection:
                yield connection
        finally:
            copy.close()


def _fill(copy: SqliteStore, source: Connection) -> None:
    with copy.writing() as connection:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        for table in sorted(copy.tables() - {"sqlite_sequence"}):
            columns = _columns(connection, table)
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
            connection.execute_many(
                f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(columns.split(',')))})",  # noqa: S608
                source.stream(f"SELECT {columns} FROM {table}"),  # noqa: S608
            )


def _columns(connection: SqliteConnection, table: str) -> str:
    return ", ".join(row[0] for row in connection.rows("SELECT name FROM pragma_table_info(?)", (table,)))


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK)
