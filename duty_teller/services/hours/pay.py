"""How a roster's hours are told apart and paid: night, two rosters at once, rates. Set by the write door."""

from datetime import datetime

from sqlmodel import Session

from duty_teller.services.hours.rate_lines import parse_rates, rates_text
from duty_teller.services.rosters import settings
from duty_teller.services.schedule_service import Author


def set_rates(session: Session, roster_id: int, text: str, author: Author, reason: str, now: datetime) -> str:
    """Sets what a roster's hours are paid; nothing: they are not reckoned. Closed months stay as they are.

    Args:
        session: A writing session.
        roster_id: The roster.
        text: Rules, a line each (`rate_lines`).
        author: Who.
        reason: What changes, in the author's language.
        now: The present instant.

    Returns:
        The rules as they are stored.

    Raises:
        LocalizedError: As `parse_rates`.
        RosterGoneError: The roster was retired.
    """
    stored = rates_text("en", parse_rates(text)) if text.strip() else ""
    settings.change(session, roster_id, author, reason, now, rates=stored)
    return stored
