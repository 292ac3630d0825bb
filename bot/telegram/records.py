"""The records: what one bot keeps in its folder, opened together; and the parts that are built over them."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from telegram.ext import ExtBot

from bot.errors import SettingsError
from bot.house import House
from bot.settings import SHARED_KEY_MISSING, Secret
from bot.storage.lease import Lease
from bot.storage.migrations import migrate
from bot.storage.opening import Place, open_store
from bot.storage.store import Store
from bot.telegram.access import Access
from bot.telegram.answers import Answers
from bot.telegram.crew.crew import Crew
from bot.telegram.desk import ASKERS, WAITING_ASKERS, Desk
from bot.telegram.election import Election
from bot.telegram.feedback import Feedback
from bot.telegram.fleet import ALIVE_SECONDS, Fleet
from bot.telegram.journal import Journal
from bot.telegram.limiter import Rates
from bot.telegram.metrics import Metrics
from bot.telegram.outbox import Outbox
from bot.telegram.pace import SharedLimiter
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
HUNG_SECONDS = 10.0
"""A process that hangs in the middle of a transaction keeps the others from theirs for so long."""


class Records(NamedTuple):
    """Journal, answers, people and feedback over one writer, sealed by one vault."""

    store: Store
    writer: Writer
    vault: Vault
    journal: Journal
    answers: Answers
    people: People
    feedback: Feedback

    def election(self, name: str, *, stood_by: Callable[[], None] = lambda: None) -> Election:
        """The election of the one process that does what `name` says."""
        lease = Lease(self.store, name, seconds=ALIVE_SECONDS, holder=self.journal.fleet.process)
        return Election(lease, stood_by=stood_by)


def open_records(house: House, place: Place, token: Secret) -> Records:
    """The records of the bot with this token, in a folder or beside the library in its database, made where there are
    none. Raises LibraryError or SettingsError when they cannot be opened."""
    secret = house.settings.telegram_data_key.reveal()
    if isinstance(place, Path):
        vault = open_vault(secret, place / KEY_FILE)
    elif secret:
        vault = open_vault(secret, Path())
        place = place.beside(f"bot_{bot_number(token)}")
    else:
        raise SettingsError(SHARED_KEY_MISSING)
    store = open_store(place, FILE_NAME, idle_seconds=HUNG_SECONDS)
    try:
        migrate(store, MIGRATIONS)
    except BaseException:
        store.close()
        raise
    writer = Writer(store)
    fleet = Fleet()
    repeat_unknown = house.settings.values.telegram.repeat_unknown
    return Records(
        store=store,
        writer=writer,
        vault=vault,
        journal=Journal(writer, vault, repeat_unknown=repeat_unknown, fleet=fleet),
        answers=Answers(writer, vault),
        people=People(writer, vault, fleet),
        feedback=Feedback(writer, vault),
    )


def bot_number(token: Secret) -> str:
    """The number of the bot that a token is for: several bots may share a database, and each has records of its own."""
    number = token.reveal().partition(":")[0]
    return number if number.isascii() and number.isdigit() else "0"


async def parts_of(
    house: House, bot: "ExtBot[None]", request: AiohttpRequest, records: Records, metrics: Metrics
) -> Parts:
    """What the handlers work with; the answerer is loaded in a thread, for that takes a while."""
    settings = house.settings.values.telegram
    rates = Rates(settings.chat_per_second, settings.group_per_minute, settings.overall_per_second)
    limiter = SharedLimiter(rates, records.writer, records.vault, records.journal.fleet)
    await asyncio.to_thread(lambda: house.answerer)
    return Parts(
        house=house,
        desk=desk_of(house, metrics),
        outbox=Outbox(bot, request, limiter, records.journal, records.writer, metrics),
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


def desk_of(house: House, metrics: Metrics) -> Desk:
    """The desk at which the house answers, in as many processes as the settings say."""
    values = house.settings.values
    processes, askers = values.telegram.processes, WAITING_ASKERS if values.engine == "cluster" else ASKERS
    crew = Crew(house, processes=processes, askers=askers) if processes > 1 else None
    return Desk(
        crew or house.answerer,
        house.library,
        metrics,
        top=QUOTES_ASKED_FOR,
        expires_minutes=values.conversation.expires_minutes,
        askers=crew.places if crew else askers,
        let_go=crew.close if crew else lambda: None,
    )
