"""Text of right-to-left scripts beside times and Latin or Cyrillic words (Unicode Standard Annex #9).

A Hebrew or Arabic name that stands beside `09:00–21:00` pulls digits and dashes to its own direction: the hours are
shown the wrong way round, and a line that begins with the name is laid out from the right. An isolate (U+2068 … U+2069)
keeps its inside to itself. It is put round text of such scripts only: everything else is sent as it was.
"""

import re
from typing import Final

_RTL: Final = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_WITHIN: Final = r"[ '\"’\-.()\u200c\u200d]{1,3}"
"""What may stand between two words of one name."""

_RUN: Final = re.compile(rf"[{_RTL}]+(?:{_WITHIN}[{_RTL}]+)*")
_SOME: Final = re.compile(f"[{_RTL}]")
_MARKUP: Final = re.compile(r"(<code>.*?</code>|<pre>.*?</pre>|<[^>]*>)", re.DOTALL)


def isolate(text: str) -> str:
    """Wraps each run of right-to-left words of a plain text into an isolate."""
    return _RUN.sub("\u2068\\g<0>\u2069", text) if _SOME.search(text) else text


def isolate_html(html: str) -> str:
    """Does the same in Telegram's HTML; tags, and code that is there to be copied, stay as they are."""
    if not _SOME.search(html):
        return html
    return "".join(part if part.startswith("<") else isolate(part) for part in _MARKUP.split(html))
