"""What the stand-in's world is made of: people, chats, members, topics, messages, files and logged calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from duty_teller.bot_api_stand_in.refusals import Json

Clock = Callable[[], datetime]
RoomKind = Literal["private", "group", "supergroup"]

ANONYMOUS_ADMIN: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_tags",
)
MEMBER_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
    "can_react_to_messages",
)
_GROUP_OFF = ("can_change_info", "can_pin_messages", "can_manage_topics", "can_edit_tag")


class Stage(Protocol):
    """What a page may offer beside the chats (the demo: a clock, steps to try, sample files)."""

    @property
    def world(self) -> str:
        """The name of what can be played with now; empty while there is nothing."""

    @property
    def actions(self) -> Mapping[str, Callable[..., Any]]:
        """More actions of the control door, by name."""

    def state(self) -> Json:
        """What the page shows of it."""

    def download(self, name: str) -> bytes | None:
        """A file to be had under `/samples/NAME`, or None."""


@dataclass
class Person:
    """Somebody with a Telegram account."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "en"
    phone: str = ""
    started: bool = False
    blocked: bool = False

    def as_json(self) -> Json:
        """The `User` of the Bot API."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for key in ("last_name", "username", "language_code"):
            if getattr(self, key):
                user[key] = getattr(self, key)
        return user


@dataclass
class Membership:
    """Who somebody is in a group: the status of `ChatMember` and, for administrators and restricted ones, rights."""

    status: str
    rights: dict[str, bool] = field(default_factory=dict)
    anonymous: bool = False
    tag: str = ""

    @property
    def present(self) -> bool:
        """Whether such a member is in the group at all."""
        return self.status not in ("left", "kicked")

    @property
    def is_admin(self) -> bool:
        """Whether it administers the group."""
        return self.status in ("creator", "administrator")

    def as_json(self, user: Json) -> Json:
        """The `ChatMember` of the Bot API."""
        member: Json = {"status": self.status, "user": user}
        if self.status == "creator":
            member["is_anonymous"] = self.anonymous
        elif self.status == "administrator":
            member.update(can_be_edited=False, is_anonymous=self.anonymous)
            member.update({right: self.rights.get(right, right == "can_manage_chat") for right in ADMIN_RIGHTS})
        elif self.status == "restricted":
            member.update(is_member=True, until_date=0)
            member.update({name: self.rights.get(name, name not in _GROUP_OFF) for name in MEMBER_PERMISSIONS})
        elif self.status == "kicked":
            member["until_date"] = 0
        if self.tag and self.status in ("member", "restricted"):
            member["tag"] = self.tag
        return member


@dataclass
class Topic:
    """A forum topic; `id` is the id of the message that created it."""

    id: int
    name: str
    closed: bool = False


@dataclass
class Message:
    """A message as it is now. `body` holds the Bot API fields that are not worked out when it is shown."""

    id: int
    chat_id: int
    sender_id: int
    sent_at: datetime
    body: Json
    reply_to: int | None = None
    thread_id: int | None = None
    service: bool = False


@dataclass
class Room:
    """A chat: private (its id is the person's) or a group."""

    id: int
    kind: RoomKind
    title: str = ""
    username: str | None = None
    is_forum: bool = False
    members: dict[int, Membership] = field(default_factory=dict)
    bot: Membership = field(default_factory=lambda: Membership("member"))
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pins: list[int] = field(default_factory=list)  # oldest pin first
    keyboard: Json | None = None
    upgraded_to: int | None = None
    last_id: int = 0
    cleared_to: int = 0  # up to here the page shows pinned messages only

    def bot_may(self, right: str) -> bool:
        """Whether the bot has a right: its own one, or the ordinary members' one."""
        if self.kind == "private" or self.bot.status == "creator":
            return True
        if self.bot.status == "administrator":
            return right.startswith("can_send") or self.bot.rights.get(right, False)
        if self.bot.status == "restricted":
            return self.bot.rights.get(right, right not in _GROUP_OFF)
        return self.bot.present and right in MEMBER_PERMISSIONS and right not in _GROUP_OFF


@dataclass
class StoredFile:
    """A file that somebody sent. `size` may be declared larger than `data`, so a test of the limit moves little."""

    file_id: str
    unique_id: str
    name: str
    mime_type: str
    data: bytes
    size: int
    path: str

    def as_json(self) -> Json:
        """The `Document` of the Bot API."""
        return {
            "file_name": self.name,
            "mime_type": self.mime_type,
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": self.size,
        }


@dataclass
class Call:
    """One call of the bot as the log keeps it.

    Attributes:
        number: a rising number; `calls(since=…)` takes it.
        code: the answer's HTTP status, None when no answer was given (dropped, hung or still open).
    """

    number: int
    method: str
    params: Json
    time: str
    code: int | None = None
    description: str | None = None

    def as_json(self) -> Json:
        """The entry as the control API gives it."""
        return dict(vars(self))


@dataclass
class Query:
    """A pressed button or an inline query that waits for the bot's answer."""

    id: str
    asked_at: datetime
    answer: Json | None = None
    void: bool = False
