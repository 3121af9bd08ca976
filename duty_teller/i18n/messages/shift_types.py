"""What the types of shifts are called: all words that follow from `domain.shift.EventType`, a block a type."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    # word: in lists, legends and on the command line · event: as a thing, the title
    # of a calendar's event · away: in front of the names of those who are · code: in a cell of a workbook
    "shift.word.duty": {"ru": "дежурство", "en": "duty"},
    "shift.event.duty": {"ru": "Дежурство", "en": "On duty"},
    "shift.code.duty": {"ru": "С", "en": "On"},
    "shift.word.vacation": {"ru": "отпуск", "en": "vacation"},
    "shift.event.vacation": {"ru": "Отпуск", "en": "Vacation"},
    "shift.away.vacation": {"ru": "В отпуске", "en": "On vacation"},
    "shift.code.vacation": {"ru": "О", "en": "V"},
    "shift.word.sick": {"ru": "больничный", "en": "sick leave"},
    "shift.event.sick": {"ru": "Больничный", "en": "Sick leave"},
    "shift.away.sick": {"ru": "Болеют", "en": "Sick"},
    "shift.code.sick": {"ru": "Б", "en": "S"},
    "shift.word.unavailable": {"ru": "недоступен", "en": "unavailable"},
    "shift.event.unavailable": {"ru": "Недоступность", "en": "Unavailable"},
    "shift.away.unavailable": {"ru": "Недоступны", "en": "Unavailable"},
    "shift.code.unavailable": {"ru": "Х", "en": "X"},
}
NAMES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "vacation": {"ru": "Отпуск", "en": "Vacation"},
    "sick": {"ru": "Больничный", "en": "Sick leave"},
    "unavailable": {"ru": "Недоступен", "en": "Unavailable"},
}
"""On buttons and in the Mini App, whose texts are one topic (`messages.app`)."""
