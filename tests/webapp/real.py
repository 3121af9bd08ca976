"""The page before the real server: a house of its own behind it, opened as somebody of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from duty_teller.utils.user import Visitor
from tests.api.conftest import Web, serve
from tests.house import House, absence, duty


@contextmanager
def three_days(house: House, colleague: str) -> Iterator[Web]:
    """Serves: Dan is on duty today, a colleague on Tuesday, Dan on Wednesday; Boris is an admin, away on Wednesday."""
    other = house.person(colleague)
    boris = house.person("Boris Boss", telegram_user_id=1010, linked_at=house.clock.now, role="admin")
    house.put(
        duty(house.dan, "2026-11-23"),
        duty(other, "2026-11-24"),
        duty(house.dan, "2026-11-25"),
        absence(boris, "2026-11-25"),
    )
    with serve(house) as running:
        yield running


def link(web: Web, who: Visitor, start: str, theme: dict[str, str] | None = None) -> str:
    """Returns the page's address as Telegram opens it for somebody."""
    launch = {"tgWebAppData": web.house.init_data(who), "tgWebAppVersion": "8.0", "tgWebAppPlatform": "android"}
    launch["tgWebAppStartParam"] = start
    if theme:
        launch["tgWebAppThemeParams"] = json.dumps(theme)
    return f"{web.url}/#{urlencode(launch, quote_via=quote)}"
