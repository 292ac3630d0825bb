"""One transaction's changes to a library, with the counts and the change log that go with them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.articles import record
from bot.articles.article import Article, contents_of
from bot.articles.change import STALE, AddressState, FileState, Incoming, Outcome, Prepared
from bot.articles.duplicates import Duplicates
from bot.articles.repetition import REPEATED_LINES, Lines, Repetition, site_of
from bot.articles.statistics import Tally
from bot.storage.store import Connection, Value

ID_DIGITS = 8
COUNTERS = ("article", "change", "passage")
"""The last number given to each; numbers are never given twice."""

ARTICLE_COLUMNS = (
    "number", "id", "source", "title", "published", "day", "given_language", "tags", "url", "checksum",
    "text_checksum", "origin", "prepared", "characters", "language", "first_passage", "passages", "sentences",
    "title_terms",
)  # fmt: skip
_STORE_ARTICLE = (
    f"INSERT INTO articles ({', '.join(ARTICLE_COLUMNS)}) VALUES ({', '.join('?' * len(ARTICLE_COLUMNS))}) "  # noqa: S608
    f"ON CONFLICT (number) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in ARTICLE_COLUMNS[1:])}"
)


_STORE_ADDRESS = (
    f"INSERT INTO addresses ({', '.join(AddressState._fields)}) VALUES ({', '.join('?' * len(AddressState._fields))}) "  # noqa: S608
    f"ON CONFLICT (address) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in AddressState._fields[1:])}"
)


class Known(NamedTuple):
    """What the library holds under a source."""

    number: int
    id: str
    source: str
    url: str | None
    title: str
    checksum: bytes
    text_checksum: bytes
    given_language: str
    origin: str | None
    prepared: str
    span: "Span"

    def is_same(self, article: Article) -> bool:
        """Whether nothing of the article is new."""
        return self.checksum == record.checksum(article)

    def keeps_passages(self, article: Article, version: str) -> bool:
        """Whether the article's passages are those that are there: they follow from text, title, language and site."""
        return (
            self.prepared == version
            and site_of(self.source, self.url) == site_of(article.source, article.url)
            and self.title == article.title
            and self.given_language == article.language
            and self.text_checksum == record.text_checksum(article.text)
        )


class Span(NamedTuple):
    """What was found in an article: its language, its passages, by the first one's number and how many there are, their
    sentences of prose, its title's terms."""

    language: str
    first: int
    passages: int
    sentences: int
    title_terms: str | None


_KNOWN = (
    "SELECT number, id, source, url, title, checksum, text_checksum, given_language, origin, prepared, "
    "language, first_passage, passages, sentences, title_terms FROM articles WHERE "
)


def known_by(connection: Connection, column: str, value: str | int) -> Known | None:
    """What the library holds where `column` has this value; None when nothing."""
    row = connection.row(f"{_KNOWN}{column} = ?", (value,))
    if row is None:
        return None
    span = len(Span._fields)
    return Known._make([*row[:-span], Span._make(row[-span:])])


def counters_of(connection: Connection) -> dict[str, int]:
    """The library's counters and totals by name."""
    return {name: int(value) for name, value in connection.rows("SELECT name, value FROM totals")}


class Ledger:
    """Stores and removes articles within one transaction; `close` writes what was counted."""

    def __init__(self, connection: Connection, version: str, *, repeated_lines: int = REPEATED_LINES) -> None:
        self._connection = connection
        self._version = version
        self._duplicates = Duplicates(connection)
        self._repetition = Repetition(connection, least=repeated_lines)
        self._tally = Tally()
        self._stale: set[str] = set()
        self._totals = counters_of(connection)
        self._before = self._totals.get("change", 0)

    @property
    def written(self) -> int:
        """The number of the last change of this transaction; 0 when there is none."""
        last = self._totals.get("change", 0)
        return last if last > self._before else 0

    def known(self, incoming: Incoming) -> Known | None:
        """What the library holds of an article on its way in."""
        found = known_by(self._connection, "source", incoming.article.source)
        if found is None and incoming.was is not None:
            return known_by(self._connection, "number", incoming.was)
        return found

    def put(self, incoming: Incoming, known: Known | None, prepared: Prepared | None) -> Outcome:
        """Store an article in the place of the `known` one; without `prepared` that one's passages stay."""
        article, origin, _ = incoming
        if known is None:
            number, id_ = self._next("article"), self._free_id(article.source)
        else:
            number, id_ = known.number, known.id
            self._leave_origin(known, origin)
        if prepared is not None:
            span = self._replace_passages(number, known, article, prepared)
        elif known is not None:
            span = known.span
        else:
            raise ValueError("a new article needs its passages")
        self._connection.execute(_STORE_ARTICLE, self._values(number, id_, article, origin, span))
        if prepared is not None:
            self._replace_text(number, known, article.text)
        self._replace_tags(number, known, article.tags)
        self._log(number, removed=False)
        return Outcome.ADDED if known is None else Outcome.CHANGED

    def note_origin(self, incoming: Incoming, known: Known) -> None:
        """Keep in which file an unchanged article was found last."""
        if incoming.origin is not None and incoming.origin != known.origin:
            self._leave_origin(known, incoming.origin)
            self._connection.execute("UPDATE articles SET origin = ? WHERE number = ?", (incoming.origin, known.number))

    def prepare_again(self, number: int, article: Article, prepared: Prepared) -> None:
        """Put new passages in the place of an article's old ones, unless another process did."""
        known = known_by(self._connection, "number", number)
        if known is None or known.prepared == self._version:
            return
        span = self._replace_passages(number, known, article, prepared)
        self._connection.execute(
            "UPDATE articles SET prepared = ?, language = ?, first_passage = ?, passages = ?, sentences = ?, "
            "title_terms = ? WHERE number = ?",
            (self._version, *span, number),
        )
        self._log(number, removed=False)

    def remove(self, number: int) -> bool:
        """Whether the article was there; it is not any more."""
        known = known_by(self._connection, "number", number)
        if known is None:
            return False
        self._leave_origin(known, None)
        self._remove_passages(known)
        self._connection.execute("DELETE FROM texts WHERE article = ?", (number,))
        self._connection.execute("DELETE FROM article_tags WHERE article = ?", (number,))
        self._connection.execute("DELETE FROM articles WHERE number = ?", (number,))
        self._log(number, removed=True)
        return True

    def note_files(self, files: Iterable[FileState]) -> None:
        """Keep how files were when they were read; those that lost an article meanwhile are to be read again."""
        self._connection.execute_many(
            "INSERT INTO files (path, size, modified_ns, readers, articles) VALUES (?, ?, ?, ?, ?) ON CONFLICT (path) "
            "DO UPDATE SET size = excluded.size, modified_ns = excluded.modified_ns, readers = excluded.readers, "
            "articles = excluded.articles",
            [file._replace(modified_ns=STALE) if file.path in self._stale else file for file in files],
        )

    def note_addresses(self, addresses: Iterable[AddressState]) -> None:
        """Keep how addresses were when they were asked for."""
        self._connection.execute_many(_STORE_ADDRESS, addresses)

    def forget_files(self, paths: Iterable[str]) -> None:
        """Keep nothing of these files any more."""
        self._connection.execute_many("DELETE FROM files WHERE path = ?", [(path,) for path in paths])

    def log_restored(self, before: Iterable[int], counters: Mapping[str, int]) -> None:
        """Log that every article may be another one than before: those that were there with these numbers are gone.

        Numbers go on from `counters`, so that none is given twice.
        """
        for name in COUNTERS:
            self._totals[name] = max(self._totals.get(name, 0), counters.get(name, 0))
        there = {row[0] for row in self._connection.rows("SELECT number FROM articles")}
        for number in sorted(there.union(before)):
            self._log(number, removed=number not in there)

    def close(self) -> None:
        """Mark what repeats and write the counts; without it the transaction must be undone."""
        for number in sorted(self._repetition.settle()):
            self._mark(number)
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

    def _values(self, number: int, id_: str, article: Article, origin: str | None, span: Span) -> tuple[Value, ...]:
        """What stands in ARTICLE_COLUMNS."""
        return (
            number,
            id_,
            article.source,
            article.title,
            article.published,
            article.published[:10] if article.published else None,
            article.language,
            record.encoded_tags(article.tags),
            article.url,
            record.checksum(article),
            record.text_checksum(article.text),
            origin,
            self._version,
            len(article.text),
            *span,
        )

    def _replace_passages(self, number: int, known: Known | None, article: Article, prepared: Prepared) -> Span:
        if known is not None:
            self._remove_passages(known)
        first = self._totals.get("passage", 0) + 1
        self._totals["passage"] = first + len(prepared.passages) - 1
        self._connection.execute_many(
            "INSERT INTO passages (number, article, content) VALUES (?, ?, ?)",
            [(first + place, number, record.encoded_passage(one)) for place, one in enumerate(prepared.passages)],
        )
        contents = contents_of(prepared.passages)
        counted = self._tally.add(contents)
        lines = Lines(site_of(article.source, article.url), article.text, prepared.passages)
        self._duplicates.add(number, contents)
        self._repetition.add(number, record.text_checksum(article.text), lines)
        return Span(prepared.language, first, len(prepared.passages), counted.sentences, prepared.title_terms)

    def _remove_passages(self, known: Known) -> None:
        passages = record.passages_in(self._connection, known.span.first, known.span.passages)
        self._tally.add(contents_of(passages), -1)
        text = record.text_of(self._connection, known.number)
        lines = Lines(site_of(known.source, known.url), text, passages)
        self._duplicates.remove(known.number)
        self._repetition.remove(known.number, known.text_checksum, lines)
        self._connection.execute(
            "DELETE FROM passages WHERE number BETWEEN ? AND ?",
            (known.span.first, known.span.first + known.span.passages - 1),
        )

    def _mark(self, number: int) -> None:
        """Give an article's sentences the kinds that they have by what repeats now."""
        known = known_by(self._connection, "number", number)
        if known is None:
            return
        passages = record.passages_in(self._connection, known.span.first, known.span.passages)
        lines = Lines(site_of(known.source, known.url), record.text_of(self._connection, number), passages)
        repeated = self._repetition.repeated(lines.keys)
        marked = [lines.marked(passage, repeated) for passage in passages]
        changed = [place for place, passage in enumerate(passages) if marked[place] is not passage]
        if not changed:
            return
        self._tally.add(contents_of(passages), -1)
        counted = self._tally.add(contents_of(marked))
        self._connection.execute_many(
            "UPDATE passages SET content = ? WHERE number = ?",
            [(record.encoded_passage(marked[place]), known.span.first + place) for place in changed],
        )
        self._connection.execute("UPDATE articles SET sentences = ? WHERE number = ?", (counted.sentences, number))
        self._log(number, removed=False)

    def _replace_text(self, article: int, known: Known | None, text: str) -> None:
        if known is not None:
            self._connection.execute("DELETE FROM texts WHERE article = ?", (article,))
        self._connection.execute_many(
            "INSERT INTO texts (article, chunk, content) VALUES (?, ?, ?)",
            [(article, chunk, content) for chunk, content in record.chunks(text)],
        )

    def _replace_tags(self, article: int, known: Known | None, tags: Sequence[str]) -> None:
        if known is not None:
            self._connection.execute("DELETE FROM article_tags WHERE article = ?", (article,))
        if tags:
            self._connection.execute_many(
                "INSERT INTO article_tags (tag, article) VALUES (?, ?)", [(tag, article) for tag in dict.fromkeys(tags)]
            )

    def _leave_origin(self, known: Known, origin: str | None) -> None:
        """An article is its file's no longer: the file must be read again to know what of it is in the library."""
        if known.origin is not None and known.origin != origin:
            self._stale.add(known.origin)
            self._connection.execute("UPDATE files SET modified_ns = ? WHERE path = ?", (STALE, known.origin))
        if known.origin is not None and origin is None:
            forget = "UPDATE addresses SET etag = '', modified = '', read_at = 0 WHERE target = ?"
            self._connection.execute(forget, (known.origin,))

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
