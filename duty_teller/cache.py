"""Persistent caches with a time to live, shared by the service and the command line, and warm after a restart.

Values are JSON (diskcache's JSONDisk; pickle would run what somebody else wrote into the folder). Damage to the
folder costs a recomputation, never a start: whatever fails here reads as "not there".
"""

import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

logger = logging.getLogger(__name__)

_NO_MAPS: Final = {"sqlite_mmap_size": 0, "sqlite_journal_mode": "truncate", "sqlite_synchronous": 0}
"""No file is mapped into memory (WAL would map its index): one that somebody truncates must not end the process."""

_STEP: Final = 1.0
"""Seconds by which a value may come from the future: one from later was kept before the clock was set back, and would
live on for as long as that step."""

Key = tuple[str | int, ...]


class _Store:
    """The one diskcache folder behind all caches; opened at the first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._cache: Any = None

    def use(self, folder: Path) -> None:
        with self._lock:
            if self._cache is not None:
                self._cache.close()
            self._folder, self._cache = folder, None

    def do(self, action: Callable[[Any], Any], otherwise: Any = None) -> Any:
        """Runs an action on the cache; when it fails, empties a damaged folder once and answers `otherwise`."""
        if self._folder is None:
            return otherwise
        import diskcache

        try:
            return action(self._open())
        except diskcache.Timeout:
            logger.debug("somebody else is writing to the cache")
            return otherwise
        except Exception as error:  # what damaged files raise has no common base
            logger.warning("the cache folder is damaged (%s) and is made anew", type(error).__name__)
            self._reset()
            return otherwise

    def _open(self) -> Any:
        with self._lock:
            if self._cache is None:
                import diskcache

                assert self._folder is not None  # noqa: S101  # asked in do()
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._make_private(self._folder)
                self._cache = diskcache.Cache(
                    str(self._folder),
                    disk=diskcache.JSONDisk,
                    size_limit=64 * 2**20,
                    tag_index=True,
                    timeout=1,
                    **_NO_MAPS,
                )
            return self._cache

    @staticmethod
    def _make_private(folder: Path) -> None:
        """Lets nobody else look into it: diskcache goes by the umask, so its first file is made before it comes."""
        folder.chmod(0o700)
        os.close(os.open(folder / "cache.db", os.O_RDWR | os.O_CREAT, 0o600))
        for file in folder.iterdir():
            if file.is_file():
                file.chmod(0o600)

    def _reset(self) -> None:
        with self._lock:
            try:
                if self._cache is not None:
                    self._cache.close()
            except Exception:
                logger.debug("closing a damaged cache failed", exc_info=True)
            self._cache = None
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)

    def close(self) -> None:
        with self._lock:
            if self._cache is not None:
                self._cache.close()
            self._cache = None


_store = _Store()


def use_folder(folder: Path) -> None:
    """Says where the caches live (`DATA_DIR/cache`); before that nothing is cached on disk."""
    _store.use(folder)


def close() -> None:
    """Closes the files."""
    _store.close()


class TtlCache:
    """A named part of the store whose values live for a while.

    Keys are tuples of strings and numbers; values whatever JSON can hold (tuples come back as lists, bytes are
    refused).
    """

    def __init__(self, name: str, seconds: float) -> None:
        self.name = name
        self.seconds = seconds
        self.generation = 0
        """Rises whenever this process drops values: who computed one meanwhile must not keep it."""

    def _full(self, key: Key) -> str:
        return json.dumps([self.name, *key], ensure_ascii=False)

    def get(self, key: Key, now: datetime) -> Any:
        """Returns the value, or None when there is none or it is not true any more at `now` (aware)."""
        entry = _store.do(lambda store: store.get(self._full(key)))
        if not isinstance(entry, list) or len(entry) != 3:
            return None
        kept_at, valid_until, value = entry
        if kept_at > time.time() + _STEP:
            return None
        return value if valid_until is None or now.timestamp() < valid_until else None

    def set(self, key: Key, value: Any, valid_until: datetime | None = None) -> None:
        """Keeps a value for the cache's time to live, at most until an instant at which it stops being true.

        Raises:
            TypeError: JSON cannot hold the value.
        """
        entry = [time.time(), None if valid_until is None else valid_until.timestamp(), value]
        json.dumps(entry)  # before the store is asked, which takes any failure for damage
        _store.do(lambda store: store.set(self._full(key), entry, expire=self.seconds, tag=self.name))

    def delete(self, key: Key) -> None:
        """Drops one value."""
        self.generation += 1
        _store.do(lambda store: store.delete(self._full(key)))

    def clear(self) -> None:
        """Drops all values of this cache."""
        self.generation += 1
        _store.do(lambda store: store.evict(self.name))


ics_calendar_cache: Final = TtlCache("ics_calendar", 600)
duty_pin_cache: Final = TtlCache("duty_pin", 90)
is_admin_cache: Final = TtlCache("is_admin", 60)
_ALL: Final = {cache.name: cache for cache in (ics_calendar_cache, duty_pin_cache, is_admin_cache)}


def invalidate_pattern(key_prefix: Key) -> None:
    """Drops every value whose key begins like this; the first part is a cache's name.

    Whole caches go by their tag; longer prefixes are looked for among the keys.
    """
    cache = _ALL.get(str(key_prefix[0])) if key_prefix else None
    if cache is None:
        return
    if len(key_prefix) == 1:
        cache.clear()
        return
    wanted = list(key_prefix)

    def drop(store: Any) -> None:
        for key in list(store.iterkeys()):
            if json.loads(key)[: len(wanted)] == wanted:
                store.delete(key)

    _store.do(drop)


def invalidate_duty_related_caches() -> None:
    """Drops feeds and rendered pins: after every change of duties, once it has committed."""
    for cache in (ics_calendar_cache, duty_pin_cache):
        invalidate_pattern((cache.name,))


def invalidate_is_admin_cache(telegram_user_id: int) -> None:
    """Drops what is remembered of one person's role."""
    is_admin_cache.delete((telegram_user_id,))
