"""`duty-teller setup`: from a new bot's token to a configuration, with questions; nothing has to be looked up."""

import argparse
import getpass
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from tzlocal import get_localzone_name

from duty_teller.config import SERVICE_ENV, SERVICE_TOKEN, ConfigurationError, Settings
from duty_teller.console.telegram_by_hand import Telegram
from duty_teller.i18n import normalize_lang, t
from duty_teller.utils import exit_codes
from duty_teller.utils.output import tell

_POLL: Final = 20
_UNITS: Final = tuple(Path(folder, "duty-teller.service") for folder in ("/etc/systemd/system", "/lib/systemd/system"))


class _LeftError(Exception):
    """Whoever sits at the terminal has left, or nobody does."""


@dataclass(frozen=True, slots=True)
class _Bot:
    token: str
    username: str


def setup(given: argparse.Namespace) -> int:
    """Asks, checks, writes the configuration (0600), and ends with the link that opens the bot.

    Args:
        given: Of the argument parser in `main`: `file`.

    Returns:
        0, 1 when nobody answers, 73 when there is a configuration already.
    """
    api = Settings.from_env().bot_api_base_url
    as_service = given.file is None and os.geteuid() == 0
    path = given.file or (SERVICE_ENV if as_service else Path(".env"))
    if path.exists():
        print(f"duty-teller: {path} is there already: edit it, or move it away first", file=sys.stderr)
        return exit_codes.CANNOT_CREATE
    try:
        bot = _ask_token(api)
        admin = _ask_admin(api, bot)
        address = _ask(
            "Public https address for the Mini App and calendars (docs/public-address.md); empty: none for now",
            "MINI_APP_BASE_URL",
            "",
        )
        timezone = _ask("Time zone of your team", "DUTY_DISPLAY_TZ", get_localzone_name() or "UTC")
    except (_LeftError, EOFError, KeyboardInterrupt):
        print("\nduty-teller: nothing was written", file=sys.stderr)
        return exit_codes.FAILURE
    lines = [f"ADMIN_IDS={admin}", f"DUTY_DISPLAY_TZ={timezone}"]
    if address:
        lines.append(f"MINI_APP_BASE_URL={address}")
    if as_service:
        _write(SERVICE_TOKEN, bot.token)
    else:
        lines.insert(0, f"BOT_TOKEN={bot.token}")
    _write(path, "\n".join(lines))
    tell(f"\nWritten: {path}, readable for you alone")
    _offer_unit(as_service)
    tell(f"\nOpen your bot, and send it the roster: https://t.me/{bot.username}")
    return exit_codes.OK


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(number, "w", encoding="utf-8") as file:  # noqa: PTH123  # 0600 from the start
        os.fchmod(number, 0o600)
        file.write(text + "\n")


def _problem(name: str, text: str) -> str:
    """Returns what is wrong with a value; empty when it can be taken."""
    try:
        Settings.from_env({name: text})
    except ConfigurationError as error:
        return error.problems[0].removeprefix(f"{name}: ")
    return ""


def _ask(question: str, name: str, default: str) -> str:
    while True:
        given = input(f"\n{question}{f' [{default}]' if default else ''}: ").strip() or default
        if not (problem := _problem(name, given)):
            return given
        tell(f"It {problem}")


def _ask_token(api: str) -> _Bot:
    tell("1. Write /newbot to @BotFather in Telegram, choose a name, and copy the token it answers.")
    ask = getpass.getpass if sys.stdin.isatty() else input
    while True:
        token = ask("Token: ").strip()
        if problem := _problem("BOT_TOKEN", token):
            tell(f"It {problem}")
            continue
        telegram = Telegram(api, token)
        try:
            me = telegram.call("getMe")
        except (httpx.HTTPError, ValueError) as error:
            tell(f"{api} cannot be reached ({type(error).__name__}): look at the network")
            continue
        finally:
            telegram.close()
        if me["ok"]:
            tell(f"That is @{me['result']['username']}.")
            return _Bot(token, str(me["result"]["username"]))
        tell(f"Telegram refuses it ({me.get('description')}): copy it once more")


def _ask_admin(api: str, bot: _Bot) -> int:
    """Waits for a person to press Start behind a link that only this terminal shows; returns their id."""
    code = f"setup-{secrets.token_urlsafe(12)}"
    tell("\n2. Who will be the admin opens this link and presses Start:")
    tell(f"   https://t.me/{bot.username}?start={code}")
    telegram = Telegram(api, bot.token)
    telegram.call("deleteWebhook")
    offset = 0
    try:
        while True:
            try:
                answer = telegram.call("getUpdates", _POLL, offset=offset, timeout=_POLL, allowed_updates=["message"])
            except httpx.HTTPError as error:
                tell(f"   Telegram does not answer ({type(error).__name__}); I go on trying")
                continue
            if not answer["ok"]:
                tell(f"   {answer.get('description')}")
                if answer.get("error_code") == httpx.codes.CONFLICT:
                    tell("   Another program uses this bot: stop it, and start setup again.")
                raise _LeftError
            for update in answer["result"]:
                offset = update["update_id"] + 1
                message: dict[str, Any] = update.get("message", {})
                if message.get("text") == f"/start {code}":
                    return _welcome(telegram, message["from"], offset)
    finally:
        telegram.close()


def _welcome(telegram: Telegram, person: dict[str, Any], offset: int) -> int:
    telegram.call("getUpdates", offset=offset, limit=1)  # or the service would answer that Start, too
    lang = normalize_lang(person.get("language_code"))
    telegram.call("sendMessage", chat_id=person["id"], text=t(lang, "bot.setup_done"))
    name = " ".join(part for part in (person.get("first_name"), person.get("last_name")) if part)
    tell(f"   {name}, id {person['id']}, is the admin.")
    return int(person["id"])


def _offer_unit(as_service: bool) -> None:
    """Starts the service where systemd has its unit and somebody says yes; else says how it is started."""
    systemctl = shutil.which("systemctl")
    has_unit = as_service and any(unit.exists() for unit in _UNITS) and Path("/run/systemd/system").exists()
    if not has_unit or systemctl is None:
        tell("Start it: duty-teller run" + (" (systemd/duty-teller.service runs it for good)" if as_service else ""))
        return
    if input("Start the service now, and at every boot? [Y/n]: ").strip().lower() not in ("", "y", "yes"):
        tell("Later: systemctl enable --now duty-teller")
        return
    done = subprocess.run([systemctl, "enable", "--now", "duty-teller"], check=False)  # noqa: S603
    tell("It runs." if done.returncode == 0 else "It did not start: journalctl -u duty-teller -n 50")
