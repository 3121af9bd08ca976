"""Logs without secrets, the installation's secret, names and phones."""

import contextvars
import io
import json
import logging
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from duty_teller.i18n.core import LocalizedError
from duty_teller.utils.logs import ABOUT, RedactingFormatter, configure
from duty_teller.utils.secret_file import SecretError, encode, load_secret, signature
from duty_teller.utils.user import normalize_phone, split_username

TOKEN = "7654321:AAF-Example_Example_Example_Example-12"
OTHER = "1234567890:BBF-Another_Another_Another_Another1"
FEED = "17-" + "a" * 43


def logged(message: str, *args: object, secrets: tuple[str, ...] = (TOKEN,)) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter(secrets))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    logger.warning(message, *args)
    return stream.getvalue().split("test: ", 1)[1].rstrip("\n")


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/getMe", "POST https://api.telegram.org/bot<secret>/getMe"),
        (f"POST https://api.telegram.org/bot{OTHER}/getMe", "POST https://api.telegram.org/bot<token>/getMe"),
        (f"token {OTHER}.", "token <token>."),
        (f"GET /feed/{FEED}.ics 200", "GET /feed/***.ics 200"),
        (f"GET /feed/{FEED}", "GET /feed/***"),
        (f"GET /api/calendar/ical/{FEED}.ics", "GET /api/calendar/ical/***.ics"),
        (f"GET /calendar/{FEED}/google?x=1", "GET /calendar/***/google?x=1"),
        (
            f"https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fduty.example.org%2Ffeed%2F{FEED}.ics",
            "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fduty.example.org%2Ffeed%2F***.ics",
        ),
        (f"webcal://duty.example.org/feed/{FEED}.ics", "webcal://duty.example.org/feed/***.ics"),
        ("postgresql+psycopg://duty:hunter2@db/duty", "postgresql+psycopg://duty:***@db/duty"),
        ("postgresql://duty:p@ss:w@db/duty", "postgresql://duty:***@db/duty"),
        (f"initData user=x&hash={'0f' * 32}", "initData user=x&hash=***"),
        (f"#tgWebAppData=user%3Dx%26hash%3D{'0f' * 32}", "#tgWebAppData=user%3Dx%26hash%3D***"),
        ("duty 2026-11-23 09:00:00, 12 people", "duty 2026-11-23 09:00:00, 12 people"),
    ],
)
def test_secrets_are_masked_in_the_log(message: str, shown: str) -> None:
    assert logged(message) == shown
    assert logged("%s", message) == shown


def test_secrets_are_masked_in_tracebacks() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter([TOKEN]))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    try:
        raise ValueError(f"bad url https://x/bot{TOKEN}/sendMessage")
    except ValueError:
        logger.exception("failed")
    assert "Traceback" in stream.getvalue()
    assert TOKEN not in stream.getvalue()


@pytest.mark.parametrize("as_json", [False, True])
def test_line_of_the_log_has_the_ids_of_what_is_handled_and_no_secret(as_json: bool) -> None:
    formatter = RedactingFormatter([TOKEN], as_json)
    record = logging.LogRecord("duty_teller.x", logging.ERROR, "", 0, "sent to %s", (TOKEN,), None)

    def handled() -> str:
        ABOUT.set({"update": 7, "chat": -100, "user": 1001})
        return formatter.format(record)

    inside, outside = contextvars.copy_context().run(handled), formatter.format(record)

    assert TOKEN not in inside + outside
    if as_json:
        line = json.loads(inside)
        assert datetime.fromisoformat(line.pop("time")).utcoffset() == timedelta(0)
        ids = {"update": 7, "chat": -100, "user": 1001}
        assert line == {"level": "ERROR", "logger": "duty_teller.x", "message": "sent to <secret>", **ids}
        assert "update" not in json.loads(outside)
    else:
        assert inside.endswith("duty_teller.x: sent to <secret> [update=7 chat=-100 user=1001]")
        assert outside.endswith("sent to <secret>")


def test_configure_quiets_libraries_whose_info_lines_hold_the_token() -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in ("httpx", "telegram", "alembic", "uvicorn", "asyncio")}
    levels |= {name: logging.getLogger(name).level for name in ("httpcore", "apscheduler")}
    for handler in handlers:
        root.removeHandler(handler)  # force=True would close those of the test runner
    try:
        configure("DEBUG", [TOKEN])
        assert logging.getLogger("httpx").isEnabledFor(logging.INFO) is False
        assert logging.getLogger("apscheduler").isEnabledFor(logging.WARNING) is False
        assert logging.getLogger("duty_teller").isEnabledFor(logging.DEBUG) is True
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)


def test_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = load_secret(folder)
    assert (len(first), load_secret(folder)) == (32, first)
    assert (folder / "secret").stat().st_mode & 0o777 == 0o600
    assert os.listdir(folder) == ["secret"]  # noqa: PTH208


def test_secret_of_another_length_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(SecretError, match="restore it from a backup"):
        load_secret(tmp_path)


def test_signature_differs_by_purpose_and_parts() -> None:
    secret = bytes(32)
    made = {signature(secret, *parts) for parts in (("a", 1, 23), ("a", 12, 3), ("b", 1, 23), ("a", "1", "2", "3"))}
    assert len(made) == 4
    assert encode(b"\xff\xfe") == "__4"


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+7 900 111-22-33", "+79001112233"),
        ("8 (900) 111-22-33", "+79001112233"),
        ("0044 20 7946 0958", "+442079460958"),
        ("79001112233", "+79001112233"),
        ("+84 91 234 56 78", "+84912345678"),
        ("+1.212.555.0100", "+12125550100"),
    ],
)
def test_phone_is_kept_in_international_form(text: str, phone: str) -> None:
    assert normalize_phone(text) == phone


@pytest.mark.parametrize(
    "text", ["", "call me", "+7", "12345", "+7900111223344556677", "+7 900 111 22 33 ext. 5", "٧٩٠٠١١١٢٢٣٣"]
)
def test_phone_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(LocalizedError) as caught:
        normalize_phone(text)
    assert caught.value.key == "error.phone"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Иванов Иван (@ivan_i)", ("Иванов Иван", "ivan_i")),
        ("@Dan_Duty", ("@Dan_Duty", "dan_duty")),
        ("Dan  Duty", ("Dan Duty", None)),
        ("Dan dan@example.org", ("Dan dan@example.org", None)),
        ("Dan Duty, @danny", ("Dan Duty", "danny")),
    ],
)
def test_username_is_split_from_a_name(text: str, expected: tuple[str, str | None]) -> None:
    assert split_username(text) == expected
