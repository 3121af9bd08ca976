"""What a test or the play page can look at."""

from typing import Any, Literal

from duty_teller.bot_api_stand_in.entities import to_html
from duty_teller.bot_api_stand_in.groups import Groups
from duty_teller.bot_api_stand_in.launch import Theme, launch_url, sign_init_data
from duty_teller.bot_api_stand_in.model import Message, Room, Stage
from duty_teller.bot_api_stand_in.refusals import Json, nothing_like


class Views(Groups):
    """The world with its reading side."""

    mini_app_base_url: str | None = None
    stage: Stage | None = None

    def messages(self, chat_id: int, after_id: int = 0) -> list[Json]:
        """All messages of a chat (with a higher id than `after_id`) as they are now, oldest first.

        Each has: `message_id`, `chat_id`, `date` (Unix seconds), `sender` (id, name, is_bot), `text` (or caption, or
        ""), `html`, `entities`, `reply_markup` (inline and reply keyboards), `edited`, `pinned`, `service` (name of the
        service field or None), `reply_to`, `thread_id`, `document`, `contact`.
        """
        with self.lock:
            room = self.room(chat_id)
            return [self._view(room, message) for message in room.messages.values() if message.id > after_id]

    def last_message(self, chat_id: int) -> Json | None:
        """The newest message of a chat that is not a service message, or None."""
        return next((m for m in reversed(self.messages(chat_id)) if m["service"] is None), None)

    def pinned(self, chat_id: int) -> Json | None:
        """The pinned message on top of a chat (the newest pin), or None."""
        with self.lock:
            room = self.room(chat_id)
            return self._view(room, room.messages[room.pins[-1]]) if room.pins else None

    def _view(self, room: Room, message: Message) -> Json:
        body = message.body
        user = self.user_json(message.sender_id)
        text = str(body.get("text", body.get("caption", "")))
        entities: list[Json] = body.get("entities") or body.get("caption_entities") or []
        return {
            "message_id": message.id,
            "chat_id": room.id,
            "date": int(message.sent_at.timestamp()),
            "sender": {
                "id": user["id"],
                "name": " ".join(filter(None, [user["first_name"], user.get("last_name")])),
                "is_bot": user["is_bot"],
            },
            "text": text,
            "html": to_html(text, entities),
            "entities": entities,
            "reply_markup": body.get("reply_markup"),
            "edited": "edit_date" in body,
            "pinned": message.id in room.pins,
            "service": next(iter(body)) if message.service else None,
            "service_body": body if message.service else None,
            "reply_to": message.reply_to,
            "thread_id": message.thread_id,
            "document": body.get("document"),
            "contact": body.get("contact"),
        }

    def calls(self, method: str | None = None, since: int = 0) -> list[Json]:
        """The log of the bot's calls.

        Args:
            method: only this one; without it everything but getUpdates.
            since: only calls with a greater `number`.

        Returns:
            Entries with `number`, `method`, `params` (decoded), `time`, `code`, `description`.
        """
        with self.lock:
            return [
                call.as_json()
                for call in self.call_log
                if call.number > since and (call.method == method if method else call.method != "getUpdates")
            ]

    def clear_calls(self) -> None:
        """Forget the log of calls; numbers go on."""
        with self.lock:
            self.call_log.clear()

    def commands(self, scope: Json | str | None = None, lang: str = "") -> list[Json]:
        """The commands set for exactly this scope (`{"type": …}` or its type) and language ("" is the fallback)."""
        wanted: Json = {"type": scope} if isinstance(scope, str) else scope or {"type": "default"}
        with self.lock:
            return list(self.bot_commands.get((scope_key(wanted), lang), []))

    def commands_for(self, user_id: int) -> list[Json]:
        """The commands a person sees in the private chat, by Telegram's order of scopes and languages."""
        language = self.person(user_id).language_code or ""
        scopes: list[Json] = [{"type": "chat", "chat_id": user_id}, {"type": "all_private_chats"}, {"type": "default"}]
        for scope in scopes:
            for lang in (language, ""):
                if found := self.commands(scope, lang):
                    return found
        return []

    def menu_button(self, user_id: int) -> Json:
        """The menu button of a private chat."""
        with self.lock:
            return self.menu_buttons.get(user_id) or self.menu_buttons.get(0) or {"type": "commands"}

    def download(self, file_id: str) -> bytes:
        """The content of a file somebody sent."""
        with self.lock:
            return (self.files.get(file_id) or nothing_like(f"no file {file_id}")).data

    # -- the Mini App ------------------------------------------------------------------------------------------------

    def init_data(
        self,
        user_id: int,
        start_param: str | None = None,
        auth_date: int | None = None,
        direct: bool = False,
    ) -> str:
        """InitData for a person, signed with the bot's token.

        Args:
            user_id: who opens the Mini App.
            start_param: of a `startapp` link.
            auth_date: Unix seconds; None is now.
            direct: as from a direct link (no query_id, but a chat type and instance).
        """
        with self.lock:
            user = self.person(user_id).as_json()
            del user["is_bot"]
            user.setdefault("last_name", "")
            user["allows_write_to_pm"] = True
            when: Any = self.now() if auth_date is None else auth_date
            extra: dict[str, Any] = (
                {"query_id": None, "chat_type": "private", "chat_instance": str(-8_000_000_000_000 - user_id)}
                if direct
                else {}
            )
            return sign_init_data(self.token, user, when, start_param, **extra)

    def web_app_url(
        self,
        user_id: int,
        base: str | None = None,
        start_param: str | None = None,
        theme: Literal["light", "dark"] | None = "light",
    ) -> str:
        """The address that opens the Mini App signed in as a person.

        Args:
            user_id: who opens it.
            base: where it lives; `mini_app_base_url` unless given.
            start_param: of a `startapp` link.
            theme: the colours Telegram would hand over; None: none, the Mini App follows the system.
        """
        address = base or self.mini_app_base_url or nothing_like("mini_app_base_url is not set")
        chosen: Theme | None = theme
        return launch_url(address, self.init_data(user_id, start_param, direct=start_param is not None), chosen)

    def overview(self, user_id: int | None = None) -> Json:
        """What the play page shows: the people, and for one of them the chats with everything in them."""
        with self.lock:
            people = [{**p.as_json(), "started": p.started, "blocked": p.blocked} for p in self.people.values()]
            state: Json = {"version": self.version, "bot": self.bot, "people": people, "chats": []}
            if user_id in self.people:
                state |= self._seen_by(user_id)
        if self.stage is not None:  # it may wait for a database, so not while nobody else can do anything
            state["stage"] = self.stage.state()
        return state

    def _seen_by(self, user_id: int) -> Json:
        rooms = [self.rooms[user_id]] + [
            r
            for r in self.rooms.values()
            if r.kind != "private" and r.upgraded_to is None and user_id in r.members and r.members[user_id].present
        ]
        chats = [
            {
                **self.chat_json(room),
                "messages": self._not_cleared(room)[-200:],
                "pinned": self.pinned(room.id),
                "keyboard": room.keyboard,
                "topics": [{"id": t.id, "name": t.name, "closed": t.closed} for t in room.topics.values()],
            }
            for room in rooms
        ]
        return {
            "chats": chats,
            "commands": self.commands_for(user_id),
            "menu_button": self.menu_button(user_id),
            "mini_app_base_url": self.mini_app_base_url,
        }

    def _not_cleared(self, room: Room) -> list[Json]:
        return [m for m in self.messages(room.id) if m["message_id"] > room.cleared_to or m["pinned"]]

    def clear_history(self) -> None:
        """Clear all chats as people do for themselves: the page shows what comes, and what is pinned.

        The bot is told nothing, and what it sent before can still be edited.
        """
        with self.lock:
            for room in self.rooms.values():
                room.cleared_to = max(room.messages, default=0)
            self.changed()


def scope_key(scope: Json) -> str:
    """A command scope as a dictionary key."""
    return ":".join(str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope)
