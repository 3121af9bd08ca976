"""What a notice says: Telegram HTML made at the moment of sending from the schedule as it is then."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import Any, Final

from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import DigestKind, Notice, NoticeKind, Roster, User
from duty_teller.i18n import t
from duty_teller.i18n.lang import format_day
from duty_teller.services.notices import changes, reminders
from duty_teller.services.notices.changes import ShiftTimes
from duty_teller.services.notices.delivery import Rendered
from duty_teller.services.schedule_service import Stretch, now_and_next
from duty_teller.services.texts.days import week_lines
from duty_teller.services.texts.duty import contact_text, moment_html, render, span_html
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import PAGE, declare, number
from duty_teller.utils.zones import zone

_SHOWN: Final = 10
MY_SHIFTS: Final = declare("my:", number(-999, 999))
"""Own shifts, so many months from the present one."""
UNINVITED: Final = declare("invites:", PAGE)
"""The people who have no account yet."""


def render_notice(session: Session, notice: Notice, lang: str, now: datetime) -> Rendered | None:
    """Makes the text of a notice.

    Args:
        session: Where to read.
        notice: Which.
        lang: The reader's language.
        now: The present instant.

    Returns:
        None when it is no longer true: it is withdrawn.
    """
    payload: dict[str, Any] = json.loads(notice.payload)
    if "key" in payload:
        args = {name: escape(str(value)) for name, value in payload["args"].items()}
        buttons = tuple(Button(t(lang, label), data) for label, data in payload["buttons"])
        return Rendered(t(lang, payload["key"], **args), buttons)
    if notice.kind == NoticeKind.UNREACHABLE:
        return _unreachable(session, payload, lang, now)
    roster = session.get(Roster, notice.roster_id) if notice.roster_id is not None else None
    if roster is None or roster.retired_at is not None:
        return None
    name = escape(roster.name) if roster.name and len(repository.rosters(session)) > 1 else ""
    if notice.kind == NoticeKind.STARTS:
        return _starts(session, roster, notice.user_id or 0, payload, lang, now, name)
    if notice.kind == NoticeKind.ENDS:
        return _ends(session, roster, notice.user_id or 0, payload, lang, name)
    if notice.kind in changes.KINDS:
        return _changed(roster, notice.kind, payload, lang, now, name)
    if notice.kind == NoticeKind.GAPS:
        return _gaps(roster, payload, lang, now, name)
    return _digest(session, roster, payload, lang, now, name)


def _my_shifts(lang: str) -> tuple[Button, ...]:
    return (Button(t(lang, "notice.my_shifts"), MY_SHIFTS(0)),)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _place(position: str | None, name: str) -> list[str]:
    """Returns a line with the roster (when there are several) and the position, where there is something to say."""
    parts = [part for part in (name, escape(position or "")) if part]
    return [" · ".join(parts)] if parts else []


def _people(lang: str, key: str, others: Iterable[Stretch]) -> list[str]:
    lines = []
    for stretch in others:
        contact = contact_text(stretch)
        who = f"<b>{escape(stretch.row.full_name)}</b>" + (f", {contact}" if contact else "")
        lines.append(t(lang, key, who=who))
    return lines


def _until(lang: str, span: timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 60:
        return t(lang, "notice.in_minutes", n=minutes)
    hours, rest = divmod(minutes, 60)
    if rest and hours < 3:
        return t(lang, "notice.in_hours_minutes", hours=hours, minutes=rest)
    return t(lang, "notice.in_hours", n=round(minutes / 60))


def _starts(
    session: Session, roster: Roster, user_id: int, payload: dict[str, Any], lang: str, now: datetime, name: str
) -> Rendered | None:
    start = _instant(payload["start"])
    own = reminders.find_start(session, roster, user_id, payload["position"], start)
    if own is None or start <= now:
        return None
    before, along = reminders.around(session, roster, start, own)
    head = t(lang, "notice.starts", span=_until(lang, start - now))
    lines = [f"⏰ <b>{head}</b>", span_html(lang, start, own.end_at, roster.timezone), *_place(own.row.position, name)]
    lines += _people(lang, "notice.before_you", before)
    lines += _people(lang, "notice.with_you", along)
    return Rendered("\n".join(lines), _my_shifts(lang))


def _ends(
    session: Session, roster: Roster, user_id: int, payload: dict[str, Any], lang: str, name: str
) -> Rendered | None:
    end = _instant(payload["end"])
    own = reminders.find_end(session, roster, user_id, payload["position"], end)
    if own is None:
        return None
    _before, after = reminders.around(session, roster, end, own)
    following = [s for s in after if s.start_at == end and s.row.position == own.row.position]
    following = following or [s for s in after if s.start_at == end] or after
    head = t(lang, "notice.ends", moment=moment_html(lang, end, roster.timezone))
    lines = [f"🏁 <b>{head}</b>", *_place(own.row.position, name)]
    lines += _people(lang, "notice.takes_over", following) or [t(lang, "notice.nobody_takes_over")]
    return Rendered("\n".join(lines))


def _changed(
    roster: Roster, kind: NoticeKind, payload: dict[str, Any], lang: str, now: datetime, name: str
) -> Rendered | None:
    seconds = now.timestamp()
    gone = _meeting(told for told in changes.shifts_of(payload["gone"]) if told[2] > seconds)
    new = _meeting(told for told in changes.shifts_of(payload["new"]) if told[2] > seconds)
    if not gone and not new:
        return None
    entries: list[tuple[int, str]] = []
    for old in gone:
        moved = next((n for n in new if _is_moved(old, n)), None)
        if moved is None:
            entries.append((old[1], "➖ " + t(lang, "notice.gone", shift=_shift(lang, old, roster))))
        else:
            new.remove(moved)
            both = {"old": _shift(lang, old, roster), "new": _shift(lang, moved, roster)}
            entries.append((moved[1], "🔁 " + t(lang, "notice.moved", **both)))
    entries += [(told[1], "➕ " + t(lang, "notice.new", shift=_shift(lang, told, roster))) for told in new]
    entries.sort()
    head = t(lang, "notice.short_notice" if kind == NoticeKind.SHORT_NOTICE else "notice.changed")
    lines = [("⚠️ " if kind == NoticeKind.SHORT_NOTICE else "🗓 ") + f"<b>{head}</b>", *_place(None, name)]
    lines += [text for _start, text in entries[:_SHOWN]]
    if rest := entries[_SHOWN:]:
        first, last = (_day(lang, _instant(entry[0]), roster, now) for entry in (rest[0], rest[-1]))
        lines.append(t(lang, "notice.more", n=len(rest), first=first, last=last))
    lines += [_author(lang, *source) for source in changes.sources_of(payload["by"])[-3:]]
    return Rendered("\n".join(lines), _my_shifts(lang))


def _meeting(shifts: Iterable[ShiftTimes]) -> list[ShiftTimes]:
    """Joins shifts of one position that meet, by start: a week on call is one entry."""
    found: list[ShiftTimes] = []
    at: dict[str | None, int] = {}
    for position, start, end in sorted(shifts, key=_by_start):
        last = at.get(position)
        if last is not None and start <= found[last].end:
            found[last] = found[last]._replace(end=max(end, found[last].end))
        else:
            at[position] = len(found)
            found.append(ShiftTimes(position, start, end))
    return found


def _is_moved(old: ShiftTimes, new: ShiftTimes) -> bool:
    """Tells whether one took the other's place: the position at another time that overlaps, or the time elsewhere."""
    overlap = new[1] < old[2] and old[1] < new[2]
    return (new[0] == old[0] and overlap) or new[1:] == old[1:]


def _by_start(told: ShiftTimes) -> tuple[int, int, str]:
    return told[1], told[2], told[0] or ""


def _shift(lang: str, told: ShiftTimes, roster: Roster) -> str:
    position = f" ({escape(told[0])})" if told[0] else ""
    return span_html(lang, _instant(told[1]), _instant(told[2]), roster.timezone) + position


def _author(lang: str, author: str, reason: str, why: str) -> str:
    who, what = escape(author), escape(reason)
    if why == "undo":
        return t(lang, "notice.undone_by", who=who, what=what) if what else t(lang, "notice.undone_by_only", who=who)
    return t(lang, "notice.by", who=who, what=what) if what else t(lang, "notice.by_only", who=who)


def _day(lang: str, moment: datetime, roster: Roster, now: datetime) -> str:
    local, today = (m.astimezone(zone(roster.timezone)).date() for m in (moment, now))
    return format_day(lang, local, today)


def _joined(spans: Iterable[Sequence[int]]) -> list[tuple[datetime, datetime]]:
    """Joins spans of days that meet."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted((_instant(span[0]), _instant(span[1])) for span in spans):
        if found and found[-1][1] >= start:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _gaps(roster: Roster, payload: dict[str, Any], lang: str, now: datetime, name: str) -> Rendered | None:
    without_end = [_instant(start) for start, end in payload["opened"] if end is None]
    opened = [span for span in _joined(span for span in payload["opened"] if span[1] is not None) if span[1] > now]
    closed = [span for span in _joined(payload["closed"]) if span[1] > now]
    lines: list[str] = []
    for mark, key, spans in (("⚠️", "notice.gaps_open", opened), ("✅", "notice.gaps_closed", closed)):
        ends = without_end if key == "notice.gaps_open" else []
        if spans or ends:
            lines += [f"{mark} <b>{t(lang, key)}</b>", *([] if lines else _place(None, name))]
            lines += ["• " + span_html(lang, *span, roster.timezone) for span in spans[:_SHOWN]]
            lines += [t(lang, "notice.more_gaps", n=len(spans) - _SHOWN)] if len(spans) > _SHOWN else []
            moments = [moment_html(lang, moment, roster.timezone) for moment in ends]
            lines += ["• " + t(lang, "notice.roster_ends", moment=moment) for moment in moments]
    return Rendered("\n".join(lines)) if lines else None


def _unreachable(session: Session, payload: dict[str, Any], lang: str, now: datetime) -> Rendered | None:
    lines: list[str] = []
    for user_id, start, roster_id in payload["people"]:
        user, roster = session.get(User, user_id), session.get(Roster, roster_id)
        if user is None or roster is None or not user.is_active or user.reachable:
            continue
        key = "notice.no_account" if user.telegram_user_id is None else "notice.not_started"
        moment = _instant(start)
        key_when = "notice.on_duty_from" if moment > now else "notice.on_duty_already"
        when = t(lang, key_when, moment=moment_html(lang, moment, roster.timezone))
        lines.append(f"• <b>{escape(user.full_name)}</b>: {when}; {t(lang, key)}")
    if not lines:
        return None
    rest = [t(lang, "notice.more_people", n=len(lines) - _SHOWN)] if len(lines) > _SHOWN else []
    head = [f"📵 <b>{t(lang, 'notice.unreachable')}</b>"]
    text = "\n".join([*head, *lines[:_SHOWN], *rest, t(lang, "notice.unreachable_hint")])
    return Rendered(text, (Button(t(lang, "notice.invite"), UNINVITED(0)),))


def _digest(
    session: Session, roster: Roster, payload: dict[str, Any], lang: str, now: datetime, name: str
) -> Rendered | None:
    if payload["digest"] == DigestKind.HANDOVER:
        answer = now_and_next(session, roster, now)
        return Rendered(render(lang, answer, with_name=bool(name))) if answer.current else None
    monday = date.fromisoformat(payload["monday"])
    lines = [f"🗓 <b>{t(lang, 'notice.week')}</b>", *_place(None, name)]
    lines += week_lines(session, roster, monday, now, lang, today=None)
    lines.append("<i>" + t(lang, "pin.zone", zone=escape(roster.timezone)) + "</i>")
    return Rendered("\n".join(lines))
