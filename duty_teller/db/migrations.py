"""Bringing the schema up to date. Alembic is imported only when there is something to do: it costs 84 ms and memory."""

import contextlib
import logging
import re
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from duty_teller import __version__
from duty_teller.db import in_use
from duty_teller.db.backup import NoBackupError, before_migration
from duty_teller.db.engine import get_engine, sqlite_path
from duty_teller.db.file import DatabaseMissingError, signs_of_a_database
from duty_teller.db.models import Duty
from duty_teller.db.session import schema_revision, schema_revision_of_file
from duty_teller.db.trouble import cause_of
from duty_teller.utils.texts import reason

logger = logging.getLogger(__name__)

SCHEMA: Final = re.compile(r"\d{3}")
"""What a schema of ours is called."""
_SIGNED: Final = "duty-teller "
_CORE: Final = ("duties", "revisions", "rosters", "users")
"""Tables without which nothing works."""


class SchemaTooNewError(Exception):
    """The database was written by a newer version of the program."""


class MigrationError(Exception):
    """The schema could not be changed; the database is as it was."""


class ForeignDatabaseError(Exception):
    """The database belongs to another program, or a half of it is missing; nothing was touched."""


def script_location() -> Path:
    """Returns the folder of the migrations: in a wheel's package, beside it in the sources, unpacked in the binary."""
    bundle = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).resolve().parents[1]
    homes = [Path(bundle)] if bundle else [package, package.parent]
    return next((home / "alembic" for home in homes if (home / "alembic" / "versions").is_dir()), homes[-1] / "alembic")


def known_revisions() -> list[str]:
    """Returns the revisions this program brings, oldest first (files are called `NNN_description.py`)."""
    found = (re.match(r"(\d{3})_", path.name) for path in (script_location() / "versions").iterdir())
    return sorted({match[1] for match in found if match})


def alembic_config(database_url: str, display_timezone: str = "UTC") -> Any:
    """Returns an `alembic.config.Config` for an address.

    Args:
        database_url: Where.
        display_timezone: The zone that the first roster gets (DUTY_DISPLAY_TZ).
    """
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(script_location()).replace("%", "%%"))
    config.attributes["database_url"] = database_url
    config.attributes["display_timezone"] = display_timezone
    return config


def migrate(database_url: str, display_timezone: str = "UTC") -> bool:
    """Applies what is missing; returns whether there was anything to do.

    Raises:
        SchemaTooNewError: The database is at a revision this program does not know.
        ForeignDatabaseError: It has tables that no migration of ours has made.
        MigrationError: A migration failed.
    """
    known, at = known_revisions(), schema_revision(database_url)
    if at == known[-1]:
        return False
    if at is None:
        _refuse_foreign(database_url)
    elif not SCHEMA.fullmatch(at):
        raise ForeignDatabaseError(f"the database belongs to another program (its schema is {at!r})")
    elif at not in known:
        raise SchemaTooNewError(
            f"the database is at schema {at}, this program knows {known[-1]}: "
            f"install {_release(made_by(database_url))}"
        )
    from alembic import command

    try:
        command.upgrade(alembic_config(database_url, display_timezone), "head")
    except Exception as error:
        if isinstance(error, OSError) or cause_of(error) is not None:
            raise
        logger.debug("a migration failed", exc_info=error)
        why = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"
        raise MigrationError(
            f"the schema could not be brought from {at} to {known[-1]}, and the database is as it was ({why})"
        ) from error
    _sign(database_url)
    get_engine(database_url).dispose()
    return True


def _sign(database_url: str) -> None:
    """Notes in the database which version of the program has brought it to its schema: an older one names it."""
    with get_engine(database_url).connect().execution_options(write=True) as connection:
        if sqlite_path(database_url) is not None:
            major, minor, patch = (int(part) for part in re.findall(r"\d+", __version__)[:3])
            connection.exec_driver_sql(f"PRAGMA user_version={(major * 1000 + minor) * 1000 + patch}")
        else:
            connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{_SIGNED}{__version__}'")
        connection.commit()


def made_by(database_url: str) -> str:
    """Returns the version that brought the database to its schema, as `0.2.0`; empty when none is noted."""
    with get_engine(database_url).connect() as connection:
        if sqlite_path(database_url) is None:
            said = connection.exec_driver_sql("SELECT obj_description('alembic_version'::regclass)").scalar()
            return str(said or "").removeprefix(_SIGNED)
        number = int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)
        return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}" if number else ""


def _release(version: str) -> str:
    return f"duty-teller {version} or newer" if version else "a newer duty-teller"


def bring_up(database_url: str, data_dir: Path, display_timezone: str = "UTC", new: bool = False) -> bool:
    """Opens the database that is there, or makes the first one, and brings it up to date.

    Args:
        database_url: Where.
        data_dir: What lies in it may say that there was a database.
        display_timezone: The zone that the first roster gets.
        new: Make an empty database even so.

    Returns:
        Whether there was anything to do.

    Raises:
        DatabaseMissingError: There is none, and something says that there was one.
        SchemaTooNewError: It was written by a newer version.
        ForeignDatabaseError: It belongs to another program, or tables of ours are missing.
        MigrationError: A migration failed.
        NoBackupError: The schema has to change, and the backup that precedes that cannot be made.
        InUseError: The schema has to change, and another process works on the data.
    """
    path = sqlite_path(database_url)
    if path is not None and not new and (signs := signs_of_a_database(path, data_dir)):
        raise DatabaseMissingError(
            f"there is no database at {path}, but {signs[0]} says that there was one: put it back from a backup, "
            "or make an empty one by `duty-teller migrate --new-database`"
        )
    changed = _change(database_url, data_dir, display_timezone)
    if missing := missing_tables(database_url):
        raise ForeignDatabaseError(
            f"the database says that its schema is {known_revisions()[-1]}, but tables are missing "
            f"({', '.join(missing)}): restore it from a backup"
        )
    return changed


def _change(database_url: str, data_dir: Path, display_timezone: str) -> bool:
    """Brings the schema up to date; nobody else works on the data meanwhile: for them it would be a newer one.

    Raises:
        InUseError: Somebody does.
    """
    at, known = schema_revision_of_file(database_url), known_revisions()
    if at not in known[:-1]:
        return migrate(database_url, display_timezone)
    with contextlib.ExitStack() as alone:
        try:
            alone.enter_context(in_use.undisturbed(data_dir, database_url))
        except in_use.InUseError as error:
            raise in_use.InUseError(
                f"the schema has to change from {at} to {known[-1]}, and {error}: restart the service "
                "(systemctl restart duty-teller), which makes the change itself, or stop what works there"
            ) from error
        saved = _back_up(database_url, data_dir)
        try:
            return migrate(database_url, display_timezone)
        except MigrationError as error:
            kept = f"a backup of it is at {saved}" if saved is not None else "restore it from a backup"
            raise MigrationError(f"{error}; {kept}") from error


def missing_tables(database_url: str) -> list[str]:
    """Returns which tables of the newest schema a database lacks."""
    with get_engine(database_url).connect() as connection:
        there = set(sa.inspect(connection).get_table_names())
    return [name for name in sorted(Duty.metadata.tables) if name not in there]


def _back_up(database_url: str, data_dir: Path) -> Path | None:
    """Makes a backup where the schema is about to be changed; returns it.

    Raises:
        NoBackupError: It cannot be made, so the schema is not changed either.
    """
    path, known = sqlite_path(database_url), known_revisions()
    at = schema_revision_of_file(database_url) if path is not None else None
    if at not in known or at == known[-1]:
        return None
    try:
        return before_migration(database_url, data_dir, at or "", datetime.now(UTC)).path
    except (OSError, sqlite3.Error) as error:
        raise NoBackupError(
            f"the schema has to change from {at} to {known[-1]}, and no backup could be made first: {reason(error)}; "
            "nothing was changed"
        ) from error


def _refuse_foreign(database_url: str) -> None:
    """Leaves a database alone that has tables, and nothing that says which of ours they are.

    Raises:
        ForeignDatabaseError: It has some. On a server others may live beside us, under other names.
    """
    with get_engine(database_url).connect() as connection:
        tables = sorted(set(sa.inspect(connection).get_table_names()) - {"alembic_version"})
    if sqlite_path(database_url) is None:
        tables = [name for name in tables if name in _CORE]
    if tables:
        shown = ", ".join(tables[:3]) + (" …" if len(tables) > 3 else "")
        raise ForeignDatabaseError(
            f"the database has tables already ({shown}) and no record of our schema: it belongs to another program, "
            "or a part of it is missing; look at DATA_DIR and DATABASE_URL, or restore a backup"
        )
