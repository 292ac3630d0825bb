"""Lines that repeat over a site's articles: what stands in thirty of them is the site's, not an article's.

Which lines repeat follows from exact counts over the library, so the order in which articles come does not matter.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from urllib.parse import urlsplit

import msgspec

from bot.articles.article import Kind, Passage, Sentence
from bot.storage.store import Connection, rows_in

LONGEST_LINE = 300
"""Characters; what a site prints around its articles stands in short lines of its own."""

REPEATED_LINES = 30
"""In so many different texts of a site a line must stand to be the site's."""


def site_of(source: str, url: str | None) -> str:
    """What an article's neighbours share with it: the host of its address, or the folder or file that it is from."""
    for address in (url or "", source):
        host = _host(address)
        if host:
            return host.removeprefix("www.")
    return source.rpartition("#")[0] or source.replace("\\", "/").rpartition("/")[0]


def _host(address: str) -> str:
    """The host of an address; "" for what is none."""
    try:
        return (urlsplit(address).hostname or "") if "://" in address else ""
    except ValueError:
        return ""


class Lines:
    """The lines of one article that could be its site's: for each sentence that stands in a short line its key."""

    def __init__(self, site: str, text: str, passages: Iterable[Passage]) -> None:
        self._seed = blake2b(site.encode(), digest_size=16).digest()
        self._text = text
        self.keys = frozenset(key for passage in passages for _, key in self._keyed(passage))

    def marked(self, passage: Passage, repeated: frozenset[int]) -> Passage:
        """The passage with the kind REPEATED for the sentences with these keys, PROSE for the others."""
        changed = {
            place: Kind.REPEATED if key in repeated else Kind.PROSE
            for place, key in self._keyed(passage)
            if (key in repeated) is not (passage.sentences[place].kind is Kind.REPEATED)
        }
        if not changed:
            return passage
        sentences = tuple(
            msgspec.structs.replace(sentence, kind=changed.get(place, sentence.kind))
            for place, sentence in enumerate(passage.sentences)
        )
        return msgspec.structs.replace(passage, sentences=sentences)

    def _keyed(self, passage: Passage) -> Iterator[tuple[int, int]]:
        """The place and key of each sentence in a short line."""
        if passage.end - passage.start > LONGEST_LINE and self._text.find("\n", passage.start, passage.end) < 0:
            return  # it is one line, a long one
        for place, sentence in enumerate(passage.sentences):
            if sentence.kind in (Kind.PROSE, Kind.REPEATED) and sentence.terms and self._in_short_line(sentence):
                digest = blake2b(sentence.terms.encode(), digest_size=8, key=self._seed).digest()
                yield place, int.from_bytes(digest, "big", signed=True)

    def _in_short_line(self, sentence: Sentence) -> bool:
        text, start, end = self._text, sentence.start, sentence.end
        if end - start > LONGEST_LINE:
            return False
        first = text.rfind("\n", max(0, start - LONGEST_LINE), start)
        if first < 0 and start > LONGEST_LINE:
            return False
        last = text.find("\n", end, end + LONGEST_LINE)
        if last < 0 and len(text) > end + LONGEST_LINE:
            return False
        return (len(text) if last < 0 else last) - (first + 1) <= LONGEST_LINE


class Repetition:
    """The lines of a library within one transaction: which articles hold them, and which of them repeat."""

    def __init__(self, connection: Connection, *, least: int) -> None:
        self._connection = connection
        self._least = least
        self._added: dict[int, set[int]] = {}
        self._removed: set[int] = set()

    def add(self, article: int, checksum: bytes, lines: Lines) -> None:
        """Note the lines of an article; copies of one text count once."""
        text = int.from_bytes(checksum[:8], "big", signed=True)
        self._connection.execute_many(
            "INSERT INTO lines (line, text, article) VALUES (?, ?, ?)",
            [(line, text, article) for line in sorted(lines.keys)],
        )
        for line in lines.keys:
            self._added.setdefault(line, set()).add(article)

    def remove(self, article: int, checksum: bytes, lines: Lines) -> None:
        """Forget the lines of an article."""
        text = int.from_bytes(checksum[:8], "big", signed=True)
        self._connection.execute_many(
            "DELETE FROM lines WHERE line = ? AND text = ? AND article = ?",
            [(line, text, article) for line in sorted(lines.keys)],
        )
        self._removed |= lines.keys
        for line in lines.keys:
            self._added.get(line, set()).discard(article)

    def settle(self) -> set[int]:
        """The articles whose sentences may have another kind now: those with lines that began or ceased to repeat,
        and those that brought lines that repeat."""
        before = self.repeated(self._added.keys() | self._removed)
        new = self._counted(self._added.keys() - before)
        ceased = {line for line in self._removed & before if not self._is_repeated(line)}
        articles: set[int] = set()
        for line in before - ceased:
            articles |= self._added.get(line, set())
        for line in new | ceased:
            rows = self._connection.rows("SELECT article FROM lines WHERE line = ?", (line,))
            articles.update(row[0] for row in rows)
        self._connection.execute_many("INSERT INTO repeated_lines (line) VALUES (?)", [(line,) for line in sorted(new)])
        self._connection.execute_many("DELETE FROM repeated_lines WHERE line = ?", [(line,) for line in sorted(ceased)])
        return articles

    def repeated(self, lines: Iterable[int]) -> frozenset[int]:
        """Those of the lines that repeat."""
        statement = "SELECT line FROM repeated_lines WHERE line IN ({})"
        return frozenset(line for (line,) in rows_in(self._connection, statement, sorted(lines)))

    def _counted(self, lines: Iterable[int]) -> set[int]:
        """Those of the lines that stand in enough different texts."""
        statement = "SELECT line, COUNT(DISTINCT text) FROM lines WHERE line IN ({}) GROUP BY line"
        rows = rows_in(self._connection, statement, sorted(lines))
        return {line for line, texts in rows if texts >= self._least}

    def _is_repeated(self, line: int) -> bool:
        row = self._connection.row(
            "SELECT COUNT(*) FROM (SELECT DISTINCT text FROM lines WHERE line = ? LIMIT ?) AS texts",
            (line, self._least),
        )
        return row is not None and int(row[0]) >= self._least
