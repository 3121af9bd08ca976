"""From sheets to cells: which shapes stand where on a sheet, and what they add up to."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.model import Block, Fork, RosterCells
from duty_teller.importers.problems import Problem, RosterFileError
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Broken, Sheet, cell_text
from duty_teller.importers.tables.account import ranges, settle
from duty_teller.importers.tables.bare_days import with_dates
from duty_teller.importers.tables.cells import likeness
from duty_teller.importers.tables.commas import surnames_first
from duty_teller.importers.tables.dating import covered_runs, date_blocks
from duty_teller.importers.tables.day_lists import read_day_lists
from duty_teller.importers.tables.doubts import doubts_of
from duty_teller.importers.tables.grids import SheetReader
from duty_teller.importers.tables.headers import Header, find_headers, find_weekly, find_weeks, stack_halves
from duty_teller.importers.tables.legend import legends_of
from duty_teller.importers.tables.list_tables import ListTable, find_lists
from duty_teller.importers.tables.lists import ListReader
from duty_teller.importers.tables.parse_result import ParseResult
from duty_teller.importers.tables.shorthand import spelled_out
from duty_teller.importers.tables.split import side_by_side
from duty_teller.importers.tables.transpose import read_transposed
from duty_teller.importers.tables.weeks import read_weeks
from duty_teller.importers.words.meaning import Answers
from duty_teller.importers.words.titles import is_week_heading

_SCHEDULE: Final = ("names", "entries", "blocks", "contacts")
"""What makes two readings of a file different schedules."""
_CORRECTABLE: Final = 12_000
"""Cells of tables that are kept so that their days can be corrected: a phone draws no more of them."""
KEPT_UNREAD: Final = 200
"""Cells that were not read and are named one by one; all of them are counted."""


def read_tables(
    file_format: str, sheets: Sequence[Sheet], file_name: str, readings: dict[str, list[Sheet]]
) -> RosterCells:
    """Reads all tables of all visible sheets, without and with what is struck through or hidden, where anything is.

    Args:
        file_format: `xlsx`, `ods` or `csv`.
        sheets: As read.
        file_name: May name the month and the year.
        readings: Takes the sheets as they were read, with the roles of their cells.

    Raises:
        RosterFileError: No days, no names, contradictions, or more than allowed.
    """
    struck = [sheet for sheet in sheets if not sheet.hidden and sheet.struck]
    if not struck:
        return _read_shown(file_format, sheets, file_name, readings)
    row, column = min(struck[0].struck)
    text, where = cell_text(struck[0].rows[row][column])[:64], struck[0].where(row, column)
    count = sum(len(sheet.struck) for sheet in struck)
    left = [sheet.without_struck() for sheet in sheets]
    found: dict[str, RosterCells] = {}
    refused = None
    for option, those in (("drop", left), ("keep", list(sheets))):
        try:
            found[option] = _read_shown(file_format, those, file_name, {})
            readings[option] = those
        except RosterFileError as error:
            refused = refused or error
    readings[""] = list(sheets)
    if not found and refused is not None:
        raise refused
    first, *others = found.values()
    if others and all(getattr(first, part) == getattr(others[0], part) for part in _SCHEDULE):
        return first
    return replace(first, fork=Fork("struck", text, where, count, found))


def _read_shown(
    file_format: str, sheets: Sequence[Sheet], file_name: str, readings: dict[str, list[Sheet]]
) -> RosterCells:
    """Reads all tables of all visible sheets, without and with their hidden rows and columns where there are any."""
    hiding = [sheet for sheet in sheets if not sheet.hidden and (sheet.hidden_rows or sheet.hidden_columns)]
    readings[""] = list(sheets)
    if not hiding:
        return _read_names(file_format, sheets, file_name, readings)
    shown = [sheet.shown() if sheet.hidden_rows or sheet.hidden_columns else sheet for sheet in sheets]
    readings |= {"skip": shown, "read": list(sheets)}
    note = hidden_note(hiding)
    without = everything = refused = None
    try:
        without = _read_names(file_format, shown, file_name)
        without = replace(without, warnings=(note, *without.warnings))
    except RosterFileError as error:
        refused = error
    try:
        everything = _read_names(file_format, sheets, file_name)
        note = replace(note, key="import.file.hidden_read")
        everything = replace(everything, warnings=(note, *everything.warnings))
    except RosterFileError as error:
        refused = refused or error
    if without is None and everything is None and refused is not None:
        raise refused
    if without is None or everything is None:  # what the table needs is hidden itself, or what is hidden is no table
        only = without or everything
        assert only is not None  # noqa: S101  # one of them was read
        return only
    if all(getattr(without, part) == getattr(everything, part) for part in _SCHEDULE):
        return without
    count = sum(len(sheet.hidden_rows) + len(sheet.hidden_columns) for sheet in hiding)
    return replace(without, fork=Fork("hidden", note.where, note.where, count, {"skip": without, "read": everything}))


def hidden_note(hiding: Sequence[Sheet]) -> Problem:
    """Says how many rows and columns are hidden, with the first cell in them."""
    first = hiding[0]
    cells = (
        (row, column)
        for row, values in sorted(first.rows.items())
        for column in sorted(values)
        if row in first.hidden_rows or column in first.hidden_columns
    )
    row, column = next(cells, (1, 1))
    count = sum(len(sheet.hidden_rows) + len(sheet.hidden_columns) for sheet in hiding)
    return Problem(first.where(row, column), "import.file.hidden", {"n": count})


def _read_names(
    file_format: str, sheets: Sequence[Sheet], file_name: str, readings: dict[str, list[Sheet]] | None = None
) -> RosterCells:
    """Reads all tables; where a comma could stand between surname and first name, in both ways."""
    two = _read(file_format, sheets, file_name)
    commas = surnames_first(sheets, two.names)
    if commas is None:
        return two
    try:
        one = _read(file_format, commas.sheets, file_name)
    except RosterFileError:
        return two
    if readings is not None:
        readings |= {"one": list(commas.sheets), "two": list(sheets)}
    return replace(one, fork=Fork("comma", commas.text[:64], commas.where, commas.count, {"one": one, "two": two}))


def _read(file_format: str, sheets: Sequence[Sheet], file_name: str) -> RosterCells:
    """Reads all tables of all visible sheets."""
    found = ParseResult()
    sheets = [with_dates(spelled_out(sheet, found), file_name) for sheet in sheets if sheet.rows]
    hidden = [sheet.name for sheet in sheets if sheet.hidden]
    shown = [sheet for sheet in sheets if not sheet.hidden]
    without = [sheet for sheet in shown if not read_sheet(sheet, file_name, found)]
    if not found.blocks and not found.entries:
        for sheet in without:
            reader = SheetReader(sheet, file_name, found)
            for number, row in sheet.rows.items():
                for column, value in row.items():
                    if isinstance(value, Broken):
                        reader.found.refuse_broken(reader.sheet, number, column)
    elif without:
        found.warnings.append(_sheets("import.file.sheets_without", [sheet.name for sheet in without]))
    written = [cell.text for block in found.blocks for cell in block.cells] + [entry.text for entry in found.entries]
    legend = legends_of((sheet for sheet in shown if sheet not in without), written)
    asked, unread = _account(shown, without, found)
    if hidden:
        found.warnings.append(_sheets("import.file.sheets_hidden", hidden))
    if found.problems:
        raise RosterFileError(found.problems)
    if not shown:
        raise RosterFileError.of("import.file.empty_workbook")
    if not found.blocks and not found.entries:
        raise RosterFileError.of("import.file.no_days")
    if not len(found.people):
        raise RosterFileError.of("import.file.no_names", where=found.blocks[0].where if found.blocks else "")
    if len(found.people) > limits.MAX_PEOPLE:
        raise RosterFileError.of("import.file.too_many_people", limit=limits.MAX_PEOPLE)
    if not found.entries and not any(block.cells for block in found.blocks):
        raise RosterFileError.of("import.file.no_duties", where=found.blocks[0].where)
    if found.replaced:
        found.warnings.append(_cells_warning("import.file.replaced", found.replaced))
    if found.remarks:
        found.warnings.append(_cells_warning("import.file.remarks", found.remarks))
    if unread:
        found.warnings.append(_cells_warning("import.file.unread", unread))
    return replace(
        _dated(file_format, found),
        unread=tuple(unread[:KEPT_UNREAD]),
        asked=tuple(asked),
        legend=tuple(legend),
        doubts=tuple(doubts_of(found)),
    )


def _account(
    sheets: Sequence[Sheet], without: Sequence[Sheet], found: ParseResult
) -> tuple[list[tuple[str, str, int]], list[tuple[str, str]]]:
    """Gives every cell its role.

    Returns:
        What has to be asked about (range, first cell, count), and all cells that are unread (place, text).
    """
    asked: list[tuple[str, str, int]] = []
    unread: list[tuple[str, str]] = []
    codes = {code for area in found.areas for code in area.codes}
    for sheet in sheets:
        if sheet in without:
            for number, row in sheet.rows.items():
                sheet.note(number, row, CellRole.UNREAD)
            continue
        areas = [area for area in found.areas if area.sheet.account is sheet.account]
        cells = settle(sheet, areas, codes)
        for shown, group in ranges(cell for cell in cells if cell.asks):
            first = sheet.where(group[0].row, group[0].column)
            asked.append((f"{sheet.name}!{shown}" if sheet.name else shown, first, len(group)))
        unread += [(sheet.where(cell.row, cell.column), cell_text(cell.value)[:100]) for cell in cells]
    return asked, unread


def _cells_warning(key: str, cells: Sequence[tuple[str, str]]) -> Problem:
    shown = ", ".join(f"{where} “{text[:40]}”" for where, text in cells[:3]) + ("…" if len(cells) > 3 else "")
    return Problem("", key, {"n": len(cells), "cells": shown})


def _dated(file_format: str, found: ParseResult) -> RosterCells:
    """Dates what can be dated without an answer."""
    dated = date_blocks(found.blocks, Answers())
    if dated.problems:
        raise RosterFileError(dated.problems)
    known = not dated.questions
    # Which days instants are of shows in the zone of the roster only.
    covered = covered_runs(dated.days) if known and not found.entries else ()
    return RosterCells(
        format=file_format,
        names=found.people.names,
        first_day=covered[0][0] if covered else None,
        last_day=covered[-1][1] if covered else None,
        entries=(*found.entries, *dated.entries) if known else tuple(found.entries),
        blocks=() if known else tuple(found.blocks),
        tables=tuple(found.blocks) if known and _few_enough(found.blocks) else (),
        loose=len(found.entries),
        covered=covered,
        warnings=(*found.warnings, *(dated.warnings if known else ())),
        contacts=dict(found.people.contacts),
    )


def _few_enough(blocks: Sequence[Block]) -> bool:
    return sum(len(block.cells) for block in blocks) <= _CORRECTABLE


def _sheets(key: str, names: list[str]) -> Problem:
    shown = ", ".join(names[:5]) + ("…" if len(names) > 5 else "")
    return Problem("", key, {"sheets": shown, "n": len(names)})


def read_sheet(sheet: Sheet, file_name: str, found: ParseResult) -> bool:
    """Adds the tables of a sheet to what was found; tells whether there was one."""
    parts = side_by_side(sheet)
    if len(parts) > 1:
        taken = [_read_part(part, file_name, found) for part in parts]
        return any(taken)
    return _read_part(sheet, file_name, found)


def _read_part(sheet: Sheet, file_name: str, found: ParseResult) -> bool:
    is_taken = read_weeks(sheet, file_name, found)
    if read_day_lists(sheet.without_read() if is_taken else sheet, file_name, found):
        is_taken = True
    if is_taken:
        sheet = sheet.without_read()
    if not sheet.rows:
        return is_taken
    headers = find_headers(sheet)
    lists = find_lists(sheet, headers)
    headers = [header for header in headers if not any(_beats(table, header) for table in lists)]
    lists = [table for table in lists if not any(_covers(sheet, header, table) for header in headers)]
    headers = stack_halves(sheet, headers)
    headers = sorted([*headers, *_weeks(sheet, headers, lists)], key=lambda header: header.row)
    last = max(sheet.rows)
    reader = SheetReader(sheet, file_name, found)
    top, is_first = 1, True
    for index, header in enumerate(headers):
        below = [other.row - 1 for other in headers[index + 1 : index + 2]]
        below += [table.top - 1 for table in lists if table.top > header.row]
        if header.broken is not None:
            reader.found.refuse_broken(reader.sheet, header.row, header.broken)
        top = reader.table(header, top, min([*below, last]), is_first)
        is_first = False
    taken = bool(headers) or is_taken
    leftover: list[ListTable] = []
    for table in lists:
        if ListReader(sheet, table, file_name, found).read():
            taken = True
        else:
            leftover.append(table)
    return (
        read_transposed(sheet, file_name, found, leftover)
        or taken
        or _read_turned(sheet, file_name, found)
        or _read_weeks_across(sheet, file_name, found)
    )


def _names_its_days(sheet: Sheet, table: ListTable) -> bool:
    """Tells whether people stand on most of the days of a list, rather than beside them with marks on the days."""
    texts = [
        [value for column, value in sheet.rows[row].items() if column != table.date_column and isinstance(value, str)]
        for row in table.rows
    ]
    return sum(any(map(likeness, found)) for found in texts) * 2 > len(texts)


def _read_weeks_across(sheet: Sheet, file_name: str, found: ParseResult) -> bool:
    """Reads people with marks under the first days of weeks."""
    headers = find_weekly(sheet)
    reader, top = SheetReader(sheet, file_name, found), 1
    for index, header in enumerate(headers):
        bottom = headers[index + 1].row - 1 if index + 1 < len(headers) else max(sheet.rows)
        top = reader.table(header, top, bottom, index == 0)
        if any(map(is_week_heading, _texts_above(sheet, header))):
            found.blocks[-1] = replace(found.blocks[-1], every="week")
    return bool(headers)


def _texts_above(sheet: Sheet, header: Header) -> list[str]:
    """Returns the texts in the row of some days and right above it."""
    rows = (sheet.rows.get(number, {}) for number in (header.row, header.row - 1))
    return [value for row in rows for value in row.values() if isinstance(value, str)]


def _read_turned(sheet: Sheet, file_name: str, found: ParseResult) -> bool:
    """Reads days that run across but do not follow each other (Mondays, weekends): a list on its side."""
    turned = sheet.turn()
    taken = False
    for table in find_lists(turned, ()):
        if (
            len(table.moments) > 1
            and _names_its_days(turned, table)
            and ListReader(turned, table, file_name, found).read()
        ):
            taken = True
    return taken


def _beats(table: ListTable, header: Header) -> bool:
    """Tells whether numbers in a row are no days because they stand in a list of dated rows."""
    return header.marks[0].month is None and table.top <= header.row <= table.bottom


def _covers(sheet: Sheet, header: Header, table: ListTable) -> bool:
    """Tells whether a column of dates belongs to the people of a grid (birthdays), rather than to a list below it."""
    if table.bottom <= header.row:
        return False
    if header.row >= table.first_row:
        return True
    rows = [sheet.rows[number] for number in table.rows if number in sheet.rows]
    days = set(header.columns)
    is_wide = sum(max(row) > header.columns[0] + 8 for row in rows) * 2 > len(rows)
    is_apart = table.heading_row is not None or table.first_row - 1 not in sheet.rows
    return (
        is_wide
        or not is_apart
        or (table.date_column < header.columns[0] and bool(days & set(rows[0])) and not table.heading_row)
    )


def _weeks(sheet: Sheet, headers: Sequence[Header], lists: Sequence[ListTable]) -> list[Header]:
    weeks = find_weeks(sheet, headers)
    return [week for week in weeks if not any(table.top <= week.row <= table.bottom for table in lists)]
