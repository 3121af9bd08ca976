"""What the demo's page has beside the chats: a clock to move, steps that tick themselves off, samples, a new start.

The clock of the demo's process is the stand-in's, which this moves on. It stops wherever something is due, so that
reminders, digests and pins come as they would, one after the other, and nothing expires on the way.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, func, select

from duty_teller.bot_api_stand_in import ControlError, StandIn
from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, DraftStage, ImportDraft, ScheduleChange
from duty_teller.db.session import session_scope
from duty_teller.demo.sample import TEAMS, SampleTeam
from duty_teller.demo.sample_files import FILES, sample_file
from duty_teller.services.cover_service import follow
from duty_teller.services.notices import delivery, planning
from duty_teller.services.notices.pending import earliest
from duty_teller.services.schedule_service import now_and_next
from duty_teller.services.texts import plain_words
from duty_teller.utils.dates import local_day

logger = logging.getLogger(__name__)

STEPS: Final = ("ask", "file", "apply", "handover", "cover")
"""What the page proposes to try, in this order."""

_SPANS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_BEHIND: Final = timedelta(seconds=1)
"""How far after an instant the clock stops, so that whatever is due then is due."""
_A_TICK: Final = 1.2
"""Seconds until the tick has seen a step of the clock."""
_PATIENCE: Final = 6.0
"""Seconds that a stop waits for what is due there."""
_ASKS: Final = re.compile(r"/duty\b")
_READ: Final = (DraftStage.QUESTIONS, DraftStage.PREVIEW)
"""Where an import is whose file could be read."""
_FOUND: Final = (ChangeKind.COVER, ChangeKind.SWAP, ChangeKind.TAKEOVER)


class Stage:
    """The page's side of one demo, from its first day to its end or a new start; any thread may use it.

    Attributes:
        wanted: The language to start again in; empty: nobody asked for it.
    """

    def __init__(self, stand_in: StandIn, settings: Settings, sample: SampleTeam, *, settled: bool) -> None:
        """Sets the page's side up.

        Args:
            stand_in: Whose page it is.
            settings: Of the process.
            sample: The team.
            settled: Somebody has chosen the team's language; otherwise the first browser does.
        """
        self.wanted = ""
        self._settled = settled
        self._stand_in = stand_in
        self._settings = settings
        self._sample = sample
        self._lock = threading.Lock()
        self._ready = False
        self._moving = False
        self._done: set[str] = set()
        self._first_change = 0
        self._stop: Callable[[], None] = lambda: None

    @property
    def world(self) -> str:
        """The name of this demo, from its first day to a new start; empty before and after."""
        return str(self._settings.data_dir) if self._ready else ""

    @property
    def actions(self) -> Mapping[str, Callable[..., Any]]:
        """More actions of the control door."""
        return {
            "meet": self.meet,
            "move_clock": self.move_clock,
            "start_again": self.start_again,
            "send_sample": self.send_sample,
        }

    def begin(self, stop: Callable[[], None]) -> None:
        """Opens the stage: the first day is over, its chatter is cleared, and nothing has been tried yet.

        Args:
            stop: Ends the process's serving, as a signal would.
        """
        self._let_it_happen()
        self._stand_in.clear_history()
        with session_scope(self._settings.database_url) as session:
            self._first_change = session.exec(select(func.max(ScheduleChange.id))).one() or 0
        self._stop = stop
        self._ready = True
        self._stand_in.changed()

    def now(self) -> datetime:
        """Returns the present instant of the demo."""
        return self._stand_in.now()

    # -- what the page asks ------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Returns what the page shows: the clock, the steps that are done, the sample files, who is who."""
        if not self._ready:
            return {"ready": False, "lang": self._sample.lang, "settled": self._settled}
        sample = self._sample
        with session_scope(self._settings.database_url) as session:
            roster = repository.rosters(session)[0]
            self._look_for_steps(session)
        return {
            "ready": True,
            "lang": sample.lang,
            "settled": self._settled,
            "born": self.world,
            "now": self._stand_in.now().isoformat(),
            "timezone": roster.timezone,
            "moving": self._moving,
            "steps": {step: step in self._done for step in STEPS},
            "files": {key: FILES[key].name(sample.lang) for key in FILES},
            "roles": {
                str(sample.admin.telegram_user_id): "admin",
                str(sample.member.telegram_user_id): "member",
                str(sample.stranger.telegram_user_id): "stranger",
            },
        }

    def download(self, name: str) -> bytes | None:
        """Returns a sample file by the name it has in the team's language, or None."""
        key = next((key for key in FILES if FILES[key].name(self._sample.lang) == name), None)
        return None if key is None or not self._ready else sample_file(key, self._sample, self._today())

    def send_sample(self, user_id: int, file: str) -> dict[str, Any]:
        """Has a person send a sample file (`ward`, `oncall` or `school`) to the bot; returns the message."""
        if file not in FILES:
            raise ControlError(f"no sample file {file!r}")
        name = FILES[file].name(self._sample.lang)
        return self._stand_in.send_document(user_id, name, sample_file(file, self._sample, self._today()))

    def meet(self, lang: str) -> bool:
        """Takes notice of the first browser: where nothing was tried yet, the team is set up anew in its language.

        Returns:
            Whether it is; later browsers, in whatever language, change nothing.
        """
        with self._lock, session_scope(self._settings.database_url) as session:
            self._look_for_steps(session)
            tried = self._done or any(not message["sender"]["is_bot"] for _, message in self._messages())
            anew = not self._settled and not tried and lang != self._sample.lang
            self._settled = True
        if anew:
            self.start_again(lang)
        else:
            self._stand_in.changed()
        return anew

    def start_again(self, lang: str) -> str:
        """Throws everything away and sets the team up anew, in a language; returns it.

        Raises:
            ControlError: No such language, or the team is being set up.
        """
        if lang not in TEAMS:
            raise ControlError(f"no language {lang!r}")
        if not self._ready:
            raise ControlError("the team is being set up")
        self.wanted = lang
        self._ready = False
        self._stop()
        return lang

    def move_clock(self, to: str) -> None:
        """Moves the clock, in a thread: to the next `handover`, by an `hour` or by a `day`.

        Raises:
            ControlError: Nothing like it, or it is moving already.
        """
        if to != "handover" and to not in _SPANS:
            raise ControlError(f"no way to move the clock {to!r}")
        with self._lock:
            if self._moving or not self._ready:
                raise ControlError("the clock is moving already")
            self._moving = True
        threading.Thread(target=self._move, args=(to,), name="demo-clock", daemon=True).start()

    # -- the clock ---------------------------------------------------------------------------------------------------

    def _move(self, to: str) -> None:
        try:
            now = self._stand_in.now()
            handover = self._read(_next_handover, now)
            target = (handover or now + _SPANS["day"]) + _BEHIND if to == "handover" else now + _SPANS[to]
            while not self.wanted and now < target:
                due = self._read(_next_work, self._settings, now)
                stop = target if due is None else min(due + _BEHIND, target)
                self._stand_in.advance_clock((stop - self._stand_in.now()).total_seconds())
                self._let_it_happen()
                now = self._stand_in.now()
                if handover is not None and now >= handover:
                    self._done.add("handover")
        except Exception:  # nobody waits for this thread
            logger.exception("the demo's clock could not be moved on")
        finally:
            self._moving = False
            self._stand_in.changed()

    def _let_it_happen(self) -> None:
        """Waits until the tick has seen the step, and what is due was sent."""
        time.sleep(_A_TICK)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and not self.wanted:
            if not self._read(_is_due, self._settings, self._stand_in.now()):
                return
            time.sleep(0.1)

    def _read(self, question: Callable[..., Any], *given: Any) -> Any:
        with session_scope(self._settings.database_url) as session:
            return question(session, *given)

    def _today(self) -> date:
        with session_scope(self._settings.database_url) as session:
            return self._day(session)

    def _day(self, session: Session) -> date:
        return local_day(self._stand_in.now(), repository.rosters(session)[0].timezone)

    # -- the steps ---------------------------------------------------------------------------------------------------

    def _look_for_steps(self, session: Session) -> None:
        """Ticks off what has happened since the first day; what was done once stays done."""
        statement = select(ScheduleChange.kind).where(col(ScheduleChange.id) > self._first_change).distinct()
        kinds = set(session.exec(statement))
        if ChangeKind.IMPORT in kinds:
            self._done |= {"file", "apply"}
        if session.exec(select(ImportDraft.id).where(col(ImportDraft.stage).in_(_READ)).limit(1)).first():
            self._done.add("file")
        if kinds & set(_FOUND):
            self._done.add("cover")
        if "ask" not in self._done:
            self._look_for_question(session)

    def _look_for_question(self, session: Session) -> None:
        asked = 0
        for room, message in self._messages():
            if room == self._sample.stranger.telegram_user_id:
                continue  # whom the bot tells nothing
            if asked == room and message["sender"]["is_bot"]:
                self._done.add("ask")
            if not message["sender"]["is_bot"] and self._asks(session, room, message["text"]):
                asked = room

    def _asks(self, session: Session, room: int, text: str) -> bool:
        """Tells whether the bot takes a text as the question; in a group it hears commands and its name."""
        name = f"@{self._stand_in.bot['username']}"
        if not text.startswith("/"):
            if room < 0 and name not in text:
                return False
            meaning = plain_words.understand(text.replace(name, " "), self._day(session), plain_words.finder(session))
            text = "" if meaning is None else f"/{meaning.command}"
        return _ASKS.match(text) is not None

    def _messages(self) -> list[tuple[int, dict[str, Any]]]:
        """Returns what was written since the first day, chat by chat, each with its chat's id."""
        with self._stand_in.lock:
            return [
                (room.id, message)
                for room in self._stand_in.rooms.values()
                for message in self._stand_in.messages(room.id)
                if message["message_id"] > room.cleared_to
            ]


def _next_handover(session: Session, now: datetime) -> datetime | None:
    """Returns when somebody else goes on duty, in whichever roster that is first."""
    return earliest(*(now_and_next(session, roster, now).valid_until for roster in repository.rosters(session)))


def _next_work(session: Session, settings: Settings, now: datetime) -> datetime | None:
    """Returns the next instant at which the tick has something to do."""
    return earliest(
        planning.plan(session, settings, now).boundary,
        delivery.due(session, now, 1)[1],
        follow.next_work(session, now)[1],
        _next_handover(session, now),
    )


def _is_due(session: Session, settings: Settings, now: datetime) -> bool:
    """Tells whether the tick has something to do now."""
    waiting = delivery.due(session, now, 1)[0] or follow.next_work(session, now)[0]
    return bool(waiting) or planning.plan(session, settings, now).due
