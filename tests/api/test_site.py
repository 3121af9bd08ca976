"""The rest of the site: health, texts, the page, and one shape for every refusal."""

import http.client
import json
import re
from typing import Any

import httpx
import pytest

from duty_teller import __version__
from duty_teller.i18n.core import catalogue, t
from duty_teller.i18n.lang import table
from tests.api.conftest import Web

REFUSED = [
    ("/nothing", "GET", 404, "not_found"),
    ("/api/nothing", "GET", 404, "not_found"),
    ("/app/nothing.js", "GET", 404, "not_found"),
    ("/feed/unknown.ics", "GET", 404, "not_found"),
    ("/api/duties", "POST", 405, "method_not_allowed"),
    ("/api/me", "DELETE", 405, "method_not_allowed"),
    ("/feed/unknown.ics", "PUT", 405, "method_not_allowed"),
]


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_refusals_have_one_shape_in_the_readers_language(web: Web, lang: str) -> None:
    for path, method, status, code in REFUSED:
        response = web.get(path, None, method, Accept_Language=f"{lang}-XX,de;q=0.5")
        assert (path, method, response.status_code) == (path, method, status)
        assert response.headers["content-type"] == "application/json"
        said = {"code": code, "message": t(lang, f"error.http_{code}"), "request": response.headers["x-request-id"]}
        assert json.loads(response.content) == {"error": said}
        assert response.headers["cache-control"] == "no-store"


def test_health_tells_version_and_every_part_and_nothing_of_people(web: Web) -> None:
    web.house.clock.move(days=-400)  # uptime is none of the wall clock's business
    response = web.get("/healthz", None)
    answer = response.json()
    assert 90 <= answer.pop("uptime_seconds") < 120
    assert answer == {
        "status": "degraded",
        "problems": [answer["problems"][0]],
        "version": __version__,
        "web": {"state": "serving"},
        "database": {"state": "ok"},
        "telegram": {"state": "starting", "detail": "", "last_poll_age_seconds": None, "poll_restarts": 0},
        "tick": {"state": "starting", "detail": "", "age_seconds": None},
    }
    assert re.fullmatch(r"Telegram: starting for (9\d|1[01]\d) s", answer["problems"][0])
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_messages_are_all_texts_of_the_page(web: Web, lang: str) -> None:
    answer = web.get(f"/api/messages?lang={lang}", None).json()
    texts = answer["texts"]
    expected: dict[str, Any] = {key: forms[lang] for key, forms in catalogue().items() if key.startswith("app.")}
    assert texts == {key: list(form) if isinstance(form, tuple) else form for key, form in expected.items()}
    assert len(texts) > 20
    assert answer["language"] == json.loads(json.dumps(table(lang).for_page(lang)))


def test_messages_of_an_unknown_language_are_english(web: Web) -> None:
    assert web.get("/api/messages?lang=xx", None).content == web.get("/api/messages", None).content


def test_page_has_the_headers_that_telegram_needs_and_nobody_else_can_use(web: Web) -> None:
    for path in ("/", "/app", "/app/", "/app/main.js", "/app/style.css", "/sw.js"):
        check_headers(web.get(path, None))


def check_headers(response: httpx.Response) -> None:
    policy = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
    assert response.status_code == 200
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self' https://telegram.org"
    assert policy["frame-ancestors"] == "https://web.telegram.org https://*.telegram.org"
    assert "unsafe" not in response.headers["content-security-policy"]
    assert "x-frame-options" not in response.headers
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-cache"


def test_page_is_not_sent_again_when_it_is_unchanged(web: Web) -> None:
    first = web.get("/app/main.js", None)
    again = web.get("/app/main.js", None, If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


OUTSIDE = [
    "/app/../config.py",
    "/app/%2e%2e/config.py",
    "/app/..%2fconfig.py",
    "/app/%2e%2e%2f%2e%2e%2fpyproject.toml",
    "/app//etc/passwd",
    "/app/..%5cconfig.py",
    "/app/%00",
]


def test_nothing_outside_the_page_is_served(web: Web) -> None:
    host, port = web.url.removeprefix("http://").split(":")
    for path in OUTSIDE:
        connection = http.client.HTTPConnection(host, int(port), timeout=20)  # it sends the path as it is
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        assert (path, response.status) == (path, 404)
        assert json.loads(body)["error"]["code"] == "not_found"


def test_openapi_document_lists_the_hot_routes_with_their_shapes(web: Web) -> None:
    document = web.get("/api/openapi.json", None).json()
    assert {"/api/duties", "/api/now", "/api/me", "/healthz", "/api/calendar/ical/{token}.ics"} <= set(
        document["paths"]
    )
    assert {"DutyRead", "NowRead", "ErrorRead", "MeRead"} <= set(document["components"]["schemas"])
    duties = document["paths"]["/api/duties"]["get"]
    assert {parameter["name"] for parameter in duties["parameters"]} == {"from", "to", "X-Telegram-Init-Data"}
    assert set(duties["responses"]) == {"200", "304", "401", "403", "422"}
    text = json.dumps(document)
    referred = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert referred <= set(document["components"]["schemas"])


def test_server_does_not_introduce_itself(web: Web) -> None:
    assert "server" not in web.get("/healthz", None).headers


def test_health_has_its_shape_when_the_database_cannot_even_be_asked(
    web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_thread(*_arguments: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(web.app.state.api.look._thread, "submit", no_thread)
    answer = web.get("/healthz", None)
    assert (answer.status_code, answer.json()["status"]) == (503, "degraded")
    assert answer.json()["problems"][-1].startswith("database: ")
    assert "whether the database answers could not be asked" in caplog.text
