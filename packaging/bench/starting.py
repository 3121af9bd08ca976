"""The first healthy answer and the idle memory, beside the imports alone."""

import subprocess
import time
from pathlib import Path
from statistics import median

from processes import BINARY, memory, product, proportional_memory
from sample import Sample, quiet_environment, scratch
from table import Row
from user_venv import user_python

ROUNDS = 5
SETTLED = 4.0
LIBRARIES = (
    "sqlmodel, telegram.ext, fastapi, uvicorn, alembic.command, openpyxl, icalendar, diskcache, httpx, orjson, dotenv"
)


def _imports() -> tuple[float, float]:
    """Returns seconds and MiB of a process that imports the libraries of the product, and nothing else."""
    program = f"import {LIBRARIES}; print('ready', flush=True); input()"
    begin = time.monotonic()
    process = subprocess.Popen(
        [user_python(), "-c", program], env=quiet_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    process.stdout.readline()
    took = time.monotonic() - begin
    used = memory(process.pid)
    process.communicate(b"\n", timeout=10)
    return took, used


def measure(folder: Path) -> list[Row]:
    """Starts the product several times on a database that is up to date; Telegram cannot be reached."""
    sample = Sample(scratch(folder, "start"))
    sample.close()
    _first_answer(sample.folder, None)  # fills the bytecode and the file cache
    _imports()
    products, imports, whole = [], [], []
    for _ in range(ROUNDS):
        products.append(_first_answer(sample.folder, None))
        whole.append(_first_answer(sample.folder, None, "/readyz"))
        imports.append(_imports())
    ready, imported = median(products), median(took for took, _ in imports)
    loaded = median(used for _, used in imports)
    idle = _idle_memory(sample.folder)
    rows = [
        Row(
            "first healthy answer",
            f"imports alone {imported * 1000:.0f} ms",
            f"{ready * 1000:.0f} ms",
            ready / imported,
            "≤ 700 ms where imports take 1,041: ≤ 0.67",
            ready / imported <= 0.67,
        ),
        Row(
            "  first answer of the rest",
            f"imports alone {imported * 1000:.0f} ms",
            f"{median(whole) * 1000:.0f} ms",
            median(whole) / imported,
            "≤ 1.20: as long as all took that came before health",
            median(whole) / imported <= 1.2,
        ),
        Row(
            "idle memory, bot loaded",
            f"all libraries {loaded:.0f} MiB",
            f"{idle:.0f} MiB",
            idle / loaded,
            "≤ 85 MiB",
            idle <= 85,
        ),
    ]
    return rows + (_binary_rows(sample.folder, imported) if BINARY.exists() else [])


def _first_answer(folder: Path, command: list[str] | None, path: str = "/healthz") -> float:
    with product(folder, command=command, path=path) as (_, took, _pid):
        return took


def _idle_memory(folder: Path, command: list[str] | None = None) -> float:
    with product(folder, command=command) as (_, _took, pid):
        time.sleep(SETTLED)
        return memory(pid) if command is None else proportional_memory(pid)


def _binary_rows(folder: Path, imported: float) -> list[Row]:
    size = BINARY.stat().st_size / 2**20
    ready = median(_first_answer(folder, [str(BINARY)]) for _ in range(3))
    idle = _idle_memory(folder, [str(BINARY)])
    return [
        Row("one-file binary", "", f"{size:.1f} MiB", None, "≤ 20 MiB", size <= 20),
        Row(
            "  its first healthy answer",
            f"imports alone {imported * 1000:.0f} ms",
            f"{ready * 1000:.0f} ms",
            ready / imported,
            "≤ 1,000 ms where imports take 1,041: ≤ 0.96",
            ready / imported <= 0.96,
        ),
        Row(
            "  its idle memory, bot loaded",
            "PSS of both its processes",
            f"{idle:.1f} MiB",
            None,
            "≤ 85 MiB",
            idle <= 85,
        ),
    ]
