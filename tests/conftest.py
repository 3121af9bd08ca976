"""What all tests may use: a migrated database of their own, a clock, and Alice, Dan and Sam (tests/house.py)."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.clock import Clock
    from tests.house import House


_LONGEST = ("tests/e2e/", "tests/faults/", "tests/process/")
"""Folders whose tests take the longest; begun first, none of them is waited for alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the longest tests first."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that went through the migrations once; tests copy it."""
    from duty_teller.db.engine import dispose_engine
    from duty_teller.db.migrations import migrate

    path = tmp_path_factory.mktemp("migrated") / "duty_teller.db"
    url = f"sqlite:///{path}"
    migrate(url, "Europe/Moscow")
    dispose_engine(url)
    assert not path.with_name("duty_teller.db-wal").exists()
    return path


@pytest.fixture
def clock() -> "Clock":
    from tests.clock import Clock
    from tests.house import NOW

    return Clock(NOW)


@pytest.fixture
def database_url(tmp_path: Path, migrated_file: Path) -> Iterator[str]:
    from duty_teller.db.engine import dispose_engine

    path = tmp_path / "duty_teller.db"
    shutil.copyfile(migrated_file, path)
    url = f"sqlite:///{path}"
    yield url
    dispose_engine(url)


@pytest.fixture
def house(tmp_path: Path, database_url: str, clock: "Clock") -> "House":
    """A settled house: Alice the admin (1001), Dan the duty member (1002); Sam (1003) is a stranger."""
    from duty_teller.config import Settings
    from tests.house import TOKEN, ZONE, House

    settings = Settings(
        bot_token=TOKEN,
        admin_ids=frozenset({1001}),
        data_dir=tmp_path,
        database_url=database_url,
        duty_display_tz=ZONE,
        mini_app_base_url="https://duty.example.org",
    )
    made = House(database_url, tmp_path, clock, settings)
    made.settle()
    return made


@pytest.fixture
def cache_folder(tmp_path: Path) -> Iterator[Path]:
    """The persistent caches in a folder of their own; without this fixture nothing is cached."""
    from duty_teller import cache

    folder = tmp_path / "cache"
    cache.use_folder(folder)
    yield folder
    cache.close()
    cache._store._folder = None
