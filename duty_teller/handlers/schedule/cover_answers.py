"""The buttons of everybody's message of a request: yes, no, take it back, and what admins decide."""

from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application

from duty_teller.db.models import CoverKind, CoverRequest, CoverState, Roster
from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.guard import for_people, refusal
from duty_teller.handlers.schedule.cover import LIST, act, actor_of, show_list
from duty_teller.handlers.schedule.pages import Page, data_of, looked_up
from duty_teller.handlers.transport.answers import answer, edit, reply
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button, keyboard_of
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import schedule_service
from duty_teller.services.cover_service import candidates, requests, swaps, takeovers
from duty_teller.services.cover_service.model import request_of
from duty_teller.services.people.access import Level, Person
from duty_teller.services.texts.changes import clash_lines
from duty_teller.services.texts.covers import (
    APPROVE,
    BACK,
    BACK_ANYWAY,
    GIVE,
    NO,
    OBJECT,
    OTHERS,
    REVERT_ANYWAY,
    SETTLE,
    YES,
)
from duty_teller.services.texts.duty import span_text
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import ID, Data, declare

_PUT: Final = declare("cover:put:", ID, ID)
"""Of a request: whom an admin puts on, from the page of all who are free."""

_A_PAGE: Final = 8


async def _asked_person(update: Update, context: Context, person: Person | None, lang: str) -> Person | None:
    """Returns who tapped a button of a group's message; a stranger is told that this is not for them."""
    if person is None:
        await answer(update, t(lang, "error.forbidden"))
    return person


@for_people(in_trusted_groups=True)
async def on_yes(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Takes a yes: the first one has it."""
    (request_id,) = YES.of(update)
    app = app_of(context)
    if (who := await _asked_person(update, context, person, lang)) is None:
        return

    def work(session: Session) -> None:
        request = session.get(CoverRequest, request_id)
        say = swaps.agree if request is not None and request.kind == CoverKind.SWAP else requests.take
        say(session, app.settings, actor_of(who), request_id, app.clock())

    await act(update, context, lang, work)


@for_people()
async def on_no(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes a no."""
    (request_id,) = NO.of(update)
    now = app_of(context).clock()
    await act(update, context, lang, lambda session: requests.say_no(session, actor_of(person), request_id, now))


@for_people()
async def on_back(update: Update, context: Context, person: Person, lang: str) -> None:
    """Withdraws a request, or takes back what was agreed."""
    (request_id,) = BACK.of(update)
    now = app_of(context).clock()
    if await _warned(update, context, lang, request_id, BACK_ANYWAY):
        return
    done = "" if _is_message_of_request(update) else "cover.withdrawn"
    withdraw = partial(requests.withdraw, actor=actor_of(person), request_id=request_id, now=now)
    if await act(update, context, lang, withdraw, done) and done:
        await show_list(update, context, person, lang, 0)


async def _warned(update: Update, context: Context, lang: str, request_id: int, anyway: Data[int]) -> bool:
    """Says who would be on duty twice, or while away, if a shift were given back; it is asked about, not forbidden."""

    def look(session: Session) -> list[str]:
        request = session.get(CoverRequest, request_id)
        if request is None or request.change_id is None or request.state not in (CoverState.TAKEN, CoverState.APPROVED):
            return []
        diffs = schedule_service.plan_undo(session, request.change_id)
        return [escape(line) for diff in diffs for line in clash_lines(session, lang, diff)]

    try:
        lines = await app_of(context).db(look)
    except LocalizedError as error:
        await answer(update, await refusal(update, context, error, lang))
        return True
    if lines:
        await answer(update)
        await reply(update, "\n".join(lines), [[button(lang, "cover.back_anyway", anyway(request_id))]])
    return bool(lines)


@for_people()
async def on_back_anyway(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes back what was agreed, after the warning."""
    now, revert = app_of(context).clock(), REVERT_ANYWAY.read(data_of(update))
    if revert is not None:
        work = partial(takeovers.settle, actor=actor_of(person), request_id=revert[0], keep=False, now=now)
    else:
        work = partial(requests.withdraw, actor=actor_of(person), request_id=BACK_ANYWAY.of(update)[0], now=now)
    if await act(update, context, lang, work):
        await edit(update, context, t(lang, "cover.withdrawn"))


def _is_message_of_request(update: Update) -> bool:
    """Tells whether the button stood in the message of the request, which changes by itself; else on a page."""
    return not any(LIST.read(key.data) is not None for row in keyboard_of(update) for key in row)


@for_people(Level.ADMIN)
async def on_give(update: Update, context: Context, person: Person, lang: str) -> None:
    """Lets an admin put somebody on."""
    request_id, user_id = GIVE.of(update)
    app = app_of(context)
    give = partial(requests.take, settings=app.settings, actor=actor_of(person), request_id=request_id, now=app.clock())
    await act(update, context, lang, partial(give, user_id=user_id))


@for_people(Level.ADMIN)
async def on_others(update: Update, context: Context, person: Person, lang: str) -> None:
    """Lists everybody who is free then, on a page of its own."""
    request_id, page = OTHERS.of(update)
    app = app_of(context)

    def look(session: Session) -> Page:
        request = request_of(session, request_id)
        span = request.start_at, request.end_at
        without = frozenset({request.owner_id})
        found = candidates.candidates(session, request.roster_id, request.position, *span, without)
        part = page_of([one for one in found if one.free], page, _A_PAGE, partial(OTHERS, request_id))
        rows = [[Button(one.name[:60], _PUT(request_id, one.user_id))] for one in part.shown]
        timezone = session.get_one(Roster, request.roster_id).timezone
        return f"<b>{t(lang, 'cover.who_takes')}</b>\n{span_text(lang, *span, timezone)}", rows + part.turn

    shown = await looked_up(update, app, look, lang)
    if shown is None:
        return
    text, rows = shown
    of_request = any(BACK.read(key.data) is not None for row in keyboard_of(update) for key in row)
    await (reply(update, text, rows) if of_request else edit(update, context, text, rows))


@for_people(Level.ADMIN)
async def on_put(update: Update, context: Context, person: Person, lang: str) -> None:
    """Lets an admin put somebody of that page on."""
    request_id, user_id = _PUT.of(update)
    app = app_of(context)
    give = partial(requests.take, settings=app.settings, actor=actor_of(person), request_id=request_id, now=app.clock())
    if await act(update, context, lang, partial(give, user_id=user_id)):
        await edit(update, context, t(lang, "cover.noted"))


@for_people(Level.ADMIN)
async def on_approve(update: Update, context: Context, person: Person, lang: str) -> None:
    """Lets an admin confirm, or refuse."""
    request_id, yes = APPROVE.of(update)
    now = app_of(context).clock()
    await act(update, context, lang, lambda s: requests.approve(s, actor_of(person), request_id, yes, now))


@for_people()
async def on_object(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes an objection to a take-over."""
    (request_id,) = OBJECT.of(update)
    app = app_of(context)
    await act(
        update,
        context,
        lang,
        lambda s: takeovers.object_to(s, app.settings, actor_of(person), request_id, app.clock()),
    )


@for_people(Level.ADMIN)
async def on_settle(update: Update, context: Context, person: Person, lang: str) -> None:
    """Lets an admin settle it."""
    request_id, keep = SETTLE.of(update)
    now = app_of(context).clock()
    if not keep and await _warned(update, context, lang, request_id, REVERT_ANYWAY):
        return
    await act(update, context, lang, lambda s: takeovers.settle(s, actor_of(person), request_id, keep, now))


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    for shown, kind in (
        (on_yes, YES),
        (on_no, NO),
        (on_back, BACK),
        (on_back_anyway, BACK_ANYWAY),
        (on_back_anyway, REVERT_ANYWAY),
        (on_give, GIVE),
        (on_others, OTHERS),
        (on_put, _PUT),
        (on_approve, APPROVE),
        (on_object, OBJECT),
        (on_settle, SETTLE),
    ):
        application.add_handler(handler(shown, kind))
