"""Imports in the chat."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime, enum_column


class DraftStage(StrEnum):
    """What an import in the chat is waiting for."""

    ROSTER = "roster"
    HANDOVER = "handover"
    FILE = "file"
    QUESTIONS = "questions"
    PREVIEW = "preview"


class ImportDraft(SQLModel, table=True):
    """An import in the chat, from the command to the tap on Apply; it survives a restart and expires."""

    __tablename__: ClassVar[Any] = "import_drafts"

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    roster_id: int = Field(foreign_key="rosters.id")
    stage: DraftStage = Field(sa_type=enum_column(DraftStage, "stage"))
    chat_id: int = Field(sa_type=sa.BigInteger)
    message_id: int | None = Field(default=None, description="The bot's message that is edited in place")
    handover: str | None = Field(default=None, max_length=80, description="`HH:MM Zone`")
    file_name: str | None = Field(default=None, max_length=255)
    content: str | None = Field(default=None, sa_type=sa.Text, description="JSON of `importers.RosterCells`")
    answers: str = Field(default="{}", sa_type=sa.Text, description="JSON of `importers.Answers`")
    options: str = Field(default="{}", sa_type=sa.Text, description="JSON: choices made in the preview")
    revision: int | None = Field(default=None, description="The schedule revision that the preview was made from")
    created_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)
