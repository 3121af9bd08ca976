"""Public holidays and weekends of a country or region, as the library `holidays` knows them.

A place is written `DE`, or with a region of the library's `DE-BY`; an empty one has no holidays, and Saturdays and
Sundays as its weekend. The library (7 MiB) is loaded for the first place that is asked about, and of the countries
only that one's module.
"""

import sys
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec, module_from_spec
from typing import Any, Final

from duty_teller.i18n.core import LocalizedError, catalogue, t

LONGEST_PLACE: Final = 40
"""Characters of a place."""
_SATURDAY: Final = 5
_LANGUAGES: Final = {"en": ("en_US",), "ru": ("ru", "en_US")}
"""The library's languages for ours, the first it has of a country; else the country's own."""
_COUNTRY: Final = "country."


def _country_codes() -> list[str]:
    return [key.removeprefix(_COUNTRY).upper() for key in catalogue() if key.startswith(_COUNTRY)]


@cache
def _registry() -> dict[str, tuple[str, str]]:
    """Returns ISO code → module and class of the library."""
    from holidays.registry import COUNTRIES

    return {names[1]: (module, names[0]) for module, names in COUNTRIES.items()}


@cache
def _class_of(country: str) -> Any:
    package = "holidays.countries"
    module, name = _registry()[country]
    if package not in sys.modules:
        # Its own code would load all 250 countries, 5 MiB, for the one that is wanted.
        spec = find_spec(package)
        assert spec is not None  # noqa: S101  # a package of the library
        sys.modules[package] = module_from_spec(spec)
    return getattr(import_module(f"{package}.{module}"), name)


def _made(place: str, lang: str, year: int) -> Any:
    country, _dash, region = place.partition("-")
    entity = _class_of(country)
    language = next((one for one in _LANGUAGES.get(lang, ("en_US",)) if one in entity.supported_languages), None)
    return entity(years=[year], subdiv=region or None, language=language)


@lru_cache(maxsize=64)
def _year(place: str, lang: str, year: int) -> dict[date, str]:
    return dict(_made(place, lang, year).items())


def holiday_names(place: str, first: date, last: date, lang: str) -> dict[date, str]:
    """Returns the public holidays of some days: day → name, several of a day separated by semicolons.

    Args:
        place: As `typed_place` returns it; empty: none.
        first: A day.
        last: A day, included.
        lang: The reader's language. Without names in it they are in English, else in the country's own.
    """
    if not place:
        return {}
    years = (_year(place, lang, year) for year in range(first.year, last.year + 1))
    return {day: name for known in years for day, name in sorted(known.items()) if first <= day <= last}


@lru_cache(maxsize=1024)
def is_weekend(place: str, day: date) -> bool:
    """Tells whether a day is part of the weekend where it is; a Saturday to which work was moved is none."""
    if not place:
        return day.weekday() >= _SATURDAY
    known = _made(place, "en", day.year)
    return bool(known.is_weekend(day)) and day not in known.weekend_workdays


@cache
def regions(country: str) -> dict[str, str]:
    """Returns the regions that have holidays of their own: code → name; nothing where a country has none."""
    entity = _class_of(country)
    named = entity.get_subdivision_aliases()
    return {code: next(iter(named.get(code) or ()), code) for code in entity.subdivisions}


def place_name(lang: str, place: str) -> str:
    """Names a place: `Germany, Bayern`."""
    country, _dash, region = place.partition("-")
    name = t(lang, f"country.{country.lower()}")
    return f"{name}, {regions(country).get(region, region)}" if region else name


def country_of_zone(timezone: str) -> str:
    """Returns the ISO code of the country that a zone's city lies in, or nothing."""
    try:
        table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    except (OSError, ModuleNotFoundError):
        return ""
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    found = next((row[0] for row in rows if len(row) > 2 and row[2] == timezone), "")
    return found if found in _country_codes() else ""


def typed_place(text: str) -> str:
    """Returns the place that somebody typed: `DE`, `de-by`, `Germany`, `Германия`, `Germany, Bayern`.

    Raises:
        LocalizedError: `holidays.unknown_place`, there is none of that name.
    """
    words = " ".join(text.split())
    country, region = _split(words)
    if not country:
        raise LocalizedError("holidays.unknown_place", text=words[:LONGEST_PLACE])
    if not region:
        return country
    wanted = region.casefold()
    for code, name in regions(country).items():
        if wanted in (code.casefold(), name.casefold()):
            return f"{country}-{code}"
    raise LocalizedError("holidays.unknown_place", text=words[:LONGEST_PLACE])


def _split(words: str) -> tuple[str, str]:
    """Returns the country's code, and what was typed of a region."""
    countries = _typed_countries()
    if whole := countries.get(words.casefold()):
        return whole, ""
    for sign in (",", "-", " "):
        head, found, tail = words.partition(sign)
        if found and tail.strip() and (country := countries.get(head.strip().casefold())):
            return country, tail.strip()
    return "", ""


@cache
def _typed_countries() -> dict[str, str]:
    """Returns code → code, and each name of each language → code, folded."""
    found: dict[str, str] = {}
    for code in _country_codes():
        forms = catalogue()[f"country.{code.lower()}"].values()
        found |= {str(form).casefold(): code for form in forms} | {code.casefold(): code}
    return found | {"uk": "GB", "usa": "US", "holland": "NL", "рф": "RU"}
