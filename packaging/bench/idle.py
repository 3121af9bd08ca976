"""What a service costs while nothing happens: processor, wake-ups, bytes written, memory; polling goes on.

Measured as a user has it (`user_venv`), at a second start: the first one of all compiles the libraries.
"""

import time
from pathlib import Path

from processes import memory, product
from sample import TOKEN, Sample, scratch
from table import Row

from duty_teller.bot_api_stand_in import StandIn, run_in_thread

SETTLED = 15.0
SECONDS = 60.0


def measure(folder: Path) -> list[Row]:
    """Lets the product idle beside a stand-in that has no news for it."""
    sample = Sample(scratch(folder, "idle"))
    sample.close()
    with run_in_thread(StandIn(token=TOKEN)) as chat:
        with product(sample.folder, chat.base_url):
            time.sleep(SETTLED)
        return _idle(sample.folder, chat.base_url)


def _idle(folder: Path, bot_api: str) -> list[Row]:
    with product(folder, bot_api) as (_, _took, pid):
        time.sleep(SETTLED)
        cpu, wakes, written = _cpu(pid), _wakes(pid), _written(pid)
        begun = time.monotonic()
        time.sleep(SECONDS)
        passed = time.monotonic() - begun
        share = 100 * (_cpu(pid) - cpu) / passed
        a_second = (_wakes(pid) - wakes) / passed
        bytes_written = _written(pid) - written
        used = memory(pid)
    return [
        Row("idle: processor", "", f"{share:.3f} % of a core", None, "≤ 0.1 %", share <= 0.1),
        Row("idle: wake-ups", "", f"{a_second:.1f} a second", None, "≤ 3", a_second <= 3),
        Row("idle: written", "", f"{bytes_written} bytes", None, "0", bytes_written == 0),
        Row("idle: memory, polling", "installed by make run", f"{used:.1f} MiB", None, "≤ 85 MiB", used <= 85),
    ]


def _cpu(pid: int) -> float:
    """Returns the processor seconds of all threads, to the nanosecond."""
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def _wakes(pid: int) -> int:
    """Returns how often the threads have gone to sleep by themselves, and so have woken."""
    found = 0
    for task in Path(f"/proc/{pid}/task").glob("*/status"):
        found += next(int(line.split()[1]) for line in task.read_text().splitlines() if line.startswith("voluntary"))
    return found


def _written(pid: int) -> int:
    """Returns the bytes that went to a disk."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes:"))
