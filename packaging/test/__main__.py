"""`make test-package`: a bare Debian 12 that boots, in which we live with what we deliver.

The machine is made on the spot (debootstrap) and booted with its own systemd (systemd-nspawn) beside the strict
stand-in of Telegram's Bot API. Needs root, debootstrap, systemd-container and a Debian mirror. Each step prints what
it proved; the first that fails ends the run with its log.

    python packaging/test dist/duty-teller_0.1.0_amd64.deb --newer NEWER.deb --binary dist/duty-teller --wheel WHEEL
"""

import argparse
import contextlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from life import live
from machine import ALICE, DAN, GROUP, Machine, StepFailedError
from newcomer import come_newly

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread

MIRROR: Final = "http://deb.debian.org/debian"
# What a Debian without anything has anyway, and a system that boots.
BARE: Final = "systemd,systemd-sysv,dbus,adduser,init-system-helpers,ca-certificates"


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder for the machine, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="duty-teller-machine-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def live_in(image: Path, folder: Path, package: Path, newer: Path) -> bool:
    """Lives in a machine of its own; returns whether every step held."""
    with run_in_thread(StandIn(token=DEFAULT_TOKEN)) as chat:
        machine = Machine(folder / "root")
        subprocess.run(["cp", "-a", str(image), str(machine.root)], check=True)
        chat.add_user(ALICE, "Alice", username="alice")
        chat.add_user(DAN, "Dan", username="dan")
        chat.add_group(GROUP, "Support", members=[ALICE, DAN])
        try:
            machine.boot()
            live(machine, chat, package, newer, folder)
        except StepFailedError as failure:
            print(f"  NOT {failure}", file=sys.stderr)
            with contextlib.suppress(StepFailedError):
                print(machine.do("journalctl", "-u", "duty-teller", "-n", "40", "--no-pager", code=None))
            return False
        finally:
            machine.halt()
    return True


def come_to(image: Path, folder: Path, package: Path, binary: Path, wheel: Path) -> bool:
    """Comes newly in three ways; returns whether every step held."""
    try:
        come_newly(image, folder, package, binary, wheel)
    except StepFailedError as failure:
        print(f"  NOT {failure}", file=sys.stderr)
        return False
    return True


def main() -> int:
    """Runs it; returns 0 when every step held."""
    parser = argparse.ArgumentParser(prog="packaging/test")
    parser.add_argument("package", type=Path)
    parser.add_argument("--newer", type=Path, help="the package of a release with a newer schema")
    parser.add_argument("--binary", type=Path, help="with --wheel: comes newly, too")
    parser.add_argument("--wheel", type=Path)
    parser.add_argument("--image", type=Path, help="a folder with a bare Debian 12 to copy; else one is made")
    parser.add_argument("--mirror", default=MIRROR)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    begun = time.monotonic()
    with scratch() as folder:
        image = given.image
        print("a bare Debian 12", flush=True)
        if image is None:
            image = folder / "image"
            make = ["debootstrap", "--variant=minbase", f"--include={BARE}", "bookworm", str(image), given.mirror]
            subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        held = live_in(image, folder, given.package, given.newer) if given.newer else True
        if held and given.binary and given.wheel:
            held = come_to(image, folder, given.package, given.binary, given.wheel)
    if held:
        print(f"the package holds ({time.monotonic() - begun:.0f} s)")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
