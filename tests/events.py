"""The events of a calendar that is read again and again: the same text is parsed once."""

import re
from functools import lru_cache

import icalendar

_EVENT = re.compile(rb"^BEGIN:VEVENT\r\n.*?^END:VEVENT\r\n", re.MULTILINE | re.DOTALL)


@lru_cache(5000)
def _parsed(text: bytes) -> icalendar.Event:
    event = icalendar.Event.from_ical(text)
    assert isinstance(event, icalendar.Event)
    return event


def events_of(body: bytes) -> list[icalendar.Event]:
    """Returns the events in the order of the file; whoever asks shares them and changes nothing.

    What is around them is parsed each time, as a calendar without events.
    """
    around = icalendar.Calendar.from_ical(_EVENT.sub(b"", body))
    assert not around.walk("VEVENT")
    found = [_parsed(text) for text in _EVENT.findall(body)]
    assert len(found) == body.count(b"BEGIN:VEVENT")
    return found
