"""Being away: an absence in every roster of a person, what falls into it, and coming back.

Whoever is ill has colleagues asked at once for what begins soon; where there is nobody to ask, the admins are told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, select

from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import CoverRequest, CoverRole, Duty, EventType, NoticeKind, Roster, ScheduleChange
from duty_teller.i18n import LocalizedError, get_lang
from duty_teller.services import schedule_service
from duty_teller.services.cover_service import follow, requests
from duty_teller.services.cover_service.model import Actor, CoverError
from duty_teller.services.people import access, accounts, admin_notices
from duty_teller.services.people.access import Person
from duty_teller.services.schedule_service import Author, absences, edits
from duty_teller.services.schedule_service.absences import Affected
from duty_teller.services.schedule_service.asked_edits import SHIFT, AskedEdit, EditKind
from duty_teller.services.schedule_service.edits import PlannedEdit
from duty_teller.services.texts import changes, days
from duty_teller.services.texts.duty import span_text
from duty_teller.utils.dates import local_day

_SOON: Final = timedelta(days=1)
"""Whoever is ill has colleagues asked at once for what begins so soon."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What was made of an absence.

    Attributes:
        change: The first change; those of further rosters are part of it.
        affected: The times on duty that fall into it and are not over.
        asked: Those of them for which colleagues are asked now.
        nobody_to_ask: Something begins soon, and nobody could be asked for it.
        left: Those for which cover was wanted in the same breath, and nobody could be asked.
    """

    change: ScheduleChange
    affected: list[Affected]
    asked: list[Affected]
    nobody_to_ask: bool
    left: list[Affected]


@dataclass(frozen=True, slots=True)
class Falling:
    """A time on duty that would fall into an absence.

    Attributes:
        duty: Which part of it.
        request: What is looked for already, of it or of a part.
        at_once: Colleagues will be asked as soon as the absence is entered.
    """

    duty: Affected
    request: CoverRequest | None
    at_once: bool


def check_may(person: Person, user_id: int) -> None:
    """Looks that somebody enters their own absence, or is an admin.

    Raises:
        LocalizedError: `bot.admins_only`.
    """
    if person.user_id != user_id and not person.is_admin:
        raise LocalizedError("bot.admins_only")


def rosters_of(session: Session, user_id: int) -> list[Roster]:
    """Returns the rosters in which somebody has, or had, shifts; the first one for whoever has none yet."""
    live = repository.rosters(session)
    theirs = set(session.exec(select(Duty.roster_id).where(Duty.user_id == user_id).distinct()).all())
    return [roster for roster in live if roster.id in theirs] or list(live[:1])


def name_of(session: Session, user_id: int) -> str:
    """Returns somebody's name.

    Raises:
        LocalizedError: `view.person_gone`.
    """
    user = accounts.find(session, user_id)
    if user is None or not user.is_active:
        raise LocalizedError("view.person_gone")
    return user.full_name


def check_reach(session: Session, first: date, last: date, now: datetime) -> None:
    """Looks that days are near enough to be meant: others are a slip, or forged.

    Raises:
        LocalizedError: `view.too_far`.
    """
    today = days.todays(repository.rosters(session), now)
    if any(abs(day - today) > 2 * days.REACH for day in (first, last)):
        raise LocalizedError("view.too_far")


def falling(
    session: Session, person: Person, user_id: int, kind: EventType, first: date, last: date, now: datetime
) -> list[Falling]:
    """Returns the times on duty that would fall into an absence, by start; arguments are those of `enter`.

    Raises:
        LocalizedError: `bot.admins_only`, `view.too_far`, `away.order`.
    """
    check_may(person, user_id)
    check_reach(session, first, last, now)
    if last < first:
        raise LocalizedError("away.order")
    asks, found = requests.open_asks(session, [user_id]), []
    for one in absences.affected(session, rosters_of(session, user_id), user_id, kind, first, last, now):
        request = _request_for(asks, one)
        found.append(Falling(one, request, request is None and _is_soon(kind, one, now)))
    return found


def _request_for(asks: Sequence[CoverRequest], one: Affected) -> CoverRequest | None:
    ours = (ask for ask in asks if ask.roster_id == one.roster_id)
    return requests.touching(ours, one.start_at, one.end_at)


def _is_soon(kind: EventType, one: Affected, now: datetime) -> bool:
    return kind == EventType.SICK and one.start_at < now + _SOON


def enter(
    session: Session,
    settings: Settings,
    lang: str,
    person: Person,
    user_id: int,
    kind: EventType,
    first: date,
    last: date,
    now: datetime,
    cover: Collection[int] = (),
) -> Entered:
    """Writes an absence into every roster of a person, in the caller's transaction.

    Args:
        session: A writing session.
        settings: Tell who is an admin.
        lang: Of the words that the history keeps.
        person: Who enters it: whoever is away, or an admin.
        user_id: Who is away.
        kind: A type of absence.
        first: The first local day.
        last: The last one, included.
        now: The present instant.
        cover: Of the times on duty that fall into it those (by `Affected.shift_id`) for which colleagues are to be
            asked, though nobody is ill or they do not begin soon.

    Raises:
        LocalizedError: It cannot be meant, is entered already, or is not theirs to enter.
    """
    check_may(person, user_id)
    check_reach(session, first, last, now)
    if not kind.is_absence:
        raise LocalizedError("error.http_malformed")
    name, author = name_of(session, user_id), Author(person.user_id, person.full_name)
    rosters = rosters_of(session, user_id)
    change: ScheduleChange | None = None
    for roster in rosters:
        planned = absences.plan_absence(session, roster, user_id, kind, first, last)
        change = _apply(session, lang, roster, planned, author, now, change)
    if change is None:
        raise LocalizedError("view.no_roster")
    found = absences.affected(session, rosters, user_id, kind, first, last, now)
    soon = [one for one in found if _is_soon(kind, one, now)]
    asked = [one for one in soon if _asked(session, settings, person, one, kind, now)]
    _tell_admins(session, settings, person, name, user_id, [o for o in soon if o not in asked], change.id or 0, now)
    asks = requests.open_asks(session, [user_id])
    left: list[Affected] = []
    for one in found:
        if one.shift_id not in cover or one in asked:
            continue
        looked_for = _request_for(asks, one) is not None
        if not looked_for and one not in soon:
            looked_for = _asked(session, settings, person, one, kind, now)
        (asked if looked_for else left).append(one)
    return Entered(change, found, asked, bool(soon) and not asked, left)


def _apply(
    session: Session,
    lang: str,
    roster: Roster,
    planned: PlannedEdit,
    author: Author,
    now: datetime,
    first: ScheduleChange | None,
) -> ScheduleChange:
    """Writes a roster's part of a change; returns the first part, which the others are undone with."""
    what = changes.words_of(session, lang, roster, planned.diff.items)
    made = schedule_service.apply(session, planned.diff, author, what, planned.diff.revision, now)
    made.part_of_id = None if first is None else first.id
    return first or made


def _asked(
    session: Session, settings: Settings, person: Person, one: Affected, because: EventType, now: datetime
) -> bool:
    """Asks everybody who could take a duty of somebody ill, and tells the admins; whether there is anybody to ask."""
    try:
        with session.begin_nested():
            request = ask(session, person, one.shift_id, (one.start_at, one.end_at), now, because)
    except CoverError:
        return False
    follow.warn(session, settings, request, now)
    return True


def ask(
    session: Session,
    person: Person,
    shift_id: int,
    span: tuple[datetime, datetime],
    now: datetime,
    because: EventType | None = None,
) -> CoverRequest:
    """Asks those who could take a duty of somebody away; whoever asks gets a message of how it is doing.

    Raises:
        CoverError: There is nothing or nobody to ask, or it was done before.
    """
    request = requests.ask(
        session, Actor(person.user_id, person.full_name, person.is_admin), shift_id, now, span, because=because
    )
    if request.owner_id != person.user_id:
        requests.start_message(session, request, person.user_id, CoverRole.ADMIN, None, now)
    return request


def _tell_admins(
    session: Session,
    settings: Settings,
    person: Person,
    name: str,
    user_id: int,
    soon: Sequence[Affected],
    change_id: int,
    now: datetime,
) -> None:
    """Tells the admins at once of somebody who is ill and on duty now, or within a day, where nobody can be asked."""
    if not soon:
        return
    roster = session.get_one(Roster, soon[0].roster_id)
    expires_at = max(one.end_at for one in soon)
    for admin in access.admins_to_tell(session, settings, NoticeKind.PEOPLE):
        if admin.id not in (person.user_id, user_id):
            lang = get_lang(admin, settings.default_language)
            spans = "; ".join(span_text(lang, one.start_at, one.end_at, roster.timezone) for one in soon)
            asked = AskedEdit(EditKind.GIVE, soon[0].roster_id, soon[0].shift_id, 0, soon[0].start_at, soon[0].end_at)
            admin_notices.ill_now(session, admin, name, spans, SHIFT(asked), change_id, expires_at, now)


def come_back(session: Session, lang: str, person: Person, shift_id: int, now: datetime) -> ScheduleChange:
    """Ends an absence today, in every roster that has the same; what lies before today stays.

    Args:
        session: A writing session.
        lang: Of the words that the history keeps.
        person: Whoever is away, or an admin.
        shift_id: The absence as one roster has it.
        now: The present instant.

    Raises:
        LocalizedError: `change.gone`, `bot.admins_only`.
    """
    stored = session.get(Duty, shift_id)
    if stored is None or stored.cancelled_at is not None:
        raise LocalizedError("change.gone")
    check_may(person, stored.user_id)
    user_id, kind, start = stored.user_id, stored.event_type, stored.start_at
    author = Author(person.user_id, person.full_name)
    first: ScheduleChange | None = None
    for roster in rosters_of(session, user_id):
        for row in edits.stored_between(session, roster.id or 0, start, start + timedelta(days=1), user_id, (kind,)):
            if abs(row.shift.start_at - start) > timedelta(hours=26):
                continue
            planned = absences.plan_back(session, roster, row.id, local_day(now, roster.timezone))
            first = _apply(session, lang, roster, planned, author, now, first)
    if first is None:
        raise LocalizedError("change.gone")
    return first
