"""Any bytes give a result or a named error, never a traceback."""

import csv
import json
from datetime import date
from io import StringIO
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duty_teller.importers.duty_schedule import (
    Answers,
    Meaning,
    ParsedRoster,
    RosterCells,
    RosterFileError,
    parse_duty_schedule,
    read_roster_file,
)
from tests.importers.builders import BERLIN, grid, sheet_xml, workbook
from tests.importers.test_ods import MONTH, document
from tests.properties import examples

QUICK = settings(
    max_examples=examples(60), derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
GOOD = workbook(Март=grid(date(2025, 3, 1), 31, {"Алиса": {1: "Д", 31: "8:00-20:00"}}, title="Март 2025"))
OPEN = document(MONTH)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def accept(data: bytes, name: str = "", *, whole: bool = False) -> None:
    """Reads a file to the end, answering every question; a whole file is never called damaged."""
    try:
        cells = read_roster_file(data, name)
        assert RosterCells.from_json(json.loads(json.dumps(cells.to_json()))) == cells
        answers = Answers()
        for _ in range(3):
            result = parse_duty_schedule(cells, name, BERLIN, answers)
            if isinstance(result, ParsedRoster):
                assert all(shift.start < shift.end for shift in result.shifts)
                assert result.first_day <= result.last_day
                return
            for question in result:
                choice = question.options[0] if question.options else "2025-03-03"
                answers = answers.answered(question.kind, question.subject, choice)
            assert Answers.from_json(json.loads(json.dumps(answers.to_json()))) == answers
        raise AssertionError("the same questions again")
    except RosterFileError as error:
        assert error.problems
        assert not whole or error.problems[0].key != "import.file.damaged", repr(error.__cause__)
        for lang in ("ru", "en"):
            assert "import.file." not in error.text(lang)
            error.text(lang).encode()


@QUICK
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"{", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]))
def test_bytes(tail: bytes, magic: bytes) -> None:
    accept(magic + tail, "roster.xlsx")


@QUICK
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.integers(1, len(GOOD)))
def test_damaged_workbooks(at: int, byte: int, length: int) -> None:
    accept(GOOD[:at] + bytes([byte]) + GOOD[at + 1 :])
    accept(GOOD[:length])


@QUICK
@given(st.integers(0, len(OPEN) - 1), st.integers(0, 255), st.integers(1, len(OPEN)))
def test_damaged_open_documents(at: int, byte: int, length: int) -> None:
    accept(OPEN[:at] + bytes([byte]) + OPEN[at + 1 :])
    accept(OPEN[:length])


@QUICK
@given(JSON, JSON, JSON, st.text("вВбБНО; ДB", max_size=30))
def test_json_documents(meta: Any, schedule: Any, name: Any, duty: str) -> None:
    accept(json.dumps({"meta": meta, "schedule": schedule}).encode(), whole=True)
    row = {"name": name, "duty": duty}
    accept(
        json.dumps({"meta": {"start_date": "2025-03-29"}, "schedule": [row, {"name": "Алиса", "duty": "в"}]}).encode()
    )


CELL = st.one_of(
    st.sampled_from(
        ["Алиса", "Итого", "Март 2025", "Д", "8:00-20:00", "Пн", "02:30-03:00", "#", "31.12", "1/2", "24:00"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=6),
    st.integers(-5, 60_000).map(str),
)


@QUICK
@given(st.lists(st.lists(CELL, max_size=12), max_size=10), st.integers(1, 27), st.integers(0, 9))
def test_sheets_of_anything(rows: list[list[str]], first: int, header: int) -> None:
    rows.insert(min(header, len(rows)), ["", *(str(first + offset) for offset in range(5))])
    xml = ""
    for row in rows:
        cells = "".join(
            (
                f"<c><v>{text}</v></c>"
                if text.lstrip("-").isascii() and text.lstrip("-").isdecimal()
                else f'<c t="inlineStr"><is><t>{text.replace("&", "&amp;").replace("<", "&lt;")}</t></is></c>'
            )
            for text in row
        )
        xml += f"<row>{cells}</row>"
    accept(sheet_xml(xml), "Март 2025.xlsx", whole=True)


WORD = st.one_of(
    CELL,
    st.sampled_from(
        [
            *("Дата", "Дежурный", "Имя", "Start", "End", "Тип", "Телефон", "Morning", "Night", "L1", "с", "до", "часы"),
            *("Орлова Алиса", "Alice", "Dan, Sam", "@dan_duty", "a@example.org", "+7 900 000-00-00", "-", "нет"),
            *("01.03.2025", "1/2/2025", "13/02/2025", "2025-03-01 09:00", "2025-03-30T02:30:00+02:00", "3–9 марта"),
            *(
                "31.02",
                "30.12",
                "01.01",
                "45.03.2025",
                "Mon",
                "вт",
                "20:00-08:00",
                "09:00",
                "24:00",
                "отпуск",
                "Week 9",
            ),
            *("Итого", "Легенда", "2000-01-01", "2099-12-31", "01.03.2025 - 31.12.2099", "день\nночь", '"', "'"),
        ]
    ),
)


@settings(QUICK, max_examples=examples(200))
@given(st.lists(st.lists(WORD, max_size=6), min_size=1, max_size=9), st.sampled_from(",;\t"), st.booleans())
def test_text_tables_of_anything(rows: list[list[str]], separator: str, is_quoted: bool) -> None:
    target = StringIO()
    quoting = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    csv.writer(target, delimiter=separator, quoting=quoting).writerows(rows)

    accept(target.getvalue().encode(), "roster.csv", whole=True)


@QUICK
@given(
    st.lists(st.sampled_from(["01.03.2025", "02.03.2025", "1/2/2025", "30.12", "5"]), min_size=1, max_size=8), st.data()
)
def test_lists_of_anything(days: list[str], data: st.DataObject) -> None:
    rows = [["Дата", "Дежурный", "Что"]] + [[day, data.draw(WORD), data.draw(WORD)] for day in days]

    accept("\n".join(";".join(cell.replace(";", "").replace('"', "") for cell in row) for row in rows).encode())


LINE = st.sampled_from(
    [
        *("BEGIN:VEVENT", "END:VEVENT", "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VTIMEZONE", "END:VTIMEZONE"),
        *("SUMMARY:Alice Adams", "SUMMARY:On call", "SUMMARY;CN=x:", "UID:1", "STATUS:CANCELLED", "STATUS:"),
        *(
            "DTSTART:20250301T090000Z",
            "DTSTART;VALUE=DATE:20250301",
            "DTSTART:x",
            "DTSTART;TZID=Nowhere:20250301T090000",
        ),
        *(
            "DTEND:20250302T090000Z",
            "DTEND;VALUE=DATE:20250302",
            "DTEND:99999999T000000Z",
            "DURATION:PT12H",
            "DURATION:P9W",
        ),
        *(
            "RRULE:FREQ=DAILY",
            "RRULE:FREQ=WEEKLY;COUNT=3",
            "RRULE:FREQ=SECONDLY",
            "RRULE:FREQ=DAILY;INTERVAL=0",
            "RRULE:x",
        ),
        *("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=MONTHLY;BYDAY=9MO;COUNT=999999", "EXDATE:20250301"),
        *("RDATE:20250305T090000Z", "RDATE;VALUE=PERIOD:20250305T090000Z/PT1H", "EXDATE;VALUE=DATE:20250302"),
        *(
            "RECURRENCE-ID:20250302T090000Z",
            "ATTENDEE;CN=Dan:mailto:dan@example.org",
            "ORGANIZER:x",
            "DTSTAMP:20250301T0Z",
        ),
        *("X-WR-TIMEZONE:Europe/Berlin", "X-WR-TIMEZONE:../../etc", "\x00", ":", ";"),
    ]
)


@settings(QUICK, max_examples=examples(200))
@given(st.lists(LINE, max_size=12), st.sampled_from(["\r\n", "\n"]))
def test_calendars_of_anything(lines: list[str], ending: str) -> None:
    event = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]

    accept(ending.join(event).encode(), "roster.ics", whole=True)


@QUICK
@given(st.text(max_size=20))
def test_meanings(text: str) -> None:
    try:
        meaning = Meaning.parse(text)
    except Exception as error:
        assert getattr(error, "key", "") == "import.file.meaning"
    else:
        assert Meaning.parse(str(meaning)) == meaning
