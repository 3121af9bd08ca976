"""Buttons that are pressed: which handler takes them, and the kinds that several rooms show."""

from typing import Any, Final

from telegram.ext import CallbackQueryHandler

from duty_teller.handlers.common import Handler
from duty_teller.utils.callback_data import ID, Data, declare


def handler(callback: Handler, *kinds: Data[*tuple[Any, ...]]) -> CallbackQueryHandler[Any, None]:
    """Returns the handler of some kinds of buttons."""

    def reads(data: object) -> bool:
        return any(kind.read(data) is not None for kind in kinds)

    return CallbackQueryHandler(callback, pattern=reads)


# Kinds of buttons that several rooms show.

UNDO: Final = declare("undo:", ID)
REDO: Final = declare("redo:", ID)
"""Of a change, and of an undo of one."""
