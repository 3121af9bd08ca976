"""Reading in a child process: it can be killed, it can hang, it can be handed anything."""

import asyncio
import os
import sys
from typing import Any

import pytest

from duty_teller.importers import child
from duty_teller.importers.child import read_in_child
from duty_teller.importers.duty_schedule import RosterFileError
from tests.handlers.conftest import ALICE, World, buttons, roster_json

TWO = roster_json(Dan_Duty="Б Б", Alice_Admin=" Б ")


def run_instead(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(child, "_command", lambda *_: [sys.executable, "-c", code])


async def test_read_in_child_gives_the_cells() -> None:
    cells = await read_in_child(TWO, "roster.json")

    assert cells.format == "json"


@pytest.mark.parametrize(
    "name", ["-x.json", "--help", "", "..", "мой график.json", "a\nb.json", "a\0b.json", "a\ud800.json", "\udcff"]
)
async def test_read_in_child_takes_any_file_name(name: str) -> None:
    with pytest.raises(RosterFileError) as caught:
        await read_in_child(b"", name)

    assert caught.value.text("en").endswith("The file is empty.")


@pytest.mark.parametrize(
    "code",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "raise SystemExit(70)",
        "print('{\"half')",
        "import sys; sys.stdin.close(); print()",
    ],
)
async def test_read_in_child_that_dies_is_an_error_of_the_file(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    run_instead(monkeypatch, code)

    with pytest.raises(RosterFileError) as caught:
        await read_in_child(bytes(2**20), "roster.xlsx")

    assert [problem.key for problem in caught.value.problems] == ["import.file.too_heavy"]


@pytest.mark.parametrize(("had", "key"), [(0.19, "import.file.too_heavy"), (0.0, "import.file.busy")])
async def test_read_in_child_that_takes_too_long_is_killed(
    monkeypatch: pytest.MonkeyPatch, had: float, key: str
) -> None:
    """A small file on a machine that has no time for it is not called heavy."""
    run_instead(monkeypatch, "import time; time.sleep(600)")
    told = child._processor_seconds
    assert 0 < told(os.getpid()) < told(-1)
    monkeypatch.setattr(child, "_processor_seconds", lambda pid: had + 0 * told(pid))

    with pytest.raises(RosterFileError) as caught:
        await read_in_child(TWO, "roster.json", seconds=0.2)

    assert [problem.key for problem in caught.value.problems] == [key]


async def test_read_in_child_that_is_given_up_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, "import time; time.sleep(600)")
    started: list[asyncio.subprocess.Process] = []
    original = asyncio.create_subprocess_exec

    async def create(*arguments: str, **options: Any) -> asyncio.subprocess.Process:
        started.append(await original(*arguments, **options))
        return started[0]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", create)
    task = asyncio.create_task(read_in_child(TWO, "roster.json"))
    while not started and not task.done():  # noqa: ASYNC110
        await asyncio.sleep(0.01)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert started[0].returncode == -9


def test_file_is_read_by_a_child_of_the_service(world: World) -> None:
    sent = world.chat.send_document(ALICE, "--roster.json", TWO)

    preview = world.chat.wait_for_message(ALICE, "Would add 3", after_id=sent["message_id"])

    assert list(buttons(preview)) == ["✅ Apply", "Cancel", "🔍 How I read it"]


def test_service_lives_on_when_the_child_is_killed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    before = world.counts()
    sent = world.chat.send_document(ALICE, "roster.json", TWO)

    refused = world.chat.wait_for_message(ALICE, "❌", after_id=sent["message_id"])

    assert refused["text"].startswith("❌ I couldn't read this file. Nothing has changed.")
    assert world.counts() == before
    monkeypatch.undo()
    sent = world.chat.send_document(ALICE, "roster.json", TWO)
    world.chat.wait_for_message(ALICE, "Would add 3", after_id=sent["message_id"])
