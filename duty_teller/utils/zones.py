"""Time zones as people type them: an IANA name in any case, or a city, also in Russian."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from duty_teller.i18n.core import LocalizedError, t

_CITIES_OF: Final = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
_NO_CITIES: Final = frozenset(
    {"ACT", "LHI", "NSW", "North", "Queensland", "Samoa", "South", "Tasmania", "Victoria", "West"}
)
"""Old names of states and islands that would be taken for something else."""

_RUSSIAN: Final = {
    "Asia/Almaty": "алматы алма-ата астана",
    "Asia/Baku": "баку",
    "Asia/Bishkek": "бишкек",
    "Asia/Dubai": "дубай",
    "Asia/Irkutsk": "иркутск",
    "Asia/Kamchatka": "камчатка петропавловск-камчатский",
    "Asia/Krasnoyarsk": "красноярск",
    "Asia/Magadan": "магадан",
    "Asia/Novosibirsk": "новосибирск",
    "Asia/Omsk": "омск",
    "Asia/Tashkent": "ташкент",
    "Asia/Tbilisi": "тбилиси",
    "Asia/Vladivostok": "владивосток",
    "Asia/Yakutsk": "якутск",
    "Asia/Yekaterinburg": "екатеринбург челябинск пермь уфа тюмень",
    "Asia/Yerevan": "ереван",
    "Europe/Berlin": "берлин",
    "Europe/Chisinau": "кишинёв кишинев",
    "Europe/Istanbul": "стамбул",
    "Europe/Kaliningrad": "калининград",
    "Europe/Kiev": "киев київ",
    "Europe/London": "лондон",
    "Europe/Minsk": "минск",
    "Europe/Moscow": "москва мск msk санкт-петербург петербург питер спб казань сочи краснодар",
    "Europe/Riga": "рига",
    "Europe/Samara": "самара",
    "Europe/Tallinn": "таллин таллинн",
    "Europe/Vilnius": "вильнюс",
    "Europe/Warsaw": "варшава",
}
_SAMPLES: Final = tuple(datetime(year, month, 1, 12, tzinfo=UTC) for year in (2020, 2025) for month in range(1, 13))

_MEANINGS: Final = {
    "AST": ("America/Halifax", "Asia/Riyadh", "Etc/GMT+4"),
    "BST": ("Europe/London", "Asia/Dhaka"),
    "CET": ("Europe/Berlin", "Etc/GMT-1"),
    "CST": ("America/Chicago", "Asia/Shanghai", "Etc/GMT+6"),
    "EET": ("Europe/Helsinki", "Europe/Kaliningrad"),
    "EST": ("America/New_York", "Etc/GMT+5"),
    "GMT": ("Europe/London", "Etc/GMT"),
    "IST": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "MET": ("Europe/Berlin", "Etc/GMT-1"),
    "MST": ("America/Denver", "America/Phoenix"),
    "PST": ("America/Los_Angeles", "Asia/Manila", "Etc/GMT+8"),
    "WET": ("Europe/Lisbon", "Etc/GMT"),
}
"""Abbreviations that stand for several zones, the likeliest first.

The tz database has some of them as zones of their own (EST and MST without summer time); whoever writes them mostly
means the time of a city, which has one.
"""

MEANT: Final = tuple(sorted({name for names in _MEANINGS.values() for name in names}))
"""Every zone that an abbreviation may stand for."""


class AmbiguousZoneError(LocalizedError):
    """An abbreviation that stands for several zones.

    Attributes:
        typed: As it was written.
        zones: The IANA names it may stand for, the likeliest first.
    """

    def __init__(self, typed: str, zones: tuple[str, ...]) -> None:
        super().__init__("error.zone_ambiguous", zone=typed[:64], first=zones[0])
        self.typed = typed[:64]
        self.zones = zones

    def text(self, lang: str) -> str:
        """Returns the message with what each of the zones is."""
        listed = "; ".join(f"{name} ({zone_label(lang, name)})" for name in self.zones)
        return t(lang, self.key, zones=listed, **self.args_by_name)


def meanings(name: str) -> tuple[str, ...]:
    """Returns the zones that an abbreviation may stand for, the likeliest first; of anything else nothing."""
    return _MEANINGS.get(name.strip().upper(), ())


def refuse_ambiguous(name: str) -> None:
    """Refuses an abbreviation that stands for several zones.

    Raises:
        AmbiguousZoneError: It does.
    """
    if found := meanings(name):
        raise AmbiguousZoneError(name.strip(), found)


def zone_label(lang: str, name: str) -> str:
    """Says what a zone is, for a choice between several: `New York: UTC−5, summer −4`, `UTC−5 all year`.

    Args:
        lang: The reader's language.
        name: An IANA name.
    """
    offsets = sorted({moment.astimezone(zone(name)).utcoffset() or timedelta() for moment in _SAMPLES[-12:]})
    usual, summer = _offset(offsets[0]), _offset(offsets[-1])
    if name.startswith("Etc/"):
        return t(lang, "zone.fixed", offset=f"UTC{usual}")
    city = name.rpartition("/")[2].replace("_", " ")
    key = "zone.city" if len(offsets) == 1 else "zone.city_summer"
    return t(lang, key, city=city, offset=f"UTC{usual}", summer=summer)


def _offset(offset: timedelta) -> str:
    minutes = round(abs(offset).total_seconds() / 60)
    sign = "−" if offset < timedelta() else "+"
    return f"{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "") if minutes else ""


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Returns the IANA zone.

    Raises:
        LocalizedError: `error.zone_unknown`, there is no such zone.
    """
    try:
        if not name or name.startswith(("/", ".")) or name in {"localtime", "posixrules"}:
            raise ValueError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise LocalizedError("error.zone_unknown", zone=name[:64]) from error


@lru_cache(maxsize=1)
def _known() -> dict[str, list[str]]:
    """Returns the zones by their folded names and by the cities in them."""
    found: dict[str, list[str]] = {}
    for name in sorted(available_timezones()):
        region, _slash, place = name.partition("/")
        city = place.rpartition("/")[2]
        is_city = region in _CITIES_OF and city not in _NO_CITIES
        for key in {name.casefold()} | ({city.casefold()} if is_city else set()):
            found.setdefault(key, []).append(name)
    for name, cities in _RUSSIAN.items():
        found.update((city, [name]) for city in cities.split())
    return found


def typed_zone(text: str) -> ZoneInfo:
    """Returns the zone that somebody typed: `Europe/Berlin`, `europe/berlin`, `utc`, `Berlin`, `new york`, `Москва`.

    A city with several names in the database (Asia/Istanbul, Europe/Istanbul) is one zone when they keep the same time.

    Raises:
        AmbiguousZoneError: An abbreviation that stands for several zones.
        LocalizedError: `error.zone_unknown`, there is no such zone, or several have that city.
    """
    refuse_ambiguous(text)
    typed = "_".join(text.split())
    try:
        return zone(typed)
    except LocalizedError:
        same: dict[tuple[object, ...], str] = {}
        for name in _known().get(typed.casefold(), []):
            same[tuple(moment.astimezone(zone(name)).utcoffset() for moment in _SAMPLES)] = name
        if len(same) != 1:
            raise
        return zone(next(iter(same.values())))
