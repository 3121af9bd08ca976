"""What an hour is paid: ordered rules, of which the first that matches wins.

Single dates come before holidays, holidays before weekdays, whatever the order in which they were written; within each
kind the order decides. What no rule matches has the base rate. Hours of a rule that run over midnight belong to the day
on which they begin: `Sat 20:00-08:00` ends on Sunday at eight.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import IntEnum


class RuleKind(IntEnum):
    """What a rule is about; the smaller one counts."""

    DATE = 0
    HOLIDAY = 1
    WEEKDAY = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A rate for some hours.

    Attributes:
        kind: What it is about.
        rate: An hour's, in the team's currency.
        days: Weekdays of a weekly rule, 0 is Monday.
        dates: First and last day of a rule of dates.
        hours: From and to on the wall clock; None: the whole day.
    """

    kind: RuleKind
    rate: Decimal
    days: frozenset[int] = frozenset()
    dates: tuple[date, date] | None = None
    hours: tuple[time, time] | None = None

    def is_for(self, day: date, is_holiday: bool) -> bool:
        """Tells whether hours that begin on a local day are meant."""
        if self.kind is RuleKind.HOLIDAY:
            return is_holiday
        if self.dates is not None:
            return self.dates[0] <= day <= self.dates[1]
        return day.weekday() in self.days


@dataclass(frozen=True, slots=True)
class Rates:
    """All rules of a roster.

    Attributes:
        base: What an hour is paid that no rule matches.
        rules: As they were written.
        cap: How much of a local day is paid at most, a person's first hours of it; None: all of it.
        cap_pay: What a person is paid for a local day at most, in the team's currency; None: all of it.
    """

    base: Decimal
    rules: tuple[Rule, ...] = ()
    cap: timedelta | None = None
    cap_pay: Decimal | None = None

    def in_order(self) -> Iterator[Rule]:
        """Yields the rules, the one that counts first."""
        yield from sorted(self.rules, key=lambda rule: rule.kind)
