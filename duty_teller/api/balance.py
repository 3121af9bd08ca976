"""`GET /api/balance`: hours, nights and weekends of everybody in a span of days, and the same as a workbook."""

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Depends, Response

from duty_teller.api.dependencies import DaysOf, PersonOf, SessionOf, StateOf, not_stored
from duty_teller.api.mine import worked_fields
from duty_teller.db import repository
from duty_teller.db.schemas import BalanceRead
from duty_teller.domain.figures import HoursSheet
from duty_teller.exporters.hours_files import write_xlsx
from duty_teller.i18n import get_lang
from duty_teller.services.hours.balance import balance as balance_of
from duty_teller.services.hours.report import sheet

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["team"])

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/balance")
def balance(_person: PersonOf, session: SessionOf, days: DaysOf, roster: int | None = None) -> list[BalanceRead]:
    """Returns what each of the people has worked and is planned to on the local days `from` to `to`, by name.

    Of one roster, or of all together.
    """
    rosters = [one.id or 0 for one in repository.rosters(session) if roster is None or one.id == roster]
    found = balance_of(session, rosters, *days)
    return [
        BalanceRead.model_validate({**worked_fields(part), "user_id": user_id, "full_name": name})
        for user_id, name, part in found
    ]


@router.get("/balance.xlsx", response_class=Response)
def workbook(
    person: PersonOf, session: SessionOf, state: StateOf, days: DaysOf, roster: int | None = None, own: bool = False
) -> Response:
    """Returns the hours of a span of days, everybody's or one's `own`, as a workbook of sums and details.

    Pay is for admins.
    """
    rosters = [one.id or 0 for one in repository.rosters(session) if roster is None or one.id == roster]
    found = sheet(session, *days, rosters, person.user_id if own else None)
    shown = found if person.is_admin else _without_pay(found)
    return Response(write_xlsx(shown, get_lang(person, state.settings.default_language)), media_type=_XLSX)


def _without_pay(found: HoursSheet) -> HoursSheet:
    lines = (replace(line, figures=replace(line.figures, pay=None)) for line in found.lines)
    corrections = (replace(one, figures=replace(one.figures, pay=None)) for one in found.corrections)
    details = (replace(one, rate=None) for one in found.details)
    return replace(found, lines=tuple(lines), corrections=tuple(corrections), details=tuple(details))
