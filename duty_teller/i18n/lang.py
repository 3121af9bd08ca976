"""Which language a person reads, and how its table counts, writes dates and names days."""

from datetime import date, datetime, timedelta

from duty_teller.i18n.languages import LANGUAGES, Language


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


def accepted_language(header: str, default: str) -> str:
    """Returns the language of an `Accept-Language` header that is wanted most of those we speak, else the default."""
    wanted = []
    for part in header.split(","):
        tag, *parameters = (text.strip().lower() for text in part.split(";"))
        weights = [text[2:] for text in parameters if text.startswith("q=")]
        try:
            weight = float(weights[0]) if weights else 1.0
        except ValueError:
            continue
        if weight > 0 and (lang := normalize_lang(tag, "")):
            wanted.append((weight, lang))
    return max(wanted, key=lambda pair: pair[0])[1] if wanted else default


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
    """Writes a day with its weekday: `пн, 23 нояб.`, `Mon 23 Nov`; the year is added when it is not today's.

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
    """Writes a local time the way people say it: `09:00` today, else `вт, 24 нояб., 09:00` / `Tue 24 Nov, 09:00`.

    Args:
        lang: The reader's language.
        moment: An aware time already in the zone it is to be shown in.
        today: The local date in that zone.
    """
    clock = f"{moment:%H:%M}"
    return clock if moment.date() == today else f"{format_day(lang, moment.date(), today)}, {clock}"
