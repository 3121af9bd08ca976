"""/hours: one's own month, everybody's for admins, files, closing; and how hours are counted in /settings."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.handlers.conftest import ALICE, DAN, World, buttons
from tests.handlers.test_export import after, document_of
from tests.handlers.test_settings import go


@pytest.mark.usefixtures("dan_linked")
def test_member_sees_the_own_hours_of_a_month_and_turns_to_another(planned: World) -> None:
    shown = planned.say(DAN, "/hours ноябрь")
    assert shown["text"] == "Ваши часы, ноябрь 2026\n2 смены, 48 ч\n• 2 ночи, ночью 16 ч"
    assert list(buttons(shown)) == ["◀ октябрь 2026", "декабрь 2026 ▶"]
    planned.chat.press(DAN, shown["message_id"], "декабрь 2026 ▶")
    turned = after(planned, shown, "декабрь", DAN)
    assert turned["text"] == "Ваши часы, декабрь 2026\nВ этом месяце у вас нет смен."
    assert "когда-нибудь" in planned.say(DAN, "/hours когда-нибудь")["text"]


def test_admin_sees_everybody_gets_the_workbook_and_closes_a_month_that_is_over(planned: World) -> None:
    shown = planned.say(ALICE, "/hours")
    assert shown["text"] == (
        "Hours, November 2026\nAlice Admin: 24 h · 1 night, 8 h at night\nDan Duty: 48 h · 2 nights, 16 h at night"
    )
    labels = ["◀ October 2026", "December 2026 ▶", "Spreadsheet (.xlsx)", "List (.csv)", "Only mine"]
    assert list(buttons(shown)) == labels  # this month is not over: nothing to close
    planned.chat.press(ALICE, shown["message_id"], "Spreadsheet (.xlsx)")
    name, data, caption = document_of(planned, shown)
    assert (name, caption) == ("hours-2026-11.xlsx", "Hours, November 2026")
    assert [cell.value for cell in load_workbook(BytesIO(data), data_only=True)["Hours"]["B"]][1:3] == [
        "Alice Admin",
        "Dan Duty",
    ]

    planned.clock.set(datetime(2026, 12, 2, 12, tzinfo=UTC))
    shown = planned.say(ALICE, "/hours november")
    asked = go(planned, shown, "🔒 Close the month")
    assert asked["text"].startswith("Close November 2026? The figures stay")
    closed = go(planned, asked, "Close it")
    assert closed["text"].endswith("🔒 This month is closed.")
    assert "🔒 Close the month" not in buttons(closed)
    planned.chat.press(ALICE, closed["message_id"], "Only mine")
    assert after(planned, closed, "Your hours")["text"] == (
        "Your hours, November 2026\nYou have no shifts in this month.\n\n🔒 This month is closed."
    )


def test_night_hours_and_pay_are_set_by_typing_and_undone(planned: World) -> None:
    page = go(planned, planned.say(ALICE, "/settings"), "Hours and pay")
    assert page["text"] == "Hours and pay\n\n🌙 Night: 22:00–06:00\nI don't work out any pay."
    go(planned, page, "When it is night")
    done = planned.say(ALICE, "23-5")
    assert done["text"] == "✅ 🌙 Night: 23:00–05:00"
    page = go(planned, done, "‹ Back", "Hours and pay")
    go(planned, page, "Pay")
    assert planned.say(ALICE, "Sat 5")["text"].startswith("Exactly one line has to say")
    done = planned.say(ALICE, "base 10\nMon 23:00-05:00 12,50")
    assert done["text"] == "✅ Pay for an hour:\nbase 10\nMon 23:00-05:00 12.50"
    assert "Dan Duty: 48 h · 2 nights, 12 h at night · pay 495.00" in planned.say(ALICE, "/hours")["text"]
    go(planned, done, "↩️ Undo")
    assert "pay" not in planned.say(ALICE, "/hours")["text"]


pytestmark = pytest.mark.usefixtures("read_here")
