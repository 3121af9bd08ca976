"""What somebody wants to hear, and the outbox's one notice a cause."""

from datetime import time, timedelta

import pytest

from duty_teller.db.models import NoticeKind, User
from duty_teller.services.outbox import choices, outbox
from duty_teller.services.people import access
from tests.house import NOW, House


@pytest.mark.parametrize(("stored", "leads"), [(None, (720, 60)), ("", ()), ("15,1440", (1440, 15))])
def test_leads_are_the_persons_or_the_usual_ones(stored: str | None, leads: tuple[int, ...]) -> None:
    assert choices.leads_of(User(full_name="Dan", reminder_leads=stored, created_at=NOW)) == leads


def test_leads_are_stored_once_each_the_longest_first() -> None:
    assert choices.leads_text((60, 1440, 60)) == "1440,60"


def test_quiet_hours_are_two_wall_clock_times() -> None:
    assert choices.quiet_of(User(full_name="Dan", quiet_hours="22:00-07:30", created_at=NOW)) == (time(22), time(7, 30))
    assert choices.quiet_of(User(full_name="Dan", created_at=NOW)) is None


def test_kinds_switched_off_are_not_wanted() -> None:
    dan = User(full_name="Dan", notices_off="ends,changed", created_at=NOW)
    assert [kind for kind in NoticeKind if not choices.wants(dan, kind)] == [NoticeKind.ENDS, NoticeKind.CHANGED]


def test_outbox_takes_one_notice_a_cause(house: House) -> None:
    def put(key: str) -> bool:
        return house.write(
            lambda session: outbox.put(
                session, NoticeKind.PEOPLE, key, {}, NOW, NOW + timedelta(days=1), user_id=house.alice
            )
        )

    assert [put("one"), put("one"), put("two")] == [True, False, True]


def test_admins_to_tell_are_those_who_can_be_written_to_and_want_it(house: House) -> None:
    def told(**fields: object) -> list[str]:
        def work(session: object) -> list[str]:
            alice = session.get_one(User, house.alice)  # type: ignore[attr-defined]
            for name, value in fields.items():
                setattr(alice, name, value)
            session.add(alice)  # type: ignore[attr-defined]
            found = access.admins_to_tell(session, house.settings, NoticeKind.GAPS)  # type: ignore[arg-type]
            return [admin.full_name for admin in found]

        return house.write(work)

    assert told() == []  # has not pressed Start
    assert told(reachable=True) == ["Alice Admin"]
    assert told(notices_off="gaps") == []
    assert told(notices_off="ends") == ["Alice Admin"]
