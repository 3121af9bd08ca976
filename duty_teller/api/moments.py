"""Instants as the Mini App sends them: with an offset, or as wall-clock times of a roster's zone."""

from datetime import UTC, datetime

from duty_teller.services import editing
from duty_teller.utils.handover import explicit_instant


def sent_instant(value: datetime, timezone: str, now: datetime) -> datetime:
    """Returns an instant that was sent, or the one of a wall-clock time; to the second.

    Args:
        value: Aware, or naive: what the roster's clock shows.
        timezone: Of the roster.
        now: The present instant.

    Raises:
        LocalizedError: `view.too_far`, `error.time_in_gap`.
    """
    value = value.replace(microsecond=0)
    if value.tzinfo is not None:
        editing.check_reach(now, value)
        return value.astimezone(UTC)
    editing.check_reach(now, value.replace(tzinfo=UTC))
    return explicit_instant(value.date(), value.time(), timezone)[0]
