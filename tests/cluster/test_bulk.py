"""Bulk: everything arrives, no faster than the cluster takes it, and a refusal is told."""

from collections.abc import Iterator

import pytest

from bot.errors import UnavailableError
from bot.retrieval.cluster import bulk
from bot.retrieval.cluster.bulk import Bulk
from bot.retrieval.cluster.client import Cluster
from bot.retrieval.cluster.documents import Action, SentenceDocument
from bot.retrieval.cluster.faults import MissingIndexError
from tests.cluster.engines import cluster_settings
from tests.cluster.fake import FakeCluster, FakeIndex

BUSY = {"type": "opensearch_rejected_execution_exception", "reason": "rejected execution of primary operation"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(bulk, "LONGEST_PAUSE_SECONDS", 0.002)


def sender(fake: FakeCluster) -> Bulk:
    fake.indices["verbatim-1"] = FakeIndex({})
    fake.aliases["verbatim-1-writing"] = "verbatim-1"
    cluster = Cluster(cluster_settings(fake.url))
    return Bulk(cluster, "verbatim-1", each=lambda: None, writable="verbatim-1-writing")


def actions(count: int, version: int = 1) -> Iterator[Action]:
    for number in range(count):
        yield Action(str(number), version, SentenceDocument("cat", "cat dog", "", 1, number, version))


def test_all_actions_arrive_in_batches(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH_BYTES", 2000)
    assert sender(fake).send(actions(100)) == 100
    assert len(fake.indices["verbatim-1"].documents) == sum(fake.bulk_sizes) == 100
    assert len(fake.bulk_sizes) > 5


def test_what_there_was_no_room_for_is_sent_again_alone(fake: FakeCluster) -> None:
    items = [{"index": {"status": 429, "error": BUSY}}, *({"index": {"status": 201}} for _ in range(9))]
    fake.break_("_bulk", (200, {"errors": True, "items": items}), times=1)
    assert sender(fake).send(actions(10)) == 10
    assert list(fake.indices["verbatim-1"].documents) == ["0"]


def test_a_refused_request_is_sent_again_in_smaller_ones(fake: FakeCluster) -> None:
    fake.break_("_bulk", (429, {"error": BUSY, "status": 429}), times=8)
    assert sender(fake).send(actions(300)) == 300
    assert len(fake.indices["verbatim-1"].documents) == 300


def test_a_request_that_is_too_large_is_cut(fake: FakeCluster) -> None:
    fake.break_("_bulk", (413, ""), times=2)
    assert sender(fake).send(actions(100)) == 100
    assert len(fake.indices["verbatim-1"].documents) == 100
    assert max(fake.bulk_sizes) <= 50


def test_a_cluster_that_never_has_room_is_told_so(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "PATIENCE_SECONDS", 0.05)
    fake.break_("_bulk", (200, {"errors": True, "items": [{"index": {"status": 429, "error": BUSY}}]}))
    with pytest.raises(UnavailableError, match="too busy to take changes"):
        sender(fake).send(actions(1))


def test_a_read_only_index_is_told_at_once(fake: FakeCluster) -> None:
    error = {"type": "cluster_block_exception", "reason": "index [verbatim-1] blocked by: [TOO_MANY_REQUESTS/12]"}
    fake.break_("_bulk", (200, {"errors": True, "items": [{"index": {"status": 429, "error": error}}]}))
    with pytest.raises(UnavailableError, match=r"read-only.*verbatim-1"):
        sender(fake).send(actions(1))
    assert len(fake.requests) == 1


def test_nothing_is_written_where_the_index_was_deleted(fake: FakeCluster) -> None:
    sending = sender(fake)
    fake.indices.clear()
    with pytest.raises(MissingIndexError):
        sending.send(actions(1))
    assert fake.indices == {}


def test_what_came_later_stays_and_deleting_nothing_is_no_failure(fake: FakeCluster) -> None:
    sending = sender(fake)
    sending.send(actions(1, version=5))
    assert sending.send([*actions(1, version=4), Action("nothing", 4, None)]) == 2
    assert fake.indices["verbatim-1"].documents["0"][0] == 5
