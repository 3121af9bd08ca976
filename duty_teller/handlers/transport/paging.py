"""Pages: the row that turns them, and texts that are longer than a message."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from telegram.constants import MessageLimit

from duty_teller.utils.bidi import isolate_html
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.texts import without_unseen

T = TypeVar("T")

MARKS: Final = ("◀", "▶")
DOWN: Final = ("▲", "▼")
"""Where ◀ and ▶ turn days or weeks."""
A_TEXT: Final = 3000
"""UTF-16 units of one page; Telegram takes 4096 of a message."""

_LONGEST: Final = 4000
"""Of Telegram's 4096 UTF-16 units after parsing; counted with most markup, so it is on the safe side."""
_TIMES: Final = re.compile(r"</?tg-time[^>]*>")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """A page of a list.

    Attributes:
        number: Which, from 0.
        of: How many there are; 1 for an empty list.
        shown: Its entries.
        turn: The row that turns pages, or no row.
    """

    number: int
    of: int
    shown: Sequence[T]
    turn: Keyboard


def page_of(
    entries: Sequence[T], page: int, size: int, data: Callable[[int], str], marks: tuple[str, str] = MARKS
) -> ListPage[T]:
    """Returns a page of a list; one that is not there (any more) is the nearest that is.

    Args:
        entries: The whole list.
        page: Which page, from 0.
        size: Entries of a page.
        data: Makes a button's data from the number of a page.
        marks: What the buttons say.
    """
    last = max(0, (len(entries) - 1) // size)
    number = max(0, min(page, last))
    shown = entries[number * size : (number + 1) * size]
    return ListPage(number, last + 1, shown, turning(number, number < last, data, marks))


def turning(page: int, more: bool, data: Callable[[int], str], marks: tuple[str, str] = MARKS) -> Keyboard:
    """Returns the row that turns pages, or no row, where it is known only whether there is one more."""
    row = [Button(marks[0], data(page - 1))] if page else []
    row += [Button(marks[1], data(page + 1))] if more else []
    return [row] if row else []


def text_pages(lines: Iterable[str]) -> list[str]:
    """Returns the pages of a text; nothing is left out, a line is never torn.

    Args:
        lines: As Telegram HTML; no tag may span lines.
    """
    pages: list[list[str]] = [[]]
    room = A_TEXT
    for line in lines:
        units = _units(line) + 1
        if units > room and pages[-1]:
            pages.append([])
            room = A_TEXT
        room -= units
        pages[-1].append(line)
    return ["\n".join(page) for page in pages]


def text_page(html: str, page: int, data: Callable[[int], str]) -> tuple[str, Keyboard]:
    """Returns a page of a text that may be longer than a message, and the row that turns its pages.

    Args:
        html: No tag may span lines.
        page: Which page, from 0; one that is not there (any more) is the nearest that is.
        data: Makes a button's data from the number of a page.
    """
    pages = message_texts(html)
    number = max(0, min(page, len(pages) - 1))
    return pages[number], turning(number, number + 1 < len(pages), data, DOWN)


def message_texts(html: str) -> list[str]:
    """Returns the texts of the messages that a text needs, nearly always one; nothing of it is left out.

    Args:
        html: No tag may span lines.
    """
    whole = readable(html)
    return [whole] if _units(whole) <= _LONGEST else text_pages(whole.split("\n"))


def one_message(html: str, rest: str) -> str:
    """Returns what fits one message that has no pages; where that is not all, its last line says where the rest is.

    Args:
        html: No tag may span lines.
        rest: That line.
    """
    first, *more = message_texts(html)
    return f"{first}\n{rest}" if more else first


def readable(html: str) -> str:
    """Makes a text ready for a message.

    What cannot be seen goes, right-to-left names are isolated from the times beside them.
    """
    html = isolate_html(without_unseen(html))
    if html.count("<") - html.count("</") > MessageLimit.MESSAGE_ENTITIES:  # Telegram would drop the last, names or not
        html = _TIMES.sub("", html)
    return html


def _units(html: str) -> int:
    return len(_TIMES.sub("", html).encode("utf-16-le")) // 2
