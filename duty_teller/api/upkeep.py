"""What admins keep in order around the rosters, as `/settings` does: calendars of others, groups' digests, backups."""

import asyncio
import logging
import sqlite3
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Depends
from sqlmodel import Field, Session, SQLModel

from duty_teller.api.dependencies import PersonOf, SessionOf, StateOf, not_stored
from duty_teller.api.once import KeyOf, do_once, refusal
from duty_teller.api.state import ApiState
from duty_teller.db import backup
from duty_teller.db.engine import sqlite_path
from duty_teller.db.models import DigestKind, DoneAction
from duty_teller.db.session import session_scope
from duty_teller.i18n import LocalizedError, get_lang
from duty_teller.services import calendar_absences, calendar_reading
from duty_teller.services.calendars import store
from duty_teller.services.groups import digests
from duty_teller.services.people import by_admin
from duty_teller.services.texts.calendars import state_lines

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["upkeep"])

logger = logging.getLogger(__name__)

_PATIENCE: Final = 6.0
"""Seconds in which most calendars are read; of a slower one the page learns later."""


class CalendarRead(SQLModel):
    """A calendar of somebody else's over a roster, without its address; `lines`: how it is doing, in words."""

    id: int
    roster_id: int
    name: str
    host: str
    lines: list[str]
    in_trouble: bool
    from_setting: bool
    is_absences: bool


class DigestRead(SQLModel):
    """A trusted group and the digest that it gets."""

    chat_id: int
    title: str
    digest: DigestKind


class BackupRead(SQLModel):
    """The last backup that was made on the server by itself, or from here: when, and how many bytes."""

    made_at: datetime
    size: int


class UpkeepRead(SQLModel):
    """The answer of `/api/upkeep`; `backs_up` is false where a database server has to make the backups."""

    calendars: list[CalendarRead]
    groups: list[DigestRead]
    backs_up: bool
    backup: BackupRead | None


class NewCalendar(SQLModel):
    """A calendar to be shown over a roster."""

    roster_id: int
    name: str = Field(max_length=200)
    address: str = Field(max_length=2000)


class CalendarRef(SQLModel):
    """A calendar."""

    calendar_id: int


class CalendarKind(CalendarRef):
    """Whether the events of a calendar are absences."""

    absences: bool


class DigestWish(SQLModel):
    """Which digest a group gets."""

    chat_id: int
    digest: DigestKind


class NoWish(SQLModel):
    """Nothing more to say."""


@router.get("/upkeep")
def look(person: PersonOf, session: SessionOf, state: StateOf) -> UpkeepRead:
    """Returns how calendars, digests and backups are, for admins."""
    now, lang = state.clock(), get_lang(person, state.settings.default_language)
    try:
        by_admin.check(person)
    except LocalizedError as error:
        raise refusal(error, lang) from error
    calendars = [
        CalendarRead(
            id=one.id,
            roster_id=one.roster_id,
            name=one.name,
            host=one.host,
            lines=state_lines(lang, one, now),
            in_trouble=bool(one.trouble),
            from_setting=one.from_setting,
            is_absences=one.is_absences,
        )
        for one in store.calendars(session)
    ]
    groups = [
        DigestRead(chat_id=chat.chat_id, title=chat.title, digest=chat.digest) for chat in digests.digest_chats(session)
    ]
    backs_up = sqlite_path(state.settings.database_url) is not None
    last = _last_backup(state) if backs_up else None
    return UpkeepRead(calendars=calendars, groups=groups, backs_up=backs_up, backup=last)


def _last_backup(state: ApiState) -> BackupRead | None:
    for moment, path in backup.kept(state.settings.data_dir, state.clock()):
        try:
            return BackupRead(made_at=moment, size=path.stat().st_size)
        except OSError:  # removed at this moment: the one before it counts
            continue
    return None


async def _read_now(state: ApiState, calendar_id: int) -> None:
    """Reads a calendar; one that takes long is read while the page goes on."""
    task = asyncio.create_task(calendar_reading.refresh(state, calendar_id))
    state.under_way.add(task)
    task.add_done_callback(state.under_way.discard)
    task.add_done_callback(_log_failure)
    await asyncio.wait({task}, timeout=_PATIENCE)


def _log_failure(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:  # its text may hold the address
        logger.error("a calendar was not read: %s", type(error).__name__)


@router.post("/actions/add_calendar")
async def add(asked: NewCalendar, key: KeyOf, person: PersonOf, state: StateOf) -> CalendarRef:
    """Adds a calendar and reads it at once; how that went its state says."""

    def work(session: Session, _lang: str, now: datetime) -> CalendarRef:
        by_admin.check(person)
        return CalendarRef(calendar_id=store.add(session, asked.roster_id, asked.name, asked.address, now))

    done = CalendarRef.model_validate_json(await asyncio.to_thread(do_once, state, person, key, asked, work))
    await _read_now(state, done.calendar_id)
    return done


@router.post("/actions/read_calendar")
async def read(asked: CalendarRef, key: KeyOf, person: PersonOf, state: StateOf) -> CalendarRef:
    """Reads a calendar at once."""

    def work(session: Session, _lang: str, _now: datetime) -> CalendarRef:
        by_admin.check(person)
        store.get(session, asked.calendar_id)
        return asked

    await asyncio.to_thread(do_once, state, person, key, asked, work)
    await _read_now(state, asked.calendar_id)
    return asked


@router.post("/actions/calendar_kind")
async def kind(asked: CalendarKind, key: KeyOf, person: PersonOf, state: StateOf) -> CalendarRef:
    """Says whether the events of a calendar are absences, and reads it anew."""

    def work(session: Session, _lang: str, now: datetime) -> CalendarRef:
        by_admin.check(person)
        calendar_absences.count(session, state.settings, asked.calendar_id, asked.absences, now)
        return CalendarRef(calendar_id=asked.calendar_id)

    done = CalendarRef.model_validate_json(await asyncio.to_thread(do_once, state, person, key, asked, work))
    await _read_now(state, done.calendar_id)
    return done


@router.post("/actions/remove_calendar")
def remove(asked: CalendarRef, key: KeyOf, person: PersonOf, state: StateOf) -> CalendarRef:
    """Forgets a calendar, its events and the absences that it has brought."""

    def work(session: Session, _lang: str, now: datetime) -> CalendarRef:
        by_admin.check(person)
        calendar_absences.forget(session, state.settings, asked.calendar_id, now)
        return asked

    return CalendarRef.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/digest")
def digest(asked: DigestWish, key: KeyOf, person: PersonOf, state: StateOf) -> DigestRead:
    """Says which digest a group gets."""

    def work(session: Session, _lang: str, _now: datetime) -> DigestRead:
        by_admin.check(person)
        chat = digests.set_digest(session, asked.chat_id, asked.digest)
        return DigestRead(chat_id=chat.chat_id, title=chat.title, digest=chat.digest)

    return DigestRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/backup")
def make_backup(asked: NoWish, key: KeyOf, person: PersonOf, state: StateOf) -> BackupRead:
    """Makes a backup that stays on the server, beside those of the nights."""
    lang, now, settings = get_lang(person, state.settings.default_language), state.clock(), state.settings

    made: list[BackupRead] = []
    with state.backing_up:  # before the transaction of its key: it takes long, and no writer is to wait for it
        try:
            by_admin.check(person)
            if sqlite_path(settings.database_url) is None:
                raise LocalizedError("backup.server")
            with session_scope(settings.database_url) as session:
                known = session.get(DoneAction, (person.user_id, key.key))
            if known is None:
                done = backup.make_own(settings.database_url, settings.data_dir, now)
                made.append(BackupRead(made_at=done.made_at, size=done.size))
        except LocalizedError as error:
            raise refusal(error, lang) from error
        except (backup.BackupError, OSError, sqlite3.Error) as error:
            logger.error("no backup could be made: %s", error)
            raise refusal(LocalizedError("app.set.backup.failed", why=str(error)[:200]), lang) from error
        return BackupRead.model_validate_json(do_once(state, person, key, asked, lambda *_given: made[0]))
