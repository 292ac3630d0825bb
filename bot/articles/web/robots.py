"""What sites ask of programs in their robots.txt (RFC 9309)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from bot.articles.web.address import Address
from bot.errors import ReadingError, UnavailableError

if TYPE_CHECKING:
    from protego import Protego

MOST_BYTES = 512_000
"""As much of a robots.txt is read as the standard asks for at least."""

PATH = "/robots.txt"

Fetch = Callable[[Address], bytes | None]
"""A site's robots.txt; None where there is none. Raises UnavailableError when it cannot be known."""


class Rules(NamedTuple):
    """What one site asks for; `rules` is None where it asks for nothing, or, with a `problem`, cannot be known."""

    rules: "Protego | None"
    problem: str = ""


class Robots:
    """The rules of the sites that are asked in one run, each fetched once."""

    def __init__(self, fetch: Fetch, *, product: str) -> None:
        self._fetch = fetch
        self._product = product
        self._sites: dict[str, Rules] = {}

    def check(self, address: Address) -> None:
        """Raise ReadingError for an address that its site does not want read, UnavailableError when that is unknown."""
        if address.path == PATH:
            return
        rules = self._of(address)
        if rules.problem:
            raise UnavailableError(rules.problem)
        if rules.rules is not None and not rules.rules.can_fetch(address.url, self._product):
            raise ReadingError(
                f"{address.url}: its site does not want programs to read it ({address.origin}{PATH}); save the page "
                "yourself, or ask the site"
            )

    def delay(self, address: Address) -> float | None:
        """The seconds that the site wants between two requests; None when it does not say."""
        rules = self._of(address).rules
        return rules.crawl_delay(self._product) if rules is not None else None

    def sitemaps(self, address: Address) -> list[str]:
        """The addresses of the site's sitemaps that it names."""
        rules = self._of(address).rules
        return list(rules.sitemaps) if rules is not None else []

    def _of(self, address: Address) -> Rules:
        if address.origin not in self._sites:
            self._sites[address.origin] = self._read(address)
        return self._sites[address.origin]

    def _read(self, address: Address) -> Rules:
        try:
            content = self._fetch(address.joined(PATH))
        except UnavailableError as error:
            # A site that is in trouble is not asked for anything else: so the standard says.
            return Rules(None, str(error))
        except ReadingError:
            return Rules(None)
        if content is None:
            return Rules(None)
        from protego import Protego  # 40 ms: only where something is fetched

        return Rules(Protego.parse(content[:MOST_BYTES].decode("utf-8-sig", errors="replace")))
