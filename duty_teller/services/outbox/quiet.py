"""Quiet hours: the wall-clock hours of the roster's zone in which a person is not to be woken."""

from datetime import datetime, timedelta

from duty_teller.db.models import User
from duty_teller.services.outbox import choices
from duty_teller.utils.handover import instant
from duty_teller.utils.zones import zone


def quiet_span(user: User, moment: datetime, timezone: str) -> tuple[datetime, datetime] | None:
    """Returns the person's quiet hours that hold an instant as [start, end), or None when it is in none."""
    quiet = choices.quiet_of(user)
    if quiet is None or quiet[0] == quiet[1]:
        return None
    opens, closes = quiet
    today = moment.astimezone(zone(timezone)).date()
    for day in (today - timedelta(days=1), today):
        last = day if closes > opens else day + timedelta(days=1)
        start, end = instant(day, opens, timezone), instant(last, closes, timezone)
        if start <= moment < end:
            return start, end
    return None
