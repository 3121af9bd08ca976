"""Edits of a published roster: what is given, split, moved, removed and added, and what that causes."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from duty_teller.db.models import ChangeKind, EventType, Roster
from duty_teller.domain.coverage import Coverage
from duty_teller.domain.shift import Shift
from duty_teller.services import schedule_service
from duty_teller.services.schedule_service import DiffItem, EditError, PlannedEdit, edits
from duty_teller.utils.handover import Handover, handover_span
from tests.house import House, absence, duty, moscow

TUESDAY = "2026-11-24"
Plan = Callable[[list[edits.Stored]], list[DiffItem]]


def stored(house: House, user_id: int | None = None) -> list[edits.Stored]:
    start, end = moscow("2026-11-01"), moscow("2027-02-01")
    return house.read(lambda session: edits.stored_between(session, 1, start, end, user_id))


def planned(house: House, plan: Plan, user_id: int | None = None) -> PlannedEdit:
    pieces = stored(house, user_id)
    return house.read(lambda s: edits.plan_edit(s, s.get_one(Roster, 1), plan(pieces)))


def applied(house: House, plan: Plan, user_id: int | None = None) -> tuple[int, PlannedEdit]:
    found = planned(house, plan, user_id)
    return house.apply(found.diff, "by hand"), found


def spans(house: House, user_id: int) -> list[tuple[str, str]]:
    return [
        (f"{s.start_at + timedelta(hours=3):%d %H:%M}", f"{s.end_at + timedelta(hours=3):%d %H:%M}")
        for s in house.live()
        if s.user_id == user_id
    ]


def test_given_shift_is_cancelled_and_begins_anew_with_the_other(house: House) -> None:
    house.put(duty(house.dan, TUESDAY, position="primary"))
    old = stored(house)[0]
    start, end = old.shift.start_at, old.shift.end_at

    change, found = applied(house, lambda pieces: edits.give(pieces, start, end, house.alice))

    rows = house.duties()
    assert [(row.user_id, row.cancelled_at is None, row.position) for row in rows] == [
        (house.dan, False, "primary"),
        (house.alice, True, "primary"),
    ]
    assert rows[0].uid == old.uid != rows[1].uid
    assert found.consequences == schedule_service.Consequences()
    house.undo(change)
    assert [s.uid for s in stored(house)] == [old.uid]


def test_part_given_from_the_middle_leaves_three_stretches_and_no_gap(house: House) -> None:
    house.put(Shift(house.dan, None, moscow(TUESDAY, 13), moscow("2026-11-25", 9), EventType.DUTY))
    uid = stored(house)[0].uid
    part = moscow(TUESDAY, 21), moscow("2026-11-25", 1)

    _change, found = applied(house, lambda pieces: edits.give(pieces, *part, house.alice))

    assert spans(house, house.dan) == [("24 13:00", "24 21:00"), ("25 01:00", "25 09:00")]
    assert spans(house, house.alice) == [("24 21:00", "25 01:00")]
    assert found.consequences.gaps_opened == ()
    assert stored(house)[0].uid == uid
    assert [(r.user_id, r.begins_at - r.ends_at) for r in found.consequences.rests] == [(house.dan, timedelta(hours=4))]


def test_part_at_the_begin_leaves_the_rest_its_uid(house: House) -> None:
    house.put(duty(house.dan, TUESDAY))
    uid = stored(house)[0].uid
    applied(house, lambda p: edits.give(p, moscow(TUESDAY), moscow(TUESDAY, 12), house.alice))
    assert [(s.uid == uid, s.shift.user_id) for s in stored(house)] == [(False, house.alice), (True, house.dan)]
    assert spans(house, house.alice) == [("24 09:00", "24 12:00")]


def test_whole_stretch_is_given_shift_by_shift(house: House) -> None:
    house.put(*(duty(house.dan, f"2026-11-{day}") for day in (24, 25, 26)))
    applied(house, lambda p: edits.give(p, p[0].shift.start_at, p[-1].shift.end_at, house.alice))
    assert spans(house, house.dan) == []
    assert len(spans(house, house.alice)) == 3


def test_shift_of_the_same_person_is_not_given(house: House) -> None:
    house.put(duty(house.dan, TUESDAY))
    with pytest.raises(EditError) as caught:
        planned(house, lambda p: edits.give(p, moscow(TUESDAY), moscow("2026-11-26"), house.dan))
    assert caught.value.key == "change.same"
    with pytest.raises(EditError) as caught:
        planned(house, lambda p: edits.give(p, moscow("2026-12-24"), moscow("2026-12-26"), house.alice))
    assert caught.value.key == "change.outside"


def test_split_shift_keeps_its_uid_before_and_is_one_stretch_still(house: House) -> None:
    house.put(duty(house.dan, TUESDAY))
    uid = stored(house)[0].uid
    applied(house, lambda p: edits.split(p[0], moscow(TUESDAY, 20)))
    assert spans(house, house.dan) == [("24 09:00", "24 20:00"), ("24 20:00", "25 09:00")]
    assert stored(house)[0].uid == uid
    with pytest.raises(EditError):
        planned(house, lambda p: edits.split(p[0], moscow(TUESDAY, 9)))


def test_moved_stretch_is_cut_at_its_edges(house: House) -> None:
    house.put(*(duty(house.dan, f"2026-11-{day}") for day in (24, 25, 26)))
    applied(house, lambda p: edits.move(p, moscow("2026-11-25", 12), moscow("2026-11-27", 10)))
    assert spans(house, house.dan) == [("25 12:00", "26 09:00"), ("26 09:00", "27 10:00")]


def test_shift_moved_clear_of_itself_keeps_its_uid(house: House) -> None:
    house.put(duty(house.dan, TUESDAY))
    uid = stored(house)[0].uid
    applied(house, lambda p: edits.move(p, moscow("2026-11-28", 9), moscow("2026-11-29", 9)))
    assert [(s.uid, s.shift.start_at) for s in stored(house)] == [(uid, moscow("2026-11-28", 9))]


@pytest.mark.parametrize(
    ("hours", "key"), [((12, 12), "change.empty"), ((24, 12), "change.empty"), ((9, 33), "change.same")]
)
def test_move_that_cannot_be_meant_is_refused(house: House, hours: tuple[int, int], key: str) -> None:
    house.put(duty(house.dan, TUESDAY))
    start, end = (moscow(TUESDAY) + timedelta(hours=hour) for hour in hours)
    with pytest.raises(EditError) as caught:
        planned(house, lambda p: edits.move(p, start, end))
    assert caught.value.key == key


def test_removed_shift_opens_a_gap_and_added_one_closes_it(house: House) -> None:
    house.put(*(duty(house.dan, f"2026-11-{day}") for day in range(20, 29)))
    span = moscow(TUESDAY, 9), moscow("2026-11-25", 9)
    _change, found = applied(house, lambda p: edits.remove(p, *span))
    assert found.consequences.gaps_opened == (span,)
    _change, found = applied(house, lambda p: edits.add(house.alice, *span))
    assert (found.consequences.gaps_opened, found.consequences.gaps_closed) == ((), (span,))


def test_person_twice_and_position_twice_are_told(house: House) -> None:
    house.put(duty(house.dan, TUESDAY, position="primary"), duty(house.alice, TUESDAY, position="secondary"))
    found = planned(
        house, lambda p: edits.add(house.alice, moscow(TUESDAY, 12), moscow(TUESDAY, 14), "primary")
    ).consequences
    assert {(o.first.user_id, o.second.user_id) for o in found.overlaps} == {
        (house.alice, house.alice),
        (house.dan, house.alice),
    }


def test_less_than_eleven_hours_of_rest_is_told_and_eleven_are_not(house: House) -> None:
    house.put(Shift(house.dan, None, moscow(TUESDAY, 9), moscow(TUESDAY, 21), EventType.DUTY))
    short = planned(house, lambda p: edits.add(house.dan, moscow("2026-11-25", 7), moscow("2026-11-25", 9)))
    enough = planned(house, lambda p: edits.add(house.dan, moscow("2026-11-25", 8), moscow("2026-11-25", 9)))
    assert [r.begins_at - r.ends_at for r in short.consequences.rests] == [timedelta(hours=10)]
    assert enough.consequences.rests == ()


def test_duty_while_away_is_told(house: House) -> None:
    house.put(duty(house.dan, TUESDAY), absence(house.alice, TUESDAY, days=2))
    found = planned(house, lambda p: edits.give(p, moscow(TUESDAY), moscow("2026-11-26"), house.alice))
    assert [(o.first.user_id, o.second.event_type) for o in found.consequences.away] == [
        (house.alice, EventType.VACATION)
    ]


def test_person_on_duty_in_another_roster_is_told(house: House) -> None:
    def second(session: Session) -> int:
        roster = Roster(name="Night", timezone="Europe/Moscow", handover_at=time(9))
        session.add(roster)
        session.flush()
        shift = DiffItem(None, None, duty(house.alice, TUESDAY))
        diff = schedule_service.Diff(roster.id or 0, 0, ChangeKind.EDIT, (shift,))
        schedule_service.apply(session, diff, house.author, "x", 0, house.clock.now)
        return roster.id or 0

    house.write(second)
    house.put(duty(house.dan, TUESDAY))
    found = planned(house, lambda p: edits.give(p, moscow(TUESDAY), moscow("2026-11-26"), house.alice))
    assert [(o.first.user_id, o.second.user_id) for o in found.consequences.overlaps] == [(house.alice, house.alice)]


def test_swap_changes_both_at_once_and_undo_restores_both(house: House) -> None:
    house.put(duty(house.dan, TUESDAY), duty(house.alice, "2026-11-27"))
    before = house.live()

    def both(pieces: list[edits.Stored]) -> list[DiffItem]:
        dans, alices = pieces
        given = edits.give([dans], dans.shift.start_at, dans.shift.end_at, house.alice)
        return given + edits.give([alices], alices.shift.start_at, alices.shift.end_at, house.dan)

    change, _found = applied(house, both)
    assert spans(house, house.alice) == [("24 09:00", "25 09:00")]
    assert spans(house, house.dan) == [("27 09:00", "28 09:00")]
    house.undo(change)
    assert house.live() == before


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 23), ("2026-10-24", 25)])
def test_days_on_which_clocks_change_are_given_whole(house: House, day: str, hours: int) -> None:
    house.roster(timezone="Europe/Berlin")
    span = handover_span(date.fromisoformat(day), Handover(time(9), "Europe/Berlin"))
    house.put(Shift(house.dan, None, *span, EventType.DUTY))
    found = house.read(
        lambda s: edits.plan_edit(
            s, s.get_one(Roster, 1), edits.give(edits.stored_between(s, 1, *span), *span, house.alice)
        )
    )
    (given_away,) = found.diff.added
    assert given_away.end_at - given_away.start_at == timedelta(hours=hours)
    assert found.consequences == schedule_service.Consequences()


HOUR = timedelta(hours=1)
BASE = moscow("2026-11-23", 9)
steps = st.lists(
    st.tuples(st.sampled_from("gsmrau"), st.integers(0, 9), st.integers(0, 9), st.integers(0, 95), st.integers(1, 30)),
    min_size=1,
    max_size=8,
)


def _gaps_by_the_hour(shifts: list[Shift], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Which hours nobody has, counted one by one."""
    found: list[tuple[datetime, datetime]] = []
    at = start
    while at < end:
        if not any(shift.start_at <= at < shift.end_at for shift in shifts):
            if found and found[-1][1] == at:
                found[-1] = (found[-1][0], at + HOUR)
            else:
                found.append((at, at + HOUR))
        at += HOUR
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_random_edits_and_undos_restore_exactly_and_gaps_are_those_of_a_count(
    house: House, steps: list[tuple[str, int, int, int, int]]
) -> None:
    house.roster(coverage=Coverage.ALWAYS)
    house.put(*(duty(house.dan if n % 2 else house.alice, f"2026-11-{23 + n}") for n in range(4)))
    people = [house.alice, house.dan]
    history: list[tuple[int, list[tuple[str, Shift]]]] = []
    start, end = BASE - 24 * HOUR, BASE + 160 * HOUR

    def shown() -> list[tuple[str, Shift]]:
        return [(row.uid, Shift.of(row)) for row in house.duties() if row.cancelled_at is None]

    for op, which, who, hour, length in steps:
        if op == "u":
            if history:
                change, before = history.pop()
                house.undo(change)
                assert shown() == before
            continue
        pieces, before_state = stored(house), shown()
        begin, finish = BASE + hour * HOUR, BASE + (hour + length) * HOUR
        gaps_before = _gaps_by_the_hour(house.live(), start, end)
        try:
            items = _items(op, pieces[which % len(pieces)] if pieces else None, people[who % 2], (begin, finish))
        except EditError:
            continue
        found = house.read(lambda s, items=items: edits.plan_edit(s, s.get_one(Roster, 1), items))
        history.append((house.apply(found.diff, op), before_state))
        gaps = house.read(lambda s: schedule_service.gaps(s, s.get_one(Roster, 1), start, end))
        counted = _gaps_by_the_hour(house.live(), start, end)
        assert gaps == counted
        opened = _hours(counted) - _hours(gaps_before)
        closed = _hours(gaps_before) - _hours(counted)
        assert _hours(found.consequences.gaps_opened) & _hours([(start, end)]) == opened
        assert _hours(found.consequences.gaps_closed) & _hours([(start, end)]) == closed
        _assert_overlaps_were_told(house, found, before_state)
    for change, before in reversed(history):
        house.undo(change)
        assert shown() == before


def _items(op: str, piece: edits.Stored | None, person: int, span: tuple[datetime, datetime]) -> list[DiffItem]:
    if op == "a" or piece is None:
        return edits.add(person, *span)
    if op == "g":
        return edits.give([piece], *span, person)
    if op == "s":
        return edits.split(piece, span[0])
    return edits.move([piece], *span) if op == "m" else edits.remove([piece], *span)


def _hours(of: Iterable[tuple[datetime, datetime]]) -> set[datetime]:
    return {begin + n * HOUR for begin, end in of for n in range(int((end - begin) / HOUR))}


def _assert_overlaps_were_told(house: House, found: PlannedEdit, before: list[tuple[str, Shift]]) -> None:
    """Nobody is twice on duty, newly, of whom the plan did not say so."""

    def twice(shifts: list[Shift]) -> set[tuple[int, datetime]]:
        seen: set[tuple[int, datetime]] = set()
        double: set[tuple[int, datetime]] = set()
        for shift in shifts:
            for moment in _hours([(shift.start_at, shift.end_at)]):
                key = shift.user_id, moment
                (double if key in seen else seen).add(key)
        return double

    new = twice(house.live()) - twice([shift for _uid, shift in before])
    if new:
        told = {overlap.first.user_id for overlap in found.consequences.overlaps}
        assert {user_id for user_id, _moment in new} <= told
