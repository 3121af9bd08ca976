"""Which commands Telegram offers to whom: by scope and language, and to each admin in the language they chose.

Everybody's lists are published when the bot starts; a person's own list when they press Start, choose a language, or
get another role, here or anywhere (`background.menus`).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from sqlmodel import Session
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonDefault,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.error import TelegramError

from duty_teller.handlers.common import App
from duty_teller.handlers.transport.failures import Kind, failure_of
from duty_teller.i18n import LANGUAGES, get_lang, t
from duty_teller.services.people import access

logger = logging.getLogger(__name__)

T = TypeVar("T")

MEMBER_COMMANDS: Final = (
    "duty",
    "week",
    "my",
    "hours",
    "swap",
    "away",
    "reminders",
    "calendar_link",
    "set_phone",
    "language",
    "cancel",
    "help",
)
ADMIN_COMMANDS: Final = (
    "change",
    "import_duty_schedule",
    "export",
    "undo",
    "history",
    "invite",
    "users",
    "set_role",
    "settings",
    "status",
    "backup",
)
GROUP_COMMANDS: Final = ("duty", "week", "help")
GROUP_ADMIN_COMMANDS: Final = ("pin_duty", "refresh_pin", "unpin_duty", "join_duty", "trust_group", "untrust_group")
IN_PRIVATE: Final = frozenset((*MEMBER_COMMANDS, *ADMIN_COMMANDS))
"""What `/start <command>` runs in the private chat."""

_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 300.0


def _list(lang: str, names: Sequence[str]) -> list[BotCommand]:
    return [BotCommand(name, t(lang, f"bot.command_{name}")) for name in names]


async def publish(bot: Bot, default_language: str) -> None:
    """Tells Telegram which commands to offer, by scope and language.

    Raises:
        TelegramError: It was not reached, or had enough of us; what it took stays.
    """
    scopes: tuple[tuple[Sequence[str], BotCommandScope], ...] = (
        (MEMBER_COMMANDS, BotCommandScopeAllPrivateChats()),
        (GROUP_COMMANDS, BotCommandScopeAllGroupChats()),
        ((*GROUP_COMMANDS[:-1], *GROUP_ADMIN_COMMANDS, GROUP_COMMANDS[-1]), BotCommandScopeAllChatAdministrators()),
    )
    for lang in (None, *LANGUAGES):
        for names, scope in scopes:
            await bot.set_my_commands(_list(lang or default_language, names), scope, language_code=lang)


async def keep_publishing(app: App, bot: Bot) -> None:
    """Publishes everybody's lists, again and again until Telegram takes them, then each admin's own."""
    wait = _FIRST_WAIT
    while True:
        try:
            await publish(bot, app.settings.default_language)
            break
        except TelegramError as error:
            failure = failure_of(error, 0)
            if failure.kind is Kind.TOKEN:
                logger.warning("the lists of commands are not published: %s", error)
                return
            pause = max(wait, failure.retry_after.total_seconds() if failure.retry_after is not None else 0.0)
            logger.warning("the lists of commands could not be published (%s), next try in %.0f s", error, pause)
        await asyncio.sleep(pause)
        wait = min(wait * 2, _LONGEST_WAIT)

    def look(session: Session) -> list[tuple[int, str]]:
        admins = access.reachable_admins(session, app.settings)
        default = app.settings.default_language
        return [(admin.telegram_user_id or 0, get_lang(admin, default)) for admin in admins]

    for telegram_user_id, lang in await _read(app, look):
        await show_own_commands(bot, telegram_user_id, True, lang)


async def _read(app: App, look: Callable[[Session], T]) -> T:
    """Reads, again and again: a database that is busy, away or gone ends polling by others' word, not by this."""
    wait = _FIRST_WAIT
    while True:
        try:
            return await app.db(look)
        except Exception as error:
            logger.warning("the admins could not be read (%s), next try in %.0f s", type(error).__name__, wait)
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


async def show_own_commands(bot: Bot, telegram_user_id: int, is_admin: bool, lang: str) -> bool:
    """Offers a person the commands of their role in their language; to be called when either changes.

    Returns:
        Whether there is nothing to try again; a failure is logged.
    """
    names = (*MEMBER_COMMANDS[:-1], *ADMIN_COMMANDS, MEMBER_COMMANDS[-1]) if is_admin else MEMBER_COMMANDS
    try:
        await bot.set_my_commands(_list(lang, names), BotCommandScopeChat(telegram_user_id))
    except TelegramError as error:
        return _log("commands", error)
    return True


async def hide_own_commands(bot: Bot, telegram_user_id: int) -> bool:
    """Takes a person's own list and menu button away: they see what everybody sees (they are let in no longer).

    Returns:
        As `show_own_commands`.
    """
    try:
        await bot.delete_my_commands(BotCommandScopeChat(telegram_user_id))
        await bot.set_chat_menu_button(telegram_user_id, MenuButtonDefault())
    except TelegramError as error:
        return _log("commands", error)
    return True


async def show_to(bot: Bot, app: App, telegram_user_id: int, is_admin: bool, lang: str, chosen: str | None) -> bool:
    """Sets a person's commands and the menu button that opens the Mini App (it needs an https address).

    Args:
        bot: What Telegram is called with.
        app: What the bot works with.
        telegram_user_id: Whose private chat.
        is_admin: Whether to offer the admins' commands.
        lang: The person's language.
        chosen: The language the person chose, or None: a member then sees everybody's list, in Telegram's language.

    Returns:
        As `show_own_commands`.
    """
    if is_admin or chosen is not None:
        done = await show_own_commands(bot, telegram_user_id, is_admin, lang)
    else:
        done = True
        try:
            await bot.delete_my_commands(BotCommandScopeChat(telegram_user_id))
        except TelegramError as error:
            done = _log("commands", error)
    base = app.settings.mini_app_base_url
    if not base.startswith("https://"):
        return done
    menu = MenuButtonWebApp(t(lang, "view.menu_button"), WebAppInfo(f"{base}/"))
    try:
        await bot.set_chat_menu_button(telegram_user_id, menu)
    except TelegramError as error:
        return _log("menu button", error) and done
    return done


def _log(what: str, error: TelegramError) -> bool:
    """Notes a failure; returns whether it is for good."""
    for_good = failure_of(error, 0).is_for_good
    logger.log(logging.INFO if for_good else logging.WARNING, "a person's %s could not be set: %s", what, error)
    return for_good
