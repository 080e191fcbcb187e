"""Messages of strangers: read, answered, written down by hand, forgotten, and blocked by a steward."""

from typing import Any

import pytest

from node.domain.errors import PeerTrouble
from node.domain.notices import Notice
from node.domain.peers import RemoteActor
from node.domain.strangers import ANSWER_LIMIT, Enquiry
from node.services import enquiries, members
from node.services.community import Community, profile
from tests.unit.web_members.neighbours import NOOR, remote_actor

PATH = "/enquiries/enquiry1"


@pytest.fixture
def their_server(community: Community, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the sender's server says of them; `error` stands for one that cannot be reached."""
    found: dict[str, Any] = {}

    async def actor(actor_id: str) -> RemoteActor:
        if "error" in found:
            raise found["error"]
        return remote_actor(actor_id, "Noor")

    monkeypatch.setattr(community.remote, "actor", actor)
    return found


async def said(community: Community) -> list[str]:
    by = await members.by_name(community, "Bo")
    return [one.words.text for one in (await enquiries.conversation(community, "enquiry1", by)).said]


async def test_no_message_waits(dispatcher: Any) -> None:
    page = await dispatcher.get("/enquiries")
    assert "No message waits" in page.text
    assert "After 30 days it is forgotten here." in page.text
    assert "/enquiries/kept" not in [form["action"] for form in page.read.forms]


async def test_who_wrote_about_what_is_told_as_words(dispatcher: Any, enquiry: Enquiry, need: Notice) -> None:
    """Name and handle as text, the words cleaned, a link to our notice; no picture and no way out to their server."""
    listed = await dispatcher.get("/enquiries")
    assert PATH in listed.read.links
    assert f"/dispatch/{need.id}" in listed.read.links
    assert "Noor @noor@social.example I have two packs." in listed.text
    page = await dispatcher.get(PATH)
    assert "Message from Noor" in page.text
    assert f"/dispatch/{need.id}" in page.read.links
    assert "social.example" not in " ".join(page.read.links + listed.read.links)
    assert page.html.count("<img") == 1  # our own drawing at the top


async def test_the_newest_stands_first(dispatcher: Any, put_enquiry: Any, clock: Any) -> None:
    await put_enquiry("one", name="Ana")
    clock.go_on(hours=1)
    await put_enquiry("two", name="Ben", received_at=clock())
    page = await dispatcher.get("/enquiries")
    assert page.text.index("Ben") < page.text.index("Ana")


async def test_markup_in_a_message_is_words(dispatcher: Any, put_enquiry: Any) -> None:
    # T-32
    await put_enquiry(text="<b>Hello</b>", name="<i>Noor</i>", handle="<img src=x>")
    for path in ("/enquiries", PATH):
        page = await dispatcher.get(path)
        assert not [one for one in ("<b>Hello", "<i>Noor", "<img src=x") if one in page.html]


async def test_a_long_message_is_cut_in_the_list_alone(dispatcher: Any, put_enquiry: Any) -> None:
    await put_enquiry(text="word " * 200 + "end")
    assert "end Write" not in (await dispatcher.get("/enquiries")).text
    assert "word end" not in (await dispatcher.get("/enquiries")).text
    assert "word end" in (await dispatcher.get(PATH)).text


async def test_a_message_without_words_and_without_a_name(dispatcher: Any, put_enquiry: Any) -> None:
    await put_enquiry(text="", name="", handle="")
    page = await dispatcher.get(PATH)
    assert "Message from Somebody at social.example" in page.text
    assert "There are no words in it." in page.text
    assert "It answers no notice of ours." in page.text


async def test_it_is_answered_once(
    dispatcher: Any, enquiry: Enquiry, their_server: Any, community: Community, clock: Any
) -> None:
    clock.go_on(minutes=5)
    form_id = (await dispatcher.get(PATH)).form(f"{PATH}/answer")["form_id"]
    for _ in range(2):
        page = await dispatcher.post(f"{PATH}/answer", text="Any evening.", form_id=form_id)
        assert page.location == f"{PATH}?changed=answered"
    assert (await said(community))[1:] == ["Any evening."]
    page = await dispatcher.get(page.location)
    assert "Your answer is on its way." in page.text
    assert "We wrote Any evening." in page.text
    assert "On its way." in page.text
    listed = (await dispatcher.get("/enquiries")).text
    assert "No message waits" in listed
    assert "Answered Noor" in listed


async def test_it_is_taken_back(dispatcher: Any, enquiry: Enquiry, their_server: Any, community: Community) -> None:
    await dispatcher.post(f"{PATH}/answer", text="Any evening.")
    page = await dispatcher.get(PATH)
    answer = page.form(f"{PATH}/take-back")["answer"]
    done = await dispatcher.post(f"{PATH}/take-back", answer=answer)
    page = await dispatcher.get(done.location)
    assert "Any evening." not in page.text
    assert "Taken back." in page.text
    assert f"{PATH}/take-back" not in [form["action"] for form in page.read.forms]
    assert (await dispatcher.post(f"{PATH}/take-back", answer="unknown")).status == 404


@pytest.mark.parametrize("words", ["", " ", "x" * (ANSWER_LIMIT + 1)])
async def test_wrong_words_come_back_as_they_were_typed(dispatcher: Any, enquiry: Enquiry, words: str) -> None:
    page = await dispatcher.post(f"{PATH}/answer", text=words)
    assert page.status == 422
    assert 'href="#text"' in page.html
    assert 'id="text-wrong"' in page.html
    assert f">\n{words}</textarea>" in page.html


async def test_a_number_is_asked_about_first(
    dispatcher: Any, enquiry: Enquiry, their_server: Any, community: Community
) -> None:
    # T-40
    words = {"text": "Call Ruta, 555 010 1234."}
    assert "with_details" not in (await dispatcher.get(PATH)).names(f"{PATH}/answer")
    page = await dispatcher.post(f"{PATH}/answer", **words)
    assert page.status == 422
    assert 'href="#with_details"' in page.html
    assert "Call Ruta, 555 010 1234.</textarea>" in page.html
    assert len(await said(community)) == 1
    assert (await dispatcher.post(f"{PATH}/answer", **words, with_details="yes")).status == 303


async def test_a_server_that_cannot_be_reached(dispatcher: Any, enquiry: Enquiry, their_server: Any) -> None:
    their_server["error"] = PeerTrouble("No.")
    page = await dispatcher.post(f"{PATH}/answer", text="Any evening.")
    assert page.status == 502
    assert "Their server cannot be reached just now, so nothing was sent." in page.text
    assert "Any evening.</textarea>" in page.html


async def test_it_is_written_down_by_hand(dispatcher: Any, enquiry: Enquiry) -> None:
    """Their words come along hidden into the part for dispatchers, in no address and in no notice."""
    page = await dispatcher.get(PATH)
    for door in ("/offer", "/ask"):
        fields = page.form(door)
        first = await dispatcher.post(door, **fields)
        assert first.status == 200
        words = "Noor @noor@social.example wrote to us:\n\nI have two packs.\nWhere may I bring them?"
        assert (fields["name"], fields["contact"], fields["story"]) == ("Noor", "@noor@social.example", words)
        second = await dispatcher.post(
            f"{door}/reach", **fields, title="Diapers", category="baby", urgency="this week", quantity="2", unit="one"
        )
        assert f"{words}</textarea>" in second.html
        assert 'value="@noor@social.example"' in second.html


async def test_done_forgets_it(dispatcher: Any, enquiry: Enquiry, community: Community) -> None:
    page = await dispatcher.post(f"{PATH}/done")
    assert "The conversation is forgotten here." in (await dispatcher.get(page.location)).text
    assert (await dispatcher.get(PATH)).status == 404
    assert (await dispatcher.post(f"{PATH}/done")).status == 303


async def test_a_steward_says_how_long_they_are_kept(steward: Any, community: Community) -> None:
    for days in ("", "0", "91", "a year", "1.5", "-3", "²"):
        page = await steward.post("/enquiries/kept", days=days)
        assert page.status == 422, days
        assert 'id="days-wrong"' in page.html
        assert f'value="{days}"' in page.html
    page = await steward.post("/enquiries/kept", days="٧")
    assert "After 7 days it is forgotten here." in (await steward.get(page.location)).text
    assert (await profile(community)).strangers_kept_days == 7


@pytest.mark.parametrize(("whom", "name"), [("sender", "@noor@social.example"), ("server", "social.example")])
async def test_a_steward_blocks_them_after_a_word_of_what_it_means(
    steward: Any, enquiry: Enquiry, whom: str, name: str
) -> None:
    assert f"{PATH}/block" in (await steward.get(PATH)).read.links
    asked = await steward.get(f"{PATH}/block")
    assert "They are told nothing." in asked.text
    page = await steward.post(f"{PATH}/block", whom=whom)
    assert "They are blocked." in (await steward.get(page.location)).text
    assert name in (await steward.get("/blocks")).text
    assert (await steward.get(PATH)).status == 404


async def test_nobody_in_particular_is_not_blocked(steward: Any, enquiry: Enquiry, community: Community) -> None:
    assert (await steward.post(f"{PATH}/block", whom="all")).status == 404
    assert not community.remote.boundaries.blocks(NOOR)


async def test_a_dispatcher_is_not_offered_what_is_for_stewards(dispatcher: Any, enquiry: Enquiry) -> None:
    assert f"{PATH}/block" not in (await dispatcher.get(PATH)).read.links


async def test_a_message_is_mentioned_in_the_queue_in_words(
    dispatcher: Any, enquiry: Enquiry, their_server: Any, clock: Any
) -> None:
    words = "Somebody elsewhere has written to us."
    assert words in (await dispatcher.get("/dispatch")).text
    clock.go_on(minutes=1)
    await dispatcher.post(f"{PATH}/answer", text="Any evening.")
    assert words not in (await dispatcher.get("/dispatch")).text
