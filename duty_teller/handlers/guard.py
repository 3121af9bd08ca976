"""Who a handler runs for."""

from collections.abc import Callable
from functools import partial, wraps
from html import escape
from typing import Any, Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, filters

from duty_teller.handlers.common import (
    Context,
    Handler,
    app_of,
    is_admin_async,
    is_private,
    lang_of,
    person_of,
    visitor_of,
)
from duty_teller.handlers.strangers import ask_admins, asking_button, may_answer
from duty_teller.handlers.transport.answers import answer, reply
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.people import access, accounts
from duty_teller.services.people.access import Level, Person

_HELPERS: Final = 3
_NEEDS_ADMIN: Final = frozenset(
    {
        "bot.admins_only",
        "cover.nobody",
        "cover.not_admin",
        "cover.not_yours",
        "cover.started",
        "cover.too_late",
        "cover.unreachable",
    }
)
"""Refusals that an admin can do something about."""
"""Admins that a refusal names."""


def for_people(level: Level = Level.MEMBER, in_trusted_groups: bool = False) -> Callable[[Callable[..., Any]], Handler]:
    """Makes a handler that runs for people of a level only and gets `(update, context, person, lang)`.

    In a private chat a stranger is told, once a minute and always in the same words, that there is no access. In a
    group that no admin has trusted the bot answers admins only and is silent to everybody else.

    Args:
        level: The least level.
        in_trusted_groups: In a trusted group everybody may ask (`person` is then None for a stranger): the pin shows
            it anyway.
    """

    def decorate(handler: Callable[..., Any]) -> Handler:
        @wraps(handler)
        async def guarded(update: Update, context: Context) -> None:
            trusted = True
            if not is_private(update):
                chat = update.effective_chat
                trusted = chat is not None and await app_of(context).db(partial(pins.is_trusted, chat_id=chat.id))
            # Whoever chatters in a group that nobody trusts costs a look into the cache.
            heard = trusted or await _may_be_admin(update, context)
            person = await person_of(update, context) if heard else None
            lang = lang_of(update, context, person)
            if not is_private(update):
                if not trusted and (person is None or not person.is_admin):
                    await answer(update)  # a tap that is not heard: its clock stops, and nothing is said
                    await _point_anonymous_to_private(update, context, lang)
                    return
                if in_trusted_groups and trusted:
                    await handler(update, context, person, lang)
                    return
            if person is None or person.level < level:
                await _refuse(update, context, person, lang)
                return
            if is_private(update) and not person.reachable:
                await app_of(context).note_hint(partial(_note_reachable, user_id=person.user_id))
            await handler(update, context, person, lang)

        return guarded

    return decorate


async def _may_be_admin(update: Update, context: Context) -> bool:
    """Tells cheaply whether somebody can be an admin: is one, or bears a name that may be about to be bound."""
    user, app = update.effective_user, app_of(context)
    if user is None:
        return False
    named = (user.username or "").lower() in app.settings.admin_usernames
    return named or await is_admin_async(app, user.id)


def _note_reachable(session: Session, user_id: int) -> None:
    """Whoever writes in private has opened the chat: the bot may write first from now on."""
    accounts.set_reachable(session, user_id, True)


async def _point_anonymous_to_private(update: Update, context: Context, lang: str) -> bool:
    """An anonymous admin could be anybody: they are sent to the private chat. Returns whether it was one."""
    message, chat = update.effective_message, update.effective_chat
    if message is None or message.sender_chat is None or chat is None or message.sender_chat.id != chat.id:
        return False
    if may_answer(app_of(context), chat.id):
        await reply(update, t(lang, "bot.anonymous", bot=context.bot.username))
    return True


async def _refuse(update: Update, context: Context, person: Person | None, lang: str) -> None:
    user = update.effective_user
    if update.callback_query is None and await _point_anonymous_to_private(update, context, lang):
        return
    if (
        person is None
        and user is not None
        and update.callback_query is None
        and not may_answer(app_of(context), user.id)
    ):
        return
    hint = ""
    if person is not None or not is_private(update):  # whoever finds the bot need not know who is in the team
        hint = await who_can_help(update, context, lang)
    text = t(lang, "bot.admins_only" if person is not None else "error.no_access" if hint else "error.forbidden") + hint
    if update.callback_query is not None:
        await answer(update, text)
        return
    asks = person is None and user is not None and is_private(update)
    await reply(
        update, escape(text), await asking_button(app_of(context), lang, user.id) if asks and user is not None else None
    )
    if person is None and is_private(update) and user is not None:
        await ask_admins(context, visitor_of(user))


async def refusal(update: Update, context: Context, error: LocalizedError, lang: str) -> str:
    """Returns what is said of what cannot be done; who needs an admin for it hears who the admins are."""
    user = update.effective_user
    if error.key not in _NEEDS_ADMIN or user is None or await is_admin_async(app_of(context), user.id):
        return error.text(lang)
    key = "bot.ask_admins" if error.key == "bot.admins_only" else "bot.admins_are"
    return error.text(lang) + await who_can_help(update, context, lang, key)


async def who_can_help(update: Update, context: Context, lang: str, key: str = "bot.ask_admins") -> str:
    """Returns the sentence behind a refusal that names the first admins, or nothing where none has started the bot.

    In a group they are named without their @username: Telegram would call them each time.

    Args:
        update: Whose refusal.
        context: Of the update.
        lang: Their language.
        key: The sentence, with `who`.
    """
    app, private = app_of(context), is_private(update)

    def look(session: Session) -> list[str]:
        found = access.reachable_admins(session, app.settings)[:_HELPERS]
        return [f"{one.full_name} (@{one.username})" if one.username and private else one.full_name for one in found]

    names = await app.db(look)
    return " " + t(lang, key, who=", ".join(names)) if names else ""


async def tell_of_left_out(application: Application, update: Update, number: int) -> None:  # type: ignore[type-arg]
    """Tells somebody that updates of theirs were left out; a stranger has heard already that there is no access.

    Args:
        application: The bot.
        update: The first that was left out.
        number: How many were.
    """
    if update.effective_chat is None:
        return  # an inline query: the next letter asks anew
    context = application.context_types.context.from_update(update, application)
    person = await person_of(update, context)
    text = t(lang_of(update, context, person), "bot.left_out", n=number)
    if is_private(update):
        if person is not None:
            await reply(update, text)
        return
    trusts = partial(pins.is_trusted, chat_id=update.effective_chat.id)
    if not await app_of(context).db(trusts):
        return
    if update.callback_query is not None:
        await answer(update, text)
    elif filters.COMMAND.check_update(update):
        await reply(update, text)
