"""`duty-teller setup`: a token, a press of Start, an address and a zone make a configuration that runs."""

import builtins
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from dotenv import dotenv_values

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.config import Settings
from duty_teller.console import setup as dialogue
from duty_teller.console import setup_files
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


def pressing_start(
    chat: StandInClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    """Has Alice press Start behind the link as soon as it is shown; returns what was told until then."""
    told: list[str] = []
    real = httpx.Client.post

    def post(client: httpx.Client, url: str, **more: object) -> httpx.Response:
        told.append(capsys.readouterr().out)
        if url == "getUpdates" and (shown := re.findall(r"\?start=(setup-\S+)", "".join(told))):
            chat.press_start(DAN, "setup-guessed")
            chat.press_start(ALICE, shown[-1])
        return real(client, url, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(httpx.Client, "post", post)
    return told


def test_setup_learns_the_admin_by_a_link_and_writes_a_private_configuration(
    folder: Path, chat: StandInClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = DEFAULT_TOKEN[:-3] + "zzz"
    answering(
        monkeypatch,
        "nonsense",
        wrong,
        DEFAULT_TOKEN,
        "Mars",
        "Europe/Moscow",
        "http://duty.example.org",
        "https://example.org/duty",
    )
    told = pressing_start(chat, monkeypatch, capsys)

    assert main(["setup", "own.env"]) == 0

    said = "".join(told) + capsys.readouterr().out
    written = folder / "own.env"
    assert written.stat().st_mode & 0o777 == 0o600
    values = {name: value or "" for name, value in dotenv_values(written).items()}
    settings = Settings.from_env(values, serving=True)
    assert settings.bot_api_base_url == chat.base_url
    assert (settings.bot_token, settings.admin_ids) == (DEFAULT_TOKEN, frozenset({ALICE}))
    assert (settings.mini_app_base_url, settings.duty_display_tz) == ("https://example.org/duty", "Europe/Moscow")
    assert "Telegram refuses it" in said and "must start with https://" in said and "time zone “Mars”" in said
    assert said.rstrip().splitlines()[-1].startswith("Then open your bot, and send it the roster: https://t.me/")
    assert DEFAULT_TOKEN not in said
    assert "You are this bot's admin" in chat.messages(ALICE)[-1]["text"]
    assert not any("admin" in message["text"] for message in chat.messages(DAN))
    waiting = httpx.get(f"{chat.base_url}/bot{DEFAULT_TOKEN}/getUpdates").json()["result"]
    assert waiting[0]["message"]["from"]["id"] == ALICE, "the service has to learn that it may write to its admin"
    assert waiting[0]["message"]["text"].startswith("/start setup-")


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


def test_setup_bears_a_telegram_that_is_busy_or_away_and_takes_a_city_for_a_zone(
    folder: Path, chat: StandInClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A 429 was told as a refused token; one dropped answer behind the admin's Start lost all that was asked."""
    monkeypatch.setattr(dialogue, "_PAUSE", 0)
    monkeypatch.setattr(dialogue, "_LONGEST_PAUSE", 0)
    for method, kind in (
        ("getMe", "too_many_requests"),
        ("deleteWebhook", "drop"),
        ("deleteWebhook", "server_error"),
        ("getUpdates", "too_many_requests"),
        ("sendMessage", "drop"),
    ):
        chat.fault(method, kind)
    answering(monkeypatch, DEFAULT_TOKEN, DEFAULT_TOKEN, "CST", "москва", "")
    told = pressing_start(chat, monkeypatch, capsys)

    assert main(["setup"]) == 0

    said = "".join(told) + capsys.readouterr().out
    assert "Telegram cannot say now whether that is right (Too Many Requests" in said and "refuses" not in said
    assert said.count("I go on trying") == 3 and "“CST” has several meanings" in said
    values = dotenv_values(folder / ".env")
    assert (values["ADMIN_IDS"], values["DUTY_DISPLAY_TZ"]) == (str(ALICE), "Europe/Moscow")


def test_settings_are_filled_into_a_file_however_its_lines_are_written(tmp_path: Path) -> None:
    """The first of two lines was filled in and the second counts; a token beside BOT_TOKEN_FILE could not start."""
    (tmp_path / "kept").mkdir()
    kept, link = tmp_path / "kept" / "duty.env", tmp_path / ".env"
    kept.write_text(
        "# mine\nexport BOT_TOKEN='1:old'\nBOT_TOKEN_FILE = /run/token\nADMIN_IDS=\n  ADMIN_IDS=7\n#HTTP_PORT=8080\n"
    )
    link.symlink_to(kept)

    setup_files.write(link, {"BOT_TOKEN": DEFAULT_TOKEN, "ADMIN_IDS": "1001", "HTTP_PORT": "9000", "HOLIDAYS": ""})

    assert link.is_symlink(), "the file it leads to is the one that is kept"
    settings = Settings.from_env({name: value or "" for name, value in dotenv_values(kept).items()}, serving=True)
    assert (settings.bot_token, settings.admin_ids, settings.http_port) == (DEFAULT_TOKEN, frozenset({1001}), 9000)
    assert kept.read_text().startswith(f"# mine\nBOT_TOKEN={DEFAULT_TOKEN}\n#BOT_TOKEN_FILE = /run/token\n")
    assert "HOLIDAYS" not in kept.read_text()


@pytest.mark.parametrize("place", [".", "/dev/full", "file/duty.env"])
def test_setup_asks_nothing_where_it_could_not_write_the_answers(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    (folder / "file").touch()
    monkeypatch.setattr(builtins, "input", lambda _: pytest.fail("it asked"))

    assert main(["setup", place]) == 73
    assert "duty-teller: " in capsys.readouterr().err


@pytest.fixture
def as_root(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose systemd runs, for root; its tools note what they are asked to do."""
    places = {"SERVICE_ENV": "etc/duty-teller.env", "SERVICE_TOKEN": "etc/bot_token", "SERVICE_DATA": "lib"}
    for name, place in places.items():
        for module in (dialogue, setup_files):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, folder / place)
    for place in ("run", "units", "tools"):
        (folder / place).mkdir()
    for name in ("systemctl", "useradd", "duty-teller"):
        tool = folder / "tools" / name
        tool.write_text(f'#!/bin/sh\necho "{name} $*" >> {folder}/done\n')
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder / "tools"), prepend=os.pathsep)
    monkeypatch.setattr(sys, "argv", [str(folder / "tools" / "duty-teller"), "setup"])
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(setup_files, "_RUNS", folder / "run")
    monkeypatch.setattr(setup_files, "_UNITS", (folder / "units" / setup_files.UNIT,))
    monkeypatch.setattr(setup_files, "_HOMES", ())
    monkeypatch.setattr(setup_files, "_USER", "nobody-of-this-name")
    return folder


def test_setup_by_root_fills_in_what_a_package_has_brought_and_touches_no_finished_one(
    as_root: Path, chat: StandInClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It refused: the package's own example was "there already"."""
    env, unit = as_root / "etc/duty-teller.env", as_root / "units" / setup_files.UNIT
    env.parent.mkdir()
    shutil.copy(Path(__file__).parents[2] / ".env.example", env)
    env.write_text(env.read_text().replace("\nBOT_TOKEN=\n", "\nBOT_TOKEN=1:of-before\n"))
    env.chmod(0o640)
    (as_root / "etc/bot_token").touch(0o600)
    unit.write_text("the package's")
    pressing_start(chat, monkeypatch, capsys)
    answering(monkeypatch, DEFAULT_TOKEN, "Europe/Moscow", "", "")

    assert main(["setup"]) == 0

    values = {name: value or "" for name, value in dotenv_values(env).items()}
    token = as_root / "etc/bot_token"
    assert (token.read_text(), token.stat().st_mode & 0o777) == (f"{DEFAULT_TOKEN}\n", 0o600)
    assert (env.stat().st_mode & 0o777, env.read_text().count("\n# ")) == (
        0o640,
        (Path(__file__).parents[2] / ".env.example").read_text().count("\n# "),
    )
    assert {name: text for name, text in values.items() if text} == {
        "ADMIN_IDS": str(ALICE),
        "DUTY_DISPLAY_TZ": "Europe/Moscow",
        "BOT_API_BASE_URL": chat.base_url,
    }
    assert [line.split()[:2] for line in (as_root / "done").read_text().splitlines()] == [
        ["useradd", "--system"],
        ["systemctl", "daemon-reload"],
        ["systemctl", "enable"],
        ["systemctl", "restart"],
    ]
    assert unit.read_text() == "the package's"
    before = env.read_bytes()
    assert main(["setup"]) == 73
    assert env.read_bytes() == before


def test_setup_by_root_without_a_package_writes_the_unit_and_bears_that_nobody_answers_at_its_end(
    as_root: Path, chat: StandInClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    env, unit = as_root / "etc/duty-teller.env", as_root / "units" / setup_files.UNIT
    pressing_start(chat, monkeypatch, capsys)
    answering(monkeypatch, DEFAULT_TOKEN, "UTC", "", "y")

    assert main(["setup"]) == 0

    assert (env.stat().st_mode & 0o777, unit.exists()) == (0o600, True)
    assert f"\nExecStart={as_root}/tools/duty-teller run\n" in unit.read_text()
    assert unit.read_text().startswith("[Unit]\n")

    shutil.rmtree(env.parent)
    unit.unlink()
    answering(monkeypatch, DEFAULT_TOKEN, "UTC", "")
    (as_root / "done").unlink()
    assert main(["setup"]) == 0
    assert "Later: systemctl enable --now duty-teller" in capsys.readouterr().out
    assert unit.exists(), "that command would find nothing to start"
    assert [line.split()[0] for line in (as_root / "done").read_text().splitlines()] == ["useradd"]


@pytest.mark.parametrize("place", ["home", "sources"])
def test_setup_by_root_asks_nothing_where_no_service_could_run_this_program(
    as_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    """It asked everything, wrote the settings, and then could not make the unit; a second setup refused to begin."""
    if place == "home":
        monkeypatch.setattr(setup_files, "_HOMES", (f"{as_root}/",))
    else:
        monkeypatch.setattr(sys, "argv", [str(as_root / "__main__.py"), "setup"])
    answering(monkeypatch)

    assert main(["setup"]) == 73

    said = capsys.readouterr().err
    assert ("pipx install" if place == "home" else "make binary") in said and "duty-teller setup .env" in said
    assert not (as_root / "etc").exists()
