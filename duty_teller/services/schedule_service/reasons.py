"""Why the schedule changed: what of a stored reason is the author's own, and what the program wrote beside it."""

from typing import Final

from sqlmodel import Session

from duty_teller.db.models import ChangeKind, ScheduleChange

BEFORE_REASON: Final = " · "
"""Stands between what was changed and the author's words in the reason of an edit, and behind the name of a file."""


def own_words(session: Session, change: ScheduleChange) -> str:
    """Returns why, as it may be read in every language: the author's words, a file's name, names; of an undo, why that.

    What was changed is written beside them in the author's language: whoever reads in another one is told that anew.
    """
    root = change
    while root.undoes_id is not None:
        root = session.get_one(ScheduleChange, root.undoes_id)
    written, _sign, behind = root.reason.partition(BEFORE_REASON)
    if root.kind in (ChangeKind.EDIT, ChangeKind.AWAY):
        return behind
    return written if root.kind == ChangeKind.IMPORT else root.reason
