"""Injected faults, and the sending limits Telegram really has."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from duty_teller.bot_api_stand_in.refusals import Json, Refusal, nothing_like, too_many_requests

FaultKind = Literal["too_many_requests", "server_error", "drop", "drop_after", "hang", "unauthorized", "refuse", "slow"]
KINDS: tuple[str, ...] = (
    "too_many_requests",
    "server_error",
    "drop",
    "drop_after",
    "hang",
    "unauthorized",
    "refuse",
    "slow",
)
_COUNTED = ("send", "edit", "copy", "forward")
_CHAT_BURST = 5
_GROUP_PER_MINUTE = 20
_OVERALL_PER_SECOND = 30


@dataclass
class Fault:
    """A fault that waits for calls.

    Attributes:
        method: a Bot API method, or "*" for all but getUpdates.
        kind: what happens instead of (for `drop_after` and `slow`: around) the call.
        times: how many calls it still takes; 0 means until cleared.
        chat_id: only calls to this chat.
        options: `retry_after`, `code`, `description`, `parameters`, `seconds` (by which the call is, or the refusal
            comes, late).
    """

    method: str
    kind: FaultKind
    times: int = 1
    chat_id: int | None = None
    options: Json = field(default_factory=dict)
    used: int = 0

    def refusal(self) -> Refusal | None:
        """The answer it gives, if it gives one at all."""
        if self.kind == "too_many_requests":
            return too_many_requests(int(self.options.get("retry_after", 1)))
        if self.kind == "server_error":
            code = int(self.options.get("code", 502))
            names = {
                500: "Internal Server Error",
                502: "Bad Gateway",
                503: "Service Unavailable",
                504: "Gateway Timeout",
            }
            return Refusal(code, str(self.options.get("description", names.get(code, "Internal Server Error"))))
        if self.kind == "unauthorized":
            return Refusal(401, "Unauthorized")
        if self.kind == "refuse":
            return Refusal(
                int(self.options.get("code", 400)),
                str(self.options.get("description", "Bad Request")),
                self.options.get("parameters"),
            )
        return None


class Faults:
    """The faults that wait."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, method: str, kind: str, times: int, chat_id: int | None, options: Json) -> None:
        """Let a fault wait."""
        if kind not in KINDS:
            nothing_like(f"no fault {kind!r}, only {', '.join(KINDS)}")
        known: FaultKind = kind  # type: ignore[assignment]  # checked just above
        self.waiting.append(Fault(method, known, times, chat_id, options))

    def take(self, method: str, chat_id: int) -> Fault | None:
        """The fault that hits this call, used up by one."""
        for fault in self.waiting:
            everything = fault.method == "*" and method != "getupdates"
            if (everything or fault.method.lower() == method) and fault.chat_id in (None, chat_id):
                fault.used += 1
                if fault.times and fault.used >= fault.times:
                    self.waiting.remove(fault)
                return fault
        return None


class Limits:
    """About a message a second to a chat (a short burst passes), 20 a minute to a group, 30 a second over all."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._chat: dict[int, tuple[float, float]] = {}
        self._group: dict[int, deque[float]] = defaultdict(deque)
        self._overall: deque[float] = deque()

    def check(self, method: str, chat_id: int) -> None:
        """Count a call.

        Raises:
            Refusal: 429 with the seconds to wait.
        """
        if not method.startswith(_COUNTED) or method == "sendchataction":
            return
        now = self._now().timestamp()
        tokens, then = self._chat.get(chat_id, (float(_CHAT_BURST), now))
        tokens = min(float(_CHAT_BURST), tokens + now - then)
        waits = [1 - tokens if tokens < 1 else 0.0, self._wait(self._overall, now, 1, _OVERALL_PER_SECOND)]
        if chat_id < 0:
            waits.append(self._wait(self._group[chat_id], now, 60, _GROUP_PER_MINUTE))
        if max(waits) > 0:
            raise too_many_requests(max(1, math.ceil(max(waits))))
        self._chat[chat_id] = (tokens - 1, now)
        self._overall.append(now)
        if chat_id < 0:
            self._group[chat_id].append(now)

    @staticmethod
    def _wait(sent: deque[float], now: float, period: float, allowed: int) -> float:
        while sent and sent[0] <= now - period:
            sent.popleft()
        return sent[0] + period - now if len(sent) >= allowed else 0.0
