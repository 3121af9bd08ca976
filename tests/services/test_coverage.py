"""Where coverage asks for somebody and no shift gives one, held against the definition looked up duty by duty."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from duty_teller.domain.coverage import Coverage, Interval, gaps_of
from duty_teller.domain.shift import EventType, Shift
from duty_teller.utils.handover import Handover, handover_span
from duty_teller.utils.zones import zone

ZONE = "Europe/Berlin"
FIRST = date(2026, 3, 20)
ASKED_HOURS = {*range(9, 18), 22, 23}
DAYS = 20


@dataclass(frozen=True)
class Rules:
    """What a roster asks for."""

    coverage: Coverage
    timezone: str = ZONE
    handover_at: time = time(9)
    coverage_hours: str | None = json.dumps({str(day): ["09:00-18:00", "22:00-02:00"] for day in range(7)})


def some_duties(random: Random) -> list[Interval]:
    begin = datetime(2026, 3, 19, tzinfo=UTC)
    found = []
    for _ in range(random.randint(0, 30)):
        start = begin + timedelta(hours=random.randint(0, (DAYS + 2) * 24))
        found.append((start, start + timedelta(hours=random.choice((1, 8, 12, 24, 24, 36, 168, 500)))))
    return found


def days_by_definition(duties: list[Interval]) -> list[Interval]:
    """A hand-over day is covered by a duty whose middle lies in it, or which fills more than half of it."""
    found: list[Interval] = []
    for number in range(DAYS):
        start, end = handover_span(FIRST + timedelta(days=number), Handover(time(9), ZONE))
        covered = any(
            start <= a + (b - a) / 2 < end or min(b, end) - max(a, start) > (end - start) / 2 for a, b in duties
        )
        if not covered and found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        elif not covered:
            found.append((start, end))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_gaps_of_any_duties_are_those_of_the_definition(seed: int) -> None:
    duties = some_duties(Random(seed))
    shifts = [Shift(1, None, start, end, EventType.DUTY) for start, end in duties]
    start = handover_span(FIRST, Handover(time(9), ZONE))[0]
    end = handover_span(FIRST + timedelta(days=DAYS), Handover(time(9), ZONE))[0]
    assert gaps_of(Rules(Coverage.DAILY), shifts, start, end) == days_by_definition(duties)
    hour = timedelta(hours=1)
    hours = [start + number * hour for number in range(int((end - start) / hour))]
    free = {moment for moment in hours if not any(a <= moment < b for a, b in duties)}
    asked = {moment for moment in hours if (clock := moment.astimezone(zone(ZONE)).hour) < 2 or clock in ASKED_HOURS}
    for coverage, wanted in ((Coverage.ALWAYS, free), (Coverage.WEEKLY, free & asked)):
        gaps = gaps_of(Rules(coverage), shifts, start, end)
        assert {moment for moment in hours if any(a <= moment < b for a, b in gaps)} == wanted
