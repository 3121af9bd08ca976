"""Finished answers in memory: bounded by their bytes all together, each built once whoever asks for it.

One answer is kept of each question, with what was known when it was made (the revisions): who makes it anew has the
earlier one, and can say that it still holds.
"""

import asyncio
import contextlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar, cast

BUDGET: Final = 24 * 2**20
"""Bytes of all answers kept by one process."""
MANY: Final = 4
"""So many builds of one kind wait only after a change that concerns everybody, while everybody asks."""


class Sized(Protocol):
    """An answer that knows how much memory it takes."""

    @property
    def size(self) -> int:
        """Bytes."""


Answer = TypeVar("Answer", bound=Sized)


@dataclass(frozen=True, slots=True)
class _Kept:
    state: Hashable
    answer: Sized


class AnswerMemory:
    """Answers to questions (keys), the least recently used ones going first; belongs to one event loop.

    Args:
        budget: Bytes of all of them; an answer that alone is larger is given to those who wait for it and not kept.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.held = 0
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._building: dict[tuple[Hashable, Hashable], asyncio.Future[Sized]] = {}
        self._waiting: Counter[str] = Counter()
        # One at a time and kind: building takes many times the memory of what comes out, and the interpreter.
        self._threads: dict[str, ThreadPoolExecutor] = {}

    def get(self, key: Hashable, state: Hashable) -> Sized | None:
        """Returns the answer that was made in this state, or None."""
        found = self._kept.get(key)
        if found is None or found.state != state:
            return None
        self._kept.move_to_end(key)
        return found.answer

    def earlier(self, key: Hashable) -> Sized | None:
        """Returns the last answer, whatever the state it was made in, or None."""
        found = self._kept.get(key)
        return None if found is None else found.answer

    def keep(self, key: Hashable, state: Hashable, answer: Sized) -> None:
        """Keeps an answer in place of the earlier one; others go until all fit."""
        self.forget(key)
        if answer.size > self.budget:
            return
        self._kept[key] = _Kept(state, answer)
        self.held += answer.size
        while self.held > self.budget:
            _key, gone = self._kept.popitem(last=False)
            self.held -= gone.answer.size

    def forget(self, key: Hashable) -> None:
        """Forgets one answer."""
        gone = self._kept.pop(key, None)
        self.held -= gone.answer.size if gone is not None else 0

    def clear(self) -> None:
        """Forgets all of them."""
        self._kept.clear()
        self.held = 0

    async def built(
        self, kind: str, key: Hashable, state: Hashable, build: Callable[[], Answer], meanwhile: Answer | None = None
    ) -> Answer:
        """Builds an answer in a thread and keeps it; whoever asks for the same meanwhile waits for the one build.

        Args:
            kind: Answers of one kind are built one after another, of several kinds side by side.
            key: Of the answer; it is always of the same kind.
            state: In which it is made.
            build: Makes it; a failure reaches everybody who waits, and is not remembered.
            meanwhile: An earlier answer that does while many builds wait: it is returned at once, and who asks again
                gets the new one.
        """
        building = self._building.get((key, state))
        if building is None:
            threads = self._threads.setdefault(kind, ThreadPoolExecutor(1, thread_name_prefix=f"build-{kind}"))
            building = asyncio.get_running_loop().run_in_executor(threads, build)
            self._building[key, state] = building
            self._waiting[kind] += 1
            building.add_done_callback(lambda _done: self._waiting.subtract((kind,)))
            building.add_done_callback(lambda done: self._finish(key, state, done))
        if meanwhile is not None and self._waiting[kind] > MANY:
            return meanwhile
        # Who gives up waiting does not take the build from the others.
        return cast(Answer, await asyncio.shield(building))

    def _finish(self, key: Hashable, state: Hashable, done: "asyncio.Future[Sized]") -> None:
        self._building.pop((key, state), None)
        with contextlib.suppress(asyncio.CancelledError):
            if done.exception() is None:
                self.keep(key, state, done.result())

    def close(self) -> None:
        """Lets no more build begin."""
        for threads in self._threads.values():
            threads.shutdown(wait=False, cancel_futures=True)
