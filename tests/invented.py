"""Zemblan: a language that nobody ships, unlike Russian and English in everything a table says."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from duty_teller.api import pages
from duty_teller.i18n.core import Forms, catalogue
from duty_teller.i18n.languages import LANGUAGES, Asked, Language, Typed
from duty_teller.importers.words import names

CODE = "qz"


def _lettered(word: str, count: int) -> tuple[str, ...]:
    return tuple(word + letter for letter in "abcdefghijkl"[:count])


ZEMBLAN = Language(
    name="Zemblska",
    locale="pl-PL",
    plural_forms=4,
    plurals="".join("2" if n % 10 == 3 else "3" for n in range(100)),
    plurals_exact={0: 0, 1: 1},
    weekdays=_lettered("v", 7),
    weekdays_long=_lettered("vesten", 7),
    months=_lettered("luna", 12),
    months_in_date=_lettered("lu", 12),
    months_in_date_long=_lettered("lunae", 12),
    first_weekday=5,
    date="{month}/{day}",
    day="{date} ({weekday})",
    day_long="{date} ({weekday})",
    with_year="{year}/{date}",
    decimal_mark="'",
    csv_separator="\t",
    code_letters="abcdefghijklmnopqr",
    typed=Typed(
        weekdays="vy|vyd|vyt|vyc|vyp|vys|vyn",
        days={"nol": 0, "alku": 1},
        weeks={"sept alku": 1},
        months_ahead={"luna alku": 1},
        before_day=("un",),
        after_year=("anno",),
        now=("nu",),
        all_days=("tot",),
        joining="ond",
        through="tyl",
        since=("ab",),
        until=("usk",),
        roles={"mestra": "admin"},
    ),
    asked=Asked(
        who=("kto",),
        duty=("vaka",),
        when=("kva",),
        mine=("mej",),
        shifts=("skift",),
        little=("zu",),
        commands={"my": "mej skifta", "help": "hilf"},
    ),
)


def _translated(key: str, english: Forms) -> Forms:
    """Writes an English text as a Zemblan one: marked, and in four forms where it has any."""
    if isinstance(english, str):
        return f"Z:{english}"
    one, other = english
    return f"Z0:{other}", f"Z1:{one}", f"Z2:{other}", f"Z3:{other}"


@contextmanager
def spoken() -> Iterator[Language]:
    """Adds the language to those that are spoken."""
    cached = (pages._texts, pages.page, names._months, names._typed_weekdays)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(LANGUAGES, CODE, ZEMBLAN)
        for key, texts in catalogue().items():
            patch.setitem(texts, CODE, _translated(key, texts["en"]))
        for function in cached:
            function.cache_clear()
        yield ZEMBLAN
    for function in cached:
        function.cache_clear()
