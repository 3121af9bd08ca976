"""`/calendar_link`: the secret addresses of the feeds, who read them last, a new address, and revoking."""

import re
from datetime import datetime
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import InlineKeyboardButton, Update
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.db.models import LinkScope
from duty_teller.handlers.common import App, Context, answer, app_of, button, is_private, reply, send_to_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport.callbacks import declare, handler, one_of, typed, words
from duty_teller.handlers.transport.editing import edit
from duty_teller.i18n import t
from duty_teller.i18n.lang import format_moment
from duty_teller.services.feeds import links
from duty_teller.services.feeds.links import LinkView
from duty_teller.services.people.access import Person
from duty_teller.utils.zones import zone

Rows = list[list[InlineKeyboardButton]]

_MARK: Final = typed(r"[0-9]{1,19}\.[0-9]{1,19}", "1.1")
_SHOW: Final = declare("cal:", words("show"))
_AGAIN: Final = declare("cal:", words("again"), one_of(LinkScope))
_END: Final = declare("cal:", words("rotate", "revoke", "rotate!", "revoke!"), one_of(LinkScope), _MARK)
"""Asks, or does: with the mark of the address that is meant."""

_ASKED: Final = {"rotate": "view.link_rotate_ask", "revoke": "view.link_revoke_ask"}


@for_people()
async def calendar_link(update: Update, context: Context, person: Person, lang: str) -> None:
    """Gives the personal and the team feed; secrets go to the private chat only."""
    if not is_private(update):
        await send_to_private(update, context, lang, "calendar_link")
        return
    app = app_of(context)
    if not app.settings.mini_app_base_url:
        await reply(update, t(lang, "bot.link_no_address"))
        return
    text, rows = await _page(app, person, lang)
    await reply(update, text, rows)


async def _page(app: App, person: Person, lang: str) -> tuple[str, Rows]:
    """Returns the links as they are; what is known of their readers is written first."""
    now, reads = app.clock(), app.take_reads()

    def look(session: Session) -> tuple[list[LinkView], str]:
        links.note_reads(session, reads)
        rosters = repository.rosters(session)
        timezone = rosters[0].timezone if rosters else app.settings.duty_display_tz
        return links.links_of(session, app.secret, person.user_id, now), timezone

    found, timezone = await app.db(look, write=True)
    parts = [t(lang, "bot.link_head")]
    rows: Rows = []
    for link in found:
        parts.append(_part(app, lang, link, timezone, now))
        rows.append(_buttons(lang, link))
    parts.append(t(lang, "bot.link_foot"))
    return "\n\n".join(parts), rows


def _part(app: App, lang: str, link: LinkView, timezone: str, now: datetime) -> str:
    lines = [t(lang, f"bot.link_{link.scope}")]
    if link.token is None:
        return "\n".join([*lines, t(lang, "view.link_revoked")])
    https = f"{app.settings.mini_app_base_url}/feed/{link.token}.ics"
    lines += [f"<code>{https}</code>", f"<code>{re.sub(r'^https?', 'webcal', https)}</code>"]
    if link.last_read_at is None:
        lines.append(f"<i>{t(lang, 'view.link_unread')}</i>")
    else:
        client = links.client_name(link.last_read_by or "") or t(lang, "view.link_browser")
        at = format_moment(lang, link.last_read_at.astimezone(zone(timezone)), now.astimezone(zone(timezone)).date())
        lines.append(f"<i>{t(lang, 'view.link_read', moment=at, client=escape(client))}</i>")
    return "\n".join(lines)


def _buttons(lang: str, link: LinkView) -> list[InlineKeyboardButton]:
    if link.token is None:
        return [button(lang, f"view.link_again_{link.scope}", _AGAIN("again", link.scope))]
    return [
        button(lang, f"view.link_rotate_{link.scope}", _END("rotate", link.scope, link.mark)),
        button(lang, f"view.link_revoke_{link.scope}", _END("revoke", link.scope, link.mark)),
    ]


@for_people()
async def on_link(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks once before an address ends, ends it, or makes a revoked one again; then shows what holds.

    A button of an address that has been replaced meanwhile ends nothing.
    """
    query = update.callback_query
    data = query.data if query is not None else None
    end, again = _END.read(data), _AGAIN.read(data)
    action, scope = (end or again or ("show", LinkScope.PERSONAL))[:2]
    mark = end[2] if end is not None else ""
    if action in _ASKED:
        await answer(update)
        sure = [
            [button(lang, f"view.link_{action}_sure", _END(f"{action}!", scope, mark))],
            [button(lang, "view.back", _SHOW("show"))],
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

    done = action == "show" or await app.db(act, write=True)
    await answer(update, "" if done else t(lang, "view.link_stale"))
    text, rows = await _page(app, person, lang)
    await edit(update, context, text, rows)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("calendar_link", calendar_link))
    application.add_handler(handler(on_link, _SHOW, _AGAIN, _END))
