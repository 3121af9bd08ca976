"""The outbox's sender, a chore of the tick: plans what is due, commits the attempt, sends, commits the outcome.

A process that dies between Telegram's answer and the commit sends a second copy: no outbox closes that window, so it
is counted (`uncertain`) and logged at the next start.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import httpx
from sqlmodel import Session
from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from duty_teller.handlers.common import App, button, fit
from duty_teller.handlers.group_duty_pin.commands import is_for_good, reason_of
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.groups import groups
from duty_teller.services.notices import delivery, planning
from duty_teller.services.notices.delivery import Outgoing
from duty_teller.services.notices.pending import earliest
from duty_teller.services.texts.notices import render_notice

logger = logging.getLogger(__name__)

_AT_ONCE: Final = 8
_BATCH: Final = 64
_A_DAY: Final = timedelta(days=1)
_UNREACHABLE: Final = ("chat not found", "user is deactivated", "peer_id_invalid")
_NEVER_LEFT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


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
    planned: planning.Planned = await app.db(partial(plan, memory=app.notices_seen))
    if planned.due:
        await app.db(partial(planning.put_due, settings=app.settings, now=now, parts=planned.due), write=True)
        planned = await app.db(partial(plan, memory=planned.memory))
    app.notices_seen = planned.memory
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
    if app.outbox_swept_at is None or now >= app.outbox_swept_at + _A_DAY:
        if await app.db(partial(delivery.has_old, now=now)):
            await app.db(partial(delivery.throw_old_away, now=now), write=True)
        app.outbox_swept_at = now


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
    number = outgoing.notice_id

    async def later(error: TelegramError, wait: timedelta | None = None, uncertain: bool = False) -> None:
        logger.info("notice %s has to wait: %s", number, error)
        note = partial(delivery.note_later, notice_id=number, error=str(error), now=app.clock())
        await app.db(partial(note, wait=wait, uncertain=uncertain), write=True)

    async def refused(error: TelegramError, user_id: int | None) -> None:
        for_good = outgoing.user_id is None and (isinstance(error, Forbidden) or is_for_good(error))

        def note(session: Session) -> None:
            delivery.note_refused(session, number, user_id, str(error), app.clock())
            if for_good:
                groups.digest_refused(session, app.settings, outgoing.chat_id, reason_of(error), app.clock())

        await app.db(note, write=True)

    rows = [[button(outgoing.language, label, data)] for label, data in outgoing.text.buttons]
    try:
        await bot.send_message(
            outgoing.chat_id,
            fit(outgoing.text.html),
            parse_mode=ParseMode.HTML,
            message_thread_id=outgoing.thread_id or None,
            reply_markup=InlineKeyboardMarkup(rows) if rows else None,
            disable_notification=outgoing.silent,
        )
    except ChatMigrated as error:
        await app.db(partial(pins.move_chat, old_id=outgoing.chat_id, new_id=error.new_chat_id), write=True)
        await later(error, timedelta())
    except RetryAfter as error:
        wait = error.retry_after
        await later(error, wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
    except Forbidden as error:
        logger.info("notice %s was refused: %s", number, error)
        await refused(error, outgoing.user_id)
    except BadRequest as error:
        gone = any(words in str(error).lower() for words in _UNREACHABLE)
        known = gone or (outgoing.user_id is None and is_for_good(error))
        logger.log(logging.INFO if known else logging.ERROR, "notice %s was refused: %s", number, error)
        await refused(error, outgoing.user_id if gone else None)
    except NetworkError as error:
        await later(error, uncertain=not isinstance(error.__cause__, _NEVER_LEFT))
    except TelegramError as error:
        await later(error)
    else:
        await app.db(partial(delivery.note_sent, notice_id=number, now=app.clock()), write=True)
