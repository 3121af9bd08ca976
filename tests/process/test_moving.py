"""docs/moving.md: each command is run on a file of the shape that the product in question exports."""

import re
import shlex
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.importers.builders import saved
from tests.process.conftest import Service

DOCS = (Path(__file__).parents[2] / "docs/moving.md").read_text("utf-8")
COMMANDS = [shlex.split(line)[1:] for line in re.findall(r"^duty-teller import .*$", DOCS, re.M)]
ANNA, BORIS = "Anna Lindt", "Boris Kern"
MONDAY = date(2026, 11, 2)


def week(number: int, title: str, *lines: str) -> str:
    """A week's duty from Monday to Monday at 8 in London."""
    start = MONDAY + timedelta(weeks=number)
    end = start + timedelta(weeks=1)
    head = ["BEGIN:VEVENT", f"UID:{number}-{abs(hash(title))}", "DTSTAMP:20261101T000000Z"]
    span = [f"DTSTART:{start:%Y%m%d}T080000Z", f"DTEND:{end:%Y%m%d}T080000Z", f"SUMMARY:{title}"]
    return "\r\n".join([*head, *span, *lines, "END:VEVENT"])


def calendar(product: str, name: str, *events: str) -> bytes:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{product}", f"X-WR-CALNAME:{name}"]
    return "\r\n".join([*head, *events, "END:VCALENDAR", ""]).encode()


def pagerduty() -> bytes:
    title, who = "On Call - Support - Primary Rotation", "ATTENDEE;CN={0}@example.org:mailto:{0}@example.org".format
    events = (week(0, title, who("anna.lindt")), week(1, title, who("boris.kern")))
    return calendar("ics.py - http://git.io/lLljaA", "On Call Schedule for Primary Rotation", *events)


def opsgenie() -> bytes:
    title = "{}@example.org on-call for Schedule Ops_schedule".format
    return calendar("Opsgenie", "Ops_schedule", week(0, title("anna.lindt")), week(1, title("boris.kern")))


def grafana() -> bytes:
    events = (week(0, "[L1] anna.lindt"), week(0, "[L2] boris.kern"), week(1, "[L1] boris.kern"))
    return calendar("Grafana OnCall", "Support", *events)


def google() -> bytes:
    lunch = week(0, "Team lunch").replace(f"{MONDAY + timedelta(weeks=1):%Y%m%d}T08", f"{MONDAY:%Y%m%d}T09")
    events = (week(0, f"On call: {ANNA}"), week(1, f"On call: {BORIS}"), lunch)
    return calendar("-//Google Inc//Google Calendar 70.9054//EN", "Support on call", *events)


def outlook() -> bytes:
    head = "Subject Start_Date Start_Time End_Date End_Time All_day_event Reminder_on/off Reminder_Date Reminder_Time"
    more = "Meeting_Organizer Required_Attendees Categories Description Location Priority Private Show_time_as"
    hours = ("11/{}/2026", "9:00:00 AM", "11/{}/2026", "9:00:00 AM", "False", "True", "11/{}/2026", "8:45:00 AM")
    rows = [[name.replace("_", " ") for name in f"{head} {more}".split()]]
    for name, first, last in ((ANNA, 2, 9), (BORIS, 16, 23)):
        dates = [text.format(day) for text, day in zip(hours, (first, 0, last, 0, 0, 0, first, 0), strict=True)]
        rows.append([f"On call: {name}", *dates, "Team Lead", "", "", "", "Office", "Normal", "False", "2"])
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows).encode()


def spreadsheet() -> bytes:
    days = [MONDAY + timedelta(days=n) for n in range(4)]
    book = Workbook()
    for row in (["Name", *days], [ANNA, "D", "N", "", "V"], [BORIS, "N", "D", "D", "N"]):
        book.worksheets[0].append(row)
    return saved(book)


FILES: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "pagerduty.ics": (pagerduty, ("anna.lindt@example.org: +1", "boris.kern@example.org: +1")),
    "opsgenie.ics": (opsgenie, ("anna.lindt@example.org: +1", "boris.kern@example.org: +1")),
    "grafana.ics": (grafana, ("anna.lindt: +1", "boris.kern: +2")),
    "google.ics": (google, (f"{ANNA}: +1", f"{BORIS}: +1", "Team lunch")),
    "outlook.csv": (outlook, (f"{ANNA}: +1", f"{BORIS}: +1", "1 gap")),
    "roster.xlsx": (spreadsheet, (f"{ANNA}: +3", f"{BORIS}: +4")),
}


def test_every_recipe_has_a_file() -> None:
    assert [command[1] for command in COMMANDS] == list(FILES)


@pytest.mark.parametrize("command", COMMANDS, ids=[command[1] for command in COMMANDS])
def test_recipe_reads_what_the_product_exports(terminal: Service, command: list[str]) -> None:
    content, expected = FILES[command[1]]
    (terminal.folder / command[1]).write_bytes(content())
    terminal.settle()

    looked = terminal.here(*command)
    done = terminal.here(*(word for word in command if word != "--dry-run"))

    assert (looked.returncode, done.returncode) == (0, 0), looked.stdout + looked.stderr + done.stderr
    for text in (*expected, "dry run: nothing was changed"):
        assert text in looked.stdout, looked.stdout
    assert "applied as change 1" in done.stdout
