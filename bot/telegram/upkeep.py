"""The upkeep: what is older than the settings keep is deleted from time to time."""

import asyncio
import time

from bot.settings import TelegramSettings
from bot.telegram.records import Records

PAUSE_SECONDS = 600.0
DAY_SECONDS = 86_400.0
UPDATE_DAYS = 2
"""Telegram keeps updates for a day: one that comes again later is none of those that were answered."""


async def keep_up(records: Records, settings: TelegramSettings) -> None:
    """Delete for ever what has expired; cancel it to stop."""
    while True:
        now = time.time()
        await records.journal.forget_before(now - UPDATE_DAYS * DAY_SECONDS)
        await records.answers.forget_before(now - settings.keep_days * DAY_SECONDS)
        await records.feedback.forget_before(now - settings.keep_feedback_days * DAY_SECONDS)
        await asyncio.sleep(PAUSE_SECONDS)
