"""The fixed JSON format, to the letter."""

import json
from datetime import date
from typing import Any

import pytest

from duty_teller.importers.duty_schedule import (
    Answers,
    ParsedRoster,
    RosterFileError,
    parse_duty_schedule,
    read_roster_file,
)
from duty_teller.importers.readers.fixed_json import read_json
from tests.importers.builders import MOSCOW


def document(*rows: Any, start: Any = "2025-03-01") -> dict[str, Any]:
    return {"meta": {"start_date": start, "weeks": 5}, "schedule": list(rows), "comment": "ignored"}


def data(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def test_fixed_table_of_codes_is_exact() -> None:
    roster = parse_duty_schedule(
        data(document({"name": "Алиса", "duty": "; ;Б; ;в;Н;О;б;В;Д; Б "})), "duty.json", MOSCOW, Answers()
    )

    assert isinstance(roster, ParsedRoster)
    assert [(shift.event_type, f"{shift.start:%d %H}", f"{shift.end:%d %H}") for shift in roster.shifts] == [
        ("duty", "03 06", "04 06"),
        ("duty", "05 06", "06 06"),
        ("unavailable", "05 21", "06 21"),
        ("vacation", "06 21", "07 21"),
        ("duty", "08 06", "09 06"),
        ("duty", "09 06", "10 06"),
        ("duty", "11 06", "12 06"),
    ]
    assert (roster.format, roster.first_day, roster.last_day) == ("json", date(2025, 3, 1), date(2025, 3, 11))


def test_rows_of_unequal_length_cover_the_longest() -> None:
    cells = read_roster_file(data(document({"name": "Алиса", "duty": "в"}, {"name": "Даниил", "duty": ";;;в"})))

    assert (cells.names, cells.last_day) == (("Алиса", "Даниил"), date(2025, 3, 4))


def test_look_alikes_mean_nothing_and_are_mentioned() -> None:
    cells = read_roster_file(data(document({"name": "Алиса", "duty": "B;н;Д"})))

    assert cells.entries == ()
    assert [(warning.where, warning.args["code"]) for warning in cells.warnings] == [
        ("schedule[0].duty", "B"),
        ("schedule[0].duty", "н"),
    ]


def test_person_on_two_rows_is_one_while_the_days_differ() -> None:
    roster = parse_duty_schedule(
        data(document({"name": "Алиса Орлова", "duty": "в;"}, {"name": "орлова  алиса", "duty": ";в"})), "", MOSCOW
    )

    assert isinstance(roster, ParsedRoster)
    assert [(shift.name, shift.where) for shift in roster.shifts] == [
        ("Алиса Орлова", "schedule[0].duty"),
        ("Алиса Орлова", "schedule[1].duty"),
    ]


def test_byte_order_mark_and_white_space_do_not_matter() -> None:
    plain = read_roster_file(data(document({"name": "Алиса", "duty": "в"})))

    assert read_roster_file(b"\xef\xbb\xbf\n " + data(document({"name": "Алиса", "duty": "в"}))) == plain


ROW = {"name": "Алиса", "duty": "в"}


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (b'{"meta": {', ["The JSON has an error at line 1, column 11."]),
        (b"[1, 2]", ["A JSON file has to be an object with the keys meta and schedule."]),
        (b"[" * 10_000, ["This isn't valid JSON."]),
        (b'{"a": ' + b"9" * 5_000 + b"}", ["This isn't valid JSON."]),
        ('{"имя": 1}'.encode("cp1251"), ["A JSON file has to be encoded in UTF-8."]),
        (data({}), ["meta: this has to be an object in { }.", "schedule: this has to be a list in [ ]."]),
        (data({"meta": {}, "schedule": [ROW]}), ["meta.start_date: this key is missing."]),
        (data(document(ROW, start="1.3.2025")), ["meta.start_date: “1.3.2025” is not a date like 2025-03-31."]),
        (data(document(ROW, start=20250301)), ["meta.start_date: “20250301” is not a date like 2025-03-31."]),
        (data(document(ROW, start="2025-02-30")), ["meta.start_date: there is no such date as 2025-02-30."]),
        (data(document(ROW, start="9999-12-31")), ["meta.start_date: 9999-12-31: the year looks like a typo."]),
        (data(document()), ["schedule: there is nobody in the list."]),
        (data(document(ROW, 7)), ["schedule[1]: this has to be an object in { }."]),
        (
            data(document(ROW, {"name": 5, "duty": ["в"]}, {"name": " "})),
            [
                "schedule[1].name: this has to be text in quotes.",
                "schedule[1].duty: this has to be text in quotes.",
                "schedule[2].duty: this key is missing.",
                "schedule[2].name: the name is empty.",
            ],
        ),
        (
            data(document({"name": "Алиса", "duty": ";" * 400})),
            ["schedule[0].duty: there are more than 400 days from first to last. Split the file into parts."],
        ),
        (
            data(document(*({"name": f"Person {n}", "duty": ""} for n in range(501)))),
            ["schedule: the file has more than 500 people, which is more than I take at once."],
        ),
        (
            data(document({"name": "Алиса", "duty": ";в"}, {"name": "алиса", "duty": ";Н"})),
            ["schedule[1].duty: Алиса already has an entry for Sun 2 Mar 2025 in schedule[0].duty."],
        ),
    ],
)
def test_defects_are_named_with_their_place(content: bytes, problems: list[str]) -> None:
    with pytest.raises(RosterFileError) as refused:
        parse_duty_schedule(content, "duty.json", MOSCOW)

    assert refused.value.text("en").splitlines() == problems


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ('{"meta": {"start_date": "2026-11-01", "start_date": "2026-12-01"}, "schedule": []}', "start_date"),
        ('{"meta": {}, "schedule": [{"name": "A", "duty": "в", "duty": "О"}]}', "duty"),
        ('{"meta": {}, "schedule": [{"name": "A", "na\\u006de": "B", "duty": "в"}]}', "name"),
        ('{"schedule": [], "meta": {}, "schedule": [{"name": "A", "duty": "в"}]}', "schedule"),
    ],
)
def test_key_that_stands_twice_is_refused_by_its_name(document: str, key: str) -> None:
    with pytest.raises(RosterFileError, match=f"key “{key}” appears twice") as refused:
        read_json(document.encode())
    assert key in refused.value.text("ru")
