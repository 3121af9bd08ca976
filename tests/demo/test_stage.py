"""Which language the demo's team speaks: the first browser's, where nobody has chosen one and nothing was tried."""

import pytest
from telegram.error import RetryAfter

from duty_teller.bot_api_stand_in import ControlError, StandIn
from duty_teller.demo.sample import GROUP_ID, team
from duty_teller.demo.stage import Stage
from duty_teller.handlers.transport.pace import PaceLimiter, background
from tests.house import ALICE, House


@pytest.mark.parametrize(
    ("settled", "tried", "browsers", "wanted"),
    [
        (False, False, ["ru", "en"], "ru"),
        (False, False, ["en", "ru"], ""),
        (False, True, ["ru"], ""),
        (True, False, ["ru"], ""),
    ],
    ids=["another language", "a second browser", "something was tried", "DEFAULT_LANGUAGE is set"],
)
def test_first_browser_chooses_the_language(
    house: House, settled: bool, tried: bool, browsers: list[str], wanted: str
) -> None:
    stand_in, stopped = StandIn(clock=house.clock), []
    stand_in.add_user(ALICE.telegram_user_id, "Alice")
    stage = stand_in.stage = Stage(stand_in, house.settings, team("en"), settled=settled)
    stage.begin(lambda: stopped.append(True))
    assert stage.state()["settled"] is settled
    if tried:
        stand_in.send_document(ALICE.telegram_user_id, "roster.json", b"{}")
    assert [stage.meet(lang) for lang in browsers] == [lang == wanted for lang in browsers]
    assert (stage.wanted, stopped) == (wanted, [True] if wanted else [])
    assert stage.state()["settled"] is True


def test_new_start_is_asked_for_once_and_old_wishes_end_with_it(house: House) -> None:
    """A second press, or a page that has not heard of it, changes nothing in the demo that is being set up."""
    stand_in, stopped = StandIn(clock=house.clock), []
    stand_in.add_user(ALICE.telegram_user_id, "Alice")
    stage = stand_in.stage = Stage(stand_in, house.settings, team("en"), settled=True)
    with pytest.raises(ControlError, match="being set up"):
        stage.start_again("ru")
    stage.begin(lambda: stopped.append(True))
    stage.start_again("ru")
    with pytest.raises(ControlError, match="being set up"):
        stage.start_again("en")
    assert (stage.world, stage.wanted, stopped) == ("", "ru", [True])


@pytest.mark.parametrize(
    ("room", "text", "is_asked"),
    [
        (ALICE.telegram_user_id, "/duty tomorrow", True),
        (ALICE.telegram_user_id, "Кто сегодня?", True),
        (ALICE.telegram_user_id, "I am on duty and tired", False),
        (GROUP_ID, "who is on duty?", False),
        (GROUP_ID, "@duty_teller_demo_bot who is on duty?", True),
    ],
)
def test_step_of_asking_is_done_when_the_bot_was_asked(house: House, room: int, text: str, is_asked: bool) -> None:
    """In a group it does not hear what is no command and does not name it; what it writes next answers nobody."""
    stand_in = StandIn(clock=house.clock)
    stand_in.add_user(ALICE.telegram_user_id, "Alice", started=True)
    stand_in.add_group(GROUP_ID, "Team", [ALICE.telegram_user_id])
    stage = stand_in.stage = Stage(stand_in, house.settings, team("en"), settled=True)
    stage.begin(lambda: None)
    stand_in.send_text(ALICE.telegram_user_id, text, chat_id=room)
    assert stage.state()["steps"]["ask"] is False
    stand_in.post(stand_in.room(room), stand_in.bot["id"], {"text": "On duty now"})
    assert stage.state()["steps"]["ask"] is is_asked


async def test_moved_clock_lets_the_bot_write_again(house: House) -> None:
    """Whoever moves the clock by days sees each pin and digest: to the bot's pace the days have passed, too."""
    stand_in = StandIn(clock=house.clock)

    async def sleep(seconds: float) -> None:
        stand_in.advance_clock(seconds)

    limiter = PaceLimiter(stand_in.elapsed, sleep)

    async def write() -> bool:
        async def call() -> bool:
            return True

        with background():
            done: bool = await limiter.process_request(call, (), {}, "sendMessage", {"chat_id": GROUP_ID}, None)
        return done

    with pytest.raises(RetryAfter):
        while True:
            await write()
    stand_in.advance_clock(3600)
    assert await write()
