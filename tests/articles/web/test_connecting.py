import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.articles.web.address import parsed
from bot.articles.web.connecting import Deadline, GuardedBackend, trusting
from bot.articles.web.fetching import Fetcher
from bot.articles.web.guard import Guard
from bot.errors import ReadingError, UnavailableError


class Rebinding:
    """A resolver that gives another answer each time."""

    def __init__(self, *answers: str) -> None:
        self._answers = iter(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return [next(self._answers)]


class ConnectedError(Exception):
    """A connection was asked for."""


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where connections were asked for; none comes about."""
    made: list[tuple[str, int]] = []

    def connect(self: object, host: str, port: int, **_: Any) -> httpcore.NetworkStream:
        made.append((host, port))
        raise ConnectedError

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    return made


def test_the_connection_is_made_to_the_number_that_was_checked(connections: list[tuple[str, int]]) -> None:
    resolver = Rebinding("1.1.1.1", "127.0.0.1")
    with Fetcher(Guard(resolve=resolver), most_bytes=1000, timeout_seconds=5) as fetcher:
        with pytest.raises(ConnectedError):
            fetcher.fetch(parsed("http://news.example/"))
        assert connections == [("1.1.1.1", 80)]
        assert resolver.asked == ["news.example"]
        with pytest.raises(ReadingError, match=r"news.example: leads to 127.0.0.1"):
            fetcher.fetch(parsed("http://news.example/"))
    assert connections == [("1.1.1.1", 80)]


def test_every_number_of_a_host_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def refuse(self: object, host: str, port: int, **_: Any) -> httpcore.NetworkStream:
        made.append(host)
        raise httpcore.ConnectError("refused")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", refuse)
    guard = Guard(resolve=lambda *_: ["2606:4700:4700::1111", "1.1.1.1"])
    with (
        Fetcher(guard, most_bytes=1000, timeout_seconds=5) as fetcher,
        pytest.raises(UnavailableError, match=r"news.example: takes no connection"),
    ):
        fetcher.fetch(parsed("http://news.example/"))
    assert made == ["2606:4700:4700::1111", "1.1.1.1"]


class Stream(httpcore.NetworkStream):
    """A connection of this machine with itself."""

    is_closed = False

    def get_extra_info(self, info: str) -> Any:
        return ("1.1.1.1", 4000)

    def close(self) -> None:
        self.is_closed = True


def test_this_machine_s_own_public_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream()
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", lambda *_, **__: stream)
    deadline = Deadline()
    deadline.start(5)
    with pytest.raises(ReadingError, match="is this machine itself"):
        GuardedBackend(Guard(resolve=lambda *_: ["1.1.1.1"]), deadline).connect_tcp("me.example", 80)
    assert stream.is_closed
    allowing = Guard(["me.example"], resolve=lambda *_: ["1.1.1.1"])
    assert GuardedBackend(allowing, deadline).connect_tcp("me.example", 80)


def test_a_deadline_that_is_over_says_so() -> None:
    deadline = Deadline()
    deadline.start(100)
    assert 99 < deadline.left() <= 100
    assert deadline.left(5) == 5
    deadline.start(0)
    with pytest.raises(UnavailableError, match="no whole answer within 0 s"):
        deadline.left()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for news.example that nobody vouches for, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "news.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls(certificate: Path) -> Iterator[int]:
    """The port of a server that speaks TLS and says where it was asked."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = server.accept()
            except OSError:
                return
            with suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
                connection.recv(1 << 16)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield int(server.getsockname()[1])
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(10)


def secure(port: int, host: str) -> Fetcher:
    return Fetcher(Guard([f"{host}:{port}"], resolve=lambda *_: ["127.0.0.1"]), most_bytes=1000, timeout_seconds=5)


def test_a_certificate_is_checked_for_the_name_though_a_number_is_connected_to(
    tls: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr("bot.articles.web.connecting.trusting", lambda: context)
    with secure(tls, "news.example") as fetcher:
        assert fetcher.fetch(parsed(f"https://news.example:{tls}/")).content == b"hello"
    with (
        secure(tls, "other.example") as fetcher,
        pytest.raises(ReadingError, match=r"certificate is not valid .*other"),
    ):
        fetcher.fetch(parsed(f"https://other.example:{tls}/"))


def test_a_certificate_that_nobody_vouches_for_is_refused(tls: int) -> None:
    with secure(tls, "news.example") as fetcher, pytest.raises(ReadingError, match=r"certificate is not valid \(self"):
        fetcher.fetch(parsed(f"https://news.example:{tls}/"))


def test_sites_are_checked_with_the_usual_authorities() -> None:
    context = trusting()
    assert context.check_hostname
    assert context.cert_store_stats()["x509_ca"] > 50
