"""Lists: a row a duty, and a row a person with all of that person's days."""

from datetime import date, timedelta
from typing import Any

from tests.importers.grammar import drawing
from tests.importers.grammar.plan import Duty, Plan, Table, duty


def _row(plan: Plan, table: Table, row: int, values: dict[str, Any], columns: list[str]) -> None:
    for column, key in enumerate(columns):
        table.put(row, column, values.get(key))


def one_a_day(plan: Plan, people: list[str]) -> Table:
    """Date and name, in any order, maybe with number, weekday, phone, second on call and a remark."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    table = Table(days[0], days[-1])
    columns = ["date", "who"]
    backup = numbers.random() < 0.3
    if plan.dates in ("dotted", "native", "iso", "number") and plan.has("weekday_row"):
        columns.insert(1, "weekday")
    if backup:
        columns.append("backup")
    columns += ["phone"] * plan.has("phone") + ["note"] * plan.has("note_column")
    if plan.has("numbering"):
        columns.insert(0, "number")
    has_heads = numbers.random() < 0.85
    if has_heads:
        table.row(0, [numbers.choice(plan.language.heads[column]) for column in columns])
    closed = plan.has("idle_person") and has_heads
    for index, (day, names) in enumerate(drawing.turns(people, days, numbers, 2).items()):
        values = {
            "number": index + 1,
            "date": drawing.full_date(plan.dates, day, plan.language),
            "weekday": plan.language.weekdays[day.weekday()],
            "who": names[0],
            "backup": names[1],
            "phone": f"+7 900 000-01-{people.index(names[0]):02d}",
            "note": "!" if index == 3 else None,
        }
        if closed and index == 4:
            values |= {"who": plan.language.banner, "backup": None, "phone": None}
        else:
            table.takes(duty(names[0], day, "duty"))
            if backup:
                table.takes(duty(names[1], day, "duty"))
        _row(plan, table, index + has_heads, values, columns)
        table.body.append(index + has_heads)
    return table


def joined_pairs(plan: Plan, people: list[str]) -> Table:
    """Date and two or three people in a cell, joined by a word or a sign; sometimes one."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    table = Table(days[0], days[-1])
    table.row(0, [numbers.choice(plan.language.heads["date"]), numbers.choice(plan.language.heads["who"])])
    joints = numbers.sample((plan.language.joint, " & ", " + ", " / ", ", ", "; "), 2)
    if plan.container == "csv":
        joints = [joint for joint in joints if joint != "; "] or [" / "]
    for row, (day, names) in enumerate(drawing.turns(people, days, numbers, 2).items(), 1):
        chosen = names if row % 4 else names[:1]
        table.put(row, 0, drawing.full_date(plan.dates, day, plan.language))
        table.put(row, 1, joints[row % len(joints)].join(chosen))
        table.body.append(row)
        for name in chosen:
            table.takes(duty(name, day, "duty"))
    return table


def periods(plan: Plan, people: list[str]) -> Table:
    """First and last day, and who: weeks that follow each other."""
    numbers = plan.random("shape")
    first = drawing.month(plan)[0]
    length = numbers.choice((3, 7, 7))
    table = Table(first, first + timedelta(days=length * 6 - 1))
    table.row(0, [numbers.choice(plan.language.heads[key]) for key in ("start", "end", "who")])
    for row in range(1, 7):
        begin = first + timedelta(days=length * (row - 1))
        end = begin + timedelta(days=length - 1)
        name = people[row % len(people)]
        table.row(row, [drawing.full_date(plan.dates, day, plan.language) for day in (begin, end)] + [name])
        table.body.append(row)
        for offset in range(length):
            table.takes(duty(name, begin + timedelta(days=offset), "duty"))
    return table


def start_and_end(plan: Plan, people: list[str]) -> Table:
    """Moments: date and time of start and end."""
    numbers = plan.random("shape")
    days = drawing.month(plan)[:14]
    table = Table(days[0], days[-1] + timedelta(days=1))
    split = numbers.random() < 0.4
    names = drawing.turns(people, days, numbers)
    start, end = numbers.choice((("09:00", "09:00"), ("20:00", "08:00"), ("18:00", "09:00")))
    heads = plan.language.heads
    head = [numbers.choice(heads[key]) for key in ("start", "end", "who")]
    if split:
        head = [heads["date"][0], heads["start"][0], heads["end"][0], head[2]]
    table.row(0, head)
    for row, day in enumerate(days, 1):
        after = day + timedelta(days=1)
        name = names[day][0]
        shown = f"{day:%d.%m.%Y}" if plan.dates in ("number", "dotted", "words") else day.isoformat()
        later = f"{after:%d.%m.%Y}" if plan.dates in ("number", "dotted", "words") else after.isoformat()
        if split:
            table.row(row, [shown, start, end, name])
        else:
            table.row(row, [f"{shown} {start}", f"{later} {end}", name])
        table.body.append(row)
        table.truth.append(Duty(name, f"{day}T{start}", f"{after}T{end}"))
    return table


def with_types(plan: Plan, people: list[str]) -> Table:
    """Date, name and what it is: a shift, a leave."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    codes = drawing.book(plan, numbers)
    cells = drawing.rota(people, days, codes, numbers)
    table = Table(days[0], days[-1], codes=codes)
    type_head = {"ru": "Смена", "uk": "Зміна", "en": "Shift", "de": "Schicht", "pl": "Zmiana", "fi": "Vuoro"}
    who = numbers.choice(plan.language.heads["who"])
    table.row(0, [numbers.choice(plan.language.heads["date"]), who, type_head[plan.lang]])
    for row, ((name, day), code) in enumerate(sorted(cells.items(), key=lambda item: (item[0][1], item[0][0])), 1):
        shown = int(code) if code.isdecimal() else code
        table.row(row, [drawing.full_date(plan.dates, day, plan.language), name, shown])
        table.body.append(row)
        table.takes(duty(name, day, codes[code]))
    return table


def days_of_a_person(plan: Plan, people: list[str]) -> Table:
    """A row a person, with the numbers of all days in one cell."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    if len(days) < 20:
        days = drawing.month(Plan(plan.seed, plan.shape, plan.lang, days=31))
    columns = ["number"] * plan.has("numbering") + ["name", "days"] + ["phone"] * plan.has("phone")
    table = Table(days[0], days[-1], needs="month")
    table.row(0, [numbers.choice(plan.language.heads[column]) for column in columns])
    joint = numbers.choice((", ", ".", "; " if plan.container != "csv" else ", ", ","))
    own: dict[str, list[date]] = {name: [] for name in people}
    for day, names in drawing.turns(people, days, numbers).items():
        own[names[0]].append(day)
        table.takes(duty(names[0], day, "duty"))
    for row, (name, mine) in enumerate(own.items(), 1):
        listed = joint.join(str(day.day) for day in mine)
        values = {"number": row, "name": name, "days": listed, "phone": f"+7 900 000-00-{row:02d}"}
        _row(plan, table, row, values, columns)
        table.body.append(row)
    return table


def calendar_export(plan: Plan, people: list[str]) -> Table:
    """What Google Calendar and Outlook save as a table."""
    numbers = plan.random("shape")
    first = drawing.month(plan)[0]
    table = Table(first, first + timedelta(days=42))
    head = ["Subject", "Start Date", "Start Time", "End Date", "End Time", "All Day Event", "Description", "Location"]
    table.row(0, head)
    title = numbers.choice(("On call: {name}", "{name} on call", "{name}", "{name} - on-call"))
    for row in range(1, 7):
        begin = first + timedelta(days=7 * (row - 1))
        end = begin + timedelta(days=7)
        name = people[row % len(people)]
        dates = [f"{day.month}/{day.day}/{day.year}" for day in (begin, end)]
        table.row(row, [title.format(name=name), dates[0], "9:00 AM", dates[1], "9:00 AM", "False"])
        table.truth.append(Duty(name, f"{begin}T09:00", f"{end}T09:00"))
        table.body.append(row)
    return table


SHAPES = (one_a_day, joined_pairs, periods, start_and_end, with_types, days_of_a_person, calendar_export)
