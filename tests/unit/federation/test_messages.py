import pytest

from federation.messages import Request, combined, is_activity_streams, media_type

LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


# C-72
@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.example/inbox", "/inbox"),
        ("https://a.example/%40ana%2Fx?b=%20c&d", "/%40ana%2Fx?b=%20c&d"),
        ("https://a.example", "/"),
        ("https://a.example?q=1", "/?q=1"),
        ("https://a.example/x?next=/y", "/x?next=/y"),
        ("https://a.example/x#part", "/x"),
        ("https://a.example#main-key", "/"),
    ],
)
def test_the_target_is_the_raw_path_and_query(url: str, target: str) -> None:
    assert Request("GET", url).target == target


def test_a_header_sent_twice_is_seen_twice() -> None:
    assert combined([("Host", "a"), ("Digest", "x "), ("digest", "y")]) == {"host": "a", "digest": "x, y"}


# C-19, C-57
@pytest.mark.parametrize(
    ("content_type", "on_get", "on_post"),
    [
        ("application/activity+json", True, True),
        ("Application/Activity+JSON; charset=utf-8", True, True),
        (LD, True, True),
        (LD + "; charset=utf-8", True, True),
        ('application/ld+json; profile="http://x.example/ https://www.w3.org/ns/activitystreams"', True, True),
        ("application/ld+json", False, True),
        ('application/ld+json; profile="https://x.example/"', False, False),
        ("application/json", False, False),
        ("text/html", False, False),
        ("", False, False),
        ("application/activity+json-seq", False, False),
        ("text/plain\r\n application/activity+json", False, False),
    ],
)
def test_which_content_types_are_activitystreams(content_type: str, on_get: bool, on_post: bool) -> None:
    assert is_activity_streams(content_type, profile_required=True) is on_get
    assert is_activity_streams(content_type, profile_required=False) is on_post


def test_media_type_is_lower_case_without_parameters() -> None:
    assert media_type("Text/HTML; charset=UTF-8") == ("text/html", None)
