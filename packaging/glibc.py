"""The oldest glibc that compiled files run on: the highest version that any of them asks for.

    python packaging/glibc.py dist/folder/duty-teller

`make binary` has the one file say it where the system is older, `make deb` writes it into the package's dependencies.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

MAGIC: Final = b"\x7fELF"
NEEDED: Final = re.compile(r"\bGLIBC_(\d+)\.(\d+)\b")


def needed_glibc(files: Iterable[Path]) -> str:
    """Returns the highest version of glibc that a program or library asks for, such as "2.36".

    Args:
        files: Of any kind; what is not compiled is passed over.

    Raises:
        ValueError: None of them asks for any.
        OSError: One cannot be read, or there is no readelf (binutils).
        subprocess.CalledProcessError: One is damaged.
    """
    compiled = []
    for path in files:
        with path.open("rb") as reading:
            if reading.read(len(MAGIC)) == MAGIC:
                compiled.append(path)
    if not compiled:
        raise ValueError("nothing compiled among the files")
    # What a file defines itself is not asked for: only the section of needs counts.
    said = subprocess.run(
        ["readelf", "--version-info", "--wide", *map(str, compiled)],
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"},
    ).stdout
    versions = [
        (int(major), int(minor))
        for section in re.split(r"\n(?=Version )", said)
        if section.lstrip().startswith("Version needs section")
        for major, minor in NEEDED.findall(section)
    ]
    if not versions:
        raise ValueError("no file asks for a glibc")
    return "{}.{}".format(*max(versions))


def main() -> int:
    """Prints it for the files below a folder."""
    print(needed_glibc(path for path in sorted(Path(sys.argv[1]).rglob("*")) if path.is_file()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
