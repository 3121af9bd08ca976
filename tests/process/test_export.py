"""`duty-teller export`: files, standard output, and what it refuses."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.process.conftest import Service, roster_json

NOVEMBER = ("--from", "2026-11-01", "--to", "2026-11-30")


@pytest.fixture(scope="session")  # tests of other modules come in between
def imported(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Path:
    """The data after an import."""
    service = Service(tmp_path_factory.mktemp("imported"), "http://127.0.0.1:1", migrated_file)
    file = service.folder / "roster.json"
    file.write_bytes(roster_json(date(2026, 11, 23), {"Dan Duty": "Б", "Alice Admin": " Б"}))
    service.settle()
    assert service.here("import", str(file)).returncode == 0
    return service.folder / "data"


@pytest.fixture
def planned(terminal: Service, imported: Path) -> Service:
    shutil.copytree(imported, terminal.folder / "data")
    return terminal


@pytest.mark.parametrize("ending", ["xlsx", "csv", "ics", "json"])
def test_exported_file_goes_back_in_with_nothing_to_change(planned: Service, ending: str) -> None:
    file = str(planned.folder / f"november.{ending}")

    exported = planned.here("export", file, *NOVEMBER)
    looked_at = planned.here("import", file, "--dry-run", "--json")
    imported = planned.here("import", file)

    assert (exported.returncode, exported.stdout) == (0, "")
    assert exported.stderr == f"{file}: 2 shifts from 2026-11-01 to 2026-11-30\n"
    answer = json.loads(looked_at.stdout)
    assert (looked_at.returncode, answer["questions"], answer["errors"]) == (0, [], [])
    assert (imported.returncode, imported.stdout.splitlines()[-1]) == (0, "nothing to change")
    assert planned.rows("SELECT count(*) FROM schedule_changes") == [(1,)]


def test_dash_writes_to_standard_output(planned: Service) -> None:
    done = planned.command("export", "-", *NOVEMBER, "--format", "json")

    assert (done.returncode, done.stderr) == (0, "")
    assert [row["name"] for row in json.loads(done.stdout)["schedule"]] == ["Alice Admin", "Dan Duty"]


def test_language_and_format_can_be_said(planned: Service) -> None:
    file = planned.folder / "list.txt"

    done = planned.here("export", str(file), *NOVEMBER, "--format", "csv", "--language", "ru")

    assert done.returncode == 0
    assert file.read_text("utf-8-sig").startswith("Дата;Начало;Конец;Имя;")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("a.xlsx", "--from", "2026-11-31", "--to", "2026-12-01"), 64, "2026-11-31"),
        (("a.xlsx", "--from", "2026-12-01", "--to", "2026-11-01"), 64, "2026-12-01"),
        (("a.xlsx", "--from", "2026-01-01", "--to", "2028-01-01"), 64, "400"),
        (("a.pdf", *NOVEMBER), 64, "I don't know the format “pdf”"),
        (("a", *NOVEMBER), 64, "say which format"),
        (("-", *NOVEMBER), 64, "say which format"),
        (("a.csv", "--from", "2026-01-01", "--to", "2026-01-31"), 65, "Nobody is on the schedule"),
        (("nowhere/a.csv", *NOVEMBER), 73, "No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    planned: Service, arguments: tuple[str, ...], code: int, said: str
) -> None:
    name, *rest = arguments
    target = name if name == "-" else str(planned.folder / name)

    done = planned.here("export", target, *rest)

    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("duty-teller: ") and said in done.stderr and done.stderr.count("\n") == 1
    assert not Path(target).exists()


def test_file_that_was_there_stays_when_the_export_is_refused(planned: Service) -> None:
    file = planned.folder / "a.json"
    file.write_text("before")

    done = planned.here("export", str(file), "--from", "2026-01-01", "--to", "2026-01-31")

    assert (done.returncode, file.read_text()) == (65, "before")


def test_hours_are_printed_written_paid_and_closed(planned: Service) -> None:
    """Alice and Dan have a day each; a rate makes it money; November is not over, so it is not closed."""
    rates = planned.folder / "rates.txt"
    rates.write_text("обычно 10\nпн 22:00-06:00 12,5\n")
    printed = planned.here("hours", *NOVEMBER)
    paid = planned.here("hours", "--rates", str(rates), *NOVEMBER, "--json")
    listed = planned.here("hours", *NOVEMBER, "--csv", "-", "--language", "ru")
    refused = planned.here("hours", "--close", "2199-11")
    nobody = planned.here("hours", "--from", "2026-01-01", "--to", "2026-01-31")

    assert [line.split()[:2] for line in printed.stdout.splitlines()[1:]] == [["Alice", "Admin"], ["Dan", "Duty"]]
    assert "24:00" in printed.stdout
    assert paid.stderr == "rates:\nbase 10\nMon 22:00-06:00 12.5\n"
    assert {row["name"]: row["pay"] for row in json.loads(paid.stdout)["hours"]} == {
        "Alice Admin": "240.00",
        "Dan Duty": "260.00",
    }
    assert "Dan Duty;;;1;24:00;0:00;0:00;0:00;24:00;1;8:00;0:00;0:00;260,00;" in listed.stdout
    assert (refused.returncode, refused.stderr) == (
        65,
        "duty-teller: This month isn't over yet. You can close it from 2199-12-01 on.\n",
    )
    assert (nobody.returncode, nobody.stderr) == (
        65,
        "duty-teller: nobody has any hours from 2026-01-01 to 2026-01-31\n",
    )
