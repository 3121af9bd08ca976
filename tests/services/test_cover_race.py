"""Two colleagues say yes at the same moment: one has it, the other is told who."""

import threading

from sqlmodel import select

from duty_teller.composition import writing
from duty_teller.db.models import CoverRequest, User
from duty_teller.i18n import LocalizedError
from duty_teller.services.cover_service import requests
from duty_teller.services.cover_service.model import Actor
from tests.house import NOW, House, duty

ROUNDS = 200


def test_of_two_who_say_yes_at_once_exactly_one_has_it(house: House) -> None:
    people = [house.person(name, telegram_user_id=2000 + n) for n, name in enumerate(("Erin", "Fay"))]

    def reach(session) -> None:
        for user in session.exec(select(User)):
            user.reachable, user.linked_at = True, NOW
            session.add(user)

    house.write(reach)
    house.put(duty(house.dan, "2026-11-27"), *(duty(person, "2026-12-20") for person in people))
    owner = Actor(house.dan, "Dan")
    lost: list[str] = []

    for number in range(ROUNDS):
        duty_id = next(row.id or 0 for row in house.duties() if row.user_id == house.dan and row.cancelled_at is None)
        request = house.write(lambda s, d=duty_id: requests.ask(s, owner, d, NOW).id or 0)
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

        taker = house.read(lambda s, r=request: s.get_one(CoverRequest, r).taker_id)
        holders = [s.user_id for s in house.live() if s.start_at == duty(0, "2026-11-27").start_at]
        assert holders == [taker], number
        name = "Erin" if taker == people[0] else "Fay"
        assert lost[number:] == [f"{name} already has it."]
        house.write(lambda s, r=request: requests.withdraw(s, owner, r, NOW) and None)
