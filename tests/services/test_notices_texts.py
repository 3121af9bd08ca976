"""What notices say, in both languages, made from the schedule as it is when they are sent."""

from datetime import datetime

from sqlmodel import col, select

from duty_teller.db.models import Chat, DigestKind, Notice
from duty_teller.services.notices import planning
from duty_teller.services.rosters import rosters
from duty_teller.services.schedule_service import Shift
from tests.house import NOW, House, absence, duty, moscow
from tests.services.test_notices_planning import go, notices, settle, text_of

GROUP = -1001
CHANGES = "ends,gaps,unreachable"
NO_CHANGES = "changed,short_notice,gaps,unreachable"


def both(house: House, notice: Notice) -> tuple[str | None, str | None]:
    return text_of(house, notice), text_of(house, notice, "ru")


def at(house: House, moment: datetime) -> list[Notice]:
    """Plans at a moment and returns what was put in then."""
    known = {notice.id for notice in notices(house)}
    house.clock.now = moment
    house.write(lambda session: planning.put_due(session, house.settings, moment))
    return [notice for notice in notices(house) if notice.id not in known]


def changed(house: House, *wanted: Shift) -> Notice:
    """Changes the schedule a day after the last change, and returns the notice of it."""
    house.clock.move(days=1)
    house.write(lambda s: [s.delete(n) for n in s.exec(select(Notice))])
    house.put(*wanted)
    return notices(house)[-1]


# -- changes ---------------------------------------------------------------------------------------------------------


def test_moved_shift_is_one_line(house: House) -> None:
    settle(house, house.dan)
    house.put(duty(house.dan, "2026-12-01"), duty(house.dan, "2026-12-07", position="second"))
    notice = changed(house, duty(house.dan, "2026-12-01", hour=15), duty(house.dan, "2026-12-07", position="first"))
    assert both(house, notice) == (
        (
            "🗓 <b>Your shifts have changed</b>\n"
            "🔁 Was: Tue 1 Dec, 09:00 – Wed 2 Dec, 09:00. Now: Tue 1 Dec, 15:00 – Wed 2 Dec, 15:00\n"
            "🔁 Was: Mon 7 Dec, 09:00 – Tue 8 Dec, 09:00 (second). Now: Mon 7 Dec, 09:00 – Tue 8 Dec, 09:00 (first)\n"
            "Changed by Alice Admin (november.xlsx)"
        ),
        (
            "🗓 <b>Ваши смены изменились</b>\n"
            "🔁 Было: вт 1 дек., 09:00 – ср 2 дек., 09:00. Стало: вт 1 дек., 15:00 – ср 2 дек., 15:00\n"
            "🔁 Было: пн 7 дек., 09:00 – вт 8 дек., 09:00 (second). "
            "Стало: пн 7 дек., 09:00 – вт 8 дек., 09:00 (first)\n"
            "Кто изменил: Alice Admin (november.xlsx)"
        ),
    )


def test_more_than_ten_shifts_are_counted(house: House) -> None:
    settle(house, house.dan)
    notice = changed(house, *(duty(house.dan, f"2026-12-{day:02}") for day in range(1, 26, 2)))
    english, russian = both(house, notice)
    assert english is not None and russian is not None
    assert english.splitlines()[10:] == [
        "➕ New: Sat 19 Dec, 09:00 – Sun 20 Dec, 09:00",
        "…and 3 more changes: Mon 21 Dec – Fri 25 Dec",
        "Changed by Alice Admin (november.xlsx)",
    ]
    assert russian.splitlines()[10:] == [
        "➕ Новая: сб 19 дек., 09:00 – вс 20 дек., 09:00",
        "…и ещё 3 изменения: пн 21 дек. — пт 25 дек.",
        "Кто изменил: Alice Admin (november.xlsx)",
    ]


def test_shifts_that_meet_are_one_line_of_a_change(house: House) -> None:
    settle(house, house.dan)
    notice = changed(house, *(duty(house.dan, f"2026-12-{day:02}") for day in range(1, 8)))
    english, _russian = both(house, notice)
    assert english is not None
    assert english.splitlines()[1:2] == ["➕ New: Tue 1 Dec, 09:00 – Tue 8 Dec, 09:00"]


def test_another_position_at_the_same_time_is_one_line(house: House) -> None:
    settle(house, house.dan)
    house.put(duty(house.dan, "2026-12-07", position="second"))
    notice = changed(house, duty(house.dan, "2026-12-07", position="first"))
    assert both(house, notice) == (
        (
            "🗓 <b>Your shifts have changed</b>\n"
            "🔁 Was: Mon 7 Dec, 09:00 – Tue 8 Dec, 09:00 (second). Now: Mon 7 Dec, 09:00 – Tue 8 Dec, 09:00 (first)\n"
            "Changed by Alice Admin (november.xlsx)"
        ),
        (
            "🗓 <b>Ваши смены изменились</b>\n"
            "🔁 Было: пн 7 дек., 09:00 – вт 8 дек., 09:00 (second). "
            "Стало: пн 7 дек., 09:00 – вт 8 дек., 09:00 (first)\n"
            "Кто изменил: Alice Admin (november.xlsx)"
        ),
    )


def test_two_rosters_are_named(house: House) -> None:
    settle(house, house.dan, notices_off=CHANGES)
    house.write(lambda s: rosters.add(s, "Network <b>", NOW, "Support & Co"))
    notice = changed(house, duty(house.dan, "2026-12-01", position="first"))
    assert both(house, notice) == (
        (
            "🗓 <b>Your shifts have changed</b>\n"
            "Support &amp; Co\n"
            "➕ New: Tue 1 Dec, 09:00 – Wed 2 Dec, 09:00 (first)\n"
            "Changed by Alice Admin (november.xlsx)"
        ),
        (
            "🗓 <b>Ваши смены изменились</b>\n"
            "Support &amp; Co\n"
            "➕ Новая: вт 1 дек., 09:00 – ср 2 дек., 09:00 (first)\n"
            "Кто изменил: Alice Admin (november.xlsx)"
        ),
    )
    (starts,) = at(house, moscow("2026-12-01", 8))
    assert both(house, starts) == (
        ("⏰ <b>Your shift starts in 1 h</b>\n" "Tue 1 Dec, 09:00 – Wed 2 Dec, 09:00\n" "Support &amp; Co · first"),
        (
            "⏰ <b>Ваша смена начнётся через 1 ч</b>\n"
            "вт 1 дек., 09:00 – ср 2 дек., 09:00\n"
            "Support &amp; Co · first"
        ),
    )


def test_undone_change_says_who_undid_it(house: House) -> None:
    settle(house, house.dan)
    change = house.put(duty(house.dan, "2026-12-01"))
    house.clock.move(hours=1)
    house.write(lambda s: [s.delete(n) for n in s.exec(select(Notice))])
    house.undo(change)
    assert both(house, notices(house)[-1]) == (
        (
            "🗓 <b>Your shifts have changed</b>\n"
            "➖ Removed: Tue 1 Dec, 09:00 – Wed 2 Dec, 09:00\n"
            "Undone by Alice Admin (november.xlsx)"
        ),
        (
            "🗓 <b>Ваши смены изменились</b>\n"
            "➖ Снята: вт 1 дек., 09:00 – ср 2 дек., 09:00\n"
            "Кто отменил изменение: Alice Admin (november.xlsx)"
        ),
    )


def test_absence_is_no_shift_and_is_not_told(house: House) -> None:
    settle(house, house.dan)
    house.put(absence(house.dan, "2026-12-01"))
    assert notices(house) == []


# -- reminders -------------------------------------------------------------------------------------------------------


def test_start_says_who_is_before_and_who_is_on_duty_too(house: House) -> None:
    settle(house, house.dan, reminder_leads="60", notices_off=NO_CHANGES)
    erin, frank = house.person("Erin <E>", phone="+79005556677"), house.person("Frank F", username="frank")
    gone = house.person("Gone G")
    house.put(
        duty(erin, "2026-11-30", position="first"),
        duty(gone, "2026-11-30", position="second"),
        duty(house.dan, "2026-12-01", position="first"),
        duty(frank, "2026-12-01", position="second"),
    )
    (notice,) = at(house, moscow("2026-12-01", 8, 10))
    assert both(house, notice) == (
        (
            "⏰ <b>Your shift starts in 50 minutes</b>\n"
            "Tue 1 Dec, 09:00 – Wed 2 Dec, 09:00\n"
            "first\n"
            "On duty before you: <b>Erin &lt;E&gt;</b>, +79005556677\n"
            "On duty before you: <b>Gone G</b>\n"
            "With you: <b>Frank F</b>, @frank"
        ),
        (
            "⏰ <b>Ваша смена начнётся через 50 минут</b>\n"
            "вт 1 дек., 09:00 – ср 2 дек., 09:00\n"
            "first\n"
            "До вас дежурит <b>Erin &lt;E&gt;</b>, +79005556677\n"
            "До вас дежурит <b>Gone G</b>\n"
            "Вместе с вами: <b>Frank F</b>, @frank"
        ),
    )


def test_end_says_who_takes_over_or_that_nobody_does(house: House) -> None:
    settle(house, house.dan, reminder_leads="", notices_off=NO_CHANGES)
    erin = house.person("Erin <E>", username="erin")
    house.put(duty(house.dan, "2026-12-01"), duty(erin, "2026-12-02"), duty(house.dan, "2026-12-04"))
    (notice,) = at(house, moscow("2026-12-02", 8, 45))
    assert both(house, notice) == (
        ("🏁 <b>Your shift ends at Wed 2 Dec, 09:00</b>\n" "Taking over: <b>Erin &lt;E&gt;</b>, @erin"),
        ("🏁 <b>Ваша смена — до ср 2 дек., 09:00</b>\n" "Вас сменит <b>Erin &lt;E&gt;</b>, @erin"),
    )
    (notice,) = at(house, moscow("2026-12-05", 8, 50))
    assert both(house, notice) == (
        ("🏁 <b>Your shift ends at Sat 5 Dec, 09:00</b>\n" "⚠️ Nobody is planned after you."),
        ("🏁 <b>Ваша смена — до сб 5 дек., 09:00</b>\n" "⚠️ После вас никто не назначен."),
    )


# -- for admins ------------------------------------------------------------------------------------------------------


def test_gaps_and_unreachable_people_in_russian(house: House) -> None:
    settle(house, house.alice, reminder_leads="", notices_off="ends,changed,short_notice")
    erin = house.person("Erin <E>")
    house.put(
        duty(house.dan, "2026-11-23", days=2), duty(erin, "2026-11-25", days=5), duty(house.alice, "2026-12-01", days=9)
    )
    go(house, minutes=3)
    assert [text_of(house, notice, "ru") for notice in notices(house)] == [
        ("⚠️ <b>Никто не назначен</b>\n" "• пн 30 нояб., 09:00 – вт 1 дек., 09:00"),
        (
            "📵 <b>Не могу написать дежурным</b>\n"
            "• <b>Dan Duty</b>: на дежурстве с пн 23 нояб., 09:00; не нажал(а) «Запустить» или заблокировал(а) меня\n"
            "• <b>Erin &lt;E&gt;</b>: смена с ср 25 нояб., 09:00; ещё не подключил(а) Telegram\n"
            "Напоминания не дойдут. Сообщите сами или пригласите."
        ),
    ]


# -- digests ---------------------------------------------------------------------------------------------------------


def group(house: House, digest: DigestKind, thread_id: int = 0) -> None:
    house.write(lambda s: s.add(Chat(id=GROUP, title="Team", trusted=True, digest=digest, digest_thread_id=thread_id)))


def test_weekly_digest_names_each_time_on_duty_once_and_the_gaps(house: House) -> None:
    erin = house.person("Erin <E>")
    house.put(
        duty(house.dan, "2026-11-30", position="first"),
        duty(erin, "2026-11-30", position="<2>"),
        duty(house.dan, "2026-12-01", days=3),
        duty(erin, "2026-12-05", hour=22),
    )
    group(house, DigestKind.WEEKLY, 7)
    assert at(house, moscow("2026-11-30", 8, 59)) == []
    (notice,) = at(house, moscow("2026-11-30", 9))
    assert (notice.chat_id, notice.thread_id, notice.expires_at) == (GROUP, 7, moscow("2026-12-01"))
    assert both(house, notice) == (
        (
            "🗓 <b>Duties this week</b>\n"
            "<b>Mon 30 Nov</b>\n"
            "• 09:00 – Tue 09:00: <b>Dan Duty</b> (first)\n"
            "• 09:00 – Tue 09:00: <b>Erin &lt;E&gt;</b> (&lt;2&gt;)\n"
            "<b>Tue 1 Dec</b>\n"
            "• 09:00 – Fri 09:00: <b>Dan Duty</b>\n"
            "<b>Fri 4 Dec</b>\n"
            "⚠️ 09:00 – Sun 09:00: nobody\n"
            "<b>Sat 5 Dec</b>\n"
            "• 22:00 – Sun 22:00: <b>Erin &lt;E&gt;</b>\n"
            "<i>Times: Europe/Moscow</i>"
        ),
        (
            "🗓 <b>Дежурства на неделю</b>\n"
            "<b>пн 30 нояб.</b>\n"
            "• 09:00 – вт 09:00: <b>Dan Duty</b> (first)\n"
            "• 09:00 – вт 09:00: <b>Erin &lt;E&gt;</b> (&lt;2&gt;)\n"
            "<b>вт 1 дек.</b>\n"
            "• 09:00 – пт 09:00: <b>Dan Duty</b>\n"
            "<b>пт 4 дек.</b>\n"
            "⚠️ 09:00 – вс 09:00: никого\n"
            "<b>сб 5 дек.</b>\n"
            "• 22:00 – вс 22:00: <b>Erin &lt;E&gt;</b>\n"
            "<i>Время: Europe/Moscow</i>"
        ),
    )
    assert at(house, moscow("2026-11-30", 23, 59)) == []


def test_weekly_digest_that_missed_its_monday_is_not_sent(house: House) -> None:
    house.put(duty(house.dan, "2026-11-30"))
    group(house, DigestKind.WEEKLY)
    assert at(house, moscow("2026-12-01", 0)) == []


def test_handover_digest_is_what_a_pin_would_say(house: House) -> None:
    house.put(duty(house.dan, "2026-11-30"), duty(house.alice, "2026-12-01"))
    group(house, DigestKind.HANDOVER)
    assert at(house, moscow("2026-11-30", 8, 59)) == []
    (notice,) = at(house, moscow("2026-11-30", 9))
    assert both(house, notice) == (
        (
            "🟢 On duty now: <b>Dan Duty</b>\n"
            "      +79001112233 · @dan\n"
            "      until Tue 1 Dec, 09:00\n"
            "\n"
            "⏭ Next: <b>Alice Admin</b>\n"
            "      from Tue 1 Dec, 09:00\n"
            "      @alice\n"
            "\n"
            "<i>Times: Europe/Moscow</i>"
        ),
        (
            "🟢 Сейчас дежурит <b>Dan Duty</b>\n"
            "      +79001112233 · @dan\n"
            "      до вт 1 дек., 09:00\n"
            "\n"
            "⏭ Следующая смена: <b>Alice Admin</b>\n"
            "      с вт 1 дек., 09:00\n"
            "      @alice\n"
            "\n"
            "<i>Время: Europe/Moscow</i>"
        ),
    )
    assert at(house, moscow("2026-12-01", 8, 59)) == []
    (notice,) = at(house, moscow("2026-12-01", 9, 30))
    assert (notice.dedupe_key.rsplit(":", 1)[1], notice.expires_at) == (
        str(int(moscow("2026-12-01", 9).timestamp())),
        moscow("2026-12-02", 9),
    )
    assert at(house, moscow("2026-12-02", 9)) == []
    assert [n.kind for n in house.read(lambda s: s.exec(select(Notice).where(col(Notice.chat_id) == GROUP)).all())] == [
        "digest",
        "digest",
    ]
