"""Bulk: many changes to an index in few requests, no faster than the cluster can take them."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from bot.errors import UnavailableError
from bot.retrieval.cluster.client import Cluster
from bot.retrieval.cluster.documents import Action
from bot.retrieval.cluster.faults import MISSING, is_busy, refused

BATCH_BYTES = 2_000_000
"""Of one request: larger ones gain nothing and take longer to be repeated."""
TOO_LARGE = 413
LEAST_ACTIONS = 50
"""A cluster that cannot take so many at once is left to wait instead of sent fewer."""
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
PATIENCE_SECONDS = 300.0
"""So long a cluster may refuse one batch for having too much to do."""
TIMEOUT_SECONDS = 120.0
"""Of one request: a merge or a slow disk may hold it up for long without being wrong."""
PASSING = (502, 503, 504)
THERE_ALREADY = (404, 409)
"""The status of a deletion of what is not there, and of a change when a later one came first."""


class Failure(NamedTuple):
    """An action that was not carried out: its place in the request, and why."""

    place: int
    status: int
    kind: str
    reason: str


class Bulk:
    """Sends actions to one index. Not for several threads."""

    def __init__(self, cluster: Cluster, index: str, *, each: Callable[[], None], writable: str) -> None:
        """`each` runs before every request and may raise; `writable` is the alias to write through, without which
        OpenSearch would make an index of its own fashion where ours was deleted."""
        self._cluster = cluster
        self._index = index
        self._each = each
        self._path = f"/{writable}/_bulk"
        self._most = 5_000

    def send(self, actions: Iterable[Action]) -> int:
        """How many actions were carried out: all. Raises UnavailableError when the cluster will not take them."""
        done = 0
        batch: list[bytes] = []
        size = 0
        for action in actions:
            lines = action.lines()
            batch.append(lines)
            size += len(lines)
            if size >= BATCH_BYTES or len(batch) >= self._most:
                done += self._deliver(batch)
                batch, size = [], 0
        return done + (self._deliver(batch) if batch else 0)

    def _deliver(self, batch: Sequence[bytes]) -> int:
        """How many actions there were; those that the cluster had no room for are sent again, fewer at a time."""
        left = list(batch)
        pause, since = FIRST_PAUSE_SECONDS, time.monotonic()
        while left:
            refused_now: list[bytes] = []
            for some in _parts(left, self._most):
                self._each()
                refused_now += self._post(some)
            if len(refused_now) < len(left):
                since = time.monotonic()
            left = refused_now
            if not left:
                break
            if time.monotonic() - since > PATIENCE_SECONDS:
                raise UnavailableError(
                    f"{self._cluster.nodes}: index {self._index} has been too busy to take changes for "
                    f"{PATIENCE_SECONDS:.0f} seconds; give the cluster more nodes; what is new waits in the library"
                )
            self._most = max(LEAST_ACTIONS, self._most // 2)
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - processes must not come back all at once
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        return len(batch)

    def _post(self, some: Sequence[bytes]) -> list[bytes]:
        """Those of the actions that the cluster had no room for."""
        try:
            answer = self._cluster.ask(
                "POST",
                self._path,
                b"".join(some),
                parameters={"require_alias": "true", "filter_path": "errors,items.*.status,items.*.error"},
                timeout_seconds=TIMEOUT_SECONDS,
            )
        except UnavailableError as error:
            cause = error.__cause__
            status, kind = getattr(cause, "status_code", None), str(getattr(cause, "error", ""))
            if is_busy(status, kind):
                return list(some)
            if status == TOO_LARGE and len(some) > 1:
                self._most = max(1, len(some) // 2)
                return list(some)
            raise
        if not answer.get("errors"):
            return []
        failures = list(_failures(answer))
        for failure in failures:
            if failure.status not in PASSING and not is_busy(failure.status, failure.kind):
                raise self._refused(failure)
        return [some[failure.place] for failure in failures]

    def _refused(self, failure: Failure) -> UnavailableError:
        nodes = self._cluster.nodes
        return refused(failure.status, failure.kind, failure.reason, nodes) or UnavailableError(
            f"{nodes}: index {self._index} refused a change ({failure.kind}: {failure.reason[:200]}); look at its log"
        )


def _failures(answer: Any) -> Iterator[Failure]:
    for place, item in enumerate(answer["items"]):
        (result,) = item.values()
        error = result.get("error")
        if error and (result["status"] not in THERE_ALREADY or error.get("type") == MISSING):
            yield Failure(place, result["status"], str(error.get("type")), str(error.get("reason")))


def _parts(actions: Sequence[bytes], most: int) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(actions), most):
        yield actions[start : start + most]
