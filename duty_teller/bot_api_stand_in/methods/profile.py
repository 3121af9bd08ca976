"""The bot itself: who it is, its commands, its menu button, its descriptions, webhooks it does not have."""

import re

from duty_teller.bot_api_stand_in.markup import checked_markup
from duty_teller.bot_api_stand_in.methods.registry import method
from duty_teller.bot_api_stand_in.params import Params
from duty_teller.bot_api_stand_in.refusals import Json, bad_request
from duty_teller.bot_api_stand_in.views import Views, scope_key

_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
_LIMITS = {"name": 64, "description": 512, "short_description": 120}


@method("getMe")
def get_me(world: Views, params: Params) -> Json:
    """The bot, in privacy mode."""
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": True,
    }


def _command_key(world: Views, params: Params) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    trouble = "can't parse BotCommandScope: "
    if not isinstance(scope, dict):
        raise bad_request(trouble + "BotCommandScope must be an Object")
    if scope.get("type") not in (*_SCOPES, *_CHAT_SCOPES):
        raise bad_request(trouble + "Unsupported type specified")
    if scope["type"] in _CHAT_SCOPES:
        if not scope.get("chat_id"):
            raise bad_request(trouble + "Empty chat_id specified")
        room = world.reachable(scope["chat_id"], "read")
        if room.kind == "private" and scope["type"] != "chat":
            raise bad_request("can't use specified scope in private chats")
    language = params.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return scope_key(scope), language


@method("setMyCommands")
def set_my_commands(world: Views, params: Params) -> bool:
    """Set the commands of a scope and language."""
    commands = params.get("commands") or []
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    cleaned = []
    for entry in commands:
        if not isinstance(entry, dict):
            raise bad_request("can't parse BotCommand: expected an Object")
        for field in ("command", "description"):
            if not isinstance(entry.get(field), str):
                raise bad_request(f"can't parse BotCommand: Can't find field \"{field}\"")
        command = entry["command"].removeprefix("/")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(entry["description"].strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        cleaned.append({"command": command, "description": entry["description"].strip()})
    world.bot_commands[_command_key(world, params)] = cleaned
    world.changed()
    return True


@method("getMyCommands")
def get_my_commands(world: Views, params: Params) -> list[Json]:
    """The commands of exactly this scope and language."""
    return world.bot_commands.get(_command_key(world, params), [])


@method("deleteMyCommands")
def delete_my_commands(world: Views, params: Params) -> bool:
    """Forget the commands of a scope and language."""
    world.bot_commands.pop(_command_key(world, params), None)
    world.changed()
    return True


def _menu_chat(world: Views, params: Params) -> int:
    if not params.integer("chat_id"):
        return 0
    room = world.reachable(params.get("chat_id"), "read")
    if room.kind != "private":
        raise bad_request("chat_id must be a private chat")
    return room.id


@method("setChatMenuButton")
def set_chat_menu_button(world: Views, params: Params) -> bool:
    """Set the menu button of one private chat or of all."""
    chat_id = _menu_chat(world, params)
    button = params.get("menu_button") or {"type": "default"}
    if not isinstance(button, dict):
        raise bad_request("can't parse menu button: MenuButton must be an Object")
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    if button["type"] == "web_app":
        if not isinstance(button.get("text"), str) or not button["text"].strip():
            raise bad_request("can't parse menu button: Can't find field \"text\"")
        # The address follows the same rules as that of a Mini App button.
        probe = {"text": button["text"], "web_app": button.get("web_app")}
        checked_markup({"inline_keyboard": [[probe]]}, private=True)
    if button["type"] == "default":
        world.menu_buttons.pop(chat_id, None)
    else:
        world.menu_buttons[chat_id] = button
    world.changed()
    return True


@method("getChatMenuButton")
def get_chat_menu_button(world: Views, params: Params) -> Json:
    """The menu button of one private chat, or the general one."""
    return world.menu_button(_menu_chat(world, params))


def _set_text(field: str, world: Views, params: Params) -> bool:
    text = params.text(field)
    if len(text) > _LIMITS[field]:
        raise bad_request(f"bot {field.replace('_', ' ')} is too long")
    world.profile.setdefault(field, {})[params.text("language_code")] = text
    return True


def _get_text(field: str, world: Views, params: Params) -> Json:
    texts = world.profile.get(field, {})
    fallback = str(world.bot["first_name"]) if field == "name" else ""
    return {field: texts.get(params.text("language_code")) or texts.get("") or fallback}


@method("setMyName")
def set_my_name(world: Views, params: Params) -> bool:
    """Set the bot's name."""
    return _set_text("name", world, params)


@method("getMyName")
def get_my_name(world: Views, params: Params) -> Json:
    """The bot's name."""
    return _get_text("name", world, params)


@method("setMyDescription")
def set_my_description(world: Views, params: Params) -> bool:
    """Set what an empty chat with the bot shows."""
    return _set_text("description", world, params)


@method("getMyDescription")
def get_my_description(world: Views, params: Params) -> Json:
    """What an empty chat with the bot shows."""
    return _get_text("description", world, params)


@method("setMyShortDescription")
def set_my_short_description(world: Views, params: Params) -> bool:
    """Set what the bot's profile shows."""
    return _set_text("short_description", world, params)


@method("getMyShortDescription")
def get_my_short_description(world: Views, params: Params) -> Json:
    """What the bot's profile shows."""
    return _get_text("short_description", world, params)


@method("deleteWebhook")
def delete_webhook(world: Views, params: Params) -> bool:
    """There is none; waiting updates are dropped when asked for."""
    if params.boolean("drop_pending_updates"):
        world.updates.clear()
    return True


@method("setWebhook")
def set_webhook(world: Views, params: Params) -> bool:
    """An empty address removes the webhook; the stand-in delivers by getUpdates only."""
    if params.text("url"):
        raise bad_request("bad webhook: the stand-in delivers updates by getUpdates only")
    if params.boolean("drop_pending_updates"):
        world.updates.clear()
    return True


@method("getWebhookInfo")
def get_webhook_info(world: Views, params: Params) -> Json:
    """No webhook, and the number of waiting updates."""
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates)}


@method("logOut", "close")
def log_out(world: Views, params: Params) -> bool:
    """Nothing to leave: the stand-in is one server."""
    return True
