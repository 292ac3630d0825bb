"""Links that admins send: read with care, one at a time, and never from the inside of the owner's network."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.articles.web.pages import BODY, item, page, rss
from tests.articles.web.site import Site

from .botapi import BotApiServer, bot_process

ADMIN = {
    "VERBATIM_TELEGRAM_ADMINS": "@ada",
    "VERBATIM_TELEGRAM_CHAT_PER_SECOND": "0",
    "VERBATIM_FETCHING_DELAY_SECONDS": "0",
    "VERBATIM_FETCHING_ATTEMPTS": "1",
}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


async def test_a_page_whose_link_an_admin_sends_is_answered_from(
    server: BotApiServer, library: Path, site: Site
) -> None:
    site.put("/wolves", page())
    environment = ADMIN | {"VERBATIM_FETCHING_ALLOWED_HOSTS": f"127.0.0.1:{site.port}"}
    async with bot_process(server, library, environment=environment):
        ada = server.private_chat(server.user("Ada", username="ada"))
        await ada.says(site.url("/wolves"))
        assert "1 article added" in (await ada.sees_edit(await ada.receives())).text
        await ada.says("Who had seen the pack?")
        assert BODY[2] in (await ada.receives()).parts("blockquote")[0]


async def test_a_feed_s_pages_are_not_read_for_a_link(server: BotApiServer, library: Path, site: Site) -> None:
    site.put("/feed", rss(item(site.url("/wolves"))), kind="application/rss+xml")
    environment = ADMIN | {"VERBATIM_FETCHING_ALLOWED_HOSTS": f"127.0.0.1:{site.port}"}
    async with bot_process(server, library, environment=environment):
        ada = server.private_chat(server.user("Ada", username="ada"))
        await ada.says(site.url("/feed"))
        assert "1 article added" in (await ada.sees_edit(await ada.receives())).text
        assert site.paths() == ["/feed"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:7f00:1]", "0"])
async def test_a_link_never_reaches_the_inside(server: BotApiServer, library: Path, site: Site, host: str) -> None:
    site.put("/secrets", page())
    async with bot_process(server, library, environment=ADMIN) as process:
        ada = server.private_chat(server.user("Ada", username="ada"))
        for link in (f"http://{host}:{site.port}/secrets", f"http://{host}/secrets"):
            await ada.says(link)
            answer = (await ada.sees_edit(await ada.receives())).text
            assert "added" not in answer
            assert "left out" in answer
        assert site.asked == []
        assert "Traceback" not in process.output


async def test_sync_reads_the_feeds_of_the_settings(server: BotApiServer, library: Path, site: Site) -> None:
    site.put("/feed", rss(item(site.url("/wolves"))), kind="application/rss+xml")
    site.put("/wolves", page())
    environment = ADMIN | {
        "VERBATIM_FETCHING_ALLOWED_HOSTS": f"127.0.0.1:{site.port}",
        "VERBATIM_SYNC_FEEDS": site.url("/feed"),
    }
    async with bot_process(server, library, environment=environment):
        ada = server.private_chat(server.user("Ada", username="ada"))
        await ada.says("/sync")
        assert "article" in (await ada.receives()).text  # added, or already there: the feeds are watched as well
        assert set(site.paths()) == {"/feed", "/wolves"}
