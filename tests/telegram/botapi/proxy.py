"""A proxy before several bots: each delivery goes to the next of those that can be reached."""

import asyncio
import itertools
import socket
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

PATH = "/updates"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Proxy:
    """Hands each request to the bots in turn; 502 when none takes it, and when one that took it breaks off."""

    def __init__(self, bots: int) -> None:
        self.ports = [free_port() for _ in range(bots)]
        self.refused = self.broken = 0
        self._port = free_port()
        self._turns = itertools.count()
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where Telegram delivers to."""
        return f"http://127.0.0.1:{self._port}{PATH}"

    def settings(self, bot: int) -> dict[str, str]:
        """The environment of a bot behind it."""
        return {
            "VERBATIM_TELEGRAM_WEBHOOK_URL": self.url,
            "VERBATIM_TELEGRAM_WEBHOOK_PORT": str(self.ports[bot]),
        }

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        app = web.Application()
        app.router.add_post(PATH, self._hand_on)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        if self._session is not None:
            await self._session.close()

    async def listening(self, bots: int, *, timeout_seconds: float = 60.0) -> None:
        """Return when so many bots listen."""
        async with asyncio.timeout(timeout_seconds):
            while sum([await _listens(port) for port in self.ports]) < bots:  # noqa: ASYNC110 - other processes listen
                await asyncio.sleep(0.1)

    async def _hand_on(self, request: web.Request) -> web.Response:
        body, first = await request.read(), next(self._turns)
        headers = {name: value for name, value in request.headers.items() if name.startswith("X-Telegram")}
        for place in range(len(self.ports)):
            port = self.ports[(first + place) % len(self.ports)]
            try:
                status = await self._post(port, body, headers)
            except aiohttp.ClientConnectorError:
                self.refused += 1
                continue
            except (aiohttp.ClientError, TimeoutError):
                self.broken += 1
                return web.Response(status=502)
            return web.Response(status=status)
        return web.Response(status=502)

    async def _post(self, port: int, body: bytes, headers: dict[str, str]) -> int:
        if self._session is None:
            raise RuntimeError("the proxy does not run")
        content = {"Content-Type": "application/json"} | headers
        async with self._session.post(f"http://127.0.0.1:{port}{PATH}", data=body, headers=content) as response:
            return response.status


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
