"""The hot reads, `/api/duties` and `/api/now`: plain ASGI on the event loop, finished bytes in memory.

A FastAPI route in a thread answers about a hundred times a second, this several thousand times. They are described in
the OpenAPI schema by `api.app`, and a test holds their bytes against the read classes.
"""

import gzip
import hashlib
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any, Final, Self, TypeVar, cast
from urllib.parse import parse_qs

import orjson
from starlette.types import Receive, Scope, Send

from duty_teller.api.dependencies import get_validated_dates
from duty_teller.api.errors import ApiError, code_of, error_body
from duty_teller.api.state import ApiState
from duty_teller.db import repository
from duty_teller.db.models import Roster
from duty_teller.db.schemas import RosterNow, Span
from duty_teller.db.session import session_scope
from duty_teller.i18n import LocalizedError, get_lang
from duty_teller.i18n.core import accepted_language
from duty_teller.services import schedule_service
from duty_teller.services.people.access import Person
from duty_teller.services.schedule_service import Stretch

_RANGES: Final = 256
_SHORT_DAYS: Final = 62
"""A range up to this waits for no longer one."""

_PIECE: Final = 64 * 1024
"""Bytes of an answer that are handed over at once; uvicorn lets a connection wait from there on."""
_GZIP: Final = 16 + zlib.MAX_WBITS
_OPTIONS: Final = orjson.OPT_UTC_Z

HeaderList = list[tuple[bytes, bytes]]
_JSON: Final = (b"content-type", b"application/json")
_PRIVATE: Final = (b"cache-control", b"private, no-cache")
_VARY: Final = (b"vary", b"Accept-Encoding, X-Telegram-Init-Data")
_NOSNIFF: Final = (b"x-content-type-options", b"nosniff")


@dataclass(frozen=True)
class Finished:
    """An answer ready to be sent: its bytes, and from when until when it is true (None: until a commit)."""

    body: bytes
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    @cached_property
    def etag(self) -> bytes:
        """The strong ETag."""
        return _etag(self.body)

    @cached_property
    def zipped(self) -> bytes:
        """The gzipped twin, made for the first reader who takes it."""
        return gzip.compress(self.body, 6, mtime=0)

    @property
    def size(self) -> int:
        """Bytes in memory, the gzipped twin (about a tenth) and what comes with it included."""
        return len(self.body) + len(self.body) // 8 + 512

    def holds(self, now: datetime) -> bool:
        """Tells whether it is true at an instant; clocks may step back."""
        after = self.valid_from is None or now >= self.valid_from
        return after and (self.valid_until is None or now < self.valid_until)


@dataclass(frozen=True, slots=True)
class Packed:
    """A large answer that is true until a commit: its gzipped bytes alone are kept, a tenth to a thirtieth of it.

    Browsers take them as they are; for anybody else they are unpacked piece by piece, at the reader's pace.
    """

    zipped: bytes
    length: int
    etag: bytes

    @classmethod
    def of(cls, body: bytes) -> Self:
        """Packs a body; it takes a while."""
        return cls(gzip.compress(body, 1, mtime=0), len(body), _etag(body))

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.zipped) + 512

    def holds(self, now: datetime) -> bool:
        """Tells that it is true."""
        return True

    def pieces(self) -> Iterator[bytes]:
        """Yields the body."""
        unpacking, rest = zlib.decompressobj(_GZIP), self.zipped
        while piece := unpacking.decompress(rest, _PIECE):
            yield piece
            rest = unpacking.unconsumed_tail


Made = TypeVar("Made", bound=Finished | Packed)


def _etag(body: bytes) -> bytes:
    return b'"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"'


def _pieces(body: bytes) -> Iterator[memoryview]:
    view = memoryview(body)
    for at in range(0, len(body), _PIECE):
        yield view[at : at + _PIECE]


def header(scope: Scope, name: bytes) -> bytes:
    """Returns a request header's value, or nothing."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return b""


async def send_bytes(send: Send, status: int, headers: HeaderList, body: bytes) -> None:
    """Sends a whole answer."""
    if len(body) > _PIECE:
        await _send_pieces(send, status, headers, len(body), _pieces(body))
        return
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def _send_pieces(
    send: Send, status: int, headers: HeaderList, length: int, pieces: Iterator[bytes] | Iterator[memoryview]
) -> None:
    """Sends a large answer at the reader's pace: all at once, each slow one would have a copy of it in the process."""
    content_length = (b"content-length", str(length).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, content_length]})
    sent = 0
    for piece in pieces:
        sent += len(piece)
        await send({"type": "http.response.body", "body": piece, "more_body": sent < length})


def etag_matches(scope: Scope, etag: bytes) -> bool:
    """Tells whether the If-None-Match of a request holds this ETag (weak ones count, RFC 9110 13.1.2)."""
    sent = header(scope, b"if-none-match")
    return bool(sent) and (sent == b"*" or any(part.strip().removeprefix(b"W/") == etag for part in sent.split(b",")))


class HotRoute(ABC):
    """An ASGI endpoint that authenticates, answers from memory where it can, and gives errors the one shape."""

    def __init__(self, state: ApiState) -> None:
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        person: Person | None = None
        try:
            revisions = await self.state.current_revisions()
            init_data = header(scope, b"x-telegram-init-data")
            person = self.state.known_person(init_data)
            if person is None:
                person = await self.state.authenticate(init_data)
            await self.answer(scope, send, revisions)
        except (ApiError, LocalizedError) as error:
            await self._refuse(scope, send, error, person)

    async def _refuse(self, scope: Scope, send: Send, error: ApiError | LocalizedError, person: Person | None) -> None:
        default = self.state.settings.default_language
        language = accepted_language(header(scope, b"accept-language").decode("latin-1"), default)
        if person is not None and person.language:
            language = get_lang(person, default)
        if isinstance(error, ApiError):
            body = error_body(error.code, error.error.text(error.language or language))
            status = error.status
        else:
            body, status = error_body(code_of(error), error.text(language)), 422
        await send_bytes(send, status, [_JSON, _NOSNIFF, (b"cache-control", b"no-store")], body)

    @abstractmethod
    async def answer(self, scope: Scope, send: Send, revisions: Hashable) -> None:
        """Sends the answer to a person who was let in.

        Raises:
            LocalizedError: The request is wrong (422).
        """

    async def finished(
        self, kind: str, key: tuple[object, ...], revisions: Hashable, build: Callable[[], Made]
    ) -> Made:
        """Returns the kept answer, or builds it, once, however many ask meanwhile (`kind`: `AnswerMemory.built`).

        Never on the event loop: SQLite gives the interpreter away at every row, so that beside a thread that computes
        (an import, a feed) a month of 900 shifts would hold everybody up for a second.
        """
        memory, whole = self.state.memory, (type(self).__name__, *key)
        kept = memory.get(whole, revisions)
        if isinstance(kept, Finished | Packed) and kept.holds(self.state.clock()):
            return cast(Made, kept)
        return await memory.built(kind, whole, revisions, build)


class DutiesRoute(HotRoute):
    """`GET /api/duties?from&to`: all shifts that touch the local days, as a list of `DutyRead`."""

    def __init__(self, state: ApiState) -> None:
        super().__init__(state)
        self._ranges: dict[bytes, tuple[date, date]] = {}
        # As they are in one state: read once for all ranges.
        self._rosters: tuple[Hashable, Sequence[Roster]] = (None, ())

    async def answer(self, scope: Scope, send: Send, revisions: Hashable) -> None:
        """Sends the range, 304 when the reader has it."""
        query = scope["query_string"]
        days = self._ranges.get(query)
        if days is None:
            values = parse_qs(query.decode("latin-1"), keep_blank_values=True)
            days = get_validated_dates(values.get("from", [None])[-1], values.get("to", [None])[-1])
            if len(self._ranges) >= _RANGES:
                self._ranges.clear()
            self._ranges[query] = days
        first, last = days
        kind = "short" if (last - first).days <= _SHORT_DAYS else "long"
        made = await self.finished(kind, (first, last), revisions, partial(self._build, first, last, revisions))
        headers = [_JSON, (b"etag", made.etag), _PRIVATE, _VARY, _NOSNIFF]
        if etag_matches(scope, made.etag):
            await send({"type": "http.response.start", "status": 304, "headers": headers[1:]})
            await send({"type": "http.response.body", "body": b""})
        elif b"gzip" in header(scope, b"accept-encoding"):
            zipped = [*headers, (b"content-encoding", b"gzip")]
            await send_bytes(send, 200, zipped, made.zipped)
        elif isinstance(made, Packed):
            await _send_pieces(send, 200, headers, made.length, made.pieces())
        else:
            await send_bytes(send, 200, headers, made.body)

    def _build(self, first: date, last: date, revisions: Hashable) -> Finished | Packed:
        with session_scope(self.state.settings.database_url) as session:
            state, rosters = self._rosters
            if state != revisions:
                rosters = repository.rosters(session)
                self._rosters = revisions, rosters
            body = orjson.dumps(schedule_service.records_of_days(session, rosters, first, last))
        return Packed.of(body) if len(body) > _PIECE else Finished(body)


class NowRoute(HotRoute):
    """`GET /api/now`: who is on duty now and next in each roster (`NowRead`)."""

    async def answer(self, scope: Scope, send: Send, revisions: Hashable) -> None:
        """Sends the present instant and the rosters' part, which is kept until it stops being true."""
        made = await self.finished("short", (), revisions, self._build)
        now = orjson.dumps(self.state.clock().replace(microsecond=0), option=_OPTIONS)
        body = b'{"now":' + now + b',"rosters":' + made.body + b"}"
        await send_bytes(send, 200, [_JSON, _PRIVATE, _VARY, _NOSNIFF], body)

    def _build(self) -> Finished:
        now = self.state.clock().replace(microsecond=0)
        answers: list[dict[str, Any]] = []
        until: list[datetime] = []
        with session_scope(self.state.settings.database_url) as session:
            for roster in repository.rosters(session):
                answer = schedule_service.now_and_next(session, roster, now)
                read = RosterNow(
                    roster_id=roster.id or 0,
                    current=[_as_read(stretch) for stretch in answer.current],
                    next=[_as_read(stretch) for stretch in answer.next],
                    gap=None if answer.gap is None else Span(start_at=answer.gap[0], end_at=answer.gap[1]),
                    valid_until=answer.valid_until,
                )
                answers.append(read.model_dump())
                until += [answer.valid_until] if answer.valid_until is not None else []
        return Finished(orjson.dumps(answers, option=_OPTIONS), now, min(until, default=None))


def _as_read(stretch: Stretch) -> Any:
    return asdict(replace(stretch.row, start_at=stretch.start_at, end_at=stretch.end_at))
