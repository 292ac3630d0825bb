"""The service: the bot as a process, from its first call to Telegram to the last answer after SIGTERM."""

import asyncio
import logging
import signal
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, ExtBot

from bot.app import App
from bot.errors import TelegramError as RefusedError
from bot.storage.migrations import migrate
from bot.storage.sqlite import SqliteStore
from bot.telegram.answers import Answers
from bot.telegram.bot import add_handlers
from bot.telegram.desk import Desk
from bot.telegram.handlers.failures import place_of
from bot.telegram.journal import Entry, Journal
from bot.telegram.lanes import Lanes
from bot.telegram.limiter import Limiter, Rates
from bot.telegram.logs import set_up_logs
from bot.telegram.metrics import Metrics
from bot.telegram.outbox import Outbox
from bot.telegram.parts import Parts, Telegram
from bot.telegram.polling import REFUSED, Polling
from bot.telegram.request import AiohttpRequest
from bot.telegram.schema import FILE_NAME, MIGRATIONS
from bot.telegram.vault import KEY_FILE, open_vault
from bot.telegram.voices import Voices
from bot.telegram.writer import Writer

TELEGRAM = "https://api.telegram.org"
PAGES_OF_QUOTES = 10
"""So many quotes are asked for at once; More turns their pages without asking again."""
START_ATTEMPTS_PAUSE_SECONDS = 5.0
UPKEEP_SECONDS = 600.0
DAY_SECONDS = 86_400.0
MOST_AT_ONCE = 256
MOST_WAITING = 2_000

_log = logging.getLogger(__name__)


def serve(app: App, folder: Path) -> int:
    """Serve until SIGTERM or SIGINT; 0 after either.

    Raises bot.errors.TelegramError when there is no token or Telegram refuses it, LibraryError or SettingsError when
    the set-up is wrong.
    """
    token = app.settings.telegram_token
    if not token:
        raise RefusedError(
            "there is no bot token: get one from @BotFather and put it into VERBATIM_TELEGRAM_TOKEN, or name a file "
            "that holds it in VERBATIM_TELEGRAM_TOKEN_FILE"
        )
    set_up_logs(token)
    return asyncio.run(Service(app, folder).run())


class Service:
    """One run of the bot."""

    def __init__(self, app: App, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._settings = app.settings.values.telegram
        self._metrics = Metrics()
        self._stopping = asyncio.Event()
        self._failed: asyncio.Future[None]

    async def run(self) -> int:
        """Start, serve, end in order."""
        async with AsyncExitStack() as stack:
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self._stopping.set)
            application = await self._application(stack)
            await self._greet(application)
            stack.push_async_callback(application.shutdown)
            if self._stopping.is_set():
                return 0
            writer, journal, vault_answers = await self._records(stack)
            parts = await self._parts(application, writer, journal, vault_answers, stack)
            add_handlers(application, parts)
            await self._serve(application, journal, vault_answers)
        return 0

    async def _application(self, stack: AsyncExitStack) -> Telegram:
        """python-telegram-bot over our own HTTP; it polls nothing by itself."""
        address = (self._settings.api_url or TELEGRAM).rstrip("/")
        request = AiohttpRequest(connections=MOST_AT_ONCE)
        polls = AiohttpRequest(connections=2)
        try:
            bot = ExtBot(
                self._app.settings.telegram_token.reveal(),
                base_url=f"{address}/bot",
                base_file_url=f"{address}/file/bot",
                request=request,
                get_updates_request=polls,
            )
        except InvalidToken:
            raise RefusedError(REFUSED) from None
        await polls.initialize()
        stack.push_async_callback(polls.shutdown)
        stack.push_async_callback(request.shutdown)
        self._polls = polls
        return ApplicationBuilder().bot(bot).updater(None).build()

    async def _greet(self, application: Telegram) -> None:
        """Ask Telegram who the bot is, and have it deliver by polling; again until it can be reached."""
        while not self._stopping.is_set():
            try:
                await application.initialize()
                await application.bot.delete_webhook()
            except InvalidToken:
                raise RefusedError(REFUSED) from None
            except TelegramError as error:
                _log.warning("Telegram cannot be reached yet: cause=%s", type(error).__name__)
                await self._pause(START_ATTEMPTS_PAUSE_SECONDS)
            else:
                return

    async def _records(self, stack: AsyncExitStack) -> tuple[Writer, Journal, Answers]:
        """The journal and the kept answers, in one file beside the library."""
        store = SqliteStore(self._folder / FILE_NAME)
        migrate(store, MIGRATIONS)
        vault = open_vault(self._app.settings.telegram_data_key.reveal(), self._folder / KEY_FILE)
        writer = Writer(store)
        stack.push_async_callback(writer.close)
        journal = Journal(writer, vault, repeat_unknown=self._settings.repeat_unknown)
        return writer, journal, Answers(writer, vault)

    async def _parts(
        self,
        application: Telegram,
        writer: Writer,
        journal: Journal,
        answers: Answers,
        stack: AsyncExitStack,
    ) -> Parts:
        settings = self._settings
        rates = Rates(settings.chat_per_second, settings.group_per_minute, settings.overall_per_second)
        answerer = await asyncio.to_thread(lambda: self._app.answerer)
        desk = Desk(answerer, self._metrics, top=PAGES_OF_QUOTES)
        stack.callback(desk.close)
        return Parts(
            desk=desk,
            outbox=Outbox(application.bot, Limiter(rates), journal, writer, self._metrics),
            answers=answers,
            voices=Voices(self._app.settings.owner_folder, default=self._app.settings.values.language),
            library=self._app.library,
            metrics=self._metrics,
            settings=self._app.settings,
            username=application.bot.username,
        )

    async def _serve(self, application: Telegram, journal: Journal, answers: Answers) -> None:
        """Take up what was left, poll until told to stop, then finish what is under way."""
        handling = Handling(application, journal, self._metrics)
        lanes = Lanes(handling.handle, most_at_once=MOST_AT_ONCE, most_waiting=MOST_WAITING)
        handling.lanes = lanes
        left = await journal.left()
        if left.unknown:
            self._metrics.unknown.inc(left.unknown)
        _log.info("started: bot=@%s left=%d unknown=%d", application.bot.username, len(left.entries), left.unknown)
        for entry in left.entries:
            lanes.put(entry)
        polling = Polling(
            self._polls, application.bot.base_url, handling.receive, self._metrics,
            wait_seconds=self._settings.poll_seconds,
        )  # fmt: skip
        tasks = {asyncio.create_task(polling.run()), asyncio.create_task(self._upkeep(journal, answers))}
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({stop, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*tasks, stop):
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            undone = await lanes.drain(seconds=self._settings.drain_seconds)
            await polling.confirm()
        _log.info("stopped: undone=%d", undone)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _upkeep(self, journal: Journal, answers: Answers) -> None:
        """Forget from time to time what is older than the settings keep."""
        while True:
            await journal.forget_before(time.time() - 2 * DAY_SECONDS)
            await answers.forget_before(time.time() - self._settings.keep_days * DAY_SECONDS)
            await asyncio.sleep(UPKEEP_SECONDS)

    async def _pause(self, seconds: float) -> None:
        """Wait, unless the service is told to stop meanwhile."""
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


class Handling:
    """Between the journal and the handlers: an entry becomes an update, and is done when its handler is."""

    lanes: Lanes

    def __init__(self, application: Telegram, journal: Journal, metrics: Metrics) -> None:
        self._application = application
        self._journal = journal
        self._metrics = metrics

    async def receive(self, updates: list[Mapping[str, Any]]) -> None:
        """Write updates down and queue the new ones; returns when they are safe and there is room for more."""
        entries = await self._journal.receive(updates)
        self._metrics.repeated.inc(len(updates) - len(entries))
        for entry in entries:
            self.lanes.put(entry)
        self._metrics.queue.set(self.lanes.waiting)
        await self.lanes.room()

    async def handle(self, entry: Entry) -> None:
        """Answer one update; whatever happens, it is done afterwards, unless the process is told to stop."""
        try:
            update = Update.de_json(dict(entry.update), self._application.bot)
        except Exception as error:  # Telegram may send what this version cannot read
            self._metrics.malformed.inc()
            _log.warning("update cannot be read: kind=%s at=%s", type(error).__name__, place_of(error))
        else:
            await self._process(update)
        await self._journal.done(entry.update_id)
        self._metrics.queue.set(self.lanes.waiting)

    async def _process(self, update: Update) -> None:
        try:
            await self._application.process_update(update)
        except Exception as error:  # the error handler itself failed; the lane must go on
            _log.error("update failed twice: kind=%s at=%s", type(error).__name__, place_of(error))
