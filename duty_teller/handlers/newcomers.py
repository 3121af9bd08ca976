"""Somebody with a @username of the roster writes for the first time: an admin's word ties account and person."""

import logging
from datetime import timedelta
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import TelegramError

from duty_teller.handlers.common import Context, app_of, button
from duty_teller.i18n import get_lang, t
from duty_teller.services import people_service
from duty_teller.utils.user import Visitor

logger = logging.getLogger(__name__)

_ASK_AGAIN_AFTER: Final = timedelta(hours=12)


async def ask_admins(context: Context, visitor: Visitor) -> None:
    """Asks the admins to confirm a stranger who bears a roster person's @username; the stranger is told nothing of it.

    Args:
        context: Of the update.
        visitor: The stranger.
    """
    app = app_of(context)
    now = app.clock()
    last = app.asked.get(visitor.telegram_user_id)
    if last is not None and now - last < _ASK_AGAIN_AFTER:
        return

    def look(session: Session) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
        people = [(user.id or 0, user.full_name) for user in people_service.people_named(session, visitor.username)]
        admins = people_service.reachable_admins(session, app.settings.admin_ids)
        default = app.settings.default_language
        return people, [(admin.telegram_user_id or 0, get_lang(admin, default)) for admin in admins]

    people, admins = await app.db(look)
    if len(people) != 1 or not admins:
        return
    app.asked[visitor.telegram_user_id] = now
    user_id, name = people[0]
    spoken = get_lang(visitor, app.settings.default_language)
    for chat_id, lang in admins:
        text = t(
            lang,
            "bot.confirm_ask",
            username=escape(visitor.username or ""),
            account=escape(visitor.full_name),
            name=escape(name),
        )
        data = f"{user_id}:{visitor.telegram_user_id}:{spoken}"
        buttons = [
            [button(lang, "bot.confirm_yes", f"link:y:{data}"), button(lang, "bot.confirm_no", f"link:n:{data}")]
        ]
        try:
            await context.bot.send_message(
                chat_id, text, parse_mode=ParseMode.HTML, reply_markup=InlineKeyboardMarkup(buttons)
            )
        except TelegramError as error:
            logger.warning("an admin could not be asked: %s", error)
