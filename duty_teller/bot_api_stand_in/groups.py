"""Groups: who is in them, what the bot may do there, topics, the way from a basic group to a supergroup."""

from collections.abc import Mapping, Sequence

from duty_teller.bot_api_stand_in.model import Membership, Room, RoomKind, Topic
from duty_teller.bot_api_stand_in.people import People
from duty_teller.bot_api_stand_in.refusals import Json, nothing_like

ADMIN_WITH_PINS: Mapping[str, bool] = {"can_pin_messages": True}


def bot_membership(rights: Mapping[str, bool] | None) -> Membership:
    """What the bot is in a group by the rights given.

    None is an ordinary member, `can_send…: False` a restricted one, anything else an administrator with those rights.
    """
    if rights is None:
        return Membership("member")
    if any(name.startswith("can_send") and not allowed for name, allowed in rights.items()):
        return Membership("restricted", dict(rights))
    return Membership("administrator", dict(rights))


class Groups(People):
    """The world with its groups."""

    def add_group(
        self,
        id: int,
        title: str,
        members: Sequence[int] = (),
        kind: RoomKind = "supergroup",
        forum: bool = False,
        bot_rights: Mapping[str, bool] | None = ADMIN_WITH_PINS,
        username: str | None = None,
        bot_member: bool = True,
        admins: Sequence[int] = (),
    ) -> Json:
        """Let a group exist and, unless told otherwise, the bot be added to it.

        Args:
            id: negative, by custom -100… for supergroups.
            title: its title.
            members: ids of people; the first one created the group and adds the bot.
            kind: "supergroup" or "group".
            forum: a supergroup with topics.
            bot_rights: see `bot_membership`; by default an administrator who may pin. Note that an ordinary member
                (None) lives in privacy mode, an administrator reads everything.
            username: of a public group.
            bot_member: False leaves the bot outside.
            admins: members who administer the group, besides the first one.

        Returns:
            The Bot API `Chat`.
        """
        with self.lock:
            if id >= 0 or id in self.rooms or kind == "private":
                nothing_like("a group has a new negative id")
            room = Room(id, kind, title, username, forum and kind == "supergroup")
            for number, user_id in enumerate(members):
                self.person(user_id)
                status = "creator" if number == 0 else "administrator" if user_id in admins else "member"
                room.members[user_id] = Membership(status)
            room.bot = Membership("left")
            self.rooms[id] = room
            if bot_member:
                self._let_bot_in(room, members[0] if members else None, bot_membership(bot_rights))
            self.changed()
            return self.chat_json(room)

    def _let_bot_in(self, room: Room, by: int | None, as_what: Membership) -> None:
        adder = by if by is not None else int(self.bot["id"])
        old, room.bot = room.bot, as_what
        self.push_my_member(room, adder, old, as_what)
        bot = dict(self.bot)
        self.post_service(room, adder, {"new_chat_members": [bot], "new_chat_member": bot, "new_chat_participant": bot})

    def kick_bot(self, chat_id: int, by: int | None = None) -> None:
        """Remove the bot from a group: it gets `my_chat_member`, then 403."""
        with self.lock:
            room = self.room(chat_id)
            actor = self._actor(room, by)
            old, room.bot = room.bot, Membership("kicked")
            self.push_my_member(room, actor, old, room.bot)
            bot = dict(self.bot)
            message = self.post(room, actor, {"left_chat_member": bot, "left_chat_participant": bot}, service=True)
            self.push_message(message)

    def return_bot(
        self, chat_id: int, by: int | None = None, bot_rights: Mapping[str, bool] | None = ADMIN_WITH_PINS
    ) -> None:
        """Add the bot (again); `bot_rights` as in `add_group`."""
        with self.lock:
            room = self.room(chat_id)
            self._let_bot_in(room, self._actor(room, by), bot_membership(bot_rights))

    def set_bot_rights(self, chat_id: int, bot_rights: Mapping[str, bool] | None, by: int | None = None) -> None:
        """Promote, demote or restrict the bot; it gets `my_chat_member`."""
        with self.lock:
            room = self.room(chat_id)
            old, room.bot = room.bot, bot_membership(bot_rights)
            self.push_my_member(room, self._actor(room, by), old, room.bot)

    def set_member(self, chat_id: int, user_id: int, status: str = "member", anonymous: bool = False) -> None:
        """Put a person into a group or change the status there.

        Statuses: creator, administrator, member, restricted, left, kicked. Comings and goings show as service messages;
        a change of rights is silent for bots that don't ask for `chat_member`.
        """
        with self.lock:
            room, user = self.room(chat_id), self.user_json(user_id)
            old = room.members.get(user_id, Membership("left"))
            new = room.members[user_id] = Membership(status, {}, anonymous)
            self.push(
                "chat_member",
                {
                    "chat": self.chat_json(room),
                    "from": self.user_json(self._actor(room, None)),
                    "date": int(self.now().timestamp()),
                    "old_chat_member": old.as_json(user),
                    "new_chat_member": new.as_json(user),
                },
            )
            if new.present and not old.present:
                self.post_service(room, user_id, {"new_chat_members": [user], "new_chat_member": user})
            elif old.present and not new.present:
                self.post_service(room, user_id, {"left_chat_member": user})
            self.changed()

    def set_title(self, chat_id: int, title: str, by: int | None = None) -> None:
        """Rename a group."""
        with self.lock:
            room = self.room(chat_id)
            room.title = title
            self.post_service(room, self._actor(room, by), {"new_chat_title": title})

    def upgrade_to_supergroup(self, chat_id: int, new_id: int | None = None) -> int:
        """Turn a basic group into a supergroup.

        Both service messages are sent; from then on sending to the old id is refused with `migrate_to_chat_id`.
        Messages and pins stay behind in the old group.

        Returns:
            The id of the supergroup.
        """
        with self.lock:
            old = self.room(chat_id)
            if old.kind != "group" or old.upgraded_to is not None:
                nothing_like("only a basic group can be upgraded, once")
            target = new_id if new_id is not None else -1_002_000_000_000 - self.serial()
            room = Room(target, "supergroup", old.title)
            room.members = dict(old.members)
            room.bot = old.bot
            self.rooms[target] = room
            actor = self._actor(old, None)
            self.post_service(old, actor, {"migrate_to_chat_id": target})
            old.upgraded_to = target
            self.post_service(room, actor, {"migrate_from_chat_id": chat_id})
            return target

    # -- topics ------------------------------------------------------------------------------------------------------

    def create_topic(self, chat_id: int, name: str, by: int | None = None) -> int:
        """Open a topic.

        Returns:
            Its `message_thread_id`.
        """
        with self.lock:
            room = self.room(chat_id)
            if not room.is_forum:
                nothing_like("topics live in forums")
            message = self.post(
                room,
                self._actor(room, by),
                {"forum_topic_created": {"name": name, "icon_color": 7322096}},
                service=True,
            )
            message.thread_id = message.id
            room.topics[message.id] = Topic(message.id, name)
            self.push_message(message)
            return message.id

    def close_topic(self, chat_id: int, thread_id: int) -> None:
        """Close a topic: TOPIC_CLOSED to a bot that does not manage topics."""
        self._toggle_topic(chat_id, thread_id, closed=True)

    def reopen_topic(self, chat_id: int, thread_id: int) -> None:
        """Open a closed topic again."""
        self._toggle_topic(chat_id, thread_id, closed=False)

    def delete_topic(self, chat_id: int, thread_id: int) -> None:
        """Delete a topic with all its messages; bots are told nothing."""
        with self.lock:
            room = self.room(chat_id)
            room.topics.pop(thread_id, None) or nothing_like(f"no topic {thread_id}")
            for message_id in [m.id for m in room.messages.values() if m.thread_id == thread_id]:
                self.forget_message(room, message_id)

    def _toggle_topic(self, chat_id: int, thread_id: int, *, closed: bool) -> None:
        with self.lock:
            room = self.room(chat_id)
            topic = room.topics.get(thread_id) or nothing_like(f"no topic {thread_id}")
            topic.closed = closed
            body: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
            self.post_service(room, self._actor(room, None), body, thread_id)

    def _actor(self, room: Room, by: int | None) -> int:
        if by is not None:
            return self.person(by).id
        return next((user_id for user_id, member in room.members.items() if member.present), int(self.bot["id"]))
