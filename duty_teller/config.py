"""Settings from the environment: one table of options, one frozen object, every problem reported at once.

Each option can also be given as `NAME_FILE`, the path of a file that holds the value (systemd credentials, container
secrets). Module-level names (`config.BOT_TOKEN`, `config.HTTP_PORT` …) are served lazily from `Settings.from_env()`,
so importing this module never fails and reads nothing.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from duty_teller.i18n.core import LocalizedError
from duty_teller.i18n.languages import LANGUAGES
from duty_teller.utils.public_holidays import typed_place
from duty_teller.utils.texts import is_usable
from duty_teller.utils.web_address import checked_address
from duty_teller.utils.zones import AmbiguousZoneError, refuse_ambiguous, zone

EXIT_CONFIGURATION: Final = 78
"""EX_CONFIG of sysexits.h: the service manager should not restart a process that ended with it."""


SERVICE_ENV: Final = Path("/etc/duty-teller/duty-teller.env")
SERVICE_TOKEN: Final = Path("/etc/duty-teller/bot_token")
SERVICE_DATA: Final = Path("/var/lib/duty-teller")
"""Where the service of this machine has its variables, its token and its data (systemd/duty-teller.service)."""

_SAYS_WHERE: Final = ("DATA_DIR", "DATABASE_URL", "STATE_DIRECTORY", "BOT_TOKEN")


class ConfigurationError(Exception):
    """The environment cannot be used; `problems` names every variable at fault and never shows a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _token(text: str) -> str:
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]{3,}", text):
        raise ValueError("does not look like a bot token (digits, a colon, letters); copy it from @BotFather again")
    return text


def _host(text: str) -> str:
    if re.fullmatch(r"unix:/.+", text):
        return text
    if not text or re.search(r"[\s/]", text):
        raise ValueError("must be an address to listen on, such as 127.0.0.1, or unix: and the whole path of a socket")
    return text


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    parts = [part for part in re.split(r"[,;\s]+", text) if part]
    try:
        return tuple(ip_network(part) for part in parts)
    except ValueError:
        raise ValueError("must be addresses or networks, such as 172.18.0.0/16, separated by commas") from None


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise ValueError("must be a port from 1 to 65535 (0 takes a free one)")
    return int(text)


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1)
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://duty.example.org")
    return text.rstrip("/")


def _https_url(text: str) -> str:
    url = _url(text)
    if not url.startswith("https://") and urlsplit(url).hostname not in {"localhost", "127.0.0.1"}:
        raise ValueError("must start with https:// (Telegram opens nothing else)")
    return url


def sqlite_address(path: Path) -> str:
    """Returns the DATABASE_URL of a file, whose name may hold `%`, `?` and `#`."""
    return f"sqlite:///{quote(str(path.absolute()))}"


def _database_url(text: str) -> str:
    if re.match(r"sqlite[^?#]*[?#]", text):
        raise ValueError("has a ? or # in it: write %3F for a ? of the file's name, %23 for a # and %25 for a %")
    if not re.match(r"(sqlite(\+pysqlite)?:///|postgresql(\+psycopg)?://)(?!:memory:)[^?]", text):
        raise ValueError("must start with sqlite:/// and a file, or with postgresql+psycopg://")
    return text


def _zone(text: str) -> str:
    try:
        refuse_ambiguous(text)
        return zone(text).key
    except AmbiguousZoneError as error:
        raise ValueError(f"is not clear: {error}") from None
    except LocalizedError:
        raise ValueError("must be an IANA time zone such as Europe/Moscow") from None


def _place(text: str) -> str:
    try:
        return typed_place(text)
    except LocalizedError:
        raise ValueError("must be a country, such as DE, or one of its regions, such as DE-BY") from None


@dataclass(frozen=True, slots=True)
class NamedCalendar:
    """A calendar of the setting EXTERNAL_CALENDAR_ICS_URL; with no roster's name it is every roster's."""

    roster: str
    name: str
    url: str = field(repr=False)


def _calendars(text: str) -> tuple[NamedCalendar, ...]:
    found = []
    for part in re.split(r"\s*[|\n]\s*", text):
        entry = re.fullmatch(r"(?:([^=|]*?)\s*=\s*)?((?:https?|webcal)://\S+)", part.strip(), re.IGNORECASE)
        try:
            if entry is None:
                raise ValueError(part)
            url = checked_address(entry[2])
        except (LocalizedError, ValueError):
            raise ValueError("must be `NAME = https://…`, several separated by `|`; an address is wrong") from None
        roster, slash, name = (entry[1] or "").rpartition("/")
        name = " ".join(name.split()) or urlsplit(url).hostname or "calendar"
        found.append(NamedCalendar(" ".join(roster.split()) if slash else "", name[:60], url))
    if len({(one.roster.casefold(), one.name.casefold()) for one in found}) < len(found):
        raise ValueError("has two calendars of the same name")
    return tuple(found)


def _language(text: str) -> str:
    if text.lower() not in LANGUAGES:
        raise ValueError("must be one of " + ", ".join(LANGUAGES))
    return text.lower()


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise ValueError("must be a whole number")
    return int(text)


def _days(text: str) -> int:
    if not 1 <= (days := _count(text)) <= 3660:
        raise ValueError("must be a number of days from 1 to 3660")
    return days


def _names(text: str) -> frozenset[str]:
    names = [part.strip().removeprefix("@").lower() for part in re.split(r"[,;\s]+", text) if part.strip()]
    if wrong := [name for name in names if not re.fullmatch(r"[a-z0-9_]{3,32}", name)]:
        raise ValueError(f"must be Telegram usernames, separated by commas ({len(wrong)} of them cannot be one)")
    return frozenset(names)


def _ids(text: str) -> frozenset[int]:
    parts = [part for part in re.split(r"[,;\s]+", text) if part]
    if wrong := [part for part in parts if not re.fullmatch(r"\d{1,19}", part) or not 0 < int(part) < 2**63]:
        raise ValueError(f"must be numeric Telegram ids, separated by commas ({len(wrong)} of them cannot be one)")
    return frozenset(int(part) for part in parts)


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 60 <= int(text) <= 86400:
        raise ValueError("must be a number of seconds from 60 to 86400")
    return int(text)


def _app_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_]{3,30}", text):
        raise ValueError("must be the short name given to the app in @BotFather (letters, digits, _)")
    return text


def _metrics_token(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{16,200}", text):
        raise ValueError("must be 16 letters or digits at least, such as `openssl rand -hex 16` prints")
    return text


def _level(text: str) -> str:
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be one of DEBUG, INFO, WARNING, ERROR")
    return text.upper()


def _log_format(text: str) -> str:
    if text.lower() not in {"text", "json"}:
        raise ValueError("must be text or json")
    return text.lower()


def _option(parse: Callable[[str], Any], default: Any, doc: str, secret: bool = False) -> Any:
    return field(default=default, metadata={"parse": parse, "doc": doc, "secret": secret}, repr=not secret)


@dataclass(frozen=True)
class Settings:
    """Everything the process is told from outside. Field names in capitals are the variables."""

    bot_token: str = _option(
        _token, "", "The bot's token from @BotFather. Without it `make run` starts the demo.", secret=True
    )
    admin_ids: frozenset[int] = _option(
        _ids, frozenset(), "Telegram ids of the admins, separated by commas. Recommended: an id never changes hands."
    )
    admin_usernames: frozenset[str] = _option(
        _names, frozenset(), "Usernames of admins; each is bound to the first account that shows it."
    )
    allowed_usernames: frozenset[str] = _option(
        _names,
        frozenset(),
        "Usernames of people let in beside the admins and the people of the roster; bound like the above.",
    )
    data_dir: Path = _option(Path, Path("data"), "Folder for the database, the secret of the links and the caches.")
    database_url: str = _option(
        _database_url, "", "Where the data live; by default the file `duty_teller.db` in DATA_DIR.", secret=True
    )
    http_host: str = _option(
        _host, "127.0.0.1", "Address the web part listens on, or `unix:` and the whole path of a socket."
    )
    http_port: int = _option(_port, 8080, "Port the web part listens on.")
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = _option(
        _networks,
        (),
        "Addresses or networks of reverse proxies on other machines, which bring many people's connections.",
    )
    mini_app_base_url: str = _option(
        _https_url,
        "",
        "Public https address of the web part; without it there are no Mini App buttons and no feed links.",
    )
    mini_app_short_name: str = _option(
        _app_name, "", "Short name of the Mini App in @BotFather, when it is not the bot's main one."
    )
    duty_display_tz: str = _option(_zone, "UTC", "Time zone of the first roster and of times that belong to no roster.")
    holidays: str = _option(
        _place, "", "Country or region of the public holidays and weekend: `RU`, `DE-BY`; /settings can choose another."
    )
    default_language: str = _option(_language, "en", "Language where a person's is not known: `ru` or `en`.")
    external_calendar_ics_url: tuple[NamedCalendar, ...] = _option(
        _calendars,
        (),
        "Calendars over the rosters: `NAME = https://…`, several with `|` between; `ROSTER / NAME` for one roster.",
        secret=True,
    )
    external_calendar_networks: tuple[IPv4Network | IPv6Network, ...] = _option(
        _networks, (), "Networks inside that these calendars may be fetched from, such as `10.0.0.0/8`."
    )
    feed_past_days: int = _option(_days, 90, "How many past days calendar feeds show.")
    feed_ahead_days: int = _option(_days, 400, "How many days ahead calendar feeds show.")
    feed_requests_per_minute: int = _option(
        _count, 30, "How often a minute a feed is sent in full to one link; asked more often, it says so. 0: no limit."
    )
    init_data_max_age_seconds: int = _option(
        _seconds, 86400, "How old the Mini App's launch data may be before it has to be reopened."
    )
    bot_api_base_url: str = _option(
        _url,
        "https://api.telegram.org",
        "Address of a self-hosted Bot API server (`/bot` and `/file/bot` are appended).",
    )
    metrics_token: str = _option(
        _metrics_token,
        "",
        "Lets who sends it as a bearer token read `/metrics`; without one there is no such page.",
        secret=True,
    )
    log_level: str = _option(_level, "INFO", "DEBUG, INFO, WARNING or ERROR.")
    log_format: str = _option(_log_format, "text", "`text`, or `json`: one object a line.")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, serving: bool = False) -> "Settings":
        """Reads and validates all options.

        Args:
            environ: The variables; None takes the process's own, after python-dotenv has added what a `.env` in the
                working directory sets and the environment does not.
            serving: Also ask for what only `duty-teller run` needs: a token, and somebody who is an admin.

        Raises:
            ConfigurationError: With every variable that is wrong or missing.
        """
        if environ is None:
            from dotenv import load_dotenv

            try:
                load_dotenv(Path(".env"))
            except (OSError, ValueError) as error:  # bytes that are no text, a NUL
                raise ConfigurationError([f".env: cannot be read ({type(error).__name__})"]) from error
            environ = os.environ
        values: dict[str, Any] = {}
        problems: list[str] = []
        for option in fields(cls):
            name = option.name.upper()
            try:
                text = _value(environ, name)
                if text:
                    values[option.name] = option.metadata["parse"](text)
            except ValueError as error:
                problems.append(f"{name}: {error}")
        if "data_dir" not in values and (state := environ.get("STATE_DIRECTORY")):
            values["data_dir"] = Path(state.split(":")[0])
        if serving:
            wrong = {problem.split(":")[0].lower() for problem in problems}
            problems += _missing(values.keys() | wrong)
        if problems:
            raise ConfigurationError(problems)
        return cls(**values)

    def __post_init__(self) -> None:
        if not self.database_url:
            object.__setattr__(self, "database_url", sqlite_address(self.data_dir / "duty_teller.db"))


def of_service(environ: Mapping[str, str] | None = None) -> dict[str, str] | None:
    """Returns the variables of this machine's service, for a command that is told of no other data.

    Args:
        environ: The variables of the command, which count more; None takes the process's own.

    Returns:
        None when the environment or a `.env` says where the data are, or there is no service.

    Raises:
        ConfigurationError: There is one, and its files may not be read.
    """
    environ = os.environ if environ is None else environ
    told = any(environ.get(name) or environ.get(f"{name}_FILE") for name in _SAYS_WHERE)
    if told or Path(".env").exists():
        return None
    try:
        if not SERVICE_ENV.exists() and not SERVICE_DATA.exists():
            return None
        from dotenv import dotenv_values

        found = {name: text or "" for name, text in dotenv_values(SERVICE_ENV, interpolate=False).items()}
        found["DATA_DIR"] = str(SERVICE_DATA / found.get("DATA_DIR", ""))  # its working directory
        if SERVICE_TOKEN.exists():
            found = {"BOT_TOKEN_FILE": str(SERVICE_TOKEN)} | found  # as the unit has it: its file counts more
    except PermissionError as error:
        raise ConfigurationError(
            [f"{error.filename}: the service's, and not yours to read: use sudo, or set DATA_DIR for data of your own"]
        ) from error
    except (OSError, ValueError) as error:
        raise ConfigurationError([f"{SERVICE_ENV}: cannot be read ({type(error).__name__})"]) from error
    ours = {option.name.upper() for option in fields(Settings)}
    return found | {name: text for name, text in environ.items() if name.removesuffix("_FILE") in ours}


def _missing(given: Set[str]) -> list[str]:
    """Returns what `duty-teller run` lacks, given the names of the options that are set (rightly or wrongly)."""
    problems = []
    if "bot_token" not in given:
        problems.append("BOT_TOKEN: is missing; @BotFather gives one (or try `duty-teller demo`)")
    if not given & {"admin_ids", "admin_usernames"}:
        problems.append("ADMIN_IDS: is missing, and so is ADMIN_USERNAMES: nobody could import a roster")
    return problems


def _value(environ: Mapping[str, str], name: str) -> str:
    """Returns the variable's text, from `NAME` or from the file that `NAME_FILE` names.

    Raises:
        ValueError: Both are set, or the file cannot be read.
    """
    text, path = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if not path:
        return _readable(text)
    try:
        held = _readable(Path(path).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name}_FILE cannot be read ({type(error).__name__})") from error
    if text and held:  # the package's file of the token is empty until somebody fills it in
        raise ValueError(f"is set twice, here and by {name}_FILE")
    return held or _readable(text)


def _readable(text: str) -> str:
    if not is_usable(text):
        raise ValueError("must be text in UTF-8")
    return text


@cache
def current() -> Settings:
    """Returns the settings of this process, read from the environment at the first call."""
    return Settings.from_env()


def __getattr__(name: str) -> Any:
    if name.isupper() and name.lower() in Settings.__dataclass_fields__:
        return getattr(current(), name.lower())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


CERTIFICATES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
PROXIES: Final = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy")
"""What the libraries read by themselves: named when a bot cannot be built with it."""


def set_variables(names: Sequence[str]) -> list[str]:
    """Returns which of some variables are set; never what they hold."""
    return [name for name in names if os.environ.get(name)]
