"""Who may call Telegram when: answers to people go first; pins and notices, a thousand at once, are paced.

Telegram takes about 30 messages a second in all, one a second to a chat (a short burst passes) and 20 a minute to a
group (core.telegram.org/bots/faq). python-telegram-bot's own limiter lets twice its rate through in the first second,
halts everything at one refusal and knows no second per chat: hence this one.
"""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextvars import ContextVar
from typing import Any, Final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

logger = logging.getLogger(__name__)

_BACKGROUND: ContextVar[bool] = ContextVar("background", default=False)

BACKGROUND_A_SECOND: Final = 27
PEOPLE_A_SECOND: Final = 29
_GAP: Final = 1 / 26.5
"""Seconds between two background calls: evenly spread, so that a jittery network makes no crowd of them."""

_WINDOW: Final = 1.01
_CHAT_BURST: Final = 4.0
_GROUP_A_MINUTE: Final = 19
_RETRIES: Final = 3
_PATIENCE: Final = 10.0
"""Seconds: a background call that would wait longer goes back to its chore, so that it holds no worker."""

_CHATS: Final = 4096
_MESSAGES: Final = ("send", "edit", "copy", "forward")


@contextlib.contextmanager
def background() -> Iterator[None]:
    """Marks the calls made inside as nobody's answer: they give way to people and keep to the slower pace."""
    token = _BACKGROUND.set(True)
    try:
        yield
    finally:
        _BACKGROUND.reset(token)


def in_background() -> bool:
    """Tells whether the calling task works in the background."""
    return _BACKGROUND.get()


class _ChatPace:
    """What one chat has been sent."""

    __slots__ = ("held_until", "minute", "then", "tokens")

    def __init__(self, now: float) -> None:
        self.tokens, self.then = _CHAT_BURST, now
        self.minute: deque[float] = deque()
        self.held_until = 0.0

    def wait(self, now: float, group: bool) -> float:
        """Returns the seconds until the chat may get a message."""
        tokens = min(_CHAT_BURST, self.tokens + now - self.then)
        while self.minute and self.minute[0] <= now - 60:
            self.minute.popleft()
        full = group and len(self.minute) >= _GROUP_A_MINUTE
        return max(1 - tokens, self.minute[0] + 60 - now if full else 0.0, 0.0)

    def take(self, now: float, group: bool) -> None:
        """Counts a message."""
        self.tokens, self.then = max(0.0, min(_CHAT_BURST, self.tokens + now - self.then) - 1), now
        if group:
            self.minute.append(now)


class PaceLimiter(BaseRateLimiter[None]):
    """Lets calls through at Telegram's pace, people's before the background's.

    Args:
        clock: Monotonic seconds.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._sent: deque[float] = deque()
        self._next_slot = 0.0
        self._background_held = 0.0
        self._refused: deque[tuple[float, int]] = deque(maxlen=16)
        self._chats: OrderedDict[int, _ChatPace] = OrderedDict()

    async def initialize(self) -> None:
        """Needs nothing."""

    async def shutdown(self) -> None:
        """Holds nothing."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Any:
        """Makes a call when its turn has come; a refusal for its pace is waited out three times.

        Raises:
            RetryAfter: After the last try, or at once in the background when the wait is long.
        """
        raw = data.get("chat_id")
        chat_id = int(raw) if isinstance(raw, int) or (isinstance(raw, str) and raw.lstrip("-").isdigit()) else 0
        message = endpoint.startswith(_MESSAGES) and endpoint != "sendChatAction"
        for attempt in range(_RETRIES + 1):
            await self._turn(chat_id, message)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                self._note_refusal(chat_id, error)
                if attempt == _RETRIES:
                    raise
                logger.warning("Telegram asks %s to wait (chat %s)", endpoint, chat_id)
        raise AssertionError  # the loop returns or raises

    async def _turn(self, chat_id: int, message: bool) -> None:
        slot: float | None = None
        while True:
            now = self._clock()
            wait = self._wait(now, chat_id, message)
            if in_background():
                if wait > _PATIENCE:
                    raise RetryAfter(int(wait) + 1)
                if wait <= 0 and slot is None:
                    slot = self._next_slot = max(now, self._next_slot + _GAP)
                wait = max(wait, slot - now if slot is not None else 0.0)
            if wait <= 0:
                break
            await self._sleep(wait)
        if message or in_background():
            self._sent.append(now)
        if message and chat_id:
            self._chat(chat_id, now).take(now, chat_id < 0)

    def _wait(self, now: float, chat_id: int, message: bool) -> float:
        while self._sent and self._sent[0] <= now - _WINDOW:
            self._sent.popleft()
        waits = [0.0]
        if chat_id:
            chat = self._chat(chat_id, now)
            waits.append(chat.held_until - now)
            if message and in_background():
                # People's own taps are not held beforehand: Telegram lets most bursts in a chat pass, and says if not.
                waits.append(chat.wait(now, chat_id < 0))
        allowed = BACKGROUND_A_SECOND if in_background() else PEOPLE_A_SECOND
        if (message or in_background()) and len(self._sent) >= allowed:
            waits.append(self._sent[-allowed] + _WINDOW - now)
        if in_background():
            waits.append(self._background_held - now)
        return max(waits)

    def _chat(self, chat_id: int, now: float) -> _ChatPace:
        chat = self._chats.setdefault(chat_id, _ChatPace(now))
        self._chats.move_to_end(chat_id)
        while len(self._chats) > _CHATS:
            self._chats.popitem(last=False)
        return chat

    def _note_refusal(self, chat_id: int, error: RetryAfter) -> None:
        """A refusal holds its chat; refusals in several chats within a second are about all of them."""
        now = self._clock()
        until = now + error._retry_after.total_seconds() + 0.1
        if chat_id:
            self._chat(chat_id, now).held_until = until
        self._refused.append((now, chat_id))
        others = {chat for moment, chat in self._refused if moment > now - 1}
        if not chat_id or len(others) >= 3:
            self._background_held = max(self._background_held, until)
