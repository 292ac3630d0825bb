"""Schema versions: each version's statements, applied in order and each in one transaction."""

from collections.abc import Sequence

from bot.errors import LibraryDamagedError, LibraryError
from bot.storage.store import Connection, Migration, Store

VERSION_TABLE = "schema_version"


def migrate(store: Store, migrations: Sequence[Migration]) -> int:
    """How many migrations were applied: those that the store had not seen, version 1 being the first of the list.

    Raises LibraryError when the store was made by a newer version, LibraryDamagedError when it holds other tables.
    """
    version = refuse_unknown(store, migrations)
    applied = 0
    while version < len(migrations):
        applied += _step(store, version, migrations[version])
        version += 1
    return applied


def refuse_unknown(store: Store, migrations: Sequence[Migration]) -> int:
    """The schema version of the store, 0 when it is new, if it is one of these migrations'; raises as `migrate`."""
    version = _version(store)
    if version > len(migrations):
        raise LibraryError(
            f"{store.place}: was made by a newer version of Verbatim (its schema is {version}, this one knows up to "
            f"{len(migrations)}); update: pip install --upgrade verbatim-bot"
        )
    return version


def _version(store: Store) -> int:
    """The schema version of the store; 0 when it is new."""
    tables = store.tables()
    if not tables:
        return 0
    if VERSION_TABLE not in tables:
        raise LibraryDamagedError(
            f"{store.place}: is no library: it holds the tables of another program ({', '.join(sorted(tables)[:3])}); "
            "move it away, or name another folder with --library"
        )
    with store.reading() as connection:
        return _current(connection)


def _current(connection: Connection) -> int:
    found = connection.row("SELECT version FROM schema_version")
    return int(found[0]) if found else 0


def _step(store: Store, version: int, statements: Migration) -> int:
    """1 when this step was applied; 0 when another process was quicker."""
    with store.writing() as connection:
        if version == 0:
            connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
        if _current(connection) != version:
            return 0
        for statement in statements:
            connection.execute(statement.format_map(store.schema_words))
        if version == 0:
            connection.execute("INSERT INTO schema_version (version) VALUES (?)", (1,))
        else:
            connection.execute("UPDATE schema_version SET version = ?", (version + 1,))
    return 1
