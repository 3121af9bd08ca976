"""Subscriptions over a month in which people ask, cover, swap, take over, fall ill, and admins edit, import and undo.

A client that keeps only what it read last has exactly the stored schedule whenever it has asked, whichever of HTTP's
conditions it asks with, and so has a real one: vdirsyncer, and khal that shows what it fetched.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlmodel import select

from duty_teller.db.models import LinkScope, User
from duty_teller.services.people import accounts
from duty_teller.utils.dates import local_day
from tests.api.conftest import Web
from tests.api.subscriber import Subscriptions, is_installed, program
from tests.api.test_feed_changes import newest_change
from tests.api.test_feeds import fetch, link
from tests.events import events_of
from tests.house import NOW, ZONE, House, duty
from tests.services.test_cover_month import NAMES, Month

DAYS = 30
Shown = set[tuple[str, str, str]]
"""Who, from, until: days of absences are days."""


class MonthWithAdmins(Month):
    """The month of `test_cover_month`, in which admins also undo, rename and import; who is told what is no matter."""

    def telegram(self, call: object) -> int | None:
        self.number += 1
        return self.number

    def by_an_admin(self, imported: Callable[[], None]) -> None:
        what = self.dice.choice(["undo", "undo", "rename", "import"])
        if what == "undo":
            if (change := newest_change(self.house)) > 1:
                self.house.undo(change)
        elif what == "rename":
            name = f"Kim {self.dice.randrange(1000)}"
            self.house.write(lambda s: accounts.rename(s, self.people[-1], name, self.now))
        else:
            imported()
        self.acts[what] += 1


def lived_through(house: House, between: Callable[[int], None], seed: int) -> MonthWithAdmins:
    """Thirty days, with `between` after each step."""
    people = [house.alice, house.dan]
    people += [house.person(name, telegram_user_id=3000 + n, linked_at=NOW) for n, name in enumerate(NAMES)]
    house.write(lambda s: s.connection().exec_driver_sql("UPDATE users SET reachable = 1") and None)
    first = local_day(NOW, ZONE)
    lines = [duty(people[n % 12], first + timedelta(days=n), position="1") for n in range(DAYS + 9)]
    lines += [duty(people[(n + 6) % 12], first + timedelta(days=n), position="2") for n in range(DAYS + 9)]
    house.put(*lines)
    month = MonthWithAdmins(house, people)
    month.dice = Random(seed)
    step = 0
    while house.clock.now < NOW + timedelta(days=DAYS):
        month.step()
        if month.dice.random() < 0.15:
            month.by_an_admin(lambda: house.put(*month.dice.sample(lines, len(lines) - 3)) and None)
        between(step)
        house.clock.move(minutes=month.dice.randint(120, 960))
        step += 1
    enough = ("take", "agree", "over", "ill", "undo", "import", "rename", "withdraw")
    assert all(month.acts[what] for what in enough), month.acts
    return month


def stored(house: House) -> Shown:
    """What a reader of the team's feed has to show."""
    people = house.read(lambda s: {user.id: user.full_name for user in s.exec(select(User))})
    found = set()
    for row in house.duties():
        if row.cancelled_at is None:
            words = "On duty" if not row.event_type.is_absence else "Sick leave"
            position = f" ({row.position})" if row.position else ""
            span = [written(at, row.event_type.is_absence) for at in (row.start_at, row.end_at)]
            found.add((f"{words}: {people[row.user_id]}{position}", span[0], span[1]))
    return found


def written(moment: date | datetime, day: bool = False) -> str:
    if isinstance(moment, datetime):
        return f"{local_day(moment, ZONE)}" if day else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return moment.isoformat()


def shown(body: bytes) -> Shown:
    return {
        (str(event["SUMMARY"]), written(event["DTSTART"].dt), written(event["DTEND"].dt))
        for event in events_of(body)
        if event["STATUS"] == "CONFIRMED"
    }


CONDITIONS = {"": "", "If_None_Match": "etag", "If_Modified_Since": "last-modified"}


def test_client_that_keeps_what_it_read_last_has_the_stored_schedule(web: Web, tmp_path: Path) -> None:
    """Three clients that ask for the whole each time, by the ETag, and by the date alone; and vdirsyncer with khal."""
    house, path, chance = web.house, link(web.house, web.house.alice, LinkScope.TEAM), Random(14)
    subscribed = Subscriptions(tmp_path, {"team": web.url + path}) if is_installed("khal") else None
    kept: dict[str, tuple[bytes, str]] = {}
    answers: Counter[tuple[str, int]] = Counter()

    def ask(condition: str) -> None:
        body, mark = kept.get(condition, (b"", ""))
        answer = fetch(web, path, **({condition: mark} if mark else {}))
        if answer.status_code == 200:
            body = answer.content
        kept[condition] = body, answer.headers.get(CONDITIONS[condition], "")
        answers[condition, answer.status_code] += 1
        assert shown(body) == stored(house), condition

    def look() -> None:
        if subscribed is not None:
            subscribed.sync()
            events = subscribed.events("team", date(2026, 11, 1), date(2027, 2, 28))
            assert {(one.title, one.start, one.end) for one in events if one.status == "CONFIRMED"} == stored(house)

    def between(step: int) -> None:
        for condition in CONDITIONS:
            if chance.random() < 0.3:
                ask(condition)
        if step % 25 == 20:
            look()

    lived_through(house, between, 14)
    for condition in CONDITIONS:
        ask(condition)
    look()
    assert all(answers[condition, 304] for condition in CONDITIONS if condition), answers
    if subscribed is None:
        program("khal")  # says what could not be tried
