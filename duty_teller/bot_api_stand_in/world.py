"""The state that everything else works on: who exists, which messages there are, which updates wait for the bot."""

import asyncio
import copy
import threading
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any

from duty_teller.bot_api_stand_in.model import (
    ANONYMOUS_ADMIN,
    Call,
    Clock,
    Membership,
    Message,
    Person,
    Query,
    Room,
    StoredFile,
)
from duty_teller.bot_api_stand_in.refusals import Json, bad_request, forbidden, nothing_like

_NOT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")
_CALLS_KEPT = 20_000


def utc_now() -> datetime:
    """The default clock."""
    return datetime.now(UTC)


class World:
    """The stand-in's state.

    Every public method may be called from any thread: the state is behind `lock`, and whoever waits for a change is
    woken in the loop it waits in.
    """

    def __init__(self, token: str, bot_username: str, clock: Clock) -> None:
        self.token = token
        self.clock = clock
        self.lock = threading.RLock()
        self.version = 0
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Duty Teller",
            "username": bot_username,
        }
        self.people: dict[int, Person] = {}
        self.rooms: dict[int, Room] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.updates: deque[Json] = deque()
        self.allowed_updates: list[str] = []
        self.bot_commands: dict[tuple[str, str], list[Json]] = {}
        self.menu_buttons: dict[int, Json] = {}
        self.profile: dict[str, dict[str, str]] = {}
        self.call_log: deque[Call] = deque(maxlen=_CALLS_KEPT)
        self._offset = timedelta()
        self._next_update = 100_000_001
        self._last_shared_id = 0
        self._last_call = 0
        self._serial = 0
        self._waiters: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._moved = threading.Condition(self.lock)

    # -- time and change ---------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The time by the stand-in's clock, UTC."""
        return self.clock().astimezone(UTC) + self._offset

    def elapsed(self) -> float:
        """Seconds that pass as the clock does: what it is moved on by has passed."""
        return time.monotonic() + self._offset.total_seconds()

    def advance_clock(self, seconds: float) -> None:
        """Set the stand-in's clock on (message age, expiry of button presses, `date` of messages)."""
        with self.lock:
            self._offset += timedelta(seconds=seconds)
            self.changed()

    def changed(self) -> None:
        """Count a change and wake everybody who waits for one."""
        with self.lock:
            self.version += 1
            self._moved.notify_all()
            for loop, event in list(self._waiters):
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)

    def wait_in_thread(self, version: int, seconds: float) -> int:
        """Return the version as soon as it is another than the one given, or after the time; holds its thread up."""
        with self._moved:
            self._moved.wait_for(lambda: self.version != version, seconds)
            return self.version

    def add_waiter(self, event: asyncio.Event) -> tuple[asyncio.AbstractEventLoop, asyncio.Event]:
        """Have `event` (of the running loop) set at every change; give the result to `drop_waiter`."""
        waiter = (asyncio.get_running_loop(), event)
        with self.lock:
            self._waiters.add(waiter)
        return waiter

    def drop_waiter(self, waiter: tuple[asyncio.AbstractEventLoop, asyncio.Event]) -> None:
        """Stop waking."""
        with self.lock:
            self._waiters.discard(waiter)

    def serial(self) -> int:
        """A number never given before (for ids of files, queries …)."""
        self._serial += 1
        return self._serial

    # -- finding -----------------------------------------------------------------------------------------------------

    def person(self, user_id: int) -> Person:
        """A known person, for the people's side."""
        return self.people.get(user_id) or nothing_like(f"there is no person {user_id}")

    def room(self, chat_id: int) -> Room:
        """A known chat, for the people's side."""
        return self.rooms.get(chat_id) or nothing_like(f"there is no chat {chat_id}")

    def message(self, chat_id: int, message_id: int) -> Message:
        """An existing message, for the people's side."""
        return self.room(chat_id).messages.get(message_id) or nothing_like(f"no message {message_id} in {chat_id}")

    def user_json(self, user_id: int) -> Json:
        """The `User` of a person, of the bot, or of the anonymous administrator."""
        if user_id == self.bot["id"]:
            return dict(self.bot)
        if user_id == ANONYMOUS_ADMIN["id"]:
            return dict(ANONYMOUS_ADMIN)
        return self.person(user_id).as_json()

    def chat_json(self, room: Room) -> Json:
        """The `Chat` of the Bot API."""
        chat: Json = {"id": room.id, "type": room.kind}
        if room.kind == "private":
            user = self.user_json(room.id)
            chat.update({key: user[key] for key in ("first_name", "last_name", "username") if key in user})
            return chat
        chat["title"] = room.title
        if room.username:
            chat["username"] = room.username
        if room.is_forum:
            chat["is_forum"] = True
        if room.kind == "group":
            chat["all_members_are_administrators"] = False
        return chat

    def reachable(self, raw_chat_id: Any, access: str = "write") -> Room:
        """The chat a call names, after the checks Telegram makes.

        Args:
            raw_chat_id: as the bot gave it.
            access: "write" (send, pin, delete), "edit" or "read".

        Raises:
            Refusal: chat not found, blocked, kicked, not started, upgraded.
        """
        if raw_chat_id is None or raw_chat_id == "":
            raise bad_request("chat_id is empty")
        try:
            chat_id = int(raw_chat_id)
        except (TypeError, ValueError):
            chat_id = next((r.id for r in self.rooms.values() if r.username and f"@{r.username}" == raw_chat_id), 0)
        if chat_id in (self.bot["id"], ANONYMOUS_ADMIN["id"]):
            raise forbidden("bot can't send messages to bots")
        room = self.rooms.get(chat_id)
        if room is None:
            raise bad_request("chat not found")
        if room.kind == "private":
            person = self.person(chat_id)
            if access == "write" and person.blocked:
                raise forbidden("bot was blocked by the user")
            if access != "read" and not person.started:
                raise forbidden("bot can't initiate conversation with a user")
            return room
        if room.upgraded_to is not None and access == "write":
            raise bad_request("group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": room.upgraded_to})
        if room.kind == "supergroup" or access != "read":
            if room.bot.status == "kicked":
                raise forbidden(f"bot was kicked from the {room.kind} chat")
            if room.bot.status == "left":
                raise forbidden(f"bot is not a member of the {room.kind} chat")
        return room

    # -- messages ----------------------------------------------------------------------------------------------------

    def post(
        self,
        room: Room,
        sender_id: int,
        body: Json,
        *,
        reply_to: int | None = None,
        thread_id: int | None = None,
        service: bool = False,
    ) -> Message:
        """Put a message into a chat. Ids run through private chats and basic groups, and apart in each supergroup."""
        if room.kind == "supergroup":
            room.last_id += 1
            message_id = room.last_id
        else:
            self._last_shared_id += 1
            message_id = self._last_shared_id
        message = Message(message_id, room.id, sender_id, self.now(), body, reply_to, thread_id, service)
        room.messages[message_id] = message
        self.changed()
        return message

    def message_json(self, message: Message, *, with_reply: bool = True) -> Json:
        """The `Message` of the Bot API as it is now."""
        room = self.rooms[message.chat_id]
        shown: Json = {"message_id": message.id, "from": self.user_json(message.sender_id)}
        if message.sender_id == ANONYMOUS_ADMIN["id"]:
            shown["sender_chat"] = self.chat_json(room)
        if message.sender_id == self.bot["id"] or message.sender_id == ANONYMOUS_ADMIN["id"]:
            shown["from"].pop("language_code", None)
        shown.update({"chat": self.chat_json(room), "date": int(message.sent_at.timestamp())})
        if message.thread_id is not None:
            shown["message_thread_id"] = message.thread_id
            if room.is_forum:
                shown["is_topic_message"] = True
        if with_reply:
            # In a topic Telegram names the message that opened it where nothing else is replied to.
            parent = room.messages.get(message.reply_to or (message.thread_id if room.is_forum else None) or 0)
            if parent is not None and parent.id != message.id:
                shown["reply_to_message"] = self.message_json(parent, with_reply=False)
        body = copy.deepcopy(message.body)
        if "reply_markup" in body and "inline_keyboard" not in body["reply_markup"]:
            del body["reply_markup"]  # Telegram gives back inline keyboards only
        shown.update(body)
        return shown

    def push(self, kind: str, payload: Json) -> None:
        """Queue an update, unless the bot asked not to get its kind."""
        wanted = kind in self.allowed_updates if self.allowed_updates else kind not in _NOT_BY_DEFAULT
        if wanted:
            self.updates.append({"update_id": self._next_update, kind: copy.deepcopy(payload)})
            self._next_update += 1
        self.changed()

    def push_message(self, message: Message) -> None:
        """Queue the update of a new message, if the bot gets to see it (privacy mode)."""
        if self._bot_sees(message):
            self.push("message", self.message_json(message))

    def _bot_sees(self, message: Message) -> bool:
        room = self.rooms[message.chat_id]
        if room.kind == "private" or message.service:
            return True
        if not room.bot.present:
            return False
        if room.bot.is_admin:
            return True  # privacy mode is for ordinary members only
        parent = room.messages.get(message.reply_to or 0)
        if parent is not None and parent.sender_id == self.bot["id"]:
            return True
        text: str = message.body.get("text", "")
        if not text.startswith("/"):
            return False
        addressee = text.split(maxsplit=1)[0].partition("@")[2]
        return not addressee or addressee.lower() == str(self.bot["username"]).lower()

    def push_my_member(self, room: Room, by: int, old: Membership, new: Membership) -> None:
        """Queue `my_chat_member`: what the bot is in a chat has changed."""
        user = dict(self.bot)
        self.push(
            "my_chat_member",
            {
                "chat": self.chat_json(room),
                "from": self.user_json(by),
                "date": int(self.now().timestamp()),
                "old_chat_member": old.as_json(user),
                "new_chat_member": new.as_json(user),
            },
        )

    # -- files and calls ---------------------------------------------------------------------------------------------

    def keep_file(self, name: str, data: bytes, mime_type: str, size: int | None = None) -> StoredFile:
        """Store a file; `size` declares a larger one than was really given."""
        number = self.serial()
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        stored = StoredFile(
            file_id=f"BQACAgIAAxkBAAI{number:04d}duty",
            unique_id=f"AgAD{number:04d}",
            name=name,
            mime_type=mime_type,
            data=data,
            size=len(data) if size is None else size,
            path=f"documents/file_{number}.{suffix}",
        )
        self.files[stored.file_id] = stored
        return stored

    def log_call(self, method: str, params: Json) -> Call:
        """Open an entry of the call log."""
        with self.lock:
            self._last_call += 1
            call = Call(self._last_call, method, params, self.now().isoformat())
            self.call_log.append(call)
            return call
