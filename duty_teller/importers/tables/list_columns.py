"""What the columns of a list hold: names, times, types, roles, phones."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final

from duty_teller.importers.sheet import Broken, Sheet, Value, cell_text
from duty_teller.importers.tables.cells import is_role, is_shift, likeness, share_of_people
from duty_teller.importers.tables.list_tables import DATE_LIKE, ListTable, label_of
from duty_teller.importers.words.codes import is_known_word
from duty_teller.importers.words.contacts import EMAIL, PHONE
from duty_teller.importers.words.moments import read_clock, read_moment
from duty_teller.importers.words.names import is_unit, is_weekday
from duty_teller.importers.words.times import BadTimeError, explicit_spans

_SHARE: Final = 0.8
_LONGEST_TYPE: Final = 24
_SOME: Final = 0.3
_LABELLED: Final = ("ignored", "note", "phone", "email", "username", "type", "role", "name")


class Columns:
    """The rows and columns of one list.

    Attributes:
        rows: Row → column → value; merged cells spread over the rows they cover.
        bad: Rows whose date cell holds something like a date that is none.
        headings: Column → the texts above it.
        kinds: Column → `date`, `last` (an end), `time`, `span`, `weekday`, `name`, `type`, `role`, `phone`, `email`,
            `username`, `number`, `note`, `ignored`, `maybe` (names perhaps) or `text`.
    """

    def __init__(self, sheet: Sheet, table: ListTable) -> None:
        self.sheet, self.table = sheet, table
        self.bad: list[int] = []
        self.rows = self._rows()
        used = {column for row in self.rows.values() for column in row}
        self.columns = sorted(column for column in used if table.left <= column <= table.right)
        self.headings = {column: self._heading(column) for column in self.columns}
        self.kinds = {column: self._kind(column) for column in self.columns}

    def _rows(self) -> dict[int, dict[int, Value]]:
        """Returns the rows of the table; one without a day goes on with the day above."""
        table, sheet = self.table, self.sheet
        rows: dict[int, dict[int, Value]] = {}
        dates = {(top, left): bottom for top, left, bottom, _ in sheet.merges if left == table.date_column}
        end = max([table.bottom, *(bottom for (top, _), bottom in dates.items() if top == table.bottom)])
        end = max(end, self._goes_on_to())
        for number in sorted(sheet.rows):
            value = sheet.rows[number].get(table.date_column)
            is_bad = isinstance(value, Broken) or (isinstance(value, str) and DATE_LIKE.fullmatch(value) is not None)
            if number in table.moments or (table.first_row < number <= end and value is None):
                rows[number] = dict(sheet.rows[number])
            elif (
                table.kind == "list" and is_bad and table.first_row <= number <= end + 1 and len(sheet.rows[number]) > 1
            ):
                rows[number] = dict(sheet.rows[number])
                self.bad.append(number)
                end = max(end, number)
        for top, left, bottom, _ in sheet.merges:
            if top in rows and table.left <= left <= table.right and left != table.date_column:
                for number in range(top, min(bottom, end) + 1):
                    if number in rows:
                        rows[number].setdefault(left, sheet.rows[top][left])
        return rows

    def _goes_on_to(self) -> int:
        """Returns the last row below the last day that goes on with it, as rows below the other days do."""
        table, sheet = self.table, self.sheet
        days = table.rows
        usual = {after - before for before, after in pairwise(days)}
        end = table.bottom
        if len(usual) != 1 or not 2 <= min(usual) <= 4:
            return end
        for number in range(end + 1, end + min(usual)):
            row = sheet.rows.get(number, {})
            above = sheet.rows.get(number - 1, {})
            if table.date_column in row or not row or not row.keys() <= above.keys():
                break
            end = number
        return end

    def _heading(self, column: int) -> str:
        """Returns the texts above a column, merged headings over several columns included."""
        at = self.table.heading_row
        if at is None:
            return ""
        texts = []
        for number in range(max(1, at - 1), self.table.first_row):
            row = self.sheet.rows.get(number, {})
            if number < at and sum(isinstance(value, str) for value in row.values()) < 2:
                continue  # a title
            value = row.get(column)
            if value is None:
                value = next(
                    (
                        row.get(left)
                        for top, left, bottom, right in self.sheet.merges
                        if top == number and left < column <= right
                    ),
                    None,
                )
            if isinstance(value, str) and not read_moment(value):
                texts.append(value)
        return " ".join(dict.fromkeys(texts))

    def _kind(self, column: int) -> str:
        """Returns what a column holds."""
        if column == self.table.date_column:
            return "date"
        label = label_of(self.headings[column])
        values = [value for row in self.rows.values() if (value := row.get(column)) is not None]
        if label in ("ignored", "note") and (said := self._times_of(values)):
            return said
        if label in ("begins", "ends") and column != self.table.date_column and any(map(read_clock, values)):
            return "time"  # what is no time there is an error
        if label in _LABELLED and not (label in ("type", "role") and self._share(column)[0] >= 0.5):
            return label
        if label == "role" and is_unit(self.headings[column]) and self._has_names(column):
            return label
        texts = [value for value in values if isinstance(value, str)]
        if self.table.kind == "list" and _mostly(values, lambda value: read_moment(value, self.sheet.mac_epoch)):
            return "last"
        if _mostly(values, read_clock):
            return "time"
        if _mostly(texts, is_weekday):
            return "weekday"
        if _mostly(values, lambda value: PHONE.fullmatch(cell_text(value))):
            return "phone"
        if _mostly(texts, EMAIL.fullmatch):
            return "email"
        if len(texts) * 2 <= len(values):
            return "number"
        if said := self._times_of(values):
            return said
        sure, maybe = self._share(column)
        is_headed = is_shift(self.headings[column]) or is_role(self.headings[column])
        if sure >= 0.5 or (maybe >= _SHARE and (is_headed or sure > 0)) or (is_headed and sure >= _SOME):
            return "name"
        if _mostly(texts, is_known_word) or (not self.headings[column] and _mostly(texts, _is_code)):
            return "type"
        return "maybe" if maybe >= _SHARE else "text"

    def _times_of(self, values: Sequence[Value]) -> str:
        """Returns `span` for a column of times, `type` for one that has words for some of them, or nothing."""
        if _mostly(values, _is_span):
            return "span"
        others = [value for value in values if not _is_span(value)]
        is_short = all(isinstance(value, str) and len(value) <= _LONGEST_TYPE for value in others)
        is_told = is_short and not any(map(likeness, others))
        return "type" if len(values) > len(others) and len(others) * 2 <= len(values) and is_told else ""

    def _has_names(self, but: int) -> bool:
        """Tells whether another column is headed by a word for names."""
        return any(column != but and label_of(text) == "name" for column, text in self.headings.items())

    def _is_short_names(self, column: int) -> bool:
        """Tells whether a column without a known label holds capitalised words only."""
        texts = [value for row in self.rows.values() if isinstance(value := row.get(column), str)]
        return (
            self.kinds[column] in ("maybe", "text") and bool(self.headings[column]) and _mostly(texts, _is_short_name)
        )

    def _share(self, column: int) -> tuple[float, float]:
        """Returns which share of a column's texts are people for sure, and at least maybe."""
        texts = (value for row in self.rows.values() if isinstance(value := row.get(column), str))
        return share_of_people(self.sheet.broken_lines.get(text, text) for text in texts)

    def of_kind(self, kind: str) -> list[int]:
        """Returns the columns of a kind, from left to right."""
        return [column for column, found in self.kinds.items() if found == kind]

    def name_columns(self) -> list[int]:
        """Returns the columns with people in their cells."""
        named = [column for column, kind in self.kinds.items() if kind == "name"]
        maybe = [column for column, kind in self.kinds.items() if kind == "maybe"]
        if not named and maybe:
            headings = [self.headings[column] for column in maybe]
            # Names in the headings make it a grid with codes in its cells.
            if not any(likeness(heading) and not is_shift(heading) and not is_role(heading) for heading in headings):
                named = maybe[:1] if not any(headings) else maybe
            elif len(maybe) == 1 and any(kind in ("time", "span", "last", "phone") for kind in self.kinds.values()):
                named = maybe
        if named and all(self.headings[column] and label_of(self.headings[column]) != "name" for column in named):
            # Beside columns of people those with short names (`Ли`) hold people, too.
            named += [column for column in self.columns if column not in named and self._is_short_names(column)]
        return sorted(named) or [column for column, kind in self.kinds.items() if kind == "username"][:1]


def _mostly(values: Sequence[Value], test: Callable[[Any], object]) -> bool:
    """Tells whether a test holds for most values, of which there has to be one."""
    return bool(values) and sum(bool(test(value)) for value in values) >= _SHARE * len(values)


def _is_short_name(text: str) -> bool:
    return text.istitle() and not any(map(str.isdigit, text))


def _is_span(value: Value) -> bool:
    try:
        return isinstance(value, str) and bool(explicit_spans(value))
    except BadTimeError:
        return True


def _is_code(value: Value) -> bool:
    """Tells whether a text is a known word, or as short as codes are and no short name."""
    if not isinstance(value, str) or not (is_known_word(value) or any(map(str.isalnum, value))):
        return False
    return is_known_word(value) or (len(value) <= 3 and not value[1:].islower())
