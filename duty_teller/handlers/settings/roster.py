"""/settings of a roster: its menu, hand-over and zone, shift times, gap warnings on and off."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any, Final

from sqlmodel import Session

from duty_teller.handlers.settings.pages import KIND, Action, Ask, Page, actions, data_of, takes_text
from duty_teller.handlers.transport.callbacks import UNDO
from duty_teller.handlers.transport.keyboards import button
from duty_teller.services.import_service import planning
from duty_teller.services.rosters import coverage as coverage_service
from duty_teller.services.rosters import rosters, settings
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import FLAG, ID, typed, words
from duty_teller.utils.handover import AmbiguousHandoverError, Handover, parse_handover
from duty_teller.utils.public_holidays import place_name
from duty_teller.utils.zones import zone_label

_SHIFTS: Final = ("day", "night")


@dataclass(frozen=True, slots=True)
class _Menu:
    """What the menu of a roster shows."""

    name: str
    handover: Handover
    shifts: dict[str, str]
    coverage: str
    gap_warnings: bool
    cover_approval: bool
    holidays: str
    several: bool
    retired: bool


def _read(session: Session, roster_id: int, lang: str) -> _Menu:
    roster = rosters.get(session, roster_id)
    return _Menu(
        name=roster.name,
        handover=Handover(roster.handover_at, roster.timezone),
        shifts={"day": roster.day_shift.replace("-", "–"), "night": roster.night_shift.replace("-", "–")},
        coverage=coverage_service.coverage_text(lang, roster),
        gap_warnings=roster.gap_warnings,
        cover_approval=roster.cover_approval,
        holidays=place_name(lang, roster.holidays) if roster.holidays else "",
        several=len(rosters.live(session)) > 1,
        retired=bool(rosters.retired(session)),
    )


async def menu(ask: Ask, roster_id: int | None = None) -> Page:
    """Shows a roster's settings and what can be changed."""
    number = ask.number() if roster_id is None else roster_id
    found = await ask.read(partial(_read, roster_id=number, lang=ask.lang))
    title = ask.t("settings.title_of", name=escape(found.name)) if found.several else ask.t("settings.title")
    lines = [
        f"⚙️ <b>{title}</b>",
        "",
        "🕘 " + ask.t("settings.head", handover=f"{found.handover.at:%H:%M}", zone=escape(found.handover.timezone)),
        "🌗 " + ask.t("settings.shifts", day=found.shifts["day"], night=found.shifts["night"]),
        "🛡 " + ask.t("settings.coverage", coverage=found.coverage),
        "⚠️ " + ask.t("settings.gaps_on" if found.gap_warnings else "settings.gaps_off"),
        "🔁 " + ask.t("settings.cover_approved" if found.cover_approval else "settings.cover_free"),
        "🎉 " + ask.t("holidays.of" if found.holidays else "holidays.off", place=escape(found.holidays)),
    ]
    rows: Keyboard = [
        [ask.button("settings.to_handover", "ho", number), ask.button("settings.to_shifts", "sh", number)],
        [
            ask.button("settings.to_coverage", "cv", number),
            (
                ask.button("settings.gaps_stop", "gw", number, False)
                if found.gap_warnings
                else ask.button("settings.gaps_start", "gw", number, True)
            ),
        ],
        [ask.button("settings.to_cover", "co", number), ask.button("settings.to_hours", "wp", number)],
        [ask.button("holidays.title", "hd", number), ask.button("calendars.title", "el", number)],
        [ask.button("settings.to_memory", "mem", number, 0)],
    ]
    if found.several or found.retired:
        rows.append([ask.button("rosters.rename", "rn", number)])
    if found.several:
        rows[-1].append(ask.button("rosters.retire", "rt", number))
        rows.append([ask.button("settings.back", "ro", 0)])
    else:
        rows.append([ask.button("settings.to_digest", "dg", 0), ask.button("settings.to_rosters", "ro", 0)])
    return Page("\n".join(lines), rows)


async def ask_handover(ask: Ask) -> Page:
    """Asks for the hand-over and the zone."""
    found = await ask.read(partial(_read, roster_id=ask.number(), lang=ask.lang))
    text = ask.t("settings.ask_handover", handover=escape(str(found.handover)))
    return _question(ask, text, "handover", {"roster": ask.number()})


def _question(ask: Ask, text: str, kind: str, payload: Mapping[str, Any]) -> Page:
    rows = [[ask.button("settings.cancel", "m", payload["roster"])]]
    return Page(text, rows, (KIND + kind, payload))


async def take_handover(ask: Ask, text: str, payload: Mapping[str, Any]) -> Page:
    """Takes the hand-over that was typed; text without a zone keeps the roster's."""
    roster_id = int(payload["roster"])

    def work(session: Session) -> tuple[Handover, int | None, bool]:
        before = rosters.get(session, roster_id).timezone
        handover = parse_handover(text, before)
        reason = ask.t("settings.reason_handover", handover=handover)
        changed = {"handover_at": handover.at, "timezone": handover.timezone}
        change_id = settings.change(session, roster_id, ask.author, reason, ask.now, **changed)
        return handover, change_id, handover.timezone != before

    try:
        handover, change_id, moved = await ask.write(work)
    except AmbiguousHandoverError as error:
        rows = [
            [Button(zone_label(ask.lang, one.timezone), data_of("hz", roster_id, str(one)))] for one in error.handovers
        ]
        asked = _question(ask, ask.t("settings.ask_zone", zone=escape(error.typed)), "handover", payload)
        return replace(asked, rows=[*rows, *asked.rows])
    if change_id is None:
        return done_page(ask, ask.t("settings.same", handover=escape(str(handover))), roster_id, None)
    lines = [f"✅ {ask.t('settings.handover_done', handover=escape(str(handover)))}", ask.t("settings.kept")]
    if moved:
        lines.append(ask.t("settings.zone_shown", zone=escape(handover.timezone)))
    return done_page(ask, "\n".join(lines), roster_id, change_id)


async def choose_zone(ask: Ask) -> Page:
    """Takes the hand-over in the zone that was meant by an abbreviation."""
    return await take_handover(ask, str(ask.args[1]), {"roster": ask.number()})


def done_page(ask: Ask, text: str, roster_id: int, change_id: int | None) -> Page:
    """Says what was changed, with the buttons that take it back or go on."""
    rows: Keyboard = [[button(ask.lang, "settings.undo", UNDO(change_id))]] if change_id is not None else []
    return Page(text, [*rows, [ask.button("settings.back", "m", roster_id)]])


async def shifts(ask: Ask) -> Page:
    """Shows the times of the shifts, each with a button to change them."""
    number = ask.number()
    found = await ask.read(partial(_read, roster_id=number, lang=ask.lang))
    rows = [[ask.button(f"settings.shift_{name}", "s", number, name, hours=found.shifts[name])] for name in _SHIFTS]
    return Page(ask.t("settings.shifts_help"), [*rows, [ask.button("settings.back", "m", number)]])


async def ask_shift(ask: Ask) -> Page:
    """Asks for the times of a shift."""
    name = ask.args[1]
    found = await ask.read(partial(_read, roster_id=ask.number(), lang=ask.lang))
    text = ask.t(f"settings.ask_{name}", hours=found.shifts[name])
    return _question(ask, text, "shift", {"roster": ask.number(), "shift": name})


async def take_shift(ask: Ask, text: str, payload: Mapping[str, Any]) -> Page:
    """Takes the times that were typed."""
    roster_id, name = int(payload["roster"]), str(payload["shift"])
    hours = settings.parse_shift(text)
    words = ask.t(f"settings.shift_{name}", hours=hours.replace("-", "–"))

    def work(session: Session) -> tuple[int | None, dict[str, str]]:
        changed = {f"{name}_shift": hours}
        change_id = settings.change(session, roster_id, ask.author, words, ask.now, **changed)
        return change_id, planning.shift_hours(rosters.get(session, roster_id))

    change_id, shown = await ask.write(work)
    lines = [f"✅ {words}", ask.t("settings.kept")]
    if not settings.shifts_meet(shown["day"], shown["night"]):
        lines.append("⚠️ " + ask.t("settings.shifts_apart", day=shown["day"], night=shown["night"]))
    return done_page(ask, "\n".join(lines), roster_id, change_id)


async def gap_warnings(ask: Ask) -> Page:
    """Switches the warnings of gaps on or off."""
    roster_id, wanted = ask.number(), ask.args[1]
    await ask.write(lambda s: settings.set_gap_warnings(s, roster_id, wanted))
    return await menu(ask)


ACTIONS: Final = actions(
    {
        "m": (menu, ID),
        "ho": (ask_handover, ID),
        "hz": (choose_zone, ID, typed(r"[0-9]{2}:[0-9]{2} [A-Za-z0-9_/+-]{1,30}", "09:00 Europe/London")),
        "sh": (shifts, ID),
        "s": (ask_shift, ID, words(*_SHIFTS)),
        "gw": (gap_warnings, ID, FLAG),
    }
)


def register(entry: Action) -> None:
    """Names who takes typed answers; `entry` is the page to show where the roster was retired meanwhile."""
    takes_text(KIND + "handover", take_handover, entry)
    takes_text(KIND + "shift", take_shift, entry)
