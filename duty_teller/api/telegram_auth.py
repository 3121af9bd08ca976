"""Checking the launch data (initData) that Telegram signs for the Mini App.

Rule: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app. The check string is the sorted
    `k=v` lines without
`hash` only; `signature` stays in.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl

from duty_teller.i18n.core import LocalizedError
from duty_teller.utils.user import Visitor

_FUTURE: Final = timedelta(seconds=60)
"""Clocks differ a little."""
_LONGEST: Final = 8192


class InitDataError(LocalizedError):
    """Launch data that grant nothing.

    Attributes:
        code: `unauthorized` (missing, forged, malformed) or `expired`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"error.init_data_{code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class LaunchData:
    """Validated launch data."""

    visitor: Visitor
    auth_date: datetime
    start_param: str | None


@lru_cache(maxsize=4)
def _web_app_key(token: str) -> bytes:
    return hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()


def validate_init_data(init_data: str, token: str, now: datetime, max_age: timedelta) -> LaunchData:
    """Checks signature and age, and returns what was signed.

    Args:
        init_data: The raw string, as `Telegram.WebApp.initData` gives it.
        token: The bot's token.
        now: The present instant.
        max_age: How old it may be.

    Raises:
        InitDataError: It is missing, malformed, forged, from the future or too old.
    """
    if not init_data or not token or len(init_data) > _LONGEST:
        raise InitDataError("unauthorized")
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True)
    except ValueError as error:
        raise InitDataError("unauthorized") from error
    values = dict(pairs)
    sent = values.pop("hash", "")
    if len(values) + 1 != len(pairs):  # a key stands twice, or there is no hash
        raise InitDataError("unauthorized")
    lines = "\n".join(f"{key}={values[key]}" for key in sorted(values))
    right = hmac.new(_web_app_key(token), lines.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), sent.encode()):
        raise InitDataError("unauthorized")
    try:
        auth_date = datetime.fromtimestamp(int(values["auth_date"]), UTC)
        user: dict[str, Any] = json.loads(values["user"])
        visitor = _visitor(user)
    except (KeyError, ValueError, TypeError, OverflowError, OSError) as error:
        raise InitDataError("unauthorized") from error
    if auth_date > now + _FUTURE:
        raise InitDataError("unauthorized")
    if auth_date < now - max_age:
        raise InitDataError("expired")
    return LaunchData(visitor, auth_date, values.get("start_param"))


def _visitor(user: dict[str, Any]) -> Visitor:
    telegram_user_id = user["id"]
    if not isinstance(telegram_user_id, int) or not 0 < telegram_user_id < 2**63:
        raise ValueError(telegram_user_id)
    name = " ".join(str(user[part]) for part in ("first_name", "last_name") if user.get(part))
    username, language = user.get("username"), user.get("language_code")
    return Visitor(telegram_user_id, name, str(username) if username else None, str(language) if language else None)
