"""What the network may be asked for: which addresses are private, and the errors that say so.

The check is made on the address that a connection is opened to, at the moment it is opened, so
that neither a redirect nor a name that resolves differently the second time gets around it.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final

from scrapy.exceptions import IgnoreRequest

NEVER: Final = tuple(
    ip_network(network) for network in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128")
)
"""Link-local addresses, where clouds keep their machines' secrets: refused even when private
networks are allowed."""
_NAT64: Final = ip_network("64:ff9b::/96")
_6TO4: Final = ip_network("2002::/16")
Address = IPv4Address | IPv6Address


class RefusedError(IgnoreRequest):
    """A request that must not be made, or an answer that must not be read; in plain words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RefusedAddressError(OSError):
    """A connection to an address that is off limits."""


def off_limits(host: str, *, allow_private: bool) -> bool:
    """Whether this literal address may not be connected to.

    Private means not reachable from the public internet: loopback, RFC 1918, carrier NAT,
    link-local, unique-local, multicast, documentation, unspecified, and any of these inside an
    IPv6 address (IPv4-mapped, NAT64, 6to4, Teredo).
    """
    found = [ip_address(host.partition("%")[0])]
    found += _inside(found[0])
    if any(address in network for address in found for network in NEVER):
        return True
    return not allow_private and any(_private(address) for address in found)


def opener(*, allow_private: bool) -> Any:
    """A maker of sockets (as aiohttp wants it) that refuses addresses off limits."""

    def open_socket(info: Sequence[Any]) -> socket.socket:
        family, kind, protocol, _, address = info
        if off_limits(address[0], allow_private=allow_private):
            raise RefusedAddressError(f"private network: {address[0]} is not asked")
        return socket.socket(family, kind, protocol)

    return open_socket


def _private(address: Address) -> bool:
    return not address.is_global or address.is_multicast or address.is_reserved


def _inside(address: Address) -> list[Address]:
    """IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return []
    inner: list[Address] = []
    if address.ipv4_mapped:
        inner.append(address.ipv4_mapped)
    if address.sixtofour and address in _6TO4:
        inner.append(address.sixtofour)
    if address.teredo:
        inner += address.teredo
    if address in _NAT64 or address.packed[:12] == bytes(12):
        inner.append(IPv4Address(address.packed[12:]))
    return inner
