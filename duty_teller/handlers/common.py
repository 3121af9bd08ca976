"""What handlers share: who is asking, in which language, the one door to the database, and answering."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar
from weakref import WeakValueDictionary

from sqlmodel import Session
from telegram import (
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
    User,
    WebAppInfo,
)
from telegram.constants import ChatType, MessageLimit, ParseMode
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from duty_teller.cache import is_admin_cache
from duty_teller.composition import writing
from duty_teller.config import Settings
from duty_teller.db.session import session_scope
from duty_teller.i18n import get_lang, t
from duty_teller.services.health import Health
from duty_teller.services.people import access
from duty_teller.services.people.access import Level, Person
from duty_teller.utils.bidi import isolate, isolate_html
from duty_teller.utils.texts import without_unseen
from duty_teller.utils.user import GROUP_ANONYMOUS_BOT, Visitor

logger = logging.getLogger(__name__)

T = TypeVar("T")
Context = ContextTypes.DEFAULT_TYPE
Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

_LONGEST: Final = 4000
"""Of Telegram's 4096 UTF-16 units after parsing; counted with most markup, so it is on the safe side."""

_TIMES: Final = re.compile(r"</?tg-time[^>]*>")
_LONGEST_ANSWER: Final = 200
_HINT_SECONDS: Final = 0.2

SENT_BY_NOBODY: Final = frozenset({GROUP_ANONYMOUS_BOT, 136817688, 777000})
"""Anonymous group admins, channels that speak in a group, and Telegram itself: never authorised."""


@dataclass(slots=True)
class App:
    """What the bot's part of the process works with; kept in `application.bot_data["app"]`.

    Attributes:
        settings: Checked.
        clock: Returns the present instant.
        monotonic: Returns seconds that no step of the wall clock moves.
        secret: Signs invitations and feed links.
        health: Written here.
        take_reads: Takes over what is known of the feeds' readers.
        executor: Runs the sessions that read.
        writers: Runs the sessions that write, one at a time: those that wait for each other keep no reader waiting.
        outbox_swept_at: When this process last looked for interrupted and old notices (monotonic); None: not yet.
        clock_went_back: The wall clock was set back, and the outbox has not looked at what waits for an instant that
            is far away now.
        covers_released: This process has looked for messages of requests that the last one did not finish.
        basic_groups: Those found not to be upgraded since the process began; later upgrades are announced.
        refused_at: When strangers were last answered; hidden admins of a group count as their group.
        explaining: Whose roster file is being sent back explained: that takes long, and is done once at a time each.
        applying: Numbers of the import drafts whose Apply a handler is busy with; what became of them it tells itself.
        chat_locks: Of the pins of a group: a command and the tick do not post the same one; kept while used.
        answer_seconds: How long Telegram may take for an answer before the call counts as lost.
    """

    settings: Settings
    clock: Callable[[], datetime]
    secret: bytes
    health: Health
    take_reads: Callable[[], dict[int, tuple[datetime, str]]] = field(default=dict)
    executor: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, thread_name_prefix="database"))
    writers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="writer"))
    outbox_swept_at: float | None = None
    clock_went_back: bool = False
    covers_released: bool = False
    basic_groups: set[int] = field(default_factory=set)
    refused_at: dict[int, datetime] = field(default_factory=dict)
    chat_locks: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    explaining: set[int] = field(default_factory=set)
    applying: set[int] = field(default_factory=set)
    monotonic: Callable[[], float] = time.monotonic
    answer_seconds: float = 5.0

    async def db(self, work: Callable[[Session], T], write: bool = False) -> T:
        """Runs work in a session in a thread: the one way from handlers to the database; no ORM object comes back.

        Args:
            work: Takes the session; what it returns must be detached.
            write: Open a writing session.
        """

        def run() -> T:
            with (writing if write else session_scope)(self.settings.database_url) as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self.writers if write else self.executor, run)

    def close(self) -> None:
        """Lets no more work begin; what is under way goes on in its thread."""
        for threads in (self.executor, self.writers):
            threads.shutdown(wait=False, cancel_futures=True)

    async def note_hint(self, work: Callable[[Session], T]) -> T | None:
        """Writes what is good to know and no more (a new username): where that takes long or fails, None.

        An answer does not depend on it: the next update brings it again.
        """
        writing = asyncio.ensure_future(self.db(work, write=True))
        writing.add_done_callback(_log_lost_hint)
        done, _pending = await asyncio.wait({writing}, timeout=_HINT_SECONDS)
        return None if not done or writing.exception() is not None else writing.result()


def _log_lost_hint(writing: "asyncio.Future[Any]") -> None:
    if not writing.cancelled() and (error := writing.exception()) is not None:
        logger.warning("what is known of a person could not be stored: %s", type(error).__name__)


def app_of(context: Context) -> App:
    """Returns what the bot works with."""
    app: App = context.bot_data["app"]
    return app


def visitor_of(user: User) -> Visitor:
    """Returns a Telegram account as the services take it."""
    return Visitor(user.id, user.full_name, user.username, user.language_code)


async def person_of(update: Update, context: Context) -> Person | None:
    """Returns the person behind an update, or None for a stranger (or for a message that stands for nobody)."""
    user, message = update.effective_user, update.effective_message
    hidden = message is not None and message.sender_chat is not None and update.callback_query is None
    if user is None or user.id in SENT_BY_NOBODY or user.is_bot or hidden:
        return None
    app, visitor = app_of(context), visitor_of(user)
    found = await app.db(partial(access.recognise, settings=app.settings, visitor=visitor))
    if not found.to_store:
        return found.person
    admit = partial(access.admit, settings=app.settings, visitor=visitor, now=app.clock())
    if found.person is None:
        return await app.db(admit, write=True)
    return await app.note_hint(admit) or found.person


async def is_admin_async(app: App, telegram_user_id: int) -> bool:
    """Tells whether an account is an admin's; remembered for 60 s and forgotten at once when the role changes.

    A cheap no for whoever has nothing to say; who is to do something is read from the database (`person_of`).
    """
    now, generation = app.clock(), is_admin_cache.generation
    known = await asyncio.to_thread(is_admin_cache.get, (telegram_user_id,), now)
    if isinstance(known, bool):
        return known

    def look(session: Session) -> bool:
        return access.level_of(session, app.settings, telegram_user_id) == Level.ADMIN

    found = await app.db(look)
    valid_until = now + timedelta(seconds=is_admin_cache.seconds)
    await asyncio.to_thread(is_admin_cache.set, (telegram_user_id,), found, valid_until)
    if is_admin_cache.generation != generation:  # a role changed while it was looked up
        await asyncio.to_thread(is_admin_cache.delete, (telegram_user_id,))
    return found


def lang_of(update: Update, context: Context, person: Person | None = None) -> str:
    """Returns the language of who asks: the stored choice, Telegram's, or the default."""
    default = app_of(context).settings.default_language
    if person is not None and person.language:
        return get_lang(person, default)
    return get_lang(update.effective_user, default)


def is_private(update: Update) -> bool:
    """Tells whether this is a private chat with the bot."""
    return update.effective_chat is not None and update.effective_chat.type == ChatType.PRIVATE


async def reply(update: Update, text: str, buttons: list[list[InlineKeyboardButton]] | None = None) -> Message | None:
    """Answers in the chat (and topic) of an update, as HTML; the text is escaped by the caller where it holds data."""
    markup = keyboard(buttons)
    query = update.callback_query
    if query is not None and isinstance(query.message, InaccessibleMessage):  # its button is too old to show it
        bot, chat_id = query.get_bot(), query.message.chat.id
        return await bot.send_message(chat_id, fit(text), parse_mode=ParseMode.HTML, reply_markup=markup)
    message = update.effective_message
    if message is None:
        return None
    return await message.reply_text(
        fit(text), parse_mode=ParseMode.HTML, reply_markup=markup, allow_sending_without_reply=True
    )


async def answer(update: Update, text: str = "") -> None:
    """Answers a tap on a button, with an alert if there is text.

    A tap that Telegram no longer takes an answer to (the process was down) is carried out all the same.
    """
    query = update.callback_query
    if query is None:
        return
    short = text.encode("utf-16-le")[: 2 * _LONGEST_ANSWER].decode("utf-16-le", errors="ignore")
    try:
        await query.answer(short or None, show_alert=bool(short))
    except TelegramError as error:
        logger.info("a tap could not be answered: %s", error)


def deep_link(bot_username: str, payload: str) -> str:
    """Returns the link that opens the private chat and sends `/start payload`."""
    return f"https://t.me/{bot_username}?start={payload}"


async def send_to_private(update: Update, context: Context, lang: str, command: str) -> None:
    """Says in a group that a command works in the private chat only, with a button that opens it there and runs it.

    Args:
        update: Of the group.
        context: Of the update.
        lang: Of who asks.
        command: Without the slash; one of `command_lists.IN_PRIVATE`.
    """
    name = context.bot.username
    link = InlineKeyboardButton(t(lang, "view.open_private"), url=deep_link(name, command))
    await reply(update, t(lang, "bot.in_private", bot=name), [[link]])


def keyboard(buttons: list[list[InlineKeyboardButton]] | None) -> InlineKeyboardMarkup | None:
    """Makes the buttons under a message; what stands on them is cleaned and isolated as in `fit`."""
    if not buttons:
        return None
    return InlineKeyboardMarkup([[_readable(one) for one in row] for row in buttons])


def _readable(one: InlineKeyboardButton) -> InlineKeyboardButton:
    text = isolate(without_unseen(one.text))
    return one if text == one.text else InlineKeyboardButton.de_json(one.to_dict() | {"text": text}, None)


def fit(html: str) -> str:
    """Makes a text ready for a message.

    What cannot be seen goes, right-to-left names are isolated from the times beside them, and what is too long is cut
    at the end of a line; no tag may span lines.
    """
    html = isolate_html(without_unseen(html))
    if html.count("<") - html.count("</") > MessageLimit.MESSAGE_ENTITIES:  # Telegram would drop the last, names or not
        html = _TIMES.sub("", html)
    if _units(html) <= _LONGEST:
        return html
    kept: list[str] = []
    room = _LONGEST - 2
    for line in html.split("\n"):
        room -= _units(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, "…"])


def _units(html: str) -> int:
    return len(_TIMES.sub("", html).encode("utf-16-le")) // 2


def pairs(buttons: Iterable[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Returns buttons two a row."""
    left = list(buttons)
    return [left[at : at + 2] for at in range(0, len(left), 2)]


def button(lang: str, key: str, data: str, **args: Any) -> InlineKeyboardButton:
    """Makes an inline button; its data must fit Telegram's 64 bytes."""
    return InlineKeyboardButton(t(lang, key, **args), callback_data=data)


def calendar_target(app: App) -> str:
    """Returns what `calendar_button` opens in groups, roster and bot aside; empty: there is no button."""
    settings = app.settings
    return f"{settings.mini_app_base_url}#{settings.mini_app_short_name}" if settings.mini_app_base_url else ""


def calendar_button(
    app: App, lang: str, bot_username: str, private: bool, roster_id: int | None = None
) -> list[list[Any]]:
    """Returns a row with the button that opens the Mini App, or no row when there is no public address.

    `web_app` buttons exist in private chats only; in groups a `t.me` link opens the app.
    """
    base = app.settings.mini_app_base_url
    if not base:
        return []
    text = t(lang, "pin.open")
    if private and base.startswith("https://"):
        return [[InlineKeyboardButton(text, web_app=WebAppInfo(f"{base}/"))]]
    path = f"/{app.settings.mini_app_short_name}" if app.settings.mini_app_short_name else ""
    start = f"r{roster_id}" if roster_id is not None else "home"
    return [[InlineKeyboardButton(text, url=f"https://t.me/{bot_username}{path}?startapp={start}")]]
