"""Packed content, unpacked piece by piece, so that a small answer never becomes a large one unnoticed."""

import zlib
from collections.abc import Iterable, Iterator

from bot.errors import ReadingError, UnavailableError

ACCEPTED = "gzip, deflate"
"""What servers are told that we unpack; the standard library can."""

GZIP_MARK = b"\x1f\x8b"
_PIECE_BYTES = 1 << 16
_ANY_HEADER = 47  # zlib's number for "gzip or zlib, whichever it is"
_NO_HEADER = -15


def unpacked(pieces: Iterable[bytes], coding: str, name: str) -> Iterator[bytes]:
    """The content of an answer in pieces of limited size; `coding` is its Content-Encoding ("" for none).

    Raises ReadingError for a coding that was not asked for or a damaged content, UnavailableError for one cut off.
    """
    codings = [one for one in (part.strip().lower() for part in coding.split(",")) if one not in ("", "identity")]
    if not codings:
        return iter(pieces)
    if codings[1:] or codings[0] not in ("gzip", "x-gzip", "deflate"):
        raise ReadingError(f"{name}: comes packed as {coding[:40]!r}, which was not asked for; save the page yourself")
    return _inflated(pieces, name)


def gunzipped(data: bytes, name: str, *, most_bytes: int) -> bytes:
    """The content of a gzip file. Raises ReadingError when it is damaged or larger than `most_bytes`."""
    return joined(_inflated([data], name), name, most_bytes=most_bytes)


def joined(pieces: Iterable[bytes], name: str, *, most_bytes: int) -> bytes:
    """The pieces in one. Raises ReadingError as soon as they are more than `most_bytes`."""
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > most_bytes:
            raise ReadingError(
                f"{name}: is larger than {most_bytes / 1e6:,.0f} MB ([articles] largest_megabytes); raise the limit, "
                "or give a part of it"
            )
    return bytes(content)


def _inflated(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    inflate: zlib._Decompress | None = None
    members, start = 0, b""
    for piece in pieces:
        left, start = start + piece, b""
        while left:
            if inflate is None:
                if len(left) < len(GZIP_MARK):
                    start = left  # too little to tell by what it is packed with
                    break
                if members and not left.startswith(GZIP_MARK):
                    return  # padding
                inflate = zlib.decompressobj(_window(left))
            try:
                yield inflate.decompress(left, _PIECE_BYTES)
            except zlib.error as error:
                raise ReadingError(f"{name}: is packed, and damaged; try again later") from error
            left = inflate.unconsumed_tail
            if inflate.eof:
                left, inflate, members = inflate.unused_data, None, members + 1
    if inflate is not None:
        yield inflate.flush()
    if (inflate is not None and not inflate.eof) or (start and not members):
        raise UnavailableError(f"{name}: was cut off; try again later")


def _window(start: bytes) -> int:
    """How the content is packed: with gzip's or zlib's header, or, as some servers understand "deflate", without."""
    is_zlib = start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0
    return _ANY_HEADER if is_zlib or start.startswith(GZIP_MARK) else _NO_HEADER
