"""/settings: when somebody has to be on duty, what it means, and how many gaps it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlmodel import Session

from duty_teller.db.models import Coverage
from duty_teller.handlers.settings.pages import KIND, Action, Ask, Page, actions, data_of, takes_text
from duty_teller.services.rosters import coverage as coverage_service
from duty_teller.services.rosters import rosters, settings
from duty_teller.services.texts.duty import span_text
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import ID, words

_LISTED: Final = 5


@dataclass(frozen=True, slots=True)
class _View:
    coverage: Coverage
    hours: str | None
    text: str
    gaps: tuple[str, ...]


def _read(session: Session, ask: Ask, roster_id: int) -> _View:
    roster = rosters.get(session, roster_id)
    found = coverage_service.coming_gaps(session, roster, ask.now)
    gaps = tuple(span_text(ask.lang, *gap, roster.timezone) for gap in found)
    text = coverage_service.coverage_text(ask.lang, roster)
    return _View(roster.coverage, roster.coverage_hours, text, gaps)


async def coverage(ask: Ask, roster_id: int | None = None) -> Page:
    """Shows the coverage and its gaps, and what can be chosen."""
    number = ask.number() if roster_id is None else roster_id
    found = await ask.read(partial(_read, ask=ask, roster_id=number))
    lines = [
        f"<b>{ask.t('settings.coverage', coverage=found.text)}</b>",
        ask.t(f"settings.means_{found.coverage}"),
        "",
        ask.t("settings.gaps_ahead", n=len(found.gaps)) if found.gaps else ask.t("settings.no_gaps_ahead"),
        *(f"• {gap}" for gap in found.gaps[:_LISTED]),
    ]
    if len(found.gaps) > _LISTED:
        lines.append(ask.t("import.chat.more", n=len(found.gaps) - _LISTED))

    def choice(text: str, data: str, chosen: bool) -> list[Button]:
        return [Button(f"✓ {text}" if chosen else text, data_of("cs", number, data))]

    simple = (Coverage.DAILY, Coverage.ALWAYS)
    rows = [choice(_capital(ask.t(f"settings.coverage_{kind}")), kind, found.coverage == kind) for kind in simple]
    for index in range(len(coverage_service.PRESETS)):
        hours = coverage_service.preset_hours(index)
        chosen = found.coverage == Coverage.WEEKLY and found.hours == hours
        rows.append(choice(coverage_service.hours_text(ask.lang, hours), str(index), chosen))
    rows.append([ask.button("settings.own_hours", "ch", number)])
    rows.append([ask.button("settings.back", "m", number)])
    return Page("\n".join(lines), rows)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


async def choose(ask: Ask) -> Page:
    """Takes a coverage that was chosen by a button."""
    word = ask.args[1]
    if word in (Coverage.DAILY, Coverage.ALWAYS):
        await _store(ask, ask.number(), Coverage(word), None)
    else:
        await _store(ask, ask.number(), Coverage.WEEKLY, coverage_service.preset_hours(int(word)))
    return await coverage(ask)


async def _store(ask: Ask, roster_id: int, kind: Coverage, hours: str | None) -> None:
    weekly = kind == Coverage.WEEKLY
    words = coverage_service.hours_text(ask.lang, hours) if weekly else ask.t(f"settings.coverage_{kind}")
    reason = ask.t("settings.coverage", coverage=words)
    changed = {"coverage": kind, "coverage_hours": hours}
    await ask.write(lambda s: settings.change(s, roster_id, ask.author, reason, ask.now, **changed))


async def ask_hours(ask: Ask) -> Page:
    """Asks for weekly hours."""
    number = ask.number()
    await ask.read(partial(rosters.get, roster_id=number))
    rows = [[ask.button("settings.cancel", "cv", number)]]
    return Page(ask.t("settings.ask_hours"), rows, (KIND + "hours", {"roster": number}))


async def take_hours(ask: Ask, text: str, payload: Mapping[str, Any]) -> Page:
    """Takes the weekly hours that were typed."""
    roster_id = int(payload["roster"])
    await _store(ask, roster_id, Coverage.WEEKLY, coverage_service.parse_hours(text))
    return await coverage(ask, roster_id)


_CHOICES: Final = (Coverage.DAILY, Coverage.ALWAYS, *(str(index) for index in range(len(coverage_service.PRESETS))))

ACTIONS: Final = actions({"cv": (coverage, ID), "cs": (choose, ID, words(*_CHOICES)), "ch": (ask_hours, ID)})


def register(entry: Action) -> None:
    """Names who takes typed answers."""
    takes_text(KIND + "hours", take_hours, entry)
