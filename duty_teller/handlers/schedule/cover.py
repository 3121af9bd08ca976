"""Find cover: a shift of one's own, whole or a part, a word why; and the buttons of everybody's messages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session, col, select
from telegram import Update
from telegram.ext import Application

from duty_teller.db.models import Chat, CoverKind, CoverRequest, CoverRole, CoverState, GroupPin, Roster
from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.schedule.pages import Page, data_of
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import answer, edit, reply
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button, keyboard_of
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import dialogues, schedule_service
from duty_teller.services.cover_service import candidates as people
from duty_teller.services.cover_service import requests, spans, swaps, takeovers
from duty_teller.services.cover_service.model import Actor, OwnShift, minute, shift_of
from duty_teller.services.dialogues import Waiting
from duty_teller.services.people.access import Level, Person
from duty_teller.services.texts.changes import clash_lines
from duty_teller.services.texts.covers import (
    APPROVE,
    BACK,
    BACK_ANYWAY,
    GIVE,
    NO,
    OBJECT,
    REVERT_ANYWAY,
    SETTLE,
    YES,
)
from duty_teller.services.texts.days import position_of
from duty_teller.services.texts.duty import span_text
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import CHAT, ID, PAGE, Data, declare, number

LIST: Final = declare("cover:list:", PAGE)
SHIFT: Final = declare("cover:shift:", ID)
SWAP_FOR: Final = declare("swap:mine:", ID, PAGE)
HAND_OVER: Final = declare("over:who:", ID, PAGE)
"""Of a shift: those it can be swapped for, and those it can be handed over to."""
_MINUTES: Final = number(0, 100_000)
_FIND: Final = declare("cover:find:", ID)
_ASK: Final = declare("cover:ask:", ID, _MINUTES, _MINUTES, CHAT)
"""Of a shift, from and to (minutes after its begin), a group or 0: the colleagues one by one."""

_KIND: Final = "cover"
_A_PAGE: Final = 8
_NAMED: Final = 8


def actor_of(person: Person) -> Actor:
    """Returns a person as the services take who acts."""
    return Actor(person.user_id, person.full_name, person.is_admin)


def shift_text(session: Session, shift: OwnShift, lang: str) -> str:
    """Writes a time on duty with its position, as HTML."""
    timezone = session.get_one(Roster, shift.roster_id).timezone
    return span_text(lang, shift.start_at, shift.end_at, timezone) + position_of(shift.position)


def label_of(session: Session, shift: OwnShift, lang: str) -> str:
    """Writes a time on duty as the text of a button."""
    timezone = session.get_one(Roster, shift.roster_id).timezone
    position = f" ({shift.position})" if shift.position else ""
    return (span_text(lang, shift.start_at, shift.end_at, timezone) + position)[:60]


async def show_list(update: Update, context: Context, person: Person, lang: str, page: int) -> None:
    """Shows one's own shifts, each a button."""
    app = app_of(context)

    def look(session: Session) -> Page:
        found = swaps.own_shifts(session, person.user_id, app.clock())
        if not found:
            return t(lang, "cover.no_shifts"), []
        part = page_of(found, page, _A_PAGE, LIST)
        rows = [[Button(label_of(session, shift, lang), SHIFT(shift.duty_id))] for shift in part.shown]
        return t(lang, "cover.which_shift"), rows + part.turn

    text, rows = await app.db(look)
    if update.callback_query is not None:
        await edit(update, context, text, rows)
    else:
        await reply(update, text, rows)


@for_people()
async def on_list(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows one's own shifts."""
    await answer(update)
    await show_list(update, context, person, lang, LIST.of(update)[0])


@for_people()
async def on_shift(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows what can be done with a shift of one's own."""
    app, (duty_id,) = app_of(context), SHIFT.of(update)

    def look(session: Session) -> Page:
        now = app.clock()
        shift = shift_of(session, duty_id, now)
        if shift.user_id != person.user_id and not person.is_admin:
            raise LocalizedError("cover.not_yours")
        rows = []
        asked = [r for r in requests.open_asks(session, [shift.user_id]) if r.start_at < shift.end_at]
        for request in (r for r in asked if r.end_at > shift.start_at):
            timezone = session.get_one(Roster, shift.roster_id).timezone
            span = span_text(lang, request.start_at, request.end_at, timezone)
            rows.append([button(lang, "cover.withdraw_of", BACK(request.id or 0), span=span)])
        rows.append([button(lang, "cover.find", _FIND(duty_id))])
        if shift.start_at > now:
            rows.append([button(lang, "cover.swap", SWAP_FOR(duty_id, 0))])
        else:
            rows.append([button(lang, "cover.hand_over", HAND_OVER(duty_id, 0))])
        rows.append([button(lang, "cover.to_list", LIST(0))])
        return f"<b>{shift_text(session, shift, lang)}</b>", rows

    text, rows = await app.db(look)
    await typed_text.end(app, person.user_id)
    await answer(update)
    await edit(update, context, text, rows)


@for_people()
async def on_find(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows who would be asked; a part of the shift and a word why can be typed."""
    await answer(update)
    await _ask_page(update, context, person, lang, _FIND.of(update)[0], None, "")


async def _ask_page(
    update: Update,
    context: Context,
    person: Person,
    lang: str,
    duty_id: int,
    span: tuple[datetime, datetime] | None,
    reason: str,
) -> None:
    app = app_of(context)

    def look(session: Session) -> Page:
        now = app.clock()
        shift = shift_of(session, duty_id, now)
        start, end = span or (max(shift.start_at, minute(now)), shift.end_at)
        found = people.candidates(
            session, shift.roster_id, shift.position, start, end, frozenset({shift.user_id, person.user_id})
        )
        asked = people.to_ask(found)
        names = ", ".join(escape(candidate.name) for candidate in asked[:_NAMED])
        names += f" {t(lang, 'import.chat.more', n=len(asked) - _NAMED)}" if len(asked) > _NAMED else ""
        timezone = session.get_one(Roster, shift.roster_id).timezone
        lines = [
            f"<b>{t(lang, 'cover.find_head')}</b>",
            span_text(lang, start, end, timezone) + position_of(shift.position),
            *([f"<i>{escape(reason)}</i>"] if reason else []),
            t(lang, "cover.will_ask", names=names) if asked else t(lang, "cover.nobody"),
        ]
        if asked and not asked[0].rested:
            lines.append("⚠️ " + t(lang, "cover.nobody_rested"))
        lines += ["", t(lang, "cover.type_part")]
        at = [round((moment - shift.start_at) / timedelta(minutes=1)) for moment in (start, end)]
        rows = []
        if asked:
            rows.append([button(lang, "cover.ask_them", _ASK(duty_id, at[0], at[1], 0), n=len(asked))])
        statement = (
            select(Chat)
            .join(GroupPin, col(GroupPin.chat_id) == col(Chat.id))
            .where(GroupPin.roster_id == shift.roster_id, col(Chat.trusted), col(Chat.left_at).is_(None))
        )
        for chat in session.exec(statement.distinct().order_by(col(Chat.id)).limit(3)):
            rows.append([button(lang, "cover.ask_group", _ASK(duty_id, at[0], at[1], chat.id), title=chat.title[:30])])
        return "\n".join(lines), [*rows, [button(lang, "cover.back", SHIFT(duty_id))]]

    text, rows = await app.db(look)
    if update.callback_query is not None:
        await edit(update, context, text, rows)
    else:
        await reply(update, text, rows)
    payload = {"duty": duty_id, "reason": reason, "span": [int(m.timestamp()) for m in span] if span else None}
    await typed_text.wait_for_text(update, context, person, _KIND, payload)


async def on_typed(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
    """Takes a part of the shift, a word why, or both."""
    app, duty_id = app_of(context), int(waiting.payload["duty"])

    def look(session: Session) -> tuple[tuple[datetime, datetime] | None, str]:
        shift = shift_of(session, duty_id, app.clock())
        timezone = session.get_one(Roster, shift.roster_id).timezone
        message = update.effective_message
        typed = message.text if message is not None and message.text else ""
        return spans.part_and_reason(typed, shift.start_at, shift.end_at, timezone)

    span, reason = await app.db(look)
    kept = waiting.payload.get("span")
    if span is None and kept:
        span = datetime.fromtimestamp(kept[0], app.clock().tzinfo), datetime.fromtimestamp(kept[1], app.clock().tzinfo)
    await _ask_page(update, context, person, lang, duty_id, span, reason or str(waiting.payload.get("reason", "")))


@for_people()
async def on_ask(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks: the page becomes the message that says how it is doing."""
    app = app_of(context)
    duty_id, first, last, chat_id = _ASK.of(update)
    message_id = message_of(update)

    def work(session: Session) -> None:
        now = app.clock()
        if requests.began_with(session, person.user_id, message_id):
            return
        shift = shift_of(session, duty_id, now)
        span = shift.start_at + timedelta(minutes=first), shift.start_at + timedelta(minutes=last)
        waiting = dialogues.current(session, person.user_id, now)
        ours = waiting is not None and waiting.kind == _KIND and waiting.payload.get("duty") == duty_id
        reason = str(waiting.payload.get("reason", "")) if ours and waiting is not None else ""
        actor, thread_id = actor_of(person), 0
        if chat_id:
            pin = session.exec(select(GroupPin).where(GroupPin.chat_id == chat_id)).first()
            thread_id = pin.thread_id if pin is not None else 0
        request = requests.ask(session, actor, duty_id, now, span, reason, chat_id or None, thread_id)
        role = CoverRole.OWNER if request.owner_id == person.user_id else CoverRole.ADMIN
        requests.start_message(session, request, person.user_id, role, message_id, now)
        dialogues.drop(session, person.user_id)

    await act(update, context, lang, work)


def message_of(update: Update) -> int | None:
    """Returns the number of the message whose button was pressed."""
    query = update.callback_query
    return query.message.message_id if query is not None and query.message is not None else None


async def act(update: Update, context: Context, lang: str, work: Callable[[Session], object], done: str = "") -> bool:
    """Carries a tap out in one transaction; what cannot be done is said in an alert. The tick shows what became of it.

    Returns:
        Whether it was done.
    """
    try:
        await app_of(context).db(lambda session: work(session) and None, write=True)
    except LocalizedError as error:
        await answer(update, error.text(lang))
        return False
    await answer(update, t(lang, done) if done else "")
    return True


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
        await answer(update, error.text(lang))
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
    typed_text.takes_text(_KIND, on_typed)
    for shown, kind in (
        (on_list, LIST),
        (on_shift, SHIFT),
        (on_find, _FIND),
        (on_ask, _ASK),
        (on_yes, YES),
        (on_no, NO),
        (on_back, BACK),
        (on_back_anyway, BACK_ANYWAY),
        (on_back_anyway, REVERT_ANYWAY),
        (on_give, GIVE),
        (on_approve, APPROVE),
        (on_object, OBJECT),
        (on_settle, SETTLE),
    ):
        application.add_handler(handler(shown, kind))
