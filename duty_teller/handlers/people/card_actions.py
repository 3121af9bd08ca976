"""The buttons of a person's card: role, name, account, access. Each asks before it takes anything away."""

from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application

from duty_teller.db.models import Role
from duty_teller.handlers.common import App, Context, app_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.people.cards import ACTION, ADD, CARD, FIRST, INVITE, Place, show_card
from duty_teller.handlers.people.roles import alerting, forget, named, outcome, question, tell
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import answer, edit, reply
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import dialogues
from duty_teller.services.dialogues import Waiting
from duty_teller.services.people import accounts, cards, roles
from duty_teller.services.people.access import Level, Person
from duty_teller.services.people.cards import PEOPLE, Card
from duty_teller.services.people.roles import RoleOutcome
from duty_teller.utils.buttons import Button

_RENAME: Final = "rename"
_PHONE: Final = "phone_of"
_ADD: Final = "add_person"


@for_people(Level.ADMIN)
@alerting
async def on_action(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks (a verb in small letters) or does (in capitals); another admin may have been faster."""
    verb, user_id, which, page = ACTION.of(update)
    place = Place(which, page)
    if verb == "name":
        await _ask_name(update, context, person, lang, user_id, place)
    elif verb == "phone":
        await _ask_phone(update, context, person, lang, user_id, place)
    elif verb == "NOPHONE":
        name = await app_of(context).db(partial(_remove_phone, user_id=user_id), write=True)
        await _forget_typing(app_of(context), person)
        rows = [[button(lang, "people.to_card", CARD(user_id, place.which, place.page))]]
        await edit(update, context, t(lang, "people.phone_removed", name=escape(name)), rows)
    elif verb == "back":
        await _forget_typing(app_of(context), person)
        await show_card(update, context, lang, user_id, place)
    elif verb.islower():
        await _ask(update, context, lang, verb, user_id, place)
    else:
        await _do(update, context, person, lang, verb, user_id, place)
    await answer(update)


async def _ask(update: Update, context: Context, lang: str, verb: str, user_id: int, place: Place) -> None:
    app, now = app_of(context), app_of(context).clock()

    def look(session: Session) -> Card:
        user = roles.get_person(session, user_id)
        if verb in ("admin", "user"):
            roles.check_role(session, app.settings, user, Role(verb))
        elif verb == "off":
            roles.check_deactivation(session, app.settings, user)
        else:
            roles.check_unlinking(session, app.settings, user)
        return cards.card(session, app.settings, user_id, now)

    card = await app.db(look)
    yes = [button(lang, f"people.yes_{verb}", ACTION(verb.upper(), user_id, place.which, place.page))]
    await edit(update, context, _question(lang, verb, card), [yes, _back(lang, user_id, place)])


def _question(lang: str, verb: str, card: Card) -> str:
    if verb in ("admin", "user"):
        who = named(lang, card.full_name, card.username, card.telegram_user_id or 0)
        return question(lang, Role(verb), who)
    text = t(lang, f"people.ask_{verb}", name=escape(card.full_name))
    if verb == "off" and card.coming:
        text += f"\n\n{t(lang, 'people.ask_off_coming', n=card.coming)}"
    return text


def _back(lang: str, user_id: int, place: Place) -> list[Button]:
    return [button(lang, "people.no", ACTION("back", user_id, place.which, place.page))]


async def _do(
    update: Update, context: Context, person: Person, lang: str, verb: str, user_id: int, place: Place
) -> None:
    app, now = app_of(context), app_of(context).clock()

    def work(session: Session) -> RoleOutcome:
        if verb in ("ADMIN", "USER"):
            return roles.give_role(session, app.settings, user_id, Role(verb.lower()), now)
        if verb == "OFF":
            return roles.deactivate(session, app.settings, user_id, now)
        if verb == "ON":
            return roles.activate(session, app.settings, user_id)
        return roles.unlink(session, app.settings, user_id, now)

    told = await app.db(work, write=True)
    if verb in ("ADMIN", "USER"):
        text = outcome(lang, told, Role(verb.lower()))
        await tell(app, context, told)
    else:
        text = t(lang, f"people.done_{verb.lower()}", name=escape(told.full_name))
        await forget(context, told)
    if told.changed and told.user_id == person.user_id and not told.is_admin:
        await edit(update, context, text)  # the list is not theirs any more
        return
    rows = [[button(lang, "people.to_card", CARD(user_id, place.which, place.page))]]
    await edit(update, context, text, rows)


async def _ask_name(update: Update, context: Context, person: Person, lang: str, user_id: int, place: Place) -> None:
    user = await app_of(context).db(lambda session: roles.get_person(session, user_id).full_name)
    text = t(lang, "people.ask_name", name=escape(user))
    await edit(update, context, text, [_back(lang, user_id, place)])
    message = update.effective_message
    payload = {"user_id": user_id, "card": CARD(user_id, place.which, place.page)}
    await typed_text.wait_for_text(
        update, context, person, _RENAME, payload, message.message_id if message is not None else None
    )


async def _forget_typing(app: App, person: Person) -> None:
    waiting = await app.db(partial(dialogues.current, user_id=person.user_id, now=app.clock()))
    if waiting is not None and waiting.kind in (_RENAME, _PHONE):
        await typed_text.end(app, person.user_id)


async def on_name(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
    """Takes the name that was typed.

    Raises:
        LocalizedError: It cannot be anybody's name, or is somebody else's; the question stays open.
    """
    app, message = app_of(context), update.effective_message
    if not person.is_admin:
        await typed_text.end(app, person.user_id)
        raise LocalizedError("bot.admins_only")
    user_id, typed = int(waiting.payload["user_id"]), (message.text if message is not None else None) or ""

    now = app.clock()

    def work(session: Session) -> tuple[str, str]:
        before = roles.get_person(session, user_id).full_name
        return before, accounts.rename(session, user_id, typed, now).full_name

    try:
        before, name = await app.db(work, write=True)
    except roles.GoneError:
        await typed_text.end(app, person.user_id)
        raise
    await typed_text.end(app, person.user_id)
    rows = [
        [button(lang, "people.to_card", str(waiting.payload.get("card") or CARD(user_id, FIRST.which, FIRST.page)))]
    ]
    await reply(update, t(lang, "people.renamed", before=escape(before), name=escape(name)), rows)


def _remove_phone(session: Session, user_id: int) -> str:
    roles.get_person(session, user_id)
    return accounts.set_phone(session, user_id, None).full_name


async def _ask_phone(update: Update, context: Context, person: Person, lang: str, user_id: int, place: Place) -> None:
    app = app_of(context)
    card = await app.db(partial(cards.card, settings=app.settings, user_id=user_id, now=app.clock()))
    rows = [_back(lang, user_id, place)]
    if card.phone:
        gone = ACTION("NOPHONE", user_id, place.which, place.page)
        rows.insert(0, [button(lang, "people.phone_remove", gone)])
    await edit(update, context, t(lang, "people.phone_ask", name=escape(card.full_name)), rows)
    message = update.effective_message
    payload = {"user_id": user_id, "card": CARD(user_id, place.which, place.page)}
    await typed_text.wait_for_text(
        update, context, person, _PHONE, payload, message.message_id if message is not None else None
    )


async def on_phone(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
    """Takes the phone that was typed for somebody.

    Raises:
        LocalizedError: It is none; the question stays open.
    """
    app, message = app_of(context), update.effective_message
    if not person.is_admin:
        await typed_text.end(app, person.user_id)
        raise LocalizedError("bot.admins_only")
    user_id, typed = int(waiting.payload["user_id"]), (message.text if message is not None else None) or ""

    def work(session: Session) -> tuple[str, str]:
        roles.get_person(session, user_id)
        user = accounts.set_phone(session, user_id, typed)
        return user.full_name, user.phone or ""

    try:
        name, phone = await app.db(work, write=True)
    except roles.GoneError:
        await typed_text.end(app, person.user_id)
        raise
    await typed_text.end(app, person.user_id)
    rows = [[button(lang, "people.to_card", str(waiting.payload["card"]))]]
    await reply(update, t(lang, "people.phone_set", name=escape(name), phone=escape(phone)), rows)


@for_people(Level.ADMIN)
async def on_add(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks for the name of somebody who is in no file yet."""
    await answer(update)
    await edit(
        update, context, t(lang, "people.add_ask"), [[button(lang, "people.back", PEOPLE(FIRST.which, FIRST.page))]]
    )
    message = update.effective_message
    await typed_text.wait_for_text(
        update, context, person, _ADD, message_id=message.message_id if message is not None else None
    )


async def on_new_name(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
    """Adds the person whose name was typed; what comes next (an invitation, a phone) is on the card.

    Raises:
        LocalizedError: It cannot be anybody's name, or is somebody's; the question stays open.
    """
    app, message = app_of(context), update.effective_message
    if not person.is_admin:
        await typed_text.end(app, person.user_id)
        raise LocalizedError("bot.admins_only")
    typed = (message.text if message is not None else None) or ""

    def work(session: Session) -> tuple[int, str]:
        user = accounts.add_person(session, typed, app.clock())
        return user.id or 0, user.full_name

    user_id, name = await app.db(work, write=True)
    await typed_text.end(app, person.user_id)
    rows = [
        [button(lang, "people.invite", INVITE(user_id))],
        [button(lang, "people.to_card", CARD(user_id, FIRST.which, FIRST.page))],
    ]
    await reply(update, t(lang, "people.added", name=escape(name)), rows)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    typed_text.takes_text(_RENAME, on_name)
    typed_text.takes_text(_PHONE, on_phone)
    typed_text.takes_text(_ADD, on_new_name)
    application.add_handler(handler(on_add, ADD))
    application.add_handler(handler(on_action, ACTION))
