"""What was done in the Mini App, so that an answer that got lost can be given again."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime


class DoneAction(SQLModel, table=True):
    """An action under the key that the page gave it; it is written in the transaction of what it did."""

    __tablename__: ClassVar[Any] = "done_actions"
    __table_args__ = (sa.Index("ix_done_actions_done_at", "done_at"),)

    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    key: str = Field(max_length=64, primary_key=True)
    what: str = Field(max_length=64, description="SHA-256 of the action and its parameters")
    answer: str = Field(default="", sa_type=sa.Text, description="JSON, as it was answered")
    done_at: datetime = Field(sa_type=UtcTime)
