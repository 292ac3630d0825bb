"""Delivery over TLS and behind a proxy, and what the bot does when it fails."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.telegram.web import paths_of

from .articles import KEEPER, KEPT
from .botapi import BotApiServer, bot_process
from .botapi.polling import Webhook
from .certificates import Files, write_certificate
from .test_full_disk import broken

PREFIX = "/verbatim"


def tls_settings(port: int, files: Files) -> dict[str, str]:
    """The settings of a bot that ends TLS itself."""
    return {
        "VERBATIM_TELEGRAM_WEBHOOK_URL": f"https://127.0.0.1:{port}/updates",
        "VERBATIM_TELEGRAM_WEBHOOK_PORT": str(port),
        "VERBATIM_TELEGRAM_WEBHOOK_CERTIFICATE": str(files.certificate),
        "VERBATIM_TELEGRAM_WEBHOOK_KEY": str(files.key),
    }


@asynccontextmanager
async def proxy(port: int, files: Files, target: str, *, cuts: bool) -> AsyncIterator[list[str]]:
    """A TLS proxy before the bot, as nginx or Caddy are: it passes requests on to `target`, with or without their
    prefix, and adds what proxies add. Yields the paths that were asked for."""
    asked: list[str] = []

    async def pass_on(request: web.Request) -> web.Response:
        asked.append(request.path)
        path = request.path.removeprefix(PREFIX) if cuts else request.path
        added = {"X-Forwarded-For": "149.154.167.220, 10.0.0.1", "X-Forwarded-Proto": "https", "Via": "1.1 proxy"}
        headers = {
            key: value for key, value in request.headers.items() if key.lower() not in {"host", "content-length"}
        }
        async with session.post(target + path, data=await request.read(), headers=headers | added) as response:
            return web.Response(status=response.status, body=await response.read())

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", pass_on)
    runner = web.AppRunner(app, access_log=None)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)
    async with aiohttp.ClientSession() as session:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, ssl_context=context).start()
        try:
            yield asked
        finally:
            await runner.cleanup()


async def test_a_self_signed_certificate_is_handed_to_telegram_which_trusts_it_alone(
    server: BotApiServer, library: Path, tmp_path: Path, unused_tcp_port: int
) -> None:
    files = write_certificate(tmp_path, "own")
    olena = server.private_chat("Olena")
    async with bot_process(server, library, environment=tls_settings(unused_tcp_port, files), wait=False):
        await olena.says(KEEPER)
        assert (await olena.receives(timeout_seconds=30)).parts("blockquote") == [KEPT]
    hook = server.account.settings["webhook",]
    assert isinstance(hook, Webhook)
    assert hook.certificate == files.certificate.read_bytes()
    assert b"PRIVATE" not in hook.certificate


async def test_telegram_delivers_nothing_to_another_certificate(
    server: BotApiServer, library: Path, tmp_path: Path, unused_tcp_port: int
) -> None:
    files, other = write_certificate(tmp_path, "own"), write_certificate(tmp_path, "other")
    url = f"https://127.0.0.1:{unused_tcp_port}/updates"
    server.account.settings["webhook",] = Webhook(url, "secret", other.certificate.read_bytes())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)
    listener = web.AppRunner(web.Application())
    await listener.setup()
    await web.TCPSite(listener, "127.0.0.1", unused_tcp_port, ssl_context=context).start()
    try:
        await server.private_chat("Olena").says(KEEPER)
        await server.account.queue.until(lambda: server.webhooks.failed > 0, timeout_seconds=10)
    finally:
        await listener.cleanup()
    assert "certificate verify failed" in str(server.account.settings["webhook error",])


async def test_a_certificate_of_an_authority_stays_here(
    server: BotApiServer, library: Path, tmp_path: Path, unused_tcp_port: int
) -> None:
    files = write_certificate(tmp_path, "leaf", issuer="authority")
    async with bot_process(server, library, environment=tls_settings(unused_tcp_port, files), wait=False):
        await server.called("setWebhook", timeout_seconds=30)
    hook = server.account.settings["webhook",]
    assert isinstance(hook, Webhook)
    assert hook.certificate is None


@pytest.mark.parametrize("cuts", [True, False])
async def test_behind_a_proxy_with_a_prefix(
    server: BotApiServer,
    library: Path,
    tmp_path: Path,
    unused_tcp_port_factory: Callable[[], int],
    cuts: bool,
) -> None:
    front, back, health = (unused_tcp_port_factory() for _ in range(3))
    files = write_certificate(tmp_path, "proxy")
    environment = {
        "VERBATIM_TELEGRAM_WEBHOOK_URL": f"https://127.0.0.1:{front}{PREFIX}/updates",
        "VERBATIM_TELEGRAM_WEBHOOK_PORT": str(back),
        "VERBATIM_TELEGRAM_WEBHOOK_CERTIFICATE": str(files.certificate),
        "VERBATIM_TELEGRAM_HEALTH_PORT": str(health),
    }
    olena = server.private_chat("Olena")
    async with (
        proxy(front, files, f"http://127.0.0.1:{back}", cuts=cuts) as asked,
        bot_process(server, library, environment=environment, wait=False),
    ):
        await olena.says(KEEPER)
        assert (await olena.receives(timeout_seconds=30)).parts("blockquote") == [KEPT]
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{health}/health") as response,
        ):
            assert (response.status, (await response.json())["status"]) == (200, "ok")
    assert set(asked) == {f"{PREFIX}/updates"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"VERBATIM_TELEGRAM_WEBHOOK_CERTIFICATE": ""}, "webhook_key needs its certificate"),
        ({"VERBATIM_TELEGRAM_WEBHOOK_KEY": "/nowhere.key"}, "cannot be used"),
        ({"VERBATIM_TELEGRAM_WEBHOOK_KEY": "", "VERBATIM_TELEGRAM_WEBHOOK_CERTIFICATE": __file__}, "no PEM"),
        (
            {
                "VERBATIM_TELEGRAM_WEBHOOK_URL": "https://bot.example.org:9000/updates",
                "VERBATIM_TELEGRAM_WEBHOOK_CERTIFICATE": "",
                "VERBATIM_TELEGRAM_WEBHOOK_KEY": "",
            },
            "ports 80, 88, 443 or 8443",
        ),
    ],
)
async def test_a_wrong_set_up_ends_in_one_line(
    server: BotApiServer, library: Path, tmp_path: Path, unused_tcp_port: int, change: dict[str, str], words: str
) -> None:
    environment = tls_settings(unused_tcp_port, write_certificate(tmp_path, "own")) | change
    async with bot_process(server, library, environment=environment, wait=False) as process:
        assert await process.ends(timeout_seconds=30) == 2
    assert words in process.output.splitlines()[-1]
    assert "Traceback" not in process.output
    server.violations.clear()


async def test_what_the_journal_cannot_take_is_delivered_again(
    server: BotApiServer, library: Path, unused_tcp_port: int
) -> None:
    environment = {
        "VERBATIM_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{unused_tcp_port}/updates",
        "VERBATIM_TELEGRAM_WEBHOOK_PORT": str(unused_tcp_port),
    }
    olena = server.private_chat("Olena")
    async with bot_process(server, library, environment=environment, wait=False):
        await server.called("setWebhook", timeout_seconds=30)
        broken(library, "ALTER TABLE updates RENAME TO elsewhere")
        await olena.says(KEEPER)
        await server.account.queue.until(lambda: server.webhooks.failed > 1, timeout_seconds=20)
        assert "503" in str(server.account.settings["webhook error",])
        broken(library, "ALTER TABLE elsewhere RENAME TO updates")
        assert (await olena.receives(timeout_seconds=20)).parts("blockquote") == [KEPT]


@pytest.mark.parametrize(
    ("url", "paths"),
    [
        ("https://host", ["/"]),
        ("https://host/", ["/"]),
        ("https://host/a/b", ["/a/b", "/b", "/"]),
        ("https://host/a/b/", ["/a/b/", "/b/", "/"]),
    ],
)
def test_a_proxy_may_cut_the_beginning_of_a_path(url: str, paths: list[str]) -> None:
    assert paths_of(url) == paths
