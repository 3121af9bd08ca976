"""`duty-teller hours`: what people have worked in some days, as a table or a file; rates; closing a month."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Final

from sqlmodel import Session

from duty_teller.composition import writing
from duty_teller.config import Settings
from duty_teller.console.failures import code_of_failed_file
from duty_teller.console.files import write_whole
from duty_teller.db import in_use
from duty_teller.db.file import make_private_folder
from duty_teller.db.migrations import bring_up
from duty_teller.db.models import Roster
from duty_teller.db.session import session_scope
from duty_teller.domain.figures import Correction, HoursSheet, Line
from duty_teller.exporters.hours_files import clock, write_csv, write_json, write_xlsx
from duty_teller.i18n.core import LocalizedError
from duty_teller.services.hours import pay
from duty_teller.services.hours.report import close_month, sheet
from duty_teller.services.rosters import rosters
from duty_teller.services.schedule_service import Author
from duty_teller.utils.dates import day_range, parse_date, utc_now
from duty_teller.utils.output import hand_over, tell
from duty_teller.utils.owner import as_caller

_USAGE: Final = 64
_DATA: Final = 65
_COLUMNS: Final = ("planned", "covered", "given", "ill", "total", "night", "weekend", "holiday")


def hours(settings: Settings, given: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        settings: Where the data are.
        given: Of the argument parser in `main`.

    Returns:
        0, 64 for days or a roster that are none, 65 when rates are not understood, a month cannot be closed or nobody
        has hours, 66, 73, 74 or 77 when a file cannot be read or written.
    """
    try:
        first, last = _days(given)
        with as_caller():
            text = Path(given.rates).read_text("utf-8") if given.rates else None
    except LocalizedError as error:
        return _refuse(_USAGE, error.text("en"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        return _refuse(66, f"{given.rates}: {reason}")
    make_private_folder(settings.data_dir)
    in_use.share(settings.data_dir, settings.database_url)
    bring_up(settings.database_url, settings.data_dir, settings.duty_display_tz)
    try:
        if text is not None or given.close:
            with writing(settings.database_url) as session:
                told = _change(session, given, text)
            if first is None or last is None:
                tell("\n".join(told))
                return 0
            print("\n".join(told), file=sys.stderr)  # what was asked for stands alone on standard output
        assert first is not None and last is not None  # noqa: S101  # asked for by `_days`
        with session_scope(settings.database_url) as session:
            chosen = [rosters.pick(session, given.roster).id or 0] if given.roster else None
            lang = given.language or settings.default_language
            found = sheet(session, first, last, chosen, lang=lang)
    except rosters.RosterChoiceError as error:
        return _refuse(_USAGE, error.text("en"))
    except LocalizedError as error:
        return _refuse(_DATA, error.text("en"))
    if not found.lines and not found.corrections:
        return _refuse(_DATA, f"nobody has any hours from {first} to {last}")
    return _write(found, given, lang, settings)


def _days(given: argparse.Namespace) -> tuple[date | None, date | None]:
    """Reads the days, which may be left out where something is set or closed.

    Raises:
        LocalizedError: They are none.
    """
    if (given.rates or given.close) and not given.first and not given.last:
        return None, None
    return day_range(given.first, given.last)


def _change(session: Session, given: argparse.Namespace, text: str | None) -> list[str]:
    roster = rosters.pick(session, given.roster)
    now, told = utc_now(), []
    if text is not None:
        shown, _change_id = pay.set_rates(session, roster.id or 0, text, Author(None, "command line"), "rates", now)
        told.append(f"rates{_of(roster)}:\n{shown or '(none)'}")
    if given.close:
        month = parse_date(f"{given.close}-01")
        close_month(session, roster, month, "command line", now)
        told.append(f"closed{_of(roster)}: {month:%Y-%m}")
    return told


def _of(roster: Roster) -> str:
    return f" of {roster.name}" if roster.name else ""


def _write(found: HoursSheet, given: argparse.Namespace, lang: str, settings: Settings) -> int:
    files = {"csv": given.csv, "xlsx": given.xlsx}
    for kind, name in files.items():
        if not name:
            continue
        data = write_csv(found, lang) if kind == "csv" else write_xlsx(found, lang)
        if name == "-":
            hand_over(data)
            continue
        try:
            write_whole(Path(name), data, settings)
        except OSError as error:
            return _refuse(code_of_failed_file(error), f"{name}: {error.strerror}")
        print(f"{name}: {len(found.lines)} lines from {found.first} to {found.last}", file=sys.stderr)
    if given.json:
        hand_over(write_json(found))
    elif not any(files.values()):
        tell(_table(found))
    return 0


def _table(found: HoursSheet) -> str:
    with_pay = any(line.figures.pay is not None for line in (*found.lines, *found.corrections))
    with_roster = len({line.roster for line in found.lines}) > 1
    heads = ["name", *(["roster"] if with_roster else []), "position", *_COLUMNS, "nights", *(["pay"] * with_pay)]
    rows = [heads, *(_row(line, with_roster, with_pay) for line in (*found.lines, *found.corrections))]
    widths = [max(len(row[at]) for row in rows) for at in range(len(heads))]
    texts = len(heads) - len(_COLUMNS) - 1 - with_pay
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:texts], widths, strict=False)]
        cells += [cell.rjust(width) for cell, width in zip(row[texts:], widths[texts:], strict=True)]
        lines.append("  ".join(cells))
    notes = [f"closed: {month:%Y-%m}, its figures stay; + marks what has changed since" for month in found.closed]
    return "\n".join(line.rstrip() for line in (*lines, *notes))


def _row(line: Line, with_roster: bool, with_pay: bool) -> list[str]:
    figures = line.figures
    name = f"+ {line.name} ({line.month:%Y-%m})" if isinstance(line, Correction) else line.name
    times = [clock(getattr(figures, column)) for column in _COLUMNS]
    money = ["" if figures.pay is None else str(figures.pay)] if with_pay else []
    return [name, *([line.roster] if with_roster else []), line.position, *times, str(figures.nights), *money]


def _refuse(code: int, text: str) -> int:
    print(f"duty-teller: {text}", file=sys.stderr)
    return code
