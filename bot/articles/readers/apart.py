"""Reading in another process, which is ended when a document takes too much time or memory.

The limit of time holds on every system; that of memory where the system keeps it (POSIX, Linux above all).
"""

import os
import signal
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.articles.article import Article
from bot.articles.readers.formats import Format
from bot.articles.readers.frames import IDLE_SECONDS, LENGTH_BYTES, Reply, Request, write_frame
from bot.articles.readers.origin import Origin
from bot.articles.readers.pipe import Pipe
from bot.errors import ReadingError

if TYPE_CHECKING:
    import subprocess

READING_SECONDS = 8
"""A document that gives no article for so long is given up."""

READING_MEGABYTES = 400
DOCUMENTS_OF_A_WORKER = 500
"""Then it is replaced: what libraries leak goes with it."""

_MARGIN_SECONDS = 10
_MOST_TEXT = 400_000_000
_START = "import sys; sys.path.insert(0, sys.argv[1]); from bot.articles.readers.worker import main; main()"
_PASSED_ON = (
    "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH",
    "PYTHONHOME", "PYTHONPATH", "SYSTEMROOT", "TMPDIR", "TZ",
)  # fmt: skip
"""The only environment variables that the processes see: the others may be secrets."""

_decode_reply = msgspec.msgpack.Decoder(Reply).decode


class Workers:
    """The processes that read; they are started when they are needed and kept for the next document."""

    def __init__(self, *, seconds: int = READING_SECONDS) -> None:
        self._seconds = seconds
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()

    def read(self, document: bytes | Path, origin: Origin, format_: Format) -> Iterator[Article]:
        """The articles of one document, read by the format's reader in another process. Raises ReadingError."""
        worker = self._waiting() or _Worker()
        sound = False
        try:
            yield from worker.read(document, origin, format_, self._seconds)
            sound = True
        except ReadingError:
            sound = worker.is_waiting
            raise
        finally:
            if sound and not worker.is_worn:
                with self._lock:
                    self._idle.append(worker)
            else:
                worker.end()

    def _waiting(self) -> "_Worker | None":
        """A process that waits for a document, and will not end itself just now; None when there is none."""
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if time.monotonic() - worker.waits_since < IDLE_SECONDS - _MARGIN_SECONDS:
                    return worker
                worker.end()
        return None

    def close(self) -> None:
        """End all processes that wait for a document."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()


class _Worker:
    """One process, and the pipes to it."""

    def __init__(self) -> None:
        root = str(Path(__file__).resolve().parents[3])
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        import subprocess  # 10 ms: only where there is something to read apart

        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and program, no word of a document
            [sys.executable, "-P", "-c", _START, root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        if self._process.stdout is None:
            raise ValueError("the process was started without a pipe")
        self._replies = Pipe(self._process.stdout)
        self._ending = weakref.finalize(self, _end, self._process)
        self._documents = 0
        self.is_waiting = True
        self.waits_since = time.monotonic()
        self.is_worn = False

    def end(self) -> None:
        """End the process, whatever it does."""
        self._ending()

    def read(self, document: bytes | Path, origin: Origin, format_: Format, seconds: int) -> Iterator[Article]:
        """The articles of one document."""
        self._documents += 1
        self.is_waiting = False
        self._ask(document, origin, format_, seconds)
        size = 0
        while True:
            reply = self._reply(origin, format_, seconds)
            if reply.article is not None:
                size += len(reply.article.text)
                if size > _MOST_TEXT:
                    raise ReadingError(f"{origin.source}: holds more than {_MOST_TEXT / 1e6:,.0f} MB of text; split it")
                yield reply.article
            elif reply.skipped is not None:
                origin.skip(reply.skipped)
            else:
                self.is_waiting = True
                self.waits_since = time.monotonic()
                self.is_worn = reply.is_large or self._documents >= DOCUMENTS_OF_A_WORKER
                if reply.error is not None:
                    raise ReadingError(reply.error)
                return

    def _ask(self, document: bytes | Path, origin: Origin, format_: Format, seconds: int) -> None:
        request = Request(
            format_.name,
            document if isinstance(document, bytes) else None,
            str(document.resolve()) if isinstance(document, Path) else None,
            origin.source,
            origin.name,
            origin.published,
            origin.language,
            origin.tags,
            origin.url,
            seconds,
            READING_MEGABYTES,
        )
        try:
            if self._process.stdin is not None:
                write_frame(self._process.stdin, request)
        except OSError as error:
            raise _died(origin, format_) from error

    def _reply(self, origin: Origin, format_: Format, seconds: int) -> Reply:
        deadline = time.monotonic() + seconds
        length = int.from_bytes(self._receive(LENGTH_BYTES, deadline, origin, format_, seconds), "big")
        return _decode_reply(self._receive(length, deadline, origin, format_, seconds))

    def _receive(self, size: int, deadline: float, origin: Origin, format_: Format, seconds: int) -> bytes:
        """So many bytes from the process. Raises ReadingError when it has died, or at the deadline."""
        parts: list[bytes] = []
        while size:
            part = self._replies.read(size, deadline=deadline)
            if part is None or (not part and self._was_too_slow()):
                raise ReadingError(f"{origin.source}: takes more than {seconds} s to read; split it, or give its text")
            if not part:
                raise _died(origin, format_)
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _was_too_slow(self) -> bool:
        """Whether the process, which has closed its pipe, was ended by its own alarm a moment before our deadline."""
        import subprocess  # loaded already: it started the process

        with suppress(subprocess.TimeoutExpired):
            return sys.platform != "win32" and self._process.wait(timeout=1) == -signal.SIGALRM
        return False


def _died(origin: Origin, format_: Format) -> ReadingError:
    return ReadingError(
        f"{origin.source}: cannot be read as {format_.name} (it takes too much memory, or is damaged); "
        "split it, or save it again"
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                continue
    process.wait()
