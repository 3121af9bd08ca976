"""Texts that say who is on duty: the group's pinned message and the answer to /duty."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "pin.on_duty": {"ru": "Сейчас дежурит {name}", "en": "On duty now: {name}"},
    "pin.until": {"ru": "до {moment}", "en": "until {moment}"},
    "pin.nobody": {"ru": "Сейчас никто не дежурит", "en": "Nobody is on duty now"},
    "pin.nobody_until": {
        "ru": "Никто не дежурит до {moment}",
        "en": "Nobody is on duty until {moment}",
    },
    "pin.next": {"ru": "Следующая смена: {name}", "en": "Next: {name}"},
    "pin.next_from": {"ru": "с {moment}", "en": "from {moment}"},
    "pin.next_nobody": {"ru": "Дальше пока никто не назначен", "en": "Nobody is planned after that yet"},
    "pin.gap": {
        "ru": "Никто не назначен: {span}",
        "en": "Nobody planned: {span}",
    },
    "pin.zone": {"ru": "Время: {zone}", "en": "Times: {zone}"},
    "pin.open": {"ru": "📅 Открыть календарь", "en": "📅 Open the calendar"},
}
