"""A file in the chat and the changes made by hand: each is named, and there is no Apply before an answer."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from duty_teller.db.models import ChangeKind, Roster, User
from duty_teller.services import schedule_service
from duty_teller.services.schedule_service import Author, edits
from tests.handlers.conftest import ALICE, MONDAY, NOON, World, buttons, roster_json
from tests.handlers.test_import import after, press, send, shifts

pytestmark = pytest.mark.usefixtures("read_here")

SAME = roster_json(Dan_Duty="Б Б", Alice_Admin=" Б ")
MORE = roster_json(Dan_Duty="Б ББ", Alice_Admin=" Б  ")
BEFORE = [("Dan Duty", "11-23 06:00"), ("Alice Admin", "11-24 06:00"), ("Dan Duty", "11-25 06:00")]
COVERED = [("Dan Duty", "11-23 06:00"), ("Alice Admin", "11-24 06:00"), ("Alice Admin", "11-25 06:00")]


def give(world: World, day: str, name: str = "Alice Admin") -> None:
    shown = world.say(ALICE, f"/change {day} {name}")
    press(world, shown, "Apply")
    after(world, shown, "✅")


def planned_shifts(world: World) -> list[tuple[str, str]]:
    return [(name, start) for name, start, _kind in shifts(world)]


def test_change_by_hand_is_asked_about_before_there_is_an_apply(planned: World) -> None:
    give(planned, "25.11")

    asked = send(planned, SAME)

    assert asked["text"] == (
        "roster.json\n\n❓ The file disagrees with 1 change made by hand. Keep the change?\n\n"
        "• Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00: Dan Duty → Alice Admin\n"
        "Edit: Alice, Mon 23 Nov, 12:00; in the file: Dan Duty"
    )
    assert list(buttons(asked)) == ["✋ Keep the change", "📄 The file is newer", "🔍 How I read it", "Cancel"]

    press(planned, asked, "✋ Keep the change")
    assert "What was changed by hand is kept." in after(planned, asked, "nothing else to change")["text"]
    assert planned_shifts(planned) == COVERED


def test_newer_file_is_applied_after_a_preview_that_says_so_and_undone(planned: World) -> None:
    give(planned, "25.11")
    asked = send(planned, MORE)

    press(planned, asked, "📄 The file is newer")
    preview = after(planned, asked, "Would add")

    assert (
        "❗ The file replaces 1 change made by hand:\n• Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00: Dan" in preview["text"]
    )
    press(planned, preview, "✋ Keep the change")
    kept = after(planned, asked, "✋ Keeping 1 change made by hand:")
    press(planned, kept, "📄 The file is newer")
    press(planned, after(planned, asked, "The file replaces"), "✅ Apply")
    applied = after(planned, asked, "Schedule updated")
    assert "✋ 1 change by hand replaced" in applied["text"]
    assert planned_shifts(planned) == [*BEFORE, ("Dan Duty", "11-26 06:00")]
    assert "imported roster.json · 1 change by hand replaced" in planned.say(ALICE, "/history")["text"]
    press(planned, applied, "↩️ Undo the import")
    after(planned, applied, "Undone")
    assert planned_shifts(planned) == COVERED


def test_change_made_after_the_answer_is_asked_about_anew_and_the_old_preview_writes_nothing(planned: World) -> None:
    give(planned, "25.11")
    asked = send(planned, MORE)
    press(planned, asked, "📄 The file is newer")
    preview = after(planned, asked, "Would add")
    planned.work(_give_tomorrow)

    press(planned, preview, "✅ Apply")

    again = after(planned, asked, "The file disagrees with 2 changes made by hand. Keep the changes?")
    assert "• Olga changed the schedule: moved" in again["text"]
    assert list(buttons(again)) == ["✋ Keep the changes", "📄 The file is newer", "🔍 How I read it", "Cancel"]
    assert ("Dan Duty", "11-26 06:00") not in planned_shifts(planned)
    press(planned, again, "✋ Keep the changes")
    press(planned, after(planned, asked, "Would add 1, remove 0"), "✅ Apply")
    after(planned, asked, "Schedule updated")
    assert planned_shifts(planned)[1:] == [
        ("Dan Duty", "11-24 06:00"),
        ("Alice Admin", "11-25 06:00"),
        ("Dan Duty", "11-26 06:00"),
    ]


def _give_tomorrow(session: Session) -> None:
    """Gives Alice's day to Dan, as another admin would meanwhile."""
    roster = session.get_one(Roster, 1)
    tomorrow = NOON + timedelta(days=1)
    dan = session.exec(select(User.id).where(User.full_name == "Dan Duty")).one() or 0
    (row,) = edits.stored_between(session, 1, tomorrow, tomorrow + timedelta(minutes=1))
    items = edits.give([row], row.shift.start_at, row.shift.end_at, dan)
    diff = edits.plan_edit(session, roster, items, ChangeKind.EDIT).diff
    schedule_service.apply(session, diff, Author(None, "Olga"), "moved", diff.revision, NOON)


def test_many_changes_are_asked_about_in_pages_of_messages_that_telegram_takes(planned: World) -> None:
    days = 60
    first = MONDAY + timedelta(days=7)
    planned.import_roster(roster_json(first, Dan_Duty="Б" * days, Alice_Admin=" " * days))

    def give_all(session: Session) -> None:
        roster = session.get_one(Roster, 1)
        alice = session.exec(select(User.id).where(User.full_name == "Alice Admin")).one() or 0
        for row in edits.stored_between(session, 1, NOON + timedelta(days=7), NOON + timedelta(days=90)):
            items = edits.give([row], row.shift.start_at, row.shift.end_at, alice)
            diff = edits.plan_edit(session, roster, items, ChangeKind.COVER).diff
            schedule_service.apply(session, diff, Author(None, "Ольга"), "", diff.revision, NOON)

    planned.work(give_all)
    asked = send(planned, roster_json(first, Dan_Duty="Б" * days, Alice_Admin=" " * days))
    shown = [asked["text"]]
    while "▶" in buttons(asked):
        press(planned, asked, "▶")
        asked = planned.chat.wait_for_message(
            ALICE, lambda m: bool(m["text"]) and m["text"] not in shown, after_id=asked["message_id"] - 1
        )
        shown.append(asked["text"])
    assert len(shown) > 1
    assert sum(text.count("Dan Duty → Alice Admin") for text in shown) == days


def test_question_reads_like_russian(planned: World) -> None:
    give(planned, "25.11")
    planned.work(lambda s: s.connection().exec_driver_sql("UPDATE users SET language = 'ru'") and None)
    asked = send(planned, SAME)
    assert asked["text"] == (
        "roster.json\n\n❓ 1 изменение сделано вручную, а в файле иначе. Оставить его?\n\n"
        "• ср 25 нояб., 09:00 – чт 26 нояб., 09:00: Dan Duty → Alice Admin\n"
        "Правка: Alice, пн 23 нояб., 12:00; в файле: Dan Duty"
    )
    press(planned, asked, "📄 Файл новее")
    preview = after(planned, asked, "Файл заменит 1 изменение, сделанное вручную:")
    assert next(iter(buttons(preview))) == "✅ Применить"
