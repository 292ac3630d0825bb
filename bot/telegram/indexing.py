"""The index as who watches the bot sees it: whether it can be asked, and how far it is behind the library."""

import asyncio

from bot.errors import VerbatimError
from bot.house import House
from bot.telegram.metrics import Metrics

PAUSE_SECONDS = 15.0
"""Between two looks: as often as monitoring usually asks for the counters."""


async def look_at_index(house: House, metrics: Metrics) -> None:
    """Keep the counters of the index true; cancel it to stop."""
    while True:
        try:
            found = await asyncio.to_thread(house.searching)
        except VerbatimError:  # each question that needs it says why
            metrics.reachable.set(0)
        else:
            metrics.reachable.set(1)
            metrics.behind.set(found.behind)
        await asyncio.sleep(PAUSE_SECONDS)
