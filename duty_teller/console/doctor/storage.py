"""What lies on the disk: database, secret, cache, backups."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlmodel import Session, select

from duty_teller.config import Settings
from duty_teller.console.doctor.finding import Finding, fault, ok, warning
from duty_teller.db import backup
from duty_teller.db.engine import sqlite_path
from duty_teller.db.migrations import SCHEMA, known_revisions, made_by, missing_tables
from duty_teller.db.models import Roster
from duty_teller.db.session import schema_revision, session_scope
from duty_teller.db.trouble import Cause, cause_of
from duty_teller.i18n.core import LocalizedError
from duty_teller.services import readiness
from duty_teller.services.calendars import store
from duty_teller.services.feeds import links
from duty_teller.utils.secret_file import SecretError, load_secret
from duty_teller.utils.texts import reason
from duty_teller.utils.zones import zone

_OLD_CALENDAR: Final = timedelta(days=1)
"""A calendar is read each hour, one that cannot be read at least every six."""
_START: Final = (
    "the service reads it soon after its start: systemctl start duty-teller; if it runs: journalctl -u duty-teller"
)
_PUT_BACK: Final = (
    "put that secret back (from a backup or the DATA_DIR of before), or people take new links: /calendar_link"
)
_RESTORE: Final = "stop the service, then: duty-teller restore FILE (backups are in DATA_DIR/backups)"
_LOOK: Final = "look at the disk and at the rights of DATA_DIR"
_WHAT_TO_DO: Final = {
    Cause.LOCKED: "find out which (fuser -v DATA_DIR/*) and end it; the service itself locks for moments alone",
    Cause.DAMAGED: _RESTORE,
    Cause.NOT_A_DATABASE: _RESTORE,
    Cause.INCOMPLETE: _RESTORE,
    Cause.UNREACHABLE: "look at the server, and at DATABASE_URL",
    Cause.SILENT: "look at the server, and at DATABASE_URL",
}
_FEW_FILES: Final = 256
"""Files that a disk could still take below which it is full, whatever room it has."""


def look_at_files(settings: Settings) -> Iterator[Finding]:
    """Looks at the data folder and the database: there, ours, private, whole, of this version."""
    folder, path = settings.data_dir, sqlite_path(settings.database_url)
    try:
        if not folder.is_dir():
            yield fault("data", f"there is no folder {folder}", "start the service once, or look at DATA_DIR")
            return
        if path is not None and not (path.exists() and path.stat().st_size):
            yield fault(
                "database", f"there is none at {path}", "look at DATA_DIR and DATABASE_URL, or restore a backup"
            )
            return
        yield from _look_at_rights(folder, path)
    except OSError as error:
        yield fault("data", f"{error.filename}: {error.strerror}", _LOOK)
        return
    try:
        yield _look_at_database(settings.database_url, path)
    except backup.BackupError as error:
        yield fault("database", str(error), _RESTORE)
    except Exception as error:
        if (found := of_trouble(error)) is None:
            raise
        yield found


def of_trouble(error: Exception) -> Finding | None:
    """Returns what an exception says of the database; None when it is about something else."""
    cause = cause_of(error)
    return None if cause is None else fault("database", cause.sentence, _WHAT_TO_DO.get(cause, _LOOK))


def _look_at_database(database_url: str, path: Path | None) -> Finding:
    at, known = schema_revision(database_url), known_revisions()
    if path is not None:
        backup.check_database(path)
    if at in known[:-1]:
        return warning("database", f"schema {at} is old", "restart the service")
    if at not in known and SCHEMA.fullmatch(at or ""):
        version = made_by(database_url) or "a newer version"
        return fault("database", f"schema {at} is newer than this program", f"install duty-teller {version}")
    if at not in known:
        text = f"it belongs to another program (its schema is {at!r})"
        return fault("database", text, "look at DATA_DIR and DATABASE_URL, or restore a backup")
    if missing := missing_tables(database_url):
        return fault("database", f"tables are missing: {', '.join(missing)}", _RESTORE)
    size = f", {-(-path.stat().st_size // 1024)} KiB" if path is not None else ""
    return ok("database", f"whole, schema {at}{size}")


def _look_at_rights(folder: Path, path: Path | None) -> Iterator[Finding]:
    owner = folder.stat().st_uid
    ours = [folder, *(p for p in folder.iterdir() if p.is_file())]
    if path is not None and path.parent != folder:
        ours.append(path)
    below = [p for p in folder.rglob("*") if p.parent.name != "cache"]  # what the cache holds is looked at by itself
    if others := [p for p in {*ours, *below} if p.lstat().st_uid != owner]:
        text = f"{min(others)} does not belong to the owner of {folder}"
        yield fault("rights", text, f"chown -R --reference={folder} {folder}")
    if open_ := [p for p in ours if p.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]:
        text = f"others may read {open_[0]}: names, phones and calendar links are in there"
        yield fault("rights", text, f"chmod -R go= {folder}")
    if closed := [p for p in (folder, path) if p is not None and not _may_write(p)]:
        todo = "look at its owner, its mode and the disk's mount options"
        yield fault("rights", f"{closed[0]} cannot be written", todo)


def _may_write(path: Path) -> bool:
    """Tells whether whoever this process works as may read and write (enter) a file (a folder)."""
    wanted = os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)
    return os.access(path, wanted, effective_ids=True)  # root works as the owner of the data, and stays root by name


def look_at_disk(settings: Settings) -> Finding:
    """Looks whether the next backup and migration will fit."""
    disk = os.statvfs(settings.data_dir)
    free = disk.f_bavail * disk.f_frsize
    path = sqlite_path(settings.database_url)
    size = path.stat().st_size if path is not None and path.exists() else 0
    wanted = max(readiness.LOW_DISK, 3 * size)
    text = f"{free // 2**20} MiB free where the data are"
    if free < wanted:
        return fault("disk", text, f"free some: a backup or an upgrade needs up to {wanted // 2**20} MiB")
    if disk.f_files and disk.f_favail < _FEW_FILES:
        return fault("disk", f"{text}, for {disk.f_favail} files", "remove files: it can take no more of them (df -i)")
    return ok("disk", text)


def look_at_zones(settings: Settings, session: Session) -> Iterator[Finding]:
    """Looks whether every roster's time zone is known."""
    names = [(roster.name or "the roster", roster.timezone) for roster in session.exec(select(Roster)).all()]
    unknown = 0
    for name, timezone in names:
        try:
            zone(timezone)
        except LocalizedError:
            unknown += 1
            yield fault("zone", f"{name} has a time zone that is not known: {timezone}", "choose another in /settings")
    if not unknown:
        used = ", ".join(sorted({timezone for _name, timezone in names}))
        yield ok("zone", f"{used or settings.duty_display_tz}")


def look_at_feeds(settings: Settings, session: Session) -> Finding:
    """Looks whether the calendar links open with this secret; makes none."""
    if not (settings.data_dir / "secret").exists():
        _strange, lost = links.not_ours(session, b"")
        text = f"there is no DATA_DIR/secret, and {lost} calendar links were made with one: they answer 404"
        return fault("feeds", text, _PUT_BACK) if lost else ok("feeds", "none yet")
    try:
        secret = load_secret(settings.data_dir)
    except OSError as error:
        return fault("feeds", f"{settings.data_dir / 'secret'}: {error.strerror}", _LOOK)
    except SecretError as error:
        return fault("feeds", str(error), _PUT_BACK)
    strange, all_of_them = links.not_ours(session, secret)
    if strange:
        return fault(
            "feeds",
            f"{strange} of {all_of_them} calendar links answer 404: they were made with another DATA_DIR/secret",
            _PUT_BACK,
        )
    if not settings.mini_app_base_url:
        return ok("feeds", "off without a public address")
    return ok("feeds", f"{all_of_them} calendar links")


def look_at_cache(settings: Settings) -> Finding:
    """Looks whether the cache can be used."""
    folder = settings.data_dir / "cache"
    if not folder.exists():
        return ok("cache", "empty")
    files = [path for path in folder.rglob("*") if path.is_file()] if _may_write(folder) else []
    if not folder.is_dir() or not all(_may_write(path) for path in (folder, *files)):
        return warning("cache", f"{folder} cannot be written: answers are slower", f"rm -r {folder} (it is made anew)")
    return ok("cache", f"{sum(path.stat().st_size for path in files) // 1024} KiB")


def look_at_backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Looks how old the last backup is, whether it is whole, and whether the next one can be written."""
    if sqlite_path(settings.database_url) is None:
        yield ok("backups", "the server makes its own (pg_dump)")
        return
    folder = settings.data_dir / backup.FOLDER
    if folder.exists() and not (folder.is_dir() and _may_write(folder)):
        what = "cannot be read or written" if folder.is_dir() else "is no folder"
        yield fault("backups", f"{folder} {what}: none is made", f"look at its owner and mode, or move {folder} away")
        return
    kept = backup.kept(settings.data_dir, now)
    if early := len(backup.kept(settings.data_dir)) - len(kept):
        text = f"{early} of a time that is still to come, {backup.kept(settings.data_dir)[0][1]} for one"
        yield warning(
            "backups", text, "they were made while the clock was wrong: see that it is right by now, then remove them"
        )
    yield _look_at_last_backup(kept, now)


def _look_at_last_backup(kept: list[tuple[datetime, Path]], now: datetime) -> Finding:
    if not kept:
        return warning(
            "backups",
            "there is none yet",
            "the service makes the first one two minutes after its start, then one each night",
        )
    moment, path = kept[0]
    try:
        backup.look_into(path)
    except (backup.BackupError, OSError) as error:
        return fault("backups", reason(error), "send /backup to the bot for a new one, and look at the disk")
    age = now - moment
    text = f"{len(kept)}, the last one {age.total_seconds() / 3600:.0f} h old and whole"
    if age > readiness.OLD_BACKUP:
        return fault("backups", text, "the log says why none was made: journalctl -u duty-teller | grep backup")
    return ok("backups", text)


def look_at_outbox(settings: Settings, session: Session, now: datetime) -> Finding:
    """Looks whether messages get out."""
    stored = readiness.read(session, settings.data_dir, now)
    text = f"{stored.outbox_due} messages wait"
    if stored.outbox_age_seconds > readiness.LATE_NOTICE.total_seconds():
        late = f"{text}, one for {stored.outbox_age_seconds // 60} min"
        return fault("outbox", late, "the service does not run, or Telegram is away (see above)")
    return ok("outbox", text)


def look_at_calendars(session: Session, now: datetime) -> Iterator[Finding]:
    """Looks whether the calendars of others can be read, and were lately; nothing where there are none."""
    good = []
    for one in store.calendars(session):
        called = f"“{one.name}” ({one.host})"
        known = f"what is shown is {_age(now - one.good_at)} old" if one.good_at is not None else "it never was good"
        if one.trouble:
            todo = "open its address; if it has another one by now: /settings, Other calendars, remove it and add that"
            yield warning("calendars", f"{called} is not read: {one.why('en')}; {known}", todo)
        elif one.good_at is None:
            yield warning("calendars", f"{called} was not read yet", _START)
        elif now - one.good_at > _OLD_CALENDAR:
            yield warning("calendars", f"{called} was not read lately: {known}", _START)
        else:
            good.append(one)
    if good:
        left_out = sum(one.left_out for one in good)
        yield ok("calendars", f"{len(good)} of others are read" + (f", {left_out} events left out" * bool(left_out)))


def _age(age: timedelta) -> str:
    return f"{age.days} d" if age >= timedelta(days=2) else f"{max(0, age // timedelta(hours=1))} h"


def look_inside(settings: Settings, now: datetime) -> list[Finding]:
    """Looks at what the database says."""
    with session_scope(settings.database_url) as session:
        return [
            *look_at_zones(settings, session),
            look_at_feeds(settings, session),
            look_at_outbox(settings, session, now),
            *look_at_calendars(session, now),
        ]
