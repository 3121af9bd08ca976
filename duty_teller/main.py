"""The console entry: the service, the demo, and commands on the data. A command loads what it needs, nothing else."""

import gc
import io
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from duty_teller import __version__
from duty_teller.i18n.languages import LANGUAGES

if TYPE_CHECKING:
    import argparse
    import socket
    from datetime import datetime

    from duty_teller.api.server import Around
    from duty_teller.config import Settings
    from duty_teller.run import OnReady


CHILD: Final = "parse-file"
"""The hidden command that reads one roster file from standard input (`importers.child`)."""


EXPANDING: Final = "expand-calendar"
"""The hidden command that reads a calendar of somebody else's (`importers.child`)."""


SEALING: Final = "seal-backup"
"""The hidden command that puts a backup behind a passphrase (`db.sealed`)."""


EXPLAINING: Final = "explain-file"
"""The hidden command that writes how a file was read (`services.import_service.explain`)."""


def _parser() -> "argparse.ArgumentParser":
    import argparse

    parser = argparse.ArgumentParser(prog="duty-teller", description="Tells a team who is on duty.")
    parser.add_argument("--version", action="version", version=f"duty-teller {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run", help="serve the web part and poll Telegram (needs BOT_TOKEN)")
    commands.add_parser("demo", help="try it without Telegram: a sample team on a throw-away database")
    migrating = commands.add_parser("migrate", help="bring the database's schema up to date")
    migrating.add_argument(
        "--new-database", action="store_true", help="make an empty one even where something says that there was one"
    )
    importing = commands.add_parser("import", help="import a roster file; the service may be running")
    importing.add_argument("file", type=Path, metavar="FILE", help="a roster: .xlsx, .ods, .csv, .tsv, .ics or .json")
    importing.add_argument("--handover", metavar="'HH:MM ZONE'", help="hand-over; the roster's own when left out")
    importing.add_argument("--roster", metavar="NAME", help="into which roster, where there are several")
    importing.add_argument(
        "--codes",
        metavar="CODE=MEANING,…",
        default="",
        help="what codes mean, such as Д=day,Н=night,Z=08:00-16:30,x=nothing",
    )
    importing.add_argument("--year", type=int, help="the year, when the file names none")
    importing.add_argument(
        "--month", action="append", default=[], metavar="CELL=MONTH", help="the month (1-12) of the table at a cell"
    )
    importing.add_argument(
        "--remove-missing", action="store_true", help="also remove the shifts of people who are not in the file"
    )
    by_hand = importing.add_mutually_exclusive_group()
    by_hand.add_argument(
        "--keep-changes",
        dest="keep_changes",
        action="store_true",
        default=None,
        help="keep the changes made by hand that the file would overwrite",
    )
    by_hand.add_argument(
        "--file-is-newer", dest="keep_changes", action="store_false", default=None, help="let the file overwrite them"
    )
    importing.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="KIND:SUBJECT=VALUE",
        help="the answer to any question that is listed",
    )
    importing.add_argument(
        "--json", action="store_true", help="print rows, questions, errors and the difference as JSON"
    )
    importing.add_argument(
        "--explain", type=Path, metavar="FILE.xlsx", help="also write how each cell was read, as a workbook"
    )
    importing.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    exporting = commands.add_parser("export", help="write the schedule into a file; the service may be running")
    exporting.add_argument("file", metavar="FILE", help="where to; its ending tells the format; - is standard output")
    exporting.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help="first day", required=True)
    exporting.add_argument("--to", dest="last", metavar="YYYY-MM-DD", help="last day, included", required=True)
    exporting.add_argument("--roster", metavar="NAME", help="which roster, where there are several")
    exporting.add_argument("--format", help="xlsx, csv, ics or json; overrides the file's ending")
    exporting.add_argument("--language", choices=tuple(LANGUAGES), help="of headings; DEFAULT_LANGUAGE when left out")
    counting = commands.add_parser("hours", help="what people work; closes months, sets rates")
    counting.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help="first day")
    counting.add_argument("--to", dest="last", metavar="YYYY-MM-DD", help="last day, included")
    counting.add_argument("--roster", metavar="NAME", help="only of this roster; all when left out")
    counting.add_argument("--csv", metavar="FILE", help="write the sums as a list; - is standard output")
    counting.add_argument("--xlsx", metavar="FILE", help="write a workbook with every shift, and sums by formulas")
    counting.add_argument("--json", action="store_true", help="print the sums as JSON")
    counting.add_argument("--rates", metavar="FILE", help="set what hours are paid: a rule a line, such as “Sat 150”")
    counting.add_argument("--close", metavar="YYYY-MM", help="close a month: later changes show as corrections")
    counting.add_argument("--language", choices=tuple(LANGUAGES), help="of headings; DEFAULT_LANGUAGE when left out")
    backing_up = commands.add_parser("backup", help="write database and link secret into one file; the service may run")
    backing_up.add_argument("file", type=Path, metavar="FILE.zip", help="where to")
    backing_up.add_argument("--passphrase", action="store_true", help="ask for one; the file can be read with it alone")
    restoring = commands.add_parser("restore", help="put a backup in the place of the data; the service must not run")
    restoring.add_argument("file", type=Path, metavar="FILE.zip", help="a backup")
    restoring.add_argument("--check", action="store_true", help="only look whether it is whole, and change nothing")
    commands.add_parser("healthcheck", help="is the service on this machine well? exit code 0 or 1, for containers")
    commands.add_parser("doctor", help="look for everything that can be wrong; exit code 0, 1 (warnings) or 2 (faults)")
    setting_up = commands.add_parser("setup", help="from a bot's token to a configuration, with questions")
    setting_up.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="to write; as root the service's, else .env in this folder"
    )
    commands.add_parser("version", help="print the version")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command.

    Args:
        arguments: Without the program's name; None takes the process's own.

    Returns:
        The exit code, one of `utils.exit_codes`.
    """
    try:
        return _main(list(sys.argv[1:] if arguments is None else arguments))
    finally:
        if arguments is None:  # the process ends: to look through all that is loaded once more was a fifth of a command
            gc.freeze()


def _main(words: list[str]) -> int:
    if words[:1] == [EXPLAINING]:
        from duty_teller.services.import_service.explain import child_main as explaining_child

        return explaining_child(int(words[1]))
    if words[:1] == [EXPANDING]:
        from duty_teller.importers.child import expand_main

        return expand_main(int(words[1]), words[-1])
    if words[:1] == [SEALING]:
        from duty_teller.db.sealed import child_main as sealing_child

        return sealing_child(int(words[1]))
    if words[:1] == [CHILD]:
        from duty_teller.importers.child import child_main
        from duty_teller.utils.texts import of_argument

        return child_main(int(words[1]), of_argument(words[-1]))
    if words[:1] in (["run"], ["demo"]):
        _take_signals(outlives_its_terminal=words[0] == "run")
    if words[:1] == ["run"]:
        from duty_teller.utils.memory import begin_loading

        begin_loading()
    _bear_any_text()
    from duty_teller.utils import exit_codes, output

    try:
        try:
            return _command(words)
        finally:
            output.finish()  # argparse's help and version too
    except output.OutputError as error:
        return _say(str(error), exit_codes.IO)


def _command(words: list[str]) -> int:
    from duty_teller.utils import exit_codes
    from duty_teller.utils.output import tell

    # Of the service nothing is asked that a parser would read, and it would keep it: half a MiB.
    given: Any = SimpleNamespace(command="run") if words == ["run"] else _parser().parse_args(words)
    if given.command == "version":
        tell(f"duty-teller {__version__}")
        return 0
    os.umask(0o077)  # whatever is made from here on is nobody else's to read
    if wrong := _not_text(given):
        return _say(f"--{wrong}: is not UTF-8", exit_codes.USAGE)
    from duty_teller.config import ConfigurationError

    try:
        return _run_command(given)
    except ConfigurationError as error:
        print("The configuration cannot be used:", file=sys.stderr)
        for problem in error.problems:
            print(f"  {problem}", file=sys.stderr)
        return exit_codes.CONFIGURATION


def _bear_any_text() -> None:
    """Has the terminal show what it can: a sign that it has not is replaced, and never ends a command half way."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace" if stream is sys.stdout else "backslashreplace")


def _not_text(given: "argparse.Namespace") -> str:
    """Returns the first option whose value holds bytes that are no UTF-8 (a file may be called so)."""
    from duty_teller.utils.texts import is_usable

    for name, value in vars(given).items():
        texts = value if isinstance(value, list) else [value]
        if name != "file" and not all(is_usable(text) for text in texts if isinstance(text, str)):
            return name
    return ""


def _say(text: str, code: int) -> int:
    print(f"duty-teller: {text}", file=sys.stderr)
    return code


def _run_command(given: "argparse.Namespace") -> int:
    from duty_teller.utils.lean_libraries import load_lean

    load_lean()
    from duty_teller.config import Settings, of_service
    from duty_teller.db.trouble import BriefTrouble
    from duty_teller.utils import logs

    if given.command == "demo":
        from duty_teller.demo.play import run_demo

        return _serving(lambda: run_demo(_serve))
    if given.command == "setup":
        from duty_teller.console.setup import setup

        return setup(given)
    service = None if given.command == "run" else of_service()
    settings = Settings.from_env(service, serving=given.command in ("run", "doctor"))
    logs.configure(
        settings.log_level,
        [settings.bot_token],
        BriefTrouble("duty_teller.handlers.errors"),
        settings.log_format == "json",
    )
    from duty_teller.utils.output import OutputError

    try:
        if given.command == "run":
            return _serving(lambda: _serve(settings))
        _be_the_service(settings, service is not None)
        try:
            return _work_on_data(settings, given)
        finally:
            from duty_teller.db.engine import dispose_engine

            dispose_engine(settings.database_url)
    except OutputError:
        raise
    except Exception as error:
        from duty_teller.console.failures import explain

        told = explain(error, settings)
        if told is None:
            raise
        return _say(*told)


def _be_the_service(settings: "Settings", is_found: bool) -> None:
    """Has root work as the owner of the data, and says so where the command found them by itself.

    Raises:
        DatabaseMissingError: The service has never made its folder.
    """
    from duty_teller.utils.owner import become_owner

    if is_found and not settings.data_dir.exists():
        from duty_teller.db.file import DatabaseMissingError

        raise DatabaseMissingError(f"the service has no data in {settings.data_dir} yet: start it once, then try again")
    name = become_owner(settings.data_dir)
    if is_found:
        print(f"duty-teller: the service's data, {settings.data_dir}{name and f', as {name}'}", file=sys.stderr)


def _work_on_data(settings: "Settings", given: "argparse.Namespace") -> int:
    if given.command == "healthcheck":
        from duty_teller.console.healthcheck import healthcheck

        return healthcheck(settings)
    if given.command == "doctor":
        from duty_teller.console.doctor.command import doctor
        from duty_teller.utils.dates import utc_now

        return doctor(settings, utc_now)
    if given.command == "migrate":
        return _migrate(settings, given.new_database)
    if given.command in ("backup", "restore"):
        from duty_teller.console import backup_file

        return (backup_file.backup_file if given.command == "backup" else backup_file.restore_file)(settings, given)
    if given.command == "export":
        from duty_teller.console.export_file import export_file

        return export_file(settings, given)
    if given.command == "hours":
        from duty_teller.console.hours import hours

        return hours(settings, given)
    from duty_teller.console.import_file import import_file

    return import_file(settings, given)


def _take_signals(outlives_its_terminal: bool) -> None:
    """Lets what serves end with code 0 before its loop takes over; a service not when a terminal closes or by SIGUSR.

    Nothing has to be put away until then: what a migration has not committed is not there.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))  # an exception might be swallowed where it happens to arise
    for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2) if outlives_its_terminal else ():
        signal.signal(number, signal.SIG_IGN)


def _serving(command: Callable[[], int]) -> int:
    """Runs a command that listens."""
    from duty_teller.run import leave

    return leave(command())


def _serve(
    settings: "Settings",
    on_ready: "OnReady | None" = None,
    listener: "socket.socket | None" = None,
    clock: "Callable[[], datetime] | None" = None,
    around: "Around | None" = None,
    elapsed: "Callable[[], float]" = time.monotonic,
) -> int:
    """Prepares the data and serves until a signal."""
    from duty_teller import run
    from duty_teller.db.engine import dispose_engine
    from duty_teller.utils.dates import utc_now
    from duty_teller.utils.owner import become_owner
    from duty_teller.utils.processes import end_with_unpacker
    from duty_teller.utils.sockets import listen

    become_owner(settings.data_dir, for_good=True)
    end_with_unpacker()
    opened = listener or listen(settings.http_host, settings.http_port)
    run.prepare(settings)
    code = run.run_loop(run.serve(settings, opened, on_ready, clock or utc_now, around, elapsed))
    dispose_engine(settings.database_url)
    return code


def _migrate(settings: "Settings", new: bool) -> int:
    from duty_teller.db import in_use
    from duty_teller.db.file import make_private_folder
    from duty_teller.db.migrations import bring_up, known_revisions
    from duty_teller.utils.output import tell

    make_private_folder(settings.data_dir)
    in_use.share(settings.data_dir, settings.database_url)
    changed = bring_up(settings.database_url, settings.data_dir, settings.duty_display_tz, new)
    tell(f"{'migrated to' if changed else 'already at'} schema {known_revisions()[-1]}")
    return 0
