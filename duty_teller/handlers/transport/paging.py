"""Pages: the row that turns them, and texts that are longer than a message."""

from collections.abc import Callable, Iterable
from typing import Final

from telegram import InlineKeyboardButton

A_TEXT: Final = 3000
"""UTF-16 units of one page; Telegram takes 4096 of a message."""


def turning(page: int, more: bool, data: Callable[[int], str]) -> list[list[InlineKeyboardButton]]:
    """Returns the row that turns pages, or no row; `data` makes a button's data from the number of a page."""
    row = [InlineKeyboardButton("◀", callback_data=data(page - 1))] if page else []
    row += [InlineKeyboardButton("▶", callback_data=data(page + 1))] if more else []
    return [row] if row else []


def text_pages(lines: Iterable[str]) -> list[str]:
    """Returns the pages of a text; nothing is left out, a line is never torn.

    Args:
        lines: As Telegram HTML; no tag may span lines.
    """
    pages: list[list[str]] = [[]]
    room = A_TEXT
    for line in lines:
        units = len(line.encode("utf-16-le")) // 2 + 1
        if units > room and pages[-1]:
            pages.append([])
            room = A_TEXT
        room -= units
        pages[-1].append(line)
    return ["\n".join(page) for page in pages]
