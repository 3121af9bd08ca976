"""Member tags of whoever is on duty: given and taken back at the hand-over, by a chore of the tick."""

import logging
from datetime import datetime
from functools import partial
from typing import Final

from telegram import Bot, ChatMember, ChatMemberMember, ChatMemberRestricted
from telegram.error import TelegramError

from duty_teller.handlers.common import App
from duty_teller.handlers.group_duty_pin.message import chat_lock
from duty_teller.handlers.transport.failures import Kind, failure_of
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.groups import tags
from duty_teller.services.groups.tags import TagJob

logger = logging.getLogger(__name__)

_LATER: Final = {Kind.LATER, Kind.TOKEN, Kind.MOVED}


async def keep_tags(app: App, bot: Bot, now: datetime) -> tuple[bool, datetime | None]:
    """Gives the tags that are due and takes back those that are over; a refusal ends that one and no other.

    Returns:
        Whether something has to be tried again, and the next hand-over.
    """
    jobs, boundary = await app.db(partial(tags.due, now=now, default_language=app.settings.default_language))
    again = False
    for job in jobs:
        async with chat_lock(app, job.chat_id):
            again = await _do(app, bot, job) or again
    return again, boundary


async def _do(app: App, bot: Bot, job: TagJob) -> bool:
    """Does one; tells whether it has to be tried again."""
    try:
        await (_take_back(app, bot, job) if job.give is None else _give(app, bot, job))
    except TelegramError as error:
        failure = failure_of(error, job.chat_id)
        logger.info("the tag of %s in %s: %s", job.telegram_user_id, job.chat_id, error)
        if failure.kind is Kind.MOVED:
            move = partial(pins.move_chat, old_id=job.chat_id, new_id=failure.new_chat_id)
            await app.db(move, write=True)
        if failure.kind in _LATER:
            return True
        await app.db(partial(tags.forget if job.give is None else tags.note_refused, job=job), write=True)
    return False


async def _give(app: App, bot: Bot, job: TagJob) -> None:
    if job.before is None:
        worn = _worn(await bot.get_chat_member(job.chat_id, job.telegram_user_id))
        if worn is None:  # an admin, who has a title instead, or somebody who is not in the group
            await app.db(partial(tags.note_refused, job=job), write=True)
            return
        before = "" if tags.is_ours(worn) else worn
        await app.db(partial(tags.note_before, job=job, before=before), write=True)
    await bot.set_chat_member_tag(job.chat_id, job.telegram_user_id, job.give)
    await app.db(partial(tags.note_worn, job=job), write=True)


async def _take_back(app: App, bot: Bot, job: TagJob) -> None:
    """Gives back what was worn before, unless somebody has given the member another tag meanwhile."""
    if job.ours:
        worn = _worn(await bot.get_chat_member(job.chat_id, job.telegram_user_id))
        if worn is not None and (worn == job.ours or tags.is_ours(worn)):
            await bot.set_chat_member_tag(job.chat_id, job.telegram_user_id, job.before or "")
    await app.db(partial(tags.forget, job=job), write=True)


def _worn(member: ChatMember) -> str | None:
    """Returns the tag of an ordinary member, empty without one; None: who cannot have a tag."""
    if isinstance(member, ChatMemberMember) or (isinstance(member, ChatMemberRestricted) and member.is_member):
        return member.tag or ""
    return None
