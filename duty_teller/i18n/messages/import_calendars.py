"""Texts: reading calendar files; the address of an event is its title and its day."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "import.file.bad_calendar": {
        "ru": "Этот календарь не открывается: похоже, файл .ics повреждён или сохранён не до конца.",
        "en": "This calendar doesn't open: the .ics file looks damaged or cut short.",
    },
    "import.file.no_events": {"ru": "В календаре нет событий.", "en": "There are no events in the calendar."},
    "import.file.too_many_events": {
        "ru": "В календаре больше {limit} событий. Выгрузите только график.",
        "en": "The calendar has more than {limit} events. Export only the roster.",
    },
    "import.file.event_without_time": {
        "ru": "не могу понять, когда это событие начинается и кончается.",
        "en": "I can't tell when this event begins and ends.",
    },
    "import.file.event_zone": {
        "ru": "часового пояса {zone} я не знаю.",
        "en": "I don't know the time zone {zone}.",
    },
    "import.file.event_of_nobody": {
        "ru": "непонятно, кто дежурит: имени нет ни в названии, ни среди участников.",
        "en": "I can't tell who is on duty: there's no name in the title and none among the attendees.",
    },
    "import.file.event_rule": {
        "ru": "событие повторяется по правилу, которое я не умею раскладывать. Замените его отдельными событиями.",
        "en": "this event repeats by a rule I can't follow. Replace it with single events.",
    },
    "import.file.too_many_rules": {
        "ru": "в календаре слишком много давно повторяющихся событий. Выгрузите только последние месяцы.",
        "en": "the calendar has too many events that have been repeating for years. Export only the last months.",
    },
    "import.file.event_endless": {
        "ru": "повторяется без конца; я взял по {day}.",
        "en": "this repeats without end; I took it up to {day}.",
    },
    "import.file.event_empty": {
        "ru": "пропустил событие: у него нет длительности.",
        "en": "I skipped this event because it has no length.",
    },
    "import.file.events_of_nobody": {
        "ru": (
            "Пропущено {n} событие без имени: {titles}.",
            "Пропущены {n} события без имён: {titles}.",
            "Пропущено {n} событий без имён: {titles}.",
        ),
        "en": (
            "I left out {n} event that names nobody: {titles}.",
            "I left out {n} events that name nobody: {titles}.",
        ),
    },
    "import.file.events_left_out": {
        "ru": (
            "Не похоже на дежурство и пропущено {n} событие: {titles}.",
            "Не похожи на дежурства и пропущены {n} события: {titles}.",
            "Не похоже на дежурства и пропущено {n} событий: {titles}.",
        ),
        "en": (
            "I left out {n} event that doesn't look like a duty: {titles}.",
            "I left out {n} events that don't look like duties: {titles}.",
        ),
    },
}
