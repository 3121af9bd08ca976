"""Flat records as JSON keeps them: every value by the name of its field, so that fields may come and go.

What a record was written without has the field's default; what it names and nobody knows any more is left out. Two
records are compared as what they mean, never as text.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, time
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

Record = TypeVar("Record")
_Code = tuple[Callable[[Any], Any] | None, Callable[[Any], Any] | None]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _code_of(hint: Any) -> _Code:
    """Returns how values of a type are written and read; None: as they are."""
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    kind = kinds[0]
    if kind is datetime:
        return _seconds, _moment
    if kind is time:
        return _clock, time.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return str, kind
    return None, None


@cache
def _codes_of(kind: type) -> dict[str, _Code]:
    hints = get_type_hints(kind)
    return {field.name: _code_of(hints[field.name]) for field in fields(kind)}


def to_record(value: Any) -> dict[str, Any]:
    """Returns a dataclass as JSON can hold it: instants as seconds since 1970 UTC, wall-clock times as `HH:MM`."""
    made = {}
    kind: type = type(value)
    for name, (write, _read) in _codes_of(kind).items():
        held = getattr(value, name)
        made[name] = held if write is None or held is None else write(held)
    return made


def read_fields(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns those fields of a dataclass that a record names, as the dataclass holds them.

    Raises:
        ValueError: A value is none of its type.
    """
    made = {}
    for name, (_write, read) in _codes_of(kind).items():
        if name in values:
            held = values[name]
            made[name] = held if read is None or held is None else read(held)
    return made


def from_record(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """Takes back what `to_record` gave, in this version or another.

    Raises:
        TypeError: A field that has no default is missing.
        ValueError: A value is none of its type.
    """
    return kind(**read_fields(kind, values))
