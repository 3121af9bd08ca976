"""Each answer has a number that the log tells of it by; every refusal has it in its body, too."""

import http.client
import io
import json
import logging
import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from duty_teller.api.connections import BODY_BYTES, HEAD_BYTES
from duty_teller.db.engine import dispose_engine
from duty_teller.db.models import LinkScope
from duty_teller.i18n.core import t
from duty_teller.services.feeds import links
from duty_teller.utils.logs import RedactingFormatter
from tests.api.conftest import serve
from tests.house import SECRET, House


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the service would log, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter([], as_json=True))
    ours = logging.getLogger("duty_teller.api")
    before = ours.level
    ours.setLevel(logging.DEBUG)  # as after `kill -HUP`
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)
    ours.setLevel(before)


def test_fault_of_ours_has_the_same_number_in_head_body_and_log_and_no_secret(house: House, log: io.StringIO) -> None:
    def crash(_request: object) -> None:
        raise ZeroDivisionError("what nobody foresaw")

    token = house.write(lambda s: links.get_token(s, SECRET, house.dan, LinkScope.PERSONAL, house.clock.now))
    dispose_engine(house.url)
    database = house.folder / "duty_teller.db"
    with serve(house) as web:
        web.app.add_route("/api/crash", crash)
        good = [web.get("/healthz", X_Request_ID="of the client").headers["x-request-id"] for _ in "12"]
        database.write_bytes(database.read_bytes()[:4096] + b"\xa5" * (database.stat().st_size - 4096))
        dispose_engine(house.url)
        answers = [web.get(path) for path in ("/api/nothing", "/api/me", f"/feed/{token}.ics", "/api/crash")]

    assert all(re.fullmatch(r"[0-9a-f]{6}-[0-9a-f]+", number) for number in good) and good[0] != good[1]
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    for answer, status in zip(answers[1:], (503, 503, 500), strict=True):
        number, error = answer.headers["x-request-id"], answer.json()["error"]
        assert (answer.status_code, error["request"]) == (status, number)
        assert number in error["message"]
        assert number in [line.get("request") for line in lines], number
    assert answers[0].status_code == 404 and answers[0].headers["x-request-id"] in log.getvalue()
    assert str(token) not in log.getvalue()
    assert any("what nobody foresaw" in line.get("traceback", "") for line in lines)


def test_health_that_is_bad_has_the_number_beside_what_it_always_says(house: House) -> None:
    with serve(house) as web:
        assert "error" not in web.get("/healthz").json() and "error" not in web.get("/readyz").json()
        database = house.folder / "duty_teller.db"
        database.write_bytes(database.read_bytes()[:4096] + b"\xa5" * (database.stat().st_size - 4096))
        dispose_engine(house.url)
        for path, key in (("/healthz", "status"), ("/readyz", "ready")):
            answer = web.get(path)
            error = answer.json()["error"]
            assert (answer.status_code, error["code"], key in answer.json()) == (503, "unavailable", True)
            assert error["request"] == answer.headers["x-request-id"]
            assert error["message"] in answer.json()["problems"]


POST = b"POST /api/actions/away HTTP/1.1\r\nHost: x\r\nAccept-Language: ru\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
EARLY = [
    (b"what?\r\n\r\n", 400, "malformed", "en"),
    (b"GET /" + b"a" * HEAD_BYTES + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431, "too_large", "en"),
    (POST + b"Content-Length: %d\r\n\r\n" % (BODY_BYTES + 1), 413, "too_large", "ru"),
    (CHUNKED + b"%x\r\n" % (BODY_BYTES + 1) + b"a" * (BODY_BYTES + 1), 413, "too_large", "ru"),
    (CHUNKED + b"zz\r\n", 400, "malformed", "ru"),
]


def test_what_is_refused_before_its_request_came_whole_has_a_number_too(house: House) -> None:
    """In the language that the request asks for, where that came; else the service's own."""
    with serve(house) as web:
        address = urlsplit(web.url)
        for sent, status, code, lang in EARLY:
            with socket.create_connection((address.hostname, address.port), timeout=10) as half:
                half.sendall(sent)
                answer = http.client.HTTPResponse(half)
                answer.begin()
                said = {
                    "code": code,
                    "message": t(lang, f"error.http_{code}"),
                    "request": answer.headers["x-request-id"],
                }
                assert (answer.status, json.loads(answer.read())) == (status, {"error": said}), sent[:80]
            assert answer.headers["content-type"] == "application/json"
