"""The addresses under which a calendar program subscribes to a feed, all made from the feed's secret token.

Apple Calendar and most desktop programs register `webcal://` and subscribe when such an address is opened. Google
Calendar and Outlook on the web are opened by an https address that carries the feed's. Neither company documents its
form (what they document are the dialogues behind it: support.google.com/calendar/answer/37100 "From URL", and "Import
or subscribe to a calendar in Outlook.com"); both are what many products have used for years. Google wants `webcal:` in
`cid`: with `https:` its desktop page was seen to answer "Unable to add this calendar".
"""

import re
from enum import StrEnum
from urllib.parse import quote


class Program(StrEnum):
    """Which calendar program a person uses."""

    GOOGLE = "google"
    APPLE = "apple"
    OUTLOOK = "outlook"


def feed_address(base: str, token: str) -> str:
    """Returns the address of a feed.

    Args:
        base: MINI_APP_BASE_URL, with its path prefix where there is one.
        token: Of `links`.
    """
    return f"{base}/api/calendar/ical/{token}.ics"


def page_address(base: str, token: str, program: Program | None = None) -> str:
    """Returns the address of our own page that opens a program, or shows them all; arguments as `feed_address`."""
    return f"{base}/calendar/{token}" + (f"/{program}" if program is not None else "")


def webcal_address(feed: str) -> str:
    """Returns the twin of a feed's address that calendar programs open by themselves."""
    return re.sub(r"^https?", "webcal", feed)


def google_address(feed: str) -> str:
    """Returns the address at which Google Calendar asks whether to add the feed."""
    return f"https://calendar.google.com/calendar/r?cid={quote(webcal_address(feed), safe='')}"


def outlook_address(feed: str, name: str, at_work: bool = False) -> str:
    """Returns the address at which Outlook on the web asks whether to add the feed.

    Args:
        feed: Its https address.
        name: What the calendar is to be called.
        at_work: For accounts of a company or a school, which another host serves.
    """
    host = "outlook.office.com" if at_work else "outlook.live.com"
    return f"https://{host}/calendar/0/addfromweb?url={quote(feed, safe='')}&name={quote(name, safe='')}"
