import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import LibraryDamagedError, LibraryError
from bot.storage.migrations import migrate
from bot.storage.sqlite import SqliteStore
from bot.storage.store import Store
from tests.stores import Stores

FIRST = ("CREATE TABLE words (number {key}, word TEXT)", "INSERT INTO words (word) VALUES ('one')")
SECOND = ("ALTER TABLE words ADD COLUMN length INTEGER", "UPDATE words SET length = length(word)")
BROKEN = ("INSERT INTO words (word) VALUES ('lost')", "CREATE TABLE words (number INTEGER)")


@pytest.fixture
def store(stores: Stores, tmp_path: Path) -> Iterator[Store]:
    store = stores.open(tmp_path / "store.sqlite")
    yield store
    store.close()


def words(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        return list(connection.rows("SELECT * FROM words"))


def test_a_new_store_gets_all_migrations_in_order(store: Store) -> None:
    assert migrate(store, [FIRST, SECOND]) == 2
    assert words(store) == [(1, "one", 3)]


def test_an_older_store_gets_the_missing_ones_and_keeps_its_rows(store: Store) -> None:
    migrate(store, [FIRST])
    assert migrate(store, [FIRST, SECOND]) == 1
    assert migrate(store, [FIRST, SECOND]) == 0
    assert words(store) == [(1, "one", 3)]


def test_a_migration_that_fails_leaves_the_version_before_it(store: Store) -> None:
    with pytest.raises(LibraryError):
        migrate(store, [FIRST, BROKEN, SECOND])
    assert words(store) == [(1, "one")]
    assert migrate(store, [FIRST, SECOND]) == 1


def test_a_newer_store_is_refused_and_says_how_to_update(store: Store) -> None:
    migrate(store, [FIRST, SECOND])
    with pytest.raises(LibraryError, match=r": was made by a newer version.*is 2.*up to 1.*pip install"):
        migrate(store, [FIRST])
    assert words(store) == [(1, "one", 3)]


def test_another_program_s_database_is_refused(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "store.sqlite")
    other.execute("CREATE TABLE bookmarks (address TEXT)")
    other.commit()
    other.close()
    store = SqliteStore(tmp_path / "store.sqlite")
    with pytest.raises(LibraryDamagedError, match=r"is no library: it holds the tables of another program \(bookmarks"):
        migrate(store, [FIRST])
    assert store.tables() == {"bookmarks"}
    store.close()
