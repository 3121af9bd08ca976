"""The page before the real server: a house of its own behind it, opened as somebody of it."""

import json
from urllib.parse import quote, urlencode

from duty_teller.utils.user import Visitor
from tests.api.conftest import Web


def link(web: Web, who: Visitor, start: str, theme: dict[str, str] | None = None) -> str:
    """Returns the page's address as Telegram opens it for somebody."""
    launch = {"tgWebAppData": web.house.init_data(who), "tgWebAppVersion": "8.0", "tgWebAppPlatform": "android"}
    launch["tgWebAppStartParam"] = start
    if theme:
        launch["tgWebAppThemeParams"] = json.dumps(theme)
    return f"{web.url}/#{urlencode(launch, quote_via=quote)}"
