"""Feeds, sitemaps and sites that are followed: what they lead to goes in, and only what is new is asked for."""

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.articles.library import Library
from bot.articles.readers import Readers
from bot.articles.web.listing import MOST_FAILURES
from tests.articles.web.conftest import Reading, Time
from tests.articles.web.pages import BODY, index, item, page, rss, urlset
from tests.articles.web.site import Site, answering
from tests.articles.web.test_pages import STAYS, counts

RSS = "application/rss+xml"
DAY = "Wed, 08 Mar 2023 10:00:00 GMT"
DAY_SECONDS = 86_400
LONG = "The wolves have returned to the valley after forty years. " * 40


def feed(site: Site, *items: str, etag: str) -> None:
    site.put("/feed", rss(*items), kind=RSS, ETag=etag)


def test_a_feed_s_short_entries_are_read_on_their_pages(reading: Reading, site: Site) -> None:
    feed(site, item(site.url("/a?utm_source=rss"), day=DAY), item(site.url("/b"), title="Bears"), etag='"1"')
    site.put("/a", page())
    site.put("/b", page("Bears", ["The bears are still asleep in their caves above the village."] * 3))
    summary = reading.add("/feed")
    assert counts(summary) == (2, 0, 0, 0, 0)
    assert set(reading.texts()) == {"/a", "/b"}
    assert BODY[2] in reading.texts()["/a"]
    article = reading.library.by_source(site.url("/a"))
    assert article is not None
    assert (article.published or "")[:10] == "2023-03-08"
    assert site.paths() == ["/feed", "/a", "/b"]
    assert counts(reading.add("/feed")) == (0, 0, 2, 0, 0)
    assert site.paths() == ["/feed"]


def test_a_new_entry_is_asked_for_alone(reading: Reading, site: Site) -> None:
    for name in "ab":
        site.put(f"/{name}", page(f"Story {name}"))
    feed(site, item(site.url("/a")), etag='"1"')
    reading.add("/feed")
    site.paths()
    feed(site, item(site.url("/a")), item(site.url("/b")), etag='"2"')
    assert counts(reading.add("/feed")) == (1, 0, 1, 0, 0)
    assert site.paths() == ["/feed", "/b"]


def test_an_entry_of_which_something_new_is_said_is_read_again(reading: Reading, site: Site) -> None:
    site.put("/a", page())
    feed(site, item(site.url("/a")), etag='"1"')
    reading.add("/feed")
    site.put("/a", page(body=[*BODY, "The pack has left again."]))
    feed(site, item(site.url("/a"), title="Wolves left"), etag='"2"')
    assert counts(reading.add("/feed")) == (0, 1, 0, 0, 0)
    assert "left again" in reading.texts()["/a"]


def test_a_full_entry_is_the_article_and_its_page_is_not_asked_for(reading: Reading, site: Site) -> None:
    feed(site, item(site.url("/a"), text=LONG), etag='"1"')
    assert counts(reading.add("/feed")) == (1, 0, 0, 0, 0)
    assert site.paths() == ["/feed"]
    feed(site, item(site.url("/a"), text=LONG + " They left."), etag='"2"')
    assert counts(reading.add("/feed")) == (0, 1, 0, 0, 0)


def test_an_entry_whose_page_is_away_stands_for_it(reading: Reading, site: Site) -> None:
    feed(site, item(site.url("/a"), text="The wolves are back."), etag='"1"')
    summary = reading.add("/feed")
    assert counts(summary) == (1, 0, 0, 0, 1)
    assert summary.skipped[0].endswith(STAYS)
    assert reading.texts()["/a"] == "The wolves are back."
    site.put("/a", page())
    assert reading.add("/feed").changed == 1
    assert BODY[0] in reading.texts()["/a"]


def test_an_entry_that_holds_more_than_its_page_stands_for_it(reading: Reading, site: Site) -> None:
    feed(site, item(site.url("/a"), text="The wolves are back. " * 30), etag='"1"')
    site.put("/a", page(body=["Subscribe to go on."]))
    assert counts(reading.add("/feed")) == (1, 0, 1, 0, 0)
    assert "Subscribe" not in reading.texts()["/a"]
    site.paths()
    reading.add("/feed")
    assert site.paths() == ["/feed"]


def test_a_page_that_never_comes_is_given_up_until_something_new_is_said(reading: Reading, site: Site) -> None:
    feed(site, item(site.url("/a")), etag='"1"')
    for _ in range(MOST_FAILURES + 2):
        reading.add("/feed")
    assert site.paths().count("/a") == MOST_FAILURES
    feed(site, item(site.url("/a"), title="Wolves left"), etag='"2"')
    reading.add("/feed")
    assert site.paths() == ["/feed", "/a"]


def test_what_left_a_feed_stays(reading: Reading, site: Site) -> None:
    feed(site, item(site.url("/a"), text=LONG), item(site.url("/b"), text=LONG + "B."), etag='"1"')
    reading.add("/feed")
    feed(site, item(site.url("/b"), text=LONG + "B."), etag='"2"')
    assert counts(reading.add("/feed")) == (0, 0, 1, 0, 0)
    assert set(reading.texts()) == {"/a", "/b"}


def test_a_feed_speaks_for_its_own_site_only(reading: Reading, site: Site) -> None:
    good = f"http://localhost:{site.port}/a"
    lines = json.dumps({"text": "What the good site says.", "source": good})
    site.put("/lines", lines, kind="application/x-ndjson")
    reading.add("/lines")
    feed(site, item(good, text="Something else. " * 200), item("https://other.example/x", text=LONG), etag='"1"')
    assert counts(reading.add("/feed")) == (1, 0, 1, 0, 0)
    assert reading.texts()[good] == "What the good site says."


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/plain", rss(item("https://daily.example/a", text=LONG))),
        ("text/html", rss(item("https://daily.example/a", text=LONG))),
        (
            "application/atom+xml",
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>Daily</title><entry><title>Wolves</title><id>1</id>'
            f'<link href="https://daily.example/a"/><updated>2023-03-08T10:00:00Z</updated><content>{LONG}</content>'
            "</entry></feed>",
        ),
        (
            "application/feed+json",
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "title": "Daily",
                    "items": [{"id": "1", "url": "https://daily.example/a", "title": "Wolves", "content_text": LONG}],
                }
            ),
        ),
    ],
)
def test_feeds_of_all_kinds_are_read(reading: Reading, site: Site, kind: str, content: str) -> None:
    site.put("/feed", content, kind=kind)
    assert counts(reading.add("/feed")) == (1, 0, 0, 0, 0)
    assert list(reading.texts()) == ["https://daily.example/a"]


@pytest.mark.parametrize("content", ["<rss><channel><item>", rss(), "", "\0\1\2", '<?xml version="1.0"?><rss/>'])
def test_a_broken_feed_is_one_line_and_takes_nothing_with_it(reading: Reading, site: Site, content: str) -> None:
    feed(site, item(site.url("/a"), text=LONG), etag='"1"')
    reading.add("/feed")
    site.put("/feed", content, kind=RSS, ETag='"2"')
    summary = reading.add("/feed")
    assert (summary.stored, summary.removed, len(summary.skipped)) == (0, 0, 1)
    assert list(reading.texts()) == ["/a"]
    feed(site, item(site.url("/a"), text=LONG), item(site.url("/b"), text=LONG + "B."), etag='"3"')
    assert reading.add("/feed").added == 1


def test_entries_without_an_address_of_their_own_are_named_beneath_their_feed(reading: Reading, site: Site) -> None:
    entries = [{"id": "1", "content_text": LONG}, {"id": "2", "url": "/b?utm_source=x", "content_text": LONG + "B."}]
    for path in ("/feed", "/other"):
        content = {"version": "https://jsonfeed.org/version/1.1", "title": "Daily", "items": entries}
        site.put(path, json.dumps(content), kind="application/feed+json")
    assert reading.add("/feed", "/other").added == 3
    assert set(reading.texts()) == {"/feed#1", "/other#1", "/b"}


def test_no_more_pages_of_a_feed_than_the_setting_says_are_asked_for_at_once(
    site: Site, library: Library, readers: Readers, time: Time
) -> None:
    stories(site, "abc")
    feed(site, *(item(site.url(f"/{name}"), title=name) for name in "abc"), etag='"1"')
    reading = Reading(site, library, readers, time, most_pages=2)
    assert reading.add("/feed").added == 3
    assert site.paths() == ["/feed", "/a", "/b"]
    assert reading.add("/feed").changed == 1
    assert site.paths() == ["/feed", "/c"]


def test_a_date_in_the_future_is_left_out(reading: Reading, site: Site) -> None:
    feed(site, item(site.url("/a"), text=LONG, day="Wed, 08 Mar 2033 10:00:00 GMT"), etag='"1"')
    reading.add("/feed")
    assert [one.published for one in reading.library.articles()] == [None]


def test_without_following_a_feed_s_entries_alone_are_read(reading: Reading, site: Site) -> None:
    feed(site, item(site.url("/a")), etag='"1"')
    site.put("/sitemap.xml", urlset((site.url("/a"), "")), kind="text/xml")
    site.put("/", page())
    summary = reading.add("/feed", "/sitemap.xml", "/", follows=False)
    assert counts(summary) == (2, 0, 0, 0, 1)
    assert "is a sitemap, a list of 1 addresses; add it with verbatim add" in summary.skipped[0]
    assert sorted(site.paths()) == ["/", "/feed", "/sitemap.xml"]


def sitemap(site: Site, *pages: tuple[str, str], etag: str = '"1"') -> None:
    entries = [(site.url(path), day) for path, day in pages]
    site.put("/sitemap.xml", urlset(*entries), kind="application/xml", ETag=etag)


def stories(site: Site, names: str) -> None:
    for name in names:
        site.put(f"/{name}", page(f"Story {name}", [*BODY, f"This is story {name}."]))


def test_a_sitemap_s_pages_go_in_and_only_changed_ones_are_asked_for_again(reading: Reading, site: Site) -> None:
    stories(site, "abc")
    sitemap(site, ("/a", "2023-03-01"), ("/b", "2023-03-02"))
    assert counts(reading.add("/sitemap.xml")) == (2, 0, 0, 0, 0)
    assert site.paths() == ["/sitemap.xml", "/b", "/a"]
    assert counts(reading.add("/sitemap.xml")) == (0, 0, 2, 0, 0)
    assert site.paths() == ["/sitemap.xml"]
    site.put("/a", page("Story a", [*BODY, "This is a new ending."]))
    sitemap(site, ("/a", "2023-03-09"), ("/b", "2023-03-02"), ("/c", "2023-03-03"), etag='"2"')
    assert counts(reading.add("/sitemap.xml")) == (1, 1, 1, 0, 0)
    assert site.paths() == ["/sitemap.xml", "/a", "/c"]


def test_pages_of_which_a_sitemap_does_not_say_when_they_changed_are_asked_for_daily(
    reading: Reading, site: Site, time: Time
) -> None:
    stories(site, "a")
    sitemap(site, ("/a", ""))
    reading.add("/sitemap.xml")
    reading.add("/sitemap.xml")
    assert site.paths() == ["/sitemap.xml", "/a", "/sitemap.xml"]
    time.now += DAY_SECONDS + 1
    assert counts(reading.add("/sitemap.xml")) == (0, 0, 1, 0, 0)
    assert site.paths() == ["/sitemap.xml", "/a"]


def test_a_page_leaves_when_its_sitemap_lists_it_no_more_and_it_is_not_there(reading: Reading, site: Site) -> None:
    stories(site, "abc")
    sitemap(site, ("/a", "2023-03-01"), ("/b", "2023-03-01"), ("/c", "2023-03-01"))
    reading.add("/sitemap.xml")
    site.put("/a", status=404)
    site.put("/c", status=404)
    sitemap(site, ("/c", "2023-03-02"), etag='"2"')
    summary = reading.add("/sitemap.xml")
    assert counts(summary) == (0, 0, 1, 1, 1)
    assert set(reading.texts()) == {"/b", "/c"}
    site.paths()
    assert reading.add("/sitemap.xml").removed == 0
    assert "/a" not in site.paths()


def test_an_empty_sitemap_takes_nothing_with_it(reading: Reading, site: Site) -> None:
    stories(site, "a")
    sitemap(site, ("/a", "2023-03-01"))
    reading.add("/sitemap.xml")
    site.put("/a", status=404)
    sitemap(site, etag='"2"')
    assert reading.add("/sitemap.xml").removed == 0
    assert list(reading.texts()) == ["/a"]


def test_sitemaps_of_sitemaps_are_followed_packed_ones_too(reading: Reading, site: Site) -> None:
    stories(site, "ab")
    site.put(
        "/index.xml", index(site.url("/one.xml.gz"), site.url("/two.xml"), site.url("/index.xml")), kind="text/xml"
    )
    site.put("/one.xml.gz", gzip.compress(urlset((site.url("/a"), "")).encode()), kind="application/gzip")
    site.put(
        "/two.xml", urlset((site.url("/b"), ""), ("ftp://x.example/", ""), ("http://10.0.0.1/", "")), kind="text/xml"
    )
    summary = reading.add("/index.xml")
    assert (summary.added, len(summary.skipped)) == (2, 1)
    assert "10.0.0.1: is an address inside a private network" in summary.skipped[0]


def test_a_gzip_bomb_in_the_place_of_a_sitemap_is_cut(reading: Reading, site: Site) -> None:
    site.put("/one.xml.gz", gzip.compress(b"<urlset>" + b" " * 50_000_000), kind="application/gzip")
    assert "is larger than" in reading.add("/one.xml.gz").skipped[0]


def test_no_more_pages_than_the_setting_says_are_taken_the_newest_first(
    site: Site, library: Library, readers: Readers, time: Time
) -> None:
    stories(site, "abc")
    sitemap(site, ("/a", "2023-03-01"), ("/b", "2023-03-03"), ("/c", "2023-03-02"))
    reading = Reading(site, library, readers, time, most_pages=2)
    assert reading.add("/sitemap.xml").added == 2
    assert set(reading.texts()) == {"/b", "/c"}
    reading.add("/sitemap.xml")
    assert set(reading.texts()) == {"/b", "/c"}


def test_a_run_that_was_cut_off_goes_on_the_next_time(reading: Reading, site: Site) -> None:
    stories(site, "abc")
    sitemap(site, ("/a", "2023-03-03"), ("/b", "2023-03-02"), ("/c", "2023-03-01"))
    stop = site.handler("/b")

    async def stopping(request):  # type: ignore[no-untyped-def]
        reading.web.stop()
        return await stop(request)

    site.play("/b", stopping)
    first = reading.add("/sitemap.xml").added
    assert first < 3  # whether /b had come when the run was stopped is a matter of moments
    again = Reading(site, reading.library, reading.readers, reading.time)
    site.put("/b", page("Story b", [*BODY, "This is story b."]))
    site.paths()
    assert again.add("/sitemap.xml").added == 3 - first
    assert "/a" not in site.paths()
    assert set(reading.texts()) == {"/a", "/b", "/c"}


def test_a_site_is_followed_by_the_sitemaps_that_its_robots_name(reading: Reading, site: Site) -> None:
    stories(site, "ab")
    site.put("/robots.txt", f"Sitemap: {site.url('/news.xml')}\nUser-agent: *\nDisallow: /b", kind="text/plain")
    site.put("/news.xml", urlset((site.url("/a"), ""), (site.url("/b"), "")), kind="text/xml")
    summary = reading.add("/")
    assert counts(summary) == (1, 0, 0, 0, 1)
    assert "does not want programs to read it" in summary.skipped[0]
    assert site.paths() == ["/news.xml", "/a"]


def test_a_site_is_followed_by_its_feed(reading: Reading, site: Site) -> None:
    link = "<link type='application/rss+xml' rel=alternate href='/feed'>"
    site.put("/", page("Daily", head=link))
    feed(site, item(site.url("/a"), text=LONG), etag='"1"')
    assert counts(reading.add("/")) == (1, 0, 0, 0, 0)
    assert list(reading.texts()) == ["/a"]


def test_a_site_is_followed_by_the_sitemap_in_its_usual_place(reading: Reading, site: Site) -> None:
    site.put("/", page("Daily"))
    stories(site, "a")
    sitemap(site, ("/a", ""))
    assert counts(reading.add("/")) == (1, 0, 0, 0, 0)
    assert list(reading.texts()) == ["/a"]


def test_a_site_without_any_is_its_front_page(reading: Reading, site: Site) -> None:
    site.put("/", page("Daily"))
    assert counts(reading.add("/")) == (1, 0, 0, 0, 0)
    assert list(reading.texts()) == ["/"]


def test_a_site_that_is_away_is_not_asked_for_the_rest(reading: Reading, site: Site) -> None:
    sitemap(site, *((f"/{number}", "2023-03-01") for number in range(10)))
    for number in range(10):
        site.put(f"/{number}", status=503)
    summary = reading.add("/sitemap.xml")
    assert len(summary.skipped) == 4
    assert summary.skipped[-1] == "127.0.0.1: is away; 7 more of its pages are left for the next time"
    for number in range(10):
        site.put(f"/{number}", page(f"Story {number}", [*BODY, f"This is story {number}."]))
    assert reading.add("/sitemap.xml").added == 10


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.sampled_from(
        [page(), rss(item("/a", text=LONG)), urlset(("http://127.0.0.1/", "2023-03-01")), "", "{", "%PDF-1.4"]
    ),
    st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=5)), max_size=6),
    st.sampled_from(
        ["text/html", "text/html; charset=utf-16", "application/xml", "text/plain", "", "a/b; charset=\x7f"]
    ),
    st.sampled_from(["", "gzip", "deflate", "br"]),
)
def test_any_answer_ends_in_articles_or_in_lines(
    reading: Reading, site: Site, content: str, edits: list[tuple[int, bytes]], kind: str, coding: str
) -> None:
    body = bytearray(content.encode())
    for place, piece in edits:
        body[place : place + len(piece)] = piece
    site.play("/any", answering(bytes(body), kind, coding))
    summary = reading.add("/any", "/sound")
    assert all(line.isprintable() for line in summary.skipped)
    for source, text in reading.texts().items():
        assert source
        assert text.strip()


def test_tags_go_to_what_comes_from_the_web(reading: Reading, site: Site) -> None:
    site.put("/a", page())
    reading.add("/a", tags=["wolves"])
    assert [one.tags for one in reading.library.articles()] == [("wolves",)]
