"""Secret addresses of feeds: made, shown again, checked, and noted when they are read.

A token is the link's id and an HMAC-SHA256 over id and generation: 256 bits that can be shown again without being
stored. The database keeps its SHA-256, so that a copy of the database opens no feed.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from duty_teller.db import repository
from duty_teller.db.models import CalendarLink, LinkScope, User
from duty_teller.db.session import notes_only
from duty_teller.i18n import get_lang
from duty_teller.utils.secret_file import encode, signature

_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([A-Za-z0-9_-]{43})")
_NO_TOKEN: Final = "0-" + "A" * 43
_ONE: Final = sa.select(sa.literal(1).label("one")).subquery()
_CHECKED: Final = sa.select(
    sa.func.coalesce(col(CalendarLink.generation), 0),
    sa.func.coalesce(col(CalendarLink.token_sha256), "0" * 64),
    sa.func.coalesce(col(CalendarLink.revoked_at).is_(None) & col(User.is_active), sa.false()),
).select_from(
    sa.outerjoin(_ONE, CalendarLink, col(CalendarLink.id) == sa.bindparam("number", type_=sa.BigInteger)).outerjoin(
        User, col(User.id) == col(CalendarLink.user_id)
    )
)
"""What a token is compared with; a row, too, where there is no such link."""

_DEFAULT_LANGUAGE: Final = "default_language:"
"""Begin of the name of a counter, raised when a start finds another DEFAULT_LANGUAGE than the one before."""

_CLIENTS: Final = (
    ("google", "Google Calendar"),
    ("thunderbird", "Thunderbird"),
    ("outlook", "Outlook"),
    ("microsoft", "Outlook"),
    ("exchange", "Outlook"),
    ("dataaccessd", "Apple Calendar"),
    ("calendaragent", "Apple Calendar"),
    ("accountsd", "Apple Calendar"),
    ("macos", "Apple Calendar"),
    ("mac+os", "Apple Calendar"),
    ("ios/", "Apple Calendar"),
    ("icsx5", "ICSx⁵"),
    ("davx5", "DAVx⁵"),
    ("yandex", "Yandex Calendar"),
    ("evolution", "Evolution"),
    ("nextcloud", "Nextcloud"),
    ("yahoo", "Yahoo Calendar"),
    ("fantastical", "Fantastical"),
    ("proton", "Proton Calendar"),
)
"""What a User-Agent holds (in lower case) and whose it is; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class LinkView:
    """A person's link of a scope, detached.

    Attributes:
        scope: What it shows.
        token: Opens the feed; None when the link is revoked.
        mark: Names this very address in a button: a press meant for an earlier one does nothing.
        last_read_at: When a calendar read it last.
        last_read_by: The reader's User-Agent.
        roster_id: Of which roster; None: of all.
        alarm_minutes: How long before a duty the calendar rings; None: never.
    """

    scope: LinkScope
    token: str | None
    mark: str
    last_read_at: datetime | None
    last_read_by: str | None
    roster_id: int | None = None
    alarm_minutes: int | None = None


def _token(secret: bytes, link_id: int, generation: int) -> str:
    return f"{link_id}-{encode(signature(secret, 'calendar', link_id, generation))}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def get_token(
    session: Session, secret: bytes, user_id: int, scope: LinkScope, now: datetime, roster_id: int | None = None
) -> str:
    """Returns the token of a person's link, made at the first call.

    Args:
        session: A writing session.
        secret: Of `utils.secret_file`.
        user_id: Whose link.
        scope: The person's own duties, or the whole team's.
        now: The present instant.
        roster_id: Only of this roster; None: of all.
    """
    statement = _links(user_id, scope, roster_id).where(col(CalendarLink.revoked_at).is_(None))
    link = session.exec(statement.order_by(col(CalendarLink.id))).first()
    if link is None:
        mark = f"new {user_id} {scope} {roster_id}"
        link = CalendarLink(user_id=user_id, scope=scope, roster_id=roster_id, token_sha256=mark, created_at=now)
        session.add(link)
        session.flush()
    assert link.id is not None  # noqa: S101  # flushed
    token = _token(secret, link.id, link.generation)
    if link.token_sha256 != _digest(token):  # new, or signed with a secret that was lost
        link.token_sha256 = _digest(token)
        session.add(link)
        session.flush()
    return token


def links_of(session: Session, secret: bytes, user_id: int, now: datetime) -> list[LinkView]:
    """Returns a person's link of each scope, made when there never was one; a revoked one stays revoked.

    Args:
        session: A writing session.
        secret: Of `utils.secret_file`.
        user_id: Whose links.
        now: The present instant.
    """
    return [link_of(session, secret, user_id, scope, now) for scope in LinkScope]


def link_of(
    session: Session, secret: bytes, user_id: int, scope: LinkScope, now: datetime, roster_id: int | None = None
) -> LinkView:
    """Returns a person's link of a scope, made when there never was one; a revoked one stays revoked.

    Args:
        session: A writing session.
        secret: Of `utils.secret_file`.
        user_id: Whose link.
        scope: The person's own duties, or the whole team's.
        now: The present instant.
        roster_id: Only of this roster; None: of all.
    """
    link, token = _newest(session, user_id, scope, roster_id), None
    if link is None or link.revoked_at is None:
        token = get_token(session, secret, user_id, scope, now, roster_id)
        link = _newest(session, user_id, scope, roster_id)
    assert link is not None  # noqa: S101  # made above
    return LinkView(scope, token, _mark(link), link.last_read_at, link.last_read_by, roster_id, link.alarm_minutes)


def _links(user_id: int, scope: LinkScope, roster_id: int | None) -> SelectOfScalar[CalendarLink]:
    of_roster = col(CalendarLink.roster_id).is_(None) if roster_id is None else CalendarLink.roster_id == roster_id
    return select(CalendarLink).where(CalendarLink.user_id == user_id, CalendarLink.scope == scope, of_roster)


def _newest(session: Session, user_id: int, scope: LinkScope, roster_id: int | None = None) -> CalendarLink | None:
    """Returns the open link of a scope, else the one that was revoked last."""
    links = session.exec(_links(user_id, scope, roster_id).order_by(col(CalendarLink.id))).all()
    return next((link for link in links if link.revoked_at is None), links[-1] if links else None)


def _mark(link: CalendarLink) -> str:
    return f"{link.id}.{link.generation}"


def rotate(
    session: Session, secret: bytes, user_id: int, scope: LinkScope, mark: str, roster_id: int | None = None
) -> bool:
    """Gives an open link a new address; the old one opens nothing as soon as this commits.

    Args:
        session: A writing session.
        secret: Of `utils.secret_file`.
        user_id: Whose link.
        scope: Which of theirs.
        mark: Of the address that was shown (`LinkView.mark`).
        roster_id: Only of this roster; None: of all.

    Returns:
        False when that address is no longer the link's.
    """
    link = _newest(session, user_id, scope, roster_id)
    if link is None or link.id is None or link.revoked_at is not None or _mark(link) != mark:
        return False
    link.generation += 1
    link.token_sha256 = _digest(_token(secret, link.id, link.generation))
    link.last_read_at = link.last_read_by = None
    session.add(link)
    repository.raise_revision(session, "links")
    return True


def revoke(
    session: Session, user_id: int, scope: LinkScope, mark: str, now: datetime, roster_id: int | None = None
) -> bool:
    """Ends an open link; arguments and answer are those of `rotate`."""
    link = _newest(session, user_id, scope, roster_id)
    if link is None or link.revoked_at is not None or _mark(link) != mark:
        return False
    link.revoked_at = now
    session.add(link)
    repository.raise_revision(session, "links")
    return True


def set_alarm(
    session: Session,
    user_id: int,
    scope: LinkScope,
    minutes: int | None,
    now: datetime,
    roster_id: int | None = None,
) -> None:
    """Says how long before a duty the calendars of a link ring, None: never. All its events move.

    Args:
        session: A writing session.
        user_id: Whose link.
        scope: Which of theirs.
        minutes: Before a duty begins.
        now: The present instant.
        roster_id: Only of this roster; None: of all.
    """
    link = _newest(session, user_id, scope, roster_id)
    if link is not None and link.alarm_minutes != minutes:
        link.alarm_minutes, link.shown_times, link.shown_at = minutes, link.shown_times + 1, now
        session.add(link)
        repository.raise_revision(session, "links")


def follows_default_language(session: Session, language: str) -> bool:
    """Tells whether the DEFAULT_LANGUAGE that was noted last is the present one."""
    known = _default_languages(session)
    return max(known, key=lambda code: known[code], default="") == language


def follow_default_language(session: Session, language: str, now: datetime) -> None:
    """Notes the DEFAULT_LANGUAGE that a start finds.

    Where it is another one than before, the events of whoever has no language of their own move: a client that only
    asks whether something was modified would keep the old words for ever.

    Args:
        session: A writing session.
        language: The setting.
        now: The present instant.
    """
    known = _default_languages(session)
    before = max(known, key=lambda code: known[code], default="")
    if before == language:
        return
    while repository.raise_revision(session, f"{_DEFAULT_LANGUAGE}{language}") <= max(known.values(), default=0):
        pass
    owners = session.exec(select(User).where(col(User.id).in_(select(CalendarLink.user_id))))
    others = [user.id or 0 for user in owners if before and get_lang(user, before) != get_lang(user, language)]
    for user_id in others:
        repository.show_links_anew(session, user_id, now)
    if others:
        repository.people_changed(session)


def _default_languages(session: Session) -> dict[str, int]:
    """Returns the languages that DEFAULT_LANGUAGE has had, each with a number: the highest is the present one."""
    counters = repository.revisions(session)
    return {
        name.removeprefix(_DEFAULT_LANGUAGE): value
        for name, value in counters.items()
        if name.startswith(_DEFAULT_LANGUAGE)
    }


def client_name(user_agent: str) -> str | None:
    """Names a calendar program by its User-Agent: one that is known, else its first word; None: a browser, or unsaid.

    Browsers all begin with `Mozilla/`, which says nothing.
    """
    plain = user_agent.casefold()
    for part, name in _CLIENTS:
        if part in plain:
            return name
    word = re.split(r"[/\s;(]", user_agent.strip(), maxsplit=1)[0][:40]
    return None if not word or word.casefold() == "mozilla" else word


def find_link(session: Session, secret: bytes, token: str) -> CalendarLink | None:
    """Returns the link of a token, or None when it is unknown or revoked or its owner is no longer active.

    Whatever is wrong with a token, the same is done until that is known: one query that answers one row, one signature,
    one digest. So how long a refusal takes does not tell a link that was revoked from one that never was.
    """
    match = _TOKEN.fullmatch(token)
    given, number = (token, int(match[1])) if match is not None else (_NO_TOKEN, 0)
    generation, digest, is_open = session.connection().execute(_CHECKED, {"number": number}).one()
    right = hmac.compare_digest(_token(secret, number, generation), given)
    stored = hmac.compare_digest(digest, _digest(given))
    return session.get_one(CalendarLink, number) if right and stored and is_open else None


def not_ours(session: Session, secret: bytes) -> tuple[int, int]:
    """Returns how many open links were signed with another secret and open nothing, and how many are open."""
    links = session.exec(select(CalendarLink).where(col(CalendarLink.revoked_at).is_(None))).all()
    strange = sum(link.token_sha256 != _digest(_token(secret, link.id or 0, link.generation)) for link in links)
    return strange, len(links)


def note_reads(session: Session, reads: dict[int, tuple[datetime, str]]) -> None:
    """Writes when links were last read, and by which client (its User-Agent), as a batch.

    Args:
        session: A writing session.
        reads: Link id → (instant, User-Agent).
    """
    notes_only(session)
    for link_id, (moment, client) in reads.items():
        session.exec(
            update(CalendarLink)
            .where(col(CalendarLink.id) == link_id)
            .values(last_read_at=moment, last_read_by=client[:200])
        )
