"""A real node: its own refusals and states read as they are meant, and what it stores is what we meant."""

import json
import os
import urllib.request
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from bot.articles.library import Library
from bot.errors import UnavailableError
from bot.retrieval.cluster.client import LEAST_MAJOR
from bot.retrieval.cluster.engine import ClusterEngine
from bot.retrieval.cluster.searching import MOST_TERMS
from tests.cluster.engines import article, cluster_engine, memory_engine
from tests.retrieval.conformance.engines import CLUSTER_URLS

URL = os.environ.get(CLUSTER_URLS, "").split(",")[0]
pytestmark = pytest.mark.skipif(not URL, reason=f"no OpenSearch node: {CLUSTER_URLS} is not set")


def node(method: str, path: str, body: object = None) -> Any:
    """What the node answers to a request of the test's own."""
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(URL + path, data=data, method=method, headers={"content-type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


@pytest.fixture
def name() -> Iterator[str]:
    """A name of an index of the test's own; it is gone afterwards."""
    name = f"test-{uuid4().hex[:12]}"
    yield name
    for index in node("GET", f"/{name}*/_settings"):
        node("DELETE", f"/{index}")


@pytest.fixture
def searching(library: Library, name: str) -> Iterator[ClusterEngine]:
    """An engine over a library of one article, caught up."""
    library.put(article("a", "The cat sat. The dog sat.\nIt rained.", title="Cats"))
    engine = cluster_engine(library, URL, index=name, timeout_seconds=30, shards=2)
    engine.catch_up()
    yield engine
    engine.close()


def settings_of(name: str) -> Any:
    (found,) = node("GET", f"/{name}/_settings").values()
    return found["settings"]["index"]


def test_an_index_answers_with_its_settings(searching: ClusterEngine, name: str) -> None:
    found = settings_of(name)
    assert (found["number_of_shards"], found["refresh_interval"]) == ("2", "1s")
    assert (found["similarity"]["sentence"]["k1"], found["similarity"]["context"]["b"]) == ("0.6", "0.75")
    standing = searching.standing()
    assert int(standing.version.split(".")[0]) >= LEAST_MAJOR
    assert (standing.health, standing.behind) == ("green", 0)


def test_a_read_only_index_answers_and_says_what_it_is(searching: ClusterEngine, library: Library, name: str) -> None:
    node("PUT", f"/{name}/_settings", {"index.blocks.read_only_allow_delete": True})
    library.put(article("b", "The cat ran."))
    with pytest.raises(UnavailableError, match="read-only, as OpenSearch makes it when a disk is full"):
        searching.catch_up()
    searching.refresh()
    assert len(searching.search(["cat"], limit=9)) == 2
    with pytest.raises(UnavailableError, match="read-only"):
        searching.vouch()
    node("PUT", f"/{name}/_settings", {"index.blocks.read_only_allow_delete": None})
    searching.refresh()
    searching.vouch()
    assert len(searching.search(["cat"], limit=9)) == 3


def test_an_index_without_a_node_for_a_part_is_an_outage(searching: ClusterEngine, library: Library, name: str) -> None:
    _lead_nowhere(name)
    with pytest.raises(UnavailableError, match="a part of the index has no node"):
        searching.search(["cat"], limit=9)
    with pytest.raises(UnavailableError):
        searching.together(["cat"], ["dog"])
    library.put(article("b", "The cat ran."))
    with pytest.raises(UnavailableError):
        _asked(searching)
    try:
        health = searching.standing().health
    except UnavailableError:
        health = "red"
    assert health == "red"


def _lead_nowhere(name: str) -> None:
    """Let a name lead to an index like its own whose parts no node may hold: parts that lie on a node start again."""
    ((index, made),) = node("GET", f"/{name}").items()
    kept = {key: made["settings"]["index"][key] for key in ("number_of_shards", "similarity")}
    body = {"mappings": made["mappings"], "settings": {**kept, "routing.allocation.require._name": "nowhere"}}
    node("PUT", f"/{name}-nowhere?wait_for_active_shards=0", body)
    moved = [{"remove_index": {"index": index}}]
    moved += [{"add": {"index": f"{name}-nowhere", "alias": alias}} for alias in (name, f"{name}-nowhere-writing")]
    node("POST", "/_aliases", {"actions": moved})


def _asked(searching: ClusterEngine) -> None:
    """Ask as a question does: one of both finds out, by which part of the index is away."""
    searching.refresh()
    searching.search(["cat"], limit=9)


def test_a_closed_index_is_an_outage(searching: ClusterEngine, name: str) -> None:
    node("POST", f"/{name}/_close")
    with pytest.raises(UnavailableError):
        searching.search(["cat"], limit=9)


def test_a_deleted_index_is_made_again_and_no_other_in_its_place(
    searching: ClusterEngine, library: Library, name: str
) -> None:
    (index,) = node("GET", f"/{name}/_alias")
    node("DELETE", f"/{index}")
    library.put(article("b", "The cat ran."))
    searching.refresh()
    assert len(searching.search(["cat"], limit=9)) == 3
    assert len(node("GET", f"/{name}*/_settings")) == 1


def test_as_many_terms_as_are_asked_for_are_taken(searching: ClusterEngine, library: Library) -> None:
    words = [f"word{number}" for number in range(MOST_TERMS + 50)]
    library.put(article("b", " ".join(words)))
    searching.refresh()
    assert searching.search(words, limit=9) == memory_engine(library).search(words, limit=9)


def test_as_many_articles_as_one_likes_can_be_let_through(searching: ClusterEngine) -> None:
    every_other = range(1, 400_000, 2)
    assert len(searching.search(["cat"], limit=9, within=every_other)) == 2
    assert searching.search(["cat"], limit=9, within=range(2, 400_000, 2)) == []
