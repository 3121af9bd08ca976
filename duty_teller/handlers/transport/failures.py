"""What a failed call to Telegram means, told apart here and nowhere else.

The Bot API names its refusals by words only (core.telegram.org/bots/api#making-requests: `error_code` is "subject to
change"); the words below are those of the server's source and of refusals seen.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, StrEnum
from typing import Final

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError


class Kind(Enum):
    """What to do about it."""

    UNCHANGED = "unchanged"
    """Nothing: the message shows that already."""
    MOVED = "moved"
    """Call again with `new_chat_id`, and store it: the group became a supergroup."""
    LATER = "later"
    """Call again after `retry_after`, or when the network is back."""
    CHAT = "chat"
    """Give the group up until somebody changes something there; `reason` says what."""
    PERSON = "person"
    """Give the person up until they write."""
    CALL = "call"
    """Give this call up; others in the same chat may pass."""
    TOKEN = "token"  # noqa: S105
    """Give everything up until the process is started with another token."""


class Reason(StrEnum):
    """Why; those of a chat are stored with its pins."""

    KICKED = "kicked"
    NOT_MEMBER = "not_member"
    NO_WRITE = "no_write"
    NO_PIN = "no_pin"
    TOPIC_CLOSED = "topic_closed"
    TOPIC_DELETED = "topic_deleted"
    CHAT_GONE = "chat_gone"
    MESSAGE_GONE = "message_gone"
    """Of a call: the message is not there, or not to be edited; a new one can take its place."""
    NONE = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed call.

    Attributes:
        kind: What to do about it.
        text: Telegram's words, or the network's.
        reason: Why, where it matters.
        retry_after: How long Telegram asks to wait; None: it does not say.
        new_chat_id: Where the group is now.
        uncertain: Whether the call may have been carried out all the same: the answer was lost.
        forbidden: Whether nothing can be said in that chat (403), not even that something failed.
    """

    kind: Kind
    text: str
    reason: Reason = Reason.NONE
    retry_after: timedelta | None = None
    new_chat_id: int = 0
    uncertain: bool = False
    forbidden: bool = False

    @property
    def is_for_good(self) -> bool:
        """Tells whether the same call would be refused again until something changes."""
        return self.kind in {Kind.CHAT, Kind.PERSON, Kind.CALL}


_FORBIDDEN: Final = (
    ("not a member", Reason.NOT_MEMBER),
    ("deleted", Reason.CHAT_GONE),
    ("write", Reason.NO_WRITE),
)
"""What a 403 says of a group; all else is being kicked."""

_NOBODY: Final = ("chat not found", "peer_id_invalid", "user is deactivated")
"""What a 400 says of a person who cannot be written to."""

_CHAT: Final = (
    ("manage pinned messages", Reason.NO_PIN),
    ("rights to pin", Reason.NO_PIN),
    ("not enough rights", Reason.NO_WRITE),
    ("have no rights", Reason.NO_WRITE),
    ("chat_write_forbidden", Reason.NO_WRITE),
    ("chat_restricted", Reason.NO_WRITE),
    ("need administrator rights", Reason.NO_WRITE),
    ("chat_admin_required", Reason.NO_WRITE),
    ("topic_closed", Reason.TOPIC_CLOSED),
    ("topic_deleted", Reason.TOPIC_DELETED),
    ("message thread not found", Reason.TOPIC_DELETED),
    ("chat not found", Reason.CHAT_GONE),
    ("group chat was deactivated", Reason.CHAT_GONE),
    ("peer_id_invalid", Reason.CHAT_GONE),
)
"""What a 400 says of a group; the first that fits."""

_GONE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to pin not found",
)

_NEVER_LEFT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def failure_of(error: TelegramError, chat_id: int) -> Failure:
    """Tells what a failed call means.

    Args:
        error: What the call raised.
        chat_id: Where it was made: negative in groups, positive with people, 0 for calls to no chat.
    """
    text = str(error)
    if isinstance(error, ChatMigrated):
        return Failure(Kind.MOVED, text, new_chat_id=error.new_chat_id)
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return Failure(Kind.LATER, text, retry_after=wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
    if isinstance(error, InvalidToken):
        return Failure(Kind.TOKEN, text)
    if isinstance(error, Forbidden):
        return _forbidden(text, chat_id)
    if isinstance(error, BadRequest):
        return _refused(text, chat_id)
    lost = isinstance(error, NetworkError) and not isinstance(error.__cause__, _NEVER_LEFT)
    return Failure(Kind.LATER, text, uncertain=lost)


def _forbidden(text: str, chat_id: int) -> Failure:
    if chat_id >= 0:
        return Failure(Kind.PERSON, text, forbidden=True)
    words = text.lower()
    reason = next((reason for known, reason in _FORBIDDEN if known in words), Reason.KICKED)
    return Failure(Kind.CHAT, text, reason, forbidden=True)


def _refused(text: str, chat_id: int) -> Failure:
    words = text.lower()
    if "message is not modified" in words:
        return Failure(Kind.UNCHANGED, text)
    if any(known in words for known in _GONE):
        return Failure(Kind.CALL, text, Reason.MESSAGE_GONE)
    if chat_id > 0 and any(known in words for known in _NOBODY):
        return Failure(Kind.PERSON, text)
    reason = next((reason for known, reason in _CHAT if known in words), Reason.NONE) if chat_id < 0 else Reason.NONE
    return Failure(Kind.CHAT if reason else Kind.CALL, text, reason)
