"""`/swap`: my shift for yours, chosen by buttons; nothing happens unless both agree."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.db.models import CoverRole, Roster, User
from duty_teller.handlers.common import Context, app_of, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.schedule.cover import (
    SHIFT,
    SWAP_FOR,
    act,
    actor_of,
    label_of,
    message_of,
    shift_text,
)
from duty_teller.handlers.schedule.pages import Page
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import t
from duty_teller.i18n.lang import format_day
from duty_teller.services.cover_service import candidates, requests, swaps
from duty_teller.services.cover_service.model import OwnShift, shift_of
from duty_teller.services.people.access import Person
from duty_teller.services.texts import days, typed_days
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, PAGE, declare
from duty_teller.utils.dates import day_span, local_day

_A_PAGE: Final = 8
_SHIFTS: Final = declare("swap:shifts:", PAGE)
_PICK: Final = declare("swap:pick:", ID, ID)
_OFFER: Final = declare("swap:offer:", ID, ID)


@for_people()
async def swap(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows one's own shifts that can be swapped."""
    if not is_private(update):
        await send_to_private(update, context, lang, "swap")
        return
    app, typed = app_of(context), " ".join(context.args or [])

    def look(session: Session) -> Page:
        now = app.clock()
        day = typed_days.parse_day(typed, days.todays(repository.rosters(session), now)) if typed else None
        if day is None:
            return _own(session, person.user_id, now, lang, 0)
        of_day = [
            one
            for one in swaps.own_shifts(session, person.user_id, now)
            if one.start_at > now and _on(session, one, day)
        ]
        of_day = [one for one in of_day if _begins_on(session, one, day)] or of_day
        if len(of_day) == 1:
            return _partners(session, of_day[0].duty_id, now, lang, 0)
        if of_day:
            return t(lang, "cover.swap_which"), _rows(session, of_day, lang)
        text, rows = _own(session, person.user_id, now, lang, 0)
        today = days.todays(repository.rosters(session), now)
        return f"{t(lang, 'cover.no_shift_on', day=format_day(lang, day, today))}\n{text}", rows

    await reply(update, *await app.db(look))


def _on(session: Session, shift: OwnShift, day: date) -> bool:
    """Tells whether a time on duty begins on a day, or has hours of it."""
    start, end = day_span(day, day, session.get_one(Roster, shift.roster_id).timezone)
    return shift.start_at < end and shift.end_at > start


def _begins_on(session: Session, shift: OwnShift, day: date) -> bool:
    return local_day(shift.start_at, session.get_one(Roster, shift.roster_id).timezone) == day


def _rows(session: Session, shifts: Sequence[OwnShift], lang: str) -> Keyboard:
    return [[Button(label_of(session, shift, lang), SWAP_FOR(shift.duty_id, 0))] for shift in shifts]


def _own(session: Session, user_id: int, now: datetime, lang: str, page: int) -> Page:
    found = [shift for shift in swaps.own_shifts(session, user_id, now) if shift.start_at > now]
    if not found:
        return t(lang, "cover.no_shifts"), []
    part = page_of(found, page, _A_PAGE, _SHIFTS)
    return t(lang, "cover.swap_which"), _rows(session, part.shown, lang) + part.turn


@for_people()
async def on_shifts(update: Update, context: Context, person: Person, lang: str) -> None:
    """Turns the page of one's own shifts."""
    app, (page,) = app_of(context), _SHIFTS.of(update)
    await answer(update)
    own = partial(_own, user_id=person.user_id, now=app.clock(), lang=lang, page=page)
    await edit(update, context, *await app.db(own))


@for_people()
async def on_mine(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows the colleagues' shifts that one can be swapped for."""
    app = app_of(context)
    mine_id, page = SWAP_FOR.of(update)

    text, rows = await app.db(partial(_partners, mine_id=mine_id, now=app.clock(), lang=lang, page=page))
    await answer(update)
    await edit(update, context, text, rows)


def _partners(session: Session, mine_id: int, now: datetime, lang: str, page: int) -> Page:
    mine = shift_of(session, mine_id, now)
    found = swaps.partners(session, mine, now)
    back = [button(lang, "cover.back", SHIFT(mine_id))]
    if not found:
        return t(lang, "cover.swap_none"), [back]
    part = page_of(found, page, _A_PAGE, partial(SWAP_FOR, mine_id))
    rows = []
    for shift in part.shown:
        name = session.get_one(User, shift.user_id).full_name
        label = f"{label_of(session, shift, lang)} · {name}"[:60]
        rows.append([Button(label, _PICK(mine_id, shift.duty_id))])
    head = t(lang, "cover.swap_for", span=shift_text(session, mine, lang))
    return head, [*rows, *part.turn, back]


@for_people()
async def on_pick(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows what the swap would be, and what speaks against it."""
    app = app_of(context)
    mine_id, theirs_id = _PICK.of(update)

    def look(session: Session) -> Page:
        now = app.clock()
        mine, theirs = shift_of(session, mine_id, now), shift_of(session, theirs_id, now)
        name = session.get_one(User, theirs.user_id).full_name
        lines = [
            t(lang, "cover.you_give", span=shift_text(session, mine, lang)),
            t(lang, "cover.you_get", span=shift_text(session, theirs, lang)),
        ]
        found = candidates.one(
            session, theirs.roster_id, mine.user_id, theirs.start_at, theirs.end_at, (mine.start_at, mine.end_at)
        )
        lines += ["⚠️ " + t(lang, key) for key in candidates.warnings_of(found) if key != "cover.warn_much"]
        rows = [
            [button(lang, "cover.swap_offer", _OFFER(mine_id, theirs_id), name=name[:40])],
            [button(lang, "cover.back", SWAP_FOR(mine_id, 0))],
        ]
        return "\n".join(lines), rows

    text, rows = await app.db(look)
    await answer(update)
    await edit(update, context, text, rows)


@for_people()
async def on_offer(update: Update, context: Context, person: Person, lang: str) -> None:
    """Offers it: the page becomes the message that says how it is doing."""
    app = app_of(context)
    mine_id, theirs_id = _OFFER.of(update)
    message_id = message_of(update)

    def work(session: Session) -> None:
        now = app.clock()
        if requests.began_with(session, person.user_id, message_id):
            return
        request = swaps.propose(session, actor_of(person), mine_id, theirs_id, now)
        role = CoverRole.OWNER if request.owner_id == person.user_id else CoverRole.ADMIN
        requests.start_message(session, request, person.user_id, role, message_id, now)

    await act(update, context, lang, work)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("swap", swap))
    for shown, kind in ((on_shifts, _SHIFTS), (on_mine, SWAP_FOR), (on_pick, _PICK), (on_offer, _OFFER)):
        application.add_handler(handler(shown, kind))
