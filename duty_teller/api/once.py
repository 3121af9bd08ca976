"""What is done for somebody under a key of its own: once, however often it is sent, with the same answer to all."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final

import orjson
from fastapi import Header
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

KeyOf = Annotated[
    str, Header(alias="Idempotency-Key"), StringConstraints(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9-]+$")
]

_HERE: Final = {"change.gone": "app.change.gone", "cover.outside": "app.do.cover.outside"}
"""Reasons that say what to do in the chat → the same where a form does it."""

Work = Callable[[Session, str, datetime], SQLModel]
"""Does it in a writing session, in the person's language, at the present instant, and returns the answer."""


def do_once(state: ApiState, person: Person, key: str, asked: SQLModel, work: Work) -> str:
    """Does something once, in one transaction, and returns its answer as JSON.

    Raises:
        ApiError: 409, in the person's language: `moved` where it is not any more what was shown, else `refused`.
    """
    lang, now = get_lang(person, state.settings.default_language), state.clock()
    what = f"{type(asked).__name__} {asked.model_dump_json()}"

    def done(session: Session) -> str:
        return orjson.dumps(work(session, lang, now).model_dump(mode="json")).decode()

    try:
        with writing(state.settings.database_url) as session:
            return once(session, person.user_id, key, what, now, lambda: done(session))
    except LocalizedError as error:
        raise refusal(error, lang) from error


def refusal(error: LocalizedError, lang: str) -> ApiError:
    """Returns why something was not done, as the API answers it."""
    if isinstance(error, PlanMovedError):
        reasons = "\n".join(f"• {reason.text(lang)}" for reason in error.reasons)
        return ApiError(409, "moved", LocalizedError("import.page.moved", reasons=reasons), lang)
    shown = LocalizedError(_HERE[error.key]) if error.key in _HERE else error
    return ApiError(409, "moved" if isinstance(error, EditMovedError | SettingsMovedError) else "refused", shown, lang)
