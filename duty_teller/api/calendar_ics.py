"""`GET /api/calendar/ical/<token>.ics`: bytes from memory, then from `ics_calendar_cache`, else built once per change.

`/feed/<token>.ics` is the address that calendars subscribed to earlier; it goes on working.
"""

import asyncio
import base64
import hashlib
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from starlette.types import Receive, Scope, Send

from duty_teller.api.errors import error_body
from duty_teller.api.hot import header, send_bytes
from duty_teller.api.personal_calendar_ics import FinishedFeed, Patience, is_unchanged, send_feed, send_unchanged
from duty_teller.api.state import ApiState
from duty_teller.cache import Key, ics_calendar_cache
from duty_teller.db import repository
from duty_teller.db.models import LinkScope, User
from duty_teller.db.session import session_scope
from duty_teller.i18n import get_lang, t
from duty_teller.i18n.core import accepted_language
from duty_teller.services.feeds import links
from duty_teller.services.feeds.building import (
    Feed,
    Wanted,
    Window,
    build_feed,
    last_modified,
    mark_of_feed,
    rosters_of_feed,
)

_OWNERS: Final = 1000
_JSON: Final = (b"content-type", b"application/json")
_NOT_STORED: Final = (b"cache-control", b"no-store")
_NO_REFERRER: Final = (b"referrer-policy", b"no-referrer")


@dataclass(frozen=True, slots=True)
class _Owner:
    """What a token opens."""

    link_id: int
    wanted: Wanted
    timezone: str


class FeedRoute:
    """The ASGI endpoint of the feeds. The Accept header is ignored, HEAD works, nothing is zipped unasked."""

    def __init__(self, state: ApiState) -> None:
        self.state = state
        self._owners: dict[str, _Owner | None] = {}
        self._patience = Patience(state.settings.feed_requests_per_minute)
        state.on_commit_anywhere(self._owners.clear)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        revisions = await self.state.current_revisions()
        token = scope["path_params"]["token"]
        owner = self._owners.get(token)
        if owner is None:
            owner = await asyncio.to_thread(self._find, token)
        if owner is None:
            await self._refuse(scope, send, 404, "not_found")
            return
        feed = await self._feed(owner, revisions)
        client = header(scope, b"user-agent").decode("latin-1")
        self.state.reads[owner.link_id] = (self.state.clock(), client)
        if is_unchanged(scope, feed):
            await send_unchanged(send, feed)
        elif seconds := self._patience.wait(owner.link_id, self.state.clock()):
            await self._refuse(scope, send, 429, "too_often", (b"retry-after", b"%d" % seconds))
        else:
            await send_feed(scope, send, feed)

    def _find(self, token: str) -> _Owner | None:
        seen = self.state.commits_seen()
        with session_scope(self.state.settings.database_url) as session:
            link = links.find_link(session, self.state.secret, token)
            if link is None or link.id is None:
                return None
            user = session.get(User, link.user_id)
            rosters = repository.rosters(session)
            own = next((roster for roster in rosters if roster.id == link.roster_id), rosters[0] if rosters else None)
            wanted = Wanted(
                user_id=link.user_id if link.scope == LinkScope.PERSONAL else None,
                roster_id=link.roster_id,
                language=get_lang(user, self.state.settings.default_language),
                alarm_minutes=link.alarm_minutes,
                shown_times=link.shown_times,
                shown_at=link.shown_at,
            )
            timezone = own.timezone if own is not None else self.state.settings.duty_display_tz
            owner = _Owner(link.id, wanted, timezone)
        if len(self._owners) >= _OWNERS:
            self._owners.clear()
        if seen == self.state.commits_seen():
            self._owners[token] = owner
        return owner

    async def _feed(self, owner: _Owner, revisions: tuple[tuple[str, int], ...]) -> FinishedFeed:
        settings = self.state.settings
        window = Window.at(self.state.clock(), owner.timezone, settings.feed_past_days, settings.feed_ahead_days)
        memory, key = self.state.memory, ("feed", owner.wanted)
        state = revisions, window
        kept = memory.get(key, state)
        if isinstance(kept, FinishedFeed):
            return kept
        found = memory.earlier(key)
        earlier = found if isinstance(found, FinishedFeed) else None

        def build() -> FinishedFeed:
            return self._built(owner.wanted, revisions, window, earlier)

        # A whole team's takes a hundred times what one person's does: nobody waits for the former to have the latter. A
        # calendar asks again within hours anyway: after a change of everybody's feed none waits for its turn.
        kind = "feed" if owner.wanted.user_id is None else "own feed"
        return await memory.built(kind, key, state, build, meanwhile=earlier)

    def _built(
        self,
        wanted: Wanted,
        revisions: tuple[tuple[str, int], ...],
        window: Window,
        earlier: FinishedFeed | None,
    ) -> FinishedFeed:
        page = self.state.settings.mini_app_base_url
        with session_scope(self.state.settings.database_url) as session:
            rosters = rosters_of_feed(session, wanted, window)
            mark = mark_of_feed(session, rosters, wanted, window)
            if earlier is not None and earlier.mark == mark:
                return replace(earlier, modified=last_modified(session, rosters, wanted, window))
            feed = self._from_disk(wanted, revisions, window)
            if feed is None:
                feed = build_feed(session, rosters, wanted, window, page)
                self._to_disk(wanted, revisions, window, feed)
        etag = b'"' + hashlib.sha256(feed.body).hexdigest()[:32].encode() + b'"'
        return FinishedFeed(feed.body, etag, feed.last_modified, mark)

    def _disk_key(self, wanted: Wanted, revisions: tuple[tuple[str, int], ...], window: Window) -> Key:
        counters = ",".join(f"{name}={value}" for name, value in revisions)
        page = self.state.settings.mini_app_base_url
        return ("zlib", wanted.user_id or 0, wanted.language, f"{wanted} {window}", counters, page)

    def _from_disk(self, wanted: Wanted, revisions: tuple[tuple[str, int], ...], window: Window) -> Feed | None:
        now = self.state.clock()
        stored = ics_calendar_cache.get(self._disk_key(wanted, revisions, window), now)
        if not isinstance(stored, list):
            return None
        return Feed(zlib.decompress(base64.b64decode(stored[0])), datetime.fromtimestamp(stored[1], now.tzinfo))

    def _to_disk(self, wanted: Wanted, revisions: tuple[tuple[str, int], ...], window: Window, feed: Feed) -> None:
        # Packed: writing megabytes of text as JSON would hold the interpreter, and everybody, for that long.
        packed = base64.b64encode(zlib.compress(feed.body, 1)).decode()
        stored = [packed, int(feed.last_modified.timestamp())]
        ics_calendar_cache.set(self._disk_key(wanted, revisions, window), stored)

    async def _refuse(self, scope: Scope, send: Send, status: int, code: str, *more: tuple[bytes, bytes]) -> None:
        default = self.state.settings.default_language
        lang = accepted_language(header(scope, b"accept-language").decode("latin-1"), default)
        body = error_body(code, t(lang, f"error.http_{code}"))
        await send_bytes(send, status, [_JSON, _NOT_STORED, _NO_REFERRER, *more], body)
