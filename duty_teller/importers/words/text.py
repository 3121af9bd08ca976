"""Normal forms: how texts of a file are cleaned, and when two codes or two names count as the same."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from duty_teller.utils.texts import visible

_LOOKALIKES: Final = str.maketrans("АВЕЁКМНОРСТУХІЅЈ", "ABEEKMHOPCTYXISJ")
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_TAG: Final = re.compile(r"\([^()]*\)")
_SPACE: Final = re.compile(r"\s+")


def clean(text: str) -> str:
    """Drops what cannot be seen (controls, half surrogates, direction marks); any white space becomes one space."""
    return visible(text)


@lru_cache(maxsize=2048)
def fold_code(text: str) -> str:
    """Returns the normal form of a code.

    Case, kinds of spaces and dashes, and Latin or Cyrillic look-alikes (X/Х, O/О, B/В) do not count.
    """
    return clean(unicodedata.normalize("NFKC", text)).upper().translate(_DASHES).translate(_LOOKALIKES)


@lru_cache(maxsize=2048)
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
