"""Siblings of the given layouts: the same kinds of files in other words, orders, languages, dates and containers.

Each is made by a small function: what the file holds, and what a sensible person reads in it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.importers.grammar.page import Case, Page
from tests.importers.grammar.plan import Duty, Plan, duty
from tests.importers.grammar.writing import written

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Sibling:
    """A file of the kind of a given one.

    Attributes:
        data: Its bytes.
        wanted: The duties it holds, on the wall clock of its roster.
        codes: What its codes mean, as the command line takes it.
        answers: (kind, answer) of questions that it may raise; any other is a fault.
        name: Of the file.
        mention: A key of what has to be said about it.
    """

    data: bytes
    wanted: list[Duty]
    codes: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    name: str = "roster.csv"
    mention: str = ""


KINDS: dict[str, list[Callable[[], Sibling]]] = {}


def _of(kind: str) -> Callable[[Callable[[], Sibling]], Callable[[], Sibling]]:
    def add(make: Callable[[], Sibling]) -> Callable[[], Sibling]:
        KINDS.setdefault(kind, []).append(make)
        return make

    return add


def _file(rows: Rows, container: str = "csv", *merges: tuple[int, int, int, int], hidden: Iterable[int] = ()) -> bytes:
    """Writes rows; merges and hidden rows count from 0."""
    cells = {(r, c): v for r, row in enumerate(rows) for c, v in enumerate(row) if v not in (None, "")}
    page = Page("Sheet1", cells, list(merges), set(hidden))
    return written(Case(Plan(1, "", container=container), (page,), "", (), {}, date(2026, 1, 1)))


def _days(year: int, month: int, first: int, last: int) -> list[date]:
    return [date(year, month, number) for number in range(first, last + 1)]


def _turns(people: Sequence[str], days: Sequence[date], meaning: str = "duty") -> list[tuple[str, date, Duty]]:
    """Gives each day to the next person."""
    found = []
    for index, day in enumerate(days):
        name = people[index % len(people)]
        item = duty(name, day, meaning)
        assert item is not None
        found.append((name, day, item))
    return found


def _marks(turns: Sequence[tuple[str, date, Duty]], name: str, days: Sequence[date], sign: Any) -> list[Any]:
    own = {day for who, day, _ in turns if who == name}
    return [sign if day in own else None for day in days]


def _duties(turns: Sequence[tuple[str, date, Duty]]) -> list[Duty]:
    return [item for _, _, item in turns]


EN = ("Anna Lindt", "Boris Kern", "Mia Holt")
RU = ("Орлова Вера", "Зайцев Антон", "Юдин Пётр")
DE = ("Tietz Olaf", "Rieger Emil", "Brandt Eva")
PL = ("Nowak Ewa", "Baran Kamil", "Sikora Iwona")


# -- c01: plan, fact and extra rows, the name in any of them --------------------------------------------------------


def _of_rows(
    people: Sequence[str], labels: Sequence[str], named: int, days: Sequence[date], head: str, sign: str
) -> Rows:
    turns = _turns(people, days)
    rows: list[list[Any]] = [[head, "", *(day.day for day in days)]]
    for name in people:
        for index, label in enumerate(labels):
            marks = _marks(turns, name, days, sign) if index == 0 else [None] * len(days)
            rows.append([name if index == named else None, label, *marks])
    return rows


@_of("c01")
def planned_actual_overtime_with_the_name_first() -> Sibling:
    days = _days(2026, 5, 1, 31)
    rows = [["May 2026"], *_of_rows(EN, ("planned", "actual", "overtime"), 0, days, "Name", "D")]
    return Sibling(_file(rows, "xlsx"), _duties(_turns(EN, days)), "D=duty", name="r.xlsx", mention="fact_first")


@_of("c01")
def soll_and_ist_with_the_name_below() -> Sibling:
    days = _days(2026, 2, 1, 28)
    rows = [["Dienstplan Februar 2026"], [], *_of_rows(DE, ("Soll", "Ist"), 1, days, "Mitarbeiter", "B")]
    return Sibling(_file(rows), _duties(_turns(DE, days)), "B=duty", mention="fact_first")


@_of("c01")
def extra_row_of_polish_plan_in_an_ods() -> Sibling:
    days = _days(2026, 6, 1, 30)
    rows = [["czerwiec 2026"], *_of_rows(PL, ("plan", "wykonanie", "dodatkowo"), 2, days, "Pracownik", "D")]
    return Sibling(_file(rows, "ods"), _duties(_turns(PL, days)), "D=duty", name="r.ods", mention="fact_first")


# -- c04b: the date of a title or a signature is no shift ----------------------------------------------------------


def _month(people: Sequence[str], days: Sequence[date], head: str, sign: Any) -> list[list[Any]]:
    turns = _turns(people, days)
    rows: list[list[Any]] = [[head, *(day.day for day in days)]]
    rows += [[name, *_marks(turns, name, days, sign)] for name in people]
    return rows


@_of("c04b")
def approved_on_a_day_by_the_manager() -> Sibling:
    days = _days(2026, 7, 1, 31)
    rows = [
        ["Approved", date(2026, 6, 20), "", "Manager", "Quentin Hale"],
        ["Duty rota July 2026"],
        *_month(EN, days, "Name", "x"),
    ]
    return Sibling(_file(rows, "xlsx"), _duties(_turns(EN, days)), "x=duty", name="r.xlsx")


@_of("c04b")
def stand_above_and_signature_below() -> Sibling:
    days = _days(2026, 3, 1, 31)
    rows = [
        ["Stand", "13.02.2026"],
        ["März 2026"],
        *_month(DE, days, "Name", "B"),
        [],
        ["Erstellt", "Otto Brink", "12.02.2026"],
    ]
    return Sibling(_file(rows), _duties(_turns(DE, days)), "B=duty")


@_of("c04b")
def order_with_a_date_below() -> Sibling:
    days = _days(2026, 4, 1, 30)
    rows = [["Апрель 2026"], *_month(RU, days, "ФИО", "С"), [], ["Приложение к приказу от", "25.03.2026"]]
    return Sibling(_file(rows), _duties(_turns(RU, days)), "С=duty")


# -- c06: a table of people beside the list ------------------------------------------------------------------------


def _list(
    people: Sequence[str], days: Sequence[date], heads: Sequence[str], shown: Callable[[date], Any]
) -> list[list[Any]]:
    return [[*heads], *([shown(day), name] for name, day, _ in _turns(people, days))]


def _beside(rows: list[list[Any]], table: Rows, gap: int = 1) -> list[list[Any]]:
    width = max(map(len, rows))
    joined = []
    for index in range(max(len(rows), len(table))):
        left = rows[index] if index < len(rows) else []
        right = table[index] if index < len(table) else []
        joined.append([*left, *[None] * (width - len(left) + gap), *right])
    return joined


@_of("c06")
def counts_beside_a_list() -> Sibling:
    days = _days(2026, 5, 1, 14)
    rows = _list(EN, days, ("Date", "On call"), lambda day: day)
    table = [["Name", "Initials", "Shifts"], *([name, name[0], 5] for name in (*EN, "Zoe Old"))]
    return Sibling(_file(_beside(rows, table), "xlsx"), _duties(_turns(EN, days)), name="r.xlsx")


@_of("c06")
def phones_two_columns_away() -> Sibling:
    days = _days(2026, 2, 1, 10)
    rows = _list(DE, days, ("Datum", "Diensthabender"), lambda day: f"{day:%d.%m.%Y}")
    table = [["Mitarbeiter", "Telefon"], *([name, f"+49 170 000000{index}"] for index, name in enumerate(DE))]
    return Sibling(_file(_beside(rows, table, 2)), _duties(_turns(DE, days)))


@_of("c06")
def names_left_of_the_list() -> Sibling:
    days = _days(2026, 6, 1, 12)
    rows = [["Сотрудник", "Кратко", "Дежурств"], *([name, name[0], 4] for name in RU)]
    table = _list(RU, days, ("Дата", "Дежурный"), lambda day: f"{day:%d.%m.%Y}")
    return Sibling(_file(_beside(rows, table)), _duties(_turns(RU, days)))


# -- c08: hidden rows are asked about ------------------------------------------------------------------------------


def _hidden(people: Sequence[str], heads: Sequence[str], days: Sequence[date], hidden: int, answer: str) -> Sibling:
    rows = _list(people, days, heads, lambda day: day)
    turns = _turns(people, days)
    kept = turns[hidden:] if answer == "skip" else turns
    return Sibling(_file(rows, "xlsx", hidden=range(1, hidden + 1)), _duties(kept), "", (("hidden", answer),), "r.xlsx")


@_of("c08")
def filter_of_old_days_skipped() -> Sibling:
    return _hidden(DE, ("Datum", "Name"), _days(2026, 3, 20, 31), 5, "skip")


@_of("c08")
def filter_of_old_days_read() -> Sibling:
    return _hidden(RU, ("Дата", "Дежурный"), _days(2026, 3, 20, 31), 4, "read")


@_of("c08")
def hidden_person_of_an_ods() -> Sibling:
    days = _days(2026, 4, 1, 30)
    turns = [turn for turn in _turns(PL, days) if turn[0] != PL[1]]
    rows = [["kwiecień 2026"], *_month(PL, days, "Nazwisko", "D")]
    return Sibling(_file(rows, "ods", hidden=[3]), _duties(turns), "D=duty", (("hidden", "skip"),), "r.ods")


# -- c10: weeks stacked under dates with weekdays ------------------------------------------------------------------


def _weeks(
    people: Sequence[str], first: date, head: str, shown: Callable[[date], str], sign: str
) -> tuple[Rows, list[Duty]]:
    rows: list[list[Any]] = []
    wanted: list[Duty] = []
    for week in range(3):
        days = [first + timedelta(days=7 * week + offset) for offset in range(7)]
        turns = _turns(people, days)
        rows += [[head, *map(shown, days)], *([name, *_marks(turns, name, days, sign)] for name in people), []]
        wanted += _duties(turns)
    return rows, wanted


@_of("c10")
def weeks_from_sunday_over_the_new_year() -> Sibling:
    rows, wanted = _weeks(EN, date(2025, 12, 21), "Name", lambda day: f"{day:%a} - {day:%d/%m}", "N")
    return Sibling(_file(rows), wanted, "N=duty", (("year", "2025"),))


@_of("c10")
def russian_weeks_with_slashes() -> Sibling:
    days = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс")
    rows, wanted = _weeks(RU, date(2026, 3, 16), "Сотрудник", lambda day: f"{days[day.weekday()]} {day:%d/%m}", "С")
    return Sibling(_file(rows), wanted, "С=duty", (("year", "2026"), ("date_order", "dmy")))


@_of("c10")
def german_weeks_of_dotted_dates() -> Sibling:
    days = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
    rows, wanted = _weeks(DE, date(2026, 6, 22), "Name", lambda day: f"{days[day.weekday()]}, {day:%d.%m.}", "B")
    return Sibling(_file([["Dienstplan 2026"], *rows], "xlsx"), wanted, "B=duty", name="r.xlsx")


# -- c12: a letter and its times -----------------------------------------------------------------------------------


def _timed(
    people: Sequence[str], title: str, days: Sequence[date], head: str, codes: Sequence[tuple[str, str]]
) -> tuple[Rows, list[Duty]]:
    rows: list[list[Any]] = [[title], [head, *(day.day for day in days)]]
    wanted: list[Duty] = []
    for index, name in enumerate(people):
        cells: list[Any] = []
        for offset, day in enumerate(days):
            at = (index + offset) % (len(codes) + 1)
            cells.append(codes[at][0] if at < len(codes) else None)
            if at < len(codes) and (item := duty(name, day, codes[at][1])):
                wanted.append(item)
        rows.append([name, *cells])
    return rows, wanted


@_of("c12")
def morning_and_late_in_brackets() -> Sibling:
    codes = [("Morning (6AM-2PM)", "06:00-14:00"), ("Late (2PM-10PM)", "14:00-22:00")]
    rows, wanted = _timed(EN, "June 2026", _days(2026, 6, 1, 30), "Name", codes)
    return Sibling(_file(rows, "xlsx"), wanted, name="r.xlsx")


@_of("c12")
def letters_before_dotted_times() -> Sibling:
    codes = [("Д 08.00-20.00", "08:00-20:00"), ("Н 20.00-08.00", "20:00-08:00")]
    rows, wanted = _timed(RU, "Июнь 2026", _days(2026, 6, 1, 30), "ФИО", codes)
    return Sibling(_file(rows), wanted)


@_of("c12")
def times_before_letters() -> Sibling:
    codes = [("07:00-15:00 F", "07:00-15:00"), ("15:00-23:00 S", "15:00-23:00")]
    rows, wanted = _timed(DE, "Mai 2026", _days(2026, 5, 1, 31), "Mitarbeiter", codes)
    return Sibling(_file(rows, "ods"), wanted, name="r.ods")


# -- c13: a period with one year -----------------------------------------------------------------------------------


def _period(people: Sequence[str], title: str, first: date, head: str, sign: str) -> Sibling:
    days = [first + timedelta(days=offset) for offset in range(31)]
    rows = [[title], *_month(people, days, head, sign)]
    return Sibling(_file(rows), _duties(_turns(people, days)), f"{sign}=duty")


@_of("c13")
def over_the_new_year() -> Sibling:
    return _period(RU, "График дежурств с 16.12 по 15.01.2027 г.", date(2026, 12, 16), "ФИО", "С")


@_of("c13")
def period_in_english_words() -> Sibling:
    return _period(EN, "Duty rota 16 March – 15 April 2026", date(2026, 3, 16), "Name", "D")


@_of("c13")
def german_period() -> Sibling:
    return _period(DE, "Dienstplan vom 21.05. bis 20.06.2026", date(2026, 5, 21), "Name", "B")


# -- c15: joints and a banner --------------------------------------------------------------------------------------


def _joined(
    people: Sequence[str], heads: Sequence[str], joints: Sequence[str], banner: str, container: str = "csv"
) -> Sibling:
    days = _days(2026, 5, 1, 6)
    rows: list[list[Any]] = [[*heads]]
    wanted: list[Duty] = []
    for index, day in enumerate(days):
        if index == 3:
            rows.append([f"{day:%d.%m.%Y}", banner])
            continue
        pair = [people[index % 3], people[(index + 1) % 3]]
        rows.append([f"{day:%d.%m.%Y}", joints[index % len(joints)].join(pair)])
        wanted += [item for name in pair if (item := duty(name, day, "duty"))]
    return Sibling(_file(rows, container), wanted, name=f"r.{container}")


@_of("c15")
def english_joints_and_a_holiday() -> Sibling:
    return _joined(EN, ("Date", "On call"), (" and ", " & ", " + "), "Public holiday", "xlsx")


@_of("c15")
def german_joints_and_a_holiday() -> Sibling:
    return _joined(DE, ("Datum", "Bereitschaft"), (" und ", " / ", " + "), "Feiertag")


@_of("c15")
def polish_joints_and_a_day_off() -> Sibling:
    return _joined(PL, ("Data", "Dyżurny"), (" i ", " oraz ", " & "), "Święto", "ods")


# -- c16: zones that Outlook customises, c44: feeds with attendees -------------------------------------------------


def _calendar(events: Sequence[Sequence[str]], *more: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", *more]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}@x", "DTSTAMP:20260301T120000Z", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _zoned(zone: str, offset: str) -> tuple[str, ...]:
    standard = (
        "BEGIN:STANDARD",
        "DTSTART:16010101T000000",
        f"TZOFFSETFROM:{offset}",
        f"TZOFFSETTO:{offset}",
        "END:STANDARD",
    )
    return ("BEGIN:VTIMEZONE", f"TZID:{zone}", *standard, "END:VTIMEZONE")


@_of("c16")
def zone_of_an_invented_name() -> Sibling:
    at = 'DTSTART;TZID="Our time":20260401T090000', 'DTEND;TZID="Our time":20260402T090000'
    data = _calendar([[*at, "SUMMARY:Anna Lindt on call"]], *_zoned("Our time", "+0200"))
    return Sibling(data, [Duty("Anna Lindt", "2026-04-01T10:00", "2026-04-02T10:00")], name="r.ics")


@_of("c16")
def windows_name_of_a_zone() -> Sibling:
    zone = "W. Europe Standard Time"
    at = f"DTSTART;TZID={zone}:20260601T080000", f"DTEND;TZID={zone}:20260601T200000"
    return Sibling(
        _calendar([[*at, "SUMMARY:Bereitschaft: Olaf Tietz"]]),
        [Duty("Olaf Tietz", "2026-06-01T09:00", "2026-06-01T21:00")],
        name="r.ics",
    )


@_of("c16")
def customized_zone_of_the_east() -> Sibling:
    zone = "Customized Time Zone 1"
    at = f'DTSTART;TZID="{zone}":20260401T090000', f'DTEND;TZID="{zone}":20260401T210000'
    data = _calendar([[*at, "SUMMARY:Дежурный: Орлова Вера"]], *_zoned(zone, "+0500"))
    return Sibling(data, [Duty("Орлова Вера", "2026-04-01T07:00", "2026-04-01T19:00")], name="r.ics")


@_of("c44")
def attendee_before_the_title_of_the_schedule() -> Sibling:
    at = "DTSTART:20260401T060000Z", "DTEND:20260402T060000Z"
    guest = "ATTENDEE;CN=Boris Kern:mailto:boris.kern@example.org"
    data = _calendar([[*at, guest, "SUMMARY:On Call - Database Primary"]])
    return Sibling(data, [Duty("Boris Kern", "2026-04-01T09:00", "2026-04-02T09:00")], name="r.ics")


@_of("c44")
def meetings_among_the_duties_are_asked_about() -> Sibling:
    duties = [["DTSTART:20260401T060000Z", "DTEND:20260402T060000Z", "SUMMARY:On call: Anna Lindt"]]
    meeting = [
        "DTSTART:20260401T080000Z",
        "DTEND:20260401T083000Z",
        "ATTENDEE;CN=Mia Holt:mailto:m@example.org",
        "SUMMARY:Standup",
    ]
    wanted = [Duty("Anna Lindt", "2026-04-01T09:00", "2026-04-02T09:00")]
    return Sibling(_calendar([*duties, meeting]), wanted, "", (("foreign", "leave"),), "r.ics")


@_of("c44")
def organiser_of_each_shift() -> Sibling:
    events = [
        [
            f"DTSTART:2026040{day}T060000Z",
            f"DTEND:2026040{day + 1}T060000Z",
            f"ORGANIZER;CN={name}:mailto:a{day}@example.org",
            "SUMMARY:Ops rotation",
        ]
        for day, name in enumerate(EN, 1)
    ]
    wanted = [Duty(name, f"2026-04-0{day}T09:00", f"2026-04-0{day + 1}T09:00") for day, name in enumerate(EN, 1)]
    return Sibling(_calendar(events), wanted, name="r.ics")


# -- c17: days listed per person -----------------------------------------------------------------------------------


def _listed(
    people: Sequence[str], title: str, heads: Sequence[str], days: Sequence[date], joint: str, container: str
) -> Sibling:
    turns = _turns(people, days)
    rows: list[list[Any]] = [[title], [*heads]]
    for name in people:
        rows.append([name, joint.join(str(day.day) for who, day, _ in turns if who == name)])
    return Sibling(_file(rows, container), _duties(turns), name=f"r.{container}")


@_of("c17")
def english_days_of_people() -> Sibling:
    return _listed(EN, "May 2026", ("Name", "Duty days"), _days(2026, 5, 1, 31), ", ", "csv")


@_of("c17")
def german_days_of_people() -> Sibling:
    return _listed(DE, "Dienste Juni 2026", ("Name", "Diensttage"), _days(2026, 6, 1, 30), "; ", "xlsx")


@_of("c17")
def polish_days_of_people() -> Sibling:
    return _listed(PL, "kwiecień 2026", ("Nazwisko i imię", "Dni dyżurów"), _days(2026, 4, 1, 30), ".", "ods")


# -- c18: a calendar saved as a table ------------------------------------------------------------------------------


def _exported(heads: Sequence[str], titles: str, shown: Callable[[date], str], at: str, above: Rows = ()) -> Sibling:
    rows: list[list[Any]] = [*map(list, above), [*heads]]
    wanted: list[Duty] = []
    for index in range(4):
        first = date(2026, 4, 13) + timedelta(days=7 * index)
        last = first + timedelta(days=7)
        name = EN[index % 3]
        rows.append([titles.format(name), shown(first), at, shown(last), at, "False"])
        wanted.append(Duty(name, f"{first}T09:00", f"{last}T09:00"))
    return Sibling(_file(rows), wanted)


_GOOGLE = ("Subject", "Start Date", "Start Time", "End Date", "End Time", "All Day Event")


@_of("c18")
def google_calendar_below_a_title() -> Sibling:
    return _exported(
        _GOOGLE, "{} on call", lambda day: f"{day.month}/{day.day}/{day.year}", "9:00 AM", [["On-call April"]]
    )


@_of("c18")
def outlook_calendar_in_german() -> Sibling:
    heads = ("Betreff", "Beginnt am", "Beginnt um", "Endet am", "Endet um", "Ganztägiges Ereignis")
    return _exported(heads, "Bereitschaft: {}", lambda day: f"{day:%d.%m.%Y}", "09:00")


@_of("c18")
def outlook_calendar_in_russian() -> Sibling:
    heads = ("Тема", "Дата начала", "Время начала", "Дата завершения", "Время завершения", "Целый день")
    return _exported(heads, "Дежурный {}", lambda day: f"{day:%d.%m.%Y}", "9:00")


# -- c22: pairs with phones beside ---------------------------------------------------------------------------------


def _pairs(heads: Sequence[str], joint: str, shown: Callable[[date], str], codes: str, title: str = "") -> Sibling:
    rows: list[list[Any]] = [[title]] * bool(title) + [[*heads]]
    wanted: list[Duty] = []
    people = (*EN, "Leo Ryd")
    for index, day in enumerate(_days(2026, 5, 1, 8)):
        pairs = [[people[(index + at) % 4] for at in part] for part in ((0, 1), (2, 3))]
        phones = [[f"70000000{people.index(name)}" for name in pair] for pair in pairs]
        rows.append([shown(day), *(joint.join(cell) for both in zip(pairs, phones, strict=True) for cell in both)])
        for pair, meaning in zip(pairs, ("day", "night"), strict=True):
            wanted += [item for name in pair if (item := duty(name, day, meaning))]
    return Sibling(_file(rows), wanted, codes, (("year", "2026"),))


@_of("c22")
def day_and_night_pairs() -> Sibling:
    return _pairs(("Date", "Day", "Phone", "Night", "Phone"), " / ", lambda day: f"{day:%d.%m.%Y}", "")


@_of("c22")
def russian_pairs_and_phones() -> Sibling:
    return _pairs(("Дата", "День", "Телефон", "Ночь", "Телефон"), ", ", lambda day: f"{day:%d.%m.%Y}", "")


@_of("c22")
def pairs_on_two_lines() -> Sibling:
    return _pairs(("Datum", "Tag", "Handy", "Nacht", "Handy"), "\n", lambda day: day.isoformat(), "")


# -- c23: columns that the headings do not fit ---------------------------------------------------------------------


@_of("c23")
def fourth_column_without_a_heading_in_russian() -> Sibling:
    turns = _turns(RU, _days(2026, 4, 27, 30))
    rows = [
        ["№", "Учитель", "Дежурство"],
        *([index, name, f"{day:%d-%m-%Y}", f"8000000000{index}"] for index, (name, day, _) in enumerate(turns, 1)),
    ]
    return Sibling(_file(rows), _duties(turns))


@_of("c23")
def phone_before_the_name_without_a_heading() -> Sibling:
    turns = _turns(DE, _days(2026, 4, 1, 9))
    rows = [
        ["Datum", "", "Name"],
        *([f"{day:%d.%m.%Y}", f"+49 170 00000{index}", name] for index, (name, day, _) in enumerate(turns, 10)),
    ]
    return Sibling(_file(rows), _duties(turns))


@_of("c23")
def no_headings_at_all() -> Sibling:
    turns = _turns(PL, _days(2026, 4, 1, 9))
    rows = [[index, f"{day:%d.%m.%Y}", name, f"60000000{index}"] for index, (name, day, _) in enumerate(turns, 1)]
    return Sibling(_file(rows, "xlsx"), _duties(turns), name="r.xlsx")


# -- c24: a month without Sundays ----------------------------------------------------------------------------------


def _without(people: Sequence[str], title: str, head: str, month: int, free: Sequence[int], container: str) -> Sibling:
    last = (date(2026, month + 1, 1) - timedelta(days=1)).day
    days = [day for day in _days(2026, month, 1, last) if day.weekday() not in free]
    rows = [[title], *_month(people, days, head, "D")]
    return Sibling(_file(rows, container), _duties(_turns(people, days)), "D=duty", name=f"r.{container}")


@_of("c24")
def working_days_only() -> Sibling:
    return _without(EN, "Help desk, June 2026", "Name", 6, (5, 6), "csv")


@_of("c24")
def german_month_without_sundays() -> Sibling:
    return _without(DE, "Mai 2026", "Mitarbeiter", 5, (6,), "xlsx")


@_of("c24")
def month_that_begins_on_a_monday() -> Sibling:
    return _without(PL, "Czerwiec 2026", "Imię i nazwisko", 6, (6,), "ods")


# -- c25: weeks down, weekdays across ------------------------------------------------------------------------------


def _down(people: Sequence[str], heads: Sequence[str], shown: Callable[[date], Any], container: str = "csv") -> Sibling:
    rows: list[list[Any]] = [[*heads]]
    wanted: list[Duty] = []
    for week in range(4):
        monday = date(2026, 6, 1) + timedelta(days=7 * week)
        names = [people[(week + offset // 2) % 3] for offset in range(len(heads) - 1)]
        rows.append([shown(monday), *names])
        wanted += [
            item for offset, name in enumerate(names) if (item := duty(name, monday + timedelta(days=offset), "duty"))
        ]
    return Sibling(_file(rows, container), wanted, name=f"r.{container}")


@_of("c25")
def german_weeks_down() -> Sibling:
    return _down(DE, ("Woche ab", "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"), lambda day: f"{day:%d.%m.%Y}")


@_of("c25")
def russian_working_weeks() -> Sibling:
    heads = ("Неделя с", "Понедельник", "Вторник", "Среда", "Четверг", "Пятница")
    return _down(RU, heads, lambda day: day, "xlsx")


@_of("c25")
def iso_weeks_in_an_ods() -> Sibling:
    return _down(EN, ("Week", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), lambda day: day.isoformat(), "ods")


# -- c27: day and night columns of each day ------------------------------------------------------------------------


def _parts(
    people: Sequence[str], title: str, head: str, words: Sequence[str], sign: str, codes: str, container: str = "xlsx"
) -> Sibling:
    days = _days(2026, 7, 1, 14)
    rows: list[list[Any]] = [
        [title],
        [head, *(cell for day in days for cell in (day.day, None))],
        [None, *[*words] * len(days)],
    ]
    wanted: list[Duty] = []
    for index, name in enumerate(people):
        cells: list[Any] = []
        for offset, day in enumerate(days):
            for part, meaning in enumerate(("day", "night")):
                is_on = (2 * offset + part + index) % 3 == 0
                cells.append(sign if is_on else None)
                if is_on and (item := duty(name, day, meaning)):
                    wanted.append(item)
        rows.append([name, *cells])
    merges = [(1, 1 + 2 * offset, 1, 2 + 2 * offset) for offset in range(len(days))]
    return Sibling(_file(rows, container, *merges), wanted, codes, name=f"r.{container}")


@_of("c27")
def english_day_and_night() -> Sibling:
    return _parts(EN, "July 2026", "Name", ("day", "night"), "x", "")


@_of("c27")
def german_day_and_night() -> Sibling:
    return _parts(DE, "Juli 2026", "Name", ("Tag", "Nacht"), "✓", "", "ods")


@_of("c27")
def polish_day_and_night() -> Sibling:
    return _parts(PL, "lipiec 2026", "Pracownik", ("dzień", "noc"), "+", "")


# -- c32: a first line for Excel -----------------------------------------------------------------------------------


def _separated(separator: str, quote: str, encoding: str) -> Sibling:
    turns = _turns(RU, _days(2026, 4, 1, 5))
    rows = [f"Дата{separator}Дежурный", *(f"{day:%d.%m.%Y}{separator}{quote}{name}{quote}" for name, day, _ in turns)]
    return Sibling("\r\n".join([f"sep={separator}", *rows]).encode(encoding), _duties(turns))


@_of("c32")
def separator_line_with_commas() -> Sibling:
    return _separated(",", '"', "utf-8-sig")


@_of("c32")
def separator_line_with_tabs() -> Sibling:
    return _separated("\t", "", "utf-16")


@_of("c32")
def separator_line_in_cp1251() -> Sibling:
    return _separated(";", "", "cp1251")


# -- c35: a form with two halves, codes and hours ------------------------------------------------------------------


def _form(people: Sequence[str], title: str, head: str, sign: str, off: str, container: str) -> Sibling:
    days = _days(2026, 6, 1, 30)
    turns = _turns(people, days)
    rows: list[list[Any]] = [[title], ["№", head, *range(1, 16), "X"], [None, None, *range(16, 31)]]
    merges = []
    for index, name in enumerate(people):
        merges.append((len(rows), 1, len(rows) + 3, 1))
        for half in (days[:15], days[15:]):
            marks = _marks(turns, name, half, sign)
            named = [index + 1, name] if half[0].day == 1 else [None, None]
            rows.append([*named, *(mark or off for mark in marks)])
            rows.append([None, None, *(24 if mark else None for mark in marks)])
    return Sibling(_file(rows, container, *merges), _duties(turns), f"{sign}=duty,{off}=nothing", name=f"r.{container}")


@_of("c35")
def form_in_june() -> Sibling:
    return _form(RU, "Табель за июнь 2026 г.", "Фамилия, инициалы", "Я", "В", "xlsx")


@_of("c35")
def ukrainian_form_in_an_ods() -> Sibling:
    return _form(("Ткач Надія", "Коваль Леся"), "Табель за червень 2026 р.", "Прізвище", "Р", "ВХ", "ods")


@_of("c35")
def form_of_three_people() -> Sibling:
    return _form(EN, "Timesheet June 2026", "Name", "W", "R", "xlsx")


# -- c02: containers of other programs (the parts' names and styles are changed by the test) ----------------------


@_of("c02")
def workbook_of_a_grid() -> Sibling:
    days = _days(2026, 4, 1, 30)
    rows = [["April 2026"], *_month(EN, days, "Name", "D")]
    return Sibling(_file(rows, "xlsx"), _duties(_turns(EN, days)), "D=duty", name="r.xlsx")


@_of("c02")
def workbook_of_a_list() -> Sibling:
    days = _days(2026, 4, 1, 30)
    return Sibling(
        _file(_list(DE, days, ("Datum", "Name"), lambda day: day), "xlsx"), _duties(_turns(DE, days)), name="r.xlsx"
    )


@_of("c02")
def workbook_of_words() -> Sibling:
    days = _days(2026, 4, 1, 30)
    rows = [["апрель 2026"], *_month(RU, days, "ФИО", "дежурство")]
    return Sibling(_file(rows, "xlsx"), _duties(_turns(RU, days)), name="r.xlsx")
