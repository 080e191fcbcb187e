"""Every table. Notices and sealed notes are apart; no column counts, scores or ranks a person."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from node.storage.columns import Amount, Moment, Sequence, Texts

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- the community itself -------------------------------------------------------------------------------------------

community = Table(
    "community",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("username", String(60), nullable=False),
    Column("languages", JSON, nullable=False),
    Column("contact_line", String(200), nullable=False),
    Column("strangers_kept_days", Integer, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("sealed_notes_kept_days", Integer, nullable=False),
    Column("notices_kept_days", Integer, nullable=False),
    Column("log_kept_days", Integer, nullable=False),
    Column("sessions_kept_days", Integer, nullable=False),
    Column("seal_needs_two", Boolean, nullable=False),
    Column("link_text", Text, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("resting_until", Moment),
    Column("accent", String(20), nullable=False, server_default="green"),
    Column("practice", String(10), nullable=False, server_default=""),
    Column("larger_areas_only", Boolean, nullable=False, server_default=false()),
    Column("logo", String(40), nullable=False, server_default=""),
    Column("logo_width", Integer, nullable=False, server_default="0"),
    Column("logo_height", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
)

#: One row, where there is a logo.
logo = Table(
    "logo",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("media_type", String(20), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

ways = Table(
    "ways",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
)

#: One row: who asked to seal the node and waits for a second steward; since when it is sealed.
sealing = Table(
    "sealing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asked_by", String(40)),
    Column("asked_at", Moment),
    Column("sealed_at", Moment),
)

areas = Table(
    "areas",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("latitude", Amount),
    Column("longitude", Amount),
    Column("within", String(80), nullable=False, server_default=""),
)

actor_keys = Table(
    "actor_keys",
    metadata,
    Column("key_id", String(500), primary_key=True),
    Column("own_actor", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("private_pem_wrapped", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# --- members --------------------------------------------------------------------------------------------------------

members = Table(
    "members",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("name_key", String(80), nullable=False, unique=True),
    Column("roles", JSON, nullable=False),
    Column("password_hash", String(300)),
    Column("created_at", Moment, nullable=False),
    Column("language", String(20), nullable=False),
)

#: Times of the clock as texts; only the member reads them.
quiet = Table(
    "quiet",
    metadata,
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("enough_until", Moment),
    Column("since", String(5), nullable=False),
    Column("until", String(5), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf_token", String(64), nullable=False),
    Column("expires_at", Moment, nullable=False),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
)

#: Links with which somebody may become a member, and how many still may.
invitations = Table(
    "invitations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("word", String(60), nullable=False),
    Column("places", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("label", String(80), nullable=False),
    Column("created_at", Moment, nullable=False),
)

#: Private links to the calendar, one for each dispatcher who wants one.
calendar_links = Table(
    "calendar_links",
    metadata,
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
)

replays = Table(
    "replays",
    metadata,
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("kept_at", Moment, nullable=False),
)

used_signatures = Table(
    "used_signatures",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("member_id", String(40)),
    Column("action", String(80), nullable=False),
    Column("subject", String(500), nullable=False),
    Column("detail", String(2000), nullable=False, default=""),
    Index("ix_audit_subject", "subject"),
    Index("ix_audit_action", "action"),
)

# --- the first envelope ---------------------------------------------------------------------------------------------

notices = Table(
    "notices",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("title", String(200), nullable=False),
    Column("category", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("area", String(80), nullable=False),
    Column("urgency", String(40), nullable=False),
    Column("needed_by", Date),
    Column("repeat", String(20), nullable=False),
    Column("repeat_until", Date),
    Column("quantity", Amount, nullable=False),
    Column("unit", String(20), nullable=False),
    Column("languages", JSON, nullable=False),
    Column("status", String(20), nullable=False),
    Column("remaining", Amount, nullable=False),
    Column("consent_board", Boolean, nullable=False),
    Column("consent_peers", JSON, nullable=False),
    Column("consent_public", Boolean, nullable=False),
    Column("for_someone_else", Boolean, nullable=False),
    Column("standing", Boolean, nullable=False),
    Column("access", JSON, nullable=False),
    Column("renewed_at", Moment),
    Column("erased_at", Moment),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("form_hash", String(64), unique=True),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("returns_on", Date),
    Column("rounds_from", Date),
    Column("they_know", Boolean),
    Column("may_be_contacted", Boolean),
    Column("whole_id", String(40), index=True),
    Column("number", Integer, nullable=False, server_default="1"),
    Column("own_category", String(40), nullable=False, server_default=""),
    Index("ix_notices_kind_status", "kind", "status", "created_at"),
)

#: What is left of what was erased. A number is about a month, never about a person.
past = Table(
    "past",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("category", String(40), primary_key=True),
    Column("area", String(80), primary_key=True),
    Column("how_many", Integer, nullable=False),
    Column("met", Integer, nullable=False, server_default="0"),
)

#: Every yes and every no; the columns of `notices` hold what follows from the newest ones.
consents = Table(
    "consents",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("use", String(20), nullable=False),
    Column("peer_id", String(40), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("wording", Text, nullable=False),
    Column("language", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("member_id", String(40)),
    Column("at", Moment, nullable=False),
)

call_backs = Table(
    "call_backs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("questions", JSON, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("noted_at", Moment, nullable=False),
    Column("member_id", String(40)),
    Column("settled_at", Moment),
    Index("ix_call_backs_settled_at", "settled_at", "due_at"),
)

contact_notes = Table(
    "contact_notes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("reached", String(20), nullable=False),
    Column("words", Text, nullable=False),
    Column("noted_at", Moment, nullable=False),
    Column("member_id", String(40)),
    Column("form_hash", String(64), unique=True),
)

hand_over_notes = Table(
    "hand_over_notes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("text", Text, nullable=False),
    Column("noted_at", Moment, nullable=False, index=True),
    Column("member_id", String(40)),
    Column("form_hash", String(64), unique=True),
)

shifts = Table(
    "shifts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False, index=True),
    Column("words", String(200), nullable=False),
    Column("form_hash", String(64), unique=True),
)

#: Who takes a shift; gone with it.
shift_hands = Table(
    "shift_hands",
    metadata,
    Column("shift_id", ForeignKey("shifts.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True),
)

# --- the second envelope --------------------------------------------------------------------------------------------

sealed_notes = Table(
    "sealed_notes",
    metadata,
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("box", LargeBinary, nullable=False),
)

sealed_keys = Table(
    "sealed_keys",
    metadata,
    Column("notice_id", String(40), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
)

openings = Table(
    "openings",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("words", String(200), nullable=False),
    Column("member_id", String(40)),
    Column("role", String(20), nullable=False),
    Column("reader", String(500), nullable=False),
    Column("notice_id", String(40), index=True),
    Column("response_id", String(40), index=True),
    Index("ix_openings_member_id", "member_id", "at"),
)

# --- other communities ----------------------------------------------------------------------------------------------

peers = Table(
    "peers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("address", String(500), nullable=False),
    Column("host", String(255), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("level", String(20), nullable=False),
    Column("public_actor", String(500)),
    Column("peers_actor", String(500)),
    Column("paused", Boolean, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("moving_to", String(500)),
    Column("compared_ours", JSON(none_as_null=True)),
    Column("compared_theirs", JSON(none_as_null=True)),
    Column("compared_at", Moment),
    Column("former_hosts", Text, nullable=False),
    Column("sends", JSON, nullable=False),
    Column("receives", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
)

link_texts = Table(
    "link_texts",
    metadata,
    Column("peer_id", ForeignKey("peers.id", ondelete="CASCADE"), primary_key=True),
    Column("ours", Text, nullable=False),
    Column("theirs", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("advice", String(10), nullable=False),
    Column("host", String(255), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("source", String(100), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("advice", "host"),
)

ended_links = Table(
    "ended_links",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("host", String(255), nullable=False),
    Column("ended_at", Moment, nullable=False),
)

first_yeses = Table(
    "first_yeses",
    metadata,
    Column("subject", String(100), primary_key=True),
    Column("member_id", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("details", JSON, nullable=False),
)

remote_actors = Table(
    "remote_actors",
    metadata,
    Column("id", String(500), primary_key=True),
    Column("host", String(255), nullable=False, index=True),
    Column("type", String(40), nullable=False),
    Column("username", String(200), nullable=False),
    Column("name", String(400), nullable=False),
    Column("inbox", String(500), nullable=False),
    Column("shared_inbox", String(500)),
    Column("url", String(500)),
    Column("summary", Text, nullable=False),
    Column("is_manyhands", Boolean, nullable=False),
    Column("takes_rfc9421", Boolean, nullable=False),
    Column("keys", JSON, nullable=False),
    Column("link_text", Text, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("resting_until", Moment),
)

follows = Table(
    "follows",
    metadata,
    Column("direction", String(10), primary_key=True),
    Column("own_actor", String(20), primary_key=True),
    Column("remote_actor", String(500), primary_key=True),
    Column("remote_host", String(255), nullable=False, index=True),
    Column("activity_id", String(500), nullable=False),
    Column("state", String(20), nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("caught_up", Boolean, nullable=False),
    Column("read_tries", Integer, nullable=False, server_default="0"),
    Column("read_due_at", Moment),
    Index("ix_follows_activity_id", "activity_id"),
)

feed_items = Table(
    "feed_items",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("object_id", String(500), nullable=False, unique=True),
    Column("actor", String(500), nullable=False),
    Column("host", String(255), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("title", String(400), nullable=False),
    Column("html", Text, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False, index=True),
    Column("checked_at", Moment),
    Column("ends_at", Moment),
    Column("forget_at", Moment, nullable=False, index=True),
    Column("category", String(40), nullable=False),
    Column("area", String(200), nullable=False),
    Column("urgency", String(40), nullable=False),
    Column("language", String(40), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("available", Amount),
    Column("unit_based", Boolean, nullable=False),
    Column("status", String(20), nullable=False),
    Column("url", String(500)),
    Column("intent_id", String(500)),
    Column("received_by", String(20), nullable=False),
    Column("public", Boolean, nullable=False),
    Column("facts", JSON(none_as_null=True)),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("object_id", String(500), primary_key=True),
    Column("actor", String(500), nullable=False),
    Column("at", Moment, nullable=False),
)

moves = Table(
    "moves",
    metadata,
    Column("actor", String(500), primary_key=True),
    Column("target", String(500), nullable=False),
    Column("at", Moment, nullable=False),
)

introductions = Table(
    "introductions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("side", String(20), nullable=False),
    Column("sort", String(20), nullable=False),
    Column("activity_id", String(500), nullable=False),
    Column("actor", String(500), nullable=False),
    Column("host", String(255), nullable=False),
    Column("about", String(500), nullable=False),
    Column("about_host", String(255), nullable=False),
    Column("about_name", String(200), nullable=False),
    Column("about_address", String(500), nullable=False),
    Column("about_summary", Text, nullable=False),
    Column("about_url", String(500)),
    Column("text", Text, nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False, index=True),
    Column("is_set_aside", Boolean, nullable=False),
    UniqueConstraint("side", "sort", "host", "about_host"),
    UniqueConstraint("activity_id"),
)

#: One row at most: the neighbour that holds a locked copy of our open needs, the copies' key and its wraps.
heirs = Table(
    "heirs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("peer_id", ForeignKey("peers.id", ondelete="CASCADE"), nullable=False),
    Column("chosen_at", Moment, nullable=False),
    Column("stewards", Integer, nullable=False),
    Column("agreed_at", Moment),
    Column("fetched_at", Moment),
    Column("opened_at", Moment),
    Column("key_wrapped", LargeBinary, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("wraps", JSON, nullable=False),
    Column("refused_at", Moment),
)

#: The newest locked copy that we hold for each neighbour; nobody here can read it.
held_copies = Table(
    "held_copies",
    metadata,
    Column("peer_id", ForeignKey("peers.id", ondelete="CASCADE"), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("tried_at", Moment, nullable=False),
    Column("dark_since", Moment),
    Column("opened_at", Moment),
    Column("tries", Integer, nullable=False),
    Column("tries_since", Moment),
)

#: One row at most: the address this community left, and still answers at.
former_home = Table(
    "former_home",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("base_url", String(500), nullable=False),
    Column("left_at", Moment, nullable=False),
    Column("told_at", Moment),
)

hosts = Table(
    "hosts",
    metadata,
    Column("host", String(255), primary_key=True),
    Column("failed_on", JSON, nullable=False),
    Column("failed_at", Moment, nullable=False, index=True),
)

#: What is told to people away from the pages. Neither an address nor a word is kept with it.
tellings = Table(
    "tellings",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subject", String(20), nullable=False),
    Column("way", String(10), nullable=False),
    Column("key", String(200), nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE"), index=True),
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE")),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Index("ix_tellings_due", "way", "state", "due_at"),
)

#: Browsers of members who want to be told there; `mark` stands for where they take messages, which is locked in `box`.
push_devices = Table(
    "push_devices",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("added_at", Moment, nullable=False),
    Column("mark", String(64), nullable=False, unique=True),
    Column("box", LargeBinary, nullable=False),
)

#: Of members who want to be told what waits; each in a box.
mail_addresses = Table(
    "mail_addresses",
    metadata,
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("box", LargeBinary, nullable=False),
)

# --- what strangers send --------------------------------------------------------------------------------------------

questions = Table(
    "questions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("thread", String(40), nullable=False, index=True),
    Column("side", String(20), nullable=False),
    Column("object_id", String(500), nullable=False, index=True),
    Column("own_actor", String(20), nullable=False),
    Column("remote_actor", String(500), nullable=False),
    Column("note_id", String(500), nullable=False, unique=True),
    Column("is_ours", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("notice_id", String(40), ForeignKey("notices.id", ondelete="CASCADE"), index=True),
    Column("share_id", String(40)),
    Column("feed_item_id", String(40), ForeignKey("feed_items.id", ondelete="CASCADE"), index=True),
    Column("form_hash", String(64), unique=True),
)

enquiries = Table(
    "enquiries",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("note_id", String(500), nullable=False, unique=True),
    Column("thread", String(40), nullable=False, index=True),
    Column("actor", String(500), nullable=False),
    Column("host", String(255), nullable=False),
    Column("own_actor", String(20), nullable=False),
    Column("share_id", String(40)),
    Column("name", String(400), nullable=False),
    Column("handle", String(500), nullable=False),
    Column("url", String(500)),
    Column("text", Text, nullable=False),
    Column("received_at", Moment, nullable=False, index=True),
    Index("ix_enquiries_actor", "actor", "received_at"),
    Index("ix_enquiries_host", "host", "received_at"),
)

answers = Table(
    "answers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("thread", String(40), nullable=False, index=True),
    Column("object_id", String(500), nullable=False, unique=True),
    Column("in_reply_to", String(500), nullable=False),
    Column("own_actor", String(20), nullable=False),
    Column("actor", String(500), nullable=False),
    Column("handle", String(500), nullable=False),
    Column("inbox", String(500), nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("taken_back", Boolean, nullable=False),
    Column("form_hash", String(64), unique=True),
)

reports = Table(
    "reports",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("activity_id", String(500), nullable=False, unique=True),
    Column("actor", String(500), nullable=False),
    Column("host", String(255), nullable=False),
    Column("objects", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("received_at", Moment, nullable=False, index=True),
    Index("ix_reports_host", "host", "received_at"),
)

reactions = Table(
    "reactions",
    metadata,
    Column("share_id", ForeignKey("shares.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("who", String(64), primary_key=True),
    Column("which", String(64), nullable=False, index=True),
)

blocks = Table(
    "blocks",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("subject", String(500), nullable=False, unique=True),
    Column("name", String(500), nullable=False),
    Column("created_at", Moment, nullable=False),
)

# --- sharing and hand-off -------------------------------------------------------------------------------------------

#: What the community tells of itself.
postings = Table(
    "postings",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("title", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("area", String(80), nullable=False),
    Column("language", String(40), nullable=False),
    Column("audience", String(20), nullable=False),
    Column("named", JSON, nullable=False),
    Column("until", Moment),
    Column("ended_at", Moment),
    Column("form_hash", String(64), unique=True),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("category", String(40), nullable=False, server_default=""),
    Column("facts", JSON(none_as_null=True)),
    Column("checked_at", Moment),
    Column("own_category", String(40), nullable=False, server_default=""),
    Index("ix_postings_kind", "kind", "created_at"),
)

#: Beside a posting that says what we could give.
capacities = Table(
    "capacities",
    metadata,
    Column("posting_id", ForeignKey("postings.id", ondelete="CASCADE"), primary_key=True),
    Column("quantity", Amount, nullable=False),
    Column("unit", String(40), nullable=False),
)

#: Of a notice or of a posting: exactly one of the two is said.
shares = Table(
    "shares",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE"), index=True),
    Column("level", String(20), nullable=False),
    Column("object_id", String(500), nullable=False, unique=True),
    Column("published_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("lease_seconds", Integer, nullable=False),
    Column("reply_by", Moment),
    Column("text", Text, nullable=False),
    Column("named", JSON, nullable=False),
    Column("category", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("delete_activity_id", String(500), index=True),
    Column("form_hash", String(64), unique=True),
    Column("document", LargeBinary, nullable=False),
    Column("posting_id", ForeignKey("postings.id", ondelete="CASCADE"), index=True),
    Index("ix_shares_state", "state", "ends_at"),
)

share_recipients = Table(
    "share_recipients",
    metadata,
    Column("share_id", ForeignKey("shares.id", ondelete="CASCADE"), primary_key=True),
    Column("actor", String(500), primary_key=True),
    Column("inbox", String(500), nullable=False),
    Column("state", String(20), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("asked_back_with", String(500), index=True),
    Column("sent_at", Moment),
)

responses = Table(
    "responses",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("side", String(10), nullable=False),
    Column("offer_id", String(500), nullable=False),
    Column("object_id", String(500), nullable=False),
    Column("own_actor", String(20), nullable=False),
    Column("remote_actor", String(500), nullable=False),
    Column("quantity", Amount, nullable=False),
    Column("unit", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("until", Moment),
    Column("share_id", String(40), index=True),
    Column("notice_id", String(40), index=True),
    Column("feed_item_id", String(40), index=True),
    Column("agreement_id", String(500), unique=True),
    Column("lease_until", Moment),
    Column("released", JSON, nullable=False),
    Column("coordination_url", String(500)),
    Column("brought", Amount),
    Column("receipt_at", Moment),
    Column("answer", Text, nullable=False),
    Column("form_hash", String(64), unique=True),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("more_until", Moment),
    Column("more_text", Text),
    Column("more_asked_at", Moment),
    UniqueConstraint("side", "offer_id"),
)

#: Needs and offers that are being brought together. With done, undone or closed the row is gone.
matches = Table(
    "matches",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("need_id", ForeignKey("notices.id", ondelete="CASCADE"), nullable=False),
    Column("offer_id", ForeignKey("notices.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("of_need", Amount, nullable=False),
    Column("of_offer", Amount, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("need_id", "offer_id"),
)

#: Parts of needs that helpers here have now. Whose hands are on a part stands apart: no number is beside a person.
taken_parts = Table(
    "taken_parts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("quantity", Amount, nullable=False),
    Column("taken_at", Moment, nullable=False),
)

taken_by = Table(
    "taken_by",
    metadata,
    Column("part_id", ForeignKey("taken_parts.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("since", Moment, nullable=False),
)

# --- the wire -------------------------------------------------------------------------------------------------------

activities = Table(
    "activities",
    metadata,
    Column("id", String(500), primary_key=True),
    Column("own_actor", String(20), nullable=False),
    Column("type", String(40), nullable=False),
    Column("object_key", String(500), nullable=False, index=True),
    Column("share_id", String(40), index=True),
    Column("public", Boolean, nullable=False),
    Column("sent_to", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("signed_with", String(500)),
)

#: What one activity has still to reach. Inboxes share a row as long as nothing is known of any of them; one that has to
#: be tried again gets a row of its own. What was said earlier about the same object has a lower `place`.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("object_key", String(500), nullable=False),
    Column("place", Sequence, nullable=False),
    Column("inboxes", Texts, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("claimed_until", Moment),
    Column("state", String(10), nullable=False),
    Column("trouble", String(300), nullable=False),
    Index("ix_outbox_due", "state", "due_at", "id"),
    Index("ix_outbox_order", "object_key", "place"),
    postgresql_with={"fillfactor": 50},  # a claimed row stays in its page, and no index has to be told
    sqlite_autoincrement=True,  # what comes of a delivery that was cancelled on its way must not be said of another
)

CLAIMED = text("claimed_until IS NOT NULL")

journal = Table(
    "journal",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("origin", String(255), nullable=False),
    Column("activity_id", String(500), nullable=False),
    Column("type", String(80), nullable=False),
    Column("actor", String(500), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("trouble", String(300), nullable=False),
    Column("claimed_until", Moment),
    UniqueConstraint("origin", "activity_id"),
    Index("ix_journal_state", "state", "id"),
    Index("ix_journal_claimed", "actor", sqlite_where=CLAIMED, postgresql_where=CLAIMED),
)
