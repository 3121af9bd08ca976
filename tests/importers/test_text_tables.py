"""Text files: encodings, separators, limits; and the people a text names."""

from datetime import date

import pytest

from duty_teller.importers import limits
from duty_teller.importers.duty_schedule import RosterFileError, read_roster_file
from duty_teller.importers.model import Contact
from duty_teller.importers.readers.text_table import MAX_LINE, read_text_table
from duty_teller.importers.tables.cells import split_people
from duty_teller.importers.words.contacts import People, split_contact


def refusal(data: bytes, name: str = "roster.csv") -> str:
    with pytest.raises(RosterFileError) as refused:
        read_roster_file(data, name)
    return refused.value.text("en")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encoding_and_separator_are_found(encoding: str, separator: str) -> None:
    text = f"Дата{separator}Дежурный\r\n01.03.2025{separator}Орлова Алиса\r\n"

    sheet = read_text_table(text.encode(encoding))

    assert sheet is not None
    assert sheet.rows == {1: {1: "Дата", 2: "Дежурный"}, 2: {1: "01.03.2025", 2: "Орлова Алиса"}}


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("cp1251", "Орлова Алёна"),
        ("cp1251", "Ґалаґан Їжакевич"),
        ("cp866", "Орлова Алёна"),
        ("cp1252", "Müller-Weiß Jörg"),
        ("cp1252", "Mäkelä Åke"),
        ("cp1250", "Wójcik Stanisław"),
        ("cp1250", "Łęcka Żaneta"),
    ],
)
def test_code_page_shows_in_its_letters(page: str, name: str) -> None:
    sheet = read_text_table(f"Date;Name\r\n01.03.2025;{name}\r\n".encode(page))

    assert sheet is not None
    assert sheet.rows[2] == {1: "01.03.2025", 2: name}


@pytest.mark.parametrize(
    ("line", "separator"), [("sep=;", ";"), ("SEP=,", ","), ("sep=\t", "\t"), ("sep=;;;", ";"), ("sep=|", "|")]
)
def test_line_that_names_the_separator_is_no_row(line: str, separator: str) -> None:
    text = f"{line}\r\nDate{separator}Name\r\n01.03.2025{separator}Lindt; Anna, Dr.\r\n"

    sheet = read_text_table(text.encode("utf-16"))

    assert sheet is not None
    assert sheet.rows[2] == {1: "Date", 2: "Name"}
    assert sheet.rows.keys() == {2, 3}


def test_year_first_with_slashes_is_read_one_way() -> None:
    cells = read_roster_file("Date;Name\n2026/4/1;Орлова Алиса\n2026/4/2;Котов Даниил\n".encode())

    assert [entry.day for entry in cells.entries] == [date(2026, 4, 1), date(2026, 4, 2)]


def test_commas_within_cells_are_no_separators() -> None:
    sheet = read_text_table("Дата;Кто\n1.3.2025;Орлова, Котов\n2.3.2025;Лис, Котов\n".encode())

    assert sheet is not None
    assert sheet.rows[2] == {1: "1.3.2025", 2: "Орлова, Котов"}


def test_cell_keeps_the_line_it_begins_in() -> None:
    cells = read_roster_file('Дата;Кто\n01.03.2025;"Орлова\nАлиса"\n02.03.2025;Котов Даниил\n'.encode())

    assert [entry.where for entry in cells.entries if entry.name == "Котов Даниил"] == ["line 4"]


def test_one_line_of_megabytes_is_refused_before_it_is_parsed() -> None:
    assert refusal(b"1;" * (2 * 2**20)) == (
        f"The file has a line of more than {MAX_LINE} characters, which doesn't look like a table."
    )


def test_hundred_megabytes_are_refused_by_their_size() -> None:
    assert refusal(b"1;" * (50 * 2**20)) == "The file is too big: I take up to 5 MB. Keep only the roster in it."


def test_too_many_cells_are_refused_while_they_are_read() -> None:
    assert refusal(b"1;2;3;4;5;6;7;8;9;10\n" * 5001) == (
        f"The file has more than {limits.MAX_CELLS} filled cells. Keep only the roster in it."
    )


@pytest.mark.parametrize("name", ["a.pdf", "a.ods", "a.docx", "a.xls", "a.html", "a.png"])
def test_other_formats_are_to_be_saved_as_xlsx(name: str) -> None:
    assert "save it as .xlsx and send it again" in refusal("Дата;Имя\n01.03.2025;Орлова Алиса".encode(), name)


def test_rules_that_run_over_too_many_days_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duty_teller.importers.readers.calendar.MAX_RULE_DAYS", 9_000)
    lines = ["DTSTART:20000101T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "SUMMARY:Alice"]
    event = ["BEGIN:VEVENT", "DTSTAMP:20250301T000000Z", *lines, "END:VEVENT"]
    calendar = "\r\n".join(["BEGIN:VCALENDAR", *event, "END:VCALENDAR"])

    assert refusal(calendar.encode(), "roster.ics").startswith(
        "Alice (2000-01-01): the calendar has too many events that have been repeating for years."
    )


def test_binary_file_named_csv_is_refused() -> None:
    assert refusal(b"\x00\x01\x02" * 50).startswith("There's no table in this file")


@pytest.mark.parametrize(
    ("text", "name", "contact"),
    [
        ("Орлова Алиса", "Орлова Алиса", Contact()),
        ("Орлова Алиса (тел. +7 900 123-45-67)", "Орлова Алиса", Contact(phone="+7 900 123-45-67")),
        ("Dan Dale <Dan@Example.org>", "Dan Dale", Contact(email="dan@example.org")),
        ("Dan @Dan_Duty 8 900 123 45 67", "Dan", Contact("dan_duty", None, "8 900 123 45 67")),
        ("@dan_duty", "", Contact("dan_duty")),
        ("Петров 2", "Петров 2", Contact()),
    ],
)
def test_contacts_are_taken_out_of_names(text: str, name: str, contact: Contact) -> None:
    assert split_contact(text) == (name, contact)


def test_same_name_with_another_username_is_another_person() -> None:
    people = People()

    names = [people.add(text) for text in ("Dan @dan_one", "Dan @dan_two", "Dan", "dan")]

    assert names == ["Dan @dan_one", "Dan @dan_two", "Dan @dan_one", "Dan @dan_one"]
    assert people.names == ("Dan @dan_one", "Dan @dan_two")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Орлова, Котов", ["Орлова", "Котов"]),
        ("Орлова/Котов; Лис", ["Орлова", "Котов", "Лис"]),
        ("Орлова А.А.\nКотов Д.", ["Орлова А.А.", "Котов Д."]),
        ("Орлова, А.А.", ["Орлова А.А."]),
        ("Орлова (до 12:00, дома), Котов", ["Орлова", "Котов"]),
        ("нет", []),
        ("выходной", []),
        ("-", []),
    ],
)
def test_people_of_a_cell_are_split(text: str, people: list[str]) -> None:
    assert [person.name for person in split_people(text)] == people


def test_times_beside_a_name_are_its_times() -> None:
    assert split_people("Alice 09:00-17:00; Dan") == [("Alice", "09:00-17:00", ""), ("Dan", "", "")]
