"""What is written back to a stranger, as a note for that one person."""

from dataclasses import replace
from datetime import timedelta

from node.domain.peers import OwnActor
from node.domain.strangers import Answer
from node.translate.answers import answer_to_note, create, delete
from schemas.activities import parse_activity
from schemas.fields import document
from tests.unit.node.make import NORTH, NOW

ROBIN = "https://social.market.example/users/robin"
ANSWER = Answer(
    id="a1",
    thread="e1",
    object_id=NORTH.object("Ux3k8Wd1Vb6n"),
    in_reply_to="https://social.market.example/notes/77",
    own_actor=OwnActor.PUBLIC,
    actor=ROBIN,
    handle="@robin@social.market.example",
    inbox=f"{ROBIN}/inbox",
    text="Yes, please.\n\nAny evening & Sunday.",
    written_at=NOW + timedelta(microseconds=5),
)


def test_it_is_for_one_person_names_them_and_stands_below_their_note() -> None:
    note = answer_to_note(ANSWER, NORTH)
    assert (note.to, note.cc, note.in_reply_to) == ((ROBIN,), (), ANSWER.in_reply_to)
    assert note.attributed_to == NORTH.actor(OwnActor.PUBLIC)
    assert note.content == (
        f'<p><a href="{ROBIN}" class="u-url mention">@<span>robin</span></a> Yes, please.</p>'
        "<p>Any evening &amp; Sunday.</p>"
    )
    assert note.published == NOW
    assert (note.url, note.context, note.replies, note.is_proposal) == (None, None, None, False)


def test_what_is_sent_is_read_again_as_it_was() -> None:
    note = answer_to_note(ANSWER, NORTH)
    made = create(NORTH.activity("c1"), note)
    assert (made.to, made.cc) == (note.to, note.cc)
    assert parse_activity(document(made)) == made
    gone = delete(NORTH.activity("d1"), ANSWER, NORTH)
    assert (gone.to, gone.object) == ((ROBIN,), ANSWER.object_id)
    assert parse_activity(document(gone)) == gone


def test_of_whom_no_name_is_known_none_is_made_up() -> None:
    note = answer_to_note(replace(ANSWER, handle="", text="Yes."), NORTH)
    assert note.content == "<p>Yes.</p>"
    (mention,) = document(note)["tag"]  # type: ignore[misc]
    assert mention == {"type": "Mention", "href": ROBIN}


def test_a_name_and_an_address_are_words_and_no_markup() -> None:
    # T-32
    note = answer_to_note(replace(ANSWER, handle='@<img src="x">@social.example', text="Yes."), NORTH)
    assert "<img" not in note.content
