"""Buttons under a message, as whoever makes them sees them; `handlers.transport.keyboards` makes Telegram's of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """A button; it has one of `data`, `url`, `app` and `copy`.

    Attributes:
        text: What it says.
        data: What it brings back when it is pressed; made by a kind of `utils.callback_data`.
        url: What it opens.
        app: The address of the Mini App that it opens, in a private chat.
        copy: What it puts on the clipboard.
    """

    text: str
    data: str | None = None
    url: str | None = None
    app: str | None = None
    copy: str | None = None


Keyboard = list[list[Button]]
"""Rows of buttons."""
