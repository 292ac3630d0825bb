"""Pipes that are read with a deadline, whether the system can wait for them or a thread has to."""

import os
import time
from collections.abc import Callable, Iterator

import pytest

from bot.articles.readers.pipe import Pipe

Ends = tuple[Pipe, Callable[[bytes], int], Callable[[], None]]


@pytest.fixture(params=[True, False], ids=["the system waits", "a thread waits"])
def ends(request: pytest.FixtureRequest) -> Iterator[Ends]:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as stream:
        pipe = Pipe(stream, can_wait=request.param)
        yield pipe, lambda data: os.write(writing, data), lambda: os.close(writing)


def soon() -> float:
    return time.monotonic() + 30


def test_what_was_written_comes_in_order_and_then_the_end(ends: Ends) -> None:
    pipe, write, close = ends
    write(b"abcdef")
    assert pipe.read(2, deadline=soon()) == b"ab"
    assert pipe.read(10, deadline=soon()) == b"cdef"
    write(b"g")
    assert pipe.read(10, deadline=soon()) == b"g"
    close()
    assert pipe.read(10, deadline=soon()) == b""
    assert pipe.read(10, deadline=soon()) == b""


def test_nothing_comes_by_the_deadline_and_what_comes_later_is_not_lost(ends: Ends) -> None:
    pipe, write, close = ends
    assert pipe.read(1, deadline=time.monotonic() + 0.05) is None
    write(b"late")
    assert pipe.read(4, deadline=soon()) == b"late"
    close()
