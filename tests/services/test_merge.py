"""Two people who are one: logged, undoable, told to feeds, and met by the next file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from duty_teller.db.models import ChangeKind, Roster, ScheduleChange, User, UserAlias
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.duty_schedule import read_roster_file
from duty_teller.services import history, import_service, schedule_service
from duty_teller.services.import_service import Imported, RosterFile
from duty_teller.services.people import accounts, cards, roles
from duty_teller.services.people import merge as merge_service
from duty_teller.services.people.cards import Which
from duty_teller.services.people.merge import MergePlan
from duty_teller.services.schedule_service import Author, NothingToUndoError, Shift, UndoConflictError
from tests.handlers.conftest import roster_json
from tests.house import NOW, SAM, House, absence, duty, moscow


def plan(house: House, source: int, target: int) -> MergePlan:
    return house.read(lambda s: merge_service.plan_merge(s, source, target, NOW))


def merge(house: House, source: int, target: int, fingerprint: str | None = None) -> int:
    return house.write(
        lambda s: merge_service.merge(s, source, target, house.author, fingerprint, house.clock.now).id or 0
    )


def refused(work: Callable[[], object]) -> tuple[str, dict[str, object]]:
    with pytest.raises(LocalizedError) as caught:
        work()
    return caught.value.key, caught.value.args_by_name


def people(house: House) -> dict[str, tuple[bool, str | None, str | None]]:
    return house.read(
        lambda s: {u.full_name: (u.is_active, u.username, u.phone) for u in s.exec(select(User).order_by(col(User.id)))}
    )


def aliases(house: House) -> dict[str, int]:
    return house.read(lambda s: {a.name_key: a.user_id for a in s.exec(select(UserAlias))})


def second_roster(house: House) -> int:
    def work(session: Session) -> int:
        roster = Roster(name="Second", timezone="Asia/Tokyo", handover_at=session.get_one(Roster, 1).handover_at)
        session.add(roster)
        session.flush()
        assert roster.id is not None
        return roster.id

    return house.write(work)


def put_in(house: House, roster_id: int, *wanted: Shift) -> None:
    """Adds shifts to a roster through the write door."""

    def work(session: Session) -> None:
        diff = schedule_service.plan_changes(
            session, roster_id, list(wanted), schedule_service.Covered(frozenset(), ()), ChangeKind.IMPORT
        )
        schedule_service.apply(session, diff, house.author, "tokyo.xlsx", diff.revision, NOW)

    house.write(work)


def state(house: House) -> tuple[object, ...]:
    """Everything a merge touches."""
    shifts = {(d.uid, d.user_id, d.roster_id) for d in house.duties() if d.cancelled_at is None}
    return shifts, people(house), aliases(house)


def test_shifts_go_to_the_person_with_new_uids(house: House) -> None:
    danny = house.person("Danny D")
    house.put(duty(danny, "2026-11-24"), absence(danny, "2026-12-01"), duty(house.alice, "2026-11-25"))
    old = {d.uid: d for d in house.duties()}
    house.clock.move(hours=1)

    change = merge(house, danny, house.dan)

    assert house.live() == [
        duty(house.dan, "2026-11-24"), duty(house.alice, "2026-11-25"), absence(house.dan, "2026-12-01"),
    ]  # fmt: skip
    gone = [d for d in house.duties() if d.user_id == danny]
    assert [(d.uid in old, d.cancelled_at, d.sequence) for d in gone] == [(True, house.clock.now, 1)] * 2
    assert not {d.uid for d in house.duties() if d.user_id == house.dan} & set(old)
    stored = house.read(lambda s: s.get_one(ScheduleChange, change))
    assert (stored.kind, stored.reason, stored.author_name) == (ChangeKind.MERGE, "Danny D → Dan Duty", "Alice Admin")


def test_shift_both_have_is_only_cancelled(house: House) -> None:
    danny = house.person("Danny D")
    house.put(
        duty(danny, "2026-11-24"), duty(danny, "2026-11-26"), duty(danny, "2026-11-26"), duty(house.dan, "2026-11-24")
    )
    shown = plan(house, danny, house.dan)
    assert (shown.moved, shown.twice, shown.parts[0].overlaps) == (1, 2, ())

    merge(house, danny, house.dan)

    assert house.live() == [duty(house.dan, "2026-11-24"), duty(house.dan, "2026-11-26")]


def test_overlaps_that_would_arise_are_shown_and_those_of_before_or_of_the_past_are_not(house: House) -> None:
    danny = house.person("Danny D")
    house.put(
        duty(house.dan, "2026-11-24", days=2), duty(danny, "2026-11-25"),
        duty(house.dan, "2026-12-01", days=2), duty(house.dan, "2026-12-02"),
        duty(house.dan, "2026-11-02", days=2), duty(danny, "2026-11-03"),
    )  # fmt: skip
    (overlap,) = plan(house, danny, house.dan).parts[0].overlaps
    assert {overlap.first.start_at, overlap.second.start_at} == {moscow("2026-11-24", 9), moscow("2026-11-25", 9)}


def test_people_part_moves_names_and_contacts_that_lacked(house: House) -> None:
    danny = house.person("Danny D", username="danny", phone="+79990000000")
    house.write(lambda s: s.add(UserAlias(user_id=danny, name_key="dd")))

    merge(house, danny, house.dan)

    assert people(house)["Danny D"] == (False, "danny", "+79990000000")
    assert people(house)["Dan Duty"] == (True, "dan", "+79001112233")
    assert aliases(house) == {"dd": house.dan, "d danny": house.dan}


def test_contacts_fill_what_is_empty(house: House) -> None:
    source, target = house.person("Danny D", username="danny", phone="+79990000000"), house.person("Daniel D")
    merge(house, source, target)
    assert people(house)["Daniel D"] == (True, "danny", "+79990000000")
    house.undo(house.changes()[-1].id or 0)
    assert people(house)["Daniel D"] == (True, None, None)


def test_two_rosters_are_one_action_undone_and_done_again_together(house: House) -> None:
    tokyo = second_roster(house)
    danny = house.person("Danny D")
    house.put(duty(danny, "2026-11-24"))
    put_in(house, tokyo, duty(danny, "2026-12-24"), duty(house.alice, "2026-12-25"))
    before = state(house)
    first = merge(house, danny, house.dan)
    merged = state(house)
    parts = [c for c in house.changes() if c.kind == ChangeKind.MERGE]
    assert [(c.id, c.roster_id, c.part_of_id) for c in parts] == [(first, 1, None), (first + 1, tokyo, first)]
    assert [c.people_before is not None for c in parts] == [True, False]

    undo = house.undo(first + 1)  # any part takes back the whole

    assert state(house) == before
    undone = [c for c in house.changes() if c.kind == ChangeKind.UNDO]
    assert [(c.undoes_id, c.part_of_id) for c in undone] == [(first, None), (first + 1, undo)]
    for part in (first, first + 1):
        assert refused(lambda part=part: house.undo(part)) == ("error.undo_done", {})  # type: ignore[misc]

    house.undo(undo + 1)
    assert state(house) == merged
    house.undo(first)
    assert state(house) == before


def test_undo_is_refused_when_a_shift_was_changed_later_and_nothing_is_taken_back(house: House) -> None:
    tokyo = second_roster(house)
    danny = house.person("Danny D")
    house.put(duty(danny, "2026-11-24"))
    put_in(house, tokyo, duty(danny, "2026-12-24"))
    first = merge(house, danny, house.dan)
    house.put(duty(house.dan, "2026-11-24", hour=10), reason="later.xlsx")
    stands = state(house)

    for part in (first, first + 1):
        with pytest.raises(UndoConflictError) as caught:
            house.undo(part)
        assert caught.value.args_by_name == {"changes": "Alice Admin: later.xlsx"}
    assert state(house) == stands


def test_undo_is_refused_when_the_person_was_merged_again_and_names_that(house: House) -> None:
    danny, daniel, last = house.person("Danny"), house.person("Daniel"), house.person("Daniel Duty")
    first = merge(house, danny, daniel)  # no shifts: people alone
    second = merge(house, daniel, last)
    assert aliases(house) == {"danny": last, "daniel": last}

    with pytest.raises(UndoConflictError) as caught:
        house.undo(first)
    assert caught.value.args_by_name == {"changes": "Alice Admin: Daniel → Daniel Duty"}

    house.undo(second)
    assert aliases(house) == {"danny": daniel}
    house.undo(first)
    assert aliases(house) == {}
    with pytest.raises(NothingToUndoError) as done:
        house.undo(first)
    assert done.value.key == "error.undo_done"


def test_doing_again_is_refused_when_the_name_has_an_account_by_now(house: House) -> None:
    danny = house.person("Danny D")
    undo = house.undo(merge(house, danny, house.dan))
    house.write(lambda s: accounts.link(s, s.get_one(User, danny), SAM, NOW))
    stands = state(house)

    assert refused(lambda: house.undo(undo)) == ("people.merge_has_account", {"name": "Danny D"})
    assert state(house) == stands


def test_contacts_changed_since_stay_when_the_merge_is_undone(house: House) -> None:
    source, target = house.person("Danny D", phone="+79990000000"), house.person("Daniel D")
    change = merge(house, source, target)
    house.write(lambda s: accounts.set_phone(s, target, "+79991111111"))
    house.undo(change)
    assert people(house)["Daniel D"] == (True, None, "+79991111111")
    assert people(house)["Danny D"] == (True, None, "+79990000000")


def test_account_that_was_merely_let_in_is_tied_to_the_roster_and_untied_by_undo(house: House) -> None:
    admin = house.person("Alice from the file")
    house.put(duty(admin, "2026-11-24"))
    assert plan(house, admin, house.alice).ties_account is True
    change = merge(house, admin, house.alice)
    linked = lambda: house.read(lambda s: s.get_one(User, house.alice).linked_at)  # noqa: E731
    assert linked() == NOW
    house.undo(change)
    assert linked() is None


def test_what_cannot_be_merged_is_refused_by_name(house: House) -> None:
    danny, gone = house.person("Danny D"), house.person("Gone", is_active=False)
    assert refused(lambda: plan(house, house.dan, danny)) == ("people.merge_has_account", {"name": "Dan Duty"})
    assert refused(lambda: plan(house, danny, danny)) == ("people.merge_same", {"name": "Danny D"})
    assert refused(lambda: plan(house, danny, gone)) == ("people.gone", {})
    assert refused(lambda: plan(house, 4711, danny)) == ("people.gone", {})
    merge(house, danny, house.dan)
    assert refused(lambda: merge(house, danny, house.alice)) == ("people.gone", {})


def test_merge_that_would_do_something_else_than_was_shown_is_refused(house: House) -> None:
    danny = house.person("Danny D")
    house.put(duty(danny, "2026-11-24"))
    shown = plan(house, danny, house.dan)
    house.put(duty(danny, "2026-11-24"), duty(danny, "2026-11-25"))
    stands = state(house)
    assert refused(lambda: merge(house, danny, house.dan, shown.fingerprint)) == ("people.merge_moved", {})
    assert state(house) == stands
    merge(house, danny, house.dan, plan(house, danny, house.dan).fingerprint)


def test_next_file_with_the_name_means_the_person(house: House) -> None:
    danny = house.person("Danny D")
    merge(house, danny, house.dan)
    cells = read_roster_file(roster_json(**{"Danny D": "Б"}), "roster.json")

    def work(session: Session) -> list[tuple[int, bool]]:
        roster = session.get_one(Roster, 1)
        file = RosterFile(cells, import_service.rules_of(roster))
        done = import_service.run_import(session, roster, file, Author(None, "terminal"), "file", NOW)
        assert isinstance(done, Imported)
        return [(p.user_id, p.is_new) for p in done.plan.people]

    assert house.write(work) == [(house.dan, False)]


def test_history_shows_each_part_and_that_it_was_undone(house: House) -> None:
    danny = house.person("Danny D")
    house.put(duty(danny, "2026-11-24"))
    change = merge(house, danny, house.dan)
    view = lambda: house.read(lambda s: history.recent_changes(s, [1]))  # noqa: E731
    assert next((c.kind, c.added, c.removed, c.undone) for c in view()) == (ChangeKind.MERGE, 1, 1, False)
    house.undo(change)
    assert view()[1].undone is True


def test_merged_name_is_not_activated_and_is_listed_as_merged(house: House) -> None:
    danny = house.person("Danny D")
    merge(house, danny, house.dan)
    assert refused(lambda: house.write(lambda s: roles.activate(s, house.settings, danny))) == (
        "people.merged_into",
        {"name": "Danny D", "other": "Dan Duty"},
    )
    listed = house.read(lambda s: cards.list_people(s, house.settings, Which.INACTIVE))
    assert [(line.full_name, line.marks) for line in listed] == [("Danny D", ("merged",))]


def test_people_and_schedule_revisions_rise(house: House) -> None:
    danny = house.person("Danny D")
    house.put(duty(danny, "2026-11-24"))
    schedule, known = house.revision(), house.revision("people")
    change = merge(house, danny, house.dan)
    assert (house.revision() > schedule, house.revision("people") > known) == (True, True)
    schedule, known = house.revision(), house.revision("people")
    house.undo(change)
    assert (house.revision() > schedule, house.revision("people") > known) == (True, True)


def test_candidates_are_the_likeliest_first_and_one_of_two_has_no_account(house: House) -> None:
    near, far = house.person("Dan Dooty"), house.person("Zoe Q")
    house.person("Gone", is_active=False)
    names = lambda who: [n for _i, n in house.read(lambda s: merge_service.candidates(s, who))]  # noqa: E731
    assert names(near)[0] == "Dan Duty"
    assert set(names(near)) == {"Dan Duty", "Alice Admin", "Zoe Q"}
    assert names(house.dan) == ["Dan Dooty", "Zoe Q"]
    direction = lambda one, other: house.read(lambda s: merge_service.direction(s, one, other))  # noqa: E731
    assert (direction(near, house.dan), direction(house.dan, near), direction(near, far)) == (
        (near, house.dan), (near, house.dan), (near, far),
    )  # fmt: skip


def test_notes_go_along(house: House) -> None:
    danny = house.person("Danny D")
    house.put(replace(duty(danny, "2026-11-24"), note="keys"))
    merge(house, danny, house.dan)
    assert house.live() == [replace(duty(house.dan, "2026-11-24"), note="keys")]


def test_rows_of_a_retired_roster_go_along(house: House) -> None:
    tokyo = second_roster(house)
    danny = house.person("Danny D")
    put_in(house, tokyo, duty(danny, "2026-12-24"))

    def retire(session: Session) -> None:
        session.get_one(Roster, tokyo).retired_at = NOW + timedelta(hours=1)

    house.write(retire)
    merge(house, danny, house.dan)
    assert house.live() == [duty(house.dan, "2026-12-24")]
