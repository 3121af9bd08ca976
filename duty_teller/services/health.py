"""How the process is doing: written by its parts, read by the health answer and by who supervises them.

Ages are measured on the monotonic clock: a step of the wall clock is no silence, and no age is negative.
"""

import time
from dataclasses import dataclass, field
from typing import Any, Final

from duty_teller import __version__

PATIENCE: Final = 60.0
"""Seconds that loading, connecting or a tick may take before it counts as a problem."""
POLLING_PATIENCE: Final = 150.0
"""Seconds without an attempt to poll after which polling is dead: its own helper comes after 120 s at the latest."""
CLOCK_PATIENCE: Final = 60.0
"""Seconds between our clock and Telegram's beyond which ours is wrong: an answer may have been on its way for some."""

_TROUBLE: Final = frozenset({"bad_token", "conflict", "failed"})


@dataclass(slots=True)
class Health:
    """The state of the running process; moments are monotonic seconds.

    Attributes:
        started: When it began.
        web: `loading` (only the health answer is there, everything else waits) or `serving`.
        telegram: `starting`, `connecting`, `polling`, `standby` (another process polls for this database, and this
            one takes over when it ends), `conflict`, `bad_token`, `failed` (the bot cannot be built, or ended) or
            `off`.
        telegram_detail: Why, in English, without secrets.
        last_poll: The last getUpdates that Telegram answered: polling can die in silence, this cannot.
        last_attempt: When Telegram was last asked for updates, or connected to: what says that polling lives.
        conflict_at: When Telegram last said that another process polls.
        poll_restarts: How often polling had died in silence and was begun anew.
        last_tick: When the tick last ran.
        tick_trouble: Why it fails; empty while it does not.
        database_trouble: Why the database does not answer; empty while it does.
        telling_admins: While the admins are being told that the database has gone.
        clock_behind: Seconds that our clock was behind Telegram's at its last answer; below zero: ahead of it.
        bot_username: The bot's, for links to it; empty until Telegram has said it.
    """

    started: float = field(default_factory=time.monotonic)
    web: str = "serving"
    telegram: str = "starting"
    telegram_detail: str = ""
    last_poll: float | None = None
    last_attempt: float | None = None
    conflict_at: float | None = None
    poll_restarts: int = 0
    last_tick: float | None = None
    tick_trouble: str = ""
    database_trouble: str = ""
    telling_admins: bool = False
    clock_behind: float = 0.0
    bot_username: str = ""

    def polling_is_dead(self, now: float) -> bool:
        """Tells whether nobody tries to poll any more; who was refused for good is not dead."""
        if self.telegram in {"bad_token", "failed", "off"} or self.last_attempt is None:
            return False
        return now - self.last_attempt > POLLING_PATIENCE

    def tick_is_dead(self, now: float) -> bool:
        """Tells whether the tick ran once and does not any more."""
        return self.last_tick is not None and now - self.last_tick > PATIENCE

    def clock_trouble(self) -> str:
        """Tells how wrong the clock is, as `3 h behind Telegram's`; empty while it is not."""
        return clock_trouble(self.clock_behind)

    def problems(self, now: float) -> list[str]:
        """Returns what is wrong, in English; nothing when all is well."""
        found = []
        if self.telegram in _TROUBLE:
            found.append(f"Telegram: {self.telegram_detail or self.telegram}")
        elif self.telegram in {"starting", "connecting"} and now - (self.last_poll or self.started) > PATIENCE:
            silence = int(now - (self.last_poll or self.started))
            detail = f" ({self.telegram_detail})" if self.telegram_detail else ""
            found.append(f"Telegram: {self.telegram} for {silence} s{detail}")
        elif self.polling_is_dead(now):
            found.append("Telegram: polling has died")
        if self.tick_is_dead(now):
            found.append("tick: it does not run")
        elif self.tick_trouble:
            found.append(f"tick: {self.tick_trouble}")
        if self.database_trouble:
            found.append(f"database: {self.database_trouble}")
        if wrong := self.clock_trouble():
            found.append(f"clock: it is {wrong}")
        return found

    def as_json(self, now: float) -> dict[str, Any]:
        """Returns the health answer; ages are whole seconds.

        Args:
            now: Monotonic seconds.
        """
        problems = self.problems(now)
        return {
            "status": "degraded" if problems else "ok",
            "problems": problems,
            "version": __version__,
            "uptime_seconds": int(now - self.started),
            "web": {"state": self.web},
            "telegram": {
                "state": self.telegram,
                "detail": self.telegram_detail,
                "last_poll_age_seconds": _age(self.last_poll, now),
                "poll_restarts": self.poll_restarts,
            },
            "tick": {
                "state": self._tick_state(now),
                "detail": self.tick_trouble,
                "age_seconds": _age(self.last_tick, now),
            },
        }

    def _tick_state(self, now: float) -> str:
        if self.last_tick is None:
            return "starting"
        if self.tick_is_dead(now):
            return "stopped"
        return "failing" if self.tick_trouble else "running"


def clock_trouble(behind: float) -> str:
    """Tells how wrong a clock is, as `3 h behind Telegram's`; empty when it is not.

    Args:
        behind: Seconds; below zero: it is ahead.
    """
    far = abs(behind)
    if far <= CLOCK_PATIENCE:
        return ""
    units = (("days", 86400), ("h", 3600), ("min", 60))
    name, size = next((unit for unit in units if far >= 2 * unit[1]), units[-1])
    return f"{far / size:.0f} {name} {'behind' if behind > 0 else 'ahead of'} Telegram's"


def _age(moment: float | None, now: float) -> int | None:
    return None if moment is None else int(now - moment)
