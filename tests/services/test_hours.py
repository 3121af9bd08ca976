"""Hours: a month reckoned by hand, what covers do to them, closed months, rates, and files a bookkeeper can follow."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duty_teller.db.models import ChangeKind, Roster
from duty_teller.domain.figures import Figures
from duty_teller.domain.rates import Rates, Rule, RuleKind
from duty_teller.domain.shift import EventType, Shift
from duty_teller.domain.working_time import Cutter, Rules
from duty_teller.exporters.hours_files import clock, write_csv, write_json, write_xlsx
from duty_teller.i18n import LocalizedError
from duty_teller.services import export, schedule_service
from duty_teller.services.hours import pay
from duty_teller.services.hours.balance import balance
from duty_teller.services.hours.rate_lines import parse_rates, rates_text
from duty_teller.services.hours.report import close_month, sheet
from duty_teller.services.rosters import rosters
from duty_teller.services.schedule_service import Covered, edits
from duty_teller.utils.handover import instant
from tests.house import EVERYTHING, NOW, House

BERLIN = "Europe/Berlin"
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = datetime(2026, 11, 2, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    """`10-24 22:00` of 2026 on Berlin's clock."""
    return instant(date.fromisoformat(f"2026-{text[:5]}"), time.fromisoformat(text[6:]), BERLIN)


def shift(user_id: int, start: str, end: str, kind: EventType = EventType.DUTY, position: str | None = None) -> Shift:
    return Shift(user_id, position, at(start), at(end), kind)


def put(house: House, roster_id: int, *wanted: Shift) -> None:
    def work(session) -> None:
        people = frozenset(one.user_id for one in wanted)
        diff = schedule_service.plan_changes(
            session, roster_id, list(wanted), Covered(people, (EVERYTHING,)), ChangeKind.IMPORT, None
        )
        schedule_service.apply(session, diff, house.author, "october.xlsx", diff.revision, house.clock.now)

    house.write(work)


def hand_on(house: House, kind: ChangeKind, *given_away: tuple[int, str, str, int]) -> int:
    """Gives [start, end) of somebody's shifts to somebody else, all in one change."""

    def work(session) -> int:
        items = []
        for owner, start, end, taker in given_away:
            pieces = edits.stored_between(session, 1, at(start), at(end), owner)
            items += edits.give(pieces, at(start), at(end), taker)
        diff = edits.plan_edit(session, session.get_one(Roster, 1), items, kind).diff
        return schedule_service.apply(session, diff, house.author, "", diff.revision, house.clock.now).id or 0

    return house.write(work)


@pytest.fixture
def october(house: House) -> dict[str, int]:
    """A month of three people in two rosters: a holiday at midnight, nights, a swap, two hours covered, a sick day."""
    house.roster(timezone=BERLIN, handover_at=time(9), holidays="DE")
    people = {"dan": house.dan, "erin": house.person("Erin Early"), "fay": house.person("Fay Free")}
    dan, erin, fay = people.values()
    second = house.write(lambda s: rosters.add(s, "Second", NOW, "Main").id or 0)
    house.write(lambda s: setattr(s.get_one(Roster, second), "hours_once", True))
    put(
        house,
        1,
        shift(dan, "10-02 20:00", "10-03 04:00"),
        shift(dan, "10-05 09:00", "10-06 09:00"),
        shift(dan, "10-12 08:00", "10-12 16:00"),
        shift(erin, "10-13 08:00", "10-13 16:00"),
        shift(dan, "10-20 08:00", "10-20 16:00"),
        shift(erin, "10-22 08:00", "10-22 16:00"),
        shift(erin, "10-22 00:00", "10-23 00:00", EventType.SICK),
        shift(dan, "10-24 22:00", "10-25 06:00"),
        shift(fay, "10-31 20:00", "11-01 08:00", position="primary"),
    )
    put(house, second, shift(dan, "10-20 12:00", "10-20 20:15"))
    hand_on(
        house,
        ChangeKind.SWAP,
        (dan, "10-12 08:00", "10-12 16:00", erin),
        (erin, "10-13 08:00", "10-13 16:00", dan),
    )
    hand_on(house, ChangeKind.COVER, (dan, "10-20 10:00", "10-20 12:00", fay))
    return people | {"second": second}


def figures(house: House, days: tuple[date, date] = OCTOBER) -> dict[tuple[str, str, str], Figures]:
    found = house.read(lambda s: sheet(s, *days))
    return {(line.name, line.roster, line.position): line.figures for line in found.lines}


def shown(one: Figures) -> tuple[str, ...]:
    """Planned, covered, given, ill, total; nights; night, weekend, holiday."""
    times = (one.planned, one.covered, one.given, one.ill, one.total)
    return (*map(clock, times), str(one.nights), *map(clock, (one.night, one.weekend, one.holiday)))


def test_month_reckoned_by_hand_is_ours_to_the_minute(house: House, october: dict[str, int]) -> None:
    """Dan: 8 + 24 + 8 + 8 + 9 in the plan (the clocks go back in his night), 8 swapped each way, 2 given away.

    Nights: 22:00–04:00, 22:00–06:00, and nine hours of the 25th; the weekend: four hours of the 3rd, nine of the
    24th and 25th; the 3rd is a holiday from midnight on, and All Saints' Day is none in all of Germany. In the other
    roster four hours of eight and a quarter are those he is on duty for in the first.
    """
    found = figures(house)
    assert {key: shown(one) for key, one in found.items()} == {
        ("Dan Duty", "Main", ""): ("57:00", "8:00", "10:00", "0:00", "55:00", "3", "23:00", "13:00", "4:00"),
        ("Dan Duty", "Second", ""): ("4:15", "0:00", "0:00", "0:00", "4:15", "0", "0:00", "0:00", "0:00"),
        ("Erin Early", "Main", ""): ("16:00", "8:00", "8:00", "8:00", "8:00", "0", "0:00", "0:00", "0:00"),
        ("Fay Free", "Main", ""): ("0:00", "2:00", "0:00", "0:00", "2:00", "0", "0:00", "0:00", "0:00"),
        ("Fay Free", "Main", "primary"): ("4:00", "0:00", "0:00", "0:00", "4:00", "0", "2:00", "4:00", "0:00"),
    }
    november = figures(house, (date(2026, 11, 1), date(2026, 11, 30)))
    assert shown(november["Fay Free", "Main", "primary"])[4:] == ("8:00", "1", "6:00", "8:00", "0:00")


def test_night_in_which_clocks_go_forward_is_an_hour_shorter(house: House) -> None:
    house.roster(timezone=BERLIN, night_hours="23:00-05:00")
    put(house, 1, shift(house.dan, "03-28 22:00", "03-29 06:00"))
    (one,) = figures(house, (date(2026, 3, 1), date(2026, 3, 31))).values()
    assert (clock(one.total), clock(one.night), clock(one.weekend), one.nights) == ("7:00", "5:00", "7:00", 1)


def test_cover_that_is_handed_on_or_taken_back_leaves_the_plan(house: House, october: dict[str, int]) -> None:
    dan, erin, fay = october["dan"], october["erin"], october["fay"]
    before = figures(house)
    second = hand_on(house, ChangeKind.COVER, (fay, "10-20 10:00", "10-20 12:00", erin))
    found = figures(house)
    assert ("Fay Free", "Main", "") not in found
    assert clock(found["Erin Early", "Main", ""].covered) == "10:00"
    assert found["Dan Duty", "Main", ""] == before["Dan Duty", "Main", ""]
    house.undo(second)
    assert figures(house) == before
    hand_on(house, ChangeKind.COVER, (fay, "10-20 10:00", "10-20 12:00", dan))
    assert clock(figures(house)["Dan Duty", "Main", ""].given) == "8:00"  # his own again: only the swap is left
    hand_on(house, ChangeKind.EDIT, (dan, "10-05 09:00", "10-06 09:00", erin))
    found = figures(house)  # an admin's edit is the plan
    assert (clock(found["Dan Duty", "Main", ""].planned), clock(found["Erin Early", "Main", ""].planned)) == (
        "33:00",
        "40:00",
    )


def test_closed_month_keeps_its_figures_and_shows_what_changes_later(house: House, october: dict[str, int]) -> None:
    house.clock.set(datetime(2026, 10, 31, 22, tzinfo=UTC))
    with pytest.raises(LocalizedError) as early:
        house.write(lambda s: close_month(s, s.get_one(Roster, 1), OCTOBER[0], "Alice", house.clock.now))
    assert early.value.key == "hours.month_not_over"
    house.clock.set(NOVEMBER)
    before = figures(house)
    house.write(lambda s: close_month(s, s.get_one(Roster, 1), date(2026, 10, 7), "Alice", house.clock.now))
    hand_on(house, ChangeKind.EDIT, (october["dan"], "10-05 09:00", "10-05 21:30", october["erin"]))
    put(house, october["second"], shift(october["dan"], "10-20 12:00", "10-20 21:15"))
    found = house.read(lambda s: sheet(s, *OCTOBER))
    now = {(line.name, line.roster, line.position): line.figures for line in found.lines}
    assert now.pop(("Dan Duty", "Second", "")).total == timedelta(hours=5, minutes=15)  # not closed
    before.pop(("Dan Duty", "Second", ""))
    assert now == before
    assert [(one.name, f"{one.month:%m}", clock(one.figures.total)) for one in found.corrections] == [
        ("Dan Duty", "10", "-12:30"),
        ("Erin Early", "10", "12:30"),
    ]
    with pytest.raises(LocalizedError) as again:
        house.write(lambda s: close_month(s, s.get_one(Roster, 1), OCTOBER[0], "Alice", house.clock.now))
    assert again.value.key == "hours.closed_already"
    rows = list(csv.reader(io.StringIO(write_csv(found, "en").decode("utf-8-sig"))))
    assert [row[0:1] + row[-1:] for row in rows if row[-1] == "2026-10"] == [
        ["Dan Duty", "2026-10"],
        ["Erin Early", "2026-10"],
    ]
    assert json.loads(write_json(found))["corrections"][0]["total_minutes"] == -750


def test_workbook_to_print_balance_and_sheet_say_the_same_to_the_minute(house: House, october: dict[str, int]) -> None:
    """Also of a month that was closed and changed since, and of somebody who has nothing left in it."""

    def ways(days: tuple[date, date]) -> list[dict[str, list[int]]]:
        found = house.read(lambda s: sheet(s, *days, [1]))
        told: dict[str, Figures] = {}
        for line in found.lines:
            told[line.name] = told.get(line.name, Figures()) + line.figures
        by_sheet = {
            name: [*(int(span.total_seconds()) // 60 for span in (f.total, f.night, f.weekend, f.holiday)), f.nights]
            for name, f in told.items()
        }
        by_json: dict[str, int] = {}
        for line in json.loads(write_json(found))["hours"]:
            by_json[line["name"]] = by_json.get(line["name"], 0) + line["total_minutes"]
        assert by_json == {name: values[0] for name, values in by_sheet.items()}
        by_balance = {
            name: [*(int(t.total_seconds()) // 60 for t in (w.time, w.night, w.weekend, w.holiday)), w.nights]
            for _id, name, w in house.read(lambda s: balance(s, [1], *days))
        }
        schedule = house.read(lambda s: export.read_schedule(s, s.get_one(Roster, 1), *days, "en"))
        page = openpyxl.load_workbook(io.BytesIO(export.write_file(schedule, "xlsx").data)).worksheets[0]
        by_page = {}
        for row in page.iter_rows(min_row=4, max_row=3 + len(schedule.names), values_only=True):
            total, nights, night, weekend, holiday = row[-5:]
            by_page[row[0]] = [*(round(hours * 60) for hours in (total, night, weekend, holiday)), nights]
        return [{name: values for name, values in way.items() if values[0]} for way in (by_sheet, by_balance, by_page)]

    house.clock.set(NOVEMBER)
    for days in (OCTOBER, (date(2026, 10, 24), date(2026, 10, 25)), (date(2026, 11, 1), date(2026, 11, 30))):
        first, second, third = ways(days)
        assert first and first == second == third
    house.write(lambda s: close_month(s, s.get_one(Roster, 1), OCTOBER[0], "Alice", house.clock.now))
    then = ways(OCTOBER)[0]
    hand_on(house, ChangeKind.EDIT, (october["dan"], "10-05 09:00", "10-05 21:20", october["erin"]))
    hand_on(house, ChangeKind.EDIT, (october["fay"], "10-20 10:00", "10-20 12:00", october["erin"]))
    hand_on(house, ChangeKind.EDIT, (october["fay"], "10-31 20:00", "11-01 08:00", october["erin"]))
    assert ways(OCTOBER) == [then, then, then] and "Fay Free" in then


RULES = """base 10
Sat, Sun 15
Mon-Fri 22:00-06:00 12,50
2026-10-05 20-24 = 30
2026-10-24..2026-10-25 20
holidays 40
at most 12 h"""


def test_first_matching_rule_pays_and_a_day_is_capped(house: House, october: dict[str, int]) -> None:
    """The 5th has 11 hours at 10, one at 30 (the twelfth hour is the last one paid), the rest of that day nothing.

    The 6th: six hours of the night of Monday at 12.50, three at 10. The swap of the 13th: 80, the 20th: six at 10. The
    2nd: two at 10, two at 12.50; the 3rd is a holiday, which comes before the weekend and Friday's night. The night of
    the 24th has dates of its own: nine hours at 20.
    """
    house.write(lambda s: pay.set_rates(s, 1, RULES, house.author, "rates", house.clock.now))
    found = figures(house)
    first = 11 * 10 + 30 + 6 * Decimal("12.5") + 3 * 10
    rest = 80 + 60 + (20 + 25 + 4 * 40) + 9 * 20
    assert found["Dan Duty", "Main", ""].pay == first + rest
    assert found["Dan Duty", "Second", ""].pay is None
    assert rates_text("ru", parse_rates(RULES)).splitlines()[:2] == ["обычно 10", "Сб, Вс 15"]
    for lang in ("ru", "en"):
        assert parse_rates(rates_text(lang, parse_rates(RULES))) == parse_rates(RULES)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Sat 15", "hours.rate_no_base"),
        ("base 10\nbase 11", "hours.rate_no_base"),
        ("base 10\nholiday 22:00-06:00", "hours.rate_unread"),
        ("base 10\nMon-Fri 9-18", "hours.rate_unread"),
        ("base 10\nsometimes 5", "hours.rate_unread"),
        ("base 10\n2026-02-30 5", "hours.rate_unread"),
        ("base 10\nat most 30 h", "hours.rate_unread"),
        ("base 10\nat most 12 apples", "hours.rate_unread"),
        ("base 10\nat most 12:30 a day", "hours.rate_unread"),
        ("base 10\nat most 0 a day", "hours.rate_unread"),
        ("base 10\nat most 300", "hours.rate_unread"),
    ],
)
def test_line_that_is_no_rule_is_named(text: str, key: str) -> None:
    with pytest.raises(LocalizedError) as error:
        parse_rates(text)
    assert error.value.key == key


def test_day_is_paid_no_more_than_its_limit(house: House, october: dict[str, int]) -> None:
    """The 3rd would be 160, the 5th 140, the 6th 105, the 25th 140; the other days of Dan's stay below the limit."""
    limited = RULES + "\nat most 100.50 a day"
    house.write(lambda s: pay.set_rates(s, 1, limited, house.author, "rates", house.clock.now))
    found = figures(house)
    assert found["Dan Duty", "Main", ""].pay == 45 + 80 + 60 + 40 + 4 * Decimal("100.50")
    assert found["Erin Early", "Main", ""].pay == 80
    text = "обычно 10\nне больше 12 ч\nне больше 900,50 ₽ в день"
    assert parse_rates(text) == Rates(Decimal(10), (), timedelta(hours=12), Decimal("900.50"))
    for lang in ("ru", "en"):
        assert parse_rates(rates_text(lang, parse_rates(text))) == parse_rates(text)


@pytest.mark.parametrize("limit", ["", "\nat most 100 a day"])
def test_workbook_reckons_by_formulas_what_it_shows(house: House, october: dict[str, int], limit: str) -> None:
    """Each formula is worked out here from the sheet's own cells, and gives the value that stands beside it."""
    house.write(lambda s: pay.set_rates(s, 1, RULES + limit, house.author, "rates", house.clock.now))
    found = house.read(lambda s: sheet(s, *OCTOBER))
    data = write_xlsx(found, "en")
    formulas, values = (openpyxl.load_workbook(io.BytesIO(data), data_only=only) for only in (False, True))
    details = values["Shifts"]
    for row in range(2, details.max_row + 1):
        start, end = details[f"J{row}"].value, details[f"K{row}"].value
        assert details[f"L{row}"].value == end - start
        if (rate := details[f"U{row}"].value) is not None:
            over = details[f"W{row}"].value if limit else 0
            assert details[f"V{row}"].value == pytest.approx((end - start) / timedelta(hours=1) * rate - over)
    lines = {}
    for row in range(2, formulas["Hours"].max_row + 1):
        if not isinstance(formulas["Hours"][f"A{row}"].value, int):
            break
        for column in "EFGHJKLM":
            _check(formulas["Hours"][f"{column}{row}"].value, values, row, values["Hours"][f"{column}{row}"].value)
        name, roster, position = (values["Hours"].cell(row, at).value or "" for at in (2, 3, 4))
        lines[name, roster, position] = (values["Hours"][f"I{row}"].value, values["Hours"][f"N{row}"].value)
    for line in found.lines:
        total, paid = lines[line.name, line.roster, line.position]
        assert total == line.figures.total
        assert Decimal(str(paid)) == (line.figures.pay or 0)


def _check(formula: str, book: openpyxl.Workbook, row: int, shown: object) -> None:
    target, *conditions = formula.removeprefix("=SUMIFS(").removesuffix(")").split(",")
    details = book["Shifts"]
    columns = [part.split("!$")[1][0] for part in conditions[::2]]
    wanted = [row - 1 if part.startswith("$A") else int(part) for part in conditions[1::2]]
    total: object = None
    for at_row in range(2, details.max_row + 1):
        if all(details[f"{column}{at_row}"].value == value for column, value in zip(columns, wanted, strict=True)):
            value = details[f"{target.split('!$')[1][0]}{at_row}"].value
            total = value if total is None else total + value
    assert shown == total or (total is None and not shown) or (isinstance(shown, time) and total is None)


rates = st.integers(0, 9999).map(lambda cents: Decimal(cents) / 100)
clocks = st.integers(0, 24 * 12 - 1).map(lambda n: time(n // 12, n % 12 * 5))
spans = st.tuples(clocks, clocks).filter(lambda span: span[0] != span[1])
rules = st.one_of(
    st.builds(
        lambda rate, days, hours: Rule(RuleKind.WEEKDAY, rate, frozenset(days), hours=hours),
        rates,
        st.sets(st.integers(0, 6), min_size=1),
        st.none() | spans,
    ),
    st.builds(lambda rate, hours: Rule(RuleKind.HOLIDAY, rate, hours=hours), rates, st.none() | spans),
    st.builds(
        lambda rate, day, hours: Rule(RuleKind.DATE, rate, dates=(day, day), hours=hours),
        rates,
        st.dates(date(2026, 10, 22), date(2026, 10, 28)),
        st.none() | spans,
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from([BERLIN, "Australia/Lord_Howe", "Asia/Beirut", "America/Havana", "Africa/Casablanca"]),
    night=spans,
    found=st.lists(rules, max_size=6),
    minutes=st.lists(st.integers(0, 20 * 24 * 60), min_size=2, max_size=6, unique=True),
    begin=st.sampled_from([datetime(2026, 10, 15, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC)]),
)
def test_cuts_at_random_rules_sum_to_the_same_total(
    zone: str, night: tuple[time, time], found: Sequence[Rule], minutes: list[int], begin: datetime
) -> None:
    """However a span is cut beforehand, time, night hours, nights and pay are the same, and no minute has two rates."""
    holidays = {date(2026, 10, 25): "a day", date(2026, 3, 29): "another"}
    rates_of = Rates(Decimal(7), tuple(found))
    cutter = Cutter(Rules(zone, night, holidays=holidays, rates=rates_of))
    edges = [begin + timedelta(minutes=n) for n in sorted(minutes)]
    whole = list(cutter.cut(edges[0], edges[-1]))
    cut = [piece for start, end in pairwise(edges) for piece in cutter.cut(start, end)]
    assert all(one.end == other.start for one, other in pairwise(whole))
    for measure in (
        lambda piece: piece.time,
        lambda piece: piece.time * piece.night,
        lambda piece: piece.time * bool(piece.holiday),
        lambda piece: timedelta(days=piece.mid_night),
    ):
        assert sum(map(measure, whole), timedelta()) == sum(map(measure, cut), timedelta())
    assert sum(p.rate * int(p.time.total_seconds()) for p in whole) == sum(
        p.rate * int(p.time.total_seconds()) for p in cut
    )
    assert sum((piece.time for piece in whole), timedelta()) == edges[-1] - edges[0]
