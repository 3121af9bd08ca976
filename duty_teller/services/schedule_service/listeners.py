"""Who hears of a change: the write door knows nobody by name, it is told where a writing session is opened.

`composition.writing` gives every writing session of the program its listeners. A session without any is refused: a
change of which nobody is told (no notice, stale feeds) would be wrong without a word.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from duty_teller.db.models import ScheduleChange
from duty_teller.db.session import on_commit
from duty_teller.services.schedule_service.model import Diff

_KEY: Final = "schedule_listeners"


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who hears of changes.

    Attributes:
        in_transaction: Called with the change written and not committed; what they store is stored with it, and when
            one fails nothing is.
        after_commit: Called once the commit has held, however many changes there were.
    """

    in_transaction: tuple[Callable[[Session, Diff, ScheduleChange, datetime], None], ...]
    after_commit: tuple[Callable[[], object], ...]


class NobodyListensError(RuntimeError):
    """The session was not told who hears of a change: it was not opened by `composition.writing`."""


def listen(session: Session, listeners: Listeners) -> None:
    """Says who hears of the changes of a session."""
    session.info[_KEY] = listeners


def listeners_of(session: Session) -> Listeners:
    """Returns who hears of the changes of a session.

    Raises:
        NobodyListensError: Nobody has said so.
    """
    found = session.info.get(_KEY)
    if not isinstance(found, Listeners):
        raise NobodyListensError("a change of the schedule in a session that composition.writing did not open")
    return found


def tell_after_commit(session: Session) -> None:
    """Has the listeners called once the session's commit has held.

    Raises:
        NobodyListensError: As `listeners_of`.
    """
    for hook in listeners_of(session).after_commit:
        on_commit(session, hook)
