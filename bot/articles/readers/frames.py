"""What is said between the reading process and the one that asks it, as messages with their length before them."""

from typing import IO

import msgspec

from bot.articles.article import Article

LENGTH_BYTES = 4
IDLE_SECONDS = 60
"""A process that nothing is asked of for so long ends itself: it would hold some 100 MB for nothing."""


class Request(msgspec.Struct, frozen=True, array_like=True):
    """A document to read: the name of its format, its content or where it lies, what is known of it, the limits."""

    format: str
    content: bytes | None
    path: str | None
    source: str
    name: str
    published: str | None
    language: str
    tags: tuple[str, ...]
    url: str | None
    seconds: int
    megabytes: int


class Reply(msgspec.Struct, frozen=True, array_like=True):
    """One thing at a time: an article, a line about what was left out, why nothing could be read, or the end.

    `is_large` tells at the end that the process holds on to much memory, and should be replaced.
    """

    article: Article | None = None
    skipped: str | None = None
    error: str | None = None
    is_large: bool = False


def write_frame(stream: IO[bytes], value: msgspec.Struct) -> None:
    """Write a message with its length before it."""
    frame = msgspec.msgpack.encode(value)
    stream.write(len(frame).to_bytes(LENGTH_BYTES, "big") + frame)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next message; None when the other side has closed."""
    length = stream.read(LENGTH_BYTES)
    if len(length) < LENGTH_BYTES:
        return None
    size = int.from_bytes(length, "big")
    frame = stream.read(size)
    return frame if len(frame) == size else None
