"""A flood of one stranger: the product in its own process against the stand-in, a member asking meanwhile."""

import time
from pathlib import Path

from groups import ROUND_TRIP, Stage
from sample import ADMIN_ID, one_month, scratch, today
from table import Row

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread

MESSAGES = 1000
STRANGER_ID = 7_000_001
GROUPS = 10
ASKED = 5
FIRST_GROUP = -1_001_800_000_000


def measure(parent: Path) -> list[Row]:
    """Returns how long a member waits for an answer while a thousand messages of a stranger come in."""
    stand_in = StandIn(DEFAULT_TOKEN)
    with run_in_thread(stand_in) as chat:
        stage = Stage(one_month(scratch(parent, "floods")), stand_in, 0)
        chat.add_user(ADMIN_ID, "Admin", "admin")
        chat.add_user(STRANGER_ID, "Stranger", "stranger")
        chat.fault("*", "slow", times=0, seconds=ROUND_TRIP)
        stage.set_clock(today())
        stage.start()
        try:
            chat.send_text(ADMIN_ID, "/start")
            stage.ask()
            groups = [FIRST_GROUP - number for number in range(GROUPS)]
            for group in groups:
                chat.add_group(group, str(group), members=[ADMIN_ID, STRANGER_ID])
                chat.send_text(ADMIN_ID, "/trust_group", chat_id=group)
            time.sleep(3)
            rows = _flood(stage, [STRANGER_ID], "one chat")
            return rows + _flood(stage, groups, f"{GROUPS} groups")
        finally:
            stage.kill()
            stage.sample.close()


def _flood(stage: Stage, places: list[int], where: str) -> list[Row]:
    for number in range(MESSAGES):
        stage.stand_in.send_text(STRANGER_ID, "/duty", chat_id=places[number % len(places)])
    answers = [stage.ask() for _ in range(ASKED)]
    floor = f"Telegram {ROUND_TRIP:.2f} s"
    figure = f"flood of {MESSAGES:,} in {where}: slowest of {ASKED} answers"
    return [Row(figure, floor, f"{max(answers):.2f} s", max(answers) / ROUND_TRIP, "≤ 2 s", max(answers) <= 2)]
