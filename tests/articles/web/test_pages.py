"""Pages that are added by their address, and what becomes of them."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from time import sleep as pause

import pytest
from aiohttp import web

from bot.articles.library import Library
from bot.articles.readers import Readers
from bot.articles.summary import Summary
from tests.articles.web.conftest import Reading, Time
from tests.articles.web.pages import BODY, page
from tests.articles.web.site import Site
from tests.articles.web.test_fetching import drip, hang, reset

STAYS = "(what was read there before stays)"


def counts(summary: Summary) -> tuple[int, int, int, int, int]:
    return (summary.added, summary.changed, summary.unchanged, summary.removed, len(summary.skipped))


def test_a_page_becomes_an_article_without_what_stands_around_it(reading: Reading, site: Site) -> None:
    site.put("/a", page(head='<meta property="article:published_time" content="2023-03-08T10:00:00Z">'))
    assert counts(reading.add("/a")) == (1, 0, 0, 0, 0)
    text = reading.texts()["/a"]
    assert all(sentence in text for sentence in BODY)
    assert "Sport" not in text
    article = reading.library.by_source(site.url("/a"))
    assert article is not None
    assert (article.title, article.url, (article.published or "")[:10]) == (
        "Wolves return",
        article.source,
        "2023-03-08",
    )


@pytest.mark.parametrize("header", ["ETag", "Last-Modified", ""])
def test_a_page_that_is_as_it_was_is_unchanged(reading: Reading, site: Site, header: str) -> None:
    match header:
        case "ETag":
            site.put("/a", page(), ETag='"1"')
        case "Last-Modified":
            site.put("/a", page(), Last_Modified="Wed, 08 Mar 2023 10:00:00 GMT")
        case _:
            site.put("/a", page())
    reading.add("/a")
    assert counts(reading.add("/a")) == (0, 0, 1, 0, 0)
    conditions = {"If-None-Match", "If-Modified-Since"} & set(site.asked[-1].headers)
    assert bool(conditions) == bool(header)


def test_a_page_that_changed_replaces_its_article(reading: Reading, site: Site) -> None:
    site.put("/a", page(), ETag='"1"')
    reading.add("/a")
    site.put("/a", page(body=[*BODY, "The pack has left again, the ranger said on Friday."]), ETag='"2"')
    assert counts(reading.add("/a")) == (0, 1, 0, 0, 0)
    assert "has left again" in reading.texts()["/a"]


def test_one_page_by_several_addresses_is_one_article(reading: Reading, site: Site) -> None:
    site.put("/a", page(head='<link rel="canonical" href="/a">'))
    site.put("/a?print=1", page(head=f'<link rel="canonical" href="{site.url("/a")}">'))
    site.lead("/short", "/a?utm_source=short", status=301)
    site.put("/a?utm_source=short", page(head='<link rel="canonical" href="/a">'))
    summary = reading.add("/a", "/a?utm_source=mail", "/a#part", "/a?print=1", "/short")
    assert (summary.added, summary.skipped) == (1, [])
    assert list(reading.texts()) == ["/a"]


def test_a_page_cannot_put_itself_in_another_site_s_place(reading: Reading, site: Site) -> None:
    site.put("/evil", page(head='<link rel="canonical" href="https://good.example/a">'))
    reading.add("/evil")
    assert list(reading.texts()) == ["/evil"]


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (401, "wants a log-in (401)"),
        (402, "wants to be paid (402)"),
        (403, "does not let programs read it (403)"),
        (404, "is not there (404)"),
        (410, "is gone for good (410)"),
        (418, "is not given out (418)"),
        (500, "the server is in trouble (500)"),
        (503, "the server is in trouble (503)"),
    ],
)
def test_an_answer_that_is_no_page_leaves_the_article_there(
    reading: Reading, site: Site, status: int, says: str
) -> None:
    site.put("/a", page(), ETag='"1"')
    reading.add("/a")
    site.put("/a", "<html>no</html>", status=status)
    summary = reading.add("/a")
    assert counts(summary) == (0, 0, 0, 0, 1)
    assert says in summary.skipped[0]
    assert summary.skipped[0].endswith(STAYS)
    assert BODY[0] in reading.texts()["/a"]
    site.put("/a", page(), ETag='"1"')
    assert counts(reading.add("/a")) == (0, 0, 1, 0, 0)


SHELLS = {
    "a paywall": page(body=BODY[:1], head='<script>{"isAccessibleForFree": false}</script>'),
    "an empty shell": '<html><head><title>Daily</title></head><body><div id="root"></div><p>Loading</p></body></html>',
    "nothing": "",
    "a log-in": page("Wolves", ["Your account"], head="") + '<form><input type="password"></form>',
    "a check": page("Just a moment...", ["Checking that you are no robot. " * 20]),
    "a soft 404": page("Page not found | Daily", ["What you look for is elsewhere. " * 20]),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_leaves_the_article_there(reading: Reading, site: Site, shell: str) -> None:
    site.put(
        "/a",
        page(body=[*BODY, *(f"In the year {year} there were {year - 1900} wolves." for year in range(1950, 1960))]),
    )
    reading.add("/a")
    before = reading.texts()
    site.put("/a", SHELLS[shell])
    summary = reading.add("/a")
    assert counts(summary) == (0, 0, 0, 0, 1)
    assert summary.skipped[0].endswith(STAYS)
    assert reading.texts() == before


@pytest.mark.parametrize("target", ["/", "/login?next=/a", "/subscribe"])
def test_a_redirect_to_a_door_leaves_the_article_there(reading: Reading, site: Site, target: str) -> None:
    site.put("/a", page())
    reading.add("/a")
    site.lead("/a", target)
    site.put(target, page("Welcome", ["Something wholly different stands here, and it is quite long. " * 20]))
    summary = reading.add("/a")
    assert counts(summary) == (0, 0, 0, 0, 1)
    assert list(reading.texts()) == ["/a"]


def test_a_redirect_to_a_wholly_different_page_leaves_the_article_there(reading: Reading, site: Site) -> None:
    site.put("/a", page())
    reading.add("/a")
    site.lead("/a", "/topics/animals")
    site.put("/topics/animals", page("Animals", ["Elephants, giraffes: everything about large creatures. " * 20]))
    summary = reading.add("/a")
    assert "leads to another page now" in summary.skipped[0]
    assert list(reading.texts()) == ["/a"]


def test_a_page_that_moved_keeps_its_article(reading: Reading, site: Site) -> None:
    site.put("/a", page())
    reading.add("/a")
    before = reading.library.by_source(site.url("/a"))
    site.lead("/a", "/b", status=301)
    site.put("/b", page())
    assert counts(reading.add("/a")) == (0, 1, 0, 0, 0)
    after = reading.library.by_source(site.url("/b"))
    assert before is not None
    assert after is not None
    assert (after.number, after.id) == (before.number, before.id)
    assert counts(reading.add("/a", "/b")) == (0, 0, 2, 0, 0)


def test_a_page_that_says_twice_that_it_is_gone_leaves(reading: Reading, site: Site) -> None:
    site.put("/a", page())
    reading.add("/a")
    site.put("/a", status=410)
    assert counts(reading.add("/a")) == (0, 0, 0, 0, 1)
    assert counts(reading.add("/a")) == (0, 0, 0, 1, 0)
    assert reading.texts() == {}
    site.put("/a", page())
    assert counts(reading.add("/a")) == (1, 0, 0, 0, 0)


def test_a_page_that_was_removed_by_hand_comes_back_when_it_is_read_again(reading: Reading, site: Site) -> None:
    site.put("/a", page(), ETag='"1"')
    reading.add("/a")
    reading.library.remove([one.number for one in reading.library.articles()])
    assert counts(reading.add("/a")) == (1, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("head", "path", "day"),
    [
        ('<meta property="article:published_time" content="2023-03-08">', "/2020/01/01/a", "2023-03-08"),
        ("", "/2023/03/07/a", "2023-03-07"),
        ("", "/a", None),
        ('<meta property="article:published_time" content="2031-01-01">', "/a", None),
        ("", "/2031/01/01/a", None),
    ],
)
def test_a_date_is_the_page_s_or_its_address_s_and_never_in_the_future(
    reading: Reading, site: Site, head: str, path: str, day: str | None
) -> None:
    site.put(path, page(head=head))
    assert reading.add(path).added == 1
    article = next(iter(reading.library.articles()))
    assert (article.published or "")[:10] == (day or "")


@pytest.mark.parametrize(
    ("kind", "declared", "encoding"),
    [
        ("text/html; charset=windows-1251", "", "cp1251"),
        ("text/html", '<meta charset="windows-1251">', "cp1251"),
        ("text/html; charset=utf-8", '<meta charset="windows-1251">', "cp1251"),
        ("text/html; charset=iso-8859-1", "", "utf-8"),
        ("text/html; charset=windows-1251", '<meta charset="utf-8">', "cp1251"),
        ("text/plain; charset=koi8-u", "", "koi8_u"),
    ],
)
def test_letters_come_out_right(reading: Reading, site: Site, kind: str, declared: str, encoding: str) -> None:
    sentence = "Вовки повернулися в долину, сказав лісник у понеділок, і овець загнали до кошари."
    body = (
        sentence
        if "plain" in kind
        else f"<html><head>{declared}</head><body><article><p>{sentence}</p></article></body></html>"
    )
    site.put("/a", body.encode(encoding), kind=kind)
    assert reading.add("/a").skipped == []
    assert sentence in reading.texts()["/a"]


def test_documents_of_other_kinds_are_read_as_such(reading: Reading, site: Site) -> None:
    site.put("/notes.md", "# Wolves\n\nThe wolf is *grey*.", kind="text/plain")
    site.put("/plain", "The bear is brown.", kind="text/plain")
    site.put("/lines", '{"text": "The fox is red.", "source": "fox"}\n', kind="application/x-ndjson")
    site.put("/picture", b"\x89PNG\r\n", kind="image/png")
    summary = reading.add("/notes.md", "/plain", "/lines", "/picture")
    assert summary.added == 3
    assert summary.skipped == [f"{site.url('/picture')}: is image/png, which holds no text; give a page or a document"]
    assert reading.texts()["fox"] == "The fox is red."


@pytest.mark.parametrize("handler", [hang, drip, reset])
def test_trouble_is_one_line_and_the_rest_goes_in(
    reading: Reading, site: Site, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> None:
    site.play("/bad", handler)
    site.put("/a", page())
    summary = reading.add("/bad", "/a", "https://[broken", "http://10.0.0.1/", "ftp://x.example/")
    assert summary.added == 1
    assert len(summary.skipped) == 4
    assert all(line.isprintable() for line in summary.skipped)


def test_a_run_that_is_stopped_leaves_the_rest_for_the_next_time(reading: Reading, site: Site) -> None:
    site.put("/a", page())
    reading.web.stop()
    assert counts(reading.add("/a")) == (0, 0, 0, 0, 0)
    assert site.paths() == []


def test_a_request_that_hangs_ends_when_the_run_shall(
    site: Site, library: Library, readers: Readers, time: Time
) -> None:
    site.play("/a", hang)
    reading = Reading(site, library, readers, time, timeout=60)
    summaries: list[Summary] = []
    thread = threading.Thread(target=lambda: summaries.append(reading.add("/a")))
    thread.start()
    while "/a" not in [one.path for one in site.asked]:
        pause(0.01)
    reading.web.stop()
    thread.join()
    assert [counts(summary) for summary in summaries] == [(0, 0, 0, 0, 0)]
    assert library.address(site.url("/a")) is None


async def slow(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(0.3)
    return web.Response(text=page(), content_type="text/html")


def test_a_slow_page_is_waited_for(reading: Reading, site: Site) -> None:
    site.play("/a", slow)
    assert reading.add("/a").added == 1
