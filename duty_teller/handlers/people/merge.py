"""A file's name and a person are one: choosing, a preview, a button to confirm, a button to take it back."""

from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application

from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.people.cards import CARD, FIRST, OTHERS
from duty_teller.handlers.people.roles import alerting
from duty_teller.handlers.transport.answers import answer, edit
from duty_teller.handlers.transport.callbacks import UNDO, handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import t
from duty_teller.services.people import merge, roles
from duty_teller.services.people.access import Level, Person
from duty_teller.services.people.merge import MergeError, MergePlan
from duty_teller.services.schedule_service import Author
from duty_teller.services.texts.duty import span_text
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import ID, declare, typed

_A_PAGE: Final = 10
_OVERLAPS_SHOWN: Final = 5
_PAIR: Final = declare("mgp:", ID, ID)
_YES: Final = declare("mgy:", ID, ID, typed("[0-9a-f]{12}", "0123456789ab"))


@for_people(Level.ADMIN)
@alerting
async def on_list(update: Update, context: Context, person: Person, lang: str) -> None:
    """Lists who may be the same person, the likeliest first."""
    user_id, wanted = OTHERS.of(update)

    def look(session: Session) -> tuple[str, list[tuple[int, str]]]:
        return roles.get_person(session, user_id).full_name, merge.candidates(session, user_id)

    name, people = await app_of(context).db(look)
    part = page_of(people, wanted, _A_PAGE, partial(OTHERS, user_id))
    rows = [[Button(other[:60], _PAIR(user_id, other_id))] for other_id, other in part.shown] + part.turn
    key = "people.merge_whom" if people else "people.merge_nobody"
    await answer(update)
    await edit(update, context, t(lang, key, name=escape(name)), [*rows, _back(lang, user_id)])


@for_people(Level.ADMIN)
@alerting
async def on_preview(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows what a merge would do."""
    user_id, other_id = _PAIR.of(update)
    now = app_of(context).clock()

    def look(session: Session) -> MergePlan:
        source_id, target_id = merge.direction(session, user_id, other_id)
        return merge.plan_merge(session, source_id, target_id, now)

    plan = await app_of(context).db(look)
    await answer(update)
    await _show(update, context, lang, plan, user_id)


async def _show(update: Update, context: Context, lang: str, plan: MergePlan, back_to: int) -> None:
    yes = button(lang, "people.merge_yes", _YES(plan.source_id, plan.target_id, plan.fingerprint))
    await edit(update, context, preview_text(lang, plan), [[yes], _back(lang, back_to)])


def preview_text(lang: str, plan: MergePlan) -> str:
    """Says what a merge would do, as Telegram HTML."""
    source, target = escape(plan.source_name), escape(plan.target_name)
    lines = [t(lang, "people.merge_head", source=source, target=target), ""]
    lines.append(
        t(lang, "people.merge_moved_n", n=plan.moved, target=target)
        if plan.moved
        else t(lang, "people.merge_no_shifts")
    )
    if len(plan.parts) > 1:
        lines += [f"• {escape(part.name)}: {part.moved}" for part in plan.parts]
    if plan.twice:
        lines.append(t(lang, "people.merge_twice", n=plan.twice))
    overlaps = [(part, overlap) for part in plan.parts for overlap in part.overlaps]
    if overlaps:
        lines += ["", t(lang, "people.merge_overlaps", n=len(overlaps), target=target)]
        for part, overlap in overlaps[:_OVERLAPS_SHOWN]:
            start = max(overlap.first.start_at, overlap.second.start_at)
            end = min(overlap.first.end_at, overlap.second.end_at)
            lines.append(f"• {span_text(lang, start, end, part.timezone)}")
        if len(overlaps) > _OVERLAPS_SHOWN:
            lines.append(t(lang, "import.chat.more", n=len(overlaps) - _OVERLAPS_SHOWN))
    if plan.ties_account:
        lines += ["", t(lang, "people.merge_ties", target=target)]
    return "\n".join([*lines, "", t(lang, "people.merge_foot", source=source, target=target)])


@for_people(Level.ADMIN)
@alerting
async def on_yes(update: Update, context: Context, person: Person, lang: str) -> None:
    """Merges as it was shown; what has changed since is shown anew."""
    source_id, target_id, fingerprint = _YES.of(update)
    app, now = app_of(context), app_of(context).clock()
    author = Author(person.user_id, person.full_name)

    def work(session: Session) -> tuple[int, str]:
        change = merge.merge(session, source_id, target_id, author, fingerprint, now)
        return change.id or 0, change.reason

    try:
        change_id, reason = await app.db(work, write=True)
    except MergeError as error:
        if error.key != "people.merge_moved":
            raise
        plan = await app.db(partial(merge.plan_merge, source_id=source_id, target_id=target_id, now=now))
        await answer(update, error.text(lang))
        await _show(update, context, lang, plan, source_id)
        return
    await answer(update)
    rows = [
        [button(lang, "people.merge_undo", UNDO(change_id))],
        [button(lang, "people.to_card", CARD(target_id, FIRST.which, FIRST.page))],
    ]
    await edit(update, context, t(lang, "people.merged", names=escape(reason)), rows)


def _back(lang: str, user_id: int) -> list[Button]:
    return [button(lang, "people.no", CARD(user_id, FIRST.which, FIRST.page))]


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(handler(on_list, OTHERS))
    application.add_handler(handler(on_preview, _PAIR))
    application.add_handler(handler(on_yes, _YES))
