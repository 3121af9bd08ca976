"""The fixed JSON format: `{"meta": {"start_date": "YYYY-MM-DD"}, "schedule": [{"name": "…", "duty": "; ;Б; ;в;Н;О"}]}`.

Cells are separated by `;`, one a day from `start_date` on. Its table of codes is exact and applies to this format only:
`в В б Б` duty, `Н` unavailable, `О` vacation, all of them Cyrillic. White space around a code does not count. Anything
else means nothing; where it is easily mistaken for a code (a Latin B, H or O, a small н or о), a warning says so.
A row may have `"notes": {"YYYY-MM-DD": "…"}`, too: the notes of what begins on these days.
"""

import json
import re
from datetime import date, timedelta
from typing import Any, Final

from duty_teller.domain.notes import MAX_NOTE, NoteTooLongError, clean_note
from duty_teller.domain.shift import EventType
from duty_teller.importers import limits
from duty_teller.importers.model import Entry, RosterCells
from duty_teller.importers.problems import Problem, RosterFileError
from duty_teller.importers.words.text import clean, fold_code, fold_name

MEANINGS: Final = {kind.rules.json_letter: kind.value for kind in EventType if kind.rules.json_letter} | dict.fromkeys(
    "вВб", EventType.DUTY.value
)
_ALIKE: Final = frozenset(map(fold_code, MEANINGS))
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_json(data: bytes) -> RosterCells:
    """Reads a file of the fixed format.

    Raises:
        RosterFileError: It is not JSON, or not of this shape; each problem names its place (`meta.start_date`,
        `schedule[3].name`).
    """
    reader = _Reader()
    cells = reader.read(_load(data))
    if reader.problems:
        raise RosterFileError(reader.problems)
    return cells


def _load(data: bytes) -> Any:
    try:
        return json.loads(data, object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise RosterFileError.of("import.file.not_utf8") from error
    except json.JSONDecodeError as error:
        raise RosterFileError.of("import.file.not_json_at", line=error.lineno, column=error.colno) from error
    except (ValueError, RecursionError) as error:  # a number of too many digits, brackets a thousand deep
        raise RosterFileError.of("import.file.not_json") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Makes an object of its keys, each of which stands there once: JSON lets the last one win, and says nothing."""
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise RosterFileError.of("import.file.key_twice", name=clean(key)[:60])
        made[key] = value
    return made


class _Reader:
    """One pass over the decoded file that collects problems instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.names: dict[str, str] = {}
        self.entries: list[Entry] = []
        self.filled = 0
        self.longest = 0

    def refuse(self, where: str, key: str, **args: str | int) -> None:
        self.problems.append(Problem(where, f"import.file.{key}", args))

    def read(self, document: Any) -> RosterCells:
        if not isinstance(document, dict):
            raise RosterFileError.of("import.file.json_shape")
        start = self.start_date(document.get("meta"))
        schedule = document.get("schedule")
        if not isinstance(schedule, list):
            self.refuse("schedule", "want_list")
            schedule = []
        elif not schedule:
            self.refuse("schedule", "nobody")
        if len(schedule) > limits.MAX_PEOPLE:
            raise RosterFileError.of("import.file.too_many_people", where="schedule", limit=limits.MAX_PEOPLE)
        for number, row in enumerate(schedule):
            self.row(number, row, start)
        last = start + timedelta(days=max(self.longest, 1) - 1)
        return RosterCells(
            format="json",
            names=tuple(self.names.values()),
            first_day=start,
            last_day=last,
            entries=tuple(self.entries),
            covered=((start, last),),
            already_meant=MEANINGS,
            warnings=tuple(self.warnings),
        )

    def start_date(self, meta: Any) -> date:
        """Returns the first day; after a problem some day, so that the rest of the file is looked at too."""
        text = meta.get("start_date") if isinstance(meta, dict) else None
        if not isinstance(meta, dict):
            self.refuse("meta", "want_object")
        elif "start_date" not in meta:
            self.refuse("meta.start_date", "missing")
        elif not isinstance(text, str) or not _DATE.fullmatch(text.strip()):
            self.refuse("meta.start_date", "bad_date", text=clean(str(text))[:32])
        else:
            try:
                day = date.fromisoformat(text.strip())
            except ValueError:
                self.refuse("meta.start_date", "no_such_date", text=text.strip())
            else:
                if limits.FIRST_YEAR <= day.year <= limits.LAST_YEAR:
                    return day
                self.refuse("meta.start_date", "far_year", text=text.strip())
        return date(limits.FIRST_YEAR, 1, 1)

    def row(self, number: int, row: Any, start: date) -> None:
        where = f"schedule[{number}]"
        if not isinstance(row, dict):
            self.refuse(where, "want_object")
            return
        texts = {}
        for key in ("name", "duty"):
            if key not in row:
                self.refuse(f"{where}.{key}", "missing")
            elif not isinstance(row[key], str):
                self.refuse(f"{where}.{key}", "want_text")
            else:
                texts[key] = row[key]
        name = clean(texts.get("name", ""))
        if "name" in texts and not name:
            self.refuse(f"{where}.name", "empty_name")
        elif len(name) > limits.MAX_NAME:
            self.refuse(f"{where}.name", "long_name", limit=limits.MAX_NAME)
        if "duty" in texts:
            notes = self.notes(f"{where}.notes", row.get("notes", {}))
            self.cells(number, self.names.setdefault(fold_name(name), name), texts["duty"], start, notes)

    def notes(self, where: str, notes: Any) -> dict[str, str]:
        """Returns the notes of a row by day; what is no note of a day is refused."""
        found: dict[str, str] = {}
        if not isinstance(notes, dict):
            self.refuse(where, "want_object")
            return found
        for day, text in notes.items():
            if not isinstance(text, str) or not _DATE.fullmatch(day):
                self.refuse(where, "bad_note", text=clean(day)[:32])
                continue
            try:
                found[day] = clean_note(text) or ""
            except NoteTooLongError:
                self.refuse(f"{where}.{day}", "long_note", limit=MAX_NOTE)
        return found

    def cells(self, number: int, name: str, duty: str, start: date, notes: dict[str, str]) -> None:
        where = f"schedule[{number}].duty"
        days = duty.count(";") + 1
        self.longest = max(self.longest, days)
        if days > limits.MAX_DAYS:
            self.refuse(where, "too_many_days", limit=limits.MAX_DAYS)
            return
        for offset, cell in enumerate(duty.split(";")):
            code = cell.strip()
            if not code:
                continue
            self.filled += 1
            if self.filled > limits.MAX_CELLS:
                raise RosterFileError.of("import.file.too_many_cells", limit=limits.MAX_CELLS)
            day = start + timedelta(days=offset)
            if code in MEANINGS:
                note = notes.pop(day.isoformat(), None)
                self.entries.append(Entry(name, day, code, where, number + 1, note=note))
            elif len(code) == 1 and fold_code(code) in _ALIKE:
                self.warnings.append(Problem(where, "import.file.json_lookalike", {"code": code, "day": day}))
        for left in notes:
            self.refuse(f"schedule[{number}].notes", "bad_note", text=left)
