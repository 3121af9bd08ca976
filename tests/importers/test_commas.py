"""`Lindt, Anna` in a cell: one person or two is asked once; whole names and single ones are split unasked."""

import pytest

from duty_teller.importers.duty_schedule import Answers, ParsedRoster, parse_duty_schedule
from duty_teller.importers.explained import explain
from duty_teller.importers.roles import CellRole
from tests.importers.builders import MOSCOW


def dated(*cells: str, heading: str = "Date;On duty") -> bytes:
    return "\n".join([heading, *(f"2026-04-{day:02d};{cell}" for day, cell in enumerate(cells, 1))]).encode()


def people(data: bytes, answers: Answers | None = None) -> tuple[str, ...]:
    read = parse_duty_schedule(data, "duty.csv", MOSCOW, answers or Answers())
    assert isinstance(read, ParsedRoster), read
    return read.names


def grid_with_roles() -> bytes:
    days = ";".join(f"{day:02d}.04.2026" for day in range(1, 7))
    cells = "Lindt, Anna;Kern, Boris;Ryd, Leo;Lindt, Anna;Kern, Boris;Ryd, Leo"
    return f"Role;{days}\nPrimary on-call;{cells}\n".encode()


SURNAMES_FIRST = {
    "a list": dated("Lindt, Anna", "Kern, Boris", "Lindt, Anna", "Ryd, Leo", "Kern, Boris", "Ryd, Leo"),
    "russian, with patronymics": dated(
        *["Иванов, Иван Иванович", "Петрова, Анна Ильинична", "Ким, Олег Юрьевич"] * 2, heading="Дата;Дежурный"
    ),
    "german, with particles": dated(
        *["von Stein, Karl", "de Boer, Anke", "Groß, Jörg"] * 2, heading="Datum;Diensthabender"
    ),
    "two of them in a cell": dated(
        *["Lindt, Anna & Kern, Boris", "Ryd, Leo / Lindt, Anna", "Kern, Boris and Ryd, Leo"] * 2
    ),
    "four pieces": dated(*["Lindt, Anna, Kern, Boris", "Ryd, Leo", "Lindt, Anna"] * 2),
    "days across": grid_with_roles(),
}


@pytest.mark.parametrize("kind", SURNAMES_FIRST)
def test_surname_comma_first_name_is_asked_once_and_read_by_the_answer(kind: str) -> None:
    data = SURNAMES_FIRST[kind]
    asked = parse_duty_schedule(data, "duty.csv", MOSCOW, Answers())
    assert isinstance(asked, tuple)
    [question] = [question for question in asked if question.kind == "comma"]
    assert question.options == ("one", "two")
    one, two = (Answers().answered("comma", question.subject, option) for option in question.options)
    assert len(people(data, one)) == 3
    assert all(" " in name for name in people(data, one))
    assert len(people(data, two)) == 6


SEVERAL_PEOPLE = {
    "whole names": (dated(*["Anna Lindt, Boris Kern", "Leo Ryd, Anna Lindt", "Boris Kern, Leo Ryd"] * 2), 3),
    "single names that also stand alone": (dated(*["Anna, Boris", "Leo", "Boris", "Anna"] * 2), 3),
    "single names on either side": (dated(*["Anna, Boris", "Boris, Leo", "Leo, Anna"] * 2), 3),
    "initials": (dated(*["Иванов, И.И.", "Петров, П.П.", "Ким, О.Ю."] * 2, heading="Дата;Дежурный"), 3),
    "three names in a cell": (dated(*["Anna, Boris, Leo", "Mia, Ivo, Sam"] * 3), 6),
}


@pytest.mark.parametrize("kind", SEVERAL_PEOPLE)
def test_a_comma_between_people_is_not_asked_about(kind: str) -> None:
    data, count = SEVERAL_PEOPLE[kind]
    assert len(people(data)) == count


def test_a_column_of_people_with_commas_and_codes_beside_it_is_not_asked_about() -> None:
    days = ";".join(f"{day:02d}.04.2026" for day in range(1, 7))
    data = f"Name;{days}\nLindt, Anna;duty;;duty;;duty;\nKern, Boris;;duty;;duty;;duty\n".encode()
    assert people(data) == ("Lindt, Anna", "Kern, Boris")


@pytest.mark.parametrize(("option", "count"), [("one", 1), ("two", 2)])
def test_the_explanation_follows_the_answer_about_the_comma(option: str, count: int) -> None:
    data = SURNAMES_FIRST["a list"]
    answers = Answers().answered("comma", "Lindt, Anna", option)
    [sheet] = explain(data, "duty.csv", MOSCOW, answers).sheets
    cell = next(cell for cell in sheet.cells if cell.value == "Lindt, Anna")
    assert cell.role is CellRole.NAME
    assert len(cell.became) == count
