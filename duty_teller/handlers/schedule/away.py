"""`/away`: a person, or an admin for them, says on which days they are away; the duties that fall into it are named."""

from datetime import datetime, timedelta
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CommandHandler

from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import (
    ChangeKind,
    EventType,
    Roster,
    ScheduleChange,
)
from duty_teller.domain.shift import ABSENCES
from duty_teller.handlers.common import Context, app_of, is_private
from duty_teller.handlers.guard import for_people, refusal
from duty_teller.handlers.schedule.away_pages import (
    AFFECTED,
    COME_BACK,
    DAYS,
    ENTER,
    FIND,
    LISTED,
    LISTING,
    TAKE_BACK,
    WHICH,
    Range,
    affected_lines,
    affected_rows,
    kind_page,
    range_text,
    start_page,
    which_page,
)
from duty_teller.handlers.schedule.pages import Page
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import LANGUAGES, LocalizedError, t
from duty_teller.services import away as absence
from duty_teller.services import schedule_service
from duty_teller.services.cover_service import requests
from duty_teller.services.dialogues import Waiting
from duty_teller.services.people.access import Person
from duty_teller.services.schedule_service import Author, absences
from duty_teller.services.texts import days, people, plain_words, typed_range
from duty_teller.utils.dates import local_day

KIND: Final = "away"
"""Of the dialogue."""


def enter(
    session: Session,
    settings: Settings,
    lang: str,
    person: Person,
    user_id: int,
    kind: EventType,
    asked: Range,
    now: datetime,
) -> Page:
    """Writes an absence into every roster of the person, in the caller's transaction, and tells what falls into it.

    Raises:
        LocalizedError: It cannot be meant, or is entered already.
    """
    done = absence.enter(session, settings, lang, person, user_id, kind, asked.first, asked.last, now)
    return _entered_page(session, lang, person, done.change.id or 0, now, nobody=done.nobody_to_ask)


def _entered_page(
    session: Session, lang: str, person: Person, change_id: int, now: datetime, page: int = 0, nobody: bool = False
) -> Page:
    """Shows an absence that was entered, with a page of the duties that fall into it; `nobody` is there to be asked.

    Raises:
        LocalizedError: It is not there any more, or is nobody's business of this person.
    """
    change = session.get(ScheduleChange, change_id)
    added = [item.after for item in schedule_service.items_of(session, change_id) if item.before is None]
    if change is None or change.kind != ChangeKind.AWAY or not added or (entered := added[-1]) is None:
        raise LocalizedError("change.gone")
    absence.check_may(person, entered.user_id)
    user_id, kind, rosters = entered.user_id, entered.event_type, absence.rosters_of(session, entered.user_id)
    timezone = session.get_one(Roster, change.roster_id).timezone
    first, last = local_day(entered.start_at, timezone), local_day(entered.end_at - timedelta(seconds=1), timezone)
    found = absences.affected(session, rosters, user_id, kind, first, last, now)
    what = range_text(lang, first, last, days.todays(rosters, now))
    name = escape(absence.name_of(session, user_id))
    lines = [t(lang, "away.entered", name=name, kind=t(lang, f"shift.event.{kind}"), days=escape(what))]
    part = page_of(found, page, LISTED, partial(AFFECTED, change_id))
    asks = requests.open_asks(session, [user_id])
    asked_for = [one for one in found if any(r.start_at < one.end_at and r.end_at > one.start_at for r in asks)]
    if found:
        lines += ["", t(lang, "away.affected"), *affected_lines(session, lang, part.shown)]
        if nobody:
            lines += ["", t(lang, "away.nobody_to_ask")]
    undo = button(lang, "history.undo", TAKE_BACK(change_id))
    return "\n".join(lines), [*affected_rows(session, lang, part.shown, asked_for, person), *part.turn, [undo]]


@for_people()
async def away(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes days, a name and a kind in one line, or asks for them."""
    if not is_private(update):
        await send_to_private(update, context, lang, "away")
        return
    app, line = app_of(context), " ".join(context.args or [])
    if not line:
        page = await app.db(lambda session: start_page(session, lang, person.user_id, app.clock()))
        sent = await reply(update, *page)
        number = sent.message_id if sent is not None else None
        await typed_text.wait_for_text(update, context, person, KIND, {"user": person.user_id}, number)
        return
    await _take(update, context, person, lang, line, person.user_id)


async def _take(update: Update, context: Context, person: Person, lang: str, line: str, user_id: int) -> None:
    app = app_of(context)
    now = app.clock()

    def look(session: Session) -> tuple[Page | None, tuple[EventType, int, Range] | None]:
        today = days.todays(repository.rosters(session), now)
        found = typed_range.parse_range(line, today)
        if found is None and _kind_in(line)[0] == EventType.SICK:
            found = typed_range.TypedRange(today, today, None, line)  # whoever is ill is so now
        if found is None:
            raise LocalizedError("away.usage", text=line[:32])
        asked = Range(found.first, found.last, found.back_on)
        kind, name = _kind_in(found.rest)
        who = people.find_people(session, name) if name else [(user_id, "")]
        if not who:
            raise LocalizedError("view.nobody_found", text=name[:32])
        if len(who) > 1:
            return which_page(session, lang, name, asked.first, asked.last, 0), None
        absence.check_may(person, who[0][0])
        if kind is None or asked.back_on is not None:
            return kind_page(session, lang, who[0][0], asked, now), None
        return None, (kind, who[0][0], asked)

    page, said = await app.db(look)
    if said is not None:
        said_kind, number, asked = said
        work = partial(
            enter,
            settings=app.settings,
            lang=lang,
            person=person,
            user_id=number,
            kind=said_kind,
            asked=asked,
            now=now,
        )
        page = await app.db(work, write=True)
    assert page is not None  # noqa: S101  # one of the two
    await reply(update, *page)


def _kind_in(rest: str) -> tuple[EventType | None, str]:
    """Takes the word for a kind of absence out of what was typed beside the days; what is left is a name."""
    known = {word: EventType.SICK for spoken in LANGUAGES.values() for word in spoken.typed.ill}
    for lang in LANGUAGES:
        for one in ABSENCES:
            known |= {t(lang, f"shift.{form}.{one}").casefold(): one for form in ("word", "event", "away")}
    if (kind := known.get(rest.casefold())) is not None:
        return kind, ""
    words_ = [word for word in rest.split() if plain_words.says_something(word)]
    for word in words_:
        if (kind := known.get(word.casefold().strip(",.!"))) is not None:
            return kind, " ".join(other for other in words_ if other is not word)
    return None, " ".join(words_)


async def _on_typed(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
    """Takes the days that were typed.

    Raises:
        LocalizedError: They are none; the question stays open.
    """
    message = update.effective_message
    await _take(update, context, person, lang, (message.text if message else None) or "", int(waiting.payload["user"]))
    await typed_text.end(app_of(context), person.user_id)


@for_people()
async def on_away(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes a tap: the kind of an absence, another last day, the end of one, or its undo."""
    if not is_private(update):
        await answer(update)
        await send_to_private(update, context, lang, "away")
        return
    app, now = app_of(context), app_of(context).clock()
    data = update.callback_query.data if update.callback_query is not None else None
    entered, ranged, back, undone = ENTER.read(data), DAYS.read(data), COME_BACK.read(data), TAKE_BACK.read(data)
    find, listed, affected, which = FIND.read(data), LISTING.read(data), AFFECTED.read(data), WHICH.read(data)
    reads = any(part is not None for part in (ranged, listed, affected, which))

    def work(session: Session) -> Page | None:
        if entered is not None:
            kind, user_id, first, last = entered
            absence.check_reach(session, first, last, now)
            return enter(session, app.settings, lang, person, user_id, EventType(kind), Range(first, last), now)
        if ranged is not None:
            user_id, first, last = ranged
            absence.check_reach(session, first, last, now)
            absence.check_may(person, user_id)
            return kind_page(session, lang, user_id, Range(first, last), now)
        if which is not None:
            first, last, page, name = which
            absence.check_reach(session, first, last, now)
            return which_page(session, lang, name, first, last, page)
        if affected is not None:
            return _entered_page(session, lang, person, affected[0], now, affected[1])
        if listed is not None:
            absence.check_may(person, listed[0])
            return start_page(session, lang, listed[0], now, listed[1])
        if find is not None:
            absence.ask(session, person, find[0].shift_id, (find[0].start, find[0].end), now)
            return None
        if back is not None:
            return _come_back(session, lang, person, back[0], now)
        (change_id,) = undone or TAKE_BACK.of(update)
        return _take_back(session, lang, person, change_id, now)

    try:
        page = await app.db(work, write=not reads)
    except LocalizedError as error:
        await answer(update, await refusal(update, context, error, lang))
        return
    await answer(update)
    if page is None:  # the request's own message follows, and the other duties' buttons stay
        return
    if listed is None and affected is None and which is None:  # else the question stays open
        await typed_text.end(app, person.user_id)
    await edit(update, context, *page)


def _come_back(session: Session, lang: str, person: Person, shift_id: int, now: datetime) -> Page:
    """Ends an absence today: in every roster that has the same."""
    made = absence.come_back(session, lang, person, shift_id, now)
    text = f"{t(lang, 'change.done')}\n{escape(made.reason)}"
    return text, [[button(lang, "history.undo", TAKE_BACK(made.id or 0))]]


def _take_back(session: Session, lang: str, person: Person, change_id: int, now: datetime) -> Page:
    """Takes back an absence: one's own, or an admin anybody's."""
    change = session.get(ScheduleChange, change_id)
    if change is None or change.kind != ChangeKind.AWAY:
        raise LocalizedError("error.undo_unknown")
    if change.author_id != person.user_id and not person.is_admin:
        raise LocalizedError("bot.admins_only")
    made = schedule_service.undo(session, change_id, Author(person.user_id, person.full_name), now)
    return t(lang, "history.undone", name=escape(made.reason)), []


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    typed_text.takes_text(KIND, _on_typed)
    application.add_handler(CommandHandler("away", away))
    application.add_handler(handler(on_away, ENTER, LISTING, DAYS, COME_BACK, FIND, TAKE_BACK, AFFECTED, WHICH))
