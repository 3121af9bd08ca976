"""The bot in a thread of its own, on a real database, talking HTTP to the stand-in; only the clock is ours."""

import asyncio
import json
import logging
import pickle
import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from telegram import Bot

from duty_teller import cache
from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.composition import writing
from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.engine import dispose_engine
from duty_teller.db.models import Chat, GroupPin
from duty_teller.handlers.background.tick import Tick
from duty_teller.handlers.bot import build_application
from duty_teller.handlers.common import App
from duty_teller.handlers.import_duty_schedule import received
from duty_teller.handlers.transport import command_lists
from duty_teller.handlers.transport.pace import PaceLimiter, in_background
from duty_teller.handlers.transport.polling import Poller
from duty_teller.importers.duty_schedule import RosterCells, read_roster_file
from duty_teller.services import import_service
from duty_teller.services.health import Health
from duty_teller.services.import_service import Imported, RosterFile, run_import
from duty_teller.services.schedule_service import Author
from tests.clock import Clock
from tests.shared import once

ALICE, DAN, SAM = 1001, 1002, 1003
GROUP = -1001700000000
MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=MOSCOW)
SECRET = b"s" * 32

STILL, LATEST = 0.03, 0.1
"""Seconds after which a tick comes: where nothing has happened in Telegram meanwhile, and anyway."""

Json = dict[str, Any]


async def _end_what_is_pending() -> None:
    """Cancels what has begun meanwhile, as the process does at its end: else it is logged in some later test."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    log = logging.getLogger("apscheduler.executors.default")  # tells of a tick that is cut short
    log.setLevel(logging.CRITICAL)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=1) if tasks else None
    log.setLevel(logging.NOTSET)


async def _publish_nothing(_bot: Bot, _default_language: str) -> None:
    """Instead of `command_lists.publish`."""


class World:
    """The running bot and everybody around it."""

    def __init__(self, folder: Path, chat: StandInClient, stand_in: StandIn, clock: Clock) -> None:
        self.chat = chat
        self.stand_in = stand_in
        self.clock = clock
        self.folder = folder
        self.settings = Settings(
            bot_token=DEFAULT_TOKEN,
            admin_ids=frozenset({ALICE}),
            data_dir=folder,
            mini_app_base_url="https://duty.example.org",
            duty_display_tz="Europe/Moscow",
            bot_api_base_url=chat.base_url,
        )
        self.answer_seconds = 1.0
        """How long the bot waits for an answer of Telegram's, from its next start on."""
        self.ticks = 0
        self.stage = ""
        self._is_held = False
        self._told: set[tuple[int, int]] = set()
        self._being_told: Counter[int] = Counter()
        self._thread: threading.Thread | None = None
        self.poller: Poller | None = None
        self.app: App | None = None

    # -- the process -------------------------------------------------------------------------------------------------

    def start(self, wait: bool = True, **changed: Any) -> None:
        """Starts a bot on the database as it is; `changed` replaces settings."""
        assert self.poller is None
        for name, value in changed.items():
            object.__setattr__(self.settings, name, value)
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="bot", daemon=True)
        self._thread.start()

        async def begin() -> None:
            self.app = App(self.settings, self.clock, SECRET, Health(), answer_seconds=self.answer_seconds)
            self.poller = Poller(self.app, build_application(self.app))
            self._count_ticks(self.poller)
            self._let_turns_come_at_once(self.poller)
            self._note_what_nobody_asked_for(self.poller)
            self._polling = asyncio.create_task(self.poller.run())

        self.run(begin())
        if wait:
            wait_for(lambda: self.health.telegram == "polling")

    @property
    def health(self) -> Health:
        assert self.app is not None
        return self.app.health

    def _count_ticks(self, poller: Poller) -> None:
        """Lets a second of ticks pass as soon as Telegram has been still for a moment, and counts them."""
        tick: Tick = poller.application.bot_data["tick"]
        self._passing = passing = list[asyncio.Task[None]]()
        seen, last = -1, 0.0

        async def passed() -> None:
            await asyncio.gather(*tick.tasks, return_exceptions=True)
            self.ticks += 1

        def counted() -> None:
            nonlocal seen, last
            if self._is_held or (passing and not passing[-1].done()):  # the next begins when all of the last has ended
                return
            before, seen = seen, self.stand_in.version
            if seen == before or time.monotonic() - last >= LATEST:
                last = time.monotonic()
                Tick.beat(tick)
                passing[:] = [asyncio.get_running_loop().create_task(passed())]

        tick.beat, tick.every = counted, STILL  # type: ignore[method-assign]

    def run(self, action: Coroutine[Any, Any, Any], seconds: float = 20) -> Any:
        """Runs something on the bot's loop."""
        return asyncio.run_coroutine_threadsafe(action, self.loop).result(seconds)

    def _let_turns_come_at_once(self, poller: Poller) -> None:
        """Lets the seconds pass at once that the pace of calls has somebody wait; the pace has tests of its own."""
        limiter = poller.application.bot.rate_limiter
        assert isinstance(limiter, PaceLimiter)
        passed = 0.0

        async def pass_by(seconds: float) -> None:
            nonlocal passed
            passed += seconds
            await asyncio.sleep(0)

        limiter._clock, limiter._sleep = lambda: time.monotonic() + passed, pass_by

    def _note_what_nobody_asked_for(self, poller: Poller) -> None:
        """Keeps which messages are the chores' (notices, posts), and to whom one is on its way."""
        limiter = poller.application.bot.rate_limiter
        assert isinstance(limiter, PaceLimiter)
        let_through = limiter.process_request

        async def noted(*, endpoint: str, data: Json, **call: Any) -> Any:
            let_go = partial(let_through, endpoint=endpoint, data=data, **call)
            if not in_background() or not endpoint.startswith("send"):
                return await let_go()
            chat_id = int(data["chat_id"])
            self._being_told[chat_id] += 1
            try:
                sent = await let_go()
                if isinstance(sent, dict):
                    self._told.add((chat_id, sent["message_id"]))
                return sent
            finally:
                self._being_told[chat_id] -= 1

        limiter.process_request = noted  # type: ignore[method-assign]

    def stop(self) -> None:
        """Ends the bot as the process does."""
        if self.poller is None or self.app is None or self._thread is None:
            return
        poller, app = self.poller, self.app

        async def end() -> None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
            await poller.stop()
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.wait(rest, timeout=5) if rest else None

        self.run(end())
        for threads in (app.executor, app.writers):
            threads.shutdown(wait=True)
        self.run(_end_what_is_pending())
        self.run(self.loop.shutdown_default_executor())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()
        self.poller = None

    @contextmanager
    def without_ticks(self) -> Iterator[None]:
        """Within, no tick begins, and none is under way: nobody writes but whoever is spoken to."""

        async def hold() -> None:
            self._is_held = True
            await asyncio.gather(*self._passing)

        self.run(hold())
        try:
            yield
        finally:
            self._is_held = False

    def let_ticks_pass(self, number: int = 3) -> None:
        """Waits until so many whole ticks have begun and ended from now on."""
        wanted = self.ticks + number + 1
        wait_for(lambda: self.ticks >= wanted)

    # -- talking -----------------------------------------------------------------------------------------------------

    def say(self, who: int, text: str, chat_id: int | None = None, **options: Any) -> Json:
        """Writes, and returns what the bot answers in that chat."""
        sent = self.chat.send_text(who, text, chat_id=chat_id, **options)
        return self.answer(chat_id or who, sent["message_id"])

    def answer(self, chat_id: int, after_id: int) -> Json:
        """Returns the bot's next message in a chat, whatever notices come meanwhile."""

        def asked_for(message: Json) -> bool:
            wait_for(lambda: not self._being_told[chat_id])
            return (chat_id, message["message_id"]) not in self._told

        return self.chat.wait_for_message(chat_id, asked_for, after_id)

    def say_unheard(self, who: int, text: str, chat_id: int | None = None, **options: Any) -> list[str]:
        """Writes, waits until the bot is through with it, and returns what it has sent since (texts)."""
        sent = self.chat.send_text(who, text, chat_id=chat_id, **options)
        self.be_through()
        there = self.chat.messages(chat_id or who)
        return [m["text"] for m in there if m["message_id"] > sent["message_id"] and m["sender"]["is_bot"]]

    def be_through(self) -> None:
        """Waits until every update so far has been handled: the stand-in has none left and no handler runs."""
        wait_for(lambda: not self.stand_in.updates)

        async def idle() -> bool:
            assert self.poller is not None
            queue, processor = self.poller.application.update_queue, self.poller.application.update_processor
            for _ in range(5):  # an update that was just taken from the queue is counted some turns of the loop later
                if not queue.empty() or processor.current_concurrent_updates:
                    return False
                await asyncio.sleep(0)
            return True

        wait_for(lambda: self.run(idle()))

    def texts(self, chat_id: int) -> list[str]:
        """The bot's messages of a chat."""
        return [m["text"] for m in self.chat.messages(chat_id) if m["sender"]["is_bot"] and not m["service"]]

    def sent(self) -> list[str]:
        """The bot's calls that people notice."""
        return [
            c["method"]
            for c in self.chat.calls()
            if c["method"] not in ("getMe", "setMyCommands", "deleteMyCommands", "setChatMenuButton", "deleteWebhook")
        ]

    # -- the database ------------------------------------------------------------------------------------------------

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Reads the database file by SQL."""
        connection = sqlite3.connect(self.folder / "duty_teller.db")
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def counts(self) -> dict[str, int]:
        """How many rows each table has, drafts left out: an import may be under way."""
        names = [name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: self.rows(f"SELECT count(*) FROM {name}")[0][0] for name in names if name != "import_drafts"}

    def work(self, work: Callable[[Any], Any]) -> Any:
        """Writes like another process: in a session of its own."""
        with writing(self.settings.database_url) as session:
            return work(session)

    def import_roster(self, data: bytes, author: str = "command line") -> None:
        """Imports as the command line does."""
        cells = read_roster_file(data, "roster.json")

        def work(session: Any) -> None:
            roster = repository.rosters(session)[0]
            file = RosterFile(cells, import_service.rules_of(roster), remove_missing=True)
            assert isinstance(run_import(session, roster, file, Author(None, author), "file", self.clock()), Imported)

        self.work(work)

    def invitation(self, name: str) -> str:
        """Has Alice make an invitation for a person of the roster; returns the payload of its link."""
        shown = self.list_for_invitations(name)
        self.chat.press(ALICE, shown["message_id"], name)
        message = self.chat.wait_for_message(ALICE, "?start=", after_id=shown["message_id"])
        return str(message["text"].rpartition("?start=")[2])

    def list_for_invitations(self, name: str) -> Json:
        """Has Alice ask whom to invite; returns the answer, whatever notices come meanwhile."""
        asked = self.chat.send_text(ALICE, "/invite")
        return self.chat.wait_for_message(ALICE, lambda m: name in buttons(m), after_id=asked["message_id"])

    def link_dan(self) -> None:
        """Makes Dan a duty member: he opens Alice's invitation."""
        self.chat.press_start(DAN, self.invitation("Dan Duty"))
        self.chat.wait_for_message(DAN, "Dan Duty")
        self.chat.wait_for_message(ALICE, "Dan (@dan_duty)")  # the admins are told who joined, by a notice


def wait_for(true: Callable[[], Any], timeout: float = 60) -> Any:
    """Asks again and again until the answer is true, and returns it."""
    deadline = time.monotonic() + timeout
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)
    return found


def roster_json(start: date = MONDAY, /, **rows: str) -> bytes:
    """The fixed JSON: `Dan_Duty="ББ ББ"`, a letter a day; names with a space in them are taken as they are."""
    names = {name: name if " " in name else name.replace("_", " ") for name in rows}
    schedule = [{"name": names[name], "duty": ";".join(cells)} for name, cells in rows.items()]
    return json.dumps({"meta": {"start_date": start.isoformat()}, "schedule": schedule}).encode()


def buttons(message: Json) -> dict[str, str]:
    """Text → data (or address, or what it copies) of a message's buttons."""
    rows = (message["reply_markup"] or {}).get("inline_keyboard", [])

    def behind(b: Json) -> str:
        return str(b.get("callback_data") or b.get("url") or b.get("copy_text", {}).get("text") or b["web_app"]["url"])

    return {b["text"]: behind(b) for row in rows for b in row}


def feed_address(message: Json) -> str:
    """The address that the answer to /calendar_link copies, or nothing."""
    return next((value for value in buttons(message).values() if value.endswith(".ics")), "")


ADMINS_ONLY = "Это могут только администраторы. Попросите: Alice (@alice)."
"""What Dan hears; in a group without the @username."""


@pytest.fixture(scope="session")
def empty_database(shared_folder: Path, migrated_file: Path) -> Path:
    """A migrated database file to be copied, with a hand-over at nine."""
    path = shared_folder / "empty.db"
    with once(path) as first:
        if first:
            shutil.copyfile(migrated_file, path)
            url = f"sqlite:///{path}"
            with writing(url) as session:
                roster = repository.rosters(session)[0]
                roster.handover_at = roster.handover_at.replace(hour=9, minute=0)
                session.add(roster)
            dispose_engine(url)
    return path


@pytest.fixture
def failures() -> Iterator[list[str]]:
    """What was logged as an error; a test that expects one clears the list."""
    kept: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(self.format(record))

    keeper = Keeper(logging.ERROR)
    logging.getLogger().addHandler(keeper)
    yield kept
    logging.getLogger().removeHandler(keeper)
    assert kept == []


@pytest.fixture
def published() -> None:
    """Lets everybody's lists of commands be published at the start, as the product does: nine calls a test."""


class Settled:
    """What several tests begin with, kept: the database, the stand-in's state and the clock at each of the stages.

    The workers of a run share them: who comes first to one goes there, once.
    """

    def __init__(self, folder: Path, empty: Path) -> None:
        self._folder = folder
        self._empty = empty
        self._states: dict[str, bytes] = {}

    def lead(self, stage: str, act: Callable[[World], object], after: str = "") -> str:
        """Has a stage follow another one by what `act` does there, unless it is kept already; returns its name.

        For fixtures of a session: those of a test might have patched something.
        """
        with once(self._folder / stage) as first:
            if first:
                folder = self._folder / f"{stage}.d"
                folder.mkdir()
                with pytest.MonkeyPatch.context() as patched, put_up(folder, self._empty) as world:
                    patched.setattr(command_lists, "publish", _publish_nothing)
                    if after:
                        self.put(after, world)
                        world.start()
                    act(world)
                    self._keep(stage, world)
        return stage

    def _keep(self, stage: str, world: World) -> None:
        world.be_through()
        world.let_ticks_pass()
        with (
            closing(sqlite3.connect(world.folder / "duty_teller.db")) as file,
            closing(sqlite3.connect(self._folder / f"{stage}.db")) as copy,
        ):
            file.backup(copy)
            copy.execute("PRAGMA journal_mode = WAL")
        with world.stand_in.lock:
            state = {name: vars(world.stand_in)[name] for name in STATE}
            (self._folder / f"{stage}.pickle").write_bytes(pickle.dumps((world.clock.now, state)))

    def put(self, stage: str, world: World) -> None:
        """Lets a world whose bot is not started yet be where a stage has led."""
        assert world.poller is None
        shutil.copyfile(self._folder / f"{stage}.db", world.folder / "duty_teller.db")
        if stage not in self._states:
            self._states[stage] = (self._folder / f"{stage}.pickle").read_bytes()
        now, state = pickle.loads(self._states[stage])
        world.clock.set(now)
        with world.stand_in.lock:
            vars(world.stand_in).update(state)
        world.stage = stage

    def start(self, stage: str, stopped: World) -> World:
        """Starts a bot where a stage has led."""
        self.put(stage, stopped)
        stopped.start()
        return stopped


STATE = (
    *("people", "rooms", "files", "queries", "updates", "allowed_updates", "bot_commands", "menu_buttons", "profile"),
    *("call_log", "_next_update", "_last_shared_id", "_last_call", "_serial"),
)
"""What the stand-in knows of its world."""


@contextmanager
def put_up(folder: Path, database: Path) -> Iterator[World]:
    """Everything in place, the bot not started."""
    shutil.copy(database, folder / "duty_teller.db")
    cache.use_folder(folder / "cache")
    stand_in = StandIn()
    with run_in_thread(stand_in) as chat:
        chat.add_user(ALICE, "Alice", "alice", phone="+79001112233")
        chat.add_user(DAN, "Dan", "dan_duty", "ru", phone="+79004445566")
        chat.add_user(SAM, "Sam", "sam")
        world = World(folder, chat, stand_in, Clock(NOON))
        try:
            yield world
        finally:
            world.stop()
            dispose_engine(world.settings.database_url)
            cache.close()


def begin(world: World) -> None:
    """Alice starts the bot and switches off what she would hear of gaps."""
    world.start()
    world.say(ALICE, "/start")
    off = "UPDATE users SET notices_off = 'gaps,unreachable' WHERE telegram_user_id = :alice"
    world.work(lambda session: session.execute(text(off), {"alice": ALICE}))


def plan(world: World) -> None:
    """Dan is on duty today, Alice tomorrow, then Dan again."""
    world.import_roster(roster_json(Dan_Duty="Б Б", Alice_Admin=" Б "))


def be_added(world: World) -> None:
    """Alice adds the bot to a group and is told."""
    world.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])
    world.chat.wait_for_message(ALICE, "You added me to")


def pin_at_once(world: World, groups: dict[int, str]) -> None:
    """Puts the bot into groups with a pin each that is not posted yet: the tick posts and pins them all."""
    with world.stand_in.lock:
        for group, title in groups.items():
            world.stand_in.add_group(group, title, members=[ALICE])
        world.stand_in.updates.clear()

    def fill(session: Any) -> None:
        for group, title in groups.items():
            session.add(Chat(id=group, title=title, language="en", trusted=True, trusted_by=1))
            session.flush()
            session.add(GroupPin(chat_id=group, roster_id=1, message_id=0))

    world.work(fill)


@pytest.fixture(scope="session")
def settled(shared_folder: Path, empty_database: Path) -> Settled:
    """The stages that most tests begin at: half of what a test took was to come as far again."""
    kept = Settled(shared_folder, empty_database)
    kept.lead("world", begin)
    kept.lead("planned", plan, "world")
    kept.lead("grouped", be_added, "planned")
    for stage in ("planned", "grouped"):
        kept.lead(f"{stage}, dan_linked", World.link_dan, stage)
    return kept


@pytest.fixture
def stopped(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    empty_database: Path,
    failures: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """Everything in place, the bot not started; with `published` it publishes the lists of commands."""
    if "published" not in request.fixturenames:
        monkeypatch.setattr(command_lists, "publish", _publish_nothing)
    with put_up(tmp_path, empty_database) as world:
        yield world


@pytest.fixture
def world(request: pytest.FixtureRequest, stopped: World, settled: Settled) -> World:
    """The bot polls; Alice has started it and switched off what she would hear of gaps; nothing is planned."""
    stage = next(stage for stage in ("grouped", "planned", "world") if stage in request.fixturenames)
    return settled.start(f"{stage}, dan_linked" if "dan_linked" in request.fixturenames else stage, stopped)


@pytest.fixture
def dan_linked() -> None:
    """Lets the world begin where Dan is a duty member: he has opened Alice's invitation."""


@pytest.fixture
def planned(world: World) -> World:
    """Dan is on duty today, Alice tomorrow, then Dan again."""
    assert world.stage != "world"
    return world


@pytest.fixture
def grouped(planned: World) -> World:
    """The bot was added to a group by Alice, who was told; nobody trusts it yet."""
    return planned


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads files in this process: a child costs more than the rest of a test, and has tests of its own."""

    async def read(data: bytes, file_name: str) -> RosterCells:
        return read_roster_file(data, file_name)

    monkeypatch.setattr(received, "read_in_child", read)


@pytest.fixture
def group(grouped: World) -> World:
    """The bot was added to a group by Alice, who was told; nobody trusts it yet."""
    return grouped
