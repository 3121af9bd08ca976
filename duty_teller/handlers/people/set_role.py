"""`/set_role`: an admin makes somebody an admin or a member; by reply, @username, number or buttons.

Nothing is granted before a button that names the account (name, @username and number) is pressed.
"""

import re
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any, Final

from sqlmodel import Session
from telegram import Message, Update
from telegram.ext import Application, CommandHandler

from duty_teller.db.models import Role, User
from duty_teller.handlers.common import SENT_BY_NOBODY, Context, app_of, is_private, visitor_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.people.roles import LETTERS, ROLES, alerting, named, outcome, question, tell
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import answer, edit, reply
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import LANGUAGES, LocalizedError, t
from duty_teller.services import dialogues
from duty_teller.services.people import cards, roles
from duty_teller.services.people.access import Level, Person
from duty_teller.services.people.roles import RoleOutcome
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, PAGE, declare, words
from duty_teller.utils.user import GROUP_ANONYMOUS_BOT, Visitor

_A_PAGE: Final = 10
_WAITING: Final = "set_role"
_LIST: Final = declare("roles:", PAGE)
_PICK: Final = declare("rolep:", ID)
_ROLE: Final = declare("role:", words(*ROLES, "-"), ID)
_YES: Final = declare("roley:", words(*ROLES), ID)
_NO: Final = declare("roleno")


@dataclass(frozen=True, slots=True)
class _Account:
    """An account, detached; `known` tells whether a person of ours has it."""

    telegram_user_id: int
    full_name: str
    username: str | None
    known: bool


def _account(user: User) -> _Account:
    return _Account(user.telegram_user_id or 0, user.full_name, user.username, True)


@for_people(Level.ADMIN)
async def set_role(update: Update, context: Context, person: Person, lang: str) -> None:
    """Finds whom it is about, and asks."""
    role, wanted = _read(context.args or [])
    message = update.effective_message
    target = _answered(message) if message is not None else None
    if target is not None and wanted is None:
        visitor = _author(target)
        account = await app_of(context).db(partial(_look_up, visitor=visitor))
        await _ask(update, context, person, lang, account, role, visitor)
    elif wanted is not None:
        found = await app_of(context).db(partial(_find, wanted=wanted))
        if len(found) == 1:
            await _ask(update, context, person, lang, found[0], role, None)
        else:
            rows = [[_choice(account, role)] for account in found]
            await reply(update, t(lang, "people.role_several", name=escape(wanted)), rows)
    elif is_private(update):
        text, rows = await app_of(context).db(partial(_page, lang=lang, page=0))
        await reply(update, text, rows)
    else:
        await reply(update, t(lang, "people.role_how", bot=context.bot.username))


def _read(args: list[str]) -> tuple[Role | None, str | None]:
    """Returns the role and the @username or number of `/set_role [@name|number] [admin|member]`, in any order.

    Raises:
        LocalizedError: `people.role_words`, something is neither.
    """
    role: Role | None = None
    wanted: str | None = None
    names = {word: role for spoken in LANGUAGES.values() for word, role in spoken.typed.roles.items()}
    for word in args:
        if word.lower() in names and role is None:
            role = Role(names[word.lower()])
        elif wanted is None and re.fullmatch(r"@\w{3,32}|\d{1,18}", word, re.ASCII):
            wanted = word
        else:
            raise LocalizedError("people.role_words", text=word[:40])
    return role, wanted


def _answered(message: Message) -> Message | None:
    """Returns the message that is replied to; a topic's first message, which every other one "answers", is none."""
    target = message.reply_to_message
    return None if target is None or target.forum_topic_created is not None else target


def _author(message: Message) -> Visitor:
    """Returns who wrote a message.

    Raises:
        LocalizedError: It was written anonymously, in the name of a channel, or by a bot.
    """
    user = message.from_user
    if message.sender_chat is not None:
        anonymous = message.sender_chat.id == message.chat.id
        raise LocalizedError("people.reply_anonymous" if anonymous else "people.reply_channel")
    if user is None or user.id in SENT_BY_NOBODY:
        anonymous = user is not None and user.id == GROUP_ANONYMOUS_BOT
        raise LocalizedError("people.reply_anonymous" if anonymous else "people.reply_channel")
    if user.is_bot:
        raise LocalizedError("people.reply_bot")
    return visitor_of(user)


def _look_up(session: Session, visitor: Visitor) -> _Account:
    user = roles.find_account(session, visitor.telegram_user_id)
    if user is not None:
        return _account(user)
    return _Account(visitor.telegram_user_id, visitor.full_name, visitor.username, False)


def _find(session: Session, wanted: str) -> list[_Account]:
    """Finds people by @username or number.

    Raises:
        LocalizedError: `people.role_unknown`, or `people.role_no_account` for somebody a file names.
    """
    if not wanted.startswith("@"):
        user = roles.find_account(session, int(wanted))
        if user is None:
            raise LocalizedError("people.role_unknown", name=wanted)
        return [_account(user)]
    people = roles.find_named(session, wanted[1:])
    found = [_account(user) for user in people if user.telegram_user_id is not None]
    if not found and people:
        raise LocalizedError("people.role_no_account", name=people[0].full_name)
    if not found:
        raise LocalizedError("people.role_unknown", name=wanted)
    return found


def _choice(account: _Account, role: Role | None) -> Button:
    name = f"{account.full_name[:40]} · {account.telegram_user_id}"
    return Button(name, _ROLE(LETTERS[role] if role else "-", account.telegram_user_id))


def _page(session: Session, lang: str, page: int) -> tuple[str, Keyboard]:
    """Lists the people with an account, a button each."""
    people = cards.with_accounts(session)
    part = page_of(people, page, _A_PAGE, _LIST)
    rows = [[Button(line.full_name[:60], _PICK(line.user_id))] for line in part.shown]
    return t(lang, "people.role_whose"), rows + part.turn


def _question(lang: str, account: _Account, role: Role | None) -> tuple[str, Keyboard]:
    """Asks for the role, or whether to give it."""
    who = named(lang, account.full_name, account.username, account.telegram_user_id)
    no = [button(lang, "people.no", _NO())]
    if role is None:
        text = t(lang, "people.role_which", who=who)
        ask: Keyboard = [
            [button(lang, f"people.make_{r}", _ROLE(LETTERS[r], account.telegram_user_id))]
            for r in (Role.ADMIN, Role.USER)
        ]
        return text, [*ask, no]
    yes = button(lang, f"people.yes_{role}", _YES(LETTERS[role], account.telegram_user_id))
    return question(lang, role, who, account.known), [[yes], no]


async def _ask(
    update: Update,
    context: Context,
    person: Person,
    lang: str,
    account: _Account,
    role: Role | None,
    visitor: Visitor | None,
) -> None:
    """Shows the question; what a reply tells of an account that is not known yet is kept until it is answered.

    Raises:
        RoleError: The role cannot be given.
    """
    if role is not None and account.known:
        await app_of(context).db(partial(_check, context=context, account=account, role=role))
    text, rows = _question(lang, account, role)
    shown = await reply(update, text, rows)
    if visitor is not None and not account.known:
        payload: dict[str, Any] = {
            "id": visitor.telegram_user_id,
            "name": visitor.full_name,
            "username": visitor.username,
            "lang": visitor.language_code,
        }
        message_id = shown.message_id if shown is not None else None
        await typed_text.wait_for_text(update, context, person, _WAITING, payload, message_id)


def _check(session: Session, context: Context, account: _Account, role: Role) -> None:
    user = roles.find_account(session, account.telegram_user_id)
    if user is not None:
        roles.check_role(session, app_of(context).settings, user, role)


async def _stranger(context: Context, person: Person, telegram_user_id: int) -> Visitor | None:
    """Returns the account that this admin replied to and that is asked about."""
    app = app_of(context)
    waiting = await app.db(partial(dialogues.current, user_id=person.user_id, now=app.clock()))
    if waiting is None or waiting.kind != _WAITING or waiting.payload["id"] != telegram_user_id:
        return None
    kept = waiting.payload
    return Visitor(telegram_user_id, kept["name"], kept["username"], kept["lang"])


@for_people(Level.ADMIN)
@alerting
async def on_page(update: Update, context: Context, person: Person, lang: str) -> None:
    """Turns the page."""
    (page,) = _LIST.of(update)
    text, rows = await app_of(context).db(partial(_page, lang=lang, page=page))
    await answer(update)
    await edit(update, context, text, rows)


@for_people(Level.ADMIN)
@alerting
async def on_pick(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks which role to give to somebody of the list."""
    (user_id,) = _PICK.of(update)

    def look(session: Session) -> _Account:
        user = roles.get_person(session, user_id)
        if user.telegram_user_id is None:
            raise roles.GoneError("people.gone")
        return _account(user)

    text, rows = _question(lang, await app_of(context).db(look), None)
    await answer(update)
    await edit(update, context, text, rows)


@for_people(Level.ADMIN)
@alerting
async def on_role(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks for the confirmation."""
    letter, account_id = _ROLE.of(update)
    role = ROLES.get(letter)
    visitor = await _stranger(context, person, account_id)

    def look(session: Session) -> _Account:
        user = roles.find_account(session, account_id)
        if user is None:
            if visitor is None:
                raise LocalizedError("people.question_old")
            return _look_up(session, visitor)
        if role is not None:
            roles.check_role(session, app_of(context).settings, user, role)
        return _account(user)

    text, rows = _question(lang, await app_of(context).db(look), role)
    await answer(update)
    await edit(update, context, text, rows)


@for_people(Level.ADMIN)
@alerting
async def on_yes(update: Update, context: Context, person: Person, lang: str) -> None:
    """Gives the role, and tells whom it is about."""
    app, now = app_of(context), app_of(context).clock()
    letter, account_id = _YES.of(update)
    role = ROLES[letter]
    visitor = await _stranger(context, person, account_id)

    def give(session: Session) -> RoleOutcome:
        user = roles.find_account(session, account_id)
        if user is not None:
            return roles.give_role(session, app.settings, user.id or 0, role, now)
        if visitor is None:
            raise LocalizedError("people.question_old")
        return roles.let_in(session, app.settings, visitor, role, now)

    told = await app.db(give, write=True)
    if visitor is not None:
        await typed_text.end(app, person.user_id)
    await answer(update)
    await edit(update, context, outcome(lang, told, role))
    await tell(app, context, told)


@for_people(Level.ADMIN)
async def on_no(update: Update, context: Context, person: Person, lang: str) -> None:
    """Gives nothing."""
    app = app_of(context)
    waiting = await app.db(partial(dialogues.current, user_id=person.user_id, now=app.clock()))
    if waiting is not None and waiting.kind == _WAITING:
        await typed_text.end(app, person.user_id)
    await answer(update)
    await edit(update, context, t(lang, "bot.cancelled"))


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("set_role", set_role))
    for callback, kind in ((on_page, _LIST), (on_pick, _PICK), (on_role, _ROLE), (on_yes, _YES), (on_no, _NO)):
        application.add_handler(handler(callback, kind))
