"""The last words of a process whose database file has gone: the admins hear of it before it ends."""

import asyncio
import logging

from telegram import Bot
from telegram.error import TelegramError

from duty_teller.db.session import session_scope
from duty_teller.handlers.common import App
from duty_teller.i18n import get_lang, t
from duty_teller.services.people import access

logger = logging.getLogger(__name__)


async def tell_admins(app: App, bot: Bot) -> None:
    """Tells every admin: those of ADMIN_IDS, and those whom the lost file, which is still open, can name.

    The process waits for it a while (services/supervision.py).
    """
    app.health.telling_admins = True
    try:
        await _tell(app, bot)
    finally:
        app.health.telling_admins = False


async def _tell(app: App, bot: Bot) -> None:
    admins = dict.fromkeys(app.settings.admin_ids, app.settings.default_language)
    try:
        admins |= await asyncio.to_thread(_reachable, app)
    except Exception as error:
        logger.info("the admins could not be read from the lost file: %s", type(error).__name__)
    for telegram_user_id, lang in admins.items():
        try:
            await bot.send_message(telegram_user_id, t(lang, "error.database_gone"))
        except TelegramError as error:
            logger.info("an admin could not be told that the database has gone: %s", error)


def _reachable(app: App) -> dict[int, str]:
    with session_scope(app.settings.database_url, lost=True) as session:
        found = access.reachable_admins(session, app.settings)
        default = app.settings.default_language
        return {user.telegram_user_id: get_lang(user, default) for user in found if user.telegram_user_id is not None}
