"""`duty-teller import`: JSON for programs, and questions for somebody who sits at the terminal."""

import json
import os
import pty
import select
import time
from datetime import UTC, date, datetime, timedelta

from duty_teller.composition import writing
from duty_teller.db.models import ChangeKind, Roster
from duty_teller.services import schedule_service
from duty_teller.services.schedule_service import Author, edits
from tests.process import nursery
from tests.process.conftest import PROGRAM, Service
from tests.process.test_command_line import month_grid, roster_json, shifts, write


def test_json_of_a_good_file_has_rows_and_difference(terminal: Service) -> None:
    file = write(terminal, "roster.json", roster_json(date(2026, 11, 23), {"Dan Duty": "Б", "Alice Admin": " О"}))

    done = terminal.command("import", file, "--handover", "09:00 Europe/Moscow", "--dry-run", "--json")

    answer = json.loads(done.stdout)
    dan = {"name": "Dan Duty", "start": "2026-11-23T09:00:00+03:00", "end": "2026-11-24T09:00:00+03:00", "type": "duty"}
    alice = {"name": "Alice Admin", "start": "2026-11-24T00:00:00+03:00", "end": "2026-11-25T00:00:00+03:00"}
    assert (done.returncode, done.stderr) == (0, "")
    assert answer["rows"] == [dan, alice | {"type": "vacation"}]
    assert (answer["questions"], answer["errors"]) == ([], [])
    assert answer["diff"] == {"added": answer["rows"], "removed": [], "changed": [], "unchanged": 0}
    assert not (terminal.folder / "data" / "duty_teller.db").exists()


def test_json_of_open_questions_lists_them_and_exits_2(terminal: Service) -> None:
    file = write(terminal, "ноябрь.xlsx", month_grid(Dan_Duty="ДД", Alice_Admin="  Н"))
    terminal.settle()

    done = terminal.here("import", file, "--dry-run", "--json")

    answer = json.loads(done.stdout)
    assert done.returncode == 2
    assert [{key: q[key] for key in ("kind", "subject", "example", "count")} for q in answer["questions"]] == [
        {"kind": "code", "subject": "Д", "example": "Ноябрь 2026!B2", "count": 2},
        {"kind": "code", "subject": "Н", "example": "Ноябрь 2026!D3", "count": 1},
    ]
    assert (answer["rows"], answer["errors"], answer["diff"]) == ([], [], None)


def test_json_of_a_bad_file_names_the_cells_and_exits_65(terminal: Service) -> None:
    data = b'{"meta": {"start_date": "2026-11-31"}, "schedule": []}'

    done = terminal.here("import", write(terminal, "bad.json", data), "--dry-run", "--json")

    errors = json.loads(done.stdout)["errors"]
    assert done.returncode == 65
    assert "meta.start_date" in [error["where"] for error in errors]
    assert all(error["message"] and error["where"] not in error["message"] for error in errors if error["where"])


def test_answer_option_takes_any_question(terminal: Service) -> None:
    file = write(terminal, "ноябрь.xlsx", month_grid(Dan_Duty="Д"))
    terminal.settle()

    done = terminal.here("import", file, "--answer", "code:Д=09:00-18:00")
    wrong = terminal.here("import", file, "--answer", "nonsense")

    assert (done.returncode, wrong.returncode) == (0, 65)
    assert shifts(terminal) == [("Dan Duty", "11-01 06:00", "duty")]


def test_questions_are_asked_where_somebody_sits_at_the_terminal(terminal: Service) -> None:
    file = write(terminal, "ноябрь.xlsx", month_grid(Dan_Duty="ДН"))
    terminal.settle()
    master, slave = pty.openpty()
    process = nursery.start([*PROGRAM, "import", file], terminal.environment, terminal.folder, slave, given=slave)
    os.close(slave)
    try:
        for question, typed in (("'Д' mean?", "sometimes"), ("sometimes", "day"), ("'Н' mean?", "nothing")):
            assert question in _read_until(master, "\n> ")
            os.write(master, f"{typed}\n".encode())
        assert "applied as change 1" in _read_until(master, "applied as change 1")
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        os.close(master)
    assert shifts(terminal) == [("Dan Duty", "11-01 05:00", "duty")]


def _read_until(terminal: int, text: str) -> str:
    said = b""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.2)[0]:
            said += os.read(terminal, 4096)
            if text.encode() in said:
                return said.decode(errors="replace")
    raise AssertionError(said.decode(errors="replace"))


def test_changes_made_by_hand_are_listed_and_exit_2_until_it_is_said_what_becomes_of_them(terminal: Service) -> None:
    file = write(terminal, "roster.json", roster_json(date(2026, 11, 23), {"Dan Duty": "Б", "Alice Admin": " Б"}))
    assert terminal.command("import", file, "--handover", "09:00 Europe/Moscow").returncode == 0
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    with writing(f"sqlite:///{terminal.folder / 'data' / 'duty_teller.db'}") as session:
        roster = session.get_one(Roster, 1)
        row, other = edits.stored_between(session, 1, now, now + timedelta(days=9))
        items = edits.give([row], row.shift.start_at, row.shift.end_at, other.shift.user_id)
        diff = edits.plan_edit(session, roster, items, ChangeKind.COVER).diff
        schedule_service.apply(session, diff, Author(None, "Alice Admin"), "ill", diff.revision, now)
    covered = [("Alice Admin", "11-23 06:00", "duty"), ("Alice Admin", "11-24 06:00", "duty")]

    refused = terminal.command("import", file)
    listed = terminal.command("import", file, "--dry-run", "--json")
    kept = terminal.command("import", file, "--keep-changes")
    assert shifts(terminal) == covered
    newer = terminal.command("import", file, "--file-is-newer")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "duty-teller: roster.json disagrees with 1 change made by hand:\n"
        "  Mon 23 Nov, 09:00 – Tue 24 Nov, 09:00: Dan Duty → Alice Admin\n"
        "    Cover: Alice Admin, Fri 20 Nov, 12:00; in the file: Dan Duty\n"
        "Nothing was changed. Say --keep-changes, or --file-is-newer to overwrite them.\n"
    )
    answer = json.loads(listed.stdout)
    assert (listed.returncode, answer["keeps_by_hand"], answer["diff"]) == (2, None, None)
    times = {"start": "2026-11-23T09:00:00+03:00", "end": "2026-11-24T09:00:00+03:00", "type": "duty"}
    assert answer["by_hand"] == [
        {
            "before": [{"name": "Dan Duty", **times}],
            "after": [{"name": "Alice Admin", **times}],
            "changes": [{"id": 2, "kind": "cover", "author": "Alice Admin", "at": "2026-11-20T12:00:00+03:00"}],
            "file": [{"name": "Dan Duty", **times}],
        }
    ]
    assert (kept.returncode, "Keeping 1 change made by hand:" in kept.stdout) == (0, True)
    assert (newer.returncode, "The file replaces 1 change made by hand:" in newer.stdout) == (0, True)
    assert shifts(terminal) == [("Dan Duty", "11-23 06:00", "duty"), covered[1]]
