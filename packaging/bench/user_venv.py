"""The Python that a user gets: what `make run` installs, and none of the developer's tools.

Libraries look for others and load them where they are (httpx takes rich and Pygments for a command line of its own),
so in a developer's environment the product is several MiB larger than anywhere else.
"""

import atexit
import re
import shutil
import tempfile
import venv
from functools import cache
from importlib import metadata
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
REQUIREMENTS = REPOSITORY / "requirements" / "run.txt"


@cache
def user_python() -> str:
    """Makes a virtual environment of the packages of `requirements/run.txt` that are installed here, once a run.

    They are linked, not copied; requirements of other platforms are left out.

    Returns:
        Its interpreter.
    """
    folder = Path(tempfile.mkdtemp(prefix="duty-teller-venv-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = (folder / "lib").glob("python3*/site-packages")
    for name in re.findall(r"^([\w.-]+)==", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE):
        try:
            files = metadata.distribution(name).files or []
        except metadata.PackageNotFoundError:
            continue
        for top in {file.parts[0] for file in files} - {"..", "__pycache__"}:
            target = packages / top
            if not target.exists():
                target.symlink_to(Path(str(metadata.distribution(name).locate_file(top))))
    (packages / "duty_teller.pth").write_text(f"{REPOSITORY}\n", encoding="utf-8")
    return str(folder / "bin" / "python")
