"""`GET /api/balance`: hours, nights and weekends of everybody in a span of days."""

from fastapi import APIRouter, Depends

from duty_teller.api.dependencies import DaysOf, PersonOf, SessionOf, not_stored
from duty_teller.api.mine import worked_fields
from duty_teller.db import repository
from duty_teller.db.schemas import BalanceRead
from duty_teller.services.hours.balance import balance as balance_of

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["team"])


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
