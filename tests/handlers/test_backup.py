"""`/backup`, and the backup of each night."""

import errno
import io
import os
import zipfile
from datetime import timedelta

import pytest

from duty_teller.db import backup, sealed
from duty_teller.db.backup import kept
from duty_teller.handlers.background.backups import Backups
from tests.handlers.conftest import ALICE, DAN, GROUP, NOON, World


def test_backup_is_sent_to_the_admin_who_asks_in_private(planned: World) -> None:
    planned.chat.send_text(ALICE, "/backup")
    sent = planned.chat.wait_for_message(ALICE, lambda m: m["document"] is not None)
    planned.chat.wait_for_message(ALICE, "✅ Backup: Mon 23 Nov, 12:00, ")

    assert sent["document"]["file_name"] == "duty-teller-2026-11-23-0900.zip"
    with zipfile.ZipFile(io.BytesIO(planned.chat.download(sent["document"]["file_id"]))) as archive:
        assert sorted(archive.namelist()) == ["about.json", "duty_teller.db"]  # this world has no secret's file
    assert [path.name for path in planned.folder.iterdir() if path.name.startswith(".backup")] == []


def test_backup_with_a_passphrase_is_read_with_it_alone_and_the_words_leave_the_chat(planned: World) -> None:
    assert "at least 8 characters" in planned.say(ALICE, "/backup short")["text"]

    asked = planned.chat.send_text(ALICE, "/backup four plain different words")
    sent = planned.chat.wait_for_message(ALICE, lambda m: m["document"] is not None, timeout=120)
    planned.chat.wait_for_message(ALICE, "✅ Backup: Mon 23 Nov, 12:00, ")

    assert sent["document"]["file_name"] == "duty-teller-2026-11-23-0900.zip.age"
    assert asked["message_id"] not in [message["message_id"] for message in planned.chat.messages(ALICE)]
    file = planned.folder / "sent.zip.age"
    file.write_bytes(planned.chat.download(sent["document"]["file_id"]))
    with zipfile.ZipFile(io.BytesIO(sealed.unseal(file, "four plain different words"))) as archive:
        assert "duty_teller.db" in archive.namelist()
    with pytest.raises(backup.BackupError, match="passphrase is not the right one"):
        sealed.unseal(file, "four plain different word")


@pytest.mark.usefixtures("dan_linked")
def test_backup_is_for_admins_and_not_for_groups(group: World) -> None:
    assert "Это могут только администраторы" in group.say(DAN, "/backup")["text"]
    assert "private chat" in group.say(ALICE, "/backup", chat_id=GROUP)["text"]


def test_backup_that_cannot_be_made_is_said_with_the_reason(
    planned: World, monkeypatch: pytest.MonkeyPatch, failures: list[str]
) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(backup.sqlite3, "connect", full)

    planned.chat.send_text(ALICE, "/backup")

    planned.chat.wait_for_message(ALICE, "❌ I couldn't make a backup: No space left on device")
    monkeypatch.undo()
    failures.clear()


def test_backup_of_the_night_is_made_once_a_day_and_status_tells_its_age(world: World) -> None:
    assert "No backup yet" in world.say(ALICE, "/status")["text"]
    assert world.app is not None
    nightly = Backups(world.app)
    for moment in (NOON, NOON + timedelta(hours=14), NOON + timedelta(hours=16), NOON + timedelta(days=1, hours=14)):
        world.clock.set(moment)
        world.run(nightly())

    assert [f"{moment:%d %H:%M}" for moment, _path in kept(world.folder)] == ["24 01:00", "23 09:00"]
    assert "Last backup 22 h ago" in world.say(ALICE, "/status")["text"]
    world.clock.move(hours=50)
    assert "🟡 Last backup 3 d ago" in world.say(ALICE, "/status")["text"]


def test_backup_of_the_night_that_fails_is_told_to_the_admins_once(world: World, failures: list[str]) -> None:
    (world.folder / "backups").write_text("a file in its place")
    assert world.app is not None
    for _ in range(2):
        world.run(Backups(world.app)())

    world.chat.wait_for_message(ALICE, "⚠️ I couldn't make tonight's backup: ")
    world.let_ticks_pass(3)
    assert len([text for text in world.texts(ALICE) if "tonight's backup" in text]) == 1
    failures.clear()
