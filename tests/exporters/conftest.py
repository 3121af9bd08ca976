"""A migrated database whose schedule a test may fill; nothing is kept."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.engine import dispose_engine
from duty_teller.db.models import Duty, EventType, Roster, User
from duty_teller.db.session import session_scope
from duty_teller.exporters.model import ExportedSchedule
from duty_teller.importers.duty_schedule import read_roster_file
from duty_teller.services import export as export_service
from duty_teller.services import import_service
from duty_teller.services.import_service import ImportPlan, RosterFile
from duty_teller.utils.handover import instant

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Stored:
    """A shift to be stored; `who` counts the people from 0."""

    who: int
    start: datetime
    end: datetime
    kind: EventType = EventType.DUTY
    position: str | None = None
    note: str | None = None


def at(day: date | str, hour: int = 0, minute: int = 0, zone: str = BERLIN) -> datetime:
    """A wall-clock time as an instant."""
    return instant(date.fromisoformat(day) if isinstance(day, str) else day, time(hour, minute), zone)


def days(who: int, first: str, last: str, kind: EventType = EventType.VACATION, zone: str = BERLIN) -> Stored:
    """Whole days, both included."""
    return Stored(who, at(first, zone=zone), at(date.fromisoformat(last) + timedelta(days=1), zone=zone), kind)


def duty(who: int, day: str, days: int = 1, position: str | None = None, hour: int = 9) -> Stored:
    """From 09:00 to 09:00."""
    end = date.fromisoformat(day) + timedelta(days=days)
    return Stored(who, at(day, hour), at(end, hour), position=position)


@dataclass
class Team:
    """A team with a schedule, in a session that is rolled back."""

    session: Session
    roster: Roster

    def read(self, first: str | date, last: str | date, lang: str = "en") -> ExportedSchedule:
        first, last = (date.fromisoformat(day) if isinstance(day, str) else day for day in (first, last))
        return export_service.read_schedule(self.session, self.roster, first, last, lang)

    def export(self, first: str | date, last: str | date, file_format: str, lang: str = "en") -> bytes:
        return export_service.write_file(self.read(first, last, lang), file_format).data

    def plan(self, data: bytes, file_name: str = "roster") -> ImportPlan:
        file = RosterFile(read_roster_file(data, file_name), import_service.rules_of(self.roster))
        plan = import_service.plan(self.session, self.roster, file)
        assert isinstance(plan, ImportPlan), plan
        return plan

    def unchanged(self, data: bytes) -> bool:
        plan = self.plan(data)
        assert plan.diff.items == ()
        assert [person.name for person in plan.people if person.is_new] == []
        assert plan.missing == ()
        return plan.diff.empty


MakeTeam = Callable[..., AbstractContextManager[Team]]


@pytest.fixture(scope="session")
def make_team(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[MakeTeam]:
    """Makes a team of these people with these shifts; a name may end in its @username."""
    folder: Path = tmp_path_factory.mktemp("exports")
    url = f"sqlite:///{shutil.copyfile(migrated_file, folder / 'duty_teller.db')}"

    @contextmanager
    def make(
        people: Iterable[str], shifts: Iterable[Stored], zone: str = BERLIN, handover: time = time(9), title: str = ""
    ) -> Iterator[Team]:
        with session_scope(url, write=True) as session:
            roster = repository.rosters(session)[0]
            roster.timezone, roster.handover_at, roster.name = zone, handover, title
            ids = []
            for text in people:
                name, _at, username = text.partition(" @")
                user = User(full_name=name, username=username or None, created_at=NOW)
                session.add(user)
                session.flush()
                ids.append(user.id or 0)
            for number, s in enumerate(shifts):
                row = Duty(
                    roster_id=roster.id or 0,
                    user_id=ids[s.who],
                    position=s.position,
                    start_at=s.start,
                    end_at=s.end,
                    event_type=s.kind,
                    note=s.note,
                    uid=f"uid-{number}",
                    updated_at=NOW,
                )
                session.add(row)
            session.flush()
            yield Team(session, roster)
            session.rollback()

    yield make
    dispose_engine(url)
