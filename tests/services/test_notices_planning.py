"""What is put into the outbox when: changes, reminders, gaps, unreachable people; no sending here."""

import json
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.engine import get_engine
from duty_teller.db.models import KnownGap, Notice, NoticeKind, User
from duty_teller.db.session import Change, ChangeWatch, notes_only
from duty_teller.services.cover_service import requests
from duty_teller.services.cover_service.model import Actor
from duty_teller.services.notices import delivery, planning, reminders
from duty_teller.services.outbox import outbox
from duty_teller.services.people import accounts
from duty_teller.services.texts import notices as texts
from tests.house import House, duty, moscow, untimed


def settle(house: House, user_id: int, **fields: object) -> None:
    def work(session: object) -> None:
        user = session.get_one(User, user_id)  # type: ignore[attr-defined]
        accounts.set_reachable(session, user_id, True)  # type: ignore[arg-type]
        for name, value in fields.items():
            setattr(user, name, value)

    house.write(work)


def notices(house: House) -> list[Notice]:
    return list(house.read(lambda session: session.exec(select(Notice).order_by(col(Notice.id))).all()))


def text_of(house: House, notice: Notice, lang: str = "en") -> str | None:
    rendered = house.read(lambda session: texts.render_notice(session, notice, lang, house.clock.now))
    return untimed(rendered.html) if rendered is not None else None


def plan(house: House, moment: datetime) -> list[str]:
    house.clock.now = moment
    return [
        p.key.split(":")[0] + ":" + p.key.split(":")[-1]
        for p in house.read(lambda s: reminders.plan(s, moment).pending)
    ]


def go(house: House, **by: float) -> None:
    now = house.clock.move(**by)
    house.write(lambda session: planning.put_due(session, house.settings, now))


def test_change_in_both_languages_with_names_escaped(house: House) -> None:
    settle(house, house.dan)
    house.put(duty(house.dan, "2026-12-01", position="a<b>&"), reason="x<y>.xlsx")
    (notice,) = notices(house)
    assert (notice.kind, notice.due_at - notice.created_at) == ("changed", timedelta(minutes=2))
    assert text_of(house, notice) == (
        "🗓 <b>Your shifts have changed</b>\n"
        "➕ New: Tue 1 Dec, 09:00 – Wed 2 Dec, 09:00 (a&lt;b&gt;&amp;)\n"
        "Changed by Alice Admin (x&lt;y&gt;.xlsx)"
    )
    assert text_of(house, notice, "ru") == (
        "🗓 <b>Ваши смены изменились</b>\n"
        "➕ Новая: вт 1 дек., 09:00 – ср 2 дек., 09:00 (a&lt;b&gt;&amp;)\n"
        "Кто изменил: Alice Admin (x&lt;y&gt;.xlsx)"
    )


def test_two_changes_within_two_minutes_are_one_notice(house: House) -> None:
    settle(house, house.dan)
    house.put(duty(house.dan, "2026-12-01"))
    house.clock.move(seconds=60)
    house.put(duty(house.dan, "2026-12-02"), reason="second.xlsx")
    (notice,) = notices(house)
    assert json.loads(notice.payload)["gone"] == []
    start, end = (int(moscow(day, 9).timestamp()) for day in ("2026-12-02", "2026-12-03"))
    assert json.loads(notice.payload)["new"] == [{"position": None, "start": start, "end": end}]


def test_undo_within_two_minutes_withdraws_the_notice(house: House) -> None:
    settle(house, house.dan)
    change = house.put(duty(house.dan, "2026-12-01"))
    house.undo(change)
    (notice,) = notices(house)
    assert notice.outcome == "withdrawn"


def test_shift_within_a_day_is_short_notice_and_does_not_wait_for_the_morning(house: House) -> None:
    settle(house, house.dan, quiet_hours="00:00-23:59")
    house.put(duty(house.dan, "2026-11-24"))
    (notice,) = notices(house)
    assert (notice.kind, notice.due_at) == ("short_notice", house.clock.now + timedelta(minutes=2))


def test_change_waits_for_the_end_of_the_quiet_hours(house: House) -> None:
    settle(house, house.dan, quiet_hours="14:00-07:00")
    house.put(duty(house.dan, "2026-12-01"))
    assert notices(house)[0].due_at == moscow("2026-11-24", 7)


def test_reminders_come_at_their_leads_and_not_after_the_start(house: House) -> None:
    house.put(duty(house.dan, "2026-12-01"), duty(house.dan, "2026-12-02"))
    settle(house, house.dan, reminder_leads="720,60")
    assert plan(house, moscow("2026-11-30", 20, 59)) == []
    assert plan(house, moscow("2026-11-30", 21)) == ["starts:720"]
    assert plan(house, moscow("2026-12-01", 8, 30)) == ["starts:60"]
    assert plan(house, moscow("2026-12-01", 9)) == []
    assert plan(house, moscow("2026-12-02", 8, 50)) == []
    assert [key.split(":")[0] for key in plan(house, moscow("2026-12-03", 8, 45))] == ["ends"]
    assert plan(house, moscow("2026-12-04", 9)) == []


@pytest.mark.parametrize("on_its_way", [False, True], ids=["nothing else", "another change on its way"])
def test_whoever_takes_a_shift_after_the_time_of_its_reminder_has_its_message_alone(
    house: House, on_its_way: bool
) -> None:
    house.put(duty(house.dan, "2026-11-25"), duty(house.alice, "2026-12-20"))
    settle(house, house.alice, reminder_leads="720,60")
    house.clock.now = moscow("2026-11-25", 8, 30)
    if on_its_way:  # what was tried once already is not put right by the cover: it says nothing of it
        house.put(duty(house.dan, "2026-11-25"), duty(house.alice, "2026-12-20"), duty(house.alice, "2026-12-24"))
        house.write(lambda s: setattr(s.exec(select(Notice)).one(), "attempts", 1))
    (row,) = (row for row in house.duties() if row.user_id == house.dan)
    request = house.write(lambda s: requests.ask(s, Actor(house.dan, "Dan Duty"), row.id or 0, house.clock.now).id)
    alice = Actor(house.alice, "Alice Admin")
    house.write(lambda s: requests.take(s, house.settings, alice, request or 0, house.clock.now) and None)
    house.clock.move(seconds=1)

    assert plan(house, house.clock.now) == []
    unreached = "UPDATE cover_messages SET due_at = NULL WHERE message_id IS NULL"
    house.write(lambda s: s.connection().exec_driver_sql(unreached) and None)
    assert plan(house, house.clock.now) == ["starts:60"]
    go(house)
    assert plan(house, house.clock.now) == []


def test_boundary_is_the_next_reminder(house: House) -> None:
    house.put(duty(house.dan, "2026-11-25"))
    settle(house, house.dan, reminder_leads="60")
    found = house.read(lambda s: reminders.plan(s, moscow("2026-11-24", 12)))
    assert (found.pending, found.boundary) == ([], moscow("2026-11-25", 8))


def test_reminder_in_quiet_hours_comes_just_before_them(house: House) -> None:
    house.put(duty(house.dan, "2026-12-01"))
    settle(house, house.dan, reminder_leads="60", quiet_hours="23:00-08:30")
    assert plan(house, moscow("2026-11-30", 22, 58)) == []
    assert plan(house, moscow("2026-11-30", 22, 59)) == ["starts:60"]


def test_reminder_of_a_shift_taken_away_is_withdrawn(house: House) -> None:
    house.put(duty(house.dan, "2026-12-01"))
    settle(house, house.dan, reminder_leads="60", notices_off="changed,short_notice")
    house.clock.now = moscow("2026-12-01", 8)
    go(house)
    notice = next(n for n in notices(house) if n.kind == "starts")
    assert text_of(house, notice) == "⏰ <b>Your shift starts in 1 h</b>\nTue 1 Dec, 09:00 – Wed 2 Dec, 09:00"
    house.put()
    assert text_of(house, notice) is None


def test_gap_is_told_once_and_when_it_closes(house: House) -> None:
    settle(house, house.alice, reminder_leads="", notices_off="ends,changed,short_notice,unreachable")
    days = [duty(house.dan, f"2026-11-{day}") for day in range(23, 31)]
    days += [duty(house.dan, f"2026-12-{day:02}") for day in range(1, 12)]
    house.put(*(d for d in days if d.start_at != moscow("2026-11-27", 9)))
    go(house, minutes=1)
    assert notices(house) == []
    go(house, minutes=1)
    go(house, minutes=1)
    (opened,) = notices(house)
    assert text_of(house, opened) == "⚠️ <b>Nobody is planned</b>\n• Fri 27 Nov, 09:00 – Sat 28 Nov, 09:00"
    house.put(*days)
    go(house, minutes=2)
    _opened, closed = notices(house)
    assert text_of(house, closed) == "✅ <b>Covered again</b>\n• Fri 27 Nov, 09:00 – Sat 28 Nov, 09:00"
    assert house.read(lambda session: session.exec(select(KnownGap)).all()) == []


def test_end_of_the_roster_is_told_once_and_not_a_day_at_a_time(house: House) -> None:
    settle(house, house.alice, reminder_leads="", notices_off="ends,changed,short_notice,unreachable")
    days = [duty(house.dan, f"2026-11-{day}") for day in range(23, 29)]
    house.put(*days)
    go(house, minutes=2)
    (told,) = notices(house)
    assert text_of(house, told) == "⚠️ <b>Nobody is planned</b>\n• from Sun 29 Nov, 09:00 on: the roster ends"
    for _day in range(3):
        go(house, days=1)
    assert len(notices(house)) == 1

    longer = [duty(house.dan, f"2026-11-{day}") for day in range(23, 31)]
    house.put(*longer)
    go(house, minutes=2)
    _told, closed = notices(house)
    assert text_of(house, closed) == "✅ <b>Covered again</b>\n• Sun 29 Nov, 09:00 – Tue 1 Dec, 09:00"


def test_roster_that_ends_earlier_than_told_is_told_again(house: House) -> None:
    settle(house, house.alice, reminder_leads="", notices_off="ends,changed,short_notice,unreachable")
    house.put(*(duty(house.dan, f"2026-11-{day}") for day in range(23, 31)))
    go(house, minutes=2)
    house.put(*(duty(house.dan, f"2026-11-{day}") for day in range(23, 28)))
    go(house, minutes=2)

    assert [text_of(house, notice) for notice in notices(house)] == [
        "⚠️ <b>Nobody is planned</b>\n• from Tue 1 Dec, 09:00 on: the roster ends",
        "⚠️ <b>Nobody is planned</b>\n• from Sat 28 Nov, 09:00 on: the roster ends",
    ]


def test_unreachable_person_on_duty_soon_is_told_once_until_reachable(house: House) -> None:
    settle(house, house.alice, reminder_leads="", notices_off="ends,changed,short_notice,gaps")
    house.put(duty(house.dan, "2026-11-24"))
    go(house, minutes=3)
    go(house, minutes=3)
    (notice,) = notices(house)
    assert text_of(house, notice) == (
        "📵 <b>I can't write to people on duty</b>\n"
        "• <b>Dan Duty</b>: from Tue 24 Nov, 09:00; hasn't pressed Start, or has blocked me\n"
        "They get no reminders. Tell them yourself, or invite them."
    )
    settle(house, house.dan, reminder_leads="", notices_off="ends")
    go(house, minutes=1)
    house.write(lambda session: accounts.set_reachable(session, house.dan, False))
    go(house, minutes=1)
    assert [n.kind for n in notices(house)] == ["unreachable", "unreachable"]


def test_state_of_the_outbox(house: House) -> None:
    settle(house, house.dan)
    house.put(duty(house.dan, "2026-12-01"))
    assert house.read(outbox.state) == outbox.OutboxState(1, 0, house.clock.now)


@pytest.mark.parametrize("end", ["sent", "refused", "withdrawn"])
def test_reminder_waits_for_the_notice_of_a_change_and_is_due_unless_that_was_sent(house: House, end: str) -> None:
    settle(house, house.dan, reminder_leads="60", notices_off="ends")
    settle(house, house.alice, reminder_leads="", notices_off="ends,changed,short_notice,gaps")
    now = house.clock.now = moscow("2026-11-24", 8, 30)
    house.put(duty(house.dan, "2026-11-24"))
    assert not house.read(lambda s: planning.plan(s, house.settings, now)).due
    (number,) = (notice.id or 0 for notice in notices(house))
    watch = ChangeWatch(house.url)
    watch.change()

    if end == "withdrawn":
        settle(house, house.dan, notices_off="ends,changed,short_notice")
        watch.change()
        house.write(lambda s: delivery.claim(s, number, house.settings, now, texts.render_notice))
    elif end == "refused":
        house.write(lambda s: delivery.note_refused(s, number, None, "Bad Request", now))
    else:
        house.write(lambda s: delivery.note_sent(s, number, now + timedelta(seconds=1)))

    assert (watch.change() >= Change.WORK) is (end != "sent")  # the tick looks again
    watch.close()
    planned = house.read(lambda s: planning.plan(s, house.settings, now))
    assert planned.due is (end != "sent")


def test_another_process_that_wants_a_message_changed_is_heard_beside_own_notes(house: House) -> None:
    watch = ChangeWatch(house.url)
    watch.change()
    with Session(get_engine(house.url).execution_options(write=True)) as theirs:  # not counted as this process's
        now = house.clock.now
        outbox.put(theirs, NoticeKind.PEOPLE, "theirs", {}, now, now + timedelta(days=1), user_id=house.dan)
        theirs.commit()
    house.write(notes_only)
    assert watch.change() is Change.WORK
    assert "messages" not in house.read(repository.revisions)  # no answer is made anew
    watch.close()


def test_no_reminder_follows_the_message_of_a_request_that_has_just_told_the_same(house: House) -> None:
    settle(house, house.dan, reminder_leads="720", notices_off="ends")
    fay = house.person("Fay Free", telegram_user_id=1004, linked_at=house.clock.now, reachable=True)
    settle(house, fay, reminder_leads="720", notices_off="ends")
    settle(house, house.alice, reminder_leads="", notices_off="ends,changed,short_notice,gaps")
    house.put(duty(house.dan, "2026-11-23"), duty(fay, "2026-11-30"))
    now = house.clock.now = moscow("2026-11-23", 12)
    running = next(row.id or 0 for row in house.duties() if row.user_id == house.dan)
    part = moscow("2026-11-23", 20), moscow("2026-11-23", 22)

    def cover(session: Session) -> None:
        request = requests.ask(session, Actor(house.dan, "Dan Duty"), running, now, part)
        requests.take(session, house.settings, Actor(fay, "Fay Free"), request.id or 0, now)

    house.write(cover)
    assert not house.read(lambda s: reminders.plan(s, now)).pending  # neither Fay's part nor what is left of Dan's
    house.clock.move(hours=1)
    assert not house.read(lambda s: reminders.plan(s, house.clock.now)).pending
    house.write(lambda s: s.connection().exec_driver_sql("UPDATE cover_messages SET due_at = NULL") and None)
    assert len(house.read(lambda s: reminders.plan(s, house.clock.now)).pending) == 2  # whom no message has reached
