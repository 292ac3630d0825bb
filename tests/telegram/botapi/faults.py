"""What can go wrong between a bot and Telegram, on demand: for the next calls of one method or of all."""

from collections import deque
from dataclasses import dataclass, field
from enum import Enum

from .updates import TERMINATED


class Break(Enum):
    """How a connection fails. `BEFORE`: the call has no effect; `AFTER`: it has, and the bot does not hear of it."""

    DROP_BEFORE = "the connection closes, nothing was done"
    DROP_AFTER = "the connection closes, the call was carried out"
    # Seen from the bot, a half-open connection is this: the bytes leave, and nothing ever comes back.
    HANG_BEFORE = "no answer ever comes, nothing was done"
    HANG_AFTER = "no answer ever comes, the call was carried out"
    CUT_ANSWER = "the call was carried out, the connection closes amid the answer"


@dataclass(frozen=True)
class Fault:
    """One failure: a break, an error answer, a body that is not Telegram's, or (with none of them) only a delay."""

    broken: Break | None = None
    code: int | None = None
    description: str = ""
    retry_after: int | None = None
    body: str | None = None
    delay_seconds: float = 0.0


def error(code: int, description: str) -> Fault:
    """An error answer in Telegram's JSON."""
    return Fault(code=code, description=description)


def flood(retry_after: int) -> Fault:
    """A 429 that asks for whole seconds of patience."""
    return Fault(code=429, description=f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def bad_gateway() -> Fault:
    """A 502 with a proxy's HTML page instead of JSON."""
    return Fault(code=502, body="<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")


def internal_error() -> Fault:
    """A 500 in Telegram's JSON."""
    return error(500, "Internal Server Error")


def conflict() -> Fault:
    """A 409 as a second poller causes it."""
    return error(409, TERMINATED)


def unauthorized() -> Fault:
    """A 401, as after the token was revoked."""
    return error(401, "Unauthorized")


def slow(seconds: float) -> Fault:
    """An answer that comes late."""
    return Fault(delay_seconds=seconds)


def broken(how: Break) -> Fault:
    """A connection that fails."""
    return Fault(broken=how)


@dataclass
class Faults:
    """The faults that wait for their calls, and how many met theirs."""

    met: int = 0
    _waiting: dict[str, deque[Fault]] = field(default_factory=dict)

    def inject(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """Let the next calls of `method` ("*": of any but getUpdates) meet the fault, after those injected before."""
        self._waiting.setdefault(method.lower(), deque()).extend([fault] * times)

    def clear(self) -> None:
        """Forget the faults that have not met a call."""
        self._waiting.clear()

    def waiting(self, method: str) -> int:
        """How many injected faults still wait for a call of this method."""
        return len(self._waiting.get(method.lower(), ()))

    def take(self, method: str) -> Fault | None:
        """The fault of this call, if one is due."""
        keys = [method.lower()] + (["*"] if method != "getUpdates" else [])
        for key in keys:
            if self._waiting.get(key):
                self.met += 1
                return self._waiting[key].popleft()
        return None
