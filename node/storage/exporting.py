"""Every table as plain rows to take along. What a table holds is said here, and what is left out with its reason."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import LargeBinary, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.storage.tables import metadata

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """One table as it is taken along: `about` says what it holds, `without` names columns that stay here.

    What is in the columns `in_base64` is no text; it is written in base64 (RFC 4648, 4).
    """

    name: str
    about: str
    without: frozenset[str] = field(default_factory=frozenset)
    in_base64: frozenset[str] = field(default_factory=frozenset)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in their order."""
        return tuple(column.name for column in metadata.tables[self.name].columns if column.name not in self.without)


def _sheet(name: str, about: str, without: str = "") -> Sheet:
    return Sheet(name, about, frozenset(without.split()))


SHEETS = (
    _sheet("community", "how the community presents itself"),
    Sheet("logo", "the picture beside its name, in base64", in_base64=frozenset({"content"})),
    _sheet("areas", "its areas"),
    _sheet("ways", "what it decided about itself"),
    _sheet("members", "its members and their roles", "password_hash name_key"),
    _sheet("notices", "needs and offers: the words, where they stand, what was agreed to", "code_hash form_hash"),
    _sheet("consents", "each yes and each no about them, with the words that were shown"),
    _sheet("past", "how many needs and offers were erased, by month, category and area; small numbers are left out"),
    _sheet("call_backs", "whom to call back or to ask first, and by when"),
    _sheet("contact_notes", "how each try to reach somebody went", "form_hash"),
    _sheet("hand_over_notes", "what shifts leave written for each other", "form_hash"),
    _sheet("shifts", "shifts that are to come", "form_hash"),
    _sheet("openings", "who read which sealed fields, when and why; never what stood in them"),
    _sheet("postings", "what we tell: announcements, resources, and what we could give", "form_hash"),
    _sheet("capacities", "how much we could give"),
    _sheet("shares", "what was shared with whom, and the document each share showed last", "form_hash"),
    _sheet("share_recipients", "every copy of a share: where it is, and whether it was erased"),
    _sheet("responses", "offers of help between communities, and the tasks they became", "form_hash"),
    _sheet("matches", "needs and offers that are being brought together"),
    _sheet("taken_parts", "parts of needs that helpers here have now"),
    _sheet("taken_by", "who has them; nothing is kept of it once they are done"),
    _sheet("peers", "other communities"),
    _sheet("suggestions", "what lists of others suggest"),
    _sheet("ended_links", "communities we were linked with until lately"),
    _sheet("link_texts", "what both sides wrote when a link was agreed"),
    _sheet("follows", "who follows whom"),
    _sheet("remote_actors", "the actors of other communities and people as they present themselves"),
    _sheet("moves", "communities that went to another address"),
    _sheet("introductions", "what neighbours wrote about other communities, and we to them"),
    _sheet("former_home", "the address this community left, as long as it is answered there"),
    _sheet("feed_items", "our copies of what other communities show us"),
    _sheet("questions", "what was asked and answered about shared notices, before anybody offered", "form_hash"),
    _sheet("tombstones", "what others took back"),
    _sheet("enquiries", "what strangers wrote to us"),
    _sheet("answers", "what we wrote to them", "form_hash"),
    _sheet("blocks", "who is blocked"),
    _sheet("reports", "what others reported to us"),
    _sheet("activities", "what we said to other servers, word for word"),
    _sheet("audit", "what was done, by whom, to what"),
)

#: Tables that stay here, and why.
LEFT_OUT = {
    "actor_keys": "secret keys: whoever has them can speak in the community's name",
    "quiet": "when a member wants to be left in peace; only they read it",
    "shift_hands": "who takes which shift; nothing is kept of it once it is over",
    "sessions": "who is signed in now",
    "sign_in_links": "links that sign somebody in",
    "invitations": "links with which somebody becomes a member",
    "api_tokens": "keys for programs",
    "calendar_links": "private links to the calendar",
    "replays": "answers kept for two days for requests that are sent twice",
    "used_signatures": "marks kept for a few minutes against requests that are sent twice",
    "sealed_notes": "locked; with --sealed they are written opened, as sealed_notes.json",
    "sealed_keys": "the keys of the sealed notes",
    "first_yeses": "a first yes that waits for a second one, for a week at most; the log says it, too",
    "heirs": "the key of the copies that our heir holds; the log says who that is",
    "held_copies": "locked copies that we hold for neighbours, which nobody here can read",
    "tellings": "what waits to be told to people; it holds no words and no addresses",
    "push_devices": "where members' browsers take messages, locked; they switch it on again where they want to be told",
    "mail_addresses": "members' own addresses, locked; they write them again where they want to be told",
    "sealing": "who asked to seal the node, until it is sealed or an hour has passed; the log says it, too",
    "reactions": "marks that stand for people who liked something, of which nothing can be read",
    "hosts": "which servers could not be reached lately",
    "outbox": "what waits to be sent; it is in activities",
    "journal": "that others sent something within the last 30 days; what we keep of it is in the other files",
}


class Exporting:
    """Reads for taking along; nothing is changed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def rows(self, sheet: Sheet) -> AsyncIterator[Row]:
        """Every row of a sheet, with plain values: text, numbers, times, lists, and documents read from their bytes."""
        table = metadata.tables[sheet.name]
        columns = [table.c[name] for name in sheet.columns]
        documents = {column.name for column in columns if isinstance(column.type, LargeBinary)}
        query = select(*columns).order_by(*table.primary_key.columns)
        for row in await self._connection.execute(query):
            values = dict(row._mapping)
            plain = {name: b64encode(values[name]).decode() for name in sheet.in_base64}
            yield values | {name: _document(values[name]) for name in documents - sheet.in_base64} | plain


def _document(body: bytes) -> object:
    return json.loads(body) if body else None
