"""One request and its answer, within limits of time and size; where an answer leads elsewhere is not followed here."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import NamedTuple, Self

import httpcore

from bot import __version__
from bot.articles.web.address import Address
from bot.articles.web.connecting import CONNECTING_SECONDS, Deadline, GuardedBackend
from bot.articles.web.guard import Guard
from bot.articles.web.unpacking import ACCEPTED, joined, unpacked
from bot.errors import ReadingError, UnavailableError

PRODUCT = "verbatim-bot"
"""What we call ourselves before servers and in robots.txt."""

SILENCE_SECONDS = 15.0
"""A connection over which nothing comes for so long is given up, before the request's whole time is over."""

CONNECTIONS = 8
IDLE_SECONDS = 15.0
WHOLE = (200, 203)
"""The answers that are the document that was asked for."""


class Answer(NamedTuple):
    """A server's answer: its status, its headers by lower-case name, and its content, unpacked; b"" unless it is the
    document that was asked for."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Fetcher:
    """Asks servers, one request after the other; make one for each thread. Close it when no more come."""

    def __init__(self, guard: Guard, *, most_bytes: int, timeout_seconds: float, contact: str = "") -> None:
        self._guard = guard
        self._most_bytes = most_bytes
        self._seconds = timeout_seconds
        self._deadline = Deadline()
        self._agent = f"{PRODUCT}/{__version__}" + (f" (+{contact})" if contact else "")
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # a connection takes its own when it needs one
            max_connections=CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=GuardedBackend(guard, self._deadline),
        )

    def fetch(self, address: Address, *, etag: str = "", modified: str = "", most_bytes: int | None = None) -> Answer:
        """The answer to one request; with `etag` or `modified`, as the server sent them, only for what is new.

        Raises ReadingError for what may not or cannot be read, UnavailableError where trying again may help.
        """
        self._guard.check(address)
        self._deadline.start(self._seconds)
        with (
            _told(address),
            self._pool.stream(
                "GET", address.url.encode("ascii"), headers=self._headers(etag, modified), extensions=_TIMEOUTS
            ) as response,
        ):
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status not in WHOLE:
                return Answer(response.status, headers, b"")
            most = most_bytes or self._most_bytes
            _refuse_announced(headers, address, most)
            pieces = unpacked(response.iter_stream(), headers.get("content-encoding", ""), address.url)
            return Answer(response.status, headers, joined(pieces, address.url, most_bytes=most))

    def stop(self) -> None:
        """Let the request that is under way in another thread raise Stopped soon, and every later one at once."""
        self._deadline.stop()

    def close(self) -> None:
        """Close the connections that are kept."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _headers(self, etag: str, modified: str) -> list[tuple[bytes, bytes]]:
        headers = [
            ("User-Agent", self._agent),
            ("Accept", "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,*/*;q=0.8"),
            ("Accept-Encoding", ACCEPTED),
        ]
        if etag:
            headers.append(("If-None-Match", etag))
        if modified:
            headers.append(("If-Modified-Since", modified))
        return [(name.encode(), value.encode("latin-1")) for name, value in headers]


_TIMEOUTS = {"timeout": {"connect": CONNECTING_SECONDS, "read": SILENCE_SECONDS, "write": SILENCE_SECONDS, "pool": 1.0}}


def _refuse_announced(headers: Mapping[str, str], address: Address, most_bytes: int) -> None:
    """Refuse what is too large before it comes, where the server says how much it will be."""
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > most_bytes:
        raise ReadingError(
            f"{address.url}: has {int(announced[:20]) / 1e6:,.0f} MB; {most_bytes / 1e6:,.0f} MB are read ([articles] "
            "largest_megabytes); raise the limit, or give a part of it"
        )


@contextmanager
def _told(address: Address) -> Iterator[None]:
    """Turn what goes wrong inside into an error that names the address."""
    try:
        yield
    except UnavailableError as error:
        if str(error).startswith((address.url, address.host)):
            raise
        raise UnavailableError(f"{address.url}: {error}") from error
    except httpcore.TimeoutException as error:
        raise UnavailableError(f"{address.url}: the server does not answer in time; try again later") from error
    except httpcore.ConnectError as error:
        refused = _certificate(error)
        if refused is not None:
            raise ReadingError(
                f"{address.url}: its certificate is not valid ({refused}); nobody knows who answers there"
            ) from error
        raise UnavailableError(f"{address.url}: no secure connection comes about; try again later") from error
    except httpcore.RemoteProtocolError as error:
        raise UnavailableError(f"{address.url}: the answer broke off, or is no HTTP; try again later") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise UnavailableError(f"{address.url}: the connection broke; try again later") from error
    except (httpcore.UnsupportedProtocol, UnicodeError) as error:
        raise ReadingError(f"{address.url}: cannot be asked for; check the address") from error


def _certificate(error: BaseException) -> str | None:
    """Why a certificate was refused, when that is what an error came from."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return seen.verify_message or "it could not be verified"
        seen = seen.__cause__ or seen.__context__
    return None
