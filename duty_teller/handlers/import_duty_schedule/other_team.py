"""A file that names nobody of the roster: is it another team's, with a roster of its own?"""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any, Final

from telegram import Update

from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.import_duty_schedule.steps import STEP, show
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import reply
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import LocalizedError, t
from duty_teller.services.dialogues import Waiting
from duty_teller.services.import_service import draft_codes
from duty_teller.services.import_service.draft_codes import OtherTeam
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.people.access import Person
from duty_teller.services.rosters import rosters
from duty_teller.utils.buttons import Keyboard

FIRST: Final = "import-first"
NAME: Final = "import-roster"
"""The kinds of dialogues: the name of the only roster there is, and that of the new one."""


def team_question(lang: str, draft: Draft, asked: OtherTeam) -> tuple[str, Keyboard]:
    """Returns the question as Telegram HTML, and its buttons."""
    rows = [
        [button(lang, "import.chat.team_new", STEP(draft.id, "team"))],
        [button(lang, "import.chat.team_same", STEP(draft.id, "same"))],
    ]
    return f"❓ {t(lang, 'import.chat.ask_team', n=asked.people)}", rows


async def ask_name(update: Update, context: Context, draft: Draft, person: Person, lang: str) -> None:
    """Asks what the new roster is called; before that for the name of the first one, if it has none."""
    live = await app_of(context).db(rosters.live)
    kind, key = (NAME, "rosters.ask_name") if live[0].name else (FIRST, "rosters.ask_first_name")
    await show(update, context, draft, t(lang, key), [[button(lang, "settings.back", STEP(draft.id, "ask"))]])
    await typed_text.wait_for_text(update, context, person, kind, {"draft": draft.id})


async def take_first(
    update: Update, context: Context, person: Person, lang: str, payload: Mapping[str, Any], text: str
) -> None:
    """Takes the name of the roster there is; it is stored together with the new one.

    Raises:
        LocalizedError: As `rosters.check_name`; the question stays open.
    """
    first = (await app_of(context).db(rosters.live))[0]
    name = await app_of(context).db(partial(rosters.check_name, text=text, roster_id=first.id))
    await reply(update, t(lang, "rosters.ask_second_name", name=escape(name)))
    await typed_text.wait_for_text(update, context, person, NAME, {**payload, "first": name})


async def take_name(context: Context, person: Person, waiting: Waiting, text: str) -> Draft:
    """Takes the name of the new roster: the import goes there.

    Raises:
        LocalizedError: As `draft_codes.move_to_new_roster`; the question stays open.
    """
    app, first = app_of(context), waiting.payload.get("first")
    if isinstance(first, str) and " ".join(text.split()).casefold() == first.casefold():
        raise LocalizedError("rosters.name_taken", name=first)
    move = partial(draft_codes.move_to_new_roster, draft_id=int(waiting.payload["draft"]), owner_id=person.user_id)
    draft: Draft = await app.db(partial(move, name=text, first_name=first, now=app.clock()), write=True)
    await typed_text.end(app, person.user_id)
    return draft
