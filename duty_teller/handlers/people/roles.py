"""What giving and taking rights has in common, wherever an admin does it: the question, and telling who it is about."""

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from html import escape
from typing import Any, Final

from telegram import Update
from telegram.constants import ParseMode
from telegram.error import TelegramError

from duty_teller.db.models import Role
from duty_teller.handlers.common import App, Context
from duty_teller.handlers.transport import command_lists
from duty_teller.handlers.transport.answers import answer
from duty_teller.i18n import LocalizedError, get_lang, t
from duty_teller.services.people.access import Level, Person
from duty_teller.services.people.roles import RoleOutcome

logger = logging.getLogger(__name__)

LETTERS: Final = {Role.ADMIN: "a", Role.USER: "u"}
"""A role in callback data."""

ROLES: Final = {letter: role for role, letter in LETTERS.items()}

_IN_AN_ALERT: Final = 60
"""Characters of a name that leave room for the rest of an alert's 200."""

ButtonHandler = Callable[[Update, Context, Person, str], Awaitable[None]]


def alerting(handler: ButtonHandler) -> ButtonHandler:
    """Makes a button's handler say what is wrong (a `LocalizedError`) in an alert, and leave the message as it is."""

    @wraps(handler)
    async def tried(update: Update, context: Context, person: Person, lang: str) -> None:
        try:
            await handler(update, context, person, lang)
        except LocalizedError as error:
            args: dict[str, Any] = {
                name: value[:_IN_AN_ALERT] if isinstance(value, str) else value
                for name, value in error.args_by_name.items()
            }
            await answer(update, t(lang, error.key, **args))

    return tried


def named(lang: str, full_name: str, username: str | None, telegram_user_id: int) -> str:
    """Names an account so that nobody else can be meant, as HTML: name, @username and number."""
    shown = f" (@{escape(username)})" if username else ""
    return f"<b>{escape(full_name)}</b>{shown}\n{t(lang, 'people.id', id=telegram_user_id)}"


def question(lang: str, role: Role, who: str, known: bool = True) -> str:
    """Asks whether to give a role; `who` is of `named`."""
    text = t(lang, f"people.ask_{role}", who=who)
    return text if known else f"{text}\n\n{t(lang, 'people.ask_unknown')}"


def outcome(lang: str, told: RoleOutcome, role: Role) -> str:
    """Says what giving a role came to, as HTML."""
    if not told.changed:
        return t(lang, f"people.already_{role}", name=escape(told.full_name))
    text = t(lang, f"people.now_{role}", name=escape(told.full_name))
    return text if told.reachable else f"{text}\n{t(lang, 'people.not_told')}"


async def tell(app: App, context: Context, told: RoleOutcome) -> None:
    """Tells a person what they may do now, and has Telegram offer them the right commands.

    What was committed stays so, whatever Telegram says.
    """
    if not told.changed or told.telegram_user_id is None:
        return
    lang = get_lang(told, app.settings.default_language)
    await command_lists.show_own_commands(context.bot, told.telegram_user_id, told.is_admin, lang)
    if app.menus is not None:
        app.menus[told.telegram_user_id] = Level.ADMIN if told.is_admin else Level.MEMBER
    if not told.reachable:
        return
    key = "people.you_admin" if told.is_admin else "people.you_let_in" if told.let_in else "people.you_member"
    try:
        await context.bot.send_message(told.telegram_user_id, t(lang, key), parse_mode=ParseMode.HTML)
    except TelegramError as error:
        logger.info("somebody could not be told of their role: %s", error)


async def forget(context: Context, told: RoleOutcome) -> None:
    """Takes their own commands away from an account that has no access any more; it is not told."""
    if told.changed and told.telegram_user_id is not None and not told.is_admin:
        await command_lists.hide_own_commands(context.bot, told.telegram_user_id)
