"""What is asked: codes, years and months, each once, with an example."""

import json
import tracemalloc
from datetime import date, time

import pytest

from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.duty_schedule import (
    Answers,
    Meaning,
    MeaningKind,
    ParsedRoster,
    Question,
    RosterCells,
    RosterFileError,
    fold_code,
    fold_name,
    parse_codes,
    parse_duty_schedule,
    read_roster_file,
)
from tests.importers.builders import MOSCOW, grid, ru, workbook

MARCH = date(2025, 3, 1)
KINDS = ("duty", "day", "night", "times", "vacation", "sick", "unavailable", "nothing")


def read(*people: tuple[str, dict[int, object]], title: str | None = "Март 2025", weekday: bool = False) -> RosterCells:
    table = grid(MARCH, 31, dict(people), title=title, weekday=ru if weekday else None)
    return read_roster_file(workbook(Лист1=table))


def test_each_code_is_asked_once_whatever_its_letters_and_case() -> None:
    cells = read(("Алиса", {1: "Х", 2: "x", 3: "Д", 4: 8, 5: "8"}), ("Даниил", {6: "X", 7: 12.5, 8: "8-20"}))

    questions = parse_duty_schedule(cells, rules=MOSCOW, answers=Answers())

    assert questions == (
        Question("code", "Х", "Лист1!B3", 3, KINDS),
        Question("code", "Д", "Лист1!D3", 1, KINDS),
        Question("code", "8", "Лист1!E3", 2, KINDS),
        Question("code", "12.5", "Лист1!H4", 1, KINDS),
        Question("code", "8-20", "Лист1!I4", 1, ("08:00-20:00", *KINDS)),
    )


@pytest.mark.parametrize(
    ("text", "kind", "hours"),
    [
        ("дежурство", "duty", 24),
        ("On call", "duty", 24),
        ("ДЕНЬ", "duty", 12),
        ("night", "duty", 12),
        ("1400-2200", "duty", 8),
        ("8:00-20:00", "duty", 12),
        ("8.00–20.00", "duty", 12),
        ("20:00-24:00", "duty", 4),
        ("00:00-24:00", "duty", 24),
        ("22:00 - 06:00", "duty", 8),
        ("9am-5:30pm", "duty", 8.5),
        ("с 8:00 до 16:00", "duty", 8),
        ("Отпуск", "vacation", 24),
        ("annual leave", "vacation", 24),
        ("больничный", "sick", 24),
        ("sick", "sick", 24),
    ],
)
def test_words_and_times_are_taken_without_asking(text: str, kind: str, hours: float) -> None:
    roster = parse_duty_schedule(read(("Алиса", {10: text})), rules=MOSCOW, answers=Answers())

    assert isinstance(roster, ParsedRoster)
    assert [(shift.event_type, (shift.end - shift.start).total_seconds() / 3600) for shift in roster.shifts] == [
        (kind, hours)
    ]


@pytest.mark.parametrize("text", ["OFF", "выходной", "day off"])
def test_a_day_off_is_no_shift(text: str) -> None:
    roster = parse_duty_schedule(read(("Алиса", {10: text})), rules=MOSCOW, answers=Answers())

    assert isinstance(roster, ParsedRoster)
    assert (roster.shifts, roster.names) == ((), ("Алиса",))


def test_the_table_of_the_json_format_is_not_applied_to_workbooks() -> None:
    questions = parse_duty_schedule(read(("Алиса", {1: "В", 2: "Н", 3: "О", 4: "Б"})), rules=MOSCOW, answers=Answers())

    assert isinstance(questions, tuple)
    assert [question.subject for question in questions] == ["В", "Н", "О", "Б"]


def test_answers_turn_codes_into_shifts() -> None:
    cells = read(("Алиса", {1: "С", 2: "Д", 3: "Н", 4: "Z", 5: "x"}))

    roster = parse_duty_schedule(
        cells, rules=MOSCOW, answers=Answers(parse_codes("с=duty,Д=day, Н=night ,z=08:00-16:30,Х=nothing"))
    )

    assert isinstance(roster, ParsedRoster)
    assert [f"{shift.start:%d %H:%M}-{shift.end:%d %H:%M}" for shift in roster.shifts] == [
        "01 06:00-02 06:00",
        "02 05:00-02 17:00",
        "03 17:00-04 05:00",
        "04 05:00-04 13:30",
    ]


def test_missing_year_offers_the_years_whose_weekdays_fit() -> None:
    cells = read(("Алиса", {1: "дежурство"}), title="Март", weekday=True)

    questions = parse_duty_schedule(cells, rules=MOSCOW, answers=Answers())

    assert (cells.first_day, cells.last_day, cells.entries) == (None, None, ())
    assert isinstance(questions, tuple)
    (question,) = questions
    assert (question.kind, question.subject, question.example, question.count) == ("year", "3", "Лист1!B2", 1)
    assert question.nearest_years(2026) == ("2025", "2031", "2036")


def test_answered_year_dates_the_table_and_a_wrong_one_is_refused() -> None:
    cells = read(("Алиса", {1: "дежурство"}), title="Март", weekday=True)

    roster = parse_duty_schedule(cells, rules=MOSCOW, answers=Answers().answered("year", "3", "2025"))
    with pytest.raises(RosterFileError) as refused:
        parse_duty_schedule(cells, rules=MOSCOW, answers=Answers(year=2026))

    assert isinstance(roster, ParsedRoster)
    assert (roster.first_day, roster.last_day) == (MARCH, date(2025, 3, 31))
    assert refused.value.text("en") == (
        "Лист1!B3: this says “Сб”, but by its date it is Sun 1 Mar 2026. Check the month, the year or the weekdays."
    )


def test_answered_year_goes_on_after_december() -> None:
    data = workbook(
        Декабрь=grid(date(2025, 12, 1), 31, {"Алиса": {1: "дежурство"}}),
        Январь=grid(date(2026, 1, 1), 31, {"Алиса": {1: "дежурство"}}),
    )

    roster = parse_duty_schedule(data, "x.xlsx", MOSCOW, Answers(year=2025))

    assert isinstance(roster, ParsedRoster)
    assert (roster.first_day, roster.last_day) == (date(2025, 12, 1), date(2026, 1, 31))


def test_missing_month_is_asked_for_each_table() -> None:
    cells = read(("Алиса", {1: "Д"}), title="График на 2025 год", weekday=True)

    questions = parse_duty_schedule(cells, rules=MOSCOW, answers=Answers())
    roster = parse_duty_schedule(
        cells, rules=MOSCOW, answers=Answers(parse_codes("Д=duty")).answered("month", "Лист1!B2", "3")
    )

    assert questions == (
        Question("month", "Лист1!B2", "Лист1!B2", 1, ("2", "3", "11")),
        Question("code", "Д", "Лист1!B4", 1, KINDS),
    )
    assert isinstance(roster, ParsedRoster)
    assert roster.first_day == MARCH


@pytest.mark.parametrize(
    ("last", "months"),
    [(28, range(1, 13)), (29, range(1, 13)), (30, (1, *range(3, 13))), (31, (1, 3, 5, 7, 8, 10, 12))],
)
def test_months_offered_have_every_day_that_is_filled(last: int, months: tuple[int, ...]) -> None:
    cells = read(("Алиса", {1: "дежурство", last: "дежурство"}), title="График")

    (question,) = parse_duty_schedule(cells, rules=MOSCOW, answers=Answers())  # type: ignore[misc]

    assert question.options == tuple(map(str, months))


def test_cells_and_answers_survive_json() -> None:
    open_cells = read(("Алиса", {1: "Д"}), title="Март", weekday=True)
    dated = read(("Алиса", {1: "Д"}))
    answers = Answers(parse_codes("Д=20:00-24:00,Н=night"), 2025, {"Лист1!B2": 3})

    for cells in (open_cells, dated):
        assert RosterCells.from_json(json.loads(json.dumps(cells.to_json()))) == cells
    assert Answers.from_json(json.loads(json.dumps(answers.to_json()))) == answers


@pytest.mark.parametrize(
    "text", ["duty", "day", "night", "unavailable", "vacation", "sick", "nothing", "08:00-16:30", "20:00-24:00"]
)
def test_meaning_writes_what_it_reads(text: str) -> None:
    assert str(Meaning.parse(text)) == text


def test_meaning_of_times_ends_at_midnight() -> None:
    assert Meaning.parse("20:00-24:00") == Meaning(MeaningKind.TIMES, time(20), time(0))


@pytest.mark.parametrize("text", ["", "times", "maybe", "25:00-26:00", "8:00", "8:00-9:00, 10:00-11:00"])
def test_unknown_meaning_is_refused(text: str) -> None:
    with pytest.raises(LocalizedError) as refused:
        Meaning.parse(text)

    assert refused.value.key == "import.file.meaning"


@pytest.mark.parametrize("text", ["Д", "=day", "Д day"])
def test_codes_in_another_shape_are_refused(text: str) -> None:
    with pytest.raises(LocalizedError) as refused:
        parse_codes(text)

    assert refused.value.key == "import.file.codes"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Фёдор Котов", "котов  федор"),
        ("Котов\u00a0Ф. И.", "КОТОВ Ф.И."),
        ("Котов, Фёдор", "Фёдор Котов (L2)"),
    ],
)
def test_names_are_compared_in_their_normal_form(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_codes_are_compared_in_their_normal_form() -> None:
    assert (fold_code("Х"), fold_code("o "), fold_code("В—Н")) == (fold_code("x"), fold_code("О"), fold_code("b-h"))


def test_long_texts_that_are_compared_do_not_stay_in_memory() -> None:
    """The service compares what members write, too: 4,096 characters a message."""
    texts = [f"{number} {'Ё' * 4_000}" for number in range(200)]
    tracemalloc.start()
    try:
        assert [fold(text)[-1] for text in texts for fold in (fold_name, fold_code)] == ["е", "E"] * 200
        kept, _most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 200_000


def test_every_kind_of_answer_survives_json() -> None:
    answers = Answers()
    for kind, subject, answer in (
        ("code", "Д", "day"),
        ("shift", "Morning", "08:00-16:00"),
        ("year", "3", "2025"),
        ("month", "line 2", "3"),
        ("date_order", "03/04/2025", "mdy"),
        ("week", "line 1", "2025-03-05"),
        ("every", "line 2", "week"),
        ("since", "2024-01-01/2026-01-01", "2025-03-01"),
    ):
        answers = answers.answered(kind, subject, answer)

    assert answers.weeks == {"line 1": date(2025, 3, 3)}
    assert answers.codes.keys() == {fold_code("Д"), fold_code("Morning")}
    assert Answers.from_json(json.loads(json.dumps(answers.to_json()))) == answers


@pytest.mark.parametrize(
    ("kind", "answer", "key"),
    [
        ("shift", "maybe", "meaning"),
        ("date_order", "ymd", "meaning"),
        ("every", "month", "meaning"),
        ("year", "soon", "meaning"),
        ("week", "next", "answer_date"),
        ("since", "2025-02-30", "answer_date"),
    ],
)
def test_answer_that_does_not_suit_is_refused(kind: str, answer: str, key: str) -> None:
    with pytest.raises(LocalizedError) as refused:
        Answers().answered(kind, "x", answer)

    assert refused.value.key == f"import.file.{key}"


def test_what_was_answered_now_goes_before_what_was_known() -> None:
    known = parse_codes("Д=day,Н=night")

    assert Answers(parse_codes("Д=duty")).remembering(known).codes == parse_codes("Д=duty,Н=night")


def test_weeks_to_choose_from_begin_with_the_present_one() -> None:
    assert Question.weeks_near(date(2025, 3, 5), 2) == ("2025-03-03", "2025-03-10")
