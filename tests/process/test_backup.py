"""Backup and restore from the terminal, beside the running service."""

import zipfile
from datetime import date

from tests.process.conftest import Service, roster_json


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
