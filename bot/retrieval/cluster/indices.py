"""The indices behind a name: the one that answers, and the one that is being filled to take its place."""

import secrets
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.errors import UnavailableError
from bot.retrieval.cluster import mapping
from bot.retrieval.cluster.client import Cluster
from bot.retrieval.cluster.documents import applied_document
from bot.retrieval.cluster.faults import TRY_AGAIN, MissingIndexError
from bot.retrieval.cluster.mapping import APPLIED, Origin
from bot.settings import ClusterSettings, SearchSettings

LONG_SECONDS = 120.0
"""A cluster of many shards takes its time to make an index or to show what is new."""


class Index(NamedTuple):
    """An index: its own name, which library it was made from, and up to which of its changes it is."""

    name: str
    origin: Origin
    applied: int

    @property
    def writable(self) -> str:
        """The alias that it is written through."""
        return f"{self.name}-writing"


class Indices:
    """Makes, finds and replaces the index that the settings name: that name is an alias of the one that answers."""

    def __init__(self, cluster: Cluster, settings: ClusterSettings, search: SearchSettings) -> None:
        self._cluster = cluster
        self._settings = settings
        self._search = search
        self.name = settings.index

    def current(self, library: str) -> Index | None:
        """The index that answers for a library; None when there is none yet.

        Raises UnavailableError when the name belongs to another library, to a newer version, or to no index of ours.
        """
        found = self._cluster.found(f"/{self.name}/_mapping")
        if not found:
            return None
        if len(found) > 1 or self.name in found:
            raise self._foreign(f"is not an alias of one index of ours but {', '.join(sorted(found))}")
        ((name, described),) = found.items()
        origin = mapping.origin_of(described)
        if origin is None:
            raise self._foreign(f"leads to {name}, which another program made")
        if origin.library != library:
            raise self._foreign(f"leads to {name}, which was made from another library")
        if origin.version > mapping.VERSION:
            raise UnavailableError(
                f"{self._cluster.nodes}: index {name} was made by a newer version of Verbatim (its layout is "
                f"{origin.version}, this one knows {mapping.VERSION}); update: pip install --upgrade verbatim-bot"
            )
        return self._with_applied(name, origin)

    def again(self, index: Index) -> Index:
        """The same index with the change that it is up to by now. Raises MissingIndexError when it is gone."""
        answer = self._cluster.found(f"/{index.name}/_doc/{APPLIED}", parameters={"_source": APPLIED})
        if answer is None:
            raise MissingIndexError(f"{self._cluster.nodes}: index {index.name} is gone; {TRY_AGAIN}")
        return index._replace(applied=int(answer["_source"][APPLIED]))

    def unfinished(self, library: str, answering: str | None) -> Index | None:
        """The newest index of this library that is being filled or was left half filled; others of its are deleted."""
        found = self._cluster.found(f"/{self.name}-2*/_mapping") or {}
        ours = [(name, mapping.origin_of(described)) for name, described in sorted(found.items()) if name != answering]
        mine = [(name, origin) for name, origin in ours if origin is not None and origin.library == library]
        kept: Index | None = None
        for name, origin in reversed(mine):
            if kept is None and origin.version == mapping.VERSION:
                kept = self._with_applied(name, origin)
            else:
                self.delete(name)
        return kept

    def create(self, library: str, start: int) -> Index:
        """A new index, still empty and without the name."""
        name = f"{self.name}-{datetime.now(UTC):%Y%m%dt%H%M%S}-{secrets.token_hex(2)}"
        origin = Origin(library, start)
        index = Index(name, origin, 0)
        body = mapping.body(self._search, self._settings, origin) | {"aliases": {index.writable: {}}}
        self._long("PUT", f"/{name}", body)
        self.set_applied(index, 0)
        return index

    def set_applied(self, index: Index, change: int) -> Index:
        """The index, of which it is kept now that it is up to a change; a later one that is kept already stays."""
        path = f"/{index.writable}/_doc/{APPLIED}"
        options = {"version": str(change), "version_type": "external_gte", "require_alias": "true"}
        if not self._cluster.put_unless_later(path, applied_document(change), options):
            return self.again(index)
        return index._replace(applied=change)

    def show(self, index: Index) -> None:
        """Make all that was written be found, on every node."""
        self._long("POST", f"/{index.name}/_refresh")

    def publish(self, index: Index, old: Index | None) -> None:
        """Let an index answer in the place of the old one, from one moment to the next; the old one is deleted."""
        self._long("PUT", f"/{index.name}/_settings", mapping.serving(self._settings))
        self.show(index)
        health = {"wait_for_status": "yellow", "timeout": "60s"}
        self._long("GET", f"/_cluster/health/{index.name}", parameters=health)
        actions: list[dict[str, Any]] = [{"add": {"index": index.name, "alias": self.name}}]
        if old is not None:
            actions.append({"remove_index": {"index": old.name}})
        self._long("POST", "/_aliases", {"actions": actions})

    def delete(self, name: str) -> None:
        """Delete an index of ours that does not answer."""
        self._long("DELETE", f"/{name}", parameters={"ignore_unavailable": "true"})

    def stale(self, index: Index, articles: list[int], change: int, *, most: int) -> list[str]:
        """The ids of at most so many sentences of these articles that come from before a change, as far as shown."""
        query = {"bool": {"filter": [{"terms": {"article": articles}}, {"range": {"change": {"lt": change}}}]}}
        answer = self._long(
            "POST",
            f"/{index.name}/_search",
            {"query": query, "size": most, "sort": ["_doc"], "_source": False, "track_total_hits": False},
            parameters={"allow_partial_search_results": "false", "filter_path": "hits.hits._id"},
        )
        return [hit["_id"] for hit in answer.get("hits", {}).get("hits", ())]

    def _with_applied(self, name: str, origin: Origin) -> Index:
        answer = self._cluster.found(f"/{name}/_doc/{APPLIED}", parameters={"_source": APPLIED})
        applied = int(answer["_source"][APPLIED]) if answer else 0
        return Index(name, origin, applied)

    def _long(self, method: str, path: str, body: object = None, parameters: dict[str, str] | None = None) -> Any:
        return self._cluster.ask(method, path, body, parameters=parameters, timeout_seconds=LONG_SECONDS)

    def _foreign(self, what: str) -> UnavailableError:
        return UnavailableError(
            f"{self._cluster.nodes}: {self.name} {what}; give this library a name of its own in [cluster] index, or "
            "delete what stands there"
        )
