"""`duty-teller setup`: a token, a press of Start, an address and a zone make a configuration that runs."""

import builtins
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from dotenv import dotenv_values

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.config import Settings
from duty_teller.main import main
from tests.process.conftest import ALICE, DAN, chat

__all__ = ["chat"]


@pytest.fixture
def folder(tmp_path: Path, chat: StandInClient, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_API_BASE_URL", chat.base_url)
    return tmp_path


def answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    given: Iterator[str] = iter(answers)

    def answer(prompt: str = "") -> str:
        sys.stdout.write(f"{prompt}\n")
        found = next(given, None)
        if found is None:
            raise EOFError
        return found

    monkeypatch.setattr(builtins, "input", answer)


def test_setup_learns_the_admin_by_a_link_and_writes_a_private_configuration(
    folder: Path, chat: StandInClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = DEFAULT_TOKEN[:-3] + "zzz"
    answering(
        monkeypatch,
        "nonsense",
        wrong,
        DEFAULT_TOKEN,
        "http://duty.example.org",
        "https://example.org/duty",
        "Mars",
        "Europe/Moscow",
    )
    told: list[str] = []
    real = httpx.Client.post

    def post(client: httpx.Client, url: str, **more: object) -> httpx.Response:
        told.append(capsys.readouterr().out)
        if url == "getUpdates" and (link := re.search(r"\?start=(setup-\S+)", "".join(told))):
            chat.press_start(DAN, "setup-guessed")
            chat.press_start(ALICE, link[1])
        return real(client, url, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(httpx.Client, "post", post)

    assert main(["setup", "own.env"]) == 0

    said = "".join(told) + capsys.readouterr().out
    written = folder / "own.env"
    assert written.stat().st_mode & 0o777 == 0o600
    values = {name: value or "" for name, value in dotenv_values(written).items()}
    settings = Settings.from_env(values, serving=True)
    assert (settings.bot_token, settings.admin_ids) == (DEFAULT_TOKEN, frozenset({ALICE}))
    assert (settings.mini_app_base_url, settings.duty_display_tz) == ("https://example.org/duty", "Europe/Moscow")
    assert "Telegram refuses it" in said and "must start with https://" in said and "IANA time zone" in said
    assert said.rstrip().splitlines()[-1].startswith("Open your bot, and send it the roster: https://t.me/")
    assert DEFAULT_TOKEN not in said
    assert "You are this bot's admin" in chat.messages(ALICE)[-1]["text"]
    assert not any("admin" in message["text"] for message in chat.messages(DAN))


def test_setup_overwrites_nothing_and_leaves_nothing_when_nobody_answers(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch)

    assert main(["setup", "own.env"]) == 1
    assert not (folder / "own.env").exists()
    (folder / "own.env").write_text("mine")
    assert main(["setup", "own.env"]) == 73
    assert (folder / "own.env").read_text() == "mine"
    assert "own.env is there already" in capsys.readouterr().err
