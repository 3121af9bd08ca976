"""A release with a newer schema, over data that are in use, and the way back."""

import shutil
from pathlib import Path

from hardship import UNIT, rows
from machine import Machine, StepFailedError, health, healthy, pinned, prove, wait

from duty_teller.bot_api_stand_in.client import StandInClient


def move_on_and_back(machine: Machine, chat: StandInClient, package: Path, newer: Path) -> None:
    """Upgrades a running service, goes back, and ends with the first release and the data of before."""
    print("a release with a newer schema, and back")
    data = machine.root / "var/lib/duty-teller"
    for place, file in (("one", package), ("next", newer)):
        shutil.copy(file, machine.root / f"root/{place}.deb")
    before, kept, older = rows(data), set((data / "backups").glob("*")), version()
    machine.do("dpkg", "-i", "/root/next.deb")
    wait("the newer one", lambda: healthy() and version() not in ("", older))
    prove(f"{version()} runs with the schedule as it was", rows(data) == before)
    made = set((data / "backups").glob("*")) - kept
    prove(f"a backup was made before the schema was changed ({', '.join(path.name for path in made)})", len(made) == 1)
    newest = version()

    machine.do("dpkg", "-i", "/root/one.deb")
    wait("the refusal", lambda: machine.shows("ExecMainStatus") == "78")
    sentence = f"install duty-teller {newest} or newer"
    prove(f"the older one refuses: {said(machine, sentence)}", not machine.log_says("Traceback"))
    prove("and is left alone", machine.shows("NRestarts") == "0" and rows(data) == before)
    found = machine.do("duty-teller", "doctor", code=2)
    prove("doctor names the version, too", f"install duty-teller {newest}" in found)

    machine.do("dpkg", "-i", "/root/next.deb")
    machine.do("systemctl", "start", UNIT)
    wait("the newer one", healthy)
    prove("the newer one is on duty again", rows(data) == before)

    machine.do("systemctl", "stop", UNIT)
    machine.do("dpkg", "-i", "/root/one.deb")
    machine.do("duty-teller", "restore", f"/var/lib/duty-teller/backups/{made.pop().name}")
    machine.do("systemctl", "start", UNIT)
    wait("the older one", healthy)
    wait("the pin", lambda: pinned(chat, "Dan Duty"))
    prove("with the backup of before, the older one is on duty", rows(data) == before)


def version() -> str:
    """Returns the version that answers."""
    return str((health() or {"version": ""})["version"])


def said(machine: Machine, text: str) -> str:
    """Returns the line of the service's log that holds a text.

    Raises:
        StepFailedError: There is none.
    """
    log = machine.do("journalctl", "-b", "-u", UNIT, "-o", "cat", "--no-pager")
    for line in log.splitlines():
        if text in line:
            return line.strip()
    raise StepFailedError(f"the log does not say {text!r}")
