"""The outbox keeps sixty days: what is asked each tick and at each change must not read all of it."""

from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, select

from duty_teller.db.engine import get_engine
from duty_teller.db.models import Notice
from duty_teller.services.notices import delivery, planning
from duty_teller.services.people import admin_notices
from duty_teller.services.texts.notices import render_notice
from tests.house import House, duty, moscow
from tests.services.test_notices_planning import settle


@pytest.mark.sqlite("its query plan")
def test_what_is_asked_each_tick_and_at_each_change_goes_by_index(house: House) -> None:
    settle(house, house.dan, reminder_leads="60")
    settle(house, house.alice)
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "notices" in statement and statement.startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((statement, values))

    engine = get_engine(house.url)
    event.listen(engine, "before_cursor_execute", note)
    house.put(duty(house.dan, "2026-11-23"), duty(house.dan, "2026-11-24"))
    now = house.clock.now = moscow("2026-11-24", 8)
    house.write(lambda s: planning.put_due(s, house.settings, now))
    house.read(lambda s: planning.plan(s, house.settings, now))
    found, _later = house.read(lambda s: delivery.due(s, now, 64))
    house.write(lambda s: [delivery.claim(s, number, house.settings, now, render_notice) for number in found])
    house.read(delivery.has_interrupted)
    house.write(delivery.release_interrupted)
    house.write(lambda s: [delivery.note_sent(s, number, now) for number in found])
    house.read(lambda s: admin_notices.was_asked(s, 1003, now))
    event.remove(engine, "before_cursor_execute", note)

    def scans(session: Session) -> list[str]:
        whole = []
        for statement, values in asked:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            whole += [statement for row in plan if row[3] == "SCAN notices"]
        return whole

    assert len({statement for statement, _values in asked}) > 8
    assert house.read(scans) == []
    assert house.read(lambda s: s.exec(select(Notice.outcome)).all()) != []
    assert house.read(lambda s: s.execute(text("EXPLAIN QUERY PLAN SELECT uncertain FROM notices")).all())[0][3] == (
        "SCAN notices"
    )
