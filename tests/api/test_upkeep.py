"""Calendars of others, digests of groups and backups in the Mini App: the services of /settings, for admins."""

from datetime import date
from typing import Any

import pytest

from duty_teller.db import backup
from duty_teller.db.models import Chat, DigestKind
from duty_teller.domain.happenings import Expanded
from duty_teller.i18n import LocalizedError, t
from duty_teller.importers.readers.foreign_calendar import expand_calendar
from duty_teller.services import calendar_reading
from duty_teller.utils.http_client import Fetched
from duty_teller.utils.web_address import Known
from tests.api.conftest import Web
from tests.api.test_actions import refused, send
from tests.api.test_changes import key
from tests.faulty_server import CALENDAR
from tests.house import ALICE, DAN, SAM

ADDRESS = "https://calendars.example.org/fairs.ics?key=s3cret"
NEW = {"roster_id": 1, "name": "Fairs", "address": ADDRESS}


class Served:
    """What the calendar's server says; a fetch and a child process are tested elsewhere."""

    def __init__(self) -> None:
        self.trouble: LocalizedError | None = None
        self.asked: list[str] = []

    async def fetch(self, url: str, *_given: Any) -> Fetched:
        self.asked.append(url)
        if self.trouble is not None:
            raise self.trouble
        return Fetched(CALENDAR, Known(), "")


def play(monkeypatch: pytest.MonkeyPatch) -> Served:
    """Has calendars come from memory, and be read in this process."""

    async def here(data: bytes, first: date, last: date, timezone: str, charset: str, naming: bool) -> Expanded:
        return expand_calendar(data, first, last, timezone, charset, naming)

    found = Served()
    monkeypatch.setattr(calendar_reading, "expand_in_child", here)
    monkeypatch.setattr(calendar_reading, "fetch", found.fetch)
    return found


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Served:
    return play(monkeypatch)


def upkeep(web: Web) -> dict[str, Any]:
    found: dict[str, Any] = web.get("/api/upkeep").json()
    return found


def test_calendar_is_added_once_read_at_once_and_removed(web: Web, served: Served) -> None:
    same = key()
    for _ in range(2):
        assert send(web, "add_calendar", NEW, ALICE, same).json() == {"calendar_id": 1}
    (one,) = upkeep(web)["calendars"]
    assert (one["name"], one["host"], one["lines"]) == (
        "Fairs",
        "calendars.example.org",
        ["1 event, updated 1 min ago"],
    )
    assert "s3cret" not in str(upkeep(web))
    assert "Town fair" in web.get("/api/days?from=2026-11-24&to=2026-11-24", DAN).text
    assert refused(send(web, "add_calendar", NEW, ALICE, key())) == t("en", "calendars.taken", name="Fairs")
    wrong = NEW | {"name": "Other", "address": "ftp://example.org/a.ics"}
    assert refused(send(web, "add_calendar", wrong, ALICE, key())) == t("en", "fetch.address")

    served.trouble = LocalizedError("calendars.none")
    web.house.clock.move(hours=2)
    assert send(web, "read_calendar", {"calendar_id": 1}, ALICE, key()).status_code == 200
    (one,) = upkeep(web)["calendars"]
    assert (one["in_trouble"], one["lines"][0]) == (True, "1 event, stale: last updated 2 h ago")
    assert send(web, "calendar_kind", {"calendar_id": 1, "absences": True}, ALICE, key()).status_code == 200
    assert upkeep(web)["calendars"][0]["is_absences"]
    assert send(web, "remove_calendar", {"calendar_id": 1}, ALICE, key()).status_code == 200
    assert upkeep(web)["calendars"] == []
    assert refused(send(web, "read_calendar", {"calendar_id": 1}, ALICE, key())) == t("en", "calendars.gone")
    assert served.asked == [ADDRESS] * 4


def test_digest_of_a_trusted_group_is_chosen(web: Web) -> None:
    web.house.write(lambda s: s.add_all([Chat(id=-1, title="Ward", trusted=True), Chat(id=-2, title="Canteen")]))
    assert upkeep(web)["groups"] == [{"chat_id": -1, "title": "Ward", "digest": "off"}]
    assert send(web, "digest", {"chat_id": -1, "digest": "weekly"}, ALICE, key()).status_code == 200
    assert web.house.read(lambda session: session.get_one(Chat, -1).digest) == DigestKind.WEEKLY
    gone = send(web, "digest", {"chat_id": -2, "digest": "weekly"}, ALICE, key())
    assert refused(gone) == t("en", "settings.digest_gone")


def test_backup_is_made_once_for_a_key_and_stays_on_the_server(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    house, same = web.house, key()
    assert (upkeep(web)["backs_up"], upkeep(web)["backup"]) == (True, None)
    first = send(web, "backup", {}, ALICE, same)
    house.clock.move(minutes=1)
    assert send(web, "backup", {}, ALICE, same).text == first.text
    ((moment, path),) = backup.kept(house.settings.data_dir)
    assert upkeep(web)["backup"] == first.json()
    assert (moment.isoformat(), path.stat().st_size) == ("2026-11-23T12:00:00+00:00", first.json()["size"])

    def fail(*_given: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(backup, "make_own", fail)
    failed = send(web, "backup", {}, ALICE, key())
    assert refused(failed) == t("en", "app.set.backup.failed", why="no space left")


ORDERS = {
    "add_calendar": NEW,
    "read_calendar": {"calendar_id": 1},
    "calendar_kind": {"calendar_id": 1, "absences": True},
    "remove_calendar": {"calendar_id": 1},
    "digest": {"chat_id": -1, "digest": "weekly"},
    "backup": {},
}


def test_upkeep_is_for_admins_alone(web: Web, served: Served) -> None:
    send(web, "add_calendar", NEW, ALICE, key())
    assert refused(web.get("/api/upkeep", DAN)) == t("en", "bot.admins_only")
    assert web.get("/api/upkeep", SAM).status_code == 403
    for action, body in ORDERS.items():
        assert refused(send(web, action, body, DAN, key())) == t("en", "bot.admins_only"), action
        assert send(web, action, body, SAM, key()).status_code == 403, action
    assert served.asked == [ADDRESS]
    assert backup.kept(web.house.settings.data_dir) == []
