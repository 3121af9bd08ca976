"""Reads calendars with libical, which is what Evolution, GNOME and KDE have; the library in C itself, by ctypes.

Usage: python libical.py LIBRARY FILE…; prints JSON: a list of events a file.
"""

import ctypes
import json
import sys
from collections.abc import Iterator
from ctypes import c_char_p, c_int, c_void_p
from pathlib import Path
from typing import Any

VEVENT = 4
"""`ICAL_VEVENT_COMPONENT` of `enum icalcomponent_kind` (libical/icalenums.h)."""


class Time(ctypes.Structure):
    """`struct icaltimetype`."""

    _fields_ = (
        *((name, c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")),
        ("zone", c_void_p),
    )

    def __str__(self) -> str:
        day = f"{self.year}-{self.month:02}-{self.day:02}"
        return day if self.is_date else f"{day}T{self.hour:02}:{self.minute:02}:{self.second:02}Z"


library = ctypes.CDLL(sys.argv[1])
for name, result, arguments in (
    ("icalparser_parse_string", c_void_p, [c_char_p]),
    ("icalcomponent_get_first_component", c_void_p, [c_void_p, c_int]),
    ("icalcomponent_get_next_component", c_void_p, [c_void_p, c_int]),
    ("icalcomponent_count_errors", c_int, [c_void_p]),
    ("icalcomponent_get_dtstart", Time, [c_void_p]),
    ("icalcomponent_get_dtend", Time, [c_void_p]),
    ("icaltime_is_utc", c_int, [Time]),
    ("icalcomponent_get_uid", c_char_p, [c_void_p]),
    ("icalcomponent_get_summary", c_char_p, [c_void_p]),
    ("icalcomponent_get_description", c_char_p, [c_void_p]),
    ("icalcomponent_get_sequence", c_int, [c_void_p]),
    ("icalproperty_string_to_kind", c_int, [c_char_p]),
    ("icalcomponent_get_first_property", c_void_p, [c_void_p, c_int]),
    ("icalproperty_get_value_as_string", c_char_p, [c_void_p]),
):
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments


def text(value: bytes | None) -> str | None:
    return value.decode() if value is not None else None


def components(calendar: int) -> Iterator[int]:
    found = library.icalcomponent_get_first_component(calendar, VEVENT)
    while found:
        yield found
        found = library.icalcomponent_get_next_component(calendar, VEVENT)


def event(component: int) -> dict[str, Any]:
    start, end = library.icalcomponent_get_dtstart(component), library.icalcomponent_get_dtend(component)
    assert all(time.is_date or library.icaltime_is_utc(time) for time in (start, end))
    status = library.icalcomponent_get_first_property(component, library.icalproperty_string_to_kind(b"STATUS"))
    return {
        "uid": text(library.icalcomponent_get_uid(component)),
        "title": text(library.icalcomponent_get_summary(component)),
        "start": str(start),
        "end": str(end),
        "note": text(library.icalcomponent_get_description(component)),
        "status": text(library.icalproperty_get_value_as_string(status)),
        "sequence": library.icalcomponent_get_sequence(component),
    }


def events(file: str) -> list[dict[str, Any]]:
    calendar = library.icalparser_parse_string(Path(file).read_bytes())
    assert calendar, "libical reads nothing"
    assert library.icalcomponent_count_errors(calendar) == 0, "libical finds errors"
    return [event(component) for component in components(calendar)]


json.dump([events(file) for file in sys.argv[2:]], sys.stdout)
