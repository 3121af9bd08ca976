"""What is done for somebody under a key of its own: once, however often it is sent, with the same answer to all."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, NamedTuple

import orjson
from fastapi import Depends, Header, Request
from pydantic import StringConstraints
from sqlmodel import Session, SQLModel

from duty_teller.api.errors import ApiError
from duty_teller.api.state import ApiState
from duty_teller.composition import writing
from duty_teller.i18n import LocalizedError, get_lang
from duty_teller.services.actions import once
from duty_teller.services.editing import EditMovedError
from duty_teller.services.import_service.shown_plan import PlanMovedError
from duty_teller.services.people.access import Person
from duty_teller.services.roster_form import SettingsMovedError


class ActionKey(NamedTuple):
    """The key somebody sent, and the action it was sent for: the address, since several take the same order."""

    action: str
    key: str


def _sent(
    request: Request,
    key: Annotated[
        str,
        Header(alias="Idempotency-Key"),
        StringConstraints(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9-]+$"),
    ],
) -> ActionKey:
    return ActionKey(request.url.path.rpartition("/")[2], key)


KeyOf = Annotated[ActionKey, Depends(_sent)]

HERE: Final = {
    "change.gone": "app.change.gone",
    "cover.asked_already": "app.do.cover.asked",
    "cover.gone": "app.do.cover.gone",
    "cover.outside": "app.do.cover.outside",
    "people.gone": "people.page.gone",
    "people.last_admin": "people.page.last_admin",
    "people.role_no_account": "people.page.no_account",
    "people.role_inactive": "people.page.inactive",
    "people.name_taken": "people.page.name_taken",
    "people.merge_has_account": "people.page.has_account",
    "people.merged_into": "people.page.merged_into",
}
"""Reasons that say what to do in the chat, or name a command → the same where a form or a tap does it."""

Work = Callable[[Session, str, datetime], SQLModel]
"""Does it in a writing session, in the person's language, at the present instant, and returns the answer."""


def do_once(state: ApiState, person: Person, key: ActionKey, asked: SQLModel, work: Work) -> str:
    """Does something once, in one transaction, and returns its answer as JSON.

    Raises:
        ApiError: 409, in the person's language: `moved` where it is not any more what was shown, else `refused`.
    """
    lang, now = get_lang(person, state.settings.default_language), state.clock()
    what = f"{key.action} {asked.model_dump_json()}"

    def done(session: Session) -> str:
        return orjson.dumps(work(session, lang, now).model_dump(mode="json")).decode()

    try:
        with writing(state.settings.database_url) as session:
            return once(session, person.user_id, key.key, what, now, lambda: done(session))
    except LocalizedError as error:
        raise refusal(error, lang) from error


def refusal(error: LocalizedError, lang: str) -> ApiError:
    """Returns why something was not done, as the API answers it."""
    if isinstance(error, PlanMovedError):
        reasons = "\n".join(f"• {reason.text(lang)}" for reason in error.reasons)
        return ApiError(409, "moved", LocalizedError("import.page.moved", reasons=reasons), lang)
    shown = LocalizedError(HERE[error.key], **error.args_by_name) if error.key in HERE else error
    return ApiError(409, "moved" if isinstance(error, EditMovedError | SettingsMovedError) else "refused", shown, lang)
