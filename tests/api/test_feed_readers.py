"""Feeds as seven calendar programs read them: every event, to the letter and the second, and all of them alike.

In Python icalendar with recurring-ical-events, and vobject; each in a process of its own ical.js (Thunderbird),
node-ical, ics.py and libical (Evolution, GNOME, KDE); khal behind vdirsyncer as a real subscription
(tests/api/test_subscription.py). `make test` installs them into .venv/readers; what is missing is skipped with its
name, in CI it fails.
"""

import ctypes.util
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import vobject
from sqlmodel import Session, select

from duty_teller.config import Settings
from duty_teller.db.engine import dispose_engine
from duty_teller.db.models import EventType, LinkScope, User
from duty_teller.services.feeds import links
from duty_teller.services.people import preferences
from duty_teller.services.schedule_service import Shift
from duty_teller.utils.dates import day_span
from duty_teller.utils.handover import instant
from tests.api.conftest import serve
from tests.api.subscriber import INSTALLED, Seen, Subscriptions, program, run
from tests.api.test_feeds import fetch
from tests.clock import Clock
from tests.house import NOW, SECRET, TOKEN, House
from tests.missing import missing

BERLIN = "Europe/Berlin"
PROGRAMS = Path(__file__).parent / "readers"
FIRST = date(2026, 9, 20)
"""Two changes of the clocks back and one forward lie between here and the end of the largest feed."""
# A backslash before an n is left out: ics.py and node-ical take the two for a line break, whatever stands before them.
NAMES = (
    "Иванова, Анна; смена\\ночь",
    'O’Neil "Zoë": 5, A;B',
    "עומר כהן",
    "أحمد علي (ليل)",
    # The second fold of a title with the roster's name comes before, within and behind the four people of this emoji.
    *("x" * length + "👩‍👩‍👧‍👦 Ёж" for length in range(72, 104, 2)),
)
NOTE = "Ключи у охраны; код: 1234, пропуск\\карта\nПозвонить по «горячей» линии " + "🇩🇪👩‍🚒ё" * 20
WORDS = {
    "en": {EventType.DUTY: "On duty", EventType.VACATION: "Vacation"},
    "ru": {EventType.DUTY: "Дежурство", EventType.VACATION: "Отпуск"},
}


@dataclass(frozen=True, slots=True)
class Served:
    """A feed that is served, the file of its bytes, and what is stored."""

    name: str
    url: str
    file: Path
    stored: list[Seen]


def stored_events(house: House, lang: str) -> list[Seen]:
    """What a team's feed has to say, from the rows."""

    def moment(at: datetime, whole_days: bool) -> str:
        if whole_days:
            return f"{at.astimezone(ZoneInfo(BERLIN)):%Y-%m-%d}"
        return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    names = house.read(lambda s: {user.id: user.full_name for user in s.exec(select(User))})
    roster = house.roster().name
    found = []
    for row in house.duties():
        word, absent = WORDS[lang][row.event_type], row.event_type.is_absence
        what = (f"{roster}, {word}" if absent else roster) if roster else word
        position = f" ({row.position})" if row.position else ""
        found.append(
            Seen(
                f"{row.uid}@duty-teller",
                f"{what}: {names[row.user_id]}{position}",
                moment(row.start_at, absent),
                moment(row.end_at, absent),
                row.note or "",
                "CANCELLED" if row.cancelled_at else "CONFIRMED",
                row.sequence,
            )
        )
    return sorted(found)


def shift(user_id: int, number: int, position: str | None = None, note: str | None = None) -> Shift:
    start, end = (instant(FIRST + timedelta(days=n), time(9), BERLIN) for n in (number, number + 1))
    return Shift(user_id, position, start, end, EventType.DUTY, note)


def vacation(user_id: int, first: date, days: int) -> Shift:
    start, end = day_span(first, first + timedelta(days=days - 1), BERLIN)
    return Shift(user_id, None, start, end, EventType.VACATION)


def one(house: House) -> None:
    house.put(shift(house.dan, 70))


def year(house: House) -> None:
    """365 shifts of twenty people whose names are hard to write, of which some were moved, some taken off."""
    house.roster(name="Сеть; «Ядро», ночь 👩‍🚒")
    people = [house.person(name) for name in NAMES]
    wanted = [shift(people[n % len(people)], n, note=NOTE[: 3 * n].strip() or None) for n in range(365)]
    wanted += [vacation(house.alice, date(2026, 12, 1), 14), vacation(house.alice, date(2027, 3, 27), 3)]
    house.put(*wanted, shift(house.dan, 366), shift(house.dan, 367), vacation(house.dan, date(2027, 10, 30), 2))
    house.clock.move(minutes=5)
    moved = Shift(people[0], None, wanted[0].start_at, wanted[0].end_at - timedelta(hours=1), EventType.DUTY)
    house.put(moved, *wanted[1:])
    house.clock.now = NOW


def crowd(house: House) -> None:
    people = [house.person(f"{name} {n}") for n, name in enumerate(NAMES[:12])]
    house.put(*(shift(people[n % 12], n // 12, f"post {n % 12 + 1}") for n in range(5000)))


HOUSES: tuple[tuple[int, Callable[[House], None], tuple[str, ...]], ...] = (
    (1, one, ("ru",)),
    (365, year, ("en", "ru")),
    (5000, crowd, ("en",)),
)
"""How many shifts, and in whose languages the feed is read."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[list[Served]]:
    """The feeds of three teams, in the languages of their members."""
    with ExitStack() as stack:
        yield [
            feed
            for count, furnish, languages in HOUSES
            for feed in _served(stack, tmp_path_factory.mktemp(f"of-{count}"), migrated_file, furnish, languages)
        ]


def _served(
    stack: ExitStack, folder: Path, migrated: Path, furnish: Callable[[House], None], languages: tuple[str, ...]
) -> Iterator[Served]:
    shutil.copyfile(migrated, folder / "duty_teller.db")
    url = f"sqlite:///{folder / 'duty_teller.db'}"
    stack.callback(dispose_engine, url)
    settings = Settings(bot_token=TOKEN, admin_ids=frozenset({1001}), data_dir=folder, database_url=url)
    house = House(url, folder, Clock(NOW), settings)
    house.settle()
    house.roster(timezone=BERLIN)
    furnish(house)
    web = stack.enter_context(serve(house))
    for lang in languages:
        owner = house.alice if lang == "en" else house.dan

        def made(session: Session, lang: str = lang, owner: int = owner) -> str:
            preferences.set_language(session, owner, lang, NOW)
            return links.get_token(session, SECRET, owner, LinkScope.TEAM, NOW)

        path = f"/api/calendar/ical/{house.write(made)}.ics"
        file = folder / f"{lang}.ics"
        file.write_bytes(fetch(web, path).content)
        yield Served(f"{lang}{len(house.duties())}", web.url + path, file, stored_events(house, lang))


def told_by(*command: str, files: list[Path]) -> list[list[Seen]]:
    """What a reader in a process of its own prints."""
    return [
        [Seen(**{**event, "note": event["note"] or ""}) for event in calendar]
        for calendar in json.loads(run(*command, *map(str, files)))
    ]


def by_icalendar(files: list[Path]) -> list[list[Seen]]:
    return [
        [
            Seen(
                str(event["UID"]),
                str(event["SUMMARY"]),
                written(event["DTSTART"].dt),
                written(event["DTEND"].dt),
                str(event.get("DESCRIPTION", "")),
                str(event["STATUS"]),
                int(event["SEQUENCE"]),
            )
            for event in recurring_ical_events.of(icalendar.Calendar.from_ical(file.read_bytes())).between(
                date(2026, 1, 1), date(2029, 1, 1)
            )
        ]
        for file in files
    ]


def by_vobject(files: list[Path]) -> list[list[Seen]]:
    return [
        [
            Seen(
                event.uid.value,
                event.summary.value,
                written(event.dtstart.value),
                written(event.dtend.value),
                event.description.value if hasattr(event, "description") else "",
                event.status.value,
                int(event.sequence.value),
            )
            for event in vobject.readOne(file.read_text("utf-8")).vevent_list
        ]
        for file in files
    ]


def written(moment: date | datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if isinstance(moment, datetime) else moment.isoformat()


def by_node(name: str) -> Callable[[list[Path]], list[list[Seen]]]:
    return lambda files: told_by(program("node"), str(PROGRAMS / "node.mjs"), name, str(INSTALLED), files=files)


def by_ics_py(files: list[Path]) -> list[list[Seen]]:
    return told_by(program("python"), str(PROGRAMS / "ics_py.py"), files=files)


def by_libical(files: list[Path]) -> list[list[Seen]]:
    library = ctypes.util.find_library("ical")
    if library is None:
        missing("libical", "Debian: libical3")
    return told_by(sys.executable, str(PROGRAMS / "libical.py"), str(library), files=files)


READERS: dict[str, Callable[[list[Path]], list[list[Seen]]]] = {
    "icalendar": by_icalendar,
    "vobject": by_vobject,
    "ical.js": by_node("ical.js"),
    "node-ical": by_node("node-ical"),
    "ics.py": by_ics_py,
    "libical": by_libical,
}


SLOW = {"ics.py"}
"""It takes 35 s for 5,000 events, of which it parses every line by a grammar: not in every run."""
ALL = bool(os.environ.get("DUTY_TELLER_ALL_READERS"))


@pytest.mark.parametrize("reader", READERS)
def test_reader_sees_every_event_as_it_is_stored(served: list[Served], reader: str) -> None:
    """One shift, 365 with some that were moved, taken off or are absences, and 5,000."""
    assert [len(feed.stored) for feed in served] == [1, 370, 370, 5000]
    read = served if reader not in SLOW or ALL else served[:2]
    for feed, seen in zip(read, READERS[reader]([feed.file for feed in read]), strict=True):
        assert sorted(seen) == feed.stored, feed.name


def test_subscription_of_vdirsyncer_shows_every_event_in_khal(served: list[Served], tmp_path: Path) -> None:
    """As a real client has it: fetched over HTTP, kept in a file an event, shown by another program."""
    subscribed = Subscriptions(tmp_path, {feed.name: feed.url for feed in served})
    subscribed.sync()
    for feed in served:
        # vdirsyncer gives each event a UID of its own; khal shows no SEQUENCE.
        stored = [replace(event, uid="", sequence=0) for event in feed.stored]
        assert subscribed.events(feed.name, date(2026, 8, 1), date(2028, 1, 31)) == sorted(stored), feed.name


def test_hard_places_lie_where_readers_stumble(served: list[Served]) -> None:
    """The feeds hold what they are to prove: an emoji that is folded, days of 23 and 25 hours, every escape."""
    _one, year, _ru_year, large = served
    content, family = year.file.read_bytes(), "👩‍👩‍👧‍👦".encode()
    assert 0 < content.count(family) < content.replace(b"\r\n ", b"").count(family)
    assert all(escape in content for escape in (b"\\,", b"\\;", b"\\n", b"\\\\"))
    lengths = {datetime.fromisoformat(event.end) - datetime.fromisoformat(event.start) for event in large.stored}
    assert lengths == {timedelta(hours=hours) for hours in (23, 24, 25)}
    assert {(event.status, event.sequence) for event in year.stored} == {
        ("CONFIRMED", 0),
        ("CONFIRMED", 1),
        ("CANCELLED", 1),
    }
