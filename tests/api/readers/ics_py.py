"""Reads calendars with ics.py. Usage: python ics_py.py FILE…; prints JSON: a list of events a file."""

import json
import sys
from pathlib import Path
from typing import Any

from ics import Calendar


def moment(time: Any, whole_days: bool) -> str:
    return f"{time:YYYY-MM-DD}" if whole_days else f"{time.to('utc'):YYYY-MM-DDTHH:mm:ss}Z"


def events(file: str) -> list[dict[str, Any]]:
    return [
        {
            "uid": event.uid,
            "title": event.name,
            "start": moment(event.begin, event.all_day),
            "end": moment(event.end, event.all_day),
            "note": event.description,
            "status": event.status,
            "sequence": next(int(line.value) for line in event.extra if line.name == "SEQUENCE"),
        }
        for event in Calendar(Path(file).read_text("utf-8")).events
    ]


json.dump([events(file) for file in sys.argv[1:]], sys.stdout)
