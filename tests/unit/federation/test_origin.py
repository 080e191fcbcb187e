import pytest

from federation.errors import WrongOrigin
from federation.origin import Origin, ascii_host, origin, same_origin


# C-101, T-11
@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://Aid.North.EXAMPLE/x?y#z", ("https", "aid.north.example", 443)),
        ("HTTPS://a.example:443/x", ("https", "a.example", 443)),
        ("https://a.example:8443", ("https", "a.example", 8443)),
        ("https://bücher.example/", ("https", "xn--bcher-kva.example", 443)),
        ("https://BÜCHER.example/", ("https", "xn--bcher-kva.example", 443)),
        ("https://xn--bcher-kva.example/", ("https", "xn--bcher-kva.example", 443)),
        ("https://under_score.example/", ("https", "under_score.example", 443)),
    ],
)
def test_one_origin_however_it_is_written(uri: str, expected: Origin) -> None:
    assert origin(uri) == expected


# C-101, C-151, T-11
@pytest.mark.parametrize(
    "uri",
    [
        "http://a.example/",
        "ftp://a.example/",
        "acct:ana@a.example",
        "https://ana@a.example/",
        "https://ana:secret@a.example/",
        "https://@a.example/",
        "https://a.example./",
        "https:///x",
        "https://",
        "",
        "a.example",
        "https://a.example:0/",
        "https://a.example:99999/",
        "https://a.example:x/",
        "https://a.example\\@b.example/",
        "https://a.example/ x",
        "https://a.example\n.b.example/",
        "https://a..example/",
        "https://[::1/",
        "https://a.example%2eb.example/",
        "https://" + "a" * 64 + ".example/",
        "https://a.example/" + "x" * 2048,
        "https://ü" + "\ufffd" + ".example/",
    ],
)
def test_what_is_no_address_between_servers(uri: str) -> None:
    with pytest.raises(WrongOrigin):
        origin(uri)


def test_http_only_where_it_is_allowed() -> None:
    assert origin("http://127.0.0.1:8080/x", allow_http=True) == ("http", "127.0.0.1", 8080)
    assert origin("http://a.example/x", allow_http=True).netloc == "a.example"
    assert origin("http://[::1]:81/", allow_http=True).netloc == "[::1]:81"


def test_same_origin_is_scheme_host_and_port() -> None:
    assert same_origin("https://A.example/x", "https://a.example:443/y")
    assert not same_origin("https://a.example/", "https://b.example/")
    assert not same_origin("https://a.example/", "https://a.example:444/")
    assert not same_origin("https://a.example/", "http://a.example/", allow_http=True)
    assert not same_origin("nothing", "nothing")


def test_a_host_name_in_ascii() -> None:
    assert ascii_host("Straße.example") == "xn--strae-oqa.example"
    with pytest.raises(WrongOrigin):
        ascii_host("a/b")
