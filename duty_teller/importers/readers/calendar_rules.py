"""Events that repeat (RRULE): their occurrences, within limits."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any, Final

from duty_teller.importers import limits

_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS: Final = frozenset(
    {
        "FREQ",
        "INTERVAL",
        "COUNT",
        "UNTIL",
        "BYDAY",
        "BYMONTHDAY",
        "BYMONTH",
        "BYYEARDAY",
        "BYWEEKNO",
        "BYSETPOS",
        "WKST",
    }
)


class BadRuleError(ValueError):
    """A rule that cannot be followed: several times a day, or not by the book."""


def occurrences(rule: Any, start: date, horizon: date, timezone: tzinfo | None) -> tuple[list[date], bool]:
    """Returns the starts of an event that repeats, the first included.

    Args:
        rule: The value of RRULE as icalendar reads it; None if there is none.
        start: A day, or a wall-clock time without its zone.
        horizon: The last day to go to.
        timezone: The zone of the start; the rule's end may be written in UTC.

    Returns:
        The starts, of the type of the given one, and whether the rule goes on after the horizon.

    Raises:
        BadRuleError: See there.
    """
    if rule is None:
        return [start], False
    if isinstance(rule, list):
        raise BadRuleError("several rules")
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

    parts = {key.upper(): rule[key] for key in rule}
    if not set(parts) <= _PARTS or str(_one(parts, "FREQ")).upper() not in _FREQUENCIES:
        raise BadRuleError("parts")
    interval, count = _one(parts, "INTERVAL", 1), _one(parts, "COUNT")
    if not isinstance(interval, int) or not 1 <= interval <= 1000 or (count is not None and not isinstance(count, int)):
        raise BadRuleError("numbers")
    begin = start if isinstance(start, datetime) else datetime.combine(start, time(0))
    limit = datetime.combine(horizon, time.max.replace(microsecond=0))
    until = _until(_one(parts, "UNTIL"), timezone)
    # COUNT and UNTIL are left to islice and the limit: a rule that never comes true would be followed to the year 9999.
    text = ";".join(
        part for part in rule.to_ical().decode().split(";") if part.split("=")[0].upper() not in ("COUNT", "UNTIL")
    )
    end = min(limit, until) if until else limit
    if end < begin:
        return [start], False
    try:
        found = rrulestr(f"{text};UNTIL={end:%Y%m%dT%H%M%S}", dtstart=begin)
        most = limits.MAX_CELLS if count is None else min(count, limits.MAX_CELLS)
        starts: list[Any] = list(islice(found, most))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise BadRuleError("rule") from error
    done = count is not None and len(starts) >= count
    is_cut = not done and (until is None or until > limit)
    return [moment if isinstance(start, datetime) else moment.date() for moment in starts], is_cut


def _one(parts: dict[str, Any], key: str, default: Any = None) -> Any:
    value = parts.get(key, default)
    return value[0] if isinstance(value, list) and value else value


def _until(value: Any, timezone: tzinfo | None) -> datetime | None:
    """Returns the last moment of a rule on the wall clock of the event."""
    if isinstance(value, datetime):
        local = value if value.tzinfo is None else value.astimezone(timezone or UTC)
        return local.replace(tzinfo=None)
    return datetime.combine(value, time(0)) + timedelta(days=1, seconds=-1) if isinstance(value, date) else None
