"""A web site on loopback that plays what real ones do, and remembers what it was asked."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import NamedTuple, Self

from aiohttp import web

PATIENCE_SECONDS = 30

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answering(body: bytes, kind: str, coding: str) -> Handler:
    """Answers with bytes and headers as they are."""

    async def answer(_: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": kind} | ({"Content-Encoding": coding} if coding else {})
        return web.Response(body=body, headers=headers)

    return answer


class Asked(NamedTuple):
    """A request that came."""

    path: str
    headers: Mapping[str, str]


class Site:
    """Serves what is put at its paths; 404 elsewhere. Use it as a context manager."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._handlers: dict[str, Handler] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked for since the last time, in order, robots.txt left out."""
        paths = [one.path for one in self.asked if one.path != "/robots.txt"]
        self.asked.clear()
        return paths

    def put(
        self, path: str, body: str | bytes = b"", *, status: int = 200, kind: str = "text/html", **headers: str
    ) -> None:
        """Answer at a path from now on; `headers` have their dashes as underscores."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(request: web.Request) -> web.StreamResponse:
            etag = named.get("ETag")
            if etag is not None and request.headers.get("If-None-Match") == etag:
                return web.Response(status=304, headers={"ETag": etag})
            modified = named.get("Last-Modified")
            if modified is not None and request.headers.get("If-Modified-Since") == modified:
                return web.Response(status=304)
            return web.Response(body=content, status=status, headers={"Content-Type": kind, **named})

        self._handlers[path] = answer

    def play(self, path: str, handler: Handler) -> None:
        """Let a handler answer at a path from now on."""
        self._handlers[path] = handler

    def handler(self, path: str) -> Handler:
        """What answers at a path now."""
        return self._handlers[path]

    @staticmethod
    def raw_location(target: str) -> Handler:
        """Answers with a redirect whose target is not percent-encoded, as careless servers do."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if request.transport is not None:
                head = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
                request.transport.write(head.encode())
                request.transport.close()
            return web.Response()

        return answer

    def lead(self, path: str, target: str, *, status: int = 302) -> None:
        """Redirect a path from now on."""
        self.put(path, status=status, Location=target)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked(request.path_qs, dict(request.headers)))
        handler = self._handlers.get(request.path_qs)
        return web.Response(status=404, text="nothing here") if handler is None else await handler(request)

    async def _start(self) -> None:
        # Packed content is sent as it is, and no body is limited.
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        listening = web.TCPSite(self._runner, "127.0.0.1", 0)
        await listening.start()
        self.port = int(self._runner.addresses[0][1])

    async def _stop(self) -> None:
        await self._runner.cleanup()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(PATIENCE_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(PATIENCE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self._loop.close()
