"""A statement in the SQL that both databases speak, as psycopg takes it."""

import re
from functools import lru_cache
from typing import NamedTuple

_PIECE = re.compile(r"'(?:[^']|'')*'|\?|%")
_ROW_INSERT = re.compile(
    r"\s*INSERT\s+INTO\s+(?P<table>\w+)\s*\((?P<columns>[\w\s,]+)\)\s*VALUES\s*\((?P<places>[?\s,]+)\)\s*"
    r"(?P<conflict>ON\s+CONFLICT\s*\((?P<keys>[\w\s,]+)\).*)?",
    re.IGNORECASE | re.DOTALL,
)
_PLACE = {"?": "%s", "%": "%%"}


class RowInsert(NamedTuple):
    """An INSERT of one row whose values are all given: its table and columns, and what it does where rows are there
    already ("" for nothing), found by the places of the `keys` among the columns."""

    table: str
    columns: tuple[str, ...]
    conflict: str
    keys: tuple[int, ...]


@lru_cache(maxsize=512)
def placed(statement: str) -> str:
    """The statement with psycopg's places for values instead of question marks; literals stay."""
    return _PIECE.sub(lambda found: _PLACE.get(found[0], found[0].replace("%", "%%")), statement)


@lru_cache(maxsize=128)
def row_insert(statement: str) -> RowInsert | None:
    """What an INSERT of one row says; None for any other statement."""
    found = _ROW_INSERT.fullmatch(statement)
    if found is None:
        return None
    columns = _names(found["columns"])
    if found["places"].count("?") != len(columns):
        return None
    keys = tuple(columns.index(name) for name in _names(found["keys"] or "") if name in columns)
    return RowInsert(found["table"], columns, (found["conflict"] or "").strip(), keys)


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in listed.split(",") if name.strip())
