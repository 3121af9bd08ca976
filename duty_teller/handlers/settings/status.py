"""`/status`: how everything is doing, in one message that can be refreshed; to be read on a phone at 3 a.m."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CommandHandler

from duty_teller import __version__
from duty_teller.db import backup
from duty_teller.db.engine import sqlite_path
from duty_teller.db.session import schema_revision
from duty_teller.handlers.common import App, Context, app_of, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import t
from duty_teller.services import status as status_service
from duty_teller.services.groups import groups
from duty_teller.services.health import Health
from duty_teller.services.people.access import Level, Person
from duty_teller.services.status import SHOWN, Status
from duty_teller.services.texts.calendars import state_text
from duty_teller.services.texts.duty import moment_text
from duty_teller.utils.callback_data import declare

_REFRESH: Final = declare("status")

_STALE: Final = 120.0
"""Seconds without an answer of Telegram's after which it is worth a look."""

_OLD_BACKUP: Final = timedelta(days=2)
"""Age of the last backup from which on it is worth a look."""

_CLIENT: Final = 40
"""Characters of a reader's User-Agent that are shown: its name comes first."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What the lines are written with."""

    lang: str
    now: datetime
    timezone: str

    def age(self, since: datetime) -> str:
        """Writes how long ago something was, in its largest unit."""
        return self.span((self.now - since).total_seconds())

    def span(self, length: float) -> str:
        """Writes a number of seconds in its largest unit."""
        seconds = max(0, int(length))
        for size, key in ((86400, "status.days"), (3600, "status.hours"), (60, "status.minutes")):
            if seconds >= 2 * size or (seconds >= size and size == 60):
                return t(self.lang, key, n=seconds // size)
        return t(self.lang, "status.seconds", n=seconds)

    def ago(self, since: datetime | None) -> str:
        """The same, or that it never was."""
        if since is None:
            return t(self.lang, "status.never")
        return t(self.lang, "status.ago", age=self.age(since))

    def moment(self, moment: datetime) -> str:
        """Writes an instant in the zone for things that belong to no roster."""
        return moment_text(self.lang, moment, self.timezone)


async def _text(app: App, lang: str) -> str:
    def look(session: Session) -> tuple[Status, str]:
        return status_service.read(session), schema_revision(app.settings.database_url) or "?"

    status, schema = await app.db(look)
    kept: list[datetime] | None = None
    if sqlite_path(app.settings.database_url) is not None:
        kept = [moment for moment, _path in await asyncio.to_thread(backup.kept, app.settings.data_dir, app.clock())]
    words = _Words(lang, app.clock(), status.rosters[0].timezone if status.rosters else app.settings.duty_display_tz)
    lines = [
        *_process(words, app.health, app.monotonic()),
        "",
        *_rosters(words, status),
        *_stored(words, status, schema, kept),
    ]
    lines += ["", *_groups(words, status), *_notices(words, status), "", *_links(words, status)]
    lines += _calendars(words, status)
    return "\n".join(lines)


def _process(words: _Words, health: Health, now: float) -> list[str]:
    lang = words.lang
    lines = ["ℹ️ " + t(lang, "status.version", version=__version__, uptime=words.span(now - health.started))]
    if health.poll_restarts:
        lines.append("🟡 " + t(lang, "status.poll_restarts", n=health.poll_restarts))
    if health.telegram == "polling":
        if health.last_poll is None:
            return [*lines, "🟡 " + t(lang, "status.telegram_silent")]
        silence = now - health.last_poll
        text = t(lang, "status.telegram_polling", age=words.span(silence))
        return [*lines, ("🟡 " if silence > _STALE else "🟢 ") + text]
    state = t(lang, f"status.state_{health.telegram}")
    if state.startswith("status."):
        state = health.telegram  # a state without a text is better than none
    detail = escape(f"({health.telegram_detail}).") if health.telegram_detail else ""
    last = t(lang, "status.never")
    if health.last_poll is not None:
        last = t(lang, "status.ago", age=words.span(now - health.last_poll))
    return [*lines, "🔴 " + " ".join(t(lang, "status.telegram_trouble", state=state, detail=detail, age=last).split())]


def _rosters(words: _Words, status: Status) -> list[str]:
    lines = []
    several = len(status.rosters) > 1
    for roster in status.rosters:
        name, author = escape(roster.name), escape(roster.changed_by)
        if roster.changed_at is None:
            unchanged = (
                t(words.lang, "status.unchanged_of", name=name) if several else t(words.lang, "status.unchanged")
            )
            lines.append("📅 " + unchanged)
            continue
        key = "status.revision_of" if several else "status.revision"
        moment = moment_text(words.lang, roster.changed_at, roster.timezone)
        text = t(words.lang, key, name=name, revision=roster.revision, author=author, moment=moment)
        lines.append("📅 " + text)
    return lines


def size_text(lang: str, size: int) -> str:
    """Writes a number of bytes, rounded up."""
    kilobytes = -(-size // 1024)
    if kilobytes < 1024:
        return t(lang, "status.kilobytes", n=kilobytes)
    return t(lang, "status.megabytes", n=-(-kilobytes // 1024))


def _backup(words: _Words, kept: "list[datetime] | None") -> list[str]:
    """Says how old the last backup is; nothing where a server has its own."""
    if kept is None:
        return []
    if not kept:
        return ["🗄 " + t(words.lang, "status.backup_none")]
    is_old = words.now - kept[0] > _OLD_BACKUP
    return [("🟡 " if is_old else "🗄 ") + t(words.lang, "status.backup", age=words.age(kept[0]))]


def _stored(words: _Words, status: Status, schema: str, kept: "list[datetime] | None") -> list[str]:
    lang = words.lang
    return [
        "💾 " + t(lang, "status.database", size=size_text(lang, status.database_bytes), schema=schema),
        *_backup(words, kept),
        "👥 " + t(lang, "status.people", n=status.people, reachable=status.reachable),
    ]


def _groups(words: _Words, status: Status) -> list[str]:
    lang = words.lang
    lines = ["📌 " + t(lang, "status.groups", n=status.groups)]
    if status.pins_off:
        lines.append("🔴 " + t(lang, "status.pins_off", n=len(status.pins_off)))
        lines += [f"• {escape(title[:60])}: {_why(lang, reason)}" for title, reason in status.pins_off[:SHOWN]]
        if len(status.pins_off) > SHOWN:
            lines.append(t(lang, "import.chat.more", n=len(status.pins_off) - SHOWN))
    if status.pins_uncertain:
        lines.append("⚠️ " + t(lang, "status.pins_uncertain", n=status.pins_uncertain))
    return lines


def _why(lang: str, reason: str) -> str:
    """Says why a pin is switched off; what an older version has noted is shown as it is."""
    return t(lang, f"groups.why_{reason}") if reason in groups.TEXTS else escape(reason[:120])


def _notices(words: _Words, status: Status) -> list[str]:
    lang, notices = words.lang, status.notices
    if notices.oldest_open_at is None:
        lines = ["✉️ " + t(lang, "status.notices_none")]
    else:
        moment = words.moment(notices.oldest_open_at)
        lines = ["✉️ " + t(lang, "status.notices", n=notices.open, moment=moment)]
    if notices.uncertain:
        lines.append("⚠️ " + t(lang, "status.notices_uncertain", n=notices.uncertain))
    return lines


def _links(words: _Words, status: Status) -> list[str]:
    lang = words.lang
    lines = ["🔗 " + t(lang, "status.links", n=status.links)]
    for link in status.links_read:
        who = t(lang, f"status.link_{link.scope}", owner=escape(link.owner))
        client = f" ({escape(link.client[:_CLIENT])})" if link.client else ""
        lines.append(f"• {who}: {words.ago(link.read_at)}{client}")
    if status.links and not status.links_read:
        lines.append(t(lang, "status.links_unread"))
    return lines


def _calendars(words: _Words, status: Status) -> list[str]:
    """Says how the calendars of others are doing; nothing where there are none."""
    shown = sorted(status.calendars, key=lambda one: not one.trouble)[:SHOWN]
    lines = ["", "🗓 " + t(words.lang, "status.calendars", n=len(status.calendars))] if shown else []
    lines += [f"• {state_text(words.lang, one, words.now)}" for one in shown]
    if len(status.calendars) > SHOWN:
        lines.append(t(words.lang, "import.chat.more", n=len(status.calendars) - SHOWN))
    return lines


@for_people(Level.ADMIN)
async def status(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows how everything is doing."""
    if not is_private(update):
        await send_to_private(update, context, lang, "status")
        return
    text = await _text(app_of(context), lang)
    await reply(update, text, [[button(lang, "status.refresh", _REFRESH())]])


@for_people(Level.ADMIN)
async def refresh(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows it anew."""
    await answer(update)
    text = await _text(app_of(context), lang)
    await edit(update, context, text, [[button(lang, "status.refresh", _REFRESH())]])


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("status", status))
    application.add_handler(handler(refresh, _REFRESH))
