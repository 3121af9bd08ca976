"""The one write door of the schedule: plan, apply, undo."""

import ast
import re
import threading
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from duty_teller.cache import duty_pin_cache, ics_calendar_cache
from duty_teller.composition import writing
from duty_teller.db.models import ChangeKind, Roster, ScheduleChange, ScheduleChangeItem
from duty_teller.db.session import session_scope
from duty_teller.services import schedule_service
from duty_teller.services.schedule_service import (
    Author,
    Diff,
    Listeners,
    NobodyListensError,
    NothingToUndoError,
    RosterSettings,
    ScheduleMovedError,
    Shift,
    UndoConflictError,
)
from tests.house import EVERYTHING, NOW, House, absence, duty, moscow
from tests.sources import modules


def test_nothing_but_the_write_door_writes_duties() -> None:
    """No `Duty(…)`, no insert/update/delete of it, and no SQL text that does, outside services/schedule_service."""
    writers: list[str] = []
    sql = re.compile(r"\b(insert\s+into|update|delete\s+from|replace\s+into)\s+\"?duties\b", re.IGNORECASE)
    for file, tree in modules(r"\bDuty\b|\b(?i:_?duties)\b", besides="services/schedule_service/"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and sql.search(node.value):
                writers.append(f"{file}:{node.lineno} SQL")
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            named = {n.id for argument in node.args for n in ast.walk(argument) if isinstance(n, ast.Name)}
            target = node.func.value if isinstance(node.func, ast.Attribute) else None
            if isinstance(target, ast.Name) and target.id in {"_DUTIES", "duties"} and name in WRITING:
                writers.append(f"{file}:{node.lineno} {target.id}.{name}")
            if name == "Duty" or (name in WRITING and named & {"Duty", "_DUTIES"}):
                writers.append(f"{file}:{node.lineno} {name}")
    assert writers == []


WRITING = {"insert", "update", "delete", "bulk_insert_mappings", "bulk_save_objects"}


def test_first_plan_adds_everything(house: House) -> None:
    diff = house.plan([duty(house.dan, "2026-11-24"), duty(house.alice, "2026-11-25")])
    assert [len(part) for part in (diff.added, diff.removed, diff.changed)] == [2, 0, 0]
    assert (diff.unchanged, diff.empty, diff.revision) == (0, False, 0)


def test_planning_writes_nothing(house: House) -> None:
    house.plan([duty(house.dan, "2026-11-24")])
    assert (house.duties(), house.changes(), house.revision()) == ([], [], 0)


def test_apply_stores_rows_log_and_revision(house: House) -> None:
    house.put(duty(house.dan, "2026-11-24", position="primary"), reason="november.xlsx")

    (row,) = house.duties()
    assert (row.user_id, row.position, row.sequence, row.updated_at) == (house.dan, "primary", 0, NOW)
    assert (row.start_at, row.end_at) == (moscow("2026-11-24", 9), moscow("2026-11-25", 9))
    assert re.fullmatch("[0-9a-f]{32}", row.uid)
    (change,) = house.changes()
    assert (change.kind, change.author_id, change.author_name) == (ChangeKind.IMPORT, house.alice, "Alice Admin")
    assert (change.reason, change.revision, change.created_at) == ("november.xlsx", 1, NOW)
    (item,) = house.read(lambda session: session.exec(select(ScheduleChangeItem)).all())
    assert (item.duty_uid, item.before) == (row.uid, None)
    assert house.revision() == 1


def test_same_again_changes_nothing(house: House) -> None:
    shifts = [duty(house.dan, "2026-11-24"), absence(house.alice, "2026-11-30", 14)]
    house.put(*shifts)
    diff = house.plan(shifts)
    assert (diff.empty, diff.unchanged) == (True, 2)


def test_shift_of_one_person_that_moves_keeps_its_uid_and_raises_the_sequence(house: House) -> None:
    house.put(duty(house.dan, "2026-11-24"))
    (before,) = house.duties()
    house.clock.move(hours=1)

    diff = house.plan([duty(house.dan, "2026-11-24", hour=10)])
    house.apply(diff)

    assert [len(part) for part in (diff.added, diff.removed, diff.changed)] == [0, 0, 1]
    (after,) = house.duties()
    assert (after.uid, after.id) == (before.uid, before.id)
    assert (after.sequence, after.updated_at) == (1, NOW + timedelta(hours=1))
    assert after.start_at == moscow("2026-11-24", 10)


def test_shift_given_to_somebody_else_is_cancelled_and_a_new_one(house: House) -> None:
    house.put(duty(house.dan, "2026-11-24"))
    house.clock.move(hours=1)
    house.put(duty(house.alice, "2026-11-24"))

    dans, alices = sorted(house.duties(), key=lambda row: row.id or 0)
    assert (dans.user_id, dans.cancelled_at, dans.sequence) == (house.dan, NOW + timedelta(hours=1), 1)
    assert (alices.user_id, alices.cancelled_at, alices.sequence) == (house.alice, None, 0)
    assert dans.uid != alices.uid


def test_shift_in_another_position_or_of_another_type_is_another_shift(house: House) -> None:
    house.put(duty(house.dan, "2026-11-24", position="primary"))
    diff = house.plan([duty(house.dan, "2026-11-24", position="secondary")])
    assert [len(part) for part in (diff.added, diff.removed, diff.changed)] == [1, 1, 0]


def test_shifts_outside_the_covered_people_and_days_are_left_alone(house: House) -> None:
    november, december = duty(house.dan, "2026-11-24"), duty(house.dan, "2026-12-24")
    alices = duty(house.alice, "2026-12-25")
    house.put(november, december, alices)
    spans = ((moscow("2026-12-01"), moscow("2027-01-01")),)

    house.apply(house.plan([duty(house.dan, "2026-12-26")], spans, people=[house.dan]))

    assert house.live() == [november, alices, duty(house.dan, "2026-12-26")]


def test_plan_that_covers_nothing_is_empty(house: House) -> None:
    house.put(duty(house.dan, "2026-11-24"))
    assert house.plan([], spans=()).empty is True


def test_two_equal_shifts_in_the_plan_stay_two(house: House) -> None:
    house.put(duty(house.dan, "2026-11-24"), duty(house.dan, "2026-11-24"))
    assert len(house.live()) == 2
    assert house.plan([duty(house.dan, "2026-11-24")] * 2).empty is True


def test_stale_revision_is_refused_by_name_and_nothing_is_written(house: House) -> None:
    stale = house.plan([duty(house.dan, "2026-11-24")])
    house.put(duty(house.alice, "2026-11-25"))
    before = (house.live(), house.revision(), len(house.changes()))

    with pytest.raises(ScheduleMovedError) as caught:
        house.apply(stale)

    assert (caught.value.key, caught.value.args_by_name) == ("error.schedule_moved", {"author": "Alice Admin"})
    assert (house.live(), house.revision(), len(house.changes())) == before


def test_revision_rises_exactly_once_per_change(house: House) -> None:
    for number, day in enumerate(("2026-11-24", "2026-11-25", "2026-11-26"), start=1):
        change = house.put(duty(house.dan, day), duty(house.alice, day, position="second"))
        assert house.revision() == number
    house.undo(change)
    assert house.revision() == 4
    assert [c.revision for c in house.changes()] == [1, 2, 3, 4]


def test_rollback_leaves_neither_rows_nor_log_nor_revision(house: House, cache_folder: Path) -> None:
    ics_calendar_cache.set((1,), "feed")
    diff = house.plan([duty(house.dan, "2026-11-24")], settings=RosterSettings("UTC", time(10), "{}"))
    with pytest.raises(KeyError), writing(house.url) as session:
        schedule_service.apply(session, diff, house.author, "file", diff.revision, NOW)
        raise KeyError
    assert (house.duties(), house.changes(), house.revision(), house.revision("rosters")) == ([], [], 0, 0)
    assert house.roster().timezone == "Europe/Moscow"
    assert ics_calendar_cache.get((1,), NOW) == "feed"


def test_caches_fall_after_the_commit_and_not_before(house: House, cache_folder: Path) -> None:
    ics_calendar_cache.set((1,), "feed")
    duty_pin_cache.set((1,), "pin")
    diff = house.plan([duty(house.dan, "2026-11-24")])
    with writing(house.url) as session:
        schedule_service.apply(session, diff, house.author, "file", diff.revision, NOW)
        assert ics_calendar_cache.get((1,), NOW) == "feed"
    assert (ics_calendar_cache.get((1,), NOW), duty_pin_cache.get((1,), NOW)) == (None, None)


def test_change_of_a_session_without_listeners_is_refused_and_writes_nothing(house: House) -> None:
    diff = house.plan([duty(house.dan, "2026-11-24")])

    with pytest.raises(NobodyListensError), session_scope(house.url, write=True) as session:
        schedule_service.apply(session, diff, house.author, "file", diff.revision, NOW)

    assert (house.duties(), house.changes(), house.revision()) == ([], [], 0)


def test_listener_that_fails_takes_the_change_with_it(house: House) -> None:
    def fail(session: Session, diff: Diff, change: ScheduleChange, now: datetime) -> None:
        raise KeyError

    diff = house.plan([duty(house.dan, "2026-11-24")])
    with pytest.raises(KeyError), session_scope(house.url, write=True) as session:
        schedule_service.listen(session, Listeners(in_transaction=(fail,), after_commit=()))
        schedule_service.apply(session, diff, house.author, "file", diff.revision, NOW)

    assert (house.duties(), house.changes(), house.revision()) == ([], [], 0)


def test_listeners_hear_each_change_in_its_transaction_and_the_commit_once(house: House) -> None:
    heard: list[object] = []

    def hear(session: Session, diff: Diff, change: ScheduleChange, now: datetime) -> None:
        heard.append((change.kind, len(diff.items), now))

    change = house.put(duty(house.dan, "2026-11-24"))
    with session_scope(house.url, write=True) as session:
        schedule_service.listen(session, Listeners((hear,), (lambda: heard.append("committed"),)))
        undo = schedule_service.undo(session, change, house.author, NOW)
        schedule_service.undo(session, undo.id or 0, house.author, NOW)

    assert heard == [(ChangeKind.UNDO, 1, NOW), (ChangeKind.UNDO, 1, NOW), "committed"]


def test_of_eight_who_apply_the_same_plan_at_once_one_wins(house: House) -> None:
    diff = house.plan([duty(house.dan, "2026-11-24")])
    start = threading.Barrier(8)
    results: list[object] = []

    def work(number: int) -> None:
        start.wait()
        try:
            results.append(house.apply(diff, author=Author(None, f"terminal {number}")))
        except Exception as error:
            results.append(type(error))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, results)) == sorted(["1", *[str(ScheduleMovedError)] * 7])
    assert (len(house.duties()), house.revision()) == (1, 1)


def test_undo_takes_back_what_was_added_removed_and_changed(house: House) -> None:
    house.put(duty(house.dan, "2026-11-24"), duty(house.dan, "2026-11-26"))
    before = {row.uid: row for row in house.duties()}
    live = house.live()
    change = house.put(duty(house.dan, "2026-11-24", hour=10), duty(house.alice, "2026-11-28"))
    house.clock.move(hours=1)

    number = house.undo(change)

    assert house.live() == live
    assert {row.uid for row in house.duties() if row.cancelled_at is None} == set(before)
    assert all(row.sequence > before[row.uid].sequence for row in house.duties() if row.uid in before)
    undo = house.changes()[-1]
    assert (undo.id, undo.kind, undo.undoes_id) == (number, ChangeKind.UNDO, change)


def test_undo_restores_the_settings_that_came_with_the_change(house: House) -> None:
    change = house.put(settings=RosterSettings("Asia/Tokyo", time(10, 30), '{"Д": "day"}'))
    roster = house.roster()
    assert (roster.timezone, roster.handover_at, roster.codes) == ("Asia/Tokyo", time(10, 30), '{"Д": "day"}')
    assert house.revision("rosters") == 1

    house.undo(change)

    roster = house.roster()
    assert (roster.timezone, roster.handover_at, roster.codes) == ("Europe/Moscow", time(9), "{}")
    assert house.revision("rosters") == 2


def test_undo_is_refused_with_the_names_of_later_changes_to_the_same_shifts(house: House) -> None:
    first = house.put(duty(house.dan, "2026-11-24"), reason="one.xlsx")
    house.put(duty(house.dan, "2026-11-24", hour=10), reason="two.xlsx")
    house.put(duty(house.dan, "2026-11-24", hour=11), reason="three.xlsx")
    live = house.live()

    with pytest.raises(UndoConflictError) as caught:
        house.undo(first)

    assert caught.value.args_by_name == {"changes": "Alice Admin: two.xlsx; Alice Admin: three.xlsx"}
    assert (house.live(), house.revision()) == (live, 3)


def test_undo_is_not_hindered_by_later_changes_of_other_shifts(house: House) -> None:
    first = house.put(duty(house.dan, "2026-11-24"))
    later = duty(house.alice, "2026-12-24")
    house.put(duty(house.dan, "2026-11-24"), later)
    house.undo(first)
    assert house.live() == [later]


def test_undo_of_settings_is_refused_when_they_were_changed_again(house: House) -> None:
    first = house.put(settings=RosterSettings("Europe/Moscow", time(10), "{}"))
    house.put(duty(house.dan, "2026-11-24"), reason="no settings.xlsx")
    house.put(duty(house.dan, "2026-11-24"), reason="again.xlsx", settings=RosterSettings("UTC", time(8), "{}"))

    with pytest.raises(UndoConflictError) as caught:
        house.undo(first)

    assert caught.value.args_by_name == {"changes": "Alice Admin: again.xlsx"}
    assert house.roster().timezone == "UTC"


@pytest.mark.parametrize("with_rows", [True, False], ids=["shifts", "settings only"])
def test_undoing_twice_is_refused_as_done(house: House, with_rows: bool) -> None:
    shifts = [duty(house.dan, "2026-11-24")] if with_rows else []
    change = house.put(*shifts, settings=RosterSettings("UTC", time(10), "{}"))
    house.undo(change)
    house.put(duty(house.alice, "2026-12-24"), reason="something else")

    with pytest.raises(NothingToUndoError) as caught:
        house.undo(change)

    assert caught.value.key == "error.undo_done"


def test_undo_can_be_undone_and_then_the_change_again(house: House) -> None:
    change = house.put(duty(house.dan, "2026-11-24"))
    (added,) = house.duties()
    undo = house.undo(change)
    assert house.live() == []
    house.undo(undo)
    assert house.live() == [duty(house.dan, "2026-11-24")]
    assert house.duties()[0].uid == added.uid
    house.undo(change)
    assert house.live() == []
    with pytest.raises(NothingToUndoError):
        house.undo(change)


def test_change_done_again_and_edited_later_is_refused_for_the_edit(house: House) -> None:
    change = house.put(duty(house.dan, "2026-11-24"))
    house.undo(house.undo(change))
    house.put(duty(house.dan, "2026-11-24", hour=10), reason="edit.xlsx")

    with pytest.raises(UndoConflictError) as caught:
        house.undo(change)

    assert caught.value.args_by_name == {"changes": "Alice Admin: edit.xlsx"}


@pytest.mark.parametrize("which", ["unknown", "empty"])
def test_undo_of_nothing_is_refused(house: House, which: str) -> None:
    number = 4711 if which == "unknown" else house.put()
    with pytest.raises(NothingToUndoError) as caught:
        house.undo(number)
    assert caught.value.key == "error.undo_unknown"


def test_notes_survive_an_import_and_an_undo(house: House) -> None:
    noted = replace(duty(house.dan, "2026-11-24"), note="bring the keys")
    house.put(noted)
    change = house.put(duty(house.dan, "2026-11-24"), duty(house.alice, "2026-11-25"))
    assert noted in house.live()
    house.undo(change)
    assert house.live() == [noted]


def test_note_stays_with_a_shift_that_moves(house: House) -> None:
    house.put(replace(duty(house.dan, "2026-11-24"), note="bring the keys"))
    house.put(duty(house.dan, "2026-11-24", hour=10))
    assert house.live() == [replace(duty(house.dan, "2026-11-24", hour=10), note="bring the keys")]


def test_large_change_goes_in_and_comes_back_whole(house: House) -> None:
    people = [house.person(f"Person {number:02}") for number in range(30)]
    shifts = [duty(person, NOW.date() + timedelta(days=day)) for person in people for day in range(50)]
    change = house.put(*shifts)
    assert len(house.live()) == 1500
    house.undo(change)
    assert house.live() == []


_days = st.integers(0, 6)
_shifts = st.lists(
    st.tuples(st.integers(0, 1), _days, st.integers(1, 3), st.sampled_from([None, "primary"])), max_size=6
)


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_shifts, second=_shifts)
def test_plan_reaches_what_is_wanted_and_undo_what_was(
    house: House, first: list[tuple[int, int, int, str | None]], second: list[tuple[int, int, int, str | None]]
) -> None:
    """Whatever two plans say: applying leaves exactly the wanted shifts, undoing exactly those before."""

    def shifts(drawn: list[tuple[int, int, int, str | None]]) -> list[Shift]:
        people = (house.alice, house.dan)
        return [
            duty(people[who], NOW.date() + timedelta(days=day), days, position=position)
            for who, day, days, position in drawn
        ]

    def key(shift: Shift) -> str:
        return repr(shift)

    house.put(*shifts(first))
    before = sorted(house.live(), key=key)
    assert before == sorted(shifts(first), key=key)
    change = house.put(*shifts(second))
    assert sorted(house.live(), key=key) == sorted(shifts(second), key=key)
    if any(item for item in _items(house, change)):
        house.undo(change)
        assert sorted(house.live(), key=key) == before


def _items(house: House, change: int) -> list[ScheduleChangeItem]:
    def read(session: Session) -> list[ScheduleChangeItem]:
        return list(session.exec(select(ScheduleChangeItem).where(col(ScheduleChangeItem.change_id) == change)))

    return house.read(read)


def test_settings_are_left_alone_by_a_plan_without_any(house: House) -> None:
    before = house.read(lambda session: session.get_one(Roster, 1).model_dump())
    house.apply(house.plan([duty(house.dan, "2026-11-24")], (EVERYTHING,)))
    assert house.read(lambda session: session.get_one(Roster, 1).model_dump()) == before
    assert house.revision("rosters") == 0
