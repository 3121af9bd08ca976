"""The import in the chat: hand-over, file, questions, preview, Apply, Undo, and everything people do instead."""

import io
import json
from datetime import date

import pytest
from openpyxl import Workbook
from sqlalchemy import text

from tests.handlers.conftest import ADMINS_ONLY, ALICE, DAN, GROUP, SAM, Json, World, buttons, roster_json

pytestmark = pytest.mark.usefixtures("read_here")

BORIS = 1004
TWO = roster_json(Dan_Duty="Б Б", Alice_Admin=" Б ")
GONE = {"text": "This import is already finished. Send the file again.", "show_alert": True, "url": ""}
FINISHED = {
    "text": "This import is already finished, see the message above.",
    "show_alert": True,
    "url": "",
}


def month_grid(**cells: str) -> bytes:
    """A workbook for November 2026: codes by name, a letter a day from the 1st on."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Ноябрь 2026"
    for day in range(1, 31):
        sheet.cell(1, day + 1, day)
    for row, (name, codes) in enumerate(cells.items(), start=2):
        sheet.cell(row, 1, name.replace("_", " "))
        for day, code in enumerate(codes, start=1):
            if code != " ":
                sheet.cell(row, day + 1, code)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def send(world: World, data: bytes, name: str = "roster.json", who: int = ALICE) -> Json:
    """Sends a file and returns the bot's answer, when it has been read."""
    sent = world.chat.send_document(who, name, data)
    return world.chat.wait_for_message(
        who, lambda m: bool(m["text"]) and not m["text"].startswith("⏳"), after_id=sent["message_id"]
    )


def press(world: World, message: Json, text: str, who: int = ALICE) -> Json | None:
    return world.chat.press(who, message["message_id"], text)


def after(world: World, message: Json, text: str, who: int = ALICE) -> Json:
    """The same message when it says something else."""
    return world.chat.wait_for_message(
        who,
        lambda m: m["message_id"] == message["message_id"] and text in m["text"],
        after_id=message["message_id"] - 1,
    )


def apply(world: World, preview: Json, who: int = ALICE) -> Json:
    press(world, preview, "✅ Apply", who)
    return after(world, preview, "Schedule updated", who)


def shifts(world: World) -> list[tuple[str, str, str]]:
    """Who is planned when (UTC), what."""
    return world.rows(
        "SELECT full_name, strftime('%m-%d %H:%M', start_at, 'unixepoch'), event_type FROM duties "
        "JOIN users ON users.id = user_id WHERE cancelled_at IS NULL ORDER BY start_at, full_name"
    )


PLANNED = [
    ("Dan Duty", "11-23 06:00", "duty"),
    ("Alice Admin", "11-24 06:00", "duty"),
    ("Dan Duty", "11-25 06:00", "duty"),
]


def test_import_from_command_to_undo_and_redo(world: World) -> None:
    asked = world.say(ALICE, "/import_duty_schedule")
    assert list(buttons(asked)) == ["09:00 Europe/Moscow", "Cancel"]
    press(world, asked, "09:00 Europe/Moscow")
    assert "Hand-over: 09:00 Europe/Moscow." in after(world, asked, "Now send")["text"]

    preview = send(world, TWO)
    assert preview["text"] == (
        "roster.json\n👥 2 people · 3 duties\n📅 Mon 23 Nov – Wed 25 Nov\n"
        "🕘 Hand-over 09:00 Europe/Moscow.\n\n"
        "✏️ Would add 3, remove 0, change 0; unchanged 0\n• Alice Admin: +1\n• Dan Duty: +2\n\n"
        "🆕 2 new people:\n• Dan Duty\n• Alice Admin\n\n"
        "🔕 2 people haven't connected Telegram yet, so I can't write to them."
    )
    assert list(buttons(preview)) == ["✅ Apply", "Cancel", "🔍 How I read it"]
    assert shifts(world) == []

    applied = apply(world, preview)
    assert shifts(world) == PLANNED
    assert list(buttons(applied)) == ["↩️ Undo the import", "Invite people (2)"]

    press(world, applied, "↩️ Undo the import")
    undone = after(world, applied, "Undone: roster.json. The schedule is as it was.")
    assert shifts(world) == []

    press(world, undone, "↪️ Redo")
    redone = after(world, applied, "Redone: roster.json. The schedule is as it was after that change.")
    assert shifts(world) == PLANNED
    assert list(buttons(redone)) == ["↩️ Undo the import"]


def test_hand_over_typed_is_taken_and_a_wrong_one_is_asked_again(world: World) -> None:
    world.say(ALICE, "/import_duty_schedule")

    assert world.say(ALICE, "half past nine")["text"] == (
        "I don't understand “half past nine”. Write a time and a zone, like this: 09:00 Europe/London"
    )
    assert "Europe/Moskow" in world.say(ALICE, "10:30 Europe/Moskow")["text"]
    assert "10:30 Europe/Berlin" in world.say(ALICE, "10:30 Europe/Berlin")["text"]
    assert "Hand-over: 10:30 Europe/Berlin." in world.say(ALICE, "and now?")["text"]
    preview = send(world, TWO)
    assert "❗ Hand-over from now on: 10:30 Europe/Berlin" in preview["text"]
    apply(world, preview)
    assert shifts(world)[0] == ("Dan Duty", "11-23 09:30", "duty")
    assert world.rows("SELECT timezone, handover_at FROM rosters") == [("Europe/Berlin", "10:30")]


def test_hand_over_in_an_abbreviated_zone_is_asked_about(world: World) -> None:
    world.say(ALICE, "/import_duty_schedule")

    asked = world.say(ALICE, "9:30 CET")
    assert asked["text"] == "“CET” has several meanings. Which one is yours?"
    assert list(buttons(asked)) == ["Berlin: UTC+1, summer +2", "UTC+1 all year", "Cancel"]
    press(world, asked, "UTC+1 all year")

    assert "09:30 Etc/GMT-1" in after(world, asked, "Hand-over")["text"]


def test_file_without_the_command_takes_the_rosters_hand_over(world: World) -> None:
    apply(world, send(world, TWO))

    assert shifts(world) == PLANNED


def test_workbook_asks_for_codes_by_buttons_once(world: World) -> None:
    file = month_grid(Dan_Duty="Д Д", Alice_Admin=" Н ", Maria_Mint="ZОZ")
    question = send(world, file, "ноябрь.xlsx")
    assert question["text"].splitlines()[0].startswith("❓ 4 codes in the file. What do the “?” mean?")
    press(world, question, "✏️ Д")
    question = after(
        world, question, "What does the code “Д” mean? It appears in 2 cells, first in B2 (sheet “Ноябрь 2026”)."
    )
    first = buttons(question)["Duty, all day"]
    press(world, question, "Duty, all day")
    press(world, after(world, question, "• Д – Duty, all day"), "✏️ Z")
    question = after(world, question, "What does the code “Z” mean?")
    press(world, question, "Other hours…")
    question = after(world, question, "Write the hours of Z")
    assert "late" in world.say(ALICE, "late")["text"]
    typed = world.say(ALICE, "08:00-16:30")
    assert "• Н – Night shift 20:00–08:00 (1 cell, my guess)" in typed["text"]
    press(world, typed, "✅ That's right")
    preview = after(world, typed, "✏️ Would add 6")
    apply(world, preview)

    assert shifts(world) == [
        ("Maria Mint", "11-01 05:00", "duty"),
        ("Dan Duty", "11-01 06:00", "duty"),
        ("Maria Mint", "11-01 21:00", "vacation"),
        ("Alice Admin", "11-02 17:00", "duty"),
        ("Maria Mint", "11-03 05:00", "duty"),
        ("Dan Duty", "11-03 06:00", "duty"),
    ]
    assert first.startswith("imp:")
    codes = json.loads(world.rows("SELECT codes FROM rosters")[0][0])
    assert sorted(codes.values()) == ["08:00-16:30", "duty", "night", "vacation"]
    assert "nothing to change" in send(world, file, "ноябрь.xlsx")["text"]


def test_late_tap_on_an_old_questions_button_answers_nothing_else(world: World) -> None:
    screen = send(world, month_grid(Dan_Duty="ДХ"), "ноябрь.xlsx")
    press(world, screen, "✏️ Д")
    question = after(world, screen, "What does the code “Д” mean?")
    press_twice = [
        world.chat.press(ALICE, question["message_id"], "Night shift 20:00–08:00", timeout=0) for _ in range(2)
    ]

    world.be_through()

    assert press_twice == [None, None]
    shown = after(world, question, "• Х – ?")
    assert "question left" not in shown["text"]
    press(world, shown, "✏️ Х")
    press(world, after(world, shown, "What does the code “Х” mean?"), "Duty, all day")
    apply(world, after(world, shown, "✏️ Would add 2"))
    assert shifts(world) == [("Dan Duty", "11-01 17:00", "duty"), ("Dan Duty", "11-02 06:00", "duty")]


def test_button_of_an_earlier_message_of_the_same_import_does_nothing(world: World) -> None:
    first = send(world, TWO)
    send(world, roster_json(Dan_Duty="О"), "other.json")

    assert press(world, first, "✅ Apply") == GONE
    assert shifts(world) == []


def test_person_deactivated_under_a_preview_shows_a_new_one_before_anything_is_written(planned: World) -> None:
    before = shifts(planned)
    preview = send(planned, roster_json(Dan_Duty="ББ ", Alice_Admin="  Б"))
    planned.work(lambda s: s.execute(text("UPDATE users SET is_active = 0 WHERE full_name = 'Dan Duty'")))

    press(planned, preview, "✅ Apply")

    preview = after(planned, preview, "Something changed while you were looking.")
    assert "• Dan Duty is no longer on the roster, “Dan Duty” becomes a new person" in preview["text"]
    assert shifts(planned) == before
    apply(planned, preview)
    assert ("Alice Admin", "11-25 06:00", "duty") in shifts(planned)


def test_schedule_changed_under_a_preview_says_by_whom(planned: World) -> None:
    preview = send(planned, roster_json(Dan_Duty="ББ ", Alice_Admin="  Б"))
    planned.import_roster(roster_json(Dan_Duty=" ББ", Alice_Admin="Б  "), author="Boris")

    press(planned, preview, "✅ Apply")

    preview = after(planned, preview, "• Boris changed the schedule: file")
    apply(planned, preview)
    assert [(name, start) for name, start, _type in shifts(planned)] == [
        ("Dan Duty", "11-23 06:00"),
        ("Dan Duty", "11-24 06:00"),
        ("Alice Admin", "11-25 06:00"),
    ]


def test_second_tap_on_apply_says_that_the_import_is_finished(world: World) -> None:
    preview = send(world, TWO)

    with world.stand_in.lock:  # both taps are under way before the first is answered
        taps = [world.stand_in.press(ALICE, preview["message_id"], "✅ Apply") for _tap in range(2)]

    second = world.chat.wait_until(lambda: world.stand_in.callback_answer(taps[1]))
    assert second == FINISHED
    after(world, preview, "Schedule updated.")


def test_text_at_the_preview_is_told_to_press(world: World) -> None:
    send(world, TWO)
    assert world.say(ALICE, "yes please")["text"] == (
        "Press one of the buttons under the preview: Apply, Cancel or another one."
    )


@pytest.mark.parametrize("way", ["button", "command"])
def test_cancel_forgets_the_import(world: World, way: str) -> None:
    preview = send(world, TWO)
    if way == "button":
        press(world, preview, "Cancel")
    else:
        world.chat.send_text(ALICE, "/cancel")
        world.chat.wait_for_message(ALICE, "Cancelled.")
    shown = after(world, preview, "Import cancelled. Nothing has changed.")
    assert shown["message_id"] == preview["message_id"]
    assert buttons(shown) == {}
    assert world.rows("SELECT count(*) FROM import_drafts") == [(0,)]
    assert shifts(world) == []
    assert world.say(ALICE, "/cancel")["text"] == "Nothing to cancel."


@pytest.mark.usefixtures("dan_linked")
def test_not_an_admin_cannot_import(planned: World) -> None:
    before = planned.counts()

    assert planned.say(DAN, "/import_duty_schedule")["text"] == ADMINS_ONLY
    assert send(planned, TWO, who=DAN)["text"] == ADMINS_ONLY
    assert send(planned, TWO, who=SAM)["text"] == "You have no access. Ask your team's admin for an invitation."
    assert planned.counts() == before
    assert planned.rows("SELECT count(*) FROM import_drafts") == [(0,)]


def test_import_in_a_group_is_sent_to_private(world: World) -> None:
    world.chat.add_group(GROUP, "Support", members=[ALICE])

    assert world.say(ALICE, "/import_duty_schedule", GROUP)["text"] == (
        "Do this in our private chat: @duty_teller_demo_bot"
    )


@pytest.mark.parametrize(
    ("declared", "said"), [(30 * 2**20, "30 MB"), (5 * 2**20 + 1, "5.1 MB"), (int(5.1 * 2**20), "5.1 MB")]
)
def test_file_too_big_is_refused_by_its_declared_size(world: World, declared: int, said: str) -> None:
    before = world.counts()
    sent = world.chat.send_document(ALICE, "roster.json", TWO, size=declared)

    answer = world.answer(ALICE, sent["message_id"])

    assert answer["text"].startswith(f"The file is too big: {said}, and 5 MB is the limit.")
    assert world.chat.calls("getFile") == []
    assert world.counts() == before


def test_size_of_a_file_too_big_is_written_as_its_reader_writes_numbers(world: World) -> None:
    press(world, world.say(ALICE, "/language"), "Русский")
    sent = world.chat.send_document(ALICE, "roster.json", TWO, size=int(5.8 * 2**20))

    answer = world.chat.wait_for_message(ALICE, "слишком большой", after_id=sent["message_id"])

    assert answer["text"].startswith("Файл слишком большой: 5,8 МБ, а можно до 5 МБ.")


@pytest.mark.parametrize(
    ("name", "data", "named"),
    [
        ("roster.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200), "there's something else inside"),
        ("roster.xlsx", month_grid(Dan_Duty="Д")[:700], "it looks damaged or cut short"),
        ("roster.json", bytes(range(256)), "there is no JSON inside"),
        ("roster.bin", bytes(range(256)) * 9, "I take .xlsx, .ods, .csv, .ics and .json"),
        ("roster.csv", b"name;1;2\nDan;x;x\n", "I can't find the days"),
        ("roster.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Office file"),
        ("roster.json", b'{"meta": {"start_date": "2026-02-30"}, "schedule": []}', "start_date: there is no such date"),
    ],
)  # fmt: skip
def test_broken_or_foreign_file_is_refused_and_named(world: World, name: str, data: bytes, named: str) -> None:
    before = world.counts()

    answer = send(world, data, name)

    assert answer["text"].startswith("❌ I couldn't read this file. Nothing has changed.\n")
    assert named in answer["text"]
    assert list(buttons(answer)) == ["🔍 How I read it", "Cancel"]
    assert world.counts() == before


def test_refusal_names_the_cell_and_the_next_file_goes_on(world: World) -> None:
    book = month_grid(Dan_Duty="Д", Alice_Admin=" ")
    wrong = Workbook()
    sheet = wrong.active
    assert sheet is not None
    sheet.title = "Ноябрь 2026"
    for day in range(1, 31):
        sheet.cell(1, day + 1, day)
    sheet["A2"], sheet["C2"] = "Dan", "25:00-26:00"
    target = io.BytesIO()
    wrong.save(target)

    answer = send(world, target.getvalue(), "x.xlsx")

    assert "Ноябрь 2026!C2: “25:00-26:00” is not a time of day." in answer["text"]
    assert "What does the code “Д” mean?" in send(world, book, "y.xlsx")["text"]


def namesakes(world: World) -> None:
    """Two people of the roster who are both called Dan Duty: of one the phone is known, of the other the @username."""
    insert = (
        "INSERT INTO users (full_name, role, reachable, is_active, created_at, {}) VALUES ('Dan Duty','user',0,1,0,{})"
    )
    for field, known in (("phone", "'+79001112233'"), ("username", "'dan_the_second'")):
        statement = insert.format(field, known)
        world.work(lambda session: session.connection().exec_driver_sql(statement))  # noqa: B023


def test_name_that_fits_two_people_is_asked_and_the_answer_is_taken(world: World) -> None:
    namesakes(world)

    question = send(world, TWO)
    assert question["text"] == "❓ Who is Dan Duty in the file?"
    assert list(buttons(question)) == [
        "Dan Duty · +79001112233",
        "Dan Duty · @dan_the_second",
        "Somebody new",
        "Skip these rows",
        "🔍 How I read it",
        "Cancel",
    ]
    world.chat.press(ALICE, question["message_id"], "Skip these rows")

    preview = after(world, question, "Skipping 1 name:\n• Dan Duty")
    assert "Would add 1, remove 0" in preview["text"]


def test_person_question_takes_the_second_namesake_by_its_button(world: World) -> None:
    namesakes(world)
    second = world.rows("SELECT max(id) FROM users")[0][0]

    question = send(world, TWO)
    press(world, question, "Dan Duty · @dan_the_second")
    apply(world, after(world, question, "Would add 3"))

    assert world.rows("SELECT DISTINCT user_id FROM duties WHERE user_id = ?", second) == [(second,)]


LIST = "Date,Name\n{}/11/2026,Dan Duty\n{}/12/2026,Alice Admin\n"


def test_date_that_reads_both_ways_is_asked_once(world: World) -> None:
    question = send(world, LIST.format("10", "10").encode(), "list.csv")
    assert "could be either" in question["text"]
    assert list(buttons(question)) == ["Day first", "Month first", "🔍 How I read it", "Cancel"]
    world.chat.press(ALICE, question["message_id"], "Month first")

    preview = after(world, question, "Would add 2")
    assert "📅 Sun 11 Oct – Mon 12 Oct" in preview["text"]


def test_place_in_a_text_file_is_named_in_the_readers_language(world: World) -> None:
    world.chat.add_user(BORIS, "Boris", language_code="ru")
    world.work(
        lambda session: session.connection().exec_driver_sql(
            "INSERT INTO users (full_name, role, telegram_user_id, reachable, is_active, created_at)"
            f" VALUES ('Boris', 'admin', {BORIS}, 1, 1, 0)"
        )
    )
    answer = send(world, "Дата;Имя;Код\n01.12.2026;Иванов;Ж\n".encode(), "list.csv", BORIS)
    assert "Он в 1 ячейке: строка 2" in answer["text"]


def test_typed_answer_that_does_not_suit_leaves_the_question_open(world: World) -> None:
    question = send(world, month_grid(Dan_Duty="Х"), "ноябрь.xlsx")
    refused = world.say(ALICE, "whenever")
    asked_again = world.say(ALICE, "8:00-16:30")

    assert "What does the code “Х” mean?" in question["text"]
    assert "whenever" in refused["text"]
    assert "Would add 1" in asked_again["text"]


def test_wrong_answer_is_seen_in_the_preview_and_taken_back(world: World) -> None:
    question = send(world, month_grid(Dan_Duty="ХУ", Alice_Admin="У"), "ноябрь.xlsx")
    assert list(buttons(question))[-1:] == ["Cancel"]
    press(world, question, "✏️ Х")
    press(world, after(world, question, "What does the code “Х” mean?"), "Duty, all day")
    screen = after(world, question, "• Х – Duty, all day")
    assert list(buttons(screen))[-2:] == ["‹ Back", "Cancel"]
    press(world, screen, "✏️ У")
    press(world, after(world, question, "What does the code “У” mean?"), "Other hours…")
    typing = after(world, question, "Write the hours of У")
    press(world, typing, "‹ Another answer")
    press(world, after(world, question, "What does the code “У” mean?"), "Vacation")

    wrong = after(world, question, "Would add")
    twice = buttons(wrong)["↩ Back to the last question"]
    assert "🔤 I read these codes as: Х – Duty, all day · У – Vacation" in wrong["text"]
    for _ in range(2):  # a second tap takes no second answer back
        world.chat.press(ALICE, wrong["message_id"], twice, timeout=0)
    world.be_through()
    press(world, after(world, question, "• У – ?"), "‹ Back")
    press(world, after(world, question, "• Х – ?"), "✏️ Х")
    press(world, after(world, question, "What does the code “Х” mean?"), "Night shift 20:00–08:00")
    press(world, after(world, question, "• У – ?"), "✏️ У")
    press(world, after(world, question, "What does the code “У” mean?"), "Vacation")
    right = after(world, question, "Would add")
    assert "Х – Night shift 20:00–08:00 · У – Vacation" in right["text"]
    apply(world, right)

    again = send(world, month_grid(Dan_Duty=" ХУ"), "ноябрь-2.xlsx")
    assert "• Х – Night shift 20:00–08:00\n• У – Vacation" in again["text"]  # as remembered
    assert "↩ Back to the last question" not in buttons(again)


def test_name_taken_for_somebody_is_told_and_the_choice_taken_back(world: World) -> None:
    apply(world, send(world, TWO))

    preview = send(world, roster_json(**{"Duty D.": "ББ", "Alice Admin": "  Б"}), "short.json")
    assert "🔗 I know this name from the file as:\n• Duty D. → Dan Duty" in preview["text"]
    question = send(world, roster_json(**{"Dan Dutie": "ББ", "Alice Admin": "  Б"}), "slip.json")
    press(world, question, "Somebody new")
    wrong = after(world, question, "1 new person:\n• Dan Dutie")
    press(world, wrong, "↩ Back to the last question")
    press(world, after(world, question, "Who is Dan Dutie in the file?"), "Dan Duty")
    right = after(world, question, "🔗 I know this name from the file as:")
    assert "• Dan Dutie → Dan Duty" in right["text"] and "new person" not in right["text"]


def test_answer_that_makes_the_file_unreadable_is_taken_back(world: World) -> None:
    data = b"Date,End,Who\n01/02/2026,03/01/2026,Dan Duty\n04/03/2026,05/03/2026,Alice Admin\n"
    question = send(world, data, "list.csv")
    press(world, question, "Day first")
    refused = after(world, question, "I couldn't read this file")
    assert list(buttons(refused)) == ["🔍 How I read it", "‹ Back", "Cancel"]
    press(world, refused, "‹ Back")
    press(world, after(world, question, "could be either"), "Month first")
    after(world, question, "Would add")


def test_second_tap_on_apply_changes_nothing(world: World) -> None:
    preview = send(world, TWO)
    data = buttons(preview)["✅ Apply"]
    for _ in range(2):
        world.chat.press(ALICE, preview["message_id"], data, timeout=0)
    after(world, preview, "Schedule updated")
    world.be_through()

    assert shifts(world) == PLANNED
    assert world.rows("SELECT count(*) FROM schedule_changes") == [(1,)]


def test_apply_after_a_change_in_between_says_by_whom(world: World) -> None:
    preview = send(world, TWO)
    world.import_roster(roster_json(Maria_Mint="Б"), author="Boris <Night>")

    press(world, preview, "✅ Apply")

    shown = after(world, preview, "❗")
    assert shown["text"].startswith(
        "❗ Something changed while you were looking. Nothing is saved yet. Please check again:\n"
        "• Boris <Night> changed the schedule: file\n\nroster.json\n"
    )
    assert shifts(world) == [("Maria Mint", "11-23 06:00", "duty")]


def test_same_file_twice_says_nothing_to_change(world: World) -> None:
    apply(world, send(world, TWO))
    before = world.counts()

    answer = send(world, TWO)

    assert answer["text"] == "roster.json\n\n✅ All of this is already in the schedule: nothing to change."
    assert buttons(answer) == {}
    assert world.counts() == before


def test_people_missing_in_the_file_are_kept_or_removed(planned: World) -> None:
    preview = send(planned, roster_json(Dan_Duty="ББ "))
    assert (
        "❗ 1 person is not in the file but has shifts on these days. They will stay:\n• Alice Admin (1)"
        in preview["text"]
    )

    press(planned, preview, "Remove shifts of people not in the file (1)")
    preview = after(planned, preview, "Their shifts on these days will be removed:")
    press(planned, preview, "Keep shifts of people not in the file (1)")
    preview = after(planned, preview, "They will stay:")
    press(planned, preview, "Remove shifts of people not in the file (1)")
    preview = after(planned, preview, "will be removed:")
    apply(planned, preview)

    assert shifts(planned) == [("Dan Duty", "11-23 06:00", "duty"), ("Dan Duty", "11-24 06:00", "duty")]


def test_undo_is_refused_when_later_changes_touched_the_same(world: World) -> None:
    applied = apply(world, send(world, TWO))
    world.import_roster(roster_json(Maria_Mint="Б Б"), author="Boris")

    answer = press(world, applied, "↩️ Undo the import")

    assert answer is not None
    assert answer["text"].startswith("I can't undo this: it was changed again later (Boris: file).")
    assert len(shifts(world)) == 2


def test_preview_survives_a_restart(world: World) -> None:
    preview = send(world, TWO)
    world.stop()
    world.start()

    apply(world, preview)

    assert shifts(world) == PLANNED


def test_two_admins_importing_at_once_do_not_mix(stopped: World) -> None:
    stopped.chat.add_user(BORIS, "Boris")
    stopped.start(admin_ids=frozenset({ALICE, BORIS}))
    stopped.say(ALICE, "/import_duty_schedule")
    stopped.say(BORIS, "/import_duty_schedule")
    stopped.say(BORIS, "10:00 Europe/Moscow")
    stopped.say(ALICE, "09:00 Europe/Moscow")
    his = send(stopped, roster_json(date(2026, 12, 1), Boris_Night="Б"), "december.json", BORIS)
    hers = send(stopped, TWO, "november.json")
    assert his["text"].startswith("december.json\n👥 1 person · 1 duty\n📅 Tue 1 Dec – Tue 1 Dec")

    apply(stopped, hers)
    assert shifts(stopped) == PLANNED
    apply(stopped, his, BORIS)  # hers touches none of his days or people: he gets what he was shown

    assert shifts(stopped) == [*PLANNED, ("Boris Night", "12-01 07:00", "duty")]


def test_preview_longer_than_a_message_still_arrives(world: World) -> None:
    people = {f"{n:02d} {'😀' * 90}": "ББ Н" for n in range(40)}

    preview = send(world, roster_json(**people))

    assert preview["text"].startswith("roster.json\n👥 40 people")
    assert "…and " in preview["text"]
    assert "Details" in buttons(preview)
    apply(world, preview)
    assert len(shifts(world)) == 120


def test_refusal_with_many_cells_counts_the_rest(world: World) -> None:
    entries = [{"name": f"Person {n}", "duty": 5} for n in range(300)]
    data = json.dumps({"meta": {"start_date": "2026-11-23"}, "schedule": entries}).encode()

    answer = send(world, data)

    assert "schedule[0].duty: this has to be text in quotes." in answer["text"]
    assert "…and 280 more" in answer["text"]


@pytest.mark.parametrize("method", ["getFile", "download"])
def test_file_that_telegram_does_not_hand_over_is_asked_for_again(world: World, method: str) -> None:
    world.chat.fault(method, "drop")

    answer = send(world, TWO)

    assert answer["text"] == "❌ Telegram didn't give me the file. Please send it again."
    assert list(buttons(send(world, TWO))) == ["✅ Apply", "Cancel", "🔍 How I read it"]


def test_undo_of_somebody_without_rights_is_refused(world: World) -> None:
    applied = apply(world, send(world, TWO))
    object.__setattr__(world.settings, "admin_ids", frozenset({BORIS}))

    answer = press(world, applied, "↩️ Undo the import")

    assert answer == {
        "text": "You have no access. Ask your team's admin for an invitation.", "show_alert": True, "url": "",
    }  # fmt: skip
    assert shifts(world) == PLANNED


def test_hostile_file_name_and_code_do_not_break_the_markup(world: World) -> None:
    question = send(world, month_grid(Dan_Duty=["<&>"]), "<b>&.xlsx")  # type: ignore[arg-type]
    assert "What does the code “<&>” mean?" in question["text"]

    press(world, question, "Duty, all day")

    preview = after(world, question, "Would add 1")
    assert preview["text"].startswith("<b>&.xlsx\n")
    applied = apply(world, preview)
    press(world, applied, "↩️ Undo the import")
    after(world, applied, "Undone: <b>&.xlsx.")
