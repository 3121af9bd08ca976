"""Launching the Mini App as Telegram does: signed launch data in the fragment of its address."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

Theme = Literal["light", "dark"]

THEMES: dict[Theme, dict[str, str]] = {
    "light": {
        "bg_color": "#ffffff",
        "text_color": "#000000",
        "hint_color": "#707579",
        "link_color": "#3390ec",
        "button_color": "#3390ec",
        "button_text_color": "#ffffff",
        "secondary_bg_color": "#f4f4f5",
        "header_bg_color": "#ffffff",
        "bottom_bar_bg_color": "#ffffff",
        "accent_text_color": "#3390ec",
        "section_bg_color": "#ffffff",
        "section_header_text_color": "#707579",
        "section_separator_color": "#dfe1e5",
        "subtitle_text_color": "#707579",
        "destructive_text_color": "#e53935",
    },
    "dark": {
        "bg_color": "#212121",
        "text_color": "#ffffff",
        "hint_color": "#aaaaaa",
        "link_color": "#8774e1",
        "button_color": "#8774e1",
        "button_text_color": "#ffffff",
        "secondary_bg_color": "#181818",
        "header_bg_color": "#212121",
        "bottom_bar_bg_color": "#212121",
        "accent_text_color": "#8774e1",
        "section_bg_color": "#212121",
        "section_header_text_color": "#aaaaaa",
        "section_separator_color": "#2f2f2f",
        "subtitle_text_color": "#aaaaaa",
        "destructive_text_color": "#ff595a",
    },
}


def sign_init_data(
    token: str,
    user: Mapping[str, Any],
    auth_date: datetime | int,
    start_param: str | None = None,
    *,
    query_id: str | None = "AAF9gkQeAAAAAH2CRB7oXq1B",
    chat_type: str | None = None,
    chat_instance: str | None = None,
) -> str:
    """The `initData` string Telegram would give to a Mini App.

    Args:
        token: the bot's token, which is what the signature is made with.
        user: the `WebAppUser` (id, first_name, username …).
        auth_date: when it was opened; an aware datetime or Unix seconds.
        start_param: of a `startapp` link.
        query_id: present when opened by a button in a private chat; None for direct links.
        chat_type: of direct links: the kind of chat the link was opened from.
        chat_instance: of direct links: Telegram's opaque number of that chat.

    Returns:
        URL-encoded fields with `hash` by the bot's token. `signature` has the right shape, but only Telegram holds
        the key that third parties could check it with.
    """
    seconds = auth_date if isinstance(auth_date, int) else int(auth_date.timestamp())
    fields = {
        "query_id": query_id,
        "user": json.dumps(dict(user), ensure_ascii=False, separators=(",", ":")),
        "chat_instance": chat_instance,
        "chat_type": chat_type,
        "start_param": start_param,
        "auth_date": str(seconds),
    }
    present = {key: value for key, value in fields.items() if value is not None}
    seed = "\n".join(f"{key}={value}" for key, value in sorted(present.items()))
    digest = hashlib.sha512(f"third parties\n{seed}".encode()).digest()
    present["signature"] = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    check = "\n".join(f"{key}={value}" for key, value in sorted(present.items()))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    present["hash"] = hmac.new(secret, check.encode(), hashlib.sha256).hexdigest()
    return urlencode(present, quote_via=quote)


def launch_url(base: str, init_data: str, theme: Theme | None = "light") -> str:
    """The address Telegram would open: `base` with launch data in its fragment.

    Without a theme the page takes the system's. A `start_param` is also given in the query as `tgWebAppStartParam`, as
    Telegram does.
    """
    parts = urlsplit(base)
    query = parts.query
    start = dict(parse_qsl(init_data)).get("start_param")
    if start:
        query = "&".join(filter(None, [query, f"tgWebAppStartParam={quote(start)}"]))
    fields = {"tgWebAppData": init_data, "tgWebAppVersion": "8.0", "tgWebAppPlatform": "web"}
    if theme is not None:
        fields["tgWebAppThemeParams"] = json.dumps(THEMES[theme], separators=(",", ":"))
    fragment = urlencode(fields, quote_via=quote)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, fragment))
