"""One unit of work: every repository over the same transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from node.storage.answers import Answers
from node.storage.audit import AuditLog
from node.storage.blocks import Blocks
from node.storage.call_backs import CallBacks
from node.storage.capacities import Capacities
from node.storage.community import CommunityProfile
from node.storage.consents import Consents
from node.storage.contact_notes import ContactNotes
from node.storage.doors import CommunityDoors
from node.storage.ended_links import EndedLinks
from node.storage.exporting import Exporting
from node.storage.feed import FeedItems
from node.storage.first_yeses import FirstYeses
from node.storage.hand_over import HandOverNotes
from node.storage.heirs import Heirs
from node.storage.homes import Homes
from node.storage.hosts import Hosts
from node.storage.introductions import Introductions
from node.storage.invitations import Invitations
from node.storage.journal import Journal
from node.storage.keys import ActorKeys
from node.storage.link_texts import LinkTexts
from node.storage.matches import Matches
from node.storage.members import Members
from node.storage.news import News, Topic
from node.storage.notices import Notices
from node.storage.openings import Openings
from node.storage.outbox import Outbox
from node.storage.past import PastMonths
from node.storage.peers import Peers
from node.storage.postings import Postings
from node.storage.questions import Questions
from node.storage.quiet import QuietTimes
from node.storage.replays import Replays
from node.storage.responses import Responses
from node.storage.sealing import Sealing
from node.storage.sessions import Sessions
from node.storage.shares import Shares
from node.storage.shifts import Shifts
from node.storage.strangers import Enquiries, Reactions, Reports
from node.storage.suggestions import Suggestions
from node.storage.taken import Taken
from node.storage.tellings import Tellings
from node.storage.vault import Vault
from node.storage.ways import CommunityWays


class UnitOfWork:
    """The repositories, one per subject. Nothing here decides anything.

    The sealed notes are missing on purpose: whoever may touch them imports `node.storage.sealed_notes`, and an import
    contract says who that is.
    """

    erases = False

    def __init__(self, connection: AsyncConnection, vault: Vault) -> None:
        self.connection = connection
        self.vault = vault
        self.community = CommunityProfile(connection)
        self.ways = CommunityWays(connection)
        self.keys = ActorKeys(connection, vault)
        self.members, self.quiet = Members(connection), QuietTimes(connection)
        self.sessions = Sessions(connection)
        self.replays = Replays(connection)
        self.audit = AuditLog(connection)
        self.past = PastMonths(connection)
        self.exporting = Exporting(connection)
        self.notices = Notices(connection)
        self.consents = Consents(connection)
        self.call_backs = CallBacks(connection)
        self.tellings = Tellings(connection, vault)
        self.openings = Openings(connection)
        self.sealing = Sealing(connection)
        self.peers = Peers(connection)
        self.introductions = Introductions(connection)
        self.link_texts = LinkTexts(connection)
        self.heirs = Heirs(connection, vault)
        self.homes = Homes(connection)
        self.suggestions = Suggestions(connection)
        self.ended_links = EndedLinks(connection)
        self.first_yeses = FirstYeses(connection)
        self.hosts = Hosts(connection)
        self.enquiries = Enquiries(connection)
        self.answers = Answers(connection)
        self.questions = Questions(connection)
        self.blocks = Blocks(connection)
        self.reports = Reports(connection)
        self.reactions = Reactions(connection)
        self.feed = FeedItems(connection)
        self.postings = Postings(connection)
        self.capacities = Capacities(connection)
        self.shares = Shares(connection)
        self.responses = Responses(connection)
        self.taken, self.matches = Taken(connection), Matches(connection)
        self.outbox = Outbox(connection)
        self.journal = Journal(connection)

    @property
    def invitations(self) -> Invitations:
        """Links with which somebody may become a member."""
        return Invitations(self.connection)

    @property
    def doors(self) -> CommunityDoors:
        """How the community asks at its doors."""
        return CommunityDoors(self.connection)

    @property
    def contact_notes(self) -> ContactNotes:
        """How tries to reach people went."""
        return ContactNotes(self.connection)

    @property
    def hand_over(self) -> HandOverNotes:
        """What shifts leave written for each other."""
        return HandOverNotes(self.connection)

    @property
    def shifts(self) -> Shifts:
        """Shifts that are to come."""
        return Shifts(self.connection)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What is done inside is undone when it raises; the rest of the unit of work stands."""
        async with self.connection.begin_nested():
            yield

    async def erase_for_good(self) -> None:
        """From here on what is deleted is overwritten wherever it lies, and the write-ahead log is emptied afterwards.

        SQLite moves rows between pages; with `secure_delete=FAST` an earlier place of a row may keep it. PostgreSQL
        overwrites when it vacuums.
        """
        if not self.erases and self.connection.dialect.name == "sqlite":
            await self.connection.exec_driver_sql("PRAGMA secure_delete=ON")
        self.erases = True

    @property
    def left_work(self) -> bool:
        """Whether the worker has something to do once this is committed."""
        return self.outbox.added or self.journal.added

    def news(self) -> frozenset[News]:
        """What others may want to hear of once this is committed."""
        neighbours = self.peers.changed or self.blocks.changed
        happened = {Topic.WORK: self.left_work, Topic.PEERS: neighbours, Topic.KEYS: self.keys.changed}
        told = {News(topic) for topic, has_happened in happened.items() if has_happened}
        return frozenset(told | {News(Topic.ACTORS, actor_id) for actor_id in self.peers.renewed})
