"""kill -9 at each step of cover, swap, take-over and away: nothing half, nobody told wrongly, no request stuck.

A round plays one of the four from its first tap until the schedule is back as it was, and kills the process once: at a
random moment after one of the taps that change something, or while a random call to Telegram is on its way. After the
restart the schedule is the one before the tap or the one behind it, whole; everybody's message of the request says what
the database says; and whoever tapped can go on, where their tap was lost by tapping again.

A second copy of a message may appear only where the process died between Telegram's answer and the commit; each is
counted. `DUTY_TELLER_KILLS=200` is the long run, `DUTY_TELLER_KILL_SEED` repeats one.
"""

import os
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from duty_teller.bot_api_stand_in import StandIn
from duty_teller.composition import writing
from duty_teller.db.engine import dispose_engine
from duty_teller.db.migrations import migrate
from duty_teller.db.models import ChangeKind, EventType, User
from duty_teller.services import schedule_service
from duty_teller.services.schedule_service import Author, Covered, Diff, Shift
from tests.e2e.conftest import ALICE, DAN, SAM, Product, on_real_ground
from tests.house import EVERYTHING

FAY = 1004
NAMES = {ALICE: "Alice Admin", DAN: "Dan Duty", SAM: "Sam Smith", FAY: "Fay Free"}
KILLS = int(os.environ.get("DUTY_TELLER_KILLS", "2"))
TEAM = {0: DAN, 2: SAM, 3: FAY, 5: DAN, 7: SAM, 8: FAY}
"""Who is on duty on which day from today; with a day between two duties everybody is rested."""
PATIENCE = 60.0

Json = dict[str, Any]
Piece = tuple[str, int, int, str]
"""Who, from, to (Unix seconds), which type."""
Plan = frozenset[Piece]


def of_minutes(rows: list[tuple[str, int, int, str]]) -> Plan:
    """A schedule as times on duty: what meets is one, however it is stored; nobody and nothing is twice."""
    spans: list[list[Any]] = []
    for who, start, end, kind in sorted(rows, key=lambda row: (row[3], row[0], row[1])):
        if spans and spans[-1][0] == who and spans[-1][3] == kind and spans[-1][2] >= start:
            assert spans[-1][2] == start, f"{who} is twice on duty"
            spans[-1][2] = end
        else:
            spans.append([who, start, end, kind])
    return frozenset((who, start, end, kind) for who, start, end, kind in spans)


def moved(plan: Plan, to: str, start: int, end: int) -> Plan:
    """The schedule in which somebody has a span that others have."""
    rows = [piece for piece in plan if piece[3] != "duty"]
    for who, begins, ends, kind in plan - set(rows):
        inside = max(begins, start), min(ends, end)
        if inside[0] >= inside[1]:
            rows.append((who, begins, ends, kind))
            continue
        parts = [(who, begins, inside[0]), (to, *inside), (who, inside[1], ends)]
        rows += [(*part, kind) for part in parts if part[1] < part[2]]
    return of_minutes(rows)


@dataclass
class Request:
    """A request as it is stored."""

    id: int
    kind: str
    state: str
    owner: str
    taker: str | None
    start: int
    end: int
    from_now: bool
    decided: int
    wanted: tuple[int, int] | None
    objected: bool


@dataclass
class Step:
    """A tap that changes something.

    Attributes:
        name: What it is.
        tap: Who presses a button that says what, in a message that begins how; it may be pressed again.
        is_done: Whether the database has it.
        leads_to: The schedule behind it, made from the one before.
    """

    name: str
    tap: tuple[int, str, str]
    is_done: Callable[[], bool]
    leads_to: Callable[[Plan], Plan]


class Rounds:
    """The product, the team, and what was seen."""

    def __init__(self, product: Product, stand_in: StandIn, zone: ZoneInfo) -> None:
        self.product, self.world, self.zone = product, stand_in, zone
        self.seed = os.environ.get("DUTY_TELLER_KILL_SEED") or str(random.SystemRandom().randrange(10**6))
        self.dice = random.Random(self.seed)
        self.today = datetime.now(zone).date()
        self.first_change = 0
        self.chat = product.stand_in
        self.url = f"sqlite:///{product.folder / 'data' / 'duty_teller.db'}"
        self.kills = self.copies = self.lost = 0
        self.points: Counter[str] = Counter()

    # -- the database, read from outside -----------------------------------------------------------------------------

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.product.folder / "data" / "duty_teller.db", timeout=10)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def plan(self) -> Plan:
        found = self.rows(
            "SELECT full_name, start_at, end_at, event_type FROM duties JOIN users ON users.id = user_id "
            "WHERE cancelled_at IS NULL"
        )
        return of_minutes([(who, start, end, kind) for who, start, end, kind in found])

    def requests(self) -> list[Request]:
        """Those of this round, the newest first."""
        found = self.rows(
            "SELECT r.id, kind, state, o.full_name, t.full_name, start_at, end_at, wanted_start_at, wanted_end_at, "
            "expires_at, decided_at, objected_by_id, change_id FROM cover_requests r JOIN users o ON o.id = owner_id "
            "LEFT JOIN users t ON t.id = taker_id WHERE r.id > ? ORDER BY r.id DESC",
            self.first_request,
        )
        made = []
        for (
            number,
            kind,
            state,
            owner,
            taker,
            start,
            end,
            wanted,
            wanted_end,
            expires,
            decided,
            objected,
            change,
        ) in found:
            assert (change is not None) == (taker is not None), f"request {number} is taken by half: {state}"
            span = (wanted, wanted_end) if wanted else None
            from_now = kind == "cover" and expires == end
            request = Request(
                number, kind, state, owner, taker, start, end, from_now, decided or 0, span, bool(objected)
            )
            made.append(request)
        return made

    def newest(self) -> Request | None:
        return next(iter(self.requests()), None)

    def state(self) -> str:
        request = self.newest()
        return request.state if request is not None else ""

    # -- tapping -----------------------------------------------------------------------------------------------------

    def button(self, who: int, label: str, starts: str = "") -> tuple[int, str] | None:
        """The newest button of this round that says so, in a message that begins so."""
        for message in reversed(self.chat.messages(who)):
            if message["message_id"] <= self.since[who] or not message["text"].startswith(starts):
                continue
            for row in (message["reply_markup"] or {}).get("inline_keyboard", []):
                for key in row:
                    if label in key["text"]:
                        return message["message_id"], key["callback_data"]
        return None

    def press(self, who: int, label: str, starts: str = "") -> None:
        message_id, data = self.chat.wait_until(
            lambda: self.button(who, label, starts), PATIENCE, f"{label!r} of {who}"
        )
        self.chat.press(who, message_id, data, timeout=0)

    def pages(self, who: int, command: str, *labels: str) -> None:
        """Goes from a command to the page with the button that changes something."""
        self.chat.send_text(who, command)
        for label in labels:
            self.press(who, label)

    # -- the four ----------------------------------------------------------------------------------------------------

    def span_of(self, number: int) -> tuple[datetime, datetime]:
        """The duty of the nth day."""
        day = datetime.combine(self.today, clock_time(9), self.zone) + timedelta(days=number)
        return day.astimezone(UTC), (day + timedelta(days=1)).astimezone(UTC)

    def label_of(self, number: int) -> str:
        """How its button begins."""
        day = self.today + timedelta(days=number)
        return f"{day:%a} {day.day} {day:%b}, 09:00 –"

    def cover(self) -> list[Step]:
        helper = self.dice.choice((SAM, FAY))
        self.pages(DAN, "/my", "🔁", self.label_of(5), "🙋")
        steps = [Step("cover: ask", (DAN, "Ask 2 people", "Find cover"), self.is_now("open"), same)]
        end = self.dice.choice(("yes", "yes", "yes", "no", "withdraw"))
        if end == "no":
            return steps + [Step("cover: no", (who, "I can't", "🙋"), self.said_no(who), same) for who in (SAM, FAY)]
        if end == "withdraw":
            return [*steps, Step("cover: withdraw", (DAN, "Withdraw", "🔎"), self.is_now("withdrawn"), same)]
        steps.append(Step("cover: yes", (helper, "I'll take it", "🙋"), self.is_now("taken"), self.taken))
        return [*steps, self.taken_back("cover", (DAN, "I'll do it after all"), (helper, "Give it back"))]

    def said_no(self, who: int) -> Callable[[], bool]:
        statement = (
            "SELECT m.answer FROM cover_messages m JOIN users u ON u.id = m.user_id "
            "WHERE telegram_user_id = ? AND request_id > ?"
        )
        return lambda: self.rows(statement, who, self.first_request) == [("no",)]

    def swap(self) -> list[Step]:
        partner = self.dice.choice((SAM, FAY))
        self.pages(DAN, "/swap", self.label_of(5), self.label_of(7 if partner == SAM else 8))
        offer = DAN, f"Offer it to {NAMES[partner]}", "You give"
        steps = [Step("swap: offer", offer, self.is_now("open"), same)]
        if self.dice.random() < 0.25:
            return [*steps, Step("swap: no", (partner, "I can't", "🔁"), self.is_now("refused"), same)]
        steps.append(Step("swap: yes", (partner, "✅ Swap", "🔁"), self.is_now("taken"), self.taken))
        return [*steps, self.taken_back("swap", (DAN, "Undo the swap"), (partner, "Undo the swap"))]

    def take_over(self) -> list[Step]:
        taker = self.dice.choice((SAM, FAY))
        self.pages(taker, "/duty", "I have it now, not Dan Duty")
        steps = [Step("take-over", (taker, "Yes, that's right", "Dan Duty →"), self.is_now("taken"), self.taken)]
        if self.dice.random() < 0.3:
            return steps
        objects = lambda: any(request.objected for request in self.requests())  # noqa: E731
        steps.append(Step("take-over: object", (DAN, "That's wrong", "🤝"), objects, same))
        if self.dice.random() < 0.5:
            back = lambda _plan: self.base  # noqa: E731
            return [*steps, Step("take-over: back", (ALICE, "Put it back", "❗"), self.is_now("refused"), back)]
        return [*steps, Step("take-over: keep", (ALICE, "Keep it", "❗"), self.is_now("approved"), same)]

    def away(self) -> list[Step]:
        helper = self.dice.choice((SAM, FAY))
        self.pages(DAN, "/away")
        midnight = int(datetime.combine(self.today, clock_time(), self.zone).timestamp())
        ill = "Dan Duty", midnight, midnight + 86400, "sick"
        is_ill = lambda: ill in self.plan() and self.state() != ""  # noqa: E731
        return [
            Step("away: ill", (DAN, "Ill today", ""), is_ill, lambda plan: plan | {ill}),
            Step("away: cover", (helper, "I'll take it", "🙋"), self.is_now("taken"), self.taken),
        ]

    def is_now(self, state: str) -> Callable[[], bool]:
        return lambda: self.state() == state

    def taken(self, plan: Plan) -> Plan:
        """What a request that was taken makes of the schedule."""
        request = self.newest()
        if request is None or request.taker is None:
            return plan
        start = max(request.start, request.decided // 60 * 60) if request.from_now else request.start
        plan = moved(plan, request.taker, start, request.end)
        return moved(plan, request.owner, *request.wanted) if request.wanted is not None else plan

    def taken_back(self, what: str, *ways: tuple[int, str]) -> Step:
        who, label = self.dice.choice(ways)
        return Step(f"{what}: back", (who, label, "✅"), self.is_now("withdrawn"), lambda _plan: self.base)

    # -- a round -----------------------------------------------------------------------------------------------------

    def one_round(self, what: Callable[[], list[Step]]) -> None:
        self.base = self.plan()
        self.first_request = self.rows("SELECT coalesce(max(id), 0) FROM cover_requests")[0][0]
        self.since = {who: max([m["message_id"] for m in self.chat.messages(who)], default=0) for who in NAMES}
        steps = what()
        fatal = self.dice.randrange(len(steps))
        for number, step in enumerate(steps):
            before = self.plan()
            if number == fatal:
                self.killed_at(step)
            else:
                self.press(*step.tap)
            self.wait_for(step.is_done, step.name)
            self.settled()
            assert self.plan() == step.leads_to(before), f"after {step.name}"
            self.everybody_is_told_right(step.name)
        self.as_before()

    def killed_at(self, step: Step) -> None:
        before, last = self.plan(), max((call["number"] for call in self.chat.calls()), default=0)
        point = self.dice.choice(("moment", "before a call", "behind a call"))
        self.chat.wait_until(lambda: self.button(*step.tap), PATIENCE)
        which = self.dice.randrange(5)
        if point != "moment":
            if which:
                self.chat.fault("*", "slow", times=which, seconds=0.0)  # so many calls pass
            self.chat.fault("*", "hang" if point == "before a call" else "drop_after", times=0)
        self.press(*step.tap)
        if point == "moment":
            time.sleep(self.dice.uniform(0, 0.15))
        else:
            deadline = time.monotonic() + 1
            while len(self.chat.calls(since=last)) <= which and time.monotonic() < deadline:
                time.sleep(0.002)
        self.product.kill()
        self.kills += 1
        self.points[step.name] += 1
        self.chat.clear_faults()
        stored = step.is_done()
        assert self.plan() == (step.leads_to(before) if stored else before), f"half of {step.name} ({point})"
        self.product.start()
        self.settled()
        if not step.is_done():  # the tap was lost; the button is there as it was
            self.lost += 1
            self.press(*step.tap)

    def wait_for(self, true: Callable[[], Any], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, f"{what} did not come\n{self.seen()}"
            time.sleep(0.01)

    def settled(self) -> None:
        """Waits until the bot has heard everything and said everything."""
        now = int(time.time())
        open_messages = (
            "SELECT count(*) FROM cover_messages "
            "WHERE due_at NOT NULL OR attempted_at NOT NULL OR replaced_id NOT NULL"
        )
        for _twice in range(2):  # what was taken from Telegram last may be under way still
            self.wait_for(lambda: not self.world.updates, "an update is not taken")
            self.wait_for(lambda: self.rows(open_messages) == [(0,)], "a message of a request waits")
            time.sleep(0.05)
        waiting = "SELECT count(*) FROM notices WHERE closed_at IS NULL AND due_at <= ?"
        self.wait_for(lambda: self.rows(waiting, now) == [(0,)], "a notice waits")

    def as_before(self) -> None:
        """Takes back what is left of the round: a request in the chat, a change as another process would."""
        if self.state() == "open":
            self.press(DAN, "Withdraw", "🔎")
            self.wait_for(self.is_now("withdrawn"), "the end of a round")
        now = datetime.now(UTC)
        left = self.rows(
            "SELECT id FROM schedule_changes c WHERE id > ? AND kind <> 'undo' AND NOT EXISTS "
            "(SELECT 1 FROM schedule_changes u WHERE u.undoes_id = c.id) ORDER BY id DESC",
            self.first_change,
        )
        with writing(self.url) as session:
            for (number,) in left:
                schedule_service.undo(session, number, Author(None, "test"), now)
        dispose_engine(self.url)
        assert self.plan() == self.base
        self.settled()

    # -- what people see ---------------------------------------------------------------------------------------------

    def everybody_is_told_right(self, after: str) -> None:
        """Looks that everybody's message of every request is there, once, and says how it is doing."""
        kept: dict[int, set[int]] = {who: set() for who in NAMES}
        counted = dict.fromkeys(NAMES, 0)
        for request in self.requests():
            found = self.rows(
                "SELECT telegram_user_id, m.role, m.answer, m.message_id, m.uncertain FROM cover_messages m "
                "JOIN users u ON u.id = m.user_id WHERE request_id = ?",
                request.id,
            )
            told = {NAMES[who] for who, *_rest in found}
            assert request.kind == "takeover" or request.owner in told, f"after {after}: {request.owner} hears nothing"
            for who, role, answer, message_id, uncertain in found:
                text = next((m["text"] for m in self.chat.messages(who) if m["message_id"] == message_id), "nothing")
                wanted = expected(request, NAMES[who], role, answer)
                assert text.startswith(wanted), f"after {after}: {NAMES[who]} reads {text!r}, not {wanted!r}"
                kept[who].add(message_id)
                counted[who] += uncertain
        for who, numbers in kept.items():
            new = [m for m in self.chat.messages(who) if m["message_id"] > self.since[who] and m["sender"]["is_bot"]]
            copies = [m["text"] for m in new if m["message_id"] not in numbers and m["text"].startswith(HEADS)]
            assert len(copies) <= counted[who], f"after {after}: {NAMES[who]} reads {copies} on top of {numbers}"
            self.copies = max(self.copies, len(copies))

    def seen(self) -> str:
        there = {NAMES[who]: [m["text"] for m in self.chat.messages(who)][-4:] for who in NAMES}
        alerts = [c["params"].get("text") for c in self.chat.calls("answerCallbackQuery")][-4:]
        return f"{self.requests()}\n{there}\n{alerts}"


HEADS = ("🙋", "🔎", "▫️", "🤝 You", "🤝 Sam", "🤝 Fay", "❗", "↩️ Alice", "❌", "🔁 Waiting", "🔁 Dan", "⚠️ Nobody")
HEADS += ("✅ You have", "✅ Sam", "✅ Fay", "✅ Dan Duty covers")
"""How messages of requests begin."""


def same(plan: Plan) -> Plan:
    """The schedule does not change."""
    return plan


def expected(request: Request, name: str, role: str, answer: str | None) -> str:
    """How a person's message of a request begins."""
    owner, taker, mine = request.owner, request.taker, name == request.owner
    if request.kind == "takeover":
        if request.state == "refused":
            return "↩️ Alice Admin decided"
        head = "You have the duty now" if name == taker else f"{taker} has the duty now"
        return f"❗ {head}" if request.objected and request.state == "taken" else f"🤝 {head}"
    if request.state == "withdrawn":
        return "▫️ Withdrawn" if mine or name == taker or role == "admin" else "▫️ Cover is"
    if request.kind == "swap":
        if request.state == "open":
            return "🔁 Waiting for" if mine else f"🔁 {owner} wants to swap with you"
        return f"✅ {taker} and {owner} swapped" if request.state == "taken" else "❌"
    if request.state == "open":
        if role == "admin":
            return f"⚠️ Nobody covers for {owner} yet"
        return "🔎 Looking for cover" if mine else f"{'▫️' if answer == 'no' else '🙋'} {owner} needs cover"
    if mine:
        return f"✅ {taker} covers for you"
    if name == taker:
        return "✅ You have it"
    return f"✅ {taker} covers for {owner}" if role == "admin" else f"▫️ Taken by {taker}"


def zone_at_noon(now: datetime) -> ZoneInfo:
    """A zone in which it is about noon: no hand-over and no midnight comes while the test runs."""
    ahead = 12 - now.hour
    return ZoneInfo(f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT")


@pytest.fixture
def rounds(tmp_path: Path) -> Iterator[Rounds]:
    """Dan has the duty that is running, Sam, Fay and he the next ones by turns; Alice is an admin without duties."""
    now, stand_in = datetime.now(UTC), StandIn()
    zone = zone_at_noon(now)
    with on_real_ground(tmp_path, stand_in, DUTY_DISPLAY_TZ=zone.key) as product:
        made = Rounds(product, stand_in, zone)
        (tmp_path / "data").mkdir(mode=0o700)
        migrate(made.url, zone.key)
        with writing(made.url) as session:
            people = {}
            for who, name in NAMES.items():
                product.stand_in.add_user(who, name.split()[0], name.split()[0].lower(), started=True)
                linked = {"telegram_user_id": who, "linked_at": now, "reachable": True, "language": "en"}
                session.add(user := User(full_name=name, created_at=now, **linked))
                session.flush()
                people[who] = user.id or 0
            shifts = [Shift(people[who], None, *made.span_of(n), EventType.DUTY) for n, who in TEAM.items()]
            covered = Covered(frozenset(people.values()), (EVERYTHING,))
            diff = schedule_service.plan_changes(session, 1, shifts, covered, ChangeKind.IMPORT)
            made.first_change = apply_and_forget(session, diff, now)
        dispose_engine(made.url)
        yield made


def apply_and_forget(session: Session, diff: Diff, now: datetime) -> int:
    """Stores a schedule that nobody is told of."""
    change = schedule_service.apply(session, diff, Author(None, "test"), "plan", diff.revision, now)
    session.connection().exec_driver_sql("DELETE FROM notices")
    return change.id or 0


def test_killed_at_each_step_of_a_request_nothing_is_half_and_nobody_told_wrongly(
    rounds: Rounds, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds.product.start()
    kinds = [rounds.cover, rounds.swap, rounds.take_over, rounds.away]
    begin = rounds.dice.randrange(len(kinds))
    try:
        while rounds.kills < KILLS:
            rounds.one_round(kinds[(begin + rounds.kills) % len(kinds)])
    except BaseException:
        with capsys.disabled():
            sys.stdout.write(f"\nDUTY_TELLER_KILL_SEED={rounds.seed}, after {rounds.kills} kills\n{rounds.seen()}\n")
            sys.stdout.write(rounds.product.log()[-3000:])
        raise
    with capsys.disabled():
        sys.stdout.write(
            f"\n{rounds.kills} kills, seed {rounds.seed}: {rounds.lost} taps had to be made again, "
            f"{rounds.copies} second copies at most of a round; {dict(rounds.points)}\n"
        )
