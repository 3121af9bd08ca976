"""Whose name is it: what is taken without asking, what is asked, and what is remembered."""

from datetime import date

import pytest

from duty_teller.db import repository
from duty_teller.db.models import UserAlias
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.duty_schedule import Answers, FileShift, ParsedRoster, fold_name
from duty_teller.importers.model import Contact
from duty_teller.services.import_service import planning
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.people.matching import FilePerson, Matched, match_people
from duty_teller.services.schedule_service import Author
from duty_teller.utils.user import Visitor
from tests.house import NOW, House, moscow

DAY = date(2026, 11, 23)


def file_of(*names: str, **contacts: Contact) -> ParsedRoster:
    shifts = tuple(
        FileShift(name, moscow(DAY, 9), moscow("2026-11-24", 9), "duty", where=f"B{row}")
        for row, name in enumerate(names, start=2)
    )
    return ParsedRoster("xlsx", "Europe/Moscow", names, DAY, DAY, shifts, ((DAY, DAY),), contacts=contacts)


def matched(house: House, parsed: ParsedRoster, choices: dict[str, str] | None = None) -> Matched:
    return house.read(lambda session: match_people(session, parsed, choices))


def only(house: House, *names: str, **contacts: Contact) -> FilePerson:
    (person,) = matched(house, file_of(*names, **contacts)).people
    return person


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("Артём Королёв", "артем королев"),
        ("Иванов Иван", "ИВАН ИВАНОВ"),
        ("Иванов И.И.", "И. И. Иванов"),
        ("Dan O’Neil", "dan  o’neil"),
        ("Петров Пётр", "Петров, Петр (дежурный)"),
        ("Иванов Иван Иванович", "Иванов И.И."),
        ("Иванов И.И.", "Иванов Иван Иванович"),
        ("Иванов Иван Иванович", "Иванов И."),
        ("Maria Keller", "Maria"),
        ("Maria Keller", "Keller M."),
    ],
)
def test_name_is_met_without_asking(house: House, stored: str, written: str) -> None:
    number = house.person(stored)
    found = only(house, written)
    assert (found.user_id, found.full_name) == (number, stored)


@pytest.mark.parametrize(
    ("stored", "written"),
    [("Иванов Иван", "Петров Иван"), ("Иванов Иван", "Иванов П."), ("Иванов И.", "И."), ("Maria Keller", "Mark Kern")],
)
def test_name_of_somebody_else_is_new(house: House, stored: str, written: str) -> None:
    house.person(stored)
    assert only(house, written).is_new is True


def test_username_comes_before_the_phone_and_the_phone_before_the_name(house: House) -> None:
    by_username = house.person("Somebody Else", username="Ivan_I")
    by_phone = house.person("Another One", phone="+79005550101")
    house.person("Иванов Иван")
    assert only(house, "Иванов Иван @ivan_i").user_id == by_username
    phone = Contact(phone="8 900 555-01-01")
    assert only(house, "Иванов Иван", **{"Иванов Иван": phone}).user_id == by_phone


def test_alias_is_met(house: House) -> None:
    house.write(lambda session: session.add(UserAlias(user_id=house.dan, name_key=fold_name("Дэн"))))
    assert only(house, "дэн").user_id == house.dan


@pytest.mark.parametrize(
    ("stored", "typed"),
    [("Петров П.П.", "Петрова П.П."), ("Петров П.П.", "Петрв П.П."), ("Berg A.", "Bergson A.")],
)
def test_another_surname_with_the_same_initials_is_never_taken_for_somebody(
    house: House, stored: str, typed: str
) -> None:
    known = house.person(stored)
    found = matched(house, file_of(typed))
    assert [person.user_id for person in found.people if person.user_id == known] == []
    assert [question.subject for question in found.questions] in ([typed], [])


def test_name_that_fits_two_people_is_asked(house: House) -> None:
    first, second = house.person("Иванов Иван"), house.person("Иван Иванов")
    (question,) = matched(house, file_of("Иванов Иван")).questions
    assert (question.kind, question.subject, question.example, question.count) == ("person", "Иванов Иван", "B2", 1)
    assert question.options == (
        f"{first} Иванов Иван · № {first}",
        f"{second} Иван Иванов · № {second}",
        "new",
        "skip",
    )


def test_two_names_that_fit_one_person_are_both_asked(house: House) -> None:
    house.person("Иванов Иван")
    found = matched(house, file_of("Иванов И.", "Иван"))
    assert [question.subject for question in found.questions] == ["Иванов И.", "Иван"]


def test_full_name_in_the_file_leaves_its_person_to_nobody_else(house: House) -> None:
    number = house.person("Иванов Иван")
    people = matched(house, file_of("Иванов Иван", "Иванов И.")).people
    assert [(person.name, person.user_id) for person in people] == [("Иванов Иван", number), ("Иванов И.", -2)]


def test_typing_slip_is_asked_and_never_taken(house: House) -> None:
    number = house.person("Константинова Мария")
    (question,) = matched(house, file_of("Константинва Мария")).questions
    assert question.options == (f"{number} Константинова Мария", "new", "skip")


def test_answer_is_kept_as_an_alias_and_not_asked_again(house: House) -> None:
    number = house.person("Константинова Мария")
    parsed = file_of("Константинва Мария")

    def apply(session: object) -> object:
        roster = planning.repository.rosters(session)[0]  # type: ignore[arg-type]
        rules = planning.rules_of(roster)
        choices = {"Константинва Мария": f"{number} Константинова Мария"}
        plan = planning.plan_import(session, roster, parsed, rules, Answers(), choices=choices)  # type: ignore[arg-type]
        assert isinstance(plan, ImportPlan)
        return planning.apply_plan(session, plan, Author(None, "test"), "file", NOW)  # type: ignore[arg-type]

    house.write(apply)

    assert (only(house, "Константинва Мария").user_id, matched(house, parsed).questions) == (number, ())


def test_answer_new_makes_somebody_and_skip_leaves_the_rows_out(house: House) -> None:
    house.person("Константинова Мария")
    parsed = file_of("Константинва Мария", "Dan Duty")
    new = matched(house, parsed, {"Константинва Мария": "new"})
    left_out = matched(house, parsed, {"Константинва Мария": "skip"})
    assert [(person.name, person.is_new) for person in new.people] == [
        ("Константинва Мария", True),
        ("Dan Duty", False),
    ]
    assert [person.name for person in left_out.people] == ["Dan Duty"]
    assert left_out.skipped == {"Константинва Мария"}


def test_two_names_of_one_person_are_refused(house: House) -> None:
    house.write(lambda session: session.add(UserAlias(user_id=house.dan, name_key=fold_name("Дэн"))))
    with pytest.raises(LocalizedError) as caught:
        matched(house, file_of("Dan Duty", "Дэн"))
    assert caught.value.key == "error.name_twice"


def test_account_that_calls_itself_like_somebody_is_not_met(house: House) -> None:
    """Names in Telegram are chosen by their bearers: Alice is an account, not a person of the roster."""
    assert only(house, "Alice Admin").is_new is True


def test_inactive_people_are_not_met(house: House) -> None:
    house.person("Иванов Иван", is_active=False)
    assert only(house, "Иванов Иван").is_new is True


def test_linked_person_is_reached_by_the_file_after_a_renaming_in_telegram(house: House) -> None:
    house.write(lambda s: repository.get_or_create_user(s, Visitor(1002, "Somebody New", "other_name"), NOW))
    found = only(house, "Dan Duty")
    assert (found.user_id, found.has_account) == (house.dan, True)
