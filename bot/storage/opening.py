"""Opening a store: a file, or a schema of a database."""

from bot.errors import SettingsError
from bot.storage.address import DatabaseAddress
from bot.storage.store import Store

MISSING = (
    "a library in PostgreSQL needs psycopg, which is not installed: pip install 'verbatim-bot[postgresql]', or name a "
    "folder with --library or VERBATIM_LIBRARY"
)


def database_store(address: DatabaseAddress) -> Store:
    """The store in a database.

    Raises SettingsError when its driver is missing, LibraryError or LibraryAwayError when it cannot be opened.
    """
    try:
        from bot.storage.postgresql import PostgresqlStore  # an extra
    except ImportError as error:
        raise SettingsError(MISSING) from error
    return PostgresqlStore(address)
