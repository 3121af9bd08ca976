"""Days of a zone as instants, and the `from`–`to` of a request."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from duty_teller.i18n.core import LocalizedError
from duty_teller.utils.handover import instant
from duty_teller.utils.zones import zone

MAX_RANGE_DAYS: Final = 400
"""A ten-year range once held the event loop for half a second; nobody looks at more than a year."""

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def utc_now() -> datetime:
    """Returns the present instant in UTC: the one clock of the product, passed in as `now` everywhere else."""
    return datetime.now(UTC)


def local_day(moment: datetime, timezone: str) -> date:
    """Returns the local date of an instant in an IANA zone."""
    return moment.astimezone(zone(timezone)).date()


def midnight(day: date, timezone: str) -> datetime:
    """Returns the UTC instant at which a local day begins."""
    return instant(day, time(0), timezone)


def day_span(first: date, last: date, timezone: str) -> tuple[datetime, datetime]:
    """Returns the half-open UTC span of the local days `first` to `last`, both included."""
    return midnight(first, timezone), midnight(last + timedelta(days=1), timezone)


def parse_date(text: str) -> date:
    """Reads `YYYY-MM-DD`.

    Raises:
        LocalizedError: `error.date`, there is no such day.
    """
    try:
        if not _DATE.fullmatch(text):  # fromisoformat takes weeks (2026-W47-1), too
            raise ValueError(text)
        day = date.fromisoformat(text)
        if not 1970 <= day.year <= 2200:
            raise ValueError(text)
        return day
    except ValueError as error:
        raise LocalizedError("error.date", text=text[:32]) from error


def day_range(from_text: str | None, to_text: str | None) -> tuple[date, date]:
    """Reads the first and the last day of a range: local days, both included.

    Raises:
        LocalizedError: `error.date_missing`, `error.date`, `error.date_order` or `error.date_range` (over
            `MAX_RANGE_DAYS`).
    """
    if not from_text or not to_text:
        raise LocalizedError("error.date_missing")
    first, last = parse_date(from_text), parse_date(to_text)
    if first > last:
        raise LocalizedError("error.date_order", first=first.isoformat(), last=last.isoformat())
    if (last - first).days >= MAX_RANGE_DAYS:
        raise LocalizedError("error.date_range", n=MAX_RANGE_DAYS)
    return first, last
