"""The check of a token: asked of a server on this machine, and the token never told to anybody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from bot.console.token import Verdict, check_token
from bot.settings import Secret

TOKEN = "123456:SECRET-secret_value"


@contextmanager
def server(status: int, body: bytes) -> Iterator[tuple[str, list[str]]]:
    """A server that answers everything alike; its address, and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - as above
            return

    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=httpd.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}", asked
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


@pytest.mark.parametrize(
    ("status", "body", "verdict", "detail"),
    [
        (200, b'{"ok":true,"result":{"id":1,"username":"a_bot"}}', Verdict.VALID, "@a_bot"),
        (200, b'{"ok":false}', Verdict.REFUSED, "does not know it"),
        (401, b'{"ok":false}', Verdict.REFUSED, "answers 401"),
        (404, b"", Verdict.REFUSED, "answers 404"),
        (502, b"", Verdict.AWAY, "answers 502"),
        (200, b"<html>", Verdict.AWAY, "does not answer as a Bot API server does"),
        (200, b'{"ok":"yes"}', Verdict.AWAY, "does not answer as a Bot API server does"),
    ],
)
def test_what_the_server_says_is_the_verdict(status: int, body: bytes, verdict: Verdict, detail: str) -> None:
    with server(status, body) as (address, asked):
        check = check_token(Secret(TOKEN), f"{address}/")
    assert asked == [f"/bot{TOKEN}/getMe"]
    assert check.verdict is verdict
    assert detail in check.detail
    assert "SECRET" not in check.detail


def test_a_server_that_is_not_there_is_away() -> None:
    with server(200, b"") as (address, _):
        pass
    check = check_token(Secret(TOKEN), address)
    assert check.verdict is Verdict.AWAY
    assert "refused" in check.detail
    assert "SECRET" not in check.detail


@pytest.mark.parametrize("address", ["file:///etc/passwd", "api.example.org", "http://"])
def test_what_is_no_address_is_not_asked(address: str) -> None:
    check = check_token(Secret(TOKEN), address)
    assert check.verdict is Verdict.AWAY
    assert "is no http or https address" in check.detail


def test_a_token_with_strange_letters_stays_within_its_path() -> None:
    with server(404, b"") as (address, asked):
        assert check_token(Secret("1:a/../b\r\nX: y"), address).verdict is Verdict.REFUSED
    assert asked == ["/bot1:a%2F..%2Fb%0D%0AX:%20y/getMe"]
