"""Tables, which are the API's shapes too: a base with the shared fields, a table, and where it is served a read class.

Times are stored as whole seconds since 1970 UTC (`UtcTime`) and are aware UTC datetimes in Python: comparable and
subtractable in SQL on every database alike, without a zone to get wrong. Spans are half-open, [start, end).
"""

from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An instant: aware in Python, whole seconds since 1970 UTC in the database.

    Raises:
        ValueError: A naive datetime was given.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        """Turns an aware datetime into seconds."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:
        """Turns seconds into an aware UTC datetime."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class WallTime(sa.types.TypeDecorator[time]):
    """A wall-clock time of a roster's zone, stored as `HH:MM`."""

    impl = sa.String(5)
    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: sa.Dialect) -> str | None:
        """Writes `HH:MM`."""
        return None if value is None else f"{value:%H:%M}"

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> time | None:
        """Reads `HH:MM`."""
        return None if value is None else time(int(value[:2]), int(value[3:5]))


def _enum(kind: type[StrEnum], name: str) -> sa.Enum:
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=name,
        values_callable=lambda k: [m.value for m in k],
    )


class Role(StrEnum):
    """What a person may do."""

    ADMIN = "admin"
    USER = "user"


class EventType(StrEnum):
    """What a shift is; the last two are whole local days."""

    DUTY = "duty"
    UNAVAILABLE = "unavailable"
    VACATION = "vacation"


class Coverage(StrEnum):
    """When a roster wants somebody on duty; what it asks and no shift gives is a gap."""

    DAILY = "daily"
    ALWAYS = "always"
    WEEKLY = "weekly"


class ChangeKind(StrEnum):
    """Why the schedule changed."""

    IMPORT = "import"
    EDIT = "edit"
    COVER = "cover"
    MERGE = "merge"
    UNDO = "undo"


class AccessKind(StrEnum):
    """Which variable of the environment a bound name comes from."""

    ADMIN = "admin"
    ALLOWED = "allowed"


class LinkScope(StrEnum):
    """What a calendar link shows."""

    PERSONAL = "personal"
    TEAM = "team"


class DigestKind(StrEnum):
    """Which fresh messages a group asks for beside its pin."""

    OFF = "off"
    WEEKLY = "weekly"
    HANDOVER = "handover"


class NoticeKind(StrEnum):
    """What a notice is about; people switch each kind off for themselves.

    `starts` and `ends` are about one's own time on duty, `changed` and `short_notice` about one's own shifts in a
    change of the schedule (the latter when one begins within a day); `gaps`, `unreachable`, `groups` (a pin was
    switched off) and `people` (who joined, which name was bound) go to admins; `digest` goes to a group.
    """

    STARTS = "starts"
    ENDS = "ends"
    CHANGED = "changed"
    SHORT_NOTICE = "short_notice"
    GAPS = "gaps"
    UNREACHABLE = "unreachable"
    GROUPS = "groups"
    PEOPLE = "people"
    DIGEST = "digest"


class NoticeOutcome(StrEnum):
    """What became of a notice."""

    SENT = "sent"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class DraftStage(StrEnum):
    """What an import in the chat is waiting for."""

    ROSTER = "roster"
    HANDOVER = "handover"
    FILE = "file"
    QUESTIONS = "questions"
    PREVIEW = "preview"


class UserBase(SQLModel):
    """A person as others see them."""

    full_name: str = Field(max_length=200)
    username: str | None = Field(
        default=None, max_length=64, description="Telegram's @name without the @; a hint, never an identity"
    )
    phone: str | None = Field(default=None, max_length=40)


class User(UserBase, table=True):
    """A person of the roster, or somebody who was let in. Only `telegram_user_id` grants anything."""

    __tablename__: ClassVar[Any] = "users"
    __table_args__ = (sa.Index("uq_users_telegram_user_id", "telegram_user_id", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    telegram_user_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    role: Role = Field(default=Role.USER, sa_type=_enum(Role, "role"))
    language: str | None = Field(default=None, max_length=8, description="The person's own choice")
    language_code: str | None = Field(default=None, max_length=16, description="Telegram's; a hint, as the username is")
    reminder_leads: str | None = Field(
        default=None, max_length=64, description="Minutes before a shift, comma separated"
    )
    quiet_hours: str | None = Field(default=None, max_length=16, description="HH:MM-HH:MM in the roster's zone")
    reachable: bool = Field(default=False, description="Has started the bot, so it may write first")
    notices_off: str = Field(
        default="",
        max_length=200,
        sa_column_kwargs={"server_default": ""},
        description="Kinds of notices (`NoticeKind`) the person has switched off, comma separated",
    )
    unreachable_told_at: datetime | None = Field(
        default=None,
        sa_type=UtcTime,
        description="When the admins were told that the bot cannot write to this person; empty again once it can",
    )
    invited_since: datetime | None = Field(
        default=None,
        sa_type=UtcTime,
        description="Invitations made before this are void: one of them was opened by somebody else",
    )
    is_active: bool = True
    linked_at: datetime | None = Field(
        default=None,
        sa_type=UtcTime,
        description="When an invitation or an admin tied the Telegram account to this person",
    )
    created_at: datetime = Field(sa_type=UtcTime)


class UserRead(UserBase):
    """A person for the API."""

    id: int
    role: Role


class UserAlias(SQLModel, table=True):
    """A name that files use for a person, in the folded form in which names are compared."""

    __tablename__: ClassVar[Any] = "user_aliases"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    name_key: str = Field(max_length=200, unique=True)


class AccessName(SQLModel, table=True):
    """A name of ADMIN_USERNAMES or ALLOWED_USERNAMES, bound to the account that first showed it."""

    __tablename__: ClassVar[Any] = "access_names"
    __table_args__ = (sa.UniqueConstraint("kind", "username", name="uq_access_names_kind"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: AccessKind = Field(sa_type=_enum(AccessKind, "kind"))
    username: str = Field(max_length=64)
    telegram_user_id: int = Field(sa_type=sa.BigInteger)
    bound_at: datetime = Field(sa_type=UtcTime)


class RosterBase(SQLModel):
    """A roster as others see it. An empty name is the only roster's: nobody has to see the word."""

    name: str = Field(default="", max_length=100)
    timezone: str = Field(max_length=64, description="IANA name")
    handover_at: time = Field(sa_type=WallTime, description="Wall clock of the roster's zone")


class Roster(RosterBase, table=True):
    """What a team plans: zone, hand-over, shift times, the meaning of codes in files, and the coverage it wants."""

    __tablename__: ClassVar[Any] = "rosters"

    id: int | None = Field(default=None, primary_key=True)
    day_shift: str = Field(default="08:00-20:00", max_length=11)
    night_shift: str = Field(default="20:00-08:00", max_length=11)
    codes: str = Field(default="{}", sa_type=sa.Text, description="JSON: folded code → meaning, as answered in imports")
    date_order: str | None = Field(default=None, max_length=3, description="`dmy` or `mdy`, as answered in imports")
    file_answers: str = Field(
        default="{}",
        sa_type=sa.Text,
        description="JSON: SHA-256 of a file's cells → answers that hold for that file only",
    )
    coverage: Coverage = Field(default=Coverage.DAILY, sa_type=_enum(Coverage, "coverage"))
    coverage_hours: str | None = Field(
        default=None, sa_type=sa.Text, description='JSON for `weekly`: {"0": ["09:00-18:00"], …}, 0 is Monday'
    )
    gap_warnings: bool = Field(
        default=True, sa_column_kwargs={"server_default": sa.true()}, description="Tell the admins of gaps"
    )
    retired_at: datetime | None = Field(default=None, sa_type=UtcTime)


class RosterRead(RosterBase):
    """A roster for the API."""

    id: int


class DutyBase(SQLModel):
    """A shift: who, when, what."""

    roster_id: int = Field(foreign_key="rosters.id")
    user_id: int = Field(foreign_key="users.id")
    position: str | None = Field(default=None, max_length=100, description="primary, secondary … or none")
    start_at: datetime = Field(sa_type=UtcTime)
    end_at: datetime = Field(sa_type=UtcTime)
    event_type: EventType = Field(sa_type=_enum(EventType, "event_type"))
    note: str | None = Field(default=None, max_length=500)


class Duty(DutyBase, table=True):
    """A stored shift. Only `services.schedule_service` writes this table; a cancelled row stays for feeds and undo."""

    __tablename__: ClassVar[Any] = "duties"
    __table_args__ = (
        sa.CheckConstraint("end_at > start_at", name="span"),
        sa.Index("ix_duties_roster_start", "roster_id", "event_type", "start_at"),
        sa.Index("ix_duties_user_start", "user_id", "start_at"),
        # The longest shift of a type bounds a range query from below (PERFORMANCE: 7.9 ms without, 0.2 ms with).
        sa.Index("ix_duties_type_span", "event_type", sa.text("(end_at - start_at)")),
        sa.Index(
            "ix_duties_cancelled",
            "cancelled_at",
            sqlite_where=sa.text("cancelled_at IS NOT NULL"),
            postgresql_where=sa.text("cancelled_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(
        max_length=64, unique=True, description="Stable for the life of the shift; the calendar UID is made of it"
    )
    sequence: int = Field(default=0, description="Raised by every change, for calendars")
    updated_at: datetime = Field(sa_type=UtcTime)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcTime)


class DutyRead(DutyBase):
    """A shift for the API, with the person's name and ways to reach them."""

    id: int
    full_name: str
    username: str | None = None
    phone: str | None = None


class ScheduleChange(SQLModel, table=True):
    """One change of the schedule; `items` of it keep what was replaced."""

    __tablename__: ClassVar[Any] = "schedule_changes"

    id: int | None = Field(default=None, primary_key=True)
    roster_id: int = Field(foreign_key="rosters.id", index=True)
    kind: ChangeKind = Field(sa_type=_enum(ChangeKind, "kind"))
    author_id: int | None = Field(default=None, foreign_key="users.id", description="None: the command line")
    author_name: str = Field(max_length=200)
    reason: str = Field(default="", max_length=500)
    revision: int = Field(description="The roster's schedule revision that this change made")
    created_at: datetime = Field(sa_type=UtcTime)
    roster_before: str | None = Field(
        default=None, sa_type=sa.Text, description="JSON of roster settings replaced by this change"
    )
    roster_after: str | None = Field(default=None, sa_type=sa.Text)
    undoes_id: int | None = Field(
        default=None, foreign_key="schedule_changes.id", description="The change that this one takes back"
    )
    part_of_id: int | None = Field(
        default=None, description="The first change of an action that touched several rosters; they are undone together"
    )
    people_before: str | None = Field(
        default=None, sa_type=sa.Text, description="JSON of what this change replaced about people (a merge of two)"
    )
    people_after: str | None = Field(default=None, sa_type=sa.Text)


class ScheduleChangeItem(SQLModel, table=True):
    """One shift of a change, before and after (JSON of `schedule_service.ShiftState`; NULL: there was none)."""

    __tablename__: ClassVar[Any] = "schedule_change_items"

    id: int | None = Field(default=None, primary_key=True)
    change_id: int = Field(foreign_key="schedule_changes.id", ondelete="CASCADE", index=True)
    duty_uid: str = Field(foreign_key="duties.uid", max_length=64, index=True)
    before: str | None = Field(default=None, sa_type=sa.Text)
    after: str | None = Field(default=None, sa_type=sa.Text)


class Revision(SQLModel, table=True):
    """A counter raised in the transaction that changes what it counts: `schedule:<roster id>`, `people`, `rosters`."""

    __tablename__: ClassVar[Any] = "revisions"

    name: str = Field(primary_key=True, max_length=40)
    value: int = 0


class Chat(SQLModel, table=True):
    """A group the bot is in. In a group that is not trusted it answers admins only."""

    __tablename__: ClassVar[Any] = "chats"

    id: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    title: str = Field(default="", max_length=255)
    language: str | None = Field(default=None, max_length=8)
    trusted: bool = False
    trusted_by: int | None = Field(default=None, foreign_key="users.id")
    digest: DigestKind = Field(
        default=DigestKind.OFF, sa_type=_enum(DigestKind, "digest"), sa_column_kwargs={"server_default": "off"}
    )
    digest_thread_id: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="message_thread_id of the topic that gets the digest; 0: none",
    )
    left_at: datetime | None = Field(
        default=None, sa_type=UtcTime, description="When the bot was removed from the group; empty: it is there"
    )


class GroupPin(SQLModel, table=True):
    """The message in a group (or a topic of it) that tells who is on duty."""

    __tablename__: ClassVar[Any] = "group_pins"
    __table_args__ = (sa.UniqueConstraint("chat_id", "thread_id", "roster_id", name="uq_group_pins_chat_id"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(
        sa_column=sa.Column(
            sa.BigInteger, sa.ForeignKey("chats.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False
        )
    )
    thread_id: int = Field(default=0, description="message_thread_id of a topic; 0: none")
    roster_id: int = Field(foreign_key="rosters.id")
    message_id: int
    content_hash: str = Field(
        default="", max_length=64, description="Of what the message shows now; empty: not known, send again"
    )
    failure: str | None = Field(default=None, max_length=500, description="Why this pin is switched off")
    posting_at: datetime | None = Field(
        default=None,
        sa_type=UtcTime,
        description="Committed before a message is sent, empty again once it is stored: a process that died in between "
        "may have left a second copy",
    )
    uncertain: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="How often it was posted again without knowing whether the last post had arrived",
    )


class CalendarLink(SQLModel, table=True):
    """A secret address of a feed. The token is made of id, generation and the secret of DATA_DIR, and never stored."""

    __tablename__: ClassVar[Any] = "calendar_links"
    __table_args__ = (sa.Index("ix_calendar_links_user_id", "user_id"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE")
    scope: LinkScope = Field(sa_type=_enum(LinkScope, "scope"))
    roster_id: int | None = Field(default=None, foreign_key="rosters.id", description="None: all rosters")
    generation: int = 1
    token_sha256: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=UtcTime)
    last_read_at: datetime | None = Field(default=None, sa_type=UtcTime)
    last_read_by: str | None = Field(default=None, max_length=200, description="The reader's User-Agent")
    revoked_at: datetime | None = Field(default=None, sa_type=UtcTime)


class ImportDraft(SQLModel, table=True):
    """An import in the chat, from the command to the tap on Apply; it survives a restart and expires."""

    __tablename__: ClassVar[Any] = "import_drafts"

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    roster_id: int = Field(foreign_key="rosters.id")
    stage: DraftStage = Field(sa_type=_enum(DraftStage, "stage"))
    chat_id: int = Field(sa_type=sa.BigInteger)
    message_id: int | None = Field(default=None, description="The bot's message that is edited in place")
    handover: str | None = Field(default=None, max_length=80, description="`HH:MM Zone`")
    file_name: str | None = Field(default=None, max_length=255)
    content: str | None = Field(default=None, sa_type=sa.Text, description="JSON of `importers.RosterCells`")
    answers: str = Field(default="{}", sa_type=sa.Text, description="JSON of `importers.Answers`")
    options: str = Field(default="{}", sa_type=sa.Text, description="JSON: choices made in the preview")
    revision: int | None = Field(default=None, description="The schedule revision that the preview was made from")
    created_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)


class Notice(SQLModel, table=True):
    """A message that waits to be sent, or was: filled in the transaction of what causes it, so that none is lost.

    Open is what has no `closed_at`. An attempt is committed before each sending: what has an `attempted_at` when a
    process starts may have arrived already, is sent again, and counted in `uncertain`.
    """

    __tablename__: ClassVar[Any] = "notices"
    __table_args__ = (
        sa.CheckConstraint("(user_id IS NULL) <> (chat_id IS NULL)", name="receiver"),
        sa.Index(
            "ix_notices_open",
            "due_at",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.Index("ix_notices_user_id", "user_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_id: int | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE", description="A person")
    chat_id: int | None = Field(
        default=None,
        description="Or a group",
        sa_column=sa.Column(
            sa.BigInteger, sa.ForeignKey("chats.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=True
        ),
    )
    thread_id: int = Field(default=0, description="message_thread_id of a group's topic; 0: none")
    kind: NoticeKind = Field(sa_type=_enum(NoticeKind, "kind"))
    roster_id: int | None = Field(default=None, foreign_key="rosters.id")
    payload: str = Field(default="{}", sa_type=sa.Text, description="JSON: what the text is made of, by kind")
    dedupe_key: str = Field(
        max_length=200, unique=True, description="One notice a cause: the same key is not stored twice"
    )
    created_at: datetime = Field(sa_type=UtcTime)
    due_at: datetime = Field(sa_type=UtcTime, description="Not before")
    expires_at: datetime = Field(sa_type=UtcTime, description="Not after: yesterday's reminder helps nobody")
    attempts: int = 0
    attempted_at: datetime | None = Field(
        default=None, sa_type=UtcTime, description="An attempt whose outcome is not known (yet)"
    )
    uncertain: int = Field(default=0, description="How often it was sent again without knowing whether it had arrived")
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    outcome: NoticeOutcome | None = Field(
        default=None, sa_column=sa.Column(_enum(NoticeOutcome, "outcome"), nullable=True)
    )
    last_error: str | None = Field(default=None, max_length=500)


class KnownGap(SQLModel, table=True):
    """A hand-over day with a gap that the admins were told of; it goes when it is closed or over."""

    __tablename__: ClassVar[Any] = "known_gaps"
    __table_args__ = (sa.UniqueConstraint("roster_id", "start_at", name="uq_known_gaps_roster_id"),)

    id: int | None = Field(default=None, primary_key=True)
    roster_id: int = Field(foreign_key="rosters.id", ondelete="CASCADE")
    start_at: datetime = Field(sa_type=UtcTime, description="The hand-over that begins the day")
    end_at: datetime = Field(sa_type=UtcTime, description="The hand-over that ends it")
    found_at: datetime = Field(sa_type=UtcTime)


class Dialogue(SQLModel, table=True):
    """What the bot waits for a person to type, one at a time; it survives a restart and ends itself when forgotten."""

    __tablename__: ClassVar[Any] = "dialogues"

    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    kind: str = Field(max_length=40, description="Which handler takes the text (`handlers.dialogues`)")
    payload: str = Field(default="{}", sa_type=sa.Text, description="JSON: what the handler needs")
    chat_id: int = Field(sa_type=sa.BigInteger)
    message_id: int | None = Field(default=None, description="The bot's question, edited when the dialogue ends itself")
    expires_at: datetime = Field(sa_type=UtcTime)
