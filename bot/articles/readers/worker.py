"""The process in which documents are read that could be hostile: it may be ended at any moment."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from bot.articles.article import Article
from bot.articles.readers.formats import FORMATS
from bot.articles.readers.frames import IDLE_SECONDS, Reply, Request, read_frame, write_frame
from bot.articles.readers.origin import Origin
from bot.errors import ReadingError

KEPT_BYTES = 200_000_000


def main() -> None:
    """Read what is asked for on standard input until it closes; replies go to what was standard output."""
    asked = os.fdopen(os.dup(0), "rb")
    told = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)  # no library prints into the replies, or a document's text into a log
    while True:
        _alarm(IDLE_SECONDS)
        frame = read_frame(asked)
        if frame is None:
            return
        _serve(msgspec.msgpack.decode(frame, type=Request), told)


def _serve(request: Request, told: IO[bytes]) -> None:
    _limit(request)
    try:
        for article in _articles(request, told):
            _tell(told, Reply(article=article), request)
        problem = None
    except ReadingError as error:
        problem = str(error)
    except MemoryError:
        problem = f"{request.source}: takes more than {request.megabytes:,} MB of memory to read; split it"
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:
        what = type(error).__name__
        problem = f"{request.source}: cannot be read as {request.format} ({what}); save or download it again"
    _alarm(0)
    write_frame(told, Reply(error=problem, is_large=_is_large()))


def _tell(told: IO[bytes], reply: Reply, request: Request) -> None:
    """Write a reply; the time that the other side takes to read it is not ours."""
    _alarm(0)
    write_frame(told, reply)
    _alarm(request.seconds)


def _is_large() -> bool:
    """Whether this process holds more memory than is worth keeping for the next document."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") > KEPT_BYTES
    return False


def _articles(request: Request, told: IO[bytes]) -> Iterator[Article]:
    def skip(line: str) -> None:
        _tell(told, Reply(skipped=line), request)

    origin = Origin(
        source=request.source,
        name=request.name,
        published=request.published,
        language=request.language,
        tags=request.tags,
        url=request.url,
        skip=skip,
    )
    content = request.content
    if content is None:
        content = Path(request.path or "").read_bytes()
    format_ = next(format_ for format_ in FORMATS if format_.name == request.format)
    yield from format_.read(content, origin)


def _alarm(seconds: int) -> None:
    """Let the system end this process after so many seconds (0: never), where it can; its parent does in any case."""
    if sys.platform != "win32":
        signal.alarm(seconds)


def _limit(request: Request) -> None:
    """Let the system end this process when it takes too long, and refuse it memory past the limit, where it can."""
    _alarm(request.seconds)
    if sys.platform == "win32":
        return
    with suppress(ImportError, ValueError, OSError):
        import resource

        limit = request.megabytes * 1_000_000
        resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.getrlimit(resource.RLIMIT_DATA)[1]))


if __name__ == "__main__":
    main()
