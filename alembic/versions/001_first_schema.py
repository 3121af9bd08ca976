"""first schema."""

import sqlalchemy as sa
from alembic import context, op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

_FIRST_ROSTER = {
    "name": "",
    "handover_at": "09:00",
    "day_shift": "08:00-20:00",
    "night_shift": "20:00-08:00",
    "codes": "{}",
    "file_answers": "{}",
    "coverage": "daily",
}


def upgrade() -> None:
    op.create_table(
        "access_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("admin", "allowed", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("telegram_user_id", sa.BigInteger(), nullable=False),
        sa.Column("bound_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_names")),
        sa.UniqueConstraint("kind", "username", name="uq_access_names_kind"),
    )
    op.create_table(
        "revisions",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_revisions")),
    )
    op.create_table(
        "rosters",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("handover_at", sa.String(length=5), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_shift", sa.String(length=11), nullable=False),
        sa.Column("night_shift", sa.String(length=11), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("file_answers", sa.Text(), nullable=False),
        sa.Column("date_order", sa.String(length=3), nullable=True),
        sa.Column(
            "coverage",
            sa.Enum("daily", "always", "weekly", name="coverage", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("coverage_hours", sa.Text(), nullable=True),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
    )
    op.create_table(
        "users",
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("telegram_user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "role",
            sa.Enum("admin", "user", name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("language_code", sa.String(length=16), nullable=True),
        sa.Column("reminder_leads", sa.String(length=64), nullable=True),
        sa.Column("quiet_hours", sa.String(length=16), nullable=True),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_telegram_user_id", "users", ["telegram_user_id"], unique=True)

    op.create_table(
        "calendar_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("personal", "team", name="scope", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("roster_id", sa.Integer(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_read_at", sa.BigInteger(), nullable=True),
        sa.Column("last_read_by", sa.String(length=200), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_calendar_links_roster_id_rosters")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_calendar_links_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_links")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_calendar_links_token_sha256")),
    )
    op.create_index("ix_calendar_links_user_id", "calendar_links", ["user_id"], unique=False)

    op.create_table(
        "chats",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("trusted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["trusted_by"], ["users.id"], name=op.f("fk_chats_trusted_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
    )
    op.create_table(
        "duties",
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=100), nullable=True),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "event_type",
            sa.Enum(
                "duty",
                "unavailable",
                "vacation",
                name="event_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("end_at > start_at", name=op.f("ck_duties_span")),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_duties_roster_id_rosters")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_duties_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint("uid", name=op.f("uq_duties_uid")),
    )
    op.create_index(
        "ix_duties_cancelled",
        "duties",
        ["cancelled_at"],
        unique=False,
        sqlite_where=sa.text("cancelled_at IS NOT NULL"),
        postgresql_where=sa.text("cancelled_at IS NOT NULL"),
    )
    op.create_index("ix_duties_type_span", "duties", ["event_type", sa.text("(end_at - start_at)")])
    op.create_index("ix_duties_roster_start", "duties", ["roster_id", "event_type", "start_at"], unique=False)
    op.create_index("ix_duties_user_start", "duties", ["user_id", "start_at"], unique=False)

    op.create_table(
        "import_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "handover",
                "file",
                "questions",
                "preview",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
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

    op.create_table(
        "schedule_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "import",
                "edit",
                "cover",
                "merge",
                "undo",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("roster_before", sa.Text(), nullable=True),
        sa.Column("roster_after", sa.Text(), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_schedule_changes_author_id_users")),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_schedule_changes_roster_id_rosters")),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["schedule_changes.id"], name=op.f("fk_schedule_changes_undoes_id_schedule_changes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_changes")),
    )
    op.create_index("ix_schedule_changes_roster_id", "schedule_changes", ["roster_id"], unique=False)

    op.create_table(
        "user_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_aliases_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_aliases")),
        sa.UniqueConstraint("name_key", name=op.f("uq_user_aliases_name_key")),
    )
    op.create_index("ix_user_aliases_user_id", "user_aliases", ["user_id"], unique=False)

    op.create_table(
        "group_pins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("failure", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_group_pins_chat_id_chats"), onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_group_pins_roster_id_rosters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_pins")),
        sa.UniqueConstraint("chat_id", "thread_id", "roster_id", name="uq_group_pins_chat_id"),
    )
    op.create_table(
        "schedule_change_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("duty_uid", sa.String(length=64), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["schedule_changes.id"],
            name=op.f("fk_schedule_change_items_change_id_schedule_changes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["duty_uid"], ["duties.uid"], name=op.f("fk_schedule_change_items_duty_uid_duties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_change_items")),
    )
    op.create_index("ix_schedule_change_items_change_id", "schedule_change_items", ["change_id"], unique=False)
    op.create_index("ix_schedule_change_items_duty_uid", "schedule_change_items", ["duty_uid"], unique=False)

    # One roster is there from the start: a team with one never sees the word.
    timezone = context.config.attributes["display_timezone"]
    rosters = sa.table("rosters", *(sa.column(name) for name in _FIRST_ROSTER), sa.column("timezone"))
    op.bulk_insert(rosters, [_FIRST_ROSTER | {"timezone": timezone}])
    revisions = sa.table("revisions", sa.column("name"), sa.column("value"))
    op.bulk_insert(revisions, [{"name": name, "value": 0} for name in ("people", "rosters", "schedule:1")])


def downgrade() -> None:
    for table in (
        "schedule_change_items",
        "group_pins",
        "user_aliases",
        "schedule_changes",
        "import_drafts",
        "duties",
        "chats",
        "calendar_links",
        "users",
        "rosters",
        "revisions",
        "access_names",
    ):
        op.drop_table(table)
