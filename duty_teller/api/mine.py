"""`GET /api/mine`, `POST /api/calendar_link`: one's own shifts and hours, and one's calendar link."""

from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, Depends

from duty_teller.api.dependencies import PersonOf, SessionOf, StateOf, not_stored
from duty_teller.api.errors import ApiError
from duty_teller.composition import writing
from duty_teller.db import repository
from duty_teller.db.models import CoverRequest, DutyRead, LinkScope
from duty_teller.db.schemas import CalendarLinkRead, MineRead, MonthWorked, OwnShiftRead, ProgramRead, QrRead
from duty_teller.domain.shift import ABSENCES
from duty_teller.i18n import LocalizedError, get_lang
from duty_teller.services.cover_service import requests, swaps
from duty_teller.services.feeds import links
from duty_teller.services.feeds.addresses import Program, feed_address, page_address
from duty_teller.services.feeds.qr import qr_code
from duty_teller.services.hours.balance import Worked, worked_in_days
from duty_teller.services.texts import days
from duty_teller.services.texts.people import first_of_month, month_number

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["mine"])

_HOUR: Final = timedelta(hours=1)


def worked_fields(part: Worked) -> dict[str, float]:
    """Returns hours, nights and weekends as the API writes them."""
    return {
        "shifts": part.shifts,
        "hours": round(part.time / _HOUR, 2),
        "nights": part.nights,
        "night_hours": round(part.night / _HOUR, 2),
        "weekend_hours": round(part.weekend / _HOUR, 2),
        "holiday_hours": round(part.holiday / _HOUR, 2),
    }


@router.get("/mine")
def mine(
    person: PersonOf,
    session: SessionOf,
    state: StateOf,
) -> MineRead:
    """Returns the times on duty and absences to come of the person who asks, and their hours of two months."""
    now, rosters = state.clock(), repository.rosters(session)
    asks = requests.open_asks(session, [person.user_id])
    shifts = []
    for shift in swaps.own_shifts(session, person.user_id, now):
        own = (r for r in asks if r.roster_id == shift.roster_id)
        ask = requests.touching(own, shift.start_at, shift.end_at)
        shifts.append(OwnShiftRead.model_validate({**_fields(shift), **asked_fields(ask)}))
    reach = now + swaps.AHEAD
    ids = [roster.id or 0 for roster in rosters]
    away = repository.shifts_between(session, ids, now, reach, ABSENCES, user_id=person.user_id)
    months = []
    this = month_number(days.todays(rosters, now)) if rosters else 0
    for number in (this, this + 1) if rosters else ():
        first = first_of_month(number)
        last = first_of_month(number + 1) - timedelta(days=1)
        part = worked_in_days(session, first, last, ids, person.user_id).get(person.user_id, Worked())
        months.append(MonthWorked.model_validate({**worked_fields(part), "month": first}))
    return MineRead(
        shifts=shifts, away=[DutyRead.model_validate(row, from_attributes=True) for row in away], months=months
    )


def asked_fields(ask: CoverRequest | None) -> dict[str, Any]:
    """Returns what the API says of an undecided request about a time on duty, or that there is none."""
    if ask is None:
        return {"asked": None, "asked_start": None, "asked_end": None}
    return {"asked": ask.id, "asked_start": ask.start_at, "asked_end": ask.end_at}


def _fields(shift: object) -> dict[str, object]:
    return {name: getattr(shift, name) for name in ("duty_id", "roster_id", "position", "start_at", "end_at")}


@router.post("/calendar_link")
def calendar_link(
    person: PersonOf,
    state: StateOf,
    again: bool = False,
    replace: str = "",
) -> CalendarLinkRead:
    """Returns the address of one's own calendar, made at the first time; a revoked one only where `again` is said.

    `replace`, the mark of the address that was shown, ends that one and gives a new one; said twice, it does so once.
    """
    base, now = state.settings.mini_app_base_url, state.clock()
    if not base:
        language = get_lang(person, state.settings.default_language)
        raise ApiError(409, "no_address", LocalizedError("bot.link_no_address"), language)
    with writing(state.settings.database_url) as session:
        if again:
            links.get_token(session, state.secret, person.user_id, LinkScope.PERSONAL, now)
        if replace:
            links.rotate(session, state.secret, person.user_id, LinkScope.PERSONAL, replace)
        found = links.links_of(session, state.secret, person.user_id, now)
    link = next(link for link in found if link.scope == LinkScope.PERSONAL)
    if link.token is None:
        return CalendarLinkRead(
            mark=link.mark, feed=None, page=None, programs=[], qr=None, last_read_at=None, last_read_by=None
        )
    page = page_address(base, link.token)
    picture = qr_code(page)
    return CalendarLinkRead(
        mark=link.mark,
        feed=feed_address(base, link.token),
        page=page,
        programs=[ProgramRead(program=program, address=page_address(base, link.token, program)) for program in Program],
        qr=QrRead(size=picture.size, path=picture.path),
        last_read_at=link.last_read_at,
        last_read_by=links.client_name(link.last_read_by or ""),
    )
