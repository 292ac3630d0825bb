import pytest

from bot.articles.web.address import Address, parsed
from bot.articles.web.fetching import Fetcher
from bot.articles.web.guard import Guard
from bot.articles.web.politeness import Politeness
from bot.articles.web.visiting import MOST_REDIRECTS, Visitor
from bot.errors import ReadingError, UnavailableError
from tests.articles.web.conftest import Time
from tests.articles.web.site import Handler, Site
from tests.articles.web.test_fetching import reset


def failing(site: Site, path: str, times: int, status: int, **headers: str) -> None:
    """Let a path fail so many times before it answers."""
    site.put(path, status=status, **headers)
    first = site.handler(path)
    site.put(path, "The wolf is grey.")
    then = site.handler(path)
    left = times

    async def answer(request):  # type: ignore[no-untyped-def]
        nonlocal left
        left -= 1
        return await (first if left >= 0 else then)(request)

    site.play(path, answer)


def test_a_redirect_is_followed_to_its_end(visitor: Visitor, site: Site, address: Address) -> None:
    site.lead("/page", "/next", status=301)
    site.lead("/next", f"{site.url('/end')}#part", status=308)
    site.put("/end", "The wolf is grey.", ETag='"1"')
    visit = visitor.visit(address)
    assert visit.is_whole
    assert visit.address.url == site.url("/end")
    assert visitor.visit(address, etag='"1"').is_unchanged
    assert site.paths() == ["/page", "/next", "/end"] * 2


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254: is an address inside a private network"),
        ("http://localhost/admin", "localhost: leads to "),
        ("http://2130706433/", "2130706433: leads to 127.0.0.1"),
        ("http://0x7f.1/", "leads to 127.0.0.1"),
        ("http://[::ffff:127.0.0.1]/", "is an address inside a private network"),
        ("http://127.0.0.1:1/", "has the port 1"),
        ("http://0/", "leads to 0.0.0.0"),
        ("file:///etc/passwd", "only http:// and https:// are read"),
        ("gopher://127.0.0.1/", "only http"),
        ("http://user:secret@127.0.0.1/", "has a user name"),
        ("//[::1]/", "::1: is an address inside a private network"),
    ],
)
def test_a_redirect_never_leads_inside(visitor: Visitor, site: Site, address: Address, target: str, says: str) -> None:
    site.lead("/page", "/next")
    site.lead("/next", target)
    with pytest.raises((ReadingError, UnavailableError)) as error:
        visitor.visit(address)
    assert says in str(error.value)
    assert "secret" not in str(error.value)


def test_circles_and_endless_chains_of_redirects_end(visitor: Visitor, site: Site, address: Address) -> None:
    site.lead("/page", "/next")
    site.lead("/next", "/page")
    with pytest.raises(ReadingError, match="leads in a circle"):
        visitor.visit(address)
    for number in range(MOST_REDIRECTS + 2):
        site.lead(f"/{number}", f"/{number + 1}")
    site.lead("/page", "/0")
    with pytest.raises(ReadingError, match=f"leads on more than {MOST_REDIRECTS} times"):
        visitor.visit(address)


def test_a_passing_failure_is_waited_out(visitor: Visitor, site: Site, address: Address, time: Time) -> None:
    failing(site, "/page", 2, 503)
    assert visitor.visit(address).answer.content == b"The wolf is grey."
    assert site.paths() == ["/page"] * 3
    first, second, third = time.pauses
    assert first == 1.0  # after robots.txt
    assert 0.75 <= second <= 1.25
    assert 2.25 <= third <= 3.75


def test_a_lasting_failure_is_given_up(visitor: Visitor, site: Site, address: Address) -> None:
    site.put("/page", status=500)
    with pytest.raises(UnavailableError, match=r"/page: the server is in trouble \(500\); try again later"):
        visitor.visit(address)
    assert site.paths() == ["/page"] * 3


def test_a_connection_that_breaks_is_made_again(visitor: Visitor, site: Site, address: Address) -> None:
    handlers: list[Handler] = [reset]
    site.put("/page", "The wolf is grey.")
    then = site.handler("/page")

    async def answer(request):  # type: ignore[no-untyped-def]
        return await (handlers.pop() if handlers else then)(request)

    site.play("/page", answer)
    assert visitor.visit(address).is_whole


def test_a_server_that_asks_for_a_short_rest_gets_it(
    visitor: Visitor, site: Site, address: Address, time: Time
) -> None:
    failing(site, "/page", 1, 429, Retry_After="20")
    assert visitor.visit(address).is_whole
    assert time.pauses == [1.0, 20.0]


def test_a_server_that_asks_for_a_long_rest_is_left_alone(
    visitor: Visitor, site: Site, address: Address, time: Time
) -> None:
    failing(site, "/page", 1, 429, Retry_After="3600")
    for _ in range(2):
        with pytest.raises(UnavailableError, match=r"asks to be left alone for another 60 minutes"):
            visitor.visit(address)
    assert site.paths() == ["/page"]
    time.now += 3600
    assert visitor.visit(address).is_whole


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_refusal_is_taken_at_once(visitor: Visitor, site: Site, address: Address, status: int) -> None:
    site.put("/page", status=status)
    assert visitor.visit(address).answer.status == status
    assert site.paths() == ["/page"]


def test_robots_are_asked_at_each_redirect(visitor: Visitor, site: Site, address: Address) -> None:
    site.put("/robots.txt", "User-agent: verbatim-bot\nDisallow: /secret", kind="text/plain")
    site.lead("/page", "/secret/page")
    site.put("/secret/page", "The wolf is grey.")
    with pytest.raises(ReadingError, match="does not want programs to read it"):
        visitor.visit(address)
    assert site.paths() == ["/page"]


def test_a_site_s_own_delay_is_kept(visitor: Visitor, site: Site, address: Address, time: Time) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 7", kind="text/plain")
    site.put("/page", "The wolf is grey.")
    for _ in range(3):
        visitor.visit(address)
    assert time.pauses == [1.0, 7.0, 7.0]


def test_a_site_whose_robots_cannot_be_read_is_left_alone(visitor: Visitor, site: Site, address: Address) -> None:
    site.put("/robots.txt", status=503)
    site.put("/page", "The wolf is grey.")
    with pytest.raises(UnavailableError, match=r"robots.txt: the server is in trouble \(503\)"):
        visitor.visit(address)
    assert site.paths() == []


def test_the_owner_may_do_without_robots(
    fetcher: Fetcher, guard: Guard, politeness: Politeness, site: Site, address: Address
) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /", kind="text/plain")
    site.put("/page", "The wolf is grey.")
    assert Visitor(fetcher, guard, politeness, attempts=1, obeys_robots=False).visit(address).is_whole
    assert [one.path for one in site.asked] == ["/page"]


def test_a_location_in_bare_utf8_is_understood(visitor: Visitor, site: Site) -> None:
    site.play("/page", site.raw_location("/новини"))
    site.put("/новини", "Вовк сірий.")
    assert visitor.visit(parsed(site.url("/page"))).address.path == "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8"


def test_a_visit_ends_whatever_slow_way_it_is_led(
    visitor: Visitor, site: Site, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.robots.check(address)
    monkeypatch.setattr("bot.articles.web.visiting.LONGEST_VISIT_SECONDS", -1.0)
    with pytest.raises(UnavailableError, match=r"/page: could not be asked for; try again later"):
        visitor.visit(address)
    assert site.paths() == []
