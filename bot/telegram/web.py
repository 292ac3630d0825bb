"""The web side: the webhook that Telegram delivers to, and the health and metrics pages for who watches the bot."""

import hmac
import logging
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from bot.errors import LibraryError, SettingsError
from bot.telegram.metrics import Metrics

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
LARGEST_UPDATE_BYTES = 1024 * 1024
STALE_SECONDS = 120.0
"""A bot that has not heard from Telegram for so long is not well."""

Receive = Callable[[Sequence[Mapping[str, Any]]], Awaitable[None]]

_log = logging.getLogger(__name__)


class Tls(NamedTuple):
    """The files of a certificate and its key, where this process ends TLS itself."""

    certificate: Path
    key: Path


class Webhook:
    """Takes updates that Telegram delivers; each is safe before it hears so."""

    def __init__(self, receive: Receive, secret: str, metrics: Metrics) -> None:
        self._receive = receive
        self._secret = secret.encode()
        self._metrics = metrics

    async def deliver(self, request: web.Request) -> web.Response:
        """200 for an update that is in the journal now, and for what is none; 403 without the secret, 503 while the
        journal cannot be written."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        try:
            update = msgspec.json.decode(await request.read(), type=dict[str, Any])
        except (msgspec.DecodeError, msgspec.ValidationError):
            update = {}
        if not isinstance(update.get("update_id"), int):
            self._metrics.malformed.inc()
            # Anything else than success and Telegram would deliver it again, and nothing after it.
            return web.Response(status=200)
        self._metrics.last_poll.set(time.time())
        try:
            await self._receive([update])
        except LibraryError as error:  # it stays with Telegram, which delivers it again
            self._metrics.poll_failures.labels(type(error).__name__).inc()
            _log.error("journal cannot be written: cause=%s", type(error).__name__)
            return web.Response(status=503)
        return web.Response(status=200)


class Health:
    """Says whether the bot hears from Telegram, and what it counted."""

    def __init__(self, metrics: Metrics, *, clock: Callable[[], float] = time.time) -> None:
        self._metrics = metrics
        self._clock = clock
        self._started = clock()

    async def health(self, _: web.Request) -> web.Response:
        """200 while Telegram answers the bot's polls or delivers to it; 503 after two minutes without."""
        heard = max(self._metrics.heard(), self._started)
        silent = self._clock() - heard
        well = silent < STALE_SECONDS
        body = {"status": "ok" if well else "silent", "silent_seconds": round(silent, 1)}
        return web.json_response(body, status=200 if well else 503)

    async def metrics(self, _: web.Request) -> web.Response:
        """The counters in Prometheus' text format."""
        return web.Response(body=self._metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4"})


async def serve_webhook(
    webhook: Webhook, url: str, host: str, port: int, tls: Tls | None, stack: AsyncExitStack
) -> None:
    """Listen for deliveries at the path of the public address, also without the beginning that a proxy cuts off."""
    app = web.Application(client_max_size=LARGEST_UPDATE_BYTES)
    for path in paths_of(url):
        app.router.add_post(path, webhook.deliver)
    await _listen(app, host, port, tls, stack)
    _log.info("webhook listens: port=%d tls=%s", port, tls is not None)


def paths_of(url: str) -> list[str]:
    """The path of an address and what a proxy may leave of it: "/a/b", "/b" and "/" for https://host/a/b."""
    path = urlsplit(url).path or "/"
    return [path[start:] for start, letter in enumerate(path) if letter == "/"] + (["/"] if path[-1] != "/" else [])


async def serve_health(health: Health, host: str, port: int, stack: AsyncExitStack) -> None:
    """Listen for who watches."""
    app = web.Application()
    app.router.add_get("/health", health.health)
    app.router.add_get("/metrics", health.metrics)
    await _listen(app, host, port, None, stack)


async def _listen(app: web.Application, host: str, port: int, tls: Tls | None, stack: AsyncExitStack) -> None:
    """Raises SettingsError when nothing can listen there."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, host, port, ssl_context=_context(tls)).start()
    except OSError as error:
        raise SettingsError(
            f"[telegram] port {port} on {host} cannot be listened on ({error.strerror}); choose another"
        ) from error


def _context(tls: Tls | None) -> ssl.SSLContext | None:
    if tls is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(tls.certificate, tls.key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"{tls.certificate}: the certificate and its key cannot be used ({type(error).__name__})"
        ) from error
    return context
