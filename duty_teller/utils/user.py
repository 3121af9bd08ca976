"""How people are named, reached and compared."""

import re
from dataclasses import dataclass

from duty_teller.i18n.core import LocalizedError
from duty_teller.utils.texts import visible

GROUP_ANONYMOUS_BOT = 1087968824
"""The sender of messages of anonymous group admins: it stands for anybody, so it is never authorised."""

_USERNAME = re.compile(r"(?<![\w.])@([A-Za-z][A-Za-z0-9_]{3,31})")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A Telegram account as an update or signed launch data show it. Only the id says who it is.

    The name is what can be seen of it; one of which nothing can is replaced by the @username or the id.
    """

    telegram_user_id: int
    full_name: str
    username: str | None = None
    language_code: str | None = None

    def __post_init__(self) -> None:
        username = re.sub(r"[^A-Za-z0-9_]", "", self.username or "") or None
        name = visible(self.full_name) or (f"@{username}" if username else str(self.telegram_user_id))
        object.__setattr__(self, "username", username)
        object.__setattr__(self, "full_name", name)


def split_username(text: str) -> tuple[str, str | None]:
    """Splits a name from a file into the name and the @username it may carry (lower case, without the @).

    A name that is only a username keeps it as the name.
    """
    match = _USERNAME.search(text)
    if match is None:
        return " ".join(text.split()), None
    rest = re.sub(r"\(\s*\)", "", text[: match.start()] + text[match.end() :])
    name = " ".join(rest.split()).strip(" ,;")
    return name or f"@{match[1]}", match[1].lower()


def normalize_phone(text: str) -> str:
    """Returns a phone number in international form: `+` and 7 to 15 digits (E.164).

    Raises:
        LocalizedError: `error.phone`, it is not one.
    """
    digits = re.sub(r"[\s().-]", "", text.strip())
    if re.fullmatch(r"00[0-9]{7,15}", digits):
        digits = "+" + digits[2:]
    if re.fullmatch(r"8[0-9]{10}", digits):
        digits = "+7" + digits[1:]  # the Russian trunk prefix
    if re.fullmatch(r"[0-9]{7,15}", digits):
        digits = "+" + digits
    if not re.fullmatch(r"\+[0-9]{7,15}", digits):
        raise LocalizedError("error.phone", text=text.strip()[:32])
    return digits
