"""`GET /calendar/<token>`: a page that puts a feed into the calendar program of whoever opens it.

Telegram's buttons open http addresses only, and each program wants another one. The page knows the device by its
User-Agent: what belongs there stands first, and where one program is certain it is opened at once. It is whole in one
answer, without a script and without a file: nothing in it depends on the path the server is reached by.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from html import escape
from string import Template
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from duty_teller.api.dependencies import get_state
from duty_teller.api.state import ApiState
from duty_teller.db.models import LinkScope, User
from duty_teller.db.session import session_scope
from duty_teller.i18n import get_lang, t
from duty_teller.i18n.core import accepted_language
from duty_teller.services.feeds import links
from duty_teller.services.feeds.addresses import (
    Program,
    feed_address,
    google_address,
    outlook_address,
    webcal_address,
)

router = APIRouter(include_in_schema=False)

_STYLE: Final = """
:root { color-scheme: light dark; --page: #f0f2f5; --surface: #fff; --text: #16202a; --muted: #56616c;
  --button: #1f6fb2; --on-button: #fff; --soft: #e4e9ee; }
@media (prefers-color-scheme: dark) { :root { --page: #0f161d; --surface: #17212b; --text: #f3f5f7;
  --muted: #a9b4bf; --button: #6ab3f3; --on-button: #0f161d; --soft: #263340; } }
* { box-sizing: border-box; }
body { margin: 0; padding: max(16px, env(safe-area-inset-top)) 16px 24px; background: var(--page); color: var(--text);
  font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 420px; margin: 0 auto; padding: 20px; border-radius: 14px; background: var(--surface); }
h1 { margin: 0 0 6px; font-size: 22px; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: 0 0 16px; text-wrap: pretty; }
p, summary { color: var(--muted); }
nav { display: grid; gap: 10px; margin-bottom: 16px; }
nav a { display: block; padding: 12px 14px; border-radius: 10px; background: var(--soft); color: inherit;
  font-weight: 600; text-align: center; text-decoration: none; }
nav a.first { background: var(--button); color: var(--on-button); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--button); outline-offset: 2px; }
summary { padding: 8px 0; cursor: pointer; }
code { display: block; padding: 10px; border-radius: 10px; background: var(--soft); font-size: 13px;
  overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
small { display: block; text-wrap: pretty; margin-top: 16px; color: var(--muted); font-size: 13px; }
"""

_PAGE: Final = Template("""<!doctype html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>$title</title>
$refresh<style>$style</style>
</head>
<body><main>
<h1>$title</h1>
$body
</main></body>
</html>
""")

_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_HEADERS: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, User-Agent",
}


class Device(Enum):
    """What somebody reads the page on; it decides what is likely and nothing else."""

    APPLE_PHONE = auto()
    MAC = auto()
    ANDROID = auto()
    WINDOWS = auto()
    OTHER = auto()

    @property
    def is_phone(self) -> bool:
        """Whether it is a phone or a tablet."""
        return self in (Device.APPLE_PHONE, Device.ANDROID)

    @property
    def is_apple(self) -> bool:
        """Whether Apple Calendar is there."""
        return self in (Device.APPLE_PHONE, Device.MAC)


def device_of(user_agent: str) -> Device:
    """Tells the device by a browser's User-Agent (an iPad says Macintosh unless asked for the mobile site)."""
    for pattern, device in (
        (r"iPhone|iPad|iPod", Device.APPLE_PHONE),
        (r"Android", Device.ANDROID),  # before Linux, which it names, too
        (r"Macintosh", Device.MAC),
        (r"Windows", Device.WINDOWS),
    ):
        if re.search(pattern, user_agent):
            return device
    return Device.OTHER


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a token opens."""

    language: str
    scope: LinkScope


@router.get("/calendar/{token}")
@router.get("/calendar/{token}/{program}")
def calendar_page(
    request: Request, state: Annotated[ApiState, Depends(get_state)], token: str, program: str = ""
) -> Response:
    """Shows the page in the language of the link's owner; opening it does not count as a calendar that reads."""
    wanted, default = request.headers.get("accept-language", ""), state.settings.default_language
    base = state.settings.mini_app_base_url
    with session_scope(state.settings.database_url) as session:
        link = links.find_link(session, state.secret, token)
        owner = session.get(User, link.user_id) if link is not None else None
        opened = None if link is None else _Opened(_language(owner, wanted, default), link.scope)
    if opened is None or program not in ("", *Program):
        return _message(accepted_language(wanted, default), "calendar.gone_title", "calendar.gone")
    if not base:
        return _message(opened.language, "calendar.no_address_title", "calendar.no_address")
    device = device_of(request.headers.get("user-agent", ""))
    return _programs(opened, feed_address(base, token), Program(program) if program else None, device)


def _language(owner: User | None, wanted: str, default: str) -> str:
    """Returns what the owner has chosen, else what the browser asks for, else the language of their Telegram."""
    known = get_lang(owner, default)
    return known if owner is not None and owner.language else accepted_language(wanted, known)


def _programs(opened: _Opened, feed: str, wanted: Program | None, device: Device) -> Response:
    lang = opened.language
    title = t(lang, f"calendar.title_{opened.scope}")
    addresses: dict[Program, Sequence[tuple[str, str]]] = {
        Program.APPLE: [("calendar.apple", webcal_address(feed))],
        Program.GOOGLE: [("calendar.google", google_address(feed))],
        Program.OUTLOOK: [
            ("calendar.outlook", outlook_address(feed, title)),
            ("calendar.outlook_work", outlook_address(feed, title, at_work=True)),
        ],
    }
    first = wanted or _likely(device)
    order = sorted(Program, key=lambda program: program != first)
    buttons = [
        f'<a{" class=first" if program == first else ""} href="{escape(address)}" rel="noreferrer">{t(lang, key)}</a>'
        for program in order
        for key, address in addresses[program]
    ]
    hint = _hint(first, wanted, device)
    parts = [
        f"<p>{t(lang, 'calendar.choose')}</p>",
        f"<nav>{''.join(buttons)}</nav>",
        f"<p>{t(lang, hint)}</p>" if hint else "",
        f"<details><summary>{t(lang, 'calendar.other')}</summary><code>{escape(feed)}</code></details>",
        f"<small>{t(lang, 'calendar.secret')}</small>",
    ]
    at_once = addresses[first][0][1] if _certain(wanted, device) else ""
    return _html(lang, title, "\n".join(part for part in parts if part), 200, at_once)


def _likely(device: Device) -> Program:
    if device.is_apple:
        return Program.APPLE
    return Program.OUTLOOK if device is Device.WINDOWS else Program.GOOGLE


def _certain(wanted: Program | None, device: Device) -> bool:
    """Tells whether a program can be opened unasked: Outlook has two kinds of accounts, Google's app may not ask."""
    return (wanted is Program.APPLE and device.is_apple) or (wanted is Program.GOOGLE and not device.is_phone)


def _hint(first: Program, wanted: Program | None, device: Device) -> str:
    if wanted is Program.APPLE and not device.is_apple:
        return "calendar.apple_elsewhere"
    return "calendar.google_phone" if first is Program.GOOGLE and device.is_phone else ""


def _message(lang: str, title: str, text: str) -> Response:
    """Says why there is nothing to show (404)."""
    return _html(lang, t(lang, title), f"<p>{t(lang, text)}</p>", 404)


def _html(lang: str, title: str, body: str, status: int, at_once: str = "") -> Response:
    refresh = f'<meta http-equiv="refresh" content="0; url={escape(at_once)}">\n' if at_once else ""
    page = _PAGE.substitute(lang=lang, title=title, refresh=refresh, style=_STYLE, body=body)
    return Response(page, status, headers=_HEADERS, media_type="text/html")
