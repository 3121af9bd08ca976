"""Take over: somebody has the duty from now on; an admin notes it for whoever is absent, also for a part."""

from datetime import datetime, timedelta
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application

from duty_teller.db.models import CoverRole, Roster, User
from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.schedule.cover import HAND_OVER, act, actor_of, message_of, shift_text
from duty_teller.handlers.schedule.pages import Page
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import answer, edit, reply
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import LocalizedError, t
from duty_teller.services.cover_service import candidates, requests, spans, takeovers
from duty_teller.services.cover_service.model import CoverError, colleague, minute, shift_of
from duty_teller.services.dialogues import Waiting
from duty_teller.services.people.access import Person
from duty_teller.services.texts.duty import span_text
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, PAGE, declare, number

_FROM: Final = declare("over:from:", ID, PAGE)
"""Of a roster: whose duty it is that somebody else has, when too many are on duty for a button each."""
_TO: Final = declare("over:to:", ID, ID)
_NOW: Final = -1
_GO: Final = declare("over:go:", ID, ID, number(_NOW, 100_000), number(0, 100_000))
"""Of a shift, to a person, from and to (minutes after its begin; -1: from now)."""

_KIND: Final = "takeover"
_A_PAGE: Final = 8
_A_BUTTON_EACH: Final = 3
"""So many people on duty have buttons of their own under `/duty`; more are on a page of their own."""


def rows_of(session: Session, roster: Roster, person: Person, now: datetime, lang: str) -> Keyboard:
    """Returns the buttons under who is on duty now: "I have it now", and for admins that somebody else has it."""
    on_roster = candidates.is_on_roster(session, roster.id or 0, person.user_id)
    if not on_roster and not person.is_admin:
        return []
    running = takeovers.running(session, roster, now)
    own = [duty_id for duty_id, user_id, _name in running if user_id == person.user_id]
    rows: Keyboard = [[button(lang, "cover.hand_over", HAND_OVER(duty_id, 0))] for duty_id in own[:_A_BUTTON_EACH]]
    others = [(duty_id, name) for duty_id, user_id, name in running if user_id != person.user_id]
    if len(others) > _A_BUTTON_EACH:
        return [*rows, [button(lang, "cover.take_over_from", _FROM(roster.id or 0, 0))]]
    for duty_id, name in others:
        if on_roster:
            rows.append([button(lang, "cover.i_have_it", _TO(duty_id, person.user_id), name=name[:30])])
        if person.is_admin:
            rows.append([button(lang, "cover.somebody_has_it", HAND_OVER(duty_id, 0), name=name[:30])])
    return rows


@for_people()
async def on_from(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks whose duty it is, where many are on duty: an admin is then asked who has it, anybody else has it."""
    app = app_of(context)
    roster_id, page = _FROM.of(update)

    def look(session: Session) -> Page:
        roster = session.get(Roster, roster_id)
        if roster is None or not (person.is_admin or candidates.is_on_roster(session, roster_id, person.user_id)):
            raise LocalizedError("bot.button_old")
        found = [one for one in takeovers.running(session, roster, app.clock()) if one[1] != person.user_id]
        if not found:
            raise LocalizedError("bot.button_old")
        part = page_of(found, page, _A_PAGE, partial(_FROM, roster_id))
        rows = [
            [Button(name[:60], HAND_OVER(duty_id, 0) if person.is_admin else _TO(duty_id, person.user_id))]
            for duty_id, _user_id, name in part.shown
        ]
        return f"<b>{t(lang, 'cover.whose_duty')}</b>", rows + part.turn

    text, rows = await app.db(look)
    await answer(update)
    await edit(update, context, text, rows)


@for_people()
async def on_who(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks who has it."""
    app = app_of(context)
    duty_id, page = HAND_OVER.of(update)

    def look(session: Session) -> Page:
        now = app.clock()
        shift = shift_of(session, duty_id, now)
        start = max(shift.start_at, minute(now))
        without = frozenset({shift.user_id})
        found = candidates.candidates(session, shift.roster_id, None, start, shift.end_at, without)
        part = page_of(found, page, _A_PAGE, partial(HAND_OVER, duty_id))
        rows = [[Button(one.name[:60], _TO(duty_id, one.user_id))] for one in part.shown]
        text = f"<b>{t(lang, 'cover.who_has_it')}</b>\n{shift_text(session, shift, lang)}"
        return text, rows + part.turn

    text, rows = await app.db(look)
    await answer(update)
    await edit(update, context, text, rows)


@for_people()
async def on_to(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks until when: the end, or a time that is typed."""
    await answer(update)
    await _until_page(update, context, person, lang, _TO.of(update), None)


async def _until_page(
    update: Update,
    context: Context,
    person: Person,
    lang: str,
    which: tuple[int, int],
    span: tuple[datetime | None, datetime] | None,
) -> None:
    app = app_of(context)
    duty_id, to = which

    def look(session: Session) -> Page:
        now = app.clock()
        shift = shift_of(session, duty_id, now)
        timezone = session.get_one(Roster, shift.roster_id).timezone
        begin, end = span or (None, shift.end_at)
        start = begin or max(shift.start_at, minute(now))
        owner, taker = session.get_one(User, shift.user_id).full_name, colleague(session, to).full_name
        lines = [
            f"<b>{escape(owner)} → {escape(taker)}</b>",
            span_text(lang, start, end, timezone),
            *(
                "⚠️ " + t(lang, key)
                for key in candidates.warnings_of(candidates.one(session, shift.roster_id, to, start, end))
            ),
            "",
            t(lang, "cover.type_span" if person.is_admin else "cover.type_until"),
        ]
        first = _NOW if begin is None else round((begin - shift.start_at) / timedelta(minutes=1))
        last = round((end - shift.start_at) / timedelta(minutes=1))
        return "\n".join(lines), [[button(lang, "cover.take_over_yes", _GO(duty_id, to, first, last))]]

    text, rows = await app.db(look)
    if update.callback_query is not None:
        await edit(update, context, text, rows)
    else:
        await reply(update, text, rows)
    await typed_text.wait_for_text(update, context, person, _KIND, {"duty": duty_id, "to": to})


async def on_typed(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
    """Takes the time until when, or (from an admin) a span."""
    app = app_of(context)
    duty_id, to = int(waiting.payload["duty"]), int(waiting.payload["to"])

    def look(session: Session) -> tuple[datetime | None, datetime]:
        now = app.clock()
        shift = shift_of(session, duty_id, now)
        timezone = session.get_one(Roster, shift.roster_id).timezone
        message = update.effective_message
        typed = message.text if message is not None and message.text else ""
        if person.is_admin:
            found, _reason = spans.part_and_reason(typed, shift.start_at, shift.end_at, timezone)
            if found is not None:
                return found
        return None, spans.until(typed, max(shift.start_at, minute(now)), shift.end_at, timezone)

    await _until_page(update, context, person, lang, (duty_id, to), await app.db(look))


@for_people()
async def on_go(update: Update, context: Context, person: Person, lang: str) -> None:
    """Writes it: the other one is told, and can object for ten minutes; the page shows what becomes of it."""
    app = app_of(context)
    duty_id, to, first, last = _GO.of(update)
    message_id = message_of(update)

    def work(session: Session) -> None:
        now = app.clock()
        try:
            shift = shift_of(session, duty_id, now)
            begin = max(shift.start_at, minute(now))
            start = begin if first == _NOW else shift.start_at + timedelta(minutes=first)
            span = start, shift.start_at + timedelta(minutes=last)
            request = takeovers.take_over(session, actor_of(person), duty_id, to, now, span)
        except CoverError:
            if not takeovers.is_noted(session, duty_id, to, now):
                raise
        else:
            sides = {request.owner_id: CoverRole.OWNER, to: CoverRole.ASKED}
            role = sides.get(person.user_id, CoverRole.ADMIN)
            requests.start_message(session, request, person.user_id, role, message_id, now)

    if await act(update, context, lang, work):
        await typed_text.end(app, person.user_id)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    typed_text.takes_text(_KIND, on_typed)
    for shown, kind in ((on_from, _FROM), (on_who, HAND_OVER), (on_to, _TO), (on_go, _GO)):
        application.add_handler(handler(shown, kind))
