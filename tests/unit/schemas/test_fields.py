"""Single fields: what is taken, and the one form in which it is sent."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from pydantic import ValidationError

from schemas.errors import InvalidDocument
from schemas.fields import PUBLIC, Amount, Flag, Id, Ids, MaybeId, MaybeUrl, Text, Time, Wire, document, is_public

LONGEST = 20_000


class Sample(Wire):
    """One field of each kind."""

    one: Id = "x"
    maybe: MaybeId = None
    many: Ids = ()
    url: MaybeUrl = None
    text: Text = ""
    time: Time | None = None
    amount: Amount | None = None
    flag: Flag = False


def read(**fields: object) -> Sample:
    return Sample.parse_plain(fields)  # type: ignore[arg-type]


# C-60
@pytest.mark.parametrize("written", ["x:1", {"id": "x:1", "type": "Person"}, ["x:1"], [{"id": "x:1"}]])
def test_one_id_is_found_in_every_form(written: object) -> None:
    assert read(one=written).one == "x:1"
    assert read(maybe=written).maybe == "x:1"
    assert read(many=written).many == ("x:1",)


# C-60
@pytest.mark.parametrize("written", [["x:1", "x:2"], [], "", None, 7, {}, {"id": 7}, [["x:1"]], "x" * 2049])
def test_what_does_not_name_exactly_one_is_refused(written: object) -> None:
    with pytest.raises(InvalidDocument, match=r"^one"):
        read(one=written)


@pytest.mark.parametrize("written", [None, "", [], {}, {"type": "Collection"}, {"id": None}])
def test_nothing_where_an_id_may_be_missing(written: object) -> None:
    assert read(maybe=written).maybe is None


def test_many_ids_in_their_order_with_public_in_one_spelling() -> None:
    ids = read(many=["x:1", {"id": "x:2"}, None, "as:Public"]).many
    assert ids == ("x:1", "x:2", PUBLIC)
    assert read(many="Public").many == (PUBLIC,)
    with pytest.raises(InvalidDocument, match=r"^many\.1"):
        read(many=["x:1", 7])


@pytest.mark.parametrize("spelling", [PUBLIC, "as:Public", "Public"])
def test_public_has_three_spellings(spelling: str) -> None:
    assert is_public(("x:1", spelling))
    assert not is_public(("x:1", spelling + "/followers"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("x:1", "x:1"),
        ({"type": "Link", "href": "x:1"}, "x:1"),
        ([{"type": "Link"}, {"type": "Link", "href": "x:1"}, "x:2"], "x:1"),
        ([], None),
        (None, None),
    ],
)
def test_an_address_is_text_or_the_first_link(written: object, expected: str | None) -> None:
    assert read(url=written).url == expected


# T-21
def test_texts_are_bounded_in_bytes() -> None:
    assert read(text="é" * (LONGEST // 2)).text
    for text in ("é" * (LONGEST // 2) + "x", "x" * (LONGEST + 1)):
        with pytest.raises(InvalidDocument, match="20 kB"):
            read(text=text)
    assert read(text=[{"@value": "hello", "@language": "en"}]).text == "hello"
    with pytest.raises(InvalidDocument, match="must be text"):
        read(text={"en": "hello"})


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
        ("2026-11-20t10:00:00z", "2026-11-20T10:00:00Z"),
        ("2026-11-20T12:00:00+02:00", "2026-11-20T10:00:00Z"),
        ("2026-11-20T10:00:00.123456789Z", "2026-11-20T10:00:00Z"),
        ("2026-11-20T10:00Z", "2026-11-20T10:00:00Z"),
    ],
)
def test_times_are_read_with_any_offset_and_sent_in_utc(written: str, sent: str) -> None:
    assert document(read(time=written))["time"] == sent


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2026-11-20",
        "2026-11-20T10:00:00",
        "20261120T100000Z",
        "2026-13-20T10:00:00Z",
        "2026-02-30T10:00:00Z",
        "0001-01-01T00:00:00+10:00",
        "9999-12-31T23:59:59-10:00",
        "soon",
        1795168800,
        [],
        "\u0662026-11-20T10:00:00Z",
    ],
)
def test_what_is_not_an_rfc_3339_time_is_refused(written: object) -> None:
    with pytest.raises(InvalidDocument, match=r"^time"):
        read(time=written)


def test_times_given_in_python_need_a_zone() -> None:
    east = timezone(timedelta(hours=2))
    assert Sample(time=datetime(2026, 11, 20, 12, tzinfo=east)).time == datetime(2026, 11, 20, 10, tzinfo=UTC)
    with pytest.raises(ValidationError):
        Sample(time=datetime(2026, 11, 20, 12))  # noqa: DTZ001


# C-119
@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("3", "3"),
        (3, "3"),
        (2.5, "2.5"),
        ("2.50", "2.50"),
        (" 3 ", "3"),
        ({"type": "xsd:decimal", "@value": "3"}, "3"),
        ("1000000", "1000000"),
        (Decimal("1E+2"), "100"),
        ("0", "0"),
    ],
)
def test_amounts_are_read_as_text_or_number_and_sent_as_text(written: object, sent: str) -> None:
    assert document(read(amount=written))["amount"] == sent


# C-119
@pytest.mark.parametrize(
    "written",
    [
        "-1",
        -1,
        "1000001",
        10**9,
        "1e3",
        1e300,
        "NaN",
        "Infinity",
        float("nan"),
        True,
        "",
        "three",
        [],
        {},
        "\u0661",
        "1" * 5000,
        "1,5",
        "+1",
        "0x1",
    ],
)
def test_what_is_not_a_plain_decimal_is_refused(written: object) -> None:
    with pytest.raises(InvalidDocument, match=r"^amount"):
        read(amount=written)


def test_a_missing_yes_or_no_is_no() -> None:
    assert read(flag=None).flag is False
    assert read(flag={"@value": True}).flag is True
    with pytest.raises(InvalidDocument, match="true or false"):
        read(flag={})


def test_values_are_frozen_and_python_names_do_not_count_on_the_wire() -> None:
    class Named(Wire):
        some_name: Text = ""

    assert Named(some_name="a").some_name == "a"
    assert Named.parse({"someName": "b", "some_name": "c", "other": 1}).some_name == "b"
    assert Named.parse({"some_name": "c"}).some_name == ""
    with pytest.raises(ValidationError):
        Named().some_name = "d"  # type: ignore[misc]
