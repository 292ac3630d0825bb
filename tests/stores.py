"""Stores of both kinds behind one name, so that one suite holds for both."""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from bot.storage.address import database_address, is_database
from bot.storage.postgresql import PostgresqlStore
from bot.storage.sqlite import SqliteStore
from bot.storage.store import Store

KINDS = ("sqlite", "postgresql")


class Stores(NamedTuple):
    """Opens stores of one kind: what is at a path is the same store each time."""

    kind: str
    place: Callable[[Path], str]

    def open(self, path: Path, *, busy_seconds: float = 30.0) -> Store:
        """The store that stands for a path."""
        return open_store(self.place(path), busy_seconds=busy_seconds)


def open_store(place: str, *, busy_seconds: float = 30.0) -> Store:
    """The store at a place: a file, or an address with the name of its schema."""
    if is_database(place):
        return PostgresqlStore(database_address(place), busy_seconds=busy_seconds)
    return SqliteStore(Path(place), busy_seconds=busy_seconds)


def in_files() -> Stores:
    """Stores in SQLite files."""
    return Stores("sqlite", str)


def in_database(url: str) -> Stores:
    """Stores in schemas of a database."""
    return Stores(
        "postgresql", lambda path: f"{url}?schema=at_{blake2b(str(path).encode(), digest_size=12).hexdigest()}"
    )
