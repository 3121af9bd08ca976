"""Tables of codes: people and days, and a code where they meet."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any

from tests.importers.grammar import drawing
from tests.importers.grammar.plan import Plan, Table, duty


def _code(text: str) -> Any:
    return int(text) if text.isdecimal() else text


def _head(plan: Plan, days: Sequence[date]) -> list[Any]:
    return [drawing.day_head(plan.dates, day, plan.language) for day in days]


def _weekdays(plan: Plan, days: Sequence[date]) -> list[str]:
    return [plan.language.weekdays[day.weekday()] for day in days]


def _facts(plan: Plan, numbers: Random) -> list[str]:
    """Draws the columns before the days, the names among them."""
    facts = ["name"]
    if plan.has("numbering"):
        facts.insert(0, "number")
    if plan.has("tab_number"):
        facts.insert(numbers.choice((0, len(facts))), "tab")
    facts += [fact for fact in ("job", "phone") if plan.has(fact)]
    return facts


def _fact(plan: Plan, fact: str, name: str, index: int) -> Any:
    jobs = {"ru": "врач", "uk": "лікар", "en": "Engineer", "de": "Pfleger", "pl": "lekarz", "fi": "hoitaja"}
    return {
        "name": name,
        "number": index + 1,
        "tab": 10231 + 7 * index,
        "job": jobs[plan.lang],
        "phone": f"+7 900 000-00-{index:02d}",
    }[fact]


def _heads(plan: Plan, facts: Sequence[str], numbers: Random) -> list[str]:
    return [numbers.choice(plan.language.heads[fact]) for fact in facts]


def _filled(
    plan: Plan, people: Sequence[str], days: Sequence[date], numbers: Random
) -> tuple[Table, dict[tuple[str, date], str]]:
    """Draws codes and who has them; the table has the truth and no cell yet."""
    codes = drawing.book(plan, numbers)
    cells = drawing.rota([*people], [*days], codes, numbers)
    table = Table(days[0], days[-1], codes=codes)
    for (name, day), code in sorted(cells.items()):
        table.takes(duty(name, day, codes[code]))
    return table, cells


def _block(
    plan: Plan,
    table: Table,
    people: Sequence[str],
    days: Sequence[date],
    cells: dict[tuple[str, date], str],
    numbers: Random,
    top: int = 0,
    heads: Sequence[str] = (),
) -> int:
    """Writes people down and days across; returns the row after them."""
    facts = _facts(plan, plan.random("facts"))
    left = len(facts)
    row = top
    weekdays = plan.has("weekday_row") and plan.dates in ("number", "dotted", "native")
    if weekdays and numbers.random() < 0.3:
        table.row(row, _weekdays(plan, days), left)
        row, weekdays = row + 1, False
    table.row(row, [*(heads or _heads(plan, facts, numbers))])
    table.row(row, _head(plan, days), left)
    row += 1
    if weekdays:
        table.row(row, _weekdays(plan, days), left)
        row += 1
    if plan.has("total_column"):
        table.put(top, left + len(days), plan.random("total").choice(plan.language.totals))
    half = len(people) // 2
    for index, name in enumerate(people):
        if plan.has("groups") and index in (0, half) and len(people) > 2:
            table.put(row, 0, plan.language.groups[0 if index == 0 else 1])
            row += 1
        if plan.has("gap_row") and index == half and not plan.has("groups"):
            row += 1
        if plan.has("repeated_header") and index == half and half:
            table.row(row, _head(plan, days), left)
            row += 1
        table.row(row, [_fact(plan, fact, name, index) for fact in facts])
        table.row(row, [_code(cells.get((name, day), "")) for day in days], left)
        if plan.has("total_column"):
            table.put(row, left + len(days), sum((name, day) in cells for day in days))
        table.body.append(row)
        row += 1
    table.days = [*range(left, left + len(days))]
    return row


def month_grid(plan: Plan, people: list[str]) -> Table:
    """People down, the days of a month across."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    table, cells = _filled(plan, people, days, numbers)
    table.needs = drawing.HEAD_NEEDS[plan.dates]
    end = _block(plan, table, people, days, cells, numbers)
    if plan.has("total_row"):
        table.put(end, 0, numbers.choice(plan.language.totals))
        for offset, day in enumerate(days):
            table.put(end, table.days[offset], sum((name, day) in cells for name in people))
    return table


def without_sundays(plan: Plan, people: list[str]) -> Table:
    """A month without its Sundays, or of working days only."""
    numbers = plan.random("shape")
    free = numbers.choice(((6,), (5, 6)))
    days = [day for day in drawing.month(plan) if day.weekday() not in free]
    table, cells = _filled(plan, people, days, numbers)
    table.needs = drawing.HEAD_NEEDS[plan.dates]
    _block(plan, table, people, days, cells, numbers)
    return table


def over_two_months(plan: Plan, people: list[str]) -> Table:
    """From the middle of a month to the middle of the next."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    first = days[0].replace(day=numbers.choice((15, 16, 21)))
    days = [date.fromordinal(first.toordinal() + offset) for offset in range(min(plan.days, 30))]
    table, cells = _filled(plan, people, days, numbers)
    table.needs = "period" if drawing.HEAD_NEEDS[plan.dates] == "month" else drawing.HEAD_NEEDS[plan.dates]
    _block(plan, table, people, days, cells, numbers)
    return table


def halves_stacked(plan: Plan, people: list[str]) -> Table:
    """1–15 and 16–31 below each other, each with its people."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    days = days if len(days) > 20 else drawing.month(plan, "other month")
    table, cells = _filled(plan, people, days, numbers)
    table.needs = drawing.HEAD_NEEDS[plan.dates]
    middle = 15 if len(days) > 20 else len(days) // 2
    end = _block(plan, table, people, days[:middle], cells, numbers)
    _block(plan, table, people, days[middle:], cells, numbers, end + numbers.choice((0, 1, 2)))
    return table


def weeks_stacked(plan: Plan, people: list[str]) -> Table:
    """A week a block: from Monday to Sunday, dated."""
    numbers = plan.random("shape")
    style = plan.dates if drawing.HEAD_NEEDS[plan.dates] != "month" else "dotted"
    dated = Plan(plan.seed, plan.shape, plan.lang, plan.container, plan.people, plan.days, style, plan.noise)
    first = drawing.month(plan)[0]
    first = date.fromordinal(first.toordinal() - first.weekday())
    days = [date.fromordinal(first.toordinal() + offset) for offset in range(7 * numbers.randint(2, 4))]
    table, cells = _filled(plan, people, days, numbers)
    table.needs = drawing.HEAD_NEEDS[style]
    row = 0
    for begin in range(0, len(days), 7):
        row = _block(dated, table, people, days[begin : begin + 7], cells, numbers, row) + 1
    return table


def months_stacked(plan: Plan, people: list[str]) -> Table:
    """Two months below each other, each under its title."""
    numbers = plan.random("shape")
    days = [day for day in drawing.month(plan) if True]
    after = date.fromordinal(days[0].toordinal() + 31).replace(day=1)
    more = [date.fromordinal(after.toordinal() + offset) for offset in range(len(days))]
    more = [day for day in more if day.month == after.month]
    table, cells = _filled(plan, people, [*days, *more], numbers)
    row = 0
    for part in (days, more):
        table.put(row, 0, f"{plan.language.months[part[0].month - 1]} {part[0].year}")
        row = _block(plan, table, people, part, cells, numbers, row + 1) + 1
    return table


def days_down(plan: Plan, people: list[str]) -> Table:
    """Days down, people across."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    table, cells = _filled(plan, people, days, numbers)
    table.needs = drawing.HEAD_NEEDS[plan.dates]
    weekdays = plan.has("weekday_row") and plan.dates in ("number", "dotted", "native")
    left = 1 + weekdays
    table.put(0, 0, numbers.choice(plan.language.heads["date"]))
    if weekdays:
        table.put(0, 1, numbers.choice(plan.language.heads["weekday"]))
    table.row(0, people, left)
    for row, day in enumerate(days, 1):
        table.put(row, 0, drawing.day_head(plan.dates, day, plan.language))
        if weekdays:
            table.put(row, 1, plan.language.weekdays[day.weekday()])
        table.row(row, [_code(cells.get((name, day), "")) for name in people], left)
        table.body.append(row)
    return table


def from_to_per_person(plan: Plan, people: list[str]) -> Table:
    """Days down; each person has a column from, a column to and maybe one of hours."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    spans = dict.fromkeys(numbers.sample(drawing.HOURS, 2))
    codes = {hours: hours for hours in spans}
    cells = drawing.rota(people, days, codes, numbers)
    table = Table(days[0], days[-1], needs=drawing.HEAD_NEEDS[plan.dates])
    parts = ["start", "end", "hours"][: numbers.choice((2, 3))]
    table.put(0, 0, numbers.choice(plan.language.heads["date"]))
    heads = [numbers.choice(plan.language.heads[part]) for part in parts]
    for index, name in enumerate(people):
        column = 1 + index * len(parts)
        table.put(0, column, name)
        table.merges.append((0, column, 0, column + len(parts) - 1))
        table.row(1, heads, column)
        for row, day in enumerate(days, 2):
            if hours := cells.get((name, day)):
                start, end = hours.split("-")
                length = (int(end[:2]) * 60 + int(end[3:]) - int(start[:2]) * 60 - int(start[3:])) % 1440 / 60
                table.row(row, [start, end, length][: len(parts)], column)
                table.takes(duty(name, day, hours))
    for row, day in enumerate(days, 2):
        table.put(row, 0, drawing.day_head(plan.dates, day, plan.language))
        table.body.append(row)
    return table


def day_and_night_columns(plan: Plan, people: list[str]) -> Table:
    """Each day spans two columns, day and night, with a sign in the cells."""
    numbers = plan.random("shape")
    days = drawing.month(plan)[: numbers.choice((7, 14, 31))]
    sign = numbers.choice(("+", "x", "1"))
    day_word, night_word = plan.language.parts[0]
    table = Table(days[0], days[-1], needs=drawing.HEAD_NEEDS[plan.dates])
    table.codes = {sign: "duty", day_word: "day", night_word: "night"}
    table.put(0, 0, numbers.choice(plan.language.heads["name"]))
    lower = numbers.random() < 0.5
    for offset, day in enumerate(days):
        column = 1 + 2 * offset
        table.put(0, column, drawing.day_head(plan.dates, day, plan.language))
        table.merges.append((0, column, 0, column + 1))
        table.row(1, [word.lower() if lower else word for word in (day_word, night_word)], column)
    for row, name in enumerate(people, 2):
        table.put(row, 0, name)
        table.body.append(row)
        for offset, day in enumerate(days):
            for part, meaning in enumerate(("day", "night")):
                if (offset * 2 + part + row) % max(3, len(people)) == 0:
                    table.put(row, 1 + 2 * offset + part, _code(sign))
                    table.takes(duty(name, day, meaning))
    return table


def start_end_columns(plan: Plan, people: list[str]) -> Table:
    """Each day spans start and end (and hours), with times in the cells."""
    numbers = plan.random("shape")
    days = drawing.month(plan)[: numbers.choice((7, 14))]
    hours = dict.fromkeys(numbers.sample(drawing.HOURS, 2))
    cells = drawing.rota(people, days, {text: text for text in hours}, numbers)
    parts = ["start", "end", "hours"][: numbers.choice((2, 3))]
    table = Table(days[0], days[-1], needs=drawing.HEAD_NEEDS[plan.dates])
    table.put(0, 0, numbers.choice(plan.language.heads["name"]))
    heads = [numbers.choice(plan.language.heads[part]) for part in parts]
    for offset, day in enumerate(days):
        column = 1 + len(parts) * offset
        table.put(0, column, drawing.day_head(plan.dates, day, plan.language))
        table.merges.append((0, column, 0, column + len(parts) - 1))
        table.row(1, heads, column)
        for row, name in enumerate(people, 2):
            if text := cells.get((name, day)):
                start, end = text.split("-")
                length = (int(end[:2]) * 60 + int(end[3:]) - int(start[:2]) * 60 - int(start[3:])) % 1440 / 60
                table.row(row, [start, end, length][: len(parts)], column)
                table.takes(duty(name, day, text))
    for row, name in enumerate(people, 2):
        table.put(row, 0, name)
        table.body.append(row)
    return table


def hours_below_the_name(plan: Plan, people: list[str]) -> Table:
    """Two rows a person: codes, and how many hours they are."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    letter = drawing.LETTERS[plan.lang]["duty"]
    cells = drawing.rota(people, days, {letter: "duty"}, numbers)
    table = Table(days[0], days[-1], needs=drawing.HEAD_NEEDS[plan.dates])
    table.codes = {letter: "duty", "24": "nothing"}
    table.put(0, 0, numbers.choice(plan.language.heads["name"]))
    table.row(0, _head(plan, days), 1)
    is_merged = numbers.random() < 0.5
    for index, name in enumerate(people):
        row = 1 + 2 * index
        table.put(row, 0, name)
        if is_merged:
            table.merges.append((row, 0, row + 1, 0))
        table.body += [row, row + 1]
        for offset, day in enumerate(days, 1):
            if (name, day) in cells:
                table.put(row, offset, letter)
                table.put(row + 1, offset, 24)
                table.takes(duty(name, day, "duty"))
    return table


def plan_and_fact(plan: Plan, people: list[str]) -> Table:
    """Two rows a person, plan and fact, with the name in the first or second."""
    numbers = plan.random("shape")
    days = drawing.month(plan)
    letter = drawing.LETTERS[plan.lang]["duty"]
    cells = drawing.rota(people, days, {letter: "duty"}, numbers)
    table = Table(days[0], days[-1], codes={letter: "duty"}, needs=drawing.HEAD_NEEDS[plan.dates])
    table.put(0, 0, numbers.choice(plan.language.heads["name"]))
    table.row(0, _head(plan, days), 2)
    named = numbers.choice((0, 1))
    labels = [plan.language.heads[part][0] for part in ("plan", "fact")]
    done = numbers.random() < 0.5
    for index, name in enumerate(people):
        row = 1 + 2 * index
        table.put(row + named, 0, name)
        table.put(row, 1, labels[0])
        table.put(row + 1, 1, labels[1])
        table.body += [row, row + 1]
        for offset, day in enumerate(days, 2):
            if (name, day) in cells:
                table.put(row, offset, letter)
                if done:
                    table.put(row + 1, offset, letter)
                table.takes(duty(name, day, "duty"))
    return table


def people_by_weeks(plan: Plan, people: list[str]) -> Table:
    """People down, weeks across (each by its Monday, below a heading that says so); a sign gives somebody the week.

    Without a word for weeks the Mondays could be days, too: that is asked, by a test of its own.
    """
    numbers = plan.random("shape")
    first = drawing.month(plan)[0]
    first = date.fromordinal(first.toordinal() - first.weekday())
    mondays = [date.fromordinal(first.toordinal() + 7 * offset) for offset in range(numbers.randint(4, 8))]
    sign = numbers.choice(("x", "+", drawing.LETTERS[plan.lang]["duty"]))
    style = numbers.choice(("native", "dotted_full", "iso"))
    table = Table(mondays[0], date.fromordinal(mondays[-1].toordinal() + 6), codes={sign: "duty"})
    table.put(0, 1, numbers.choice(plan.language.heads["week"]))
    table.put(1, 0, numbers.choice(plan.language.heads["name"]))
    for column, monday in enumerate(mondays, 1):
        table.put(1, column, {"native": monday, "iso": monday.isoformat()}.get(style, f"{monday:%d.%m.%Y}"))
        name = people[column % len(people)]
        table.put(people.index(name) + 2, column, sign)
        for offset in range(7):
            table.takes(duty(name, date.fromordinal(monday.toordinal() + offset), "duty"))
    for row, name in enumerate(people, 2):
        table.put(row, 0, name)
        table.body.append(row)
    return table


SHAPES = (
    month_grid,
    without_sundays,
    over_two_months,
    halves_stacked,
    weeks_stacked,
    months_stacked,
    days_down,
    from_to_per_person,
    day_and_night_columns,
    start_end_columns,
    hours_below_the_name,
    plan_and_fact,
    people_by_weeks,
)
