"""What handlers share: who is asking, in which language, the one door to the database, and answering."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar
from weakref import WeakValueDictionary

from sqlmodel import Session
from telegram import Update, User
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from duty_teller.cache import is_admin_cache
from duty_teller.composition import in_session
from duty_teller.config import Settings
from duty_teller.i18n import get_lang
from duty_teller.services.health import Health
from duty_teller.services.people import access
from duty_teller.services.people.access import Level, Person
from duty_teller.utils.user import GROUP_ANONYMOUS_BOT, Visitor

logger = logging.getLogger(__name__)

T = TypeVar("T")
Context = ContextTypes.DEFAULT_TYPE
Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

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
        elapsed: Returns the seconds by which messages are paced: the monotonic ones, where nobody plays with the clock.
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
        menus: Account → what it was when it was last offered commands; None: nobody has looked yet.
        menus_at: The revision of people at which everybody had the right ones.
        chat_locks: Of the pins of a group (`group_duty_pin.message.chat_lock`); kept while used.
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
    menus: dict[int, Level] | None = None
    menus_at: int = -1
    chat_locks: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    explaining: set[int] = field(default_factory=set)
    applying: set[int] = field(default_factory=set)
    monotonic: Callable[[], float] = time.monotonic
    elapsed: Callable[[], float] = time.monotonic
    answer_seconds: float = 5.0

    async def db(self, work: Callable[[Session], T], write: bool = False) -> T:
        """Runs work in a session in a thread: the one way from handlers to the database; no ORM object comes back.

        Args:
            work: Takes the session; what it returns must be detached.
            write: Open a writing session.
        """
        threads = self.writers if write else self.executor
        return await asyncio.get_running_loop().run_in_executor(
            threads, in_session, self.settings.database_url, work, write
        )

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
    """Returns the person behind an update, or None for a stranger (or for a message that is no person's)."""
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
