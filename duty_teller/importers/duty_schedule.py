"""Roster files in, shifts out: the door of this package.

`parse_duty_schedule` does the whole; of it `read_roster_file` is the heavy part and belongs into a child process with
limits (`importers.child`; its result and its errors go through JSON). The rest is quick and asked again after each
answer. Nothing here knows a database, a clock or Telegram.

Another format is another reader that gives `RosterCells`; another shape of table is another detector beside `grid`.
The rooms behind the door are imported on use: an idle service needs none of them.
"""

import zipfile
from dataclasses import replace
from datetime import date, time
from io import BytesIO

from duty_teller.importers import limits
from duty_teller.importers.model import Entry, RosterCells
from duty_teller.importers.problems import KEPT_PROBLEMS, Problem, RosterFileError, place_in_words
from duty_teller.importers.results import FileShift, ParsedRoster, Question
from duty_teller.importers.sheet import Sheet
from duty_teller.importers.words.meaning import CHOICES, Answers, Meaning, MeaningKind, RosterRules, parse_codes
from duty_teller.importers.words.text import fold_code, fold_name
from duty_teller.utils.handover import Handover

__all__ = [
    "CHOICES",
    "NO_ANSWERS",
    "Answers",
    "Entry",
    "FileShift",
    "Meaning",
    "MeaningKind",
    "ParsedRoster",
    "Problem",
    "Question",
    "RosterCells",
    "RosterFileError",
    "RosterRules",
    "days_named",
    "fold_code",
    "fold_name",
    "parse_codes",
    "parse_duty_schedule",
    "place_in_words",
    "read_roster_file",
]

DEFAULT_RULES = RosterRules(Handover(time(9), "UTC"))
NO_ANSWERS = Answers()
Readings = dict[str, list[Sheet]]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CALENDAR = b"BEGIN:VCALENDAR"
_BOM = b"\xef\xbb\xbf"
_OTHER_FORMATS = (b"%PDF", b"{\\rtf", b"<", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc", b"\x1f\x8b")
_OTHER_NAMES = (
    ".pdf",
    ".rtf",
    ".doc",
    ".docx",
    ".xls",
    ".html",
    ".htm",
    ".xml",
    ".png",
    ".jpg",
    ".jpeg",
    ".md",
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def parse_duty_schedule(
    file: bytes | RosterCells, file_name: str = "", rules: RosterRules = DEFAULT_RULES, answers: Answers = NO_ANSWERS
) -> ParsedRoster | tuple[Question, ...]:
    """Turns a roster file into shifts, or says what has to be asked first.

    Args:
        file: The file, or what `read_roster_file` made of it where time and memory are limited; the rest is quick.
        file_name: Its name; it can tell the month and the year, never the format.
        rules: Hand-over, zone and shift times of the roster; without any, a hand-over at 09:00 UTC.
        answers: What was answered so far; an answer nobody asked for does no harm.

    Returns:
        The roster, or all open questions at once: about dates first, then one for each distinct code.

    Raises:
        RosterFileError: The file cannot be taken, each problem names its cell: what no reader reads, times that do not
            exist, contradictions, a day twice for one person, too many days.
    """
    from duty_teller.importers.tables.shifts import build_roster

    cells = read_roster_file(file, file_name) if isinstance(file, bytes) else file
    while (fork := cells.fork) is not None:
        option = answers.choices.get(f"{fork.kind}:{fork.subject}")
        if option is None or option not in fork.readings:
            question = Question(fork.kind, fork.subject, fork.example, fork.count, tuple(fork.readings))
            others = parse_duty_schedule(replace(cells, fork=None), file_name, rules, answers)
            return (question, *(others if isinstance(others, tuple) else ()))
        cells = fork.readings[option]
    return build_roster(cells, rules, answers)


def days_named(cells: RosterCells, answers: Answers) -> dict[str, date]:
    """Returns the cells of a file that name one day each, and which day that is now: `day` questions correct them.

    Args:
        cells: A file that was read; of one that can be read in several ways the way that was chosen, else none.
        answers: What was answered so far.
    """
    from duty_teller.importers.tables.dating import named_days

    while cells.fork is not None:
        option = answers.choices.get(f"{cells.fork.kind}:{cells.fork.subject}")
        if option is None or option not in cells.fork.readings:
            return {}
        cells = cells.fork.readings[option]
    return named_days(cells, answers)


def read_roster_file(data: bytes, file_name: str = "", readings: Readings | None = None) -> RosterCells:
    """Reads a file: the heavy part, to be run where time and memory are limited.

    Args:
        data: The file, of any kind; what it is shows in its content.
        file_name: Its name; it can tell the month and the year of a sheet.
        readings: Takes the sheets with the roles of their cells, also of a file that cannot be taken: under nothing,
            or under the options of a `Fork` about hidden rows.

    Raises:
        RosterFileError: Whatever is wrong with the file; no other exception comes out for any bytes.
    """
    try:
        return _read(data, file_name, {} if readings is None else readings)
    except RosterFileError:
        raise
    except Exception as error:
        # What damaged files make the parsers raise has no common base and no end.
        raise RosterFileError.of("import.file.damaged") from error


def _read(data: bytes, file_name: str, readings: Readings) -> RosterCells:
    if not data.strip():
        raise RosterFileError.of("import.file.empty")
    if len(data) > limits.MAX_FILE_BYTES:
        raise RosterFileError.of("import.file.too_big", limit=limits.MAX_FILE_BYTES // 1024**2)
    if data.startswith(_ZIP):
        return _read_zip(data, file_name, readings)
    if data.startswith(_OLE):
        raise RosterFileError.of("import.file.password" if _ENCRYPTED in data else "import.file.old_excel")
    if data.removeprefix(_BOM).lstrip()[:1] in (b"{", b"["):
        from duty_teller.importers.readers.fixed_json import read_json

        return _capped(read_json(data.removeprefix(_BOM)))
    if data.startswith(_CALENDAR):
        from duty_teller.importers.readers.own_files import own_calendar

        if own := own_calendar(data):
            return _capped(own)
    name = file_name.lower()
    if data.removeprefix(_BOM).lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        from duty_teller.importers.readers.calendar import read_calendar

        return _capped(read_calendar(data))
    if name.endswith(".ics"):
        raise RosterFileError.of("import.file.bad_calendar")
    if name.endswith((".xlsx", ".xlsm", ".ods")):
        raise RosterFileError.of("import.file.not_a_workbook")
    if name.endswith(".json"):
        raise RosterFileError.of("import.file.json_not_there")
    if not data.startswith(_OTHER_FORMATS) and not name.endswith(_OTHER_NAMES):
        from duty_teller.importers.readers.calendar_table import find_calendar_table
        from duty_teller.importers.readers.own_files import own_list
        from duty_teller.importers.readers.text_table import read_text_table
        from duty_teller.importers.tables.shapes import read_tables

        sheet = read_text_table(data)
        if sheet is not None:
            calendar = find_calendar_table([sheet], "csv", readings)
            return _capped(own_list(sheet) or calendar or read_tables("csv", [sheet], file_name, readings))
    if name.endswith((".csv", ".tsv", ".txt")):
        raise RosterFileError.of("import.file.not_a_table")
    raise RosterFileError.of("import.file.format")


def _read_zip(data: bytes, file_name: str, readings: Readings) -> RosterCells:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except zipfile.BadZipFile as error:
        raise RosterFileError.of("import.file.damaged") from error
    with archive:
        from duty_teller.importers.readers import ods, xlsx
        from duty_teller.importers.readers.calendar_table import find_calendar_table
        from duty_teller.importers.readers.own_files import own_workbook
        from duty_teller.importers.readers.package import Package
        from duty_teller.importers.tables.shapes import read_tables

        package = Package(archive)
        package.check()
        if xlsx.workbook_part(package) is not None:
            kind, sheets = "xlsx", xlsx.read_sheets(package)
        elif ods.is_spreadsheet(package):
            kind, sheets = "ods", ods.read_sheets(package)
        else:
            raise RosterFileError.of("import.file.format")
        known = own_workbook(sheets) or find_calendar_table(sheets, kind, readings)
        return _capped(known or read_tables(kind, sheets, file_name, readings))


def _capped(cells: RosterCells) -> RosterCells:
    """Keeps the first warnings and counts the rest."""
    if (rest := len(cells.warnings) - KEPT_PROBLEMS) <= 0:
        return cells
    return replace(cells, warnings=(*cells.warnings[:KEPT_PROBLEMS], Problem("", "import.file.more", {"n": rest})))
