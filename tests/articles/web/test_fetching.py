import asyncio
import gzip
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest
from aiohttp import web

from bot.articles.web.address import Address, parsed
from bot.articles.web.fetching import Fetcher
from bot.articles.web.guard import Guard
from bot.errors import ReadingError, UnavailableError
from tests.articles.web.conftest import MOST_BYTES
from tests.articles.web.site import Site


def test_a_page_comes_with_its_headers(fetcher: Fetcher, site: Site, address: Address) -> None:
    site.put("/page", "The wolf is grey.", ETag='"1"')
    answer = fetcher.fetch(address)
    assert (answer.status, answer.content) == (200, b"The wolf is grey.")
    assert answer.headers["etag"] == '"1"'
    sent = site.asked[0].headers
    assert sent["User-Agent"].startswith("verbatim-bot/")
    assert sent["User-Agent"].endswith(" (+owner@example.org)")
    assert sent["Accept-Encoding"] == "gzip, deflate"
    assert not {"Cookie", "Referer", "Authorization"} & set(sent)


def test_only_what_is_new_comes_again(fetcher: Fetcher, site: Site, address: Address) -> None:
    site.put("/page", "The wolf is grey.", ETag='W/"1"')
    assert fetcher.fetch(address, etag='W/"1"').status == 304
    assert fetcher.fetch(address, etag='W/"2"').status == 200
    day = "Wed, 08 Mar 2023 10:00:00 GMT"
    site.put("/page", "The wolf is grey.", Last_Modified=day)
    assert fetcher.fetch(address, modified=day).status == 304


@pytest.mark.parametrize("status", [204, 301, 403, 404, 410, 418, 500, 503])
def test_the_content_of_other_answers_is_not_read(fetcher: Fetcher, site: Site, address: Address, status: int) -> None:
    site.put("/page", "" if status == 204 else "Secrets of the error page", status=status)
    assert fetcher.fetch(address)[::2] == (status, b"")


def test_packed_content_comes_out(fetcher: Fetcher, site: Site, address: Address) -> None:
    site.put("/page", gzip.compress(b"The wolf is grey."), Content_Encoding="gzip")
    assert fetcher.fetch(address).content == b"The wolf is grey."


def test_a_gzip_bomb_is_cut(fetcher: Fetcher, site: Site, address: Address) -> None:
    site.put("/page", gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")
    with pytest.raises(ReadingError, match=r"/page: is larger than 0 MB \(\[articles\] largest_megabytes\)"):
        fetcher.fetch(address)


def test_what_is_announced_as_too_large_is_not_fetched(fetcher: Fetcher, site: Site, address: Address) -> None:
    site.put("/page", b"x" * (MOST_BYTES + 1))
    with pytest.raises(ReadingError, match=r"/page: has 0 MB; 0 MB are read"):
        fetcher.fetch(address)
    assert len(fetcher.fetch(address, most_bytes=MOST_BYTES + 1).content) == MOST_BYTES + 1


def test_an_endless_answer_is_cut(fetcher: Fetcher, site: Site, address: Address) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"wolf " * 10_000)

    site.play("/page", endless)
    with pytest.raises(ReadingError, match="is larger than"):
        fetcher.fetch(address)


async def hang(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


async def drip(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x")
        await asyncio.sleep(0.05)


async def reset(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"half of a pa")
    if request.transport is not None:
        request.transport.close()
    return response


@pytest.mark.parametrize("handler", [hang, drip, reset, cut])
def test_a_server_in_trouble_is_away(
    fetcher: Fetcher, site: Site, address: Address, handler: Callable[[web.Request], "asyncio.Future[web.Response]"]
) -> None:
    site.play("/page", handler)
    with pytest.raises(UnavailableError) as error:
        fetcher.fetch(address)
    assert str(error.value).startswith(address.url)
    assert str(error.value).endswith("; try again later")


def test_a_port_where_nobody_listens_is_away(site: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        Fetcher(Guard(["127.0.0.1:*"]), most_bytes=1000, timeout_seconds=1) as fetcher,
        pytest.raises(UnavailableError, match="takes no connection"),
    ):
        fetcher.fetch(parsed(f"http://127.0.0.1:{port}/"))


@pytest.fixture
def raw() -> Iterator[Callable[[bytes], str]]:
    """Starts a server that sends bytes as they are, whatever it is asked, and tells its address."""
    servers: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(answer: bytes) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def run() -> None:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.recv(1 << 16)
                try:
                    connection.sendall(answer)
                except OSError:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/"

    yield serve
    for server in servers:
        server.close()
    for thread in threads:
        thread.join(5)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 500_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 100_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nabcdefg",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"\x00\xff" * 1000,
    ],
)
def test_what_is_no_http_ends_in_one_line(raw: Callable[[bytes], str], answer: bytes) -> None:
    with Fetcher(Guard(["127.0.0.1:*"]), most_bytes=1000, timeout_seconds=2) as fetcher:
        with pytest.raises((UnavailableError, ReadingError)) as error:
            fetcher.fetch(parsed(raw(answer)))
        assert str(error.value).startswith("http://127.0.0.1:")
        assert str(error.value).isprintable()


def test_a_site_that_speaks_no_tls_is_away(site: Site) -> None:
    with (
        Fetcher(Guard([f"127.0.0.1:{site.port}"]), most_bytes=1000, timeout_seconds=2) as fetcher,
        pytest.raises(UnavailableError, match="no secure connection comes about"),
    ):
        fetcher.fetch(parsed(site.url("/").replace("http:", "https:")))
