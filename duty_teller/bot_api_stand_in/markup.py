"""Reply markup: what Telegram accepts under a message and what it refuses."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from duty_teller.bot_api_stand_in.refusals import Json, bad_request

_MAX_BUTTONS = 300
_MAX_INLINE_BUTTONS = 100
_PRIVATE_ONLY = {
    "request_contact": "phone number can be requested in private chats only",
    "request_location": "location can be requested in private chats only",
    "request_poll": "poll can be requested in private chats only",
    "request_users": "users can be requested in private chats only",
    "request_chat": "chats can be requested in private chats only",
    "web_app": "web App buttons can be used in private chats only",
}


def checked_markup(markup: Any, *, private: bool, inline_only: bool = False) -> Json | None:
    """The reply markup Telegram would store, or None when there is none.

    Args:
        markup: the decoded `reply_markup`.
        private: whether it goes to a private chat (Mini App and contact buttons live only there).
        inline_only: edits take nothing but an inline keyboard.

    Raises:
        Refusal: whatever Telegram would say to it.
    """
    if markup is None or markup == "":
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = [[_inline_button(button, private) for button in row] for row in _rows(markup, "inline_keyboard")]
        rows = [row for row in rows if row]
        if sum(len(row) for row in rows) > _MAX_INLINE_BUTTONS:
            raise bad_request("reply markup is too long")
        return {"inline_keyboard": rows} if rows else None
    if inline_only:
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        keys = [[_key(button, private) for button in row] for row in _rows(markup, "keyboard")]
        if sum(len(row) for row in keys) > _MAX_BUTTONS:
            raise bad_request("reply markup is too long")
        return {**markup, "keyboard": keys} if any(keys) else None
    if markup.get("remove_keyboard"):
        return {"remove_keyboard": True}
    if markup.get("force_reply"):
        return {"force_reply": True}
    if markup:
        raise bad_request("object expected as reply markup")
    return None


def _rows(markup: Json, field: str) -> list[list[Any]]:
    rows = markup[field]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        owner = " of the InlineKeyboardMarkup" if field == "inline_keyboard" else ""
        raise bad_request(f'field "{field}"{owner} must be an Array of Arrays')
    return rows


def _inline_button(button: Any, private: bool) -> Json:
    trouble = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(trouble + "InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(trouble + 'Can\'t find field "text"')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    data = button.get("callback_data")
    if button.get("url"):
        _check_url(button["url"], "inline keyboard button URL")
    elif data:
        if not isinstance(data, str):
            raise bad_request(trouble + 'Field "callback_data" must be of type String')
        if len(data.encode()) > 64:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "web_app" in button:
        if not private:
            raise bad_request("BUTTON_TYPE_INVALID")
        _check_web_app(button["web_app"], "inline keyboard button Web App URL")
    elif "copy_text" in button:
        _check_copy_text(button["copy_text"], trouble)
    elif not any(
        key in button for key in ("switch_inline_query", "switch_inline_query_current_chat", "login_url", "pay")
    ):
        # An empty callback_data lands here too: for Telegram the button then has no action at all.
        raise bad_request(trouble + "Text buttons are unallowed in the inline keyboard")
    return dict(button)


def _check_copy_text(copied: Any, trouble: str) -> None:
    """1–256 characters (core.telegram.org/bots/api#copytextbutton)."""
    if not isinstance(copied, dict) or not isinstance(copied.get("text"), str):
        raise bad_request(trouble + 'Can\'t find field "text"')
    if not 1 <= len(copied["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _key(button: Any, private: bool) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    for field, complaint in _PRIVATE_ONLY.items():
        if button.get(field) and not private:
            raise bad_request(complaint)
    if button.get("web_app"):
        _check_web_app(button["web_app"], "keyboard button Web App URL")
    return dict(button)


def _check_url(url: Any, what: str) -> None:
    parts = urlsplit(str(url))
    if parts.scheme in ("tg", "ton"):
        return
    if parts.scheme not in ("http", "https", ""):
        raise bad_request(f"{what} '{url}' is invalid: Unsupported URL protocol")
    host = parts.hostname or str(url).partition("/")[0]
    if "." not in host and ":" not in host:
        raise bad_request(f"{what} '{url}' is invalid: Wrong HTTP URL")


def _check_web_app(web_app: Any, what: str) -> None:
    """Telegram takes HTTPS only; its test environment also takes HTTP, and so does this one, on loopback."""
    url = str(web_app.get("url", "")) if isinstance(web_app, dict) else ""
    parts = urlsplit(url)
    if not parts.hostname:
        raise bad_request(f"{what} '{url}' is invalid: Wrong HTTP URL")
    if parts.scheme != "https" and not is_loopback(parts.hostname):
        raise bad_request(f"{what} '{url}' is invalid: Only HTTPS links are allowed")


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
