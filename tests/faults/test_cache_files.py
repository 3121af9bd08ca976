"""Whatever happens to the cache's files while the process runs: a recomputation, never its end."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from duty_teller import cache

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

TRUNCATED_WHILE_OPEN = """
import pathlib, sys, threading
from datetime import datetime, UTC
from duty_teller import cache
folder = pathlib.Path(sys.argv[1])
now = datetime(2026, 11, 23, 9, tzinfo=UTC)
cache.use_folder(folder)
for number in range(400):
    cache.duty_pin_cache.set((number,), "x" * 2000)
assert cache.duty_pin_cache.get((7,), now) == "x" * 2000
for path in folder.iterdir():
    with path.open("r+b") as file:
        file.truncate(int(sys.argv[2]))
def read():
    for number in range(400):
        cache.duty_pin_cache.get((number,), now)
others = [threading.Thread(target=read) for _ in range(4)]
for thread in others: thread.start()
read()
for thread in others: thread.join()
cache.duty_pin_cache.set((7,), "anew")
cache.duty_pin_cache.set((7,), "anew")
print(cache.duty_pin_cache.get((7,), now))
"""


@pytest.mark.parametrize("left", [0, 1, 100, 4096, 9000])
def test_files_truncated_together_cost_a_recomputation(tmp_path: Path, left: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRUNCATED_WHILE_OPEN, str(tmp_path / "cache"), str(left)],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )

    assert (done.returncode, done.stdout) == (0, "anew\n"), done.stderr


def test_value_from_before_a_step_back_is_not_kept_for_as_long_as_the_step(cache_folder: Path) -> None:
    with time_machine.travel(datetime(2027, 12, 28, tzinfo=UTC)):
        cache.is_admin_cache.set((1001,), True)
        assert cache.is_admin_cache.get((1001,), NOW) is True

    with time_machine.travel(NOW):
        assert cache.is_admin_cache.get((1001,), NOW) is None
        cache.is_admin_cache.set((1001,), False)
        assert cache.is_admin_cache.get((1001,), NOW) is False
