"""Covers, swaps, take-overs and undos in random order: undos restore exactly, nobody is twice on duty unwarned."""

import contextlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from duty_teller.db.models import CoverMessage, CoverRequest, CoverState, Duty, Roster, User
from duty_teller.db.session import ChangeWatch
from duty_teller.domain.shift import Shift
from duty_teller.domain.stretches import find_overlaps
from duty_teller.i18n import LocalizedError
from duty_teller.services import schedule_service
from duty_teller.services.cover_service import candidates, requests, swaps, takeovers
from duty_teller.services.cover_service.model import Actor, minute, undecided
from duty_teller.services.schedule_service.consequences import without
from tests.house import NOW, House, duty
from tests.properties import examples

DAYS = 8
STEP = st.tuples(
    st.sampled_from(["ask", "take", "no", "withdraw", "propose", "agree", "over", "undo", "later"]),
    st.integers(0, 11),
    st.integers(0, 11),
    st.integers(0, 23),
    st.integers(1, 24),
)


class Player:
    """Plays steps at random, and keeps what it knows has to hold."""

    def __init__(self, house: House, people: list[int], watch: ChangeWatch) -> None:
        self.house, self.people = house, people
        self._watch = watch
        self._read: tuple[object, list[Duty], set[tuple[str, Shift]]] = (None, [], set())
        self.feed: dict[str, tuple[int, Shift | None]] = {}
        self.warned: set[int] = set()

    def now(self):
        return self.house.clock.now

    def actor(self, at: int) -> Actor:
        user_id = self.people[at % len(self.people)]
        return Actor(user_id, "?", user_id == self.house.alice)

    def stored(self) -> tuple[list[Duty], set[tuple[str, Shift]]]:
        """All rows, and what of them holds; read anew when anything was committed since."""
        token = self._watch.token()
        if token != self._read[0]:
            rows = self.house.duties()
            self._read = token, rows, {(row.uid, Shift.of(row)) for row in rows if row.cancelled_at is None}
        return self._read[1:]

    def live(self) -> list[Duty]:
        return [row for row in self.stored()[0] if row.cancelled_at is None and row.end_at > self.now()]

    def one_request(self, at: int, *states: CoverState) -> int:
        statement = select(CoverRequest.id).where(sa.column("state").in_(states))
        found = self.house.read(lambda s: s.exec(statement).all())
        return (found[at % len(found)] or 0) if found else 0

    def play(self, act: str, one: int, two: int, hour: int, hours: int) -> None:
        rows, now = self.live(), self.now()
        if act == "later":
            self.house.clock.move(hours=hour / 4)
            return
        if act == "undo":
            changes = self.house.changes()[1:]  # all but the roster itself
            if changes:
                self.undo(changes[-1 - one % len(changes)].id or 0)
            return
        row = rows[one % len(rows)] if rows else None
        other = rows[two % len(rows)] if rows else None
        if row is None or other is None:
            return
        actor = self.actor(two)
        owner = Actor(row.user_id, "?", row.user_id == self.house.alice)
        span = max(row.start_at, minute(now)), row.end_at
        if hours < 12:
            start = row.start_at + timedelta(hours=hour)
            span = start, start + timedelta(hours=hours)
        open_one = self.one_request(one, CoverState.OPEN)
        made = self.one_request(one, CoverState.TAKEN, CoverState.APPROVED, CoverState.OPEN)

        def work(session) -> None:
            if act == "ask":
                requests.ask(session, owner, row.id or 0, now, span)
            elif act == "propose":
                swaps.propose(session, owner, row.id or 0, other.id or 0, now)
            elif act == "over":
                taker = self.people[two % len(self.people)]
                self.warn(session, taker, row, span)
                self.day_off(row.user_id, row.start_at, row.end_at)
                self.hand_on(row.user_id, taker)
                takeovers.take_over(session, Actor(self.house.alice, "?", True), row.id or 0, taker, now, span)
            elif act == "withdraw" and made:
                if (change_id := session.get_one(CoverRequest, made).change_id) is not None:
                    self.warn_of_undo(session, change_id)
                requests.withdraw(session, actor, made, now)
            elif act == "no" and open_one:
                requests.say_no(session, actor, open_one, now)
            elif act in ("take", "agree") and open_one:
                request = session.get_one(CoverRequest, open_one)
                say = swaps.agree if act == "agree" else requests.take
                self.warn(session, actor.user_id, request, (request.start_at, request.end_at))
                self.day_off(request.owner_id, *self.around(request))
                self.hand_on(request.owner_id, actor.user_id)
                if request.wanted_start_at is not None and request.wanted_end_at is not None:
                    self.warn(session, request.owner_id, request, (request.wanted_start_at, request.wanted_end_at))
                say(session, self.house.settings, actor, open_one, now)

        with contextlib.suppress(LocalizedError):  # a step that may not be taken changes nothing
            self.house.write(work)

    def warn(self, session, user_id: int, row, span) -> None:
        """Keeps who would have been told that they are on duty then already, or away."""
        found = candidates.one(session, 1, user_id, *span) if span[0] < span[1] else None
        if not {"cover.warn_on_duty", "cover.warn_away"}.isdisjoint(candidates.warnings_of(found)):
            self.warned.add(user_id)

    def day_off(self, user_id: int, start: datetime, end: datetime) -> None:
        """What is left of a night may begin on a day off that the whole shift only reached into."""
        reached = (
            row for row in self.live() if row.event_type.is_absence and row.start_at < end and start < row.end_at
        )
        self.warned |= {row.user_id for row in reached if row.user_id == user_id}

    def hand_on(self, owner_id: int, taker_id: int) -> None:
        """Whoever was on duty twice at a time, and warned of it, gives both away together."""
        if owner_id in self.warned:
            self.warned.add(taker_id)

    def around(self, request: CoverRequest) -> tuple[datetime, datetime]:
        """The shifts that a request is about a part of."""
        touched = [row for row in self.live() if row.start_at < request.end_at and request.start_at < row.end_at]
        times = [(row.start_at, row.end_at) for row in touched if row.user_id == request.owner_id]
        return min((s for s, _e in times), default=request.start_at), max(
            (e for _s, e in times), default=request.end_at
        )

    def warn_of_undo(self, session, change_id: int) -> None:
        """Keeps who would have been told so before a change is taken back."""
        for diff in schedule_service.plan_undo(session, change_id):
            causes = schedule_service.consequences_of(session, session.get_one(Roster, 1), diff.items)
            for pair in (*causes.overlaps, *causes.away):
                self.warned |= {pair.first.user_id, pair.second.user_id}

    def undo(self, change_id: int) -> None:
        """An undo undone is the schedule as it was."""
        before = self.state()
        try:
            self.house.read(lambda s: self.warn_of_undo(s, change_id))
            again = self.house.undo(change_id)
        except LocalizedError:
            assert self.state() == before
            return
        back = self.house.undo(again)
        assert self.state() == before
        self.house.undo(back)

    def state(self) -> set[tuple[str, Shift]]:
        return self.stored()[1]

    def read_feed(self) -> None:
        """A client that keeps by UID takes what is newer."""
        for row in self.stored()[0]:
            known = self.feed.get(row.uid)
            assert known is None or known[0] <= row.sequence
            if known is None or row.sequence > known[0]:
                self.feed[row.uid] = row.sequence, None if row.cancelled_at else Shift.of(row)

    def bound(self) -> None:
        """A request that waits is about a time that its shift, by its uid, and its person still have."""
        live = self.state()
        for request in self.house.read(undecided):
            sides = [(request.duty_uid, request.owner_id, request.start_at, request.end_at)]
            if request.wanted_uid:
                sides.append(
                    (request.wanted_uid, request.wanted_user_id, request.wanted_start_at, request.wanted_end_at)
                )
            for uid, user_id, start, end in sides:
                assert any(u == uid and s.user_id == user_id for u, s in live), "asked for a shift that is not there"
                theirs = [
                    (s.start_at, s.end_at) for _u, s in live if s.user_id == user_id and not s.event_type.is_absence
                ]
                assert without([(start, end)], theirs) == [], "asked for a time that is somebody else's"

    def holds(self) -> None:
        live = self.state()
        assert {(uid, shift) for uid, (_n, shift) in self.feed.items() if shift is not None} == live
        for pair in find_overlaps(shift for _uid, shift in live):
            assert pair.first.user_id in self.warned
        covered = sorted((s.start_at, s.end_at) for _uid, s in live)
        total = sum(((end - start) for start, end in covered), timedelta())
        assert total == timedelta(days=2 * DAYS), "a request adds and takes no time on duty"

        self.bound()

        def look(session) -> None:
            for request in undecided(session):
                assert request.change_id is None
            twice = sa.select(CoverMessage.request_id).group_by(sa.column("request_id"), sa.column("user_id"))
            assert session.execute(twice.having(sa.func.count() > 1)).all() == []

        self.house.read(look)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=5, max_size=25))
def test_random_requests_leave_a_schedule_that_holds(house: House, steps: list[tuple[str, int, int, int, int]]) -> None:
    house.clock.now = NOW
    if not house.read(lambda s: s.exec(select(User).where(User.full_name == "Erin")).all()):
        for number, name in enumerate(("Erin", "Fay")):
            house.person(name, telegram_user_id=2000 + number, linked_at=NOW)
        house.write(lambda s: s.connection().exec_driver_sql("UPDATE users SET reachable = true") and None)
    for table in ("notices", "cover_messages", "cover_requests", "schedule_change_items", "schedule_changes", "duties"):
        house.write(lambda s, t=table: s.connection().exec_driver_sql(f"DELETE FROM {t}") and None)
    people = list(house.read(lambda s: s.exec(select(User.id).order_by(User.id)).all()))
    first = NOW.date() + timedelta(days=1)
    # Two are on duty at a time: whoever takes over from the other is on duty twice.
    both = [duty(people[n % 4], first + timedelta(days=n), position="1") for n in range(DAYS)]
    house.put(*both, *(duty(people[(n + 1) % 4], first + timedelta(days=n), position="2") for n in range(DAYS)))
    with contextlib.closing(ChangeWatch(house.url)) as watch:
        player = Player(house, people, watch)
        player.read_feed()

        for step in steps:
            player.play(*step)
            player.read_feed()
            player.holds()
