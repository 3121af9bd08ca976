"""Joining: a group's *That's me*, choosing one's name, asking for access, and what the admins decide."""

import logging
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import ChatMember, Update
from telegram.constants import ChatMemberStatus, ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler

from duty_teller.handlers.common import App, Context, app_of, is_private, lang_of, person_of, visitor_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.people.roles import alerting
from duty_teller.handlers.strangers import ASK
from duty_teller.handlers.transport.answers import answer, edit, reply
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button, deep_link
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import LocalizedError, get_lang, t
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.people import accounts, join_decisions, joining
from duty_teller.services.people.access import Level, Person
from duty_teller.services.people.admin_notices import ACCESS, DECIDE, JOINS, WHO
from duty_teller.services.people.join_decisions import Line
from duty_teller.services.people.joining import Decided, Standing
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, PAGE, declare, words

logger = logging.getLogger(__name__)

_A_PAGE: Final = 10
_IN_GROUP: Final = frozenset(
    {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER, ChatMemberStatus.RESTRICTED}
)

_ASK: Final = declare(ASK)
_NAMES: Final = declare("claims:", PAGE)
_CLAIM: Final = declare("claim:", ID)
_OTHER: Final = declare("claim:", words("again", "none"))
_CONFIRM_ALL: Final = declare("joins:fit:", ID)
"""All whose @username fits, up to a request's number: what came after the list was shown is not in it."""
_CONFIRM_SHOWN: Final = declare("joins:shown:", ID, ID)
"""All of a page: from one number to another."""
_IS: Final = declare("askis:", ID, ID)


# --- the group's button ---


@for_people(Level.ADMIN)
async def join_duty(update: Update, context: Context, person: Person, lang: str) -> None:
    """Posts the button in a group, which it trusts; in private it shows what waits for an answer."""
    chat = update.effective_chat
    if chat is None or is_private(update):
        text, rows = await app_of(context).db(partial(_list, lang=lang, page=0))
        await reply(update, text, rows)
        return
    app = app_of(context)

    def prepare(session: Session) -> bool:
        pins.trust_chat(session, chat.id, chat.title or "", lang, person.user_id)
        return bool(accounts.unlinked_people(session))

    if not await app.db(prepare, write=True):
        await reply(update, t(lang, "join.nobody_left"))
        return
    link = deep_link(context.bot.username, joining.group_link(app.secret, chat.id, app.clock().date()))
    await reply(update, t(lang, "join.post"), [[Button(t(lang, "join.thats_me"), url=link)]])


async def begin(update: Update, context: Context, payload: str) -> None:
    """Lets whoever pressed a group's button, and is in that group, choose their name.

    Raises:
        JoinError: The payload is not valid.
    """
    user, app = update.effective_user, app_of(context)
    if user is None or user.is_bot:
        return
    now = app.clock()
    chat_id = joining.group_of_link(app.secret, payload, now.date())
    person = await person_of(update, context)
    lang = lang_of(update, context, person)
    if person is not None and person.linked:
        await reply(update, t(lang, "join.already", name=escape(person.full_name)))
        return
    try:
        member = await context.bot.get_chat_member(chat_id, user.id)
    except TelegramError as error:
        logger.info("whether somebody is in %s could not be asked: %s", chat_id, error)
        await reply(update, t(lang, "join.try_later"))
        return
    if not _is_there(member):
        await reply(update, t(lang, "join.not_in_group"))
        return
    standing = await app.db(partial(joining.begin, visitor=visitor_of(user), chat_id=chat_id, now=now), write=True)
    if standing == Standing.REFUSED:
        await reply(update, t(lang, "error.forbidden"))
    elif standing == Standing.WAITING:
        await reply(update, *await _waiting(app, user.id, lang))
    else:
        await reply(update, *await app.db(partial(_names, lang=lang, page=0)))


def _is_there(member: ChatMember) -> bool:
    return member.status in _IN_GROUP and getattr(member, "is_member", True) is not False


async def _waiting(app: App, account: int, lang: str) -> tuple[str, Keyboard]:
    _standing, name = await app.db(partial(joining.standing, telegram_user_id=account))
    if not name:
        return t(lang, "join.waiting"), []
    return t(lang, "join.claimed", name=escape(name)), [[button(lang, "join.again", _OTHER("again"))]]


def _names(session: Session, lang: str, page: int) -> tuple[str, Keyboard]:
    people = accounts.unlinked_people(session)
    if not people:
        return t(lang, "join.none_free"), []
    part = page_of(people, page, _A_PAGE, _NAMES)
    rows = [[Button(user.full_name[:60], _CLAIM(user.id or 0))] for user in part.shown]
    return t(lang, "join.choose"), [*rows, *part.turn, [button(lang, "join.not_listed", _OTHER("none"))]]


async def on_choice(update: Update, context: Context) -> None:
    """Turns the names' pages, takes a claim, or takes it back; only for whom a group's button has let choose."""
    user, app = update.effective_user, app_of(context)
    if user is None or update.callback_query is None or not is_private(update):
        await answer(update)
        return
    person = await person_of(update, context)
    lang, data = lang_of(update, context, person), update.callback_query.data
    standing, _name = await app.db(partial(joining.standing, telegram_user_id=user.id))
    claim, page, other = _CLAIM.read(data), _NAMES.read(data), _OTHER.read(data)
    may = standing == Standing.CHOOSING or (other is not None and other[0] == "again" and standing == Standing.WAITING)
    if not may:
        known = person is not None or standing != Standing.NEW
        await answer(update, t(lang, "bot.button_old" if known else "error.forbidden"))
        return
    try:
        if claim is not None:
            text, rows = await _claim(update, context, claim[0], lang)
        elif page is not None:
            text, rows = await app.db(partial(_names, lang=lang, page=page[0]))
        elif other is not None and other[0] == "again":
            if standing == Standing.WAITING:
                await app.db(partial(joining.withdraw, telegram_user_id=user.id, now=app.clock()), write=True)
            text, rows = await app.db(partial(_names, lang=lang, page=0))
        else:
            tell = partial(joining.tell_of_missing, settings=app.settings, visitor=visitor_of(user), now=app.clock())
            await app.db(tell, write=True)
            text, rows = t(lang, "join.not_listed_done"), [[button(lang, "join.again", _OTHER("again"))]]
    except LocalizedError as error:
        await answer(update, error.text(lang))
        return
    await answer(update)
    await edit(update, context, text, rows)


async def _claim(update: Update, context: Context, user_id: int, lang: str) -> tuple[str, Keyboard]:
    assert update.effective_user is not None  # noqa: S101  # asked by on_choice
    app, visitor, now = app_of(context), visitor_of(update.effective_user), app_of(context).clock()

    def work(session: Session) -> tuple[str, bool]:
        own = joining.choose_oneself(session, app.settings, visitor, user_id, now)
        if own is not None:
            return own, True
        return joining.claim(session, app.settings, visitor, user_id, now), False

    try:
        name, done = await app.db(work, write=True)
    except joining.TakenError:
        tell = partial(joining.tell_of_taken, settings=app.settings, visitor=visitor, user_id=user_id, now=now)
        await app.db(tell, write=True)
        raise
    if done:
        return t(lang, "bot.me_done", name=escape(name)), []
    return t(lang, "join.claimed", name=escape(name)), [[button(lang, "join.again", _OTHER("again"))]]


# --- a stranger asks ---


async def on_ask(update: Update, context: Context) -> None:
    """Takes a stranger's request for access, once; what it says tells nothing of the roster."""
    user, app = update.effective_user, app_of(context)
    if user is None or user.is_bot or not is_private(update):
        await answer(update)
        return
    person = await person_of(update, context)
    lang = lang_of(update, context, person)
    if person is not None:
        await answer(update)
        await edit(update, context, t(lang, "join.already", name=escape(person.full_name)))
        return
    standing, _name = await app.db(partial(joining.standing, telegram_user_id=user.id))
    if standing == Standing.NEW:
        ask = partial(joining.ask_for_access, settings=app.settings, visitor=visitor_of(user), now=app.clock())
        try:
            standing = await app.db(ask, write=True)
        except LocalizedError as error:
            await answer(update, error.text(lang))
            return
    await answer(update)
    if standing == Standing.REFUSED:
        await edit(update, context, t(lang, "error.forbidden"))
    else:
        await edit(update, context, t(lang, "join.asked" if standing == Standing.NEW else "join.waiting"))


# --- the admins ---


@for_people(Level.ADMIN)
async def on_list(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows what waits for an answer."""
    await answer(update)
    await edit(update, context, *await app_of(context).db(partial(_list, lang=lang, page=JOINS.of(update)[0])))


def _list(session: Session, lang: str, page: int) -> tuple[str, Keyboard]:
    claims, asking = join_decisions.open_claims(session), join_decisions.open_access(session)
    waiting: list[Line | tuple[int, str]] = [*claims, *asking]
    if not waiting:
        return t(lang, "join.list_none"), []
    part = page_of(waiting, page, _A_PAGE, JOINS)
    shown = [one for one in part.shown if isinstance(one, Line)]
    strangers = [one for one in part.shown if not isinstance(one, Line)]
    rows: Keyboard = [
        [
            Button(_label(line), DECIDE("y", line.request_id)),
            Button("✕", DECIDE("n", line.request_id)),
        ]
        for line in shown
    ]
    rows += [
        [
            Button(f"❓ {account[:40]}", WHO(number, 0)),
            Button("✕", ACCESS("no", number)),
        ]
        for number, account in strangers
    ]
    alone = [line for line in shown if not line.rivals]
    fitting = [line for line in claims if line.fits and not line.rivals]
    if fitting:
        last = claims[-1].request_id
        rows.append([button(lang, "join.confirm_fitting", _CONFIRM_ALL(last), n=len(fitting))])
    if len(alone) > 1:
        ends = alone[0].request_id, alone[-1].request_id
        rows.append([button(lang, "join.confirm_shown", _CONFIRM_SHOWN(*ends), n=len(alone))])
    rows += part.turn
    return f"{t(lang, 'join.list', n=len(waiting))}\n<i>{t(lang, 'join.legend')}</i>", rows


def _label(line: Line) -> str:
    mark = "⚠ " if line.rivals else "✓ " if line.fits else ""
    return f"{mark}{line.name[:28]} ← {line.account[:28]}"


@for_people(Level.ADMIN)
@alerting
async def on_decide(update: Update, context: Context, person: Person, lang: str) -> None:
    """Confirms a claim, or refuses it; the list goes on, a message about one says what came of it."""
    word, request_id = DECIDE.of(update)
    app, now = app_of(context), app_of(context).clock()
    if word == "y":
        work = partial(join_decisions.confirm, settings=app.settings, request_id=request_id, by=person.user_id, now=now)
        decided = await app.db(work, write=True)
        await _welcome(app, context, [decided])
        text = t(lang, "bot.confirm_done", name=escape(decided.full_name))
    else:
        decided = await app.db(
            partial(join_decisions.refuse, request_id=request_id, by=person.user_id, now=now), write=True
        )
        text = t(lang, "join.refused", account=escape(decided.full_name))
    await _shown_after(update, context, lang, text)


async def _shown_after(update: Update, context: Context, lang: str, text: str) -> None:
    """Shows what was decided; where others wait, with the way to them."""
    left = await app_of(context).db(join_decisions.open_number)
    await answer(update)
    rows = [[button(lang, "join.all", JOINS(0))]] if left else []
    await edit(update, context, f"{text}\n{t(lang, 'join.list', n=left)}" if left else text, rows)


@for_people(Level.ADMIN)
@alerting
async def on_confirm_many(update: Update, context: Context, person: Person, lang: str) -> None:
    """Confirms all whose @username fits, or all that are shown."""
    data = update.callback_query.data if update.callback_query is not None else None
    fitting, shown = _CONFIRM_ALL.read(data), _CONFIRM_SHOWN.read(data)
    app, now = app_of(context), app_of(context).clock()

    def work(session: Session) -> list[Decided]:
        claims = join_decisions.open_claims(session)
        if fitting is not None:
            which = {line.request_id for line in claims if line.fits and line.request_id <= fitting[0]}
        else:
            first, last = shown or (0, 0)
            which = {line.request_id for line in claims if first <= line.request_id <= last}
        return join_decisions.confirm_many(session, app.settings, which, person.user_id, now)

    done = await app.db(work, write=True)
    await _shown_after(update, context, lang, t(lang, "join.confirmed", n=len(done)))
    await _welcome(app, context, done)


async def _welcome(app: App, context: Context, decided: list[Decided]) -> None:
    """Tells people that they are in; what was committed stays so, whatever Telegram says."""
    for one in decided:
        lang = get_lang(one, app.settings.default_language)
        try:
            text = t(lang, "bot.welcome_linked", name=escape(one.full_name))
            await context.bot.send_message(one.telegram_user_id, text, parse_mode=ParseMode.HTML)
        except TelegramError as error:
            logger.info("somebody who was let in could not be told: %s", error)


@for_people(Level.ADMIN)
@alerting
async def on_access(update: Update, context: Context, person: Person, lang: str) -> None:
    """Lets a stranger in as somebody new, or says no."""
    word, request_id = ACCESS.of(update)
    app, now = app_of(context), app_of(context).clock()
    if word == "no":
        decided = await app.db(
            partial(join_decisions.refuse, request_id=request_id, by=person.user_id, now=now), write=True
        )
        await _shown_after(update, context, lang, t(lang, "join.refused", account=escape(decided.full_name)))
        return
    work = partial(join_decisions.let_in, settings=app.settings, request_id=request_id, by=person.user_id, now=now)
    decided = await app.db(work, write=True)
    await _welcome(app, context, [decided])
    await _shown_after(update, context, lang, t(lang, "bot.confirm_done", name=escape(decided.full_name)))


@for_people(Level.ADMIN)
@alerting
async def on_who(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks which person of the roster a stranger is."""
    request_id, page = WHO.of(update)

    def look(session: Session) -> tuple[str, Keyboard]:
        visitor = join_decisions.account_of(session, request_id)
        account = f"<b>{escape(visitor.full_name)}</b>" + (f" (@{visitor.username})" if visitor.username else "")
        people = accounts.unlinked_people(session)
        part = page_of(people, page, _A_PAGE, partial(WHO, request_id))
        rows = [[Button(user.full_name[:60], _IS(request_id, user.id or 0))] for user in part.shown]
        rows += part.turn
        rows.append(
            [
                button(lang, "join.let_in", ACCESS("in", request_id)),
                button(lang, "join.refuse", ACCESS("no", request_id)),
            ]
        )
        return t(lang, "join.who" if people else "join.who_nobody", account=account), rows

    text, rows = await app_of(context).db(look)
    await answer(update)
    await edit(update, context, text, rows)


@for_people(Level.ADMIN)
@alerting
async def on_is(update: Update, context: Context, person: Person, lang: str) -> None:
    """Ties a stranger to the person an admin says they are."""
    request_id, user_id = _IS.of(update)
    app, now = app_of(context), app_of(context).clock()

    def work(session: Session) -> Decided:
        return join_decisions.is_person(session, app.settings, request_id, user_id, person.user_id, now)

    decided = await app.db(work, write=True)
    await _welcome(app, context, [decided])
    await _shown_after(update, context, lang, t(lang, "bot.confirm_done", name=escape(decided.full_name)))


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("join_duty", join_duty))
    application.add_handler(handler(on_choice, _NAMES, _CLAIM, _OTHER))
    application.add_handler(handler(on_ask, _ASK))
    application.add_handler(handler(on_list, JOINS))
    application.add_handler(handler(on_decide, DECIDE))
    application.add_handler(handler(on_confirm_many, _CONFIRM_ALL, _CONFIRM_SHOWN))
    application.add_handler(handler(on_access, ACCESS))
    application.add_handler(handler(on_who, WHO))
    application.add_handler(handler(on_is, _IS))
