"""Reading a roster file in a child process with limits: whatever the file does, the service lives on.

The child is this same program (`duty-teller parse-file NAME`, also from the binary). It takes the file on standard
input, limits its own memory, and prints JSON.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson

from duty_teller.domain.happenings import Expanded
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.duty_schedule import RosterCells, RosterFileError, read_roster_file
from duty_teller.utils.memory import give_back
from duty_teller.utils.owner import ids_of_child
from duty_teller.utils.processes import end_with
from duty_teller.utils.texts import usable

logger = logging.getLogger(__name__)

SECONDS: Final = 20.0
MEMORY: Final = 1024 * 2**20
"""Of address space; a workbook at the limits of `importers.limits` needs about half of it."""


READ: Final = "parse-file"
"""The hidden command of the program that reads one file."""
EXPAND: Final = "expand-calendar"
"""The hidden command that reads a calendar of somebody else's."""


def _command(command: str, file_name: str) -> list[str | bytes]:
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "duty_teller"]
    # a name may begin with a dash
    return [*program, command, str(os.getpid()), "--", usable(file_name).encode()]


async def read_in_child(data: bytes, file_name: str, seconds: float = SECONDS) -> RosterCells:
    """Reads a roster file.

    Args:
        data: The file.
        file_name: Its name; it helps to recognise the format and may name the month.
        seconds: How long it may take.

    Raises:
        RosterFileError: It cannot be taken: with the cells at fault, `import.file.too_heavy` when the child ran
            out of time or memory, or `import.file.busy` when it hardly came to its turn.
    """
    code, out, err = await run_child(READ, file_name, data, seconds)
    try:
        return await asyncio.to_thread(_result, code, out, err)
    finally:
        del out, err
        await asyncio.to_thread(give_back)


async def run_child(command: str, file_name: str, data: bytes, seconds: float) -> tuple[int, bytes, bytes]:
    """Runs a hidden command of this program.

    Args:
        command: The command.
        file_name: Of the roster file.
        data: Its standard input.
        seconds: How long it may take.

    Returns:
        Its exit code, standard output and standard error.

    Raises:
        RosterFileError: It ran out of time: `import.file.too_heavy`, or `import.file.busy` when the processor was
            elsewhere for most of it.
    """
    user, group = ids_of_child()
    child = await asyncio.create_subprocess_exec(
        *_command(command, file_name),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        user=user,
        group=group,
    )
    try:
        out, err = await asyncio.wait_for(child.communicate(data), seconds)
    except TimeoutError as error:
        heavy = _processor_seconds(child.pid) > seconds / 2
        raise RosterFileError.of("import.file.too_heavy" if heavy else "import.file.busy") from error
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return child.returncode or 0, out, err


def _processor_seconds(pid: int) -> float:
    """Returns how long a process has had a processor (proc(5), stat 14 and 15); endless where none tells."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return float("inf")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _result(code: int, out: bytes, err: bytes) -> RosterCells:
    try:
        answer: dict[str, Any] = orjson.loads(out)  # json would hold the interpreter for 0.1 s on the largest files
    except ValueError:
        logger.warning("reading a roster file ended with %s: %s", code, err.decode(errors="replace")[-500:])
        raise RosterFileError.of("import.file.too_heavy") from None
    if "error" in answer:
        raise RosterFileError.from_json(answer["error"])
    return RosterCells.from_json(answer["cells"])


def limit_this_process(parent: int, seconds: float) -> bool:
    """Limits the memory and the time of a child; tells whether its parent is there.

    Memory and time are the kernel's to limit: it ends a child that runs out of either, whatever became of the parent.

    Args:
        parent: The process that reads the result; without it there is no use in going on.
        seconds: How long the child may take.
    """
    import resource

    if not end_with(parent):
        return False
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(int(seconds) + 1)
    return True


def child_main(parent: int, file_name: str) -> int:
    """Runs in the child process: limits itself, reads standard input, prints the result.

    Args:
        parent: The process that reads the result.
        file_name: What the file is called.
    """
    if not limit_this_process(parent, SECONDS):
        return 0
    data = sys.stdin.buffer.read()
    try:
        answer: dict[str, Any] = {"cells": read_roster_file(data, file_name).to_json()}
    except RosterFileError as error:
        answer = {"error": error.to_json()}
    except MemoryError:
        return 70
    sys.stdout.buffer.write(orjson.dumps(answer))
    return 0


async def expand_in_child(
    data: bytes, first: date, last: date, timezone: str, charset: str, naming: bool = False, seconds: float = SECONDS
) -> Expanded:
    """Reads a calendar of somebody else's.

    Args:
        data: Its bytes.
        first: The first day of which occurrences are wanted.
        last: The last one.
        timezone: In which days and floating times are meant.
        charset: As the server says.
        naming: Say who is away.
        seconds: How long it may take.

    Raises:
        LocalizedError: `calendars.…`, it is none, or too much.
    """
    wanted = " ".join((first.isoformat(), last.isoformat(), timezone, str(int(naming)), charset[:40]))
    try:
        code, out, _err = await run_child(EXPAND, wanted, data, seconds)
    except RosterFileError as error:
        raise LocalizedError("calendars.heavy") from error
    try:
        return await asyncio.to_thread(_expanded, code, out)
    finally:
        del out
        await asyncio.to_thread(give_back)


def _expanded(code: int, out: bytes) -> Expanded:
    try:
        answer: dict[str, Any] = orjson.loads(out)
    except ValueError:
        logger.warning("reading a calendar ended with %s", code)  # what it says may quote the calendar
        raise LocalizedError("calendars.heavy") from None
    if "error" in answer:
        raise LocalizedError(answer["error"], **answer["args"])
    return Expanded.from_json(answer)


def expand_main(parent: int, wanted: str) -> int:
    """Runs in the child process: limits itself, reads standard input, prints the occurrences.

    Args:
        parent: The process that reads the result.
        wanted: From `expand_in_child`.
    """
    from duty_teller.importers.readers.foreign_calendar import expand_calendar

    if not limit_this_process(parent, SECONDS):
        return 0
    first, last, timezone, naming, charset = wanted.split(" ", 4)
    data = sys.stdin.buffer.read()
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
        answer = expand_calendar(data, *days, timezone, charset, naming == "1").to_json()
    except LocalizedError as error:
        answer = {"error": error.key, "args": dict(error.args_by_name)}
    except MemoryError:
        return 70
    sys.stdout.buffer.write(orjson.dumps(answer))
    return 0
