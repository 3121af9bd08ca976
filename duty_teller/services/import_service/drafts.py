"""Imports in the chat or the Mini App, from the file to the tap on Apply: stored, so that a restart loses nothing.

A person has one at a time.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import DraftStage, ImportDraft, Roster
from duty_teller.i18n import LocalizedError
from duty_teller.importers.duty_schedule import Answers, Question, RosterCells
from duty_teller.services.import_service import planning
from duty_teller.services.import_service.by_hand import HandAnswer
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.import_service.run import RosterFile, plan
from duty_teller.services.import_service.shown_plan import ShownPlan
from duty_teller.services.rosters import rosters
from duty_teller.utils.handover import Handover, parse_handover

LIFETIME: Final = timedelta(minutes=10)
"""An import that is forgotten for so long ends itself; every step begins it anew."""


IN_APP: Final = 0
"""The chat of an import in the Mini App, which has none: the bot leaves it alone."""

SHOWN: Final = "shown"
"""The option that keeps what the preview showed."""

PAST: Final = "past"
"""The option that keeps what was known before each answer, the oldest first."""


DOCUMENT: Final = "document"
"""The option that keeps Telegram's `file_id` of the file."""

APPLYING: Final = "applying"
"""The option that says that Apply was pressed and nothing is known of it yet (`applying.begin`)."""

APPLIED: Final = "applied"
"""The option that keeps what Apply has done until it is shown: the import is over, only its message is not."""


BY_HAND: Final = "by_hand"
"""The option that keeps what was said of changes made by hand, and of which."""

ASKED: Final = "asked"
"""The option that keeps which code of several is asked about (`draft_codes`)."""


class DraftGoneError(LocalizedError):
    """The import was applied, cancelled or forgotten already (`import.chat.gone`)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, detached.

    Attributes:
        id: Its number, part of the buttons' data.
        roster_id: Into which roster; at the stage `ROSTER` not chosen yet.
        stage: What it waits for.
        message_id: The bot's message that is edited in place.
        handover: `HH:MM Zone`, once chosen.
        answered: How many questions were answered that can be asked again.
        has_document: A file was sent, be it one that could not be read.
    """

    id: int
    owner_id: int
    roster_id: int
    stage: DraftStage
    chat_id: int
    message_id: int | None
    handover: str | None
    file_name: str | None
    answered: int
    has_document: bool


def view(row: ImportDraft) -> Draft:
    """Returns a stored draft, detached."""
    assert row.id is not None  # noqa: S101  # a stored row
    options = json.loads(row.options)
    return Draft(
        row.id,
        row.owner_id,
        row.roster_id,
        row.stage,
        row.chat_id,
        row.message_id,
        row.handover,
        row.file_name,
        len(options.get(PAST, ())),
        DOCUMENT in options,
    )


def start(
    session: Session,
    owner_id: int,
    roster_id: int | None,
    chat_id: int,
    now: datetime,
    handover: str | None = None,
) -> Draft:
    """Begins an import; an unfinished one of the same person is dropped.

    Args:
        session: A writing session.
        owner_id: Who imports.
        roster_id: Into which roster; None: it is asked first.
        chat_id: Where the dialogue is.
        now: The present instant.
        handover: Skip the question for the hand-over.
    """
    drop(session, owner_id)
    stage = DraftStage.FILE if handover else DraftStage.HANDOVER
    row = ImportDraft(
        owner_id=owner_id,
        roster_id=roster_id or repository.rosters(session)[0].id or 0,
        stage=stage if roster_id is not None else DraftStage.ROSTER,
        chat_id=chat_id,
        handover=handover,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(row)
    session.flush()
    return view(row)


def drop(session: Session, owner_id: int) -> bool:
    """Forgets a person's unfinished import; returns whether there was one."""
    rows = session.exec(select(ImportDraft).where(ImportDraft.owner_id == owner_id)).all()
    unfinished = [row for row in rows if not _marked(row, APPLIED)]
    for row in unfinished:
        session.delete(row)
    session.flush()
    return bool(unfinished)


def _marked(row: ImportDraft, *marks: str) -> bool:
    return not json.loads(row.options).keys().isdisjoint(marks)


def forgotten(session: Session, now: datetime) -> tuple[list[Draft], datetime | None]:
    """Returns the imports that are over and were not ended, and the next instant at which one will be.

    One at which Apply was pressed is not: what became of it is told first.
    """
    stored = session.exec(select(ImportDraft).order_by(col(ImportDraft.expires_at))).all()
    rows = [row for row in stored if not _marked(row, APPLYING, APPLIED)]
    over = [view(row) for row in rows if row.expires_at <= now]
    return over, next((row.expires_at for row in rows if row.expires_at > now), None)


def drop_forgotten(session: Session, owner_id: int, now: datetime) -> None:
    """Forgets a person's imports that are over; one begun since stays."""
    statement = select(ImportDraft).where(ImportDraft.owner_id == owner_id, col(ImportDraft.expires_at) <= now)
    for row in session.exec(statement).all():
        if not _marked(row, APPLYING, APPLIED):
            session.delete(row)


def current(session: Session, owner_id: int, now: datetime, in_app: bool = False) -> Draft | None:
    """Returns a person's unfinished import in the chat, or in the Mini App."""
    statement = select(ImportDraft).where(ImportDraft.owner_id == owner_id, col(ImportDraft.expires_at) > now)
    statement = statement.where((ImportDraft.chat_id == IN_APP) == in_app)
    rows = session.exec(statement.order_by(col(ImportDraft.id).desc())).all()
    return next((view(row) for row in rows if not _marked(row, APPLIED)), None)


def row_of(session: Session, draft_id: int, owner_id: int, now: datetime) -> ImportDraft:
    """Returns a stored draft.

    Raises:
        DraftGoneError: It was applied, cancelled or forgotten, or is somebody else's.
    """
    row = session.get(ImportDraft, draft_id)
    if row is None or row.owner_id != owner_id or row.expires_at <= now or _marked(row, APPLIED):
        raise DraftGoneError("import.chat.gone")
    return row


def touch(session: Session, row: ImportDraft, now: datetime) -> None:
    """Keeps a step of the dialogue: its ten minutes begin anew."""
    row.expires_at = now + LIFETIME
    session.add(row)


def set_roster(session: Session, draft_id: int, owner_id: int, roster_id: int, now: datetime) -> Draft:
    """Notes into which roster the file goes; one that was read already goes on with that roster's hand-over.

    Raises:
        DraftGoneError: The draft is not there any more.
        RosterGoneError: The roster was retired meanwhile.
    """
    row = row_of(session, draft_id, owner_id, now)
    roster = rosters.get(session, roster_id)
    row.roster_id, row.handover = roster_id, None
    row.answers, row.revision = "{}", None
    _forget_options(row)
    row.stage = DraftStage.HANDOVER
    if row.content is not None:
        row.handover = str(Handover(roster.handover_at, roster.timezone))
        row.stage = DraftStage.QUESTIONS
    touch(session, row, now)
    return view(row)


def ask_roster(session: Session, draft_id: int, owner_id: int, now: datetime) -> Draft:
    """Goes back to the question which roster the file is for.

    Raises:
        DraftGoneError: The draft is not there any more.
    """
    row = row_of(session, draft_id, owner_id, now)
    row.stage = DraftStage.ROSTER
    touch(session, row, now)
    return view(row)


def set_handover(session: Session, draft_id: int, owner_id: int, text: str, now: datetime) -> Draft:
    """Notes the hand-over; text without a zone takes the roster's.

    Raises:
        DraftGoneError: The draft is not there any more.
        LocalizedError: As `parse_handover`.
    """
    row = row_of(session, draft_id, owner_id, now)
    roster = session.get_one(Roster, row.roster_id)
    row.handover = str(parse_handover(text, roster.timezone))
    row.stage = DraftStage.FILE
    touch(session, row, now)
    return view(row)


def set_message(session: Session, draft_id: int, message_id: int) -> None:
    """Notes which message shows the draft."""
    row = session.get(ImportDraft, draft_id)
    if row is not None:
        row.message_id = message_id
        session.add(row)


def set_document(
    session: Session, draft_id: int, owner_id: int, file_name: str, document_id: str, now: datetime
) -> Draft:
    """Notes which document is being read; what was read of an earlier one is forgotten.

    Args:
        session: A writing session.
        draft_id: The draft.
        owner_id: Whose it is.
        file_name: The document's name.
        document_id: Telegram's `file_id`, by which the document can be had again.
        now: The present instant.
    """
    row = row_of(session, draft_id, owner_id, now)
    row.file_name, row.content, row.answers = file_name[:255], None, "{}"
    row.options, row.revision = json.dumps({DOCUMENT: document_id}), None
    row.stage = DraftStage.FILE if row.handover is not None else DraftStage.ROSTER
    touch(session, row, now)
    return view(row)


def _forget_options(row: ImportDraft) -> None:
    """Forgets what was chosen; the document stays the same."""
    document_id = json.loads(row.options).get(DOCUMENT)
    row.options = json.dumps({} if document_id is None else {DOCUMENT: document_id})


def set_file(
    session: Session, draft_id: int, owner_id: int, file_name: str, cells: RosterCells, now: datetime
) -> Draft:
    """Keeps what was read of the file; answers to an earlier file are forgotten, and the roster may be asked next."""
    row = row_of(session, draft_id, owner_id, now)
    row.file_name, row.content = file_name[:255], orjson.dumps(cells.to_json()).decode()
    row.answers = "{}"
    _forget_options(row)
    row.stage = DraftStage.QUESTIONS if row.handover is not None else DraftStage.ROSTER
    touch(session, row, now)
    return view(row)


def toggle_missing(session: Session, draft_id: int, owner_id: int, now: datetime) -> None:
    """Changes whether the shifts of people who are not in the file go."""
    row = row_of(session, draft_id, owner_id, now)
    set_option(row, "remove_missing", not json.loads(row.options).get("remove_missing", False))
    touch(session, row, now)


def answer_by_hand(session: Session, draft_id: int, owner_id: int, keep: bool, mark: str, now: datetime) -> None:
    """Notes whether the changes made by hand are kept that a question named; others are asked about anew.

    Args:
        session: A writing session.
        draft_id: The draft.
        owner_id: Whose it is.
        keep: They are kept; if not, the file is newer.
        mark: Of the question (`by_hand.mark_of`).
        now: The present instant.
    """
    row = row_of(session, draft_id, owner_id, now)
    set_option(row, BY_HAND, asdict(HandAnswer(keep, mark)))
    touch(session, row, now)


def set_option(row: ImportDraft, name: str, value: object) -> None:
    """Keeps a choice of the dialogue."""
    row.options = json.dumps(json.loads(row.options) | {name: value}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Looked:
    """A draft that was looked at.

    Attributes:
        row: As it is stored.
        roster: Into which it goes.
        file: What was read, with what was said about it.
        found: The questions still open, or else the plan.
    """

    row: ImportDraft
    roster: Roster
    file: RosterFile
    found: tuple[Question, ...] | ImportPlan


def look(session: Session, draft_id: int, owner_id: int, now: datetime) -> tuple[Question, ...] | ImportPlan:
    """Returns the questions still open, or else the plan; codes answered in earlier imports are not asked again.

    Raises:
        LocalizedError: As `look_closely`.
    """
    return look_closely(session, draft_id, owner_id, now).found


def look_closely(session: Session, draft_id: int, owner_id: int, now: datetime) -> Looked:
    """Returns the same with what it was made of.

    Raises:
        DraftGoneError: The draft is not there any more.
        RosterFileError: The file cannot be taken with these answers.
        LocalizedError: As `import_service.plan_import`.
    """
    row = row_of(session, draft_id, owner_id, now)
    roster = session.get_one(Roster, row.roster_id)
    file = file_of(row, roster)
    return Looked(row, roster, file, plan(session, roster, file))


def file_of(row: ImportDraft, roster: Roster) -> RosterFile:
    """Returns what was read of a draft's file, with what was said about it."""
    options: dict[str, Any] = json.loads(row.options)
    return RosterFile(
        RosterCells.from_json(orjson.loads(row.content or "{}")),
        planning.rules_of(roster, parse_handover(row.handover or "", roster.timezone)),
        Answers.from_json(json.loads(row.answers)),
        options.get("people"),
        bool(options.get("remove_missing", False)),
        HandAnswer(**options[BY_HAND]) if BY_HAND in options else None,
    )


def note_question(session: Session, draft_id: int, owner_id: int, now: datetime) -> None:
    """Notes that a question is shown: what an earlier preview showed cannot be applied any more."""
    row = row_of(session, draft_id, owner_id, now)
    row.revision, row.stage = None, DraftStage.QUESTIONS
    touch(session, row, now)


def note_preview(session: Session, draft_id: int, owner_id: int, plan: ImportPlan, now: datetime) -> str:
    """Notes what the preview shows; `apply` does that or nothing. Returns the plan's fingerprint."""
    row = row_of(session, draft_id, owner_id, now)
    row.revision, row.stage = plan.diff.revision, DraftStage.PREVIEW
    shown = ShownPlan.of(session, plan)
    set_option(row, SHOWN, shown.to_json())
    touch(session, row, now)
    return shown.fingerprint
