"""/settings: whose public holidays and weekend a roster keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from html import escape
from typing import Any, Final

from sqlmodel import Session

from duty_teller.db.models import Roster
from duty_teller.handlers.settings.pages import KIND, Action, Ask, Page, actions, data_of, takes_text
from duty_teller.handlers.settings.roster import done_page
from duty_teller.handlers.transport.keyboards import pairs
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n.lang import format_day
from duty_teller.services.rosters import days_off, rosters
from duty_teller.utils import public_holidays
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, PAGE, typed
from duty_teller.utils.dates import local_day

_SHOWN: Final = 3
"""The next holidays that are named."""
_AHEAD: Final = timedelta(days=366)
_A_PAGE: Final = 12


@dataclass(frozen=True, slots=True)
class _Place:
    """What is shown of a roster's place; read in a thread, because the library loads for its first question."""

    place: str
    lines: list[str]
    guess: str
    regions: dict[str, str]


def _look(session: Session, ask: Ask, roster_id: int) -> _Place:
    roster = rosters.get(session, roster_id)
    country, _dash, _region = roster.holidays.partition("-")
    guess = public_holidays.country_of_zone(roster.timezone)
    return _Place(
        place=roster.holidays,
        lines=_coming(ask, roster) if roster.holidays else [],
        guess=guess if guess != country else "",
        regions=public_holidays.regions(country) if country else {},
    )


def _coming(ask: Ask, roster: Roster) -> list[str]:
    today = local_day(ask.now, roster.timezone)
    found = list(days_off.holidays(roster, today, today + _AHEAD, ask.lang).items())
    lines = [f"• {escape(format_day(ask.lang, day, today))}: {escape(name)}" for day, name in found[:_SHOWN]]
    return [f"<b>{escape(public_holidays.place_name(ask.lang, roster.holidays))}</b>", *lines]


async def holidays(ask: Ask) -> Page:
    """Shows whose holidays the roster keeps, the next of them, and what can be chosen."""
    number = ask.number()
    found = await ask.read(partial(_look, ask=ask, roster_id=number))
    lines = [f"🎉 <b>{ask.t('holidays.title')}</b>", "", *(found.lines or [ask.t("holidays.means_off")])]
    rows: Keyboard = []
    if found.guess:
        rows.append([Button(public_holidays.place_name(ask.lang, found.guess), data_of("hs", number, found.guess))])
    rows.append([ask.button("holidays.another" if found.guess or found.place else "holidays.choose", "hc", number)])
    if found.regions:
        rows[-1].append(ask.button("holidays.region", "hr", number, 0))
    if found.place:
        rows.append([ask.button("holidays.none", "hn", number)])
    return Page("\n".join(lines), [*rows, [ask.button("settings.back", "m", number)]])


async def ask_place(ask: Ask) -> Page:
    """Asks for a country, or a country and a region."""
    rows = [[ask.button("settings.cancel", "hd", ask.number())]]
    return Page(ask.t("holidays.ask_place"), rows, (KIND + "holidays", {"roster": ask.number()}))


async def take_place(ask: Ask, text: str, payload: Mapping[str, Any]) -> Page:
    """Takes the place that was typed."""
    return await _choose(ask, int(payload["roster"]), text)


async def choose(ask: Ask) -> Page:
    """Takes the place of a button."""
    return await _choose(ask, ask.number(), ask.args[1])


async def choose_none(ask: Ask) -> Page:
    """Keeps no holidays; the weekend is Saturday and Sunday."""
    return await _choose(ask, ask.number(), "")


async def _choose(ask: Ask, roster_id: int, typed_text: str) -> Page:
    def work(session: Session) -> tuple[int | None, _Place]:
        place = public_holidays.typed_place(typed_text) if typed_text else ""
        name = public_holidays.place_name(ask.lang, place) if place else ""
        reason = ask.t("holidays.of", place=name) if place else ask.t("holidays.off")
        change_id = days_off.choose(session, roster_id, place, ask.author, reason, ask.now)
        return change_id, _look(session, ask, roster_id)

    change_id, found = await ask.write(work)
    text = "\n".join(found.lines or [ask.t("holidays.off")])
    page = done_page(ask, f"✅ {text}", roster_id, change_id)
    if found.regions and "-" not in found.place:
        page.rows.insert(0, [ask.button("holidays.region", "hr", roster_id, 0)])
    return page


async def regions(ask: Ask) -> Page:
    """Lists the regions of the country."""
    number = ask.number()
    found = await ask.read(partial(_look, ask=ask, roster_id=number))
    country, _dash, chosen = found.place.partition("-")
    if not country:
        return await holidays(ask)
    known = sorted(found.regions.items(), key=lambda one: one[1])
    part = page_of(known, ask.number(1), _A_PAGE, partial(data_of, "hr", number))
    rows = pairs(
        Button(f"✓ {name}" if code == chosen else name, data_of("hs", number, f"{country}-{code}"))
        for code, name in part.shown
    )
    whole = Button(ask.t("holidays.whole_country"), data_of("hs", number, country))
    text = ask.t("holidays.which_region", place=escape(public_holidays.place_name(ask.lang, country)))
    return Page(text, [*rows, *part.turn, [whole], [ask.button("settings.back", "hd", number)]])


ACTIONS: Final = actions(
    {
        "hd": (holidays, ID),
        "hc": (ask_place, ID),
        "hs": (choose, ID, typed(r"[A-Z]{2}(-[A-Za-zã ]{1,17})?", "DE-BY", "NZ-South Canterbury")),
        "hn": (choose_none, ID),
        "hr": (regions, ID, PAGE),
    }
)


def register(entry: Action) -> None:
    """Names who takes typed answers; `entry` is the page to show where the roster was retired meanwhile."""
    takes_text(KIND + "holidays", take_place, entry)
