"""Persistent caches: what they keep, when it falls, and that damage never stops anything."""

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import diskcache
import pytest

from duty_teller import cache
from duty_teller.cache import duty_pin_cache, ics_calendar_cache, is_admin_cache

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("cache_folder")


def test_value_comes_back_as_json_has_it() -> None:
    duty_pin_cache.set((1, "ru"), ["<b>Дан</b>", (1, 2), None])
    assert duty_pin_cache.get((1, "ru"), NOW) == ["<b>Дан</b>", [1, 2], None]
    assert duty_pin_cache.get((1, "en"), NOW) is None
    assert ics_calendar_cache.get((1, "ru"), NOW) is None


def test_value_ends_when_it_stops_being_true() -> None:
    duty_pin_cache.set((1,), "on duty", valid_until=NOW)
    assert duty_pin_cache.get((1,), NOW - timedelta(seconds=1)) == "on duty"
    assert duty_pin_cache.get((1,), NOW) is None


def test_value_ends_after_the_time_to_live(monkeypatch: pytest.MonkeyPatch) -> None:
    short = cache.TtlCache("short", 0.0)
    short.set((1,), "gone at once")
    assert short.get((1,), NOW) is None
    assert (ics_calendar_cache.seconds, duty_pin_cache.seconds, is_admin_cache.seconds) == (600, 90, 60)


def test_values_survive_a_restart_and_are_seen_by_another_process(cache_folder: Path) -> None:
    duty_pin_cache.set((1,), "kept")
    cache.close()
    assert duty_pin_cache.get((1,), NOW) == "kept"

    script = (
        "import sys; from pathlib import Path; from duty_teller import cache;"
        "cache.use_folder(Path(sys.argv[1])); cache.invalidate_duty_related_caches(); cache.close()"
    )
    subprocess.run([sys.executable, "-c", script, str(cache_folder)], check=True)
    assert duty_pin_cache.get((1,), NOW) is None


def test_change_of_duties_drops_feeds_and_pins_only() -> None:
    for each in (ics_calendar_cache, duty_pin_cache, is_admin_cache):
        each.set((1,), True)
    cache.invalidate_duty_related_caches()
    assert [each.get((1,), NOW) for each in (ics_calendar_cache, duty_pin_cache, is_admin_cache)] == [None, None, True]


def test_role_is_forgotten_for_that_person_only() -> None:
    is_admin_cache.set((1001,), True)
    is_admin_cache.set((1002,), False)
    cache.invalidate_is_admin_cache(1001)
    assert (is_admin_cache.get((1001,), NOW), is_admin_cache.get((1002,), NOW)) == (None, False)


def test_prefix_drops_what_begins_like_it() -> None:
    for key in ((1, "ru", 5), (1, "en", 5), (2, "ru", 5), (11, "ru")):
        duty_pin_cache.set(key, True)
    ics_calendar_cache.set((1, "ru"), True)
    cache.invalidate_pattern(("duty_pin", 1))
    kept = [key for key in ((1, "ru", 5), (1, "en", 5), (2, "ru", 5), (11, "ru")) if duty_pin_cache.get(key, NOW)]
    assert kept == [(2, "ru", 5), (11, "ru")]
    assert ics_calendar_cache.get((1, "ru"), NOW) is True
    cache.invalidate_pattern(("duty_pin",))
    assert duty_pin_cache.get((2, "ru", 5), NOW) is None
    cache.invalidate_pattern(("no such cache",))
    cache.invalidate_pattern(())
    assert ics_calendar_cache.get((1, "ru"), NOW) is True


def test_nothing_is_pickled_and_the_folder_is_private(cache_folder: Path) -> None:
    duty_pin_cache.set((1,), "x" * 100_000)
    assert cache_folder.stat().st_mode & 0o777 == 0o700
    connection = sqlite3.connect(cache_folder / "cache.db")
    assert {mode for (mode,) in connection.execute("SELECT mode FROM Cache")}.isdisjoint({diskcache.core.MODE_PICKLE})
    connection.close()


def test_value_that_json_cannot_hold_is_refused_and_the_others_stay() -> None:
    duty_pin_cache.set((1,), "kept")
    with pytest.raises(TypeError):
        duty_pin_cache.set((2,), b"bytes")
    assert duty_pin_cache.get((1,), NOW) == "kept"


@pytest.mark.parametrize("damage", ["garbage", "other tables", "a value that is no JSON"])
def test_damaged_folder_costs_a_recomputation_and_no_more(
    cache_folder: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    duty_pin_cache.set((1,), "kept")
    cache.close()
    if damage == "garbage":
        for name in ("cache.db", "cache.db-wal", "cache.db-shm"):
            (cache_folder / name).write_bytes(b"not a database" * 500)
    else:
        connection = sqlite3.connect(cache_folder / "cache.db")
        wrong = "DROP TABLE Cache" if damage == "other tables" else "UPDATE Cache SET value = x'00112233'"
        connection.execute(wrong)
        connection.commit()
        connection.close()

    assert duty_pin_cache.get((1,), NOW) is None
    duty_pin_cache.set((1,), "made anew")
    assert duty_pin_cache.get((1,), NOW) == "made anew"


def test_busy_folder_is_no_damage(cache_folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    duty_pin_cache.set((1,), "kept")

    def busy(_store: object) -> None:
        raise diskcache.Timeout

    assert cache._store.do(busy, otherwise="answer") == "answer"
    assert duty_pin_cache.get((1,), NOW) == "kept"
    assert "damaged" not in caplog.text


def test_folder_that_cannot_be_made_caches_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache.use_folder(tmp_path / "file" / "cache")
    duty_pin_cache.set((1,), "lost")
    assert duty_pin_cache.get((1,), NOW) is None
    cache.invalidate_duty_related_caches()


def test_keys_of_strings_and_numbers_do_not_meet() -> None:
    duty_pin_cache.set(("1",), "text")
    assert duty_pin_cache.get((1,), NOW) is None
    assert json.loads(duty_pin_cache._full(("ё", 1))) == ["duty_pin", "ё", 1]
