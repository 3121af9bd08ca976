"""Each answer has a number that the log tells of it by; a fault of ours says it to the person, too."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from duty_teller.db.engine import dispose_engine
from duty_teller.db.models import LinkScope
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
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


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
    assert (answers[0].status_code, set(answers[0].json()["error"])) == (404, {"code", "message"})
    assert str(token) not in log.getvalue()
    assert any("what nobody foresaw" in line.get("traceback", "") for line in lines)
