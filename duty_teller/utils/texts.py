"""Texts from outside that no database, process or terminal would take."""

import re
from typing import Any, Final

_UNUSABLE: Final = re.compile("[\0\ud800-\udfff]")


def usable(text: str) -> str:
    """Replaces NUL and lone surrogates (bytes of the shell that are no UTF-8, halves of a JSON escape) by `�`."""
    return _UNUSABLE.sub("\ufffd", text)


def is_usable(text: str) -> bool:
    """Tells whether a text has none of them."""
    return _UNUSABLE.search(text) is None


def usable_everywhere(value: Any) -> Any:
    """Does the same to all texts of a JSON value, keys included."""
    if isinstance(value, str):
        return usable(value)
    if isinstance(value, list):
        return [usable_everywhere(item) for item in value]
    if isinstance(value, dict):
        return {usable(key): usable_everywhere(item) for key, item in value.items()}
    return value
