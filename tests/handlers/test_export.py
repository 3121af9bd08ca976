"""`/export` in the chat: the days, the format, the document, and who may not."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from duty_teller.importers.duty_schedule import read_roster_file
from duty_teller.services import import_service
from duty_teller.services.import_service import RosterFile
from duty_teller.services.schedule_service import Author
from tests.handlers.conftest import ADMINS_ONLY, ALICE, DAN, GROUP, SAM, Json, World, buttons, roster_json

PERIODS = ["November 2026", "December 2026", "October 2026", "A year ahead", "Cancel"]
FORMATS = ["Spreadsheet (.xlsx)", "List (.csv)", "Calendar (.ics)", "JSON", "‹ Other dates"]


def after(world: World, shown: Json, text: str, who: int = ALICE) -> Json:
    """The same message when it says something else."""
    return world.chat.wait_for_message(
        who, lambda m: m["message_id"] == shown["message_id"] and text in m["text"], after_id=shown["message_id"] - 1
    )


def ask(world: World, period: str = "November 2026") -> Json:
    """Asks for some days, up to the question for the format."""
    shown = world.say(ALICE, "/export")
    world.chat.press(ALICE, shown["message_id"], period)
    return after(world, shown, "Which format?")


def document_of(world: World, shown: Json) -> tuple[str, bytes, str]:
    """The name, bytes and caption of the document that was sent."""
    sent = world.chat.wait_for_message(ALICE, lambda m: m["document"] is not None, after_id=shown["message_id"])
    return sent["document"]["file_name"], world.chat.download(sent["document"]["file_id"]), sent["text"]


def export(world: World, file_format: str, period: str = "November 2026") -> tuple[str, bytes, str]:
    shown = ask(world, period)
    world.chat.press(ALICE, shown["message_id"], file_format)
    found = document_of(world, shown)
    done = after(world, shown, "✅")
    assert done["text"].startswith(f"✅ {found[0]}: ")
    assert buttons(done) == {}
    return found


def test_export_asks_for_days_then_for_the_format(planned: World) -> None:
    shown = planned.say(ALICE, "/export")
    assert list(buttons(shown)) == PERIODS

    planned.chat.press(ALICE, shown["message_id"], "December 2026")
    asked = after(planned, shown, "Which format?")

    assert asked["text"] == "Tue 1 Dec 2026 – Thu 31 Dec 2026. Which format?"
    assert list(buttons(asked)) == FORMATS


def test_workbook_comes_as_a_document(planned: World) -> None:
    name, data, caption = export(planned, "Spreadsheet (.xlsx)")

    sheet = load_workbook(BytesIO(data)).worksheets[0]
    assert name == "duty-2026-11.xlsx"
    assert [sheet["A4"].value, sheet["A5"].value] == ["Alice Admin", "Dan Duty"]
    assert [sheet.cell(row, 24 + day).value for row in (4, 5) for day in (0, 1, 2)] == [
        None,
        "On",
        None,
        "On",
        None,
        "On",
    ]
    assert caption == "You can edit it and send it back to me: I'll show what's different, with no questions asked."


def test_list_calendar_and_json_come_too(planned: World) -> None:
    _name, data, _caption = export(planned, "List (.csv)")
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert [row[3] for row in rows] == ["Name", "Dan Duty", "Alice Admin", "Dan Duty"]

    name, data, caption = export(planned, "Calendar (.ics)")
    assert (name, data.count(b"BEGIN:VEVENT")) == ("duty-2026-11.ics", 3)
    assert "/calendar_link" in caption

    _name, data, _caption = export(planned, "JSON")
    assert [row["name"] for row in json.loads(data)["schedule"]] == ["Alice Admin", "Dan Duty"]


def test_exported_file_sent_back_changes_nothing(planned: World, read_here: None) -> None:
    for file_format in ("Spreadsheet (.xlsx)", "List (.csv)", "Calendar (.ics)", "JSON"):
        name, data, _caption = export(planned, file_format)
        sent = planned.chat.send_document(ALICE, name, data)
        answer = planned.chat.wait_for_message(
            ALICE, lambda m: bool(m["text"]) and not m["text"].startswith("⏳"), after_id=sent["message_id"]
        )
        assert answer["text"].split("\n\n")[-1].startswith("✅ "), file_format
        assert buttons(answer) == {}, file_format


def test_year_ahead_is_twelve_months(planned: World) -> None:
    name, data, _caption = export(planned, "Spreadsheet (.xlsx)", "A year ahead")

    titles = load_workbook(BytesIO(data)).sheetnames
    assert name == "duty-2026-11-01_2027-10-31.xlsx"
    assert (titles[0], titles[-2], len(titles)) == ("November 2026", "October 2027", 13)


def test_days_without_anybody_are_said_and_others_offered(planned: World) -> None:
    shown = ask(planned, "October 2026")
    planned.chat.press(ALICE, shown["message_id"], "List (.csv)")

    said = after(planned, shown, "❌")

    assert said["text"] == "❌ Nobody is on the schedule from Thu 1 Oct 2026 to Sat 31 Oct 2026."
    assert list(buttons(said)) == FORMATS


def test_json_that_cannot_say_a_shift_names_it_and_offers_the_others(world: World) -> None:
    rows = b"Date,Start,End,Name,Telegram,Type,Position,Hours,Note\r\n"
    rows += b"2026-11-24,2026-11-24 08:00+03:00,2026-11-24 20:00+03:00,Dan Duty,,duty,,12,\r\n"

    def work(session: object) -> None:
        from duty_teller.db import repository

        roster = repository.rosters(session)[0]  # type: ignore[arg-type]
        file = RosterFile(read_roster_file(rows, "a.csv"), import_service.rules_of(roster))
        author, now = Author(None, "command line"), world.clock()
        import_service.run_import(session, roster, file, author, "a.csv", now)  # type: ignore[arg-type]

    world.work(work)
    shown = ask(world)
    world.chat.press(ALICE, shown["message_id"], "JSON")

    said = after(world, shown, "❌")

    assert "Dan Duty, Tue 24 Nov 2026 08:00 – 20:00" in said["text"]
    assert list(buttons(said)) == FORMATS


def test_way_back_and_cancel(planned: World) -> None:
    shown = ask(planned)
    planned.chat.press(ALICE, shown["message_id"], "‹ Other dates")
    again = after(planned, shown, "Which part")
    assert list(buttons(again)) == PERIODS

    planned.chat.press(ALICE, shown["message_id"], "Cancel")
    gone = after(planned, shown, "no file")
    assert buttons(gone) == {}


def test_buttons_work_after_a_restart(planned: World) -> None:
    shown = ask(planned)
    planned.stop()
    planned.start()

    planned.chat.press(ALICE, shown["message_id"], "List (.csv)")

    assert document_of(planned, shown)[0] == "duty-2026-11.csv"


def test_document_that_cannot_be_sent_is_said(planned: World) -> None:
    shown = ask(planned)
    planned.chat.fault("sendDocument", "refuse")
    planned.chat.press(ALICE, shown["message_id"], "List (.csv)")

    assert after(planned, shown, "❌")["text"].endswith("Please try again: /export")


@pytest.mark.usefixtures("dan_linked")
def test_members_and_strangers_get_no_file(planned: World) -> None:
    assert planned.say(DAN, "/export")["text"] == ADMINS_ONLY
    assert "Sam" not in planned.say(SAM, "/export")["text"]
    assert planned.chat.calls("sendDocument") == []


def test_group_is_pointed_to_the_private_chat(planned: World) -> None:
    planned.chat.add_group(GROUP, "Ops", [ALICE, DAN])
    assert planned.say(ALICE, "/export", GROUP)["text"].startswith("Do this in our private chat: @")


def test_unplanned_team_is_told_there_is_nothing(world: World) -> None:
    world.import_roster(roster_json(Dan_Duty=" "))
    shown = ask(world)
    world.chat.press(ALICE, shown["message_id"], "Spreadsheet (.xlsx)")
    assert "Nobody is on the schedule" in after(world, shown, "❌")["text"]
