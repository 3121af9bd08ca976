"""Databases to measure on, filled through the product's own write door."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from duty_teller.composition import writing
from duty_teller.db.engine import dispose_engine
from duty_teller.db.migrations import migrate
from duty_teller.db.models import ChangeKind, EventType, LinkScope, Role, User
from duty_teller.services import schedule_service
from duty_teller.services.feeds import links
from duty_teller.services.schedule_service import Author, Covered, Shift
from duty_teller.utils.secret_file import load_secret

TOKEN = "7000001001:benchmark-token"
ADMIN_ID = 1001
ROSTER = 1
AUTHOR = Author(None, "bench")
POSITIONS = ("primary", "secondary", "third")
PEOPLE = (
    "Alice Anders", "Dan Dietrich", "Erin Eklund", "Frank Ferrari", "Галина Громова", "Hugo Hansen",
    "Ирина Иванова", "Jon Jensen", "Kim Kowalski", "Леонид Лебедев",
)  # fmt: skip


def today() -> datetime:
    """Returns the beginning of this day, UTC: the shifts of the sample change hands at midnight UTC."""
    return datetime.combine(datetime.now(UTC).date(), time(), UTC)


def month_start() -> datetime:
    """Returns the beginning of the 31 days that are asked for."""
    return today().replace(day=1)


def days_range(first: datetime, days: int) -> str:
    """Returns the address of the shifts of some days."""
    return f"/api/duties?from={first.date()}&to={(first + timedelta(days=days - 1)).date()}"


def month_range() -> str:
    """Returns the address of the 31 days that hold 93 duties."""
    return days_range(month_start(), 31)


class Sample:
    """A data folder with a database of three positions a day, and what is needed to ask for it.

    Attributes:
        folder: DATA_DIR.
        url: DATABASE_URL.
        people: Ids of the people, in the order of `PEOPLE`.
    """

    def __init__(self, folder: Path, told: bool = False) -> None:
        """Makes the folder and the database.

        Args:
            folder: Not there yet.
            told: Everybody is linked and reachable, so that a change puts notices into the outbox.
        """
        self.folder = folder
        folder.mkdir(parents=True)
        self.url = f"sqlite:///{folder / 'duty_teller.db'}"
        migrate(self.url, "UTC")
        with writing(self.url) as session:
            session.execute(sa.text("UPDATE rosters SET handover_at = '00:00'"))
            self.people = _add_people(session, told)

    def days(self, first: datetime, count: int, fixed: dict[datetime, int] | None = None) -> Iterator[Shift]:
        """Yields three shifts a day; `fixed` says who has the first position on a day."""
        for number in range(count):
            start = first + timedelta(days=number)
            for place, position in enumerate(POSITIONS):
                user = self.people[(number // 7 + 3 * place) % len(self.people)]
                if place == 0:
                    user = (fixed or {}).get(start, user)
                yield Shift(user, position, start, start + timedelta(days=1), EventType.DUTY)

    def store(self, shifts: list[Shift]) -> None:
        """Plans and applies, as an import does."""
        with writing(self.url) as session:
            store(session, shifts, frozenset(self.people))

    def feed_token(self, scope: LinkScope = LinkScope.PERSONAL) -> str:
        """Returns the token of Dan's feed."""
        secret = load_secret(self.folder)
        with writing(self.url) as session:
            return links.get_token(session, secret, self.people[1], scope, datetime.now(UTC))

    def close(self) -> None:
        """Closes the connections of this process."""
        dispose_engine(self.url)


def store(session: Session, shifts: list[Shift], people: frozenset[int]) -> None:
    """Plans and applies shifts in a session of the caller's."""
    covered = Covered(people, ((min(s.start_at for s in shifts), max(s.end_at for s in shifts)),))
    diff = schedule_service.plan_changes(session, ROSTER, shifts, covered, ChangeKind.IMPORT)
    schedule_service.apply(session, diff, AUTHOR, "bench.json", diff.revision, datetime.now(UTC))


def _add_people(session: Session, told: bool) -> list[int]:
    now = datetime.now(UTC)
    users = [
        User(full_name=name, username=f"user_{number}", phone=f"+7900000{number:04}", created_at=now)
        for number, name in enumerate(PEOPLE)
    ]
    users[0].telegram_user_id, users[0].role = ADMIN_ID, Role.ADMIN
    for number, user in enumerate(users if told else ()):
        user.telegram_user_id, user.linked_at, user.reachable = ADMIN_ID + number, now, True
    session.add_all(users)
    session.flush()
    return [user.id for user in users if user.id is not None]


def one_month(folder: Path) -> Sample:
    """A month of 93 duties and nothing else."""
    sample = Sample(folder)
    sample.store(list(sample.days(month_start(), 31)))
    return sample


def ten_years(folder: Path) -> Sample:
    """Nine years back and one ahead; Dan has exactly 365 shifts where a feed looks."""
    sample = Sample(folder)
    first = month_start() - timedelta(days=9 * 365)
    dan, others = sample.people[1], [person for person in sample.people if person != sample.people[1]]
    near = {today() + timedelta(days=number) for number in range(-95, 410)}
    fixed = {day: dan if -60 <= (day - today()).days < 305 else others[0] for day in near}
    shifts = [
        shift if shift.user_id != dan or shift.start_at not in near or shift.position == POSITIONS[0]
        else Shift(others[1], shift.position, shift.start_at, shift.end_at, shift.event_type)
        for shift in sample.days(first, 10 * 365 + 62, fixed)
    ]  # fmt: skip
    sample.store(shifts)
    return sample


def scratch(parent: Path, name: str) -> Path:
    """Returns a folder that is not there yet."""
    folder = parent / name
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def quiet_environment(**more: str) -> dict[str, str]:
    """Returns an environment without the settings of whoever runs this."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | more
