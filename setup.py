"""Puts migrations and unit, which lie beside the package, inside it in a wheel; all else is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithWhatLiesBeside(build_py):
    """Copies them into `duty_teller/`, where `db.migrations` and `console.setup_files` look first."""

    def run(self) -> None:  # noqa: D102  # of setuptools
        super().run()
        if not self.editable_mode:
            for name in ("alembic", "systemd"):
                target = Path(self.build_lib) / "duty_teller" / name
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(name, target, ignore=shutil.ignore_patterns("__pycache__"))


setup(cmdclass={"build_py": WithWhatLiesBeside})
