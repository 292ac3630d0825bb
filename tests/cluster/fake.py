"""A cluster of one process: what the engine asks of OpenSearch, in memory, and whatever can go wrong with it.

Its answers and errors have the shape of OpenSearch 2.19's own.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

Reply = tuple[int, Any]
DISCONNECT, HANG = -1, -2
"""Replies that are none: the connection is cut, or nothing comes."""
HANG_SECONDS = 3.0


class Fault(NamedTuple):
    """What happens to the next `times` requests whose method and path match."""

    pattern: str
    reply: Reply
    times: int = 1_000_000


class FakeIndex:
    """An index: its description, its documents by id as (version, content), and what searches see of them."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body
        self.documents: dict[str, tuple[int, dict[str, Any] | None]] = {}
        self.shown: dict[str, dict[str, Any]] = {}
        self.settings: dict[str, Any] = {}

    def write(self, id_: str, version: int, content: dict[str, Any] | None) -> bool:
        """Whether a document was stored or deleted: not when a later version was."""
        if id_ in self.documents and self.documents[id_][0] > version:
            return False
        self.documents[id_] = (version, content)
        return True

    def show(self) -> None:
        """Let searches see what is there."""
        self.shown = {id_: content for id_, (_, content) in self.documents.items() if content is not None}


class FakeCluster:
    """A node's address, and what it holds."""

    def __init__(self, version: str = "2.19.4", distribution: str | None = "opensearch") -> None:
        self.version = {"number": version} | ({"distribution": distribution} if distribution else {})
        self.indices: dict[str, FakeIndex] = {}
        self.aliases: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.bulk_sizes: list[int] = []
        self.url = ""
        self._lock = threading.Lock()

    def break_(self, pattern: str, reply: Reply, times: int = 1_000_000) -> None:
        """Answer the next requests whose "METHOD /path" matches with this reply."""
        self.faults.append(Fault(pattern, reply, times))

    def heal(self) -> None:
        """Let everything work again."""
        self.faults.clear()

    def index(self, name: str) -> FakeIndex:
        """The index that a name stands for."""
        return self.indices[self.aliases.get(name, name)]

    def hold(self, name: str, mappings: dict[str, Any], *, alias: str = "") -> None:
        """Hold an index that was there before, behind an alias or by its own name."""
        self.indices[name] = FakeIndex({"mappings": mappings})
        if alias:
            self.aliases[alias] = name

    def asked(self, pattern: str) -> int:
        """How many requests matched."""
        return sum(1 for method, path, _ in self.requests if re.search(pattern, f"{method} {path}"))

    def reply(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """What to answer."""
        path, options = urlsplit(url).path, {name: value[0] for name, value in parse_qs(urlsplit(url).query).items()}
        with self._lock:
            self.requests.append((method, path, headers))
            for place, fault in enumerate(self.faults):
                if re.search(fault.pattern, f"{method} {path}"):
                    left = fault._replace(times=fault.times - 1)
                    self.faults[place : place + 1] = [left] if left.times else []
                    return fault.reply
            for pattern, answer in ROUTES:
                match = re.fullmatch(pattern, f"{method} {path}")
                if match:
                    return answer(self, match.groups(), options, body)
        return 400, {"error": {"type": "no_handler", "reason": f"{method} {path}"}, "status": 400}

    def found(self, name: str) -> FakeIndex | None:
        """The index, or None."""
        return self.indices.get(self.aliases.get(name, name))


def missing(name: str) -> Reply:
    reason = {"type": "index_not_found_exception", "reason": f"no such index [{name}]", "index": name}
    return 404, {"error": {"root_cause": [reason], **reason}, "status": 404}


def _root(cluster: FakeCluster, *_: object) -> Reply:
    return 200, {"version": cluster.version}


def _mapping(cluster: FakeCluster, groups: tuple[str, ...], *_: object) -> Reply:
    name = groups[0]
    if name.endswith("*"):
        names = [one for one in cluster.indices if one.startswith(name[:-1])]
    elif cluster.found(name) is None:
        return missing(name)
    else:
        names = [cluster.aliases.get(name, name)]
    return 200, {one: {"mappings": cluster.indices[one].body["mappings"]} for one in names}


def _create(cluster: FakeCluster, groups: tuple[str, ...], _: object, body: bytes) -> Reply:
    described = json.loads(body)
    cluster.indices[groups[0]] = FakeIndex(described)
    cluster.aliases |= dict.fromkeys(described.get("aliases", {}), groups[0])
    return 200, {"acknowledged": True}


def _delete(cluster: FakeCluster, groups: tuple[str, ...], *_: object) -> Reply:
    _drop(cluster, groups[0])
    return 200, {"acknowledged": True}


def _drop(cluster: FakeCluster, name: str) -> None:
    cluster.indices.pop(name, None)
    cluster.aliases = {alias: index for alias, index in cluster.aliases.items() if index != name}


def _get(cluster: FakeCluster, groups: tuple[str, ...], *_: object) -> Reply:
    index = cluster.found(groups[0])
    if index is None:
        return missing(groups[0])
    content = index.documents.get(groups[1], (0, None))[1]
    return (200, {"found": True, "_source": content}) if content else (404, {"found": False})


def _put(cluster: FakeCluster, groups: tuple[str, ...], options: dict[str, str], body: bytes) -> Reply:
    index = cluster.found(groups[0])
    if index is None or groups[0] not in cluster.aliases:
        return missing(groups[0])
    if index.write(groups[1], int(options["version"]), json.loads(body)):
        return 200, {"result": "created"}
    return 409, {"error": {"type": "version_conflict_engine_exception", "reason": "later"}, "status": 409}


def _bulk(cluster: FakeCluster, groups: tuple[str, ...], _: object, body: bytes) -> Reply:
    lines = iter(body.splitlines())
    items = []
    for line in lines:
        ((verb, meta),) = json.loads(line).items()
        content = json.loads(next(lines)) if verb == "index" else None
        index = cluster.found(groups[0])
        if index is None or groups[0] not in cluster.aliases:
            items.append({verb: {"status": 404, "error": missing(groups[0])[1]["error"]}})
            continue
        assert meta["version_type"] == "external_gte"
        done = index.write(meta["_id"], meta["version"], content)
        items.append({verb: {"status": 201} if done else {"status": 409, "error": {"type": "version_conflict"}}})
    cluster.bulk_sizes.append(len(items))
    return 200, {"errors": any("error" in item for one in items for item in one.values()), "items": items}


def _refresh(cluster: FakeCluster, groups: tuple[str, ...], *_: object) -> Reply:
    index = cluster.found(groups[0])
    if index is None:
        return missing(groups[0])
    index.show()
    return 200, {"_shards": {"failed": 0}}


def _settings(cluster: FakeCluster, groups: tuple[str, ...], _: object, body: bytes) -> Reply:
    cluster.index(groups[0]).settings |= json.loads(body)["index"]
    return 200, {"acknowledged": True}


def _aliases(cluster: FakeCluster, _: object, __: object, body: bytes) -> Reply:
    for action in json.loads(body)["actions"]:
        ((verb, what),) = action.items()
        if verb == "add":
            cluster.aliases[what["alias"]] = what["index"]
    for action in json.loads(body)["actions"]:
        if "remove_index" in action:
            _drop(cluster, action["remove_index"]["index"])
    return 200, {"acknowledged": True}


def _health(cluster: FakeCluster, *_: object) -> Reply:
    return 200, {"status": "green", "number_of_nodes": 1}


def _search(cluster: FakeCluster, groups: tuple[str, ...], options: dict[str, str], body: bytes) -> Reply:
    index = cluster.found(groups[0])
    if index is None:
        return missing(groups[0])
    assert options["allow_partial_search_results"] == "false"
    return 200, searched(index, json.loads(body))


def _many(cluster: FakeCluster, groups: tuple[str, ...], _: object, body: bytes) -> Reply:
    index = cluster.found(groups[0])
    if index is None:
        return 200, {"responses": [missing(groups[0])[1]]}
    assert all(json.loads(line) == {"allow_partial_search_results": False} for line in body.splitlines()[::2])
    return 200, {"responses": [searched(index, json.loads(line)) for line in body.splitlines()[1::2]]}


def searched(index: FakeIndex, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to a search, scored by how many clauses a document meets: enough to be rescored."""
    query = asked["query"]["bool"]
    rows = []
    for id_, document in index.shown.items():
        names, score = _scored(query.get("should", ()), document)
        allowed = all(_meets(clause, document) for clause in query.get("filter", ()))
        if allowed and (score or not query.get("minimum_should_match")) and "sentence" in document:
            rows.append((score, id_, document, names))
    rows.sort(key=lambda row: -row[0])
    hits = [
        {"_id": id_, "_score": score, "fields": {"passage": [document["passage"]]}, "matched_queries": names}
        for score, id_, document, names in rows[: asked["size"]]
    ]
    return {"hits": {"hits": hits}, "_shards": {"failed": 0}, "timed_out": False, "status": 200}


def _scored(clauses: Any, document: dict[str, Any]) -> tuple[list[str], float]:
    names, score = [], 0.0
    for clause in clauses:
        if "match" in clause:
            ((field, match),) = clause["match"].items()
            held = document.get(field, "").split()
            score += match["boost"] * len(set(held) & set(match["query"].split()))
        elif _meets(clause["constant_score"]["filter"], document):
            names.append(clause["constant_score"]["_name"])
            score += clause["constant_score"]["boost"]
    return names, score


def _meets(clause: dict[str, Any], document: dict[str, Any]) -> bool:
    ((kind, content),) = clause.items()
    if kind == "bool":
        return any(_meets(one, document) for one in content["should"])
    ((field, value),) = content.items()
    found = document.get(field, "")
    if kind == "range":
        low, high, below = (value.get(name, default) for name, default in (("gte", 0), ("lte", 1e99), ("lt", 1e99)))
        return bool(found != "" and low <= found <= high and found < below)
    if kind == "terms":
        return found in value
    return value in str(found).split()


Answer = Callable[[FakeCluster, tuple[str, ...], dict[str, str], bytes], Reply]
NAME = "/([^/]+)"
ROUTES: tuple[tuple[str, Answer], ...] = (
    ("GET /", _root),
    (f"GET {NAME}/_mapping", _mapping),
    (f"GET {NAME}/_doc{NAME}", _get),
    (f"PUT {NAME}/_doc{NAME}", _put),
    (f"POST {NAME}/_bulk", _bulk),
    (f"POST {NAME}/_refresh", _refresh),
    (f"POST {NAME}/_search", _search),
    (f"POST {NAME}/_msearch", _many),
    (f"PUT {NAME}/_settings", _settings),
    ("POST /_aliases", _aliases),
    ("GET /_cluster/health(?:/[^/]+)?", _health),
    (f"PUT {NAME}", _create),
    (f"DELETE {NAME}", _delete),
)


def handler_of(cluster: FakeCluster) -> type[BaseHTTPRequestHandler]:
    """What answers HTTP for a cluster."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, content = cluster.reply(self.command, self.path, headers, body)
            if status == HANG:
                time.sleep(HANG_SECONDS)
            if status in (HANG, DISCONNECT):
                self.close_connection = True
                return
            plain = isinstance(content, str)
            data = content.encode() if plain else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "text/html" if plain else "application/json; charset=UTF-8")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - http.server names them

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler


@contextmanager
def served(cluster: FakeCluster, *, tls: Any = None) -> Iterator[FakeCluster]:
    """The cluster at an address of its own; `tls` is an ssl.SSLContext for https."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(cluster))
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    cluster.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    try:
        yield cluster
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
