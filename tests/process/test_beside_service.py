"""Commands that root or an operator runs beside the service: its configuration, its data, its user."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

import duty_teller
from tests.process.conftest import roster_json

SERVICE, OPERATOR = 61184, 61185
"""User ids that nobody has."""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def python_for_everybody() -> str:
    """An interpreter of this version that other users can start, too."""
    for found in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        path = Path(found).resolve()
        if path.exists() and all(place.stat().st_mode & 0o001 for place in (path, *path.parents)):
            return found
    pytest.skip("other users cannot start Python here")


class Machine:
    """A machine with the service's files, in a folder that every user may enter."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.etc, self.data, self.home = (folder / name for name in ("etc", "lib", "root"))
        for place in (self.etc, self.data, self.home):
            place.mkdir(0o700)
        (self.etc / "duty-teller.env").write_text("# ours\nADMIN_IDS=1001\nDUTY_DISPLAY_TZ=Europe/Moscow\n")
        shutil.copy(database, self.data / "duty_teller.db")
        for path in (self.data, self.data / "duty_teller.db"):
            os.chown(path, SERVICE, SERVICE)
        self.roster = self.home / "roster.json"
        self.roster.write_bytes(roster_json(date(2026, 11, 23), {"Dan Duty": "ББ"}))
        self.roster.chmod(0o600)

    def run(
        self, *words: str, user: int = 0, sources: Path = Path(duty_teller.__file__).parents[1]
    ) -> "subprocess.CompletedProcess[str]":
        places = {"SERVICE_ENV": self.etc / "duty-teller.env", "SERVICE_DATA": self.data}
        patch = "".join(f"config.{name} = Path({str(path)!r}); " for name, path in places.items())
        code = (
            f"import sys; from pathlib import Path; from duty_teller import config; {patch}"
            "from duty_teller.main import main; sys.exit(main(sys.argv[1:]))"
        )
        path = os.pathsep.join([str(sources), *(place for place in sys.path if place.endswith("site-packages"))])
        return subprocess.run(
            [python_for_everybody(), "-c", code, *words],
            cwd="/" if user else self.home,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": path, "LANG": "C.UTF-8"},
            user=user,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def shifts(self) -> int:
        with closing(sqlite3.connect(self.data / "duty_teller.db")) as connection:
            return int(connection.execute("SELECT count(*) FROM duties").fetchone()[0])


@pytest.fixture
def machine(migrated_file: Path) -> Iterator[Machine]:
    for place in Path(duty_teller.__file__).parents:
        if not place.stat().st_mode & 0o001:
            pytest.skip(f"other users cannot read the sources here ({place})")
    with tempfile.TemporaryDirectory(prefix="duty-teller-machine-") as name:
        Path(name).chmod(0o711)
        yield Machine(Path(name), migrated_file)


def test_root_works_on_the_data_of_the_service_as_its_user(machine: Machine) -> None:
    """An import made a database of its own in root's folder and reported success."""
    backup = machine.home / "kept.zip"

    imported = machine.run("import", "roster.json")
    kept = machine.run("backup", str(backup))
    exported = machine.run("export", str(machine.data / "out.csv"), "--from", "2026-11-01", "--to", "2026-11-30")
    restored = machine.run("restore", "kept.zip")

    for done in (imported, kept, exported, restored):
        assert done.returncode == 0, done.stderr
        assert f"the service's data, {machine.data}, as {SERVICE}" in done.stderr
    assert machine.shifts() == 2
    made = list(machine.data.rglob("*"))
    assert any(path.parent.name.startswith("before-restore-") for path in made)
    assert {(path.lstat().st_uid, path.lstat().st_mode & 0o077) for path in made} == {(SERVICE, 0)}
    assert machine.data / "out.csv" in made  # also what root names there is the service's
    assert {path.name for path in machine.home.iterdir()} == {"roster.json", "kept.zip"}
    assert (backup.stat().st_uid, backup.stat().st_mode & 0o777) == (0, 0o600)


def test_doctor_by_root_sees_what_the_services_user_may_not_do(machine: Machine) -> None:
    """It asked what root may, who may everything."""
    with (machine.etc / "duty-teller.env").open("a") as file:
        file.write("BOT_TOKEN=1:abc\nBOT_API_BASE_URL=http://127.0.0.1:1\nHTTP_PORT=1\n")
    for name, owner, mode in (("cache", SERVICE, 0), ("backups", 0, 0o700)):
        (machine.data / name).mkdir(mode)
        os.chown(machine.data / name, owner, owner)
    (machine.data / "duty_teller.db").chmod(0o400)

    done = machine.run("doctor")

    assert done.returncode == 2, done.stderr
    for said in ("duty_teller.db cannot be written", "backups does not belong to the owner", "backups: ", "cache: "):
        assert any(said in line for line in done.stdout.splitlines() if line.startswith(("FAULT", "WARN"))), done.stdout
    machine.data.chmod(0)
    done = machine.run("doctor")
    assert (done.returncode, done.stdout.count("FAULT   data: ")) == (2, 1), done.stderr
    assert "FAULT   service: " in done.stdout, "it goes on"


def test_program_in_roots_home_says_that_the_services_user_cannot_read_it(machine: Machine) -> None:
    """It ended in the traceback of a module that was not found."""
    (machine.home / "src").mkdir()
    (machine.home / "src" / "duty_teller").symlink_to(Path(duty_teller.__file__).parent)

    (machine.home / ".env").write_text(f"DATA_DIR={machine.data}\nBOT_TOKEN=1:abc\nADMIN_IDS=1\nHTTP_PORT=0\n")

    for command in (("import", "roster.json"), ("run",)):
        done = machine.run(*command, sources=machine.home / "src")

        assert (done.returncode, done.stdout) == (77, ""), done.stderr
        assert f"not to be read by {SERVICE}" in done.stderr and "Traceback" not in done.stderr
    assert machine.shifts() == 0


def test_operator_who_may_not_read_the_configuration_is_told_so(machine: Machine) -> None:
    machine.etc.chmod(0o711)
    (machine.etc / "duty-teller.env").chmod(0o600)

    done = machine.run("import", "/dev/null", user=OPERATOR)

    assert (done.returncode, done.stdout) == (78, "")
    assert "use sudo" in done.stderr


def test_service_that_never_ran_gets_no_database_from_a_command(machine: Machine) -> None:
    shutil.rmtree(machine.data)

    done = machine.run("import", "roster.json")

    assert done.returncode == 66
    assert "start it once" in done.stderr
    assert not machine.data.exists()


def test_env_of_the_folder_counts_more_than_the_service(machine: Machine) -> None:
    (machine.home / ".env").write_text("DATA_DIR=mine\n")

    done = machine.run("import", "roster.json")

    assert (done.returncode, machine.shifts()) == (0, 0)
    assert f"the database in {machine.home / 'mine'} (DATA_DIR) is new" in done.stdout
