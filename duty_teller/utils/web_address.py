"""Addresses on the web that people give, and what is known of the file behind one; light, unlike fetching it."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from duty_teller.i18n.core import LocalizedError

PORTS: Final = {"http": 80, "https": 443}
"""The schemes that are fetched, and the port of each."""


class FetchError(LocalizedError):
    """Why a file could not be fetched: a key `fetch.…` and arguments, none of which is the address."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was said about the copy one has: the next answer may be that it still holds."""

    etag: str = ""
    last_modified: str = ""


def checked_address(text: str) -> str:
    """Returns an address as it will be fetched: `webcal` is https.

    Raises:
        FetchError: `fetch.address`, it is none of http or https.
    """
    address = text.strip()
    scheme, colon, rest = address.partition(":")
    if scheme.lower() in ("webcal", "webcals"):
        address = f"https{colon}{rest}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in PORTS and parts.hostname and (parts.port or 1)
    except ValueError:
        usable = False
    if not usable or any(sign.isspace() for sign in address):
        raise FetchError("fetch.address")
    return address
