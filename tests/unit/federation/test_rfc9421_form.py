"""RFC 9421 signatures that are not in the form of the RFC, or in more of it than is read here."""

from dataclasses import replace
from datetime import datetime

import pytest

from federation.errors import BadSignature
from federation.keys import PrivateKey
from federation.signatures import verify
from tests.unit.federation.signing import HOSTS, NEEDED, Sign, finds, unasked


# C-74
@pytest.mark.parametrize(
    "said",
    [
        '{covered};keyid="{id}"',
        "{covered};created={now}",
        '{covered};created={now};keyid=""',
        "{covered};created={now};keyid=token",
        '{covered};created={now}.0;keyid="{id}"',
        '{covered};created="{now}";keyid="{id}"',
        '{covered};created=?1;keyid="{id}"',
        '{covered};created=-1;keyid="{id}"',
        '{covered};created=999999999999999;keyid="{id}"',
        '{covered};created={now};expires="1";keyid="{id}"',
        '{covered};created={now};keyid="{id}";alg="hmac-sha256"',
        '{covered};created={now};keyid="{id}";alg="rsa-pss-sha512"',
        '{covered};created={now};keyid="{id}";alg=ed25519',
        '{covered};created={now};keyid="{id}";purpose="something else"',
        '{covered};created={now};keyid="{id}", sig2=();created={now};keyid="{id}"',
        '{covered};created={now};keyid="{id}", sig1={covered};created={now};keyid="{id}"',
        '"@method";created={now};keyid="{id}"',
        '("@method" "@method" "@target-uri" "content-digest");created={now};keyid="{id}"',
        '("@method" "@target-uri";req "content-digest");created={now};keyid="{id}"',
        '("@method" "@target-uri" "content-digest";key="sha-256");created={now};keyid="{id}"',
        '("@method" "@target-uri" "Content-Digest" "content-digest");created={now};keyid="{id}"',
        '("@method" "@target-uri" "content-digest" "@signature-params");created={now};keyid="{id}"',
        '("@method" "@target-uri" "content-digest" "@status");created={now};keyid="{id}"',
        '("@method" "@target-uri" "content-digest" 1);created={now};keyid="{id}"',
        '("@method" "@target-uri" "content-digest" @method);created={now};keyid="{id}"',
        "(",
        "",
    ],
)
async def test_what_is_not_in_the_form_of_the_rfc(message_signed: Sign, now: datetime, said: str) -> None:
    request = message_signed()
    filled = said.format(covered=NEEDED, now=int(now.timestamp()), id="https://help.river.example/actors/public#k")
    with pytest.raises(BadSignature):
        await verify(
            replace(request, headers={**request.headers, "signature-input": f"sig1={filled}"}), unasked, now, HOSTS
        )


# C-74
@pytest.mark.parametrize(
    "value", ["", "sig2=:AA==:", "sig1=AA==", 'sig1="AA=="', "sig1=:AA==:, sig2=:AA==:", "sig1=()"]
)
async def test_what_is_not_one_signature(message_signed: Sign, now: datetime, value: str) -> None:
    request = message_signed()
    with pytest.raises(BadSignature):
        await verify(replace(request, headers={**request.headers, "signature": value}), unasked, now, HOSTS)


# C-74
@pytest.mark.parametrize("headers", [{"x": "ü"}, {"x": "a\nb"}, {}])
async def test_a_covered_header_must_be_there_and_plain(
    message_signed: Sign, river_key: PrivateKey, now: datetime, headers: dict[str, str]
) -> None:
    request = message_signed('("@method" "@target-uri" "content-digest" "x")', x="1")
    unlike = {name: value for name, value in request.headers.items() if name != "x"} | headers
    with pytest.raises(BadSignature):
        await verify(replace(request, headers=unlike), finds(river_key), now, HOSTS)


async def test_endless_headers_are_not_read(message_signed: Sign, now: datetime) -> None:
    for name in ("signature", "signature-input", "content-digest"):
        request = message_signed()
        headers = {**request.headers, name: request.headers[name] + " " * 10_000}
        with pytest.raises(BadSignature, match="too long"):
            await verify(replace(request, headers=headers), unasked, now, HOSTS)
