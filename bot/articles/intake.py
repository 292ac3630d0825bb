"""The intake: files, folders, addresses and standard input become articles of the library."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from bot.articles import record
from bot.articles.article import Article
from bot.articles.change import STALE, FileState, Incoming, Outcome
from bot.articles.folder import File, file_at, files_in, gone
from bot.articles.library import BATCH_CHARACTERS, Library, cost
from bot.articles.readers import READERS_VERSION, SUFFIXES, Origin, Readers
from bot.articles.samples import take_samples_out
from bot.articles.summary import Event, Happening, Summary, Told
from bot.articles.web.address import is_address
from bot.errors import ReadingError

if TYPE_CHECKING:
    from bot.articles.web.finding import Finding
    from bot.articles.web.web import Web

STDIN = "-"
FRESH_NS = 2_000_000_000
"""A file that was modified so short a time before it was read may change again without a new time of modification."""

Progress = Callable[[int, int], None]
"""Told how many of how many documents are done."""


def _today() -> date:
    return datetime.now(UTC).date()


class Document(NamedTuple):
    """A file that is to be read; `file` is how it is now, None for what does not stay, such as standard input."""

    path: Path
    origin: Origin
    file: File | None = None
    in_folder: bool = False


class Intake:
    """Brings documents into a library; make one for each run."""

    def __init__(
        self,
        library: Library,
        readers: Readers,
        *,
        tags: Sequence[str] = (),
        told: Told | None = None,
        progress: Progress | None = None,
        today: Callable[[], date] = _today,
        web: "Web | None" = None,
        follows: bool = True,
    ) -> None:
        """`tags` go to what says nothing of its own; a publication date after `today` is refused.

        `web` reads addresses; without `follows` nothing but what stands at them, no page that they list.
        """
        self._web = web
        self._follows = follows
        self._addresses: list[str] = []
        self._new: set[str] = set()
        self._tags = tuple(tags)
        self._latest = today() + timedelta(days=1)  # the day has begun elsewhere
        self.summary = Summary()
        self._library = library
        self._readers = readers
        self._told = told
        self._progress = progress
        self._batch: list[Incoming] = []
        self._files: list[FileState] = []
        self._characters = 0
        self._documents: list[Document] = []
        self._departed: dict[bytes, int] = {}
        self._gone: list[str] = []
        self._leaving: dict[str, set[int]] = {}

    def add(self, what: Sequence[str], *, stdin: BinaryIO | None = None) -> Summary:
        """What became of the files, folders, web addresses and standard input ("-") that `what` names.

        What cannot be read is skipped, and what was stored of it before stays. A file that is gone from a folder
        takes its articles with it. Raises LibraryError when the library cannot be written; what was told is stored.
        """
        with tempfile.TemporaryDirectory(prefix="verbatim-") as spool:
            for name in what:
                self._plan(name, stdin, Path(spool))
            self._read()
        self._forget()
        self._visit()
        if self.summary.stored:
            self.summary.samples = take_samples_out(self._library)
        return self.summary

    def stop(self) -> None:
        """Let a run over addresses end before its next request, and every later one that shares its `web`."""
        if self._web is not None:
            self._web.stop()

    def _plan(self, name: str, stdin: BinaryIO | None, spool: Path) -> None:
        """Find the documents that one name stands for."""
        if name == STDIN and stdin is not None:
            self._documents.append(self._spooled(stdin, spool))
            return
        if is_address(name):
            self._addresses.append(name)
            return
        path = os.path.abspath(name)  # noqa: PTH100  # resolve() would give a linked folder another name
        try:
            path.encode()
            if Path(path).is_dir():
                self._plan_folder(path)
            else:
                self._documents.append(self._document(file_at(path)))
        except UnicodeEncodeError:
            shown = path.encode(errors="replace").decode()
            self._skip(shown, f"{shown}: the name is not valid UTF-8; rename it")
        except FileNotFoundError:
            self._skip(path, f"{path}: there is no such file or folder; check the name")
        except OSError as error:
            self._skip(path, f"{path}: cannot be read ({error.strerror}); check that it may be read")

    def _plan_folder(self, folder: str) -> None:
        """Plan what is new in a folder, count what is as it was, note what is gone."""
        found = files_in(folder, SUFFIXES, lambda line: self._skip(folder, line))
        if not found:
            # An empty folder may be a disk that is not mounted: nothing leaves the library for that.
            suffixes = ", ".join(sorted(SUFFIXES))
            self._skip(folder, f"{folder}: the folder holds no articles; expected files that end in {suffixes}")
            return
        known = self._library.files_under(folder)
        for file in found:
            state = known.get(file.path)
            if state is not None and file.is_as(state, self._version):
                self._tell(Event(Happening.UNCHANGED, file.path, articles=state.articles))
            elif _is_utf8(file.path):
                self._documents.append(self._document(file, in_folder=True))
            else:
                shown = file.path.encode(errors="replace").decode()
                self._skip(shown, f"{shown}: the name is not valid UTF-8; rename the file")
        for path in gone(known, found):
            self._gone.append(path)
            for number, source, checksum in self._library.origin(path):
                if source == path:
                    self._departed[checksum] = number

    @property
    def _version(self) -> str:
        return f"{READERS_VERSION}"

    def _read(self) -> None:
        for done, document in enumerate(self._documents, start=1):
            self._read_one(document)
            if self._progress is not None:
                self._progress(done, len(self._documents))
        self._flush()

    def _read_one(self, document: Document) -> None:
        before = len(self.summary.skipped)
        started_ns = time.time_ns()
        sources: set[str] = set()
        articles = 0
        try:
            for article in self._readers.read(document.path, document.origin):
                record.check(article, latest=self._latest)
                sources.add(article.source)
                articles += 1
                self._take(article, document)
        except ReadingError as error:
            self._skip(document.origin.source, str(error))
        if document.file is None or len(self.summary.skipped) > before:
            return  # it is read again the next time, and nothing leaves for what could not be read
        path, size, modified_ns = document.file
        leaving: set[int] = set()
        if document.in_folder:
            leaving = {number for number, source, _ in self._library.origin(path) if source not in sources}
            self._leaving[path] = leaving
        # What may yet change unseen is read again the next time; so is what loses articles at the end of this run, in
        # case the run does not get there.
        is_settled = started_ns - modified_ns >= FRESH_NS and not leaving
        self._files.append(FileState(path, size, modified_ns if is_settled else STALE, self._version, articles))

    def _take(self, article: Article, document: Document) -> None:
        """Put an article into the batch, and the batch into the library when it is full."""
        origin = document.file.path if document.file else None
        was = None
        if self._departed and article.source == origin:
            was = self._departed.pop(record.text_checksum(article.text), None)
        self._batch.append(Incoming(article, origin, was))
        self._characters += cost(len(article.text))
        if self._characters >= BATCH_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if not self._batch and not self._files:
            return
        outcomes = self._library.store(self._batch, files=self._files)
        for incoming, outcome in zip(self._batch, outcomes, strict=True):
            self._tell(Event(Happening(outcome.value), incoming.article.source))
        self._batch, self._files, self._characters = [], [], 0

    def _forget(self) -> None:
        """Take out what the folders do not hold any more, unless it was found in another file meanwhile."""
        leaving: dict[int, str] = {}
        for path in self._gone:
            leaving.update({number: source for number, source, _ in self._library.origin(path)})
        for path, numbers in self._leaving.items():
            if numbers:
                still = self._library.origin(path)
                leaving.update({number: source for number, source, _ in still if number in numbers})
        if leaving or self._gone:
            self._library.remove(leaving, files=self._gone)
        for source in leaving.values():
            self._tell(Event(Happening.REMOVED, source))

    def _visit(self) -> None:
        """Bring in what stands at the addresses, and what they lead to."""
        if self._web is None:
            for name in self._addresses:
                self._skip(name, f"{name}: addresses are not read here; save the page and add the file")
            return
        found = self._web.read(
            self._addresses,
            self._library,
            self._readers,
            latest=self._latest,
            tags=self._tags,
            follows=self._follows,
            progress=self._progress,
        )
        for finding in found:
            self._keep(finding)

    def _keep(self, finding: "Finding") -> None:
        """Store what one address brought to light: its articles, and how it is now, in one transaction."""
        address = finding.state.address
        if finding.gone:
            self._library.remove([number for number, _ in finding.gone])
        for _, source in finding.gone:
            self._tell(Event(Happening.REMOVED, source))
        incoming = [one for one in finding.incoming if self._is_sound(one.article)]
        states = [finding.state, *finding.children] if address else []
        outcomes = self._library.store(incoming, addresses=states) if states or incoming else []
        for one, outcome in zip(incoming, outcomes, strict=True):
            if outcome is Outcome.ADDED:
                self._new.add(one.article.source)
            elif outcome is Outcome.CHANGED and finding.replaces in self._new:
                continue  # of an article that is new two versions came, and one is there
            self._tell(Event(Happening(outcome.value), one.article.source))
        if finding.unchanged:
            self._tell(Event(Happening.UNCHANGED, address, articles=finding.unchanged))
        for line in finding.skipped:
            self._skip(address or line.partition(":")[0], line)

    def _is_sound(self, article: Article) -> bool:
        try:
            record.check(article, latest=self._latest)
        except ReadingError as error:
            self._skip(article.source, str(error))
            return False
        return True

    def _skip(self, source: str, reason: str) -> None:
        self._tell(Event(Happening.SKIPPED, source, reason))

    def _tell(self, event: Event) -> None:
        self.summary.count(event)
        if self._told is not None:
            self._told(event)

    def _document(self, file: File, *, in_folder: bool = False) -> Document:
        path = Path(file.path)
        return Document(path, self._origin(file.path, path.name), file, in_folder)

    def _spooled(self, stdin: BinaryIO, folder: Path) -> Document:
        """What comes in on standard input as a file: JSON Lines when it starts as an object does, text else.

        Its source is its content's hash, so that two texts are two articles and one given twice is one.
        """
        spool = folder / "stdin"
        with spool.open("wb") as file:
            shutil.copyfileobj(stdin, file)
        with spool.open("rb") as file:
            start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
            file.seek(0)
            digest = blake2b(digest_size=6)
            while piece := file.read(1 << 20):
                digest.update(piece)
        name = "stdin.jsonl" if start.startswith(b"{") else "stdin.txt"
        return Document(spool, self._origin(f"stdin:{digest.hexdigest()}", name))

    def _origin(self, source: str, name: str) -> Origin:
        return Origin(source=source, name=name, tags=self._tags, skip=lambda line: self._skip(source, line))


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
