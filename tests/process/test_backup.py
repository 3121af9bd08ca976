"""Backup and restore from the terminal, beside the running service."""

import subprocess
import zipfile
from datetime import date

from tests.process import nursery
from tests.process.conftest import PROGRAM, Service, roster_json


def test_backup_works_beside_the_service_and_restore_waits_for_its_end(service: Service) -> None:
    file = service.folder / "roster.json"
    file.write_bytes(roster_json(date(2026, 11, 1), {"Dan Duty": "ББ"}))
    service.start()
    assert service.command("import", str(file)).returncode == 0
    made = service.command("backup", "b.zip")
    assert (made.returncode, made.stderr) == (0, ""), made
    assert ", read back whole" in made.stdout
    file.write_bytes(roster_json(date(2026, 11, 1), {"Dan Duty": "Б" * 9}))
    assert service.command("import", str(file)).returncode == 0

    refused = service.command("restore", "b.zip")
    assert (refused.returncode, refused.stdout) == (75, "")
    assert "stop the service" in refused.stderr
    assert service.end() == 0
    restored = service.here("restore", "b.zip")

    assert (restored.returncode, restored.stderr) == (0, ""), restored
    assert "the data as they were are in" in restored.stdout
    assert service.rows("SELECT count(*) FROM duties") == [(2,)]
    assert service.here("restore", "--check", "b.zip").returncode == 0
    with zipfile.ZipFile(service.folder / "b.zip") as archive:
        assert "secret" in archive.namelist()
    assert service.here("backup", "no/such/folder/b.zip").returncode == 74
    assert service.here("restore", "--check", "roster.json").returncode == 65


def test_backup_behind_a_passphrase_is_restored_with_it_alone(terminal: Service) -> None:
    terminal.settle()

    def with_words(words: str, *command: str) -> "subprocess.CompletedProcess[str]":
        return nursery.run([*PROGRAM, *command], terminal.environment, terminal.folder, given=f"{words}\n".encode())

    short = with_words("short", "backup", "--passphrase", "b.age")
    made = with_words("four plain words", "backup", "--passphrase", "b.age")
    wrong = with_words("three plain words", "restore", "b.age")
    right = with_words("four plain words", "restore", "b.age")

    assert (short.returncode, "8 characters" in short.stderr) == (65, True)
    assert (made.returncode, made.stderr) == (0, "")
    assert (terminal.folder / "b.age").read_bytes().startswith(b"age-encryption.org/v1")
    assert (wrong.returncode, "passphrase is not the right one" in wrong.stderr) == (65, True)
    assert right.returncode == 0, right.stderr
    left = [path.name for path in (terminal.folder / "data").iterdir()]
    assert [name for name in left if name.startswith((".opened", ".restoring"))] == []
