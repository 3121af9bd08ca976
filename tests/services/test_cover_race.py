"""Two colleagues say yes at the same moment: one has it, the other is told who."""

import threading
from datetime import date, timedelta

from sqlmodel import select

from duty_teller.composition import writing
from duty_teller.db.models import CoverRequest, User
from duty_teller.i18n import LocalizedError
from duty_teller.services.cover_service import requests
from duty_teller.services.cover_service.model import Actor
from tests.house import NOW, House, duty, moscow

ROUNDS = 200


def test_of_two_who_say_yes_at_once_exactly_one_has_it(house: House) -> None:
    people = [house.person(name, telegram_user_id=2000 + n) for n, name in enumerate(("Erin", "Fay"))]

    def reach(session) -> None:
        for user in session.exec(select(User)):
            user.reachable, user.linked_at = True, NOW
            session.add(user)

    house.write(reach)
    days = [date(2026, 11, 27) + timedelta(days=2 * number) for number in range(ROUNDS)]
    house.put(*(duty(house.dan, day) for day in days), *(duty(person, "2026-11-25") for person in people))
    owner = Actor(house.dan, "Dan")
    theirs = [row.id or 0 for row in house.duties() if row.user_id == house.dan]
    lost: list[str] = []
    takers: list[int | None] = []

    for number in theirs:
        request = house.write(lambda s, d=number: requests.ask(s, owner, d, NOW).id or 0)
        ready = threading.Barrier(2)

        def say_yes(person: int, request: int = request, ready: threading.Barrier = ready) -> None:
            ready.wait()
            try:
                with writing(house.url) as session:
                    requests.take(session, house.settings, Actor(person, "?"), request, NOW)
            except LocalizedError as error:
                lost.append(str(error))

        threads = [threading.Thread(target=say_yes, args=(person,)) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        takers.append(house.read(lambda s, r=request: s.get_one(CoverRequest, r).taker_id))
        name = "Erin" if takers[-1] == people[0] else "Fay"
        assert lost[len(takers) - 1 :] == [f"{name} already has it."]

    assert len(takers) == ROUNDS
    assert [s.user_id for s in house.live() if s.start_at >= moscow(days[0], 9)] == takers
