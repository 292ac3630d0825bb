"""One transaction's changes to a library, with the counts and the change log that go with them."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.articles import record
from bot.articles.article import Article, Passage
from bot.articles.change import Outcome
from bot.articles.statistics import Statistics, Tally
from bot.storage.store import Connection, Value

ID_DIGITS = 8
COUNTERS = ("article", "change", "passage")
"""The last number given to each; numbers are never given twice."""


class Prepared(NamedTuple):
    """What is found in an article: its language ("" when unknown) and its passages, in order."""

    language: str
    passages: tuple[Passage, ...]


class _Old(NamedTuple):
    number: int
    first_passage: int
    passages: int


class Ledger:
    """Stores and removes articles within one transaction; `close` writes what was counted."""

    def __init__(self, connection: Connection, version: str) -> None:
        self._connection = connection
        self._version = version
        self._tally = Tally()
        self._totals: dict[str, int] = {name: int(value) for name, value in connection.rows("SELECT * FROM totals")}

    def put(self, article: Article, prepared: Prepared, *, origin: str | None) -> Outcome:
        """Store an article in the place of the one with its source, if there is one."""
        row = self._connection.row(
            "SELECT number, first_passage, passages FROM articles WHERE source = ?", (article.source,)
        )
        if row is None:
            number = self._next("article")
            first, counts = self._write_passages(number, prepared.passages)
            self._insert(number, article, prepared, first, counts, origin)
        else:
            number = self._clear(_Old(*row))
            first, counts = self._write_passages(number, prepared.passages)
            self._update(number, article, prepared, first, counts, origin)
        self._connection.execute_many(
            "INSERT INTO texts (article, chunk, content) VALUES (?, ?, ?)",
            [(number, chunk, content) for chunk, content in record.chunks(article.text)],
        )
        if article.tags:
            self._connection.execute_many(
                "INSERT INTO article_tags (tag, article) VALUES (?, ?)",
                [(tag, number) for tag in dict.fromkeys(article.tags)],
            )
        self._log(number, removed=False)
        return Outcome.ADDED if row is None else Outcome.CHANGED

    def prepare_again(self, number: int, prepared: Prepared) -> None:
        """Put new passages in the place of an article's old ones; nothing else of it changes."""
        row = self._connection.row("SELECT number, first_passage, passages FROM articles WHERE number = ?", (number,))
        if row is None:
            return
        self._remove_passages(_Old(*row))
        first, counts = self._write_passages(number, prepared.passages)
        self._connection.execute(
            "UPDATE articles SET language = ?, prepared = ?, first_passage = ?, passages = ?, sentences = ? "
            "WHERE number = ?",
            (prepared.language, self._version, first, len(prepared.passages), counts.sentences, number),
        )
        self._log(number, removed=False)

    def remove(self, number: int) -> bool:
        """Whether the article was there; it is not any more."""
        row = self._connection.row("SELECT number, first_passage, passages FROM articles WHERE number = ?", (number,))
        if row is None:
            return False
        self._clear(_Old(*row))
        self._connection.execute("DELETE FROM articles WHERE number = ?", (number,))
        self._log(number, removed=True)
        return True

    def close(self) -> None:
        """Write the counts; without it the transaction must be undone."""
        terms = self._tally.terms()
        self._connection.execute_many(
            "INSERT INTO terms (term, sentences, passages) VALUES (?, ?, ?) ON CONFLICT (term) DO UPDATE SET "
            "sentences = terms.sentences + excluded.sentences, passages = terms.passages + excluded.passages",
            terms,
        )
        self._connection.execute_many(
            "DELETE FROM terms WHERE term = ? AND sentences = 0", [(row[0],) for row in terms if row[1] < 0]
        )
        changed = {name: self._totals.get(name, 0) + count for name, count in self._tally.totals._asdict().items()}
        changed.update({name: self._totals.get(name, 0) for name in COUNTERS})
        self._connection.execute_many(
            "INSERT INTO totals (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            sorted(changed.items()),
        )

    def _insert(
        self, number: int, article: Article, prepared: Prepared, first: int, counts: Statistics, origin: str | None
    ) -> None:
        values: tuple[Value, ...] = (
            *record.article_values(article),
            *self._found(article, prepared, first, counts, origin),
        )
        self._connection.execute(
            "INSERT INTO articles (number, id, source, title, published, day, given_language, tags, url, checksum, "
            "origin, prepared, characters, language, first_passage, passages, sentences) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, self._free_id(article.source), article.source, *values),
        )

    def _update(
        self, number: int, article: Article, prepared: Prepared, first: int, counts: Statistics, origin: str | None
    ) -> None:
        values: tuple[Value, ...] = (
            *record.article_values(article),
            *self._found(article, prepared, first, counts, origin),
        )
        self._connection.execute(
            "UPDATE articles SET title = ?, published = ?, day = ?, given_language = ?, tags = ?, url = ?, "
            "checksum = ?, origin = ?, prepared = ?, characters = ?, language = ?, first_passage = ?, passages = ?, "
            "sentences = ? WHERE number = ?",
            (*values, number),
        )

    def _found(
        self, article: Article, prepared: Prepared, first: int, counts: Statistics, origin: str | None
    ) -> tuple[Value, ...]:
        return (
            record.checksum(article),
            origin,
            self._version,
            len(article.text),
            prepared.language,
            first,
            len(prepared.passages),
            counts.sentences,
        )

    def _write_passages(self, article: int, passages: Sequence[Passage]) -> tuple[int, Statistics]:
        """The number of the first passage, and what the article counts."""
        first = self._totals.get("passage", 0) + 1
        self._totals["passage"] = first + len(passages) - 1
        self._connection.execute_many(
            "INSERT INTO passages (number, article, content) VALUES (?, ?, ?)",
            [(first + place, article, record.encoded_passage(passage)) for place, passage in enumerate(passages)],
        )
        return first, self._tally.add(passages)

    def _clear(self, old: _Old) -> int:
        """The number of an article whose passages, text and tags were removed."""
        self._remove_passages(old)
        self._connection.execute("DELETE FROM texts WHERE article = ?", (old.number,))
        self._connection.execute("DELETE FROM article_tags WHERE article = ?", (old.number,))
        return old.number

    def _remove_passages(self, old: _Old) -> None:
        span = (old.first_passage, old.first_passage + old.passages - 1)
        rows = self._connection.rows("SELECT content FROM passages WHERE number BETWEEN ? AND ?", span)
        self._tally.add([record.decoded_passage(row[0]) for row in rows], -1)
        self._connection.execute("DELETE FROM passages WHERE number BETWEEN ? AND ?", span)

    def _free_id(self, source: str) -> str:
        """The shortest start of the source's hash, of eight digits or more, that no other article has."""
        digits = ID_DIGITS
        while self._connection.row("SELECT 1 FROM articles WHERE id = ?", (record.public_id(source, digits),)):
            digits += 1
        return record.public_id(source, digits)

    def _next(self, counter: str) -> int:
        self._totals[counter] = self._totals.get(counter, 0) + 1
        return self._totals[counter]

    def _log(self, article: int, *, removed: bool) -> None:
        self._connection.execute(
            "INSERT INTO changes (article, change, removed) VALUES (?, ?, ?) ON CONFLICT (article) DO UPDATE SET "
            "change = excluded.change, removed = excluded.removed",
            (article, self._next("change"), int(removed)),
        )
