"""Notices the whole way: the schedule changes or the clock moves, and people and groups read it."""

import logging
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from duty_teller.db import repository
from duty_teller.db.models import Chat, DigestKind, Notice, NoticeKind, User
from duty_teller.services.outbox import outbox
from tests.handlers.conftest import ALICE, DAN, GROUP, MOSCOW, Settled, World, roster_json, wait_for


def linked(world: World, **fields: object) -> World:
    """Dan is linked and hears of changes only, as far as fields do not say otherwise."""
    world.link_dan()
    return wishes(world, **fields)


def wishes(world: World, **fields: object) -> World:
    """Everybody hears of changes only, as far as fields do not say otherwise."""

    def work(session: object) -> None:
        for user in session.exec(select(User)):  # type: ignore[attr-defined]
            for name, value in ({"reminder_leads": "", "notices_off": "ends,gaps,unreachable"} | fields).items():
                setattr(user, name, value)
        repository.raise_revision(session, "people")  # type: ignore[arg-type]

    world.work(work)
    world.let_ticks_pass()
    return world


def later(world: World, **by: float) -> None:
    world.clock.move(**by)
    world.let_ticks_pass()


def heard(world: World, who: int, before: int) -> list[str]:
    return world.texts(who)[before:]


def outcomes(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT kind, outcome, attempts, uncertain FROM notices ORDER BY id")


def hear_of_changes(planned: World) -> None:
    wishes(planned)
    later(planned, minutes=3)


@pytest.fixture(scope="session")
def dan_kept(settled: Settled) -> str:
    return settled.lead("Dan hears of changes", hear_of_changes, "planned, dan_linked")


@pytest.fixture
def dan(dan_kept: str, stopped: World, settled: Settled) -> World:
    return settled.start(dan_kept, stopped)


def test_change_told_after_two_minutes_with_the_difference(dan: World) -> None:
    before = len(dan.texts(DAN))
    dan.import_roster(roster_json(Dan_Duty="Б  Б", Alice_Admin=" Б "))
    later(dan, minutes=1)
    assert heard(dan, DAN, before) == []
    later(dan, minutes=1, seconds=1)
    (text,) = heard(dan, DAN, before)
    assert text == (
        "🗓 Ваши смены изменились\n"
        "➖ Снята: ср 25 нояб., 09:00 – чт 26 нояб., 09:00\n"
        "➕ Новая: чт 26 нояб., 09:00 – пт 27 нояб., 09:00\n"
        "Кто изменил: command line (file)"
    )


def test_change_taken_back_within_two_minutes_is_not_told(dan: World) -> None:
    before = len(dan.texts(DAN))
    dan.import_roster(roster_json(Dan_Duty="Б  ", Alice_Admin=" Б "))
    later(dan, seconds=30)
    dan.import_roster(roster_json(Dan_Duty="Б Б", Alice_Admin=" Б "))
    later(dan, minutes=5)
    assert heard(dan, DAN, before) == []
    assert outcomes(dan)[-1] == ("changed", "withdrawn", 0, 0)


def test_reminder_comes_an_hour_before(dan: World) -> None:
    wishes(dan, reminder_leads="60")
    before = len(dan.texts(DAN))
    dan.clock.set(datetime(2026, 11, 25, 7, 59, tzinfo=MOSCOW))
    dan.let_ticks_pass()
    assert heard(dan, DAN, before) == []
    dan.clock.set(datetime(2026, 11, 25, 8, 0, tzinfo=MOSCOW))
    dan.let_ticks_pass()
    (text,) = heard(dan, DAN, before)
    assert text.split("\n")[0] == "⏰ Ваша смена начнётся через 1 ч"
    later(dan, days=3)
    assert len(heard(dan, DAN, before)) == 1


def put_plain(world: World, number: int = 1, **options: object) -> None:
    def work(session: object) -> None:
        alice = session.exec(select(User).where(User.telegram_user_id == ALICE)).one()  # type: ignore[attr-defined]
        now = world.clock()
        payload = outbox.plain("groups.added", {"title": "<b>&", "who": "x"}, {"notice.my_shifts": "my:0"})
        kind, until = NoticeKind.GROUPS, now + timedelta(hours=1)
        outbox.put(session, kind, f"t{number}", payload, now, until, user_id=alice.id)  # type: ignore[arg-type]

    world.work(work)


def test_plain_notice_is_escaped_and_sent_once(world: World) -> None:
    put_plain(world)
    wait_for(lambda: outcomes(world) == [("groups", "sent", 1, 0)])
    world.let_ticks_pass()
    assert sum("<b>&" in text for text in world.texts(ALICE)) == 1


def test_restart_between_attempt_and_outcome_is_sent_again_counted_and_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.stop()
    put_plain(world)
    world.work(lambda s: setattr(s.exec(select(Notice)).one(), "attempted_at", world.clock()))
    with caplog.at_level(logging.WARNING):
        world.start()
        wait_for(lambda: outcomes(world) == [("groups", "sent", 1, 1)])
    assert "1 notices may have arrived twice" in caplog.text


def test_notice_over_time_expires_unsent(world: World) -> None:
    world.stop()
    put_plain(world)
    world.clock.move(hours=2)
    world.start()
    wait_for(lambda: outcomes(world) == [("groups", "expired", 0, 0)])
    assert not any("<b>&" in text for text in world.texts(ALICE))


def test_weekly_digest_goes_to_the_group_once(planned: World) -> None:
    planned.chat.add_group(GROUP, "Team", members=[ALICE, DAN])
    planned.work(lambda s: s.add(Chat(id=GROUP, title="Team", language="en", trusted=True, digest=DigestKind.WEEKLY)))
    wait_for(lambda: any(row[0] == "digest" for row in outcomes(planned)))
    planned.let_ticks_pass()
    assert [row for row in outcomes(planned) if row[0] == "digest"] == [("digest", "sent", 1, 0)]
    (text,) = planned.texts(GROUP)
    assert text.startswith("🗓 Duties this week\nMon 23 Nov\n• 09:00 – Tue 09:00: Dan Duty\n")


@pytest.mark.parametrize(
    ("kind", "doubtful", "copies"),
    [("drop", 1, 1), ("drop_after", 1, 2), ("server_error", 1, 1)],
)
def test_wire_fault_is_tried_again_and_counted(world: World, kind: str, doubtful: int, copies: int) -> None:
    world.chat.fault("sendMessage", kind)
    put_plain(world)
    wait_for(lambda: outcomes(world) == [("groups", None, 1, doubtful)])
    later(world, seconds=2)
    wait_for(lambda: outcomes(world) == [("groups", "sent", 2, doubtful)])
    assert sum("<b>&" in text for text in world.texts(ALICE)) == copies


def test_notice_waits_as_long_as_telegram_says_and_is_certain(world: World) -> None:
    world.chat.fault("sendMessage", "too_many_requests", times=1)
    put_plain(world)
    wait_for(lambda: outcomes(world)[0][2] == 1)
    for _ in range(3):
        later(world, seconds=60)
    wait_for(lambda: outcomes(world)[0][1] == "sent")
    assert outcomes(world)[0][3] == 0
    assert sum("<b>&" in text for text in world.texts(ALICE)) == 1


BLOCKED = "Forbidden: bot was blocked by the user"


def test_blocked_person_is_refused_and_unreachable(world: World) -> None:
    world.chat.fault("sendMessage", "refuse", chat_id=ALICE, code=403, description=BLOCKED)  # before the update says so
    put_plain(world)
    wait_for(lambda: outcomes(world) == [("groups", "refused", 1, 0)])
    assert world.rows("SELECT reachable FROM users WHERE telegram_user_id = ?", ALICE) == [(0,)]
    assert world.rows("SELECT last_error FROM notices") == [(BLOCKED,)]


def test_person_known_to_have_blocked_the_bot_is_not_tried(world: World) -> None:
    world.chat.block_bot(ALICE)
    wait_for(lambda: world.rows("SELECT reachable FROM users WHERE telegram_user_id = ?", ALICE) == [(0,)])
    put_plain(world)
    wait_for(lambda: outcomes(world) == [("groups", "withdrawn", 0, 0)])
