"""Strangers: answered once a minute, may ask for access; an admin is asked who bears a @username of the roster."""

from datetime import timedelta
from typing import Final

from sqlmodel import Session

from duty_teller.db.models import NoticeKind
from duty_teller.handlers.common import App, Context, app_of
from duty_teller.i18n import get_lang, t
from duty_teller.services.people import access, accounts, admin_notices, joining
from duty_teller.services.people.joining import Standing
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.user import Visitor

_ONCE_IN: Final = timedelta(minutes=1)
_REMEMBERED: Final = 10_000

ASK: Final = "access"
"""The data of the button by which a stranger asks for access."""


def may_answer(app: App, account_id: int) -> bool:
    """Tells whether a stranger is answered now, and remembers it: what they write within a minute of it is not heard.

    Args:
        app: What the bot works with.
        account_id: The account or, where a group's admins are hidden behind it, the group.
    """
    now, last = app.clock(), app.refused_at.get(account_id)
    if last is not None and timedelta() <= now - last < _ONCE_IN:
        return False
    app.refused_at.pop(account_id, None)
    app.refused_at[account_id] = now
    while len(app.refused_at) > _REMEMBERED:
        del app.refused_at[next(iter(app.refused_at))]
    return True


async def ask_admins(context: Context, visitor: Visitor) -> None:
    """Has the admins asked who a stranger is who bears a roster person's @username; the stranger is told nothing of it.

    Strangers read only: the write lock is taken when there is a question, which is asked once in twelve hours.

    Args:
        context: Of the update.
        visitor: The stranger.
    """
    app = app_of(context)
    now, spoken = app.clock(), get_lang(visitor, app.settings.default_language)

    def ask(session: Session, write: bool) -> bool:
        people = accounts.people_named(session, visitor.username)
        if len(people) != 1 or admin_notices.was_asked(session, visitor.telegram_user_id, now):
            return False
        admins = access.admins_to_tell(session, app.settings, NoticeKind.PEOPLE)
        if write:
            admin_notices.ask_who(session, admins, people[0], visitor, spoken, now)
        return bool(admins)

    if await app.db(lambda session: ask(session, False)):
        await app.db(lambda session: ask(session, True), write=True)


async def asking_button(app: App, lang: str, account_id: int) -> Keyboard:
    """Returns the button by which a stranger asks for access; none for an account that waits or was refused."""
    standing, _name = await app.db(lambda session: joining.standing(session, account_id))
    if standing != Standing.NEW:
        return []
    return [[Button(t(lang, "join.ask"), ASK)]]
