"""`duty-teller demo`: the whole product on a throw-away database, against the stand-in instead of Telegram.

The sample team is set up as a user would do it: the admin sends the roster file to the bot and taps Apply, the duty
member opens an invitation, the group gets its pin. So what there is to look at has come through the front door.
"""

import asyncio
import contextlib
import locale
import logging
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.config import Settings
from duty_teller.demo.sample import GROUP_ID, SamplePerson, SampleTeam, roster_file, team
from duty_teller.i18n.core import normalize_lang
from duty_teller.utils import logs
from duty_teller.utils.dates import utc_now
from duty_teller.utils.handover import handover_day, parse_handover
from duty_teller.utils.output import tell
from duty_teller.utils.sockets import listen
from duty_teller.utils.zones import zone

_WAIT: Final = 60
_HANDOVER: Final = "09:00"

OnReady = Callable[[], Awaitable[None]]


class Serve(Protocol):
    """Serves with these settings until a signal; `main` passes it in, so that the demo and `run` stay strangers."""

    def __call__(self, settings: Settings, on_ready: OnReady, listener: socket.socket) -> int:
        """Returns the exit code."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """What there is to open."""

    play_page: str
    admin: str
    member: str
    personal_feed: str
    team_feed: str


def run_demo(serve: Serve) -> int:
    """Runs the demo until a signal.

    It listens on loopback and reads `HTTP_PORT` (8080; another free one if it is taken), `DEFAULT_LANGUAGE` and
    `DUTY_DISPLAY_TZ`; everything else of the environment is left alone.
    """
    wanted = {
        n: os.environ[n] for n in ("HTTP_PORT", "DEFAULT_LANGUAGE", "DUTY_DISPLAY_TZ", "LOG_LEVEL") if n in os.environ
    }
    asked = Settings.from_env(wanted)
    lang = asked.default_language if "DEFAULT_LANGUAGE" in wanted else _system_language()
    timezone = asked.duty_display_tz if "DUTY_DISPLAY_TZ" in wanted else _system_zone()
    logs.configure(asked.log_level if "LOG_LEVEL" in wanted else "WARNING", [])
    listener = _listen(asked.http_port)
    port = listener.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    sample = team(lang)
    tell(f"Starting the demo on {base} …")
    with _thrown_away() as folder, run_in_thread(StandIn()) as client:
        client.set_mini_app_base_url(base)
        settings = Settings(
            bot_token=DEFAULT_TOKEN,
            admin_ids=frozenset({sample.admin.telegram_user_id}),
            data_dir=Path(folder),
            http_host="127.0.0.1",
            http_port=port,
            mini_app_base_url=base,
            duty_display_tz=timezone,
            default_language=lang,
            bot_api_base_url=client.base_url,
        )

        async def introduce() -> None:
            asyncio.get_running_loop().run_in_executor(None, _introduce, client, sample, timezone)

        return serve(settings, introduce, listener)


@contextlib.contextmanager
def _thrown_away() -> Iterator[str]:
    """A folder that is thrown away at the end, also by a signal that comes before the loop takes over."""
    with tempfile.TemporaryDirectory(prefix="duty-teller-demo-") as folder:

        def end(*_: object) -> None:
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)  # an exception might be swallowed where it happens to arise, or end a migration as a failure

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        yield folder


def _system_language() -> str:
    return normalize_lang(os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0])


def _system_zone() -> str:
    from tzlocal import get_localzone_name

    try:
        name = get_localzone_name() or "UTC"
        return "UTC" if name.startswith("Etc/") else zone(name).key
    except Exception:  # a system without a usable zone is no reason not to play
        return "UTC"


def _listen(port: int) -> socket.socket:
    """Opens the port on loopback, or a free one when it is taken."""
    try:
        return listen("127.0.0.1", port)
    except OSError:
        tell(f"Port {port} is taken, so the demo takes another one.")
        return listen("127.0.0.1", 0)


def _introduce(client: StandInClient, sample: SampleTeam, timezone: str) -> None:
    try:
        _print(set_up(client, sample, timezone), sample)
    except Exception:
        logging.getLogger(__name__).exception("the sample team could not be set up")
        print("The sample team could not be set up (see above); Ctrl-C ends the demo.", file=sys.stderr, flush=True)


def set_up(client: StandInClient, sample: SampleTeam, timezone: str) -> Addresses:
    """Plays the first day of the sample team.

    Args:
        client: Of the stand-in that the bot polls.
        sample: The team.
        timezone: The first roster's zone.

    Raises:
        TimeoutError: The bot did not answer.
    """
    admin, member = sample.admin, sample.member
    for person in (admin, member, sample.stranger):
        _add(client, person, sample.lang)
    members = [admin.telegram_user_id, member.telegram_user_id, sample.stranger.telegram_user_id]
    client.add_group(GROUP_ID, sample.group, members=members)
    client.press_start(admin.telegram_user_id)
    client.wait_for_message(admin.telegram_user_id, timeout=_WAIT)
    today = handover_day(utc_now(), parse_handover(_HANDOVER, timezone))
    sent = client.send_document(admin.telegram_user_id, "roster.json", roster_file(sample, today))
    preview = client.wait_for_message(
        admin.telegram_user_id, lambda m: _button(m, ":apply") is not None, after_id=sent["message_id"], timeout=_WAIT
    )
    client.press(admin.telegram_user_id, preview["message_id"], _button(preview, ":apply") or "")
    _invite(client, sample, member)
    _that_is_me(client, sample)
    for person in (member, admin):
        asked = client.send_text(person.telegram_user_id, "/set_phone")
        client.wait_for_message(person.telegram_user_id, after_id=asked["message_id"], timeout=_WAIT)
        contact = client.send_contact(person.telegram_user_id, phone=person.phone)
        client.wait_for_message(person.telegram_user_id, after_id=contact["message_id"], timeout=_WAIT)
    client.send_text(admin.telegram_user_id, "/pin_duty", chat_id=GROUP_ID)
    client.wait_until(lambda: client.pinned(GROUP_ID), _WAIT, "the pinned message")
    personal, team_feed = _feeds(client, member)
    return Addresses(
        play_page=f"{client.base_url}/",
        admin=f"{client.base_url}/open/{admin.telegram_user_id}",
        member=f"{client.base_url}/open/{member.telegram_user_id}",
        personal_feed=personal,
        team_feed=team_feed,
    )


def _add(client: StandInClient, person: SamplePerson, lang: str) -> None:
    client.add_user(
        person.telegram_user_id,
        person.first_name,
        username=person.username,
        language_code=lang,
        last_name=person.last_name,
        phone=person.phone,
    )


def _button(message: dict[str, Any], ending: str) -> str | None:
    """Returns the callback data of a message's button that ends like this."""
    rows = (message["reply_markup"] or {}).get("inline_keyboard", [])
    data = (button.get("callback_data", "") for row in rows for button in row)
    return next((text for text in data if text.endswith(ending)), None)


def _invite(client: StandInClient, sample: SampleTeam, person: SamplePerson) -> None:
    """Has the admin make an invitation, and the person open it."""
    admin = sample.admin.telegram_user_id
    asked = client.send_text(admin, "/invite")
    shown = client.wait_for_message(admin, after_id=asked["message_id"], timeout=_WAIT)
    client.press(admin, shown["message_id"], sample.full_name(person))
    link = re.compile(r"\?start=([\w-]+)")
    invitation = client.wait_for_message(
        admin, lambda m: link.search(m["text"]) is not None, after_id=shown["message_id"], timeout=_WAIT
    )
    match = link.search(invitation["text"])
    started = client.press_start(person.telegram_user_id, match[1] if match else "")
    client.wait_for_message(person.telegram_user_id, after_id=started["message_id"], timeout=_WAIT)


def _that_is_me(client: StandInClient, sample: SampleTeam) -> None:
    """Has the admin say which person of the roster they are."""
    admin = sample.admin.telegram_user_id
    asked = client.send_text(admin, "/invite")
    shown = client.wait_for_message(admin, after_id=asked["message_id"], timeout=_WAIT)
    client.press(admin, shown["message_id"], sample.full_name(sample.admin))
    offer = client.wait_for_message(
        admin, lambda m: "me:" in (_button(m, "") or ""), after_id=shown["message_id"], timeout=_WAIT
    )
    client.press(admin, offer["message_id"], _button(offer, "") or "")


def _feeds(client: StandInClient, person: SamplePerson) -> tuple[str, str]:
    asked = client.send_text(person.telegram_user_id, "/calendar_link")
    shown = client.wait_for_message(person.telegram_user_id, after_id=asked["message_id"], timeout=_WAIT)
    personal = _copied(shown)
    client.press(person.telegram_user_id, shown["message_id"], "cal:show:team")
    team = client.wait_for_message(
        person.telegram_user_id,
        lambda m: _copied(m) not in ("", personal),
        after_id=asked["message_id"],
        timeout=_WAIT,
    )
    return personal, _copied(team)


def _copied(message: dict[str, Any]) -> str:
    """Returns what the button of a message copies, or nothing."""
    rows = (message["reply_markup"] or {}).get("inline_keyboard", [])
    return next((button["copy_text"]["text"] for row in rows for button in row if "copy_text" in button), "")


def _print(addresses: Addresses, sample: SampleTeam) -> None:
    admin, member = sample.full_name(sample.admin), sample.full_name(sample.member)
    lines = [
        "",
        "Duty Teller is running with a sample team. Nothing leaves this machine, and nothing is kept.",
        "",
        f"  The chats: the group with its pin, and the bot\n    {addresses.play_page}",
        f"  The Mini App as the admin, {admin}\n    {addresses.admin}",
        f"  The Mini App as a duty member, {member}\n    {addresses.member}",
        f"  {member}'s own calendar feed\n    {addresses.personal_feed}",
        f"  The team's calendar feed\n    {addresses.team_feed}",
        "",
        "Ctrl-C ends it.",
    ]
    tell("\n".join(lines))
