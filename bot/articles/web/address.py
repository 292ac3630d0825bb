"""Addresses of the web: read strictly, written in one way, so that one page has one."""

import re
from datetime import date
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from bot.errors import ReadingError

PORTS = {"http": 80, "https": 443}
LONGEST = 2000
"""Characters; servers and browsers refuse longer addresses."""

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_PATH_KEPT = "/%:@!$&'()*+,;=~-._"
_QUERY_KEPT = _PATH_KEPT + "?"
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_ga|_gl)\Z",
    re.IGNORECASE,
)
_VARIANT = re.compile(r"\A(?:www\d?|m|mobile|amp)\.(?=.+\.)")
_DAY = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)([/_-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


class Address(NamedTuple):
    """An address of the web: all of it as it is asked for, in ASCII and without a fragment, and its parts."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def path(self) -> str:
        """The path, "/" at least."""
        return urlsplit(self.url).path

    @property
    def origin(self) -> str:
        """Scheme, host and port, as robots.txt stands beneath them."""
        return _origin(self.scheme, self.host, self.port)

    @property
    def is_front_page(self) -> bool:
        """Whether it names a site rather than a page of it."""
        parts = urlsplit(self.url)
        return parts.path == "/" and not parts.query

    def joined(self, reference: str) -> "Address":
        """The address that a reference on this page leads to. Raises ReadingError when that is none."""
        return parsed(urljoin(self.url, reference.strip()))


def parsed(written: str) -> Address:
    """The address that somebody wrote. Raises ReadingError that says what is wrong with it."""
    text = written.strip()
    if not text or len(text) > LONGEST:
        raise ReadingError(f"{_shown(text)}: an address has 1 to {LONGEST:,} characters; give a shorter one")
    if _FORBIDDEN.search(text):
        raise ReadingError(f"{_shown(text)}: holds a blank, a backslash or a control character; no address does")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ReadingError(f"{_shown(text)}: is no address ({error}); expected https://host/path") from error
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise ReadingError(f"{_shown(text)}: only http:// and https:// are read; give such an address")
    if "@" in parts.netloc:  # it may be a password that stands there: only the rest is told
        raise ReadingError(
            f"{_shown(_origin(scheme, parts.hostname or '', 0))}: has a user name before its host; take it out"
        )
    host = _ascii_host(parts.hostname or "", text)
    if port == 0:
        raise ReadingError(f"{_shown(text)}: there is no port 0; leave it out")
    port = port or PORTS[scheme]
    path = _quoted(parts.path, _PATH_KEPT) or "/"
    query = _quoted(parts.query, _QUERY_KEPT)
    netloc = _origin(scheme, host, port).partition("://")[2]
    return Address(urlunsplit((scheme, netloc, path, query, "")), scheme, host, port)


def identity(address: Address) -> str:
    """The address as an article's identity: without what only tells who linked to it."""
    parts = urlsplit(address.url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if not any(_TRACKING.match(name) for name, _ in pairs):
        return address.url
    kept = urlencode([pair for pair in pairs if not _TRACKING.match(pair[0])])
    return urlunsplit(parts._replace(query=kept))


def canonical(address: Address, declared: str | None) -> str:
    """The identity of a page that calls another address its own: that one, where it can be believed.

    A page speaks for its own site only, or it could put itself in another article's place; and front pages that
    every page of a site names are a mistake of its templates.
    """
    if declared:
        try:
            found = address.joined(declared)
        except ReadingError:
            return identity(address)
        if site(found.host) == site(address.host) and (not found.is_front_page or address.is_front_page):
            return identity(found)
    return identity(address)


def site(host: str) -> str:
    """The host without what only tells its variants apart: www., m., mobile., amp."""
    return _VARIANT.sub("", host)


def day_in(url: str) -> str | None:
    """The day of publication in an address's path, as ISO 8601; None when there is none."""
    match = _DAY.search(urlsplit(url).path)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[3]), int(match[4])).isoformat()
    except ValueError:
        return None


def is_address(name: str) -> bool:
    """Whether a name that somebody gave is meant as an address: it has a scheme."""
    return "://" in name


def _ascii_host(host: str, text: str) -> str:
    host = host.rstrip(".")
    if not host:
        raise ReadingError(f"{_shown(text)}: names no host; expected https://host/path")
    if host.isascii():
        if not re.fullmatch(r"[a-z0-9._:%-]+", host) or len(host) > 253 or "%" in host:
            raise ReadingError(f"{_shown(text)}: its host is no name that can be looked up; check it")
        return host
    import idna  # 20 ms: only for hosts with letters beyond ASCII

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ReadingError(f"{_shown(text)}: its host is no name that can be looked up; check it") from error


def _origin(scheme: str, host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + ("" if port in (0, PORTS[scheme]) else f":{port}")


def _quoted(text: str, kept: str) -> str:
    """The text with what is not ASCII percent-encoded, and percent signs that encode nothing, too."""
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text), safe=kept)


def _shown(text: str) -> str:
    shown = "".join(character if character.isprintable() else "?" for character in text[:200])
    return shown or "(nothing)"
