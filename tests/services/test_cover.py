"""Requests for cover, swaps and take-overs: who may what, what it makes of the schedule, whose message shows what."""

from datetime import datetime

import pytest
from sqlmodel import select

from duty_teller.db.models import CoverMessage, CoverRequest, CoverRole, CoverState, Notice, User
from duty_teller.domain.shift import EventType, Shift
from duty_teller.i18n import LocalizedError
from duty_teller.services.cover_service import candidates, follow, requests, swaps, takeovers
from duty_teller.services.cover_service.model import Actor
from duty_teller.services.texts.covers import render_message
from tests.house import NOW, House, absence, duty, moscow

FRIDAY = "2026-11-27"


@pytest.fixture
def team(house: House) -> dict[str, int]:
    """Dan on duty on Friday; Erin and Fay are free then; all can be reached."""
    numbers = {"alice": house.alice, "dan": house.dan}
    for number, name in enumerate(("Erin Early", "Fay Free")):
        key = name.split()[0].lower()
        numbers[key] = house.person(name, telegram_user_id=2000 + number, reachable=True, linked_at=NOW)

    def reach(session) -> None:
        for user in session.exec(select(User)):
            user.reachable = True
            session.add(user)

    house.write(reach)
    house.put(
        duty(numbers["erin"], "2026-11-24"),
        duty(numbers["dan"], FRIDAY),
        duty(numbers["fay"], "2026-11-30"),
        duty(numbers["erin"], "2026-12-02"),
    )
    return numbers


def actor(house: House, team: dict[str, int], who: str) -> Actor:
    return Actor(team[who], who.capitalize(), is_admin=who == "alice")


def duty_id(house: House, user_id: int, at: datetime | None = None) -> int:
    found = [d for d in house.duties() if d.cancelled_at is None and d.user_id == user_id]
    return next(d.id or 0 for d in found if at is None or d.start_at <= at < d.end_at)


def ask(house: House, team: dict[str, int], who: str = "dan", owner: str = "dan", **options: object) -> int:
    number = duty_id(house, team[owner], options.pop("at", None))
    me = actor(house, team, who)

    def work(session) -> int:
        request = requests.ask(session, me, number, house.clock.now, **options)
        role = CoverRole.OWNER if me.user_id == request.owner_id else CoverRole.ADMIN
        requests.start_message(session, request, me.user_id, role, 1, house.clock.now)
        return request.id or 0

    return house.write(work)


def take(house: House, team: dict[str, int], request: int, who: str, **options: object) -> None:
    me = actor(house, team, who)
    house.write(lambda s: requests.take(s, house.settings, me, request, house.clock.now, **options) and None)


def withdraw(house: House, team: dict[str, int], request: int, who: str) -> None:
    house.write(lambda s: requests.withdraw(s, actor(house, team, who), request, house.clock.now) and None)


def state(house: House, request: int) -> CoverState:
    return house.read(lambda s: s.get_one(CoverRequest, request).state)


def shown(house: House, request: int, user_id: int) -> tuple[str, list[str]]:
    def look(session):
        message = session.exec(
            select(CoverMessage).where(CoverMessage.request_id == request, CoverMessage.user_id == user_id)
        ).one()
        made = render_message(session, session.get_one(CoverRequest, request), message, "en", house.clock.now)
        return made.html, [button.text for button in made.buttons]

    return house.read(look)


def asked(house: House, request: int) -> set[int | None]:
    statement = select(CoverMessage.user_id).where(
        CoverMessage.request_id == request, CoverMessage.role == CoverRole.ASKED
    )
    return set(house.read(lambda s: s.exec(statement).all()))


def spans(house: House, user_id: int) -> list[tuple[datetime, datetime]]:
    return [(s.start_at, s.end_at) for s in house.live() if s.user_id == user_id]


def test_those_who_could_are_asked_least_loaded_first(house: House, team: dict[str, int]) -> None:
    def look(session):
        start, end = moscow(FRIDAY, 9), moscow("2026-11-28", 9)
        return candidates.candidates(session, 1, None, start, end, frozenset({team["dan"]}))

    assert [(c.user_id, c.hours) for c in house.read(look)] == [(team["fay"], 0.0), (team["erin"], 24.0)]


def test_away_on_duty_and_tired_people_are_not_asked(house: House, team: dict[str, int]) -> None:
    greg = house.person("Greg", telegram_user_id=2005, reachable=True, linked_at=NOW)
    house.put(
        duty(team["dan"], FRIDAY),
        absence(team["erin"], FRIDAY),
        duty(team["fay"], FRIDAY, hour=12),
        duty(greg, "2026-11-25"),
    )
    request = ask(house, team)
    assert asked(house, request) == {greg}
    withdraw(house, team, request, "dan")
    tired = house.person("Tess", telegram_user_id=2006, reachable=True, linked_at=NOW)
    house.put(duty(team["dan"], FRIDAY), duty(greg, "2026-11-25"), duty(tired, "2026-11-26"))
    assert asked(house, ask(house, team)) == {greg}


def test_where_nobody_is_rested_the_free_are_asked_and_warned(house: House, team: dict[str, int]) -> None:
    house.put(duty(team["dan"], FRIDAY), duty(team["erin"], "2026-11-26"), duty(team["fay"], FRIDAY, hour=10))
    request = ask(house, team)
    assert asked(house, request) == {team["erin"]}
    assert "less than 11 h rest" in shown(house, request, team["erin"])[0]


def test_position_is_respected_where_several_have_it(house: House, team: dict[str, int]) -> None:
    house.put(
        duty(team["dan"], FRIDAY, position="primary"),
        duty(team["erin"], "2026-12-02", position="primary"),
        duty(team["fay"], "2026-11-30", position="secondary"),
    )
    assert asked(house, ask(house, team)) == {team["erin"]}


def test_first_yes_has_it_and_the_second_is_told_who(house: House, team: dict[str, int]) -> None:
    request = ask(house, team, reason="dentist")
    take(house, team, request, "erin")

    with pytest.raises(LocalizedError, match="Erin Early already has it"):
        take(house, team, request, "fay")

    assert (moscow(FRIDAY, 9), moscow("2026-11-28", 9)) in spans(house, team["erin"])
    assert spans(house, team["dan"]) == []
    assert shown(house, request, team["fay"]) == (
        "▫️ <b>Taken by Erin Early</b>\nFri 27 Nov, 09:00 – Sat 28 Nov, 09:00\n<i>dentist</i>",
        [],
    )
    assert shown(house, request, team["erin"])[1] == ["↩️ Give it back"]
    assert shown(house, request, team["dan"])[0].startswith("✅ <b>Erin Early covers for you</b>")
    assert house.changes()[-1].reason == "Dan Duty → Erin Early: dentist"
    assert house.read(lambda s: s.exec(select(Notice).where(Notice.kind != "unreachable")).all())[-1].kind != "cover"


def test_change_is_told_by_the_message_of_the_request_alone(house: House, team: dict[str, int]) -> None:
    house.clock.move(minutes=5)
    house.write(lambda s: [s.delete(n) for n in s.exec(select(Notice))] and None)
    request = ask(house, team)
    take(house, team, request, "erin")
    withdraw(house, team, request, "dan")
    assert house.read(lambda s: s.exec(select(Notice)).all()) == []


def test_part_of_a_shift_leaves_the_rest_and_no_gap(house: House, team: dict[str, int]) -> None:
    span = moscow(FRIDAY, 21), moscow("2026-11-28", 1)
    request = ask(house, team, span=span)
    take(house, team, request, "fay")
    assert spans(house, team["dan"]) == [(moscow(FRIDAY, 9), span[0]), (span[1], moscow("2026-11-28", 9))]
    assert span in spans(house, team["fay"])
    before = house.live()
    withdraw(house, team, request, "fay")
    assert spans(house, team["dan"]) == [(moscow(FRIDAY, 9), moscow("2026-11-28", 9))]
    assert state(house, request) == CoverState.WITHDRAWN
    house.undo(house.changes()[-1].id or 0)
    assert (house.live(), state(house, request)) == (before, CoverState.TAKEN)


@pytest.mark.parametrize(
    ("span", "error"),
    [
        ((moscow(FRIDAY, 8), moscow(FRIDAY, 12)), "isn't in the shift"),
        ((moscow(FRIDAY, 12), moscow("2026-11-28", 10)), "isn't in the shift"),
        ((moscow(FRIDAY, 12), moscow(FRIDAY, 12)), "isn't in the shift"),
    ],
)
def test_part_that_is_not_inside_is_refused(house: House, team: dict[str, int], span: object, error: str) -> None:
    with pytest.raises(LocalizedError, match=error):
        ask(house, team, span=span)


def test_shift_is_asked_for_once_at_a_time(house: House, team: dict[str, int]) -> None:
    ask(house, team, span=(moscow(FRIDAY, 9), moscow(FRIDAY, 12)))
    for again in (None, (moscow(FRIDAY, 11), moscow(FRIDAY, 14)), (moscow(FRIDAY, 20), moscow(FRIDAY, 22))):
        with pytest.raises(LocalizedError, match="already a request"):
            ask(house, team, span=again)


def test_cover_of_a_cover_works(house: House, team: dict[str, int]) -> None:
    first = ask(house, team)
    take(house, team, first, "erin")
    second = ask(house, team, "erin", "erin", at=moscow(FRIDAY, 10))
    take(house, team, second, "fay")
    assert (moscow(FRIDAY, 9), moscow("2026-11-28", 9)) in spans(house, team["fay"])
    with pytest.raises(LocalizedError):
        withdraw(house, team, first, "dan")
    withdraw(house, team, second, "fay")
    withdraw(house, team, first, "dan")
    assert spans(house, team["dan"]) == [(moscow(FRIDAY, 9), moscow("2026-11-28", 9))]


def test_who_may_withdraw_when(house: House, team: dict[str, int]) -> None:
    request = ask(house, team)
    with pytest.raises(LocalizedError, match="isn't your shift"):
        withdraw(house, team, request, "erin")
    take(house, team, request, "erin")
    with pytest.raises(LocalizedError, match="isn't your shift"):
        withdraw(house, team, request, "fay")
    house.clock.now = moscow(FRIDAY, 10)
    for who in ("dan", "erin"):
        with pytest.raises(LocalizedError, match="has started"):
            withdraw(house, team, request, who)
    withdraw(house, team, request, "alice")
    assert spans(house, team["dan"]) == [(moscow(FRIDAY, 9), moscow("2026-11-28", 9))]


def test_shift_that_moves_makes_the_request_void(house: House, team: dict[str, int]) -> None:
    request = ask(house, team)
    others = [s for s in house.live() if s.user_id != team["dan"]]
    house.put(*others, duty(team["dan"], FRIDAY, hour=12))
    assert state(house, request) == CoverState.VOID
    assert "void" in shown(house, request, team["dan"])[0]
    with pytest.raises(LocalizedError, match="closed"):
        take(house, team, request, "erin")


def test_shift_that_is_given_away_makes_the_request_void(house: House, team: dict[str, int]) -> None:
    request = ask(house, team)
    others = [s for s in house.live() if s.user_id != team["dan"]]
    house.put(*others, duty(team["fay"], FRIDAY))
    assert state(house, request) == CoverState.VOID


def test_other_changes_leave_the_request_alone(house: House, team: dict[str, int]) -> None:
    request = ask(house, team)
    house.put(*house.live(), duty(team["fay"], "2026-12-20"))
    assert state(house, request) == CoverState.OPEN


def test_start_expires_and_the_original_stays_on_duty(house: House, team: dict[str, int]) -> None:
    request = ask(house, team)
    house.clock.now = moscow(FRIDAY, 9)
    house.write(lambda s: follow.work(s, house.settings, house.clock.now))
    assert state(house, request) == CoverState.EXPIRED
    assert spans(house, team["dan"]) == [(moscow(FRIDAY, 9), moscow("2026-11-28", 9))]
    assert "still on duty" in shown(house, request, team["dan"])[0]


def test_nudge_once_and_never_those_who_said_no(house: House, team: dict[str, int]) -> None:
    request = ask(house, team)

    def sent(session) -> None:
        for message in session.exec(select(CoverMessage)):
            message.message_id, message.due_at, message.loud = 7, None, False
            session.add(message)

    house.write(lambda s: requests.say_no(s, actor(house, team, "erin"), request, house.clock.now) and None)
    house.write(sent)
    house.clock.move(hours=25)
    for _twice in range(2):
        assert house.read(lambda s: follow.next_work(s, house.clock.now))[0] is (_twice == 0)
        house.write(lambda s: follow.work(s, house.settings, house.clock.now))
        loud = house.read(lambda s: s.exec(select(CoverMessage.user_id).where(CoverMessage.loud)).all())
        assert loud == [team["fay"]]


def test_admins_are_told_before_the_start_and_can_put_somebody_on(house: House, team: dict[str, int]) -> None:
    request = ask(house, team)
    house.clock.now = moscow("2026-11-26", 21)
    house.write(lambda s: follow.work(s, house.settings, house.clock.now))
    text, buttons = shown(house, request, team["alice"])
    assert text.startswith("⚠️ <b>Nobody covers for Dan Duty yet</b>")
    assert buttons == ["Fay Free", "Erin Early", "Withdraw"]
    take(house, team, request, "alice", user_id=team["fay"])
    assert (moscow(FRIDAY, 9), moscow("2026-11-28", 9)) in spans(house, team["fay"])


def test_approval_by_an_admin_is_named_in_the_change(house: House, team: dict[str, int]) -> None:
    house.roster(cover_approval=True)
    request = ask(house, team)
    take(house, team, request, "erin")
    assert (state(house, request), len(house.changes())) == (CoverState.TAKEN, 1)
    assert shown(house, request, team["alice"])[1] == ["✅ Confirm", "Refuse"]
    house.write(lambda s: requests.approve(s, actor(house, team, "alice"), request, True, house.clock.now) and None)
    assert state(house, request) == CoverState.APPROVED
    assert house.changes()[-1].reason == "Dan Duty → Erin Early (✓ Alice Admin)"


def test_approval_refused_leaves_the_schedule(house: House, team: dict[str, int]) -> None:
    house.roster(cover_approval=True)
    request = ask(house, team)
    take(house, team, request, "erin")
    before = house.live()
    house.write(lambda s: requests.approve(s, actor(house, team, "alice"), request, False, house.clock.now) and None)
    assert (state(house, request), house.live()) == (CoverState.REFUSED, before)


def test_admin_asks_for_the_ill_person(house: House, team: dict[str, int]) -> None:
    house.clock.now = moscow(FRIDAY, 14)
    request = ask(house, team, "alice", "dan", reason="ill")
    assert asked(house, request) == {team["erin"], team["fay"]}
    assert house.read(lambda s: follow.next_work(s, house.clock.now))[0]  # running: the admins hear at once
    house.clock.move(minutes=20)
    take(house, team, request, "fay")
    assert spans(house, team["dan"]) == [(moscow(FRIDAY, 9), moscow(FRIDAY, 14, 20))]
    assert (moscow(FRIDAY, 14, 20), moscow("2026-11-28", 9)) in spans(house, team["fay"])


def test_swap_changes_both_sides_in_one_change_or_nothing(house: House, team: dict[str, int]) -> None:
    mine, theirs = duty_id(house, team["dan"]), duty_id(house, team["fay"])
    propose = lambda s: swaps.propose(s, actor(house, team, "dan"), mine, theirs, house.clock.now).id or 0  # noqa: E731
    request = house.write(propose)
    before = house.live()
    with pytest.raises(LocalizedError):
        house.write(lambda s: swaps.agree(s, house.settings, actor(house, team, "erin"), request, house.clock.now))
    assert house.live() == before
    house.write(lambda s: swaps.agree(s, house.settings, actor(house, team, "fay"), request, house.clock.now) and None)
    assert spans(house, team["dan"]) == [(moscow("2026-11-30", 9), moscow("2026-12-01", 9))]
    assert spans(house, team["fay"]) == [(moscow(FRIDAY, 9), moscow("2026-11-28", 9))]
    assert [c.kind for c in house.changes()] == ["import", "swap"]
    withdraw(house, team, request, "fay")
    assert house.live() == before


def test_swap_refused_or_void_changes_nothing(house: House, team: dict[str, int]) -> None:
    mine, theirs = duty_id(house, team["dan"]), duty_id(house, team["fay"])
    propose = lambda s: swaps.propose(s, actor(house, team, "dan"), mine, theirs, house.clock.now).id or 0  # noqa: E731
    before = house.live()
    request = house.write(propose)
    house.write(lambda s: requests.say_no(s, actor(house, team, "fay"), request, house.clock.now) and None)
    assert (state(house, request), house.live()) == (CoverState.REFUSED, before)
    again = house.write(propose)
    house.put(*(s for s in before if s.user_id != team["fay"]))
    assert state(house, again) == CoverState.VOID


def test_take_over_of_a_part_gives_three_stretches_and_no_gap(house: House, team: dict[str, int]) -> None:
    house.put(Shift(team["dan"], None, moscow(FRIDAY, 13), moscow("2026-11-28", 13), EventType.DUTY))
    house.clock.now = moscow("2026-11-28", 2)
    span = moscow(FRIDAY, 21), moscow("2026-11-28", 1)
    number = duty_id(house, team["dan"])
    over = lambda s: takeovers.take_over(  # noqa: E731
        s, actor(house, team, "alice"), number, team["fay"], house.clock.now, span
    )
    request = house.write(lambda s: over(s).id or 0)
    found = sorted((s.start_at, s.end_at, s.user_id) for s in house.live())
    assert found == [
        (moscow(FRIDAY, 13), span[0], team["dan"]),
        (*span, team["fay"]),
        (span[1], moscow("2026-11-28", 13), team["dan"]),
    ]
    assert shown(house, request, team["dan"])[1] == ["That's wrong"]


def test_take_over_is_objected_to_within_ten_minutes_and_settled_by_an_admin(
    house: House, team: dict[str, int]
) -> None:
    house.clock.now = moscow(FRIDAY, 14)
    number, before = duty_id(house, team["dan"]), house.live()

    def over(session) -> int:
        return takeovers.take_over(session, actor(house, team, "fay"), number, team["fay"], house.clock.now).id or 0

    request = house.write(over)
    assert spans(house, team["dan"]) == [(moscow(FRIDAY, 9), moscow(FRIDAY, 14))]
    house.clock.move(minutes=9)
    house.write(
        lambda s: takeovers.object_to(s, house.settings, actor(house, team, "dan"), request, house.clock.now) and None
    )
    assert shown(house, request, team["alice"])[1] == ["Keep it", "↩️ Put it back"]
    house.write(lambda s: takeovers.settle(s, actor(house, team, "alice"), request, False, house.clock.now) and None)
    assert (house.live(), state(house, request)) == (before, CoverState.REFUSED)


def test_objection_after_ten_minutes_is_too_late(house: House, team: dict[str, int]) -> None:
    house.clock.now = moscow(FRIDAY, 14)
    number = duty_id(house, team["dan"])
    me = actor(house, team, "fay")
    request = house.write(lambda s: takeovers.take_over(s, me, number, team["fay"], house.clock.now).id or 0)
    house.clock.move(minutes=10)
    with pytest.raises(LocalizedError, match="too late"):
        house.write(
            lambda s: takeovers.object_to(s, house.settings, actor(house, team, "dan"), request, house.clock.now)
        )
    house.write(lambda s: follow.work(s, house.settings, house.clock.now))
    assert shown(house, request, team["dan"])[1] == []


@pytest.mark.parametrize(("who", "to"), [("erin", "fay"), ("fay", "dan"), ("dan", "nobody")])
def test_take_over_by_others_or_to_nobody_is_refused(house: House, team: dict[str, int], who: str, to: str) -> None:
    house.clock.now = moscow(FRIDAY, 14)
    number = duty_id(house, team["dan"])
    with pytest.raises(LocalizedError):
        house.write(
            lambda s: takeovers.take_over(s, actor(house, team, who), number, team.get(to, 999), house.clock.now)
        )


def test_nobody_has_two_messages_of_one_request(house: House, team: dict[str, int]) -> None:
    request = ask(house, team)
    house.clock.now = moscow("2026-11-26", 21)
    house.write(lambda s: follow.work(s, house.settings, house.clock.now))
    take(house, team, request, "alice")
    found = house.read(lambda s: s.exec(select(CoverMessage.user_id)).all())
    assert len(found) == len(set(found)) == 4


def test_answer_that_comes_again_changes_nothing_and_is_no_error(house: House, team: dict[str, int]) -> None:
    """Somebody taps twice, or Telegram brings a tap again after a restart."""

    def twice(work) -> None:
        house.write(lambda s: work(s) and None)
        before = everything(house)
        house.write(lambda s: work(s) and None)
        assert everything(house) == before

    now, settings = house.clock.now, house.settings
    dan, fay, alice = (actor(house, team, who) for who in ("dan", "fay", "alice"))
    cover = ask(house, team)
    twice(lambda s: requests.take(s, settings, fay, cover, now))
    twice(lambda s: requests.withdraw(s, dan, cover, now))

    mine, theirs = duty_id(house, team["dan"]), duty_id(house, team["fay"])
    offer = lambda: house.write(lambda s: swaps.propose(s, dan, mine, theirs, now).id or 0)  # noqa: E731
    refused = offer()
    twice(lambda s: requests.say_no(s, fay, refused, now))
    agreed = offer()
    twice(lambda s: swaps.agree(s, settings, fay, agreed, now))

    house.clock.set(moscow("2026-11-24", 12))
    now, number = house.clock.now, duty_id(house, team["erin"])
    over = house.write(lambda s: takeovers.take_over(s, fay, number, team["fay"], now).id or 0)
    assert house.read(lambda s: takeovers.is_noted(s, number, team["fay"], now))
    assert not house.read(lambda s: takeovers.is_noted(s, number, team["dan"], now))
    erin = actor(house, team, "erin")
    twice(lambda s: takeovers.object_to(s, settings, erin, over, now))
    twice(lambda s: takeovers.settle(s, alice, over, False, now))


def everything(house: House) -> list[object]:
    """The schedule, its changes and what every message of a request is to show."""
    versions = house.read(lambda s: s.exec(select(CoverMessage.id, CoverMessage.version)).all())
    states = house.read(lambda s: s.exec(select(CoverRequest.id, CoverRequest.state)).all())
    return [[d.uid for d in house.duties() if d.cancelled_at is None], len(house.changes()), versions, states]
