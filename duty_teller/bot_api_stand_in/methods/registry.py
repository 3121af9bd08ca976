"""Name → function of the Bot API's methods, and what they share."""

from collections.abc import Callable
from typing import Any

from duty_teller.bot_api_stand_in.model import Message, Room
from duty_teller.bot_api_stand_in.params import Params
from duty_teller.bot_api_stand_in.refusals import bad_request
from duty_teller.bot_api_stand_in.views import Views

Handler = Callable[[Views, Params], Any]
REGISTRY: dict[str, Handler] = {}


def method(*names: str) -> Callable[[Handler], Handler]:
    """Register a function under the Bot API's names; Telegram takes them in any case."""

    def register(handler: Handler) -> Handler:
        for name in names:
            REGISTRY[name.lower()] = handler
        return handler

    return register


def existing(world: Views, params: Params, what: str, access: str = "write") -> tuple[Room, Message]:
    """The chat and message a call names.

    Raises:
        Refusal: of the chat, or "message to … not found".
    """
    room = world.reachable(params.get("chat_id"), access)
    message = room.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request(f"{what} not found")
    return room, message
