"""/settings: what imports have taught the roster, each with a button to forget it."""

from functools import partial
from html import escape
from typing import Final
from zlib import crc32

from sqlmodel import Session

from duty_teller.handlers.settings.pages import Ask, Page, actions, data_of
from duty_teller.handlers.transport.keyboards import pairs
from duty_teller.handlers.transport.paging import page_of
from duty_teller.services.rosters import rosters, settings
from duty_teller.services.rosters.settings import Memory
from duty_teller.services.texts.import_preview import meaning_text
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import ID, PAGE, typed

_A_PAGE: Final = 10


def _mark(code: str) -> str:
    """Returns a code's short form for a button: codes may be longer than its 64 bytes."""
    return f"{crc32(code.encode()):x}"


def _items(ask: Ask, known: Memory, roster_id: int) -> list[tuple[str, str, str]]:
    """Returns (line, button, callback data) of everything that can be forgotten."""
    found = []
    hours = {"day": known.day_shift.replace("-", "–"), "night": known.night_shift.replace("-", "–")}
    if known.date_order:
        text = f"{ask.t('settings.dates')}: {ask.t(f'import.chat.order_{known.date_order}')}"
        found.append((text, ask.t("settings.dates"), data_of("fd", roster_id)))
    if known.files:
        text = ask.t("settings.files", n=known.files)
        found.append((text, ask.t("settings.files_forget"), data_of("ff", roster_id)))
    for code, meaning in known.codes.items():
        text = f"<b>{escape(code)}</b> = {escape(meaning_text(ask.lang, meaning, hours))}"
        found.append((text, code, data_of("fc", roster_id, _mark(code))))
    found += [
        (f"{escape(name)} → <b>{escape(who)}</b>", name, data_of("fn", roster_id, alias))
        for alias, name, who in known.aliases
    ]
    return found


def _page(ask: Ask, known: Memory, roster_id: int, page: int = 0) -> Page:
    items = _items(ask, known, roster_id)
    part = page_of(items, page, _A_PAGE, partial(data_of, "mem", roster_id))
    lines = [ask.t("settings.memory" if items else "settings.no_memory")]
    lines += [line for line, _label, _data in part.shown]
    rows = pairs(Button(f"✕ {label}"[:40], data) for _line, label, data in part.shown) + part.turn
    return Page("\n".join(lines), [*rows, [ask.button("settings.back", "m", roster_id)]])


def _known(session: Session, roster_id: int) -> Memory:
    return settings.remembered(session, rosters.get(session, roster_id))


async def remembered(ask: Ask) -> Page:
    """Shows a page of what is remembered."""
    known = await ask.read(partial(_known, roster_id=ask.number()))
    return _page(ask, known, ask.number(), ask.number(1))


async def forget_dates(ask: Ask) -> Page:
    """Forgets how ambiguous dates are read."""

    def work(session: Session) -> Memory:
        reason = ask.t("settings.reason_forgot", what=ask.t("settings.dates"))
        settings.forget_date_order(session, ask.number(), ask.author, reason, ask.now)
        return _known(session, ask.number())

    return _page(ask, await ask.write(work), ask.number())


async def forget_files(ask: Ask) -> Page:
    """Forgets the answers that hold for one file each."""

    def work(session: Session) -> Memory:
        settings.forget_files(session, ask.number())
        return _known(session, ask.number())

    return _page(ask, await ask.write(work), ask.number())


async def forget_code(ask: Ask) -> Page:
    """Forgets what a code means."""

    def work(session: Session) -> Memory:
        for code in [code for code in _known(session, ask.number()).codes if _mark(code) == ask.args[1]]:
            reason = ask.t("settings.reason_forgot", what=code)
            settings.forget_code(session, ask.number(), code, ask.author, reason, ask.now)
        return _known(session, ask.number())

    return _page(ask, await ask.write(work), ask.number())


async def forget_name(ask: Ask) -> Page:
    """Forgets whose name that is."""

    def work(session: Session) -> Memory:
        settings.forget_alias(session, ask.number(1))
        return _known(session, ask.number())

    return _page(ask, await ask.write(work), ask.number())


ACTIONS: Final = actions(
    {
        "mem": (remembered, ID, PAGE),
        "fd": (forget_dates, ID),
        "ff": (forget_files, ID),
        "fc": (forget_code, ID, typed("[0-9a-f]{1,8}", "0")),
        "fn": (forget_name, ID, ID),
    }
)
