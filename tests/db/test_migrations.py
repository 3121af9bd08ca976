"""Migrations on real files: whole or absent, there and back on real rows, and never a lost child."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlmodel import SQLModel

from duty_teller.db import migrations
from duty_teller.db.backup import look_into
from duty_teller.db.engine import dispose_engine, get_engine
from duty_teller.db.migrations import (
    MigrationError,
    SchemaTooNewError,
    alembic_config,
    bring_up,
    known_revisions,
    migrate,
    script_location,
)
from duty_teller.db.session import schema_revision
from duty_teller.domain.shift import EventType
from tests.house import House, absence, duty

pytestmark = pytest.mark.sqlite("the schema as its file has it; PostgreSQL's is tested in test_postgresql")


def rows(path: Path, statement: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def schema(path: Path) -> dict[str, Any]:
    """Name → its SQL: tables as sets of clauses (their order says nothing), indexes as they are."""
    found: dict[str, Any] = {}
    for kind, name, sql in rows(path, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
        if name == "alembic_version":
            continue
        text = " ".join(sql.split())
        if kind == "table":
            body = text[text.index("(") + 1 : text.rindex(")")]
            found[name] = {clause.strip() for clause in split_clauses(body)}
        else:
            found[name] = text
    return found


def split_clauses(body: str) -> list[str]:
    clauses, depth, begun = [], 0, 0
    for at, sign in enumerate(body):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            clauses.append(body[begun:at])
            begun = at + 1
    return [*clauses, body[begun:]]


@pytest.fixture
def empty(tmp_path: Path) -> Any:
    path = tmp_path / "folder" / "new.db"
    yield path
    dispose_engine(f"sqlite:///{path}")


def test_migrate_from_nothing_makes_the_folder_and_reaches_the_newest(empty: Path) -> None:
    url = f"sqlite:///{empty}"
    assert migrate(url) is True
    assert schema_revision(url) == known_revisions()[-1]
    assert empty.parent.stat().st_mode & 0o777 == 0o700
    assert migrate(url) is False


def test_first_roster_has_the_display_zone(empty: Path) -> None:
    migrate(f"sqlite:///{empty}", "Asia/Yekaterinburg")
    assert rows(empty, "SELECT id, name, timezone, handover_at, coverage FROM rosters") == [
        (1, "", "Asia/Yekaterinburg", "09:00", "daily")
    ]
    assert sorted(rows(empty, "SELECT name, value FROM revisions")) == [
        ("people", 0),
        ("rosters", 0),
        ("schedule:1", 0),
    ]


def test_migrated_schema_equals_the_models(migrated_file: Path, tmp_path: Path) -> None:
    golden = tmp_path / "golden.db"
    engine = sa.create_engine(f"sqlite:///{golden}")
    SQLModel.metadata.create_all(engine)
    engine.dispose()

    assert schema(migrated_file) == schema(golden)
    assert schema(golden)["ix_duties_type_span"] == (
        "CREATE INDEX ix_duties_type_span ON duties (event_type, (end_at - start_at))"
    )


def test_schema_comparison_sees_a_changed_check(migrated_file: Path, tmp_path: Path) -> None:
    """The comparison above must be able to fail where `alembic check` looks away."""
    changed = tmp_path / "changed.db"
    source = sqlite3.connect(migrated_file)
    target = sqlite3.connect(changed)
    source.backup(target)
    target.execute("PRAGMA writable_schema=ON")
    target.execute("UPDATE sqlite_master SET sql = replace(sql, 'end_at > start_at', 'end_at >= start_at')")
    target.commit()
    source.close()
    target.close()
    assert schema(changed) != schema(migrated_file)


def test_each_migration_goes_up_down_and_up_again_on_real_rows(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.dan, "2026-11-24"))
    path = house.folder / "duty_teller.db"
    before = rows(path, "SELECT uid, start_at, end_at FROM duties ORDER BY uid")
    config = alembic_config(house.url, "Europe/Moscow")

    for number, revision in enumerate(reversed(known_revisions())):
        command.downgrade(config, "-1")
        left = known_revisions()[: len(known_revisions()) - number - 1]
        assert schema_revision(house.url) == (left[-1] if left else None), revision
    command.upgrade(config, "head")

    assert len(before) == 2
    assert schema_revision(house.url) == known_revisions()[-1]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "SELECT count(*) FROM rosters") == [(1,)]


def test_data_of_the_oldest_schema_come_whole_to_the_newest_and_a_backup_precedes(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"))
    path = house.folder / "duty_teller.db"
    shifts = "SELECT uid, user_id, start_at, end_at, event_type FROM duties ORDER BY uid"
    people = "SELECT id, full_name, telegram_user_id, phone FROM users ORDER BY id"
    command.downgrade(alembic_config(house.url), known_revisions()[0])
    before = rows(path, shifts), rows(path, people)

    assert bring_up(house.url, house.folder)

    assert (rows(path, shifts), rows(path, people)) == before
    assert (len(before[0]), len(before[1])) == (2, 2)
    (saved,) = (house.folder / "backups").glob("before-schema-001-*.zip")
    assert look_into(saved).schema == "001"


def test_foreign_keys_are_on_again_after_a_migration(house: House) -> None:
    command.downgrade(alembic_config(house.url), "base")
    command.upgrade(alembic_config(house.url), "head")
    with get_engine(house.url).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_unknown_newer_revision_is_refused_and_nothing_is_touched(house: House) -> None:
    path = house.folder / "duty_teller.db"
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (1000,)  # of 0.1.0, which made it
    connection.execute("UPDATE alembic_version SET version_num = '999'")
    connection.execute("PRAGMA user_version = 2003004")
    connection.commit()
    connection.close()
    before = schema(path)

    with pytest.raises(SchemaTooNewError, match=r"schema 999.*install duty-teller 2\.3\.4 or newer"):
        migrate(house.url)

    assert schema(path) == before


FAMILY = """
import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None


def upgrade():
    op.create_table("parents", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
    op.create_table(
        "children",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("parents.id", ondelete="CASCADE"), nullable=False),
    )
    op.execute("INSERT INTO parents VALUES (1, 'Alice')")
    op.execute("INSERT INTO children VALUES (7, 1)")
"""
BATCH = """
import sqlalchemy as sa
from alembic import op

revision = "002"
down_revision = "001"


def upgrade():
    with op.batch_alter_table("parents") as batch:
        batch.alter_column("name", type_=sa.String(50), nullable=False)
{more}
"""


@pytest.fixture
def own_scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Migrations of the test's own, run by the project's env.py."""
    folder = tmp_path / "alembic"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text((script_location() / "env.py").read_text())
    (folder / "versions" / "001_family.py").write_text(FAMILY)
    monkeypatch.setattr(migrations, "script_location", lambda: folder)
    return folder


def family(path: Path) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    return rows(path, "SELECT id, name FROM parents"), rows(path, "SELECT id, parent_id FROM children")


def test_batch_migration_of_a_parent_keeps_its_children(own_scripts: Path, empty: Path) -> None:
    url = f"sqlite:///{empty}"
    migrate(url)
    (own_scripts / "versions" / "002_batch.py").write_text(BATCH.format(more=""))

    migrate(url)

    assert schema_revision(url) == "002"
    assert family(empty) == ([(1, "Alice")], [(7, 1)])


def test_the_same_batch_with_foreign_keys_on_would_lose_the_children(own_scripts: Path, empty: Path) -> None:
    """Why env.py switches them off; without this the test above could not fail."""
    env = own_scripts / "env.py"
    text = env.read_text()
    assert text.count("PRAGMA foreign_keys=OFF") == 1
    env.write_text(text.replace("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON"))
    url = f"sqlite:///{empty}"
    migrate(url)
    (own_scripts / "versions" / "002_batch.py").write_text(BATCH.format(more=""))

    migrate(url)

    assert family(empty) == ([(1, "Alice")], [])


@pytest.mark.parametrize(
    "more",
    [
        pytest.param("    raise RuntimeError('half way')", id="an error half way"),
        pytest.param("    op.execute('DELETE FROM parents')", id="children without a parent"),
    ],
)
def test_failing_migration_leaves_the_database_as_it_was(own_scripts: Path, empty: Path, more: str) -> None:
    url = f"sqlite:///{empty}"
    migrate(url)
    before = schema(empty)
    (own_scripts / "versions" / "002_batch.py").write_text(BATCH.format(more=more))

    with pytest.raises(MigrationError, match=r"as it was \(RuntimeError: .*(half way|without their parents)"):
        migrate(url)

    assert schema(empty) == before
    assert family(empty) == ([(1, "Alice")], [(7, 1)])
    assert schema_revision(url) == "001"


def test_revision_files_are_numbered_without_holes() -> None:
    assert known_revisions() == [f"{number:03}" for number in range(1, len(known_revisions()) + 1)]
    for path in sorted((script_location() / "versions").glob("*.py")):
        assert re.search(rf'^revision = "{path.name[:3]}"$', path.read_text(), re.MULTILINE)


def test_downgrade_makes_the_sick_unavailable_in_the_log_too(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), absence(house.dan, "2026-11-24", kind=EventType.SICK))
    path = house.folder / "duty_teller.db"
    config = alembic_config(house.url)

    command.downgrade(config, "002")

    assert rows(path, "SELECT event_type FROM duties ORDER BY start_at") == [("duty",), ("unavailable",)]
    (second,) = rows(path, "SELECT after FROM schedule_change_items WHERE after LIKE '%unavailable%'")
    assert json.loads(second[0]) == [house.dan, None, 1795467600, 1795554000, "unavailable", None]
    with pytest.raises(sqlite3.IntegrityError, match="ck_duties_event_type"):
        rows(path, "UPDATE duties SET event_type = 'sick'")
    command.upgrade(config, "head")
    change = house.changes()[0].id or 0
    house.undo(change)
    assert house.live() == []


def write(house: House, statement: str) -> None:
    house.write(lambda session: session.connection().exec_driver_sql(statement) and None)


def test_member_tags_come_and_go_with_the_groups_untouched(house: House) -> None:
    path, config = house.folder / "duty_teller.db", alembic_config(house.url)
    write(house, "INSERT INTO chats (id, title, trusted) VALUES (-1001, 'Support', 1)")
    write(house, "INSERT INTO member_tags VALUES (-1001, 1002, 'the cook', 'on duty', 1, 0)")

    command.downgrade(config, "006")
    assert rows(path, "SELECT id, title, trusted FROM chats") == [(-1001, "Support", 1)]
    assert rows(path, "SELECT name FROM sqlite_master WHERE name = 'member_tags'") == []
    command.upgrade(config, "head")

    assert rows(path, "SELECT id, title, trusted, duty_tag FROM chats") == [(-1001, "Support", 1, 0)]
    write(house, "INSERT INTO member_tags VALUES (-1001, 1002, '', 'on duty', 1, 0)")
    write(house, "UPDATE chats SET id = -1002")
    assert rows(path, "SELECT chat_id FROM member_tags") == [(-1002,)]
