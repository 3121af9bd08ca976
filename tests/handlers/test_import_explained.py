"""*How I read it*: under every preview, question and refusal the file comes back, coloured by what was read."""

import asyncio
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from duty_teller.handlers.import_duty_schedule import documents
from duty_teller.services.import_service.explain import explained_workbook
from tests.handlers.conftest import ALICE, Json, World, buttons, roster_json, wait_for
from tests.handlers.test_import import GONE, TWO, after, month_grid, press, send, shifts
from tests.handlers.test_rosters import second_roster

pytestmark = pytest.mark.usefixtures("read_here")

HOW = "🔍 How I read it"


def explained(world: World, message: Json) -> Any:
    """Presses the button and returns the workbook that comes."""
    press(world, message, HOW)
    sent = world.chat.wait_for_message(ALICE, lambda m: m["document"] is not None, after_id=message["message_id"])
    assert sent["document"]["file_name"].endswith("how I read it.xlsx")
    wait_for(lambda: not any("Colouring" in text for text in world.texts(ALICE)))
    return load_workbook(io.BytesIO(world.chat.download(sent["document"]["file_id"])))


def test_preview_sends_the_file_back_with_what_each_cell_became(world: World) -> None:
    question = send(world, month_grid(Dan_Duty="Д"), "ноябрь.xlsx")
    press(world, question, "Duty, all day")
    preview = after(world, question, "Would add 1")

    book = explained(world, preview)

    sheet = book.worksheets[1]
    assert sheet["B2"].value == "Д"
    assert sheet["B2"].comment.text == "→ Dan Duty, Sun 1 Nov 2026 09:00–Mon 2 Nov 2026 09:00"
    press(world, preview, "✅ Apply")  # the dialogue went on meanwhile
    after(world, preview, "Schedule updated")
    assert len(shifts(world)) == 1


@pytest.mark.usefixtures("child_here")
def test_question_sends_the_file_back_with_its_open_cells(world: World) -> None:
    question = send(world, month_grid(Dan_Duty="Д"), "ноябрь.xlsx")

    book = explained(world, question)

    assert "the code isn't explained yet" in book.worksheets[1]["B2"].comment.text


@pytest.mark.usefixtures("child_here")
def test_refusal_sends_the_file_back_with_what_is_wrong(world: World) -> None:
    refused = send(world, month_grid(Dan_Duty=["25:00-26:00"]), "ноябрь.xlsx")  # type: ignore[arg-type]
    assert "I couldn't read this file" in refused["text"]

    book = explained(world, refused)

    assert "25:00" in book.worksheets[1]["B2"].comment.text


@pytest.mark.usefixtures("child_here")
def test_file_without_cells_says_that_there_is_nothing_to_show(world: World) -> None:
    refused = send(world, b"%PDF-1.7 not a table", "roster.pdf")

    press(world, refused, HOW)

    told = world.chat.wait_for_message(ALICE, "There are no cells", after_id=refused["message_id"])
    assert told["text"].startswith("❌")


@pytest.mark.usefixtures("child_here")
def test_unreadable_file_before_the_roster_is_chosen_has_nothing_to_show(world: World) -> None:
    second_roster(world)
    refused = send(world, b"%PDF-1.7 not a table", "roster.pdf")
    assert "Which roster" not in refused["text"]

    press(world, refused, HOW)

    world.chat.wait_for_message(ALICE, "There are no cells", after_id=refused["message_id"])


@pytest.mark.usefixtures("child_here")
def test_file_that_telegram_no_longer_has_is_asked_for_again(world: World) -> None:
    preview = send(world, TWO)
    world.chat.fault("getFile", "drop")

    press(world, preview, HOW)

    world.chat.wait_for_message(ALICE, "❌ Telegram no longer has this file for me.", after_id=preview["message_id"])
    press(world, preview, "✅ Apply")
    after(world, preview, "Schedule updated")


@pytest.mark.usefixtures("child_here")
def test_second_tap_waits_for_the_first_and_the_dialogue_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = send(world, TWO)
    goes_on = asyncio.Event()

    async def slow(*args: Any) -> bytes:
        await goes_on.wait()
        return await explained_workbook(*args)

    monkeypatch.setattr(documents, "explained_workbook", slow)
    press(world, preview, HOW)

    told = press(world, preview, HOW)
    assert told is not None and told["text"] == "Already on it, one moment."
    press(world, preview, "✅ Apply")
    after(world, preview, "Schedule updated")
    world.loop.call_soon_threadsafe(goes_on.set)
    world.chat.wait_for_message(ALICE, lambda m: m["document"] is not None, after_id=preview["message_id"])


@pytest.mark.usefixtures("child_here")
def test_button_of_a_finished_import_is_told_so(world: World) -> None:
    first = send(world, TWO)
    send(world, roster_json(Dan_Duty="О"), "other.json")

    assert press(world, first, HOW) == GONE
    assert HOW in buttons(first)
