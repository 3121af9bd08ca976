"""Looking at chats and their members; leaving."""

import unicodedata
from typing import Final

from duty_teller.bot_api_stand_in.entities import utf16_length
from duty_teller.bot_api_stand_in.methods.registry import method
from duty_teller.bot_api_stand_in.model import MEMBER_PERMISSIONS, Membership, Room
from duty_teller.bot_api_stand_in.params import Params
from duty_teller.bot_api_stand_in.refusals import Json, bad_request
from duty_teller.bot_api_stand_in.views import Views

_LONGEST_TAG: Final = 16


@method("getChat")
def get_chat(world: Views, params: Params) -> Json:
    """Everything about a chat, with the newest pin."""
    room = world.reachable(params.get("chat_id"), "read")
    chat = world.chat_json(room)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    chat.update(accent_color_id=abs(room.id) % 7, max_reaction_count=11)
    chat["accepted_gift_types"] = dict.fromkeys(gifts, False)
    if room.kind != "private":
        off = ("can_change_info", "can_pin_messages", "can_manage_topics", "can_edit_tag")
        chat["permissions"] = {name: name not in off for name in MEMBER_PERMISSIONS}
    if room.pins:
        chat["pinned_message"] = world.message_json(room.messages[room.pins[-1]], with_reply=False)
    return chat


@method("getChatMember")
def get_chat_member(world: Views, params: Params) -> Json:
    """Who somebody is in a group; people who are not in it have "left"."""
    room = world.reachable(params.get("chat_id"), "read")
    user_id = params.integer("user_id")
    if user_id == world.bot["id"]:
        return room.bot.as_json(dict(world.bot))
    if user_id not in world.people:
        raise bad_request("user not found")
    if room.kind == "private":
        return Membership("member").as_json(world.user_json(user_id))
    return room.members.get(user_id, Membership("left")).as_json(world.user_json(user_id))


def _present(world: Views, room: Room) -> list[tuple[Json, Membership]]:
    members = [(world.user_json(user_id), member) for user_id, member in room.members.items() if member.present]
    return [*members, (dict(world.bot), room.bot)] if room.bot.present else members


@method("getChatAdministrators")
def get_chat_administrators(world: Views, params: Params) -> list[Json]:
    """The administrators who are people, and the bot itself if it is one."""
    room = world.reachable(params.get("chat_id"), "read")
    if room.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    return [member.as_json(user) for user, member in _present(world, room) if member.is_admin]


@method("getChatMemberCount", "getChatMembersCount")
def get_chat_member_count(world: Views, params: Params) -> int:
    """How many are in the chat."""
    room = world.reachable(params.get("chat_id"), "read")
    return 2 if room.kind == "private" else len(_present(world, room))


@method("setChatMemberTag")
def set_chat_member_tag(world: Views, params: Params) -> bool:
    """Give an ordinary member a tag, or (without one) take it away; administrators have a title instead.

    The conditions are those of core.telegram.org/bots/api#setchatmembertag; the words are modelled on the server's for
    like cases, and the bot goes by none of them.
    """
    room = world.reachable(params.get("chat_id"), "read")
    user_id, tag = params.integer("user_id"), params.text("tag")
    if room.kind == "private":
        raise bad_request("chat member tags can be changed in groups only")
    member = room.members.get(user_id)
    if user_id not in world.people or member is None or not member.present:
        raise bad_request("USER_NOT_PARTICIPANT")
    if not room.bot.is_admin or not room.bot_may("can_manage_tags"):
        raise bad_request("RIGHT_FORBIDDEN")
    if member.is_admin:
        raise bad_request("USER_ADMIN_INVALID")
    if utf16_length(tag) > _LONGEST_TAG:
        raise bad_request("TAG_TOO_LONG")
    if any(unicodedata.category(sign) == "So" for sign in tag):
        raise bad_request("TAG_EMOJI_NOT_ALLOWED")
    member.tag = tag.strip()
    world.changed()
    return True


@method("leaveChat")
def leave_chat(world: Views, params: Params) -> bool:
    """Leave a group."""
    room = world.reachable(params.get("chat_id"), "read")
    if room.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    old, room.bot = room.bot, Membership("left")
    world.push_my_member(room, int(world.bot["id"]), old, room.bot)
    bot = dict(world.bot)
    world.post_service(room, int(world.bot["id"]), {"left_chat_member": bot, "left_chat_participant": bot})
    return True
