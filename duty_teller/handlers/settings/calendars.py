"""/settings: the calendars of others that are shown over a roster."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from sqlmodel import Session

from duty_teller.handlers.common import app_of
from duty_teller.handlers.settings.pages import KIND, Action, Ask, Page, actions, data_of, takes_text
from duty_teller.i18n import LocalizedError
from duty_teller.services import calendar_absences
from duty_teller.services.calendar_reading import refresh
from duty_teller.services.calendars import store
from duty_teller.services.calendars.store import CalendarState
from duty_teller.services.texts.calendars import state_text
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import FLAG, ID

_ADDRESS: Final = re.compile(r"(?:https?|webcal)://\S+", re.IGNORECASE)


async def calendars(ask: Ask) -> Page:
    """Lists the calendars of a roster, and how each is doing."""
    number = ask.number()
    found = await ask.read(partial(store.calendars, roster_id=number))
    lines = [f"🗓 <b>{ask.t('calendars.title')}</b>", ""]
    lines += [state_text(ask.lang, one, ask.now) for one in found] or [ask.t("calendars.no_calendars")]
    rows: Keyboard = [[Button(one.name[:40], data_of("ec", one.id))] for one in found]
    rows.append([ask.button("calendars.add", "ea", number)])
    return Page("\n".join(lines), [*rows, [ask.button("settings.back", "m", number)]])


async def ask_calendar(ask: Ask) -> Page:
    """Asks for a name and an address."""
    rows = [[ask.button("settings.cancel", "el", ask.number())]]
    return Page(ask.t("calendars.ask"), rows, (KIND + "calendar", {"roster": ask.number()}))


async def take_calendar(ask: Ask, text: str, payload: Mapping[str, Any]) -> Page:
    """Takes what was typed, reads the calendar at once, and says how that went."""
    roster_id, found = int(payload["roster"]), _ADDRESS.search(text)
    if found is None:
        raise LocalizedError("calendars.unread")
    name = (text[: found.start()] + text[found.end() :]).strip(" \n:=-–—")
    if not name:
        raise LocalizedError("calendars.unread")
    add = partial(store.add, roster_id=roster_id, name=name, address=found[0], now=ask.now)
    calendar_id = await ask.write(add)
    return await _read_now(ask, calendar_id)


async def _read_now(ask: Ask, calendar_id: int) -> Page:
    await refresh(app_of(ask.context), calendar_id)
    return await _calendar(ask, calendar_id)


async def calendar(ask: Ask) -> Page:
    """Shows a calendar, and what can be done with it."""
    return await _calendar(ask, ask.number())


async def _calendar(ask: Ask, calendar_id: int) -> Page:
    def look(session: Session) -> CalendarState:
        roster_id = store.get(session, calendar_id).roster_id
        return next(one for one in store.calendars(session, roster_id) if one.id == calendar_id)

    found = await ask.read(look)
    rows: Keyboard = [[ask.button("calendars.read_now", "er", found.id)]]
    rows.append(
        [
            ask.button(
                "calendars.as_events" if found.is_absences else "calendars.as_absences",
                "eb",
                found.id,
                not found.is_absences,
            )
        ]
    )
    if not found.from_setting:
        rows[0].append(ask.button("calendars.remove", "ex", found.id))
    return Page(state_text(ask.lang, found, ask.now), [*rows, [ask.button("settings.back", "el", found.roster_id)]])


async def read_now(ask: Ask) -> Page:
    """Reads a calendar at once."""
    return await _read_now(ask, ask.number())


async def count(ask: Ask) -> Page:
    """Says whether the events are absences, and reads the calendar anew."""
    settings = app_of(ask.context).settings
    wanted: bool = ask.args[1]
    await ask.write(lambda s: calendar_absences.count(s, settings, ask.number(), wanted, ask.now))
    return await _read_now(ask, ask.number())


async def remove(ask: Ask) -> Page:
    """Forgets a calendar and its events."""

    def work(session: Session) -> int:
        roster_id = store.get(session, ask.number()).roster_id
        calendar_absences.forget(session, app_of(ask.context).settings, ask.number(), ask.now)
        return roster_id

    roster_id = await ask.write(work)
    return await calendars(Ask(ask.update, ask.context, ask.person, ask.lang, (roster_id,)))


ACTIONS: Final = actions(
    {
        "el": (calendars, ID),
        "ea": (ask_calendar, ID),
        "ec": (calendar, ID),
        "er": (read_now, ID),
        "eb": (count, ID, FLAG),
        "ex": (remove, ID),
    }
)


def register(entry: Action) -> None:
    """Names who takes typed answers; `entry` is the page to show where the roster was retired meanwhile."""
    takes_text(KIND + "calendar", take_calendar, entry)
