import pytest

from bot.articles.web.address import Address, parsed
from bot.articles.web.robots import Robots
from bot.errors import ReadingError, UnavailableError

RULES = b"""\xef\xbb\xbfUser-agent: *
Disallow: /private/
Allow: /private/open
Disallow: /*.pdf$
Crawl-delay: 3
Sitemap: https://news.example/sitemap.xml

User-agent: badbot
Disallow: /
"""


class Served:
    """A site's robots.txt, and how often it was asked for."""

    def __init__(self, content: bytes | Exception | None) -> None:
        self._content = content
        self.asked: list[str] = []

    def __call__(self, address: Address) -> bytes | None:
        self.asked.append(address.url)
        if isinstance(self._content, Exception):
            raise self._content
        return self._content


def robots(content: bytes | Exception | None, *, product: str = "verbatim-bot") -> Robots:
    return Robots(Served(content), product=product)


@pytest.mark.parametrize("path", ["/", "/news?id=5", "/private/open/a", "/a.pdf?b", "/robots.txt"])
def test_what_is_not_forbidden_may_be_read(path: str) -> None:
    robots(RULES).check(parsed(f"https://news.example{path}"))


@pytest.mark.parametrize("path", ["/private/a", "/report.pdf"])
def test_what_a_site_keeps_from_programs_is_refused(path: str) -> None:
    with pytest.raises(ReadingError, match=r"does not want programs to read it \(https://news.example/robots.txt\)"):
        robots(RULES).check(parsed(f"https://news.example{path}"))


def test_rules_for_a_program_of_this_name_go_before() -> None:
    with pytest.raises(ReadingError):
        robots(RULES, product="badbot").check(parsed("https://news.example/"))


def test_a_site_is_asked_once_and_each_port_for_itself() -> None:
    served = Served(RULES)
    found = Robots(served, product="verbatim-bot")
    for url in ("https://news.example/a", "https://news.example/b", "https://news.example:8443/"):
        found.check(parsed(url))
    assert found.delay(parsed("https://news.example/")) == 3
    assert found.sitemaps(parsed("https://news.example/")) == ["https://news.example/sitemap.xml"]
    assert served.asked == ["https://news.example/robots.txt", "https://news.example:8443/robots.txt"]


@pytest.mark.parametrize("content", [None, b"", b"\xff\x00\xfe" * 100, b"<html>not found</html>", ReadingError("x")])
def test_a_site_without_sound_rules_asks_for_nothing(content: bytes | Exception | None) -> None:
    found = robots(content)
    found.check(parsed("https://news.example/a"))
    assert found.delay(parsed("https://news.example/a")) is None
    assert found.sitemaps(parsed("https://news.example/a")) == []


def test_a_site_whose_rules_cannot_be_known_is_left_alone() -> None:
    found = robots(UnavailableError("news.example: is in trouble"))
    for _ in range(2):
        with pytest.raises(UnavailableError, match="in trouble"):
            found.check(parsed("https://news.example/a"))
