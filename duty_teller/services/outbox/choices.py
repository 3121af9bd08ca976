"""What somebody wants to hear and when: reminder leads, quiet hours, kinds switched off."""

from datetime import time
from typing import Final

from duty_teller.db.models import NoticeKind, User

LEADS: Final = (1440, 720, 60, 15)
"""Minutes before a shift that can be chosen: 24 h, 12 h, 1 h, 15 min."""

DEFAULT_LEADS: Final = (720, 60)
"""For whoever has chosen nothing."""

FOR_EVERYBODY: Final = (NoticeKind.ENDS, NoticeKind.CHANGED, NoticeKind.SHORT_NOTICE, NoticeKind.COVER)
"""Kinds a person can switch off (`starts` is switched off by choosing no lead)."""

FOR_ADMINS: Final = (NoticeKind.GAPS, NoticeKind.UNREACHABLE, NoticeKind.GROUPS, NoticeKind.PEOPLE)
"""Kinds that only admins get and can switch off."""


def leads_of(user: User) -> tuple[int, ...]:
    """Returns the minutes before a shift at which a person is reminded, the longest first; none: never."""
    if user.reminder_leads is None:
        return DEFAULT_LEADS
    return tuple(sorted((int(part) for part in user.reminder_leads.split(",") if part), reverse=True))


def leads_text(leads: tuple[int, ...]) -> str:
    """Returns leads as `User.reminder_leads` stores them."""
    return ",".join(str(lead) for lead in sorted(set(leads), reverse=True))


def quiet_of(user: User) -> tuple[time, time] | None:
    """Returns a person's quiet hours on the wall clock of the roster's zone, or None; the end may be the next day's."""
    if not user.quiet_hours:
        return None
    start, end = (time.fromisoformat(part) for part in user.quiet_hours.split("-"))
    return start, end


def kinds_off(user: User) -> frozenset[NoticeKind]:
    """Returns the kinds that a person has switched off."""
    return frozenset(NoticeKind(name) for name in user.notices_off.split(",") if name)


def wants(user: User, kind: NoticeKind) -> bool:
    """Tells whether a person wants notices of a kind."""
    return kind not in kinds_off(user)
