"""From a file to a change of the schedule: whose shifts, what differs, what is reported."""

import json
from collections.abc import Mapping
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from duty_teller.db.models import EventType, Role, Roster, User
from duty_teller.importers.duty_schedule import (
    Answers,
    FileShift,
    Meaning,
    ParsedRoster,
    RosterRules,
    parse_duty_schedule,
    read_roster_file,
)
from duty_teller.services.import_service import Imported, ImportPlan, RosterFile, planning, run_import
from duty_teller.services.schedule_service import ScheduleMovedError, Shift
from duty_teller.services.texts.import_preview import detail_lines, preview_lines, screen_lines
from duty_teller.utils.handover import Handover
from tests.house import NOW, House, absence, duty, moscow

RULES = RosterRules(Handover(time(9), "Europe/Moscow"))


def fixed_json(start: str, rows: Mapping[str, str]) -> bytes:
    schedule = [{"name": name, "duty": cells} for name, cells in rows.items()]
    return json.dumps({"meta": {"start_date": start}, "schedule": schedule}, ensure_ascii=False).encode()


def parsed(start: str, rows: Mapping[str, str]) -> ParsedRoster:
    found = parse_duty_schedule(fixed_json(start, rows), "november.json", RULES)
    assert isinstance(found, ParsedRoster)
    return found


def plan(
    house: House, roster: ParsedRoster, rules: RosterRules = RULES, answers: Answers | None = None, **more: Any
) -> ImportPlan:
    return house.read(
        lambda s: planning.plan_import(s, s.get_one(Roster, 1), roster, rules, answers or Answers(), **more)
    )


def apply(house: House, made: ImportPlan) -> int | None:
    def work(session: Session) -> int | None:
        change = planning.apply_plan(session, made, house.author, "november.json", NOW)
        return None if change is None else change.id

    return house.write(work)


def users(house: House) -> list[User]:
    return list(house.read(lambda session: session.exec(select(User).order_by(User.id)).all()))  # type: ignore[arg-type]


def test_new_people_are_made_with_their_shifts(house: House) -> None:
    made = plan(house, parsed("2026-11-24", {"Иванов Иван (@ivan_i)": "б;;О", "Dan Duty": ";в;"}))
    assert [(p.full_name, p.username, p.is_new, p.has_account) for p in made.people] == [
        ("Иванов Иван", "ivan_i", True, False),
        ("Dan Duty", None, False, True),
    ]
    people = len(users(house))

    assert apply(house, made) == 1

    ivan = users(house)[-1]
    assert (len(users(house)), ivan.full_name, ivan.username) == (people + 1, "Иванов Иван", "ivan_i")
    assert (ivan.telegram_user_id, ivan.role, ivan.linked_at) == (None, Role.USER, None)
    assert house.live() == [
        duty(ivan.id or 0, "2026-11-24"),
        duty(house.dan, "2026-11-25"),
        absence(ivan.id or 0, "2026-11-26"),
    ]


def test_same_file_twice_changes_nothing(house: House) -> None:
    roster = parsed("2026-11-24", {"Ivan Ivanov": "б;;О", "Dan Duty": ";в;"})
    apply(house, plan(house, roster))
    before = (house.duties(), house.revision(), len(users(house)))

    again = plan(house, roster)

    assert (again.diff.empty, again.diff.unchanged) == (True, 3)
    assert apply(house, again) is None
    assert (house.duties(), house.revision(), len(users(house))) == before


@pytest.mark.parametrize("remove", [False, True], ids=["kept", "removed"])
def test_people_missing_from_the_file(house: House, remove: bool) -> None:
    ivan = house.person("Иванов Иван")
    house.put(duty(ivan, "2026-11-25"), duty(ivan, "2026-12-25"))
    made = plan(house, parsed("2026-11-24", {"Dan Duty": "б;;б"}), remove_missing=remove)
    assert [(m.full_name, m.shifts) for m in made.missing] == [("Иванов Иван", 1)]
    assert (made.removes_missing, len(made.diff.removed)) == (remove, int(remove))
    apply(house, made)
    kept = [shift for shift in house.live() if shift.user_id == ivan]
    assert kept == ([duty(ivan, "2026-12-25")] if remove else [duty(ivan, "2026-11-25"), duty(ivan, "2026-12-25")])


def test_duty_of_the_evening_before_does_not_make_its_person_missing(house: House) -> None:
    """It ends at 09:00 of the first day, but the file says nothing about it and cannot remove it."""
    ivan = house.person("Иванов Иван")
    house.put(duty(ivan, "2026-11-23"))
    made = plan(house, parsed("2026-11-24", {"Dan Duty": "б"}), remove_missing=True)
    assert (made.missing, made.diff.removed) == ((), [])


def test_january_and_march_leave_february_alone(house: House) -> None:
    february = duty(house.dan, "2027-02-14")
    house.put(duty(house.dan, "2027-01-10"), february, duty(house.dan, "2027-03-10"))
    runs = ((date(2027, 1, 1), date(2027, 1, 31)), (date(2027, 3, 1), date(2027, 3, 31)))
    new = duty(house.dan, "2027-03-11")
    roster = ParsedRoster(
        "xlsx",
        "Europe/Moscow",
        ("Dan Duty",),
        runs[0][0],
        runs[1][1],
        (FileShift("Dan Duty", new.start_at, new.end_at, "duty"),),
        runs,
    )
    made = plan(house, roster)
    apply(house, made)
    assert house.live() == [february, new]
    assert all(not moscow("2027-02-02") < end < moscow("2027-02-28") for _start, end in made.gaps)


def test_answers_are_remembered_with_the_roster_and_undone_with_the_change(house: House) -> None:
    roster = parsed("2026-11-24", {"Dan Duty": "б"})
    answers = Answers({"Д": Meaning.parse("day"), "Z": Meaning.parse("08:00-16:30")})
    change = apply(house, plan(house, roster, answers=answers))
    assert planning.remembered_codes(house.roster()) == dict(answers.codes)
    assert plan(house, roster, answers=answers).diff.empty is True
    house.undo(change or 0)
    assert planning.remembered_codes(house.roster()) == {}


def test_other_handover_becomes_the_rosters(house: House) -> None:
    rules = RosterRules(Handover(time(8, 30), "Asia/Yekaterinburg"))
    found = parse_duty_schedule(fixed_json("2026-11-24", {"Dan Duty": "б"}), "", rules)
    assert isinstance(found, ParsedRoster)
    apply(house, plan(house, found, rules))
    roster = house.roster()
    assert (roster.timezone, roster.handover_at) == ("Asia/Yekaterinburg", time(8, 30))
    assert planning.rules_of(roster) == rules


def test_gaps_of_the_result_are_reported_for_the_covered_days(house: House) -> None:
    made = plan(house, parsed("2026-11-24", {"Dan Duty": "б;;;б"}))
    assert made.gaps == ((moscow("2026-11-25", 9), moscow("2026-11-27", 9)),)


def test_shifts_of_people_who_stay_close_gaps(house: House) -> None:
    ivan = house.person("Иванов Иван")
    house.put(duty(ivan, "2026-11-25", days=2))
    assert plan(house, parsed("2026-11-24", {"Dan Duty": "б;;;б"})).gaps == ()


def test_overlaps_of_the_result_are_reported(house: House) -> None:
    house.put(Shift(house.dan, None, moscow("2026-11-23", 9), moscow("2026-11-24", 12), EventType.DUTY))
    made = plan(house, parsed("2026-11-24", {"Dan Duty": "б"}))
    assert [overlap.second for overlap in made.overlaps] == [duty(house.dan, "2026-11-24")]


def test_username_that_comes_later_with_the_same_shifts_is_kept(house: House) -> None:
    apply(house, plan(house, parsed("2026-11-24", {"Ivan Ivanov": "б"})))
    people = house.revision("people")
    assert apply(house, plan(house, parsed("2026-11-24", {"Ivan Ivanov @ivan_i": "б"}))) is None
    assert users(house)[-1].username == "ivan_i"
    assert house.revision("people") == people + 1


def test_username_of_the_file_does_not_touch_somebody_with_an_account(house: House) -> None:
    apply(house, plan(house, parsed("2026-11-24", {"Dan Duty @mallory": "б"})))
    assert next(user for user in users(house) if user.id == house.dan).username == "dan"


def test_schedule_that_moved_since_the_plan_is_refused_and_nothing_is_half_written(house: House) -> None:
    made = plan(house, parsed("2026-11-24", {"Ivan Ivanov": "б", "Dan Duty": ";б"}))
    house.put(duty(house.alice, "2026-12-01"))
    before = (house.duties(), users(house), house.revision("people"))
    with pytest.raises(ScheduleMovedError):
        apply(house, made)
    assert (house.duties(), users(house), house.revision("people")) == before


def test_run_import_plans_and_applies_in_one(house: House) -> None:
    cells = read_roster_file(fixed_json("2026-11-24", {"Dan Duty": "б"}))

    def work(session: Session) -> int | None:
        roster, file = session.get_one(Roster, 1), RosterFile(cells, RULES)
        done = run_import(session, roster, file, house.author, "file", NOW)
        assert isinstance(done, Imported)
        return None if done.change is None else done.change.id

    assert house.write(work) == 1
    assert house.live() == [duty(house.dan, "2026-11-24")]


def test_what_is_no_person_is_remembered_for_other_files_of_the_roster(house: House) -> None:
    def imported(month: str, answers: Answers) -> Imported | tuple[Any, ...]:
        rows = [f"0{day}.{month}.2026;{name}" for day, name in enumerate(("Dan Duty", "Reception", "Dan Duty"), 1)]
        file = RosterFile(read_roster_file("\n".join(["Date;Who", *rows]).encode()), RULES, answers)
        return house.write(lambda s: run_import(s, s.get_one(Roster, 1), file, house.author, "f", NOW))

    asked = imported("11", Answers())
    assert not isinstance(asked, Imported) and [question.subject for question in asked] == ["Reception"]
    assert isinstance(imported("11", Answers().answered("name", "Reception", "nobody")), Imported)
    assert isinstance(imported("12", Answers()), Imported)
    assert len(house.live()) == 4


def test_counts_by_person_name_everybody_who_is_touched(house: House) -> None:
    house.put(duty(house.dan, "2026-11-24"), duty(house.dan, "2026-11-26"))
    made = plan(house, parsed("2026-11-24", {"Dan Duty": "б;б;", "Иванов Иван": ";;б"}))
    assert made.counts_by_person() == [("Dan Duty", 1, 1, 0), ("Иванов Иван", 1, 0, 0)]


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_preview_says_dates_difference_trouble_and_people(house: House, lang: str) -> None:
    ivan = house.person("Иванов Иван")
    house.put(duty(ivan, "2026-11-25"))
    made = plan(house, parsed("2026-11-24", {"Dan Duty": "б;;;б", "Пётр <b>": ";;;;О"}))
    text = "\n".join(preview_lines(lang, made, NOW.date()))
    expected = {
        "ru": ["вт 24 нояб.", "сб 28 нояб.", "Dan Duty: +2", "Иванов Иван (1)", "Пётр <b>"],
        "en": ["Tue 24 Nov", "Sat 28 Nov", "Dan Duty: +2", "Иванов Иван (1)", "Пётр <b>"],
    }
    assert [part for part in expected[lang] if part not in text] == []
    assert "import.chat" not in text
    assert "{" not in text


def test_preview_asks_for_the_zone_before_anything_was_read_by_utc(house: House) -> None:
    house.write(lambda s: s.execute(sa.update(Roster).values(timezone="UTC")))
    utc = RosterRules(Handover(time(9), "UTC"))

    def preview(in_chat: bool = True) -> str:
        found = parse_duty_schedule(fixed_json("2026-11-24", {"Dan Duty": "б"}), "november.json", utc)
        assert isinstance(found, ParsedRoster)

        def planned(session: Session) -> ImportPlan:
            made = planning.plan_import(session, session.get_one(Roster, 1), found, utc, Answers())
            assert isinstance(made, ImportPlan)
            return made

        return "\n".join(screen_lines("en", house.read(planned), NOW.date(), in_chat))

    assert "then /import_duty_schedule and, say, 09:00 London" in preview()
    assert "❗ I read the hours as UTC. In a different time zone? Cancel and give it below the file" in preview(False)
    house.put(duty(house.dan, "2026-11-25"))
    assert "I read the hours as UTC" not in preview()


def test_preview_says_that_a_new_name_is_that_of_somebody_deactivated(house: House) -> None:
    gone = house.person("Иванов Иван")
    house.write(lambda s: s.execute(sa.update(User).where(col(User.id) == gone).values(is_active=False)))
    made = plan(house, parsed("2026-11-24", {"Dan Duty": "б", "ИВАНОВ Иван": ";б"}))
    text = "\n".join(preview_lines("en", made, NOW.date()))
    assert "• ИВАНОВ Иван (somebody with this name is deactivated; to bring them back: /users)" in text
    page = "\n".join(detail_lines("en", made, NOW.date(), in_chat=False))
    assert "• ИВАНОВ Иван (somebody with this name is deactivated; bring them back under Team)" in page
    assert [person.is_new for person in made.people] == [False, True]


def test_file_name_is_the_reason_of_the_change(house: House) -> None:
    apply(house, plan(house, parsed("2026-11-24", {"Dan Duty": "б"})))
    assert [change.reason for change in house.changes()] == ["november.json"]
