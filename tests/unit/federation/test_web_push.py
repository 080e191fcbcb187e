"""Web Push against the example of its own standard."""

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from federation.web_push import PushKey, encrypted, from_text, read_subscription, to_text

#: RFC 8291, section 5 and appendix A.
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard() -> None:
    once = derive_private_key(int.from_bytes(from_text(SENDER), "big"), SECP256R1())
    to = read_subscription("https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV", POINT, SECRET)
    said = encrypted(b"When I grow up, I want to be a watermelon", to, once, from_text(SALT))
    assert to_text(said) == BODY


def test_the_same_seed_is_the_same_key_and_every_seed_makes_one() -> None:
    assert PushKey(b"\x07" * 32).public == PushKey(b"\x07" * 32).public != PushKey(b"\x08" * 32).public
    assert len(from_text(PushKey(b"\xff" * 32).public)) == len(from_text(PushKey(bytes(32)).public)) == 65
