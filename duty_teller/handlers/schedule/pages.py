"""What /duty, /week and /my share: a page, and turning it in place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self

from sqlmodel import Session
from telegram import Update

from duty_teller.db import repository
from duty_teller.db.models import Roster
from duty_teller.handlers.common import App, Context, app_of, is_private
from duty_teller.handlers.transport.answers import answer, edit
from duty_teller.handlers.transport.keyboards import calendar_button, keyboard_of
from duty_teller.i18n import LocalizedError
from duty_teller.services.people.access import Person
from duty_teller.services.rosters.own import first_of
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, maybe, spoken

Page = tuple[str, Keyboard]

_OWN: Final = "-"
"""In place of a language: whoever presses reads their own."""

SHOWN_IN: Final = (maybe(spoken(_OWN)), maybe(ID))
"""The last fields of a button that turns a page: the language and the roster in which it is shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How a page is shown; buttons carry it along, so that whoever turns a page leaves it as it is.

    Attributes:
        lang: The reader's language.
        in_group: A group's pages keep the language they were asked for in.
        roster_id: Which roster, where there are several; None: the one that whoever asks means most likely.
        user_id: Who asks.
        chat_id: The group.
        may_change: Whoever asks is an admin, in the private chat.
    """

    lang: str
    in_group: bool
    roster_id: int | None = None
    user_id: int | None = None
    chat_id: int | None = None
    may_change: bool = False

    @classmethod
    def asked(cls, update: Update, person: Person | None, lang: str) -> Self:
        """Returns how a command is answered."""
        chat = update.effective_chat
        group = None if chat is None or is_private(update) else chat.id
        user_id = person.user_id if person is not None else None
        may_change = group is None and person is not None and person.is_admin
        return cls(lang, group is not None, None, user_id, group, may_change)

    def turned(self, lang: str | None, roster_id: int | None) -> Self:
        """Returns how the page of a button is shown, by the button's last fields."""
        spoken = lang if lang not in (None, _OWN) and self.in_group else self.lang
        return replace(self, lang=spoken, roster_id=roster_id)

    @property
    def fields(self) -> tuple[str | None, int | None]:
        """The last fields of the buttons under the page."""
        tag = self.lang if self.in_group else None
        return tag or (_OWN if self.roster_id is not None else None), self.roster_id

    def choose(self, session: Session, now: datetime) -> tuple[Roster | None, Self, Sequence[Roster]]:
        """Returns the roster to show (None: there is none), how it is shown, and all of them.

        Raises:
            LocalizedError: `rosters.gone`: the roster of a button is out of use by now.
        """
        rosters = repository.rosters(session)
        if len(rosters) < 2:
            return (rosters[0] if rosters else None), replace(self, roster_id=None), rosters
        if self.roster_id is None:
            roster = first_of(session, rosters, self.user_id, self.chat_id, now)
            return roster, replace(self, roster_id=roster.id), rosters
        found = next((roster for roster in rosters if roster.id == self.roster_id), None)
        if found is None:
            raise LocalizedError("rosters.gone")
        return found, self, rosters


def other_rosters(rosters: Sequence[Roster], shown: Shown, data: Callable[[Shown], str]) -> Keyboard:
    """Returns buttons that turn the same page to the other rosters, two in a row; none where there is only one.

    Args:
        rosters: All that are in use.
        shown: How the page is shown.
        data: Makes a button's data from how its page is shown.
    """
    keys = [
        Button(f"📋 {roster.name}", data(replace(shown, roster_id=roster.id)))
        for roster in rosters
        if shown.roster_id is not None and roster.id != shown.roster_id
    ]
    return [keys[at : at + 2] for at in range(0, len(keys), 2)]


def data_of(update: Update) -> str:
    """Returns the data of the button that was pressed."""
    query = update.callback_query
    return (query.data or "") if query is not None else ""


def app_rows(update: Update, context: Context, person: Person | None, lang: str) -> Keyboard:
    """Returns the row that opens the calendar: anew under a command, as it was under a page that is turned."""
    query = update.callback_query
    if query is None or is_private(update):
        private = is_private(update)
        wanted = private or person is not None
        return calendar_button(app_of(context), lang, context.bot.username, private) if wanted else []
    return [row for row in keyboard_of(update) if all(key.data is None for key in row)]


async def looked_up(update: Update, app: App, look: Callable[[Session], Page], lang: str) -> Page | None:
    """Answers a tap with the page it asks for; what cannot be shown is said in an alert, and there is none."""
    try:
        page = await app.db(look)
    except LocalizedError as error:
        await answer(update, error.text(lang))
        return None
    await answer(update)
    return page


async def turn_to(update: Update, context: Context, app: App, look: Any, lang: str) -> None:
    """Shows another page in place; what cannot be shown is said in an alert and changes nothing."""
    page = await looked_up(update, app, look, lang)
    if page is not None:
        text, rows = page
        await edit(update, context, text, rows + app_rows(update, context, None, lang))
