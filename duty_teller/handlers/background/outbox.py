"""The outbox's sender, a chore of the tick: plans what is due, commits the attempt, sends, commits the outcome.

A process that dies between Telegram's answer and the commit sends a second copy: no outbox closes that window, so it
is counted (`uncertain`) and logged at the next start.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlmodel import Session
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from duty_teller.handlers.common import App
from duty_teller.handlers.transport.failures import Failure, Kind, failure_of
from duty_teller.handlers.transport.keyboards import markup_of
from duty_teller.handlers.transport.paging import one_message
from duty_teller.i18n import t
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.groups import groups
from duty_teller.services.notices import delivery, planning
from duty_teller.services.notices.delivery import Outgoing
from duty_teller.services.notices.pending import earliest
from duty_teller.services.texts.notices import render_notice

logger = logging.getLogger(__name__)

_AT_ONCE: Final = 8
_BATCH: Final = 64
_A_DAY: Final = 86400.0


async def deliver(app: App, bot: Bot, now: datetime) -> tuple[bool, datetime | None]:
    """Plans and sends what is due.

    Args:
        app: What the bot works with.
        bot: To send with.
        now: The present instant.

    Returns:
        False (what has to be tried again has its own due time), and the next instant at which something is due.
    """
    await _sweep(app, now)
    plan = partial(planning.plan, settings=app.settings, now=now)

    def look(session: Session) -> tuple[planning.Planned, bool]:
        return plan(session), bool(groups.to_ask_about(session, app.settings))

    planned, asks = await app.db(look)
    if asks:
        await app.db(partial(groups.ask_about_groups, settings=app.settings, now=now), write=True)
    if planned.due:
        await app.db(partial(planning.put_due, settings=app.settings, now=now), write=True)
        planned = await app.db(plan)
    while True:
        found, following = await app.db(partial(delivery.due, now=now, number=_BATCH))
        if not found:
            return False, earliest(planned.boundary, following)
        room = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(_one(app, bot, notice_id, room) for notice_id in found))
        now = max(now, app.clock())


async def _sweep(app: App, now: datetime) -> None:
    """At the start: lets interrupted notices go again; then and once a day: throws old ones away."""
    if app.outbox_swept_at is None and await app.db(delivery.has_interrupted):
        number = await app.db(delivery.release_interrupted, write=True)
        logger.warning("%s notices may have arrived twice", number)
    if app.clock_went_back:
        app.clock_went_back = False
        await app.db(partial(delivery.retry_now, now=now), write=True)
    # A day of the process, not of the wall clock: a step forwards must not throw away what says that a notice was sent.
    if app.outbox_swept_at is None or app.monotonic() >= app.outbox_swept_at + _A_DAY:
        if await app.db(partial(delivery.has_old, now=now)):
            await app.db(partial(delivery.throw_old_away, now=now), write=True)
        app.outbox_swept_at = app.monotonic()


async def _one(app: App, bot: Bot, notice_id: int, room: asyncio.Semaphore) -> None:
    async with room:
        claim = partial(delivery.claim, notice_id=notice_id, settings=app.settings, render=render_notice)
        try:
            outgoing = await app.db(partial(claim, now=app.clock()), write=True)
        except Exception:
            logger.exception("notice %s could not be made, it is tried again", notice_id)
            note = partial(delivery.note_later, notice_id=notice_id, error="could not be made", now=app.clock())
            await app.db(note, write=True)
            return
        if outgoing is not None:
            await _send(app, bot, outgoing)


async def _send(app: App, bot: Bot, outgoing: Outgoing) -> None:
    """Sends a notice whose attempt is committed, and commits what became of it."""
    try:
        await bot.send_message(
            outgoing.chat_id,
            one_message(outgoing.text.html, t(outgoing.language, "view.rest")),
            parse_mode=ParseMode.HTML,
            message_thread_id=outgoing.thread_id or None,
            reply_markup=markup_of([one] for one in outgoing.text.buttons),
            disable_notification=outgoing.silent,
        )
    except TelegramError as error:
        await _note_failure(app, outgoing, failure_of(error, outgoing.chat_id))
    else:
        await app.db(partial(delivery.note_sent, notice_id=outgoing.notice_id, now=app.clock()), write=True)


async def _note_failure(app: App, outgoing: Outgoing, failure: Failure) -> None:
    """Commits that a notice has to wait, or will not arrive: then the person or the group's digest is given up."""
    number, now = outgoing.notice_id, app.clock()
    if failure.is_for_good or failure.kind is Kind.UNCHANGED:  # which is no answer to a message that is sent
        level = logging.INFO if failure.kind in {Kind.CHAT, Kind.PERSON} else logging.ERROR
        logger.log(level, "notice %s was refused: %s", number, failure.text)

        def note(session: Session) -> None:
            lost = outgoing.user_id if failure.kind is Kind.PERSON else None
            delivery.note_refused(session, number, lost, failure.text, now)
            if failure.kind is Kind.CHAT:
                groups.digest_refused(session, app.settings, outgoing.chat_id, failure.reason, now)

        await app.db(note, write=True)
        return
    logger.info("notice %s has to wait: %s", number, failure.text)
    wait = failure.retry_after
    if failure.kind is Kind.MOVED:
        await app.db(partial(pins.move_chat, old_id=outgoing.chat_id, new_id=failure.new_chat_id), write=True)
        wait = timedelta()
    later = partial(delivery.note_later, notice_id=number, error=failure.text, now=now)
    await app.db(partial(later, wait=wait, uncertain=failure.uncertain), write=True)
