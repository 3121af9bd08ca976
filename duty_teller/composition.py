"""Who hears of a change of the schedule: the one place where the write door and its listeners meet.

Every writing session of the program is opened here, by the bot, the web part and the command line alike (a test looks
that nobody opens one elsewhere), so a process cannot forget to tell. Nothing is registered anywhere: what the session
carries ends with it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from sqlmodel import Session

from duty_teller.cache import invalidate_duty_related_caches
from duty_teller.db.session import session_scope
from duty_teller.services import schedule_service
from duty_teller.services.cover_service.follow import follow
from duty_teller.services.notices import changes
from duty_teller.services.schedule_service import Listeners

T = TypeVar("T")

LISTENERS: Final = Listeners(in_transaction=(changes.note, follow), after_commit=(invalidate_duty_related_caches,))


@contextmanager
def writing(database_url: str) -> Iterator[Session]:
    """Opens a writing session that commits at the end, or rolls back when the block raises."""
    with session_scope(database_url, write=True) as session:
        schedule_service.listen(session, LISTENERS)
        yield session


def in_session(database_url: str, work: Callable[[Session], T], write: bool = False) -> T:
    """Runs work in a session of its own, for threads; what it returns must be detached: no ORM object comes back.

    Args:
        database_url: Of the database.
        work: Takes the session.
        write: Open a writing session.
    """
    with (writing if write else session_scope)(database_url) as session:
        return work(session)
