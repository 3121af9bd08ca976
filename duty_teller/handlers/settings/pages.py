"""What the pages of /settings share: one message edited in place, what its buttons do, answers that are typed."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from sqlmodel import Session
from telegram import Update
from telegram.error import TelegramError

from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import edit, reply
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import dialogues
from duty_teller.services.dialogues import Waiting
from duty_teller.services.people.access import Person
from duty_teller.services.rosters.rosters import RosterGoneError, RosterName
from duty_teller.services.schedule_service import Author
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import Data, Field, declare

T = TypeVar("T")
A_PAGE: Final = 8
"""Lines of a list at once."""

KIND: Final = "settings."
"""Begins the kinds of dialogues that /settings holds."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the message shows.

    Attributes:
        text: Telegram's HTML.
        rows: Buttons.
        waits: Which answer is typed next: the kind of dialogue and what its handler needs.
    """

    text: str
    rows: Keyboard
    waits: tuple[str, Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks for a page, and the words of the button behind its name."""

    update: Update
    context: Context
    person: Person
    lang: str
    args: Sequence[Any] = field(default=())

    @property
    def now(self) -> datetime:
        """The present instant."""
        return app_of(self.context).clock()

    @property
    def author(self) -> Author:
        """Who changes something."""
        return Author(self.person.user_id, self.person.full_name)

    def number(self, at: int = 0) -> int:
        """Returns a number among the button's words."""
        return int(self.args[at])

    def t(self, key: str, /, **args: Any) -> str:
        """Translates."""
        return t(self.lang, key, **args)

    def button(self, key: str, word: str, /, *values: Any, **args: Any) -> Button:
        """Makes a button that does what the word of an action says, with what the action needs."""
        return button(self.lang, key, data_of(word, *values), **args)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Runs work in a reading session."""
        return await app_of(self.context).db(work)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Runs work in a writing session."""
        return await app_of(self.context).db(work, write=True)


Action = Callable[[Ask], Awaitable[Page]]
Taker = Callable[[Ask, str, Mapping[str, Any]], Awaitable[Page]]
"""Takes typed text: who asks, the text, and what the question kept."""


_KINDS: Final[dict[str, Data[*tuple[Any, ...]]]] = {}


def actions(
    declared: Mapping[str, tuple[Action, *tuple[Field[Any] | Data[*tuple[Any, ...]], ...]]],
) -> dict[str, Action]:
    """Declares what the buttons of a page do: the word behind `set:`, the action, and what its button carries.

    A kind that is declared elsewhere, because notices show it, too, is given in place of what it carries.

    Raises:
        ValueError: Another page's button has that word.
    """
    for word, (_action, *parts) in declared.items():
        known = [part for part in parts if isinstance(part, Data)]
        fields = [part for part in parts if isinstance(part, Field)]
        if word in _KINDS:
            raise ValueError(f"{word!r} is another page's button already")
        _KINDS[word] = known[0] if known else declare(f"set:{word}:" if fields else f"set:{word}", *fields)
    return {word: action for word, (action, *_fields) in declared.items()}


def data_of(word: str, *values: Any) -> str:
    """Returns the data of a button that does what a word says."""
    return _KINDS[word](*values)


def read(data: str | None) -> tuple[str, tuple[Any, ...]] | None:
    """Returns the word behind a button and what it carries, or None: it is of another version, or forged."""
    for word, kind in _KINDS.items():
        values = kind.read(data)
        if values is not None:
            return word, values
    return None


def roster_rows(
    rosters: Sequence[RosterName], data: Callable[[int], str], turn: Callable[[int], str], page: int = 0
) -> Keyboard:
    """Returns a button for each roster of a page, and the row that turns pages.

    Args:
        rosters: All of them.
        data: Makes a button's data from a roster's id.
        turn: Makes a button's data from a page's number.
        page: Which page; one that is not there any more is the last one.
    """
    part = page_of(rosters, page, A_PAGE, turn)
    return [[Button(roster.name or "—", data(roster.id))] for roster in part.shown] + part.turn


async def show(ask: Ask, page: Page) -> None:
    """Edits the message whose button was pressed, and waits for text if the page asks for some."""
    query = ask.update.callback_query
    if query is None or query.message is None:
        return
    await _wait(ask, page, query.message.message_id)
    await edit(ask.update, ask.context, page.text, page.rows)


async def _wait(ask: Ask, page: Page, message_id: int | None) -> None:
    if page.waits is not None:
        kind, payload = page.waits
        await typed_text.wait_for_text(ask.update, ask.context, ask.person, kind, payload, message_id)
        return
    user_id, now = ask.person.user_id, ask.now
    waiting = await ask.read(partial(dialogues.current, user_id=user_id, now=now))
    if waiting is not None and waiting.kind.startswith(KIND):
        await typed_text.end(app_of(ask.context), user_id)


def takes_text(kind: str, taker: Taker, entry: Action) -> None:
    """Names who takes the text of a kind of question.

    Args:
        kind: Begins with `KIND`.
        taker: Returns the page to show; it raises a `LocalizedError` for a text that does not suit: it stays open.
        entry: The page to show where the roster was retired meanwhile.
    """

    async def take(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
        message = update.effective_message
        ask = Ask(update, context, person, lang)
        if not person.is_admin:
            await typed_text.end(app_of(context), person.user_id)
            raise LocalizedError("bot.admins_only")
        try:
            page = await taker(ask, (message.text or "") if message is not None else "", waiting.payload)
        except RosterGoneError as error:
            first = await entry(ask)
            page = Page(f"{error.text(lang)}\n\n{first.text}", first.rows)
        if waiting.message_id is not None:
            with contextlib.suppress(TelegramError):  # the question is answered: its button goes
                await context.bot.edit_message_reply_markup(waiting.chat_id, waiting.message_id)
        if page.waits is None:
            await _wait(ask, page, None)
        sent = await reply(update, page.text, page.rows)
        if page.waits is not None:
            await _wait(ask, page, sent.message_id if sent is not None else None)

    typed_text.takes_text(kind, take)
