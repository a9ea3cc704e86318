import socket

import pytest

from crawlers.guard import RefusedAddressError, off_limits, opener

PRIVATE = (
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "100.64.0.1", "169.254.169.254", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "2002:7f00:1::1", "2002:a00:1::", "2001:0:7f00:1::",
)  # fmt: skip
PUBLIC = ("1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111")
NEVER = (
    "169.254.169.254", "169.254.0.1", "fe80::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::", "fd00:ec2::254",
)  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses_are_off_limits(host):
    assert off_limits(host, allow_private=False)


@pytest.mark.parametrize("host", PUBLIC)
def test_public_addresses_are_not(host):
    assert not off_limits(host, allow_private=False)


@pytest.mark.parametrize("host", NEVER)
def test_link_local_addresses_stay_off_limits_when_private_ones_are_allowed(host):
    assert off_limits(host, allow_private=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "::1", "fd12::1"])
def test_private_addresses_can_be_allowed(host):
    assert not off_limits(host, allow_private=True)


def info(host):
    return (socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, 80))


def test_a_socket_is_made_for_public_addresses_only():
    open_socket = opener(allow_private=False)
    open_socket(info("1.1.1.1")).close()
    with pytest.raises(RefusedAddressError, match=r"private network: 10\.0\.0\.1 is not asked"):
        open_socket(info("10.0.0.1"))
