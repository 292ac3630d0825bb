"""The compose file for many processes: its parts name each other rightly, and the proxy does what it is there for."""

import os
import re
import shutil
import signal
import ssl
import subprocess
import threading
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from bot.settings import SettingsFile, load_settings
from bot.storage.address import database_address
from tests.certificates import Authority

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "config" / "cluster"
HOST = "bot.example.org"
NGINX = shutil.which("nginx") or os.environ.get("NGINX")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    text = re.sub(r"\$\{VERBATIM_HOST:[^}]*\}", HOST, (FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    content: dict[str, Any] = yaml.safe_load(text)
    return content


@pytest.fixture(scope="module")
def proxy() -> str:
    return (FOLDER / "proxy.conf").read_text(encoding="utf-8")


def services(compose: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: one for name, one in compose["services"].items() if name.startswith(kind)}


def settings_of(bot: dict[str, Any]) -> SettingsFile:
    """The settings that a bot's environment comes to; the secrets' files are not there."""
    environment = {name: value for name, value in bot["environment"].items() if "_FILE" not in name}
    return load_settings(environment=environment).values


def test_there_are_three_of_each_and_each_has_a_health_check(compose: dict[str, Any]) -> None:
    assert sorted(compose["services"]) == [
        "bot-1", "bot-2", "bot-3", "database", "proxy", "search-1", "search-2", "search-3",
    ]  # fmt: skip
    assert all(one["healthcheck"]["test"] and one["restart"] for one in compose["services"].values())


def test_every_setting_of_a_bot_is_one_and_all_bots_have_the_same(compose: dict[str, Any]) -> None:
    bots = services(compose, "bot")
    first = settings_of(bots["bot-1"])
    assert all(settings_of(bot) == first for bot in bots.values())
    assert first.engine == "cluster"
    for name, path in bots["bot-1"]["environment"].items():
        if name.endswith("_FILE"):
            assert path.removeprefix("/run/secrets/") in bots["bot-1"]["secrets"]
            with pytest.raises(Exception, match=re.escape(path)):
                load_settings(environment={name: path})


def test_the_bots_ask_the_nodes_and_the_database_that_there_are(compose: dict[str, Any]) -> None:
    values = settings_of(compose["services"]["bot-1"])
    nodes = services(compose, "search")
    assert [urlsplit(url).hostname for url in values.cluster.urls] == list(nodes)
    assert {urlsplit(url).port for url in values.cluster.urls} == {9200}
    assert values.cluster.replicas < len(nodes) <= values.cluster.shards
    address = urlsplit(database_address(values.library).url)
    assert address.hostname in compose["services"]
    assert address.username == compose["services"]["database"]["environment"]["POSTGRES_USER"]
    assert address.path == "/" + compose["services"]["database"]["environment"]["POSTGRES_DB"]
    for name, node in nodes.items():
        environment = node["environment"]
        assert environment["node.name"] == name
        assert environment["discovery.seed_hosts"] == ",".join(nodes)
        assert environment["cluster.initial_cluster_manager_nodes"] == ",".join(nodes)


def test_bots_start_when_what_they_need_is_healthy(compose: dict[str, Any]) -> None:
    stores = {*services(compose, "search"), "database"}
    for bot in services(compose, "bot").values():
        assert bot["depends_on"] == {name: {"condition": "service_healthy"} for name in stores}


def test_data_is_kept_in_volumes_of_their_own(compose: dict[str, Any]) -> None:
    mounted = [
        volume.split(":")[0]
        for name, one in compose["services"].items()
        if name.startswith(("search", "database"))
        for volume in one["volumes"]
    ]
    assert sorted(mounted) == sorted(compose["volumes"])
    assert len(set(mounted)) == 4


def test_only_the_proxy_can_be_reached_from_outside(compose: dict[str, Any]) -> None:
    assert compose["networks"]["inside"] == {"internal": True}
    assert [name for name, one in compose["services"].items() if "ports" in one] == ["proxy"]
    for name, one in compose["services"].items():
        if name.startswith(("search", "database")):
            assert one["networks"] == ["inside"]


def test_secrets_are_files_that_are_named_and_never_values(compose: dict[str, Any]) -> None:
    used = {name for one in compose["services"].values() for name in one.get("secrets", ())}
    assert used == set(compose["secrets"])
    for one in compose["services"].values():
        for name in one.get("environment", {}):
            assert not re.search(r"(PASSWORD|TOKEN|KEY)$", name)


def test_a_bots_health_is_asked_where_it_tells_it(compose: dict[str, Any]) -> None:
    bot = compose["services"]["bot-1"]
    values = settings_of(bot).telegram
    assert f"http://127.0.0.1:{values.health_port}/health" in bot["healthcheck"]["test"][-1]
    assert values.health_host == values.webhook_host == "0.0.0.0"


def test_a_bot_has_time_to_finish_before_it_is_killed(compose: dict[str, Any]) -> None:
    bot = compose["services"]["bot-1"]
    assert int(bot["stop_grace_period"].removesuffix("s")) > settings_of(bot).telegram.drain_seconds


def test_the_image_is_built_with_extras_that_there_are(compose: dict[str, Any]) -> None:
    build = compose["services"]["bot-1"]["build"]
    assert (FOLDER / build["context"] / build["dockerfile"]).resolve() == ROOT / "config/service/Containerfile"
    extras = build["args"]["EXTRAS"].strip("[]").split(",")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(extras) <= set(project["project"]["optional-dependencies"])
    assert "ARG EXTRAS" in (ROOT / "config/service/Containerfile").read_text(encoding="utf-8")


def test_the_proxy_passes_telegrams_deliveries_to_all_bots(compose: dict[str, Any], proxy: str) -> None:
    values = settings_of(compose["services"]["bot-1"]).telegram
    servers = re.findall(r"server (\S+:\d+) ", proxy)
    assert servers == [f"{name}:{values.webhook_port}" for name in services(compose, "bot")]
    address = urlsplit(values.webhook_url)
    assert address.hostname == HOST
    assert f"location = {address.path} {{" in proxy
    mounts = compose["services"]["proxy"]["volumes"]
    assert "./proxy.conf:/etc/nginx/conf.d/default.conf:ro" in mounts


class Bot(BaseHTTPRequestHandler):
    """Takes deliveries and says who it is."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        if self.server in GONE:
            self.close_connection = True
            return
        name = str(self.connection.getsockname()[1]).encode()
        self.send_response(503 if self.server in TIRED else 200)
        self.send_header("content-length", str(len(name)))
        self.end_headers()
        self.wfile.write(name)

    def log_message(self, *_: object) -> None:
        """Nothing."""


TIRED: set[object] = set()
GONE: set[object] = set()
"""Bots that drain, and bots whose process died while connections to it were open."""


@contextmanager
def bots(count: int) -> Iterator[list[ThreadingHTTPServer]]:
    """So many bots that take deliveries."""
    with ExitStack() as stack:
        servers = []
        for _ in range(count):
            server = ThreadingHTTPServer(("127.0.0.1", 0), Bot)
            server.daemon_threads = True
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            servers.append(server)
        yield servers


@contextmanager
def nginx(proxy: str, servers: list[ThreadingHTTPServer], folder: Path, authority: Authority) -> Iterator[str]:
    """The shipped proxy before these bots; its address."""
    port = servers[0].server_address[1] + 1
    for number, server in enumerate(servers, 1):
        proxy = proxy.replace(f"bot-{number}:8443", f"127.0.0.1:{server.server_address[1]}")
    proxy = proxy.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    proxy = proxy.replace("/etc/nginx/certificates/fullchain.pem", str(authority.server))
    proxy = proxy.replace("/etc/nginx/certificates/privkey.pem", str(authority.key))
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{proxy}\n}}\n"
    )
    assert NGINX
    command = [NGINX, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        address = f"https://127.0.0.1:{port}"
        for _ in range(100):
            try:
                if request(f"{address}/alive", authority)[0] == 204:
                    break
            except OSError:
                assert process.poll() is None, (folder / "error.log").read_text()
                time.sleep(0.05)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def request(url: str, authority: Authority, body: bytes | None = None) -> tuple[int, bytes]:
    """The status of an answer, and what it holds."""
    context = ssl.create_default_context(cafile=authority.certificate)
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=10, context=context) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
def test_no_delivery_is_refused_while_one_bot_answers(proxy: str, tmp_path: Path) -> None:
    authority = Authority.make(tmp_path / "authority")
    with bots(3) as servers, nginx(proxy, servers, tmp_path, authority) as address:
        url = f"{address}/telegram"
        assert {request(url, authority, b"{}")[0] for _ in range(6)} == {200}
        servers[0].shutdown()
        servers[0].server_close()
        GONE.add(servers[0])
        TIRED.add(servers[1])
        last = str(servers[2].server_address[1]).encode()
        assert {request(url, authority, b"{}") for _ in range(12)} == {(200, last)}
        assert request(f"{address}/metrics", authority)[0] == 404
        assert request(url, authority, b"x" * 2_000_000)[0] == 413
