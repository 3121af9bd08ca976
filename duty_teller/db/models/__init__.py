"""Tables, which are the API's shapes too: a base with shared fields, a table, and a read class where it is served."""

from duty_teller.db.models.actions import DoneAction
from duty_teller.db.models.base import UtcTime, WallTime
from duty_teller.db.models.calendars import ExternalAbsence, ExternalCalendar, ExternalEvent
from duty_teller.db.models.cover import CoverAnswer, CoverKind, CoverMessage, CoverRequest, CoverRole, CoverState
from duty_teller.db.models.dialogues import Dialogue
from duty_teller.db.models.feeds import CalendarLink, LinkScope
from duty_teller.db.models.groups import Chat, DigestKind, GroupPin, MemberTag
from duty_teller.db.models.imports import DraftStage, ImportDraft
from duty_teller.db.models.joining import JoinRequest, JoinState
from duty_teller.db.models.notices import KnownGap, Notice, NoticeKind, NoticeOutcome
from duty_teller.db.models.people import AccessKind, AccessName, Role, User, UserAlias, UserBase, UserRead
from duty_teller.db.models.rosters import ClosedMonth, Roster, RosterBase, RosterRead
from duty_teller.db.models.schedule import (
    ChangeKind,
    Duty,
    DutyBase,
    DutyRead,
    Revision,
    ScheduleChange,
    ScheduleChangeItem,
)
from duty_teller.domain.coverage import Coverage
from duty_teller.domain.shift import EventType

__all__ = [
    "AccessKind",
    "AccessName",
    "CalendarLink",
    "ChangeKind",
    "Chat",
    "ClosedMonth",
    "CoverAnswer",
    "CoverKind",
    "CoverMessage",
    "CoverRequest",
    "CoverRole",
    "CoverState",
    "Coverage",
    "Dialogue",
    "DigestKind",
    "DoneAction",
    "DraftStage",
    "Duty",
    "DutyBase",
    "DutyRead",
    "EventType",
    "ExternalAbsence",
    "ExternalCalendar",
    "ExternalEvent",
    "GroupPin",
    "ImportDraft",
    "JoinRequest",
    "JoinState",
    "KnownGap",
    "LinkScope",
    "MemberTag",
    "Notice",
    "NoticeKind",
    "NoticeOutcome",
    "Revision",
    "Role",
    "Roster",
    "RosterBase",
    "RosterRead",
    "ScheduleChange",
    "ScheduleChangeItem",
    "User",
    "UserAlias",
    "UserBase",
    "UserRead",
    "UtcTime",
    "WallTime",
]
