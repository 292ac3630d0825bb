"""Searching: what is let through, and that a part that does not answer is never taken for an answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnavailableError
from bot.retrieval.cluster import searching
from bot.retrieval.cluster.client import Cluster
from bot.retrieval.cluster.mapping import Boosts, boosts
from bot.retrieval.cluster.searching import Searches, within_clause
from bot.retrieval.company import Company
from bot.retrieval.engine import Statistics, TermCount
from tests.cluster.engines import SETTINGS, cluster_settings
from tests.cluster.fake import FakeCluster


def lets_through(clause: dict[str, Any], article: int) -> bool:
    if "bool" in clause:
        return any(lets_through(one, article) for one in clause["bool"]["should"])
    if "range" in clause:
        bounds = clause["range"]["article"]
        return bool(bounds["gte"] <= article <= bounds["lte"])
    return article in clause["terms"]["article"]


@given(st.sets(st.integers(1, 60), min_size=1))
def test_exactly_the_articles_within_are_let_through(articles: set[int]) -> None:
    clause = within_clause(articles)
    assert {article for article in range(62) if lets_through(clause, article)} == articles


def test_many_articles_stay_within_what_opensearch_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_RANGES", 2)
    monkeypatch.setattr(searching, "MOST_NUMBERS", 3)
    articles = [1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 30, 40]
    clause = within_clause(articles)
    assert {article for article in range(50) if lets_through(clause, article)} == set(articles)
    assert [len(one["terms"]["article"]) for one in clause["bool"]["should"] if "terms" in one] == [3, 3]


def test_a_run_of_articles_is_one_range() -> None:
    assert within_clause(range(5, 1_000_001)) == {"range": {"article": {"gte": 5, "lte": 1_000_000}}}


def test_what_version_3_leaves_out_of_a_score_is_put_back() -> None:
    search = SETTINGS.search
    old, new = boosts(search, 2), boosts(search, 3)
    assert new.sentence / old.sentence == pytest.approx(search.sentence_k1 + 1)
    assert new.context / old.context == pytest.approx(search.passage_k1 + 1)


@pytest.mark.parametrize(
    "answer",
    [
        {"_shards": {"failed": 1}, "timed_out": False, "hits": {"hits": []}},
        {"_shards": {"failed": 0}, "timed_out": True, "hits": {"hits": []}},
    ],
)
def test_half_an_answer_is_no_answer(fake: FakeCluster, answer: Any) -> None:
    searches = Searches(Cluster(cluster_settings(fake.url)), "verbatim")
    fake.break_("_search", (200, answer))
    with pytest.raises(UnavailableError, match="did not answer"):
        searches.passages(["cat"], limit=1, boosts=Boosts(1, 1), within=None)
    fake.heal()
    fake.break_("_msearch", (200, {"responses": [answer, answer]}))
    with pytest.raises(UnavailableError, match="did not answer"):
        searches.together(["cat"], Company(["dog"], [TermCount(1, 1)], Statistics(1, 1, 1, 1)))


def test_one_failed_search_of_several_is_an_error(fake: FakeCluster) -> None:
    searches = Searches(Cluster(cluster_settings(fake.url)), "verbatim")
    error = {"error": {"type": "search_phase_execution_exception", "reason": "all shards failed"}, "status": 503}
    fake.break_("_msearch", (200, {"responses": [error, error]}))
    with pytest.raises(UnavailableError, match="a search failed"):
        searches.together(["cat"], Company(["dog"], [TermCount(1, 1)], Statistics(1, 1, 1, 1)))
