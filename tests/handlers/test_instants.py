"""Times in pins, digests and reminders are instants: the roster's own time to read, each reader's own a tap away."""

from datetime import UTC, datetime, timedelta

import pytest

from duty_teller.handlers.transport.paging import readable
from duty_teller.services.texts.duty import moment_html, moment_text, span_html, span_text, timed
from tests.handlers.conftest import ALICE, DAN, GROUP, MOSCOW, Json, World

HANDOVER = datetime(2026, 11, 24, 6, tzinfo=UTC)
"""Tuesday, 09:00 in Moscow."""


def instants(message: Json) -> list[tuple[str, datetime]]:
    """The instants of a message: the text that is read, and what it stands for."""
    units = message["text"].encode("utf-16-le")
    return [
        (
            units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"),
            datetime.fromtimestamp(e["unix_time"], UTC),
        )
        for e in message["entities"]
        if e["type"] == "date_time"
    ]


@pytest.fixture
def pinned(group: World) -> World:
    group.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    group.chat.wait_for_message(GROUP, "This group's digest")
    group.be_through()
    return group


def test_pin_tells_its_times_as_instants_and_stays_unedited(pinned: World) -> None:
    message = pinned.chat.wait_until(lambda: pinned.chat.pinned(GROUP))

    assert instants(message) == [("Tue 24 Nov, 09:00", HANDOVER)] * 2
    assert "until Tue 24 Nov, 09:00" in message["text"]
    pinned.chat.clear_calls()
    pinned.let_ticks_pass()
    assert pinned.sent() == []

    pinned.clock.move(days=1)
    pinned.chat.wait_until(lambda: "On duty now: Alice Admin" in pinned.chat.pinned(GROUP)["text"])

    assert instants(pinned.chat.pinned(GROUP)) == [("Wed 25 Nov, 09:00", HANDOVER + timedelta(days=1))] * 2
    assert [c["method"] for c in pinned.chat.calls() if c["params"].get("chat_id") == GROUP] == ["editMessageText"]


def test_digests_and_reminders_tell_their_times_as_instants(pinned: World) -> None:
    pinned.link_dan()
    settings = next(m for m in pinned.chat.messages(GROUP) if m["text"].startswith("This group's digest"))
    pinned.chat.press(ALICE, settings["message_id"], "grp:digest:weekly", chat_id=GROUP)

    week = pinned.chat.wait_for_message(GROUP, "🗓")
    assert ("Tue 09:00", HANDOVER) in instants(week)
    assert ("09:00", HANDOVER) in instants(week)

    pinned.clock.move(days=1, hours=10)  # an hour or so before 12 h are left
    pinned.clock.move(hours=2)
    told = pinned.chat.wait_for_message(DAN, "⏰")
    assert instants(told)[0][1].astimezone(MOSCOW).hour == 9


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("hours", [1, 15, 24, 100])
def test_what_is_read_of_an_instant_is_what_is_read_without_it(lang: str, hours: int) -> None:
    end = HANDOVER + timedelta(hours=hours)
    opened, closed = f'<tg-time unix="{int(HANDOVER.timestamp())}">', "</tg-time>"

    moment, span = (moment_html(lang, HANDOVER, "Europe/Moscow"), span_html(lang, HANDOVER, end, "Europe/Moscow"))

    assert moment == f"{opened}{moment_text(lang, HANDOVER, 'Europe/Moscow')}{closed}"
    assert span.count("<tg-time") == 2
    assert span.startswith(opened)
    assert f'unix="{int(end.timestamp())}"' in span
    plain = span.replace(opened, "").replace(f'<tg-time unix="{int(end.timestamp())}">', "").replace(closed, "")
    assert plain == span_text(lang, HANDOVER, end, "Europe/Moscow")


def test_time_that_no_instant_can_be_stays_a_text() -> None:
    assert timed("09:00", datetime(2099, 1, 1, tzinfo=UTC)) == "09:00"


def test_message_of_more_instants_than_telegram_keeps_has_none() -> None:
    """It keeps 100 entities: with more the last names would lose their weight."""
    line = f"• {timed('09:00', HANDOVER)}–{timed('21:00', HANDOVER)}: <b>Dan</b>"

    assert readable("\n".join([line] * 33)).count("<tg-time") == 66
    assert readable("\n".join([line] * 34)) == "\n".join(["• 09:00–21:00: <b>Dan</b>"] * 34)
    assert readable("\n".join([line] * 33)) == "\n".join([line] * 33)  # its length is that of what is read
