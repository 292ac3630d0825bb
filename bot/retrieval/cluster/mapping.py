"""The mapping: what a sentence is in the cluster's index, and what its scores must be weighed with."""

from typing import Any, NamedTuple

from bot.settings import ClusterSettings, SearchSettings

VERSION = 1
"""Raised when indices made before cannot serve any more; an index of a lower version is built again."""
META = "verbatim"
APPLIED = "applied"
"""The document that keeps up to which change of the library its index is, and the name of its field."""
TITLE_K1, TITLE_B = 1.2, 0.75
TOMBSTONES = "15m"
"""So long the index remembers what was deleted: a process that lost its turn cannot bring it back meanwhile."""


class Origin(NamedTuple):
    """Which library an index was made from, and the library's last change when that began."""

    library: str
    start: int
    version: int = VERSION


def body(search: SearchSettings, cluster: ClusterSettings, origin: Origin) -> dict[str, Any]:
    """What makes an index that is still to be filled: no replicas and no refreshing yet."""
    return {
        "settings": {
            "index": {
                "number_of_shards": cluster.shards,
                "number_of_replicas": 0,
                "refresh_interval": "-1",
                "gc_deletes": TOMBSTONES,
                "similarity": {
                    "sentence": {"type": "BM25", "k1": search.sentence_k1, "b": search.sentence_b},
                    "context": {"type": "BM25", "k1": search.passage_k1, "b": search.passage_b},
                    "title": {"type": "BM25", "k1": TITLE_K1, "b": TITLE_B},
                },
            }
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {META: origin._asdict()},
            "_source": {"includes": [APPLIED]},
            "properties": {
                **{name: _terms(name) for name in ("sentence", "context", "title")},
                "article": {"type": "long"},
                "passage": {"type": "long", "index": False},
                "change": {"type": "long"},
                APPLIED: {"type": "long", "index": False, "doc_values": False},
            },
        },
    }


def serving(cluster: ClusterSettings) -> dict[str, Any]:
    """The settings of an index that answers: up to so many copies of it, as far as there are nodes for them."""
    copies = {"auto_expand_replicas": f"0-{cluster.replicas}"} if cluster.replicas else {"number_of_replicas": 0}
    return {"index": {"refresh_interval": "1s", **copies}}


def origin_of(mapping: Any) -> Origin | None:
    """Which library an index with this mapping was made from; None when it is none of ours."""
    try:
        meta = mapping["mappings"]["_meta"][META]
        return Origin(str(meta["library"]), int(meta["start"]), int(meta["version"]))
    except (TypeError, KeyError, ValueError):
        return None


class Boosts(NamedTuple):
    """What the scores of a sentence and of its context are multiplied with, so that they add up as S + w P."""

    sentence: float
    context: float


def boosts(search: SearchSettings, major: int) -> Boosts:
    """The boosts for a version of OpenSearch: up to 2 it multiplies BM25 by k1 + 1, as the formula stands; from 3 on
    it leaves that out, so that sums of fields with different k1 come out differently unless it is put back."""
    if major < 3:
        return Boosts(1.0, search.passage_weight)
    return Boosts(search.sentence_k1 + 1, search.passage_weight * (search.passage_k1 + 1))


def _terms(similarity: str) -> dict[str, Any]:
    """A field of terms that we analysed ourselves, with a blank between them."""
    return {"type": "text", "analyzer": "whitespace", "similarity": similarity, "index_options": "freqs"}
