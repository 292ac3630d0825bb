import ipaddress
import socket
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.web.address import parsed
from bot.articles.web.guard import Guard, system_addresses
from bot.articles.web.ranges import IpAddress, is_public
from bot.errors import ReadingError, UnavailableError

FOURS = st.ip_addresses(v=4)
SIXES = st.ip_addresses(v=6)
INSIDE = st.sampled_from(
    [
        "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "0.0.0.0/8",
        "224.0.0.0/4", "240.0.0.0/4",
    ]
).flatmap(lambda network: st.ip_addresses(network=network))  # fmt: skip


@pytest.mark.parametrize(
    "number",
    [
        "0.0.0.0", "127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16",
        "198.18.0.1", "203.0.113.5", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
        "2001:db8::1", "100::1", "5f00::1", "fec0::1", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_what_is_not_the_public_internet_is_told(number: str) -> None:
    assert not is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize(
    "number",
    ["1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "192.167.1.1",
     "223.255.255.1", "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450::1", "::ffff:8.8.8.8",
     "64:ff9b::808:808"],
)  # fmt: skip
def test_the_public_internet_is_public(number: str) -> None:
    assert is_public(ipaddress.ip_address(number))


def oracle_refuses(number: IpAddress) -> bool:
    return not number.is_global or number.is_multicast or number.is_reserved or number.is_unspecified


@given(FOURS | SIXES | INSIDE)
def test_what_the_standard_library_calls_special_is_not_public(number: IpAddress) -> None:
    if isinstance(number, ipaddress.IPv6Address) and (number.ipv4_mapped or number in NAT64):
        return
    if oracle_refuses(number):
        assert not is_public(number)


@given(FOURS)
def test_most_of_the_public_internet_stays_readable(number: ipaddress.IPv4Address) -> None:
    if not is_public(number):
        assert oracle_refuses(number) or any(number in network for network in OURS)


NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
OURS = [ipaddress.ip_network(network) for network in ("168.63.129.16/32", "192.88.99.0/24", "192.0.0.0/24")]
"""What we refuse besides: a cloud's host, old relays, protocol assignments."""


@given(FOURS | INSIDE)
def test_an_address_inside_another_counts_as_what_is_inside(number: IpAddress) -> None:
    low = int(number)
    assert is_public(ipaddress.IPv6Address(0xFFFF << 32 | low)) == is_public(number)
    assert is_public(NAT64[low]) == is_public(number)
    assert not is_public(ipaddress.IPv6Address(low))
    assert not is_public(ipaddress.IPv6Address(0x2002 << 112 | low << 80))


def reached(guard: Guard, url: str) -> list[IpAddress]:
    """Where the guard lets a connection for an address go."""
    address = parsed(url)
    guard.check(address)
    return guard.numbers(address.host, address.port, seconds=5)


def forms(number: ipaddress.IPv4Address) -> list[str]:
    """The ways in which resolvers take an IPv4 address."""
    one, two, three, four = number.packed
    whole = int(number)
    return [
        str(number), f"{whole}", f"0x{whole:x}", f"0{whole:o}", f"{one}.{two}.{three << 8 | four}",
        f"{one}.{whole & 0xFFFFFF}", f"0x{one:x}.0x{two:x}.0x{three:x}.0x{four:x}",
        f"0{one:o}.0{two:o}.0{three:o}.0{four:o}", f"[::ffff:{number}]",
        f"[::ffff:{one << 8 | two:x}:{three << 8 | four:x}]",
    ]  # fmt: skip


@given(INSIDE)
def test_no_way_of_writing_an_inside_address_gets_by(number: ipaddress.IPv4Address) -> None:
    for form in forms(number):
        with pytest.raises((ReadingError, UnavailableError)):
            reached(Guard(), f"http://{form}/")


@given(FOURS)
def test_the_guard_judges_the_number_that_the_resolver_makes_of_a_form(number: ipaddress.IPv4Address) -> None:
    for form in forms(number)[:8]:
        try:
            resolved = system_addresses(parsed(f"http://{form}/").host, 80)
        except (OSError, ReadingError):
            continue
        assert resolved == [str(number)]
        if is_public(number):
            assert Guard().numbers(form, 80, seconds=5) == [number]


def answering(*numbers: str) -> Guard:
    return Guard(resolve=lambda *_: numbers)


def test_a_name_that_leads_inside_is_refused_though_it_leads_outside_too() -> None:
    with pytest.raises(ReadingError, match=r"news.example: leads to 10.0.0.1, an address inside .*allowed_hosts"):
        answering("1.1.1.1", "10.0.0.1").numbers("news.example", 443, seconds=5)
    assert [str(one) for one in answering("1.1.1.1", "1.1.1.1").numbers("news.example", 443, seconds=5)] == ["1.1.1.1"]


def test_a_name_that_leads_nowhere_is_away() -> None:
    def fails(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror("no such host")

    with pytest.raises(UnavailableError, match="no such host is known"):
        Guard(resolve=fails).numbers("news.example", 443, seconds=5)


def test_a_resolver_that_hangs_is_left() -> None:
    release = threading.Event()

    def hangs(host: str, port: int) -> Sequence[str]:
        release.wait(30)
        return ()

    with pytest.raises(UnavailableError, match="could not be looked up in time"):
        Guard(resolve=hangs).numbers("news.example", 443, seconds=0.01)
    release.set()


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 9200])
def test_unusual_ports_are_refused(port: int) -> None:
    with pytest.raises(ReadingError, match=f"has the port {port}; only 80 and 443"):
        answering("1.1.1.1").check(parsed(f"http://news.example:{port}/"))


@pytest.mark.parametrize(
    ("entry", "url", "is_allowed"),
    [
        ("intranet.example", "http://intranet.example/", True),
        ("Intranet.Example", "https://intranet.example/", True),
        ("intranet.example", "http://intranet.example:8080/", False),
        ("intranet.example:8080", "http://intranet.example:8080/", True),
        ("intranet.example:8080", "http://intranet.example/", False),
        ("*.corp.example", "http://wiki.corp.example/", True),
        ("*.corp.example", "http://corp.example.evil.example/", False),
        ("10.0.0.5", "http://10.0.0.5/", True),
        ("10.0.0.5", "http://10.0.0.50/", False),
        ("::1", "http://[::1]/", True),
        ("[::1]:8080", "http://[::1]:8080/", True),
    ],
)
def test_the_owner_may_allow_hosts(entry: str, url: str, *, is_allowed: bool) -> None:
    guard = Guard([entry], resolve=lambda host, _: ["::1" if ":" in host else "10.0.0.5"])
    if is_allowed:
        assert reached(guard, url)
    else:
        with pytest.raises(ReadingError):
            reached(guard, url)
