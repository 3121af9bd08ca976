"""Texts of changing the schedule by hand: /change, /away."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "change.gone": {
        "ru": "Этой смены уже нет: её изменили или убрали. Откройте день заново: /change",
        "en": "This shift has been changed or removed. Open the day again: /change",
    },
    "change.outside": {
        "ru": "На это время смены нет. Выберите время внутри смены.",
        "en": "There is no shift at that time. Choose a time inside the shift.",
    },
    "change.empty": {
        "ru": "Конец раньше начала. Напишите другое время.",
        "en": "The end is before the start. Choose another time.",
    },
    "change.long": {
        "ru": "Смена длиннее двух месяцев. Проверьте дату.",
        "en": "That shift is longer than two months. Check the date.",
    },
    "change.same": {"ru": "Так уже и есть, менять нечего.", "en": "It's already like that. Nothing to change."},
}
