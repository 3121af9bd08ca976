"""kill -9 at random moments of imports, pins and notices: nothing is lost, nothing is half-written, copies are counted.

Each round changes the schedule (in the chat or by the command line) or lets a hand-over pass, kills the process at a
random moment, starts it again, and looks: the schedule is the old one or the new one, whole; every pin becomes right
(how soon is printed: ten seconds is the goal for a hundred groups); then it lets the notices become due, kills again,
and looks whether everybody heard everything.

A second copy may appear only where the process died between Telegram's answer and the commit; each is counted.
In every round backups are made, too: by the command line beside the service, which is killed now and then, and by an
admin's `/backup`. Each that is there restores whole, with the state of one moment.

`DUTY_TELLER_KILLS=200 DUTY_TELLER_KILL_GROUPS=100` is the long run, `DUTY_TELLER_KILL_SEED` repeats one.
"""

import contextlib
import os
import random
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from duty_teller.config import sqlite_address
from duty_teller.db.restore import restore
from tests.e2e.conftest import ALICE, DAN, Product
from tests.e2e.test_main_job import MOSCOW, button, handover_day, roster
from tests.process import nursery

ERIN = 1004
"""An admin who has no duties: what is said to her is dialogue, not notices."""
DAYS = 150
KILLS = int(os.environ.get("DUTY_TELLER_KILLS", "8"))
GROUPS = int(os.environ.get("DUTY_TELLER_KILL_GROUPS", "12"))
PATIENCE = 60.0
PLAN = "SELECT start_at, full_name FROM duties JOIN users ON users.id = user_id WHERE cancelled_at IS NULL"


def groups() -> list[int]:
    return [-1001700000000 - number for number in range(GROUPS)]


def plan_of(rows: Sequence[tuple[Any, ...]]) -> dict[date, str]:
    found: dict[date, str] = {}
    for start, name in rows:
        day = datetime.fromtimestamp(start, MOSCOW).date()
        assert day not in found, f"{day} twice"
        found[day] = name
    return found


class Rounds:
    """The product, what is expected of it, and what was seen."""

    def __init__(self, product: Product, dice: random.Random) -> None:
        self.product = product
        self.dice = dice
        self.chat = product.stand_in
        self.first = handover_day(product.now())
        self.kills = 0
        self.slowest: tuple[float, float, str] = (0.0, 0.0, "")
        self.copies = {"notices": 0, "pins": 0}
        self.backups = {"terminal": 0, "chat": 0, "cut short": 0}
        self.seen: set[str] = set()
        self.backing_up: tuple[nursery.Running, Path] | None = None

    # -- the database, read from outside -----------------------------------------------------------------------------

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.product.folder / "data" / "duty_teller.db", timeout=10)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def plan(self) -> dict[date, str]:
        """Day → who, as stored; every day of the roster exactly once, or the import was half-written."""
        return plan_of(self.rows(PLAN))

    @property
    def turn(self) -> int:
        """Which way round the plan is; a tap that was not confirmed comes again after a restart, and turns it then."""
        return int(self.plan()[self.first] != "Dan Duty")

    def can_be_undone(self) -> bool:
        kinds = [kind for (kind,) in self.rows("SELECT kind FROM schedule_changes")]
        return kinds.count("import") - kinds.count("undo") > 1

    def wanted(self, turn: int) -> dict[date, str]:
        """The plan of a turn: Dan and Alice by turns, the other way round every other time."""
        names = ("Dan Duty", "Alice Admin")
        return {self.first + timedelta(days=n): names[(n + turn) % 2] for n in range(DAYS)}

    def file(self, turn: int) -> bytes:
        rows = {"Dan_Duty": "", "Alice_Admin": ""}
        for name in self.wanted(turn).values():
            for key in rows:
                rows[key] += "Б" if key.replace("_", " ") == name else " "
        return roster(self.first, **rows)

    # -- what happens ------------------------------------------------------------------------------------------------

    def kill(self) -> None:
        self.product.kill()
        self.kills += 1

    def let_telegram_be_slow(self, method: str) -> None:
        """Half of the time answers take as long as over a poor line: the process dies while one is on its way."""
        if self.dice.random() < 0.5:
            self.chat.fault(method, "slow", times=0, seconds=0.3)

    def by_chat(self) -> None:
        """Apply is tapped in the chat."""
        sent = self.chat.send_document(ERIN, "roster.json", self.file(self.turn + 1))
        preview = self.chat.wait_for_message(ERIN, "Would add", after_id=sent["message_id"], timeout=20)
        self.chat.press(ERIN, preview["message_id"], button(preview, ":apply"), timeout=0)

    def by_command_line(self) -> None:
        """The command line imports beside the service, and dies with it."""
        path = self.product.folder / "roster.json"
        path.write_bytes(self.file(self.turn + 1))
        self.importing = self.product.begin("import", str(path))

    def by_undo(self) -> None:
        """The last change is taken back."""
        asked = self.chat.send_text(ERIN, "/undo")
        offered = self.chat.wait_for_message(ERIN, lambda m: m["reply_markup"], after_id=asked["message_id"])
        for row in (offered["reply_markup"] or {}).get("inline_keyboard", []):
            self.chat.press(ERIN, offered["message_id"], row[0]["callback_data"], timeout=0)

    def by_hand_over(self) -> None:
        """A hand-over passes."""
        tomorrow = handover_day(self.product.now()) + timedelta(days=1)
        self.product.move_clock(datetime(tomorrow.year, tomorrow.month, tomorrow.day, 9, tzinfo=MOSCOW))

    # -- backups -----------------------------------------------------------------------------------------------------

    def back_up(self) -> None:
        """Begins a backup in another process and one in the service, while the schedule changes."""
        path = self.product.folder / f"kept-{self.kills}.zip"
        self.backing_up = self.product.begin("backup", str(path)), path
        self.chat.send_text(ERIN, "/backup")

    def look_at_backups(self) -> None:
        """Restores what has come of them; killed by chance, one is not there, and never there by half."""
        assert self.backing_up is not None
        process, path = self.backing_up
        if self.dice.random() < 0.3:
            process.kill()
        if process.wait(60) and not path.exists():
            self.backups["cut short"] += 1
        else:
            self.is_whole(path, "terminal")
            path.unlink()
        for message in self.chat.messages(ERIN):
            document = message["document"]
            if document is not None and message["sender"]["is_bot"] and document["file_id"] not in self.seen:
                self.seen.add(document["file_id"])
                sent = self.product.folder / "sent.zip"
                sent.write_bytes(self.chat.download(document["file_id"]))
                self.is_whole(sent, "chat")

    def is_whole(self, path: Path, kind: str) -> None:
        """Restores a backup beside the product and looks at what is in it."""
        data = self.product.folder / "restored"
        shutil.rmtree(data, ignore_errors=True)
        url = sqlite_address(data / "duty_teller.db")
        restore(path, url, data, self.product.now())
        with contextlib.closing(sqlite3.connect(data / "duty_teller.db")) as connection:
            for check, fine in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
                assert connection.execute(f"PRAGMA {check}").fetchall() == fine, (path, check)
            rows = connection.execute(PLAN).fetchall()
        assert plan_of(rows) in (self.wanted(0), self.wanted(1)), path
        assert (data / "secret").read_bytes() == (self.product.folder / "data" / "secret").read_bytes()
        self.backups[kind] += 1

    def one_round(self) -> None:
        self.nothing_waits()  # what arrived a moment ago is counted as a message and as a row, or as neither
        before = self.plan()
        heard = {who: self.told(who) for who in (DAN, ALICE)}
        sent = {who: self.rows_sent(who) for who in (DAN, ALICE)}
        self.importing: nursery.Running | None = None
        acts = [self.by_chat, self.by_command_line, self.by_hand_over]
        act = self.dice.choice([*acts, self.by_undo] if self.can_be_undone() else acts)
        self.let_telegram_be_slow("editMessageText")
        self.back_up()
        act()
        longest = 1.5 if act == self.by_command_line else 0.5 + GROUPS / 25  # its libraries are loaded
        time.sleep(self.dice.uniform(0, longest))
        self.kill()
        if self.importing is not None:
            self.importing.kill()
            self.importing.wait()
        self.chat.clear_faults()
        self.look_at_backups()
        assert self.plan() in (self.wanted(0), self.wanted(1)), act.__name__
        begun = time.monotonic()
        self.product.start()
        started = time.monotonic() - begun
        took = self.pins_are_right(begun, act)
        self.slowest = max(self.slowest, (took, started, act.__name__))
        changed = self.plan()

        self.let_telegram_be_slow("sendMessage")
        self.product.move_clock(self.product.now() + timedelta(seconds=121))
        time.sleep(self.dice.uniform(0, 1.5))
        self.kill()
        self.chat.clear_faults()
        self.product.start()
        # What was changed and then changed back, by a tap that came again, is rightly told to nobody.
        self.everybody_has_heard(heard, sent, before not in (changed, self.plan()))

    # -- what is seen ------------------------------------------------------------------------------------------------

    def pins_are_right(self, begun: float, act: Callable[[], None]) -> float:
        """Waits for it; returns the seconds since the process was started."""
        who, wrong = "", set(groups())
        while wrong:
            now = self.plan()[handover_day(self.product.now())]
            who, wrong = now, (wrong if now == who else set(groups()))
            wrong = {chat_id for chat_id in wrong if not self.shows(chat_id, who)}
            took = time.monotonic() - begun
            assert took < PATIENCE or not wrong, f"{act.__name__}: {len(wrong)} pins wrong after {took:.1f} s"
            time.sleep(0.25)  # a hundred questions each time: the stand-in has better things to do
        return took

    def shows(self, chat_id: int, who: str) -> bool:
        shown = self.chat.pinned(chat_id)
        return shown is not None and f"On duty now: {who}" in shown["text"]

    def told(self, who: int) -> int:
        """How many messages a person has got."""
        return sum(m["sender"]["is_bot"] and m["service"] is None for m in self.chat.messages(who))

    def rows_sent(self, who: int) -> tuple[int, int]:
        """How many notices of a person count as sent, and how many of their sendings as possible copies."""
        row = self.rows(
            "SELECT count(*), coalesce(sum(uncertain), 0) FROM notices JOIN users ON users.id = user_id "
            "WHERE telegram_user_id = ? AND outcome = 'sent'",
            who,
        )[0]
        return int(row[0]), int(row[1])

    def waiting(self) -> int:
        now = int(self.product.now().timestamp())
        return int(self.rows("SELECT count(*) FROM notices WHERE closed_at IS NULL AND due_at <= ?", now)[0][0])

    def story(self) -> str:
        """The last changes and notices, as stored."""
        tables = ("schedule_changes", "notices")
        return "\n".join(f"{t}: {row}" for t in tables for row in self.rows(f"SELECT * FROM {t} ORDER BY id")[-6:])

    def nothing_waits(self) -> None:
        deadline = time.monotonic() + 20
        while self.waiting():
            assert time.monotonic() < deadline, self.rows("SELECT * FROM notices WHERE closed_at IS NULL")
            time.sleep(0.05)

    def everybody_has_heard(self, heard: dict[int, int], sent: dict[int, tuple[int, int]], changed: bool) -> None:
        self.nothing_waits()
        assert self.rows("SELECT count(*) FROM notices WHERE outcome IN ('refused')") == [(0,)]
        for who in (DAN, ALICE):
            notices, counted = (now - then for now, then in zip(self.rows_sent(who), sent[who], strict=True))
            messages = self.told(who) - heard[who]
            assert messages >= notices, "a notice that is held for sent did not arrive"
            assert messages - notices <= counted, "a second copy that was not counted"
            assert notices >= 1 or not changed, f"a change that nobody was told of\n{self.story()}"
            self.copies["notices"] += messages - notices


def set_up(product: Product) -> None:
    chat = product.stand_in
    for who, name in ((ALICE, "Alice"), (DAN, "Dan"), (ERIN, "Erin")):
        chat.add_user(who, name, username=f"{name.lower()}_x")
    product.environment["ADMIN_IDS"] = f"{ALICE},{ERIN}"
    product.environment["DUTY_DISPLAY_TZ"] = "Europe/Moscow"
    product.move_clock(product.now().astimezone(MOSCOW).replace(hour=12, minute=0, second=0, microsecond=0))
    product.start()
    for who in (ALICE, ERIN):
        chat.press_start(who)
        chat.wait_for_message(who)


def become(product: Product, who: int, name: str) -> None:
    """Ties an account to a person of the roster by an invitation of Erin's."""
    chat = product.stand_in
    listed = chat.send_text(ERIN, "/invite")
    shown = chat.wait_for_message(ERIN, lambda m: name in str(m["reply_markup"]), after_id=listed["message_id"])
    chat.press(ERIN, shown["message_id"], name)
    invitation = chat.wait_for_message(ERIN, "?start=", after_id=shown["message_id"])
    if who == ALICE:  # an admin says so instead of being invited
        listed = chat.send_text(ALICE, "/invite")
        shown = chat.wait_for_message(ALICE, lambda m: name in str(m["reply_markup"]), after_id=listed["message_id"])
        chat.press(ALICE, shown["message_id"], name)
        offer = chat.wait_for_message(ALICE, lambda m: "That's me" in str(m["reply_markup"]), shown["message_id"])
        chat.press(ALICE, offer["message_id"], "That's me")
        chat.wait_for_message(ALICE, f"you are {name}")
        return
    chat.press_start(who, invitation["text"].rpartition("?start=")[2])
    chat.wait_for_message(who, name)


def pinned_everywhere(product: Product) -> None:
    for chat_id in groups():
        product.stand_in.add_group(chat_id, f"Group {chat_id}", members=[ERIN])
        product.stand_in.send_text(ERIN, "/pin_duty", chat_id=chat_id)
    for chat_id in groups():
        product.stand_in.wait_until(lambda chat_id=chat_id: product.stand_in.pinned(chat_id), 180)


def test_killed_at_random_moments_nothing_is_lost(product: Product, capsys: pytest.CaptureFixture[str]) -> None:
    seed = os.environ.get("DUTY_TELLER_KILL_SEED") or str(random.SystemRandom().randrange(10**6))
    set_up(product)
    rounds = Rounds(product, random.Random(seed))
    sent = product.stand_in.send_document(ERIN, "roster.json", rounds.file(0))
    preview = product.stand_in.wait_for_message(ERIN, "Would add", after_id=sent["message_id"])
    product.stand_in.press(ERIN, preview["message_id"], button(preview, ":apply"))
    product.stand_in.wait_for_message(ERIN, "Schedule updated", after_id=sent["message_id"])
    become(product, DAN, "Dan Duty")
    become(product, ALICE, "Alice Admin")
    pinned_everywhere(product)

    try:
        while rounds.kills < KILLS:
            rounds.one_round()
    except BaseException:
        with capsys.disabled():
            sys.stdout.write(f"\nDUTY_TELLER_KILL_SEED={seed}, after {rounds.kills} kills\n{product.log()[-3000:]}\n")
        raise

    there = {c: sum(m["text"].startswith("🟢") for m in rounds.chat.messages(c)) for c in groups()}
    copies, counted = sum(there.values()) - GROUPS, rounds.rows("SELECT sum(uncertain) FROM group_pins")[0][0]
    assert copies <= counted, "a second pin that was not counted"
    all_counted = rounds.rows("SELECT coalesce(sum(uncertain), 0) FROM notices")[0][0]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{rounds.kills} kills, {GROUPS} groups, seed {seed}: pins right after at most {rounds.slowest[0]:.1f} s "
            f"({rounds.slowest[2]}; healthy after {rounds.slowest[1]:.1f} s); "
            f"second copies: {rounds.copies['notices']} notices ({all_counted} counted as possible), "
            f"{copies} pins ({counted} counted); backups that restore whole: {rounds.backups['terminal']} of the "
            f"terminal, {rounds.backups['chat']} of the chat ({rounds.backups['cut short']} were cut short)\n"
        )
