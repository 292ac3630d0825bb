"""Which articles a filter allows, asked of the tables instead of every article."""

import re
from fnmatch import translate

from bot.articles.filters import Filters
from bot.storage.store import Connection, Value

_WILD = re.compile(r"[*?\[]")
LAST_CHARACTER = "\U0010ffff"


def is_pattern(text: str) -> bool:
    """Whether a text is a shell pattern: it holds one of * ? [."""
    return _WILD.search(text) is not None


def numbers_allowed(connection: Connection, filters: Filters) -> set[int]:
    """The numbers of the articles that `filters` allow, exactly those that Filters.allow does."""
    conditions, values = _conditions(filters)
    statement = f"SELECT number, source FROM articles WHERE {' AND '.join(conditions) or '1 = 1'}"  # noqa: S608
    if not filters.source:
        return {row[0] for row in connection.rows(statement, values)}
    matches = re.compile(translate(filters.source)).match
    return {number for number, source in connection.rows(statement, values) if matches(source)}


def _conditions(filters: Filters) -> tuple[list[str], list[Value]]:
    """What the tables can check by themselves: all but the wild part of a pattern."""
    conditions: list[str] = []
    values: list[Value] = []
    if filters.language:
        conditions.append("language = ?")
        values.append(filters.language)
    if filters.since:
        conditions.append("day >= ?")
        values.append(filters.since.isoformat())
    if filters.until:
        conditions.append("day <= ?")
        values.append(filters.until.isoformat())
    if filters.tags:
        places = ", ".join("?" * len(filters.tags))
        conditions.append(f"number IN (SELECT article FROM article_tags WHERE tag IN ({places}))")  # noqa: S608
        values.extend(filters.tags)
    if filters.source:
        fixed = _WILD.split(filters.source, maxsplit=1)[0]
        if fixed:
            conditions.append("source >= ? AND source < ?")
            values.extend((fixed, fixed + LAST_CHARACTER))
    return conditions, values
