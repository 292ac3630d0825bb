"""The client: one process's way to the cluster's nodes, over opensearch-py."""

import logging
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from bot.errors import SettingsError, UnavailableError
from bot.retrieval.cluster.faults import TRY_AGAIN, fault, is_busy
from bot.settings import ClusterSecrets, ClusterSettings

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

LEAST_MAJOR = 2
DEAD_SECONDS = 5  # a node that failed is left alone so long, then doubled up to 2 minutes, while others answer
CONNECTIONS = 8  # open to each node; questions take turns, a rebuild runs beside them
BUSY_PAUSES = (0.05, 0.2, 0.5)
"""Seconds to wait before a node that has too much to do is asked again."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")

_encode = msgspec.json.Encoder().encode


class Version(NamedTuple):
    """The version of the cluster's software."""

    number: str
    major: int


class _Json:
    """opensearch-py's serializer, which decodes in a sixth of the time that its own takes."""

    mimetype = "application/json"

    def dumps(self, data: object) -> bytes | str:
        """The data as JSON; what is encoded already stays."""
        return data if isinstance(data, bytes | str) else _encode(data)

    def loads(self, text: str) -> Any:
        """What the JSON says. Raises opensearch-py's SerializationError."""
        from opensearchpy.exceptions import SerializationError

        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            raise SerializationError(text, error) from error


class Cluster:
    """The nodes of one cluster; threads may share it. A request goes to the next node when one fails."""

    def __init__(self, settings: ClusterSettings, secrets: ClusterSecrets = ClusterSecrets()) -> None:  # noqa: B008
        """Nothing is asked yet. Raises SettingsError for settings that cannot be right, or without the extra."""
        self.nodes = ", ".join(settings.urls)
        self._client = _client(settings, secrets)
        self._version: Version | None = None
        self.timeout_seconds = settings.timeout_seconds

    @property
    def version(self) -> Version:
        """What the cluster runs, asked once. Raises UnavailableError when that is no OpenSearch that we know."""
        if self._version is None:
            self._version = self._known_version(self.ask("GET", "/"))
        return self._version

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        timeout_seconds: float | None = None,
    ) -> Any:
        """The decoded answer to a request; `body` is encoded as JSON unless it is bytes.

        Raises UnavailableError, in one line, for whatever keeps the answer away; MissingIndexError without the index.
        """
        encoded = body if body is None or isinstance(body, bytes) else _encode(body)
        for pause in (*BUSY_PAUSES, None):
            try:
                return self._client.transport.perform_request(
                    method,
                    path,
                    params=dict(parameters) if parameters else None,
                    body=encoded,
                    timeout=timeout_seconds,
                )
            except Exception as error:
                if pause is None or not is_busy(getattr(error, "status_code", 0), str(getattr(error, "error", ""))):
                    raise fault(error, self.nodes) from error
                time.sleep(pause)
        raise AssertionError("unreachable")

    def found(self, path: str, *, parameters: Mapping[str, Any] | None = None) -> Any:
        """The decoded answer to a GET; None when there is nothing at this path. Raises as `ask`."""
        from opensearchpy.exceptions import NotFoundError

        try:
            return self._client.transport.perform_request("GET", path, params=dict(parameters or {}))
        except NotFoundError:
            return None
        except Exception as error:
            raise fault(error, self.nodes) from error

    def put_unless_later(self, path: str, body: bytes, parameters: Mapping[str, Any]) -> bool:
        """Whether a document was stored; False when a later version of it is there. Raises as `ask`."""
        from opensearchpy.exceptions import ConflictError

        try:
            self._client.transport.perform_request("PUT", path, params=dict(parameters), body=body)
        except ConflictError:
            return False
        except Exception as error:
            raise fault(error, self.nodes) from error
        return True

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _known_version(self, answer: object) -> Version:
        version = answer.get("version") if isinstance(answer, dict) else None
        number = str(version.get("number", "?")) if isinstance(version, dict) else "?"
        is_ours = isinstance(version, dict) and version.get("distribution") == "opensearch"
        major = number.split(".")[0]
        if not is_ours or not major.isdecimal() or int(major) < LEAST_MAJOR:
            found = f"version {number} of something else" if not is_ours else f"OpenSearch {number}"
            raise UnavailableError(
                f"{self.nodes}: is {found}; expected OpenSearch {LEAST_MAJOR} or later: check [cluster] urls"
            )
        return Version(number, int(major))


def _client(settings: ClusterSettings, secrets: ClusterSecrets) -> "OpenSearch":
    try:
        import opensearchpy
    except ImportError as error:
        raise SettingsError(
            "engine = \"cluster\": needs opensearch-py, which is not installed; pip install 'verbatim-bot[cluster]'"
        ) from error
    # It would log each failed request with a traceback and what was asked.
    logging.getLogger("opensearch").setLevel(logging.CRITICAL)
    hosts = [_host(url) for url in _checked(settings, secrets)]
    options: dict[str, Any] = {}
    if secrets.api_key:
        options["headers"] = {"authorization": f"ApiKey {secrets.api_key.reveal()}"}
    elif settings.user:
        options["http_auth"] = (settings.user, secrets.password.reveal())
    if any(host["use_ssl"] for host in hosts):
        options["ssl_context"] = _tls(settings.ca_file)
    return opensearchpy.OpenSearch(
        hosts,
        timeout=settings.timeout_seconds,
        max_retries=max(2, len(hosts)),
        retry_on_timeout=True,
        dead_timeout=DEAD_SECONDS,
        pool_maxsize=CONNECTIONS,
        serializer=_Json(),
        sniff_on_start=settings.sniff,
        sniff_on_connection_fail=settings.sniff,
        **options,
    )


def _checked(settings: ClusterSettings, secrets: ClusterSecrets) -> Sequence[str]:
    """The addresses of the nodes. Raises SettingsError for what cannot be asked safely, or not at all."""
    if not settings.urls:
        raise SettingsError(
            'engine = "cluster": no node is named; set [cluster] urls or VERBATIM_CLUSTER_URLS, as in '
            "https://search-1.example:9200"
        )
    for url in settings.urls:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or _port(url) is None:
            raise SettingsError(
                f"[cluster] urls: {url!r} is no address; expected one as in https://search-1.example:9200"
            )
        if parts.username or parts.password:
            raise SettingsError(
                f"[cluster] urls: {parts.hostname}: an address holds no password; set [cluster] user and "
                "VERBATIM_CLUSTER_PASSWORD"
            )
        is_secret = bool(secrets.password or secrets.api_key)
        if parts.scheme == "http" and is_secret and parts.hostname not in LOOPBACK:
            raise SettingsError(
                f"[cluster] urls: {url}: a password would travel readable for all; use https, with [cluster] ca_file"
            )
    return settings.urls


def _host(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    is_tls = parts.scheme == "https"
    return {"host": parts.hostname, "port": _port(url), "use_ssl": is_tls, "url_prefix": parts.path.strip("/")}


def _port(url: str) -> int | None:
    """The port of an address, its scheme's own where it names none; None for a wrong one."""
    parts = urlsplit(url)
    try:
        return parts.port or (443 if parts.scheme == "https" else 9200)
    except ValueError:
        return None


def _tls(ca_file: str) -> Any:
    """What checks the nodes' certificates: against the authority in a file, or the system's."""
    import ssl
    from pathlib import Path

    if not ca_file:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=str(Path(ca_file).expanduser()))
    except (OSError, ssl.SSLError) as error:
        reason = "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise SettingsError(f"[cluster] ca_file = {ca_file!r}: cannot be used ({reason}); name a PEM file") from error


def unavailable_part(nodes: str, failed: int) -> UnavailableError:
    """The error for an answer that some parts of the index did not give."""
    return UnavailableError(
        f"{nodes}: {failed} parts of the index did not answer; look at the cluster's health, and {TRY_AGAIN}"
    )
