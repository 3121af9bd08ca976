"""Texts of /settings."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "settings.head": {"ru": "Передача смены: <b>{handover}</b>, {zone}", "en": "Hand-over: <b>{handover}</b>, {zone}"},
    "settings.shifts": {
        "ru": "Дневная смена {day}, ночная {night}",
        "en": "Day shift {day}, night shift {night}",
    },
    "settings.memory": {
        "ru": "Из прошлых файлов я помню (нажмите, чтобы забыть; спрошу снова):",
        "en": "From earlier files I remember (tap to forget; I'll ask again):",
    },
    "settings.no_memory": {
        "ru": "Из прошлых файлов я пока ничего не запомнил.",
        "en": "I have not learned anything from files yet.",
    },
    "settings.files": {
        "ru": (
            "Год, месяц или неделя {n} файла",
            "Годы, месяцы и недели {n} файлов",
            "Годы, месяцы и недели {n} файлов",
        ),
        "en": ("Year, month or week of {n} file", "Years, months and weeks of {n} files"),
    },
    "settings.files_forget": {"ru": "Годы и недели", "en": "Years and weeks"},
    "settings.dates": {"ru": "Порядок дат", "en": "Order of dates"},
}
