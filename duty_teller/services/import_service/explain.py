"""*How I read it*: the file comes back as a workbook with every cell coloured by its role and a note of what it became.

It is made in a child process with the limits of reading (`importers.child`): the file is read again, cell by cell.
"""

import contextlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from textwrap import shorten
from typing import Any, Final

import orjson

from duty_teller.exporters.explained_workbook import MAX_NOTES, ShownCell, ShownSheet, write_explained
from duty_teller.i18n import t
from duty_teller.i18n.lang import format_day
from duty_teller.importers.child import limit_this_process, run_child
from duty_teller.importers.explained import Became, ExplainedCell, Explanation, explain
from duty_teller.importers.problems import Problem, RosterFileError
from duty_teller.importers.results import FileShift
from duty_teller.importers.roles import CellRole
from duty_teller.importers.words.meaning import Answers, RosterRules
from duty_teller.importers.words.text import fold_code, fold_name
from duty_teller.utils.handover import Handover
from duty_teller.utils.zones import zone

_CELLS: Final = b'{"sheets":'
"""How the cells begin that the child gives back."""
COMMAND: Final = "explain-file"
"""The hidden command of the program that is the child."""
SECONDS: Final = 40.0
_SHOWN: Final = 12
"""People and days of one note; more are counted."""
_NOTE: Final = 80
"""Characters of a shift's note that are shown of it."""


MOST_CELLS: Final = 12_000
"""Of a file that is shown in the Mini App: a phone draws no more of them."""


async def explained_cells(
    data: bytes, file_name: str, rules: RosterRules, answers: Answers, lang: str, names: Mapping[str, str]
) -> dict[str, Any]:
    """Returns the file as `_cells` tells it, also one that cannot be taken; the arguments of `explained_workbook`.

    Raises:
        RosterFileError: Nothing of it can be shown: it is no table, or too much.
    """
    out = await _explained(data, file_name, rules, answers, lang, names, SECONDS, as_cells=True)
    found: dict[str, Any] = orjson.loads(out)
    return found


async def explained_workbook(
    data: bytes,
    file_name: str,
    rules: RosterRules,
    answers: Answers,
    lang: str,
    names: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> bytes:
    """Returns the file as a workbook (.xlsx) that shows how it was read, also a file that cannot be taken.

    Args:
        data: The file.
        file_name: Its name.
        rules: Of the roster it is for, with the hand-over that was chosen.
        answers: What was answered so far, remembered answers included.
        lang: The reader's language.
        names: Name in the file → the person's name, where they differ.
        seconds: How long it may take.

    Raises:
        RosterFileError: Nothing of it can be shown: it is no table, or too much.
    """
    return await _explained(data, file_name, rules, answers, lang, names or {}, seconds, as_cells=False)


async def _explained(
    data: bytes,
    file_name: str,
    rules: RosterRules,
    answers: Answers,
    lang: str,
    names: Mapping[str, str],
    seconds: float,
    as_cells: bool,
) -> bytes:
    head = {
        "file_name": file_name,
        "lang": lang,
        "names": dict(names),
        "as_cells": as_cells,
        "answers": answers.to_json(),
        "handover": [rules.handover.at.isoformat(), rules.handover.timezone],
        "day": [moment.isoformat() for moment in rules.day_shift],
        "night": [moment.isoformat() for moment in rules.night_shift],
    }
    code, out, _err = await run_child(COMMAND, file_name, orjson.dumps(head) + b"\n" + data, seconds)
    if code == 0 and out.startswith((b"PK", _CELLS)):
        return out
    with contextlib.suppress(ValueError):
        raise RosterFileError.from_json(orjson.loads(out))
    raise RosterFileError.of("import.file.too_heavy")


def child_main(parent: int) -> int:
    """Runs in the child process: limits itself, reads standard input, writes the workbook, or the error as JSON.

    Args:
        parent: The process that reads the result.
    """
    if not limit_this_process(parent, SECONDS):
        return 0
    line, _newline, data = sys.stdin.buffer.read().partition(b"\n")
    head: dict[str, Any] = orjson.loads(line)
    at, timezone = head["handover"]
    day, night = ([time.fromisoformat(text) for text in head[key]] for key in ("day", "night"))
    rules = RosterRules(Handover(time.fromisoformat(at), timezone), (day[0], day[1]), (night[0], night[1]))
    found = explain(data, head["file_name"], rules, Answers.from_json(head["answers"]))
    if not found.sheets:
        error = RosterFileError(found.problems or (Problem("", "import.file.format"),))
        sys.stdout.buffer.write(orjson.dumps(error.to_json()))
        return 0
    if head["as_cells"]:
        sys.stdout.buffer.write(orjson.dumps(_cells(found, head["lang"], head["names"])))
    else:
        sys.stdout.buffer.write(written(found, head["lang"], head["names"]))
    return 0


def _cells(found: Explanation, lang: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Returns an explanation for a page.

    `sheets`: each with its `name`, its `cells` as [row, column, text, role, note, folded code or name, or the address
    of a day] and its merged ranges as `merges`; `roles`: role → its name; `lines`: what is said of the file as a
    whole; `left_out`: how many cells are too many to be shown.
    """
    sheets, left = [], MOST_CELLS
    for sheet in found.sheets:
        cells = [
            [
                cell.row,
                cell.column,
                _text(cell.value),
                cell.role.value,
                _note(cell, found.timezone, lang, names),
                _key(cell),
            ]
            for cell in sheet.cells[: max(0, left)]
        ]
        left -= len(sheet.cells)
        sheets.append({"name": sheet.name, "cells": cells, "merges": sheet.merges})
    roles = {role.value: t(lang, f"import.role.{role.value}") for role in CellRole}
    return {"sheets": sheets, "roles": roles, "lines": _lines(found, lang), "left_out": max(0, -left)}


def _key(cell: ExplainedCell) -> str:
    """Returns the code or name of a cell, folded: all that say the same are corrected by one; of a day its address."""
    if cell.day:
        return cell.day
    if not isinstance(cell.value, str) or cell.role not in (CellRole.CODE, CellRole.NAME):
        return ""
    return fold_code(cell.value) if cell.role is CellRole.CODE else fold_name(cell.value)


def _text(value: Any) -> str:
    """Writes a cell's value as a spreadsheet shows it: days without a time, whole numbers without a point."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _lines(found: Explanation, lang: str) -> list[str]:
    lines = [problem.text(lang) for problem in (*found.problems, *found.warnings)]
    if found.open_questions:
        lines.append(t(lang, "import.explain.open", subjects=", ".join(found.open_questions)))
    return lines


def written(found: Explanation, lang: str, names: Mapping[str, str]) -> bytes:
    """Writes an explanation as a workbook, with the notes in a language."""
    roles = {role.value: t(lang, f"import.role.{role.value}") for role in CellRole}
    lines = _lines(found, lang)
    sheets = [
        ShownSheet(
            sheet.name,
            [
                ShownCell(cell.row, cell.column, cell.value, cell.role.value, _note(cell, found.timezone, lang, names))
                for cell in sheet.cells
            ],
            sheet.merges,
        )
        for sheet in found.sheets
    ]
    if sum(bool(cell.note) for sheet in sheets for cell in sheet.cells) > MAX_NOTES:
        lines.insert(0, t(lang, "import.explain.notes_cut", n=MAX_NOTES))
    return write_explained(sheets, t(lang, "import.explain.sheet"), roles, lines)


def _note(cell: ExplainedCell, timezone: str, lang: str, names: Mapping[str, str]) -> str:
    """Returns what became of a cell, a line each: `→ Dan Dutton, Mon 6 Apr 09:00–21:00`."""
    faults = [replace(problem, where="").text(lang) for problem in cell.problems]
    if cell.became:
        shown = [_became(item, timezone, lang, names) for item in cell.became[:_SHOWN]]
        rest = len(cell.became) - _SHOWN
        return "\n".join([*faults, *shown, *([t(lang, "import.file.more", n=rest)] if rest > 0 else [])])
    if faults:
        return "\n".join(faults)
    return t(lang, f"import.role.{cell.role.value}")


def _became(item: Became, timezone: str, lang: str, names: Mapping[str, str]) -> str:
    name = names.get(item.name, item.name)
    day = _day(lang, item.day)
    if item.is_open:
        return f"→ {name}, {day}: {t(lang, 'import.explain.not_answered')}"
    if not item.shifts:
        return f"→ {name}, {day}: {t(lang, 'import.explain.nothing')}"
    return "\n".join(f"→ {name}, {text}" for text in _shifts(item.shifts, timezone, lang))


def _shifts(shifts: Iterable[FileShift], timezone: str, lang: str) -> list[str]:
    local = zone(timezone)
    lines = []
    for shift in shifts:
        start, end = shift.start.astimezone(local), shift.end.astimezone(local)
        day = _day(lang, start.date())
        if shift.event_type.is_absence:
            lines.append(f"{day}: {t(lang, f'app.kind.{shift.event_type}')}{_noted(shift)}")
            continue
        until = f"{end:%H:%M}" if (end - start).total_seconds() < 24 * 3600 else f"{_day(lang, end.date())} {end:%H:%M}"
        role = f" ({shift.position})" if shift.position else ""
        lines.append(f"{day} {start:%H:%M}–{until}{role}{_noted(shift)}")
    return lines


def _noted(shift: FileShift) -> str:
    return f" · 📝 {shorten(shift.note, _NOTE, placeholder='…')}" if shift.note else ""


def _day(lang: str, day: date) -> str:
    return format_day(lang, day)
