"""Which addresses of the Internet Protocol belong to the public Internet: everything else may be the owner's own.

From IANA's registries of special-purpose addresses, and two that clouds serve their secrets from.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

IpAddress = IPv4Address | IPv6Address

_SPECIAL = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network, and on many systems this machine
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT, and a cloud's metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's host, seen from its machines
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, and a cloud's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_GLOBAL_SIX = IPv6Network("2000::/3")  # all that was ever given out; mapped, unique local and link-local lie outside
_SPECIAL_SIX = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, with Teredo, benchmarks and ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which holds IPv4 addresses
        "3fff::/20",  # documentation
    )
)
_TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64: how a server with IPv6 alone reaches IPv4


def parsed_ip(text: str) -> IpAddress | None:
    """The address that a text is, in the one usual form; None when it is a name or anything else."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def is_public(address: IpAddress) -> bool:
    """Whether anybody on the Internet could be reached there; IPv4 inside IPv6 counts as what is inside."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL)
    if address.scope_id is not None:
        return False
    inside = address.ipv4_mapped
    if inside is None and address in _TRANSLATED:
        inside = IPv4Address(int(address) & 0xFFFF_FFFF)
    if inside is not None:
        return is_public(inside)
    return address in _GLOBAL_SIX and not any(address in network for network in _SPECIAL_SIX)
