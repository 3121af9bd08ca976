"""Find cover: a shift of one's own, whole or a part, a word why."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application

from duty_teller.db.models import CoverRole, Roster
from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.guard import for_people, refusal
from duty_teller.handlers.schedule.pages import Page
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import answer, edit, reply
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import dialogues
from duty_teller.services.cover_service import candidates, groups, requests, spans, swaps
from duty_teller.services.cover_service.model import Actor, OwnShift, minute, shift_of
from duty_teller.services.dialogues import Waiting
from duty_teller.services.people.access import Person
from duty_teller.services.texts.covers import BACK
from duty_teller.services.texts.days import position_of
from duty_teller.services.texts.duty import span_text
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import CHAT, ID, PAGE, declare, number

LIST: Final = declare("cover:list:", PAGE)
SHIFT: Final = declare("cover:shift:", ID)
SWAP_FOR: Final = declare("swap:mine:", ID, PAGE)
HAND_OVER: Final = declare("over:who:", ID, PAGE)
"""Of a shift: those it can be swapped for, and those it can be handed over to."""
_MINUTES: Final = number(0, 100_000)
_FIND: Final = declare("cover:find:", ID)
_GROUPS: Final = declare("cover:groups:", ID, _MINUTES, _MINUTES, PAGE)
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
        found = candidates.candidates(
            session, shift.roster_id, shift.position, start, end, frozenset({shift.user_id, person.user_id})
        )
        asked = candidates.to_ask(found)
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
        rows += _group_rows(session, lang, shift, at, 0)
        return "\n".join(lines), [*rows, [button(lang, "cover.back", SHIFT(duty_id))]]

    text, rows = await app.db(look)
    if update.callback_query is not None:
        await edit(update, context, text, rows)
    else:
        await reply(update, text, rows)
    payload = {"duty": duty_id, "reason": reason, "span": [int(m.timestamp()) for m in span] if span else None}
    await typed_text.wait_for_text(update, context, person, _KIND, payload)


def _group_rows(session: Session, lang: str, shift: OwnShift, at: Sequence[int], page: int) -> Keyboard:
    """Returns a page of the groups that can be asked, with the row that turns it."""
    chats = groups.groups(session, shift.roster_id)
    part = page_of(chats, page, _A_PAGE, partial(_GROUPS, shift.duty_id, at[0], at[1]))
    asked = partial(_ASK, shift.duty_id, at[0], at[1])
    return [
        *([button(lang, "cover.ask_group", asked(chat.chat_id), title=chat.title[:30])] for chat in part.shown),
        *part.turn,
    ]


@for_people()
async def on_groups(update: Update, context: Context, person: Person, lang: str) -> None:
    """Turns the page of the groups that can be asked."""
    duty_id, first, last, page = _GROUPS.of(update)
    app = app_of(context)

    def look(session: Session) -> Page:
        shift = shift_of(session, duty_id, app.clock())
        if shift.user_id != person.user_id and not person.is_admin:
            raise LocalizedError("cover.not_yours")
        rows = _group_rows(session, lang, shift, (first, last), page)
        timezone = session.get_one(Roster, shift.roster_id).timezone
        start, end = (shift.start_at + timedelta(minutes=minutes) for minutes in (first, last))
        span = span_text(lang, start, end, timezone) + position_of(shift.position)
        head = f"<b>{t(lang, 'cover.find_head')}</b>\n{span}"
        return head, [*rows, [button(lang, "cover.back", _FIND(duty_id))]]

    text, rows = await app.db(look)
    await answer(update)
    await edit(update, context, text, rows)


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
        request = requests.ask(session, actor_of(person), duty_id, now, span, reason, chat_id or None)
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
        await answer(update, await refusal(update, context, error, lang))
        return False
    await answer(update, t(lang, done) if done else "")
    return True


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    typed_text.takes_text(_KIND, on_typed)
    for shown, kind in ((on_list, LIST), (on_shift, SHIFT), (on_find, _FIND), (on_groups, _GROUPS), (on_ask, _ASK)):
        application.add_handler(handler(shown, kind))
