"""How a roster's hours are told apart and paid: night, two rosters at once, rates. Set by the write door."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duty_teller.db.models import Roster
from duty_teller.services.hours.rate_lines import parse_rates, rates_text
from duty_teller.services.rosters import rosters, settings
from duty_teller.services.schedule_service import Author


@dataclass(frozen=True, slots=True)
class Counting:
    """How a roster's hours are counted.

    Attributes:
        night: `HH:MM-HH:MM`.
        once: What lies in another roster at the same time is counted there only.
        rates: The rules in the reader's words; nothing: they are not reckoned.
    """

    night: str
    once: bool
    rates: str


def counting(session: Session, roster_id: int, lang: str) -> Counting:
    """Returns how a roster's hours are counted.

    Raises:
        RosterGoneError: The roster was retired.
    """
    roster = rosters.get(session, roster_id)
    return Counting(roster.night_hours, roster.hours_once, in_words(roster, lang))


def in_words(roster: Roster, lang: str) -> str:
    """Returns what an hour of a roster is paid, a rule a line; nothing: it is not reckoned."""
    return rates_text(lang, parse_rates(roster.rates)) if roster.rates else ""


def stored_rates(text: str) -> str:
    """Returns rules as they are stored; errors are those of `parse_rates`."""
    return rates_text("en", parse_rates(text)) if text.strip() else ""


def set_rates(
    session: Session, roster_id: int, text: str, author: Author, reason: str, now: datetime
) -> tuple[str, int | None]:
    """Sets what a roster's hours are paid; nothing: they are not reckoned. Closed months stay as they are.

    Args:
        session: A writing session.
        roster_id: The roster.
        text: Rules, a line each (`rate_lines`).
        author: Who.
        reason: What changes, in the author's language.
        now: The present instant.

    Returns:
        The rules as they are stored, and the change, None when there was nothing to change.

    Raises:
        LocalizedError: As `parse_rates`.
        RosterGoneError: The roster was retired.
    """
    stored = stored_rates(text)
    return stored, settings.change(session, roster_id, author, reason, now, rates=stored)
