"""Parts that several shapes share: teams, days, the book of codes, who is on duty when, how a day is written."""

from datetime import date, timedelta
from random import Random
from typing import Any

from duty_teller.importers.duty_schedule import fold_code
from tests.importers.grammar.plan import Plan
from tests.importers.grammar.vocabulary import Language

LETTERS = {
    "ru": {"duty": "С", "day": "Д", "night": "Н", "vacation": "О", "sick": "Б", "nothing": "В"},
    "uk": {"duty": "Ч", "day": "Д", "night": "Н", "vacation": "В", "sick": "Л", "nothing": "Х"},
    "en": {"duty": "D", "day": "M", "night": "N", "vacation": "AL", "sick": "S", "nothing": "X"},
    "de": {"duty": "B", "day": "T", "night": "N", "vacation": "U", "sick": "K", "nothing": "X"},
    "pl": {"duty": "D", "day": "Dz", "night": "N", "vacation": "U", "sick": "L4", "nothing": "W"},
    "fi": {"duty": "P", "day": "A", "night": "Y", "vacation": "VL", "sick": "SL", "nothing": "X"},
}
WORDS = {
    "ru": {"duty": "дежурство", "day": "день", "night": "ночь", "vacation": "отпуск", "sick": "больничный"},
    "uk": {"duty": "чергування", "day": "день", "night": "ніч", "vacation": "відпустка", "sick": "лікарняний"},
    "en": {"duty": "on call", "day": "day", "night": "night", "vacation": "vacation", "sick": "sick"},
    "de": {"duty": "Bereitschaft", "night": "Nacht", "vacation": "Urlaub", "sick": "krank"},
    "pl": {"duty": "dyżur", "day": "dzień", "night": "noc", "vacation": "urlop", "sick": "chorobowe"},
    "fi": {"duty": "päivystys", "night": "yö", "vacation": "loma", "sick": "sairausloma"},
}
HOURS = ("08:00-20:00", "20:00-08:00", "09:00-18:00", "06:00-14:00", "14:00-22:00", "22:00-06:00", "07:30-19:30")


def team(plan: Plan, topic: str = "", size: int | None = None) -> list[str]:
    """Draws people; all names of a team are written in one way."""
    numbers = plan.random(f"team{topic}")
    people = [*plan.language.people]
    numbers.shuffle(people)
    style = numbers.choice(("full", "full", "initials", "three", "first_last"))
    names = []
    for surname, first, second in people:
        written = {
            "full": f"{surname} {first}",
            "initials": f"{surname} {first[0]}.{second[:1] + '.' if second else ''}",
            "three": f"{surname} {first} {second}".strip(),
            "first_last": f"{first} {surname}",
        }
        names.append(written[style])
    return names[: size or plan.people]


def month(plan: Plan, topic: str = "month") -> list[date]:
    """Draws the days of a table: a month from its first day, or a part of it."""
    numbers = plan.random(topic)
    first = date(numbers.choice((2025, 2026)), numbers.randint(1, 12), 1)
    days = [first + timedelta(days=offset) for offset in range(31)]
    days = [day for day in days if day.month == first.month]
    return days if plan.days >= 28 else days[: plan.days]


def book(plan: Plan, numbers: Random, absences: bool = True) -> dict[str, str]:
    """Draws the codes of a table: text → meaning.

    Case and look-alikes tell no codes apart: where `x` is a duty and `X` a day off, no reader could know.
    """
    letters, words = LETTERS[plan.lang], WORDS[plan.lang]
    kind = numbers.choice(("letters", "letters", "signs", "words", "hours", "letters_hours", "numbers"))
    away = ("vacation", "sick", "nothing")
    if kind == "letters":
        chosen = numbers.choice((("duty",), ("day", "night"), ("duty", "day")))
        codes = {letters[meaning]: meaning for meaning in chosen}
    elif kind == "signs":
        codes = {numbers.choice(("+", "x", "1", "✓")): "duty"}
    elif kind == "words":
        chosen = numbers.choice((("duty",), ("night",), ("duty", "night")))
        codes = {words[meaning]: meaning for meaning in chosen}
    elif kind == "hours":
        codes = {hours: hours for hours in numbers.sample(HOURS, numbers.randint(1, 3))}
    elif kind == "letters_hours":
        signs = [letters["day"], letters["night"]]
        codes = {f"{sign} {hours}": hours for sign, hours in zip(signs, numbers.sample(HOURS, 2), strict=True)}
    else:
        codes = {"24": "duty", "12": "day"} if numbers.random() < 0.5 else {"24": "duty"}
    if absences and numbers.random() < 0.6:
        spoken = kind in ("words", "hours") and numbers.random() < 0.7
        for meaning in numbers.sample(away, numbers.randint(1, 2)):
            code = words.get(meaning, letters[meaning]) if spoken else letters[meaning]
            if fold_code(code) not in map(fold_code, codes):
                codes[code] = meaning
    return codes


def rota(people: list[str], days: list[date], codes: dict[str, str], numbers: Random) -> dict[tuple[str, date], str]:
    """Draws who has which code on which day: everybody at least one, most days somebody."""
    working = [code for code, meaning in codes.items() if meaning not in ("vacation", "sick", "nothing")]
    away = [code for code in codes if code not in working]
    cells: dict[tuple[str, date], str] = {}
    for index, name in enumerate(people):
        step = numbers.choice((2, 3, 4))
        for offset, day in enumerate(days):
            if offset % step == index % step:
                cells[name, day] = working[(offset // step) % len(working)]
        for code in away:
            if numbers.random() < 0.5:
                begin = numbers.randrange(len(days))
                for day in days[begin : begin + numbers.randint(1, 6)]:
                    cells[name, day] = code
        cells.setdefault((name, days[index % len(days)]), working[0])
    return cells


def turns(people: list[str], days: list[date], numbers: Random, at_once: int = 1) -> dict[date, list[str]]:
    """Draws who is on duty each day, as many as asked; nobody twice on a day."""
    found, order = {}, [*people]
    numbers.shuffle(order)
    step = numbers.choice((1, 2))
    for offset, day in enumerate(days):
        found[day] = [order[(offset // step + slot * 2) % len(order)] for slot in range(at_once)]
        if len(set(found[day])) < at_once:
            found[day] = [order[(offset + slot) % len(order)] for slot in range(at_once)]
    return found


def day_head(style: str, day: date, language: Language) -> Any:
    """Writes a day as the head of a column or row."""
    weekday = language.weekdays[day.weekday()]
    return {
        "number": day.day,
        "number_weekday": f"{day.day} {weekday}",
        "dotted": f"{day:%d.%m}",
        "native": day,
        "words": f"{day.day} {language.of_months[day.month - 1]}",
        "iso": day.isoformat(),
        "weekday_dash": f"{weekday} - {day:%d/%m}",
    }[style]


HEAD_NEEDS = {
    "number": "month",
    "number_weekday": "month",
    "dotted": "year",
    "native": "",
    "words": "year",
    "iso": "",
    "weekday_dash": "year",
}


def full_date(style: str, day: date, language: Language) -> Any:
    """Writes a whole date, as lists have it."""
    return {
        "number": f"{day:%d.%m.%Y}",
        "number_weekday": f"{language.weekdays[day.weekday()]}, {day:%d.%m.%Y}",
        "dotted": f"{day:%d.%m.%Y}",
        "native": day,
        "words": language.words_of(day),
        "iso": day.isoformat(),
        "weekday_dash": f"{day.year}/{day.month}/{day.day}",
    }[style]
