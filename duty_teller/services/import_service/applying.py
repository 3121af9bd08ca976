"""Apply, from the tap until the admin has read what became of it: a stop at any moment in between leaves a mark.

The draft stays with a mark in its `options`: `applying` from the tap on, `applied` from the very transaction that
writes. Whoever finds one that no handler is busy with (after a restart, or when Telegram was away) says what happened.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from duty_teller.db.models import ImportDraft, Roster
from duty_teller.db.session import notes_only
from duty_teller.i18n import LocalizedError
from duty_teller.services.import_service import drafts
from duty_teller.services.import_service.drafts import APPLIED, APPLYING, SHOWN, Draft
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.import_service.run import run_import
from duty_teller.services.import_service.shown_plan import PlanMovedError, ShownPlan
from duty_teller.services.schedule_service import Author


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import has done, as it is told.

    Attributes:
        facts: Plain text in the language of whoever applied it.
        change_id: What Undo takes back; None: there was nothing to change.
        unlinked: How many of its people have no Telegram account.
    """

    facts: str
    change_id: int | None
    unlinked: int


@dataclass(frozen=True, slots=True)
class Untold:
    """An Apply whose outcome nobody was shown yet; `applied` is None where nothing was written."""

    draft: Draft
    applied: Applied | None


def begin(session: Session, draft_id: int, owner_id: int, now: datetime) -> None:
    """Marks a draft as being applied, in a transaction before the one that writes.

    Raises:
        DraftGoneError: The draft is not there any more.
    """
    drafts.set_option(drafts.row_of(session, draft_id, owner_id, now), APPLYING, True)


def apply(
    session: Session,
    draft_id: int,
    author: Author,
    now: datetime,
    facts: Callable[[ImportPlan], str],
    reason: Callable[[ImportPlan, str], str],
    seen: str | None = None,
) -> Applied:
    """Applies the plan that was shown and marks the draft as applied, in one transaction.

    Args:
        session: A writing session.
        draft_id: The draft.
        author: Whose it is.
        now: The present instant.
        facts: Says what was done, in the author's language.
        reason: Says of a plan and the file's name what the history does.
        seen: Fingerprint of the preview that is agreed to, where several may be open; None: the last one.

    Raises:
        DraftGoneError: The draft is not there any more, or was applied: a second tap.
        PlanMovedError: It would write or say something else than the preview did, or a name has to be decided on
            again; nothing is written, and the draft stays.
    """
    row = drafts.row_of(session, draft_id, author.user_id or 0, now)
    kept = json.loads(row.options).get(SHOWN)
    shown = None if kept is None else ShownPlan.from_json(kept)
    if seen is not None and shown is not None and shown.fingerprint != seen:
        raise PlanMovedError((LocalizedError("import.chat.moved_else"),))

    def as_shown(made: ImportPlan) -> bool:
        would_be = ShownPlan.of(session, made)
        if shown is None or shown.fingerprint != would_be.fingerprint:
            raise PlanMovedError(shown.what_moved(session, made.roster_id, would_be) if shown is not None else ())
        return True

    roster = session.get_one(Roster, row.roster_id)
    file, name = drafts.file_of(row, roster), row.file_name or ""
    done = run_import(session, roster, file, author, lambda made: reason(made, name), now, as_shown)
    if isinstance(done, tuple):
        names = [question.subject for question in done if question.kind == "person"]
        raise PlanMovedError(tuple(LocalizedError("import.chat.moved_unclear", name=name) for name in names))
    change_id = None if done.change is None else done.change.id
    applied = Applied(facts(done.plan), change_id, sum(not person.has_account for person in done.plan.people))
    row.content, row.options = None, json.dumps({APPLIED: asdict(applied)}, ensure_ascii=False)
    session.add(row)
    return applied


def untold(session: Session) -> list[Untold]:
    """Returns every Apply that was begun and whose outcome was not shown yet, the oldest first."""
    found = []
    for row in session.exec(select(ImportDraft).order_by(col(ImportDraft.id))).all():
        options = json.loads(row.options)
        if APPLIED in options:
            found.append(Untold(drafts.view(row), Applied(**options[APPLIED])))
        elif APPLYING in options:
            found.append(Untold(drafts.view(row), None))
    return found


def end(session: Session, draft_id: int) -> None:
    """Notes that the outcome of an applied draft is known: the draft goes."""
    notes_only(session)
    row = session.get(ImportDraft, draft_id)
    if row is not None and APPLIED in json.loads(row.options):
        session.delete(row)


def go_back(session: Session, draft_id: int, now: datetime) -> None:
    """Notes that nothing was written: the draft waits for another Apply, its ten minutes begin anew."""
    row = session.get(ImportDraft, draft_id)
    options = {} if row is None else json.loads(row.options)
    if row is not None and options.pop(APPLYING, None):
        row.options = json.dumps(options, ensure_ascii=False)
        drafts.touch(session, row, now)
