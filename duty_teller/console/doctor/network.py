"""What lies beyond this process: the service's port, the public address with its certificate, Telegram, groups."""

import contextlib
import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from duty_teller.config import Settings
from duty_teller.console.doctor.finding import Finding, fault, ok, warning
from duty_teller.console.healthcheck import place
from duty_teller.console.telegram_by_hand import SECONDS, BusyError, Json, Telegram
from duty_teller.db.models import Chat, GroupPin
from duty_teller.db.poll_lock import PollLock
from duty_teller.services.health import clock_trouble
from duty_teller.utils import local_http
from duty_teller.utils.texts import reason

_POLL: Final = 6
"""Seconds of a getUpdates that finds out whether somebody else polls."""
_LOADING: Final = (None, "starting", "failed", "off")
"""States of Telegram's half in which a service holds no lock."""
_APART: Final = 60
"""Seconds between the ages that two answers of one process may tell."""
_RENEW: Final = timedelta(days=14)
_GROUPS: Final = 100
"""So many groups are asked about; more would take minutes."""


def look_at_service(settings: Settings) -> tuple[Json | None, list[Finding]]:
    """Looks what answers on the service's port; returns its health answer, too."""
    where = place(settings)
    try:
        _status, body = local_http.get(settings.http_host, settings.http_port, "/healthz")
        health = json.loads(body)
        problems, version = [str(text) for text in health["problems"]], str(health["version"])
    except (ConnectionRefusedError, FileNotFoundError):
        todo = "systemctl start duty-teller; why it ended: journalctl -u duty-teller -n 50"
        return None, [fault("service", f"nothing listens at {where}: it does not run", todo)]
    except (OSError, http.client.HTTPException) as error:
        return None, [fault("service", f"no answer at {where}: {reason(error)}", "systemctl restart duty-teller")]
    except (ValueError, KeyError, TypeError):
        todo = "give one of them another HTTP_PORT"
        return None, [fault("port", f"another program listens at {where}", todo)]
    found = [warning("service", text, "see /status in the bot's chat, and the log") for text in problems]
    return health, found or [ok("service", f"runs at {where}, version {version}")]


def look_whose_service(settings: Settings, health: Json) -> Iterator[Finding]:
    """Looks whether the service on our port works on our data: then the lock on polling is held, by it or another."""
    if health.get("telegram", {}).get("state") in _LOADING:
        return
    lock = PollLock(settings.database_url)
    with contextlib.suppress(SQLAlchemyError):  # a server that does not answer was told above
        if not lock.take():
            lock.release()
            text = f"another Duty Teller listens at {place(settings)}: it works on other data than {settings.data_dir}"
            yield fault("port", text, "look at its DATA_DIR and DATABASE_URL, or give one of them another HTTP_PORT")


def look_at_public_address(settings: Settings, now: datetime, health: Json | None) -> Iterator[Finding]:
    """Looks whether the public address leads here, with a certificate that lasts.

    Args:
        settings: Of the service.
        now: The present instant.
        health: What the service on this machine has just said of itself; None where none runs.
    """
    base = settings.mini_app_base_url
    if not base:
        yield ok(
            "public address", "none: no Mini App, no calendar links; everything else works (docs/public-address.md)"
        )
        return
    recipe = "compare the reverse proxy's configuration with docs/public-address.md"
    try:
        with httpx.Client(timeout=SECONDS, follow_redirects=True) as client:
            health_page = client.get(f"{base}/healthz")
            if not health_page.headers.get("content-type", "").startswith("application/json"):
                what = f"what answers ({health_page.status_code}) is another program"
                yield fault("public address", f"{base}/healthz does not lead to the service: {what}", recipe)
                return
            said = health_page.json()
            ours = said.get("web") in ({"state": "loading"}, {"state": "serving"})
            apart = abs(said.get("uptime_seconds", 0) - (health or said).get("uptime_seconds", 0))
            page = client.get(f"{base}/app/main.js")
    except httpx.ConnectError as error:
        text = reason(error)
        if "CERTIFICATE" in text.upper():
            yield fault("certificate", f"{base}: {text}", "renew it, or let Caddy do that (docs/public-address.md)")
        else:
            yield fault(
                "public address",
                f"{base} cannot be reached from here: {text}",
                f"look at DNS, the firewall and the reverse proxy; {recipe}",
            )
        return
    except (httpx.HTTPError, ValueError, AttributeError, TypeError) as error:
        yield fault("public address", f"{base}/healthz does not lead to the service ({type(error).__name__})", recipe)
        return
    if not ours or page.status_code != http.client.OK:
        which = "healthz" if not ours else "app/main.js"
        yield fault("public address", f"{base}/{which} does not lead to the service", recipe)
        return
    if apart > _APART:
        text = f"{base} leads to another Duty Teller than the one on this machine: they were not started together"
        yield fault("public address", text, recipe)
        return
    yield ok("public address", base)
    if base.startswith("https://"):
        yield _look_at_certificate(base, now)


def _look_at_certificate(base: str, now: datetime) -> Finding:
    parts = urlsplit(base)
    host, port = parts.hostname or "", parts.port or 443
    try:
        with (
            socket.create_connection((host, port), timeout=SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
        ):
            certificate: Any = secure.getpeercert()
            ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
    except (OSError, KeyError, TypeError) as error:
        return warning("certificate", f"{host}: could not be looked at ({reason(error)})", "try again")
    text = f"valid until {ends:%Y-%m-%d}"
    if ends - now < _RENEW:
        return fault("certificate", text, "whatever renews it does not: look at Caddy's or certbot's log")
    return ok("certificate", text)


def look_at_telegram(settings: Settings, telegram: Telegram, now: datetime) -> tuple[int, list[Finding]]:
    """Looks at token and clock; returns the bot's id, 0 when nothing more can be asked."""
    try:
        me = telegram.ask("getMe")
    except BusyError as error:
        todo = "try again in a minute; the bot goes on by itself"
        return 0, [warning("Telegram", f"it does not answer now: {error}", todo)]
    except (httpx.HTTPError, ValueError) as error:
        todo = "look at network, DNS, firewall and HTTPS_PROXY; the bot goes on by itself once Telegram is back"
        return 0, [fault("Telegram", f"{settings.bot_api_base_url} cannot be reached ({type(error).__name__})", todo)]
    found = []
    if telegram.moment is not None:
        if wrong := clock_trouble((telegram.moment - now).total_seconds()):
            todo = "timedatectl set-ntp true: shifts and reminders go by it"
            found.append(fault("clock", f"it is {wrong}", todo))
        else:
            found.append(ok("clock", "agrees with Telegram's"))
    if not me["ok"]:
        todo = "take a new one from @BotFather (/token), put it in BOT_TOKEN's place, restart"
        return 0, [fault("token", f"Telegram refuses it: {me.get('description')}", todo), *found]
    return int(me["result"]["id"]), [ok("token", f"@{me['result'].get('username')}"), *found]


def look_at_webhook(telegram: Telegram) -> Finding:
    """Looks whether Telegram sends messages elsewhere."""
    info = telegram.ask("getWebhookInfo")
    if info["ok"] and (url := info["result"].get("url")):
        todo = "restart the service, which removes it; if it comes back, another program uses this token: /revoke"
        return fault("webhook", f"Telegram sends this bot's messages to {urlsplit(url).hostname}", todo)
    return ok("webhook", "none")


def look_at_pollers(settings: Settings, telegram: Telegram, health: Json | None) -> Finding:
    """Looks whether somebody else takes the bot's messages."""
    todo = "stop it, or take a new token from @BotFather (/revoke) and give it to nobody"
    stranger = fault("polling", "another program takes this bot's messages", todo)
    if health is not None:
        state = str(health.get("telegram", {}).get("state"))
        return stranger if state == "conflict" else ok("polling", state)
    lock = PollLock(settings.database_url)
    if holder := lock.take():
        return ok("polling", f"{holder} polls")
    try:
        # Without an offset nothing is confirmed. Who else polls ousts this one.
        answer = telegram.ask("getUpdates", _POLL, limit=1, timeout=_POLL)
    finally:
        lock.release()
    if answer.get("error_code") == http.client.CONFLICT and "webhook" not in str(answer.get("description")):
        return stranger
    return warning("polling", "nobody polls", "start the service")


def look_at_groups(session: Session, telegram: Telegram, bot_id: int) -> Iterator[Finding]:
    """Looks whether the bot may pin in each group that has a pin."""
    statement = (
        select(GroupPin, Chat).join(Chat, col(GroupPin.chat_id) == col(Chat.id)).where(col(Chat.left_at).is_(None))
    )
    pins = session.exec(statement.order_by(col(Chat.title))).all()
    looked_at: set[int] = set()
    troubled = 0
    for pin, chat in pins:
        name = chat.title or str(chat.id)
        if pin.failure is not None:
            troubled += 1
            yield warning("pins", f"{name}: switched off ({pin.failure})", "mend that, then write /pin_duty there")
        if chat.id in looked_at or len(looked_at) >= _GROUPS:
            continue
        looked_at.add(chat.id)
        member = telegram.ask("getChatMember", chat_id=chat.id, user_id=bot_id)
        right = member["ok"] and (
            member["result"].get("status") == "creator" or member["result"].get("can_pin_messages")
        )
        if not right:
            troubled += 1
            why = member.get("description") or "the bot may not pin there"
            yield fault("pins", f"{name}: {why}", "make it an admin of the group with the right to pin messages")
    if not troubled:
        left = f" ({len(pins) - _GROUPS} more were not asked about)" if len(looked_at) >= _GROUPS else ""
        yield ok("pins", f"{len(looked_at)} groups{left}")
