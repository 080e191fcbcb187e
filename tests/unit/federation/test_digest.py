import pytest

from federation.digest import digest_header, verify_digest
from federation.errors import BadSignature


def test_the_digest_of_the_draft() -> None:
    assert digest_header(b'{"hello": "world"}') == "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="


# C-69
@pytest.mark.parametrize("form", ["{}", "sha-256={0}", "Sha-256={0}", "MD5=abc,SHA-256={0}", "SHA-256={0}, SHA-512=x"])
def test_a_right_digest_is_taken_in_every_form(form: str) -> None:
    header = digest_header(b"body")
    verify_digest(header if form == "{}" else form.format(header.partition("=")[2]), b"body")


# C-69, T-2
@pytest.mark.parametrize(
    "header",
    [
        "",
        "SHA-256=",
        "SHA-256=not base64",
        digest_header(b"other"),
        digest_header(b"body") + "," + digest_header(b"other"),
        digest_header(b"body").replace("SHA-256", "SHA-512"),
        digest_header(b"body")[:-2],
    ],
)
def test_a_wrong_digest_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        verify_digest(header, b"body")
