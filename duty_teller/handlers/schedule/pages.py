"""What /duty, /week and /my share: a page, and turning it in place."""

from collections.abc import Sequence
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from duty_teller.handlers.common import App, Context, answer, app_of, calendar_button, is_private
from duty_teller.handlers.transport.editing import edit
from duty_teller.i18n import LocalizedError
from duty_teller.services.people.access import Person

Rows = list[list[InlineKeyboardButton]]

Page = tuple[str, Rows]


def data_of(update: Update) -> str:
    """Returns the data of the button that was pressed."""
    query = update.callback_query
    return (query.data or "") if query is not None else ""


def tag_of(update: Update, lang: str) -> str | None:
    """Returns what a group's buttons carry so that whoever turns the page leaves its language as it is."""
    return None if is_private(update) else lang


def app_rows(update: Update, context: Context, person: Person | None, lang: str) -> list[list[Any]]:
    """Returns the row that opens the calendar: anew under a command, as it was under a page that is turned."""
    query = update.callback_query
    if query is None or is_private(update):
        private = is_private(update)
        wanted = private or person is not None
        return calendar_button(app_of(context), lang, context.bot.username, private) if wanted else []
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    return [list(row) for row in _rows_of(markup) if all(key.callback_data is None for key in row)]


def _rows_of(markup: InlineKeyboardMarkup | None) -> Sequence[Sequence[InlineKeyboardButton]]:
    return markup.inline_keyboard if markup is not None else ()


async def turn_to(update: Update, context: Context, app: App, look: Any, lang: str) -> None:
    """Shows another page in place; what cannot be shown is said in an alert and changes nothing."""
    try:
        text, rows = await app.db(look)
    except LocalizedError as error:
        await answer(update, error.text(lang))
        return
    await answer(update)
    await edit(update, context, text, rows + app_rows(update, context, None, lang))
