"""A roster file in the Mini App: the chat's questions and preview, applied as shown, by admins alone."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from duty_teller.db.models import ChangeKind
from duty_teller.i18n import t
from duty_teller.services.import_service import drafts
from duty_teller.utils.user import Visitor
from tests.api.conftest import Web
from tests.api.test_actions import refused, send
from tests.house import ALICE, DAN, SAM, duty

NAME = "december 2026.csv"
EVIL = "Olga <img src=x onerror=alert(1)>"
FILE = f"Name,1,2,3,4,5,6,7\nDan Duty,Z,Q,,Z,,,Z\n{EVIL},,Z,Q,,Z,Z,\n".encode()


def upload(
    web: Web, data: bytes = FILE, who: Visitor | None = ALICE, path: str = "/api/imports", **query: Any
) -> httpx.Response:
    headers = {} if who is None else {"X-Telegram-Init-Data": web.house.init_data(who)}
    return web.client.post(path, params={"roster": 1, "name": NAME} | query, content=data, headers=headers)


def step(web: Web, do: str, who: Visitor = ALICE, **answer: Any) -> httpx.Response:
    headers = {"X-Telegram-Init-Data": web.house.init_data(who)}
    return web.client.post("/api/imports/step", json={"do": do} | answer, headers=headers)


def done(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    return response.json()


def preview(web: Web) -> Any:
    """A file whose codes are explained, down to its preview."""
    shown = done(upload(web))
    while shown["kind"] in ("codes", "question"):
        mark = next((code["mark"] for code in shown["codes"] if not code["meaning"]), shown["mark"])
        if shown["kind"] == "codes" and not shown["is_open"]:
            shown = done(step(web, "agree", draft_id=shown["draft_id"], mark=mark))
        else:
            shown = done(step(web, "answer", draft_id=shown["draft_id"], mark=mark, text="08:00-16:30"))
    return shown


def order(shown: Any, **change: Any) -> dict[str, Any]:
    return {"draft_id": shown["draft_id"], "fingerprint": shown["fingerprint"]} | change


def test_file_is_asked_about_shown_and_applied_once(web: Web) -> None:
    """Also a retry after a lost answer; an answer to a question that is not open any more does nothing."""
    first = done(upload(web))
    assert (first["kind"], first["is_open"], first["file_name"]) == ("codes", True, NAME)
    assert [code["code"] for code in first["codes"]] == ["Z", "Q"]
    shown = preview(web)
    assert shown["kind"] == "preview"
    assert any(line.startswith("• Olga") for line in shown["lines"])
    assert web.house.live() == []
    assert done(step(web, "answer", draft_id=shown["draft_id"], mark="abcdef", option=0))["kind"] == "preview"
    assert done(step(web, "look"))["fingerprint"] == shown["fingerprint"]

    key = str(uuid4())
    answers = [send(web, "import", order(shown), ALICE, key) for _turn in range(2)]
    assert answers[0].text == answers[1].text
    (change,) = web.house.changes()
    assert (change.kind, change.reason, change.id) == (ChangeKind.IMPORT, NAME, done(answers[0])["change_id"])
    assert len(web.house.live()) == 8
    assert refused(send(web, "import", order(shown), ALICE, str(uuid4()))) == t("en", "import.chat.gone")
    assert done(step(web, "look"))["kind"] == "none"
    assert done(upload(web))["kind"] == "nothing_new"


@pytest.mark.usefixtures("child_here")
def test_plan_that_moved_is_not_applied_and_what_moved_is_named(web: Web) -> None:
    web.house.put(duty(web.house.dan, "2026-12-01"))
    shown = preview(web)
    web.house.put(duty(web.house.dan, "2026-12-01"), duty(web.house.dan, "2026-12-02"), reason="by hand")

    late = send(web, "import", order(shown), ALICE, str(uuid4()))
    assert (late.status_code, late.json()["error"]["code"]) == (409, "moved")
    assert "by hand" in late.json()["error"]["message"]
    again = done(step(web, "look"))
    assert again["kind"] == "preview"
    assert again["fingerprint"] != shown["fingerprint"]
    stale = send(web, "import", order(shown), ALICE, str(uuid4()))
    assert stale.json()["error"]["code"] == "moved"  # a preview in another window
    done(send(web, "import", order(again), ALICE, str(uuid4())))


@pytest.mark.usefixtures("child_here")
def test_grid_shows_cells_with_their_roles_and_what_became_of_them(web: Web) -> None:
    shown = done(upload(web))
    grid = done(upload(web, path="/api/imports/grid", draft=shown["draft_id"]))
    cells = {(row, column): rest for row, column, *rest in grid["sheets"][0]["cells"]}
    assert cells[2, 1][:2] == ["Dan Duty", "name"]
    assert cells[1, 2][:2] == ["1", "day"]
    assert cells[2, 2][:2] == ["Z", "code"]
    assert cells[2, 2][3] == next(code["key"] for code in grid["codes"] if code["code"] == "Z")
    assert t("en", "import.explain.not_answered") in cells[2, 2][2]

    shown = preview(web)  # the codes are known now; one is corrected all the same
    grid = done(upload(web, path="/api/imports/grid", draft=shown["draft_id"]))
    (mark,) = [code["mark"] for code in grid["codes"] if code["code"] == "Q"]
    nothing = next(code["options"] for code in grid["codes"] if code["mark"] == mark).index("Nothing")
    assert done(step(web, "answer", draft_id=shown["draft_id"], mark=mark, option=nothing))["kind"] == "preview"
    grid = done(upload(web, path="/api/imports/grid", draft=shown["draft_id"]))
    cells = {(row, column): rest for row, column, *rest in grid["sheets"][0]["cells"]}
    assert cells[2, 3][2].endswith(t("en", "import.explain.nothing"))


@pytest.mark.usefixtures("child_here")
@pytest.mark.parametrize(
    "attempt",
    [
        lambda web, who: upload(web, who=who),
        lambda web, who: upload(web, who=who, path="/api/imports/grid", draft=1),
        lambda web, who: step(web, "look", who),
        lambda web, who: step(web, "cancel", who, draft_id=1),
        lambda web, who: send(web, "import", {"draft_id": 1, "fingerprint": "0" * 64}, who, str(uuid4())),
    ],
)
def test_members_import_nothing_and_see_nobodys_import(web: Web, attempt: Callable[..., httpx.Response]) -> None:
    shown = preview(web)
    assert refused(attempt(web, DAN)) == t("en", "bot.admins_only")
    assert attempt(web, SAM).status_code == 403
    assert done(step(web, "look"))["fingerprint"] == shown["fingerprint"]
    assert web.house.live() == []


@pytest.mark.usefixtures("child_here")
def test_import_of_another_admin_is_not_there(web: Web) -> None:
    boris = Visitor(1010, "Boris Boss", "boris", "en")
    web.house.person("Boris Boss", telegram_user_id=1010, linked_at=web.house.clock.now, role="admin")
    shown = preview(web)
    gone = t("en", "import.chat.gone")
    assert refused(step(web, "missing", boris, draft_id=shown["draft_id"])) == gone
    assert refused(send(web, "import", order(shown), boris, str(uuid4()))) == gone
    assert refused(upload(web, who=boris, path="/api/imports/grid", draft=shown["draft_id"])) == gone


@pytest.mark.usefixtures("child_here")
def test_import_of_the_app_and_of_the_chat_do_not_meet(web: Web) -> None:
    """The bot takes no text and no file for an import that is open in the Mini App."""
    shown = preview(web)
    now = web.house.clock.now
    assert web.house.read(lambda session: drafts.current(session, web.house.alice, now)) is None
    web.house.write(lambda session: drafts.start(session, web.house.alice, 1, 77, now))
    assert done(step(web, "look"))["kind"] == "none"
    assert refused(step(web, "missing", draft_id=shown["draft_id"])) == t("en", "import.chat.gone")


@pytest.mark.usefixtures("child_here")
@pytest.mark.parametrize(
    ("data", "query", "reason"),
    [
        (b"", {}, "import.file.empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), {"name": "plan.png"}, "import.file.format"),
        (FILE, {"roster": 99}, "rosters.gone"),
    ],
)
def test_what_is_no_roster_is_refused_in_words(web: Web, data: bytes, query: dict[str, Any], reason: str) -> None:
    assert t("en", reason) in refused(upload(web, data, **query))
    assert done(step(web, "look"))["kind"] == "none"


@pytest.mark.usefixtures("child_here")
def test_files_have_a_limit_and_are_not_read_before_it_is_known_who_sends_them(web: Web) -> None:
    big = bytes(5 * 2**20 + 1)
    assert refused(upload(web, big)) == t("en", "import.file.too_big", limit=5)
    for who, status in ((None, 401), (SAM, 403)):
        assert upload(web, FILE * 300, who).status_code == status
    with pytest.raises(httpx.HTTPError):
        upload(web, bytes(6 * 2**20)).raise_for_status()


def grid(web: Web, shown: Any, data: bytes) -> Any:
    return done(upload(web, data, path="/api/imports/grid", draft=shown["draft_id"]))


@pytest.mark.usefixtures("child_here")
def test_name_of_a_cell_is_corrected_and_so_is_how_days_are_read(web: Web) -> None:
    """Who was taken for somebody without a question, and a year that was answered, are said anew by a tap."""
    house = web.house
    house.person("Daniel Dutton")
    house.put(duty(house.dan, "2026-11-23"), duty(house.person("Petra Novak"), "2026-11-24"))
    data = b"Name,1,2,3,4,5,6,7\nDan Duty,day,,day,,,,\nPetra Novak,,day,,,,,day\n"
    shown = done(upload(web, data, name="roster.csv"))
    while shown["kind"] == "question":
        answer = {"option": 0} if shown["options"] else {"text": "12"}
        shown = done(step(web, "answer", draft_id=shown["draft_id"], mark=shown["mark"], **answer))
    assert shown["kind"] == "preview"

    before = grid(web, shown, data)
    cell = next(one for one in before["cells"] if one["key"] == "dan duty")
    assert (cell["kind"], cell["subject"], cell["meaning"]) == ("person", "Dan Duty", "Dan Duty")
    assert [row[5] for row in before["sheets"][0]["cells"] if row[3] == "name"] == ["dan duty", "novak petra"]
    other = cell["options"].index("Daniel Dutton")
    again = done(step(web, "answer", draft_id=shown["draft_id"], mark=cell["mark"], option=other))
    assert (again["kind"], again["fingerprint"] == shown["fingerprint"]) == ("preview", False)
    notes = {row[4] for row in grid(web, again, data)["sheets"][0]["cells"] if row[3] == "code"}
    assert {note.partition(",")[0] for note in notes} == {"→ Daniel Dutton", "→ Petra Novak"}

    year = next(one for one in before["cells"] if one["kind"] == "year")
    assert year["key"] == ""
    earlier = str(int(year["meaning"]) - 1)
    done(step(web, "answer", draft_id=shown["draft_id"], mark=year["mark"], option=year["options"].index(earlier)))
    after = grid(web, again, data)
    assert next(one["meaning"] for one in after["cells"] if one["kind"] == "year") == earlier
    assert all(earlier in row[4] for row in after["sheets"][0]["cells"] if row[3] == "code")
    assert refused(step(web, "answer", DAN, draft_id=shown["draft_id"], mark=year["mark"], option=0))


@pytest.mark.usefixtures("child_here")
def test_day_that_the_file_names_is_corrected_also_where_that_keeps_it_from_being_taken(web: Web) -> None:
    """One tap moves the table; a day that its weekdays contradict is refused, told, and corrected once more."""
    days = ("Mon 7.12.2026", "Tue 8.12.2026", "Wed 9.12.2026", "Thu 10.12.2026", "Fri 11.12.2026")
    data = f"Name;{';'.join(days)}\nDan Duty;day;;day;;\n".encode()
    shown = done(upload(web, data, name="roster.csv"))
    assert shown["kind"] == "preview"

    def first(of: Any) -> tuple[Any, Any]:
        (key,) = (cell[5] for cell in of["sheets"][0]["cells"] if cell[:2] == [1, 2])
        (found,) = (one for one in of["cells"] if one["kind"] == "day" and one["key"] == key)
        return found["mark"], found["day"]

    mark, day = first(grid(web, shown, data))
    assert day == "2026-12-07"
    wrong = done(step(web, "answer", draft_id=shown["draft_id"], mark=mark, text="2026-12-15"))
    assert (wrong["kind"], wrong["answered"]) == ("refused", 1)
    assert first(grid(web, wrong, data)) == (mark, "2026-12-15")
    right = done(step(web, "answer", draft_id=shown["draft_id"], mark=mark, text="2026-12-14"))
    assert right["kind"] == "preview"
    notes = [cell[4] for cell in grid(web, right, data)["sheets"][0]["cells"] if cell[3] == "code"]
    assert [note.split(", ")[1][:15] for note in notes] == ["Mon 14 Dec 2026", "Wed 16 Dec 2026"]
    assert refused(step(web, "answer", draft_id=shown["draft_id"], mark=mark, text="soon"))
    assert refused(step(web, "answer", DAN, draft_id=shown["draft_id"], mark=mark, text="2026-12-21"))
    assert send(web, "import", order(right), ALICE, str(uuid4())).status_code == 200
    assert [shift.start_at.date().isoformat() for shift in web.house.live()] == ["2026-12-14", "2026-12-16"]
