"""Backup and restore from the terminal, beside the running service."""

import os
import subprocess
import zipfile
from datetime import date

import pytest

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
    assert service.here("backup", "no/such/folder/b.zip").returncode == 73
    assert service.here("restore", "--check", "no.zip").returncode == 66
    assert service.here("restore", "/dev/zero").returncode == 66, "it was read without end"
    assert service.here("restore", "--check", "roster.json").returncode == 65


OWN = ("data/duty_teller.db", "data/duty_teller.db-wal", "data/secret", "by-link")


@pytest.mark.parametrize(
    "command", ["backup", "hours --from {0} --to {0} --csv", "export --format csv --from {0} --to {0}"]
)
def test_nothing_is_written_over_the_data_themselves(terminal: Service, command: str) -> None:
    """`backup data/duty_teller.db` put a zip in the place of the only database, and said that all was well."""
    terminal.settle()
    (terminal.folder / "roster.json").write_bytes(roster_json(date(2026, 11, 1), {"Dan Duty": "ББ"}))
    assert terminal.here("import", "roster.json").returncode == 0
    (terminal.folder / "data" / "secret").write_bytes(bytes(32))
    (terminal.folder / "by-link").symlink_to(terminal.folder / "data" / "duty_teller.db")

    for own in OWN:
        done = terminal.here(*command.format("2026-11-01").split(), own)

        assert (done.returncode, done.stdout) == (73, ""), done
        assert done.stderr.startswith(f"duty-teller: {own}: ") and "a file of the data themselves" in done.stderr
    assert terminal.rows("SELECT count(*) FROM duties") == [(2,)]
    assert (terminal.folder / "data" / "secret").read_bytes() == bytes(32)
    assert (terminal.folder / "by-link").is_symlink()


def test_backup_replaces_no_device_and_follows_a_link_of_ours(terminal: Service) -> None:
    """As root it put a file in the place of /dev/full (or /dev/null), for everybody on the machine."""
    terminal.settle()
    pipe, elsewhere, link = (terminal.folder / name for name in ("pipe", "nas.zip", "latest.zip"))
    os.mkfifo(pipe)
    link.symlink_to(elsewhere)

    refused = terminal.here("backup", "pipe")
    made = terminal.here("backup", "latest.zip")

    assert (refused.returncode, "that is no file" in refused.stderr, pipe.is_fifo()) == (73, True, True), refused
    assert (made.returncode, link.is_symlink(), elsewhere.is_file()) == (0, True, True), made
    assert {path.name for path in terminal.folder.iterdir()} >= {"pipe", "latest.zip", "nas.zip"}


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
