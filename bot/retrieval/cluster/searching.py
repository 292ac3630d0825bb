"""Searching: the requests that find sentences, and what stands together in them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bot.retrieval.cluster.client import Cluster, unavailable_part
from bot.retrieval.cluster.faults import fault_of_part
from bot.retrieval.cluster.mapping import Boosts
from bot.retrieval.company import Company

SPARE = 1.2
"""So many times the hits wanted are asked for: a length is one byte in the index, and its counts are of sentences. Of
SQuAD's training questions over all its articles none of 450 is answered otherwise than by 1.5, and 6 % by 1."""
LEAST_HITS = 120
MOST_HITS = 10_000
"""OpenSearch gives no more at once."""
MOST_TERMS = 400
"""Terms of a question that are looked for, the rarest first; OpenSearch takes 1,024 clauses, and we ask two fields."""
LEAST_RUN = 4
"""So many numbers in a row are shorter as a range."""
MOST_RANGES = 500
MOST_NUMBERS = 60_000
"""In one clause: OpenSearch takes 65,536."""
SEARCHES_AT_ONCE = 64
"""In one request of many small searches."""

WHOLE = b'{"allow_partial_search_results":false}\n'
"""The line before each of many searches: an answer without some part of the index is an error."""

_encode = msgspec.json.Encoder().encode
_HITS = "hits.hits._score,hits.hits.fields,hits.hits.matched_queries,_shards.failed,timed_out,error,status"


class Searches:
    """Asks the index that a name stands for."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index

    def passages(
        self, terms: Sequence[str], *, limit: int, boosts: Boosts, within: Collection[int] | None
    ) -> list[int]:
        """The numbers of the passages of the best sentences, each once: of more than `limit`, since the index's scores
        are a little off, and of all that tie with the last of those.

        Raises UnavailableError when any part of the index does not answer: what is in it would seem not to be said.
        """
        text = " ".join(terms)
        query = {
            "bool": {
                "should": [
                    {"match": {"sentence": {"query": text, "boost": boosts.sentence}}},
                    {"match": {"context": {"query": text, "boost": boosts.context}}},
                ],
                "minimum_should_match": 1,
                **({} if within is None else {"filter": [within_clause(within)]}),
            }
        }
        size = min(max(int(SPARE * limit), LEAST_HITS), MOST_HITS)
        while True:
            hits = self._hits(query, size)
            tied = len(hits) == size > limit and hits[-1]["_score"] >= hits[limit - 1]["_score"]
            if not tied or size == MOST_HITS:
                return list(dict.fromkeys(hit["fields"]["passage"][0] for hit in hits))
            size = min(4 * size, MOST_HITS)

    def together(self, terms: Sequence[str], company: Company) -> list[float]:
        """How far the company stands with each term, as `Engine.together` has it. Raises as `passages`."""
        in_sentence, in_passage = company.sentence_weights, company.weights
        fields = (("sentence", in_sentence), ("context", in_passage))
        asked = [_beside(term, field, weights) for term in terms for field, weights in fields]
        found: list[frozenset[str]] = []
        for start in range(0, len(asked), SEARCHES_AT_ONCE):
            found += self._together(asked[start : start + SEARCHES_AT_ONCE])
        return [
            # Added up here, in order: the index adds in numbers of seven digits.
            company.share(
                sum(weight for other, weight in in_sentence.items() if other in sentence),
                sum(weight for other, weight in in_passage.items() if other in passage),
            )
            for sentence, passage in zip(found[::2], found[1::2], strict=True)
        ]

    def _hits(self, query: dict[str, Any], size: int) -> Sequence[Any]:
        answer = self._cluster.ask(
            "POST",
            f"/{self._index}/_search",
            _search(query, size, fields=["passage"]),
            parameters={
                "search_type": "dfs_query_then_fetch",
                "allow_partial_search_results": "false",
                "cancel_after_time_interval": f"{self._cluster.timeout_seconds}s",
                "filter_path": _HITS,
            },
        )
        self._check(answer)
        return _hits(answer)

    def _together(self, searches: Sequence[bytes]) -> Iterator[frozenset[str]]:
        answer = self._cluster.ask(
            "POST",
            f"/{self._index}/_msearch",
            b"".join(WHOLE + search + b"\n" for search in searches),
            parameters={"filter_path": ",".join(f"responses.{path}" for path in _HITS.split(","))},
        )
        for one in answer["responses"]:
            self._check(one)
            yield frozenset(name for hit in _hits(one) for name in hit.get("matched_queries", ()))

    def _check(self, answer: Any) -> None:
        if "error" in answer:
            raise fault_of_part(answer, self._cluster.nodes)
        failed = answer.get("_shards", {}).get("failed", 0)
        if failed or answer.get("timed_out"):
            raise unavailable_part(self._cluster.nodes, failed)


def within_clause(articles: Iterable[int]) -> dict[str, Any]:
    """What lets only these articles (by number) through; runs of numbers are ranges, so that it stays short."""
    ranges: list[tuple[int, int]] = []
    single: list[int] = []
    for first, last in sorted(_runs(sorted(articles)), key=lambda run: run[0] - run[1]):
        if last - first + 1 >= LEAST_RUN and len(ranges) < MOST_RANGES:
            ranges.append((first, last))
        else:
            single += range(first, last + 1)
    clauses: list[dict[str, Any]] = [{"range": {"article": {"gte": first, "lte": last}}} for first, last in ranges]
    parts = (single[start : start + MOST_NUMBERS] for start in range(0, len(single), MOST_NUMBERS))
    clauses += [{"terms": {"article": part}} for part in parts]
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses, "minimum_should_match": 1}}


def _runs(ordered: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of numbers that follow each other."""
    start = 0
    for place in range(1, len(ordered) + 1):
        if place == len(ordered) or ordered[place] != ordered[place - 1] + 1:
            yield ordered[start], ordered[place - 1]
            start = place


def _beside(term: str, field: str, weights: Mapping[str, float]) -> bytes:
    """The search for the unit with `term` in which most of the weighted others stand; they are told by their names."""
    should = [
        {"constant_score": {"filter": {"term": {field: other}}, "boost": weight, "_name": other}}
        for other, weight in weights.items()
    ]
    query = {"bool": {"filter": [{"term": {field: term}}], "should": should}}
    return _search(query, 1, fields=[])


def _search(query: dict[str, Any], size: int, *, fields: Sequence[str]) -> bytes:
    return _encode(
        {
            "query": query,
            "size": size,
            "track_total_hits": False,
            "stored_fields": "_none_",
            "docvalue_fields": list(fields),
        }
    )


def _hits(answer: Any) -> Sequence[Any]:
    hits: Sequence[Any] = answer.get("hits", {}).get("hits", ())
    return hits
