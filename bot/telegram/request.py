"""Telegram's HTTP by aiohttp: its pool stays fast with hundreds of open calls, and it tells whether bytes had left."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode
from urllib.request import getproxies, proxy_bypass

import aiohttp
import msgspec
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot import __version__

LONGEST_WAIT_SECONDS = 3600
"""A Retry-After beyond this is no reason to keep a message waiting for longer."""
LONGEST_BODY_BYTES = 64 * 1024 * 1024
_BYTE_PIECE = 64 * 1024


class UnsentError(NetworkError):
    """The call never left this machine: trying again cannot repeat anything."""


class UnknownOutcomeError(NetworkError):
    """The call had left when its connection broke: whether it was carried out, nobody knows."""


class UnknownOutcomeTimeoutError(TimedOut):
    """The call had left, and no answer came in time: whether it was carried out, nobody knows."""


class TooLongError(NetworkError):
    """A file is longer than it may be; nothing of it was kept."""


class FloodError(RetryAfter):
    """Telegram wants `wait_seconds` of patience."""

    def __init__(self, wait_seconds: float) -> None:
        super().__init__(int(wait_seconds))
        self.wait_seconds = wait_seconds


class Fields(RequestData):  # type: ignore[misc]  # final for type checkers; there is no public way to make one
    """The fields of a call as they are sent: texts, numbers and JSON, each already a string."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__([])
        self._fields = fields

    @property
    def json_parameters(self) -> dict[str, str]:
        """The fields."""
        return self._fields


class _Parameters(msgspec.Struct):
    retry_after: float = 1.0


class _Refusal(msgspec.Struct):
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's way to Telegram, over one session of `connections` connections."""

    def __init__(self, *, connections: int, connect_seconds: float = 5.0, read_seconds: float = 20.0) -> None:
        self._connections = connections
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> float:
        """How many seconds an answer is waited for when a call names none."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Open the session."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=30)
            self._session = aiohttp.ClientSession(connector=connector, skip_auto_headers=("Accept",))

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __aenter__(self) -> Self:
        await self.initialize()
        return self

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - aiohttp has one limit for the whole call
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the session's limit on connections
    ) -> tuple[int, bytes]:
        """Status and body of one call.

        Raises UnsentError, UnknownOutcomeError or UnknownOutcomeTimeoutError when it failed on its way, FloodError
        for a 429. No message of theirs holds the address, which holds the token.
        """
        if self._session is None:
            raise UnsentError("the session is closed")
        body, headers = _body(request_data)
        timeout = aiohttp.ClientTimeout(
            total=None,
            sock_connect=_seconds(connect_timeout, self._connect_seconds),
            sock_read=_seconds(read_timeout, self._read_seconds),
        )
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, proxy=self._proxy_of(url)
            ) as response:
                status, payload = response.status, await _read(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise UnsentError(f"no connection ({type(error).__name__})") from None
        except TimeoutError:
            raise UnknownOutcomeTimeoutError("no answer in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise UnknownOutcomeError(f"the connection broke ({type(error).__name__})") from None
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodError(_patience(payload))
        return status, payload

    def _proxy_of(self, url: str) -> str | None:
        """The proxy that the environment names for an address; looked up once for each host, as it costs files."""
        scheme, _, rest = url.partition("://")
        host = rest.partition("/")[0]
        if host not in self._proxies:
            bypassed = proxy_bypass(host.rpartition(":")[0] or host)
            self._proxies[host] = None if bypassed else getproxies().get(scheme)
        return self._proxies[host]

    async def download(self, url: str, path: Path, *, most_bytes: int) -> int:
        """How many bytes were fetched into a file, whatever the sender said of its size.

        Raises TooLongError beyond `most_bytes`, NetworkError when it cannot be fetched.
        """
        if self._session is None:
            raise UnsentError("the session is closed")
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=self._connect_seconds, sock_read=self._read_seconds)
        try:
            async with self._session.get(url, timeout=timeout, proxy=self._proxy_of(url)) as response:
                if response.status != HTTPStatus.OK:
                    raise NetworkError(f"the file was not handed out ({response.status})")
                return await _spool(response, path, most_bytes)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise NetworkError(f"the file was not fetched ({type(error).__name__})") from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The object in a body; unlike the library's own, it logs nothing of one that is none."""
        try:
            return msgspec.json.decode(payload, type=dict[str, Any])
        except msgspec.DecodeError:
            pass
        try:
            # The slower decoder takes halves of surrogate pairs and broken UTF-8, which some users manage to send.
            decoded = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            decoded = None
        if not isinstance(decoded, dict):
            raise TelegramError("the answer is no JSON object")
        return decoded


def _seconds(value: Any, default: float) -> float | None:
    if value is BaseRequest.DEFAULT_NONE:
        return default
    return None if value is None else float(value)


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """The body of a call, and its headers."""
    headers = {"User-Agent": f"verbatim/{__version__}"}
    if data is None:
        return None, headers
    if not data.contains_files:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return urlencode(data.json_parameters).encode(), headers
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return form, headers


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The body of a response; ValueError for one that is longer than any of Telegram's."""
    pieces, size = [], 0
    async for piece in response.content.iter_chunked(_BYTE_PIECE):
        size += len(piece)
        if size > LONGEST_BODY_BYTES:
            raise ValueError("the body is too long")
        pieces.append(piece)
    return b"".join(pieces)


async def _spool(response: aiohttp.ClientResponse, path: Path, most_bytes: int) -> int:
    """Write a response's body to a file, piece by piece."""
    size = 0
    with path.open("wb") as file:
        async for piece in response.content.iter_chunked(_BYTE_PIECE):
            size += len(piece)
            if size > most_bytes:
                raise TooLongError(f"the file is longer than {most_bytes} bytes")
            file.write(piece)
    return size


def _patience(payload: bytes) -> float:
    """The seconds that a 429 asks for; 1 when it says nothing."""
    try:
        wanted = msgspec.json.decode(payload, type=_Refusal).parameters.retry_after
    except (msgspec.DecodeError, msgspec.ValidationError):
        return 1.0
    return min(max(wanted, 0.1), LONGEST_WAIT_SECONDS)
