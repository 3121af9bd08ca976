"""What all tests may use: a migrated database of their own, a clock, and Alice, Dan and Sam (tests/house.py)."""

import contextlib
import functools
import gc
import importlib
import os
import shutil
import sys
from collections.abc import Iterator
from itertools import count, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import httpx._transports.default as httpx_transports
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.clock import Clock
    from tests.house import House


SERVER = os.environ.get("DUTY_TELLER_POSTGRESQL", "")
"""Address of a PostgreSQL server (`make test-postgresql` starts one): the tests that have no SQLite file in them run on
it then."""
_NUMBERS = count(1)
_LONGEST = "tests/e2e/"
"""The folder whose tests take the longest; begun first, none of them is waited for alone at the end."""
_PAGES = ("tests/webapp/", "tests/demo/test_page.py", "tests/e2e/test_demo.py")
"""These stay last: no loop can run in a thread in which Playwright's has begun."""
_SLOW_PAGES = ("tests/e2e/test_demo.py", "tests/webapp/test_accessibility.py", "tests/webapp/test_settings.py")
"""Begun first among those."""
_WAITING = ("tests/faults/", "tests/process/")
"""Folders whose tests mostly wait for processes; the last of them are begun while there is something to compute."""

_TOGETHER = ("tests/api/test_feed_readers.py", "tests/test_packaging.py")
"""Files that make something for all of their tests: it goes when a test of another file comes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the longest tests first, and spreads each other file's over a run up to where the pages begin.

    While all workers are at a file whose tests wait, the processors have nothing to do.
    """
    places: dict[int, float] = {}
    for file, tests in groupby(items, key=lambda item: item.nodeid.partition("::")[0]):
        own = list(tests)
        for number, item in enumerate(own):
            if file.startswith(_PAGES):
                places[id(item)] = 1.0 if file.startswith(_SLOW_PAGES) else 2.0
            elif not file.startswith(_LONGEST):
                place = 0.5 if file in _TOGETHER else (number + 0.5) / len(own)
                places[id(item)] = place * (0.9 if file.startswith(_WAITING) else 1)
    items.sort(key=lambda item: places.get(id(item), -1.0))
    for item in items:
        # On a server there is no file to damage, copy or lock; each mark says which. Without a server none is skipped.
        if (mark := item.get_closest_marker("sqlite")) is not None:
            (reason,) = mark.args or pytest.fail(f"{item.nodeid}: a mark `sqlite` says why", pytrace=False)
            if SERVER:
                item.add_marker(pytest.mark.skip(reason=f"SQLite's own: {reason}"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Has each of several workers begin its imports at another file.

    All of them need all files, and a file is rewritten and compiled by the first that comes to it: beginning together,
    each would do it for all. What cannot be imported is told by the collection.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is None or sys.dont_write_bytecode:
        return
    given = (session.config.invocation_params.dir / argument.partition("::")[0] for argument in session.config.args)
    files = sorted({file for path in given for file in (path.rglob("test_*.py") if path.is_dir() else [path])})
    begin = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for file in files[begin:] + files[:begin]:
        with contextlib.suppress(Exception):
            importlib.import_module(".".join(file.relative_to(session.config.rootpath).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """Lets the garbage collector never look again at four thousand tests: that was a fifth of what a test took."""
    gc.collect()
    gc.freeze()
    # As Python has it: what the bot leaves is used again while it is in the processor's cache.
    gc.set_threshold(700, 10, 10)


def pytest_configure() -> None:
    """Has all databases of a run share compiled statements: each test opens one of its own, and compiling is slow.

    SQLAlchemy keeps them for an engine, under keys with its dialect in it; all dialects of SQLite are the same here.
    """
    # To look for garbage after every 700 new objects was a fifth of the collection, whose objects all stay.
    gc.set_threshold(50_000, 20, 50)
    kind: Any = SQLiteDialect_pysqlite
    kind.__eq__ = lambda self, other: type(self) is type(other)
    kind.__hash__ = lambda self: hash(type(self))
    statements: LRUCache[Any, Any] = LRUCache(5000)

    @sa.event.listens_for(sa.Engine, "engine_connect")
    def share(connection: Any) -> None:
        connection.engine._compiled_cache = statements

    # A client reads all certificates, 50 ms of CPU, also for an address without TLS: one reading serves all of them.
    read = functools.cache(httpx.create_ssl_context)
    transports: Any = httpx_transports
    transports.create_ssl_context = lambda **options: read(**options)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run have in common; see `tests.shared.once`."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def migrated_file(shared_folder: Path) -> Path:
    """A database that went through the migrations once; tests copy it."""
    from duty_teller.db.engine import dispose_engine
    from duty_teller.db.migrations import migrate
    from tests.shared import once

    path = shared_folder / "duty_teller.db"
    with once(path) as first:
        if first:
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


@pytest.fixture(scope="session")
def server_template() -> Iterator[str]:
    """The name of a database of the server that went through the migrations once."""
    from duty_teller.db.engine import dispose_engine
    from duty_teller.db.migrations import migrate

    name = f"template_{os.getpid()}"
    _on_server(f"CREATE DATABASE {name}")
    url = SERVER.rpartition("/")[0] + f"/{name}"
    migrate(url, "Europe/Moscow")
    dispose_engine(url)
    yield name
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(statement: str) -> None:
    import sqlalchemy as sa

    server = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(statement)
    server.dispose()


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """A new, migrated database: a SQLite file, or one of the server's that `SERVER` names."""
    return str(request.getfixturevalue("server_database" if SERVER else "sqlite_database"))


@pytest.fixture
def server_database(server_template: str) -> Iterator[str]:
    from duty_teller.db.engine import dispose_engine

    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    _on_server(f"CREATE DATABASE {name} TEMPLATE {server_template}")
    url = SERVER.rpartition("/")[0] + f"/{name}"
    yield url
    dispose_engine(url)
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    from duty_teller.db.engine import dispose_engine

    path = tmp_path / "duty_teller.db"
    begin = "settled_file" if "house" in request.fixturenames else "migrated_file"
    shutil.copyfile(request.getfixturevalue(begin), path)
    url = f"sqlite:///{path}"
    yield url
    dispose_engine(url)


@pytest.fixture(scope="session")
def settled_file(shared_folder: Path, migrated_file: Path) -> Path:
    """The database of a house in which Alice and Dan are, made once: most tests of services begin there."""
    from duty_teller.db.engine import dispose_engine
    from tests.clock import Clock
    from tests.house import NOW
    from tests.shared import once

    path = shared_folder / "settled.db"
    with once(path) as first:
        if first:
            shutil.copyfile(migrated_file, path)
            url = f"sqlite:///{path}"
            _house(shared_folder, url, Clock(NOW)).settle()
            dispose_engine(url)
    return path


@pytest.fixture
def house(tmp_path: Path, database_url: str, clock: "Clock") -> "House":
    """A settled house: Alice the admin (1001), Dan the duty member (1002); Sam (1003) is a stranger."""
    made = _house(tmp_path, database_url, clock)
    made.settle()
    return made


def _house(folder: Path, url: str, clock: "Clock") -> "House":
    from duty_teller.config import Settings
    from tests.house import TOKEN, ZONE, House

    settings = Settings(
        bot_token=TOKEN,
        admin_ids=frozenset({1001}),
        data_dir=folder,
        database_url=url,
        duty_display_tz=ZONE,
        mini_app_base_url="https://duty.example.org",
    )
    return House(url, folder, clock, settings)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """The one browser of a worker. Telegram's own script is not reachable unless a test says so."""
    from playwright.sync_api import sync_playwright

    from tests.browser import launch

    with sync_playwright() as playwright:
        # Not by a route: those switch the browser's cache off, and with it the 304s.
        running = launch(playwright, "--host-resolver-rules=MAP telegram.org ~NOTFOUND")
        yield running
        running.close()


@pytest.fixture
def child_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process, not by a child."""
    from tests.children import read_here

    read_here(monkeypatch)


@pytest.fixture
def cache_folder(tmp_path: Path) -> Iterator[Path]:
    """The persistent caches in a folder of their own; without this fixture nothing is cached."""
    from duty_teller import cache

    folder = tmp_path / "cache"
    cache.use_folder(folder)
    yield folder
    cache.close()
    cache._store._folder = None
