"""Normal forms: how texts of a file are cleaned, and when two codes or two names count as the same."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final

from duty_teller.utils.texts import visible

_LOOKALIKES: Final = str.maketrans("АВЕЁКМНОРСТУХІЅЈ", "ABEEKMHOPCTYXISJ")
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_TAG: Final = re.compile(r"\([^()]*\)")
_SPACE: Final = re.compile(r"\s+")

_SHORT: Final = 100
_KEPT: Final = 2048


def _remembered(fold: Callable[[str], str]) -> Callable[[str], str]:
    """Lets a normal form be made once for each short text; long ones are nobody's name, and would fill the memory."""
    kept = lru_cache(maxsize=_KEPT)(fold)

    @wraps(fold)
    def folded(text: str) -> str:
        return kept(text) if len(text) <= _SHORT else fold(text)

    return folded


def clean(text: str) -> str:
    """Drops what cannot be seen (controls, half surrogates, direction marks); any white space becomes one space."""
    return visible(text)


@_remembered
def fold_code(text: str) -> str:
    """Returns the normal form of a code.

    Case, kinds of spaces and dashes, and Latin or Cyrillic look-alikes (X/Х, O/О, B/В) do not count.
    """
    return clean(unicodedata.normalize("NFKC", text)).upper().translate(_DASHES).translate(_LOOKALIKES)


@_remembered
def fold_name(text: str) -> str:
    """Returns the normal form for comparing names.

    Case, ё/е, spaces of any kind, the order of the words, commas, the dots of initials and a parenthesised tag do not
    count.
    """
    plain = clean(unicodedata.normalize("NFKC", text)).casefold().replace("ё", "е")
    untagged = _TAG.sub(" ", plain)
    for candidate in (untagged, plain):
        words = re.sub(r"[\s.,;]+", " ", candidate).split()
        if words:
            return " ".join(sorted(words))
    return plain
