"""Who may call Telegram when: answers to people go first, storms (pins, notices) are paced."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

_BACKGROUND: ContextVar[bool] = ContextVar("background", default=False)


@contextlib.contextmanager
def background() -> Iterator[None]:
    """Marks the calls made inside as nobody's answer: they give way to people and keep to the storm's pace."""
    token = _BACKGROUND.set(True)
    try:
        yield
    finally:
        _BACKGROUND.reset(token)


def in_background() -> bool:
    """Tells whether the calling task works in the background."""
    return _BACKGROUND.get()
