"""Delivery of updates to the bot's webhook, with retries."""

import asyncio
import ssl
import time
from dataclasses import dataclass, field

import aiohttp

from .account import BotAccount
from .polling import Webhook
from .schema import JsonObject

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def conversation_of(update: JsonObject) -> int:
    """What an update belongs to: updates of one chat (or one user's queries) are delivered one after the other."""
    payload: object = next((value for key, value in update.items() if key != "update_id"), {})
    if not isinstance(payload, dict):
        return 0
    message = payload.get("message")
    places = (payload, message if isinstance(message, dict) else {})
    owners = [place.get("chat") for place in places] + [payload.get("from")]
    return next((owner["id"] for owner in owners if isinstance(owner, dict) and isinstance(owner.get("id"), int)), 0)


@dataclass
class WebhookDelivery:
    """Posts pending updates to the webhook: chats in parallel, each chat in order, again until the bot says 2xx.

    Telegram waits longer between tries than these seconds; the order and the number of tries are its own."""

    account: BotAccount
    first_retry_seconds: float = 0.05
    last_retry_seconds: float = 2.0
    timeout_seconds: float = 60.0
    delivered: int = 0
    failed: int = 0
    _busy: set[int] = field(default_factory=set)
    # The conversations of the pending updates, by the updates' identity: a flood is looked through at every delivery.
    _owners: dict[int, int] = field(default_factory=dict)
    _session: aiohttp.ClientSession | None = None
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def run(self) -> None:
        """Deliver for ever; cancel the task to stop."""
        try:
            while True:
                await self.account.queue.until(lambda: bool(self._due()), timeout_seconds=3600 * 24)
                for update in self._due():
                    self._busy.add(conversation_of(update))
                    task = asyncio.create_task(self._deliver(update))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            if self._session is not None:
                await self._session.close()

    @property
    def _webhook(self) -> Webhook | None:
        webhook = self.account.settings.get(("webhook",))
        return webhook if isinstance(webhook, Webhook) else None

    def _due(self) -> list[JsonObject]:
        """The first pending update of every chat that has none on its way."""
        if self._webhook is None:
            return []
        free = self._webhook.max_connections - len(self._busy)
        first: dict[int, JsonObject] = {}
        for update in self.account.queue.pending if free > 0 else ():
            key = self._owners.get(id(update))
            if key is None:
                key = self._owners[id(update)] = conversation_of(update)
            if key not in self._busy:
                first.setdefault(key, update)
            if len(first) >= free:
                break
        return list(first.values())

    async def _deliver(self, update: JsonObject) -> None:
        wait = self.first_retry_seconds
        try:
            while (webhook := self._webhook) is not None and update in self.account.queue.pending:
                error = await self._post(webhook, update)
                if error is None:
                    self.delivered += 1
                    if update in self.account.queue.pending:
                        self.account.queue.pending.remove(update)
                        self.account.queue.confirmed += 1
                    return
                self.failed += 1
                self.account.settings["webhook error",] = (int(time.time()), error)
                self.account.queue.signal.changed()
                await asyncio.sleep(wait)
                wait = min(wait * 2, self.last_retry_seconds)
        finally:
            self._busy.discard(conversation_of(update))
            self._owners.pop(id(update), None)
            self.account.queue.signal.changed()

    async def _post(self, webhook: Webhook, update: JsonObject) -> str | None:
        """What went wrong, in Telegram's words; None when the bot took the update."""
        headers = {SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
        context: ssl.SSLContext | bool = True
        if webhook.certificate:
            context = ssl.create_default_context(cadata=webhook.certificate.decode())
        try:
            if self._session is None:
                self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.timeout_seconds))
            async with self._session.post(webhook.url, json=update, headers=headers, ssl=context) as response:
                if 200 <= response.status < 300:
                    return None
                return f"Wrong response from the webhook: {response.status} {response.reason}"
        except aiohttp.ClientSSLError:
            return "SSL error {error:0A000086:SSL routines::certificate verify failed}"
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientConnectorError:
            return "Connection refused"
        except aiohttp.ClientError as error:
            return f"Connection broken: {type(error).__name__}"
