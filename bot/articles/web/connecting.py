"""Connections to addresses that were checked, each with a deadline for all that goes over it."""

import ssl
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import httpcore

from bot.articles.web.guard import Guard
from bot.articles.web.politeness import Stopped
from bot.errors import ReadingError, UnavailableError

CONNECTING_SECONDS = 10.0
"""For looking a name up and connecting, however long the whole request may take."""


LOOK_SECONDS = 0.5
"""So often a request that waits looks whether it shall end."""


class Deadline:
    """The moment by which a request must be over, whoever sends a byte every other second."""

    def __init__(self) -> None:
        self._ends = 0.0
        self._seconds = 0.0
        self._is_stopped = False

    def stop(self) -> None:
        """Let the request that is under way, from another thread, and every later one end at once."""
        self._is_stopped = True

    def start(self, seconds: float) -> None:
        """Give a request so many seconds from now."""
        self._seconds = seconds
        self._ends = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """How many seconds are left, at most so many.

        Raises UnavailableError when there are none, Stopped when the requests shall end.
        """
        if self._is_stopped:
            raise Stopped
        left = self._ends - time.monotonic()
        if left <= 0:
            raise UnavailableError(f"no whole answer within {self._seconds:g} s; try again later")
        return left if most is None else min(left, most)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to the very addresses that the guard has checked: nothing is looked up a second time."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline rules
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that takes one."""
        seconds = self._deadline.left(CONNECTING_SECONDS)
        problem: Exception | None = None
        for number in self._guard.numbers(host, port, seconds=seconds):
            try:
                stream = self._sockets.connect_tcp(
                    str(number),
                    port,
                    timeout=self._deadline.left(CONNECTING_SECONDS),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
                continue
            self._refuse_self(stream, host, port)
            return _Stream(stream, self._deadline)
        raise UnavailableError(f"{host}: takes no connection; try again later") from problem

    def _refuse_self(self, stream: httpcore.NetworkStream, host: str, port: int) -> None:
        """Refuse this machine's own public address: behind it may listen what a firewall hides from the world."""
        if self._guard.allows_anything(host, port):
            return
        here, there = stream.get_extra_info("client_addr"), stream.get_extra_info("server_addr")
        if here[0] == there[0]:
            stream.close()
            raise ReadingError(
                f"{host}: is this machine itself, which is not read; if it shall be, put the host into [fetching] "
                "allowed_hosts"
            )


class _Stream(httpcore.NetworkStream):
    """A connection on which nothing lasts beyond the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        ends = time.monotonic() + self._deadline.left(timeout)
        while True:
            left = max(0.0, ends - time.monotonic())
            try:
                return self._stream.read(max_bytes, self._deadline.left(min(left, LOOK_SECONDS)))
            except httpcore.ReadTimeout:
                if left <= LOOK_SECONDS:
                    raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002 - the pool's, which trusts nobody
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(trusting(), server_hostname, self._deadline.left(timeout))
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@cache
def trusting() -> ssl.SSLContext:
    """A context that trusts the system's authorities, and certifi's where the system has none; made once, in .15 s."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context
