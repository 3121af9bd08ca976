"""Actions that are done once, however often they are sent: a double tap, or a retry after a lost answer."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, delete

from duty_teller.db import repository
from duty_teller.db.models import DoneAction
from duty_teller.i18n import LocalizedError

KEPT: Final = timedelta(days=2)
"""How long an answer can be given again; launch data of the Mini App live a day."""


def once(session: Session, user_id: int, key: str, what: str, now: datetime, work: Callable[[], str]) -> str:
    """Does something if it was not done under this key, and returns its answer either way.

    The key is taken first, in the transaction of the work: of two at once the second waits, and finds it done; what
    fails gives the key back with everything else.

    Args:
        session: A writing session.
        user_id: Who does it; keys are each person's own.
        key: Of the action, made by the page.
        what: The action with its parameters, so that a key is not taken for another one.
        now: The present instant.
        work: Does it, and returns the answer.

    Raises:
        LocalizedError: `error.http_malformed`: the key belongs to another action; or as `work`.
    """
    digest = hashlib.sha256(what.encode()).hexdigest()
    session.exec(delete(DoneAction).where(col(DoneAction.done_at) < now - KEPT))
    taken = repository.take_action_key(session, user_id, key, digest, now)
    done = session.get_one(DoneAction, (user_id, key))
    if not taken:
        if done.what != digest:
            raise LocalizedError("error.http_malformed")
        return done.answer
    done.answer = work()
    session.add(done)
    session.flush()
    return done.answer
