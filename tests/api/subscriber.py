"""Programs of packaging/readers.sh in the tests, and a subscription of vdirsyncer's that khal shows."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.missing import missing

INSTALLED = Path(sys.prefix) / "readers"
FIELDS = ("title", "start-long-full", "end-long-full", "all-day", "description", "status")


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """An event as a reader tells it, and as it is stored; a day is written as a day, its end is the day after."""

    uid: str
    title: str
    start: str
    end: str
    note: str
    status: str
    sequence: int = 0


def is_installed(name: str) -> bool:
    """Whether a program is there."""
    return (INSTALLED / "bin" / name).exists()


def program(name: str) -> str:
    """Returns the path of a program."""
    if not is_installed(name):
        missing(name, "make test installs it, or PYTHON=python3 packaging/readers.sh .venv")
    return str(INSTALLED / "bin" / name)


def run(*command: str, seconds: float = 180, **environment: str) -> str:
    """Runs a reader, in a zone far from the roster's, and returns what it prints.

    What it makes of instants and days must not hang on the machine's zone.
    """
    done = subprocess.run(
        command,
        capture_output=True,
        env=os.environ | {"TZ": "America/Los_Angeles", "PYTHONDONTWRITEBYTECODE": ""} | environment,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout.decode()


class Subscriptions:
    """Feeds that vdirsyncer fetches over HTTP into folders, which khal shows.

    Args:
        folder: Where they keep everything.
        feeds: Name → address.
    """

    def __init__(self, folder: Path, feeds: Mapping[str, str]) -> None:
        self._khal, self._vdirsyncer = program("khal"), program("vdirsyncer")
        self._folder = folder
        pairs = [
            f'[pair {name}]\na = "{name}_feed"\nb = "{name}_here"\ncollections = null\nconflict_resolution = "a wins"\n'
            f'[storage {name}_feed]\ntype = "http"\nurl = "{url}"\n'
            f'[storage {name}_here]\ntype = "filesystem"\npath = "{folder / name}"\nfileext = ".ics"\n'
            for name, url in feeds.items()
        ]
        calendars = [f"[[{name}]]\npath = {folder / name}\nreadonly = True\n" for name in feeds]
        (folder / "vdirsyncer").write_text("\n".join([f'[general]\nstatus_path = "{folder / "status"}"', *pairs]))
        (folder / "khal").write_text(
            f"[calendars]\n{''.join(calendars)}"
            f"[sqlite]\npath = {folder / 'khal.db'}\n"
            "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n"
            "longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%dT%H:%M:%SZ\nlongdatetimeformat = %Y-%m-%dT%H:%M:%SZ\n"
        )
        for name in feeds:
            (folder / name).mkdir()
        run(self._vdirsyncer, "-c", str(folder / "vdirsyncer"), "discover")

    def sync(self) -> None:
        """Fetches them."""
        run(self._vdirsyncer, "-c", str(self._folder / "vdirsyncer"), "sync", "--force-delete")

    def events(self, name: str, first: date, last: date) -> list[Seen]:
        """Returns what khal shows of a calendar, from a day to a day."""
        fields = [part for field in FIELDS for part in ("--json", field)]
        days = (first.isoformat(), last.isoformat())
        printed = run(self._khal, "-c", str(self._folder / "khal"), "list", "-a", name, "--once", *fields, *days)
        return sorted(_seen(event) for line in printed.splitlines() for event in json.loads(line))


def _seen(event: dict[str, Any]) -> Seen:
    start, end = event["start-long-full"], event["end-long-full"]
    if event["all-day"] == "True":  # khal names the last day
        start, end = start[:10], (date.fromisoformat(end[:10]) + timedelta(days=1)).isoformat()
    return Seen("", event["title"], start, end, event["description"], event["status"])
