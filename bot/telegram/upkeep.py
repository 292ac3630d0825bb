"""The upkeep: what is older than the settings keep is deleted from time to time."""

import asyncio
import logging
import time

from bot.errors import LibraryError
from bot.settings import TelegramSettings
from bot.telegram.pace import forget_paces
from bot.telegram.records import Records

PAUSE_SECONDS = 600.0
DAY_SECONDS = 86_400.0
UPDATE_DAYS = 2
"""Telegram keeps updates for a day: one that comes again later is none of those that were answered."""

_log = logging.getLogger(__name__)


async def keep_up(records: Records, settings: TelegramSettings) -> None:
    """Delete for ever what has expired; cancel it to stop."""
    while True:
        now = time.time()
        try:
            await records.journal.forget_before(now - UPDATE_DAYS * DAY_SECONDS)
            await records.writer.run(forget_paces)
            await records.answers.forget_before(now - settings.keep_days * DAY_SECONDS)
            await records.feedback.forget_before(now - settings.keep_feedback_days * DAY_SECONDS)
        except LibraryError as error:  # the next time may go better; a bot that answers is worth more
            _log.error("nothing deleted: cause=%s", type(error).__name__)
        await asyncio.sleep(PAUSE_SECONDS)
