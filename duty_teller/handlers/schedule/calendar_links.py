"""`/calendar_link`: one tap to the calendar; the secret address, who read it last, a new one, and revoking."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Final
from urllib.parse import urlsplit

from sqlmodel import Session
from telegram import Update
from telegram.constants import InlineKeyboardButtonLimit
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.db.models import LinkScope, Roster
from duty_teller.handlers.common import App, Context, app_of, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button, pairs
from duty_teller.i18n import t
from duty_teller.i18n.lang import format_moment
from duty_teller.services.feeds import links
from duty_teller.services.feeds.addresses import Program, feed_address, page_address, webcal_address
from duty_teller.services.feeds.links import LinkView
from duty_teller.services.people.access import Person
from duty_teller.services.rosters.rosters import RosterName
from duty_teller.services.texts.people import duration_text
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, declare, maybe, number, one_of, typed, words
from duty_teller.utils.zones import zone

_DAY_MINUTES: Final = 1440
_MARK: Final = typed(r"[0-9]{1,19}\.[0-9]{1,19}", "1.1")
_SHOW: Final = declare("cal:", words("show", "address"), maybe(one_of(LinkScope)))
"""The buttons that subscribe, or the address itself; of one's own duties where no scope is named."""
_AGAIN: Final = declare("cal:", words("again"), one_of(LinkScope))
_END: Final = declare("cal:", words("rotate", "revoke", "rotate!", "revoke!"), one_of(LinkScope), _MARK)
"""Asks, or does: with the mark of the address that is meant."""

_SHOW_OF: Final = declare("calr:", words("show", "address", "again"), ID)
_END_OF: Final = declare("calr:", words("rotate", "revoke", "rotate!", "revoke!"), ID, _MARK)
"""The same of one roster's link."""
_ALARM: Final = declare("cala:", one_of(LinkScope), number(0, 10**9), number(0, _DAY_MINUTES))
"""Scope, roster (0: all) and minutes before a duty (0: never)."""

_ASKED: Final = {"rotate": "view.link_rotate_ask", "revoke": "view.link_revoke_ask"}
_OTHER: Final = {LinkScope.PERSONAL: LinkScope.TEAM, LinkScope.TEAM: LinkScope.PERSONAL}
_NEXT_ALARM: Final = {None: 15, 15: 60, 60: _DAY_MINUTES}


@dataclass(frozen=True, slots=True)
class _Which:
    """One of a person's links: a scope, and of the team's maybe one roster's alone."""

    scope: LinkScope
    roster_id: int | None = None

    def show(self, action: str) -> str:
        """Returns the data of a button that shows it, its address, or makes it again."""
        if self.roster_id is not None:
            return _SHOW_OF(action, self.roster_id)
        return _AGAIN(action, self.scope) if action == "again" else _SHOW(action, self.scope)

    def end(self, action: str, mark: str) -> str:
        """Returns the data of a button that ends its address."""
        if self.roster_id is not None:
            return _END_OF(action, self.roster_id, mark)
        return _END(action, self.scope, mark)

    def alarm(self, minutes: int | None) -> str:
        """Returns the data of a button that sets its alarm."""
        return _ALARM(self.scope, self.roster_id or 0, minutes or 0)


@for_people()
async def calendar_link(update: Update, context: Context, person: Person, lang: str) -> None:
    """Offers the person's own feed; secrets go to the private chat only."""
    if not is_private(update):
        await send_to_private(update, context, lang, "calendar_link")
        return
    app = app_of(context)
    if not app.settings.mini_app_base_url:
        await reply(update, t(lang, "bot.link_no_address"))
        return
    text, rows = await _page(app, person, lang, _Which(LinkScope.PERSONAL))
    await reply(update, text, rows)


async def _page(app: App, person: Person, lang: str, which: _Which, address: bool = False) -> tuple[str, Keyboard]:
    """Returns a link as it is, or its address; what is known of its readers is written first."""
    now, reads, scope = app.clock(), app.take_reads(), which.scope

    def look(session: Session) -> tuple[LinkView, str, list[RosterName]]:
        links.note_reads(session, reads)
        rosters = repository.rosters(session)
        timezone = rosters[0].timezone if rosters else app.settings.duty_display_tz
        both = {link.scope: link for link in links.links_of(session, app.secret, person.user_id, now)}
        link = both[scope]
        if which.roster_id is not None:
            link = links.link_of(session, app.secret, person.user_id, scope, now, which.roster_id)
        return link, timezone, [RosterName(roster.id or 0, roster.name) for roster in rosters]

    link, timezone, rosters = await app.db(look, write=True)
    named = next((roster.name for roster in rosters if roster.id == which.roster_id), None)
    heading = t(lang, f"bot.link_{scope}") if named is None else t(lang, "bot.link_roster", name=escape(named))
    others = [_Which(LinkScope.PERSONAL), _Which(LinkScope.TEAM)]
    other = [[button(lang, f"view.link_of_{one.scope}", one.show("show")) for one in others if one != which]]
    if scope == LinkScope.TEAM and len(rosters) > 1:
        of_each = [one for one in rosters if one.id != which.roster_id]
        other += pairs(Button(f"📋 {one.name}"[:40], _Which(LinkScope.TEAM, one.id).show("show")) for one in of_each)
    if link.token is None:
        again = [[button(lang, "view.link_again", which.show("again"))]]
        return f"{heading}\n{t(lang, 'view.link_revoked')}", again + other
    feed = feed_address(app.settings.mini_app_base_url, link.token)
    read = _last_read(lang, link, timezone, now)
    if address:
        end = [
            button(lang, "view.link_rotate", which.end("rotate", link.mark)),
            button(lang, "view.link_revoke", which.end("revoke", link.mark)),
        ]
        shown = f"<code>{escape(feed)}</code>\n\n<code>{escape(webcal_address(feed))}</code>"
        text = "\n\n".join([heading, shown, t(lang, "bot.link_foot"), read])
        return text, [end, [button(lang, "view.back", which.show("show"))]]
    programs = _programs(app.settings.mini_app_base_url, lang, link.token)
    rows = [*programs, _address_row(lang, feed, which), _alarm_row(lang, link, which), *other]
    return "\n\n".join([f"{heading}\n{t(lang, 'bot.link_head')}", read]), rows


def _programs(base: str, lang: str, token: str) -> Keyboard:
    """Returns the row that opens the programs; Telegram's buttons take no host such as `localhost`."""
    if "." not in (urlsplit(base).hostname or ""):
        return []
    return [[Button(t(lang, f"view.link_{program}"), url=page_address(base, token, program)) for program in Program]]


def _alarm_row(lang: str, link: LinkView, which: _Which) -> list[Button]:
    """Returns the button that says when the calendar rings and sets the next choice."""
    lead = link.alarm_minutes
    data = which.alarm(_NEXT_ALARM.get(lead))
    if lead is None:
        return [button(lang, "view.link_silent", data)]
    before = t(lang, "view.minutes", minutes=lead) if lead < 60 else duration_text(lang, timedelta(minutes=lead))
    return [button(lang, "view.link_rings", data, lead=before)]


def _address_row(lang: str, feed: str, which: _Which) -> list[Button]:
    show = button(lang, "view.link_show", which.show("address"))
    if len(feed) > InlineKeyboardButtonLimit.MAX_COPY_TEXT:
        return [show]
    return [Button(t(lang, "view.link_copy"), copy=feed), show]


def _last_read(lang: str, link: LinkView, timezone: str, now: datetime) -> str:
    if link.last_read_at is None:
        return f"<i>{t(lang, 'view.link_unread')}</i>"
    client = links.client_name(link.last_read_by or "") or t(lang, "view.link_browser")
    at = format_moment(lang, link.last_read_at.astimezone(zone(timezone)), now.astimezone(zone(timezone)).date())
    return f"<i>{t(lang, 'view.link_read', moment=at, client=escape(client))}</i>"


@for_people()
async def on_link(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows a link or its address, asks once before an address ends, ends it, or makes a revoked one again.

    A button of an address that has been replaced meanwhile ends nothing.
    """
    query = update.callback_query
    data = query.data if query is not None else None
    alarm, of_roster = _ALARM.read(data), _END_OF.read(data) or _SHOW_OF.read(data)
    named = alarm[1] if alarm is not None else of_roster[1] if of_roster is not None else 0
    if named and not await app_of(context).db(lambda s: s.get(Roster, named) is not None):
        await answer(update, t(lang, "view.link_roster_gone"))
        return
    if alarm is not None:
        await _set_alarm(update, context, person, lang, *alarm)
        return
    end, again, show = _END.read(data), _AGAIN.read(data), _SHOW.read(data)
    if of_roster is not None:
        action, which = of_roster[0], _Which(LinkScope.TEAM, of_roster[1])
        mark = str(of_roster[2]) if len(of_roster) > 2 else ""
    else:
        action, scope = (end or again or show or ("show", None))[:2]
        which = _Which(scope or LinkScope.PERSONAL)
        mark = end[2] if end is not None else ""
    scope, roster_id = which.scope, which.roster_id
    if action in _ASKED:
        await answer(update)
        sure = [
            [button(lang, f"view.link_{action}_sure", which.end(f"{action}!", mark))],
            [button(lang, "view.back", which.show("address"))],
        ]
        await edit(update, context, f"{t(lang, f'bot.link_{scope}')}\n{t(lang, _ASKED[action])}", sure)
        return
    app = app_of(context)
    if not app.settings.mini_app_base_url:  # there was one when the message was sent
        await answer(update, t(lang, "bot.link_no_address"))
        return
    now, reads = app.clock(), app.take_reads()

    def act(session: Session) -> bool:
        links.note_reads(session, reads)
        if action == "rotate!":
            return links.rotate(session, app.secret, person.user_id, scope, mark, roster_id)
        if action == "revoke!":
            return links.revoke(session, person.user_id, scope, mark, now, roster_id)
        links.get_token(session, app.secret, person.user_id, scope, now, roster_id)
        return True

    done = action in ("show", "address") or await app.db(act, write=True)
    await answer(update, "" if done else t(lang, "view.link_stale"))
    text, rows = await _page(app, person, lang, which, address=action == "address")
    await edit(update, context, text, rows)


async def _set_alarm(
    update: Update, context: Context, person: Person, lang: str, scope: LinkScope, roster_id: int, minutes: int
) -> None:
    app, which = app_of(context), _Which(scope, roster_id or None)
    of, now = which.roster_id, app.clock()
    await app.db(lambda s: links.set_alarm(s, person.user_id, scope, minutes or None, now, of), write=True)
    await answer(update)
    text, rows = await _page(app, person, lang, which)
    await edit(update, context, text, rows)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("calendar_link", calendar_link))
    application.add_handler(handler(on_link, _SHOW, _AGAIN, _END, _SHOW_OF, _END_OF, _ALARM))
