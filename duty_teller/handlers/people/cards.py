"""`/users`: who is on the roster, who can be reached and who may do what, and a card for each of them."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CommandHandler

from duty_teller.config import Settings
from duty_teller.handlers.common import Context, app_of, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.people.roles import alerting
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import t
from duty_teller.services.people import cards, join_decisions
from duty_teller.services.people.access import Level, Person
from duty_teller.services.people.admin_notices import JOINS
from duty_teller.services.people.cards import PEOPLE, Card, Line, Mark, Which
from duty_teller.services.people.roles import Source
from duty_teller.services.texts.duty import moment_text
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, PAGE, declare, one_of, words

_A_PAGE: Final = 10
_ALIASES_SHOWN: Final = 10
_MARKS: Final = {
    Mark.ADMIN: "★", Mark.NO_ACCOUNT: "✉", Mark.UNREACHABLE: "✕",
    Mark.INACTIVE: "⏸", Mark.MERGED: "=", Mark.LEFT_OVER: "∅",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the list a card was opened: part of the callback data of all its buttons."""

    which: Which
    page: int


FIRST: Final = Place(Which.ALL, 0)

VERBS: Final = (
    *("admin", "user", "off", "unlink", "name", "phone", "back"),
    *("ADMIN", "USER", "OFF", "ON", "UNLINK", "NOPHONE"),
)

CARD: Final = declare("user:", ID, one_of(Which), PAGE)
INVITE: Final = declare("invite:", ID)
OTHERS: Final = declare("mrg:", ID, PAGE)
"""Who may be the same person."""
ADD: Final = declare("users:add")
ACTION: Final = declare("usr:", words(*VERBS), ID, one_of(Which), PAGE)
"""A verb in small letters asks, in capitals it does."""


@for_people(Level.ADMIN)
async def users(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows the first page of everybody."""
    if not is_private(update):
        await send_to_private(update, context, lang, "users")
        return
    app = app_of(context)
    text, rows = await app.db(partial(_list, settings=app.settings, lang=lang, place=FIRST))
    await reply(update, text, rows)


@for_people(Level.ADMIN)
async def on_list(update: Update, context: Context, person: Person, lang: str) -> None:
    """Turns the page, or shows others."""
    await show_list(update, context, lang, Place(*PEOPLE.of(update)))
    await answer(update)


async def show_list(update: Update, context: Context, lang: str, place: Place) -> None:
    """Shows a page of the list in the message whose button was pressed."""
    app = app_of(context)
    text, rows = await app.db(partial(_list, settings=app.settings, lang=lang, place=place))
    await edit(update, context, text, rows)


def _list(session: Session, settings: Settings, lang: str, place: Place) -> tuple[str, Keyboard]:
    people = cards.list_people(session, settings, place.which)
    part = page_of(people, place.page, _A_PAGE, partial(PEOPLE, place.which))
    rows = [[Button(_label(line), CARD(line.user_id, place.which, part.number))] for line in part.shown]
    others = [which for which in Which if which != place.which]
    rows += part.turn
    rows += [[button(lang, f"people.which_{which.name.lower()}", PEOPLE(which, 0)) for which in others]]
    if place.which == Which.ALL:
        rows.append([button(lang, "people.add", ADD())])
        if waiting := join_decisions.open_number(session):
            rows.insert(0, [button(lang, "join.list", JOINS(0), n=waiting)])
    head = t(lang, "people.list", which=t(lang, f"people.which_{place.which.name.lower()}"), n=len(people))
    legend = t(lang, "people.legend_inactive" if place.which == Which.INACTIVE else "people.legend")
    number = t(lang, "people.page", page=part.number + 1, pages=part.of)
    return "\n".join([head, *([number] if part.of > 1 else []), f"<i>{legend}</i>"]), rows


def _label(line: Line) -> str:
    marks = "".join(_MARKS[mark] for mark in line.marks)
    return f"{line.full_name[:50]} {marks}".rstrip()


@for_people(Level.ADMIN)
@alerting
async def on_card(update: Update, context: Context, person: Person, lang: str) -> None:
    """Opens a card, or comes back to it."""
    user_id, which, page = CARD.of(update)
    await show_card(update, context, lang, user_id, Place(which, page))
    await answer(update)


async def show_card(update: Update, context: Context, lang: str, user_id: int, place: Place) -> None:
    """Shows a card in the message whose button was pressed.

    Raises:
        GoneError: There is no such person any more.
    """
    app, now = app_of(context), app_of(context).clock()
    card = await app.db(partial(cards.card, settings=app.settings, user_id=user_id, now=now))
    await edit(update, context, card_text(lang, card, now), card_buttons(lang, card, place))


def card_text(lang: str, card: Card, now: datetime) -> str:
    """Writes a card as Telegram HTML."""
    contact = [f"@{escape(card.username)}"] if card.username else []
    contact += [escape(card.phone)] if card.phone else []
    lines = [f"<b>{escape(card.full_name)}</b>", *([" · ".join(contact)] if contact else []), ""]
    lines += [_role(lang, card), _account(lang, card)]
    if card.is_active and card.telegram_user_id is not None:
        lines.append(t(lang, "people.reachable" if card.reachable else "people.unreachable"))
    lines += ["", *_shifts(lang, card)]
    if card.aliases:
        more = (
            f" {t(lang, 'import.chat.more', n=len(card.aliases) - _ALIASES_SHOWN)}"
            if len(card.aliases) > _ALIASES_SHOWN
            else ""
        )
        names = ", ".join(escape(name) for name in card.aliases[:_ALIASES_SHOWN])
        lines.append(t(lang, "people.aliases", names=names) + more)
    return "\n".join(lines)


def _role(lang: str, card: Card) -> str:
    if card.merged_into is not None:
        return t(lang, "people.is_merged", other=escape(card.merged_into[1]))
    if not card.is_active:
        return t(lang, "people.is_inactive")
    for source in Source:
        if source in card.sources:
            return t(lang, f"people.admin_{source}")
    if card.level == Level.MEMBER:
        return t(lang, "people.is_member" if card.linked_at is not None else "people.is_allowed")
    return t(lang, "people.is_nobody")


def _account(lang: str, card: Card) -> str:
    if card.telegram_user_id is None:
        return t(lang, "people.no_account")
    key = "people.account_linked" if card.linked_at is not None else "people.account_own"
    return t(lang, key, id=card.telegram_user_id)


def _shifts(lang: str, card: Card) -> list[str]:
    if card.left_over:
        return [t(lang, "people.left_over")]
    lines = []
    if card.on_duty_until is not None:
        lines.append(t(lang, "people.on_duty_until", moment=moment_text(lang, *card.on_duty_until)))
    if card.next_shift is not None:
        lines.append(t(lang, "people.next_shift", moment=moment_text(lang, *card.next_shift)))
    return [*lines, t(lang, "people.coming", n=card.coming) if card.coming else t(lang, "people.coming_none")]


def card_buttons(lang: str, card: Card, place: Place) -> Keyboard:
    """Returns what can be done with somebody; what is refused (the last admin) is refused when it is tried."""

    def act(key: str, verb: str) -> list[Button]:
        return [button(lang, key, ACTION(verb, card.user_id, place.which, place.page))]

    fixed = Source.IDS in card.sources  # only who runs the server can take that right away
    rows: Keyboard = []
    if card.is_active:
        if card.telegram_user_id is None:
            rows.append([button(lang, "people.invite", INVITE(card.user_id))])
        elif card.sources:
            if not fixed:
                rows.append(act("people.make_user", "user"))
        else:
            rows.append(act("people.make_admin", "admin"))
        rows.append([button(lang, "people.merge", OTHERS(card.user_id, 0))])
        rows.append(act("people.rename", "name"))
        rows.append(act("people.phone", "phone"))
        if card.telegram_user_id is not None and card.linked_at is not None:
            rows.append(act("people.unlink", "unlink"))
        if not fixed:
            rows.append(act("people.deactivate", "off"))
    elif card.merged_into is None:
        rows.append(act("people.activate", "ON"))
    return [*rows, [button(lang, "people.back", PEOPLE(place.which, place.page))]]


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("users", users))
    application.add_handler(handler(on_list, PEOPLE))
    application.add_handler(handler(on_card, CARD))
