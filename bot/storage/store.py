"""What a store is: tables behind transactions, the same for SQLite and for a database server.

Statements are written in the SQL that both speak, with `?` for values; `schema_words` holds the few words of a
schema that differ.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

Value = str | int | float | bytes | None
"""What a column holds."""

Row = tuple[Any, ...]
"""One row of a result, in the order of the statement's columns."""

Migration = Sequence[str]
"""The statements that lead from one schema version to the next; braces stand for `Store.schema_words`."""


class Connection(Protocol):
    """One transaction's way to the tables; it must not be kept beyond its `with` block."""

    def execute(self, statement: str, values: Sequence[Value] = ()) -> int:
        """How many rows the statement changed."""

    def execute_many(self, statement: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row of values."""

    def row(self, statement: str, values: Sequence[Value] = ()) -> Row | None:
        """The first row of the result, or None."""

    def rows(self, statement: str, values: Sequence[Value] = ()) -> Iterator[Row]:
        """The rows of the result; other statements may run before they are all read."""

    def rows_in(self, statement: str, values: Iterable[int] | Iterable[str]) -> Iterator[Row]:
        """The rows of a statement with IN ({}), whose braces stand for any number of values; doubles count once."""

    def stream(self, statement: str, values: Sequence[Value] = ()) -> Iterator[Row]:
        """The rows of a long result, fetched while they are read; other statements may run meanwhile."""

    def now(self) -> float:
        """The moment by the store's clock, the same for all machines, in seconds since 1970."""


class Store(Protocol):
    """A set of tables that threads and processes share."""

    @property
    def place(self) -> str:
        """Where the tables are, as a message names it: a path, or an address without its password."""

    @property
    def is_read_only(self) -> bool:
        """Whether a writing transaction is bound to fail."""

    @property
    def schema_words(self) -> Mapping[str, str]:
        """This database's words for the braces in schema statements."""

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one state of the tables throughout, whatever others write meanwhile."""

    def writing(self, *, alone: bool = True) -> AbstractContextManager[Connection]:
        """A transaction that may write, undone when its block raises: the only one at a time over all processes.

        One that is not `alone` may run beside others, where the database can; they wait for each other at rows.
        """

    def tables(self) -> frozenset[str]:
        """The names of the tables that are there."""

    def check(self) -> list[str]:
        """What is damaged, a line each; empty when all is sound. It reads everything."""

    def backup(self, target: Path, migrations: Sequence[Migration]) -> None:
        """Write a copy of one state of the tables, which these migrations made, to the SQLite file `target`."""

    def restore(self, source: Path, migrations: Sequence[Migration]) -> None:
        """Put the copy in the SQLite file `source` in the place of all tables, in one transaction."""

    def close(self) -> None:
        """Release files and connections."""


def rows_in(connection: Connection, statement: str, values: Iterable[int] | Iterable[str]) -> Iterator[Row]:
    """The rows of a statement with IN ({}), as Connection.rows_in."""
    return connection.rows_in(statement, values)
