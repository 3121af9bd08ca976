"""When notices come: days of a clock change, a day offline, quiet hours, restarts; and to whom none comes."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlmodel import Session, col, select

from duty_teller.db.models import Chat, DigestKind, Notice, NoticeKind, Role, User
from duty_teller.services.notices import delivery, planning
from duty_teller.services.outbox import outbox
from duty_teller.services.people import accounts, roles
from duty_teller.services.texts.notices import render_notice
from duty_teller.utils.handover import instant
from duty_teller.utils.zones import zone
from tests.house import House, duty, moscow
from tests.services.test_notices_planning import go, notices, plan, settle
from tests.services.test_notices_texts import NO_CHANGES, at

BERLIN = "Europe/Berlin"
GROUP = -1001


def berlin(day: str, hour: int, minute: int = 0) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=zone(BERLIN))


def in_berlin(house: House, day: str, hour: int, **fields: object) -> None:
    """Has Dan begin a duty of eight hours on a day in Berlin."""
    house.roster(timezone=BERLIN)
    settle(house, house.dan, notices_off="ends,changed,short_notice", **fields)
    house.clock.now = berlin(day, 12) - timedelta(days=9)
    shift = duty(house.dan, day)
    start = instant(date.fromisoformat(day), time(hour), BERLIN)
    house.put(type(shift)(house.dan, None, start, start + timedelta(hours=8), shift.event_type))


@pytest.mark.parametrize(
    ("day", "before"),
    [("2027-03-28", ("2027-03-27", 8)), ("2026-10-25", ("2026-10-24", 10))],
)
def test_lead_is_so_many_hours_when_the_clock_changes_in_between(
    house: House, day: str, before: tuple[str, int]
) -> None:
    in_berlin(house, day, 9, reminder_leads="1440")
    moment = berlin(*before)
    assert plan(house, moment - timedelta(minutes=1)) == []
    assert plan(house, moment) == ["starts:1440"]


@pytest.mark.parametrize(
    ("day", "quiet", "comes"),
    [
        # 02:30 does not exist on 28 March: the quiet hours end when the clock shows 03:30.
        ("2027-03-28", "23:00-02:30", ("2027-03-27", 22, 59)),
        ("2026-10-25", "23:00-03:30", ("2026-10-24", 22, 59)),
    ],
)
def test_quiet_hours_that_end_in_a_clock_change(
    house: House, day: str, quiet: str, comes: tuple[str, int, int]
) -> None:
    in_berlin(house, day, 3, reminder_leads="60", quiet_hours=quiet)
    start = min(d.start_at for d in house.duties())
    moment = berlin(*comes)
    assert moment < start - timedelta(minutes=59)
    assert plan(house, moment - timedelta(minutes=1)) == []
    assert plan(house, moment) == ["starts:60"]


def test_digest_of_a_hand_over_in_the_skipped_hour_comes_once(house: House) -> None:
    house.roster(timezone=BERLIN, handover_at=time(2, 30))
    first = instant(date(2027, 3, 28), time(2, 30), BERLIN)
    house.clock.now = first - timedelta(days=3)
    shift = duty(house.dan, "2027-03-28")
    before = type(shift)(house.dan, None, first - timedelta(hours=24), first, shift.event_type)
    after = type(shift)(house.alice, None, first, first + timedelta(hours=24), shift.event_type)
    house.put(before, after)
    house.write(lambda s: s.add(Chat(id=GROUP, title="Team", trusted=True, digest=DigestKind.HANDOVER)))
    assert len(at(house, first - timedelta(minutes=1))) == 1  # of the day before
    assert len(at(house, first)) == 1
    assert at(house, first + timedelta(minutes=59)) == []


def test_day_offline_tells_nothing_of_yesterday_and_tomorrow_s_once(house: House) -> None:
    settle(house, house.dan, reminder_leads="1440,60", notices_off=NO_CHANGES)
    house.put(duty(house.dan, "2026-11-25"), duty(house.dan, "2026-11-28"))
    house.write(lambda s: s.add(Chat(id=GROUP, title="Team", trusted=True, digest=DigestKind.HANDOVER)))
    # The bot was off from the 23rd to the 27th at noon: the duty of the 25th began and ended meanwhile.
    late = at(house, moscow("2026-11-27", 12))
    assert [notice.dedupe_key.split(":")[0] + notice.dedupe_key[-5:] for notice in late] == ["starts:1440"]
    assert at(house, moscow("2026-11-27", 13)) == []
    assert [notice.kind for notice in at(house, moscow("2026-11-28", 8))] == ["starts"]


def test_day_offline_expires_what_waited(house: House) -> None:
    settle(house, house.dan)
    house.put(duty(house.dan, "2026-11-24"))
    house.clock.now = moscow("2026-11-25", 12)
    (number,), _later = house.read(lambda s: delivery.due(s, house.clock.now, 64))
    assert house.write(lambda s: delivery.claim(s, number, house.settings, house.clock.now, render_notice)) is None
    assert [(n.kind, n.outcome, n.attempts) for n in notices(house)] == [("short_notice", "expired", 0)]


def claimed(house: House, notice: Notice, moment: datetime) -> delivery.Outgoing:
    house.clock.now = moment
    outgoing = house.write(lambda s: delivery.claim(s, notice.id or 0, house.settings, moment, render_notice))
    assert outgoing is not None
    return outgoing


@pytest.mark.parametrize(("quiet", "silent"), [("23:00-09:30", True), ("23:00-08:30", False), (None, False)])
def test_end_in_quiet_hours_comes_without_a_sound(house: House, quiet: str | None, silent: bool) -> None:
    settle(house, house.dan, reminder_leads="", notices_off=NO_CHANGES, quiet_hours=quiet)
    house.put(duty(house.dan, "2026-12-01"))
    (notice,) = at(house, moscow("2026-12-02", 8, 45))
    assert claimed(house, notice, moscow("2026-12-02", 8, 45)).silent is silent


def test_start_is_heard_even_when_quiet_hours_have_begun_meanwhile(house: House) -> None:
    settle(house, house.dan, reminder_leads="60", notices_off=NO_CHANGES, quiet_hours="08:01-08:30")
    house.put(duty(house.dan, "2026-12-01"))
    (notice,) = at(house, moscow("2026-12-01", 8))
    assert claimed(house, notice, moscow("2026-12-01", 8, 1)).silent is False


def test_change_tried_again_in_quiet_hours_comes_without_a_sound(house: House) -> None:
    settle(house, house.dan, quiet_hours="15:03-07:00")
    house.put(duty(house.dan, "2026-12-01"))
    (notice,) = notices(house)
    assert notice.due_at == moscow("2026-11-23", 15, 2)
    assert claimed(house, notice, moscow("2026-11-23", 15, 2)).silent is False
    later = moscow("2026-11-23", 15, 2) + timedelta(seconds=1)
    house.write(lambda s: delivery.note_later(s, notice.id or 0, "Bad Gateway", later, timedelta(minutes=2)))
    assert claimed(house, notice, later + timedelta(minutes=2)).silent is True
    assert [(n.attempts, n.closed_at) for n in notices(house)] == [(2, None)]


def test_notice_tried_already_is_not_merged_into(house: House) -> None:
    settle(house, house.dan)
    house.put(duty(house.dan, "2026-12-01"))
    (notice,) = notices(house)
    claimed(house, notice, house.clock.now + timedelta(minutes=2))
    house.put(duty(house.dan, "2026-12-02"))
    first, second = notices(house)
    assert ('"gone": []' in first.payload, '"gone": []' in second.payload) == (True, False)


# -- restarts --------------------------------------------------------------------------------------------------------


def test_gap_is_told_after_a_restart_within_the_two_minutes(house: House) -> None:
    settle(house, house.alice, reminder_leads="", notices_off="ends,changed,short_notice,unreachable")
    house.put(duty(house.dan, "2026-11-23", days=3), duty(house.dan, "2026-11-27", days=30))
    for seconds, kinds in ((60, []), (30, []), (30, ["gaps"]), (300, ["gaps"])):  # nothing is remembered in between
        go(house, seconds=seconds)
        assert [notice.kind for notice in notices(house)] == kinds


def test_crash_between_planning_and_putting_in_loses_nothing(house: House) -> None:
    settle(house, house.dan, reminder_leads="60", notices_off=NO_CHANGES)
    house.put(duty(house.dan, "2026-12-01"))
    house.clock.now = moscow("2026-12-01", 8)

    def die(session: Session) -> None:
        planning.put_due(session, house.settings, house.clock.now)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        house.write(die)
    assert notices(house) == []
    go(house)
    assert [notice.kind for notice in notices(house)] == ["starts"]


# -- nobody to tell --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["inactive", "unlinked", "blocked", "switched off"])
def test_nothing_is_put_in_for_somebody_who_would_not_get_it(house: House, why: str) -> None:
    settle(house, house.dan, reminder_leads="60")
    house.clock.move(days=1)
    deactivate, unlink, block = roles.deactivate, accounts.unlink, accounts.set_reachable
    if why == "inactive":
        house.write(lambda s: deactivate(s, house.settings, house.dan, house.clock.now))
    elif why == "unlinked":
        house.write(lambda s: unlink(s, house.dan, house.clock.now))
    elif why == "blocked":
        house.write(lambda s: block(s, house.dan, False))
    else:
        settle(house, house.dan, reminder_leads="", notices_off="changed,short_notice,ends")
    house.put(duty(house.dan, "2026-12-01"))
    at(house, moscow("2026-12-01", 8))
    at(house, moscow("2026-12-02", 8, 50))
    assert house.read(lambda s: s.exec(select(Notice).where(col(Notice.user_id) == house.dan)).all()) == []


@pytest.mark.parametrize("why", ["inactive", "blocked", "switched off", "no admin"])
def test_what_waits_is_withdrawn_when_its_receiver_would_not_get_it_any_more(house: House, why: str) -> None:
    settle(house, house.dan)
    house.write(lambda s: setattr(s.get_one(User, house.dan), "role", Role.ADMIN))
    kind = NoticeKind.GROUPS
    payload = outbox.plain("groups.added", {"title": "x", "who": "y"})
    until = house.clock.now + timedelta(days=1)
    house.write(lambda s: outbox.put(s, kind, "k", payload, house.clock.now, until, user_id=house.dan))
    change = {
        "inactive": {"is_active": False},
        "blocked": {"reachable": False},
        "switched off": {"notices_off": "groups"},
        "no admin": {"role": Role.USER},
    }[why]
    for name, value in change.items():
        house.write(lambda s, n=name, v=value: setattr(s.get_one(User, house.dan), n, v))
    (notice,) = notices(house)
    assert (
        house.write(lambda s: delivery.claim(s, notice.id or 0, house.settings, house.clock.now, render_notice)) is None
    )
    assert [(n.outcome, n.attempts) for n in notices(house)] == [("withdrawn", 0)]


def test_same_cause_is_put_in_once(house: House) -> None:
    now, payload = house.clock.now, outbox.plain("groups.added", {"title": "x", "who": "y"})

    def put(session: Session, user_id: int) -> bool:
        until = now + timedelta(days=1)
        return outbox.put(session, NoticeKind.GROUPS, f"added:{user_id}", payload, now, until, user_id=user_id)

    assert [house.write(lambda s, n=n: put(s, n)) for n in (house.alice, house.alice, house.dan)] == [True, False, True]
    assert [(n.user_id, n.dedupe_key) for n in notices(house)] == [
        (house.alice, f"added:{house.alice}"),
        (house.dan, f"added:{house.dan}"),
    ]
