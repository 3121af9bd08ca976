"""Texts from outside that no database, process or terminal would take."""

import json
import os
import re
from typing import Any, Final

_NUMBER: Final = re.compile(r"^\[Errno -?\d+\] ")
_UNUSABLE: Final = re.compile("[\0\ud800-\udfff]")
_JOINERS: Final = "\u200c\u200d"
_BLANK: Final = "\u034f\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0"
"""Printable by their category, and yet seen by nobody."""
_BLANKS: Final = frozenset(_BLANK)

_JOINING: Final = 0x590
"""Where the scripts (and emoji) begin in which a joiner between two characters changes what is seen."""

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb" + _BLANK + "]"
)


def usable(text: str) -> str:
    """Replaces NUL and lone surrogates (bytes of the shell that are no UTF-8, halves of a JSON escape) by `�`."""
    return _UNUSABLE.sub("\ufffd", text)


def is_usable(text: str) -> bool:
    """Tells whether a text has none of them."""
    return _UNUSABLE.search(text) is None


def visible(text: str) -> str:
    """Returns a name without what cannot be seen; any white space becomes one space.

    Controls, zero-width characters, direction marks and overrides, blank letters and half surrogates go: two names that
    look the same are the same. A joiner stays where a script needs it.
    """
    if text.isascii() and text.isalnum():
        return text
    spaced = " ".join(text.split())
    if spaced.isprintable() and _BLANKS.isdisjoint(spaced):
        return spaced
    kept = [
        sign
        for place, sign in enumerate(spaced)
        if (_joins(spaced, place) if sign in _JOINERS else sign.isprintable() and sign not in _BLANKS)
    ]
    return " ".join("".join(kept).split())


def _joins(text: str, place: int) -> bool:
    around = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
    return len(around) == 2 and all(ord(sign) >= _JOINING and sign not in _JOINERS for sign in around)


def reason(error: BaseException) -> str:
    """Returns an error in words: `/data/x: Permission denied`, without the number that a traceback has before it."""
    if isinstance(error, OSError) and error.strerror:
        named = isinstance(error.filename, (str, bytes))
        return f"{os.fsdecode(error.filename)}: {error.strerror}" if named else error.strerror
    return _NUMBER.sub("", str(error))


def without_unseen(text: str) -> str:
    """Returns a text of several lines without controls, zero-width characters and direction marks, for showing it."""
    return text if text.isascii() and text.replace("\n", "").isprintable() else _UNSEEN.sub("", text)


def of_argument(argument: str) -> str:
    """Reads a word of the command line as UTF-8, whatever the terminal's locale; bytes that are none become `�`."""
    return usable(os.fsencode(argument).decode("utf-8", "replace"))


def usable_json(text: bytes) -> bytes:
    """Replaces the same in all texts of a JSON document, where only escapes can hold them.

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


_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")


def plain_lines(text: str) -> str:
    """Returns a text whose lines end in LF alone, without control characters.

    Vertical tab, form feed, NEL and Unicode's line and paragraph separators end a line; some reader of every format
    takes one of them for the end of something else.
    """
    return _CONTROL.sub("", _LINE_ENDS.sub("\n", text))
