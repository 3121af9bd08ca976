"""Settings: every problem at once, by name, and never a secret."""

import ast
import os
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields
from ipaddress import ip_network
from pathlib import Path

import pytest

from duty_teller import config
from duty_teller.config import ConfigurationError, NamedCalendar, Settings
from tests.sources import modules

TOKEN = "123456:AAExampleExampleExampleExampleExample12"


def problems(**environ: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env(environ)
    return caught.value.problems


def test_nothing_set_gives_the_defaults() -> None:
    settings = Settings.from_env({})
    assert (settings.http_host, settings.http_port, settings.duty_display_tz) == ("127.0.0.1", 8080, "UTC")
    assert settings.database_url == f"sqlite:///{Path.cwd()}/data/duty_teller.db"
    assert settings.bot_api_base_url == "https://api.telegram.org"


def test_everything_set_is_read() -> None:
    settings = Settings.from_env(
        {
            "BOT_TOKEN": f" {TOKEN} ",
            "ADMIN_IDS": "1001, 1004;1005",
            "ADMIN_USERNAMES": "@Alice, bob_the_admin",
            "ALLOWED_USERNAMES": "Dan",
            "DATA_DIR": "/var/lib/duty",
            "HTTP_HOST": "0.0.0.0",
            "HTTP_PORT": "0",
            "MINI_APP_BASE_URL": "https://duty.example.org/",
            "DUTY_DISPLAY_TZ": "Europe/Moscow",
            "HOLIDAYS": "de-by",
            "EXTERNAL_CALENDAR_ICS_URL": "Fairs = webcal://a.example/1?k=2 | Support / Own = http://b.example|https://c.example/",
            "EXTERNAL_CALENDAR_NETWORKS": "10.0.0.0/8, fd00::/8",
            "DEFAULT_LANGUAGE": "RU",
            "INIT_DATA_MAX_AGE_SECONDS": "3600",
            "BOT_API_BASE_URL": "http://127.0.0.1:8081/",
            "LOG_LEVEL": "debug",
            "HOME": "/root",
        }
    )
    assert settings == Settings(
        bot_token=TOKEN,
        admin_ids=frozenset({1001, 1004, 1005}),
        admin_usernames=frozenset({"alice", "bob_the_admin"}),
        allowed_usernames=frozenset({"dan"}),
        data_dir=Path("/var/lib/duty"),
        http_host="0.0.0.0",
        http_port=0,
        mini_app_base_url="https://duty.example.org",
        duty_display_tz="Europe/Moscow",
        holidays="DE-BY",
        external_calendar_ics_url=(
            NamedCalendar("", "Fairs", "https://a.example/1?k=2"),
            NamedCalendar("Support", "Own", "http://b.example"),
            NamedCalendar("", "c.example", "https://c.example/"),
        ),
        external_calendar_networks=(ip_network("10.0.0.0/8"), ip_network("fd00::/8")),
        default_language="ru",
        init_data_max_age_seconds=3600,
        bot_api_base_url="http://127.0.0.1:8081",
        log_level="DEBUG",
    )
    assert settings.database_url == "sqlite:////var/lib/duty/duty_teller.db"


BAD = {
    "BOT_TOKEN": "my-very-secret-token",
    "ADMIN_IDS": "alice",
    "ADMIN_USERNAMES": "al",
    "ALLOWED_USERNAMES": "d@n",
    "DATABASE_URL": "mysql://root:hunter2@db/duty",
    "HTTP_HOST": "http://localhost",
    "HTTP_PORT": "65536",
    "MINI_APP_BASE_URL": "http://duty.example.org",
    "MINI_APP_SHORT_NAME": "a b",
    "DUTY_DISPLAY_TZ": "Moscow",
    "HOLIDAYS": "DE-XX",
    "EXTERNAL_CALENDAR_ICS_URL": "Fairs = ftp://a.example/hunter2",
    "EXTERNAL_CALENDAR_NETWORKS": "10.0.0.0/99",
    "DEFAULT_LANGUAGE": "de",
    "INIT_DATA_MAX_AGE_SECONDS": "59",
    "BOT_API_BASE_URL": "api.telegram.org",
    "LOG_LEVEL": "loud",
}


def test_every_problem_is_reported_at_once_by_name_and_without_secrets() -> None:
    found = problems(**BAD)
    assert [problem.split(":")[0] for problem in found] == [
        option.name.upper() for option in fields(Settings) if option.name.upper() in BAD
    ]
    assert len(found) == len(BAD)
    text = "\n".join(found)
    assert "my-very-secret-token" not in text
    assert "hunter2" not in text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DUTY_DISPLAY_TZ", "EST"),
        ("EXTERNAL_CALENDAR_ICS_URL", "A = https://a.example/1 | a = https://a.example/2"),
        ("HTTP_PORT", "-1"),
        ("HTTP_PORT", "80a"),
        ("INIT_DATA_MAX_AGE_SECONDS", "86401"),
        ("MINI_APP_BASE_URL", "https://duty.example.org/?a=1"),
        ("MINI_APP_BASE_URL", "https://duty.example.org:99999"),
        ("MINI_APP_BASE_URL", "https://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///"),
        ("ADMIN_IDS", "0"),
        ("ADMIN_IDS", str(2**63)),
        ("BOT_TOKEN", "123456"),
    ],
)
def test_value_out_of_bounds_is_refused(name: str, text: str) -> None:
    (problem,) = problems(**{name: text})
    assert problem.startswith(f"{name}: ")


def test_loopback_may_be_plain_http() -> None:
    assert (
        Settings.from_env({"MINI_APP_BASE_URL": "http://localhost:8080"}).mini_app_base_url == "http://localhost:8080"
    )


def test_empty_value_counts_as_not_set() -> None:
    assert Settings.from_env({"HTTP_PORT": "", "BOT_TOKEN": "  "}) == Settings()


def test_value_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n")
    assert Settings.from_env({"BOT_TOKEN_FILE": str(tmp_path / "token")}).bot_token == TOKEN


def test_value_and_file_at_once_are_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    assert problems(BOT_TOKEN=TOKEN, BOT_TOKEN_FILE=str(tmp_path / "token")) == [
        "BOT_TOKEN: is set twice, here and by BOT_TOKEN_FILE"
    ]
    (tmp_path / "token").write_text("\n")  # as the package leaves it, for whom the example's line is plainer
    assert Settings.from_env({"BOT_TOKEN": TOKEN, "BOT_TOKEN_FILE": str(tmp_path / "token")}).bot_token == TOKEN


def test_file_that_cannot_be_read_is_named_by_its_variable(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert problems(BOT_TOKEN_FILE=str(tmp_path / "missing"), DATABASE_URL_FILE=str(tmp_path / "binary")) == [
        "BOT_TOKEN: BOT_TOKEN_FILE cannot be read (FileNotFoundError)",
        "DATABASE_URL: DATABASE_URL_FILE cannot be read (UnicodeDecodeError)",
    ]


def test_state_directory_of_systemd_is_the_default_of_data_dir() -> None:
    assert Settings.from_env({"STATE_DIRECTORY": "/var/lib/duty:/var/lib/more"}).data_dir == Path("/var/lib/duty")
    assert Settings.from_env({"STATE_DIRECTORY": "/a", "DATA_DIR": "/b"}).data_dir == Path("/b")


def test_dotenv_fills_in_what_the_environment_does_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for option in fields(Settings):
        monkeypatch.delenv(option.name.upper(), raising=False)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    os.environ["HTTP_PORT"] = "9000"
    (tmp_path / ".env").write_text("HTTP_PORT=9001\nDUTY_DISPLAY_TZ=Europe/Moscow\n")

    settings = Settings.from_env()

    assert (settings.http_port, settings.duty_display_tz) == (9000, "Europe/Moscow")


def test_unreadable_dotenv_is_a_problem_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"BOT_TOKEN=\xff\xfe\n")
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env()
    assert caught.value.problems == [".env: cannot be read (UnicodeDecodeError)"]


def test_secrets_are_not_shown_by_repr() -> None:
    settings = Settings(bot_token=TOKEN, database_url="postgresql://duty:hunter2@db/duty")
    assert TOKEN not in repr(settings)
    assert "hunter2" not in repr(settings)


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().http_port = 1  # type: ignore[misc]


def test_run_needs_a_token_and_an_admin() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env({"HTTP_PORT": "far"}, serving=True)
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["HTTP_PORT", "BOT_TOKEN", "ADMIN_IDS"]
    given = {"BOT_TOKEN": TOKEN, "ADMIN_USERNAMES": "alice"}
    assert Settings.from_env(given, serving=True).admin_usernames == {"alice"}


def test_run_does_not_call_a_wrong_option_missing() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env({"BOT_TOKEN": "nonsense", "ADMIN_IDS": "alice"}, serving=True)
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["BOT_TOKEN", "ADMIN_IDS"]


def test_module_names_are_served_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HTTP_PORT", "9123")
    config.current.cache_clear()
    try:
        assert config.HTTP_PORT == 9123
        assert config.current() is config.current()
        with pytest.raises(AttributeError, match="NO_SUCH_OPTION"):
            _ = config.NO_SUCH_OPTION
    finally:
        config.current.cache_clear()


def test_importing_never_fails_and_reads_nothing(tmp_path: Path) -> None:
    environ = os.environ | BAD | {"PYTHONPATH": str(Path(config.__file__).parents[1])}
    (tmp_path / ".env").write_bytes(b"\xff\xfe")
    done = subprocess.run(
        [sys.executable, "-c", "import duty_teller.config; print('imported')"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "imported"), done.stderr


def test_only_config_reads_the_environment() -> None:
    # systemd's and OpenSSL's variables are theirs; the demo makes an environment of its own.
    allowed = {"config.py", "utils/systemd.py", "utils/tls.py", "demo/play.py"}
    readers = set()
    for name, tree in modules("environ|getenv"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
                readers.add(name)
    assert readers - allowed == set()
