"""Time zones as people type them: an IANA name in any case, or a city, also in Russian."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from duty_teller.i18n.core import LocalizedError

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
    "Europe/Moscow": "москва мск санкт-петербург петербург питер спб казань сочи краснодар",
    "Europe/Riga": "рига",
    "Europe/Samara": "самара",
    "Europe/Tallinn": "таллин таллинн",
    "Europe/Vilnius": "вильнюс",
    "Europe/Warsaw": "варшава",
}
_SAMPLES: Final = tuple(datetime(year, month, 1, 12, tzinfo=UTC) for year in (2020, 2025) for month in range(1, 13))


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
        LocalizedError: `error.zone_unknown`, there is no such zone, or several have that city.
    """
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
