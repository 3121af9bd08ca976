"""10,000 duties stored: plan and apply with change log and a notice for everybody, beside executemany of the rows."""

import gc
import os
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import orjson
from sample import ROSTER, Sample, month_start, scratch, store
from table import Row

from duty_teller.composition import writing
from duty_teller.services.schedule_service import Shift

COUNT = 10_000
ROUNDS = 5
# As the product opens it: db/session.py.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")


def _rows(shifts: list[Shift]) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Returns the rows of `duties` and of `schedule_change_items`, ready for SQLite."""
    now = int(datetime.now(UTC).timestamp())
    duties: list[tuple[object, ...]] = []
    items: list[tuple[object, ...]] = []
    for shift in shifts:
        uid = os.urandom(16).hex()
        stored = (
            shift.user_id, shift.position, int(shift.start_at.timestamp()), int(shift.end_at.timestamp()),
            shift.event_type.value, shift.note,
        )  # fmt: skip
        duties.append((uid, ROSTER, *stored, 0, now))
        items.append((1, uid, None, orjson.dumps(stored).decode()))
    return duties, items


def _floor(sample: Sample, shifts: list[Shift]) -> float:
    duties, items = _rows(shifts)
    connection = sqlite3.connect(sample.folder / "duty_teller.db", isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    gc.collect()
    begin = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO schedule_changes (id, roster_id, kind, author_name, reason, revision, created_at)"
        " VALUES (1, ?, 'import', 'bench', '', 1, 0)",
        (ROSTER,),
    )
    connection.executemany(
        "INSERT INTO duties (uid, roster_id, user_id, position, start_at, end_at, event_type, note, sequence,"
        " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        duties,
    )
    connection.executemany(
        'INSERT INTO schedule_change_items (change_id, duty_uid, "before", "after") VALUES (?, ?, ?, ?)', items
    )
    connection.execute("COMMIT")
    took = time.perf_counter() - begin
    connection.close()
    return took


def _product(sample: Sample, shifts: list[Shift]) -> float:
    gc.collect()
    begin = time.perf_counter()
    with writing(sample.url) as session:
        store(session, shifts, frozenset(sample.people))
    return time.perf_counter() - begin


def _stored(sample: Sample) -> tuple[int, ...]:
    connection = sqlite3.connect(sample.folder / "duty_teller.db")
    counts = tuple(
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("duties", "schedule_change_items", "notices")
    )
    connection.close()
    return counts


def measure(folder: Path) -> list[Row]:
    """Both ways in turn, each time into a new database; medians."""
    took: dict[str, list[float]] = {"floor": [], "product": []}
    for _ in range(ROUNDS):
        for name, way in (("floor", _floor), ("product", _product)):
            sample = Sample(scratch(folder, name), told=True)
            shifts = list(sample.days(month_start(), COUNT // 3 + 1))[:COUNT]
            took[name].append(way(sample, shifts))
            if _stored(sample) != (COUNT, COUNT, len(sample.people) if name == "product" else 0):
                raise RuntimeError(f"{name} stored {_stored(sample)} rows")
            sample.close()
    floor, product = median(took["floor"]), median(took["product"])
    ratio = product / floor
    return [
        Row(
            "10,000 duties planned, applied, logged and told",
            f"sqlite3.executemany {floor * 1000:.0f} ms",
            f"{product * 1000:.0f} ms",
            ratio,
            "≤ 3",
            ratio <= 3,
        )
    ]
