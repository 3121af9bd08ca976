"""Polling that dies in silence is begun anew; steps of the wall clock are no silence."""

from datetime import timedelta

import pytest

from duty_teller.handlers.transport import polling
from tests.handlers.conftest import ALICE, World, wait_for


class Seconds:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1e9  # later than whatever the real one says

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def monotonic(stopped: World, monkeypatch: pytest.MonkeyPatch) -> Seconds:
    """The bot polls with a short long poll, its monotonic clock is ours."""
    monkeypatch.setattr(polling, "POLL", timedelta(seconds=1))
    monkeypatch.setattr(polling, "_STOPPING", 0.5)
    stopped.start()
    stopped.say(ALICE, "/start")
    assert stopped.app is not None
    seconds = Seconds()
    stopped.app.monotonic = seconds
    stopped.say(ALICE, "/help")
    wait_for(lambda: stopped.health.last_poll == seconds.now)
    return seconds


def look(world: World) -> bool:
    assert world.poller is not None
    return bool(world.run(world.poller.look_after_polling()))


def test_polling_that_hangs_is_begun_anew_and_the_bot_answers_again(
    stopped: World, monotonic: Seconds, failures: list[str]
) -> None:
    polls = len(stopped.chat.calls("getUpdates"))
    stopped.chat.fault("getUpdates", "hang", times=2)  # the poll, and the farewell of the stopped one
    wait_for(lambda: len(stopped.chat.calls("getUpdates")) > polls and not stopped.stand_in.updates)
    stopped.chat.send_text(ALICE, "/duty")
    monotonic.now += 1
    assert look(stopped) is False
    monotonic.now += 2

    assert look(stopped) is True

    stopped.chat.wait_for_message(ALICE, "No roster yet: send me the file")
    wait_for(lambda: stopped.health.telegram == "polling")
    assert stopped.health.poll_restarts == 1
    assert stopped.health.as_json(monotonic.now)["telegram"]["poll_restarts"] == 1
    assert failures == ["no answer to getUpdates for 3 s (polling): polling anew"]
    failures.clear()
    assert "🟡 Reconnected to Telegram 1 time\n" in stopped.say(ALICE, "/status")["text"]


@pytest.mark.parametrize(("step", "told"), [(365, "365 days behind Telegram's"), (-3, "3 days ahead of Telegram's")])
def test_clock_that_is_wrong_is_said_by_log_and_health_until_it_is_right(
    stopped: World, caplog: pytest.LogCaptureFixture, step: int, told: str
) -> None:
    alarm = "The server's clock is wrong"
    stopped.clock.now = stopped.stand_in.now()
    stopped.start()
    stopped.say(ALICE, "/start")
    assert "clock" not in str(stopped.health.problems(0))

    stopped.stand_in.advance_clock(step * 86400)
    stopped.say(ALICE, "/help")
    wait_for(lambda: f"clock: it is {told}" in stopped.health.problems(0))
    stopped.say(ALICE, "/help")
    assert stopped.poller is not None
    for passed in (0, 599, 601, 7200):
        assert not [one for one in stopped.chat.messages(ALICE) if alarm in one["text"]] or passed > 601
        stopped.run(stopped.poller.look_at_clock(passed))
        if passed == 601:
            stopped.chat.wait_for_message(ALICE, f"{alarm}: it says {stopped.clock.now:%Y-%m-%d %H:%M} UTC")
    stopped.stand_in.advance_clock(-step * 86400)
    stopped.say(ALICE, "/help")

    wait_for(lambda: "clock" not in str(stopped.health.problems(0)))
    lines = [record.getMessage() for record in caplog.records if "clock" in record.getMessage()]
    assert lines == [
        f"the clock is {told}: shifts and reminders go by it (timedatectl set-ntp true)",
        "the clock agrees with Telegram's again",
    ]
    assert len([one for one in stopped.chat.messages(ALICE) if alarm in one["text"]]) == 1


def test_trouble_that_lasts_is_helped_now_and_then(stopped: World, monotonic: Seconds, failures: list[str]) -> None:
    stopped.chat.fault("getUpdates", "server_error", times=0)
    stopped.say(ALICE, "/help")
    wait_for(lambda: stopped.health.telegram == "connecting")
    monotonic.now += 119
    assert look(stopped) is False
    monotonic.now += 2

    assert look(stopped) is True
    assert look(stopped) is False  # once, not at every look

    stopped.chat.clear_faults()
    stopped.say(ALICE, "/help")
    wait_for(lambda: stopped.health.telegram == "polling")
    assert failures == ["no answer to getUpdates for 121 s (connecting): polling anew"]
    failures.clear()


def test_outage_that_outlasts_the_help_is_over_when_telegram_is_back(
    stopped: World, monotonic: Seconds, failures: list[str]
) -> None:
    """Polling that could not begin anew within five seconds was given up until the next help, in two minutes; before
    that came, nobody had polled for so long that the process ended itself."""
    for method in ("getUpdates", "deleteWebhook"):
        stopped.chat.fault(method, "server_error", times=0)
    stopped.say(ALICE, "/help")
    wait_for(lambda: stopped.health.telegram == "connecting")

    def is_asked_again() -> None:
        asked = len(stopped.chat.calls("deleteWebhook"))
        wait_for(lambda: len(stopped.chat.calls("deleteWebhook")) > asked)

    for _ in range(3):
        monotonic.now += 121
        assert look(stopped) is True
        is_asked_again()
        assert not stopped.health.polling_is_dead(monotonic.now + 130), "it is helped again by then"
    is_asked_again()  # without another look

    stopped.chat.clear_faults()

    wait_for(lambda: stopped.health.telegram == "polling")
    assert "/duty" in stopped.say(ALICE, "/help")["text"]
    assert [text[:40] for text in failures] == ["no answer to getUpdates for 121 s (connec"[:40]] * 3
    failures.clear()


def test_step_of_the_wall_clock_is_no_silence(stopped: World, monotonic: Seconds) -> None:
    stopped.clock.move(days=400)

    assert look(stopped) is False
    assert stopped.health.poll_restarts == 0


def test_update_that_cannot_be_read_is_left_out_and_its_content_not_logged(world: World, failures: list[str]) -> None:
    with world.stand_in.lock:
        world.stand_in.push("message", {"message_id": 1, "date": 0, "chat": {"id": ALICE}, "text": "my secret"})
    world.chat.send_text(ALICE, "/duty")

    world.chat.wait_for_message(ALICE, "No roster yet: send me the file")

    assert len(failures) == 1
    assert failures[0].startswith("an update (message) cannot be read and is left out: ")
    assert "secret" not in failures[0]
    failures.clear()
