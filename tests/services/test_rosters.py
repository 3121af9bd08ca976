"""Rosters, their settings and coverage, below the chat: what is written, logged, undone and refused."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from duty_teller.cache import duty_pin_cache, ics_calendar_cache
from duty_teller.db import repository
from duty_teller.db.models import (
    Chat,
    Coverage,
    DigestKind,
    GroupPin,
    ImportDraft,
    KnownGap,
    Notice,
    NoticeKind,
    NoticeOutcome,
    Roster,
)
from duty_teller.i18n.core import LocalizedError
from duty_teller.services import schedule_service
from duty_teller.services.groups import digests
from duty_teller.services.import_service import drafts
from duty_teller.services.outbox import outbox
from duty_teller.services.rosters import coverage as coverage_service
from duty_teller.services.rosters import rosters
from duty_teller.services.rosters import settings as roster_settings_service
from duty_teller.services.rosters.rosters import RosterChoiceError, RosterGoneError
from duty_teller.services.schedule_service import RosterSettings, UndoConflictError
from tests.house import NOW, House, duty, moscow

GROUP = -1001700000000


def change(house: House, reason: str = "by hand", **settings: object) -> int:
    found = house.write(
        lambda s: roster_settings_service.change(s, 1, house.author, reason, house.clock.now, **settings)
    )
    assert found is not None
    return found


def two(house: House) -> int:
    return house.write(lambda s: rosters.add(s, "Network", NOW, "Support").id or 0)


def test_every_setting_is_changed_and_undone_by_the_write_door(house: House, cache_folder: Path) -> None:
    before = house.read(lambda s: schedule_service.settings_of(s.get_one(Roster, 1)))
    ics_calendar_cache.set((1,), "feed")
    number = change(
        house,
        timezone="Europe/Berlin",
        handover_at=time(10),
        day_shift="07:00-19:00",
        night_shift="19:00-07:00",
        coverage=Coverage.WEEKLY,
        coverage_hours='{"0": ["09:00-24:00"]}',
    )
    assert (house.revision(), house.revision("rosters")) == (1, 1)
    assert ics_calendar_cache.get((1,), NOW) is None
    assert house.roster().coverage == Coverage.WEEKLY

    undo = house.undo(number)
    assert house.read(lambda s: schedule_service.settings_of(s.get_one(Roster, 1))) == before
    house.undo(undo)
    assert house.roster().day_shift == "07:00-19:00"


def test_change_without_difference_leaves_no_trace(house: House) -> None:
    same = house.write(lambda s: roster_settings_service.change(s, 1, house.author, "same", NOW, handover_at=time(9)))
    assert (same, house.changes(), house.revision("rosters")) == (None, [], 0)


def test_undo_of_a_change_logged_before_there_were_more_settings_leaves_those_alone(house: House) -> None:
    number = house.put(settings=RosterSettings("Asia/Tokyo", time(10, 30), '{"Д": "day"}'), reason="old.xlsx")
    change(house, day_shift="07:00-19:00", coverage=Coverage.ALWAYS)

    def make_old(session: Session) -> None:
        stored = next(c for c in [session.get(type(house.changes()[0]), number)] if c is not None)
        for name in ("roster_before", "roster_after"):
            values = json.loads(getattr(stored, name) or "{}")
            for newer in ("day_shift", "night_shift", "coverage", "coverage_hours"):
                del values[newer]
            setattr(stored, name, json.dumps(values))
        session.add(stored)

    house.write(make_old)

    house.undo(number)

    roster = house.roster()
    assert (roster.timezone, roster.handover_at, roster.codes) == ("Europe/Moscow", time(9), "{}")
    assert (roster.day_shift, roster.coverage) == ("07:00-19:00", Coverage.ALWAYS)


def test_import_with_a_new_hand_over_keeps_shift_times_and_coverage(house: House) -> None:
    change(house, day_shift="07:00-19:00", coverage=Coverage.WEEKLY, coverage_hours='{"5": ["10:00-14:00"]}')
    house.put(settings=RosterSettings("UTC", time(8), "{}"))
    roster = house.roster()
    assert (roster.timezone, roster.day_shift, roster.coverage) == ("UTC", "07:00-19:00", Coverage.WEEKLY)
    assert roster.coverage_hours == '{"5": ["10:00-14:00"]}'


def test_undo_is_in_the_way_of_the_same_setting_only(house: House) -> None:
    first = change(house, "ten", handover_at=time(10))
    change(house, "always", coverage=Coverage.ALWAYS)
    last = change(house, "eleven", handover_at=time(11))

    with pytest.raises(UndoConflictError) as caught:
        house.undo(first)
    assert caught.value.args_by_name == {"changes": "Alice Admin: eleven"}
    house.undo(last)
    house.undo(first)
    assert (house.roster().handover_at, house.roster().coverage) == (time(9), Coverage.ALWAYS)


def test_forgotten_code_is_named_by_an_undo_in_its_way_and_comes_back_by_its_own(house: House) -> None:
    taught = house.put(settings=RosterSettings("Europe/Moscow", time(9), '{"д": "day"}'))
    house.write(lambda s: roster_settings_service.forget_code(s, 1, "д", house.author, "forgotten: д", NOW))
    with pytest.raises(UndoConflictError) as caught:
        house.undo(taught)
    assert caught.value.args_by_name == {"changes": "Alice Admin: forgotten: д"}
    house.undo(house.changes()[-1].id or 0)
    assert house.roster().codes == '{"д": "day"}'


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Mon-Fri 09:00-18:00; Sat 10:00-14:00", {**{str(d): ["09:00-18:00"] for d in range(5)}, "5": ["10:00-14:00"]}),
        ("Пн–Пт 09:00–18:00\nСб 10-14", {**{str(d): ["09:00-18:00"] for d in range(5)}, "5": ["10:00-14:00"]}),
        ("fri - mon 8-20", {str(d): ["08:00-20:00"] for d in (0, 4, 5, 6)}),
        ("mon, wed and sunday: 09:00-12:00, 13:00-18:00", {str(d): ["09:00-12:00", "13:00-18:00"] for d in (0, 2, 6)}),
        ("Вт. Чт. 22:00-06:00", {str(d): ["22:00-06:00"] for d in (1, 3)}),
        ("ежедневно 00:00-24:00", {str(d): ["00:00-24:00"] for d in range(7)}),
        ("mon 9am-5pm; MON 18:00-20:00", {"0": ["09:00-17:00", "18:00-20:00"]}),
    ],
)
def test_weekly_hours_are_read_as_people_type_them(typed: str, stored: dict[str, list[str]]) -> None:
    assert json.loads(coverage_service.parse_hours(typed)) == stored


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", ""),
        ("09:00-18:00", "09:00-18:00"),
        ("Mon-Fri", "Mon-Fri"),
        ("Mon-Fri 25:00-26:00", "Mon-Fri 25:00-26:00"),
        ("Mon 09:00-18:00; Xyz 10:00-12:00", "Xyz 10:00-12:00"),
        ("Mon 09:00-09:00", "Mon 09:00-09:00"),
        ("Mon 9", "Mon 9"),
    ],
)
def test_weekly_hours_that_are_none_are_named(typed: str, part: str) -> None:
    with pytest.raises(LocalizedError) as caught:
        coverage_service.parse_hours(typed)
    assert (caught.value.key, caught.value.args_by_name) == ("settings.coverage_unread", {"text": part})


def test_weekly_hours_are_written_with_equal_days_together() -> None:
    hours = coverage_service.parse_hours("Mon-Wed 09:00-18:00; Thu 9-24; Sat, Sun 10-14")
    assert coverage_service.hours_text("en", hours) == ("Mon–Wed 09:00–18:00; Thu 09:00–24:00; Sat, Sun 10:00–14:00")
    assert coverage_service.hours_text("ru", hours).startswith("Пн–Ср 09:00–18:00; Чт 09:00–24:00")


def test_coverage_that_ends_at_midnight_has_its_gaps(house: House) -> None:
    house.put(duty(house.dan, "2026-11-24"))
    roster = house.roster(coverage=Coverage.WEEKLY, coverage_hours='{"1": ["00:00-24:00"], "2": ["18:00-24:00"]}')
    gaps = house.read(lambda s: schedule_service.gaps(s, roster, moscow("2026-11-24"), moscow("2026-11-30")))
    assert gaps == [
        (moscow("2026-11-24"), moscow("2026-11-24", 9)),
        (moscow("2026-11-25", 18), moscow("2026-11-26")),
    ]


def test_new_roster_takes_over_zone_and_times_and_nothing_else(house: House, cache_folder: Path) -> None:
    change(house, timezone="Europe/Berlin", handover_at=time(7), day_shift="07:00-19:00", codes='{"д": "day"}')
    duty_pin_cache.set((1,), "pin")
    raised = house.revision("rosters")

    number = two(house)

    roster = house.read(lambda s: s.get_one(Roster, number))
    assert (roster.name, roster.timezone, roster.handover_at) == ("Network", "Europe/Berlin", time(7))
    assert (roster.day_shift, roster.codes, roster.coverage) == ("07:00-19:00", "{}", Coverage.DAILY)
    assert house.revision("rosters") == raised + 1
    assert duty_pin_cache.get((1,), NOW) is None


def test_retired_roster_takes_drafts_notices_and_known_gaps_along(house: House) -> None:
    number = two(house)

    def fill(session: Session) -> None:
        drafts.start(session, house.alice, number, 1, NOW)
        for roster_id in (1, number):
            outbox.put(
                session,
                NoticeKind.GAPS,
                f"k{roster_id}",
                {},
                NOW,
                NOW + timedelta(days=1),
                user_id=house.alice,
                roster_id=roster_id,
            )
        session.add(KnownGap(roster_id=number, start_at=NOW, end_at=NOW + timedelta(days=1), found_at=NOW))

    house.write(fill)
    house.write(lambda s: rosters.retire(s, number, NOW) and None)

    def look(session: Session) -> tuple[int, int, list[tuple[int | None, NoticeOutcome | None]]]:
        notices = session.exec(select(Notice)).all()
        return (
            len(session.exec(select(ImportDraft)).all()),
            len(session.exec(select(KnownGap)).all()),
            [(n.roster_id, n.outcome) for n in notices],
        )

    assert house.read(look) == (0, 0, [(1, None), (number, NoticeOutcome.WITHDRAWN)])
    assert [r.name for r in house.read(repository.rosters)] == ["Support"]
    with pytest.raises(RosterGoneError):
        house.write(lambda s: rosters.retire(s, number, NOW))
    with pytest.raises(RosterGoneError):
        house.write(lambda s: rosters.rename(s, number, "New", NOW))
    with pytest.raises(LocalizedError) as caught:
        house.write(lambda s: rosters.retire(s, 1, NOW))
    assert caught.value.key == "rosters.last"


def test_restored_roster_needs_its_name_free_and_is_restored_once(house: House) -> None:
    number = two(house)
    house.write(lambda s: rosters.retire(s, number, NOW) and None)
    house.write(lambda s: rosters.rename(s, 1, "network", NOW) and None)
    with pytest.raises(LocalizedError) as caught:
        house.write(lambda s: rosters.restore(s, number, NOW))
    assert caught.value.key == "rosters.name_taken"

    house.write(lambda s: rosters.rename(s, 1, "Support", NOW) and None)
    house.write(lambda s: rosters.restore(s, number, NOW) and None)
    raised = house.revision("rosters")
    house.write(lambda s: rosters.restore(s, number, NOW) and None)
    assert (len(house.read(repository.rosters)), house.revision("rosters")) == (2, raised)


def test_pin_of_a_roster_restored_in_time_stays_and_is_shown_anew(house: House) -> None:
    number = two(house)

    def fill(session: Session) -> None:
        session.add(Chat(id=GROUP, title="Ops", trusted=True))
        session.flush()
        session.add(GroupPin(chat_id=GROUP, roster_id=number, message_id=5, content_hash="x"))
        rosters.retire(session, number, NOW)

    house.write(fill)
    (pin,) = house.read(rosters.retired_pins)
    house.write(lambda s: rosters.restore(s, number, NOW) and None)
    house.write(lambda s: rosters.forget_pin(s, pin.pin_id))

    assert [p.content_hash for p in house.read(lambda s: s.exec(select(GroupPin)).all())] == [""]


def test_roster_is_picked_by_name_where_there_are_several(house: House) -> None:
    assert house.read(lambda s: rosters.pick(s, None).id) == 1
    with pytest.raises(RosterChoiceError) as unnamed:
        house.read(lambda s: rosters.pick(s, "Network"))
    assert str(unnamed.value) == "There is no roster “Network”. The only one has no name: leave --roster out."
    number = two(house)
    assert house.read(lambda s: rosters.pick(s, " NETWORK ").id) == number
    with pytest.raises(RosterChoiceError) as missing:
        house.read(lambda s: rosters.pick(s, None))
    assert str(missing.value) == "There are several rosters, say which one with --roster: “Support”, “Network”"
    with pytest.raises(RosterChoiceError) as unknown:
        house.read(lambda s: rosters.pick(s, "Field"))
    assert str(unknown.value) == "There is no roster “Field”. There are: “Support”, “Network”"


def test_digest_goes_to_the_topic_of_the_pin_unless_a_topic_is_said(house: House) -> None:
    def fill(session: Session) -> None:
        session.add(Chat(id=GROUP, title="Ops", trusted=True))
        session.add(Chat(id=GROUP - 1, title="Left", trusted=True, left_at=NOW))
        session.add(Chat(id=GROUP - 2, title="Strange", trusted=False))
        session.flush()
        session.add(GroupPin(chat_id=GROUP, thread_id=7, roster_id=1, message_id=5))

    house.write(fill)

    def topic() -> tuple[DigestKind, int]:
        chat = house.read(lambda s: s.get_one(Chat, GROUP))
        return chat.digest, chat.digest_thread_id

    assert [chat.title for chat in house.read(digests.digest_chats)] == ["Ops"]
    house.write(lambda s: digests.set_digest(s, GROUP, DigestKind.WEEKLY))
    assert topic() == (DigestKind.WEEKLY, 7)
    house.write(lambda s: digests.set_digest(s, GROUP, DigestKind.HANDOVER, 9))
    assert topic() == (DigestKind.HANDOVER, 9)
    house.write(lambda s: digests.set_digest(s, GROUP, DigestKind.WEEKLY))
    assert topic() == (DigestKind.WEEKLY, 9)
    for chat_id in (GROUP - 1, GROUP - 2, GROUP - 3):
        with pytest.raises(LocalizedError):
            house.write(lambda s, c=chat_id: digests.set_digest(s, c, DigestKind.WEEKLY))


def test_outbox_tells_what_waits(house: House) -> None:
    assert house.read(outbox.state) == outbox.OutboxState(0, 0, None)
    due = datetime(2026, 11, 24, tzinfo=UTC)
    house.write(
        lambda s: outbox.put(s, NoticeKind.GAPS, "k", {}, NOW, due + timedelta(days=1), user_id=house.alice, due_at=due)
    )
    assert house.read(outbox.state) == outbox.OutboxState(1, 0, NOW)


@pytest.mark.parametrize(
    ("day", "night", "meet"),
    [
        ("08:00–20:00", "20:00–08:00", True),
        ("08:00–24:00", "00:00–08:00", True),
        ("07:00–19:00", "20:00–08:00", False),
        ("08:00–20:00", "19:00–08:00", False),
    ],
)
def test_shifts_meet_when_each_begins_where_the_other_ends(day: str, night: str, meet: bool) -> None:
    assert roster_settings_service.shifts_meet(day, night) is meet
