"""`/calendar_link`: one tap to the calendar; the secret address, who read it last, a new one, and revoking."""

from datetime import datetime
from html import escape
from typing import Final
from urllib.parse import urlsplit

from sqlmodel import Session
from telegram import Update
from telegram.constants import InlineKeyboardButtonLimit
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.db.models import LinkScope
from duty_teller.handlers.common import App, Context, app_of, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import t
from duty_teller.i18n.lang import format_moment
from duty_teller.services.feeds import links
from duty_teller.services.feeds.addresses import Program, feed_address, page_address, webcal_address
from duty_teller.services.feeds.links import LinkView
from duty_teller.services.people.access import Person
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import declare, maybe, one_of, typed, words
from duty_teller.utils.zones import zone

_MARK: Final = typed(r"[0-9]{1,19}\.[0-9]{1,19}", "1.1")
_SHOW: Final = declare("cal:", words("show", "address"), maybe(one_of(LinkScope)))
"""The buttons that subscribe, or the address itself; of one's own duties where no scope is named."""
_AGAIN: Final = declare("cal:", words("again"), one_of(LinkScope))
_END: Final = declare("cal:", words("rotate", "revoke", "rotate!", "revoke!"), one_of(LinkScope), _MARK)
"""Asks, or does: with the mark of the address that is meant."""

_ASKED: Final = {"rotate": "view.link_rotate_ask", "revoke": "view.link_revoke_ask"}
_OTHER: Final = {LinkScope.PERSONAL: LinkScope.TEAM, LinkScope.TEAM: LinkScope.PERSONAL}


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
    text, rows = await _page(app, person, lang, LinkScope.PERSONAL)
    await reply(update, text, rows)


async def _page(app: App, person: Person, lang: str, scope: LinkScope, address: bool = False) -> tuple[str, Keyboard]:
    """Returns the link of a scope as it is, or its address; what is known of its readers is written first."""
    now, reads = app.clock(), app.take_reads()

    def look(session: Session) -> tuple[list[LinkView], str]:
        links.note_reads(session, reads)
        rosters = repository.rosters(session)
        timezone = rosters[0].timezone if rosters else app.settings.duty_display_tz
        return links.links_of(session, app.secret, person.user_id, now), timezone

    found, timezone = await app.db(look, write=True)
    link = next(link for link in found if link.scope == scope)
    heading = t(lang, f"bot.link_{scope}")
    other = [[button(lang, f"view.link_of_{_OTHER[scope]}", _SHOW("show", _OTHER[scope]))]]
    if link.token is None:
        again = [[button(lang, "view.link_again", _AGAIN("again", scope))]]
        return f"{heading}\n{t(lang, 'view.link_revoked')}", again + other
    feed = feed_address(app.settings.mini_app_base_url, link.token)
    read = _last_read(lang, link, timezone, now)
    if address:
        end = [
            button(lang, "view.link_rotate", _END("rotate", scope, link.mark)),
            button(lang, "view.link_revoke", _END("revoke", scope, link.mark)),
        ]
        shown = f"<code>{escape(feed)}</code>\n\n<code>{escape(webcal_address(feed))}</code>"
        text = "\n\n".join([heading, shown, t(lang, "bot.link_foot"), read])
        return text, [end, [button(lang, "view.back", _SHOW("show", scope))]]
    rows = [*_programs(app.settings.mini_app_base_url, lang, link.token), _address_row(lang, feed, scope), *other]
    return "\n\n".join([f"{heading}\n{t(lang, 'bot.link_head')}", read]), rows


def _programs(base: str, lang: str, token: str) -> Keyboard:
    """Returns the row that opens the programs; Telegram's buttons take no host such as `localhost`."""
    if "." not in (urlsplit(base).hostname or ""):
        return []
    return [[Button(t(lang, f"view.link_{program}"), url=page_address(base, token, program)) for program in Program]]


def _address_row(lang: str, feed: str, scope: LinkScope) -> list[Button]:
    show = button(lang, "view.link_show", _SHOW("address", scope))
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
    end, again, show = _END.read(data), _AGAIN.read(data), _SHOW.read(data)
    action, scope = (end or again or show or ("show", None))[:2]
    scope = scope or LinkScope.PERSONAL
    mark = end[2] if end is not None else ""
    if action in _ASKED:
        await answer(update)
        sure = [
            [button(lang, f"view.link_{action}_sure", _END(f"{action}!", scope, mark))],
            [button(lang, "view.back", _SHOW("address", scope))],
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
            return links.rotate(session, app.secret, person.user_id, scope, mark)
        if action == "revoke!":
            return links.revoke(session, person.user_id, scope, mark, now)
        links.get_token(session, app.secret, person.user_id, scope, now)
        return True

    done = show is not None or await app.db(act, write=True)
    await answer(update, "" if done else t(lang, "view.link_stale"))
    text, rows = await _page(app, person, lang, scope, address=action == "address")
    await edit(update, context, text, rows)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("calendar_link", calendar_link))
    application.add_handler(handler(on_link, _SHOW, _AGAIN, _END))
