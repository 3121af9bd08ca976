"""A thousand groups: the product in its own process against the stand-in, which enforces Telegram's limits."""

import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from processes import MINI_APP, free_port, product_environment, stop, wait_until_healthy
from sample import ADMIN_ID, Sample, scratch, today
from sqlmodel import Session
from table import Row

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread
from duty_teller.composition import writing
from duty_teller.db.models import ChangeKind, Chat, EventType, GroupPin, Roster
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services import schedule_service
from duty_teller.services.schedule_service import Author, Covered, Shift

GROUPS = 1000
ROSTERS = 2
DAYS = 12
FIRST_GROUP = -1_001_700_000_000
POSITIONS = ("primary", "secondary", "third")
BEFORE = timedelta(minutes=30)
"""How long before a hand-over the product's clock begins."""

SETTLED = 4.0
QUIET = 5.0
ASKED_EVERY = 2.5
ROUND_TRIP = 0.15
"""Seconds that Telegram takes for a call: the stand-in alone would flatter."""

PATIENCE = 90.0
BUTTON = f"{MINI_APP}#"
"""What the button under a pin opens: its content is text and button."""

PRODUCT = Path(__file__).with_name("groups_product.py")


def group_id(number: int) -> int:
    """Returns the chat id of a group, from 0."""
    return FIRST_GROUP - number


@dataclass
class Stage:
    """The running product and the stand-in around it.

    Attributes:
        count: How many groups there are, the first with the first roster, the next with the next, and so on.
        ahead: The product's wall clock minus this machine's.
    """

    sample: Sample
    stand_in: StandIn
    count: int
    rosters: list[int] = field(default_factory=list)
    ahead: timedelta = timedelta()
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def clock_file(self) -> Path:
        """The file that tells the product its wall clock."""
        return self.sample.folder / "clock"

    def start(self) -> float:
        """Starts the product; returns the monotonic time at which that began."""
        address = self.stand_in.base_url
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-OO", str(PRODUCT), str(self.clock_file)],
            cwd=self.sample.folder,
            env=product_environment(self.sample.folder, self.port, address) | {"BOT_TOKEN": DEFAULT_TOKEN},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until_healthy(self.process, self.port)
        return begin

    def kill(self) -> None:
        """Ends the product as a power cut does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def roster_of(self, number: int) -> int:
        """Returns the roster that a group shows."""
        return self.rosters[number % len(self.rosters)]

    def now(self) -> datetime:
        """Returns the product's wall clock."""
        return self.stand_in.clock() + self.ahead

    def set_clock(self, moment: datetime) -> None:
        """Sets the product's wall clock."""
        self.ahead = moment - self.stand_in.clock()
        with self.clock_file.open("r+b" if self.clock_file.exists() else "wb") as opened:
            opened.write(struct.pack("d", self.ahead.total_seconds()))

    def edits(self) -> list[tuple[datetime, int, int | None]]:
        """Returns the edits since the log was cleared: (the stand-in's time, chat, HTTP status)."""
        with self.stand_in.lock:
            calls = [call for call in self.stand_in.call_log if call.method.lower() == "editmessagetext"]
        return [(datetime.fromisoformat(c.time), int(c.params["chat_id"]), c.code) for c in calls]

    def number_of_calls(self) -> int:
        """Returns how many calls of the bot there are since the log was cleared, getUpdates apart."""
        with self.stand_in.lock:
            return sum(call.method.lower() != "getupdates" for call in self.stand_in.call_log)

    def refused(self) -> int:
        """Returns how many calls were answered with 429 since the log was cleared."""
        with self.stand_in.lock:
            return sum(call.code == 429 for call in self.stand_in.call_log)

    def clear(self) -> None:
        """Forgets the calls so far."""
        self.stand_in.call_log.clear()

    def ask(self) -> float:
        """Has the admin ask /duty in private; returns the seconds to the answer."""
        room = self.stand_in.rooms[ADMIN_ID]
        bot = int(self.stand_in.bot["id"])
        begin = time.monotonic()
        asked = int(self.stand_in.send_text(ADMIN_ID, "/duty")["message_id"])
        while time.monotonic() < begin + PATIENCE:
            with self.stand_in.lock:
                if any(
                    number > asked and room.messages[number].sender_id == bot for number in list(room.messages)[-6:]
                ):
                    return time.monotonic() - begin
            time.sleep(0.005)
        raise RuntimeError("/duty was not answered")

    def wait(self, true: Callable[[], bool], what: str) -> None:
        """Waits for something; the stand-in is busy enough without being asked all the time."""
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                raise RuntimeError(f"{what} did not come within {PATIENCE:.0f} s")
            time.sleep(0.1)


def store(session: Session, people: list[int], roster_id: int, shifts: list[Shift], now: datetime) -> None:
    """Plans and applies, as an import does."""
    covered = Covered(frozenset(people), ((min(s.start_at for s in shifts), max(s.end_at for s in shifts)),))
    diff = schedule_service.plan_changes(session, roster_id, shifts, covered, ChangeKind.IMPORT)
    schedule_service.apply(session, diff, Author(None, "bench"), "bench.json", diff.revision, now)


def shifts_of(people: list[int], roster: int, turn: int = 0) -> list[Shift]:
    """Returns three shifts a day for `DAYS` days from yesterday, somebody else every day."""
    found = []
    for number in range(-1, DAYS - 1):
        start = today() + timedelta(days=number)
        for place, position in enumerate(POSITIONS):
            user = people[(number + 1 + 3 * place + roster + turn) % len(people)]
            found.append(Shift(user, position, start, start + timedelta(days=1), EventType.DUTY))
    return found


def _prepare(stage: Stage) -> None:
    """Writes rosters, chats and pins, and puts the pinned messages into the stand-in's groups."""
    now, people = stage.now(), stage.sample.people
    with writing(stage.sample.url) as session:
        first = session.get_one(Roster, 1)
        for number in range(1, ROSTERS):
            session.add(Roster(name=f"Roster {number + 1}", timezone=first.timezone, handover_at=first.handover_at))
        session.flush()
        stage.rosters = list(range(1, ROSTERS + 1))
        for roster in stage.rosters:
            store(session, people, roster, shifts_of(people, roster), now)
    stage.stand_in.add_user(ADMIN_ID, "Alice", "user_0", started=True)  # as stored: names are followed
    bot = int(stage.stand_in.bot["id"])
    with writing(stage.sample.url) as session, stage.stand_in.lock:
        shown = {r: pins.render_pin(session, session.get_one(Roster, r), "en", now, BUTTON) for r in stage.rosters}
        for number in range(stage.count):
            chat_id, roster = group_id(number), stage.roster_of(number)
            stage.stand_in.add_group(chat_id, f"Group {number}", members=[ADMIN_ID])
            room = stage.stand_in.rooms[chat_id]
            message = stage.stand_in.post(room, bot, {"text": "set up"})
            room.pins.append(message.id)
            session.add(Chat(id=chat_id, title=room.title, language="en", trusted=True, trusted_by=people[0]))
            session.flush()
            content = shown[roster].content_hash
            session.add(GroupPin(chat_id=chat_id, roster_id=roster, message_id=message.id, content_hash=content))
        stage.stand_in.updates.clear()


@contextmanager
def running(folder: Path, count: int) -> Iterator[Stage]:
    """Runs the product with groups that show what is right half an hour before a hand-over.

    The stand-in enforces Telegram's limits and takes `ROUND_TRIP` for a call.
    """
    sample = Sample(scratch(folder, f"groups-{count}"))
    stand_in = StandIn()
    with run_in_thread(stand_in):
        stage = Stage(sample, stand_in, count)
        stage.set_clock(today() + timedelta(days=1) - BEFORE)
        _prepare(stage)
        sample.close()
        try:
            stage.start()
            stage.ask()  # the bot polls
            time.sleep(SETTLED)  # the command lists are published
            stand_in.set_limits(True)
            stand_in.fault("*", "slow", times=0, seconds=ROUND_TRIP)
            time.sleep(SETTLED)
            yield stage
        finally:
            if stage.process is not None:
                stop(stage.process)


def measure(folder: Path) -> list[Row]:
    """Nothing changed, a hand-over in all groups, a change of one of two rosters."""
    with running(folder, GROUPS) as stage:
        return [*_quiet(stage), *_hand_over(stage), *_one_roster(stage)]


def _quiet(stage: Stage) -> list[Row]:
    stage.clear()
    time.sleep(QUIET)
    calls = stage.number_of_calls()
    return [Row(f"{GROUPS:,} groups, nothing changed", "", f"{calls} calls in {QUIET:.0f} s", None, "0", calls == 0)]


def _hand_over(stage: Stage) -> list[Row]:
    stage.clear()
    moment = today() + timedelta(days=1)
    stage.set_clock(moment - timedelta(seconds=2))
    begin = moment - stage.ahead  # by the stand-in's clock
    answers: list[float] = []
    time.sleep(2)

    def shown() -> bool:
        if not answers or time.monotonic() > asked_at[0] + ASKED_EVERY:
            asked_at[0] = time.monotonic()
            answers.append(stage.ask())
        return len(stage.edits()) >= GROUPS

    asked_at = [0.0]
    stage.wait(shown, "the hand-over in all groups")
    time.sleep(2)
    edits = stage.edits()
    good = [(at - begin).total_seconds() + ROUND_TRIP for at, _chat, code in edits if code == 200]
    first, last, limit = min(good), max(good), GROUPS / 30
    chats = {chat for _at, chat, code in edits if code == 200}
    if len(chats) != GROUPS:
        raise RuntimeError(f"{len(chats)} of {GROUPS} groups show the hand-over")
    refused, slowest = stage.refused(), max(answers)
    return [
        Row("  hand-over: first group shown", "", f"{first:.2f} s", None, "≤ 1 s", 0 <= first <= 1),
        Row("  last group shown", f"30 a second: {limit:.0f} s", f"{last:.1f} s", last / limit, "≤ 40 s", last <= 40),
        Row("  refusals for the pace (429)", "", str(refused), None, "0", refused == 0),
        Row(
            f"  slowest of {len(answers)} answers meanwhile",
            f"Telegram {ROUND_TRIP:.2f} s",
            f"{slowest:.2f} s",
            None,
            "≤ 1 s",
            slowest <= 1,
        ),
        Row("  edits", f"{GROUPS:,} groups", f"{len(edits):,}", len(edits) / GROUPS, "1", len(edits) == GROUPS),
    ]


def _one_roster(stage: Stage) -> list[Row]:
    stage.clear()
    people, changed = stage.sample.people, stage.rosters[-1]
    wanted = {group_id(n) for n in range(GROUPS) if stage.roster_of(n) == changed}
    with writing(stage.sample.url) as session:
        store(session, people, changed, shifts_of(people, changed, turn=1), stage.now())
    stage.sample.close()
    stage.wait(lambda: len(stage.edits()) >= len(wanted), "the change in its groups")
    time.sleep(2)
    edits = stage.edits()
    right = len(edits) == len(wanted) and {chat for _at, chat, _code in edits} == wanted
    return [
        Row(
            "  change of one of two rosters",
            f"{len(wanted)} groups",
            f"{len(edits)} edits",
            len(edits) / len(wanted),
            "its own groups only: 1",
            right,
        )
    ]
