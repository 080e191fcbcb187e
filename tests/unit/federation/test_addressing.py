from federation.addressing import Recipient, deliveries

ANA = Recipient("https://a.example/ana", "https://a.example/ana/inbox", "https://a.example/inbox")
BO = Recipient("https://a.example/bo", "https://a.example/bo/inbox", "https://a.example/inbox")
CY = Recipient("https://c.example/cy", "https://c.example/cy/inbox")


# C-43
def test_followers_share_an_inbox() -> None:
    assert deliveries([ANA, CY, BO], use_shared=True) == ("https://a.example/inbox", "https://c.example/cy/inbox")


# C-43
def test_named_recipients_get_their_own() -> None:
    assert deliveries([ANA, BO], use_shared=False) == ("https://a.example/ana/inbox", "https://a.example/bo/inbox")


# C-42
def test_each_inbox_once_and_never_the_senders() -> None:
    assert deliveries([ANA, ANA, CY], False, ["https://a.example/ana/inbox"]) == ("https://c.example/cy/inbox",)
    assert deliveries([], True) == ()
