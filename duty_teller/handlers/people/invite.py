"""Who is who: invitations, an admin's confirmation."""

import logging
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.db.models import NoticeKind, User
from duty_teller.handlers.common import App, Context, app_of, is_private, lang_of, person_of, visitor_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.people import roles
from duty_teller.handlers.people.cards import INVITE
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button, deep_link
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import t
from duty_teller.services.people import access, accounts, admin_notices, join_decisions
from duty_teller.services.people import roles as role_service
from duty_teller.services.people.access import Level, Person
from duty_teller.services.people.admin_notices import CONFIRM, UNLINK
from duty_teller.services.people.roles import RoleOutcome
from duty_teller.services.texts import people as view_people
from duty_teller.services.texts.notices import UNINVITED
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import ID, declare
from duty_teller.utils.user import Visitor

logger = logging.getLogger(__name__)

_A_PAGE: Final = 20
_ME: Final = declare("me:", ID)


async def ask_admin_first(update: Update, context: Context, payload: str) -> bool:
    """Asks an admin who opens somebody's invitation whether that is them: most only try the link they are to forward.

    Returns:
        Whether there was something to ask; the invitation is not taken then.

    Raises:
        LinkError: The invitation is not valid.
    """
    person = await person_of(update, context)
    if person is None or not person.is_admin:
        return False
    app, lang = app_of(context), lang_of(update, context, person)

    def look(session: Session) -> tuple[int, str] | None:
        invited = accounts.invited_person(session, app.secret, payload)
        taken = invited.telegram_user_id is not None
        return None if taken else (invited.id or 0, invited.full_name)

    found = await app.db(look)
    if found is None:
        return False
    user_id, name = found
    mine = [] if person.linked else [[button(lang, "bot.invite_me", _ME(user_id))]]
    await reply(update, t(lang, "bot.invite_for_other", name=escape(name)), mine)
    return True


async def accept_invitation(update: Update, context: Context, payload: str) -> Person | None:
    """Takes the payload of an invitation link; returns whether the account is now tied to its person.

    Raises:
        LinkError: With the reason, for the person who pressed it.
    """
    user = update.effective_user
    if user is None:
        return None
    app = app_of(context)
    visitor, now = visitor_of(user), app.clock()

    def accept(session: Session) -> None:
        before = repository.user_by_telegram_id(session, visitor.telegram_user_id)
        was = before.id if before is not None else None
        person = accounts.accept_invitation(session, app.secret, payload, visitor, now)
        accounts.set_reachable(session, person.id or 0, True)
        if person.id != was:
            _tell_who_joined(session, app, person, visitor)

    await app.db(accept, write=True)
    return await person_of(update, context)


def _tell_who_joined(session: Session, app: App, person: User, visitor: Visitor, said_by: int | None = None) -> None:
    """Tells the admins which account a person has now, in the transaction that ties them."""
    admins = access.admins_to_tell(session, app.settings, NoticeKind.PEOPLE)
    admin_notices.joined(session, admins, person, visitor, app.clock(), said_by)


@for_people(Level.ADMIN)
@roles.alerting
async def on_unlink(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes the account away from a person again, when an admin says it is somebody else's."""
    query = update.callback_query
    if query is None or query.data is None:
        return
    user_id, account = UNLINK.of(update)
    app, now = app_of(context), app_of(context).clock()

    def take_away(session: Session) -> RoleOutcome:
        return role_service.unlink(session, app.settings, user_id, now, account)

    told = await app.db(take_away, write=True)
    await answer(update)
    await edit(update, context, t(lang, "bot.unlinked", name=escape(told.full_name)))
    await roles.forget(context, told)


@for_people(Level.ADMIN)
async def invite(update: Update, context: Context, person: Person, lang: str) -> None:
    """Lists the people of the roster who have no Telegram account yet, a button each."""
    if not is_private(update):
        await send_to_private(update, context, lang, "invite")
        return
    await show_uninvited(update, context, lang, 0)


async def show_uninvited(update: Update, context: Context, lang: str, page: int) -> None:
    """Shows one page of the people without an account."""

    def look(session: Session) -> list[tuple[int, str]]:
        return [(user.id or 0, user.full_name) for user in accounts.unlinked_people(session)]

    people = await app_of(context).db(look)
    if not people:
        empty = await app_of(context).db(view_people.is_empty)
        await reply(update, t(lang, "bot.invite_no_roster" if empty else "bot.invite_none"))
        return
    part = page_of(people, page, _A_PAGE, UNINVITED)
    rows = [[Button(name[:60], INVITE(user_id))] for user_id, name in part.shown]
    await reply(update, t(lang, "bot.invite_list", n=len(people)), rows + part.turn)


@for_people(Level.ADMIN)
async def on_invites_page(update: Update, context: Context, person: Person, lang: str) -> None:
    """Turns the page, or opens the list from another message."""
    query = update.callback_query
    if query is None or query.data is None:
        return
    await answer(update)
    await show_uninvited(update, context, lang, *UNINVITED.of(update))


@for_people(Level.ADMIN)
async def on_invite(update: Update, context: Context, person: Person, lang: str) -> None:
    """Answers with a message to be forwarded to the person."""
    query = update.callback_query
    if query is None or query.data is None:
        return
    await answer(update)
    app, (user_id,) = app_of(context), INVITE.of(update)

    def look(session: Session) -> tuple[str, bool] | None:
        user = session.get(User, user_id)
        return None if user is None else (user.full_name, user.telegram_user_id is None and user.is_active)

    found = await app.db(look)
    if found is None or not found[1]:
        await reply(update, t(lang, "bot.invite_done"))
        return
    link = deep_link(context.bot.username, accounts.invitation(app.secret, user_id, app.clock()))
    mine = [] if person.linked else [[button(lang, "bot.invite_me", _ME(user_id))]]
    await reply(update, t(lang, "bot.invite_forward", name=escape(found[0])), mine)
    await reply(update, t(lang, "bot.invite_text", name=escape(found[0]), link=link))


@for_people(Level.ADMIN)
@roles.alerting
async def on_me(update: Update, context: Context, person: Person, lang: str) -> None:
    """Ties an admin's own account to a person of the roster: the admin's word on who the admin is."""
    query = update.callback_query
    if query is None or query.data is None or update.effective_user is None:
        return
    app, (user_id,) = app_of(context), _ME.of(update)
    visitor, now = visitor_of(update.effective_user), app.clock()

    def tie(session: Session) -> str:
        user = session.get(User, user_id)
        if user is None or not user.is_active:
            raise accounts.LinkError("error.invitation_invalid")
        linked = accounts.link(session, user, visitor, now)
        accounts.set_reachable(session, user_id, True)
        _tell_who_joined(session, app, linked, visitor, said_by=linked.id)
        return linked.full_name

    name = await app.db(tie, write=True)
    await answer(update)
    await edit(update, context, t(lang, "bot.me_done", name=escape(name)))


@for_people(Level.ADMIN)
async def on_confirm(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes an admin's word on who somebody is."""
    query = update.callback_query
    if query is None or query.data is None:
        return
    app, (word, user_id, account, theirs) = app_of(context), CONFIRM.of(update)
    now = app.clock()

    def tie(session: Session) -> tuple[str, bool]:
        user = session.get(User, user_id)
        if user is None or not user.is_active:
            raise accounts.LinkError("error.invitation_invalid")
        if user.telegram_user_id == account:
            return user.full_name, False  # another admin has said so already
        visitor = Visitor(account, user.full_name, user.username, theirs)
        accounts.link(session, user, visitor, now)
        accounts.set_reachable(session, user_id, True)
        _tell_who_joined(session, app, user, visitor, said_by=person.user_id)
        return user.full_name, True

    def is_tied(session: Session) -> bool:
        user = session.get(User, user_id)
        return user is not None and user.telegram_user_id == account

    await answer(update)
    if word == "n" and not await app.db(is_tied):
        refuse = partial(join_decisions.refuse_account, telegram_user_id=account, by=person.user_id, now=now)
        await app.db(refuse, write=True)
        await edit(update, context, t(lang, "bot.confirm_refused"))
        return
    name, tied = await app.db(tie, write=True)
    await edit(update, context, t(lang, "bot.confirm_done", name=escape(name)))
    if not tied:
        return
    try:
        await context.bot.send_message(
            account, t(theirs, "bot.welcome_linked", name=escape(name)), parse_mode=ParseMode.HTML
        )
    except TelegramError as error:
        logger.info("the new person could not be told: %s", error)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("invite", invite))
    application.add_handler(handler(on_invites_page, UNINVITED))
    application.add_handler(handler(on_invite, INVITE))
    application.add_handler(handler(on_unlink, UNLINK))
    application.add_handler(handler(on_me, _ME))
    application.add_handler(handler(on_confirm, CONFIRM))
