"""Texts of /settings."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "settings.title": {"ru": "Настройки", "en": "Settings"},
    "settings.title_of": {"ru": "Настройки: {name}", "en": "Settings: {name}"},
    "settings.head": {"ru": "Передача смены: <b>{handover}</b>, {zone}", "en": "Hand-over: <b>{handover}</b>, {zone}"},
    "settings.shifts": {
        "ru": "Дневная смена {day}, ночная {night}",
        "en": "Day shift {day}, night shift {night}",
    },
    "settings.coverage": {"ru": "Кто-то должен дежурить: {coverage}", "en": "Somebody has to be on duty: {coverage}"},
    "settings.gaps_on": {
        "ru": "О днях, когда никто не дежурит, предупреждаю",
        "en": "Gap warnings: on",
    },
    "settings.gaps_off": {
        "ru": "О днях, когда никто не дежурит, не предупреждаю",
        "en": "Gap warnings: off",
    },
    "settings.to_handover": {"ru": "Передача смены", "en": "Hand-over"},
    "settings.to_shifts": {"ru": "Время смен", "en": "Shift times"},
    "settings.to_coverage": {"ru": "Когда дежурят", "en": "Coverage"},
    "settings.gaps_stop": {"ru": "Не предупреждать", "en": "Stop gap warnings"},
    "settings.gaps_start": {"ru": "Предупреждать", "en": "Start gap warnings"},
    "settings.to_cover": {"ru": "Замены и обмены", "en": "Cover and swaps"},
    "settings.cover_free": {"ru": "Замены и обмены: без администратора", "en": "Cover and swaps: no admin needed"},
    "settings.cover_approved": {
        "ru": "Замены и обмены: с согласия администратора",
        "en": "Cover and swaps: with an admin's yes",
    },
    "settings.cover_means_free": {
        "ru": "Двое договорились — и готово, администратора не спрашиваю.",
        "en": "When two people agree, it's done. No admin is asked.",
    },
    "settings.cover_means_approval": {
        "ru": "Двое договорились — сначала спрашиваю администратора.",
        "en": "When two people agree, I ask an admin first.",
    },
    "settings.cover_means_warned": {
        "ru": "Никто не взял смену — говорю администраторам за {lead} до начала.",
        "en": "When nobody takes a shift, I tell the admins {lead} before it starts.",
    },
    "settings.cover_ask_admin": {"ru": "Спрашивать администратора", "en": "Ask an admin first"},
    "settings.cover_free_it": {"ru": "Не спрашивать администратора", "en": "Don't ask an admin"},
    "settings.to_memory": {"ru": "Запомненные ответы", "en": "Remembered answers"},
    "settings.to_digest": {"ru": "Сводки в группах", "en": "Group digests"},
    "settings.to_rosters": {"ru": "Ещё один график", "en": "Another roster"},
    "settings.back": {"ru": "‹ Назад", "en": "‹ Back"},
    "settings.cancel": {"ru": "Отмена", "en": "Cancel"},
    "settings.undo": {"ru": "↩️ Отменить", "en": "↩️ Undo"},
    # hand-over and shift times
    "settings.ask_handover": {
        "ru": (
            "Сейчас: <b>{handover}</b>. Во сколько меняются дежурные? Напишите время, а если меняется и часовой пояс, то и его:\n<code>09:00 Europe/Moscow</code>"
        ),
        "en": (
            "Now: <b>{handover}</b>. What time does one shift hand over to the next? Write a time, and a time zone if that changes too:\n<code>09:00 Europe/London</code>"
        ),
    },
    "settings.handover_done": {
        "ru": "Передача смены теперь: <b>{handover}</b>",
        "en": "Hand-over from now on: <b>{handover}</b>",
    },
    "settings.same": {
        "ru": "Так и было: {handover}. Ничего не изменилось.",
        "en": "It is already {handover}. Nothing has changed.",
    },
    "settings.kept": {
        "ru": "Смены, которые уже в графике, останутся как есть. По-новому я прочитаю только новые файлы.",
        "en": "Shifts already in the schedule keep their times. Only new files use this.",
    },
    "settings.shifts_apart": {
        "ru": "Дневная смена {day} и ночная {night} не стыкуются. Если так и задумано, ничего не делайте.",
        "en": "The day shift {day} and the night shift {night} don't meet. If that is what you want, leave it.",
    },
    "settings.ask_zone": {
        "ru": "«{zone}» бывает разным. Какое время у вас?",
        "en": "“{zone}” has several meanings. Which one is yours?",
    },
    "settings.zone_shown": {
        "ru": "Время теперь в поясе {zone}: у смен, которые уже в графике, часы выглядят иначе. Если они были записаны по другому поясу, отправьте файл ещё раз.",
        "en": "Times are now in {zone}, so the hours of shifts already in the schedule look different. If they were read in the wrong zone, send the file again.",
    },
    "settings.reason_handover": {"ru": "передача смены {handover}", "en": "hand-over {handover}"},
    "settings.shifts_help": {
        "ru": "Если в файле день или ночь, я беру эти часы. Какие изменить?",
        "en": "When a file says day or night, I use these hours. Which ones do you want to change?",
    },
    "settings.shift_day": {"ru": "Дневная смена {hours}", "en": "Day shift {hours}"},
    "settings.shift_night": {"ru": "Ночная смена {hours}", "en": "Night shift {hours}"},
    "settings.ask_day": {
        "ru": "Дневная смена сейчас {hours}. Напишите новое время, например:\n<code>08:00-20:00</code>",
        "en": "The day shift is {hours} now. Write its new hours, like this:\n<code>08:00-20:00</code>",
    },
    "settings.ask_night": {
        "ru": "Ночная смена сейчас {hours}. Напишите новое время, например:\n<code>20:00-08:00</code>",
        "en": "The night shift is {hours} now. Write its new hours, like this:\n<code>20:00-08:00</code>",
    },
    "settings.shift_unread": {
        "ru": "Не понимаю «{text}». Напишите начало и конец смены, например: 08:00-20:00",
        "en": "I don't understand “{text}”. Write when the shift begins and ends, like this: 08:00-20:00",
    },
    # coverage
    "settings.coverage_daily": {"ru": "каждый день", "en": "every day"},
    "settings.coverage_always": {"ru": "круглосуточно", "en": "around the clock"},
    "settings.means_daily": {
        "ru": "На каждые сутки, от смены до смены, кто-то должен быть назначен. Часы я не проверяю.",
        "en": "Somebody must be planned for every day, hand-over to hand-over. I don't check the hours.",
    },
    "settings.means_always": {
        "ru": "Кто-то должен дежурить всегда.",
        "en": "Someone must always be on duty.",
    },
    "settings.means_weekly": {
        "ru": "Кто-то должен дежурить в эти часы, в остальное время — нет.",
        "en": "Someone must be on duty in these hours, not at other times.",
    },
    "settings.gaps_ahead": {
        "ru": (
            "В ближайшие 14 дней {n} промежуток без дежурного:",
            "В ближайшие 14 дней {n} промежутка без дежурного:",
            "В ближайшие 14 дней {n} промежутков без дежурного:",
        ),
        "en": ("{n} gap in the next 14 days:", "{n} gaps in the next 14 days:"),
    },
    "settings.no_gaps_ahead": {
        "ru": "В ближайшие 14 дней дежурные есть.",
        "en": "No gaps in the next 14 days.",
    },
    "settings.own_hours": {"ru": "Другие часы…", "en": "Other hours…"},
    "settings.ask_hours": {
        "ru": "Когда кто-то должен дежурить? Напишите дни и часы, например:\n<code>Пн-Пт 09:00-18:00; Сб 10:00-14:00</code>",
        "en": "When does somebody have to be on duty? Write days and hours, like this:\n<code>Mon-Fri 09:00-18:00; Sat 10:00-14:00</code>",
    },
    "settings.coverage_unread": {
        "ru": "Не понимаю «{text}». Напишите дни и часы, например: Пн-Пт 09:00-18:00; Сб 10:00-14:00",
        "en": "I don't understand “{text}”. Write days and hours, like this: Mon-Fri 09:00-18:00; Sat 10:00-14:00",
    },
    # what files have taught
    "settings.memory": {
        "ru": "Из прошлых файлов я помню (нажмите, чтобы я забыл и спросил снова):",
        "en": "I remember these from earlier files (tap to forget; I'll ask again):",
    },
    "settings.no_memory": {
        "ru": "Из прошлых файлов я пока ничего не запомнил.",
        "en": "I don't remember anything from files yet.",
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
    "settings.reason_forgot": {"ru": "больше не помню: {what}", "en": "forgotten: {what}"},
    # digest of groups
    "settings.digest_which": {
        "ru": "Сводка — отдельное сообщение в группе, рядом с закреплённым. В какую группу её присылать?",
        "en": "A digest is a separate message in a group, next to the pinned one. Which group?",
    },
    "settings.digest_no_groups": {
        "ru": "Доверенных групп пока нет. Напишите /pin_duty в группе, где я есть.",
        "en": "There are no trusted groups yet. Send /pin_duty in a group that I'm in.",
    },
    "settings.digest_off": {"ru": "Без сводки", "en": "Off"},
    "settings.digest_weekly": {"ru": "По понедельникам", "en": "Mondays"},
    "settings.digest_handover": {"ru": "Каждую смену", "en": "Each hand-over"},
    "settings.digest_means_off": {
        "ru": "Сводки нет: я только обновляю закреплённое сообщение.",
        "en": "No digest: I only keep the pinned message up to date.",
    },
    "settings.digest_means_weekly": {
        "ru": "По понедельникам я пишу, кто дежурит на этой неделе.",
        "en": "On Mondays I post who is on duty this week.",
    },
    "settings.digest_means_handover": {
        "ru": "При каждой передаче смены я пишу, кто заступил.",
        "en": "At each hand-over I post who is on duty now.",
    },
    "settings.digest_gone": {
        "ru": "В этой группе меня больше нет, или ей больше не доверяют.",
        "en": "I'm no longer in that group, or it is no longer trusted.",
    },
}
