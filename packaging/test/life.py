"""A year of the Debian package: installed, set up, on duty, crashed, backed up, upgraded, restored, booted, purged."""

import shutil
import subprocess
import time
from pathlib import Path

import hardship
import releases
from machine import (
    ALICE,
    GROUP,
    PORT,
    Machine,
    health,
    healthy,
    pinned,
    prove,
    roster,
    told,
    wait,
)
from newcomer import set_up

from duty_teller.bot_api_stand_in.client import StandInClient


def newer(package: Path, folder: Path) -> Path:
    """Returns the same package with the next version's number."""
    root = folder / "newer"
    subprocess.run(["dpkg-deb", "--raw-extract", str(package), str(root)], check=True)
    control = root / "DEBIAN" / "control"
    control.write_text(control.read_text().replace("Version: ", "Version: 99."))
    target = folder / "newer.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(root), str(target)], check=True)
    return target


def modes(*paths: Path) -> list[int]:
    """Returns the rights of files."""
    return [path.stat().st_mode & 0o777 for path in paths]


def live(machine: Machine, chat: StandInClient, package: Path, newer_release: Path, folder: Path) -> None:
    """Goes through the life of the package, step by step."""
    unit, etc, data = "duty-teller.service", machine.root / "etc/duty-teller", machine.root / "var/lib/duty-teller"

    print("install")
    shutil.copy(package, machine.root / "root/one.deb")
    said = machine.do("dpkg", "-i", "/root/one.deb")
    prove("it says what is missing", "bot_token" in said and "ADMIN_IDS" in said)
    env = etc / "duty-teller.env"
    prove("the settings are 0640", env.stat().st_mode & 0o777 == 0o640)
    prove("it is enabled and not started", machine.shows("UnitFileState") == "enabled" and not health())
    machine.do("systemctl", "start", unit, code=None)
    wait("the refusal", lambda: machine.shows("ExecMainStatus") == "78")
    prove("without a token it ends with 78 and is left alone", machine.shows("NRestarts") == "0")
    prove("and says so in the log", "BOT_TOKEN" in machine.do("journalctl", "-u", unit, "-o", "cat"))

    print("setup, and the first start")
    env.write_text(env.read_text().replace("#HTTP_PORT=8080", f"HTTP_PORT={PORT}"))  # another one may be taken here
    begun = time.monotonic()
    end = set_up(machine, chat).strip().splitlines()[-1]
    prove(f"it ends with {end!r}", True)
    prove("the settings are 0640 still, the token 0600", modes(env, etc / "bot_token") == [0o640, 0o600])
    prove(f"it runs {time.monotonic() - begun:.1f} s after the first question, and HTTP serves by then", health())
    wait("polling", healthy)
    machine.do("duty-teller", "setup", code=73)
    prove("a second setup touches nothing", machine.shows("ActiveState") == "active")

    print("the main job")
    file = machine.root / "root/roster.json"
    file.write_bytes(roster("Dan Duty"))
    machine.do("duty-teller", "import", "/root/roster.json", "--handover", "00:00 Europe/Moscow")
    prove(
        "root's import wrote as the service's user", (data / "duty_teller.db").stat().st_uid == data.stat().st_uid != 0
    )
    chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    wait("the pin", lambda: pinned(chat, "Dan Duty"))
    prove("the group's pinned message tells who is on duty", True)

    print("crash")
    first = machine.shows("MainPID")
    machine.do("systemctl", "kill", "--kill-whom=main", "-s", "KILL", unit)
    wait("the restart", lambda: machine.shows("MainPID") not in {"0", first} and healthy())
    prove("killed, it is back", True)
    machine.do("mkdir", "-p", f"/run/systemd/system/{unit}.d")
    machine.do("sh", "-c", f"printf '[Service]\\nWatchdogSec=6\\n' > /run/systemd/system/{unit}.d/test.conf")
    machine.do("systemctl", "daemon-reload")
    machine.do("systemctl", "restart", unit)
    wait("the start", healthy)
    hung = machine.shows("MainPID")
    machine.do("systemctl", "kill", "--kill-whom=main", "-s", "STOP", unit)
    wait("the watchdog", lambda: machine.shows("MainPID") not in {"0", hung} and healthy())
    prove("stopped still, the watchdog ends and restarts it", True)

    print("backup")
    machine.do("duty-teller", "backup", "/root/kept.zip")
    prove("a backup is whole", "whole" in machine.do("duty-teller", "restore", "--check", "/root/kept.zip").lower())

    print("upgrade")
    env.write_text(env.read_text() + "# mine\n")
    shutil.copy(newer(package, folder), machine.root / "root/two.deb")
    running = machine.shows("MainPID")
    machine.do("dpkg", "-i", "/root/two.deb")
    wait("the new one", healthy)
    prove("a running service is restarted", machine.shows("MainPID") != running)
    prove("settings are as they were", "# mine" in env.read_text())
    wait("the pin", lambda: pinned(chat, "Dan Duty"))
    machine.do("systemctl", "stop", unit)
    machine.do("dpkg", "-i", "/root/two.deb")
    prove("a stopped one stays stopped", machine.shows("ActiveState") == "inactive")

    print("restore")
    file.write_bytes(roster("Maria Mint"))
    machine.do("duty-teller", "import", "/root/roster.json", "--remove-missing")
    machine.do("duty-teller", "restore", "/root/kept.zip")
    machine.do("systemctl", "start", unit)
    wait("the start", healthy)
    wait("the old schedule in the pin", lambda: pinned(chat, "Dan Duty"))
    prove("the schedule of the backup is back, and in the pin", True)

    print("reboot")
    machine.halt()
    prove("everything is off", health() is None)
    machine.boot()
    wait("the service after the boot", healthy)
    prove("it is back by itself", True)
    wait("the alarm", lambda: [text for text in told(chat)[ALICE] if text.startswith("📵")], seconds=180)
    prove("the admin hears who on duty cannot be written to, once two minutes after the roster", True)
    exposure = machine.do("systemd-analyze", "security", "--no-pager", unit).strip().splitlines()[-1]
    prove(exposure.lstrip("→ "), float(exposure.split(":")[1].split()[0]) <= 1.3)

    wait("the first backup", lambda: machine.log_says("backup duty-teller-"), seconds=180)
    found = machine.do("duty-teller", "doctor")
    prove("doctor says that all is well", "WARNING" not in found and "FAULT" not in found)

    releases.move_on_and_back(machine, chat, package, newer_release)
    hardship.endure(machine, chat, folder)

    print("remove and purge")
    machine.do("dpkg", "--remove", "duty-teller")
    prove(
        "removing stops it and keeps the data", health() is None and (data / "duty_teller.db").exists() and env.exists()
    )
    machine.do("dpkg", "--purge", "duty-teller")
    files = (path for path in machine.root.rglob("*duty*teller*") if path.relative_to(machine.root).parts[0] != "root")
    left = sorted({str(path.relative_to(machine.root)) for path in files})
    prove("purging leaves nothing of ours" + (f", but {left}" if left else ""), not left)
    prove("not even the user", "duty-teller" not in (machine.root / "etc/passwd").read_text())
