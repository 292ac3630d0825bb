"""What can be read of a library: articles, texts, passages, counts and changes."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from glob import escape
from operator import attrgetter

from bot.articles import record
from bot.articles.article import Article, StoredArticle, StoredPassage
from bot.articles.change import AddressState, ArticleChange, FileState
from bot.articles.duplicates import Lead
from bot.articles.filters import Filters
from bot.articles.recent import RecentPassages
from bot.articles.remembered import Remembered
from bot.articles.selection import LAST_CHARACTER, is_pattern, numbers_allowed
from bot.articles.statistics import Statistics, TermCount
from bot.storage.store import Connection, Store, rows_in

AT_ONCE = 500  # articles of one page
HEAD, ALIKE = 4, 100
"""Letters that terms begin with, and how many must begin alike to be found at once: the library has hundreds of terms
that do, and looking one up takes as long as reading five."""
REMEMBERED_NUMBERS = 200_000
"""Of articles that filters allow, all filters together; about 13 MB."""
_ADDRESSES = f"SELECT {', '.join(AddressState._fields)} FROM addresses WHERE"  # noqa: S608


class Shelf:
    """The reading side of a library; each call sees one state of it, whatever is written meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._recent = RecentPassages()
        self._languages = Remembered[dict[str, int]](most=1, size=lambda _: 1)
        self._allowed = Remembered[set[int]](most=REMEMBERED_NUMBERS, size=len)

    @property
    def place(self) -> str:
        """Where the library is, for messages."""
        return self._store.place

    def find(self, name: str) -> list[StoredArticle]:
        """The articles with this id or source, those whose source matches this pattern, or those below this folder.

        A path may be given as it is seen from the working folder, though sources are absolute.
        """
        path = name if "://" in name else os.path.abspath(name)  # noqa: PTH100  # as sources are made
        with self._store.reading() as connection:
            statement = f"SELECT {record.COLUMNS} FROM articles WHERE id = ? OR source = ? OR source = ?"  # noqa: S608
            found = [record.stored_article(row) for row in connection.rows(statement, (name, name, path))]
            patterns = [*([name, path] if is_pattern(name) else []), f"{escape(path)}{os.sep}*"]
            while patterns and not found:
                numbers = numbers_allowed(connection, Filters(source=patterns.pop(0)))
                found = sorted(_stored(connection, numbers), key=attrgetter("source"))
        return found

    def articles(self, filters: Filters | None = None) -> Iterator[StoredArticle]:
        """The articles, all or those that `filters` allow, in the order of their sources."""
        allowed = self.allowed(filters)
        after = ""
        statement = f"SELECT {record.COLUMNS} FROM articles WHERE source > ? ORDER BY source LIMIT {AT_ONCE}"  # noqa: S608
        while True:
            with self._store.reading() as connection:
                found = [record.stored_article(row) for row in connection.rows(statement, (after,))]
            if not found:
                return
            after = found[-1].source
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
            return record.text_of(connection, number)

    def slice(self, number: int, start: int, end: int) -> str:
        """The article's text from `start` to `end`, in code points; only what lies around it is read."""
        return self.slices([(number, start, end)])[0]

    def slices(self, spans: Iterable[tuple[int, int, int]]) -> list[str]:
        """Of each span (an article's number, start and end) the text that `slice` gives, all as they are at one
        moment."""
        with self._store.reading() as connection:
            return [_slice(connection, number, start, end) for number, start, end in spans]

    def passages(self, numbers: Iterable[int]) -> dict[int, StoredPassage]:
        """The passages with these numbers, by number; missing ones are left out."""
        with self._store.reading() as connection:
            return self._passages(connection, numbers, _total(connection, "change"))

    def around(
        self, numbers: Iterable[int], more: Callable[[Mapping[int, StoredPassage]], Iterable[int]]
    ) -> tuple[dict[int, StoredPassage], dict[int, StoredArticle]]:
        """The passages with these numbers, those with the numbers that `more` says when it sees them, and the articles
        of all, each by number, as they are at one moment; missing ones are left out."""
        with self._store.reading() as connection:
            change = _total(connection, "change")
            passages = self._passages(connection, numbers, change)
            passages |= self._passages(connection, set(more(passages)) - passages.keys(), change)
            articles = _stored(connection, {passage.article for passage in passages.values()})
            return passages, {article.number: article for article in articles}

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

    def duplicates(self, number: int, *, lead: Lead = Lead.NEWEST) -> list[StoredArticle]:
        """The articles that are nearly the same text as this one, it included, the leading one first; [] for none."""
        with self._store.reading() as connection:
            row = connection.row("SELECT leader FROM sketches WHERE article = ?", (number,))
            if row is None or row[0] is None:
                return []
            statement = (
                f"SELECT {record.COLUMNS}, characters FROM articles WHERE number IN "  # noqa: S608
                "(SELECT article FROM sketches WHERE leader = ?)"
            )
            rows = [(record.stored_article(found[:-1]), found[-1]) for found in connection.rows(statement, (row[0],))]
        # What is equally new or long goes by source, so that the order is the same in every library.
        rows.sort(key=lambda one: one[0].source)
        rows.sort(key=lambda one: one[1] if lead is Lead.LONGEST else one[0].published or "", reverse=True)
        return [article for article, _ in rows]

    def groups(self, articles: Iterable[int]) -> dict[int, int]:
        """For those of the articles that have duplicates the number of their group: the same for all in it."""
        statement = "SELECT article, leader FROM sketches WHERE leader IS NOT NULL AND article IN ({})"
        with self._store.reading() as connection:
            return dict(rows_in(connection, statement, articles))

    def changes(self, after: int) -> tuple[int, list[ArticleChange]]:
        """The number of the last change, and each article's last change since change `after` (0: from the start)."""
        with self._store.reading() as connection:
            last = _total(connection, "change")
            if last == after:
                return last, []
            rows = connection.rows("SELECT article, removed FROM changes WHERE change > ? ORDER BY change", (after,))
            return last, [ArticleChange(article, bool(removed)) for article, removed in rows]

    def changed_since(self, change: int) -> int:
        """How many articles were stored or removed since a change."""
        with self._store.reading() as connection:
            row = connection.row("SELECT COUNT(*) FROM changes WHERE change > ?", (change,))
        return int(row[0]) if row else 0

    def logged(self, after: int, *, most: int) -> list[tuple[int, ArticleChange]]:
        """The first `most` changes after change `after` that are each their article's last, with their numbers."""
        statement = "SELECT change, article, removed FROM changes WHERE change > ? ORDER BY change LIMIT ?"
        with self._store.reading() as connection:
            rows = connection.rows(statement, (after, most))
            return [(change, ArticleChange(article, bool(removed))) for change, article, removed in rows]

    def sources(self, articles: Iterable[int]) -> dict[int, str]:
        """The sources of these articles (by number)."""
        with self._store.reading() as connection:
            return dict(rows_in(connection, "SELECT number, source FROM articles WHERE number IN ({})", articles))

    def counts(self, terms: Sequence[str]) -> list[TermCount]:
        """How common each term is, in the order given."""
        with self._store.reading() as connection:
            statement = "SELECT term, sentences, passages FROM terms WHERE term IN ({})"
            found = {row[0]: TermCount(row[1], row[2]) for row in rows_in(connection, statement, terms)}
        return [found.get(term, TermCount(0, 0)) for term in terms]

    def held(self, terms: Collection[str]) -> set[str]:
        """Those of the terms that some sentence holds. Many that begin alike are found by reading all that do."""
        head = _commonest_head(terms)
        with self._store.reading() as connection:
            if not head:
                return _held(connection, terms)
            found = set(_terms_starting(connection, head)).intersection(terms)
            return found | _held(connection, [term for term in terms if not term.startswith(head)])

    def statistics(self) -> Statistics:
        """The totals that the counts are shares of."""
        with self._store.reading() as connection:
            totals = {name: int(value) for name, value in connection.rows("SELECT name, value FROM totals")}
        return Statistics(**{name: totals.get(name, 0) for name in Statistics._fields})

    def last_change(self) -> int:
        """The number of the last change; 0 before the first."""
        with self._store.reading() as connection:
            return _total(connection, "change")

    def terms_starting(self, prefixes: Iterable[str]) -> list[str]:
        """The terms that start with one of the prefixes, in the order of their code points, each once."""
        found: list[str] = []
        covered: str | None = None
        with self._store.reading() as connection:
            for prefix in sorted(set(prefixes)):
                if covered is None or not prefix.startswith(covered):
                    covered = prefix
                    found += _terms_starting(connection, prefix)
        return found

    def languages(self) -> dict[str, int]:
        """How many sentences of prose each language has, by its code; "" holds what no language was found for."""
        with self._store.reading() as connection:
            return self._languages.of("", _total(connection, "change"), lambda: _languages(connection))

    def allowed(self, filters: Filters | None) -> set[int] | None:
        """The numbers of the articles that `filters` allow; None when nothing is limited.

        They are remembered for the next question within the same: the set must stay as it is.
        """
        if not filters:
            return None
        with self._store.reading() as connection:
            change = _total(connection, "change")
            return self._allowed.of(filters, change, lambda: numbers_allowed(connection, filters))

    def export(self) -> Iterator[Article]:
        """Every article as it was given, in the order in which their sources first came."""
        after = 0
        while True:
            with self._store.reading() as connection:
                row = connection.row("SELECT MIN(number) FROM articles WHERE number > ?", (after,))
                if row is None or row[0] is None:
                    return
                article = given(connection, row[0])
            after = row[0]
            if article is not None:
                yield article

    def origin(self, path: str) -> list[tuple[int, str, bytes]]:
        """Number, source and text checksum of the articles that were found in this file or at this address last."""
        with self._store.reading() as connection:
            return [
                (number, source, checksum)
                for number, source, checksum in connection.rows(
                    "SELECT number, source, text_checksum FROM articles WHERE origin = ? ORDER BY number", (path,)
                )
            ]

    def files_under(self, folder: str) -> dict[str, FileState]:
        """The files below a folder as they were when their articles were read, by path."""
        prefix = folder if folder.endswith(os.sep) else folder + os.sep
        with self._store.reading() as connection:
            statement = "SELECT path, size, modified_ns, readers, articles FROM files WHERE path >= ? AND path < ?"
            rows = connection.rows(statement, (prefix, prefix + LAST_CHARACTER))
            return {row[0]: FileState(*row) for row in rows}

    def by_source(self, source: str) -> StoredArticle | None:
        """The article with exactly this source; None when there is none."""
        with self._store.reading() as connection:
            row = connection.row(f"SELECT {record.COLUMNS} FROM articles WHERE source = ?", (source,))  # noqa: S608
        return record.stored_article(row) if row else None

    def characters(self, source: str) -> int | None:
        """How many characters the article with this source has; None when there is none."""
        with self._store.reading() as connection:
            row = connection.row("SELECT characters FROM articles WHERE source = ?", (source,))
        return int(row[0]) if row else None

    def address(self, address: str) -> AddressState | None:
        """An address of the web as it was when it was asked for last; None when it never was."""
        with self._store.reading() as connection:
            row = connection.row(f"{_ADDRESSES} address = ?", (address,))
        return AddressState(*row) if row else None

    def addresses_in(self, parent: str) -> dict[str, AddressState]:
        """The addresses that were found in a feed or sitemap, as they were when they were asked for last."""
        with self._store.reading() as connection:
            rows = connection.rows(f"{_ADDRESSES} parent = ? ORDER BY address", (parent,))
            return {row[0]: AddressState(*row) for row in rows}

    def flag(self, name: str) -> str | None:
        """What `set_flag` kept under this name; None when nothing."""
        with self._store.reading() as connection:
            row = connection.row("SELECT value FROM meta WHERE name = ?", (name,))
        return str(row[0]) if row else None

    def _passages(self, connection: Connection, numbers: Iterable[int], change: int) -> dict[int, StoredPassage]:
        """The passages with these numbers, by number, as they are after the change with this number."""
        wanted = list(numbers)
        found = self._recent.get(wanted, change=change)
        missing = [number for number in wanted if number not in found]
        if not missing:
            return found
        rows = rows_in(connection, "SELECT number, article, content FROM passages WHERE number IN ({})", missing)
        read = [record.stored_passage(row) for row in rows]
        self._recent.put(read, change=change)
        return found | {passage.number: passage for passage in read}


def given(connection: Connection, number: int) -> Article | None:
    """The article with this number as it was given; None when it is not there (any more)."""
    row = connection.row(f"SELECT {record.GIVEN_COLUMNS} FROM articles WHERE number = ?", (number,))  # noqa: S608
    if row is None:
        return None
    return record.given_article(row, record.text_of(connection, number))


def _slice(connection: Connection, number: int, start: int, end: int) -> str:
    first = start // record.CHUNK_CHARACTERS
    rows = connection.rows(
        "SELECT content FROM texts WHERE article = ? AND chunk BETWEEN ? AND ? ORDER BY chunk",
        (number, first, max(start, end - 1) // record.CHUNK_CHARACTERS),
    )
    around = b"".join([row[0] for row in rows]).decode()
    before = first * record.CHUNK_CHARACTERS
    return around[start - before : max(start, end) - before]


def _terms_starting(connection: Connection, prefix: str) -> Iterator[str]:
    statement = "SELECT term FROM terms WHERE term >= ? AND term < ? ORDER BY term"
    return (row[0] for row in connection.rows(statement, (prefix, prefix + LAST_CHARACTER)))


def _held(connection: Connection, terms: Iterable[str]) -> set[str]:
    return {row[0] for row in rows_in(connection, "SELECT term FROM terms WHERE term IN ({})", terms)}


def _commonest_head(terms: Iterable[str]) -> str:
    """The letters that the most of the terms begin with; "" when they are few."""
    heads = Counter([term[:HEAD] for term in terms]).most_common(1)
    return heads[0][0] if heads and heads[0][1] >= ALIKE else ""


def _languages(connection: Connection) -> dict[str, int]:
    statement = "SELECT language, SUM(sentences) FROM articles GROUP BY language ORDER BY language"
    return {language: int(sentences) for language, sentences in connection.rows(statement)}


def _stored(connection: Connection, numbers: Iterable[int]) -> Iterator[StoredArticle]:
    statement = f"SELECT {record.COLUMNS} FROM articles WHERE number IN ({{}})"  # noqa: S608
    return map(record.stored_article, rows_in(connection, statement, numbers))


def _total(connection: Connection, name: str) -> int:
    row = connection.row("SELECT value FROM totals WHERE name = ?", (name,))
    return int(row[0]) if row else 0
