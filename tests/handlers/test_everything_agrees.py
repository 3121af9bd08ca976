"""After each kind of change all that shows the schedule shows the same: pin, /my, feed, reminders, Mini App.

The bot runs and answers in the chat, the web part answers over HTTP; a change is written as another process writes it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import icalendar
import pytest
from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, CoverRequest, EventType, LinkScope, ScheduleChange, User
from duty_teller.services import schedule_service
from duty_teller.services.cover_service import requests, swaps, takeovers
from duty_teller.services.cover_service.model import Actor
from duty_teller.services.feeds import links
from duty_teller.services.notices import reminders
from duty_teller.services.schedule_service import Author, absences, edits
from duty_teller.services.schedule_service.edits import Stored
from duty_teller.services.texts.duty import span_text
from tests.api.conftest import Web, serve
from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, World, roster_json, wait_for
from tests.house import SECRET, ZONE, House, moscow, untimed

FAY = 1004
PEOPLE = {DAN: "Dan Duty", SAM: "Sam Smith", FAY: "Fay Free"}
FIRST = date(2026, 12, 1)
WITHIN = 5.0
"""Seconds."""

LEAD, REACH = timedelta(hours=12), 18
"""How long before everybody is reminded; so many days ahead are looked at."""

Times = set[tuple[str, datetime, datetime]]
"""Who, from, to."""


def joined(times: Times) -> Times:
    """Shifts that meet as one time on duty."""
    found: list[list[Any]] = []
    for who, start, end in sorted(times):
        if found and found[-1][0] == who and found[-1][2] >= start:
            found[-1][2] = max(found[-1][2], end)
        else:
            found.append([who, start, end])
    return {(who, start, end) for who, start, end in found}


def is_my(message: dict[str, Any]) -> bool:
    """Tells whether a message is /my's answer."""
    return str(message["text"]).startswith(("Your shifts", "You have no shifts"))


@dataclass
class Everything:
    """The running bot, the running web part and what a calendar has kept by UID."""

    world: World
    web: Web
    kept: dict[str, tuple[str, datetime, datetime] | None] = field(default_factory=dict)

    def day(self, number: int, hour: int = 9) -> datetime:
        return moscow(FIRST + timedelta(days=number), hour)

    @property
    def now(self) -> datetime:
        return self.world.clock.now

    # -- what is stored, read by SQL, and what shows it ---------------------------------------------------------------

    def stored(self) -> Times:
        rows = self.world.rows(
            "SELECT full_name, start_at, end_at FROM duties JOIN users ON users.id = user_id "
            "WHERE cancelled_at IS NULL AND event_type = 'duty'"
        )
        utc = self.now.tzinfo
        return {
            (name, datetime.fromtimestamp(start, utc), datetime.fromtimestamp(end, utc)) for name, start, end in rows
        }

    def in_the_pin(self) -> set[str]:
        shown = self.world.chat.pinned(GROUP)
        return set(re.findall(r"On duty now: (.+)", shown["text"])) if shown else set()

    def in_my(self) -> dict[str, list[str]]:
        """The spans that everybody's /my lists."""
        found: dict[str, list[str]] = {}
        for who, name in PEOPLE.items():
            asked = self.world.chat.send_text(who, "/my")  # a notice may come first
            shown = self.world.chat.wait_for_message(who, is_my, after_id=asked["message_id"])
            lines = shown["text"].split("\n")
            spans = [re.sub(r" ?\(.*| · .*", "", line[2:]) for line in lines if line[:2] in ("🟢 ", "✓ ", "• ")]
            found[name] = spans
        return found

    def in_the_feed(self) -> Times:
        """What a client has that keeps events by UID, over all its reads."""
        for who, name in PEOPLE.items():
            token = self.world.work(partial(self.token, who=who))
            calendar = icalendar.Calendar.from_ical(self.web.get(f"/feed/{token}.ics", None).content)
            for event in calendar.walk("VEVENT"):
                gone = str(event.get("STATUS")) == "CANCELLED" or type(event["DTSTART"].dt) is date
                self.kept[str(event["UID"])] = None if gone else (name, event["DTSTART"].dt, event["DTEND"].dt)
        return {event for event in self.kept.values() if event is not None}

    def token(self, session: Session, who: int) -> str:
        return links.get_token(session, SECRET, user_of(session, who), LinkScope.PERSONAL, self.now)

    def read(self, path: str) -> Any:
        """Reads as Alice's Mini App."""
        signed = self.world.chat.init_data(ALICE, auth_date=int(self.now.timestamp()))
        return self.web.get(path, None, X_Telegram_Init_Data=signed).json()

    def in_the_app(self) -> Times:
        rows = self.read("/api/duties?from=2026-11-01&to=2026-12-31")
        moment = datetime.fromisoformat
        duties = [row for row in rows if row["event_type"] == "duty"]
        return {(row["full_name"], moment(row["start_at"]), moment(row["end_at"])) for row in duties}

    def on_duty_in_the_app(self) -> set[str]:
        return {row["full_name"] for row in self.read("/api/now")["rosters"][0]["current"]}

    def reminded(self) -> set[tuple[str, datetime]]:
        """Who would be reminded of which start in the next days, if nothing changed any more."""

        def look(session: Session) -> set[tuple[str, datetime]]:
            names = {user.id: user.full_name for user in session.exec(select(User))}
            found: set[tuple[str, datetime]] = set()
            for hour in range(0, 24 * REACH, 6):
                for one in reminders.plan(session, self.now + timedelta(hours=hour)).pending:
                    if "start" in one.payload:
                        found.add((names[one.user_id], datetime.fromtimestamp(one.payload["start"], UTC)))
            return found

        return self.world.work(look)

    # -- whether it is the same --------------------------------------------------------------------------------------

    def agree(self, after: str) -> None:
        stored, now = self.stored(), self.now
        times = joined(stored)
        on_duty = {who for who, start, end in stored if start <= now < end}
        wait_for(lambda: self.in_the_pin() == on_duty, WITHIN)
        assert self.on_duty_in_the_app() == on_duty, after
        assert self.in_the_app() == stored, after
        assert self.in_the_feed() == stored, after
        spans = {
            name: [untimed(span_text("en", start, end, ZONE)) for who, start, end in sorted(times) if who == name]
            for name in PEOPLE.values()
        }
        assert {name: sorted(found) for name, found in self.in_my().items()} == {
            name: sorted(found) for name, found in spans.items()
        }, after
        until = now + timedelta(days=REACH)
        wanted = {(who, start) for who, start, _end in times if now + LEAD < start < until}
        assert {one for one in self.reminded() if now + LEAD < one[1] < until} == wanted, after


def user_of(session: Session, telegram_user_id: int) -> int:
    return session.exec(select(User.id).where(User.telegram_user_id == telegram_user_id)).one() or 0


@pytest.fixture
def everything(world: World) -> Iterator[Everything]:
    """Dan, Sam and Fay by turns with a day between them; a group with a pin; everybody is reminded 12 h before."""
    world.clock.set(moscow(FIRST, 12))
    world.chat.add_user(FAY, "Fay", "fay")
    world.chat.add_user(DAN, "Dan", "dan_duty", "en")
    world.import_roster(roster_json(FIRST, Dan_Duty="Б   Б", Sam_Smith="  Б   Б", Fay_Free="        Б"))
    for who, name in PEOPLE.items():
        world.chat.press_start(who, world.invitation(name))
        world.chat.wait_for_message(who, name)
    world.work(
        lambda s: s.connection().exec_driver_sql("UPDATE users SET reminder_leads = '720' WHERE linked_at NOT NULL")
    )
    world.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])
    world.say(ALICE, "/pin_duty", chat_id=GROUP)
    house = House(world.settings.database_url, world.folder, world.clock, world.settings)
    with serve(house) as web:
        yield Everything(world, web)


def test_everything_shows_the_same_after_each_kind_of_change(everything: Everything) -> None:
    world, day, admin = everything.world, everything.day, Author(None, "test")
    settings = world.settings
    everything.agree("the import")

    def change(what: str, work: Callable[[Session], object]) -> None:
        before = everything.stored()
        world.work(lambda session: work(session) and None)
        assert what in ("split", "away", "ask", "offer") or everything.stored() != before, f"{what} changed nothing"
        everything.agree(what)

    def at(session: Session, moment: datetime) -> list[Stored]:
        return edits.stored_between(session, 1, moment, moment + timedelta(minutes=1))

    def edit(make: Callable[[Session], Any]) -> Callable[[Session], object]:
        def work(session: Session) -> object:
            diff = edits.plan_edit(session, repository.rosters(session)[0], make(session)).diff
            return schedule_service.apply(session, diff, admin, "", diff.revision, everything.now)

        return work

    def actor(session: Session, who: int) -> Actor:
        return Actor(user_of(session, who), PEOPLE[who])

    def duty_at(session: Session, moment: datetime) -> int:
        return at(session, moment)[0].id

    def newest(session: Session) -> int:
        return session.exec(select(CoverRequest.id).order_by(col(CoverRequest.id).desc())).first() or 0

    change("give", edit(lambda s: edits.give(at(s, day(2)), day(2, 15), day(3), user_of(s, FAY))))
    change("split", edit(lambda s: edits.split(at(s, day(4))[0], day(4, 20))))
    change("move", edit(lambda s: edits.move(at(s, day(6)), day(6, 12), day(7, 12))))
    change("remove", edit(lambda s: edits.remove(at(s, day(8)), day(8), day(8, 15))))
    change("add", edit(lambda s: edits.add(user_of(s, DAN), day(10), day(11))))
    change("ask", lambda s: requests.ask(s, actor(s, DAN), duty_at(s, day(4)), everything.now, (day(4, 18), day(5))))
    change("cover", lambda s: requests.take(s, settings, actor(s, FAY), newest(s), everything.now))
    shifts = lambda s: (duty_at(s, day(6, 12)), duty_at(s, day(10)))  # noqa: E731
    change("offer", lambda s: swaps.propose(s, actor(s, SAM), *shifts(s), everything.now))
    change("swap", lambda s: swaps.agree(s, settings, actor(s, DAN), newest(s), everything.now))
    running = lambda s: (duty_at(s, everything.now), user_of(s, SAM), everything.now)  # noqa: E731
    change("take over", lambda s: takeovers.take_over(s, actor(s, SAM), *running(s)))

    def away(session: Session) -> object:
        roster, first = repository.rosters(session)[0], FIRST + timedelta(days=12)
        diff = absences.plan_absence(session, roster, user_of(session, SAM), EventType.VACATION, first, first).diff
        return schedule_service.apply(session, diff, admin, "", diff.revision, everything.now)

    change("away", away)
    of_kind = lambda s, kind: s.exec(select(ScheduleChange.id).where(ScheduleChange.kind == kind)).one()  # noqa: E731
    for kind in (ChangeKind.SWAP, ChangeKind.TAKEOVER, ChangeKind.COVER):
        change(f"undo of {kind}", lambda s, k=kind: schedule_service.undo(s, of_kind(s, k), admin, everything.now))
    before = everything.stored()
    world.import_roster(roster_json(FIRST + timedelta(days=14), Dan_Duty="Б", Sam_Smith=" Б", Fay_Free="  Б"))
    assert everything.stored() != before
    everything.agree("import")
    world.clock.set(day(2))
    everything.agree("a hand-over")
    told = world.chat.wait_for_message(FAY, lambda m: m["text"].startswith("⏰"))
    assert "Thu 3 Dec, 15:00" in told["text"]
