"""A furnished house for tests: a migrated database, a clock that can be set, and the same three people."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session, col, select

from duty_teller.bot_api_stand_in import sign_init_data
from duty_teller.composition import writing
from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, Duty, EventType, Roster, ScheduleChange, User
from duty_teller.db.session import session_scope
from duty_teller.services import schedule_service
from duty_teller.services.people import access, accounts
from duty_teller.services.schedule_service import Author, Covered, Diff, RosterSettings, Shift
from duty_teller.utils.handover import instant
from duty_teller.utils.user import Visitor
from tests.clock import Clock

T = TypeVar("T")

TOKEN = "123456:TEST-token_for_the_tests_only_0000"
ZONE = "Europe/Moscow"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A Monday, 15:00 in Moscow; the hand-over is at 09:00 there."""
SECRET = bytes(range(32))

ALICE = Visitor(1001, "Alice Admin", "alice", "en")
DAN = Visitor(1002, "Dan Duty", "dan", "en")
SAM = Visitor(1003, "Sam Stranger", "sam", "ru")
EVERYTHING = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def untimed(html: str) -> str:
    """A message's HTML without its instants: what the reader sees."""
    return re.sub(r"</?tg-time[^>]*>", "", html)


def moscow(day: date | str, hour: int = 0, minute: int = 0) -> datetime:
    """A wall-clock time in Moscow as an instant."""
    return instant(date.fromisoformat(day) if isinstance(day, str) else day, time(hour, minute), ZONE)


def duty(user_id: int, day: date | str, days: int = 1, hour: int = 9, position: str | None = None) -> Shift:
    """A duty from hand-over to hand-over."""
    first = date.fromisoformat(day) if isinstance(day, str) else day
    start, end = moscow(first, hour), moscow(first + timedelta(days=days), hour)
    return Shift(user_id, position, start, end, EventType.DUTY)


def absence(user_id: int, day: str, days: int = 1, kind: EventType = EventType.VACATION) -> Shift:
    """Whole local days."""
    first = date.fromisoformat(day)
    return Shift(user_id, None, moscow(first), moscow(first + timedelta(days=days)), kind)


@dataclass
class House:
    """What tests share. Alice is an admin by ADMIN_IDS, Dan is a linked person of the roster, Sam is nobody."""

    url: str
    folder: Path
    clock: Clock
    settings: Settings
    alice: int = 0
    dan: int = 0

    def write(self, work: Callable[[Session], T]) -> T:
        with writing(self.url) as session:
            return work(session)

    def read(self, work: Callable[[Session], T]) -> T:
        with session_scope(self.url) as session:
            return work(session)

    def settle(self) -> None:
        """Lets Alice and Dan in, where they are not yet."""
        accounts_there = select(User.telegram_user_id, User.id)
        there = dict(self.read(lambda session: session.exec(accounts_there).all()))
        if there:
            self.alice, self.dan = there[ALICE.telegram_user_id], there[DAN.telegram_user_id]
            return

        def work(session: Session) -> None:
            alice = access.admit(session, self.settings, ALICE, NOW)
            assert alice is not None
            self.alice = alice.user_id
            dan = User(full_name=DAN.full_name, phone="+79001112233", created_at=NOW)
            session.add(dan)
            session.flush()
            self.dan = accounts.link(session, dan, DAN, NOW).id or 0

        self.write(work)

    def person(self, name: str, **fields: object) -> int:
        """Adds somebody of the roster who has no account."""

        def work(session: Session) -> int:
            user = User(full_name=name, created_at=NOW, **fields)
            session.add(user)
            repository.raise_revision(session, "people")
            session.flush()
            assert user.id is not None
            return user.id

        return self.write(work)

    def people(self, *names: str) -> None:
        """Adds several of the roster who have no account."""

        def work(session: Session) -> None:
            session.add_all([User(full_name=name, created_at=NOW) for name in names])
            repository.raise_revision(session, "people")

        self.write(work)

    @property
    def author(self) -> Author:
        return Author(self.alice, "Alice Admin")

    def plan(
        self,
        wanted: Iterable[Shift],
        spans: tuple[tuple[datetime, datetime], ...] = (EVERYTHING,),
        people: Iterable[int] | None = None,
        settings: RosterSettings | None = None,
    ) -> Diff:
        def work(session: Session) -> Diff:
            covered = people if people is not None else session.exec(select(User.id)).all()
            ids = frozenset(user_id for user_id in covered if user_id is not None)
            return schedule_service.plan_changes(
                session, 1, list(wanted), Covered(ids, spans), ChangeKind.IMPORT, settings
            )

        return self.read(work)

    def apply(self, diff: Diff, reason: str = "november.xlsx", author: Author | None = None) -> int:
        def work(session: Session) -> int:
            change = schedule_service.apply(session, diff, author or self.author, reason, diff.revision, self.clock.now)
            return change.id or 0

        return self.write(work)

    def put(self, *wanted: Shift, reason: str = "november.xlsx", settings: RosterSettings | None = None) -> int:
        """Makes the schedule hold exactly these shifts; returns the change."""
        return self.apply(self.plan(wanted, settings=settings), reason)

    def undo(self, change_id: int) -> int:
        return self.write(
            lambda session: schedule_service.undo(session, change_id, self.author, self.clock.now).id or 0
        )

    def duties(self) -> list[Duty]:
        """All rows, cancelled ones too, by start and number."""
        return list(
            self.read(lambda session: session.exec(select(Duty).order_by(col(Duty.start_at), col(Duty.id))).all())
        )

    def live(self) -> list[Shift]:
        return [Shift.of(row) for row in self.duties() if row.cancelled_at is None]

    def changes(self) -> list[ScheduleChange]:
        return list(
            self.read(lambda session: session.exec(select(ScheduleChange).order_by(col(ScheduleChange.id))).all())
        )

    def roster(self, **fields: object) -> Roster:
        """Returns the roster, with some fields set and stored first."""

        def work(session: Session) -> Roster:
            roster = session.get_one(Roster, 1)
            for name, value in fields.items():
                setattr(roster, name, value)
            session.add(roster)
            if fields:
                repository.raise_revision(session, "rosters")
            return roster

        return self.write(work)

    def speaks(self, lang: str) -> None:
        """Lets everybody have chosen a language."""

        def work(session: Session) -> None:
            for user in session.exec(select(User)):
                user.language = lang
                session.add(user)
            repository.raise_revision(session, "people")

        self.write(work)

    def revision(self, name: str = "schedule:1") -> int:
        return self.read(lambda session: repository.revision(session, name))

    def init_data(self, visitor: Visitor = ALICE, auth_date: datetime | None = None, token: str = TOKEN) -> str:
        """Launch data of the Mini App as Telegram signs them."""
        first, _space, last = visitor.full_name.partition(" ")
        user = {"id": visitor.telegram_user_id, "first_name": first, "last_name": last}
        user |= {"username": visitor.username, "language_code": visitor.language_code}
        return sign_init_data(token, {k: v for k, v in user.items() if v}, auth_date or self.clock.now)
