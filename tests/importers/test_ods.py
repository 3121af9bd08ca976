"""OpenDocument spreadsheets: what repeats, what is merged, hidden, deleted or a remark; and limits."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from duty_teller.importers import limits
from duty_teller.importers.duty_schedule import (
    Answers,
    ParsedRoster,
    RosterFileError,
    parse_codes,
    parse_duty_schedule,
    read_roster_file,
)
from duty_teller.importers.readers.ods import read_sheets
from duty_teller.importers.readers.package import Package
from duty_teller.importers.sheet import Broken, Sheet
from tests.importers.builders import MOSCOW, opened, zipped

SPACES = (
    " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text", "style")
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def document(sheets: str, styles: str = "", prolog: str = "", kind: bytes = TYPE, **parts: bytes) -> bytes:
    """Returns a spreadsheet of raw XML."""
    body = f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
    content = (
        f'<?xml version="1.0"?>{prolog}<office:document-content {SPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>{body}</office:document-content>"
    )
    more = [(name.replace("__", "/") + ".xml", part) for name, part in parts.items()]
    return zipped([("mimetype", kind), ("content.xml", content.encode()), *more])


def table(*rows: str, name: str = "Март", head: str = "", style: str = "") -> str:
    shown = f' table:style-name="{style}"' if style else ""
    return f'<table:table table:name="{name}"{shown}>{head}{"".join(rows)}</table:table>'


def row(*cells: str, times: int = 1, **attributes: str) -> str:
    named = "".join(f' table:{key}="{value}"' for key, value in attributes.items())
    return f'<table:table-row table:number-rows-repeated="{times}"{named}>{"".join(cells)}</table:table-row>'


def text(value: str, **counts: int) -> str:
    named = "".join(f' table:{key.replace("_", "-")}="{count}"' for key, count in counts.items())
    return f'<table:table-cell office:value-type="string"{named}><text:p>{value}</text:p></table:table-cell>'


def typed(kind: str, value: str, name: str = "value") -> str:
    return f'<table:table-cell office:value-type="{kind}" office:{name}="{value}"><text:p>?</text:p></table:table-cell>'


def empty(times: int = 1) -> str:
    return f'<table:table-cell table:number-columns-repeated="{times}"/>'


def sheets_of(data: bytes) -> list[Sheet]:
    with opened(data) as archive:
        return read_sheets(Package(archive))


MONTH = table(
    row(text("ФИО"), *(typed("date", f"2025-03-{day:02d}", "date-value") for day in range(1, 32)), empty(16_352)),
    row(text("Алиса"), text("Д"), empty(16_382)),
    row(text("Даниил"), empty(), text("Д", number_columns_repeated=2), empty(16_380)),
    row(empty(16_384), times=1_048_573),
)


def test_month_is_read_like_a_workbook() -> None:
    roster = parse_duty_schedule(document(MONTH), "график.ods", MOSCOW, Answers(parse_codes("Д=duty")))

    assert isinstance(roster, ParsedRoster)
    assert roster.format == "ods"
    assert [(shift.name, shift.start.date(), shift.where) for shift in roster.shifts] == [
        ("Алиса", date(2025, 3, 1), "Март!B2"),
        ("Даниил", date(2025, 3, 2), "Март!C3"),
        ("Даниил", date(2025, 3, 3), "Март!D3"),
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (typed("float", "5"), 5),
        (typed("float", "7.5"), 7.5),
        (typed("percentage", "0.5"), 0.5),
        (typed("date", "2025-03-01T09:00:00", "date-value"), datetime(2025, 3, 1, 9)),  # noqa: DTZ001
        (typed("date", "2025-03-01", "date-value"), datetime(2025, 3, 1)),  # noqa: DTZ001
        (typed("time", "PT08H30M00S", "time-value"), time(8, 30)),
        (typed("time", "PT26H00M00S", "time-value"), timedelta(hours=26)),
        (typed("boolean", "true", "boolean-value"), True),
        (text("Анна<text:s text:c='3'/>Лис<text:line-break/>"), "Анна Лис"),
        (text("<text:span>Анна</text:span><office:annotation><text:p>звонить</text:p></office:annotation>"), "Анна"),
        ('<table:table-cell table:formula="of:=[.B1]"/>', Broken("")),
        (text("#REF!").replace("<table:table-cell", '<table:table-cell calcext:value-type="error"'), Broken("#REF!")),
    ],
)
def test_cells_of_every_kind(cell: str, value: object) -> None:
    (sheet,) = sheets_of(document(table(row(cell))))

    assert sheet.rows == {1: {1: value}}


def test_lines_of_a_cell_are_kept() -> None:
    cell = text("Анна Лис</text:p><text:p>Олег Ким")

    (sheet,) = sheets_of(document(table(row(cell))))

    assert sheet.broken_lines == {"Анна Лис Олег Ким": "Анна Лис\nОлег Ким"}


def test_merged_cells_are_ranges() -> None:
    merged = text("Апрель", number_columns_spanned=3, number_rows_spanned=2)
    covered = "<table:covered-table-cell/>" * 2

    (sheet,) = sheets_of(document(table(row(empty(), merged, covered), row(empty(), covered, text("x")))))

    assert (sheet.rows, sheet.merges) == ({1: {2: "Апрель"}, 2: {4: "x"}}, [(1, 2, 2, 4)])


def test_hidden_sheets_rows_and_columns_are_facts() -> None:
    style = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    head = (
        '<table:table-column/><table:table-column table:number-columns-repeated="2" table:visibility="collapse"/>'
        '<table:table-column-group table:display="false"><table:table-column/></table:table-column-group>'
    )
    rows = [
        row(text("a"), text("b"), text("c"), text("d"), text("e")),
        row(text("f"), visibility="filter"),
        f'<table:table-row-group table:display="false">{row(text("g"))}</table:table-row-group>',
        row(text("h")),
    ]

    shown, hidden = sheets_of(document(table(*rows, head=head) + table(name="Архив", style="ta2"), style))

    assert (shown.hidden, hidden.hidden) == (False, True)
    assert (shown.hidden_rows, shown.hidden_columns) == ({2, 3}, {2, 3, 4})


def test_deleted_cells_are_no_cells() -> None:
    gone = (
        f"<table:tracked-changes><table:deletion>{table(row(text('Бывший')))}</table:deletion></table:tracked-changes>"
    )

    (sheet,) = sheets_of(document(gone + table(row(text("Анна")))))

    assert sheet.rows == {1: {1: "Анна"}}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(table(row(text("Д", number_columns_repeated=16_384), times=1_048_576)), id="a-full-sheet"),
        pytest.param(table(row(text("Д", number_columns_repeated=60_000))), id="a-row"),
        pytest.param(table(row(text("Д"), times=60_000)), id="a-column"),
        pytest.param(table(row(text("Д", number_columns_repeated=10**15))), id="more-than-a-sheet-has"),
    ],
)
def test_cells_that_repeat_are_counted_before_they_are_written(content: str) -> None:
    with pytest.raises(RosterFileError) as refused:
        read_roster_file(document(content))

    assert refused.value.problems[0].key == "import.file.too_many_cells"


def test_what_repeats_and_is_empty_costs_nothing() -> None:
    rows = [row(empty(10**9), times=10**9)] * 3

    assert sheets_of(document(table(row(text("a")), *rows, row(text("b")))))[0].rows.keys() == {1, 3 * 1_048_576 + 2}


def test_password_is_named() -> None:
    manifest = b'<m:manifest xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'

    with pytest.raises(RosterFileError) as refused:
        read_roster_file(document(MONTH, **{"META-INF__manifest": manifest}))

    assert refused.value.problems[0].key == "import.file.password"


@pytest.mark.parametrize(
    ("made", "key"),
    [
        (lambda: document("".join(table(name=str(n)) for n in range(limits.MAX_SHEETS + 1))), "too_many_sheets"),
        (lambda: document(table(row(text("&b;"))), prolog='<!DOCTYPE x [<!ENTITY b "haha">]>'), "damaged"),
        (lambda: document(MONTH, kind=b"application/vnd.oasis.opendocument.text"), "format"),
        (lambda: document(MONTH)[:300], "damaged"),
        (lambda: document(MONTH + " " * (limits.MAX_UNZIPPED_BYTES + 1)), "too_big_unzipped"),
    ],
    ids=["sheets", "entities", "a-letter", "cut-short", "bomb"],
)
def test_what_cannot_be_taken_is_refused(made: Callable[[], bytes], key: str) -> None:
    with pytest.raises(RosterFileError) as refused:
        read_roster_file(made())

    assert refused.value.problems[0].key == f"import.file.{key}"
