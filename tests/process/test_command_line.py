"""The other commands: exit codes, and what they leave behind."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from duty_teller import __version__
from tests.handlers.test_import import month_grid
from tests.process.conftest import Service, roster_json


def write(service: Service, name: str, data: bytes) -> str:
    (service.folder / name).write_bytes(data)
    return str(service.folder / name)


def shifts(service: Service) -> list[tuple[str, str, str]]:
    return service.rows(
        "SELECT full_name, strftime('%m-%d %H:%M', start_at, 'unixepoch'), event_type FROM duties "
        "JOIN users ON users.id = user_id WHERE cancelled_at IS NULL ORDER BY start_at, full_name"
    )


@pytest.mark.usefixtures("afresh")
def test_import_applies_and_the_second_time_changes_nothing(terminal: Service) -> None:
    file = write(terminal, "roster.json", roster_json(date(2026, 11, 23), {"Dan Duty": "Б", "Alice Admin": " Б"}))

    first = terminal.command("import", file, "--handover", "10:00 Europe/Berlin")
    terminal.afresh = False
    second = terminal.command("import", file)

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.endswith("\napplied as change 1\n")
    assert shifts(terminal) == [("Dan Duty", "11-23 09:00", "duty"), ("Alice Admin", "11-24 09:00", "duty")]
    assert (second.returncode, second.stdout.splitlines()[-1]) == (0, "nothing to change")
    assert terminal.rows("SELECT count(*) FROM schedule_changes") == [(1,)]


def test_import_dry_run_shows_and_changes_nothing(terminal: Service) -> None:
    file = write(terminal, "roster.json", roster_json(date(2026, 11, 23), {"Dan Duty": "Б"}))

    done = terminal.here("import", file, "--dry-run")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Would add 1, remove 0, change 0; unchanged 0" in done.stdout
    assert done.stdout.endswith("\ndry run: nothing was changed\n")
    assert list((terminal.folder / "data").glob("*.db")) == []  # not even an empty one
    terminal.here("migrate")
    terminal.here("import", file, "--dry-run")
    assert [terminal.rows(f"SELECT count(*) FROM {t}")[0][0] for t in ("duties", "users", "schedule_changes")] == [
        0
    ] * 3


def test_import_with_open_questions_exits_2_and_codes_answer_them(terminal: Service) -> None:
    file = write(terminal, "ноябрь.xlsx", month_grid(Dan_Duty="Д", Alice_Admin=" Н"))
    terminal.settle()

    asked = terminal.here("import", file)
    wrong = terminal.here("import", file, "--codes", "Д=sometimes")
    done = terminal.here("import", file, "--codes", "Д=day,Н=20:00-08:00")
    again = terminal.here("import", file)

    assert (asked.returncode, asked.stdout) == (2, "")
    assert "  code 'Д' (1 cell, first Ноябрь 2026!B2): --codes 'Д=…'\n" in asked.stderr
    assert wrong.returncode == 65
    assert "sometimes" in wrong.stderr
    assert done.returncode == 0
    assert shifts(terminal) == [("Dan Duty", "11-01 05:00", "duty"), ("Alice Admin", "11-02 17:00", "duty")]
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, "nothing to change")


def test_import_of_a_bad_file_exits_65_and_names_the_cell(terminal: Service) -> None:
    data = b'{"meta": {"start_date": "2026-11-23"}, "schedule": [{"name": "Dan", "duty": 5}]}'

    done = terminal.here("import", write(terminal, "-roster.json", data))
    handover = terminal.here("import", write(terminal, "x.json", data), "--handover", "25:00")

    assert (done.returncode, done.stdout) == (65, "")
    assert done.stderr.startswith("duty-teller: -roster.json cannot be taken:\n")
    assert "schedule[0].duty: this has to be text in quotes." in done.stderr
    assert handover.returncode == 65


def test_import_of_a_file_that_is_not_there_exits_66(terminal: Service) -> None:
    done = terminal.command("import", "nowhere.xlsx")

    assert (done.returncode, done.stdout) == (66, "")
    assert done.stderr == "duty-teller: nowhere.xlsx: No such file or directory\n"


@pytest.mark.usefixtures("afresh")
def test_migrate_twice_and_the_version(terminal: Service) -> None:
    first = terminal.command("migrate")
    terminal.afresh = False
    second = terminal.command("migrate", BOT_TOKEN=None)

    assert (first.returncode, first.stdout.split()[:2]) == (0, ["migrated", "to"])
    assert (second.returncode, second.stdout.split()[:2]) == (0, ["already", "at"])
    version = terminal.command("version", HTTP_PORT="nonsense")
    assert (version.returncode, version.stdout) == (0, f"duty-teller {__version__}\n")
    assert terminal.here("frobnicate").returncode == 2


def test_importing_the_configuration_never_fails(tmp_path: Path) -> None:
    wrong = {"HTTP_PORT": "x", "BOT_TOKEN": "x", "DUTY_DISPLAY_TZ": "x", "DATA_DIR": "/nowhere/at/all"}
    code = "import duty_teller.config as c\ntry: c.HTTP_PORT\nexcept c.ConfigurationError as e: print(len(e.problems))"

    done = subprocess.run([sys.executable, "-c", code], env=wrong, cwd=tmp_path, capture_output=True, text=True)

    assert (done.returncode, done.stdout, done.stderr) == (0, "3\n", "")
