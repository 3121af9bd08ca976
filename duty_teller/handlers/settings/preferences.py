"""`/language` and `/reminders`: what people choose for themselves, by buttons that say what they will set."""

from datetime import time
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.db.models import NoticeKind
from duty_teller.handlers.common import Context, app_of, is_private, lang_of
from duty_teller.handlers.guard import for_people, who_can_help
from duty_teller.handlers.transport import command_lists, typed_text
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import pairs
from duty_teller.i18n import LANGUAGES, get_lang, t
from duty_teller.services.dialogues import Waiting
from duty_teller.services.outbox import choices
from duty_teller.services.people import preferences
from duty_teller.services.people.access import Person
from duty_teller.services.people.preferences import Preferences
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import FLAG, declare, one_of, spoken, words

KIND: Final = "quiet_hours"
_QUIET: Final = ((time(22), time(7)), (time(23), time(8)))
"""Quiet hours that have a button of their own."""

_LANGUAGE: Final = declare("lang:", spoken("auto"))
_NEVER: Final = declare("rem:never")
_LEAD: Final = declare("rem:lead:", words(*(str(minutes) for minutes in choices.LEADS)), FLAG)
_QUIET_HOURS: Final = declare("rem:quiet:", words("off", "own", *(f"{start:%H%M}{end:%H%M}" for start, end in _QUIET)))
_KIND: Final = declare("rem:kind:", one_of(NoticeKind), FLAG)


def _choice(label: str, chosen: bool, data: str) -> Button:
    return Button(f"✓ {label}" if chosen else label, data)


# -- /language -------------------------------------------------------------------------------------------------------


@for_people()
async def language(update: Update, context: Context, person: Person, lang: str) -> None:
    """Offers the languages."""
    if not is_private(update):
        await send_to_private(update, context, lang, "language")
        return
    await reply(update, t(lang, "view.language_ask"), _languages(lang, person.language))


def _languages(lang: str, chosen: str | None) -> Keyboard:
    named = [_choice(spoken.name, chosen == code, _LANGUAGE(code)) for code, spoken in LANGUAGES.items()]
    return [*pairs(named), [_choice(t(lang, "view.language_auto"), chosen is None, _LANGUAGE("auto"))]]


@for_people()
async def on_language(update: Update, context: Context, person: Person, lang: str) -> None:
    """Stores the choice; the answer, the menu button and the list of commands follow at once."""
    (wanted,) = _LANGUAGE.of(update)
    chosen = None if wanted == "auto" else wanted
    app = app_of(context)
    await app.db(
        partial(preferences.set_language, user_id=person.user_id, language=chosen, now=app.clock()), write=True
    )
    lang = chosen or get_lang(update.effective_user, app.settings.default_language)
    await answer(update)
    await edit(update, context, t(lang, "view.language_done"), _languages(lang, chosen))
    await command_lists.show_to(context.bot, app, person.telegram_user_id, person.is_admin, lang, chosen)


# -- /reminders ------------------------------------------------------------------------------------------------------


@for_people()
async def reminders(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows what a person is told unasked, and when, with a button for everything that can be changed."""
    if not is_private(update):
        await send_to_private(update, context, lang, "reminders")
        return
    text, rows = await _reminders(context, person, lang)
    await reply(update, text, rows)


async def _reminders(context: Context, person: Person, lang: str) -> tuple[str, Keyboard]:
    def look(session: Session) -> tuple[Preferences, str]:
        rosters = repository.rosters(session)
        zones = ", ".join(dict.fromkeys(roster.timezone for roster in rosters))
        return preferences.look(session, person.user_id), zones

    chosen, zones = await app_of(context).db(look)
    return _text(lang, chosen, person.is_admin, zones), _rows(lang, chosen, person.is_admin)


def _kinds(is_admin: bool) -> tuple[NoticeKind, ...]:
    return (*choices.FOR_EVERYBODY, *(choices.FOR_ADMINS if is_admin else ()))


def lead_text(lang: str, minutes: int) -> str:
    """Writes how long before a shift: `12 h`, `15 min`."""
    if minutes % 60:
        return t(lang, "view.minutes", minutes=minutes)
    return t(lang, "view.hours", hours=minutes // 60)


def _text(lang: str, chosen: Preferences, is_admin: bool, zones: str) -> str:
    lines = [f"<b>{t(lang, 'view.reminders_head')}</b>", ""]
    if chosen.leads:
        leads = ", ".join(lead_text(lang, minutes) for minutes in chosen.leads)
        lines.append(t(lang, "view.reminders_leads", leads=leads))
    else:
        lines.append(t(lang, "view.reminders_never"))
    if chosen.quiet is not None:
        lines.append(t(lang, "view.reminders_quiet", span=_span(chosen.quiet), zone=escape(zones)))
    else:
        lines.append(t(lang, "view.reminders_no_quiet"))
    off = [t(lang, f"view.kind_{kind}") for kind in _kinds(is_admin) if kind in chosen.off]
    lines += [t(lang, "view.reminders_off", kinds=", ".join(off))] if off else []
    lines.append("")
    if not chosen.linked:
        lines.append(t(lang, "view.reminders_unlinked_admin" if is_admin else "view.reminders_unlinked"))
    elif not chosen.leads and all(kind in chosen.off for kind in _kinds(is_admin)):
        lines.append(t(lang, "view.reminders_nothing"))
    else:
        lines.append(t(lang, "view.reminders_reach"))
    return "\n".join(lines)


def _span(quiet: tuple[time, time]) -> str:
    return f"{quiet[0]:%H:%M}–{quiet[1]:%H:%M}"


def _rows(lang: str, chosen: Preferences, is_admin: bool) -> Keyboard:
    leads = [
        _choice(lead_text(lang, minutes), minutes in chosen.leads, _LEAD(str(minutes), minutes not in chosen.leads))
        for minutes in choices.LEADS
    ]
    quiet = [_choice(t(lang, "view.quiet_off"), chosen.quiet is None, _QUIET_HOURS("off"))]
    quiet += [
        _choice(f"{start:%H}–{end:%H}", chosen.quiet == (start, end), _QUIET_HOURS(f"{start:%H%M}{end:%H%M}"))
        for start, end in _QUIET
    ]
    own = chosen.quiet is not None and chosen.quiet not in _QUIET
    quiet.append(_choice(t(lang, "view.quiet_own"), own, _QUIET_HOURS("own")))
    kinds = [
        [_choice(t(lang, f"view.kind_{kind}"), kind not in chosen.off, _KIND(kind, kind in chosen.off))]
        for kind in _kinds(is_admin)
    ]
    return [leads, [_choice(t(lang, "view.lead_never"), not chosen.leads, _NEVER())], quiet[:2], quiet[2:], *kinds]


@for_people()
async def on_reminders(update: Update, context: Context, person: Person, lang: str) -> None:
    """Sets what a button says, and shows what holds then; a second tap on it changes nothing more."""
    data = update.callback_query.data if update.callback_query is not None else None
    lead, quiet, kind = _LEAD.read(data), _QUIET_HOURS.read(data), _KIND.read(data)
    app, user_id = app_of(context), person.user_id
    if quiet == ("own",):
        await answer(update)
        sent = await reply(update, t(lang, "view.quiet_ask"))
        await typed_text.wait_for_text(
            update, context, person, KIND, None, sent.message_id if sent is not None else None
        )
        return

    def store(session: Session) -> None:
        if lead is not None:
            preferences.set_lead(session, user_id, int(lead[0]), lead[1])
        elif quiet is not None:
            span = None if quiet[0] == "off" else (_clock(quiet[0][:4]), _clock(quiet[0][4:]))
            preferences.set_quiet(session, user_id, span)
        elif kind is not None:
            preferences.set_kind(session, user_id, *kind)
        else:
            preferences.never_remind(session, user_id)

    if kind is not None and kind[0] not in _kinds(person.is_admin):
        await answer(update, t(lang, "bot.admins_only") + await who_can_help(update, context, lang))
        return
    await app.db(store, write=True)
    await answer(update)
    text, rows = await _reminders(context, person, lang)
    await edit(update, context, text, rows)


def _clock(digits: str) -> time:
    return time(int(digits[:2]), int(digits[2:]))


async def _on_quiet(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
    """Stores typed quiet hours.

    Raises:
        LocalizedError: `view.quiet_bad`; the question stays open.
    """
    message = update.effective_message
    span = preferences.parse_quiet((message.text if message is not None else None) or "")
    app = app_of(context)
    await app.db(partial(preferences.set_quiet, user_id=person.user_id, span=span), write=True)
    await typed_text.end(app, person.user_id)
    text, rows = await _reminders(context, person, lang_of(update, context, person))
    await reply(update, text, rows)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    typed_text.takes_text(KIND, _on_quiet)
    application.add_handler(CommandHandler("language", language))
    application.add_handler(CommandHandler("reminders", reminders))
    application.add_handler(handler(on_language, _LANGUAGE))
    application.add_handler(handler(on_reminders, _NEVER, _LEAD, _QUIET_HOURS, _KIND))
