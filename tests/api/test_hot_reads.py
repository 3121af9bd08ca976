"""`/api/duties`, `/api/now` and `/api/me`: who gets in, what they get, and when it is stale."""

import gzip
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter
from sqlmodel import select

from duty_teller.api.state import ApiState
from duty_teller.api.telegram_auth import InitDataError, validate_init_data
from duty_teller.bot_api_stand_in import sign_init_data
from duty_teller.db.models import AccessName, DutyRead, EventType, User
from duty_teller.db.schemas import MeRead, NowRead
from duty_teller.i18n.core import t
from duty_teller.services.health import Health
from duty_teller.services.people import accounts
from duty_teller.utils.user import Visitor
from tests.api.conftest import Web, serve
from tests.house import ALICE, DAN, NOW, SAM, SECRET, TOKEN, House, absence, duty, moscow

MONTH = "/api/duties?from=2026-11-01&to=2026-11-30"


def fill(house: House) -> None:
    house.put(
        duty(house.dan, "2026-11-23"),
        duty(house.alice, "2026-11-24", position="primary"),
        absence(house.dan, "2026-11-26", 3),
        duty(house.dan, "2026-12-24"),
    )


def body_of(response: httpx.Response) -> Any:
    assert response.headers["content-type"] == "application/json"
    return json.loads(response.content)


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    """Status, code and message of the one error shape."""
    body = body_of(response)
    assert list(body) == ["error"]
    assert list(body["error"]) == ["code", "message", "request"]
    assert body["error"]["request"] == response.headers["x-request-id"]
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, body["error"]["code"], body["error"]["message"]


def test_duties_of_a_month_with_people_and_ways_to_reach_them(web: Web) -> None:
    fill(web.house)
    response = web.get(MONTH, DAN)
    assert response.status_code == 200
    first, second, third = body_of(response)
    assert first == {
        "roster_id": 1,
        "user_id": web.house.dan,
        "position": None,
        "start_at": "2026-11-23T06:00:00Z",
        "end_at": "2026-11-24T06:00:00Z",
        "event_type": "duty",
        "note": None,
        "id": first["id"],
        "full_name": "Dan Duty",
        "username": "dan",
        "phone": "+79001112233",
    }
    assert (second["position"], third["event_type"], third["end_at"]) == (
        "primary",
        EventType.VACATION,
        "2026-11-28T21:00:00Z",
    )


@pytest.mark.parametrize(("path", "model"), [(MONTH, list[DutyRead]), ("/api/now", NowRead), ("/api/me", MeRead)])
def test_bytes_are_those_of_the_read_classes(web: Web, path: str, model: Any) -> None:
    """The hot reads are made without pydantic; here its classes read them and write the very same bytes."""
    fill(web.house)
    content = web.get(path).content
    adapter = TypeAdapter(model)
    assert adapter.dump_json(adapter.validate_json(content)) == content
    assert len(content) > 100


def test_empty_range_is_an_empty_list(web: Web) -> None:
    assert web.get(MONTH).content == b"[]"


def test_unchanged_range_is_304_with_the_same_etag(web: Web) -> None:
    fill(web.house)
    first = web.get(MONTH)
    etag = first.headers["etag"]
    for sent in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = web.get(MONTH, If_None_Match=sent)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert web.get(MONTH, If_None_Match='"other"').status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"
    assert "X-Telegram-Init-Data" in first.headers["vary"]


def test_gzip_is_given_to_those_who_ask(web: Web) -> None:
    fill(web.house)
    plain = web.get(MONTH)
    with web.client.stream(
        "GET", MONTH, headers={"Accept-Encoding": "gzip", "X-Telegram-Init-Data": web.house.init_data()}
    ) as zipped:
        raw = b"".join(zipped.iter_raw())
    assert (zipped.headers["content-encoding"], gzip.decompress(raw)) == ("gzip", plain.content)
    assert "content-encoding" not in plain.headers


def test_head_has_the_headers_and_no_body(web: Web) -> None:
    fill(web.house)
    got, head = web.get(MONTH), web.get(MONTH, method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(got.content))
    assert head.headers["etag"] == got.headers["etag"]
    assert web.get("/api/now", method="HEAD").content == b""


def test_change_by_another_process_is_seen_at_once(web: Web) -> None:
    fill(web.house)
    before = web.get(MONTH)
    # A connection of its own, as the command line's: it shares nothing with the server's engine.
    other = sqlite3.connect(web.house.folder / "duty_teller.db")
    other.execute("UPDATE users SET phone = '+70000000000' WHERE telegram_user_id = 1002")
    other.execute("UPDATE revisions SET value = value + 1 WHERE name = 'people'")
    other.commit()
    other.close()
    after = web.get(MONTH, If_None_Match=before.headers["etag"])
    assert after.status_code == 200
    assert body_of(after)[0]["phone"] == "+70000000000"


def test_change_of_the_schedule_is_seen_at_once(web: Web) -> None:
    fill(web.house)
    assert len(body_of(web.get(MONTH))) == 3
    web.house.put(duty(web.house.dan, "2026-11-23"))
    assert len(body_of(web.get(MONTH))) == 1
    assert [row["full_name"] for row in body_of(web.get("/api/now"))["rosters"][0]["current"]] == ["Dan Duty"]


@pytest.mark.parametrize(
    ("query", "key", "args"),
    [
        ("", "error.date_missing", {}),
        ("?from=2026-11-01", "error.date_missing", {}),
        ("?to=2026-11-01&from=", "error.date_missing", {}),
        ("?from=2026-11-31&to=2026-12-01", "error.date", {"text": "2026-11-31"}),
        ("?from=yesterday&to=2026-12-01", "error.date", {"text": "yesterday"}),
        ("?from=2026-11-02&to=2026-11-01", "error.date_order", {"first": "2026-11-02", "last": "2026-11-01"}),
        ("?from=2026-01-01&to=2027-02-05", "error.date_range", {"n": 400}),
        ("?from=%FF%FE&to=%00", "error.date", {"text": "��"}),
    ],
)
def test_wrong_range_is_422_in_the_readers_language(web: Web, query: str, key: str, args: dict[str, Any]) -> None:
    for lang in ("ru", "en"):
        response = web.get("/api/duties" + query, Accept_Language=f"fr, {lang};q=0.8")
        assert refusal(response) == (422, "invalid", t(lang, key, **args))


def test_range_of_400_days_is_answered(web: Web) -> None:
    fill(web.house)
    assert len(body_of(web.get("/api/duties?from=2026-01-01&to=2027-02-04"))) == 4


Spoil = Callable[[House], str]
FORGED: dict[str, Spoil] = {
    "none": lambda house: "",
    "another bot's": lambda house: house.init_data(ALICE, token="999999:another-bot-token"),
    "a changed user": lambda house: house.init_data(DAN).replace("1002", "1001"),
    "without hash": lambda house: house.init_data().split("&hash=")[0],
    "a key twice": lambda house: house.init_data() + f"&auth_date={int(NOW.timestamp())}",
    "no pairs": lambda house: "garbage",
    "not ascii": lambda house: "user=%D0%BA&hash=%D0%BA",
    "endless": lambda house: house.init_data() + "&x=" + "y" * 9000,
    "from the future": lambda house: house.init_data(auth_date=NOW + timedelta(seconds=61)),
    "of no user": lambda house: sign_init_data(TOKEN, {"first_name": "Nobody"}, NOW),
    "of a user whose id is text": lambda house: sign_init_data(TOKEN, {"id": "1001"}, NOW),
}


@pytest.mark.parametrize("how", list(FORGED))
def test_launch_data_that_are_not_telegrams_are_401(web: Web, how: str) -> None:
    for path in (MONTH, "/api/now", "/api/me"):
        response = web.get(path, X_Telegram_Init_Data=FORGED[how](web.house))
        assert refusal(response) == (401, "unauthorized", t("en", "error.init_data_unauthorized"))


def test_expired_launch_data_are_401_expired(web: Web) -> None:
    old = web.house.init_data()
    assert web.get(MONTH, X_Telegram_Init_Data=old).status_code == 200
    web.house.clock.move(hours=24)
    assert web.get(MONTH, X_Telegram_Init_Data=old).status_code == 200
    web.house.clock.move(seconds=1)
    for path in (MONTH, "/api/now", "/api/me"):
        answer = refusal(web.get(path, X_Telegram_Init_Data=old, Accept_Language="ru"))
        assert answer == (401, "expired", t("ru", "error.init_data_expired"))


def test_clock_that_is_a_little_behind_telegrams_is_borne(web: Web) -> None:
    ahead = web.house.init_data(auth_date=NOW + timedelta(seconds=60))
    assert web.get(MONTH, X_Telegram_Init_Data=ahead).status_code == 200


def test_stranger_is_403_in_their_own_language_and_nothing_is_stored(web: Web) -> None:
    rows = lambda: web.house.read(  # noqa: E731
        lambda s: (s.exec(select(User.id)).all(), s.exec(select(AccessName)).all())
    )
    before = rows()
    for path in (MONTH, "/api/now", "/api/me"):
        assert refusal(web.get(path, SAM)) == (403, "forbidden", t("ru", "error.forbidden"))
    assert rows() == before


def test_stranger_is_let_in_by_name_and_put_out_when_the_name_goes(house: House) -> None:
    with serve(house, replace(house.settings, allowed_usernames=frozenset({"sam"}))) as web:
        assert web.get("/api/me", SAM).status_code == 200
        assert web.get("/api/me", Visitor(2001, "Later Holder", "sam")).status_code == 403
    with serve(house) as web:
        assert web.get("/api/me", SAM).status_code == 403


def test_person_who_is_retired_is_out_at_once(web: Web) -> None:
    sent = web.house.init_data(DAN)
    assert web.get(MONTH, X_Telegram_Init_Data=sent).status_code == 200

    def retire(session: Any) -> None:
        session.get_one(User, web.house.dan).is_active = False

    web.house.write(retire)
    assert web.get(MONTH, X_Telegram_Init_Data=sent).status_code == 403


async def test_what_was_read_before_a_commit_is_not_remembered_after_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check runs in a thread: a commit that the loop notices meanwhile must not be forgotten again."""
    state = ApiState(house.settings, house.clock, SECRET, Health())
    state.revisions()
    sent = house.init_data(DAN).encode()

    def check_while_somebody_commits(*args: Any) -> Any:
        house.write(lambda s: accounts.set_phone(s, house.dan, None))
        state.revisions()
        return validate_init_data(*args)

    with monkeypatch.context() as patched:
        patched.setattr("duty_teller.api.state.validate_init_data", check_while_somebody_commits)
        assert (await state.authenticate(sent)).full_name == "Dan Duty"
    assert state.known_person(sent) is None
    assert await state.authenticate(sent) == state.known_person(sent)
    state.close()


def test_now_tells_who_is_on_next_and_until_when(web: Web) -> None:
    fill(web.house)
    answer = body_of(web.get("/api/now"))
    assert answer["now"] == "2026-11-23T12:00:00Z"
    (roster,) = answer["rosters"]
    assert [row["full_name"] for row in roster["current"]] == ["Dan Duty"]
    assert [row["full_name"] for row in roster["next"]] == ["Alice Admin"]
    assert (roster["gap"], roster["valid_until"]) == (None, "2026-11-24T06:00:00Z")


def test_now_moves_with_the_clock_forward_and_back(web: Web) -> None:
    fill(web.house)
    current = lambda: [row["full_name"] for row in body_of(web.get("/api/now"))["rosters"][0]["current"]]  # noqa: E731
    assert current() == ["Dan Duty"]
    web.house.clock.now = moscow("2026-11-24", 9)
    assert current() == ["Alice Admin"]
    web.house.clock.now = NOW
    assert current() == ["Dan Duty"]


def test_now_shows_the_gap(web: Web) -> None:
    web.house.put(duty(web.house.dan, "2026-11-23"), duty(web.house.dan, "2026-11-26"))
    (roster,) = body_of(web.get("/api/now"))["rosters"]
    assert roster["gap"] == {"start_at": "2026-11-24T06:00:00Z", "end_at": "2026-11-26T06:00:00Z"}


def test_me_is_the_person_who_asks(web: Web) -> None:
    fill(web.house)
    dan = body_of(web.get("/api/me", replace(DAN, language_code="ru-RU")))
    assert (dan["full_name"], dan["role"], dan["language"], dan["on_roster"]) == ("Dan Duty", "user", "ru", True)
    assert dan["rosters"] == [{"id": 1, "name": "", "timezone": "Europe/Moscow", "handover_at": "09:00:00"}]
    assert body_of(web.get("/api/me"))["role"] == "admin"


def test_signature_field_stays_in_the_check_string() -> None:
    """Telegram signs over everything but `hash`; a field it adds tomorrow must not break the check."""
    user = {"id": 1001, "first_name": "Alice"}
    signed = sign_init_data(TOKEN, user, NOW, start_param="duty_1")
    launch = validate_init_data(signed, TOKEN, NOW, timedelta(days=1))
    assert (launch.visitor.telegram_user_id, launch.start_param, launch.auth_date) == (1001, "duty_1", NOW)
    assert "signature=" in signed
    with pytest.raises(InitDataError):
        validate_init_data(signed, "", NOW, timedelta(days=1))
