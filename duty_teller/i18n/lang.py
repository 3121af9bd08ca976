"""How a language counts, writes dates and names days: by its table."""

from datetime import date, datetime, timedelta

from duty_teller.i18n.languages import LANGUAGES, Language


def table(lang: str) -> Language:
    """Returns the table of a language; of English for one that is not spoken."""
    return LANGUAGES.get(lang) or LANGUAGES["en"]


def plural_form(lang: str, n: int) -> int:
    """Returns the index of the plural form, by the CLDR rules for integers: en one/other, ru one/few/many."""
    n, spoken = abs(n), table(lang)
    return spoken.plurals_exact.get(n, int(spoken.plurals[n % 100]))


def weekday(lang: str, day: date) -> str:
    """Returns the short weekday: `пн`, `Mon`."""
    return table(lang).weekdays[day.weekday()]


def week_start(lang: str, day: date) -> date:
    """Returns the first day of a day's week, as calendars of the language have it."""
    return day - timedelta(days=(day.weekday() - table(lang).first_weekday) % 7)


def format_decimal(lang: str, number: float) -> str:
    """Writes a number as short as it is: `5,8` in Russian, `5.8` in English."""
    return f"{number:g}".replace(".", table(lang).decimal_mark)


def format_day(lang: str, day: date, today: date | None = None) -> str:
    """Writes a day with its weekday: `пн 23 нояб.`, `Mon 23 Nov`; the year is added when it is not today's.

    Args:
        lang: The reader's language.
        day: A local date.
        today: The reader's local date; None always adds the year.
    """
    spoken = table(lang)
    written = spoken.date.format(day=day.day, month=spoken.months_in_date[day.month - 1])
    if today is None or today.year != day.year:
        written = spoken.with_year.format(date=written, year=day.year)
    return spoken.day.format(weekday=spoken.weekdays[day.weekday()], date=written)


def month_name(lang: str, number: int) -> str:
    """Returns the name of a month, 1 … 12, as it stands alone: `ноябрь`, `November`."""
    return table(lang).months[number - 1]


def format_month(lang: str, day: date) -> str:
    """Writes a day's month with its year: `ноябрь 2026`, `November 2026`."""
    return table(lang).with_year.format(date=month_name(lang, day.month), year=day.year)


def format_moment(lang: str, moment: datetime, today: date) -> str:
    """Writes a local time the way people say it: `09:00` today, else `вт 24 нояб., 09:00` / `Tue 24 Nov, 09:00`.

    Args:
        lang: The reader's language.
        moment: An aware time already in the zone it is to be shown in.
        today: The local date in that zone.
    """
    clock = f"{moment:%H:%M}"
    return clock if moment.date() == today else f"{format_day(lang, moment.date(), today)}, {clock}"
