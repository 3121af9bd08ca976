"""What hours are paid, as people type it and as it is stored: a rule a line, the rate at its end.

    base 100
    2026-12-31 18:00-06:00 300
    holiday 200
    Sat, Sun 150
    Mon-Fri 22:00-06:00 120
    at most 12 h
    at most 900 a day

Words are taken in every language spoken; stored and shown are the English lines and those of the reader's language.
"""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Final

from duty_teller.domain.rates import Rates, Rule, RuleKind
from duty_teller.i18n.core import LocalizedError, t
from duty_teller.i18n.languages import LANGUAGES
from duty_teller.importers.words.times import write_span
from duty_teller.services.rosters.coverage import typed_weekdays, weekdays_text
from duty_teller.services.rosters.settings import parse_shift
from duty_teller.utils.handover import clock_span

_MOST: Final = 60
_LONGEST: Final = 2000
_RATE: Final = re.compile(r"^(?P<when>.*?)(?:\s*=\s*|:?\s+)(?P<rate>\d{1,7}(?:[.,]\d{1,2})?)$")
_CAP: Final = re.compile(r"^(?P<word>\D+?)\s*:?\s*(?P<most>\d{1,7}(?:[.,:]\d{1,2})?)\s*(?P<unit>\D*)$")
_CAP_HOURS: Final = re.compile(r"(?P<hours>\d{1,2})(?::(?P<minutes>[0-5]\d))?")
_CAP_PAY: Final = re.compile(r"\d{1,7}(?:[.,]\d{1,2})?")
_HOURS: Final = re.compile(r"\s*(\d{1,2}(?::\d{2})?\s*-\s*\d{1,2}(?::\d{2})?)$")
_DATES: Final = re.compile(r"^(?P<first>[\d.]{10}|[\d-]{10})(?:\s*(?:-|\.\.|/)\s*(?P<last>[\d.]{10}|[\d-]{10}))?$")


def _words(of: str) -> frozenset[str]:
    return frozenset(word for spoken in LANGUAGES.values() for word in getattr(spoken.typed, of))


def parse_rates(text: str) -> Rates:
    """Reads rules, a line each.

    Raises:
        LocalizedError: `hours.rate_unread` names the line that is not understood, `hours.rate_no_base`: what an hour
            is paid otherwise is missing or said twice, `hours.rate_long`: there are too many.
    """
    plain = re.sub(r"[‐‑‒–—―−]", "-", text.strip())
    lines = [" ".join(line.split()) for line in re.split(r"[\n;]", plain) if line.strip()]
    if len(lines) > _MOST or len(plain) > _LONGEST:
        raise LocalizedError("hours.rate_long", n=_MOST)
    bases: list[Decimal] = []
    rules: list[Rule] = []
    cap: timedelta | None = None
    cap_pay: Decimal | None = None
    for line in lines:
        found = _CAP.match(line.casefold())
        if found is not None and found["word"].strip(" :") in _words("cap"):
            hours, pay = _cap_hours(found["most"], found["unit"]), _cap_pay(found["most"], found["unit"])
            if hours is None and pay is None:
                raise LocalizedError("hours.rate_unread", text=line[:64])
            cap, cap_pay = hours or cap, pay or cap_pay
            continue
        match = _RATE.match(line)
        rate = Decimal(match["rate"].replace(",", ".")) if match is not None else Decimal()
        when = match["when"].casefold().strip(" :") if match is not None else ""
        if when in _words("base_rate"):
            bases.append(rate)
            continue
        rule = _rule(when, rate) if when else None
        if rule is None:
            raise LocalizedError("hours.rate_unread", text=line[:64])
        rules.append(rule)
    if len(bases) != 1:
        raise LocalizedError("hours.rate_no_base")
    return Rates(bases[0], tuple(rules), cap, cap_pay)


def _cap_hours(most: str, unit: str) -> timedelta | None:
    """Returns how many hours of a day are paid at most."""
    found = _CAP_HOURS.fullmatch(most)
    if found is None or unit.strip(" .") not in {"", *_words("hours")}:
        return None
    cap = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return cap if timedelta() < cap <= timedelta(hours=25) else None


def _cap_pay(most: str, unit: str) -> Decimal | None:
    """Returns what is paid for a day at most; a sign of a currency says nothing."""
    if not _CAP_PAY.fullmatch(most) or unit.lstrip(" €$£₽¥").rstrip(" .") not in _words("a_day"):
        return None
    return Decimal(most.replace(",", ".")) or None


def _rule(when: str, rate: Decimal) -> Rule | None:
    hours: tuple[time, time] | None = None
    found = _HOURS.search(when)
    if found is not None and not _DATES.match(when):
        try:
            hours, when = clock_span(parse_shift(found[1])), when[: found.start()].strip(" ,:")
        except LocalizedError:
            return None
    if when in _words("holiday"):
        return Rule(RuleKind.HOLIDAY, rate, hours=hours)
    if (dates := _DATES.match(when)) is not None:
        first = _date(dates["first"])
        last = _date(dates["last"]) if dates["last"] else first
        if first is None or last is None or last < first:
            return None
        return Rule(RuleKind.DATE, rate, dates=(first, last), hours=hours)
    days = typed_weekdays(when) if when else tuple(range(7)) if hours is not None else ()
    return Rule(RuleKind.WEEKDAY, rate, days=frozenset(days), hours=hours) if days else None


def _date(text: str) -> date | None:
    try:
        if "." in text:
            day, month, year = (int(part) for part in text.split("."))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None


def rates_text(lang: str, rates: Rates) -> str:
    """Writes rules as `parse_rates` reads them, in words of a language."""
    return "\n".join(_lines(lang, rates))


def _lines(lang: str, rates: Rates) -> Iterator[str]:
    yield f"{t(lang, 'hours.rate.base')} {rates.base}"
    for rule in rates.rules:
        if rule.kind is RuleKind.HOLIDAY:
            when = t(lang, "hours.rate.holiday")
        elif rule.dates is not None:
            first, last = rule.dates
            when = first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"
        else:
            when = _weekdays(lang, rule.days)
        hours = f" {write_span(rule.hours)}" if rule.hours is not None else ""
        yield f"{when}{hours} {rule.rate}"
    if rates.cap is not None:
        hour, minute = divmod(int(rates.cap.total_seconds()) // 60, 60)
        yield t(lang, "hours.rate.cap", hours=f"{hour}:{minute:02}" if minute else str(hour))
    if rates.cap_pay is not None:
        yield t(lang, "hours.rate.cap_pay", sum=rates.cap_pay)


def _weekdays(lang: str, days: frozenset[int]) -> str:
    groups: list[list[int]] = []
    for day in sorted(days):
        if groups and groups[-1][-1] == day - 1:
            groups[-1].append(day)
        else:
            groups.append([day])
    return ", ".join(weekdays_text(lang, group) for group in groups)
