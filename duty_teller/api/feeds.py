"""`GET /feed/<token>.ics`: finished bytes from memory, then from `ics_calendar_cache`, else built once per change."""

import asyncio
import base64
import hashlib
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from starlette.types import Receive, Scope, Send

from duty_teller.api.errors import error_body
from duty_teller.api.hot import HeaderList, etag_matches, header, send_bytes
from duty_teller.api.personal_calendar_ics import (
    Feed,
    Window,
    build_feed,
    http_date,
    last_modified,
    mark_of_feed,
)
from duty_teller.api.state import ApiState
from duty_teller.cache import Key, ics_calendar_cache
from duty_teller.db import repository
from duty_teller.db.models import LinkScope, User
from duty_teller.db.session import session_scope
from duty_teller.i18n import get_lang, t
from duty_teller.i18n.core import accepted_language
from duty_teller.services.feeds import links

_OWNERS: Final = 1000


@dataclass(frozen=True, slots=True)
class _Owner:
    """What a token opens."""

    link_id: int
    user_id: int | None
    language: str
    timezone: str


@dataclass(frozen=True, slots=True)
class _Finished:
    """A feed ready to be sent."""

    body: bytes
    etag: bytes
    modified: datetime
    mark: bytes

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.body) + 512


class FeedRoute:
    """The ASGI endpoint of the feeds. The Accept header is ignored, HEAD works, nothing is zipped unasked."""

    def __init__(self, state: ApiState) -> None:
        self.state = state
        self._owners: dict[str, _Owner | None] = {}
        state.on_commit_anywhere(self._owners.clear)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        revisions = await self.state.current_revisions()
        token = scope["path_params"]["token"]
        owner = self._owners.get(token)
        if owner is None:
            owner = await asyncio.to_thread(self._find, token)
        if owner is None:
            await self._not_found(scope, send)
            return
        feed = await self._feed(owner, revisions)
        client = header(scope, b"user-agent").decode("latin-1")
        self.state.reads[owner.link_id] = (self.state.clock(), client)
        headers: HeaderList = [
            (b"etag", feed.etag),
            (b"last-modified", http_date(feed.modified)),
            (b"cache-control", b"private, no-cache"),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
        ]
        if self._unchanged(scope, feed.etag, feed.modified):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        headers += [
            (b"content-type", b"text/calendar; charset=utf-8"),
            (b"content-disposition", b'inline; filename="duty.ics"'),
        ]
        await send_bytes(send, 200, headers, feed.body)

    @staticmethod
    def _unchanged(scope: Scope, etag: bytes, modified: datetime) -> bool:
        """If-None-Match decides where it is sent; If-Modified-Since counts only without it (RFC 9110 13.1.3)."""
        if header(scope, b"if-none-match"):
            return etag_matches(scope, etag)
        since = header(scope, b"if-modified-since").decode("latin-1")
        try:
            return bool(since) and modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (ValueError, TypeError, OverflowError, IndexError):  # whatever a client takes for a date
            return False

    def _find(self, token: str) -> _Owner | None:
        seen = self.state.commits_seen()
        with session_scope(self.state.settings.database_url) as session:
            link = links.find_link(session, self.state.secret, token)
            if link is None or link.id is None:
                return None
            user = session.get(User, link.user_id)
            rosters = repository.rosters(session)
            timezone = rosters[0].timezone if rosters else self.state.settings.duty_display_tz
            owner = _Owner(
                link_id=link.id,
                user_id=link.user_id if link.scope == LinkScope.PERSONAL else None,
                language=get_lang(user, self.state.settings.default_language),
                timezone=timezone,
            )
        if len(self._owners) >= _OWNERS:
            self._owners.clear()
        if seen == self.state.commits_seen():
            self._owners[token] = owner
        return owner

    async def _feed(self, owner: _Owner, revisions: tuple[tuple[str, int], ...]) -> _Finished:
        window = Window.at(self.state.clock(), owner.timezone)
        memory, key = self.state.memory, ("feed", owner.user_id, owner.language)
        state = revisions, window
        kept = memory.get(key, state)
        if isinstance(kept, _Finished):
            return kept
        earlier = memory.earlier(key)

        def build() -> _Finished:
            return self._built(owner, revisions, window, earlier if isinstance(earlier, _Finished) else None)

        return await memory.built("feed", key, state, build)

    def _built(
        self, owner: _Owner, revisions: tuple[tuple[str, int], ...], window: Window, earlier: _Finished | None
    ) -> _Finished:
        page = self.state.settings.mini_app_base_url
        with session_scope(self.state.settings.database_url) as session:
            rosters = repository.rosters(session)
            mark = mark_of_feed(session, rosters, owner.user_id, window)
            if earlier is not None and earlier.mark == mark:
                return replace(earlier, modified=last_modified(session, rosters, window))
            feed = self._from_disk(owner, revisions, window)
            if feed is None:
                feed = build_feed(session, rosters, owner.user_id, owner.language, window, page)
                self._to_disk(owner, revisions, window, feed)
        etag = b'"' + hashlib.sha256(feed.body).hexdigest()[:32].encode() + b'"'
        return _Finished(feed.body, etag, feed.last_modified, mark)

    def _disk_key(self, owner: _Owner, revisions: tuple[tuple[str, int], ...], window: Window) -> Key:
        counters = ",".join(f"{name}={value}" for name, value in revisions)
        opened, page = int(window.opened.timestamp()), self.state.settings.mini_app_base_url
        return ("zlib", owner.user_id or 0, owner.language, counters, opened, page)

    def _from_disk(self, owner: _Owner, revisions: tuple[tuple[str, int], ...], window: Window) -> Feed | None:
        now = self.state.clock()
        stored = ics_calendar_cache.get(self._disk_key(owner, revisions, window), now)
        if not isinstance(stored, list):
            return None
        return Feed(zlib.decompress(base64.b64decode(stored[0])), datetime.fromtimestamp(stored[1], now.tzinfo))

    def _to_disk(self, owner: _Owner, revisions: tuple[tuple[str, int], ...], window: Window, feed: Feed) -> None:
        # Packed: writing megabytes of text as JSON would hold the interpreter, and everybody, for that long.
        packed = base64.b64encode(zlib.compress(feed.body, 1)).decode()
        stored = [packed, int(feed.last_modified.timestamp())]
        ics_calendar_cache.set(self._disk_key(owner, revisions, window), stored)

    async def _not_found(self, scope: Scope, send: Send) -> None:
        default = self.state.settings.default_language
        lang = accepted_language(header(scope, b"accept-language").decode("latin-1"), default)
        body = error_body("not_found", t(lang, "error.http_not_found"))
        await send_bytes(send, 404, [(b"content-type", b"application/json"), (b"cache-control", b"no-store")], body)
