"""/settings: hand-over, shift times, coverage, gap warnings and digests, changed by typing and by buttons."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from duty_teller.services import group_duty_pin_service
from tests.handlers.conftest import ALICE, DAN, GROUP, World, buttons
from tests.handlers.test_import import apply, month_grid, press, send
from tests.handlers.test_settings import MENU, go

pytestmark = pytest.mark.usefixtures("read_here")

KEPT = "Shifts already in the schedule keep their times. Only new files use this."


def settings_of(world: World) -> tuple[str, ...]:
    return world.rows(
        "SELECT timezone, handover_at, day_shift, night_shift, coverage, coverage_hours FROM rosters WHERE id = 1"
    )[0]


BEFORE = ("Europe/Moscow", "09:00", "08:00-20:00", "20:00-08:00", "daily", None)


def test_hand_over_typed_is_logged_and_can_be_undone(planned: World) -> None:
    world = planned
    stored = world.rows("SELECT start_at FROM duties ORDER BY start_at")
    asked = go(world, world.say(ALICE, "/settings"), "Hand-over")
    assert asked["text"] == (
        "Now: 09:00 Europe/Moscow. What time does one shift hand over to the next? Write a time, and a time zone "
        "if that changes too:\n09:00 Europe/London"
    )

    assert world.say(ALICE, "25:00")["text"] == "“25:00” is not a time of day. Write it like 09:00."
    assert world.say(ALICE, "10:00 Europe/Moskau")["text"] == (
        "I don't know the time zone “Europe/Moskau”. Write it like Europe/London."
    )
    done = world.say(ALICE, "10:00 Europe/Berlin")

    assert (
        done["text"] == f"✅ Hand-over from now on: 10:00 Europe/Berlin\n{KEPT}\nTimes are now in Europe/Berlin, "
        "so the hours of shifts already in the schedule look different. "
        "If they were read in the wrong zone, send the file again."
    )
    assert list(buttons(done)) == ["↩️ Undo", "‹ Back"]
    assert settings_of(world)[:2] == ("Europe/Berlin", "10:00")
    assert world.rows("SELECT start_at FROM duties ORDER BY start_at") == stored
    assert "changed the settings: hand-over 10:00 Europe/Berlin" in world.say(ALICE, "/history")["text"]
    assert world.say(ALICE, "qwerty")["text"].startswith("I ")  # nothing is waited for any more

    undone = go(world, done, "↩️ Undo")
    assert undone["text"].startswith("↩️ Undone: Alice changed the settings: hand-over 10:00 Europe/Berlin. Everything")
    assert settings_of(world) == BEFORE
    redone = go(world, undone, "↪️ Redo")
    assert redone["text"] == "↪️ Redone: Alice changed the settings: hand-over 10:00 Europe/Berlin."
    assert list(buttons(redone)) == ["↩️ Undo"]
    assert settings_of(world)[:2] == ("Europe/Berlin", "10:00")


def test_hand_over_alone_keeps_the_zone_and_the_same_again_changes_nothing(world: World) -> None:
    go(world, world.say(ALICE, "/settings"), "Hand-over")
    world.say(ALICE, "08:30")
    assert settings_of(world)[:2] == ("Europe/Moscow", "08:30")

    go(world, world.say(ALICE, "/settings"), "Hand-over")
    done = world.say(ALICE, "8:30")
    assert list(buttons(done)) == ["‹ Back"]
    assert world.rows("SELECT count(*) FROM schedule_changes") == [(1,)]


def test_question_is_left_by_its_button_and_by_cancel(world: World) -> None:
    shown = go(world, world.say(ALICE, "/settings"), "Hand-over", "Cancel")
    assert shown["text"] == MENU
    assert world.rows("SELECT count(*) FROM dialogues") == [(0,)]

    go(world, shown, "Shift times", "Day shift 08:00–20:00")
    assert world.rows("SELECT count(*) FROM dialogues") == [(1,)]
    world.say(ALICE, "/cancel")
    assert world.rows("SELECT count(*) FROM dialogues") == [(0,)]
    assert settings_of(world) == BEFORE


@pytest.mark.parametrize(
    ("typed", "stored", "lasts"),
    [
        ("07:00-19:00", "07:00-19:00", 12),
        ("7-19", "07:00-19:00", 12),
        ("16:00–24:00", "16:00-24:00", 8),
    ],
)
def test_shift_times_typed_are_used_by_the_next_import(world: World, typed: str, stored: str, lasts: int) -> None:
    asked = go(world, world.say(ALICE, "/settings"), "Shift times", "Day shift 08:00–20:00")
    assert asked["text"] == ("The day shift is 08:00–20:00 now. Write its new hours, like this:\n08:00-20:00")
    done = world.say(ALICE, typed)

    hours = stored.replace("-", "–")
    apart = f"The day shift {hours} and the night shift 20:00–08:00 don't meet. If that is what you want, leave it."
    assert done["text"] == f"✅ Day shift {hours}\n{KEPT}\n⚠️ {apart}"
    assert settings_of(world)[2] == stored
    preview = go(world, send(world, month_grid(Dan_Duty="Д"), "a.xlsx"), f"Day shift {hours}")
    apply(world, preview)
    assert world.rows("SELECT (end_at - start_at) / 3600 FROM duties") == [(lasts,)]


def test_hand_over_that_is_the_same_is_told_so_and_not_logged(planned: World) -> None:
    before = planned.counts()
    go(planned, planned.say(ALICE, "/settings"), "Hand-over")
    done = planned.say(ALICE, "9 Moscow")
    assert done["text"] == "It is already 09:00 Europe/Moscow. Nothing has changed."
    assert list(buttons(done)) == ["‹ Back"]
    assert planned.counts() == before


def test_shift_times_that_are_none_are_told_and_the_question_stays(world: World) -> None:
    go(world, world.say(ALICE, "/settings"), "Shift times", "Night shift 20:00–08:00")
    for wrong in ("in the evening", "25-26", "08:00-08:00", "8-12, 14-18"):
        assert world.say(ALICE, wrong)["text"] == (
            f"I don't understand “{wrong}”. Write when the shift begins and ends, like this: 08:00-20:00"
        )
    assert "don't meet" in world.say(ALICE, "21-9")["text"]
    assert settings_of(world)[3] == "21:00-09:00"
    go(world, world.say(ALICE, "/settings"), "Shift times", "Day shift 08:00–20:00")
    assert world.say(ALICE, "9-21")["text"] == f"✅ Day shift 09:00–21:00\n{KEPT}"


def test_own_times_of_a_code_may_be_typed_in_hours(world: World) -> None:
    question = send(world, month_grid(Dan_Duty="Z"), "a.xlsx")
    go(world, question, "Other hours…")
    preview = world.say(ALICE, "20-8")
    assert "Would add 1" in preview["text"]
    press(world, preview, "✅ Apply")
    world.be_through()
    spans = world.rows("SELECT strftime('%d %H:%M', start_at, 'unixepoch'), end_at - start_at FROM duties")
    assert spans == [("01 17:00", 12 * 3600)]


def test_coverage_tells_what_it_means_and_counts_the_gaps(planned: World) -> None:
    world = planned  # Dan, Alice, Dan: from Monday to Thursday 09:00
    shown = go(world, world.say(ALICE, "/settings"), "Coverage")
    assert shown["text"] == (
        "Somebody has to be on duty: every day\n"
        "Somebody must be planned for every day, hand-over to hand-over. I don't check the hours.\n\n"
        "1 gap in the next 14 days:\n• Thu 26 Nov, 09:00 – Mon 7 Dec, 09:00"
    )
    assert list(buttons(shown)) == [
        "✓ Every day",
        "Around the clock",
        "Mon–Fri 09:00–18:00",
        "Mon–Fri 08:00–20:00",
        "Mon–Fri 00:00–24:00",
        "Mon–Sun 08:00–20:00",
        "Other hours…",
        "‹ Back",
    ]

    weekly = go(world, shown, "Mon–Fri 09:00–18:00")
    assert weekly["text"] == (
        "Somebody has to be on duty: Mon–Fri 09:00–18:00\n"
        "Someone must be on duty in these hours, not at other times.\n\n"
        "7 gaps in the next 14 days:\n"
        "• Thu 26 Nov, 09:00–18:00\n• Fri 27 Nov, 09:00–18:00\n"
        "• Mon 30 Nov, 09:00–18:00\n• Tue 1 Dec, 09:00–18:00\n"
        "• Wed 2 Dec, 09:00–18:00\n…and 2 more"
    )
    assert settings_of(world)[4:] == (
        "weekly",
        '{"0": ["09:00-18:00"], "1": ["09:00-18:00"], "2": ["09:00-18:00"], '
        '"3": ["09:00-18:00"], "4": ["09:00-18:00"]}',
    )
    always = go(world, weekly, "Around the clock")
    assert "Someone must always be on duty." in always["text"]
    assert settings_of(world)[4:] == ("always", None)
    offer = world.say(ALICE, "/undo")
    assert "Alice changed the settings: Somebody has to be on duty: around the clock" in offer["text"]
    go(world, offer, "↩️ Undo")
    assert settings_of(world)[4] == "weekly"


def test_own_hours_are_typed_and_a_day_may_end_at_midnight(planned: World) -> None:
    world = planned
    asked = go(world, world.say(ALICE, "/settings"), "Coverage", "Other hours…")
    assert asked["text"] == (
        "When does somebody have to be on duty? Write days and hours, like this:\n"
        "Mon-Fri 09:00-18:00; Sat 10:00-14:00"
    )
    assert world.say(ALICE, "Mon-Fri 09:00-18:00; Someday 10:00-14:00")["text"] == (
        "I don't understand “Someday 10:00-14:00”. Write days and hours, like this: "
        "Mon-Fri 09:00-18:00; Sat 10:00-14:00"
    )
    done = world.say(ALICE, "Пн-Чт 18:00-24:00; Sat 10-14")
    assert done["text"].splitlines()[0] == "Somebody has to be on duty: Mon–Thu 18:00–24:00; Sat 10:00–14:00"
    assert "• Thu 26 Nov, 18:00–24:00" in done["text"]


def test_gap_warnings_are_switched_off_and_a_second_tap_changes_nothing(world: World) -> None:
    shown = world.say(ALICE, "/settings")
    off = go(world, shown, "Stop gap warnings")
    assert off["text"] == MENU.replace("Gap warnings: on", "Gap warnings: off")
    assert world.rows("SELECT gap_warnings FROM rosters") == [(0,)]
    on = go(world, off, "Start gap warnings")
    assert on["text"] == MENU
    assert world.rows("SELECT gap_warnings FROM rosters") == [(1,)]


def test_digest_of_groups_is_chosen_from_the_list(planned: World) -> None:
    world = planned
    empty = go(world, world.say(ALICE, "/settings"), "Group digests")
    assert empty["text"] == "There are no trusted groups yet. Send /pin_duty in a group that I'm in."

    with world.stand_in.lock:  # what is posted into no group at all would be switched off
        world.stand_in.add_group(GROUP, "Ops & <Co>", members=[ALICE])
        world.stand_in.updates.clear()
    world.work(lambda s: group_duty_pin_service.trust_chat(s, GROUP, "Ops & <Co>", "en", 1))
    listed = go(world, world.say(ALICE, "/settings"), "Group digests")
    assert list(buttons(listed)) == ["Ops & <Co> · Off", "‹ Back"]
    one = go(world, listed, "Ops & <Co> · Off")
    assert one["text"] == "Ops & <Co>\nNo digest: I only keep the pinned message up to date."
    weekly = go(world, one, "Mondays")
    assert weekly["text"] == "Ops & <Co>\nOn Mondays I post who is on duty this week."
    assert list(buttons(weekly)) == ["Off", "✓ Mondays", "Each hand-over", "‹ Back"]
    assert world.rows("SELECT digest FROM chats") == [("weekly",)]

    world.work(lambda s: s.connection().exec_driver_sql("UPDATE chats SET left_at = 1"))
    told = press(world, weekly, "Each hand-over")
    assert told is not None
    assert told["text"] == "I'm no longer in that group, or it is no longer trusted."
    assert world.rows("SELECT digest FROM chats") == [("weekly",)]


def test_who_is_no_admin_any_more_changes_nothing(planned: World) -> None:
    world = planned
    shown = go(world, world.say(ALICE, "/settings"), "Hand-over")
    object.__setattr__(world.settings, "admin_ids", frozenset({DAN}))
    world.work(lambda s: s.connection().exec_driver_sql("UPDATE users SET role = 'user'"))
    world.work(lambda s: s.connection().exec_driver_sql("UPDATE users SET linked_at = 1 WHERE telegram_user_id = 1001"))

    assert world.say(ALICE, "10:00")["text"] == "Only admins can do that."
    told = press(world, shown, "Cancel")
    assert told is not None
    assert told["text"] == "Only admins can do that."
    assert settings_of(world) == BEFORE
    assert world.rows("SELECT count(*) FROM dialogues") == [(0,)]


def test_button_of_an_older_version_shows_the_menu(world: World) -> None:
    assert world.poller is not None
    old = InlineKeyboardMarkup([[InlineKeyboardButton("▶", callback_data="settings:page:1")]])
    bot = world.poller.application.bot
    world.run(bot.send_message(ALICE, "Hand-over: 09:00", reply_markup=old))

    assert go(world, world.chat.messages(ALICE)[-1], "▶")["text"] == MENU


def test_settings_in_russian(world: World) -> None:
    world.work(lambda s: s.connection().exec_driver_sql("UPDATE users SET language = 'ru'"))
    shown = world.say(ALICE, "/settings")
    assert shown["text"] == (
        "⚙️ Настройки\n\n🕘 Передача смены: 09:00, Europe/Moscow\n🌗 Дневная смена 08:00–20:00, ночная 20:00–08:00\n"
        "🛡 Кто-то должен дежурить: каждый день\n⚠️ О днях, когда никто не дежурит, предупреждаю\n"
        "🔁 Замены и обмены: без администратора\n🎉 Праздники не показываю"
    )
    chosen = go(world, shown, "Когда дежурят", "Пн–Пт 09:00–18:00")
    assert chosen["text"].splitlines()[0] == "Кто-то должен дежурить: Пн–Пт 09:00–18:00"


def test_zone_typed_as_an_abbreviation_is_asked_about(planned: World) -> None:
    go(planned, planned.say(ALICE, "/settings"), "Hand-over")

    asked = planned.say(ALICE, "10:00 EST")

    assert asked["text"] == "“EST” has several meanings. Which one is yours?"
    assert list(buttons(asked))[:2] == ["New York: UTC−5, summer −4", "UTC−5 all year"]
    assert settings_of(planned) == BEFORE

    done = go(planned, asked, "New York: UTC−5, summer −4")

    assert done["text"].startswith("✅ Hand-over from now on: 10:00 America/New_York\n")
    assert settings_of(planned)[:2] == ("America/New_York", "10:00")
    assert planned.say(ALICE, "qwerty")["text"].startswith("I ")  # nothing is waited for any more


def test_zone_of_an_abbreviation_can_be_typed_again_instead(planned: World) -> None:
    go(planned, planned.say(ALICE, "/settings"), "Hand-over")
    planned.say(ALICE, "10:00 IST")

    planned.say(ALICE, "10:00 Dublin")

    assert settings_of(planned)[:2] == ("Europe/Dublin", "10:00")


def test_cover_waits_for_an_admin_and_admins_hear_earlier_once_that_is_chosen(world: World) -> None:
    shown = go(world, world.say(ALICE, "/settings"), "Cover and swaps")
    assert shown["text"] == (
        "Cover and swaps\n\nWhen two people agree, it's done. No admin is asked.\n"
        "When nobody takes a shift, I tell the admins 12 h before it starts."
    )
    assert list(buttons(shown)) == ["Ask an admin first", "1 h", "3 h", "6 h", "✓ 12 h", "24 h", "‹ Back"]

    asked = go(world, shown, "Ask an admin first", "24 h")
    assert asked["text"].split("\n")[2:] == [
        "When two people agree, I ask an admin first.",
        "When nobody takes a shift, I tell the admins 24 h before it starts.",
    ]
    assert world.rows("SELECT cover_approval, cover_warn_minutes FROM rosters") == [(1, 1440)]
    assert "🔁 Cover and swaps: with an admin's yes" in go(world, asked, "‹ Back")["text"]
    free = go(world, go(world, world.say(ALICE, "/settings"), "Cover and swaps"), "Don't ask an admin")
    assert "✓ 24 h" in buttons(free)
    assert world.rows("SELECT cover_approval, cover_warn_minutes FROM rosters") == [(0, 1440)]


def test_holidays_are_chosen_by_button_text_and_region_and_undone(world: World) -> None:
    shown = go(world, world.say(ALICE, "/settings"), "Public holidays")
    assert list(buttons(shown)) == ["Russia", "Another country", "‹ Back"]

    done = go(world, shown, "Russia")
    assert done["text"] == (
        "✅ Russia\n• Thu 31 Dec: Day off (substituted from 01/04/2026)\n"
        "• Fri 1 Jan 2027: New Year Holidays\n• Sat 2 Jan 2027: New Year Holidays"
    )
    undone = go(world, done, "↩️ Undo")
    assert undone["text"].startswith("↩️ Undone: Alice changed the settings: Public holidays: Russia.")
    assert world.rows("SELECT holidays, holidays_chosen FROM rosters") == [("", 1)]

    go(world, world.say(ALICE, "/settings"), "Public holidays", "Another country")
    assert world.say(ALICE, "Atlantis")["text"] == (
        "I don't know a country or region called “Atlantis”. Try “Germany” or DE-BY."
    )
    typed = world.say(ALICE, "germany")
    assert list(buttons(typed)) == ["Region", "↩️ Undo", "‹ Back"]
    region = go(world, typed, "Region")
    assert region["text"] == "Germany: which region do you work in?"
    assert go(world, region, "Bayern")["text"].startswith("✅ Germany, Bayern\n• Fri 25 Dec: Christmas Day\n")
    assert world.rows("SELECT holidays FROM rosters") == [("DE-BY",)]
    none = go(world, world.say(ALICE, "/settings"), "Public holidays", "No holidays")
    assert none["text"] == "✅ Public holidays: off"
