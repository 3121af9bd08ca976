"""A page: tables, and what stands around them that is no duty."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from tests.importers.grammar import drawing
from tests.importers.grammar.plan import Duty, Plan, Table
from tests.importers.grammar.shapes import SHAPES

BESIDE = ("grid_month_grid", "grid_days_down", "list_one_a_day", "names_roles_across", "grid_without_sundays")
"""Shapes that are narrow or usual enough to have a neighbour."""


@dataclass
class Page:
    """A sheet to be written.

    Attributes:
        name: On its tab.
        cells: (row, column) → value, counted from 0.
        merges: First row and column, last row and column.
        hidden_rows: Not shown.
    """

    name: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)

    @property
    def height(self) -> int:
        return max((row for row, _ in self.cells), default=-1) + 1

    @property
    def width(self) -> int:
        return max((column for _, column in self.cells), default=-1) + 1

    def put(self, row: int, column: int, value: Any) -> None:
        self.cells[row, column] = value

    def take(self, table: Table, down: int, right: int) -> Table:
        moved = table.moved(down, right)
        self.cells |= moved.cells
        self.merges += moved.merges
        self.hidden_rows |= moved.hidden_rows
        return moved


@dataclass(frozen=True)
class Case:
    """A file and what a sensible person reads in it.

    Attributes:
        plan: What it was drawn from.
        pages: Its sheets.
        file_name: Its name; may say the month.
        truth: All shifts.
        codes: What is answered about a code or a heading.
        first: The first day, where something asks for a year, a month or a week.
    """

    plan: Plan
    pages: tuple[Page, ...]
    file_name: str
    truth: tuple[Duty, ...]
    codes: dict[str, str]
    first: date


def _title(plan: Plan, table: Table, topic: str) -> tuple[str, str, str]:
    """Draws a title that says what the table leaves open; returns title, name of the sheet, name of the file."""
    numbers = plan.random(f"title{topic}")
    language = plan.language
    month, year = language.months[table.first.month - 1], str(table.first.year)
    values = {
        "month": month.upper() if numbers.random() < 0.2 else month,
        "year": year,
        "first": f"{table.first:%d.%m.%Y}",
        "last": f"{table.last:%d.%m.%Y}",
    }
    periods = [title for title in language.titles if "{first}" in title]
    if table.needs == "period" or (plan.dates == "number" and numbers.random() < 0.1):
        title = numbers.choice(periods)
    else:
        title = numbers.choice([title for title in language.titles if "{first}" not in title])
    title = title.format(**values)
    if table.needs in ("month", "year") and not topic and numbers.random() < 0.2:
        place = numbers.choice(("sheet", "file"))
        if place == "file" or plan.container == "csv":
            return "", "", f"{month}_{year}"
        return "", f"{month} {year}", ""
    return title, "", ""


def build(plan: Plan) -> Case:
    """Draws everything a plan leaves open."""
    people = drawing.team(plan)
    table = SHAPES[plan.shape](plan, people)
    title, sheet_name, file_name = _title(plan, table, "")
    numbers = plan.random("page")
    page = Page(sheet_name or numbers.choice(("Sheet1", "Лист1", "Tabelle1", "Rota")))
    left = 1 if plan.has("gap_column") else 0
    row = _above(plan, page, table, title, left)
    placed = page.take(table, row, left)
    pages, truth, codes = [page], [*table.truth], dict(table.codes)
    if plan.neighbour and plan.shape in BESIDE and (plan.neighbour, plan.container) != ("sheet", "csv"):
        other, extra = _neighbour(plan, table, people)
        truth += other.truth
        codes |= other.codes
        if plan.neighbour == "beside":
            page.take(other, row, page.width + 1)
        else:
            target = page if plan.neighbour == "below" else Page("2")
            top = target.height + 1 if target.cells else 0
            target.put(top, left, extra)
            target.take(other, top + 1, left)
            if target is not page:
                pages.append(target)
    _hidden(plan, page, placed)
    _beside(plan, page, placed, people)
    _below(plan, page, codes, left)
    if plan.has("staff_sheet") and plan.container != "csv":
        pages.append(_staff(plan, people))
    name = f"{file_name or 'roster'}.{plan.container}"
    return Case(plan, tuple(pages), name, tuple(sorted(truth)), codes, table.first)


_MAKERS = ("Prepared by April Jones", "Dr. June Carter", "Составила Марта Белова", "Jan Nowak, tel. 204", "J. May")
"""Who made or keeps a roster: people whose names are months."""


def _above(plan: Plan, page: Page, table: Table, title: str, left: int) -> int:
    """Writes lines above a table; returns the row after them."""
    numbers = plan.random("above")
    row = numbers.choice((0, 0, 1))
    if plan.has("approval"):
        shown = table.first - timedelta(days=numbers.randint(5, 20))
        text = numbers.choice(plan.language.approvals)
        if numbers.random() < 0.3:
            page.put(row, left, text.split(":")[0].replace("{date}", "").strip())
            page.put(row, left + 1, shown)
        else:
            written = f"{shown:%d.%m.%Y}" if numbers.random() < 0.6 else plan.language.words_of(shown)
            page.put(row, left, text.format(date=written))
        row += 1
    if title and (table.needs or plan.has("title")):
        page.put(row, left, title)
        if plan.has("title_merged"):
            page.merges.append((row, left, row, left + max(1, table.width - 1)))
        row += 1
        if plan.has("maker"):
            page.put(row, left, plan.random("maker").choice(_MAKERS))
            row += 1
        row += numbers.choice((0, 0, 1))
    elif row and page.cells:
        row += 1
    return row


def _neighbour(plan: Plan, table: Table, people: list[str]) -> tuple[Table, str]:
    """Draws the table of another team for the same days, and the line above it."""
    twin = replace(plan, people=max(2, plan.people - 1))
    surnames = {word for name in people for word in name.split()}
    others = [name for name in drawing.team(twin, "other", size=16) if not surnames & set(name.split())][: twin.people]
    other = SHAPES[plan.shape](twin, others)
    month = plan.language.months[table.first.month - 1]
    return other, f"{plan.language.groups[-1]}, {month} {table.first.year}"


def _hidden(plan: Plan, page: Page, table: Table) -> None:
    """Hides a row of the table: what it holds is asked about, not read in silence."""
    if plan.has("hidden") and table.body and plan.container == "xlsx":
        page.hidden_rows.add(table.body[len(table.body) // 2])


def _beside(plan: Plan, page: Page, table: Table, people: list[str]) -> None:
    """Writes what stands to the right, after an empty column."""
    numbers = plan.random("beside")
    heads = plan.language.heads
    column = page.width + 1
    if plan.has("side_table") and table.body:
        top = max(0, min(table.body) - 1)
        shown = [*people, drawing.team(plan, "idle", 1)[0]]
        for offset, value in enumerate((heads["name"][-1], heads["short"][0], heads["count"][0])):
            page.put(top, column + offset, value)
        for row, name in enumerate(shown, top + 1):
            page.put(row, column, name)
            page.put(row, column + 1, "".join(word[0] for word in name.split()))
            page.put(row, column + 2, numbers.randint(2, 9))
        column = page.width + 1
    if plan.has("legend_beside") and table.body:
        codes = {code: meaning for code, meaning in table.codes.items() if meaning in plan.language.meanings}
        for row, (code, meaning) in enumerate(codes.items(), min(table.body)):
            page.put(row, column, code)
            page.put(row, column + 1, plan.language.meanings[meaning])


def _below(plan: Plan, page: Page, codes: dict[str, str], left: int) -> None:
    """Writes what stands below, after an empty row."""
    numbers = plan.random("below")
    row = page.height + 1
    shown = {code: meaning for code, meaning in codes.items() if meaning in plan.language.meanings}
    if plan.has("legend_below") and shown:
        page.put(row, left, numbers.choice(plan.language.legends))
        style = numbers.choice(("dash", "cells"))
        for code, meaning in shown.items():
            row += 1
            if style == "dash":
                page.put(row, left, f"{code} - {plan.language.meanings[meaning]}")
            else:
                page.put(row, left, code)
                page.put(row, left + 1, plan.language.meanings[meaning])
        row += 2
    if plan.has("signature"):
        page.put(row, left, numbers.choice(plan.language.signatures))


def _staff(plan: Plan, people: list[str]) -> Page:
    """Writes a sheet of people and phones."""
    page = Page("Staff")
    for column, head in enumerate(("name", "phone", "job")):
        page.put(0, column, plan.language.heads[head][0])
    for row, name in enumerate(people, 1):
        page.put(row, 0, name)
        page.put(row, 1, f"+7 900 000-00-{row:02d}")
    return page
