"""Grids whose days run down: each is turned and read as a month grid; several columns a person are put together."""

from collections.abc import Sequence

from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Sheet, Value, cell_text
from duty_teller.importers.tables.grids import SheetReader
from duty_teller.importers.tables.headers import MIN_DAYS, Header, runs_of_days
from duty_teller.importers.tables.list_tables import ListTable, label_of
from duty_teller.importers.tables.parse_result import ParseResult
from duty_teller.importers.tables.people import is_capitalised
from duty_teller.importers.words.moments import read_clock
from duty_teller.importers.words.titles import read_title

_TITLE_ROWS = 8


def read_transposed(sheet: Sheet, file_name: str, found: ParseResult, tables: Sequence[ListTable]) -> bool:
    """Reads columns of days that no list was made of.

    Args:
        sheet: The sheet.
        file_name: May name the month and the year.
        found: Where to put what is found.
        tables: Columns of days that run down.

    Returns:
        Whether there was a table.
    """
    taken = False
    ends: list[int] = []
    for table in sorted(tables, key=lambda table: (table.first_row, table.date_column)):
        cells: list[tuple[int, Value]] = [(row, sheet.rows[row][table.date_column]) for row in table.rows]
        if table.kind == "week":
            runs = [(table.rows, [table.moments[row].mark for row in table.rows])]
        else:
            runs = [run for run in runs_of_days(cells, sheet.mac_epoch) if len(run[0]) >= MIN_DAYS]
        for rows, marks in runs:
            top = max((end + 1 for end in ends if end < rows[0]), default=1)
            _read(sheet, file_name, found, table, Header(table.date_column, rows, marks, kind=table.kind), top)
            taken = True
            ends.append(rows[-1])
    return taken


def _read(sheet: Sheet, file_name: str, found: ParseResult, table: ListTable, header: Header, top: int) -> None:
    first, last = header.columns[0], header.columns[-1]
    header.kind = "week" if table.kind == "week" else "run"
    part = sheet.part(top, last)
    titles: list[Value] = []
    for number in sorted((row for row in sheet.rows if top <= row < first), reverse=True)[:_TITLE_ROWS]:
        row = sheet.rows[number]
        texts = {at: value for at, value in row.items() if at != table.date_column and isinstance(value, str)}
        right = sum(at > table.date_column for at in texts)
        # `Jan Krawczyk` heads a column, of this table or of the one beside it, and names no month.
        people = [
            at
            for at, text in texts.items()
            if (at > table.date_column and (right > 1 or is_capitalised(text)))
            or (at < table.date_column and len(texts) > 2 and is_capitalised(text))
        ]
        titles += [value for at, value in row.items() if at not in people or read_title(texts[at]).year]
    _join_times(part, header)
    for number in [row for row in part.rows if row < first]:
        if sum(isinstance(value, str) for value in part.rows[number].values()) < 2:
            del part.rows[number]  # a title
    part.merges = [merge for merge in part.merges if merge[0] in part.rows]
    reader = SheetReader(part.turn(), file_name, found, titles or ("",))
    right = min([other for other in (table.right,) if other < 10**6] or [max(max(row) for row in part.rows.values())])
    reader.table(header, header.row, right, is_first=top == 1)


def _join_times(part: Sheet, header: Header) -> None:
    """Writes `from` and `to` columns of a person as one column of times; their hours are dropped."""
    first = header.columns[0]
    row = part.rows.get(first - 1, {})
    labels = {column: label_of(text) for column, text in row.items() if isinstance(text, str)}
    pairs = [column for column, label in labels.items() if label == "begins" and labels.get(column + 1) == "ends"]
    if not pairs:
        return
    del part.rows[first - 1]
    part.note(first - 1, row, CellRole.HEADING)
    dropped = {column for column, label in labels.items() if label in ("ends", "ignored", "note")}
    for number in list(part.rows):
        cells = part.rows[number]
        if number in header.columns:
            for column in pairs:
                begins, ends = read_clock(cells.get(column, "")), read_clock(cells.get(column + 1, ""))
                if begins is not None and ends is not None:
                    texts = [cell_text(cells[column]), cell_text(cells[column + 1])]
                    cells = {**cells, column: "-".join(texts)}
            part.note(number, dropped & cells.keys(), CellRole.HOURS)
            cells = {column: value for column, value in cells.items() if column not in dropped}
        part.rows[number] = cells
    part.merges = [merge for merge in part.merges if merge[0] >= first]
