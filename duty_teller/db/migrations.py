"""Bringing the schema up to date. Alembic is imported only when there is something to do: it costs 84 ms and memory."""

import re
import sys
from pathlib import Path
from typing import Any

from duty_teller.db.engine import get_engine
from duty_teller.db.session import schema_revision


class SchemaTooNewError(Exception):
    """The database was written by a newer version of the program."""


def script_location() -> Path:
    """Returns the folder of the migrations: beside the package in a source tree, unpacked in the binary."""
    bundle = getattr(sys, "_MEIPASS", None)
    return (Path(bundle) if bundle else Path(__file__).resolve().parents[2]) / "alembic"


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
    """
    known, at = known_revisions(), schema_revision(database_url)
    if at == known[-1]:
        return False
    if at is not None and at not in known:
        raise SchemaTooNewError(
            f"the database is at schema {at}, this program knows {known[-1]}: install a newer duty-teller"
        )
    from alembic import command

    command.upgrade(alembic_config(database_url, display_timezone), "head")
    get_engine(database_url).dispose()
    return True
