"""Polling: updates are taken from Telegram and confirmed only when the journal has them."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.errors import LibraryError, UnavailableError
from bot.errors import TelegramError as RefusedError
from bot.telegram.metrics import Metrics
from bot.telegram.request import AiohttpRequest, FloodError

UPDATE_KINDS = (
    "message", "edited_message", "callback_query", "inline_query", "chosen_inline_result", "my_chat_member",
)  # fmt: skip
MOST_UPDATES = 100
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
GRACE_SECONDS = 5.0
"""A poll that has not ended so long after Telegram should have ended it hangs."""
UNWRITTEN = 5
"""A journal that cannot be written is tried again after as long as after so many failures: the disk may be full."""
CONFLICTS = 7
CONFLICT_SECONDS = 120.0
"""So many conflicts in so long are neither our own last poll nor a process that gives way to this one, as when a newer
version takes an older one's place, but one that stays."""

Receive = Callable[[list[Mapping[str, Any]]], Awaitable[None]]

_log = logging.getLogger(__name__)


class Polling:
    """The loop that asks for updates; `receive` returns when they are safe."""

    def __init__(
        self, request: AiohttpRequest, base_url: str, receive: Receive, metrics: Metrics, *, wait_seconds: float
    ) -> None:
        self._request = request
        self._url = f"{base_url}/getUpdates"
        self._receive = receive
        self._metrics = metrics
        self._wait_seconds = wait_seconds
        self._offset: int | None = None
        self._conflicts: deque[float] = deque(maxlen=CONFLICTS)

    async def run(self) -> None:
        """Poll until cancelled. Raises RefusedError when Telegram refuses this bot, or another process polls."""
        failures = 0
        while True:
            try:
                updates = await self._poll()
            except InvalidToken as error:
                raise RefusedError(REFUSED) from error
            except Conflict as error:
                self._conflict(error)
                failures += 1
            except (TelegramError, TimeoutError) as error:
                failures += 1
                self._metrics.poll_failures.labels(_cause(error)).inc()
                _log.warning("poll failed: cause=%s failures=%d", _cause(error), failures)
                if isinstance(error, FloodError):
                    await asyncio.sleep(error.wait_seconds)
            else:
                failures = 0
                self._metrics.last_poll.set(time.time())
                if updates and not await self._taken(updates):
                    failures = UNWRITTEN
            if failures:
                await asyncio.sleep(min(FIRST_PAUSE_SECONDS * 2 ** min(failures - 1, 8), LONGEST_PAUSE_SECONDS))

    async def _taken(self, updates: list[Mapping[str, Any]]) -> bool:
        """Whether the journal has the updates now; until it can be written, they stay with Telegram."""
        try:
            await self._receive(updates)
        except LibraryError as error:
            self._metrics.poll_failures.labels(_cause(error)).inc()
            _log.error("journal cannot be written: cause=%s", _cause(error))
            return False
        self._offset = updates[-1]["update_id"] + 1
        return True

    async def confirm(self) -> None:
        """Tell Telegram what was received last, so that it is not delivered again after a restart."""
        if self._offset is not None:
            try:
                await asyncio.wait_for(self._call(timeout=0, limit=1), GRACE_SECONDS)
            except (TelegramError, TimeoutError) as error:  # the journal knows them, should they come again
                _log.info("last confirmation failed: cause=%s", _cause(error))

    async def _poll(self) -> list[Mapping[str, Any]]:
        """The next updates, those that have an id, in its order; TimeoutError for a poll that hangs."""
        found = await asyncio.wait_for(
            self._call(timeout=int(self._wait_seconds), limit=MOST_UPDATES), self._wait_seconds + GRACE_SECONDS
        )
        updates = [one for one in found if isinstance(one, dict) and isinstance(one.get("update_id"), int)]
        return sorted(updates, key=lambda one: int(one["update_id"]))

    async def _call(self, *, timeout: int, limit: int) -> list[Any]:  # noqa: ASYNC109 - Telegram's name for it
        allowed = msgspec.json.encode(UPDATE_KINDS).decode()
        query = {"timeout": timeout, "limit": limit, "allowed_updates": allowed}
        if self._offset is not None:
            query["offset"] = self._offset
        found = await self._request.post(f"{self._url}?{urlencode(query)}", read_timeout=timeout + GRACE_SECONDS)
        return found if isinstance(found, list) else []

    def _conflict(self, error: Conflict) -> None:
        now = time.monotonic()
        self._conflicts.append(now)
        self._metrics.poll_failures.labels("Conflict").inc()
        if len(self._conflicts) == CONFLICTS and now - self._conflicts[0] < CONFLICT_SECONDS:
            raise RefusedError(
                "Telegram says that another process takes this bot's updates (409 Conflict): stop the other one, or "
                "give this one a token of its own"
            ) from error
        _log.warning("another process takes this bot's updates; asking again")


REFUSED = (
    "Telegram refuses the token (401 Unauthorized): get a valid one from @BotFather and put it into "
    "VERBATIM_TELEGRAM_TOKEN"
)


def unreachable(error: BaseException) -> UnavailableError:
    """What to tell an owner whose machine does not reach Telegram."""
    return UnavailableError(
        f"Telegram cannot be reached ({_cause(error)}): check the network, or telegram.api_url in the settings"
    )


def _cause(error: BaseException) -> str:
    return type(error).__name__
