"""Tables with people in their cells: days, and shifts or roles."""

from datetime import date
from typing import Any

from tests.importers.grammar import drawing
from tests.importers.grammar.plan import Plan, Table, duty

_THREE = ("08:00-16:00", "16:00-24:00", "00:00-08:00")


def _joined(plan: Plan, names: list[str], numbers: Any) -> str:
    joint = numbers.choice((plan.language.joint, " / ", ", ", " + ", " & ", "\n"))
    if joint == ", " and any("," in name for name in names):
        joint = " / "
    return joint.join(names)


def day_and_night(plan: Plan, people: list[str]) -> Table:
    """A row a day; a column for the day, one for the night; one or two people in a cell."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    table = Table(days[0], days[-1])
    head = plan.language.parts[0]
    table.codes = {head[0]: "day", head[1]: "night"}
    at_once = 2 if len(people) < 4 or numbers.random() < 0.6 else 4
    shown = numbers.random() < 0.4
    heads = [f"{word} ({hours})" for word, hours in zip(head, ("08:00-20:00", "20:00-08:00"), strict=True)]
    table.row(0, [numbers.choice(plan.language.heads["date"]), *(heads if shown else head)])
    style = plan.random("joint").random()
    for row, (day, names) in enumerate(drawing.turns(people, days, numbers, at_once).items(), 1):
        table.put(row, 0, drawing.full_date(plan.dates, day, plan.language))
        half = at_once // 2
        for column, (part, meaning) in enumerate(((names[:half], "day"), (names[half:], "night")), 1):
            table.put(row, column, _joined(plan, part, plan.random(f"joint{style}")))
            for name in part:
                table.takes(duty(name, day, meaning))
        table.body.append(row)
    return table


def three_shifts(plan: Plan, people: list[str]) -> Table:
    """A row a day; columns morning, evening and night, with their hours asked or written."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    table = Table(days[0], days[-1])
    heads = [*plan.language.parts[1]]
    written = numbers.random() < 0.5
    if written:
        heads = [f"{word} {hours}" for word, hours in zip(heads, _THREE, strict=True)]
    else:
        table.codes = dict(zip(heads, _THREE, strict=True))
    table.row(0, [numbers.choice(plan.language.heads["date"]), *heads])
    at_once = min(3, len(people))
    for row, (day, names) in enumerate(drawing.turns(people, days, numbers, at_once).items(), 1):
        table.put(row, 0, drawing.full_date(plan.dates, day, plan.language))
        for column, (name, hours) in enumerate(zip(names, _THREE, strict=False), 1):
            table.put(row, column, name)
            table.takes(duty(name, day, hours))
        table.body.append(row)
    return table


def roles_across(plan: Plan, people: list[str]) -> Table:
    """A row a day; columns first and second on call."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    table = Table(days[0], days[-1])
    table.row(0, [numbers.choice(plan.language.heads["date"]), *plan.language.roles])
    for row, (day, names) in enumerate(drawing.turns(people, days, numbers, 2).items(), 1):
        table.row(row, [drawing.full_date(plan.dates, day, plan.language), *names])
        table.body.append(row)
        for name in names:
            table.takes(duty(name, day, "duty"))
    return table


def roles_down(plan: Plan, people: list[str]) -> Table:
    """Days across; rows first and second on call, names in the cells, each day or merged over several."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    table = Table(days[0], days[-1], needs=drawing.HEAD_NEEDS[plan.dates])
    table.row(0, [drawing.day_head(plan.dates, day, plan.language) for day in days], 1)
    spans = numbers.random() < 0.4 and plan.container != "csv"
    for row, role in enumerate(plan.language.roles, 1):
        table.put(row, 0, role)
        table.body.append(row)
        step = 7 if spans else 1
        for begin in range(0, len(days), step):
            part = days[begin : begin + step]
            name = people[(begin // step + row) % len(people)]
            table.put(row, 1 + begin, name)
            if len(part) > 1:
                table.merges.append((row, 1 + begin, row, begin + len(part)))
            for day in part:
                table.takes(duty(name, day, "duty"))
    return table


def merged_date_of_pairs(plan: Plan, people: list[str]) -> Table:
    """A date over two rows, one person in each."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    table = Table(days[0], days[-1])
    table.row(0, [numbers.choice(plan.language.heads["date"]), numbers.choice(plan.language.heads["who"])])
    for offset, (day, names) in enumerate(drawing.turns(people, days, numbers, 2).items()):
        row = 1 + 2 * offset
        table.put(row, 0, drawing.full_date(plan.dates, day, plan.language))
        table.merges.append((row, 0, row + 1, 0))
        for below, name in enumerate(names):
            table.put(row + below, 1, name)
            table.takes(duty(name, day, "duty"))
            table.body.append(row + below)
    return table


def hours_in_brackets(plan: Plan, people: list[str]) -> Table:
    """Two people share a day, each with hours in brackets."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    table = Table(days[0], days[-1])
    table.row(0, [numbers.choice(plan.language.heads["date"]), numbers.choice(plan.language.heads["who"])])
    joint = numbers.choice((", ", "\n", " / ", plan.language.joint))
    for row, (day, names) in enumerate(drawing.turns(people, days, numbers, 2).items(), 1):
        halves = list(zip(names, ("08:00-20:00", "20:00-08:00"), strict=True))
        table.put(row, 0, drawing.full_date(plan.dates, day, plan.language))
        table.put(row, 1, joint.join(f"{name} ({hours})" for name, hours in halves))
        table.body.append(row)
        for name, hours in halves:
            table.takes(duty(name, day, hours))
    return table


def phones_beside(plan: Plan, people: list[str]) -> Table:
    """Day and night with two people each, and a column of their phones beside either."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    table = Table(days[0], days[-1])
    words, phone = plan.language.parts[0], numbers.choice(plan.language.heads["phone"])
    table.codes = {words[0]: "day", words[1]: "night"}
    table.row(0, [numbers.choice(plan.language.heads["date"]), words[0], phone, words[1], phone])
    phones = {name: f"70000000{index}" for index, name in enumerate(people)}
    for row, (day, names) in enumerate(drawing.turns(people, days, numbers, 2).items(), 1):
        table.put(row, 0, drawing.full_date(plan.dates, day, plan.language))
        for part, meaning in enumerate(("day", "night")):
            table.put(row, 1 + 2 * part, names[part])
            table.put(row, 2 + 2 * part, phones[names[part]])
            table.takes(duty(names[part], day, meaning))
        table.body.append(row)
    return table


def calendar_page(plan: Plan, people: list[str]) -> Table:
    """A page of a calendar: weekdays across, the number of each day, and below it who is on duty."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    first: date = days[0]
    table = Table(days[0], days[-1], needs="month")
    table.row(0, [*numbers.choice((plan.language.weekdays, plan.language.long_weekdays))])
    for day, names in drawing.turns(people, days, numbers).items():
        week = (day.day - 1 + first.weekday()) // 7
        table.put(1 + 2 * week, day.weekday(), day.day)
        table.put(2 + 2 * week, day.weekday(), names[0])
        table.takes(duty(names[0], day, "duty"))
    return table


SHAPES = (
    day_and_night,
    three_shifts,
    roles_across,
    roles_down,
    merged_date_of_pairs,
    hours_in_brackets,
    phones_beside,
    calendar_page,
)
