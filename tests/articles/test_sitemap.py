import resource

import pytest

from bot.articles.readers.sitemap import MOST_ENTRIES, Entry, sitemap_entries
from bot.errors import ReadingError
from tests.articles.web.pages import index, urlset

MEGABYTE = 1_000_000


def test_pages_are_listed_in_order_with_the_days_on_which_they_changed() -> None:
    data = urlset(("https://example.org/a?b&c", "2023-03-08T10:00:00+01:00"), ("https://example.org/d", ""))
    assert sitemap_entries(data.encode(), "x") == [
        Entry("https://example.org/a?b&c", "2023-03-08T10:00:00+01:00", False),
        Entry("https://example.org/d", None, False),
    ]


def test_sitemaps_of_an_index_are_told_as_such() -> None:
    assert sitemap_entries(index("https://example.org/one.xml").encode(), "x") == [
        Entry("https://example.org/one.xml", None, True)
    ]


def test_an_image_s_address_is_not_its_page_s() -> None:
    data = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>
        <image:image><image:loc>https://example.org/a.png</image:loc></image:image>
        <loc> https://example.org/a </loc><priority>1</priority><lastmod>soon</lastmod>
        <image:image><image:loc>https://example.org/b.png</image:loc></image:image></url>
        <url><loc>ftp://example.org/x</loc></url><url/><loc>https://example.org/stray</loc></urlset>"""
    assert sitemap_entries(data, "x") == [Entry("https://example.org/a", None, False)]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<rss/>", "x: is no sitemap .its root is <rss>.; expected <urlset> or <sitemapindex>"),
        (b"", "is not a sound sitemap file"),
        (b"<urlset><url><loc>https://example.org/</loc>", "is not a sound sitemap file"),
        (b"<urlset>" + b"<a>" * 100_000, "is not a sound sitemap file"),
        (b'<!DOCTYPE urlset [<!ENTITY a "aaaa">]><urlset><url><loc>&a;</loc></url></urlset>', "defines entities"),
    ],
)
def test_what_is_no_sitemap_says_why(data: bytes, says: str) -> None:
    with pytest.raises(ReadingError, match=says):
        sitemap_entries(data, "x")


def test_no_more_entries_are_read_than_the_protocol_allows() -> None:
    data = b"<urlset>" + b"<url><loc>https://example.org/</loc></url>" * (MOST_ENTRIES + 10) + b"</urlset>"
    assert len(sitemap_entries(data, "x")) == MOST_ENTRIES


@pytest.mark.parametrize("start", [b"<urlset>", b"<urlset><url>"])
def test_twenty_hostile_megabytes_take_few(start: bytes) -> None:
    data = (
        start
        + b"<a/>" * 4_900_000
        + start.replace(b"<urlset><url>", b"</url></urlset>").replace(b"<urlset>", b"</urlset>")
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sitemap_entries(data, "x") == []
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 100 * MEGABYTE
