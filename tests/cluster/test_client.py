"""The client: which node is asked, when another one is, and what is said of a cluster that cannot be used."""

import re
import ssl
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError, UnavailableError
from bot.retrieval.cluster.client import Cluster
from bot.retrieval.cluster.faults import MissingIndexError
from bot.settings import ClusterSecrets, Secret
from tests.certificates import Authority
from tests.cluster.engines import cluster_settings
from tests.cluster.fake import DISCONNECT, HANG, FakeCluster, served

NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing listens there
PASSWORD = "hunter2-and-more"


def client(*urls: str, secrets: ClusterSecrets | None = None, **changed: Any) -> Cluster:
    return Cluster(cluster_settings(*urls, **changed), secrets or ClusterSecrets())


def error_of(kind: str, reason: str, status: int) -> dict[str, Any]:
    failure = {"type": kind, "reason": reason}
    return {"error": {"root_cause": [failure], **failure}, "status": status}


def test_a_version_is_asked_for_once(fake: FakeCluster) -> None:
    cluster = client(fake.url)
    assert cluster.version == cluster.version == ("2.19.4", 2)
    assert fake.asked("GET /$") == 1


@pytest.mark.parametrize("reply", [(DISCONNECT, None), (HANG, None), (503, {}), (502, "<html>no</html>")])
def test_another_node_is_asked_when_one_fails(fake: FakeCluster, reply: Any) -> None:
    with served(FakeCluster()) as broken:
        broken.break_(".", reply)
        cluster = client(broken.url, fake.url)
        assert [cluster.ask("GET", "/_cluster/health")["status"] for _ in range(4)] == ["green"] * 4


def test_a_node_that_does_not_listen_is_passed_over(fake: FakeCluster) -> None:
    cluster = client(NOWHERE, fake.url)
    assert [cluster.ask("GET", "/_cluster/health")["status"] for _ in range(4)] == ["green"] * 4


def test_a_cluster_that_is_away_is_named_with_what_to_do() -> None:
    with pytest.raises(UnavailableError, match=re.escape(f"{NOWHERE}: no node of the cluster can be reached")):
        client(NOWHERE).ask("GET", "/")


def test_a_cluster_that_does_not_answer_in_time_is_told_from_one_that_is_away(fake: FakeCluster) -> None:
    fake.break_(".", (HANG, None))
    with pytest.raises(UnavailableError, match=r"did not answer in time.*timeout_seconds"):
        client(fake.url).ask("GET", "/")


def test_a_busy_cluster_is_asked_again_after_a_pause(fake: FakeCluster) -> None:
    fake.break_(".", (429, error_of("opensearch_rejected_execution_exception", "queue is full", 429)), times=2)
    assert client(fake.url).version.major == 2


def test_a_cluster_that_stays_busy_is_told_so(fake: FakeCluster) -> None:
    fake.break_(".", (429, error_of("opensearch_rejected_execution_exception", "queue is full", 429)))
    with pytest.raises(UnavailableError, match="too busy"):
        client(fake.url).ask("GET", "/")


def test_a_full_disk_is_no_busy_cluster(fake: FakeCluster) -> None:
    reason = "index [verbatim] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark];"
    fake.break_(".", (429, error_of("cluster_block_exception", reason, 429)))
    with pytest.raises(UnavailableError, match=r"read-only.*full.*make room there"):
        client(fake.url).ask("PUT", "/verbatim/_doc/1")
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (401, "security_exception", "refuses the user or password.*VERBATIM_CLUSTER_PASSWORD"),
        (403, "security_exception", "may not do this.*give it all rights"),
        (503, "cluster_block_exception", "cannot answer now.*look at its health"),
        (503, "search_phase_execution_exception", "a part of the index has no node"),
        (404, "index_not_found_exception", "it is made again from the library"),
        (500, "null_pointer_exception", "status 500"),
    ],
)
def test_a_refusal_says_what_to_do(fake: FakeCluster, status: int, kind: str, said: str) -> None:
    fake.break_(".", (status, error_of(kind, "no such thing", status)))
    with pytest.raises(UnavailableError, match=said) as caught:
        client(fake.url).ask("GET", "/")
    assert str(caught.value).startswith(fake.url)
    assert "\n" not in str(caught.value)


def test_a_missing_index_is_an_error_of_its_own(fake: FakeCluster) -> None:
    with pytest.raises(MissingIndexError):
        client(fake.url).ask("POST", "/nothing/_search", {})


def test_what_is_no_opensearch_is_refused(fake: FakeCluster) -> None:
    fake.break_(".", (200, "<html>Welcome to nginx</html>"))
    with pytest.raises(UnavailableError, match=r"no OpenSearch.*check \[cluster\] urls"):
        client(fake.url).ask("GET", "/")


@pytest.mark.parametrize(
    ("cluster", "said"),
    [
        (FakeCluster("7.17.0", None), "is version 7.17.0 of something else; expected OpenSearch 2 or later"),
        (FakeCluster("1.3.20"), "is OpenSearch 1.3.20; expected OpenSearch 2 or later"),
    ],
)
def test_another_product_or_an_old_version_is_refused(cluster: FakeCluster, said: str) -> None:
    with served(cluster), pytest.raises(UnavailableError, match=re.escape(said)):
        _ = client(cluster.url).version


def test_a_password_is_sent_and_never_shown(fake: FakeCluster) -> None:
    secrets = ClusterSecrets(password=Secret(PASSWORD))
    fake.break_(".", (401, error_of("security_exception", "no", 401)))
    with pytest.raises(UnavailableError) as caught:
        client(fake.url, secrets=secrets, user="verbatim").ask("GET", "/")
    assert fake.requests[0][2]["authorization"].startswith("Basic ")
    assert PASSWORD not in str(caught.value)


def test_a_key_goes_before_a_password(fake: FakeCluster) -> None:
    secrets = ClusterSecrets(password=Secret(PASSWORD), api_key=Secret("abc"))
    client(fake.url, secrets=secrets, user="verbatim").ask("GET", "/")
    assert fake.requests[0][2]["authorization"] == "ApiKey abc"


@pytest.mark.parametrize(
    ("urls", "changed", "said"),
    [
        ((), {}, "no node is named"),
        (("search-1:9200",), {}, "is no address"),
        (("ftp://search-1",), {}, "is no address"),
        (("http://search-1:99999",), {}, "is no address"),
        (("https://me:secret@search-1",), {}, "holds no password"),
        (("http://search-1:9200",), {"user": "me"}, "a password would travel readable for all"),
        (("https://search-1:9200",), {"ca_file": "/nowhere.pem"}, "No such file"),
        (("https://search-1:9200",), {"ca_file": __file__}, "it holds no certificate"),
    ],
)
def test_settings_that_cannot_be_right_are_refused(urls: tuple[str, ...], changed: Any, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        client(*urls, secrets=ClusterSecrets(password=Secret(PASSWORD)), **changed)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


def tls_of(authority: Authority) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server, authority.key)
    return context


def test_a_certificate_of_the_named_authority_is_trusted(authority: Authority) -> None:
    with served(FakeCluster(), tls=tls_of(authority)) as cluster:
        assert client(cluster.url, ca_file=str(authority.certificate)).version.major == 2


def test_a_certificate_of_another_authority_is_not(authority: Authority, tmp_path: Path) -> None:
    other = Authority.make(tmp_path)
    with (
        served(FakeCluster(), tls=tls_of(authority)) as cluster,
        pytest.raises(UnavailableError, match=r"not one that we trust.*ca_file"),
    ):
        client(cluster.url, ca_file=str(other.certificate)).ask("GET", "/")


def test_a_certificate_for_another_name_is_not(authority: Authority) -> None:
    with served(FakeCluster(), tls=tls_of(authority)) as cluster:
        elsewhere = cluster.url.replace("127.0.0.1", "localhost")
        with pytest.raises(UnavailableError, match="not one that we trust"):
            client(elsewhere, ca_file=str(authority.certificate)).ask("GET", "/")
