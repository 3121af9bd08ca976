"""`duty-teller export`: files, standard output, and what it refuses."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.process.conftest import Service, roster_json

NOVEMBER = ("--from", "2026-11-01", "--to", "2026-11-30")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data after an import."""
    service = Service(tmp_path_factory.mktemp("imported"), "http://127.0.0.1:1")
    file = service.folder / "roster.json"
    file.write_bytes(roster_json(date(2026, 11, 23), {"Dan Duty": "Б", "Alice Admin": " Б"}))
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
