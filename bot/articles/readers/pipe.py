"""A pipe from another process that is read with a deadline, on systems where pipes can be waited for and on others."""

import os
import queue
import select
import threading
import time
from typing import IO

CHUNK_BYTES = 1 << 20
CHUNKS_AHEAD = 8  # that are read before they are asked for, where a thread has to wait for the pipe


class Pipe:
    """The reading end of a pipe; one thread at a time may read."""

    def __init__(self, stream: IO[bytes], *, can_wait: bool = os.name == "posix") -> None:
        """`can_wait` says whether the system can wait for a pipe (POSIX); on others a thread of its own reads it."""
        self._descriptor = stream.fileno()
        self._chunks: queue.Queue[bytes] | None = None
        self._left = b""
        if not can_wait:
            self._chunks = queue.Queue(CHUNKS_AHEAD)
            threading.Thread(target=self._pump, args=(self._chunks,), name="reading apart", daemon=True).start()

    def read(self, size: int, *, deadline: float) -> bytes | None:
        """At most so many bytes, as soon as there are any; b"" at the pipe's end, None at the `deadline` (a moment of
        time.monotonic)."""
        if self._chunks is None:
            ready, _, _ = select.select([self._descriptor], [], [], max(0.0, deadline - time.monotonic()))
            return os.read(self._descriptor, min(size, CHUNK_BYTES)) if ready else None
        if not self._left:
            try:
                self._left = self._chunks.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                return None
            if not self._left:
                self._chunks.put(b"")  # whoever asks again learns of the end too
        found, self._left = self._left[:size], self._left[size:]
        return found

    def _pump(self, chunks: "queue.Queue[bytes]") -> None:
        while True:
            try:
                chunk = os.read(self._descriptor, CHUNK_BYTES)
            except OSError:  # closed by whoever ended the process
                chunk = b""
            chunks.put(chunk)
            if not chunk:
                return
