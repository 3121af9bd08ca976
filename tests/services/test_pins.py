"""What a group's pinned message says, and which pins are due."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from duty_teller.db.models import Chat, Coverage, GroupPin, Roster
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.group_duty_pin_service import PinText
from duty_teller.services.groups import groups
from duty_teller.services.people import accounts
from tests.house import NOW, House, duty, moscow, untimed

GROUP, OTHER = -1001700000000, -1001700000001


def text(house: House, lang: str = "en", now: Any = NOW) -> PinText:
    made = house.read(lambda s: pins.render_pin(s, s.get_one(Roster, 1), lang, now))
    return replace(made, html=untimed(made.html))


def pin(house: House, chat: int = GROUP, lang: str = "en", content_hash: str = "", thread: int = 0) -> None:
    def work(session: Session) -> None:
        pins.trust_chat(session, chat, "Team", lang, house.alice)
        pins.store_pin(session, chat, thread, 1, 10, content_hash)

    house.write(work)


def due(house: House, now: Any = NOW) -> tuple[list[int], Any]:
    jobs, boundary = house.read(lambda s: pins.due_pins(s, now, "en"))
    return [job.chat_id for job in jobs], boundary


def test_pin_names_person_phone_username_end_and_successor(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"))
    assert text(house).html.split("\n") == [
        "🟢 On duty now: <b>Dan Duty</b>",
        "      +79001112233 · @dan",
        "      until Tue 24 Nov, 09:00",
        "",
        "⏭ Next: <b>Alice Admin</b>",
        "      from Tue 24 Nov, 09:00",
        "      @alice",
        "",
        "<i>Times: Europe/Moscow</i>",
    ]
    assert text(house).valid_until == moscow("2026-11-24", 9)


def test_pin_does_not_depend_on_when_it_is_rendered_while_a_gap_is_open(house: House) -> None:
    late = duty(house.dan, "2026-11-22", hour=12)  # covers the day before, goes on till noon
    house.put(replace(late, end_at=moscow("2026-11-23", 14)), duty(house.alice, "2026-11-26"))
    early, later = (text(house, now=moscow("2026-11-23", hour)) for hour in (10, 12))
    assert early.content_hash == later.content_hash
    assert "⚠️ Nobody planned: Mon 23 Nov, 14:00 – Thu 26 Nov, 09:00" in early.html


def test_pin_in_russian(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-26"))
    assert text(house, "ru").html.split("\n") == [
        "🟢 Сейчас дежурит <b>Dan Duty</b>",
        "      +79001112233 · @dan",
        "      до вт 24 нояб., 09:00",
        "",
        "⏭ Следующая смена: <b>Alice Admin</b>",
        "      с чт 26 нояб., 09:00",
        "      @alice",
        "⚠️ Никто не назначен: вт 24 нояб., 09:00 – чт 26 нояб., 09:00",
        "",
        "<i>Время: Europe/Moscow</i>",
    ]


def test_pin_says_that_nobody_is_on_duty_and_until_when(house: House) -> None:
    house.put(duty(house.dan, "2026-11-25"))
    assert text(house).html.split("\n")[:4] == [
        "🔴 Nobody is on duty until Wed 25 Nov, 09:00",
        "",
        "⏭ Next: <b>Dan Duty</b>",
        "      from Wed 25 Nov, 09:00",
    ]


def test_pin_of_a_night_between_day_shifts_is_no_alarm_until_the_hand_over_that_nobody_takes(house: House) -> None:
    days = (duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-25"))
    house.put(*(replace(day, end_at=day.start_at + timedelta(hours=12)) for day in days))
    night = text(house, now=moscow("2026-11-23", 22))
    assert night.html.split("\n")[0] == "⚪ Nobody is on duty until Wed 25 Nov, 09:00"
    assert night.valid_until == moscow("2026-11-24", 9)
    missed = text(house, now=moscow("2026-11-24", 9))
    assert missed.html.split("\n")[0] == "🔴 Nobody is on duty until Wed 25 Nov, 09:00"
    assert missed.content_hash != night.content_hash


def test_pin_of_a_roster_that_has_ended_is_an_alarm_outside_its_hours_too(house: House) -> None:
    house.put(duty(house.dan, "2026-11-20"))
    hours = {"coverage": Coverage.WEEKLY, "coverage_hours": '{"0": ["09:00-18:00"]}'}
    house.write(lambda s: s.execute(sa.update(Roster).values(**hours)))
    moments = (moscow("2026-11-23", 12), moscow("2026-11-23", 20), moscow("2026-11-25", 12))
    assert [text(house, now=moment).html.split("\n")[0] for moment in moments] == ["🔴 Nobody is on duty now"] * 3


def test_pin_of_an_empty_schedule(house: House) -> None:
    assert text(house).html.split("\n") == [
        "🔴 Nobody is on duty now",
        "",
        "⏭ Nobody is planned after that yet",
        "",
        "<i>Times: Europe/Moscow</i>",
    ]
    assert text(house).valid_until is None


def test_names_that_are_markup_are_shown_as_text(house: House) -> None:
    evil = house.person('<a href="tg://x">Eve</a> & Co {n}', phone="<b>1</b>", username="e<v>e")
    house.put(duty(evil, "2026-11-23", position="<i>first</i>"))
    html = text(house).html
    assert "<b>&lt;a href=&quot;tg://x&quot;&gt;Eve&lt;/a&gt; &amp; Co {n}</b> (&lt;i&gt;first&lt;/i&gt;)" in html
    assert "&lt;b&gt;1&lt;/b&gt; · @e&lt;v&gt;e" in html
    assert html.count("<b>") == 1


def test_text_and_hash_do_not_change_until_the_handover(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"))
    handover = moscow("2026-11-24", 9)
    moments = [NOW, moscow("2026-11-24"), handover - timedelta(seconds=1)]
    assert len({text(house, now=moment) for moment in moments}) == 1
    assert text(house, now=handover).content_hash != text(house).content_hash


def test_pins_are_due_only_where_the_content_differs(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"))
    pin(house, GROUP, content_hash=text(house).content_hash)
    pin(house, OTHER, "ru", content_hash=text(house).content_hash)
    assert due(house) == ([OTHER], moscow("2026-11-24", 9))

    (job,), _boundary = house.read(lambda s: pins.due_pins(s, NOW, "en"))
    shown = replace(job.text, html=untimed(job.text.html))
    assert (job.language, job.message_id, shown) == ("ru", 10, text(house, "ru"))
    house.write(lambda s: pins.note_shown(s, [(job.pin_id, 10, job.text.content_hash)]))
    assert due(house) == ([], moscow("2026-11-24", 9))
    assert due(house, moscow("2026-11-24", 9))[0] == [GROUP, OTHER]


def test_pins_are_due_after_a_change_of_schedule_or_people(house: House, cache_folder: Path) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"))
    pin(house, content_hash=text(house).content_hash)
    assert due(house)[0] == []
    house.write(lambda s: accounts.set_phone(s, house.dan, "+79009998877"))
    assert due(house)[0] == [GROUP]
    house.write(lambda s: pins.note_shown(s, [(1, 10, text(house).content_hash)]))
    house.put(duty(house.dan, "2026-11-23"), duty(house.dan, "2026-11-24"))
    assert due(house)[0] == [GROUP]


def test_kept_text_is_not_believed_when_the_clock_stepped_back(house: House, cache_folder: Path) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"))
    after = text(house, now=moscow("2026-11-24", 9))
    assert text(house, now=moscow("2026-11-24", 10)) == after
    assert "On duty now: <b>Dan Duty</b>" in text(house, now=NOW).html


def test_kept_text_equals_a_fresh_one(house: House, cache_folder: Path) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"))
    assert text(house) == text(house)
    assert text(house).valid_until == moscow("2026-11-24", 9)


def test_switched_off_pin_is_left_alone_until_it_is_stored_again(house: House) -> None:
    pin(house)
    house.write(lambda s: groups.switch_off(s, house.settings, NOW, "kicked", GROUP, [1]))
    assert due(house) == ([], None)
    assert house.write(lambda s: pins.store_pin(s, GROUP, 0, 1, 11, "")) == 10
    assert due(house)[0] == [GROUP]


def test_store_pin_returns_the_message_it_replaces(house: House) -> None:
    pin(house)
    store = lambda message, thread=0: house.write(  # noqa: E731
        lambda s: pins.store_pin(s, GROUP, thread, 1, message, "h")
    )
    assert (store(10), store(12), store(30, 7), store(31, 7)) == (None, 10, None, 30)
    assert [p.message_id for p in house.read(lambda s: pins.pins_of_chat(s, GROUP))] == [12, 31]


def test_trusting_again_keeps_the_groups_language(house: House) -> None:
    pin(house, lang="ru")
    house.write(lambda s: pins.trust_chat(s, GROUP, "Renamed", "en", house.alice))
    chat = house.read(lambda s: s.get_one(Chat, GROUP))
    assert (chat.language, chat.title, chat.trusted_by) == ("ru", "Renamed", house.alice)
    assert house.read(lambda s: pins.is_trusted(s, GROUP)) is True
    assert house.read(lambda s: pins.is_trusted(s, OTHER)) is False


@pytest.mark.parametrize("new_is_known", [False, True])
def test_upgraded_group_keeps_its_pins_under_the_new_id(house: House, new_is_known: bool) -> None:
    pin(house, -500, content_hash="old")
    if new_is_known:
        pin(house, GROUP, content_hash="hers")

    house.write(lambda s: pins.move_chat(s, -500, GROUP))

    def read(session: Session) -> list[Any]:
        stored = pins.pins_of_chat(session, GROUP)
        return [(p.chat_id, p.message_id, p.content_hash) for p in stored]

    assert house.read(read) == [(GROUP, 0, "")]
    assert house.read(lambda s: (s.get(Chat, -500), pins.chat_title(s, GROUP))) == (None, "Team")
    assert house.read(lambda s: pins.is_trusted(s, GROUP)) is True
    assert due(house)[0] == [GROUP]


def test_move_of_an_unknown_chat_changes_nothing(house: House) -> None:
    pin(house)
    house.write(lambda s: pins.move_chat(s, -4711, GROUP))
    house.write(lambda s: pins.move_chat(s, GROUP, GROUP))
    assert [p.message_id for p in house.read(lambda s: pins.pins_of_chat(s, GROUP))] == [10]
    assert house.read(lambda s: pins.chat_title(s, -1)) == "-1"


def test_name_of_the_roster_follows_the_person_when_there_are_two(house: House) -> None:
    house.roster(name="Core & co")
    assert "Core" not in text(house).html
    house.write(lambda s: s.add(Roster(name="Second", timezone="UTC", handover_at=time(9))))
    assert text(house).html.startswith("🔴 Nobody is on duty now · Core &amp; co\n")


def test_pin_of_a_retired_roster_is_left_alone(house: House) -> None:
    pin(house)
    house.roster(retired_at=NOW)
    assert due(house) == ([], None)
    assert house.read(lambda s: s.get_one(GroupPin, 1)).message_id == 10
