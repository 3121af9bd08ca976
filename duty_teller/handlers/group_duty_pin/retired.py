"""Pins of a roster out of use: unpinned, and the message says so; a chore of the tick, so a crash loses none."""

import logging
from datetime import datetime
from functools import partial
from html import escape

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from duty_teller.handlers.common import App
from duty_teller.handlers.transport.failures import Kind, failure_of
from duty_teller.i18n import t
from duty_teller.services.rosters import rosters
from duty_teller.services.rosters.rosters import RetiredPin

logger = logging.getLogger(__name__)


async def take_down(app: App, bot: Bot, now: datetime) -> tuple[bool, datetime | None]:
    """Takes down what is left of retired rosters in groups.

    Returns:
        Whether something has to be tried again, and no boundary: only a change brings more.
    """
    found = await app.db(rosters.retired_pins)
    again = False
    for pin in found:
        if pin.reachable and not await _take_down(app, bot, pin):
            again = True
            continue
        await app.db(partial(rosters.forget_pin, pin_id=pin.pin_id), write=True)
    return again, None


async def _take_down(app: App, bot: Bot, pin: RetiredPin) -> bool:
    """Unpins the message and overwrites it; returns whether that is done, or refused for good."""
    lang = pin.language or app.settings.default_language
    text = t(lang, "rosters.pin_retired", name=escape(pin.roster_name))
    try:
        try:
            await bot.unpin_chat_message(pin.chat_id, message_id=pin.message_id)
        except TelegramError as error:
            if not failure_of(error, pin.chat_id).is_for_good:
                raise  # else no right to, or not pinned: the text still says it
            logger.info("the pin in %s stays: %s", pin.chat_id, error)
        await bot.edit_message_text(text, pin.chat_id, pin.message_id, parse_mode=ParseMode.HTML)
    except TelegramError as error:
        if failure_of(error, pin.chat_id).kind in {Kind.LATER, Kind.TOKEN}:
            logger.info("taking the pin in %s down has to wait: %s", pin.chat_id, error)
            return False
        logger.info("the message in %s stays as it is: %s", pin.chat_id, error)
    return True
