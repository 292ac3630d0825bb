"""Politeness: each host is asked by one at a time, with a pause between, and left alone when it says so."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

LONGEST_PAUSE_SECONDS = 60.0
"""Whoever wants to be left alone for longer is not waited for but asked another time."""

LONGEST_REST_SECONDS = 86_400.0
"""However long a host says, after a day it is asked again."""

Clock = Callable[[], float]
"""A number of seconds that only grows."""

Pause = Callable[[float], None]
"""Waits for so many seconds."""


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """A pause was ended because the whole run shall end."""


class _Host:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.free_at = 0.0


class Politeness:
    """When each host may be asked next; threads share one."""

    def __init__(self, delay_seconds: float, *, clock: Clock = time.monotonic, pause: Pause = time.sleep) -> None:
        self._delay = delay_seconds
        self._clock = clock
        self._pause = pause
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str, *, delay_seconds: float | None = None) -> Iterator[None]:
        """Wait until the host may be asked, and count its pause from the end of what happens inside."""
        at = self._host(host)
        with at.lock:
            wait = at.free_at - self._clock()
            if wait > 0:
                self._pause(wait)
            try:
                yield
            finally:
                pause = min(max(self._delay, delay_seconds or 0.0), LONGEST_PAUSE_SECONDS)
                at.free_at = max(at.free_at, self._clock() + pause)

    def rest(self, host: str, seconds: float) -> None:
        """Leave the host alone for so many seconds from now."""
        at = self._host(host)
        at.free_at = max(at.free_at, self._clock() + min(seconds, LONGEST_REST_SECONDS))

    def waiting(self, host: str) -> float:
        """How many seconds it takes until the host may be asked; 0 when it may be now."""
        return max(0.0, self._host(host).free_at - self._clock())

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host())


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """The seconds for which a server asks to be left alone; None when it does not say."""
    written = headers.get("retry-after", "").strip()
    if written.isdecimal():
        return float(written[:9])
    from email.utils import parsedate_to_datetime  # 12 ms: only where a server asks for a rest

    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
