"""Month and year from the texts around a table: titles, sheet names, file names."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.words import lexicon, lexicon_people
from duty_teller.importers.words.names import month_number

_TO: Final = rf"(?:[-–—]|{lexicon.BETWEEN}|\.\.+|…)"
_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_NUMERIC_DATE: Final = r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{1,2}-\d{1,2})(?!\d)"
_RANGE: Final = re.compile(rf"({_NUMERIC_DATE})\s*(?:г\.?)?\s*{_TO}\s*({_NUMERIC_DATE})")
# `16.03 – 15.04.2026` and `16 марта – 15 апреля 2026`: the year stands once, behind the last day.
_SHORT_RANGE: Final = re.compile(
    r"(?<![\d.])(\d{1,2})[./](\d{1,2})\.?\s*" + _TO + r"\s*" r"(\d{1,2})[./](\d{1,2})[./](20\d\d|\d\d)(?!\d)"
)
_RANGE_IN_WORDS: Final = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:{lexicon.ORDINAL}|\.)?\s+([^\W\d_]+)\.?,?\s*(?:(20\d\d)\s*(?:{lexicon.YEAR})?,?)?"
    r"\s*" + _TO + r"\s*"
    rf"(\d{{1,2}})(?:{lexicon.ORDINAL}|\.)?\s+([^\W\d_]+)\.?,?\s*(20\d\d)(?!\d)"
)
_PARTS: Final = re.compile(r"\d+")
_MONTH_YEAR: Final = re.compile(
    r"(?<!\d)(?:(0?[1-9]|1[0-2])[./_-](20\d\d)|(20\d\d)[./_-](0?[1-9]|1[0-2]))(?!\d)(?![./_-]\d)"
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_ONE_DAY_BEFORE: Final = re.compile(r"(?<![\d–—-])[«\"“]?\s*\d{1,2}(?:st|nd|rd|th)?\s*[»\"”]?[.,]?\s*(?:of\s+)?$")
_DAYS_BEFORE: Final = re.compile(r"\d{1,2}\.?\s*" + _TO + r"\s*\d{1,2}\D{0,3}$")
_YEAR_AFTER: Final = re.compile(r"[\s.,'’_/-]*(20\d\d)(?!\d)|[\s.]*['’-](\d\d)(?!\d)")
_DAY_AFTER: Final = re.compile(r"\.?\s+\d{1,2}(?:st|nd|rd|th)?,\s*20\d\d")

_NAMES_LIKE_MONTHS: Final = frozenset(lexicon_people.NAMES_LIKE_MONTHS.split())
_TITLE_WORDS: Final = frozenset(
    word
    for words in (lexicon_people.SCHEDULES, lexicon_people.TEAMS, lexicon_people.PLACES)
    for some in words.values()
    for word in some.split()
)
_YEAR_TITLE_WORDS: Final = _TITLE_WORDS | frozenset(lexicon.BESIDE_YEAR.split())
"""All that stands beside a year where it is the year of a roster: `График дежурств на 2025 год`."""
_YEARS: Final = re.compile(r"(?<!\d)20\d\d\s*[-–—/]\s*(?:20)?\d\d(?!\d)")
_WITHIN_A_NAME: Final = re.compile(r"\.?\s{0,2}|,\s?")

_WEEK_WORD: Final = f"(?:{lexicon.WEEK})"
_WEEK_NUMBER: Final = re.compile(
    rf"\b{_WEEK_WORD}\W{{0,3}}(\d{{1,2}})(?![\d./-])|\b(\d{{1,2}})(?:-?[яй])?\s*{_WEEK_WORD}"
)
_DAYS_OF_MONTH: Final = re.compile(
    r"(?<!\d)(\d{1,2})\.?\s*" + _TO + r"\s*\d{1,2}\.?\s+([^\W\d_]+)\.?,?\s+(20\d\d)(?!\d)"
)


_SHORT_WEEK: Final = re.compile(r"(?<!\d)(\d{1,2}\.\d{1,2})\.?\s*" + _TO + r"\s*\d{1,2}\.\d{1,2}\.(20\d\d)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a text says about the time of a table; every part may be missing.

    Attributes:
        month: 1…12.
        year: Four digits.
        first: The first day of a date range; goes before everything else.
        several: The text names more months than this one: `July – September`.
        is_bare: The text is the name of the month, and at most its year.
        is_loose: The year may be anything (`ext. 2031`, `Form 2019`, one of two years): no date is made of it.
    """

    month: int | None = None
    year: int | None = None
    first: date | None = None
    several: bool = False
    is_bare: bool = False
    is_loose: bool = False

    def __bool__(self) -> bool:
        return bool(self.month or self.year or self.first)


def _numeric_date(text: str) -> date | None:
    parts = [int(part) for part in _PARTS.findall(text)]
    year, month, day = parts if parts[0] > 31 else reversed(parts)
    if year < 100:
        year += 2000
    if month > 12 and "/" in text:
        month, day = day, month
    try:
        return date(year, month, day) if limits.FIRST_YEAR <= year <= limits.LAST_YEAR else None
    except ValueError:
        return None


def _first_of_short_range(plain: str) -> date | None:
    """Returns the first day of a range whose year is written once; it may begin in the December before."""
    if match := _SHORT_RANGE.search(plain):
        days = [int(match[1]), int(match[3])]
        months: list[int | None] = [int(match[2]), int(match[4])]
        year = int(match[5]) + (2000 if len(match[5]) == 2 else 0)
        if (months[0] or 0) > 12 or (months[1] or 0) > 12:
            days, months = [months[0] or 0, months[1] or 0], [*days]
    elif match := _RANGE_IN_WORDS.search(plain):
        days, months = [int(match[1]), int(match[4])], [month_number(match[2]), month_number(match[5])]
        year = int(match[3] or match[6])
    else:
        return None
    if months[0] is None or months[1] is None:
        return None
    if not match.groups()[2] or match.re is _SHORT_RANGE:
        year -= months[0] > months[1]
    try:
        return date(year, months[0], days[0]) if limits.FIRST_YEAR <= year <= limits.LAST_YEAR else None
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def read_title(text: str) -> Evidence:
    """Reads a title, the name of a sheet or of a file.

    The date of an approval (`«28» февраля 2025 г.`) is not the time of the table: a month right after a single day
    number is passed over, and so is a single full date. So is a month that is part of somebody's name (`Prepared by
    April Jones`), unless a year stands right behind it.
    """
    written = unicodedata.normalize("NFKC", text)[:300]
    plain = written.casefold()[:300]
    if (match := _RANGE.search(plain)) and (first := _numeric_date(match[1])) and (last := _numeric_date(match[2])):
        return Evidence(first.month, first.year, first) if first <= last else Evidence()
    if first := _first_of_short_range(plain):
        return Evidence(first.month, first.year, first)
    plain, written = re.sub(_NUMERIC_DATE, " ", plain), re.sub(_NUMERIC_DATE, " ", written)
    if match := _MONTH_YEAR.search(plain):
        return Evidence(int(match[1] or match[4]), int(match[2] or match[3]))
    dates_only = False
    found: list[Evidence] = []
    for index, word in enumerate(words := list(_WORD.finditer(plain))):
        month = month_number(word[0])
        if month is None:
            continue
        before = plain[: word.start()]
        if _DAY_AFTER.match(plain, word.end()) or (_ONE_DAY_BEFORE.search(before) and not _DAYS_BEFORE.search(before)):
            dates_only = True
            continue
        if match := _YEAR_AFTER.match(plain, word.end()):
            found.append(Evidence(month, int(match[1]) if match[1] else 2000 + int(match[2])))
        elif not _is_in_a_name(word[0], index, words, _WORD.findall(written)):
            year = None if _YEARS.search(plain) else _YEAR.search(plain)
            found.append(Evidence(month, int(year[1]) if year else None))
    if found:
        several = len({seen.month for seen in found}) > 1
        return replace(found[0], several=several, is_bare=sum(len(word[0]) > 1 for word in words) == 1)
    year = None if dates_only else _YEAR.search(plain)
    if year is None:
        return Evidence()
    is_title = all(word[0] in _YEAR_TITLE_WORDS for word in words)
    return Evidence(None, int(year[1]), is_loose=not is_title or _YEARS.search(plain) is not None)


def _is_in_a_name(month: str, index: int, words: Sequence[re.Match[str]], written: Sequence[str]) -> bool:
    """Tells whether the name of a month is part of a person's: an initial or another capitalised word is beside it.

    Args:
        month: The word, in lower case.
        index: Where it stands among the words.
        words: All words of the text, in lower case.
        written: The same as written.
    """
    if month not in _NAMES_LIKE_MONTHS or len(written) != len(words) or not written[index][0].isupper():
        return False
    for left, right, other in ((index - 1, index, index - 1), (index, index + 1, index + 1)):
        if not 0 <= other < len(words):
            continue
        between = words[left].string[words[left].end() : words[right].start()]
        word = written[other]
        if not _WITHIN_A_NAME.fullmatch(between) or not word[0].isupper():
            continue
        if word.casefold() not in _TITLE_WORDS and month_number(word) is None:
            return True
    return False


def closest(told: Sequence[Evidence]) -> Evidence:
    """Returns the month and the year that stand closest; a text that names a month goes before others with its year.

    No year is taken where several texts name the same month of different years, or where it is loose.
    """
    month = next((seen.month for seen in told if seen.month), None)
    years = {seen.year for seen in told if month and seen.month == month and seen.year and not seen.several}
    if not years:
        years = {seen.year for seen in told if seen.year and not seen.is_loose}
        return Evidence(month, next((seen.year for seen in told if seen.year in years), None))
    return Evidence(month, years.pop() if len(years) == 1 else None)


def rivals(nearby: Iterable[Evidence], names: Iterable[Evidence]) -> tuple[int, ...]:
    """Returns the months that texts around a table claim against each other; none where they do not.

    `Rota September 2025` with `Published in August 2025` below it is two claims. None is one where another text says
    the same as the closest; the names of the sheet and the file can only confirm (see `differing`).

    Args:
        nearby: What the texts above the table say, the closest first.
        names: What the names of the sheet and the file say.

    Returns:
        The months claimed, 1…12, the closest first.
    """
    told = [seen.month for seen in nearby if seen.month and not seen.several]
    confirmed = [*told[1:], *(seen.month for seen in names)]
    return () if len(set(told)) < 2 or told[0] in confirmed else tuple(dict.fromkeys(told))


def differing(told: Evidence, names: Sequence[str]) -> str | None:
    """Returns the name of a sheet or file that speaks of another month or year than the title (last month's copy).

    Args:
        told: What the title says.
        names: The names of the sheet and the file.

    Returns:
        The first such name; None where one of them names the title's month.
    """
    found = None
    for name in names if told.month else ():
        seen = read_title(name)
        month = None if seen.several else seen.month
        years = set(map(int, _YEAR.findall(name)))
        is_other_year = told.year is not None and bool(years) and told.year not in years
        if month and month == told.month and not is_other_year:
            return None
        if found is None and ((month and month != told.month) or is_other_year):
            found = name
    return found


def read_title_value(value: object) -> Evidence:
    """Reads a title cell, which can also be a true date shown as a month."""
    if isinstance(value, str):
        return read_title(value)
    if isinstance(value, datetime | date) and limits.FIRST_YEAR <= value.year <= limits.LAST_YEAR:
        # The first of a month can be a day of a list, too: it claims nothing against a text.
        return Evidence(value.month, value.year, several=True) if value.day == 1 else Evidence()
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and limits.FIRST_YEAR <= value <= limits.LAST_YEAR
    ):
        return Evidence(None, int(value)) if not value % 1 else Evidence()
    return Evidence()


def is_week_heading(text: str) -> bool:
    """Tells whether a heading says that the days below it are weeks: `Week commencing`, `Неделя с`."""
    return re.match(rf"\W*{_WEEK_WORD}", text.casefold()) is not None


@lru_cache(maxsize=1024)
def read_week(text: str) -> date | None:
    """Returns the Monday of the week that a title or the name of a sheet or file names.

    That is a range of dates (`03.03–09.03.2025`), one date beside the word week, or the number of an ISO week with a
    year. A date that can be read both ways round names no week.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()[:300]
    dates = re.findall(_NUMERIC_DATE, plain)
    is_named = re.search(rf"\b{_WEEK_WORD}", plain) is not None
    day = read_title(text).first
    if short := _SHORT_WEEK.search(plain):
        day = _numeric_date(f"{short[1]}.{short[2]}")
    elif (words := _DAYS_OF_MONTH.search(plain)) and month_number(words[2]):
        day = _numeric_date(f"{words[1]}.{month_number(words[2])}.{words[3]}")
    elif dates and (is_named or day) and not any("/" in found for found in dates):
        day = day or (_numeric_date(dates[0]) if len(dates) == 1 else None)
    if day is None and (match := _WEEK_NUMBER.search(plain)) and (year := _YEAR.search(plain)):
        try:
            return date.fromisocalendar(int(year[1]), int(match[1] or match[2]), 1)
        except ValueError:
            return None
    return day - timedelta(days=day.weekday()) if day else None
