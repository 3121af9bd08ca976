"""A simulated month of a team of twelve who ask, answer, swap, take over and fall ill: how many messages each one gets.

Nobody ever has two messages of a request, and nobody's phone rings a second time for it but for one of four reasons
(`cover_service.messages`), which are looked for here anew: in what the reader was told, tapped and has to do.

Telegram is a table of messages here; everything else is the product, in the order in which the tick does it.
`DUTY_TELLER_MONTH=30` is the whole month, `DUTY_TELLER_MONTH_SEED` another one; the figures are printed with `-s`.
"""

import contextlib
import os
import sys
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from random import Random

import pytest
from sqlmodel import Session, col, func, select, update

from duty_teller.db.models import (
    CoverAnswer,
    CoverKind,
    CoverMessage,
    CoverRequest,
    CoverRole,
    CoverState,
    Duty,
    EventType,
    Notice,
    NoticeKind,
    Roster,
    User,
)
from duty_teller.handlers.schedule import away
from duty_teller.handlers.schedule.away_pages import Range
from duty_teller.i18n import LocalizedError
from duty_teller.services import schedule_service
from duty_teller.services.cover_service import delivery, follow, requests, swaps, takeovers
from duty_teller.services.cover_service.model import Actor
from duty_teller.services.notices.changes import TOLD_ELSEWHERE
from duty_teller.services.people.access import Level, Person
from duty_teller.services.schedule_service import edits
from duty_teller.services.texts.covers import render_message
from duty_teller.utils.dates import local_day
from tests.house import NOW, ZONE, House, duty

DAYS = int(os.environ.get("DUTY_TELLER_MONTH", "3"))
SEED = os.environ.get("DUTY_TELLER_MONTH_SEED", "12")
NAMES = ["Bo", "Cy", "Di", "Ed", "Fay", "Gus", "Hal", "Ida", "Jo", "Kim"]
ACTS = ["ask"] * 4 + ["take"] * 4 + ["no"] * 8 + ["propose", "agree", "agree", "withdraw", "over", "object", "settle"]
ACTS += ["ill", "move", "approve", "approve"]


class Month:
    """The team, and everybody's chat with the bot.

    Attributes:
        there: What a chat shows: (person, message) → request; the dialogues' own messages are requests' too, later.
        rings: How often a phone rang for a request: (request, person) → new messages.
        again: Why it rang a second time: reason → how often.
        on_duty: (request, person) → seconds on duty in its spans, when the person last noticed something of it.
        heard: (request, person, what) that cannot be new any more.
    """

    def __init__(self, house: House, people: list[int]) -> None:
        self.house, self.people, self.dice = house, people, Random(SEED)
        self.there: dict[tuple[int, int], int] = {}
        self.rings: Counter[tuple[int, int]] = Counter()
        self.edits = self.number = 0
        self.acts: Counter[str] = Counter()
        self.again: Counter[str] = Counter()
        self.on_duty: dict[tuple[int, int], float] = {}
        self.heard: set[tuple[int, int, str]] = set()
        self.acting = 0

    @property
    def now(self):
        return self.house.clock.now

    def actor(self, user_id: int) -> Actor:
        self.acting = user_id
        return Actor(user_id, "?", user_id == self.house.alice)

    def one(self, session: Session, *states: CoverState, **fields: object) -> CoverRequest | None:
        statement = select(CoverRequest).where(col(CoverRequest.state).in_(states)).order_by(col(CoverRequest.id))
        found = session.exec(statement.filter_by(**fields)).all()
        return self.dice.choice(found) if found else None

    def step(self) -> None:
        """Somebody does something, or tries to."""
        act, dice = self.dice.choice(ACTS), self.dice
        self.acting = 0

        def work(session: Session) -> object:
            rows = session.exec(
                select(Duty).where(
                    col(Duty.cancelled_at).is_(None),
                    Duty.event_type == EventType.DUTY,
                    col(Duty.end_at) > self.now,
                    col(Duty.start_at) < self.now + timedelta(days=6),
                )
            ).all()
            row, other, user = dice.choice(rows), dice.choice(rows), dice.choice(self.people)
            waiting = self.one(session, CoverState.OPEN)
            asked = dice.choice(self.asked(session, waiting) or [user])
            match act:
                case "ask":
                    return self.began(session, requests.ask(session, self.actor(row.user_id), row.id or 0, self.now))
                case "propose":
                    actor = self.actor(row.user_id)
                    return self.began(session, swaps.propose(session, actor, row.id or 0, other.id or 0, self.now))
                case "take" | "agree" if waiting is not None:
                    say = swaps.agree if waiting.kind == CoverKind.SWAP else requests.take
                    return say(session, self.house.settings, self.actor(asked), waiting.id or 0, self.now)
                case "no" if waiting is not None:
                    return requests.say_no(session, self.actor(asked), waiting.id or 0, self.now)
                case "withdraw":
                    done = self.one(session, CoverState.OPEN, CoverState.TAKEN, CoverState.APPROVED)
                    return done and requests.withdraw(session, self.actor(done.owner_id), done.id or 0, self.now)
                case "approve":
                    done = self.one(session, CoverState.TAKEN, change_id=None)
                    yes = dice.random() < 0.8
                    return done and requests.approve(session, self.actor(self.house.alice), done.id or 0, yes, self.now)
                case "over":
                    row = dice.choice([row for row in rows if row.start_at <= self.now])
                    request = takeovers.take_over(session, self.actor(user), row.id or 0, user, self.now)
                    return self.began(session, request, user)
                case "object" | "settle":
                    done = self.one(session, CoverState.TAKEN, kind=CoverKind.TAKEOVER)
                    if done is None:
                        return None
                    if act == "object":
                        who = self.actor(done.owner_id)
                        return takeovers.object_to(session, self.house.settings, who, done.id or 0, self.now)
                    return takeovers.settle(session, self.actor(self.house.alice), done.id or 0, False, self.now)
                case "ill":
                    self.acting, today = row.user_id, local_day(self.now, ZONE)
                    level = Level.ADMIN if row.user_id == self.house.alice else Level.MEMBER
                    person = Person(row.user_id, 0, level, "?", None, None, None, None, True, True)
                    days = Range(today, today)
                    settings, kind = self.house.settings, EventType.SICK
                    return away.enter(session, settings, "en", person, row.user_id, kind, days, self.now)
                case "move":
                    self.acting, stored = self.house.alice, edits.stored_shift(session, 1, row.id or 0)
                    items = edits.move([stored], row.start_at, row.end_at + timedelta(hours=1))
                    diff = edits.plan_edit(session, session.get_one(Roster, 1), items).diff
                    return schedule_service.apply(session, diff, self.house.author, "", diff.revision, self.now)
            return None

        with contextlib.suppress(LocalizedError):  # what may not be done changes nothing
            before = self.house.read(self.schedule)
            if self.house.write(lambda session: work(session) is not None):
                self.acts[act] += 1
                self.house.read(lambda session: self.noticed(session, self.acting))
                if act not in ("ill", "move"):
                    changed = {user for user, _start, _end in before ^ self.house.read(self.schedule)}
                    silent = changed - {self.acting} - self.house.read(self.to_ring)
                    assert not silent, f"{act}: the duty of {silent} changed, and no phone rings"
        self.tick()

    @staticmethod
    def schedule(session: Session) -> set[tuple[int, datetime, datetime]]:
        rows = select(Duty.user_id, Duty.start_at, Duty.end_at).where(
            col(Duty.cancelled_at).is_(None), Duty.event_type == EventType.DUTY
        )
        return set(session.exec(rows))

    @staticmethod
    def to_ring(session: Session) -> set[int | None]:
        new = col(CoverMessage.message_id).is_(None) & col(CoverMessage.due_at).is_not(None)
        return set(session.exec(select(CoverMessage.user_id).where(col(CoverMessage.loud) | new)))

    def asked(self, session: Session, request: CoverRequest | None) -> list[int]:
        """Who was asked and has not answered."""
        statement = select(CoverMessage.user_id).where(
            CoverMessage.request_id == (request.id if request else 0),
            CoverMessage.role == CoverRole.ASKED,
            col(CoverMessage.answer).is_(None),
        )
        return [user for user in session.exec(statement.order_by(col(CoverMessage.id))) if user is not None]

    def began(self, session: Session, request: CoverRequest, user: int | None = None) -> CoverRequest:
        """The page on which it was asked, or noted, becomes the message of whoever did so."""
        self.number += 1
        user = user or request.owner_id
        self.there[user, self.number] = request.id or 0
        requests.start_message(session, request, user, CoverRole.OWNER, self.number, self.now)
        return request

    def seconds_on_duty(self, session: Session, request: CoverRequest, user: int) -> float:
        spans = [(request.start_at, request.end_at)]
        if request.wanted_start_at and request.wanted_end_at:
            spans.append((request.wanted_start_at, request.wanted_end_at))
        rows = select(Duty.start_at, Duty.end_at).where(
            Duty.user_id == user, Duty.event_type == EventType.DUTY, col(Duty.cancelled_at).is_(None)
        )
        found = [
            (min(end, last) - max(start, first)).total_seconds()
            for first, last in spans
            for start, end in session.exec(rows.where(col(Duty.start_at) < last, col(Duty.end_at) > first))
        ]
        return sum(found)

    def noticed(self, session: Session, user: int, request: CoverRequest | None = None) -> None:
        """Somebody has seen how it is: of a request that rang, or of all of them by a tap of their own."""
        mine = select(CoverRequest).join(CoverMessage).where(CoverMessage.user_id == user)
        for one in [request] if request is not None else session.exec(mine):
            self.on_duty[one.id or 0, user] = self.seconds_on_duty(session, one, user)

    def why_again(self, session: Session, call: delivery.Call) -> str:
        """Returns the reason for which a phone rings a second time."""
        message = session.get_one(CoverMessage, call.number)
        request, user = session.get_one(CoverRequest, message.request_id), message.user_id or 0
        if self.seconds_on_duty(session, request, user) != self.on_duty.get((request.id or 0, user)):
            return "their duty was changed by somebody else"
        decides = [
            one.data for one in call.shown.buttons if one.data.startswith(("cover:give", "cover:ok", "cover:settle"))
        ]
        if message.role == CoverRole.ADMIN and decides:
            return self.once(request, user, f"an admin has to decide ({decides[0].split(':')[1]})")
        over = request.state not in (CoverState.OPEN, CoverState.TAKEN)
        if over and user in (request.owner_id, request.taker_id, request.objected_by_id):
            return self.once(request, user, "the answer they waited for")
        if message.role == CoverRole.ASKED and message.answer is None and request.state == CoverState.OPEN:
            return self.once(request, user, "a reminder")
        raise AssertionError(f"rang again for nothing: {call.shown.html}")

    def once(self, request: CoverRequest, user: int, why: str) -> str:
        assert (request.id or 0, user, why) not in self.heard, f"twice for one reason: {why}"
        self.heard.add((request.id or 0, user, why))
        return why

    def tick(self) -> None:
        """Does what the chore of the tick does, with Telegram a table."""
        if self.house.read(lambda s: follow.next_work(s, self.now))[0]:
            self.house.write(lambda s: follow.work(s, self.house.settings, self.now))
        while numbers := self.house.read(lambda s: delivery.due(s, self.now, 64))[0]:
            for number in numbers:
                claim = partial(delivery.claim, settings=self.house.settings, now=self.now, render=render_message)
                call = self.house.write(lambda s, c=claim, n=number: c(s, n))
                if call is not None:
                    sent = self.telegram(call)
                    self.house.write(lambda s, c=call, m=sent: delivery.note_done(s, c, m))

    def telegram(self, call: delivery.Call) -> int | None:
        request = self.house.read(lambda s: s.get_one(CoverMessage, call.number).request_id)
        assert call.user_id is not None
        if call.delete_id is not None:
            del self.there[call.user_id, call.delete_id]
        elif call.message_id is not None:
            assert self.there[call.user_id, call.message_id] == request
            self.edits += 1
        else:
            self.number += 1
            self.there[call.user_id, self.number] = request
            if self.rings[request, call.user_id]:
                self.again[self.house.read(lambda s: self.why_again(s, call))] += 1
            self.rings[request, call.user_id] += 1
            user = call.user_id
            self.house.read(lambda s: self.noticed(s, user, s.get_one(CoverRequest, request)))
            return self.number
        return None


def test_month_of_twelve_brings_everybody_one_message_of_a_request(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [house.alice, house.dan]
    people += [house.person(name, telegram_user_id=3000 + n, linked_at=NOW) for n, name in enumerate(NAMES)]
    everybody = update(User).values(reachable=True)
    some_sleep = update(User).where(col(User.id) % 3 == 0).values(quiet_hours="22:00-07:00")
    house.write(lambda s: [s.exec(statement) for statement in (everybody, some_sleep)] and None)
    house.roster(cover_approval=True)
    first = local_day(NOW, ZONE)
    lines = [duty(people[n % 12], first + timedelta(days=n), position="1") for n in range(DAYS + 9)]
    lines += [duty(people[(n + 6) % 12], first + timedelta(days=n), position="2") for n in range(DAYS + 9)]
    house.put(*lines)
    month = Month(house, people)
    end = NOW + timedelta(days=DAYS)
    while house.clock.now < end:
        month.step()
        twice = [pair for pair, n in Counter((who, r) for (who, _m), r in month.there.items()).items() if n > 1]
        assert twice == [], "two messages of one request in a chat"
        house.clock.move(minutes=month.dice.randint(5, 90))

    def look(session: Session) -> tuple[int, dict[tuple[int, int], CoverAnswer | None], dict[int, bool], list[str]]:
        bystanders = select(CoverMessage, CoverRequest).join(CoverRequest).where(CoverMessage.role == CoverRole.ASKED)
        answers, nudged = {}, {}
        for message, request in session.exec(bystanders):
            nudged[request.id or 0] = request.nudged_at is not None
            if message.user_id not in (request.taker_id, request.wanted_user_id, request.owner_id):
                answers[request.id or 0, message.user_id or 0] = message.answer
        kinds = [kind.value for kind in TOLD_ELSEWHERE]
        told = session.exec(
            select(Notice.payload).where(col(Notice.kind).in_((NoticeKind.CHANGED, NoticeKind.SHORT_NOTICE)))
        )
        again = [payload for payload in told if any(f'"kind": "{kind}"' in payload for kind in kinds)]
        return session.exec(select(func.count()).select_from(CoverRequest)).one(), answers, nudged, again

    number, answers, nudged, again = house.read(look)
    assert number >= 3 * DAYS, "too little has happened to say anything"
    for (request, who), answer in answers.items():
        most = 1 if answer == CoverAnswer.NO and not nudged[request] else 2
        most += who == house.alice  # the admin may have to decide
        assert month.rings[request, who] <= most, "more than the message and one reminder"
    alone = [payload for payload in again if payload.count('"author"') == 1]
    assert alone == [], "told again by a notice of its own"
    sent, days = sum(month.rings.values()), len(people) * DAYS
    once = sum(n == 1 for n in month.rings.values()) / len(month.rings)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{DAYS} days, 12 people, seed {SEED}: {number} requests, {sent} messages to {len(month.rings)} readers "
            f"({sent / number:.1f} a request, {sent / days:.2f} a person and day), {once:.0%} of them got one, nobody "
            f"more than {max(month.rings.values())}, never two at a time; rang again: {dict(month.again)}; "
            f"{month.edits} edits in place; {dict(month.acts)}\n"
        )
