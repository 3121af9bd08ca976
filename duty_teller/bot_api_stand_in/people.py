"""What people do: write, press, send files and contacts, block the bot, delete a message by hand."""

import mimetypes
import re
from typing import Any

from duty_teller.bot_api_stand_in.entities import formatted, utf16_length
from duty_teller.bot_api_stand_in.model import ANONYMOUS_ADMIN, Membership, Message, Person, Query, Room
from duty_teller.bot_api_stand_in.refusals import Json, Refusal, nothing_like
from duty_teller.bot_api_stand_in.world import World

_DEEP_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")


class People(World):
    """The world and what its people can do in it. Wishes nobody could have in Telegram raise ControlError."""

    def add_user(
        self,
        id: int,
        first_name: str,
        username: str | None = None,
        language_code: str | None = "en",
        last_name: str | None = None,
        phone: str | None = None,
        started: bool = False,
    ) -> Json:
        """Let a person exist, or change an existing one.

        Args:
            id: the numeric Telegram id.
            first_name: the first name.
            username: without "@".
            language_code: of the person's Telegram; None sends none.
            last_name: the last name.
            phone: what `request_contact` and `send_contact` share.
            started: whether the bot may already write to the person.
        """
        with self.lock:
            old = self.people.get(id)
            person = Person(id, first_name, last_name, username, language_code, phone or f"+7900{id:07d}")
            if old is not None:
                person.started, person.blocked = old.started, old.blocked
            person.started = person.started or started
            self.people[id] = person
            self.rooms.setdefault(id, Room(id, "private"))
            self.changed()
            return person.as_json()

    # -- writing -----------------------------------------------------------------------------------------------------

    def send_text(
        self,
        user_id: int,
        text: str,
        chat_id: int | None = None,
        thread_id: int | None = None,
        reply_to: int | None = None,
        anonymous: bool = False,
    ) -> Json:
        """Write a message.

        Args:
            user_id: who writes.
            text: plain text; commands, mentions and links in it become entities.
            chat_id: the group; None is the private chat with the bot.
            thread_id: the topic.
            reply_to: the message that is answered.
            anonymous: as the group's anonymous administrator.

        Returns:
            The Bot API `Message`.
        """
        try:
            plain, entities = formatted(text, None)
        except Refusal as error:
            nothing_like(f"no client sends this text: {error.description}")
        if utf16_length(plain) > 4096:
            nothing_like("a client would split a text this long")
        body: Json = {"text": plain}
        if entities:
            body["entities"] = entities
        return self._write(user_id, body, chat_id, thread_id, reply_to, anonymous)

    def press_start(self, user_id: int, payload: str = "") -> Json:
        """Open the bot and press Start, as a `t.me/<bot>?start=payload` link does."""
        if payload and not _DEEP_LINK.fullmatch(payload):
            nothing_like("a start payload is 1 to 64 of A-Z, a-z, 0-9, _ and -")
        return self.send_text(user_id, f"/start {payload}".strip())

    def send_document(
        self,
        user_id: int,
        file_name: str,
        data: bytes,
        chat_id: int | None = None,
        caption: str | None = None,
        mime_type: str | None = None,
        size: int | None = None,
        thread_id: int | None = None,
        reply_to: int | None = None,
    ) -> Json:
        """Send a file.

        Args:
            user_id: who sends.
            file_name: its name.
            data: its content.
            chat_id: the group; None is the private chat with the bot.
            caption: text under the file.
            mime_type: by the name unless given.
            size: a larger size to declare, for tests of the 20 MB limit.
            thread_id: the topic.
            reply_to: the message that is answered.
        """
        with self.lock:
            mime = mime_type or mimetypes.guess_type(file_name)[0] or "application/octet-stream"
            body: Json = {"document": self.keep_file(file_name, data, mime, size).as_json()}
            if caption:
                body["caption"], entities = formatted(caption, None)
                if entities:
                    body["caption_entities"] = entities
            return self._write(user_id, body, chat_id, thread_id, reply_to)

    def send_contact(
        self,
        user_id: int,
        phone: str | None = None,
        of_user_id: int | None = None,
        with_user_id: bool = True,
        chat_id: int | None = None,
        reply_to: int | None = None,
    ) -> Json:
        """Share a contact.

        Args:
            user_id: who shares.
            phone: the number; None is the known one of the person shared.
            of_user_id: whose contact; None is one's own.
            with_user_id: False leaves `user_id` out, as for people without Telegram.
            chat_id: the group; None is the private chat with the bot.
            reply_to: the message that is answered (the contact button does that).
        """
        with self.lock:
            owner = self.person(user_id if of_user_id is None else of_user_id)
            contact: Json = {"phone_number": phone or owner.phone, "first_name": owner.first_name}
            if owner.last_name:
                contact["last_name"] = owner.last_name
            if with_user_id:
                contact["user_id"] = owner.id
            return self._write(user_id, {"contact": contact}, chat_id, None, reply_to)

    def edit_text(self, user_id: int, message_id: int, text: str, chat_id: int | None = None) -> Json:
        """Change a message of one's own; the bot gets `edited_message`."""
        with self.lock:
            message = self.message(user_id if chat_id is None else chat_id, message_id)
            if message.sender_id != user_id:
                nothing_like("people can edit their own messages only")
            message.body["text"], entities = formatted(text, None)
            message.body["entities"] = entities
            message.body["edit_date"] = int(self.now().timestamp())
            if self._bot_sees(message):
                self.push("edited_message", self.message_json(message))
            self.changed()
            return self.message_json(message)

    def _write(
        self,
        user_id: int,
        body: Json,
        chat_id: int | None,
        thread_id: int | None = None,
        reply_to: int | None = None,
        anonymous: bool = False,
    ) -> Json:
        with self.lock:
            person = self.person(user_id)
            room = self.room(user_id if chat_id is None else chat_id)
            if room.kind == "private":
                self._meet(person, room)
            else:
                self._check_group(person, room, anonymous)
            if thread_id is not None:
                topic = room.topics.get(thread_id) or nothing_like(f"no topic {thread_id} in {room.id}")
                if topic.closed and not room.members[user_id].is_admin:
                    nothing_like("the topic is closed")
            if reply_to is not None:
                parent = self.message(room.id, reply_to)
                if room.is_forum:
                    thread_id = parent.thread_id
                elif room.kind == "supergroup":
                    thread_id = parent.thread_id or parent.id  # Telegram names the reply chain's thread, topics or not
            sender = int(ANONYMOUS_ADMIN["id"]) if anonymous else user_id
            message = self.post(room, sender, body, reply_to=reply_to, thread_id=thread_id)
            self.push_message(message)
            return self.message_json(message)

    def _meet(self, person: Person, room: Room) -> None:
        """The first message opens the private chat; writing to a blocked bot unblocks it."""
        if person.blocked:
            person.blocked = False
            self.push_my_member(room, person.id, Membership("kicked"), Membership("member"))
        person.started = True

    @staticmethod
    def _check_group(person: Person, room: Room, anonymous: bool) -> None:
        member = room.members.get(person.id)
        if room.upgraded_to is not None:
            nothing_like(f"the group has become the supergroup {room.upgraded_to}")
        if member is None or not member.present:
            nothing_like(f"{person.first_name} is not in {room.title}")
        if anonymous and not member.is_admin:
            nothing_like("only administrators can be anonymous")

    # -- pressing ----------------------------------------------------------------------------------------------------

    def press(self, user_id: int, message_id: int, button: str, chat_id: int | None = None) -> str:
        """Press an inline button, named by its text or its callback_data.

        Returns:
            The id of the callback query; `callback_answer` tells what the bot said to it.
        """
        with self.lock:
            room = self.room(user_id if chat_id is None else chat_id)
            message = self.message(room.id, message_id)
            buttons = [b for row in message.body.get("reply_markup", {}).get("inline_keyboard", []) for b in row]
            found = [b for b in buttons if b.get("callback_data") == button] or [
                b for b in buttons if b["text"] == button
            ]
            if not found:
                nothing_like(f"no button {button!r} there, only {[b['text'] for b in buttons]}")
            if "callback_data" not in found[0]:
                nothing_like(f"the button {button!r} opens something and calls nothing")
            query = Query(str(4_000_000_000_000 + self.serial()), self.now())
            self.queries[query.id] = query
            self.push(
                "callback_query",
                {
                    "id": query.id,
                    "from": self.user_json(user_id),
                    "message": self.message_json(message),
                    "chat_instance": str(-7_000_000_000_000 - abs(room.id)),
                    "data": found[0]["callback_data"],
                },
            )
            return query.id

    def callback_answer(self, query_id: str) -> Json | None:
        """What answerCallbackQuery or answerInlineQuery said, None while it has not."""
        with self.lock:
            query = self.queries.get(query_id) or nothing_like(f"no query {query_id}")
            return query.answer

    def press_keyboard(self, user_id: int, button: str, chat_id: int | None = None) -> Json:
        """Press a button of the reply keyboard: it sends its text, or the person's own contact."""
        with self.lock:
            room = self.room(user_id if chat_id is None else chat_id)
            keyboard = room.keyboard or nothing_like("there is no reply keyboard")
            keys: list[Json] = [key for row in keyboard["keyboard"] for key in row]
            key = next((key for key in keys if key["text"] == button), None)
            if key is None:
                nothing_like(f"no key {button!r}, only {[k['text'] for k in keys]}")
            if key.get("web_app"):
                nothing_like("this key opens a Mini App")
            if keyboard.get("one_time_keyboard"):
                room.keyboard = None
            if key.get("request_contact"):
                asked = max(
                    (m.id for m in room.messages.values() if m.body.get("reply_markup") == keyboard), default=None
                )
                return self.send_contact(user_id, chat_id=chat_id, reply_to=asked)
            return self.send_text(user_id, button, chat_id)

    def inline_query(self, user_id: int, query: str, offset: str = "") -> str:
        """Type `@bot query` somewhere.

        Returns:
            The id of the query; `callback_answer` gives the bot's answer.
        """
        with self.lock:
            asked = Query(str(5_000_000_000_000 + self.serial()), self.now())
            self.queries[asked.id] = asked
            self.push(
                "inline_query",
                {
                    "id": asked.id,
                    "from": self.user_json(user_id),
                    "query": query,
                    "offset": offset,
                    "chat_type": "group",
                },
            )
            return asked.id

    def choose_inline(self, user_id: int, query_id: str, result_id: str, chat_id: int | None = None) -> Json:
        """Send one of the results of an inline query into a chat."""
        with self.lock:
            answer = self.callback_answer(query_id) or nothing_like("the bot has not answered yet")
            result: Json | None = next((r for r in answer["results"] if str(r["id"]) == result_id), None)
            if result is None:
                nothing_like(f"no result {result_id!r}")
            content: dict[str, Any] = result.get("input_message_content") or {}
            text, entities = formatted(content.get("message_text", ""), content.get("parse_mode"))
            body: Json = {"text": text, "entities": entities, "via_bot": dict(self.bot)}
            return self._write(user_id, body, chat_id)

    # -- the rest ----------------------------------------------------------------------------------------------------

    def block_bot(self, user_id: int) -> None:
        """Block the bot: it gets `my_chat_member` and 403 from then on. Any message unblocks it."""
        with self.lock:
            person = self.person(user_id)
            person.blocked = True
            self.push_my_member(self.room(user_id), user_id, Membership("member"), Membership("kicked"))

    def delete_message(self, chat_id: int, message_id: int) -> None:
        """Delete a message by hand, also one of the bot's. Telegram tells bots nothing about it."""
        with self.lock:
            self.message(chat_id, message_id)
            self.forget_message(self.room(chat_id), message_id)

    def forget_message(self, room: Room, message_id: int) -> None:
        """Take a message and its pin away."""
        room.messages.pop(message_id, None)
        if message_id in room.pins:
            room.pins.remove(message_id)
        self.changed()

    def post_service(self, room: Room, sender_id: int, body: Json, thread_id: int | None = None) -> Message:
        """Put a service message into a chat and queue its update."""
        message = self.post(room, sender_id, body, thread_id=thread_id, service=True)
        self.push_message(message)
        return message
