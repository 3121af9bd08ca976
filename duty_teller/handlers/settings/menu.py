"""`/settings`: a small menu in one message; where there are several rosters, the one to set is chosen first."""

from typing import Final

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler

from duty_teller.handlers.common import Context, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.settings import calendars, cover, coverage, digest, holidays, hours, memory, roster, rosters
from duty_teller.handlers.settings.pages import Action, Ask, read, show
from duty_teller.handlers.transport.answers import answer, reply, send_to_private
from duty_teller.i18n import LocalizedError
from duty_teller.services.people.access import Level, Person

_ACTIONS: Final[dict[str, Action]] = {
    **roster.ACTIONS,
    **coverage.ACTIONS,
    **calendars.ACTIONS,
    **cover.ACTIONS,
    **holidays.ACTIONS,
    **hours.ACTIONS,
    **memory.ACTIONS,
    **rosters.ACTIONS,
    **digest.ACTIONS,
}


@for_people(Level.ADMIN)
async def settings(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows the menu."""
    if not is_private(update):
        await send_to_private(update, context, lang, "settings")
        return
    page = await rosters.entry(Ask(update, context, person, lang))
    await reply(update, page.text, page.rows)


@for_people(Level.ADMIN)
async def on_button(update: Update, context: Context, person: Person, lang: str) -> None:
    """Does what a button says; one of an older version, or of a roster that is retired, shows the menu."""
    query = update.callback_query
    found = read(query.data if query is not None else None)
    word, args = found if found is not None else ("", ())
    ask = Ask(update, context, person, lang, args)
    try:
        if found is None:
            raise LocalizedError("bot.button_old")
        page = await _ACTIONS[word](ask)
    except LocalizedError as error:
        await answer(update, error.text(lang))
        page = await rosters.entry(ask)
    else:
        await answer(update)
    await show(ask, page)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("settings", settings))
    application.add_handler(CallbackQueryHandler(on_button, pattern=r"^set(tings)?:"))
    roster.register(rosters.entry)
    coverage.register(rosters.entry)
    calendars.register(rosters.entry)
    holidays.register(rosters.entry)
    hours.register(rosters.entry)
    rosters.register()
