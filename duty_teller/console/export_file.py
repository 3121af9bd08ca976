"""`duty-teller export FILE`: the schedule of some days as a file, or on standard output."""

import argparse
import sys
from pathlib import Path
from typing import Final

from duty_teller.config import Settings
from duty_teller.console.failures import code_of_failed_file
from duty_teller.console.files import write_whole
from duty_teller.db import in_use
from duty_teller.db.file import make_private_folder
from duty_teller.db.migrations import bring_up
from duty_teller.db.session import session_scope
from duty_teller.i18n.core import LocalizedError
from duty_teller.services import export
from duty_teller.services.rosters import rosters
from duty_teller.utils.dates import day_range
from duty_teller.utils.output import hand_over

EXIT_USAGE: Final = 64
EXIT_DATA: Final = 65


def export_file(settings: Settings, given: argparse.Namespace) -> int:
    """Runs the command. The file is written whole or not at all.

    Args:
        settings: Where the data are.
        given: Of the argument parser in `main`.

    Returns:
        0, 64 for dates, a format or a roster that are none, 65 when the schedule cannot be written so, 73, 74 or
        77 when the file cannot be made or written.
    """
    to_stdout = given.file == "-"
    try:
        first, last = day_range(given.first, given.last)
        file_format = given.format or Path(given.file).suffix.lower().removeprefix(".")
        if not file_format:
            return _refuse(EXIT_USAGE, "say which format: --format xlsx, csv, ics or json, or a file name that ends so")
        if file_format not in export.FORMATS:
            raise LocalizedError("export.format", text=file_format[:32])
    except LocalizedError as error:
        return _refuse(EXIT_USAGE, error.text("en"))
    make_private_folder(settings.data_dir)
    in_use.share(settings.data_dir, settings.database_url)
    bring_up(settings.database_url, settings.data_dir, settings.duty_display_tz)
    try:
        with session_scope(settings.database_url) as session:
            roster = rosters.pick(session, given.roster)
            lang = given.language or settings.default_language
            schedule = export.read_schedule(session, roster, first, last, lang)
        file = export.write_file(schedule, file_format)
    except rosters.RosterChoiceError as error:
        return _refuse(EXIT_USAGE, error.text("en"))
    except LocalizedError as error:
        return _refuse(EXIT_DATA, error.text("en"))
    if to_stdout:
        hand_over(file.data)
        return 0
    try:
        write_whole(Path(given.file), file.data, settings)
    except OSError as error:
        return _refuse(code_of_failed_file(error), f"{given.file}: {error.strerror}")
    shifts = len(schedule.begun)
    print(f"{given.file}: {shifts} shift{'s' if shifts != 1 else ''} from {first} to {last}", file=sys.stderr)
    return 0


def _refuse(code: int, text: str) -> int:
    print(f"duty-teller: {text}", file=sys.stderr)
    return code
