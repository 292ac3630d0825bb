"""Opening a store: a file, or a schema of a database."""

from pathlib import Path

from bot.errors import SettingsError
from bot.storage.address import DatabaseAddress
from bot.storage.sqlite import SqliteStore
from bot.storage.store import Store

Place = Path | DatabaseAddress
"""Where tables are: a folder with a file of them, or a schema of a database."""

MISSING = (
    "a library in PostgreSQL needs psycopg, which is not installed: pip install 'verbatim-bot[postgresql]', or name a "
    "folder with --library or VERBATIM_LIBRARY"
)


def open_store(place: Place, file_name: str, *, idle_seconds: float | None = None) -> Store:
    """The store in a folder's file of this name, or in a database, which ends a transaction that hangs for so long.

    Raises SettingsError when the database's driver is missing, LibraryError or LibraryAwayError when it cannot be
    opened.
    """
    if isinstance(place, Path):
        return SqliteStore(place / file_name)
    try:
        from bot.storage.postgresql import PostgresqlStore  # an extra
    except ImportError as error:
        raise SettingsError(MISSING) from error
    return PostgresqlStore(place) if idle_seconds is None else PostgresqlStore(place, idle_seconds=idle_seconds)
