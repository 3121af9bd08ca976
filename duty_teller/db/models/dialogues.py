"""What the bot waits for people to type."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime


class Dialogue(SQLModel, table=True):
    """What the bot waits for a person to type, one at a time; it survives a restart and ends itself when forgotten."""

    __tablename__: ClassVar[Any] = "dialogues"

    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    kind: str = Field(max_length=40, description="Which handler takes the text (`handlers.dialogues`)")
    payload: str = Field(default="{}", sa_type=sa.Text, description="JSON: what the handler needs")
    chat_id: int = Field(sa_type=sa.BigInteger)
    message_id: int | None = Field(default=None, description="The bot's question, edited when the dialogue ends itself")
    expires_at: datetime = Field(sa_type=UtcTime)
