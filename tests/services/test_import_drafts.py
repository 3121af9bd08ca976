"""An import in the chat survives a restart, is its owner's alone, and is applied once."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from duty_teller.db.engine import dispose_engine
from duty_teller.db.models import DraftStage, ImportDraft
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.duty_schedule import Entry, Question, RosterCells, RosterFileError
from duty_teller.services.import_service import applying, draft_answers, draft_codes, drafts
from duty_teller.services.import_service.draft_codes import CodeScreen
from duty_teller.services.import_service.drafts import DraftGoneError
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.import_service.shown_plan import PlanMovedError
from duty_teller.services.schedule_service import Author
from duty_teller.services.texts.by_hand import reason_text
from tests.house import NOW, House, duty, moscow

DAY = moscow("2026-11-24").date() + timedelta(days=1)


def cells(*entries: tuple[str, int, str]) -> RosterCells:
    made = tuple(Entry(name, DAY + timedelta(days=offset), text, f"A{offset}") for name, offset, text in entries)
    last = DAY + timedelta(days=max(offset for _name, offset, _text in entries))
    names = tuple(dict.fromkeys(name for name, _offset, _text in entries))
    return RosterCells("xlsx", names, DAY, last, made, covered=((DAY, last),))


def draft_with(house: House, *entries: tuple[str, int, str]) -> int:
    def work(session: Session) -> int:
        draft = drafts.start(session, house.alice, 1, 500, NOW)
        drafts.set_handover(session, draft.id, house.alice, "09:00", NOW)
        drafts.set_file(session, draft.id, house.alice, "november.xlsx", cells(*entries), NOW)
        return draft.id

    return house.write(work)


def look(house: House, draft: int) -> Any:
    return house.read(lambda session: drafts.look(session, draft, house.alice, house.clock.now))


def preview(house: House, draft: int) -> ImportPlan:
    made = look(house, draft)
    assert isinstance(made, ImportPlan)
    house.write(lambda s: drafts.note_preview(s, draft, house.alice, made, NOW))
    return made


def apply(house: House, draft: int, author: Author | None = None) -> int | None:
    def work(session: Session) -> int | None:
        who, now = author or house.author, house.clock.now
        reason = partial(reason_text, "en")
        return applying.apply(session, draft, who, now, lambda plan: "facts", reason).change_id

    return house.write(work)


def stored(house: House) -> list[ImportDraft]:
    return list(house.read(lambda session: session.exec(select(ImportDraft)).all()))


def test_draft_goes_from_the_handover_to_the_change(house: House) -> None:
    draft = house.write(lambda s: drafts.start(s, house.alice, 1, 500, NOW))
    assert (draft.stage, draft.handover, draft.chat_id) == (DraftStage.HANDOVER, None, 500)
    draft = house.write(lambda s: drafts.set_handover(s, draft.id, house.alice, "9:00", NOW))
    assert (draft.stage, draft.handover) == (DraftStage.FILE, "09:00 Europe/Moscow")
    draft = house.write(lambda s: drafts.set_file(s, draft.id, house.alice, "n.xlsx", cells(("Dan Duty", 0, "Х")), NOW))
    assert (draft.stage, draft.file_name) == (DraftStage.QUESTIONS, "n.xlsx")

    (question,) = look(house, draft.id)
    assert isinstance(question, Question)
    assert (question.kind, question.subject, question.count) == ("code", "Х", 1)
    house.write(lambda s: draft_answers.answer(s, draft.id, house.alice, question, "duty", NOW))
    made = preview(house, draft.id)
    assert (len(made.diff.added), stored(house)[0].stage) == (1, DraftStage.PREVIEW)

    assert apply(house, draft.id) == 1
    assert (house.live(), house.read(lambda s: drafts.current(s, house.alice, NOW))) == ([duty(house.dan, DAY)], None)
    house.write(lambda s: applying.end(s, draft.id))
    assert stored(house) == []


def test_draft_survives_a_restart(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    dispose_engine(house.url)
    assert len(preview(house, draft).diff.added) == 1
    found = house.read(lambda s: drafts.current(s, house.alice, NOW))
    assert found is not None and (found.id, found.file_name) == (draft, "november.xlsx")


def test_code_answered_in_an_earlier_import_is_not_asked_again(house: House) -> None:
    first = draft_with(house, ("Dan Duty", 0, "Х"))
    house.write(lambda s: draft_answers.answer(s, first, house.alice, Question("code", "Х", "A1", 1, ()), "duty", NOW))
    preview(house, first)
    apply(house, first)
    again = draft_with(house, ("Dan Duty", 1, "x"))
    assert len(preview(house, again).diff.added) == 1


def test_second_tap_on_apply_changes_nothing(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    preview(house, draft)
    apply(house, draft)
    with pytest.raises(DraftGoneError) as caught:
        apply(house, draft)
    assert (caught.value.key, house.revision()) == ("import.chat.gone", 1)


def test_what_apply_did_is_kept_until_it_was_told_whatever_else_is_begun(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    preview(house, draft)
    change_id = apply(house, draft)
    again = draft_with(house, ("Dan Duty", 1, "09:00-18:00"))
    house.clock.move(hours=1)
    house.write(lambda s: drafts.drop_forgotten(s, house.alice, house.clock.now))

    (left,) = house.read(applying.untold)

    assert (left.draft.id, left.applied) == (draft, applying.Applied("facts", change_id, 0))
    assert again not in [row.id for row in stored(house)]
    assert house.read(lambda s: drafts.forgotten(s, house.clock.now)) == ([], None)


def test_apply_that_wrote_nothing_leaves_a_preview_that_can_be_applied(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    preview(house, draft)
    house.write(lambda s: applying.begin(s, draft, house.alice, NOW))
    house.clock.move(hours=1)
    assert [(left.draft.id, left.applied) for left in house.read(applying.untold)] == [(draft, None)]
    assert house.read(lambda s: drafts.forgotten(s, house.clock.now)) == ([], None)

    house.write(lambda s: applying.go_back(s, draft, house.clock.now))

    assert (house.read(applying.untold), apply(house, draft)) == ([], 1)


def test_draft_of_somebody_else_is_not_there(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    preview(house, draft)
    with pytest.raises(DraftGoneError):
        apply(house, draft, Author(house.dan, "Dan Duty"))
    with pytest.raises(DraftGoneError):
        house.read(lambda s: drafts.look(s, draft, house.dan, NOW))
    with pytest.raises(DraftGoneError):
        house.write(lambda s: drafts.toggle_missing(s, draft, house.dan, NOW))
    assert (house.duties(), house.read(lambda s: drafts.current(s, house.dan, NOW))) == ([], None)


def test_expired_draft_is_gone(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    preview(house, draft)
    house.clock.move(hours=24)
    with pytest.raises(DraftGoneError):
        apply(house, draft)
    assert house.read(lambda s: drafts.current(s, house.alice, house.clock.now)) is None


def refused(house: House, draft: int) -> list[tuple[str, dict[str, object]]]:
    """Taps on Apply, which refuses; returns what is said to have moved."""
    before = house.duties()
    with pytest.raises(PlanMovedError) as caught:
        apply(house, draft)
    assert (house.duties(), len(stored(house))) == (before, 1)
    return [(reason.key, reason.args_by_name) for reason in caught.value.reasons]


def test_schedule_that_moved_since_the_preview_refuses_apply_and_keeps_the_draft(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    preview(house, draft)
    house.put(duty(house.dan, DAY), reason="a swap")
    assert refused(house, draft) == [("import.chat.moved_schedule", {"name": "Alice Admin", "what": "a swap"})]
    preview(house, draft)
    assert apply(house, draft) == 2


def test_schedule_that_moved_elsewhere_since_the_preview_applies_what_was_shown(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    preview(house, draft)
    house.put(duty(house.alice, "2026-12-31"))
    assert apply(house, draft) == 2
    assert len(house.live()) == 2


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE users SET is_active = false WHERE id = :dan",
            ("import.chat.moved_gone", {"name": "Dan Duty", "full_name": "Dan Duty"}),
        ),
        (
            "UPDATE users SET full_name = 'Someone Else' WHERE id = :dan",
            ("import.chat.moved_gone", {"name": "Dan Duty", "full_name": "Dan Duty"}),
        ),
        (
            "UPDATE users SET full_name = 'DUTY Dan' WHERE id = :dan",
            ("import.chat.moved_renamed", {"full_name": "Dan Duty", "new": "DUTY Dan"}),
        ),
    ],
    ids=["deactivated", "renamed", "written-otherwise"],
)
def test_person_who_moved_since_the_preview_refuses_apply(house: House, statement: str, said: object) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    preview(house, draft)
    house.write(lambda s: s.execute(text(statement), {"dan": house.dan}))
    assert refused(house, draft) == [said]


def test_name_that_met_nobody_and_meets_somebody_now_refuses_apply(house: House) -> None:
    draft = draft_with(house, ("Eve New", 0, "09:00-18:00"))
    preview(house, draft)
    house.person("Eve New")
    assert refused(house, draft) == [("import.chat.moved_met", {"name": "Eve New", "full_name": "Eve New"})]


def test_name_that_two_people_may_bear_by_now_is_asked_instead_of_applied(house: House) -> None:
    draft = draft_with(house, ("Eve New", 0, "09:00-18:00"))
    preview(house, draft)
    house.person("Eve A. New")
    house.person("Eve B. New")
    assert refused(house, draft) == [("import.chat.moved_unclear", {"name": "Eve New"})]


def test_shift_times_that_moved_since_the_preview_refuse_apply(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "night"))
    preview(house, draft)
    house.roster(night_shift="21:00-07:00")
    assert refused(house, draft) == [("import.chat.moved_settings", {})]


def test_apply_without_a_preview_is_refused(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    assert refused(house, draft) == []


def test_apply_with_open_questions_is_refused(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "Х"))
    assert refused(house, draft) == []


def test_new_import_takes_the_place_of_the_unfinished_one(house: House) -> None:
    first = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    second = draft_with(house, ("Dan Duty", 1, "09:00-18:00"))
    assert [row.id for row in stored(house)] == [second]
    assert first != second or len(stored(house)) == 1
    assert house.write(lambda s: drafts.drop(s, house.alice)) is True
    assert house.write(lambda s: drafts.drop(s, house.alice)) is False


def test_new_file_forgets_the_answers_to_the_old_one(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "Х"))
    house.write(lambda s: draft_answers.answer(s, draft, house.alice, Question("code", "Х", "A1", 1, ()), "duty", NOW))
    house.write(lambda s: drafts.set_file(s, draft, house.alice, "other.xlsx", cells(("Dan Duty", 0, "Х")), NOW))
    assert [question.subject for question in look(house, draft)] == ["Х"]


def test_answer_that_does_not_suit_leaves_the_question_open(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "Х"))
    question = Question("code", "Х", "A1", 1, ())
    with pytest.raises(LocalizedError) as caught:
        house.write(lambda s: draft_answers.answer(s, draft, house.alice, question, "quarter past", NOW))
    assert caught.value.key == "import.chat.hint_code"
    assert [question.subject for question in look(house, draft)] == ["Х"]
    house.write(lambda s: draft_answers.answer(s, draft, house.alice, question, "08:00-16:30", NOW))
    (shift,) = preview(house, draft).diff.added
    assert (shift.start_at, shift.end_at) == (moscow(DAY, 8), moscow(DAY, 16, 30))


def test_toggle_missing_changes_the_plan_back_and_forth(house: House) -> None:
    house.put(duty(house.person("Иванов Иван"), DAY))
    draft = draft_with(house, ("Dan Duty", 0, "09:00-18:00"))
    removed = []
    for _ in range(2):
        house.write(lambda s: drafts.toggle_missing(s, draft, house.alice, NOW))
        removed.append(len(look(house, draft).diff.removed))
    assert removed == [1, 0]


def test_file_that_contradicts_itself_is_refused_by_its_cell(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "25:00-26:00"))
    with pytest.raises(RosterFileError) as caught:
        look(house, draft)
    assert caught.value.problems[0].where == "A0"


def test_message_of_the_draft_is_noted(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "Х"))
    house.write(lambda s: drafts.set_message(s, draft, 77))
    house.write(lambda s: drafts.set_message(s, 4711, 77))
    assert [row.message_id for row in stored(house)] == [77]


@pytest.mark.parametrize(
    ("kind", "options", "typed", "said"),
    [
        (
            "month", ("10", "11"), "Brumaire",
            "I don't understand “Brumaire”. Tap a month or write it, like November or 11.",
        ),
        ("year", (), "this one", "I don't understand “this one”. Tap a year or write it, like 2026."),
        ("date_order", ("dmy", "mdy"), "day", "I don't understand “day”. Press one of the buttons under the question."),
        ("every", ("week", "day"), "month", "I don't understand “month”. Press one of the buttons under the question."),
        (
            "person", ("2 Dan Duty", "new", "skip"), "somebody",
            "I don't understand “somebody”. Press one of the buttons under the question.",
        ),
    ],
)  # fmt: skip
def test_typed_answer_that_does_not_suit_gets_a_hint_of_its_question(
    house: House, kind: str, options: tuple[str, ...], typed: str, said: str
) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "Х"))
    question = Question(kind, "what", "B2", 1, options)

    with pytest.raises(LocalizedError) as caught:
        house.write(lambda s: draft_answers.answer(s, draft, house.alice, question, typed, NOW))

    assert caught.value.text("en") == said
    assert stored(house)[0].answers == "{}"


@pytest.mark.parametrize("typed", ["November", "ноябрь", "11"])
def test_month_is_taken_by_its_name_in_either_language_or_its_number(house: House, typed: str) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "Х"))
    question = Question("month", "Sheet1", "B2", 1, ("10", "11"))

    house.write(lambda s: draft_answers.answer(s, draft, house.alice, question, typed, NOW))

    assert '"months": {"Sheet1": 11}' in stored(house)[0].answers


def test_answers_are_taken_back_one_by_one_and_none_is_no_failure(house: House) -> None:
    draft = draft_with(house, ("Dan Duty", 0, "Х"))
    code = look(house, draft)[0]
    person = Question("person", "Dan", "B2", 1, (f"{house.dan} Dan Duty", "new", "skip"))
    house.write(lambda s: draft_answers.answer(s, draft, house.alice, code, "night", NOW))
    answered = stored(house)[0].answers
    view = house.write(lambda s: draft_answers.answer(s, draft, house.alice, person, "new", NOW))
    assert view.answered == 2
    house.write(lambda s: drafts.toggle_missing(s, draft, house.alice, NOW))

    view = house.write(lambda s: draft_answers.take_answer_back(s, draft, house.alice, NOW))

    assert (view.answered, view.stage, stored(house)[0].answers) == (1, DraftStage.QUESTIONS, answered)
    assert '"people": {}' in stored(house)[0].options
    assert '"remove_missing": true' in stored(house)[0].options
    for _ in range(2):
        view = house.write(lambda s: draft_answers.take_answer_back(s, draft, house.alice, NOW))
    assert view.answered == 0
    assert look(house, draft)[0] == code


def test_agreeing_to_codes_that_changed_meanwhile_answers_nothing(house: House) -> None:
    draft = draft_with(house, ("Иван", 0, "Д"), ("Иван", 1, "Н"), ("Иван", 2, "О"))

    def screen(session: Session) -> CodeScreen:
        found = draft_codes.next_step(session, draft, house.alice, NOW)
        assert isinstance(found, CodeScreen)
        return found

    shown = house.read(screen)
    assert [code.meaning for code in shown.codes] == ["day", "night", "vacation"]
    house.write(lambda s: draft_answers.answer(s, draft, house.alice, shown.codes[2].question, "nothing", NOW))

    assert house.write(lambda s: draft_codes.agree(s, draft, house.alice, shown.mark, NOW)) is None
    assert house.write(lambda s: draft_codes.agree(s, draft, house.alice, house.read(screen).mark, NOW)) is not None
    assert len(preview(house, draft).diff.added) == 2
