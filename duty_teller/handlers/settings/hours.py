"""/settings: which hours are night hours, hours in two rosters at once, and what an hour is paid."""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any, Final

from duty_teller.handlers.settings.pages import KIND, Action, Ask, Page, actions, takes_text
from duty_teller.handlers.settings.roster import done_page
from duty_teller.services.hours import pay
from duty_teller.services.rosters import rosters as rosters_service
from duty_teller.services.rosters import settings
from duty_teller.utils.callback_data import FLAG, ID


async def hours(ask: Ask) -> Page:
    """Shows how hours are counted and paid, and what can be changed."""
    number = ask.number()
    found = await ask.read(partial(pay.counting, roster_id=number, lang=ask.lang))
    several = len(await ask.read(rosters_service.live)) > 1
    lines = [f"<b>{ask.t('settings.to_hours')}</b>", "", _night(ask, found.night)]
    if several:
        lines.append(ask.t("settings.hours_once" if found.once else "settings.hours_twice"))
    lines.append(ask.t("settings.hours_rates" if found.rates else "settings.hours_no_rates"))
    lines += [f"<code>{escape(found.rates)}</code>"] if found.rates else []
    rows = [
        [ask.button("settings.hours_set_night", "wn", number), ask.button("settings.hours_set_rates", "wr", number)]
    ]
    if found.rates:
        rows.append([ask.button("settings.hours_stop_rates", "ws", number)])
    if several:
        key = "settings.hours_count_twice" if found.once else "settings.hours_count_once"
        rows.append([ask.button(key, "w1", number, not found.once)])
    return Page("\n".join(lines), [*rows, [ask.button("settings.back", "m", number)]])


def _night(ask: Ask, night: str) -> str:
    return ask.t("settings.hours_night", hours=night.replace("-", "–"))


async def ask_night(ask: Ask) -> Page:
    """Asks which hours are night hours."""
    number = ask.number()
    found = await ask.read(partial(pay.counting, roster_id=number, lang=ask.lang))
    text = ask.t("settings.hours_ask_night", hours=found.night.replace("-", "–"))
    return Page(text, [[ask.button("settings.cancel", "wp", number)]], (KIND + "night", {"roster": number}))


async def take_night(ask: Ask, text: str, payload: Mapping[str, Any]) -> Page:
    """Takes the night hours that were typed."""
    roster_id, night = int(payload["roster"]), settings.parse_shift(text)
    reason = ask.t("settings.reason_night", hours=night.replace("-", "–"))
    change = partial(settings.change, roster_id=roster_id, author=ask.author, reason=reason, now=ask.now)
    change_id = await ask.write(partial(change, night_hours=night))
    return done_page(ask, f"✅ {_night(ask, night)}", roster_id, change_id)


async def ask_rates(ask: Ask) -> Page:
    """Asks what an hour is paid."""
    number = ask.number()
    await ask.read(partial(rosters_service.get, roster_id=number))
    rows = [[ask.button("settings.cancel", "wp", number)]]
    return Page(ask.t("settings.hours_ask_rates"), rows, (KIND + "rates", {"roster": number}))


async def take_rates(ask: Ask, text: str, payload: Mapping[str, Any]) -> Page:
    """Takes the rates that were typed."""
    roster_id = int(payload["roster"])
    change_id = await _store(ask, roster_id, text)
    found = await ask.read(partial(pay.counting, roster_id=roster_id, lang=ask.lang))
    shown = f"✅ {ask.t('settings.hours_rates')}\n<code>{escape(found.rates)}</code>"
    return done_page(ask, shown, roster_id, change_id)


async def _store(ask: Ask, roster_id: int, text: str) -> int | None:
    reason = ask.t("settings.reason_rates")
    _stored, change_id = await ask.write(
        partial(pay.set_rates, roster_id=roster_id, text=text, author=ask.author, reason=reason, now=ask.now)
    )
    return change_id


async def stop_rates(ask: Ask) -> Page:
    """Stops reckoning."""
    change_id = await _store(ask, ask.number(), "")
    return done_page(ask, f"✅ {ask.t('settings.hours_no_rates')}", ask.number(), change_id)


async def count_once(ask: Ask) -> Page:
    """Says whether hours in two rosters at once are counted once."""
    reason = ask.t("settings.reason_once")
    change = partial(settings.change, roster_id=ask.number(), author=ask.author, reason=reason, now=ask.now)
    await ask.write(partial(change, hours_once=bool(ask.args[1])))
    return await hours(ask)


ACTIONS: Final = actions(
    {
        "wp": (hours, ID),
        "wn": (ask_night, ID),
        "wr": (ask_rates, ID),
        "ws": (stop_rates, ID),
        "w1": (count_once, ID, FLAG),
    }
)


def register(entry: Action) -> None:
    """Names who takes typed answers; `entry` is the page to show where the roster was retired meanwhile."""
    takes_text(KIND + "night", take_night, entry)
    takes_text(KIND + "rates", take_rates, entry)
