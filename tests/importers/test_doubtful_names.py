"""Names that may be no people: somebody is asked, and what is answered holds."""

import pytest

from duty_teller.importers.duty_schedule import Answers, ParsedRoster, RosterFileError, parse_duty_schedule

NAMES = ("Anna Lindt", "Boris Kern", "Carla Moss")


def _list(*odd: str, heading: str = "Who") -> bytes:
    names = [*NAMES, *odd] * 2 if len(odd) > 1 else [*NAMES, *NAMES, *odd]
    rows = [f"{day:02d}.04.2026;{name}" for day, name in enumerate(names, 1)]
    return "\n".join([f"Date;{heading}", *rows]).encode()


def _asked(data: bytes, answers: Answers | None = None) -> list[tuple[str, str, int]]:
    result = parse_duty_schedule(data, "r.csv", answers=answers or Answers())
    found = () if isinstance(result, ParsedRoster) else result
    return [(question.subject, question.example, question.count) for question in found if question.kind == "name"]


@pytest.mark.parametrize(
    "text",
    [
        "Reception",
        "Приёмное отделение",
        "Standup",
        "False",
        "Support Schedule",
        "График",
        "Senior engineer",
        "Главный врач",
        "Repairs",
        "Kabinett",
    ],
)
def test_name_that_may_be_nobody_is_asked_about_with_its_cell(text: str) -> None:
    assert _asked(_list(text)) == [(text, "line 8", 1)]


@pytest.mark.parametrize("text", ["Dora Ward", "Post Peter", "Ли", "О. Орлова", "dan@example.org", "+7 900 000-00-01"])
def test_person_is_not_asked_about(text: str) -> None:
    assert not _asked(_list(text, heading="Name"))


def test_answer_leaves_the_name_out_or_takes_it() -> None:
    data = _list("Reception")
    nobody = parse_duty_schedule(data, answers=Answers().answered("name", "Reception", "nobody"))
    person = parse_duty_schedule(data, answers=Answers().answered("name", "Reception", "person"))

    assert isinstance(nobody, ParsedRoster) and isinstance(person, ParsedRoster)
    assert nobody.names == NAMES and len(nobody.shifts) == 6
    assert person.names == (*NAMES, "Reception") and len(person.shifts) == 7


def test_file_of_nobody_is_refused() -> None:
    data = b"Date;Who\n01.04.2026;Standup\n02.04.2026;Anna Lindt\n03.04.2026;Anna Lindt\n"
    nobody = Answers().answered("name", "Standup", "nobody")
    assert isinstance(parse_duty_schedule(data, answers=nobody), ParsedRoster)

    with pytest.raises(RosterFileError):
        parse_duty_schedule(b"Date;Name\n01.04.2026;Reception\n02.04.2026;Reception\n", answers=_no("Reception"))


def _no(name: str) -> Answers:
    return Answers().answered("name", name, "nobody")


def test_labelled_column_of_a_grid_is_believed() -> None:
    head = "Employee;" + ";".join(str(day) for day in range(1, 8))
    rows = [f"{name};duty;;;;duty;;" for name in ("Anna Lindt", "Reception", "Team A")]
    data = "\n".join(["April 2026", head, *rows]).encode()

    assert not _asked(data)
    assert _asked(data.replace(b"Employee", b"")) == [
        ("Reception", "line 4, column 2", 2),
        ("Team A", "line 5, column 2", 2),
    ]
