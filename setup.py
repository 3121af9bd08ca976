"""Puts the migrations, which lie beside the package, inside it in a wheel; all else is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithMigrations(build_py):
    """Copies `alembic/` to `duty_teller/alembic/`, where `db.migrations` looks first."""

    def run(self) -> None:  # noqa: D102  # of setuptools
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "duty_teller" / "alembic"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree("alembic", target, ignore=shutil.ignore_patterns("__pycache__"))


setup(cmdclass={"build_py": WithMigrations})
