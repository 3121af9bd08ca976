"""How the parts of an installation do, in numbers: for probes, for monitoring and for `duty-teller doctor`."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from duty_teller import __version__
from duty_teller.db import backup
from duty_teller.db.engine import sqlite_path
from duty_teller.db.models import Notice
from duty_teller.services.health import Health

LOW_DISK: Final = 64 * 1024 * 1024
"""Bytes below which the next backup or a migration may fail."""
OLD_BACKUP: Final = timedelta(hours=50)
"""One is made each night; a computer that is off at weekends makes up for it."""
LATE_NOTICE: Final = timedelta(minutes=15)
_FIRST_BACKUP: Final = 3600.0
"""Seconds after the start by which there is one: it is made after two minutes, and tried again each half hour."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database and its folder say.

    Attributes:
        outbox_due: Notices that are due and not sent.
        outbox_age_seconds: How long the one that waits longest has been due; 0: none is.
        backup_age_seconds: Of the newest backup made by itself; None: there is none, or a server makes its own.
        backs_up: Whether the service makes backups.
        disk_free_bytes: Where the data are.
    """

    outbox_due: int
    outbox_age_seconds: int
    backup_age_seconds: int | None
    backs_up: bool
    disk_free_bytes: int

    def problems(self) -> list[str]:
        """Returns what is wrong, in English."""
        found = []
        if self.outbox_age_seconds > LATE_NOTICE.total_seconds():
            found.append(f"outbox: {self.outbox_due} messages wait, one for {self.outbox_age_seconds // 60} min")
        if self.backs_up and (self.backup_age_seconds or 0) > OLD_BACKUP.total_seconds():
            found.append(f"backup: the last one is {(self.backup_age_seconds or 0) // 3600} h old")
        if self.disk_free_bytes < LOW_DISK:
            found.append(f"disk: {self.disk_free_bytes // 2**20} MiB left")
        return found


def read(session: Session, data_dir: Path, now: datetime) -> Stored:
    """Reads the state.

    Args:
        session: Open.
        data_dir: Where backups are.
        now: The present instant.
    """
    waiting = (col(Notice.closed_at).is_(None), col(Notice.due_at) <= now, col(Notice.expires_at) > now)
    due, oldest = session.exec(select(func.count(), func.min(col(Notice.due_at))).where(*waiting)).one()
    kept = backup.kept(data_dir, now)
    disk = os.statvfs(data_dir)
    engine: Any = session.get_bind()
    return Stored(
        outbox_due=due,
        outbox_age_seconds=0 if oldest is None else max(0, int((now - oldest).total_seconds())),
        backup_age_seconds=max(0, int((now - kept[0][0]).total_seconds())) if kept else None,
        backs_up=sqlite_path(str(engine.url)) is not None,
        disk_free_bytes=disk.f_bavail * disk.f_frsize,
    )


def as_json(health: Health, stored: Stored, monotonic: float) -> dict[str, Any]:
    """Returns the readiness answer of a process whose database answers; ages are whole seconds."""
    problems = [*health.problems(monotonic), *stored.problems()]
    if stored.backs_up and stored.backup_age_seconds is None and monotonic - health.started > _FIRST_BACKUP:
        problems.append("backup: there is none")
    return {
        "ready": stored.disk_free_bytes > 0,
        "problems": problems,
        "database": {"state": "ok"},
        "polling": {"state": health.telegram, "age_seconds": _age(health.last_poll, monotonic)},
        "outbox": {"due": stored.outbox_due, "age_seconds": stored.outbox_age_seconds},
        "backup": {"age_seconds": stored.backup_age_seconds},
        "disk": {"free_bytes": stored.disk_free_bytes},
    }


def as_metrics(health: Health, stored: Stored | None, monotonic: float) -> str:
    """Returns the state in Prometheus' text format 0.0.4; without `stored` the database does not answer.

    (prometheus.io/docs/instrumenting/exposition_formats; a value that is not known is left out.)
    """
    found: list[tuple[str, str, float | None]] = [
        ("uptime_seconds", "Since the process began.", int(monotonic - health.started)),
        ("database_up", "Whether the database answers.", int(stored is not None)),
        ("polling_up", "Whether this process polls Telegram.", int(health.telegram == "polling")),
        ("polling_age_seconds", "Since Telegram last answered getUpdates.", _age(health.last_poll, monotonic)),
        ("poll_restarts_total", "Polling that had died and was begun anew.", health.poll_restarts),
        ("tick_age_seconds", "Since the background work last ran.", _age(health.last_tick, monotonic)),
        ("problems", "What /healthz lists.", len(health.problems(monotonic))),
    ]
    if stored is not None:
        found += [
            ("outbox_due", "Messages that are due and not sent.", stored.outbox_due),
            ("outbox_age_seconds", "How long one has been due.", stored.outbox_age_seconds),
            ("backup_age_seconds", "Since the last backup.", stored.backup_age_seconds),
            ("disk_free_bytes", "Where the data are.", stored.disk_free_bytes),
        ]
    lines = ["# HELP duty_teller_info The version.", "# TYPE duty_teller_info gauge"]
    lines.append(f'duty_teller_info{{version="{__version__}"}} 1')
    for name, text, value in found:
        if value is not None:
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += [f"# HELP duty_teller_{name} {text}", f"# TYPE duty_teller_{name} {kind}"]
            lines.append(f"duty_teller_{name} {value}")
    return "\n".join(lines) + "\n"


def _age(moment: float | None, now: float) -> int | None:
    return None if moment is None else int(now - moment)
