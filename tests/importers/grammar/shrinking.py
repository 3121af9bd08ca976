"""The smallest plan that still shows a fault: noise dropped, fewer people, fewer days, one sheet."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.importers.grammar.plan import Plan


def smaller(plan: Plan) -> Iterator[Plan]:
    """Yields plans that are a step simpler, the boldest first."""
    if plan.neighbour:
        yield replace(plan, neighbour="")
    if plan.noise:
        yield replace(plan, noise=())
    for name in plan.noise:
        yield replace(plan, noise=tuple(other for other in plan.noise if other != name))
    if plan.container != "csv":
        yield replace(plan, container="csv")
    if plan.container == "ods":
        yield replace(plan, container="xlsx")
    for people in (2, 3, plan.people - 1):
        if 2 <= people < plan.people:
            yield replace(plan, people=people)
    for days in (7, 10, 14, 28):
        if days < plan.days:
            yield replace(plan, days=days)
    if plan.lang != "en":
        yield replace(plan, lang="en")
    if plan.dates != "number":
        yield replace(plan, dates="number")


def shrunk(plan: Plan, shows: Callable[[Plan], bool], most: int = 200) -> Plan:
    """Returns the simplest plan found that still shows the fault.

    Args:
        plan: One that does.
        shows: Tells whether a plan does.
        most: How many plans are tried.
    """
    left = most
    while left > 0:
        for candidate in smaller(plan):
            left -= 1
            if shows(candidate):
                plan = candidate
                break
            if left <= 0:
                break
        else:
            return plan
    return plan
