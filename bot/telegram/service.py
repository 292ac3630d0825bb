"""The service: the bot as a process, from its first call to Telegram to the last answer after SIGTERM."""

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, ExtBot

from bot.errors import TelegramError as RefusedError
from bot.house import House
from bot.messages import languages
from bot.storage.opening import Place
from bot.telegram.bot import add_handlers
from bot.telegram.delivery import Delivery
from bot.telegram.handling import MOST_AT_ONCE, Handling
from bot.telegram.indexing import look_at_index
from bot.telegram.logs import set_up_logs
from bot.telegram.menus import set_menus
from bot.telegram.metrics import Metrics
from bot.telegram.parts import Parts, Telegram
from bot.telegram.patience import AWAY, pause_after
from bot.telegram.polling import REFUSED, Polling
from bot.telegram.records import Records, open_records, parts_of
from bot.telegram.request import AiohttpRequest
from bot.telegram.upkeep import keep_up
from bot.telegram.watching import watched
from bot.telegram.web import Health, serve_health

TELEGRAM = "https://api.telegram.org"
START_PAUSE_SECONDS = 5.0
CONNECTIONS = MOST_AT_ONCE

T = TypeVar("T")

_log = logging.getLogger(__name__)


def serve(house: House, place: Place) -> int:
    """Serve until SIGTERM or SIGINT; 0 after either.

    Raises bot.errors.TelegramError when there is no token or Telegram refuses it, LibraryError or SettingsError when
    the set-up is wrong.
    """
    token = house.settings.telegram_token
    if not token:
        raise RefusedError(
            "there is no bot token: get one from @BotFather and put it into VERBATIM_TELEGRAM_TOKEN, or name a file "
            "that holds it in VERBATIM_TELEGRAM_TOKEN_FILE"
        )
    set_up_logs(token, as_json=house.settings.values.telegram.log_format == "json")
    return asyncio.run(Service(house, place).run())


class Service:
    """One run of the bot."""

    def __init__(self, house: House, place: Place) -> None:
        self._house = house
        self._place = place
        self._settings = house.settings.values.telegram
        self._metrics = Metrics()
        self._stopping = asyncio.Event()
        self._watching = False

    async def run(self) -> int:
        """Start, serve, end in order; the exit status."""
        async with AsyncExitStack() as stack:
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, self._stopping.set)
            request = AiohttpRequest(connections=CONNECTIONS)
            polls = AiohttpRequest(connections=2)
            application = self._application(request, polls)
            stack.push_async_callback(request.shutdown)
            stack.push_async_callback(polls.shutdown)
            await polls.initialize()
            await self._greet(application)
            stack.push_async_callback(application.shutdown)
            records = await self._there(lambda: _opened(self._house, self._place))
            if records is None:
                return 0
            stack.push_async_callback(records.writer.close)
            bot, metrics = application.bot, self._metrics
            parts = await self._there(lambda: parts_of(self._house, bot, request, records, metrics))
            if parts is None:
                return 0
            stack.callback(parts.desk.close)
            stack.callback(self._house.web.stop)  # the desk waits for what reads addresses
            add_handlers(application, parts)
            await self._serve(application, polls, parts, records, stack)
        return 0

    def _application(self, request: AiohttpRequest, polls: AiohttpRequest) -> Telegram:
        """python-telegram-bot over our own HTTP; it polls nothing by itself."""
        address = (self._settings.api_url or TELEGRAM).rstrip("/")
        try:
            bot = ExtBot(
                self._house.settings.telegram_token.reveal(),
                base_url=f"{address}/bot",
                base_file_url=f"{address}/file/bot",
                request=request,
                get_updates_request=polls,
            )
        except InvalidToken:
            raise RefusedError(REFUSED) from None
        return ApplicationBuilder().bot(bot).updater(None).build()

    async def _greet(self, application: Telegram) -> None:
        """Ask Telegram who the bot is; again until it can be reached. Raises RefusedError for a wrong token."""
        while not self._stopping.is_set():
            try:
                await application.initialize()
                if not self._settings.webhook_url:
                    await application.bot.delete_webhook()
            except InvalidToken:
                raise RefusedError(REFUSED) from None
            except TelegramError as error:
                _log.warning("Telegram cannot be reached yet: cause=%s", type(error).__name__)
                await self._pause(START_PAUSE_SECONDS)
            else:
                return

    async def _there(self, opening: Callable[[], Awaitable[T]]) -> T | None:
        """What was opened, as soon as what it needs is there; None when the service is told to stop."""
        failures = 0
        while not self._stopping.is_set():
            try:
                return await opening()
            except AWAY as error:
                failures += 1
                _log.warning("articles cannot be opened yet: cause=%s", type(error).__name__)
                await self._pause(pause_after(failures))
        return None

    async def _serve(
        self, application: Telegram, polls: AiohttpRequest, parts: Parts, records: Records, stack: AsyncExitStack
    ) -> None:
        """Take up what was left, serve until told to stop, then finish what is under way."""
        handling = Handling(application, records.journal, parts.outbox, self._metrics, parts.patience)
        left, unknown = await handling.take_up()
        _log.info("started: bot=@%s left=%d unknown=%d", parts.me.username, left, unknown)
        if self._settings.health_port:
            await serve_health(Health(self._metrics), self._settings.health_host, self._settings.health_port, stack)
        polling = Polling(
            polls, application.bot.base_url, handling.receive, self._metrics, wait_seconds=self._settings.poll_seconds
        )
        elected = records.election("polling", stood_by=lambda: self._metrics.last_poll.set(time.time()))
        codes = languages(self._house.settings.owner_folder)
        delivery = Delivery(application.bot, self._settings, self._metrics)
        if self._settings.webhook_url:
            await delivery.listen(handling.receive, stack)
        work = [
            delivery.run() if self._settings.webhook_url else elected.run(polling.run),
            records.election("following").run(lambda: self._watch(stack)),
            keep_up(records, self._settings),
            look_at_index(self._house, self._metrics),
            set_menus(application.bot, parts.voices, codes, self._settings.admins),
        ]
        beating = asyncio.create_task(handling.keep_up())  # also while what is under way is finished
        try:
            await self._until_stopped(work, parts.outbox.refused)
        finally:
            undone = await handling.drain(seconds=self._settings.drain_seconds)
            beating.cancel()
            if elected.is_elected:
                await polling.confirm()
            await handling.leave()
            _log.info("stopped: undone=%d", undone)

    async def _watch(self, stack: AsyncExitStack) -> None:
        """Follow the configured folders and feeds; once begun, it goes on to the end."""
        if not self._watching:
            self._watching = True
            stack.enter_context(watched(self._house))
        await asyncio.Event().wait()

    async def _until_stopped(self, work: list[Coroutine[Any, Any, None]], refused: asyncio.Event) -> None:
        """Work until a signal comes. Raises what made any of the work fail, RefusedError for a token refused."""
        tasks = {asyncio.create_task(one) for one in work}
        stop, refusal = asyncio.create_task(self._stopping.wait()), asyncio.create_task(refused.wait())
        pending = {stop, refusal, *tasks}
        try:
            while pending and not (stop.done() or refusal.done()):
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done & tasks:
                    task.result()
            if refusal.done() and not stop.done():
                raise RefusedError(REFUSED)
        finally:
            for task in (*tasks, stop, refusal):
                task.cancel()
            await asyncio.gather(*tasks, stop, refusal, return_exceptions=True)

    async def _pause(self, seconds: float) -> None:
        """Wait, unless the service is told to stop meanwhile."""
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


async def _opened(house: House, place: Place) -> Records:
    return open_records(house, place, house.settings.telegram_token)
