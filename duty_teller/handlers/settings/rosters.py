"""/settings: the rosters themselves. They are listed where there are several; added, renamed, retired, restored."""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any, Final

from sqlmodel import Session

from duty_teller.handlers.settings import roster
from duty_teller.handlers.settings.pages import KIND, Ask, Page, actions, data_of, roster_rows, takes_text
from duty_teller.i18n import LocalizedError
from duty_teller.services.rosters import rosters as rosters_service
from duty_teller.services.rosters.rosters import RosterName
from duty_teller.utils.buttons import Keyboard
from duty_teller.utils.callback_data import ID, PAGE


async def entry(ask: Ask) -> Page:
    """Shows what /settings begins with: the menu of the only roster, or the list."""
    live = await ask.read(rosters_service.live)
    if len(live) > 1:
        return await _list(ask, 0)
    return await roster.menu(ask, live[0].id)


async def rosters(ask: Ask) -> Page:
    """Shows a page of the rosters."""
    return await _list(ask, ask.number())


async def _list(ask: Ask, page: int, said: str = "") -> Page:
    def look(session: Session) -> tuple[list[RosterName], int]:
        return rosters_service.live(session), len(rosters_service.retired(session))

    live, retired = await ask.read(look)
    several = len(live) > 1
    rows: Keyboard = roster_rows(live, partial(data_of, "m"), partial(data_of, "ro"), page) if several else []
    rows.append([ask.button("rosters.add", "ra")])
    if retired:
        rows[-1].append(ask.button("rosters.retired", "rr", 0, n=retired))
    if several:
        rows.append([ask.button("settings.to_digest", "dg", 0)])
        text = f"⚙️ <b>{ask.t('settings.title')}</b>\n\n{ask.t('rosters.which_to_set')}"
    else:
        rows.append([ask.button("settings.back", "m", live[0].id)])
        text = ask.t("rosters.one")
    return Page(f"{said}\n\n{text}" if said else text, rows)


async def add(ask: Ask) -> Page:
    """Asks for the name of a new roster; before that for the first one's, if it has none."""
    live = await ask.read(rosters_service.live)
    rows = [[ask.button("settings.cancel", "ro", 0)]]
    if not live[0].name:
        return Page(ask.t("rosters.ask_first_name"), rows, (KIND + "first", {}))
    return Page(ask.t("rosters.ask_name"), rows, (KIND + "add", {}))


async def take_first(ask: Ask, text: str, payload: Mapping[str, Any]) -> Page:
    """Takes the name of the roster there is; it is stored together with the second one."""

    def check(session: Session) -> str:
        return rosters_service.check_name(session, text, rosters_service.live(session)[0].id)

    name = await ask.read(check)
    question = ask.t("rosters.ask_second_name", name=escape(name))
    return Page(question, [[ask.button("settings.cancel", "ro", 0)]], (KIND + "add", {"first": name}))


async def take_new(ask: Ask, text: str, payload: Mapping[str, Any]) -> Page:
    """Takes the name of the new roster and adds it."""
    first_name = payload.get("first")
    if isinstance(first_name, str) and " ".join(text.split()).casefold() == first_name.casefold():
        raise LocalizedError("rosters.name_taken", name=first_name)

    def work(session: Session) -> tuple[RosterName, str]:
        made = rosters_service.add(session, text, ask.now, first_name)
        return RosterName(made.id or 0, made.name), rosters_service.live(session)[0].name

    made, first = await ask.write(work)
    done = ask.t("rosters.added", name=escape(made.name), first=escape(first))
    return Page(f"✅ {done}", [[ask.button("rosters.to_settings", "m", made.id, name=made.name)]])


async def ask_rename(ask: Ask) -> Page:
    """Asks for another name."""
    name = await ask.read(partial(_name, roster_id=ask.number()))
    rows = [[ask.button("settings.cancel", "m", ask.number())]]
    return Page(ask.t("rosters.ask_rename", name=escape(name)), rows, (KIND + "rename", {"roster": ask.number()}))


def _name(session: Session, roster_id: int) -> str:
    return rosters_service.get(session, roster_id).name


async def take_rename(ask: Ask, text: str, payload: Mapping[str, Any]) -> Page:
    """Takes another name."""
    roster_id = int(payload["roster"])
    name = await ask.write(lambda s: rosters_service.rename(s, roster_id, text, ask.now).name)
    done = ask.t("rosters.renamed", name=escape(name))
    return Page(f"✅ {done}", [[ask.button("settings.back", "m", roster_id)]])


async def ask_retire(ask: Ask) -> Page:
    """Says what retiring does, and asks."""
    name = await ask.read(partial(_name, roster_id=ask.number()))
    buttons = [
        ask.button("rosters.retire_yes", "rty", ask.number()),
        ask.button("settings.back", "m", ask.number()),
    ]
    return Page(ask.t("rosters.ask_retire", name=escape(name)), [buttons])


async def retire(ask: Ask) -> Page:
    """Takes a roster out of use."""
    name = await ask.write(lambda s: rosters_service.retire(s, ask.number(), ask.now).name)
    return await _list(ask, 0, f"✅ {ask.t('rosters.is_retired', name=escape(name))}")


async def retired(ask: Ask, said: str = "") -> Page:
    """Lists the retired rosters; a tap restores."""
    found = await ask.read(rosters_service.retired)
    text = ask.t("rosters.which_to_restore" if found else "rosters.none_retired")
    rows = roster_rows(found, partial(data_of, "rs"), partial(data_of, "rr"), ask.number() if ask.args else 0)
    return Page(f"{said}\n\n{text}" if said else text, [*rows, [ask.button("settings.back", "ro", 0)]])


async def restore(ask: Ask) -> Page:
    """Takes a roster into use again."""
    name = await ask.write(lambda s: rosters_service.restore(s, ask.number(), ask.now).name)
    return await _list(ask, 0, f"✅ {ask.t('rosters.is_restored', name=escape(name))}")


ACTIONS: Final = actions(
    {
        "e": (entry,),
        "ro": (rosters, PAGE),
        "ra": (add,),
        "rn": (ask_rename, ID),
        "rt": (ask_retire, ID),
        "rty": (retire, ID),
        "rr": (retired, PAGE),
        "rs": (restore, ID),
    }
)


def register() -> None:
    """Names who takes typed answers."""
    takes_text(KIND + "first", take_first, entry)
    takes_text(KIND + "add", take_new, entry)
    takes_text(KIND + "rename", take_rename, entry)
