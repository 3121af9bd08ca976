"""What a small computer goes through: no network, a clock that is wrong, a disk that is full or cannot be written."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from machine import ALICE, Machine, StepFailedError, health, healthy, network_to, pinned, prove, roster, told, wait

from duty_teller.bot_api_stand_in.client import StandInClient

UNIT: Final = "duty-teller.service"
NAME: Final = "localhost"
"""Telegram's address; while the machine has no network, it cannot be looked up either."""
LIBRARY: Final = "/usr/local/lib/libfaketimeMT.so.1"
CLOCK: Final = "etc/clock"
VARIABLES: Final = {
    "LD_PRELOAD": LIBRARY,
    "FAKETIME_TIMESTAMP_FILE": f"/{CLOCK}",
    "FAKETIME_CACHE_DURATION": "1",
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    "FAKETIME_DISABLE_SHM": "1",
}
DISK: Final = "200M"


def endure(machine: Machine, chat: StandInClient, folder: Path) -> None:
    """Goes through all of it, with a service that is set up and on duty; leaves it as it was."""
    env = machine.root / "etc/duty-teller/duty-teller.env"
    settings = env.read_text()
    file = machine.root / "root/roster.json"
    file.write_bytes(roster("Dan Duty"))
    no_network_and_a_wrong_clock(machine, chat, env)
    env.write_text(settings)
    with disk_of_its_own(machine, folder) as disk:
        full_disk(machine, chat, disk)
        read_only_root(machine, chat, disk)
    machine.boot()
    wait("the service", healthy)


# --- no network, and a clock without a battery ------------------------------------------------------------------------


def no_network_and_a_wrong_clock(machine: Machine, chat: StandInClient, env: Path) -> None:
    """Boots a year ago and without a network; the network comes, then the time."""
    print("no network at boot, and a clock that is a year behind")
    port = int(chat.base_url.rpartition(":")[2])
    hosts = machine.root / "etc/hosts"
    hosts.write_text("")
    env.write_text(env.read_text().replace(chat.base_url, f"http://{NAME}:{port}"))
    plant_clock(machine, timedelta(days=-365))
    heard = {who: len(texts) for who, texts in told(chat).items()}
    machine.halt()
    machine.boot("--private-network")

    wait("READY", lambda: machine.shows("ActiveState") == "active")
    prove("it is READY without a network, a year ago", machine.inside(health))
    prove("its own check says that it serves", machine.do("duty-teller", "healthcheck"))
    wait("a word about Telegram", lambda: machine.log_says("Telegram is not reachable"))
    found = machine.inside(health) or {}
    prove("log and health say that Telegram is away", found["telegram"]["state"] == "connecting")
    faults(machine, "Telegram: ")
    process = machine.shows("MainPID")

    hosts.write_text(f"127.0.0.1 {NAME}\n")
    with network_to(machine, port):
        begun = time.monotonic()
        wait("polling", lambda: machine.inside(healthy))
        prove(f"the network comes: it polls after {time.monotonic() - begun:.0f} s", True)
        wait("a word about the clock", lambda: machine.log_says("the clock is 365 days behind Telegram's"))
        prove("log and health say that the clock is wrong", "clock" in str((machine.inside(health) or {})["problems"]))
        faults(machine, "clock: it is 365 days behind Telegram's", "service: clock: it is 365 days behind Telegram's")
        asked = chat.send_text(ALICE, "/duty")
        chat.wait_for_message(ALICE, after_id=asked["message_id"], timeout=30)

        set_clock(machine, timedelta(0))
        wait("the pin", lambda: pinned(chat, "On duty now: Dan Duty"))
        asked = chat.send_text(ALICE, "/duty")
        chat.wait_for_message(ALICE, "On duty now: Dan Duty", after_id=asked["message_id"], timeout=60)
        wait("nothing to complain of", lambda: (machine.inside(health) or {"status": ""})["status"] == "ok")
        prove("the time comes: the pin is right, and health has no complaint", True)
        prove(
            "it is the same process all the while",
            machine.shows("MainPID") == process and machine.shows("NRestarts") == "0",
        )
        extra = {who: texts[heard[who] :] for who, texts in told(chat).items()}
        prove(
            f"nobody was told anything but the two answers ({extra})", [len(extra[who]) for who in extra] == [2, 0, 0]
        )
    machine.do("systemctl", "stop", UNIT)
    remove_clock(machine)
    machine.halt()


def faults(machine: Machine, *wanted: str) -> None:
    """Looks whether doctor names faults, each with what to do, on the clock that the service has."""
    clock = [f"{name}={text}" for name, text in VARIABLES.items()] if (machine.root / CLOCK).exists() else []
    lines = machine.do("env", *clock, "duty-teller", "doctor", code=2).splitlines()
    for topic in wanted:
        place = next((n for n, line in enumerate(lines) if line[8:].startswith(topic)), None)
        if place is None or "→" not in lines[place + 1]:
            raise StepFailedError(f"doctor does not name “{topic}”: " + "\n".join(lines))
        prove(f"doctor: {lines[place][8:]} {lines[place + 1].strip()}", not lines[place].startswith("ok"))


def plant_clock(machine: Machine, by: timedelta) -> None:
    """Gives the service a wall clock of its own (libfaketime): a container has none that could be set."""
    found = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))))
    shutil.copy(found, machine.root / LIBRARY.lstrip("/"))
    set_clock(machine, by)
    drop_in = machine.root / "etc/systemd/system" / f"{UNIT}.d"
    drop_in.mkdir(parents=True, exist_ok=True)
    lines = [f"Environment={name}={text}" for name, text in VARIABLES.items()]
    (drop_in / "clock.conf").write_text("\n".join(["[Service]", *lines, ""]))


def set_clock(machine: Machine, by: timedelta) -> None:
    """Sets the service's clock beside the real one."""
    (machine.root / CLOCK).write_text(f"{by.total_seconds():+.0f}\n")


def remove_clock(machine: Machine) -> None:
    """Gives the service the real clock back."""
    shutil.rmtree(machine.root / "etc/systemd/system" / f"{UNIT}.d")
    (machine.root / CLOCK).unlink()


# --- disks ------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def disk_of_its_own(machine: Machine, folder: Path) -> Iterator[Path]:
    """Moves the service's data to a small disk; the machine is off before and after."""
    disk, data = folder / "disk", machine.root / "var/lib/duty-teller"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(disk)], check=True)
    try:
        subprocess.run(["cp", "-a", f"{data}/.", str(disk)], check=True)
        shutil.copystat(data, disk)
        owner = data.stat()
        os.chown(disk, owner.st_uid, owner.st_gid)
        yield disk
        machine.halt()
        subprocess.run(["cp", "-a", f"{disk}/.", str(data)], check=True)
    finally:
        machine.halt()
        subprocess.run(["umount", str(disk)], check=True)


def bound(disk: Path, mode: str = "--bind") -> str:
    """Returns the option that puts the disk into the machine."""
    return f"{mode}={disk}:/var/lib/duty-teller"


def full_disk(machine: Machine, chat: StandInClient, disk: Path) -> None:
    """Fills the disk under the running service, kills it, and makes room again."""
    print("full disk")
    machine.boot(bound(disk))
    wait("the service", healthy)
    changes = rows(disk)
    filler = disk / "filler"
    with filler.open("wb") as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(65536))
            file.flush()
    wait("health to say it", lambda: (health() or {"database": {}})["database"].get("state") == "full")
    prove("health says that the disk is full", True)
    faults(machine, "disk: 0 MiB free", "service: database: ")
    (machine.root / "root/other.json").write_bytes(roster("Maria Mint"))
    for command in (["import", "/root/other.json", "--remove-missing"], ["backup", "/var/lib/duty-teller/kept.zip"]):
        said = machine.do("duty-teller", *command, code=74)
        last = said.strip().splitlines()[-1]
        prove(f"{command[0]}: {last}", last.startswith("duty-teller: ") and "Traceback" not in said)
    asked = chat.send_text(ALICE, "/duty")
    chat.wait_for_message(ALICE, "Dan Duty", after_id=asked["message_id"], timeout=30)
    prove("people are answered all the same", True)

    first = machine.shows("MainPID")
    machine.do("systemctl", "kill", "--kill-whom=main", "-s", "KILL", UNIT)
    wait("the restart", lambda: machine.shows("MainPID") not in {"0", first} and health())
    wait("READY", lambda: machine.shows("ActiveState") == "active")  # health answers before
    prove("killed, it is READY again on the full disk", True)
    asked = chat.send_text(ALICE, "/duty")
    chat.wait_for_message(ALICE, "Dan Duty", after_id=asked["message_id"], timeout=60)
    prove("and answers", True)

    process = machine.shows("MainPID")
    filler.unlink()
    wait("health", healthy)
    prove("room again: all is well, in the same process", machine.shows("MainPID") == process)
    prove("nothing was lost or half written", rows(disk) == changes)
    machine.do("duty-teller", "import", "/root/other.json", "--remove-missing")
    wait("the pin", lambda: pinned(chat, "Maria Mint"))
    machine.do("duty-teller", "import", "/root/roster.json", "--remove-missing")
    wait("the pin", lambda: pinned(chat, "Dan Duty"))
    prove("a new roster is taken, and in the pin", True)
    machine.halt()


def read_only_root(machine: Machine, chat: StandInClient, disk: Path) -> None:
    """Boots from a root that cannot be written: with data on a disk of their own, then with those read-only, too."""
    print("read-only root")
    machine.boot("--read-only", bound(disk))
    wait("the service", healthy)
    prove("it is on duty", True)
    machine.do("duty-teller", "import", "/root/other.json", "--remove-missing")
    wait("the pin", lambda: pinned(chat, "Maria Mint"))
    machine.do("duty-teller", "backup", "/var/lib/duty-teller/kept.zip")
    machine.do("duty-teller", "restore", "--check", "/var/lib/duty-teller/kept.zip")
    prove("a roster, a pin and a backup work", True)
    changes = rows(disk)
    machine.halt()

    machine.boot("--read-only", bound(disk, "--bind-ro"))
    wait("a word about it", lambda: machine.log_says("it is mounted read-only"))
    prove("a disk that is mounted read-only is said in a sentence", not machine.log_says("Traceback"))
    wait("another try", lambda: machine.shows("NRestarts") not in {"", "0"})
    faults(machine, "rights: /var/lib/duty-teller cannot be written", "service: nothing listens at")
    prove("it is tried again: what has been mounted so may be written later", True)
    machine.halt()
    machine.boot(bound(disk))
    wait("the service", healthy)
    prove("written again, it is back with everything", rows(disk) == changes)
    machine.halt()


def rows(data: Path) -> list[tuple[Any, ...]]:
    """Returns what the schedule holds; the service runs."""
    with contextlib.closing(sqlite3.connect(f"file:{data / 'duty_teller.db'}?mode=ro", uri=True)) as connection:
        asked = "SELECT start_at, end_at, user_id, cancelled_at FROM duties ORDER BY id"
        return connection.execute(asked).fetchall()
