"""The library: articles, their passages and exact counts, in one file that processes share."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

from bot.articles import record
from bot.articles.article import Article, StoredArticle, StoredPassage
from bot.articles.change import ArticleChange, Outcome
from bot.articles.filters import Filters
from bot.articles.ledger import Ledger, Prepared
from bot.articles.schema import MIGRATIONS
from bot.articles.selection import is_pattern, numbers_allowed
from bot.articles.statistics import Statistics, TermCount
from bot.errors import SettingsError
from bot.storage.migrations import migrate
from bot.storage.sqlite import SqliteStore
from bot.storage.store import Connection, Row, Store

FILE_NAME = "library.sqlite"
BATCH_CHARACTERS = 1_000_000
"""Characters of articles that are stored in one transaction: 200 news articles; a commit costs a few milliseconds."""
AT_ONCE = 500  # values in one IN (...)

Progress = Callable[[int, int], None]
"""Told how many of how many articles are done."""


class Preparation(Protocol):
    """How an article becomes passages with terms."""

    @property
    def version(self) -> str:
        """Differs whenever any article's passages would: the library then prepares its articles again."""

    def prepare(self, article: Article) -> Prepared:
        """The article's language and passages; they follow from the article and the configuration alone."""


class Incoming(NamedTuple):
    """An article on its way into the library, with the file or address that it was found in."""

    article: Article
    origin: str | None = None


class Library:
    """Articles as they were given, cut into passages, in one folder; threads and processes may share it."""

    def __init__(self, store: Store, preparation: Preparation, *, progress: Progress | None = None) -> None:
        """Open the library in `store`, bring its tables and passages up to date; `progress` hears of the latter.

        Raises LibraryError (or LibraryBusyError, LibraryDamagedError) when it cannot be opened.
        """
        self._store = store
        self._preparation = preparation
        migrate(store, MIGRATIONS)
        self._bring_up_to_date(progress)

    @property
    def place(self) -> str:
        """Where the library is, for messages."""
        return self._store.place

    def put(self, article: Article, *, origin: str | None = None) -> Outcome:
        """What storing the article did: ADDED, CHANGED (one with its source was there), or UNCHANGED.

        Raises ReadingError for an article that cannot be kept.
        """
        return next(iter(self.put_many([Incoming(article, origin)])))

    def put_many(self, incoming: Iterable[Incoming]) -> Iterator[Outcome]:
        """What storing each article did, in order, each told when it is stored for good; many share a transaction.

        Raises ReadingError before anything of its batch is stored.
        """
        for batch in _batches(incoming):
            yield from self._put_batch(batch)

    def remove(self, numbers: Iterable[int]) -> int:
        """How many of these articles were there; they are not any more."""
        with self._store.writing() as connection:
            ledger = Ledger(connection, self._preparation.version)
            removed = sum([ledger.remove(number) for number in dict.fromkeys(numbers)])
            ledger.close()
        return removed

    def rename(self, number: int, article: Article, *, origin: str | None = None) -> None:
        """Give an article another source and keep its number and id; `article` is what it is from now on.

        Nothing happens when the new source is taken.
        """
        with self._store.writing() as connection:
            if connection.row("SELECT 1 FROM articles WHERE source = ?", (article.source,)) is None:
                connection.execute("UPDATE articles SET source = ? WHERE number = ?", (article.source, number))
        self.put(article, origin=origin)

    def find(self, name: str) -> list[StoredArticle]:
        """The articles with this id, this source or, where it has wild cards, a source that matches the pattern."""
        with self._store.reading() as connection:
            statement = f"SELECT {record.COLUMNS} FROM articles WHERE id = ? OR source = ?"  # noqa: S608
            found = [record.stored_article(row) for row in connection.rows(statement, (name, name))]
            if found or not is_pattern(name):
                return found
            numbers = sorted(numbers_allowed(connection, Filters(source=name)))
            return list(_stored(connection, numbers))

    def articles(self, filters: Filters | None = None) -> Iterator[StoredArticle]:
        """The articles, all or those that `filters` allow, in the order in which their sources first came."""
        allowed = self.allowed(filters)
        after = 0
        statement = f"SELECT {record.COLUMNS} FROM articles WHERE number > ? ORDER BY number LIMIT {AT_ONCE}"  # noqa: S608
        while True:
            with self._store.reading() as connection:
                found = [record.stored_article(row) for row in connection.rows(statement, (after,))]
            if not found:
                return
            after = found[-1].number
            yield from (article for article in found if allowed is None or article.number in allowed)

    def article(self, number: int) -> StoredArticle | None:
        """The article with this number; None when it is not there (any more)."""
        return self.stored([number]).get(number)

    def stored(self, numbers: Iterable[int]) -> dict[int, StoredArticle]:
        """The articles with these numbers, by number; missing ones are left out."""
        with self._store.reading() as connection:
            return {article.number: article for article in _stored(connection, numbers)}

    def text(self, number: int) -> str:
        """The article's text as it was given; "" when there is no such article."""
        with self._store.reading() as connection:
            rows = connection.rows("SELECT content FROM texts WHERE article = ? ORDER BY chunk", (number,))
            return b"".join([row[0] for row in rows]).decode()

    def slice(self, number: int, start: int, end: int) -> str:
        """The article's text from `start` to `end`, in code points; only what lies around it is read."""
        first = start // record.CHUNK_CHARACTERS
        with self._store.reading() as connection:
            rows = connection.rows(
                "SELECT content FROM texts WHERE article = ? AND chunk BETWEEN ? AND ? ORDER BY chunk",
                (number, first, max(start, end - 1) // record.CHUNK_CHARACTERS),
            )
            around = b"".join([row[0] for row in rows]).decode()
        before = first * record.CHUNK_CHARACTERS
        return around[start - before : max(start, end) - before]

    def passages(self, numbers: Iterable[int]) -> dict[int, StoredPassage]:
        """The passages with these numbers, by number; missing ones are left out."""
        with self._store.reading() as connection:
            rows = _in(connection, "SELECT number, article, content FROM passages WHERE number IN ({})", numbers)
            return {row[0]: record.stored_passage(row) for row in rows}

    def passages_of(self, articles: Iterable[int]) -> Iterator[StoredPassage]:
        """The passages of these articles (by number), in order."""
        for number in articles:
            with self._store.reading() as connection:
                rows = connection.rows(
                    "SELECT p.number, p.article, p.content FROM articles a JOIN passages p "
                    "ON p.number >= a.first_passage AND p.number < a.first_passage + a.passages "
                    "WHERE a.number = ? ORDER BY p.number",
                    (number,),
                )
                found = [record.stored_passage(row) for row in rows]
            yield from found

    def changes(self, after: int) -> tuple[int, list[ArticleChange]]:
        """The number of the last change, and each article's last change since change `after` (0: from the start)."""
        with self._store.reading() as connection:
            last = _total(connection, "change")
            if last == after:
                return last, []
            rows = connection.rows("SELECT article, removed FROM changes WHERE change > ? ORDER BY change", (after,))
            return last, [ArticleChange(article, bool(removed)) for article, removed in rows]

    def sources(self, articles: Iterable[int]) -> dict[int, str]:
        """The sources of these articles (by number)."""
        with self._store.reading() as connection:
            return dict(_in(connection, "SELECT number, source FROM articles WHERE number IN ({})", articles))

    def counts(self, terms: Sequence[str]) -> list[TermCount]:
        """How common each term is, in the order given."""
        with self._store.reading() as connection:
            statement = "SELECT term, sentences, passages FROM terms WHERE term IN ({})"
            found = {row[0]: TermCount(row[1], row[2]) for row in _in(connection, statement, terms)}
        return [found.get(term, TermCount(0, 0)) for term in terms]

    def statistics(self) -> Statistics:
        """The totals that the counts are shares of."""
        with self._store.reading() as connection:
            totals = {name: int(value) for name, value in connection.rows("SELECT name, value FROM totals")}
        return Statistics(**{name: totals.get(name, 0) for name in Statistics._fields})

    def languages(self) -> dict[str, int]:
        """How many sentences of prose each language has, by its code; "" holds what no language was found for."""
        with self._store.reading() as connection:
            statement = "SELECT language, SUM(sentences) FROM articles GROUP BY language ORDER BY language"
            return {language: int(sentences) for language, sentences in connection.rows(statement)}

    def allowed(self, filters: Filters | None) -> set[int] | None:
        """The numbers of the articles that `filters` allow; None when nothing is limited."""
        if not filters:
            return None
        with self._store.reading() as connection:
            return numbers_allowed(connection, filters)

    def export(self) -> Iterator[Article]:
        """Every article as it was given, in the order in which their sources first came."""
        after = 0
        while True:
            with self._store.reading() as connection:
                row = connection.row("SELECT MIN(number) FROM articles WHERE number > ?", (after,))
                if row is None or row[0] is None:
                    return
                article = self._given(connection, row[0])
            after = row[0]
            if article is not None:
                yield article

    def flag(self, name: str) -> str | None:
        """What `set_flag` kept under this name; None when nothing."""
        with self._store.reading() as connection:
            row = connection.row("SELECT value FROM meta WHERE name = ?", (name,))
        return str(row[0]) if row else None

    def set_flag(self, name: str, value: str) -> None:
        """Keep a value under a name, beside the articles."""
        with self._store.writing() as connection:
            _set_flag(connection, name, value)

    def backup(self, target: Path) -> None:
        """Write a copy of the library to the file `target` while others read and write it."""
        self._store.backup(target)

    def check(self) -> list[str]:
        """What is damaged in the library, a line each; empty when all is sound. It reads everything."""
        return self._store.check()

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def _put_batch(self, batch: Sequence[Incoming]) -> list[Outcome]:
        for incoming in batch:
            record.check(incoming.article)
        with self._store.reading() as connection:
            known = _checksums(connection, [incoming.article.source for incoming in batch])
        # Cutting and analysing take most of the time: other writers need not wait for it.
        prepared = [
            None
            if known.get(incoming.article.source) == record.checksum(incoming.article)
            else self._preparation.prepare(incoming.article)
            for incoming in batch
        ]
        if not any(prepared):
            self._note_origins(batch)
            return [Outcome.UNCHANGED] * len(batch)
        with self._store.writing() as connection:
            ledger = Ledger(connection, self._preparation.version)
            outcomes = [
                self._put_one(connection, ledger, incoming, ready)
                for incoming, ready in zip(batch, prepared, strict=True)
            ]
            ledger.close()
        return outcomes

    def _put_one(
        self, connection: Connection, ledger: Ledger, incoming: Incoming, prepared: Prepared | None
    ) -> Outcome:
        article, origin = incoming
        known = _checksums(connection, [article.source]).get(article.source)
        if known == record.checksum(article):
            return Outcome.UNCHANGED
        return ledger.put(article, prepared or self._preparation.prepare(article), origin=origin)

    def _note_origins(self, batch: Sequence[Incoming]) -> None:
        """Keep in which file an article was found last, where that is another one."""
        with self._store.reading() as connection:
            statement = "SELECT source, origin FROM articles WHERE source IN ({})"
            sources = [incoming.article.source for incoming in batch]
            known: dict[str, str | None] = dict(_in(connection, statement, sources))
        moved = [(origin, article.source) for article, origin in batch if origin and known[article.source] != origin]
        if moved:
            with self._store.writing() as connection:
                connection.execute_many("UPDATE articles SET origin = ? WHERE source = ?", moved)

    def _bring_up_to_date(self, progress: Progress | None) -> None:
        """Prepare the articles again that another version prepared; what is done stays done when it is interrupted."""
        version = self._preparation.version
        if self.flag("preparation") == version:
            return
        with self._store.reading() as connection:
            statement = "SELECT number FROM articles WHERE prepared <> ? ORDER BY number"
            numbers = [row[0] for row in connection.rows(statement, (version,))]
        for done, number in enumerate(numbers, start=1):
            with self._store.reading() as connection:
                article = self._given(connection, number)
            if article is not None:
                prepared = self._preparation.prepare(article)
                with self._store.writing() as connection:
                    ledger = Ledger(connection, version)
                    ledger.prepare_again(number, prepared)
                    ledger.close()
            if progress is not None:
                progress(done, len(numbers))
        self.set_flag("preparation", version)

    def _given(self, connection: Connection, number: int) -> Article | None:
        row = connection.row(f"SELECT {record.GIVEN_COLUMNS} FROM articles WHERE number = ?", (number,))  # noqa: S608
        if row is None:
            return None
        rows = connection.rows("SELECT content FROM texts WHERE article = ? ORDER BY chunk", (number,))
        return record.given_article(row, b"".join([content for (content,) in rows]).decode())


def open_library(
    place: str | Path, preparation: Preparation, *, create: bool = True, progress: Progress | None = None
) -> Library | None:
    """The library in the folder `place`; where there is none, a new one, or None unless `create`.

    Raises SettingsError for a place that this version cannot use, LibraryError for one that cannot be opened.
    """
    if str(place).startswith(("postgresql://", "postgres://")):
        raise SettingsError(
            "a library in PostgreSQL is not available in this version; name a folder with --library or VERBATIM_LIBRARY"
        )
    path = library_folder(place) / FILE_NAME
    if not create and not path.exists():
        return None
    return Library(SqliteStore(path), preparation, progress=progress)


def library_folder(place: str | Path) -> Path:
    """The folder that a setting names; the user's data folder for ""."""
    if str(place):
        return Path(place).expanduser()
    from platformdirs import user_data_path  # where nothing is configured

    return user_data_path("verbatim", appauthor=False)


def _batches(incoming: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    batch: list[Incoming] = []
    characters = 0
    for one in incoming:
        batch.append(one)
        characters += len(one.article.text) + 1000  # the least that an article costs
        if characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _in(connection: Connection, statement: str, values: Iterable[int] | Iterable[str]) -> Iterator[Row]:
    """The rows of a statement with IN ({}), asked for so many values at a time."""
    left: Iterator[int | str] = iter(dict.fromkeys(values))
    while some := list(islice(left, AT_ONCE)):
        yield from connection.rows(statement.format(", ".join("?" * len(some))), some)


def _stored(connection: Connection, numbers: Iterable[int]) -> Iterator[StoredArticle]:
    statement = f"SELECT {record.COLUMNS} FROM articles WHERE number IN ({{}})"  # noqa: S608
    return map(record.stored_article, _in(connection, statement, numbers))


def _checksums(connection: Connection, sources: Iterable[str]) -> dict[str, bytes]:
    return dict(_in(connection, "SELECT source, checksum FROM articles WHERE source IN ({})", sources))


def _total(connection: Connection, name: str) -> int:
    row = connection.row("SELECT value FROM totals WHERE name = ?", (name,))
    return int(row[0]) if row else 0


def _set_flag(connection: Connection, name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
