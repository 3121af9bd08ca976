"""The sample files of the demo are read without a question, and what each says changes the pin."""

from datetime import date, datetime, time, timedelta

import pytest

from duty_teller.demo.sample import TEAMS
from duty_teller.demo.sample_files import FILES, sample_file
from duty_teller.importers.duty_schedule import ParsedRoster, RosterRules, parse_duty_schedule
from duty_teller.utils.handover import Handover, instant

ZONE = "Europe/London"
RULES = RosterRules(Handover(time(9), ZONE))


def members_shifts(key: str, lang: str, today: date) -> list[tuple[datetime, datetime]]:
    """When the duty member is on duty by a file, of which yesterday is a day; all others of the team are in it."""
    sample = TEAMS[lang]
    found = parse_duty_schedule(sample_file(key, sample, today), FILES[key].name(lang), RULES)
    assert isinstance(found, ParsedRoster), found
    people = [sample.full_name(sample.member), sample.full_name(sample.admin), *sample.others]
    assert {shift.name for shift in found.shifts} == set(people)
    # Before the hand-over whoever was on duty yesterday still is: a file that began today would leave them there.
    assert min(shift.start for shift in found.shifts) < instant(today, time(0), ZONE)
    return [(shift.start, shift.end) for shift in found.shifts if shift.name == people[0]]


@pytest.mark.parametrize("lang", TEAMS)
@pytest.mark.parametrize("key", FILES)
@pytest.mark.parametrize("today", ["2026-11-01", "2026-11-30", "2027-02-28"])
def test_sample_file_is_read_without_a_question_and_takes_the_member_off_duty(key: str, lang: str, today: str) -> None:
    """Whoever is on duty when the demo begins, at any hour of that day, is not by the file, and soon is again."""
    day = date.fromisoformat(today)
    shifts = members_shifts(key, lang, day)

    begin, end = instant(day, time(0), ZONE), instant(day + timedelta(days=1), time(0), ZONE)
    assert [shift for shift in shifts if shift[0] < end and shift[1] > begin] == []
    assert any(end <= start < end + timedelta(days=28) for start, _ in shifts)
