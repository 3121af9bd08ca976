"""What stands behind a button: declared once, built and read by the same declaration.

A client may send any text as the data of a button. What no declaration reads (forged, damaged, or of another version)
reaches no handler; it is answered as a button that is out of date. What one reads is of the declared types and within
their bounds; whether the person may do it is asked by the handler, as for a command.

    CARD = declare("user:", ID, one_of(Which), PAGE)
    CARD(12, Which.ALL, 0)  # "user:12:a:0"
    user_id, which, page = CARD.of(update)
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Generic, Protocol, TypeVar, TypeVarTuple, overload

from duty_teller.i18n import LANGUAGES, LocalizedError

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E", bound=StrEnum)
Values = TypeVarTuple("Values")

LONGEST: Final = 64
"""Bytes of callback data that Telegram takes (core.telegram.org/bots/api#inlinekeyboardbutton)."""

_INTEGER: Final = re.compile(r"-?[1-9][0-9]{0,18}|0")
_LARGEST: Final = 2**63 - 1
"""What a column of SQLite holds."""


@dataclass(frozen=True)
class Field(Generic[A]):
    """A part of the data.

    Attributes:
        read: Returns the value of a text, or raises ValueError; only what `write` makes is read.
        write: Returns the text of a value.
        examples: Values at its bounds, for whoever wants to try them all.
        optional: Whether it may be left out at the end; its value is then None.
    """

    read: Callable[[str], A]
    write: Callable[[A], str]
    examples: tuple[A, ...]
    optional: bool = False


def number(least: int, most: int) -> Field[int]:
    """Declares a whole number between two bounds, both included."""

    def read(text: str) -> int:
        if not _INTEGER.fullmatch(text):
            raise ValueError(text)
        value = int(text)
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return Field(read, str, tuple(dict.fromkeys((least, max(least, min(1, most)), most))))


ID: Final = number(1, _LARGEST)
"""Of a row or of a Telegram account."""

ID_OR_ALL: Final = number(0, _LARGEST)
"""Of a row; 0 stands for all of them."""

CHAT: Final = number(-_LARGEST, _LARGEST)
"""Of a chat: groups are negative."""

PAGE: Final = number(0, 9999)

_FIRST_DAY: Final = date(1900, 1, 1)
_LAST_DAY: Final = date(2199, 12, 31)


def _read_day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(text)
    value = date.fromisoformat(text)
    if not _FIRST_DAY <= value <= _LAST_DAY:
        raise ValueError(text)
    return value


DAY: Final = Field(_read_day, date.isoformat, (_FIRST_DAY, date(2026, 11, 23), _LAST_DAY))
"""A day with room around it: a year may be added or taken away."""


def words(*known: str) -> Field[str]:
    """Declares one of some words."""

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return Field(read, str, known)


def one_of(kind: type[E]) -> Field[E]:
    """Declares a member of an enumeration by its value."""
    return Field(kind, lambda member: member.value, tuple(kind))


def spoken(*others: str) -> Field[str]:
    """Declares the code of a language that is spoken, as it is spoken then, or one of some words."""

    def read(text: str) -> str:
        if text not in LANGUAGES and text not in others:
            raise ValueError(text)
        return text

    return Field(read, str, (*LANGUAGES, *others))


LANG: Final = spoken()
FLAG: Final = Field(lambda text: bool(words("0", "1").read(text) == "1"), lambda value: str(int(value)), (False, True))


def typed(pattern: str, *examples: str) -> Field[str]:
    """Declares text of a pattern; at the end of the data it may hold colons."""
    whole = re.compile(pattern, re.ASCII)

    def read(text: str) -> str:
        if not whole.fullmatch(text):
            raise ValueError(text)
        return text

    return Field(read, str, examples)


def maybe(field: Field[A]) -> Field[A | None]:
    """Declares a part that may be left out at the end."""

    def write(value: A | None) -> str:
        if value is None:
            raise ValueError("nothing is written for what is left out")
        return field.write(value)

    return Field(field.read, write, (*field.examples, None), optional=True)


class _Query(Protocol):
    @property
    def data(self) -> str | None: ...


class Pressed(Protocol):
    """An update, as far as a button that was pressed is told by it."""

    @property
    def callback_query(self) -> _Query | None:
        """The press."""


class Data(Generic[*Values]):
    """The data of one kind of button: a head, and fields with colons between them."""

    def __init__(self, head: str, fields: tuple[Field[Any], ...]) -> None:
        self.head = head
        self.fields = fields

    def __call__(self, *values: *Values) -> str:
        """Returns the data of a button.

        Raises:
            ValueError: It could not be read back, or is too long: a mistake of the caller's.
        """
        given: list[Any] = list(values)
        while given and given[-1] is None:
            given.pop()
        data = self.head + ":".join(field.write(value) for field, value in zip(self.fields, given, strict=False))
        if len(data.encode()) > LONGEST or self.read(data) is None:
            raise ValueError(f"no button can carry {data!r}")
        return data

    def read(self, data: object) -> tuple[*Values] | None:
        """Returns the values that data carries, or None: it is not of this kind."""
        if not isinstance(data, str) or not data.startswith(self.head) or len(data.encode(errors="replace")) > LONGEST:
            return None
        rest = data[len(self.head) :]
        parts = rest.split(":", len(self.fields) - 1) if self.fields and rest else []
        if (not self.fields and rest) or any(not field.optional for field in self.fields[len(parts) :]):
            return None
        values: list[Any] = []
        try:
            for field, part in zip(self.fields, parts, strict=False):
                values.append(field.read(part))
        except ValueError:
            return None
        values += [None] * (len(self.fields) - len(parts))
        return tuple(values)

    def of(self, update: Pressed) -> tuple[*Values]:
        """Returns the values behind the button that was pressed.

        Raises:
            LocalizedError: `bot.button_old`: it is not of this kind.
        """
        found = self.read(update.callback_query.data if update.callback_query is not None else None)
        if found is None:
            raise LocalizedError("bot.button_old")
        return found


@overload
def declare(head: str, /) -> Data[()]: ...
@overload
def declare(head: str, a: Field[A], /) -> Data[A]: ...
@overload
def declare(head: str, a: Field[A], b: Field[B], /) -> Data[A, B]: ...
@overload
def declare(head: str, a: Field[A], b: Field[B], c: Field[C], /) -> Data[A, B, C]: ...
@overload
def declare(head: str, a: Field[A], b: Field[B], c: Field[C], d: Field[D], /) -> Data[A, B, C, D]: ...
def declare(head: str, /, *fields: Field[Any]) -> Any:
    """Declares a kind of button.

    Args:
        head: What its data begins with, a colon included where one follows; no two kinds may share data.
        fields: What it carries.
    """
    return Data(head, fields)
