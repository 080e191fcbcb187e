"""Needs and offers as the API takes and shows them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from node.api.v1.consent_models import ConsentLineAnswer, Wording
from node.api.v1.fields import Amount, Answer, Body, Day, Id, Language, Number, Query, Text
from node.api.v1.share_models import ShareLine
from node.domain.access import Needed, Offered
from node.domain.arrival import SHORT_LIMIT, AtTheDoor
from node.domain.consent import Channel, Use
from node.domain.notices import AREA_LIMIT, NOTE_LIMIT, TEXT_LIMIT, TITLE_LIMIT, Kind, Status, Urgency
from node.domain.repeating import Repeat
from node.domain.sealed import ANSWER_LIMIT, FIELD_LIMIT, MOST_ANSWERS
from node.domain.together import MOST_TOGETHER


class Unit(StrEnum):
    """What a quantity counts."""

    ONE = "one"
    HOUR = "hour"
    KILOGRAM = "kilogram"


class Method(StrEnum):
    """How somebody may be reached."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    SIGNAL = "signal"
    WHATSAPP = "whatsapp"
    SOMEONE = "through someone"
    OTHER = "other"


Title = Annotated[Text, Field(max_length=TITLE_LIMIT)]
Description = Annotated[Text, Field(max_length=TEXT_LIMIT)]
AreaName = Annotated[Text, Field(max_length=AREA_LIMIT)]
SealedText = Annotated[Text, Field(max_length=FIELD_LIMIT)]
ShortText = Annotated[Text, Field(max_length=SHORT_LIMIT)]
Languages = Annotated[tuple[Language, ...], Field(max_length=20)]


class NoticeChange(Body):
    """The part that may travel. A field left out stays as it is; null sets it back to its default."""

    title: Title | None = None
    category: Text | None = None
    text: Description | None = None
    area: AreaName | None = None
    urgency: Urgency | None = None
    needed_by: Day | None = None
    repeat: Repeat | None = None
    repeat_until: Day | None = None
    quantity: Amount | None = None
    unit: Unit | None = None
    languages: Languages | None = None
    access: Annotated[tuple[Offered, ...], Field(max_length=20)] | None = Field(
        None, description="Of an offer: what is possible there, and what is not. Needs say it on the arrival card."
    )


class NoticeBody(NoticeChange):
    """The part that may travel: no names, no addresses, no contacts. Null is the same as leaving a field out."""

    title: Title
    category: Text = Field(description="The key of a category, such as `groceries`; `GET /categories` lists them.")


class ContactBody(Body):
    """One way to reach the person."""

    method: Method
    value: SealedText
    voicemail_ok: bool = False


class ArrivalCardBody(Body):
    """How to come so that it is safe. Whatever else there is to know goes into `arrival` beside it."""

    at_the_door: Annotated[tuple[AtTheDoor, ...], Field(max_length=4)] = ()
    access: Annotated[tuple[Needed, ...], Field(max_length=20)] = ()
    language: Language | None = None
    interpreter: bool = False
    pets: ShortText | None = None
    who_may_come: ShortText | None = Field(None, description="Such as: women only.")


class OwnAnswerBody(Body):
    """An answer to a question of the community's own, with the words of the question as they were asked."""

    question: Annotated[Text, Field(max_length=ANSWER_LIMIT)]
    answer: Annotated[Text, Field(max_length=ANSWER_LIMIT)]


class SealedBody(Body):
    """The sealed note: encrypted, opened on purpose, never sent anywhere, never repeated in the answer."""

    name: SealedText | None = None
    contact: Annotated[tuple[ContactBody, ...], Field(max_length=8)] | None = None
    address: SealedText | None = None
    story: SealedText | None = None
    arrival: SealedText | None = None
    arrival_card: ArrivalCardBody | None = None
    answers: Annotated[tuple[OwnAnswerBody, ...], Field(max_length=MOST_ANSWERS)] = ()


class AskedUse(StrEnum):
    """What somebody can be asked without a word about a certain community."""

    BOARD = Use.BOARD.value
    DETAILS = Use.DETAILS.value
    PEERS = Use.PEERS.value
    PUBLIC = Use.PUBLIC.value
    MESSAGE = Use.MESSAGE.value
    STILL_NEEDED = Use.STILL_NEEDED.value
    TAKEN_ON = Use.TAKEN_ON.value


class ConsentBody(Body):
    """Who may see the notice.

    `board`: helpers here. `peers`: "all" neighbouring communities, or these by their ids. `public`: anyone at all;
    left out, it is true exactly if `peers` is "all". `still_needed`: they may be asked later whether it is still so.
    `taken_on`: they may be told, by a message that says nothing of what it is about, once somebody takes a need on.
    `details`: of a need on the board, whoever takes it on may read what to call them, how to reach them and the arrival
    card. `refused`: what they said no to; what is in neither was not asked. `wording`, `language` and `channel` say how
    they were asked.
    """

    board: bool = False
    peers: Literal["all"] | Annotated[tuple[Id, ...], Field(max_length=500)] = ()
    public: bool | None = None
    still_needed: bool = False
    taken_on: bool = False
    details: bool = False
    refused: Annotated[tuple[AskedUse, ...], Field(max_length=8)] = ()
    wording: Wording = ""
    language: Language | None = None
    channel: Channel = Channel.UNKNOWN


class AlsoBody(Body):
    """Something else that is asked for or offered together with a notice. Without a title it has the same."""

    category: Text = Field(description="The key of a category that nothing else of it has.")
    title: Title | None = None


class NewNotice(Body):
    """A need or an offer. Each of `also` becomes a notice of its own behind the same code, with all else the same.

    With `for_someone_else`: whether that person knows of it (`they_know`), and whether we may get in touch with them
    (`may_be_contacted`); null where nobody said.
    """

    notice: NoticeBody
    also: Annotated[tuple[AlsoBody, ...], Field(max_length=MOST_TOGETHER - 1)] = ()
    sealed: SealedBody | None = None
    consent: ConsentBody | None = None
    for_someone_else: bool = False
    they_know: bool | None = None
    may_be_contacted: bool | None = None


class NoticePatch(Body):
    """A correction of the words."""

    notice: NoticeChange


class StatusBody(Body):
    """Where it stands now. `new` cannot be set. With `was`, where it stood: 409 where somebody changed that since."""

    status: Status
    was: Status | None = None
    note: Annotated[Text, Field(max_length=NOTE_LIMIT)] = ""


class NoticeQuery(Query):
    """Which notices. Newest first."""

    status: Status | None = None
    category: Text | None = None
    area: Text | None = Field(None, description="With everything that lies within it.")
    q: Annotated[Text, Field(max_length=200)] | None = Field(None, description="Words in the title or the text.")
    after: Annotated[Text, Field(max_length=500)] | None = Field(None, description="`next` of the answer before.")
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class SealedQuery(Query):
    """Why it is opened, for the log.

    One of `call`, `write`, `bring`, `go`, `match`, `correct`, or a few words of your own without names or numbers.
    """

    why: Annotated[Text, Field(max_length=500)] = ""


class NoticeAnswer(Answer):
    """The part that may travel."""

    title: str
    category: str
    text: str
    area: str
    urgency: Urgency
    needed_by: date | None
    repeat: Repeat | None
    repeat_until: date | None
    quantity: Number
    unit: str
    languages: tuple[str, ...]
    access: tuple[str, ...]


class ConsentAnswer(Answer):
    """Who may see the notice."""

    board: bool
    peers: Literal["all"] | tuple[str, ...]
    public: bool


class NoticeLine(Answer):
    """A need or an offer, without the sealed note. `remaining` is what is still wanted or available.

    `returns_on` is the day for which something met comes back by itself; null where no round follows.
    """

    id: str
    kind: Kind
    status: Status
    notice: NoticeAnswer
    remaining: Number
    returns_on: date | None
    consent: ConsentAnswer
    for_someone_else: bool
    they_know: bool | None
    may_be_contacted: bool | None
    created_at: datetime
    updated_at: datetime


class NewNoticeAnswer(NoticeLine):
    """What was stored, with the `code` for the person: it is shown only this once. `also` are the ids of the others."""

    code: str
    also: tuple[str, ...]


class NoticeRecord(NoticeLine):
    """A need or an offer with everything that was shared of it, and every answer about consent, oldest first.

    `parts` are the ids of everything behind the same code, this one among them; empty where it is alone.
    """

    parts: tuple[str, ...]
    shares: tuple[ShareLine, ...]
    consents: tuple[ConsentLineAnswer, ...]


class NoticeList(Answer):
    """`next` goes into `after` for what follows; null at the end."""

    items: tuple[NoticeLine, ...]
    next: str | None


class ContactAnswer(Answer):
    """One way to reach the person."""

    method: str
    value: str
    voicemail_ok: bool


class ArrivalCardAnswer(Answer):
    """How to come so that it is safe."""

    at_the_door: tuple[str, ...]
    access: tuple[str, ...]
    language: str
    interpreter: bool
    pets: str
    who_may_come: str


class OwnAnswerAnswer(Answer):
    """What was answered to a question of the community's own."""

    question: str
    answer: str


class SealedAnswer(Answer):
    """The sealed note."""

    name: str
    contact: tuple[ContactAnswer, ...]
    address: str
    story: str
    arrival: str
    arrival_card: ArrivalCardAnswer
    answers: tuple[OwnAnswerAnswer, ...]
