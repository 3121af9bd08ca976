"""In which order updates are handled, and how many may wait: nobody's flood holds up the others.

A private chat's updates are handled one after another. In a group each person's are, beside the other people's; a
person is heard in a few groups at once. Only so many of one person wait in one chat; what comes on top of them is left
out, and one message says so when those that waited are done. What Telegram tells of a chat itself (an upgrade, rights,
a title) is never left out.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Final

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import BaseUpdateProcessor, filters

from duty_teller.utils import logs

logger = logging.getLogger(__name__)

AT_ONCE: Final = 64
"""Updates being handled, over all chats."""

WAITING_IN_PRIVATE: Final = 20
WAITING_IN_A_GROUP: Final = 5
"""Updates of one person in one chat, the one being handled included."""

GROUPS_AT_ONCE: Final = 3
"""Groups in which one person is being answered."""

_TASKS: Final = 1_000_000
"""The base class counts tasks by a semaphore of its own; what waits here must not use it up."""

Tell = Callable[[Update, int], Awaitable[None]]
"""Tells somebody that so many updates were left out."""


@dataclass(slots=True)
class _Queue:
    """The updates of one person in one chat.

    Attributes:
        lock: Held by the one that is being handled; taken in the order of arrival.
        waiting: How many there are.
        left_out: How many were left out since that was told.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    left_out: int = 0


@dataclass(slots=True)
class _Groups:
    """The groups in which one person is heard."""

    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(GROUPS_AT_ONCE))
    used: int = 0


class FairProcessor(BaseUpdateProcessor):
    """Handles updates in a fair order.

    Attributes:
        tell: Says what was left out; None: nothing is said.
    """

    def __init__(self) -> None:
        super().__init__(_TASKS)
        self.tell: Tell | None = None
        self._queues: dict[Hashable, _Queue] = {}
        self._groups: dict[int, _Groups] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Runs the handlers of an update when its turn has come, or leaves it out."""
        key, most, in_group = _place_of(update)
        queue = self._queues.setdefault(key, _Queue())
        if queue.waiting >= most and isinstance(update, Update) and _is_somebodys(update):
            if asyncio.iscoroutine(coroutine):
                coroutine.close()
            queue.left_out += 1
            if queue.left_out > 1:
                return  # the first one waits to tell of them all
            coroutine = self._tell_of(queue, update)
        queue.waiting += 1
        logs.ABOUT.set(_numbers_of(update))  # of this task, which ends with the update
        try:
            await self._in_turn(queue, in_group, coroutine)
        finally:
            queue.waiting -= 1
            if not queue.waiting:
                self._queues.pop(key, None)

    async def _in_turn(self, queue: _Queue, in_group: int | None, coroutine: Awaitable[Any]) -> None:
        # A person's room is taken before the chat's turn: who waits for room elsewhere holds nobody up here.
        groups = self._groups.setdefault(in_group, _Groups()) if in_group is not None else None
        if groups is not None:
            groups.used += 1
        try:
            async with groups.room if groups is not None else nullcontext(), queue.lock, self._slots:
                await coroutine
        finally:
            if groups is not None and in_group is not None:
                groups.used -= 1
                if not groups.used:
                    self._groups.pop(in_group, None)

    async def _tell_of(self, queue: _Queue, update: Update) -> None:
        number, queue.left_out = queue.left_out, 0
        logger.warning("%s updates of a flood were left out", number)
        if self.tell is None:
            return
        try:
            await self.tell(update, number)
        except Exception as error:  # nobody waits for this
            logger.info("what was left out could not be told: %s", error)

    async def initialize(self) -> None:
        """Needs nothing."""

    async def shutdown(self) -> None:
        """Holds nothing."""


def _numbers_of(update: object) -> dict[str, int]:
    """Returns the ids that a line of the log has of an update."""
    if not isinstance(update, Update):
        return {}
    chat, user = update.effective_chat, update.effective_user
    found = {"update": update.update_id}
    return found | ({"chat": chat.id} if chat is not None else {}) | ({"user": user.id} if user is not None else {})


def _place_of(update: object) -> tuple[Hashable, int, int | None]:
    """Returns an update's queue, how many may wait in it, and who is heard in a few groups only."""
    if not isinstance(update, Update):
        return "other", WAITING_IN_PRIVATE, None
    chat, user = update.effective_chat, update.effective_user
    who = user.id if user is not None else 0
    if chat is None:  # an inline query
        return ("person", who), WAITING_IN_PRIVATE, None
    if chat.type == ChatType.PRIVATE:
        return ("chat", chat.id), WAITING_IN_PRIVATE, None
    if not _is_somebodys(update):
        return ("chat", chat.id), WAITING_IN_PRIVATE, None
    return ("chat", chat.id, who), WAITING_IN_A_GROUP, who


def _is_somebodys(update: Update) -> bool:
    """Tells whether an update is a person's message, tap or query: it can be sent again."""
    if update.my_chat_member is not None:
        return False
    return update.message is None or not filters.StatusUpdate.ALL.check_update(update)
