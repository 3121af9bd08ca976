"""What the workers of a run do once for all of them."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def once(path: Path) -> Iterator[bool]:
    """Tells whether the block has to do what a path stands for: it is the first of all workers that came here.

    The others wait until it has; when it fails, the next one has to.
    """
    done = path.with_name(f"{path.name}.done")
    with path.with_name(f"{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        first = not done.exists()
        yield first
        if first:
            done.touch()
