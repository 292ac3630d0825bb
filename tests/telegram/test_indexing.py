"""The counters of the index: how far it is behind, and whether it can be asked at all."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

from bot.errors import UnavailableError
from bot.house import House, Searching
from bot.telegram.indexing import look_at_index
from bot.telegram.metrics import Metrics


async def text_after(searching: Any) -> str:
    """The counters after one look."""
    metrics = Metrics()
    house = cast(House, SimpleNamespace(searching=searching))
    with suppress(TimeoutError):
        await asyncio.wait_for(look_at_index(house, metrics), 0.2)
    return metrics.text().decode()


async def test_an_index_that_is_behind_is_counted() -> None:
    text = await text_after(lambda: Searching("cluster", "http://search-1:9200", 0, 7))
    assert "verbatim_index_behind 7.0" in text
    assert "verbatim_index_reachable 1.0" in text


async def test_an_index_that_cannot_be_asked_is_told() -> None:
    def away() -> Searching:
        raise UnavailableError("http://search-1:9200: no node can be reached")

    assert "verbatim_index_reachable 0.0" in await text_after(away)
