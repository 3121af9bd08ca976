"""`make bench`: the product beside its floors, in one run on one machine.

Times depend on the machine and its mood; the ratios hold. Arguments name the parts to run (all of them by default).
"""

import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

import floods
import groups
import idle
import kills
import load
import page
import readers
import reads
import starting
import storing
import subscribers
import throttled
import workbook
from table import Row, render

PARTS = {
    "start": starting,
    "idle": idle,
    "reads": reads,
    "readers": readers,
    "subscribers": subscribers,
    "import": storing,
    "workbook": workbook,
    "page": page,
    "throttled": throttled,
    "groups": groups,
    "floods": floods,
    "kills": kills,
}


def main(names: list[str]) -> int:
    """Runs the parts and prints one table; 1 when a part could not run."""
    if unknown := set(names) - set(PARTS):
        print(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="duty-teller-bench-"))
    rows: list[Row] = []
    failed = False
    begin = time.monotonic()
    try:
        for name in names or PARTS:
            print(f"{name} …", file=sys.stderr, flush=True)
            try:
                rows += PARTS[name].measure(folder)
            except Exception as error:  # one part that cannot run must not hide the others
                failed = True
                print(f"{name} could not be measured: {type(error).__name__}: {error}", file=sys.stderr)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(render(rows))
    print(
        f"\nPython {platform.python_version()}, {platform.machine()}; {load.generator()}; "
        f"medians; {time.monotonic() - begin:.0f} s in all"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
