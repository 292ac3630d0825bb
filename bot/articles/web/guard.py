"""The guard: which hosts may be asked, told by the addresses that their names lead to at this moment."""

import fnmatch
import socket
import threading
from collections.abc import Callable, Sequence

from bot.articles.web.address import PORTS, Address
from bot.articles.web.ranges import IpAddress, is_public, parsed_ip
from bot.errors import ReadingError, UnavailableError

Resolve = Callable[[str, int], Sequence[str]]
"""The numeric addresses that a host's name leads to. Raises OSError when there are none."""


class Guard:
    """Keeps the reading of addresses out of the owner's own network, but for the hosts that the owner allows.

    An allowed host is a name, an address or a pattern ("*.example.org"), with a port or, for the usual ports, without.
    """

    def __init__(self, allowed: Sequence[str] = (), *, resolve: Resolve | None = None) -> None:
        self._allowed = tuple(entry.strip().lower() for entry in allowed)
        self._resolve = resolve or system_addresses

    def check(self, address: Address) -> None:
        """Raise ReadingError for an address that may not be asked whatever its host leads to."""
        if address.port not in PORTS.values() and not self._allows(address.host, address.port):
            raise ReadingError(
                f"{address.url}: has the port {address.port}; only 80 and 443 are read, and hosts that stand with "
                "their port in [fetching] allowed_hosts"
            )
        number = parsed_ip(address.host)
        if number is not None:
            self._check_number(address.host, address.port, number)

    def numbers(self, host: str, port: int, *, seconds: float) -> list[IpAddress]:
        """Where to connect to for a host: every address that its name leads to, when all of them may be asked.

        Raises ReadingError when one may not, UnavailableError when there is none, or none within so many seconds.
        """
        numbers = [number for number in map(parsed_ip, self._resolved(host, port, seconds)) if number is not None]
        if not numbers:
            raise UnavailableError(f"{host}: no such host is known; check the address")
        for number in numbers:
            self._check_number(host, port, number)
        return list(dict.fromkeys(numbers))

    def allows_anything(self, host: str, port: int) -> bool:
        """Whether the owner allows the host, wherever it leads."""
        return self._allows(host, port)

    def _check_number(self, host: str, port: int, number: IpAddress) -> None:
        if is_public(number) or self._allows(host, port):
            return
        leads = "is" if parsed_ip(host) is not None else f"leads to {number},"
        raise ReadingError(
            f"{host}: {leads} an address inside a private network, which is not read; if it is yours, put the host "
            "into [fetching] allowed_hosts"
        )

    def _allows(self, host: str, port: int) -> bool:
        shown = f"[{host}]" if ":" in host else host
        names = [f"{shown}:{port}", f"{host}:{port}"]
        if port in PORTS.values():
            names += [shown, host]
        return any(fnmatch.fnmatchcase(name, _literal(entry)) for entry in self._allowed for name in names)

    def _resolved(self, host: str, port: int, seconds: float) -> Sequence[str]:
        """What the system's resolver says; it knows no time limit, so it is asked from a thread that may be left."""
        found: list[Sequence[str]] = []

        def look_up() -> None:
            try:
                found.append(self._resolve(host, port))
            except (OSError, UnicodeError):
                found.append(())

        thread = threading.Thread(target=look_up, name="resolver", daemon=True)
        thread.start()
        thread.join(max(0.0, seconds))
        if not found:
            raise UnavailableError(f"{host}: its name could not be looked up in time; try again later")
        return found[0]


def system_addresses(host: str, port: int) -> list[str]:
    """The numeric addresses that the system's resolver gives for a host, those that it prefers first."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _literal(entry: str) -> str:
    """The entry with its brackets, which hold an IPv6 address, standing for themselves."""
    return entry.replace("[", "[[]")
