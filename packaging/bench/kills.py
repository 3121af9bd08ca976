"""A hundred groups and kill -9: how soon after the restart every pin shows what is right."""

import random
import re
import time
from datetime import timedelta
from html import unescape
from pathlib import Path

from groups import Stage, group_id, running, shifts_of, store
from table import Row

from duty_teller.composition import writing
from duty_teller.db.models import Roster
from duty_teller.db.session import session_scope
from duty_teller.services import group_duty_pin_service as pins

GROUPS = 100
KILLS = 10
SEED = 1
LONGEST = 4.5
"""Seconds after the change in which the process dies; all groups take about four."""

PATIENCE = 60.0


def _wanted(stage: Stage) -> dict[int, str]:
    """Returns the text that each roster's pins must show now."""
    with session_scope(stage.sample.url) as session:
        now = stage.now()
        shown = {r: pins.render_pin(session, session.get_one(Roster, r), "en", now).html for r in stage.rosters}
    return {roster: unescape(re.sub(r"<[^>]+>", "", html)) for roster, html in shown.items()}


def _wrong(stage: Stage, wanted: dict[int, str]) -> int:
    """Returns how many groups' pinned messages show something else."""
    wrong = 0
    with stage.stand_in.lock:
        for number in range(stage.count):
            room = stage.stand_in.rooms[group_id(number)]
            wrong += str(room.messages[room.pins[-1]].body["text"]) != wanted[stage.roster_of(number)]
    return wrong


def _round(stage: Stage, dice: random.Random, turn: int) -> tuple[float, int]:
    """Changes the plan or lets a hand-over pass, kills, restarts; returns the seconds and how many pins were wrong."""
    if turn % 2:
        with writing(stage.sample.url) as session:
            for roster in stage.rosters:
                people = stage.sample.people
                store(session, people, roster, shifts_of(people, roster, turn), stage.now())
        stage.sample.close()
    else:
        midnight = stage.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        stage.set_clock(midnight)
    time.sleep(dice.uniform(0, LONGEST))
    stage.kill()
    wanted = _wanted(stage)
    left = _wrong(stage, wanted)
    begin = stage.start()
    while _wrong(stage, wanted):
        if time.monotonic() > begin + PATIENCE:
            raise RuntimeError(f"pins are wrong {PATIENCE:.0f} s after a restart")
        time.sleep(0.02)
    return time.monotonic() - begin, left


def measure(folder: Path) -> list[Row]:
    """Kills at random moments of a change or a hand-over; the worst and the time for every pin wrong at once."""
    dice = random.Random(SEED)
    with running(folder, GROUPS) as stage:
        rounds = [_round(stage, dice, turn) for turn in range(1, KILLS + 1)]
        refused = stage.refused()
    worst = max(took for took, _left in rounds)
    most = max(left for _took, left in rounds)
    floor = most / 30
    return [
        Row(
            f"{GROUPS} groups, {KILLS} kills: pins right after the restart",
            f"{most} wrong, 30 a second: {floor:.1f} s",
            f"at worst {worst:.1f} s",
            worst / floor if floor else None,
            "≤ 10 s",
            worst <= 10,
        ),
        Row("  refusals for the pace (429)", "", str(refused), None, "0", refused == 0),
    ]
