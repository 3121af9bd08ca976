"""notices, dialogues, digests."""

import sqlalchemy as sa
from alembic import op

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None

_STAGES = ("handover", "file", "questions", "preview")
_KINDS = ("starts", "ends", "changed", "short_notice", "gaps", "unreachable", "groups", "people", "digest")
_OUTCOMES = ("sent", "expired", "withdrawn", "refused")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _make_drafts(*stages: str) -> None:
    """Makes the table anew: an import that is not finished within minutes is gone anyway."""
    op.drop_table("import_drafts")
    op.create_table(
        "import_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("stage", _enum("stage", *stages), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("handover", sa.String(length=80), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_import_drafts_owner_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_import_drafts_roster_id_rosters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_drafts")),
    )
    op.create_index("ix_import_drafts_owner_id", "import_drafts", ["owner_id"], unique=False)


def upgrade() -> None:
    op.add_column("users", sa.Column("notices_off", sa.String(length=200), server_default="", nullable=False))
    op.add_column("users", sa.Column("unreachable_told_at", sa.BigInteger(), nullable=True))
    op.add_column("users", sa.Column("invited_since", sa.BigInteger(), nullable=True))
    op.add_column("rosters", sa.Column("gap_warnings", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("schedule_changes", sa.Column("part_of_id", sa.Integer(), nullable=True))
    op.add_column("schedule_changes", sa.Column("people_before", sa.Text(), nullable=True))
    op.add_column("schedule_changes", sa.Column("people_after", sa.Text(), nullable=True))
    op.add_column("group_pins", sa.Column("posting_at", sa.BigInteger(), nullable=True))
    op.add_column("group_pins", sa.Column("uncertain", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("chats") as chats:
        chats.add_column(
            sa.Column("digest", _enum("digest", "off", "weekly", "handover"), server_default="off", nullable=False)
        )
        chats.add_column(sa.Column("digest_thread_id", sa.Integer(), server_default="0", nullable=False))
        chats.add_column(sa.Column("left_at", sa.BigInteger(), nullable=True))
    _make_drafts("roster", *_STAGES)
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("kind", *_KINDS), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempted_at", sa.BigInteger(), nullable=True),
        sa.Column("uncertain", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", _enum("outcome", *_OUTCOMES), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.CheckConstraint("(user_id IS NULL) <> (chat_id IS NULL)", name=op.f("ck_notices_receiver")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_notices_chat_id_chats"), onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_notices_roster_id_rosters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_notices_dedupe_key")),
    )
    op.create_index(
        "ix_notices_open",
        "notices",
        ["due_at"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_notices_user_id", "notices", ["user_id"])
    op.create_table(
        "known_gaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roster_id"], ["rosters.id"], name=op.f("fk_known_gaps_roster_id_rosters"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_gaps")),
        sa.UniqueConstraint("roster_id", "start_at", name="uq_known_gaps_roster_id"),
    )
    op.create_table(
        "dialogues",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_dialogues_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_dialogues")),
    )


def downgrade() -> None:
    for table in ("dialogues", "known_gaps", "notices"):
        op.drop_table(table)
    _make_drafts(*_STAGES)
    with op.batch_alter_table("chats") as chats:
        chats.drop_constraint(op.f("ck_chats_digest"), type_="check")
        for column in ("left_at", "digest_thread_id", "digest"):
            chats.drop_column(column)
    for table, column in (
        ("group_pins", "uncertain"),
        ("group_pins", "posting_at"),
        ("schedule_changes", "people_after"),
        ("schedule_changes", "people_before"),
        ("schedule_changes", "part_of_id"),
        ("rosters", "gap_warnings"),
        ("users", "invited_since"),
        ("users", "unreachable_told_at"),
        ("users", "notices_off"),
    ):
        op.drop_column(table, column)
