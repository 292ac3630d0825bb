import gzip
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.web.unpacking import gunzipped, joined, unpacked
from bot.errors import ReadingError, UnavailableError

MEGABYTE = 1_000_000


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def headless(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@given(st.binary(max_size=5000), st.integers(1, 700), st.sampled_from(["gzip", "x-gzip", "deflate", "GZIP"]))
def test_what_was_packed_comes_out_again(data: bytes, size: int, coding: str) -> None:
    packed = zlib.compress(data) if coding == "deflate" else gzip.compress(data)
    assert b"".join(unpacked(pieces(packed, size), coding, "x")) == data


def test_deflate_without_a_header_comes_out_too() -> None:
    text = b"The wolf is grey. " * 100
    assert b"".join(unpacked(pieces(headless(text), 7), "deflate", "x")) == text


def test_several_members_are_one_content_and_padding_is_none() -> None:
    packed = gzip.compress(b"The wolf ") + gzip.compress(b"is grey.")
    assert gunzipped(packed, "x", most_bytes=100) == b"The wolf is grey."
    assert gunzipped(packed + b"\0" * 50, "x", most_bytes=100) == b"The wolf is grey."
    assert b"".join(unpacked(pieces(packed, 1), "gzip", "x")) == b"The wolf is grey."


def test_a_bomb_is_cut_while_it_is_unpacked() -> None:
    taken = 0

    def counted(parts: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal taken
        for part in parts:
            taken += len(part)
            yield part

    bomb = gzip.compress(b"\0" * 100 * MEGABYTE)
    with pytest.raises(ReadingError, match=r"x: is larger than 1 MB \(\[articles\] largest_megabytes\)"):
        joined(counted(unpacked([bomb], "gzip", "x")), "x", most_bytes=MEGABYTE)
    assert taken < 1.1 * MEGABYTE
    with pytest.raises(ReadingError, match="is larger than 1 MB"):
        gunzipped(bomb, "x", most_bytes=MEGABYTE)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress"])
def test_a_coding_that_was_not_asked_for_is_refused(coding: str) -> None:
    with pytest.raises(ReadingError, match="comes packed as"):
        list(unpacked([b"abc"], coding, "x"))


@pytest.mark.parametrize("coding", ["", "identity", " Identity "])
def test_what_is_not_packed_comes_as_it_is(coding: str) -> None:
    assert list(unpacked([b"a", b"b"], coding, "x")) == [b"a", b"b"]


def test_what_is_damaged_or_cut_off_says_so() -> None:
    packed = gzip.compress(bytes(range(256)) * 100)
    for size in (1, 2, 100, len(packed) - 1):
        with pytest.raises(UnavailableError, match="was cut off"):
            list(unpacked([packed[:size]], "gzip", "x"))
    damaged = packed[:50] + b"\xff" * 50 + packed[100:]
    with pytest.raises((ReadingError, UnavailableError)):
        list(unpacked([damaged], "gzip", "x"))
    with pytest.raises(ReadingError, match="is packed, and damaged"):
        list(unpacked([b"<html>not packed at all</html>" * 10], "gzip", "x"))


@given(st.binary(max_size=300))
def test_any_bytes_come_out_or_end_in_an_error(data: bytes) -> None:
    for coding in ("gzip", "deflate"):
        try:
            assert len(joined(unpacked([data], coding, "x"), "x", most_bytes=MEGABYTE)) <= MEGABYTE
        except (ReadingError, UnavailableError):
            continue
