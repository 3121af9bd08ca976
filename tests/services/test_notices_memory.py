"""What planning leaves alone: nothing it reads has moved, and no boundary was passed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from duty_teller.db.engine import get_engine
from duty_teller.db.models import (
    AccessKind,
    AccessName,
    Chat,
    DigestKind,
    GroupPin,
    Notice,
    NoticeKind,
    User,
)
from duty_teller.services.notices import delivery, planning
from duty_teller.services.notices.planning import Part
from duty_teller.services.people import accounts, preferences
from duty_teller.services.rosters import settings
from tests.house import House, duty, moscow
from tests.services.test_notices_planning import settle

GROUP = -1001


class Planner:
    """Plans as the tick does, and tells which statements it took."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.memory: planning.Memory = planning.NOTHING
        self.statements: list[str] = []
        event.listen(get_engine(house.url), "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            self.statements.append(statement)

    def plan(self, moment: datetime | None = None) -> set[Part]:
        """Returns the parts that have something to put in; they are put in."""
        now = self.house.clock.now = moment or self.house.clock.now
        self.statements.clear()
        planned = self.house.read(lambda s: planning.plan(s, self.house.settings, now, self.memory))
        self.memory = planned.memory
        if planned.due:
            self.house.write(lambda s: planning.put_due(s, self.house.settings, now, planned.due))
            again = self.house.read(lambda s: planning.plan(s, self.house.settings, now, self.memory))
            assert again.due == set()
            self.memory = again.memory
        return set(planned.due)

    def looked(self) -> set[Part]:
        """Which parts are looked at anew when planning is asked now."""
        before = dict(self.memory)
        assert self.plan() == set()
        return {part for part, seen in self.memory.items() if before.get(part) is not seen}


@pytest.fixture
def planner(house: House) -> Planner:
    """Dan, who is reminded an hour before, has the night of Wed 25 Nov; everything is planned once; nothing was due."""
    settle(house, house.dan, reminder_leads="60", notices_off="ends,changed,short_notice")
    settle(house, house.alice, reminder_leads="", notices_off="ends,changed,short_notice,gaps")
    house.put(duty(house.dan, "2026-11-25"))
    house.clock.move(minutes=5)
    planner = Planner(house)
    assert planner.plan() == set()
    return planner


def test_nothing_moved_takes_a_handful_of_reads_and_no_write(planner: Planner) -> None:
    planner.plan(planner.house.clock.move(hours=1))
    assert len(planner.statements) == 4
    assert all(statement.startswith("SELECT") and " duties" not in statement for statement in planner.statements)


@pytest.mark.parametrize(
    ("move", "parts"),
    [
        (lambda s, h: s.add(User(full_name="x", created_at=h.clock.now)), set()),
        (lambda s, h: accounts.set_phone(s, h.dan, "+79000000000"), set(Part)),
        (lambda s, h: accounts.set_reachable(s, h.dan, False), {Part.REMINDERS, Part.DIGESTS}),
        (lambda s, h: preferences.set_kind(s, h.dan, NoticeKind.ENDS, True), set(Part)),
        (lambda s, h: settings.set_gap_warnings(s, 1, False), {Part.WATCH}),
        (lambda s, h: s.add(Chat(id=GROUP, trusted=False, digest=DigestKind.WEEKLY)), set()),
        (lambda s, h: s.add(Chat(id=GROUP, trusted=True, digest=DigestKind.HANDOVER)), {Part.DIGESTS}),
        (
            lambda s, h: s.add(
                AccessName(kind=AccessKind.ADMIN, username="x", telegram_user_id=5, bound_at=h.clock.now)
            ),
            {Part.WATCH},
        ),
    ],
)
def test_part_is_looked_at_again_when_what_it_reads_has_moved(
    planner: Planner, move: Callable[[Session, House], object], parts: set[Part]
) -> None:
    house = planner.house
    house.write(lambda session: move(session, house))
    if parts == {Part.REMINDERS, Part.DIGESTS}:  # and the admins are to hear of somebody they cannot reach
        assert planner.plan() == {Part.WATCH}
        return
    assert planner.looked() == parts


def test_schedule_that_moved_is_looked_at_and_again_when_it_has_settled(planner: Planner) -> None:
    house = planner.house
    house.put(duty(house.dan, "2026-11-26"))
    assert planner.looked() == set(Part)
    house.clock.move(minutes=1)
    assert planner.looked() == set()
    house.clock.move(minutes=1)
    assert planner.looked() == {Part.WATCH}


def test_pin_of_a_digest_group_moves_digests_only(planner: Planner) -> None:
    house = planner.house
    house.write(lambda s: s.add(Chat(id=GROUP, trusted=True, digest=DigestKind.HANDOVER)))
    planner.plan()
    house.write(lambda s: s.add(GroupPin(chat_id=GROUP, roster_id=1, message_id=1)))
    assert planner.looked() == {Part.DIGESTS}


def test_boundary_has_the_reminder_found(planner: Planner) -> None:
    assert planner.plan(moscow("2026-11-25", 7, 59)) == set()
    assert planner.plan(moscow("2026-11-25", 8)) == {Part.REMINDERS}
    assert planner.plan() == set()


def test_clock_set_back_has_everything_looked_at(planner: Planner) -> None:
    planner.house.clock.move(hours=-1)
    assert planner.looked() == set(Part)


def test_restart_recomputes_what_was_remembered(planner: Planner) -> None:
    assert planner.plan(moscow("2026-11-25", 8)) == {Part.REMINDERS}
    remembered = {part: (seen.state, seen.boundary) for part, seen in planner.memory.items()}
    planner.memory = planning.NOTHING
    assert planner.plan() == set()
    assert {part: (seen.state, seen.boundary) for part, seen in planner.memory.items()} == remembered


@pytest.mark.parametrize("refused", [True, False])
def test_reminder_that_a_change_would_have_told_comes_when_the_change_never_arrived(
    planner: Planner, refused: bool
) -> None:
    house = planner.house
    house.write(lambda s: preferences.set_kind(s, house.dan, NoticeKind.SHORT_NOTICE, True))
    house.clock.now = moscow("2026-11-24", 8, 30)
    house.put(duty(house.dan, "2026-11-24"), duty(house.dan, "2026-11-25"))
    assert planner.plan() == set()
    waiting = house.read(lambda s: s.exec(select(Notice).where(col(Notice.closed_at).is_(None))).one().id or 0)
    assert planner.looked() == set()
    close = delivery.note_refused if refused else delivery.note_sent
    arguments = (waiting, None, "Bad Request") if refused else (waiting,)
    house.write(lambda s: close(s, *arguments, house.clock.now + timedelta(seconds=1)))  # type: ignore[operator]
    assert planner.plan() == ({Part.REMINDERS} if refused else set())
