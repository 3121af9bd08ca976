"""`duty-teller demo`: the whole product on a throw-away database, against the stand-in instead of Telegram."""

import asyncio
import contextlib
import locale
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.config import Settings
from duty_teller.demo.first_day import Addresses, set_up
from duty_teller.demo.sample import SampleTeam, team
from duty_teller.demo.stage import Stage
from duty_teller.i18n.core import normalize_lang
from duty_teller.utils import logs
from duty_teller.utils.dates import utc_now
from duty_teller.utils.output import tell
from duty_teller.utils.sockets import listen
from duty_teller.utils.zones import zone

OnReady = Callable[[Callable[[], None]], Awaitable[None]]
Around = Callable[[ASGIApp], ASGIApp]

_OWN: Final = ("HTTP_PORT", "DEFAULT_LANGUAGE", "DUTY_DISPLAY_TZ", "LOG_LEVEL")
_POLICY: Final = b"content-security-policy"
_LAUNCH_LASTS: Final = 10 * 366 * 86400
"""Seconds; wherever the clock is moved, the Mini App that is open stays where it is."""


class Serve(Protocol):
    """Serves with these settings until a signal; `main` passes it in, so that the demo and `run` stay strangers."""

    def __call__(
        self,
        settings: Settings,
        on_ready: OnReady,
        listener: socket.socket,
        clock: Callable[[], datetime],
        around: Around,
        elapsed: Callable[[], float],
    ) -> int:
        """Returns the exit code."""


def run_demo(serve: Serve, clock: Callable[[], datetime] = utc_now) -> int:
    """Runs the demo until a signal, from the beginning whenever its page asks for it.

    It listens on loopback and reads `HTTP_PORT` (8080, and the next one for the page; another free one where it is
    taken), `DEFAULT_LANGUAGE` (the language of the first browser where it is not set) and `DUTY_DISPLAY_TZ`; everything
    else of the environment is left alone.

    Args:
        serve: Serves with settings.
        clock: Where the demo's clock begins, before the page moves it on.

    Returns:
        The exit code.
    """
    wanted = {name: os.environ[name] for name in _OWN if name in os.environ}
    asked = Settings.from_env(wanted)
    settled = "DEFAULT_LANGUAGE" in wanted
    lang = asked.default_language if settled else _system_language()
    timezone = asked.duty_display_tz if "DUTY_DISPLAY_TZ" in wanted else _system_zone()
    logs.configure(asked.log_level if "LOG_LEVEL" in wanted else "WARNING", [])
    port, page_port = asked.http_port, asked.http_port + 1 if asked.http_port else 0
    while True:
        listener = _listen(port)
        port = listener.getsockname()[1]
        with _listen(page_port) as place:
            page_port = place.getsockname()[1]
        code, lang = _one_demo(serve, clock, team(lang), timezone, listener, page_port, settled)
        if not lang:
            return code
        settled = True
        tell("\nThe page asks for a new start.")


def _one_demo(
    serve: Serve,
    clock: Callable[[], datetime],
    sample: SampleTeam,
    timezone: str,
    listener: socket.socket,
    page_port: int,
    settled: bool,
) -> tuple[int, str]:
    """Plays until the end, or until the page asks for a new start; returns the exit code and the next language."""
    port = listener.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    tell(f"Starting the demo (its web part on port {port}) …")  # the address to open comes when it answers
    stand_in = StandIn(clock=clock)
    stand_in.mini_app_base_url = base  # before anybody gets the page, whose policy names what it may frame
    with _thrown_away() as folder, run_in_thread(stand_in, page_port) as client:
        settings = Settings(
            bot_token=DEFAULT_TOKEN,
            admin_ids=frozenset({sample.admin.telegram_user_id}),
            data_dir=Path(folder),
            http_host="127.0.0.1",
            http_port=port,
            mini_app_base_url=base,
            duty_display_tz=timezone,
            default_language=sample.lang,
            bot_api_base_url=client.base_url,
            init_data_max_age_seconds=_LAUNCH_LASTS,
        )
        stage = stand_in.stage = Stage(stand_in, settings, sample, settled=settled)

        async def introduce(stop: Callable[[], None]) -> None:
            work = partial(_introduce, client, stage, settings, sample, stop)
            asyncio.get_running_loop().run_in_executor(None, work)

        code = serve(
            settings, introduce, listener, stand_in.now, partial(_framed_by, client.base_url), stand_in.elapsed
        )
        return code, stage.wanted


def _framed_by(page: str, app: ASGIApp) -> ASGIApp:
    """Returns the web part as the demo's page may show it in a frame; nobody else's page may."""
    ancestors = f" {page} {page.replace('127.0.0.1', 'localhost')}".encode()

    async def framed(scope: Scope, receive: Receive, send: Send) -> None:
        async def with_frame(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(k, v + ancestors if k == _POLICY else v) for k, v in message["headers"]]
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, with_frame)

    return framed


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


def _introduce(
    client: StandInClient, stage: Stage, settings: Settings, sample: SampleTeam, stop: Callable[[], None]
) -> None:
    try:
        addresses = set_up(client, sample, settings.duty_display_tz, stage.now())
        stage.begin(stop)
        if stage.wanted:  # a page that was open already wants another language
            return
        _print(addresses, settings, sample)
    except Exception:
        logging.getLogger(__name__).exception("the sample team could not be set up")
        print("The sample team could not be set up (see above); Ctrl-C ends the demo.", file=sys.stderr, flush=True)


def _command() -> str:
    """Returns how the command line is called from here: as this process was."""
    if getattr(sys, "frozen", False):
        return sys.executable
    script = Path(sys.executable).with_name("duty-teller")
    try:
        return str(script.relative_to(Path.cwd()))
    except ValueError:
        return str(script)


def _print(addresses: Addresses, settings: Settings, sample: SampleTeam) -> None:
    admin, member = sample.full_name(sample.admin), sample.full_name(sample.member)
    lines = [
        "",
        "Duty Teller is running with a sample team. Nothing leaves this machine, and nothing is kept.",
        "",
        f"  Open this: the group, the bot and the Mini App side by side\n    {addresses.play_page}",
        "",
        f"  The Mini App alone as the admin, {admin}\n    {addresses.admin}",
        f"  The Mini App alone as a duty member, {member}\n    {addresses.member}",
        f"  {member}'s own calendar feed\n    {addresses.personal_feed}",
        f"  The team's calendar feed\n    {addresses.team_feed}",
        f"  Its data, for the command line beside it (import FILE, export, backup …)\n"
        f"    DATA_DIR={settings.data_dir} {_command()} --help",
        "",
        "Ctrl-C ends it.",
    ]
    tell("\n".join(lines))
