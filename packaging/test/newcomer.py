"""What somebody new goes through: from a bare Debian to the pinned message, by the package, the binary and the wheel.

Each way begins with a machine of its own that has no network but the way to Telegram, so that nothing is fetched in
silence and the port everybody gets by default is free. What has to be typed and tapped is counted, and what the machine
takes is measured; reading, @BotFather and downloads are the newcomer's own.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from machine import ALICE, GROUP, Machine, healthy, network_to, pinned, prove, wait

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread
from duty_teller.bot_api_stand_in.client import StandInClient

PORT: Final = 8080
"""What nobody has to choose."""
UNIT: Final = "duty-teller.service"
HOME: Final = "/home/op"
SERVICE_FILES: Final = (
    "/etc/systemd/system/duty-teller.service /usr/local/bin/duty-teller /etc/duty-teller /var/lib/duty-teller"
)
"""What docs/install.md says to remove."""


@dataclass
class Way:
    """What it took: commands typed, answers given, taps in Telegram, and the machine's seconds by step."""

    name: str
    commands: int = 0
    answers: int = 0
    taps: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, commands: int = 0, answers: int = 0, taps: int = 0) -> Iterator[None]:
        """Measures a step."""
        begun = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - begun
        self.commands, self.answers, self.taps = self.commands + commands, self.answers + answers, self.taps + taps

    def __str__(self) -> str:
        steps = ", ".join(f"{name} {seconds:.0f}" for name, seconds in self.seconds.items())
        typed = f"{self.commands} commands, {self.answers} answers, {self.taps} taps and messages in Telegram"
        return f"{self.name}: {sum(self.seconds.values()):.0f} s of the machine ({steps}); {typed}"


def set_up(machine: Machine, chat: StandInClient, *command: str, service: bool = True) -> str:
    """Answers the questions of `duty-teller setup`; Alice opens the link it shows and presses Start."""
    with machine.talking(*(command or ("env", f"BOT_API_BASE_URL={chat.base_url}", "duty-teller", "setup"))) as (
        said,
        answer,
    ):
        answer(f"{DEFAULT_TOKEN}\n")
        link = wait("the link", lambda: re.search(r"\?start=(setup-\S+)", said()))
        chat.press_start(ALICE, link[1])
        answer("Europe/Moscow\n\n" + "\n" * service)  # no public address; start it
        wait("the end", lambda: re.search(r"[Oo]pen your bot.*t\.me.*$", said(), re.MULTILINE))
        return said()


def come_newly(image: Path, folder: Path, package: Path, binary: Path, wheel: Path) -> None:
    """Goes all three ways; prints what each took."""
    requirements = folder / "wheels"
    fetch_requirements(wheel, requirements)
    took = [
        by_package(image, folder, package),
        by_binary(image, folder, binary),
        by_wheel(image, folder, wheel, requirements),
    ]
    print("from nothing to a pinned message")
    for way in took:
        print(f"  {way}", flush=True)


@contextmanager
def bare_machine(
    image: Path, folder: Path, prepare: Callable[[Machine], None] | None = None
) -> Iterator[tuple[Machine, StandInClient]]:
    """Boots a new machine with nothing, beside a Telegram of its own."""
    machine = Machine(folder / "new")
    subprocess.run(["cp", "-a", str(image), str(machine.root)], check=True)
    try:
        with run_in_thread(StandIn(token=DEFAULT_TOKEN)) as chat:
            chat.add_user(ALICE, "Alice", username="alice")
            if prepare is not None:
                machine.boot()
                prepare(machine)
                machine.halt()
            machine.boot("--private-network")
            with network_to(machine, int(chat.base_url.rpartition(":")[2])):
                yield machine, chat
    finally:
        machine.halt()
        shutil.rmtree(machine.root)


def serves(machine: Machine) -> bool:
    """Tells whether the service serves and polls."""
    return machine.inside(lambda: healthy(PORT))


def from_file_to_pin(way: Way, chat: StandInClient) -> None:
    """Sends the bot the team's file, agrees, adds the bot to the group, and asks for the pin."""
    with way.step("file", taps=2):  # the file, Apply
        days = [datetime.now(UTC).date() + timedelta(days=number) for number in range(-1, 30)]
        rows = "".join(
            f"{day:%d.%m.%Y};{'Dan Duty' if number % 2 else 'Alice Admin'}\n" for number, day in enumerate(days)
        )
        sent = chat.send_document(ALICE, "roster.csv", f"Date;On duty\n{rows}".encode())
        preview = chat.wait_for_message(ALICE, "Would add 31", after_id=sent["message_id"], timeout=60)
        buttons = [one for row in preview["reply_markup"]["inline_keyboard"] for one in row]
        apply = next(one["callback_data"] for one in buttons if one.get("callback_data", "").endswith(":apply"))
        chat.press(ALICE, preview["message_id"], apply, timeout=60)
        chat.wait_for_message(ALICE, "Schedule updated", after_id=sent["message_id"], timeout=60)
    with way.step("pin", taps=4):  # add the bot, make it an admin, its right, /pin_duty
        chat.add_group(GROUP, "Support", members=[ALICE])
        chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
        wait("the pin", lambda: pinned(chat, "On duty now: "))
    prove("a file, Apply, the group, /pin_duty: pinned", True)


# --- the package ------------------------------------------------------------------------------------------------------


def by_package(image: Path, folder: Path, package: Path) -> Way:
    """The Debian package, by apt."""
    print("somebody new, with the package", flush=True)
    way = Way("package")
    with bare_machine(image, folder) as (machine, chat):
        shutil.copy(package, machine.root / "root/duty-teller.deb")
        with way.step("install", commands=1):
            machine.do("apt-get", "install", "-y", "/root/duty-teller.deb")
        with way.step("setup", commands=1, answers=4, taps=1):
            set_up(machine, chat)
            wait("polling", lambda: serves(machine))
        from_file_to_pin(way, chat)
    return way


# --- the one-file binary, which makes its own service -----------------------------------------------------------------


def by_binary(image: Path, folder: Path, binary: Path) -> Way:
    """The binary in root's home: setup makes unit and user; commands beside it, an upgrade, removing by the docs."""
    print("somebody new, with the one-file binary and its own service")
    way = Way("one-file binary")
    with bare_machine(image, folder) as (machine, chat):
        shutil.copy(binary, machine.root / "root/duty-teller")
        with way.step("setup", commands=2, answers=4, taps=1):  # chmod, setup
            machine.do("chmod", "+x", "/root/duty-teller")
            said = set_up(machine, chat, "env", f"BOT_API_BASE_URL={chat.base_url}", "/root/duty-teller", "setup")
            wait("polling", lambda: serves(machine))
        prove("setup says where it has put program and unit", "/usr/local/bin/duty-teller" in said and UNIT in said)
        look_at_service(machine)
        from_file_to_pin(way, chat)
        look_beside(machine)
        machine.do("install", "-m", "755", "/root/duty-teller", "/usr/local/bin/")
        machine.do("systemctl", "restart", UNIT)
        wait("the start", lambda: serves(machine))
        prove("another binary over it, and a restart: it is back", True)
        process = machine.shows("MainPID")
        machine.do("systemctl", "kill", "--kill-whom=main", "-s", "KILL", UNIT)
        wait("the restart", lambda: machine.shows("MainPID") not in {"0", process} and serves(machine))
        prove("killed, it is back", True)

        machine.do("systemctl", "disable", "--now", UNIT)
        machine.do("rm", "-r", *SERVICE_FILES.split())
        machine.do("systemctl", "daemon-reload")
        machine.do("userdel", "duty-teller")
        machine.do("rm", "/root/duty-teller")
        prove("removed as docs/install.md says: nothing is left", not left_over(machine))
    return way


def look_at_service(machine: Machine) -> None:
    """Looks who the service is and what it may read."""
    machine.do("getent", "passwd", "duty-teller")
    user = machine.do("stat", "-c", "%U", f"/proc/{machine.shows('MainPID')}").strip()
    prove(f"it runs as {user}, at every boot", user == "duty-teller" and machine.shows("UnitFileState") == "enabled")
    modes = machine.do("stat", "-c", "%a %U", "/etc/duty-teller/bot_token", "/etc/duty-teller/duty-teller.env")
    prove("token and settings are for root alone", modes.split("\n")[:2] == ["600 root", "600 root"])


def look_beside(machine: Machine) -> None:
    """Looks whether the command line finds the service's data and works as its user."""
    machine.do("duty-teller", "backup", "/root/kept.zip")
    strangers = machine.do("find", "/var/lib/duty-teller", "!", "-user", "duty-teller").split()
    prove("root's backup beside it leaves nothing of root's in its data", not strangers)
    said = machine.do("duty-teller", "doctor", code=None)
    prove("doctor finds no fault", "FAULT" not in said and "whole, schema" in said)


def left_over(machine: Machine) -> list[str]:
    """Returns what of ours is left on the machine."""
    files = (path for path in machine.root.rglob("*duty*teller*"))
    found = sorted(str(path.relative_to(machine.root)) for path in files)
    return found + ["the user"] * ("duty-teller" in (machine.root / "etc/passwd").read_text())


# --- the wheel --------------------------------------------------------------------------------------------------------


def fetch_requirements(wheel: Path, folder: Path) -> None:
    """Puts the wheel and what it needs on Debian 12's Python into a folder: the machine has no network."""
    print("what the wheel needs", flush=True)
    subprocess.run(
        [
            *("python3", "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--dest", str(folder)),
            *("--only-binary", ":all:", "--python-version", "3.11", str(wheel)),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def by_wheel(image: Path, folder: Path, wheel: Path, requirements: Path) -> Way:
    """The wheel by pipx, for a user without rights; then by root for everybody, as a service."""
    print("somebody new, with pipx and the wheel")
    way = Way("wheel by pipx")

    def prepare(machine: Machine) -> None:
        with way.step("apt install pipx", commands=1):
            machine.do("apt-get", "update")
            machine.do("apt-get", "install", "-y", "--no-install-recommends", "pipx")
        machine.do("useradd", "--create-home", "--shell", "/bin/bash", "op")

    offline = "PIP_NO_INDEX=1 PIP_FIND_LINKS=/srv/wheels"
    with bare_machine(image, folder, prepare) as (machine, chat):
        shutil.copytree(requirements, machine.root / "srv/wheels")
        path = f"/srv/wheels/{wheel.name}"

        def op(text: str) -> tuple[str, ...]:
            return "runuser", "-l", "op", "-c", text

        with way.step("pipx install", commands=1):
            machine.do(*op(f"{offline} pipx install {path}"))
        program = f"{HOME}/.local/bin/duty-teller"
        with way.step("setup", commands=1, answers=3, taps=1):
            said = set_up(machine, chat, *op(f"BOT_API_BASE_URL={chat.base_url} {program} setup"), service=False)
        prove("setup by a user writes .env, and says how to start", "duty-teller run" in said)
        with way.step("run", commands=1):
            machine.do("systemd-run", "--quiet", "--unit=op", "--uid=op", f"--working-directory={HOME}", program, "run")
            wait("polling", lambda: serves(machine))
        from_file_to_pin(way, chat)
        machine.do("systemctl", "stop", "op")

        print("the wheel for everybody, as a service")
        refused = machine.do("env", f"HOME={HOME}", program, "setup", code=73)
        prove("a program in a home is refused before the first question", "PIPX_HOME=/opt/pipx" in refused)
        machine.do(
            "env", *offline.split(), "PIPX_HOME=/opt/pipx", "PIPX_BIN_DIR=/usr/local/bin", "pipx", "install", path
        )
        set_up(machine, chat)
        wait("polling", lambda: serves(machine))
        look_at_service(machine)
        look_beside(machine)
    return way
