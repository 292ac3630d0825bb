"""One transaction on a PostgreSQL connection."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, islice

import psycopg

from bot.errors import LibraryError
from bot.storage.statement import RowInsert, placed, row_insert
from bot.storage.store import Connection, Row, Value

BIGINT = 20  # the type's number
AT_ONCE = 20_000  # values in one array
FETCHED_AT_ONCE = 2_000  # rows of a long result
COPIED_FROM = 16
"""From so many rows on, COPY is quicker than one INSERT after the other."""
STAGED_FROM = 128
"""From so many rows on, COPY into a table beside and one INSERT from there is quicker."""

_TYPES = (
    "SELECT attname, atttypid FROM pg_catalog.pg_attribute "
    "WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
)
_CHILDREN_FIRST = (
    "SELECT c.oid::regclass::text FROM pg_catalog.pg_class c WHERE c.relkind = 'r' "
    "AND c.relnamespace = current_schema()::regnamespace ORDER BY "
    "(SELECT COUNT(*) FROM pg_catalog.pg_constraint k WHERE k.confrelid = c.oid), 1"
)


class PostgresqlTransaction:
    """A transaction in a PostgreSQL database (bot.storage.store.Connection).

    A text with a NUL character is in no table, for PostgreSQL cannot hold one: it is refused when it would be kept,
    and equals nothing when it is asked for.
    """

    def __init__(self, raw: psycopg.Connection, types: dict[str, dict[str, int]]) -> None:
        """`types` remembers the columns of tables, by table, for all transactions of a store."""
        self._raw = raw
        self._types = types
        self._streams = count(1)
        self._ended = False

    def execute(self, statement: str, values: Sequence[Value] = ()) -> int:
        """How many rows the statement changed."""
        return self._cursor().execute(placed(statement), _kept(values)).rowcount

    def execute_many(self, statement: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row of values."""
        given = list(rows)
        insert = row_insert(statement) if len(given) >= COPIED_FROM else None
        if insert is not None and not insert.conflict:
            self._copy(insert.table, insert.columns, given)
        elif insert is not None and len(given) >= STAGED_FROM and _distinct(insert, given):
            self._merge(insert, given)
        elif given:
            self._cursor().executemany(placed(statement), [_kept(values) for values in given])

    def row(self, statement: str, values: Sequence[Value] = ()) -> Row | None:
        """The first row of the result, or None."""
        return self._cursor().execute(placed(statement), _asked(values)).fetchone()

    def rows(self, statement: str, values: Sequence[Value] = ()) -> Iterator[Row]:
        """The rows of the result, all fetched at once."""
        return iter(self._cursor().execute(placed(statement), _asked(values)).fetchall())

    def rows_in(self, statement: str, values: Iterable[int] | Iterable[str]) -> Iterator[Row]:
        """The rows of a statement with IN ({}), whose values travel as an array."""
        left: Iterator[int | str] = iter(dict.fromkeys(values))
        while some := list(islice(left, AT_ONCE)):
            is_text = isinstance(some[0], str)
            array = statement.replace("IN ({})", "= ANY(%s::text[])" if is_text else "= ANY(%s::bigint[])")
            if is_text:
                some = [value for value in some if "\0" not in str(value)]
            yield from self._cursor().execute(array, (some,)).fetchall()

    def stream(self, statement: str, values: Sequence[Value] = ()) -> Iterator[Row]:
        """The rows of a long result by a cursor on the server, some thousands at a time."""
        name = f"stream_{next(self._streams)}"
        self._cursor().execute(f"DECLARE {name} NO SCROLL CURSOR FOR {placed(statement)}", _asked(values))
        return self._fetched(name)

    def now(self) -> float:
        """The server's clock."""
        row = self.row("SELECT EXTRACT(EPOCH FROM clock_timestamp())::float8")
        return float(row[0]) if row else 0.0

    def read_whole(self, table: str) -> None:
        """Read every row of a table and keep none."""
        with self._cursor().copy(f"COPY {table} TO STDOUT (FORMAT BINARY)".encode()) as copy:
            for _ in copy:
                pass

    def replace_all(self, source: Connection) -> None:
        """Put the rows of another store's tables with the same names in the place of those that are there."""
        tables = [row[0] for row in self.rows(_CHILDREN_FIRST)]
        for table in tables:
            self.execute(f"DELETE FROM {table}")  # noqa: S608
        for table in reversed(tables):
            columns = tuple(self._columns(table))
            self._copy(table, columns, source.stream(f"SELECT {', '.join(columns)} FROM {table}"))  # noqa: S608
            self._go_on_counting(table, columns[0])

    def end(self) -> None:
        """Let nothing more be asked through this transaction."""
        self._ended = True

    def _go_on_counting(self, table: str, key: str) -> None:
        """Let a key that the database numbers itself go on after the highest that is there."""
        if self._columns(table)[key] == BIGINT:
            self.rows(
                f"SELECT setval(s::regclass, GREATEST((SELECT MAX({key}) FROM {table}), 1)) "  # noqa: S608
                "FROM pg_get_serial_sequence(?, ?) s WHERE s IS NOT NULL",
                (table, key),
            )

    def _fetched(self, name: str) -> Iterator[Row]:
        while True:
            found = self._cursor().execute(f"FETCH {FETCHED_AT_ONCE} FROM {name}".encode()).fetchall()
            yield from found
            if len(found) < FETCHED_AT_ONCE:
                return

    def _copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        types = self._columns(table)
        with self._cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)".encode()) as copy:
            copy.set_types([types[name] for name in columns])
            for row in rows:
                copy.write_row(_kept(row))

    def _merge(self, insert: RowInsert, rows: Sequence[Sequence[Value]]) -> None:
        """Copy the rows beside their table, and insert them from there."""
        staging, columns = f"staging_{insert.table}", ", ".join(insert.columns)
        self._columns(insert.table)
        self.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} (LIKE {insert.table} INCLUDING DEFAULTS) "
            "ON COMMIT DELETE ROWS"
        )
        self.execute(f"TRUNCATE {staging}")
        self._types[staging] = self._types[insert.table]
        self._copy(staging, insert.columns, rows)
        self.execute(f"INSERT INTO {insert.table} ({columns}) SELECT {columns} FROM {staging} {insert.conflict}")  # noqa: S608

    def _columns(self, table: str) -> Mapping[str, int]:
        """The types of a table's columns by name, in their order."""
        if table not in self._types:
            self._types[table] = {name: int(type_) for name, type_ in self.rows(_TYPES, (table,))}
        return self._types[table]

    def _cursor(self) -> "psycopg.Cursor[Row]":
        if self._ended:
            raise ValueError("the transaction is over")
        return self._raw.cursor(binary=True)


def _kept(values: Sequence[Value]) -> Sequence[Value]:
    """The values as they are. Raises LibraryError for a text that PostgreSQL cannot keep."""
    for value in values:
        if type(value) is str and "\0" in value:
            raise LibraryError("a text holds a NUL character, which PostgreSQL cannot keep; take it out")
    return values


def _asked(values: Sequence[Value]) -> Sequence[Value]:
    """The values with NULL, which equals nothing, for what no table can hold."""
    return [None if type(value) is str and "\0" in value else value for value in values]


def _distinct(insert: RowInsert, rows: Sequence[Sequence[Value]]) -> bool:
    """Whether no two rows have the same key: one statement changes no row twice."""
    if not insert.keys:
        return False
    return len({tuple([row[place] for place in insert.keys]) for row in rows}) == len(rows)
