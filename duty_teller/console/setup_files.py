"""What `duty-teller setup` writes: settings and token, each in its place, and for root the system service."""

import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

from duty_teller.config import SERVICE_DATA, SERVICE_ENV, SERVICE_TOKEN
from duty_teller.utils.output import tell
from duty_teller.utils.owner import followed

UNIT: Final = "duty-teller.service"
_USER: Final = "duty-teller"
_SYSTEMCTL: Final = "systemctl"
_RUNS: Final = Path("/run/systemd/system")
_UNITS: Final = tuple(Path(folder, UNIT) for folder in ("/etc/systemd/system", "/usr/lib/systemd/system"))
_PROGRAM: Final = Path("/usr/local/bin/duty-teller")
_HOMES: Final = ("/home/", "/root/", "/run/user/", "/tmp/", "/var/tmp/")  # noqa: S108  # what the unit hides


def is_for_service() -> bool:
    """Tells whether root sets up this machine's service: where systemd runs; a container has a folder of its own."""
    return os.geteuid() == 0 and _RUNS.exists()


def is_complete(path: Path) -> bool:
    """Tells whether a configuration is there that is not to be touched: one that could start, or a file of any name.

    A package brings one to be filled in, and `.env` may be a copy of the example.
    """
    if not path.is_file():
        return False
    try:
        found = dotenv_values(path, interpolate=False) if path in (SERVICE_ENV, Path(".env")) else None
        has_file = path == SERVICE_ENV and SERVICE_TOKEN.exists() and SERVICE_TOKEN.stat().st_size > 0
    except (OSError, ValueError):  # not ours to read, or no text
        return True
    if found is None:
        return True
    has_token = has_file or found.get("BOT_TOKEN") or found.get("BOT_TOKEN_FILE")
    return bool(has_token and (found.get("ADMIN_IDS") or found.get("ADMIN_USERNAMES")))


def write(path: Path, values: Mapping[str, str]) -> None:
    """Writes settings: into the lines of a file that is there (its owner and mode stay), else into a new one (0600).

    Other lines that set the same one, by another spelling or as `NAME_FILE`, are commented out: it would be set twice.

    Args:
        path: Of the file; where it is a link, of what it leads to.
        values: By name; an empty one is set nowhere.

    Raises:
        OSError: It cannot be written; the file that was there is as it was.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = text.splitlines()
    for name, value in values.items():
        set_ = [n for n, line in enumerate(lines) if re.match(rf"\s*(export\s+)?{name}(_FILE)?\s*=", line)]
        places = [*set_, *(n for n, line in enumerate(lines) if line.startswith(f"#{name}="))]
        for n in set_:
            lines[n] = f"#{lines[n]}"
        if value and places:  # the one that is set, else the example
            lines[places[0]] = f"{name}={value}"
        elif value:
            lines.append(f"{name}={value}")
    _write(path, "\n".join(lines) + "\n")


def why_not_written(path: Path) -> str:
    """Returns why a configuration cannot be written there; empty when it can, as far as can be told."""
    if path.exists() and not path.is_file():
        return f"{path} is no file: name another one, `duty-teller setup FILE`"
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return f"nothing can be written in {folder}: start setup in a folder of yours, or with sudo"
    return ""


def write_token(token: str) -> None:
    """Writes the service's token (0600, root's): systemd hands it over.

    Raises:
        OSError: It cannot be written.
    """
    _write(SERVICE_TOKEN, f"{token}\n")


def _write(path: Path, text: str) -> None:
    path = followed(path)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = path.stat() if path.exists() else None
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(number, "w", encoding="utf-8") as file:  # noqa: PTH123  # 0600 from the start
            file.write(text)
            file.flush()
            if before is not None:
                os.fchown(number, before.st_uid, before.st_gid)
            os.fchmod(number, 0o600 if before is None else before.st_mode & 0o640)
            os.fsync(number)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def install_service() -> bool:
    """Makes the service's unit and its user where they are missing.

    Returns:
        Whether it can be started; what went wrong was told.

    Raises:
        OSError: The unit cannot be written.
    """
    if shutil.which(_SYSTEMCTL) is None:
        tell("There is no systemctl here.")
        return False
    if not any(unit.exists() for unit in _UNITS):
        _install_unit()
    return _has_user() or _did("useradd", *_user_options())


def start_service() -> bool:
    """Has the service run now and at every boot; returns whether it does, what went wrong was told."""
    for words in (("daemon-reload",), ("enable", UNIT), ("restart", UNIT)):
        if not _did(_SYSTEMCTL, *words):
            tell("It did not start: journalctl -u duty-teller -n 50")
            return False
    return True


def _has_user() -> bool:
    try:
        pwd.getpwnam(_USER)
    except KeyError:
        return False
    return True


def _user_options() -> list[str]:
    home = ["--home-dir", str(SERVICE_DATA), "--no-create-home"]
    return ["--system", "--user-group", *home, "--shell", "/usr/sbin/nologin", _USER]


def _did(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False).returncode == 0  # noqa: S603
    except OSError as error:
        tell(f"{command[0]}: {error.strerror}")
        return False


def why_no_service() -> str:
    """Returns why this program cannot be a service, and what to do; empty when it can, or there is a unit already."""
    program = _program()
    if any(unit.exists() for unit in _UNITS) or getattr(sys, "frozen", False):
        return ""
    here = "or, for a configuration in this folder: duty-teller setup .env"
    if not os.access(program, os.X_OK) or program.suffix == ".py":
        return f"the sources run by `make run`; for a service: make deb, or make binary; {here}"
    if str(program).startswith(_HOMES):
        everybody = "PIPX_HOME=/opt/pipx PIPX_BIN_DIR=/usr/local/bin pipx install duty_teller-….whl"
        return f"a service may not look into {program.parent}: install it for everybody ({everybody}); {here}"
    return ""


def _program() -> Path:
    return Path(sys.executable if getattr(sys, "frozen", False) else sys.argv[0]).resolve()


def _install_unit() -> None:
    """Writes the unit that the program brings, with the place of this program; of a binary in a home, a copy serves."""
    program = _program()
    if str(program).startswith(_HOMES):
        shutil.copy(program, _PROGRAM)
        _PROGRAM.chmod(0o755)
        program = _PROGRAM
        tell(f"Copied to {program}.")
    brought = next(place for place in _places_of_unit() if place.exists()).read_text(encoding="utf-8")
    _head, _blank, text = brought.partition("\n\n")  # the head says how to do this by hand
    _UNITS[0].write_text(text.replace("/usr/bin/duty-teller", str(program)), encoding="utf-8")
    tell(f"Written: {_UNITS[0]}")


def _places_of_unit() -> list[Path]:
    package = Path(__file__).resolve().parents[1]
    bundle = getattr(sys, "_MEIPASS", None)
    return [home / "systemd" / UNIT for home in ([Path(bundle)] if bundle else [package, package.parent])]
