"""Pinning and unpinning."""

from duty_teller.bot_api_stand_in.methods.registry import existing, method
from duty_teller.bot_api_stand_in.model import Room
from duty_teller.bot_api_stand_in.params import Params
from duty_teller.bot_api_stand_in.refusals import Json, bad_request
from duty_teller.bot_api_stand_in.views import Views


def _check_right(room: Room) -> None:
    if not room.bot_may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")


@method("pinChatMessage")
def pin_chat_message(world: Views, params: Params) -> bool:
    """Pin a message on top; the bot, too, gets the service message about it. Pinning again is silent."""
    room, message = existing(world, params, "message to pin")
    _check_right(room)
    if message.service:
        raise bad_request("message can't be pinned")
    again = message.id in room.pins
    if again:
        room.pins.remove(message.id)
    room.pins.append(message.id)
    if not again:
        pinned: Json = world.message_json(message, with_reply=False)
        world.post_service(room, int(world.bot["id"]), {"pinned_message": pinned}, message.thread_id)
    world.changed()
    return True


@method("unpinChatMessage")
def unpin_chat_message(world: Views, params: Params) -> bool:
    """Unpin a message; without an id the newest pin goes."""
    if params.integer("message_id"):
        room, message = existing(world, params, "message to unpin")
        message_id = message.id
    else:
        room = world.reachable(params.get("chat_id"))
        if not room.pins:
            raise bad_request("message to unpin not found")
        message_id = room.pins[-1]
    _check_right(room)
    if message_id in room.pins:
        room.pins.remove(message_id)
        world.changed()
    return True


@method("unpinAllChatMessages")
def unpin_all_chat_messages(world: Views, params: Params) -> bool:
    """Unpin everything."""
    room = world.reachable(params.get("chat_id"))
    _check_right(room)
    room.pins.clear()
    world.changed()
    return True
