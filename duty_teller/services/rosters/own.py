"""Which roster an answer begins with, where there are several."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from duty_teller.db.models import Duty, GroupPin, Roster


def first_of(
    session: Session, rosters: Sequence[Roster], user_id: int | None, chat_id: int | None, now: datetime
) -> Roster:
    """Returns the roster that whoever asks means most likely.

    In a group that is one whose message is pinned there; else, and of several, the person's own: where they are on
    duty, will be next, or were last. Without any of these it is the oldest.

    Args:
        session: Where to read.
        rosters: Those in use, at least one.
        user_id: Who asks; None: somebody without a name here.
        chat_id: The group; None: a private chat.
        now: The present instant.
    """
    by_id = {roster.id or 0: roster for roster in rosters}
    pinned = session.exec(select(GroupPin.roster_id).where(GroupPin.chat_id == chat_id).order_by(col(GroupPin.id)))
    here = [number for number in dict.fromkeys(pinned) if number in by_id] if chat_id is not None else []
    candidates = here or list(by_id)
    if len(candidates) > 1 and user_id is not None:
        seconds = int(now.timestamp())
        start, end = (sa.type_coerce(col(column), sa.BigInteger) for column in (Duty.start_at, Duty.end_at))
        away = sa.case((start > seconds, start - seconds), (end <= seconds, 2**40 + seconds - end), else_=0)
        nearest = (
            select(Duty.roster_id)
            .where(Duty.user_id == user_id, col(Duty.cancelled_at).is_(None), col(Duty.roster_id).in_(candidates))
            .order_by(away)
            .limit(1)
        )
        own = session.exec(nearest).first()
        if own is not None:
            return by_id[own]
    return by_id[candidates[0]]
