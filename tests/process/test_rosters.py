"""`duty-teller import` and `export` where there are several rosters."""

import json
import sqlite3
from datetime import date

import pytest

from tests.process.conftest import Service, roster_json

SUPPORT = {"Dan Duty": "Б", "Alice Admin": " Б"}
NETWORK = {"Nina Network": "Б"}
DAYS = ("--from", "2026-11-01", "--to", "2026-11-30")
SEVERAL = "duty-teller: There are several rosters, say which one with --roster: “Support”, “Network”\n"
UNKNOWN = "duty-teller: There is no roster “Field”. There are: “Support”, “Network”\n"


@pytest.fixture
def two(terminal: Service) -> Service:
    """Support and Network, both empty."""
    terminal.settle()
    connection = sqlite3.connect(terminal.folder / "data" / "duty_teller.db")
    with connection:
        connection.execute("UPDATE rosters SET name = 'Support'")
        columns = "timezone, handover_at, day_shift, night_shift, codes, file_answers, coverage"
        connection.execute(f"INSERT INTO rosters (name, {columns}) SELECT 'Network', {columns} FROM rosters")
    connection.close()
    return terminal


def write(service: Service, name: str, people: dict[str, str]) -> str:
    (service.folder / name).write_bytes(roster_json(date(2026, 11, 23), people))
    return str(service.folder / name)


def shifts(service: Service) -> list[tuple[str, str]]:
    return service.rows(
        "SELECT rosters.name, full_name FROM duties JOIN rosters ON rosters.id = roster_id "
        "JOIN users ON users.id = user_id WHERE cancelled_at IS NULL ORDER BY 1, 2"
    )


def test_import_goes_into_the_roster_that_is_named(two: Service) -> None:
    support = two.here("import", write(two, "s.json", SUPPORT), "--roster", "Support")
    network = two.here("import", write(two, "n.json", NETWORK), "--roster", "network")
    again = two.here("import", write(two, "n.json", NETWORK), "--roster", "Network", "--dry-run")

    assert (support.returncode, network.returncode, again.returncode) == (0, 0, 0)
    assert "Would add 1, remove 0, change 0" in network.stdout  # nobody of Support is in its way
    assert "unchanged 1" in again.stdout or "No shift" in again.stdout
    assert shifts(two) == [("Network", "Nina Network"), ("Support", "Alice Admin"), ("Support", "Dan Duty")]


def test_import_without_a_name_or_with_a_wrong_one_lists_the_names(two: Service) -> None:
    file = write(two, "s.json", SUPPORT)

    missing, wrong = two.here("import", file), two.here("import", file, "--roster", "Field")
    as_json = two.here("import", file, "--json")

    assert (missing.returncode, missing.stdout, missing.stderr) == (64, "", SEVERAL)
    assert (wrong.returncode, wrong.stdout, wrong.stderr) == (64, "", UNKNOWN)
    assert as_json.returncode == 64
    assert json.loads(as_json.stdout)["errors"] == [
        {"where": "", "message": SEVERAL.removeprefix("duty-teller: ")[:-1]}
    ]
    assert shifts(two) == []


def test_export_writes_the_roster_that_is_named(two: Service) -> None:
    two.here("import", write(two, "s.json", SUPPORT), "--roster", "Support")
    two.here("import", write(two, "n.json", NETWORK), "--roster", "Network")

    done = two.here("export", "-", *DAYS, "--format", "json", "--roster", "Network")
    missing = two.here("export", "-", *DAYS, "--format", "json")
    wrong = two.here("export", str(two.folder / "x.csv"), *DAYS, "--roster", "Field")

    assert [row["name"] for row in json.loads(done.stdout)["schedule"]] == ["Nina Network"]
    assert (missing.returncode, missing.stdout, missing.stderr) == (64, "", SEVERAL)
    assert (wrong.returncode, wrong.stderr, (two.folder / "x.csv").exists()) == (64, UNKNOWN, False)


def test_retired_roster_is_neither_offered_nor_taken(two: Service) -> None:
    connection = sqlite3.connect(two.folder / "data" / "duty_teller.db")
    with connection:
        connection.execute("UPDATE rosters SET retired_at = 1 WHERE name = 'Network'")
    connection.close()

    done = two.here("import", write(two, "s.json", SUPPORT))
    wrong = two.here("import", write(two, "n.json", NETWORK), "--roster", "Network")

    assert done.returncode == 0
    assert (wrong.returncode, wrong.stderr) == (
        64,
        "duty-teller: There is no roster “Network”. There are: “Support”\n",
    )
    assert {roster for roster, _name in shifts(two)} == {"Support"}


def test_only_roster_without_a_name_needs_none(terminal: Service) -> None:
    file = write(terminal, "s.json", SUPPORT)

    wrong = terminal.here("import", file, "--roster", "Support", "--dry-run")

    assert (wrong.returncode, wrong.stderr) == (
        64,
        "duty-teller: There is no roster “Support”. The only one has no name: leave --roster out.\n",
    )
    assert terminal.here("import", file).returncode == 0
