"""The process ends while an import is being applied: after the restart the admin reads what became of it."""

import signal

import pytest

from duty_teller.bot_api_stand_in.client import StandInClient
from tests.faults.conftest import Faulty, wait_for
from tests.handlers.conftest import Json, buttons, roster_json
from tests.process.conftest import ALICE

BEFORE_IT_WRITES = (
    "from duty_teller.services.import_service import applying\n"
    "def stuck(*_, **__):\n    import time\n    open('reached', 'w').close()\n    time.sleep(60)\n"
    "applying.apply = stuck"
)
BEFORE_IT_TELLS = (
    "from duty_teller.handlers.import_duty_schedule import dialogue\n"
    "async def stuck(*_):\n    import asyncio\n    open('reached', 'w').close()\n    await asyncio.sleep(60)\n"
    "dialogue.show_applied = stuck"
)


def previewed(faulty: Faulty, chat: StandInClient) -> Json:
    """Starts the service; returns the preview of a file that Alice has sent."""
    chat.add_user(ALICE, "Alice", "alice")
    faulty.start()
    started = chat.send_text(ALICE, "/start")
    chat.wait_for_message(ALICE, "Hello, Alice!", after_id=started["message_id"], timeout=20)
    sent = chat.send_document(ALICE, "roster.json", roster_json(Dan_Duty="Б Б"))
    return chat.wait_for_message(ALICE, lambda m: "✅ Apply" in buttons(m), after_id=sent["message_id"], timeout=30)


def stop_in_the_middle(faulty: Faulty, chat: StandInClient, preview: Json, number: int) -> None:
    chat.press(ALICE, preview["message_id"], "✅ Apply")
    wait_for((faulty.folder / "reached").exists)
    if number == signal.SIGTERM:
        assert faulty.end() == 0
    else:
        assert faulty.process is not None
        faulty.process.kill()
        faulty.process.wait()


def start_whole(faulty: Faulty) -> None:
    (faulty.folder / "faulty.py").write_text("import sys\nfrom duty_teller.main import main\nsys.exit(main(['run']))\n")
    faulty.start()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_import_that_was_written_is_told_after_the_restart(
    faulty: Faulty, chat: StandInClient, number: signal.Signals
) -> None:
    faulty.break_with(BEFORE_IT_TELLS)
    preview = previewed(faulty, chat)
    stop_in_the_middle(faulty, chat, preview, number)
    assert faulty.rows("SELECT count(*) FROM duties WHERE cancelled_at IS NULL") == [(2,)]

    start_whole(faulty)

    told = chat.wait_for_message(ALICE, "Schedule updated", after_id=preview["message_id"] - 1, timeout=20)
    assert (told["message_id"], "↩️ Undo the import" in buttons(told)) == (preview["message_id"], True)
    wait_for(lambda: faulty.rows("SELECT count(*) FROM import_drafts") == [(0,)])
    chat.press(ALICE, told["message_id"], "↩️ Undo the import")
    wait_for(lambda: faulty.rows("SELECT count(*) FROM duties WHERE cancelled_at IS NULL") == [(0,)])
    assert faulty.end() == 0


def test_import_that_was_not_written_is_told_after_the_restart_and_can_be_applied(
    faulty: Faulty, chat: StandInClient
) -> None:
    faulty.break_with(BEFORE_IT_WRITES)
    preview = previewed(faulty, chat)
    stop_in_the_middle(faulty, chat, preview, signal.SIGKILL)
    assert faulty.rows("SELECT count(*) FROM duties") == [(0,)]

    start_whole(faulty)

    chat.wait_for_message(ALICE, "Saving was interrupted", after_id=preview["message_id"], timeout=20)
    chat.press(ALICE, preview["message_id"], "✅ Apply")
    told = chat.wait_for_message(ALICE, "Schedule updated", after_id=preview["message_id"] - 1, timeout=20)
    assert told["message_id"] == preview["message_id"]
    assert faulty.rows("SELECT count(*) FROM duties WHERE cancelled_at IS NULL") == [(2,)]
    wait_for(lambda: faulty.rows("SELECT count(*) FROM import_drafts") == [(0,)])
    assert sum("interrupted" in m["text"] for m in chat.messages(ALICE)) == 1
    assert faulty.end() == 0
