"""The library: articles, their passages and exact counts, in one file that processes share."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, Self

from bot.articles import record
from bot.articles.article import Article
from bot.articles.change import AddressState, FileState, Incoming, Outcome, Prepared
from bot.articles.ledger import Known, Ledger, counters_of, known_by
from bot.articles.repetition import REPEATED_LINES
from bot.articles.schema import MIGRATIONS
from bot.articles.shelf import Shelf, given
from bot.errors import LibraryDamagedError
from bot.storage.address import OPEN, Entry, database_address, is_database
from bot.storage.lease import Lease
from bot.storage.migrations import migrate, refuse_unknown
from bot.storage.opening import Place, open_store
from bot.storage.sqlite import SqliteStore
from bot.storage.store import Connection, Store

FILE_NAME = "library.sqlite"
BATCH_CHARACTERS = 1_000_000
"""Characters of articles that are stored in one transaction: 200 news articles; a commit costs a few milliseconds."""

Progress = Callable[[int, int], None]
"""Told how many of how many articles are done."""


class Preparation(Protocol):
    """How an article becomes passages with terms."""

    @property
    def version(self) -> str:
        """Differs whenever any article's passages would: the library then prepares its articles again."""

    def prepare(self, article: Article) -> Prepared:
        """The article's language and passages; they follow from the article and the configuration alone."""


class Library(Shelf):
    """Articles as they were given, cut into passages, in one folder; threads and processes may share it."""

    def __init__(
        self,
        store: Store,
        preparation: Preparation,
        *,
        progress: Progress | None = None,
        repeated_lines: int = REPEATED_LINES,
    ) -> None:
        """Open the library in `store`, bring its tables and passages up to date; `progress` hears of the latter.

        A line that stands in `repeated_lines` different texts of a site is the site's, and not quoted.
        Raises LibraryError (or LibraryBusyError, LibraryDamagedError) when it cannot be opened.
        """
        super().__init__(store)
        self._preparation = preparation
        self._repeated_lines = repeated_lines
        self._written = 0
        self._version = f"{preparation.version}:{repeated_lines}"
        try:
            self._open(progress)
        except BaseException:
            store.close()
            raise

    @property
    def written(self) -> int:
        """The number of the last change that this object made; 0 when it made none."""
        return self._written

    def put(self, article: Article, *, origin: str | None = None) -> Outcome:
        """What storing the article did: ADDED, CHANGED (one with its source was there), or UNCHANGED.

        Raises ReadingError for an article that cannot be kept.
        """
        return self.store([Incoming(article, origin)])[0]

    def put_many(self, articles: Iterable[Article], *, origin: str | None = None) -> Iterator[Outcome]:
        """What storing each article did, in order, each told when it is stored for good; many share a transaction.

        Raises ReadingError before anything of its batch is stored.
        """
        for batch in batches(Incoming(article, origin) for article in articles):
            yield from self.store(batch)

    def store(
        self, batch: Sequence[Incoming], *, files: Sequence[FileState] = (), addresses: Sequence[AddressState] = ()
    ) -> list[Outcome]:
        """What storing each article did, in order; all, and what `files` and `addresses` were like, in one transaction.

        Raises ReadingError for an article that cannot be kept, before anything is stored.
        """
        for incoming in batch:
            record.check(incoming.article)
        with self._store.reading() as connection:
            known = [known_by(connection, "source", incoming.article.source) for incoming in batch]
        # Cutting and analysing take most of the time: other writers need not wait for it.
        prepared = [self._prepared(incoming.article, one) for incoming, one in zip(batch, known, strict=True)]
        with self._store.writing() as connection:
            ledger = self._ledger(connection)
            outcomes = [self._put(ledger, incoming, ready) for incoming, ready in zip(batch, prepared, strict=True)]
            ledger.note_files(files)
            ledger.note_addresses(addresses)
            ledger.close()
        self._written = max(self._written, ledger.written)
        return outcomes

    def remove(self, numbers: Iterable[int], *, files: Sequence[str] = ()) -> int:
        """How many of these articles were there; they are not any more, nor is anything known of these `files`."""
        with self._store.writing() as connection:
            ledger = self._ledger(connection)
            removed = sum([ledger.remove(number) for number in dict.fromkeys(numbers)])
            ledger.forget_files(files)
            ledger.close()
        self._written = max(self._written, ledger.written)
        return removed

    def set_flag(self, name: str, value: str) -> None:
        """Keep a value under a name, beside the articles."""
        with self._store.writing() as connection:
            connection.execute(
                "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def lease(self, name: str, *, seconds: float) -> Lease:
        """The claim to do, alone of all processes, what `name` says; it is free again `seconds` after it was taken."""
        return Lease(self._store, name, seconds=seconds)

    def backup(self, target: Path) -> None:
        """Write a copy of the library to the file `target` while others read and write it."""
        self._store.backup(target, MIGRATIONS)

    def restore(self, source: Path, *, progress: Progress | None = None) -> None:
        """Put a backup in the library's place, while others read it; every article counts as changed.

        Raises LibraryError when `source` is no library that this version knows, LibraryDamagedError when it is
        damaged; the library is then as it was.
        """
        copy = SqliteStore(source) if source.is_file() else None
        if copy is not None:
            try:
                if refuse_unknown(copy, MIGRATIONS) == 0:
                    raise LibraryDamagedError(f"{source}: is empty; take another backup")
            finally:
                copy.close()
        with self._store.reading() as connection:
            numbers = [row[0] for row in connection.rows("SELECT number FROM articles")]
            counters = counters_of(connection)
        self._store.restore(source, MIGRATIONS)
        self._open(progress)
        with self._store.writing() as connection:
            ledger = self._ledger(connection)
            ledger.log_restored(numbers, counters)
            ledger.close()

    def check(self) -> list[str]:
        """What is damaged in the library, a line each; empty when all is sound. It reads everything."""
        return self._store.check()

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, progress: Progress | None) -> None:
        migrate(self._store, MIGRATIONS)
        if not self._store.is_read_only:
            self._bring_up_to_date(progress)

    def _ledger(self, connection: Connection) -> Ledger:
        return Ledger(connection, self._version, repeated_lines=self._repeated_lines)

    def _prepared(self, article: Article, known: Known | None) -> Prepared | None:
        """The article's passages; None when those that are there can stay."""
        if known and (known.is_same(article) or known.keeps_passages(article, self._version)):
            return None
        return self._preparation.prepare(article)

    def _put(self, ledger: Ledger, incoming: Incoming, prepared: Prepared | None) -> Outcome:
        known = ledger.known(incoming)
        if known is not None:
            if known.is_same(incoming.article):
                ledger.note_origin(incoming, known)
                return Outcome.UNCHANGED
            if known.keeps_passages(incoming.article, self._version):
                return ledger.put(incoming, known, None)
        return ledger.put(incoming, known, prepared or self._preparation.prepare(incoming.article))

    def _bring_up_to_date(self, progress: Progress | None) -> None:
        """Prepare the articles again that another version prepared; what is done stays done when it is interrupted."""
        version = self._version
        with self._store.reading() as connection:
            bounds = connection.row("SELECT (SELECT MIN(prepared) FROM articles), (SELECT MAX(prepared) FROM articles)")
            if bounds in ((version, version), (None, None)):
                return
            statement = "SELECT number, characters FROM articles WHERE prepared <> ? ORDER BY number"
            old = [(number, characters) for number, characters in connection.rows(statement, (version,))]
        done = 0
        for numbers in _runs(old):
            self._prepare_again(numbers)
            done += len(numbers)
            if progress is not None:
                progress(done, len(old))

    def _prepare_again(self, numbers: Sequence[int]) -> None:
        with self._store.reading() as connection:
            articles = [(number, given(connection, number)) for number in numbers]
        prepared = [(number, article, self._preparation.prepare(article)) for number, article in articles if article]
        with self._store.writing() as connection:
            ledger = self._ledger(connection)
            for number, article, ready in prepared:
                ledger.prepare_again(number, article, ready)
            ledger.close()


def open_library(
    place: str | Path,
    preparation: Preparation,
    *,
    progress: Progress | None = None,
    repeated_lines: int = REPEATED_LINES,
    entry: Entry = OPEN,
) -> Library:
    """The library in the folder or database `place`, a new one where there is none; `progress` hears of preparing it
    again.

    Raises SettingsError for a place that cannot be, LibraryError for one that cannot be opened.
    """
    store = open_store(library_place(place, entry), FILE_NAME)
    return Library(store, preparation, progress=progress, repeated_lines=repeated_lines)


def existing_library(
    place: str | Path,
    preparation: Preparation,
    *,
    progress: Progress | None = None,
    repeated_lines: int = REPEATED_LINES,
    entry: Entry = OPEN,
) -> Library | None:
    """The library in the folder or database `place`, or None where there is none; nothing is made."""
    if not has_library(library_place(place, entry)):
        return None
    return open_library(place, preparation, progress=progress, repeated_lines=repeated_lines, entry=entry)


def has_library(place: Place) -> bool:
    """Whether there is a library; raises as `open_library` where a database does not tell."""
    if isinstance(place, Path):
        return (place / FILE_NAME).exists()
    store = open_store(place, FILE_NAME)
    try:
        return bool(store.tables())
    finally:
        store.close()


def library_place(place: str | Path, entry: Entry = OPEN) -> Place:
    """The folder or database that a setting names; the user's data folder for "".

    Raises SettingsError for an address that cannot be read.
    """
    if is_database(place):
        return database_address(str(place), entry)
    if str(place):
        return Path(place).expanduser()
    from platformdirs import user_data_path  # where nothing is configured

    return user_data_path("verbatim", appauthor=False)


def batches(incoming: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    """The articles in order, as many at a time as go well into one transaction."""
    batch: list[Incoming] = []
    characters = 0
    for one in incoming:
        batch.append(one)
        characters += cost(len(one.article.text))
        if characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def cost(characters: int) -> int:
    """What an article of so many characters adds to its batch: tiny ones cost their rows."""
    return characters + 1000


def _runs(articles: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """The numbers of articles with so many characters each, as many at a time as go well into one transaction."""
    run: list[int] = []
    characters = 0
    for number, length in articles:
        run.append(number)
        characters += cost(length)
        if characters >= BATCH_CHARACTERS:
            yield run
            run, characters = [], 0
    if run:
        yield run
