"""Keyboards: the one place where buttons become Telegram's, and the buttons that many answers have."""

from collections.abc import Iterable
from typing import Any

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    Update,
    WebAppInfo,
)

from duty_teller.handlers.common import App
from duty_teller.i18n import t
from duty_teller.utils.bidi import isolate
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.texts import without_unseen


def markup_of(keyboard: Iterable[Iterable[Button]] | None) -> InlineKeyboardMarkup | None:
    """Returns what Telegram is sent for the buttons under a message; None: there are none.

    What stands on them is cleaned and isolated as in `paging.readable`.
    """
    rows = [
        [
            InlineKeyboardButton(
                isolate(without_unseen(one.text)),
                one.url,
                one.data,
                web_app=WebAppInfo(one.app) if one.app is not None else None,
                copy_text=CopyTextButton(one.copy) if one.copy is not None else None,
            )
            for one in row
        ]
        for row in keyboard or ()
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def keyboard_of(update: Update) -> Keyboard:
    """Returns the buttons under the message whose button was pressed, as far as it can be seen."""
    query = update.callback_query
    shown = getattr(query.message, "reply_markup", None) if query is not None else None
    if not isinstance(shown, InlineKeyboardMarkup):
        return []
    return [
        [
            Button(
                key.text,
                key.callback_data if isinstance(key.callback_data, str) else None,
                key.url,
                key.web_app.url if key.web_app is not None else None,
                key.copy_text.text if key.copy_text is not None else None,
            )
            for key in row
        ]
        for row in shown.inline_keyboard
    ]


def typing_keys(contact: str, *others: str) -> ReplyKeyboardMarkup:
    """Returns the keys below the line where one types: the own contact, and words to be sent."""
    keys = [KeyboardButton(contact, request_contact=True), *(KeyboardButton(word) for word in others)]
    return ReplyKeyboardMarkup([[key] for key in keys], resize_keyboard=True, one_time_keyboard=True)


def pairs(buttons: Iterable[Button]) -> Keyboard:
    """Returns buttons two a row."""
    left = list(buttons)
    return [left[at : at + 2] for at in range(0, len(left), 2)]


def button(lang: str, key: str, data: str, **args: Any) -> Button:
    """Makes a button with a text of the catalogue."""
    return Button(t(lang, key, **args), data)


def deep_link(bot_username: str, payload: str) -> str:
    """Returns the link that opens the private chat and sends `/start payload`."""
    return f"https://t.me/{bot_username}?start={payload}"


def calendar_target(app: App) -> str:
    """Returns what `calendar_button` opens in groups, roster and bot aside; empty: there is no button."""
    settings = app.settings
    return f"{settings.mini_app_base_url}#{settings.mini_app_short_name}" if settings.mini_app_base_url else ""


def calendar_button(app: App, lang: str, bot_username: str, private: bool, roster_id: int | None = None) -> Keyboard:
    """Returns a row with the button that opens the Mini App, or no row when there is no public address.

    `web_app` buttons exist in private chats only; in groups a `t.me` link opens the app.
    """
    base = app.settings.mini_app_base_url
    if not base:
        return []
    text = t(lang, "pin.open")
    if private and base.startswith("https://"):
        return [[Button(text, app=f"{base}/")]]
    path = f"/{app.settings.mini_app_short_name}" if app.settings.mini_app_short_name else ""
    start = f"r{roster_id}" if roster_id is not None else "home"
    return [[Button(text, url=f"https://t.me/{bot_username}{path}?startapp={start}")]]
