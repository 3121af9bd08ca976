"""Looking a text up: language, then English, then the key itself."""

from functools import cache
from importlib import import_module
from typing import Any, Final

from duty_teller.i18n.lang import plural_form

TOPICS: Final = (
    "app",
    "bot",
    "dialogues",
    "errors",
    "exports",
    "feeds",
    "groups",
    "history",
    "import_dialogue",
    "imports",
    "notices",
    "people",
    "pins",
    "rosters",
    "settings",
    "status",
    "views",
)
"""The modules of `duty_teller.i18n.messages`, one a topic."""

Forms = str | tuple[str, ...]


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
    merged: dict[str, dict[str, Forms]] = {}
    for topic in TOPICS:
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
    texts = catalogue().get(key, {})
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
