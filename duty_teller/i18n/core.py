"""Which language a person reads, and looking a text up: language, then English, then the key itself."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Any, Final

from duty_teller.i18n.lang import plural_form
from duty_teller.i18n.languages import LANGUAGES

TOPICS: Final = {
    "app": "app",
    "app_covers": "app",
    "app_people": "app",
    "app_settings": "app",
    "backups": "backup bot status",
    "bot": "bot",
    "calendars": "calendars",
    "changes": "away change",
    "countries": "country",
    "covers": "cover",
    "dialogues": "dialogue",
    "errors": "error zone",
    "exports": "export",
    "feeds": "calendar feed",
    "fetching": "fetch",
    "groups": "groups",
    "history": "history",
    "holidays": "holidays",
    "hours": "hours settings",
    "import_by_hand": "import",
    "import_calendars": "import",
    "import_dialogue": "import",
    "import_explained": "import",
    "import_questions": "import",
    "imports": "import",
    "joining": "join people",
    "notices": "notice",
    "people": "people",
    "pins": "pin",
    "rosters": "rosters",
    "settings": "settings",
    "shift_types": "shift",
    "status": "status",
    "views": "view",
}
"""The modules of `duty_teller.i18n.messages`, one a topic, and what their keys begin with: each waits for its first."""

Forms = str | tuple[str, ...]


def normalize_lang(code: str | None, default: str = "en") -> str:
    """Folds an IETF tag (`ru-RU`, `en_GB`) to a language of the catalogue, or gives the default."""
    if not code:
        return default
    head = code.replace("_", "-").split("-", 1)[0].lower()
    return head if head in LANGUAGES else default


def get_lang(user: object, default: str = "en") -> str:
    """Tells the language of a person: the stored choice first, then Telegram's `language_code`, then the default.

    Args:
        user: A `db.models.User`, a `telegram.User` or None; attributes that are missing count as not set.
        default: What to use when nothing is known (`DEFAULT_LANGUAGE`).
    """
    for attribute in ("language", "language_code"):
        if value := getattr(user, attribute, None):
            return normalize_lang(str(value), default)
    return default


def accepted_language(header: str, default: str) -> str:
    """Returns the language of an `Accept-Language` header that is wanted most of those we speak, else the default."""
    wanted = []
    for part in header.split(","):
        tag, *parameters = (text.strip().lower() for text in part.split(";"))
        weights = [text[2:] for text in parameters if text.startswith("q=")]
        try:
            weight = float(weights[0]) if weights else 1.0
        except ValueError:
            continue
        if weight > 0 and (lang := normalize_lang(tag, "")):
            wanted.append((weight, lang))
    return max(wanted, key=lambda pair: pair[0])[1] if wanted else default


class LocalizedError(Exception):
    """Something a person has to be told: a key of the catalogue and its arguments.

    It is raised where the trouble is known best and translated once, at the edge, by `text`. `str(error)` is the
    English text, for logs and the command line.
    """

    def __init__(self, key: str, **args: Any) -> None:
        super().__init__(key)
        self.key = key
        self.args_by_name = args

    def text(self, lang: str) -> str:
        """Returns the message in a language of `LANGUAGES`."""
        return t(lang, self.key, **self.args_by_name)

    def __str__(self) -> str:
        return self.text("en")


@cache
def catalogue() -> dict[str, dict[str, Forms]]:
    """Returns all topics as one mapping of key → language → text (or tuple of plural forms).

    Raises:
        ValueError: A key stands in two topics.
    """
    return _merged(TOPICS)


@cache
def _begun_with(beginning: str) -> dict[str, dict[str, Forms]]:
    return _merged(topic for topic, beginnings in TOPICS.items() if beginning in beginnings.split())


def _merged(topics: Iterable[str]) -> dict[str, dict[str, Forms]]:
    merged: dict[str, dict[str, Forms]] = {}
    for topic in topics:
        messages: dict[str, dict[str, Forms]] = import_module(f"duty_teller.i18n.messages.{topic}").MESSAGES
        if twice := merged.keys() & messages.keys():
            raise ValueError(f"in two topics: {sorted(twice)}")
        merged |= messages
    return merged


def t(lang: str, key: str, /, **args: Any) -> str:
    """Translates a key.

    Args:
        lang: A key of `LANGUAGES`; anything else reads as English.
        key: A key of the catalogue.
        **args: Values for the `{placeholders}`; `n` also picks the plural form. A `LocalizedError` among them is
            translated too.

    Returns:
        The text in that language, else in English, else the key.
    """
    texts = _begun_with(key.partition(".")[0]).get(key) or catalogue().get(key, {})
    forms = texts.get(lang) or texts.get("en")
    if forms is None:
        return key
    used = lang if texts.get(lang) else "en"
    template = forms if isinstance(forms, str) else forms[plural_form(used, int(args.get("n", 0)))]
    if not args:
        return template
    values = {name: value.text(lang) if isinstance(value, LocalizedError) else value for name, value in args.items()}
    try:
        return template.format(**values)
    except (KeyError, IndexError):
        return template
