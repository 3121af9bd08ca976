"""Which language a person reads, and how that language counts, writes dates and names days."""

from datetime import date, datetime
from typing import Final

LANGUAGES: Final = ("ru", "en")

_WEEKDAYS: Final = {
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS_IN_DATE: Final = {
    "ru": ("янв.", "февр.", "марта", "апр.", "мая", "июня", "июля", "авг.", "сент.", "окт.", "нояб.", "дек."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_MONTHS: Final = {
    "ru": (
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def normalize_lang(code: str | None, default: str = "en") -> str:
    """Folds an IETF tag (`ru-RU`, `en_GB`) to a language of the catalogue, or gives the default."""
    if not code:
        return default
    head = code.replace("_", "-").split("-", 1)[0].lower()
    return head if head in LANGUAGES else default


def get_lang(user: object, default: str = "en") -> str:
    """Tells the language of a person: the stored choice first, then Telegram's `language_code`, then the default.

    Args:
        user: A `db.models.User`, a `telegram.User` or None; attributes that are missing count as not set.
        default: What to use when nothing is known (`DEFAULT_LANGUAGE`).
    """
    for attribute in ("language", "language_code"):
        if value := getattr(user, attribute, None):
            return normalize_lang(str(value), default)
    return default


def plural_form(lang: str, n: int) -> int:
    """Returns the index of the plural form, by the CLDR rules for integers: en one/other, ru one/few/many."""
    n = abs(n)
    if lang != "ru":
        return 0 if n == 1 else 1
    if n % 10 == 1 and n % 100 != 11:
        return 0
    return 1 if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else 2


def weekday(lang: str, day: date) -> str:
    """Returns the short weekday: `пн`, `Mon`."""
    return _WEEKDAYS.get(lang, _WEEKDAYS["en"])[day.weekday()]


def format_decimal(lang: str, number: float) -> str:
    """Writes a number as short as it is: `5,8` in Russian, `5.8` in English."""
    written = f"{number:g}"
    return written.replace(".", ",") if lang == "ru" else written


def format_day(lang: str, day: date, today: date | None = None) -> str:
    """Writes a day with its weekday: `пн, 23 нояб.`, `Mon 23 Nov`; the year is added when it is not today's.

    Args:
        lang: The reader's language.
        day: A local date.
        today: The reader's local date; None always adds the year.
    """
    month = _MONTHS_IN_DATE.get(lang, _MONTHS_IN_DATE["en"])[day.month - 1]
    year = "" if today is not None and today.year == day.year else f" {day.year}"
    comma = "," if lang == "ru" else ""
    return f"{weekday(lang, day)}{comma} {day.day} {month}{year}"


def format_month(lang: str, day: date) -> str:
    """Writes a day's month with its year: `ноябрь 2026`, `November 2026`."""
    return f"{_MONTHS.get(lang, _MONTHS['en'])[day.month - 1]} {day.year}"


def format_moment(lang: str, moment: datetime, today: date) -> str:
    """Writes a local time the way people say it: `09:00` today, else `вт, 24 нояб., 09:00` / `Tue 24 Nov, 09:00`.

    Args:
        lang: The reader's language.
        moment: An aware time already in the zone it is to be shown in.
        today: The local date in that zone.
    """
    clock = f"{moment:%H:%M}"
    return clock if moment.date() == today else f"{format_day(lang, moment.date(), today)}, {clock}"
