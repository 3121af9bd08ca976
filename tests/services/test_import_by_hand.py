"""A file and the changes made by hand: what it would overwrite is named and asked about once, nothing else is."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from sqlmodel import Session

from duty_teller.db.models import ChangeKind, EventType, Roster, User
from duty_teller.domain.shift import Shift
from duty_teller.importers.duty_schedule import Answers, ParsedRoster, RosterRules, parse_duty_schedule
from duty_teller.services import schedule_service
from duty_teller.services.import_service import ImportPlan, planning
from duty_teller.services.import_service.by_hand import ByHandOpenError, HandAnswer, mark_of
from duty_teller.services.people import merge
from duty_teller.services.schedule_service import DiffItem, absences, edits
from duty_teller.services.schedule_service.edits import Stored
from duty_teller.services.texts.by_hand import done_text, reason_text, why_text
from duty_teller.services.texts.import_preview import preview_lines
from duty_teller.utils.handover import Handover
from tests.house import NOW, House, absence, duty, moscow
from tests.services.test_import_service import fixed_json

RULES = RosterRules(Handover(time(9), "Europe/Moscow"))
KEEP, NEWER = HandAnswer(keep=True), HandAnswer(keep=False)
FILE = {"Dan Duty": "Б; ;Б", "Alice Admin": " ;Б; "}
"""Dan on the 24th and the 26th, Alice on the 25th."""
Work = Callable[[list[Stored]], list[DiffItem]]


def plan(
    house: House,
    rows: dict[str, str] | None = None,
    answer: HandAnswer | None = None,
    start: str = "2026-11-24",
    remove_missing: bool = False,
) -> ImportPlan:
    parsed = parse_duty_schedule(fixed_json(start, rows or FILE), "november.json", RULES)
    assert isinstance(parsed, ParsedRoster)
    made = house.read(
        lambda s: planning.plan_import(
            s, s.get_one(Roster, 1), parsed, RULES, Answers(), remove_missing, {}, hand_answer=answer
        )
    )
    assert isinstance(made, ImportPlan)
    return made


def apply(house: House, made: ImportPlan) -> int | None:
    def work(session: Session) -> int | None:
        reason = reason_text("en", made, "november.json")
        change = planning.apply_plan(session, made, house.author, reason, house.clock.now)
        return None if change is None else change.id

    return house.write(work)


def by_hand(house: House, work: Work, kind: ChangeKind = ChangeKind.COVER) -> int:
    def change(session: Session) -> int:
        pieces = edits.stored_between(session, 1, moscow("2026-11-01"), moscow("2027-03-01"), kinds=tuple(EventType))
        found = edits.plan_edit(session, session.get_one(Roster, 1), work(pieces), kind).diff
        return schedule_service.apply(session, found, house.author, "ill", found.revision, house.clock.now).id or 0

    return house.write(change)


def away(house: House, first: str, days: int, kind: EventType = EventType.VACATION) -> int:
    def change(session: Session) -> int:
        day = moscow(first).date() if moscow(first).hour == 0 else (moscow(first) + timedelta(hours=3)).date()
        roster = session.get_one(Roster, 1)
        found = absences.plan_absence(session, roster, house.dan, kind, day, day + timedelta(days=days - 1)).diff
        return schedule_service.apply(session, found, house.author, "", found.revision, house.clock.now).id or 0

    return house.write(change)


def give(day: str, to: int, hours: tuple[int, int] = (9, 33)) -> Work:
    start, end = (moscow(day) + timedelta(hours=hour) for hour in hours)
    return lambda pieces: edits.give([p for p in pieces if p.shift.event_type == EventType.DUTY], start, end, to)


def state(house: House) -> dict[str, Shift]:
    return {row.uid: Shift.of(row) for row in house.duties() if row.cancelled_at is None}


def told(made: ImportPlan) -> list[tuple[str, str]]:
    return [(done_text("en", made, one), why_text("en", made, one)) for one in made.by_hand]


@pytest.fixture
def imported(house: House) -> House:
    """Alice is of the roster, too."""
    house.write(lambda s: setattr(s.get_one(User, house.alice), "linked_at", NOW))
    apply(house, plan(house))
    return house


def test_cover_that_the_file_does_not_know_is_named_and_nothing_applied_before_an_answer(imported: House) -> None:
    by_hand(imported, give("2026-11-24", imported.alice))
    before = state(imported)

    made = plan(imported)

    assert told(made) == [
        (
            "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Dan Duty → Alice Admin",
            "Cover: Alice Admin, Mon 23 Nov, 15:00; in the file: Dan Duty",
        )
    ]
    assert made.is_open
    with pytest.raises(ByHandOpenError):
        apply(imported, made)
    assert state(imported) == before


def test_kept_cover_stays_and_is_asked_about_by_the_next_file(imported: House) -> None:
    by_hand(imported, give("2026-11-24", imported.alice))
    before = state(imported)
    other = FILE | {"Dan Duty": "Б; ;Б;Б"}

    kept = plan(imported, other, KEEP)

    assert [s.start_at for s in kept.diff.added] == [moscow("2026-11-27", 9)]
    assert "✋ Keeping 1 change made by hand:" in preview_lines("en", kept, NOW.date())
    change = apply(imported, kept)
    assert before.items() <= state(imported).items()
    assert imported.changes()[-1].reason == "november.json · 1 change by hand kept"
    assert (plan(imported, other).is_open, plan(imported, other, KEEP).diff.empty) == (True, True)
    imported.undo(change or 0)
    assert state(imported) == before


def test_newer_file_takes_the_cover_back_by_the_same_rows_and_asks_no_more(imported: House) -> None:
    first = state(imported)
    by_hand(imported, give("2026-11-24", imported.alice))
    covered = state(imported)

    change = apply(imported, plan(imported, answer=NEWER))

    assert state(imported) == first, "a calendar sees the very event come back"
    assert imported.changes()[-1].reason == "november.json · 1 change by hand replaced"
    assert not plan(imported).by_hand
    # Not even when a file takes the shift away and another one brings it back.
    apply(imported, plan(imported, FILE | {"Dan Duty": " ; ;Б"}))
    assert not plan(imported).by_hand
    imported.undo(imported.changes()[-1].id or 0)
    imported.undo(change or 0)
    assert state(imported) == covered
    assert plan(imported).is_open, "the import that overwrote it was taken back"


def test_undone_cover_asks_nothing_and_one_that_was_redone_does(imported: House) -> None:
    change = by_hand(imported, give("2026-11-24", imported.alice))
    undo = imported.undo(change)
    assert not plan(imported).by_hand
    imported.undo(undo)
    assert plan(imported).is_open


@pytest.mark.parametrize(
    "rows",
    [
        {"Dan Duty": " ; ;Б", "Alice Admin": "Б;Б; "},
        {"Dan Duty": " ; ; ;Б", "Alice Admin": "Б;Б;Б"},  # the rest is the file's to change
    ],
)
def test_file_that_agrees_asks_nothing(imported: House, rows: dict[str, str]) -> None:
    by_hand(imported, give("2026-11-24", imported.alice))
    made = plan(imported, rows)
    assert (made.by_hand, made.is_open) == ((), False)
    apply(imported, made)
    assert duty(imported.alice, "2026-11-24") in imported.live()


def test_file_of_other_days_asks_nothing_and_one_of_a_part_about_that_part(imported: House) -> None:
    by_hand(imported, give("2026-11-24", imported.alice))
    by_hand(imported, give("2026-11-26", imported.alice), ChangeKind.TAKEOVER)

    assert not plan(imported, {"Dan Duty": "Б;Б", "Alice Admin": " ; "}, start="2026-12-01").by_hand
    half = plan(imported, {"Dan Duty": " ;Б", "Alice Admin": "Б; "}, start="2026-11-25")
    assert [done for done, _why in told(half)] == ["Thu 26 Nov, 09:00 – Fri 27 Nov, 09:00: Dan Duty → Alice Admin"]


def test_swap_is_named_by_its_sides_and_each_only_where_the_file_says_otherwise(imported: House) -> None:
    def swap(pieces: list[Stored]) -> list[DiffItem]:
        return [
            item
            for one, other in ((pieces[0], pieces[1]), (pieces[1], pieces[0]))
            for item in edits.give([one], one.shift.start_at, one.shift.end_at, other.shift.user_id)
        ]

    by_hand(imported, swap, ChangeKind.SWAP)
    swapped = state(imported)
    made = plan(imported)
    assert told(made) == [
        (
            "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Dan Duty → Alice Admin",
            "Swap: Alice Admin, Mon 23 Nov, 15:00; in the file: Dan Duty",
        ),
        (
            "Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00: Alice Admin → Dan Duty",
            "Swap: Alice Admin, Mon 23 Nov, 15:00; in the file: Alice Admin",
        ),
    ]
    assert apply(imported, plan(imported, answer=KEEP)) is None
    assert state(imported) == swapped


def test_cover_of_a_cover_is_one_question_and_names_both(imported: House) -> None:
    erin = imported.person("Erin")
    by_hand(imported, give("2026-11-24", imported.alice))
    by_hand(imported, give("2026-11-24", erin), ChangeKind.EDIT)
    assert told(plan(imported)) == [
        (
            "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Dan Duty → Erin",
            "Cover: Alice Admin, Mon 23 Nov, 15:00; Edit: Alice Admin, Mon 23 Nov, 15:00; in the file: Dan Duty",
        )
    ]


def test_part_of_a_shift_and_somebody_else_in_the_file(imported: House) -> None:
    erin = imported.person("Erin")
    by_hand(imported, give("2026-11-24", imported.alice, (21, 25)))
    parts = state(imported)
    rows = {"Dan Duty": " ; ;Б", "Alice Admin": " ;Б; ", "Erin": "Б; ; "}

    made = plan(imported, rows)

    assert told(made) == [
        (
            "Tue 24 Nov, 21:00 – Wed 25 Nov, 01:00: Dan Duty → Alice Admin",
            "Cover: Alice Admin, Mon 23 Nov, 15:00; in the file: Erin",
        )
    ]
    assert apply(imported, plan(imported, rows, KEEP)) is None
    assert state(imported) == parts, "whom the file has in their place is not added beside them"
    apply(imported, plan(imported, rows, NEWER))
    assert [s for s in imported.live() if s.start_at < moscow("2026-11-25", 9)] == [duty(erin, "2026-11-24")]


@pytest.mark.parametrize(
    ("work", "rows", "expected"),
    [
        (
            lambda h: lambda p: edits.remove(p, moscow("2026-11-24", 9), moscow("2026-11-25", 9)),
            FILE,
            ("− Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Dan Duty", "in the file: Dan Duty"),
        ),
        (
            lambda h: lambda p: edits.move([p[0]], moscow("2026-11-24", 12), moscow("2026-11-25", 9)),
            FILE,
            (
                "Dan Duty: Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00 → Tue 24 Nov, 12:00 – Wed 25 Nov, 09:00",
                "in the file: Dan Duty",
            ),
        ),
        (
            lambda h: lambda p: edits.add(h.alice, moscow("2026-11-27", 9), moscow("2026-11-28", 9)),
            FILE | {"Dan Duty": "Б; ;Б; "},
            ("+ Fri 27 Nov, 09:00 – Sat 28 Nov, 09:00: Alice Admin", "in the file: nobody"),
        ),
        (
            lambda h: lambda p: edits.add(h.alice, moscow("2026-11-27", 9), moscow("2026-11-28", 9)),
            FILE | {"Dan Duty": "Б; ;Б;Б"},
            ("+ Fri 27 Nov, 09:00 – Sat 28 Nov, 09:00: Alice Admin", "in the file: Dan Duty"),
        ),
        (
            lambda h: lambda p: edits.add(h.alice, moscow("2026-11-24", 9), moscow("2026-11-25", 9)),
            FILE,
            ("+ Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Alice Admin", "in the file: Dan Duty"),
        ),
    ],
    ids=["removed", "moved", "added", "added, the file has another", "added beside another"],
)
def test_edit_is_named_and_kept_or_overwritten(
    imported: House, work: Callable[[House], Work], rows: dict[str, str], expected: tuple[str, str]
) -> None:
    by_hand(imported, work(imported), ChangeKind.EDIT)
    edited = state(imported)
    made = plan(imported, rows)

    assert told(made) == [(expected[0], f"Edit: Alice Admin, Mon 23 Nov, 15:00; {expected[1]}")]
    assert apply(imported, plan(imported, rows, KEEP)) is None
    assert state(imported) == edited
    change = apply(imported, plan(imported, rows, NEWER))
    assert plan(imported, rows).diff.empty
    imported.undo(change or 0)
    assert state(imported) == edited


def test_split_shift_and_a_change_that_was_changed_back_ask_nothing(imported: House) -> None:
    by_hand(imported, lambda p: edits.split(p[0], moscow("2026-11-24", 20)), ChangeKind.EDIT)
    by_hand(imported, give("2026-11-26", imported.alice))
    by_hand(imported, give("2026-11-26", imported.dan))
    assert not plan(imported).by_hand


@pytest.mark.parametrize(
    ("cells", "says", "kept"),
    [
        ("Б; ;Б; ", "not in the file", [EventType.VACATION]),
        ("Б; ;Б;Н", "in the file: Dan Duty (Unavailable, Fri 27 Nov)", [EventType.VACATION]),
    ],
)
def test_absence_that_is_not_in_the_file_is_asked_about(
    imported: House, cells: str, says: str, kept: list[EventType]
) -> None:
    away(imported, "2026-11-27", 3)
    rows = FILE | {"Dan Duty": cells + "; ; "}
    made = plan(imported, rows)
    assert told(made) == [
        ("+ Fri 27 Nov – Sun 29 Nov: Dan Duty (Vacation)", f"Absence: Alice Admin, Mon 23 Nov, 15:00; {says}")
    ]
    apply(imported, plan(imported, rows, KEEP))
    assert [s.event_type for s in imported.live() if s.event_type.is_absence] == kept
    apply(imported, plan(imported, rows, NEWER))
    assert absence(imported.dan, "2026-11-27", 3) not in imported.live()


def test_absence_that_the_file_has_or_ends_with_its_days_is_not_asked_about(imported: House) -> None:
    away(imported, "2026-11-27", 10)
    assert not plan(imported, FILE | {"Dan Duty": "Б; ;Б;О;О;О;О"}).by_hand
    assert not plan(imported, {"Dan Duty": " ; "}, start="2026-12-01").by_hand, "it began before the file's days"


def test_duty_on_a_day_away_keeps_both_and_is_told(imported: House) -> None:
    away(imported, "2026-11-27", 2)
    made = plan(imported, FILE | {"Dan Duty": "Б; ;Б;Б"}, KEEP)
    assert [s.event_type for s in made.diff.added] == [EventType.DUTY]
    assert len(made.overlaps) == 1, "a vacation entered early is no reason to leave the day out: it is said"


def test_cover_by_somebody_who_is_not_in_the_file_is_taken_back_with_it(imported: House) -> None:
    erin = imported.person("Erin")
    by_hand(imported, give("2026-11-24", erin))
    made = plan(imported)
    assert [why.rpartition("; ")[2] for _done, why in told(made)] == ["in the file: Dan Duty"]
    for remove_missing in (False, True):
        newer = plan(imported, answer=NEWER, remove_missing=remove_missing)
        assert [s.user_id for s in newer.diff.removed] == [erin], "nobody is left on duty beside whom the file has"
        kept = plan(imported, answer=KEEP, remove_missing=remove_missing)
        assert kept.diff.empty
        assert [m.full_name for m in kept.missing] == ([] if remove_missing else ["Erin"])


def test_cover_of_a_name_that_was_merged_is_asked_about_under_the_person(imported: House) -> None:
    name = imported.person("D. Duty")
    apply(imported, plan(imported, FILE | {"D. Duty": " ; ; ;Б"}))
    by_hand(imported, give("2026-11-27", imported.alice))
    by_hand(imported, give("2026-11-26", name))
    imported.write(lambda s: merge.merge(s, name, imported.dan, imported.author, None, NOW) and None)

    made = plan(imported, {"D. Duty": " ; ; ;Б", "Alice Admin": " ;Б; ; "})

    assert [done for done, _why in told(made)] == [
        "Fri 27 Nov, 09:00 – Sat 28 Nov, 09:00: Dan Duty → Alice Admin",
    ]


def test_answer_counts_for_what_was_named_only(imported: House) -> None:
    by_hand(imported, give("2026-11-24", imported.alice))
    answer = HandAnswer(keep=False, mark=mark_of(plan(imported).by_hand))
    assert plan(imported, answer=answer).keeps_by_hand is False
    by_hand(imported, give("2026-11-26", imported.alice))
    assert plan(imported, answer=answer).is_open


def test_note_written_by_hand_is_asked_about_where_the_file_has_another(house: House) -> None:
    """A file without notes leaves it; one that says the same asks nothing."""
    apply(house, plan(house))
    by_hand(house, lambda pieces: edits.annotate(pieces[:1], "Front desk"), ChangeKind.EDIT)
    assert plan(house).diff.empty

    def of_list(note: str, answer: HandAnswer | None = None) -> ImportPlan:
        rows = [("24.11.2026", "Dan Duty", note), ("25.11.2026", "Alice Admin", ""), ("26.11.2026", "Dan Duty", "-")]
        text = "\n".join(";".join(row) for row in (("Date", "Name", "Comments"), *rows))
        parsed = parse_duty_schedule(text.encode(), "november.csv", RULES)
        assert isinstance(parsed, ParsedRoster)
        made = house.read(
            lambda s: planning.plan_import(
                s, s.get_one(Roster, 1), parsed, RULES, Answers(), False, {}, hand_answer=answer
            )
        )
        assert isinstance(made, ImportPlan)
        return made

    assert of_list("Front desk").diff.empty
    asked = of_list("Back door\x0b\u2028")
    (one,) = asked.by_hand
    assert asked.is_open
    assert done_text("en", asked, one) == "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Dan Duty, note “Front desk”"
    assert why_text("en", asked, one).endswith("in the file: note “Back door”")
    assert "📝 Of those, 1 changes only its note" in preview_lines("en", asked, NOW.date())
    assert of_list("Back door", KEEP).diff.empty
    apply(house, of_list("Back door", NEWER))
    assert [shift.note for shift in house.live()] == ["Back door", None, None]
    apply(house, of_list(""))  # what a file has brought a file takes off
    assert [shift.note for shift in house.live()] == [None, None, None]
