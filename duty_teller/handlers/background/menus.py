"""The commands that Telegram offers somebody follow their role, wherever it was given or taken: a chore of the tick."""

from datetime import datetime

from sqlmodel import Session
from telegram import Bot

from duty_teller.db import repository
from duty_teller.handlers.common import App
from duty_teller.handlers.transport import command_lists
from duty_teller.i18n import get_lang
from duty_teller.services.people import roles
from duty_teller.services.people.access import Level
from duty_teller.services.people.roles import Standing


async def keep_menus(app: App, bot: Bot, _now: datetime) -> tuple[bool, datetime | None]:
    """Offers whoever is something else by now the commands of what they are.

    Whoever comes for the first time is offered theirs by Start; at the first look all have been offered theirs.

    Returns:
        Whether something has to be tried again, and no boundary.
    """

    def look(session: Session) -> tuple[int, dict[int, Standing]]:
        revision = repository.revision(session, "people")
        return revision, {} if revision == app.menus_at else roles.standings(session, app.settings)

    revision, found = await app.db(look)
    if app.menus is None:
        app.menus = {account: one.level for account, one in found.items()}
    again = False
    for account, one in found.items():
        if app.menus.setdefault(account, one.level) == one.level:
            continue
        if await _offer(app, bot, account, one):
            app.menus[account] = one.level
        else:
            again = True
    if not again:
        app.menus_at = revision
    return again, None


async def _offer(app: App, bot: Bot, account: int, one: Standing) -> bool:
    if one.level is Level.STRANGER:
        return await command_lists.hide_own_commands(bot, account)
    lang = get_lang(one, app.settings.default_language)
    return await command_lists.show_to(bot, app, account, one.level is Level.ADMIN, lang, one.language)
