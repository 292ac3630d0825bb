"""Pages, feeds and sitemaps as sites serve them."""

from collections.abc import Sequence
from html import escape

BODY = (
    "The wolves have returned to the valley after forty years, the ranger said on Monday.",
    "Nobody was hurt, and the sheep are inside their fold for now, the farmer told the paper.",
    "Three hikers had seen the pack on the northern slope, where the snow lay deep this winter.",
)


def page(title: str = "Wolves return", body: Sequence[str] = BODY, *, head: str = "") -> str:
    """A page with an article on it, a menu before and a footer after it."""
    paragraphs = "".join(f"<p>{escape(one)}</p>" for one in body)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>{head}</head><body>'
        '<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>'
        f"<article><h1>{escape(title)}</h1>{paragraphs}</article><footer>All rights reserved</footer></body></html>"
    )


def item(link: str, title: str = "Wolves return", text: str = "The wolves are back.", day: str = "") -> str:
    """An entry of an RSS feed; `day` as RFC 822 writes it."""
    date = f"<pubDate>{day}</pubDate>" if day else ""
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>{date}"
        f"<description>{escape(text)}</description></item>"
    )


def rss(*items: str) -> str:
    """An RSS feed."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Daily</title>'
        f"<link>https://daily.example/</link><description>News</description>{''.join(items)}</channel></rss>"
    )


def urlset(*pages: tuple[str, str]) -> str:
    """A sitemap of addresses with the days on which they changed ("" for not said)."""
    entries = "".join(
        f"<url><loc>{escape(url)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for url, day in pages
    )
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def index(*sitemaps: str) -> str:
    """An index of sitemaps."""
    entries = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in sitemaps)
    return f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'
