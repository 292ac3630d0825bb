"""The records: what one bot keeps in its folder, opened together; and the parts that are built over them."""

import asyncio
from pathlib import Path
from typing import NamedTuple

from telegram.ext import ExtBot

from bot.house import House
from bot.storage.migrations import migrate
from bot.storage.sqlite import SqliteStore
from bot.telegram.access import Access
from bot.telegram.answers import Answers
from bot.telegram.desk import Desk
from bot.telegram.feedback import Feedback
from bot.telegram.journal import Journal
from bot.telegram.limiter import Limiter, Rates
from bot.telegram.metrics import Metrics
from bot.telegram.outbox import Outbox
from bot.telegram.parts import Parts
from bot.telegram.patience import Patience
from bot.telegram.people import People
from bot.telegram.request import AiohttpRequest
from bot.telegram.schema import FILE_NAME, MIGRATIONS
from bot.telegram.vault import KEY_FILE, Vault, open_vault
from bot.telegram.voices import Voices
from bot.telegram.writer import Writer

QUOTES_ASKED_FOR = 7
"""So many quotes are asked for at once; More turns their pages without asking again."""


class Records(NamedTuple):
    """Journal, answers, people and feedback over one writer, sealed by one vault."""

    writer: Writer
    vault: Vault
    journal: Journal
    answers: Answers
    people: People
    feedback: Feedback


def open_records(house: House, folder: Path) -> Records:
    """The records in a folder, made where there are none. Raises LibraryError or SettingsError when they cannot be
    opened."""
    vault = open_vault(house.settings.telegram_data_key.reveal(), folder / KEY_FILE)
    store = SqliteStore(folder / FILE_NAME)
    migrate(store, MIGRATIONS)
    writer = Writer(store)
    return Records(
        writer=writer,
        vault=vault,
        journal=Journal(writer, vault, repeat_unknown=house.settings.values.telegram.repeat_unknown),
        answers=Answers(writer, vault),
        people=People(writer, vault),
        feedback=Feedback(writer, vault),
    )


async def parts_of(
    house: House, bot: "ExtBot[None]", request: AiohttpRequest, records: Records, metrics: Metrics
) -> Parts:
    """What the handlers work with; the answerer is loaded in a thread, for that takes a while."""
    settings = house.settings.values.telegram
    rates = Rates(settings.chat_per_second, settings.group_per_minute, settings.overall_per_second)
    answerer = await asyncio.to_thread(lambda: house.answerer)
    return Parts(
        house=house,
        desk=Desk(
            answerer,
            house.library,
            metrics,
            top=QUOTES_ASKED_FOR,
            expires_minutes=house.settings.values.conversation.expires_minutes,
        ),
        outbox=Outbox(bot, request, Limiter(rates), records.journal, records.writer, metrics),
        patience=Patience(),
        answers=records.answers,
        people=records.people,
        feedback=records.feedback,
        access=Access(allowed=settings.allowed, admins=settings.admins, per_minute=settings.questions_per_minute),
        voices=Voices(house.settings.owner_folder, default=house.settings.values.language),
        metrics=metrics,
        request=request,
        bot=bot,
    )
