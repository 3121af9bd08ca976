"""Tables of weeks: weekdays across or down."""

from datetime import date, timedelta

from tests.importers.grammar import drawing
from tests.importers.grammar.plan import Plan, Table, duty


def _monday(plan: Plan) -> date:
    first = drawing.month(plan)[0]
    return first - timedelta(days=first.weekday())


def weeks_down(plan: Plan, people: list[str]) -> Table:
    """A row a week, by its Monday; a column a weekday, names in the cells."""
    numbers = plan.random("shape")
    first = _monday(plan)
    weeks = numbers.randint(3, 6)
    table = Table(first, first + timedelta(days=7 * weeks - 1))
    days = numbers.choice((plan.language.weekdays, plan.language.long_weekdays))
    table.row(0, [numbers.choice(plan.language.heads["week"]), *days])
    for row in range(1, weeks + 1):
        monday = first + timedelta(days=7 * (row - 1))
        table.put(row, 0, drawing.full_date(plan.dates, monday, plan.language))
        table.body.append(row)
        for offset in range(7):
            name = people[(row * 3 + offset // 2) % len(people)]
            table.put(row, 1 + offset, name)
            table.takes(duty(name, monday + timedelta(days=offset), "duty"))
    return table


def one_week(plan: Plan, people: list[str]) -> Table:
    """People down, weekdays across; the title says which week."""
    numbers = plan.random("shape")
    first = _monday(plan)
    days = [first + timedelta(days=offset) for offset in range(7)]
    codes = drawing.book(plan, numbers)
    cells = drawing.rota(people, days, codes, numbers)
    table = Table(days[0], days[-1], codes=codes, needs="period")
    table.row(0, [numbers.choice(plan.language.heads["name"]), *plan.language.weekdays])
    for row, name in enumerate(people, 1):
        table.put(row, 0, name)
        table.body.append(row)
        for column, day in enumerate(days, 1):
            if code := cells.get((name, day)):
                table.put(row, column, int(code) if code.isdecimal() else code)
                table.takes(duty(name, day, codes[code]))
    return table


def weekly_rotation(plan: Plan, people: list[str]) -> Table:
    """A row a week: its first day and who has it."""
    numbers = plan.random("shape")
    first = _monday(plan)
    table = Table(first, first + timedelta(days=55))
    table.row(0, [numbers.choice(plan.language.heads["week"]), numbers.choice(plan.language.heads["who"])])
    for row in range(1, 9):
        monday = first + timedelta(days=7 * (row - 1))
        name = people[row % len(people)]
        table.row(row, [drawing.full_date(plan.dates, monday, plan.language), name])
        table.body.append(row)
        for offset in range(7):
            table.takes(duty(name, monday + timedelta(days=offset), "duty"))
    return table


SHAPES = (weeks_down, one_week, weekly_rotation)
