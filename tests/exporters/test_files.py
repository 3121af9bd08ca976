"""What stands in the files: the grid and its sums, the list, the events, the letters, and cells nobody must run."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from duty_teller.db.models import EventType
from duty_teller.domain.exchange import guard, unguard
from duty_teller.exporters.fixed_json import NotInJsonError
from duty_teller.exporters.model import ExportedSchedule, ExportShift
from duty_teller.exporters.workbook import write_xlsx
from duty_teller.i18n.core import LocalizedError
from duty_teller.services import export
from duty_teller.utils.handover import Handover
from tests.exporters.conftest import MakeTeam, Stored, at, days, duty

PEOPLE = ("Alice Admin", "Dan Duty")


def book_of(data: bytes) -> Any:
    return load_workbook(BytesIO(data))


def row_of(sheet: Any, number: int) -> list[Any]:
    return [cell.value for cell in sheet[number]]


def test_public_holidays_and_the_countrys_weekend_are_in_the_files(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [duty(0, "2026-09-25"), duty(1, "2026-09-21"), duty(1, "2026-09-27")]) as team:
        team.roster.holidays = "IL"
        sheet, _codes = book_of(team.export("2026-09-20", "2026-09-30", "xlsx"))
        rows = team.export("2026-09-20", "2026-09-30", "csv").decode("utf-8-sig").splitlines()

    legend = [cell.value for line in sheet for cell in line if str(cell.value).startswith("Public holidays: ")]
    assert legend == ["Public holidays: 21 Yom Kippur, 26 Sukkot"]
    shaded = [cell.value.day for cell in sheet[2][1:12] if cell.fill.fgColor.rgb == "00D9D9D9"]
    assert shaded == [21, 25, 26]  # Fridays and Saturdays are the weekend there
    assert row_of(sheet, 2)[-5:] == ["Hours", "Nights", "Night h", "Wknd h", "Hol. h"]
    assert (row_of(sheet, 4)[-2:], row_of(sheet, 5)[-2:]) == ([24, 9], [0, 15])
    assert [row.rsplit(",", 1)[1] for row in rows] == ["Public holiday", "Yom Kippur", "", ""]


# -- the workbook --------------------------------------------------------------------------------------------------


def test_workbook_has_a_sheet_a_month_with_names_days_codes_and_sums(make_team: MakeTeam) -> None:
    shifts = [duty(0, "2026-10-31"), duty(1, "2026-11-01"), days(0, "2026-11-01", "2026-11-02")]

    with make_team(PEOPLE, shifts, title="Ward 3") as team:
        book = book_of(team.export("2026-10-30", "2026-11-02", "xlsx"))

    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("October 2026", "visible"),
        ("November 2026", "visible"),
        ("duty-teller", "hidden"),
    ]
    october, november, _codes = book
    assert row_of(october, 1)[0] == "Ward 3: October 2026"
    name, *dates, hours, nights, night, weekends = row_of(october, 2)
    assert [day.date() for day in dates] == [date(2026, 10, 30), date(2026, 10, 31)]
    assert (name, hours, nights, night, weekends) == ("Name", "Hours", "Nights", "Night h", "Wknd h")
    assert row_of(october, 3)[1:3] == ["Fri", "Sat"]
    assert row_of(october, 4) == ["Alice Admin", None, "On", 15, 0, 2, 15]
    assert row_of(october, 5) == ["Dan Duty", None, None, 0, 0, 0, 0]
    assert row_of(november, 4) == ["Alice Admin", "V", "V", 9, 1, 6, 9]
    assert row_of(november, 5) == ["Dan Duty", "On", None, 24, 1, 8, 15]


def test_several_shifts_of_a_day_and_positions_stand_in_one_cell(make_team: MakeTeam) -> None:
    shifts = [
        Stored(0, at("2026-11-02", 8), at("2026-11-02", 20), position="primary"),
        Stored(0, at("2026-11-02", 20), at("2026-11-03", 8), position="backup"),
        Stored(0, at("2026-11-03", 10), at("2026-11-03", 16, 30)),
    ]

    with make_team(PEOPLE, shifts) as team:
        sheet = book_of(team.export("2026-11-02", "2026-11-03", "xlsx")).worksheets[0]

    assert row_of(sheet, 4)[1:3] == ["D2/\nN1", "A"]
    texts = [cell.value for row in sheet.iter_rows(min_row=5) for cell in row if cell.value is not None]
    assert texts[:7] == ["Legend", "D", "day 08:00–20:00", "N", "night 20:00–08:00", "A", "on duty 10:00–16:30"]
    assert texts[7] == "The digit is the position: 1 — backup, 2 — primary"


def test_shift_of_a_week_goes_on_in_the_days_after_its_first(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [duty(0, "2026-11-02", days=3), days(1, "2026-10-20", "2026-11-02")]) as team:
        sheet = book_of(team.export("2026-11-01", "2026-11-05", "xlsx", "ru")).worksheets[0]

    assert row_of(sheet, 1)[0] == "График дежурств: ноябрь 2026"
    assert row_of(sheet, 4) == ["Alice Admin", None, "А", "→", "→", None, 72, 3, 24, 0]
    assert row_of(sheet, 5) == ["Dan Duty", "О", "О", None, None, None, 0, 0, 0, 0]


def test_workbook_is_made_for_paper(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [duty(0, "2026-11-02"), duty(1, "2026-11-03")]) as team:
        sheet = book_of(team.export("2026-11-01", "2026-11-30", "xlsx")).worksheets[0]

    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B4", "$1:$3")


def test_rare_hours_are_written_out_when_letters_would_be_too_many(make_team: MakeTeam) -> None:
    shifts = [Stored(0, at("2026-11-01", 9, index), at("2026-11-01", 9, index + 1)) for index in range(0, 30, 2)]

    with make_team(PEOPLE, shifts) as team:
        sheet = book_of(team.export("2026-11-01", "2026-11-02", "xlsx")).worksheets[0]
        again = team.unchanged(team.export("2026-11-01", "2026-11-02", "xlsx"))

    assert sheet["B4"].value.replace("\n", "").split("/")[-1] == "09:28-09:29"
    assert again


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1"])
def test_no_cell_begins_like_a_formula(make_team: MakeTeam, text: str, file_format: str) -> None:
    shift = Stored(0, at("2026-11-02", 9), at("2026-11-03", 9), position=text, note=text)

    with make_team((text,), [shift], title=text) as team:
        data = team.export("2026-11-01", "2026-11-30", file_format)
        shifts = team.plan(data).parsed.shifts

    if file_format == "xlsx":
        cells = [cell for sheet in book_of(data) for row in sheet.iter_rows() for cell in row]
        assert "f" not in {cell.data_type for cell in cells}
        texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    else:
        texts = [cell for row in csv.reader(StringIO(data.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in texts if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    assert f"'{text}" in texts
    assert [(shift.name, shift.position) for shift in shifts] == [(text, text)]


@pytest.mark.parametrize("text", ["=a", "'=a", "''@a", "\ta", "\ra", "a", "'a", "'", "", "-"])
def test_guarding_a_text_is_taken_back(text: str) -> None:
    assert unguard(guard(text)) == text


# -- the list ------------------------------------------------------------------------------------------------------


def test_list_has_a_row_a_shift(make_team: MakeTeam) -> None:
    shifts = [
        Stored(0, at("2026-10-24", 9), at("2026-10-25", 9), position="primary", note="swap, with Sam"),
        days(1, "2026-10-25", "2026-10-26", EventType.UNAVAILABLE),
        Stored(1, at("2026-10-27", 8), at("2026-10-27", 15, 30)),
    ]

    with make_team(("Alice Admin @alice", "Dan Duty"), shifts) as team:
        english = team.export("2026-10-01", "2026-10-31", "csv")
        russian = team.export("2026-10-27", "2026-10-31", "csv", "ru")

    assert english.startswith(b"\xef\xbb\xbf")
    assert english.decode("utf-8-sig").split("\r\n") == [
        "Date,Start,End,Name,Telegram,Type,Position,Hours,Note",
        '2026-10-24,2026-10-24 09:00+02:00,2026-10-25 09:00+01:00,Alice Admin,alice,duty,primary,25,"swap, with Sam"',
        "2026-10-25,2026-10-25,2026-10-26,Dan Duty,,unavailable,,,",
        "2026-10-27,2026-10-27 08:00+01:00,2026-10-27 15:30+01:00,Dan Duty,,duty,,7.5,",
        "",
    ]
    assert russian.decode("utf-8-sig").split("\r\n") == [
        "Дата;Начало;Конец;Имя;Telegram;Тип;Роль;Часы;Заметка",
        "2026-10-27;2026-10-27 08:00+01:00;2026-10-27 15:30+01:00;Dan Duty;;дежурство;;7,5;",
        "",
    ]


def test_list_names_what_other_calendars_have_on_the_day_and_goes_back_unchanged(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [duty(0, "2026-12-25"), duty(1, "2026-12-26")]) as team:
        team.roster.holidays = "DE-BY"
        schedule = export.read_schedule(team.session, team.roster, date(2026, 12, 25), date(2026, 12, 26), "en")
        events = ((date(2026, 12, 25), "=Party"), (date(2026, 12, 25), "18:00 Fire drill"))
        data = export.write_file(replace(schedule, events=events), "csv").data
        assert team.unchanged(data)

    head, first, second, _end = data.decode("utf-8-sig").split("\r\n")
    assert head.endswith("Note,Public holiday,Events")
    assert first.endswith(',Christmas Day,"\'=Party, 18:00 Fire drill"')
    assert second.endswith(",Second Day of Christmas,")


# -- the calendar --------------------------------------------------------------------------------------------------


def test_calendar_has_the_events_of_the_feed(make_team: MakeTeam) -> None:
    from duty_teller.services.feeds.building import Wanted, Window, build_feed

    shifts = [duty(0, "2026-11-02", position="primary"), days(1, "2026-10-30", "2026-11-05"), duty(1, "2026-12-24")]
    window = Window(at("2026-11-01"), at("2026-12-01"), at("2026-11-01"))

    with make_team(PEOPLE, shifts, title="Ward; 3") as team:
        exported = Calendar.from_ical(team.export("2026-11-01", "2026-11-30", "ics"))
        feed = Calendar.from_ical(build_feed(team.session, [team.roster], Wanted(None, None, "en"), window, "").body)

    def events(calendar: Any) -> list[list[str]]:
        own = [event.content_lines() for event in calendar.walk("VEVENT")]
        return [[str(line) for line in lines if not line.startswith("X-DUTY-TELLER")] for lines in own]

    assert events(exported) == events(feed)
    assert [str(event["SUMMARY"]) for event in exported.walk("VEVENT")] == [
        "Ward; 3, Vacation: Dan Duty",
        "Ward; 3: Alice Admin (primary)",
    ]


# -- the fixed JSON ------------------------------------------------------------------------------------------------


def test_json_has_a_letter_a_day(make_team: MakeTeam) -> None:
    shifts = [
        duty(0, "2026-11-01"),
        duty(1, "2026-10-31"),
        days(1, "2026-10-20", "2026-11-02"),
        days(1, "2026-11-03", "2026-11-03", EventType.UNAVAILABLE),
    ]

    with make_team(PEOPLE, shifts) as team:
        document = json.loads(team.export("2026-11-01", "2026-11-04", "json"))

    assert document == {
        "meta": {"start_date": "2026-11-01"},
        "schedule": [{"name": "Alice Admin", "duty": "Б; ; ; "}, {"name": "Dan Duty", "duty": "О;О;Н; "}],
    }


@pytest.mark.parametrize(
    ("shifts", "key"),
    [
        ([Stored(0, at("2026-11-02", 8), at("2026-11-02", 20))], "export.json.not_handover"),
        ([duty(0, "2026-11-02", days=2)], "export.json.not_handover"),
        ([duty(0, "2026-11-02", position="primary")], "export.json.position"),
        ([duty(0, "2026-11-02"), days(0, "2026-11-02", "2026-11-03")], "export.json.two_a_day"),
    ],
)
def test_json_refuses_what_it_cannot_say(make_team: MakeTeam, shifts: list[Stored], key: str) -> None:
    with make_team(PEOPLE, shifts) as team, pytest.raises(NotInJsonError) as refused:
        team.export("2026-11-01", "2026-11-30", "json")

    assert refused.value.key == key
    assert "Alice Admin" in refused.value.text("en") and ".xlsx" in refused.value.text("en")
    assert "Alice Admin" in refused.value.text("ru") and "2 " in refused.value.text("ru")


# -- around them ---------------------------------------------------------------------------------------------------


def test_days_without_anybody_are_refused(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [duty(0, "2026-11-02")]) as team, pytest.raises(LocalizedError) as refused:
        team.export("2026-12-01", "2026-12-31", "xlsx")

    assert refused.value.key == "export.empty"


def test_people_called_alike_are_told_apart(make_team: MakeTeam) -> None:
    with make_team(("Dan Duty @dan_one", "Dan Duty @dan_two"), [duty(0, "2026-11-02"), duty(1, "2026-11-03")]) as team:
        schedule = export.read_schedule(team.session, team.roster, date(2026, 11, 1), date(2026, 11, 30), "en")

    assert schedule.names == ("Dan Duty @dan_one", "Dan Duty @dan_two")


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2028, 2, 1), date(2028, 2, 29), "duty-2028-02.xlsx"),
        (date(2026, 2, 1), date(2026, 2, 27), "duty-2026-02-01_2026-02-27.xlsx"),
        (date(2026, 12, 1), date(2026, 12, 31), "duty-2026-12.xlsx"),
    ],
)
def test_file_name_tells_the_days(first: date, last: date, name: str) -> None:
    assert export.file_name(first, last, "xlsx") == name


def test_year_of_fifty_people_stays_within_what_an_import_takes() -> None:
    start = datetime(2026, 1, 1, 8, tzinfo=UTC)
    shifts = tuple(
        ExportShift(f"Person Number{who}", start + timedelta(days=day), start + timedelta(days=day, hours=12))
        for day in range(0, 365, 5)
        for who in range(50)
    )
    schedule = ExportedSchedule("", Handover(time(9), "UTC"), date(2026, 1, 1), date(2026, 12, 31), shifts)

    data = write_xlsx(schedule)

    from duty_teller.importers.duty_schedule import read_roster_file

    assert len(read_roster_file(data).entries) == len(shifts)


def test_json_refuses_sick_leave_by_name(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [days(1, "2026-11-03", "2026-11-03", EventType.SICK)]) as team:
        with pytest.raises(LocalizedError, match="JSON has no letter for this: Dan Duty, sick leave") as refused:
            team.export("2026-11-01", "2026-11-30", "json")
        assert refused.value.key == "export.json.type"
