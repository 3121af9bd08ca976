"""The change log: named fields, whatever version wrote them, and meanings compared instead of texts."""

import json
import shutil
import sqlite3
from datetime import time
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from duty_teller.db.engine import dispose_engine
from duty_teller.db.migrations import migrate
from duty_teller.db.models import DutyBase, DutyRead, Notice, Roster, ScheduleChange, ScheduleChangeItem
from duty_teller.db.schemas import ROW_FIELDS
from duty_teller.domain.shift import SHIFT_FIELDS
from duty_teller.services.schedule_service import RosterSettings, Shift, UndoConflictError
from duty_teller.services.schedule_service.log import shift_from_json, shift_to_json
from duty_teller.services.texts.notices import render_notice
from tests.house import House, absence, duty, moscow, untimed
from tests.shared import once

WRITTEN_BEFORE = Path(__file__).parent / "files" / "written_at_schema_002.sql"
"""A database as the last version wrote it whose log had arrays: an import, one with settings, shifts given away, a
merge and its undo, and a notice that waits."""


@pytest.fixture(scope="session")
def old_file(shared_folder: Path) -> Path:
    """A file with that database, migrated to the newest schema once."""
    path = shared_folder / "of schema 002.db"
    with once(path) as first:
        if first:
            connection = sqlite3.connect(path)
            connection.executescript(WRITTEN_BEFORE.read_text())
            connection.close()
            migrate(f"sqlite:///{path}")
            dispose_engine(f"sqlite:///{path}")
    return path


@pytest.fixture
def old_house(house: House, old_file: Path) -> House:
    """The house with that database in place of its own."""
    dispose_engine(house.url)
    for file in house.folder.glob("duty_teller.db*"):
        file.unlink()
    shutil.copyfile(old_file, house.folder / "duty_teller.db")
    house.alice, house.dan = 1, 2
    return house


def items(house: House, change: int) -> list[ScheduleChangeItem]:
    def read(session: Session) -> list[ScheduleChangeItem]:
        return list(session.exec(select(ScheduleChangeItem).where(col(ScheduleChangeItem.change_id) == change)))

    return house.read(read)


@pytest.mark.sqlite("a file of an earlier version")
def test_log_of_an_earlier_version_is_undone_back_to_the_beginning(old_house: House) -> None:
    assert items(old_house, 2)[0].after == '[2,"primary",1795503600,1795590000,"duty",null]'

    old_house.undo(3)
    noted = [shift for shift in old_house.live() if shift.note]
    assert [(shift.user_id, shift.note) for shift in noted] == [(old_house.alice, "взять ключи")]

    old_house.undo(2)
    roster = old_house.roster()
    assert (roster.timezone, roster.handover_at, roster.codes) == ("Europe/Moscow", time(9), "{}")
    assert (roster.date_order, roster.day_shift) == (None, "08:00-20:00")
    assert duty(old_house.dan, "2026-11-24", position="primary") in old_house.live()

    old_house.undo(1)
    assert old_house.live() == []


@pytest.mark.sqlite("a file of an earlier version")
def test_undo_of_an_old_undo_merges_the_two_people_again(old_house: House) -> None:
    old_house.undo(5)
    assert {shift.user_id for shift in old_house.live()} == {old_house.dan}


@pytest.mark.sqlite("a file of an earlier version")
def test_old_log_is_in_the_way_of_nothing_but_its_own_shifts(old_house: House) -> None:
    old_house.put(duty(old_house.alice, "2026-12-24"), *old_house.live())
    with pytest.raises(UndoConflictError) as caught:
        old_house.undo(1)
    named = caught.value.args_by_name["changes"]
    assert named == "Alice Admin: moved.xlsx; Alice Admin: given away.xlsx"


def test_log_names_its_fields(house: House) -> None:
    change = house.put(duty(house.dan, "2026-11-24", position="primary"))
    (item,) = items(house, change)
    assert (
        json.loads(item.after or "").items()
        >= {
            "user_id": house.dan,
            "position": "primary",
            "start_at": 1795500000,
            "end_at": 1795586400,
            "event_type": "duty",
            "note": None,
        }.items()
    )


@pytest.mark.parametrize("form", ["another order", "a field of the future", "without what has a default"])
def test_log_written_otherwise_is_undone(house: House, form: str) -> None:
    house.put(duty(house.dan, "2026-11-24"))
    change = house.put(duty(house.dan, "2026-11-24", hour=10), duty(house.alice, "2026-11-25"))

    def rewrite(session: Session) -> None:
        for item in session.exec(select(ScheduleChangeItem)):
            item.before, item.after = (
                text and json.dumps(written(json.loads(text))) for text in (item.before, item.after)
            )
            session.add(item)

    def written(values: dict[str, object]) -> dict[str, object]:
        if form == "another order":
            return dict(sorted(values.items(), reverse=True))
        if form == "a field of the future":
            return values | {"colour": "green"}
        return {name: value for name, value in values.items() if name != "note"}

    house.write(rewrite)
    house.undo(change)
    assert house.live() == [duty(house.dan, "2026-11-24")]


@pytest.mark.parametrize("form", ["spaces and order", "a setting of the future", "a setting it did not know"])
def test_settings_written_otherwise_are_undone(house: House, form: str) -> None:
    house.roster(codes='{"д": "day", "н": "night"}')
    change = house.put(settings=RosterSettings("Asia/Tokyo", time(10), '{"д": "day", "н": "nothing"}'))

    def rewrite(session: Session) -> None:
        row = session.get_one(ScheduleChange, change)
        row.roster_before, row.roster_after = (
            written(json.loads(text or "")) for text in (row.roster_before, row.roster_after)
        )
        session.add(row)
        if form == "spaces and order":
            roster = session.get_one(Roster, 1)
            roster.codes = '{"н":"nothing",   "д":"day"}'
            session.add(roster)

    def written(values: dict[str, object]) -> str:
        if form == "a setting of the future":
            values |= {"colour": values["timezone"]}
        if form == "a setting it did not know":
            del values["coverage_hours"], values["day_shift"]
        return json.dumps(values)

    house.write(rewrite)
    house.undo(change)
    roster = house.roster()
    assert (roster.timezone, roster.handover_at) == ("Europe/Moscow", time(9))
    assert json.loads(roster.codes) == {"д": "day", "н": "night"}
    assert roster.day_shift == "08:00-20:00"


def test_changed_note_is_in_the_way_of_an_undo(house: House) -> None:
    """Meanings are compared whole: a field that is not its default is a change."""
    first = house.put(duty(house.dan, "2026-11-24"))

    def noted(session: Session) -> None:
        for item in session.exec(select(ScheduleChangeItem)):
            item.after = json.dumps(json.loads(item.after or "") | {"note": "somebody's words"})
            session.add(item)

    house.write(noted)
    with pytest.raises(UndoConflictError):
        house.undo(first)


def test_shift_comes_back_from_the_log_as_it_was(house: House) -> None:
    for shift in (duty(house.dan, "2026-11-24", position="primary"), absence(house.alice, "2026-12-01", 3)):
        assert shift_from_json(shift_to_json(shift)) == shift
    assert shift_from_json(shift_to_json(None)) is None


def test_one_shape_of_a_shift_is_everywhere() -> None:
    """A field is said in `domain.shift.Shift` and as a column; rows, the log and the API follow."""
    assert tuple(DutyBase.model_fields) == (*SHIFT_FIELDS, "roster_id")
    assert tuple(DutyRead.model_fields) == ROW_FIELDS
    assert ROW_FIELDS[: len(SHIFT_FIELDS)] == SHIFT_FIELDS == tuple(Shift.__dataclass_fields__)


@pytest.mark.sqlite("a file of an earlier version")
def test_notice_of_an_earlier_version_is_told_and_added_to(old_house: House) -> None:
    """It waits with arrays in its payload; a change that comes meanwhile is told in the same notice."""

    def texts(session: Session) -> list[str]:
        rows = session.exec(select(Notice).where(col(Notice.closed_at).is_(None)))
        rendered = [render_notice(session, row, "en", moscow("2026-11-23", 17)) for row in rows]
        return [untimed(one.html) for one in rendered if one is not None]

    (before,) = old_house.read(texts)
    assert "Carol Csv → Dan Duty" in before
    old_house.clock.now = moscow("2026-11-23", 17)
    old_house.put(*old_house.live(), duty(old_house.dan, "2026-11-28"), reason="later.xlsx")
    (after,) = old_house.read(texts)
    assert "later.xlsx" in after
    assert after.count("➕") == before.count("➕") + 1
    payload = old_house.read(lambda session: session.exec(select(Notice).where(col(Notice.closed_at).is_(None))).one())
    assert json.loads(payload.payload)["by"][-1] == {"author": "Alice Admin", "reason": "later.xlsx", "kind": "import"}
