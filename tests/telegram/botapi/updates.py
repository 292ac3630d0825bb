"""The queue of updates between Telegram and the bot, and long polling over it."""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .errors import BotApiError
from .schema import JsonObject
from .signals import Signal

# Telegram leaves these out unless the bot asks for them by name.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
TERMINATED_BY_WEBHOOK = "Conflict: terminated by setWebhook request"


@dataclass
class UpdateQueue:
    """Updates in order, each kept until the bot confirms it by a greater offset (or the webhook's 2xx).

    `handed` is the highest id that was handed to a poll so far."""

    first_id: int = 100_000
    handed: int = 0
    allowed: frozenset[str] = frozenset()
    pending: deque[JsonObject] = field(default_factory=deque)
    confirmed: int = 0
    polls: int = 0
    _ids: "itertools.count[int]" = field(init=False)
    _poller: "asyncio.Future[None] | None" = None
    signal: Signal = field(default_factory=Signal)

    def __post_init__(self) -> None:
        self._ids = itertools.count(self.first_id)

    def wants(self, kind: str) -> bool:
        """Whether the bot asked for this kind of update; the default is all but the rare ones."""
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST

    def push(self, kind: str, payload: JsonObject) -> int | None:
        """Queue an update; its id, or None when the bot does not want its kind."""
        if not self.wants(kind):
            return None
        update_id = next(self._ids)
        self.pending.append({"update_id": update_id, kind: payload})
        self._changed()
        return update_id

    def push_raw(self, update: JsonObject) -> int:
        """Queue an update as it is, right or wrong, under the next id unless it has one."""
        update = {"update_id": next(self._ids), **update}
        self.pending.append(update)
        self._changed()
        return int(update["update_id"])

    def confirm(self, offset: int) -> None:
        """Forget the updates before the offset; a negative one counts from the end."""
        if offset < 0:
            keep = len(self.pending) + offset
            offset = self.pending[max(keep, 0)]["update_id"] if self.pending else 0
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()
            self.confirmed += 1
        self._changed(wake_poller=False)

    def drop(self) -> None:
        """Forget all pending updates, unseen."""
        self.pending.clear()
        self._changed(wake_poller=False)

    async def poll(self, *, offset: int | None, limit: int, timeout_seconds: float) -> list[JsonObject]:
        """The pending updates from the offset on, as soon as there are any, none after the time-out.

        Raises:
            BotApiError: 409 when another poll or a webhook takes the place of this one.
        """
        self.terminate_poller(TERMINATED)
        self.polls += 1
        if offset is not None:
            self.confirm(offset)
        self._changed(wake_poller=False)
        deadline = time.monotonic() + timeout_seconds
        while not self.pending and (left := deadline - time.monotonic()) > 0:
            self._poller = poller = asyncio.get_running_loop().create_future()
            try:
                await asyncio.wait_for(poller, left)
            except TimeoutError:
                break
            finally:
                if self._poller is poller:
                    self._poller = None
        handed = list(itertools.islice(self.pending, limit))
        if handed:
            self.handed = max(self.handed, handed[-1]["update_id"])
            self._changed(wake_poller=False)
        return handed

    def terminate_poller(self, description: str) -> None:
        """End the poll that is under way with a 409."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(BotApiError(409, description))
        self._poller = None

    @property
    def polled_now(self) -> bool:
        """Whether a poll is waiting at this moment."""
        return self._poller is not None and not self._poller.done()

    async def until(self, condition: Callable[[], bool], *, timeout_seconds: float) -> None:
        """Return when the condition holds; it is looked at on every change of the queue."""
        await self.signal.until(condition, timeout_seconds=timeout_seconds)

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember the kinds that the bot asks for; None leaves them as they are, an empty list is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    def _changed(self, *, wake_poller: bool = True) -> None:
        if wake_poller and self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        self.signal.changed()
