"""The first shape."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one step forward."""
    op.create_table(
        "activities",
        sa.Column("id", sa.String(length=500), nullable=False),
        sa.Column("own_actor", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("object_key", sa.String(length=500), nullable=False),
        sa.Column("share_id", sa.String(length=40), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("sent_to", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("signed_with", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activities_object_key"), ["object_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_activities_share_id"), ["share_id"], unique=False)

    op.create_table(
        "actor_keys",
        sa.Column("key_id", sa.String(length=500), nullable=False),
        sa.Column("own_actor", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("private_pem_wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_actor_keys")),
    )
    op.create_table(
        "areas",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("latitude", node.storage.columns.Amount(length=40), nullable=True),
        sa.Column("longitude", node.storage.columns.Amount(length=40), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_areas")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("detail", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_subject", ["subject"], unique=False)

    op.create_table(
        "community",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("contact_line", sa.String(length=200), nullable=False),
        sa.Column("created_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
    )
    op.create_table(
        "enquiries",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("note_id", sa.String(length=500), nullable=False),
        sa.Column("actor", sa.String(length=500), nullable=False),
        sa.Column("own_actor", sa.String(length=20), nullable=False),
        sa.Column("share_id", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiries")),
        sa.UniqueConstraint("note_id", name=op.f("uq_enquiries_note_id")),
    )
    with op.batch_alter_table("enquiries", schema=None) as batch_op:
        batch_op.create_index("ix_enquiries_actor", ["actor", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_enquiries_received_at"), ["received_at"], unique=False)

    op.create_table(
        "feed_items",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=500), nullable=False),
        sa.Column("actor", sa.String(length=500), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("published_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("updated_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("received_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("checked_at", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.Column("ends_at", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.Column("forget_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=200), nullable=False),
        sa.Column("urgency", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("available", node.storage.columns.Amount(length=40), nullable=True),
        sa.Column("unit_based", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("intent_id", sa.String(length=500), nullable=True),
        sa.Column("received_by", sa.String(length=20), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_items")),
        sa.UniqueConstraint("object_id", name=op.f("uq_feed_items_object_id")),
    )
    with op.batch_alter_table("feed_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_items_forget_at"), ["forget_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_items_host"), ["host"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_items_received_at"), ["received_at"], unique=False)

    op.create_table(
        "follows",
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("own_actor", sa.String(length=20), nullable=False),
        sa.Column("remote_actor", sa.String(length=500), nullable=False),
        sa.Column("remote_host", sa.String(length=255), nullable=False),
        sa.Column("activity_id", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("updated_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("caught_up", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("direction", "own_actor", "remote_actor", name=op.f("pk_follows")),
    )
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.create_index("ix_follows_activity_id", ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follows_remote_host"), ["remote_host"], unique=False)

    op.create_table(
        "hosts",
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("failed_on", sa.JSON(), nullable=False),
        sa.Column("failed_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
    )
    with op.batch_alter_table("hosts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hosts_failed_at"), ["failed_at"], unique=False)

    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("activity_id", sa.String(length=500), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("actor", sa.String(length=500), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("due_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("origin", "activity_id", name=op.f("uq_journal_origin")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_state", ["state", "id"], unique=False)

    op.create_table(
        "members",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=80), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=True),
        sa.Column("created_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("name_key", name=op.f("uq_members_name_key")),
    )
    op.create_table(
        "moves",
        sa.Column("actor", sa.String(length=500), nullable=False),
        sa.Column("target", sa.String(length=500), nullable=False),
        sa.Column("at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", name=op.f("pk_moves")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("urgency", sa.String(length=40), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("repeat", sa.String(length=20), nullable=False),
        sa.Column("repeat_until", sa.Date(), nullable=True),
        sa.Column("quantity", node.storage.columns.Amount(length=40), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("remaining", node.storage.columns.Amount(length=40), nullable=False),
        sa.Column("consent_board", sa.Boolean(), nullable=False),
        sa.Column("consent_peers", sa.JSON(), nullable=False),
        sa.Column("consent_public", sa.Boolean(), nullable=False),
        sa.Column("for_someone_else", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("updated_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_notices_code_hash")),
        sa.UniqueConstraint("form_hash", name=op.f("uq_notices_form_hash")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_kind_status", ["kind", "status", "created_at"], unique=False)

    op.create_table(
        "peers",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("public_actor", sa.String(length=500), nullable=True),
        sa.Column("peers_actor", sa.String(length=500), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("moving_to", sa.String(length=500), nullable=True),
        sa.Column("created_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peers")),
        sa.UniqueConstraint("host", name=op.f("uq_peers_host")),
    )
    op.create_table(
        "remote_actors",
        sa.Column("id", sa.String(length=500), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("username", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("inbox", sa.String(length=500), nullable=False),
        sa.Column("shared_inbox", sa.String(length=500), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("is_manyhands", sa.Boolean(), nullable=False),
        sa.Column("takes_rfc9421", sa.Boolean(), nullable=False),
        sa.Column("fetched_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remote_actors")),
    )
    with op.batch_alter_table("remote_actors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remote_actors_host"), ["host"], unique=False)

    op.create_table(
        "reports",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("activity_id", sa.String(length=500), nullable=False),
        sa.Column("actor", sa.String(length=500), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("objects", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_reports_activity_id")),
    )
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index("ix_reports_host", ["host", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reports_received_at"), ["received_at"], unique=False)

    op.create_table(
        "responses",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("offer_id", sa.String(length=500), nullable=False),
        sa.Column("object_id", sa.String(length=500), nullable=False),
        sa.Column("own_actor", sa.String(length=20), nullable=False),
        sa.Column("remote_actor", sa.String(length=500), nullable=False),
        sa.Column("quantity", node.storage.columns.Amount(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.Column("share_id", sa.String(length=40), nullable=True),
        sa.Column("notice_id", sa.String(length=40), nullable=True),
        sa.Column("feed_item_id", sa.String(length=40), nullable=True),
        sa.Column("agreement_id", sa.String(length=500), nullable=True),
        sa.Column("lease_until", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.Column("released", sa.JSON(), nullable=False),
        sa.Column("coordination_url", sa.String(length=500), nullable=True),
        sa.Column("brought", node.storage.columns.Amount(length=40), nullable=True),
        sa.Column("receipt_at", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("updated_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        sa.UniqueConstraint("agreement_id", name=op.f("uq_responses_agreement_id")),
        sa.UniqueConstraint("form_hash", name=op.f("uq_responses_form_hash")),
        sa.UniqueConstraint("side", "offer_id", name=op.f("uq_responses_side")),
    )
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_responses_feed_item_id"), ["feed_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responses_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responses_share_id"), ["share_id"], unique=False)

    op.create_table(
        "sealed_keys",
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_sealed_keys")),
    )
    op.create_table(
        "tombstones",
        sa.Column("object_id", sa.String(length=500), nullable=False),
        sa.Column("actor", sa.String(length=500), nullable=False),
        sa.Column("at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("object_id", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("created_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_api_tokens_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_api_tokens")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_member_id"), ["member_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("activity_id", sa.String(length=500), nullable=False),
        sa.Column("inbox", sa.String(length=500), nullable=False),
        sa.Column("object_key", sa.String(length=500), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("claimed_until", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("trouble", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_outbox_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index("ix_outbox_due", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_outbox_order", ["inbox", "object_key", "id"], unique=False)

    op.create_table(
        "replays",
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_replays_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "key", name=op.f("pk_replays")),
    )
    op.create_table(
        "sealed_notes",
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_sealed_notes_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_sealed_notes")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("expires_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_sessions_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_member_id"), ["member_id"], unique=False)

    op.create_table(
        "shares",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("object_id", sa.String(length=500), nullable=False),
        sa.Column("published_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("updated_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("ends_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("lease_seconds", sa.Integer(), nullable=False),
        sa.Column("reply_by", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("delete_activity_id", sa.String(length=500), nullable=True),
        sa.Column("form_hash", sa.String(length=64), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_shares_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint("form_hash", name=op.f("uq_shares_form_hash")),
        sa.UniqueConstraint("object_id", name=op.f("uq_shares_object_id")),
    )
    with op.batch_alter_table("shares", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shares_delete_activity_id"), ["delete_activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shares_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index("ix_shares_state", ["state", "ends_at"], unique=False)

    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("expires_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_sign_in_links_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
    )
    with op.batch_alter_table("sign_in_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_links_member_id"), ["member_id"], unique=False)

    op.create_table(
        "reactions",
        sa.Column("share_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("which", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["shares.id"], name=op.f("fk_reactions_share_id_shares"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("share_id", "kind", "who", name=op.f("pk_reactions")),
    )
    with op.batch_alter_table("reactions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reactions_which"), ["which"], unique=False)

    op.create_table(
        "share_recipients",
        sa.Column("share_id", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=500), nullable=False),
        sa.Column("inbox", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("changed_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["shares.id"], name=op.f("fk_share_recipients_share_id_shares"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("share_id", "actor", name=op.f("pk_share_recipients")),
    )
