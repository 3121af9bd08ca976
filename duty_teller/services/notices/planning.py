"""Planning: finds what is due and not in the outbox yet, and puts it there.

It remembers nothing. The tick asks after a commit that is more than a note of what was sent, after a step of the
clock, and at the boundary that planning named; a restart or a missed tick loses nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duty_teller.config import Settings
from duty_teller.services.notices import digests, reminders, watch
from duty_teller.services.notices.pending import earliest, put_all


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning found.

    Attributes:
        due: Whether something has to be put into the outbox now.
        boundary: The next instant (aware UTC) at which something becomes due; None: not before the next commit.
    """

    due: bool
    boundary: datetime | None


def plan(session: Session, settings: Settings, now: datetime) -> Planned:
    """Tells whether something has to be put into the outbox now; reads only.

    Args:
        session: Where to read.
        settings: Tell who is an admin.
        now: The present instant.
    """
    reminding = reminders.plan(session, now)
    telling, next_digest = digests.plan(session, now)
    findings = watch.scan(session, settings, now)
    due = bool(reminding.pending or telling or findings.any)
    return Planned(due, earliest(reminding.boundary, next_digest, findings.boundary))


def put_due(session: Session, settings: Settings, now: datetime) -> None:
    """Puts what is due into the outbox, in the caller's transaction."""
    put_all(session, reminders.plan(session, now).pending, now)
    put_all(session, digests.plan(session, now)[0], now)
    watch.tell(session, settings, now)
