"""Notes of shifts: what people write beside one, cleaned of what some reader of calendars refuses."""

import re
from typing import Final

from duty_teller.i18n.core import LocalizedError
from duty_teller.utils.texts import plain_lines, without_unseen

MAX_NOTE: Final = 500
"""Characters of a note, as the column of the database has them."""

_BLANK_LINES: Final = re.compile(r"\n{3,}")


class NoteTooLongError(LocalizedError):
    """A note has more than `MAX_NOTE` characters (`change.note_long`)."""


def clean_note(text: str) -> str | None:
    """Returns a note as it is stored; None for one that says nothing.

    Its lines end in LF alone; control characters, direction overrides and other signs that nobody sees are gone, and so
    is white space around the lines.

    Args:
        text: What was written: typed, or a cell of a file.

    Raises:
        NoteTooLongError: What is left is longer than `MAX_NOTE`.
    """
    lines = (" ".join(line.split()) for line in without_unseen(plain_lines(text.replace("\t", " "))).split("\n"))
    note = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
    if len(note) > MAX_NOTE:
        raise NoteTooLongError("change.note_long", n=len(note), limit=MAX_NOTE)
    return note or None
