"""/status: what an admin sees at 3 a.m., and refreshing it."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session

from duty_teller import __version__
from duty_teller.db.models import CalendarLink, GroupPin, LinkScope, Notice, NoticeKind
from duty_teller.services import group_duty_pin_service
from duty_teller.services.feeds import links
from duty_teller.services.rosters import rosters
from tests.handlers.conftest import ALICE, DAN, GROUP, SECRET, World, buttons
from tests.handlers.test_settings import go
from tests.house import NOW


def without_size(text: str) -> list[str]:
    """The lines, without the one of the database: its size is the schema's."""
    return [line for line in text.splitlines() if not line.startswith("💾")]


def test_status_of_a_new_bot(world: World) -> None:
    assert world.app is not None
    world.health.last_poll = world.health.started
    world.app.monotonic = lambda: world.health.started  # however long this machine took
    shown = world.say(ALICE, "/status")

    assert without_size(shown["text"]) == [
        f"ℹ️ Version {__version__}, up for 0 s",
        "🟢 Telegram connected, last answer 0 s ago",
        "",
        "📅 Schedule: no changes yet",
        "🗄 No backup yet",
        "👥 1 person, I can write to 1",
        "",
        "📌 0 groups with a pin",
        "✉️ No notices are waiting",
        "",
        "🔗 0 calendar links",
    ]
    database = next(line for line in shown["text"].splitlines() if line.startswith("💾"))
    assert database.startswith("💾 Database: ") and " KB, schema 0" in database
    assert list(buttons(shown)) == ["🔄 Refresh"]


def test_status_when_a_lot_has_happened(planned: World) -> None:
    world = planned

    def fill(session: Session) -> None:
        now = world.clock()
        rosters.add(session, "Network & Co", NOW, "Support")
        group_duty_pin_service.trust_chat(session, GROUP, "Ops <1>", "en", 1)
        session.add(
            GroupPin(chat_id=GROUP, roster_id=1, message_id=5, failure="Forbidden: bot was kicked", uncertain=2)
        )
        links.get_token(session, SECRET, 1, LinkScope.TEAM, now)
        links.get_token(session, SECRET, 1, LinkScope.PERSONAL, now)
        read = {1: (now - timedelta(minutes=5), "Google-Calendar-Importer " + "x" * 60)}
        links.note_reads(session, read)
        for number, uncertain in enumerate((0, 3)):
            session.add(
                Notice(
                    user_id=1,
                    kind=NoticeKind.GAPS,
                    dedupe_key=f"test:{number}",
                    created_at=now,
                    due_at=now + timedelta(hours=5 + number),
                    expires_at=now + timedelta(days=2),
                    uncertain=uncertain,
                )
            )

    world.work(fill)
    assert world.app is not None
    world.clock.move(seconds=90)
    world.health.started = world.app.monotonic() - 90
    world.health.last_poll = world.app.monotonic() - 130
    world.health.telegram, world.health.telegram_detail = "conflict", "another process polls with this token"

    lines = without_size(world.say(ALICE, "/status")["text"])

    assert lines[0] == f"ℹ️ Version {__version__}, up for 1 min"
    assert lines[1].startswith(("🔴 Telegram: another process uses this token.", "🟢 Telegram connected"))
    assert lines[2:] == [
        "",
        "📅 Support: revision 1, changed by command line, Mon 23 Nov, 12:00",
        "📅 Network & Co: no changes yet",
        "🗄 No backup yet",
        "👥 3 people, I can write to 1",
        "",
        "📌 1 group with a pin",
        "🔴 1 pin is off:",
        "• Ops <1>: Forbidden: bot was kicked",
        "⚠️ 2 pins may have been posted twice",
        "✉️ 2 notices are waiting, the oldest since Mon 23 Nov, 12:00",
        "⚠️ 3 notices may have arrived twice",
        "",
        "🔗 2 calendar links",
        "• Alice, team: 6 min ago (Google-Calendar-Importer xxxxxxxxxxxxxxx)",
    ]


def test_status_is_refreshed_in_place_and_the_same_again_is_no_trouble(world: World) -> None:
    shown = world.say(ALICE, "/status")
    world.health.started -= 3 * 3600
    later = go(world, shown, "🔄 Refresh")
    assert later["text"].splitlines()[0] == f"ℹ️ Version {__version__}, up for 3 h"
    world.chat.press(ALICE, shown["message_id"], "🔄 Refresh")


def test_status_in_russian(world: World) -> None:
    world.work(lambda s: s.connection().exec_driver_sql("UPDATE users SET language = 'ru'"))
    first = world.say(ALICE, "/status")["text"].splitlines()[0]
    assert re.fullmatch(rf"ℹ️ Версия {re.escape(__version__)}, работаю \d+ с", first)


@pytest.mark.parametrize("who", [DAN])
def test_status_is_for_admins_and_private(planned: World, who: int) -> None:
    refusal = planned.say(who, "/status")["text"]
    planned.clock.move(seconds=61)  # a stranger is answered once a minute
    assert refusal == planned.say(who, "/duty")["text"]
    planned.chat.add_group(GROUP, "Ops", members=[ALICE, DAN])
    assert planned.say(ALICE, "/status", chat_id=GROUP)["text"].startswith("Do this in our private chat: @")


def test_links_of_people_who_left_are_not_counted(planned: World) -> None:
    def fill(session: Session) -> None:
        for user_id in (2, 3):
            links.get_token(session, SECRET, user_id, LinkScope.PERSONAL, planned.clock())
        session.connection().exec_driver_sql("UPDATE users SET is_active = 0 WHERE id = 2")
        session.get_one(CalendarLink, 2)

    planned.work(fill)
    assert planned.say(ALICE, "/status")["text"].splitlines()[-2:] == ["🔗 1 calendar link", "not used yet"]
