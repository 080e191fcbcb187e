from ipaddress import ip_address, ip_network

import pytest

from federation.errors import ForbiddenAddress
from federation.transport import NetworkPolicy
from federation.transport.networks import is_public, parse_address
from federation.transport.policy import check_url

PUBLIC = NetworkPolicy(own_hosts=frozenset({"aid.north.example"}))
LOCAL = NetworkPolicy(own_hosts=frozenset({"127.0.0.1:8001"}), dev_loopback=True)

NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.255 168.63.129.16 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.8 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::1 64:ff9b:1::808:808 100::1 2001::1 2001:0:7f00:1:: 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::
2002:808:808:: 3ffe::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 2a00::5efe:7f00:1
2a00::200:5efe:a00:1
""".split()
ON_THE_INTERNET = (
    "1.1.1.1 9.9.9.9 100.128.0.1 172.32.0.1 2a00:1450::1 2606:4700::1111 ::ffff:1.1.1.1 64:ff9b::101:101".split()
)


# T-16
@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_special_addresses_are_not_public(text: str) -> None:
    assert not is_public(ip_address(text))
    assert not PUBLIC.allows(ip_address(text))


# T-16
@pytest.mark.parametrize("text", ON_THE_INTERNET)
def test_ordinary_addresses_are_public(text: str) -> None:
    assert is_public(ip_address(text))
    assert PUBLIC.allows(ip_address(text))


def test_loopback_policy_reaches_this_machine_and_nothing_else() -> None:
    for text in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"):
        assert LOCAL.allows(ip_address(text))
    for text in ("1.1.1.1", "10.0.0.1", "2606:4700::1111", "169.254.169.254"):
        assert not LOCAL.allows(ip_address(text))


def test_networks_of_peers_are_reached_although_private() -> None:
    policy = NetworkPolicy(peer_networks=(ip_network("10.7.0.0/16"), ip_network("fd00:7::/32")))
    for text in ("10.7.1.1", "::ffff:10.7.1.1", "fd00:7::1", "1.1.1.1"):
        assert policy.allows(ip_address(text))
    for text in ("10.8.1.1", "127.0.0.1", "fd00:8::1"):
        assert not policy.allows(ip_address(text))


def test_an_address_is_read_with_brackets_and_scope() -> None:
    assert str(parse_address("[fe80::1%eth0]")) == "fe80::1"
    assert parse_address("a.example") is None


# T-11, T-14, T-17, C-49, C-151
@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/",
        "ftp://a.example/",
        "file:///etc/passwd",
        "a.example/x",
        "//a.example/x",
        "https:a.example",
        "https://",
        "",
        "https://ana@a.example/",
        "https://ana:secret@a.example/",
        "https://@a.example/",
        "https://a.example:8443/",
        "https://a.example:80/",
        "https://a.example:0/",
        "https://a.example:99999/",
        "https://a.example:x/",
        "https://127.0.0.1/",
        "https://1.1.1.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[2606:4700::1111]/",
        "https://[fe80::1%25eth0]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://1.1.1.1./",
        "https://aid.north.example/",
        "https://AID.north.example/",
        "https://aid.north.example:443/",
        "https://aid.north.example./",
        "https://a.example./",
        "https://localhost/",
        "https://intranet/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://x.onion/",
        "https://x.home.arpa/",
        "https://a..example/",
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 130 + "example/",
        "https://bücher.example/",
        "https://a.example/ü",
        "https://a.example/ x",
        "https://a.example/\r\nX: y",
        "https://a.example\\x",
        "https://a.example%2f/",
        "https://a.example/" + "x" * 2048,
    ],
)
def test_addresses_that_are_never_asked(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check_url(url, PUBLIC)


# C-72: what is signed is what is sent
@pytest.mark.parametrize(
    "url", ["https://a.example/%40ana/%2F?x=%20&y", "https://a.example:8443/@ana", "https://A.example"]
)
def test_an_address_is_asked_as_it_is_written(url: str) -> None:
    assert str(check_url(url, NetworkPolicy(ports=frozenset({8443})))).rstrip("/") == url


def test_other_ports_and_private_names_only_when_configured() -> None:
    check_url("https://a.example:8443/", NetworkPolicy(ports=frozenset({8443})))
    check_url("https://a.example/", NetworkPolicy(ports=frozenset({8443})))
    check_url("https://node.internal/", NetworkPolicy(peer_networks=(ip_network("10.7.0.0/16"),)))
    with pytest.raises(ForbiddenAddress):
        check_url("https://10.7.0.1/", NetworkPolicy(peer_networks=(ip_network("10.7.0.0/16"),)))


def test_loopback_policy_takes_http_ports_and_numbers_of_this_machine() -> None:
    for url in ("http://127.0.0.1:8002/x", "http://[::1]:8002/x", "http://localhost:8002/", "http://river.example/"):
        check_url(url, LOCAL)
    for url in ("http://127.0.0.1:8001/x", "http://10.0.0.1/", "http://1.1.1.1/", "http://ana@127.0.0.1/"):
        with pytest.raises(ForbiddenAddress):
            check_url(url, LOCAL)
