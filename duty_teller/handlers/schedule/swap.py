"""`/swap`: my shift for yours, chosen by buttons; nothing happens unless both agree."""

from typing import Final

from sqlmodel import Session
from telegram import InlineKeyboardButton, Update
from telegram.ext import Application, CommandHandler

from duty_teller.db.models import CoverRole, User
from duty_teller.handlers.common import Context, answer, app_of, button, is_private, reply, send_to_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.schedule.cover import SHIFT, act, actor_of, label_of, message_of, own_shifts, shift_text
from duty_teller.handlers.schedule.pages import Page
from duty_teller.handlers.transport.callbacks import ID, PAGE, declare, handler
from duty_teller.handlers.transport.editing import edit
from duty_teller.i18n import t
from duty_teller.services.cover_service import candidates as people
from duty_teller.services.cover_service import requests, swaps
from duty_teller.services.cover_service.model import shift_of
from duty_teller.services.people.access import Person

_A_PAGE: Final = 8
MINE: Final = declare("swap:mine:", ID, PAGE)
_PICK: Final = declare("swap:pick:", ID, ID)
_OFFER: Final = declare("swap:offer:", ID, ID)


@for_people()
async def swap(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows one's own shifts that can be swapped."""
    if not is_private(update):
        await send_to_private(update, context, lang, "swap")
        return
    app = app_of(context)

    def look(session: Session) -> Page:
        now = app.clock()
        found = [shift for shift in own_shifts(session, person.user_id, now) if shift.start_at > now]
        if not found:
            return t(lang, "cover.no_shifts"), []
        rows = [
            [InlineKeyboardButton(label_of(session, shift, lang), callback_data=MINE(shift.duty_id, 0))]
            for shift in found[:_A_PAGE]
        ]
        return t(lang, "cover.swap_which"), rows

    text, rows = await app.db(look)
    await reply(update, text, rows)


@for_people()
async def on_mine(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows the colleagues' shifts that one can be swapped for."""
    app = app_of(context)
    mine_id, page = MINE.of(update)

    def look(session: Session) -> Page:
        mine = shift_of(session, mine_id, app.clock())
        found = swaps.partners(session, mine, app.clock())
        back = [button(lang, "cover.back", SHIFT(mine_id))]
        if not found:
            return t(lang, "cover.swap_none"), [back]
        at = min(page, (len(found) - 1) // _A_PAGE)
        rows = []
        for shift in found[at * _A_PAGE : (at + 1) * _A_PAGE]:
            name = session.get_one(User, shift.user_id).full_name
            label = f"{label_of(session, shift, lang)} · {name}"[:60]
            rows.append([InlineKeyboardButton(label, callback_data=_PICK(mine_id, shift.duty_id))])
        turn = [InlineKeyboardButton("◀", callback_data=MINE(mine_id, at - 1))] if at else []
        if (at + 1) * _A_PAGE < len(found):
            turn.append(InlineKeyboardButton("▶", callback_data=MINE(mine_id, at + 1)))
        head = t(lang, "cover.swap_for", span=shift_text(session, mine, lang))
        return head, [*rows, *([turn] if turn else []), back]

    text, rows = await app.db(look)
    await answer(update)
    await edit(update, context, text, rows)


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
        found = people.one(
            session, theirs.roster_id, mine.user_id, theirs.start_at, theirs.end_at, (mine.start_at, mine.end_at)
        )
        lines += ["⚠️ " + t(lang, key) for key in people.warnings_of(found) if key != "cover.warn_much"]
        rows = [
            [button(lang, "cover.swap_offer", _OFFER(mine_id, theirs_id), name=name[:40])],
            [button(lang, "cover.back", MINE(mine_id, 0))],
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
        request = swaps.propose(session, actor_of(person), mine_id, theirs_id, now)
        role = CoverRole.OWNER if request.owner_id == person.user_id else CoverRole.ADMIN
        requests.start_message(session, request, person.user_id, role, message_id, now)

    await act(update, context, lang, work)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("swap", swap))
    for shown, kind in ((on_mine, MINE), (on_pick, _PICK), (on_offer, _OFFER)):
        application.add_handler(handler(shown, kind))
