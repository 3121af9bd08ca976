"""How the process is doing: written by the part that talks to Telegram, read by the health answer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from duty_teller import __version__


@dataclass(slots=True)
class Health:
    """The state of the running process.

    Attributes:
        started_at: When it began.
        telegram: `starting`, `connecting`, `polling`, `conflict`, `bad_token` or `off`.
        telegram_detail: Why, in English, without secrets.
        last_poll_at: The last getUpdates that Telegram answered: polling can die in silence, this cannot.
        last_poll_monotonic: The same on the monotonic clock, in seconds: a step of the wall clock is no silence.
        poll_restarts: How often polling had died in silence and was begun anew.
    """

    started_at: datetime
    telegram: str = "starting"
    telegram_detail: str = ""
    last_poll_at: datetime | None = field(default=None)
    last_poll_monotonic: float | None = None
    poll_restarts: int = 0

    def as_json(self, now: datetime) -> dict[str, Any]:
        """Returns the health answer; ages are whole seconds."""
        age = None if self.last_poll_at is None else int((now - self.last_poll_at).total_seconds())
        return {
            "status": "ok",
            "version": __version__,
            "uptime_seconds": int((now - self.started_at).total_seconds()),
            "telegram": {
                "state": self.telegram,
                "detail": self.telegram_detail,
                "last_poll_age_seconds": age,
                "poll_restarts": self.poll_restarts,
            },
        }
