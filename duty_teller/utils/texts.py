"""Texts from outside that no database, process or terminal would take."""

import json
import os
import re
from typing import Any, Final

_UNUSABLE: Final = re.compile("[\0\ud800-\udfff]")


def usable(text: str) -> str:
    """Replaces NUL and lone surrogates (bytes of the shell that are no UTF-8, halves of a JSON escape) by `�`."""
    return _UNUSABLE.sub("\ufffd", text)


def is_usable(text: str) -> bool:
    """Tells whether a text has none of them."""
    return _UNUSABLE.search(text) is None


def of_argument(argument: str) -> str:
    """Reads a word of the command line as UTF-8, whatever the terminal's locale; bytes that are none become `�`."""
    return usable(os.fsencode(argument).decode("utf-8", "replace"))


def usable_json(text: bytes) -> bytes:
    """Does the same to all texts of a JSON document, where they can only stand as escapes.

    Raises:
        ValueError: It is none.
    """
    if b"\\u0000" not in text and b"\\ud" not in text.lower():
        return text
    return json.dumps(_usable_value(json.loads(text))).encode()


def _usable_value(value: Any) -> Any:
    if isinstance(value, str):
        return usable(value)
    if isinstance(value, list):
        return [_usable_value(item) for item in value]
    if isinstance(value, dict):
        return {usable(key): _usable_value(item) for key, item in value.items()}
    return value
