"""`duty-teller setup`: from a new bot's token to a configuration, with questions; nothing has to be looked up."""

import argparse
import contextlib
import getpass
import os
import secrets
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from tzlocal import get_localzone_name

from duty_teller.config import SERVICE_ENV, SERVICE_TOKEN, ConfigurationError, Settings
from duty_teller.console import setup_files
from duty_teller.console.telegram_by_hand import Telegram, is_busy
from duty_teller.i18n import normalize_lang, t
from duty_teller.i18n.core import LocalizedError
from duty_teller.utils import exit_codes
from duty_teller.utils.output import tell
from duty_teller.utils.zones import typed_zone

_POLL: Final = 20
_PAUSE: Final = 2.0
"""Seconds until a Telegram that does not answer is asked again."""
_LONGEST_PAUSE: Final = 30.0
"""Seconds beyond which nobody waits though Telegram asks for more (`retry_after`)."""


class _LeftError(Exception):
    """Whoever sits at the terminal has left, or nobody does."""


@dataclass(frozen=True, slots=True)
class _Bot:
    token: str
    username: str


def setup(given: argparse.Namespace) -> int:
    """Asks, checks, writes the configuration (0600), and ends with the link that opens the bot.

    Root sets up the machine's service where systemd runs; everybody else, and root in a container, a `.env` here.

    Args:
        given: Of the argument parser in `main`: `file`.

    Returns:
        0, 1 when nobody answers or Telegram does not, 73 when there is a configuration already or none can be written.
    """
    api = Settings.from_env().bot_api_base_url
    as_service = given.file is None and setup_files.is_for_service()
    path = given.file or (SERVICE_ENV if as_service else Path(".env"))
    if setup_files.is_complete(path):
        return _end_with(
            f"{path} is there already: edit it, or move it away first; `duty-teller doctor` says whether all is well",
            exit_codes.CANNOT_CREATE,
        )
    if why := setup_files.why_not_written(path) or (setup_files.why_no_service() if as_service else ""):
        return _end_with(why, exit_codes.CANNOT_CREATE)
    try:
        bot, values = _ask_all(api)
        if as_service:
            setup_files.write_token(bot.token)
        # The unit hands the token over: one that is set in the file as well would be a second.
        setup_files.write(path, {"BOT_TOKEN": "" if as_service else bot.token, **values})
    except (_LeftError, EOFError, KeyboardInterrupt):
        tell("")
        return _end_with("nothing was written", exit_codes.FAILURE)
    except (httpx.HTTPError, ValueError) as error:
        why = f"{api} cannot be reached ({type(error).__name__}): look at the network; nothing was written"
        return _end_with(why, exit_codes.FAILURE)
    except OSError as error:
        name = os.fsdecode(error.filename or path)
        return _end_with(f"{name}: {error.strerror}; setup is not finished", exit_codes.CANNOT_CREATE)
    tell(f"\nWritten: {path}" + (f" and {SERVICE_TOKEN}" * as_service) + ", not for others to read")
    runs = _offer_service() if as_service else _tell_how_to_start(path)
    tell(f"\n{'Open' if runs else 'Then open'} your bot, and send it the roster: https://t.me/{bot.username}")
    return exit_codes.OK


def _end_with(text: str, code: int) -> int:
    print(f"duty-teller: {text}", file=sys.stderr)
    return code


def _ask_all(api: str) -> tuple[_Bot, dict[str, str]]:
    bot = _ask_token(api)
    values = {"ADMIN_IDS": str(_ask_admin(api, bot))}
    values["DUTY_DISPLAY_TZ"] = _ask_zone()
    if address := _ask_address():
        values["MINI_APP_BASE_URL"] = address
    if api != Settings().bot_api_base_url:
        values["BOT_API_BASE_URL"] = api
    return bot, values


def _problem(name: str, text: str) -> str:
    """Returns what is wrong with a value; empty when it can be taken."""
    try:
        Settings.from_env({name: text})
    except ConfigurationError as error:
        return error.problems[0].removeprefix(f"{name}: ")
    return ""


def _ask_zone() -> str:
    """Returns the IANA name of what was typed: `Europe/Moscow`, `moscow`, `Москва`."""
    default = "UTC"
    with contextlib.suppress(LookupError, ValueError, OSError):  # a machine whose own zone is none
        default = get_localzone_name() or default
    while True:
        try:
            return typed_zone(input(f"\n3. Time zone of your team [{default}]: ").strip() or default).key
        except LocalizedError as error:
            tell(error.text("en"))


def _ask_address() -> str:
    question = "4. Public https address for the Mini App and calendars (docs/public-address.md); empty: none for now"
    while True:
        given = input(f"\n{question}: ").strip()
        if not (problem := _problem("MINI_APP_BASE_URL", given)):
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
        if is_busy(me):
            tell(f"Telegram cannot say now whether that is right ({me.get('description')}): try again in a moment")
        else:
            tell(f"Telegram refuses it ({me.get('description')}): copy it once more")


def _insist(telegram: Telegram, method: str, wait: float = 0, **arguments: Any) -> dict[str, Any]:
    """Returns Telegram's yes or no; while it is away or busy it is asked again, until somebody presses Ctrl-C."""
    while True:
        pause = _PAUSE
        try:
            answer = telegram.call(method, wait, **arguments)
            if not is_busy(answer):
                return answer
            why = str(answer.get("description"))
            pause = min(float(answer.get("parameters", {}).get("retry_after", pause)), _LONGEST_PAUSE)
        except (httpx.HTTPError, ValueError) as error:
            why = type(error).__name__
        tell(f"   Telegram does not answer ({why}); I go on trying")
        time.sleep(pause)


def _ask_admin(api: str, bot: _Bot) -> int:
    """Waits for a person to press Start behind a link that only this terminal shows; returns their id."""
    code = f"setup-{secrets.token_urlsafe(12)}"
    tell("\n2. Who will be the admin opens this link and presses Start:")
    tell(f"   https://t.me/{bot.username}?start={code}")
    telegram = Telegram(api, bot.token)
    offset = 0
    try:
        _insist(telegram, "deleteWebhook")
        while True:
            answer = _insist(telegram, "getUpdates", _POLL, offset=offset, timeout=_POLL, allowed_updates=["message"])
            if not answer["ok"]:
                tell(f"   {answer.get('description')}")
                if answer.get("error_code") == httpx.codes.CONFLICT:
                    tell("   Another program uses this bot: stop it, and start setup again.")
                raise _LeftError
            for update in answer["result"]:
                offset = update["update_id"] + 1
                message: dict[str, Any] = update.get("message", {})
                if message.get("text") == f"/start {code}":
                    return _welcome(telegram, message["from"], update["update_id"])
    finally:
        telegram.close()


def _welcome(telegram: Telegram, person: dict[str, Any], start: int) -> int:
    lang = normalize_lang(person.get("language_code"))
    with contextlib.suppress(httpx.HTTPError, ValueError):  # who the admin is is known: nothing depends on these two
        # What came before is done with. That Start is left to the service, which learns by it whom it may write to.
        telegram.call("getUpdates", offset=start, limit=1)
        telegram.call("sendMessage", chat_id=person["id"], text=t(lang, "bot.setup_done"))
    name = " ".join(part for part in (person.get("first_name"), person.get("last_name")) if part)
    tell(f"   {name}, id {person['id']}, is the admin.")
    return int(person["id"])


def _tell_how_to_start(path: Path) -> bool:
    here = path.resolve() == Path(".env").resolve()
    told = "Start it in this folder: duty-teller run" if here else f"Start it with the variables of {path}"
    tell(f"{told} (docs: README, As a service, runs it for good)")
    return False


def _offer_service() -> bool:
    """Makes the service, and starts it where somebody says yes; returns whether it runs."""
    try:
        if not setup_files.install_service():
            return False
    except OSError as error:
        tell(f"{os.fsdecode(error.filename or '')}: {error.strerror}")
        return False
    try:
        said = input("Start the service now, and at every boot? [Y/n]: ").strip().lower()
    except (EOFError, KeyboardInterrupt):
        said = "no"
        tell("")
    if said not in ("", "y", "yes"):
        tell("Later: systemctl enable --now duty-teller")
        return False
    runs = setup_files.start_service()
    if runs:
        tell("It runs.")
    return runs
