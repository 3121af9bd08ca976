"""What *How I read it* needs of an import in the chat: which document, and by what it was read."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from duty_teller.db.models import Roster
from duty_teller.i18n import LocalizedError
from duty_teller.importers.duty_schedule import Answers, RosterRules
from duty_teller.services.import_service import drafts, planning
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.import_service.run import RosterFile, plan
from duty_teller.utils.handover import parse_handover


@dataclass(frozen=True, slots=True)
class Explainable:
    """A draft's file, to be explained.

    Attributes:
        document_id: Telegram's `file_id`; the bytes are not kept. Empty in the Mini App, which has the file.
        file_name: Its name.
        rules: Of the roster it is for, with the hand-over that was chosen.
        answers: Those so far and those of earlier imports.
        names: Name in the file → the person's name, as far as that is known.
    """

    document_id: str
    file_name: str
    rules: RosterRules
    answers: Answers
    names: dict[str, str]


def to_explain(session: Session, draft_id: int, owner_id: int, now: datetime) -> Explainable:
    """Returns what a draft's file was read by, also of one that could not be read; its ten minutes begin anew.

    Raises:
        DraftGoneError: The draft is not there any more, or has no file.
    """
    row = drafts.row_of(session, draft_id, owner_id, now)
    in_app = row.chat_id == drafts.IN_APP
    document_id: Any = json.loads(row.options).get(drafts.DOCUMENT)
    if document_id is None and not in_app:
        raise drafts.DraftGoneError("import.chat.gone")
    roster = session.get_one(Roster, row.roster_id)
    rules = planning.rules_of(roster, parse_handover(row.handover, roster.timezone) if row.handover else None)
    answers = Answers.from_json(json.loads(row.answers)).remembering(planning.remembered_codes(roster))
    names: dict[str, str] = {}
    if row.content is not None:
        file = drafts.file_of(row, roster)
        answers = planning.with_remembered(roster, file.answers, file.cells)
        names = _names(session, roster, file)
    drafts.touch(session, row, now)
    return Explainable(document_id or "", row.file_name or "", rules, answers, names)


def _names(session: Session, roster: Roster, file: RosterFile) -> dict[str, str]:
    try:
        found = plan(session, roster, file)
    except LocalizedError:
        return {}
    return {person.name: person.full_name for person in found.people} if isinstance(found, ImportPlan) else {}
