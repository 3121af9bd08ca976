"""How migrations run: one transaction each, foreign keys off and checked afterwards."""

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

from duty_teller import config as app_config
from duty_teller.db import models  # noqa: F401  # fills the metadata
from duty_teller.db.engine import get_engine

attributes = context.config.attributes
url = attributes.get("database_url") or app_config.current().database_url
attributes.setdefault(
    "display_timezone", "UTC" if "database_url" in attributes else app_config.current().duty_display_tz
)

if context.is_offline_mode():
    context.configure(
        url=url, target_metadata=SQLModel.metadata, literal_binds=True, dialect_opts={"paramstyle": "named"}
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = get_engine(url).execution_options(write=True)
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if not sqlite:  # the models name SQLite's option of partial indexes alone
            for index in (index for table in SQLModel.metadata.tables.values() for index in table.indexes):
                where = index.dialect_options["sqlite"]["where"]
                if where is not None:
                    index.dialect_options[connection.dialect.name]["where"] = where
        if sqlite:
            # A batch migration drops and renames the parent table: with foreign keys on, that silently deletes every
            # child with
            # ON DELETE CASCADE. The pragma does nothing inside a transaction, hence on the bare connection.
            raw = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            context.configure(
                connection=connection,
                target_metadata=SQLModel.metadata,
                render_as_batch=True,
                transactional_ddl=True,
                transaction_per_migration=False,
                compare_type=True,
            )
            with context.begin_transaction():
                context.run_migrations()
                if sqlite and (broken := connection.execute(sa.text("PRAGMA foreign_key_check")).all()):
                    raise RuntimeError(f"the migration would leave rows without their parents: {broken[:5]}")
        finally:
            if sqlite:
                raw.execute("PRAGMA foreign_keys=ON")
