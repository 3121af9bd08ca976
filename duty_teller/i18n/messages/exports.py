"""Texts of exported files, and of asking for them."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    # In the chat
    "export.chat.ask_period": {
        "ru": "За какое время выгрузить график?",
        "en": "Which part of the schedule would you like as a file?",
    },
    "export.chat.ask_format": {
        "ru": "{first} — {last}. В каком виде?",
        "en": "{first} – {last}. Which format?",
    },
    "export.chat.year": {"ru": "Год вперёд", "en": "A year ahead"},
    "export.chat.cancel": {"ru": "Отмена", "en": "Cancel"},
    "export.chat.back": {"ru": "‹ Другое время", "en": "‹ Other dates"},
    "export.chat.cancelled": {"ru": "Хорошо, ничего не выгружаю.", "en": "OK, no file then."},
    "export.chat.xlsx": {"ru": "Таблица (.xlsx)", "en": "Spreadsheet (.xlsx)"},
    "export.chat.csv": {"ru": "Список (.csv)", "en": "List (.csv)"},
    "export.chat.ics": {"ru": "Календарь (.ics)", "en": "Calendar (.ics)"},
    "export.chat.json": {"ru": "JSON", "en": "JSON"},
    "export.chat.writing": {"ru": "⏳ Готовлю файл…", "en": "⏳ Writing the file…"},
    "export.chat.sending": {"ru": "⏳ Отправляю {file}…", "en": "⏳ Sending {file}…"},
    "export.chat.done": {"ru": "✅ {file}: {first} — {last}", "en": "✅ {file}: {first} – {last}"},
    "export.chat.not_sent": {
        "ru": "Файл готов, но отправить его не получилось. Попробуйте ещё раз: /export",
        "en": "The file is ready, but it couldn't be sent. Please try again: /export",
    },
    "export.chat.caption": {
        "ru": "Можно изменить и прислать мне обратно: я покажу разницу и ничего не спрошу.",
        "en": "You can edit it and send it back to me: I'll show what's different, with no questions asked.",
    },
    "export.chat.caption_ics": {
        "ru": "Это снимок графика. Чтобы календарь обновлялся сам, подпишитесь: /calendar_link",
        "en": "This is a snapshot. For a calendar that updates by itself, subscribe: /calendar_link",
    },
    # What cannot be written
    "export.empty": {
        "ru": "С {first} по {last} в графике никого нет.",
        "en": "Nobody is on the schedule from {first} to {last}.",
    },
    "export.format": {
        "ru": "Такого формата нет: «{text}». Есть xlsx, csv, ics и json.",
        "en": "I don't know the format “{text}”. Use xlsx, csv, ics or json.",
    },
    "export.json.not_handover": {
        "ru": (
            "В JSON помещаются только дежурства от передачи до передачи ({handover}), а у этой смены другие часы: {name}, {start} — {end}. Выберите .xlsx, .csv или .ics: там есть всё."
        ),
        "en": (
            "JSON only holds duties from hand-over to hand-over ({handover}), and this shift has other hours: {name}, {start} – {end}. Choose .xlsx, .csv or .ics: they hold everything."
        ),
    },
    "export.json.position": {
        "ru": (
            "В JSON нет места для ролей, а у этой смены она есть: {name}, {start} — {end} ({position}). Выберите .xlsx, .csv или .ics: там есть всё."
        ),
        "en": (
            "JSON has no room for positions, and this shift has one: {name}, {start} – {end} ({position}). Choose .xlsx, .csv or .ics: they hold everything."
        ),
    },
    "export.json.type": {
        "ru": "В JSON нет отметки для этого: {name}, {what}. Возьмите .xlsx, .csv или .ics: там есть всё.",
        "en": "JSON has no letter for this: {name}, {what}. Use .xlsx, .csv or .ics: they hold everything.",
    },
    "export.json.two_a_day": {
        "ru": (
            "В JSON на каждый день только одна отметка, а у этого человека в тот же день есть ещё одна: {name}, {start} — {end}. Выберите .xlsx, .csv или .ics: там есть всё."
        ),
        "en": (
            "JSON holds one mark a day, and there is another one on the same day: {name}, {start} – {end}. Choose .xlsx, .csv or .ics: they hold everything."
        ),
    },
    # The list
    "export.csv.date": {"ru": "Дата", "en": "Date"},
    "export.csv.start": {"ru": "Начало", "en": "Start"},
    "export.csv.end": {"ru": "Конец", "en": "End"},
    "export.csv.name": {"ru": "Имя", "en": "Name"},
    "export.csv.username": {"ru": "Telegram", "en": "Telegram"},
    "export.csv.type": {"ru": "Тип", "en": "Type"},
    "export.csv.position": {"ru": "Роль", "en": "Position"},
    "export.csv.hours": {"ru": "Часы", "en": "Hours"},
    "export.csv.note": {"ru": "Заметка", "en": "Note"},
    "export.csv.holiday": {"ru": "Праздник", "en": "Public holiday"},
    "export.csv.events": {"ru": "События", "en": "Events"},
    # The workbook
    "export.xlsx.title": {"ru": "График дежурств: {month}", "en": "Duty roster: {month}"},
    "export.xlsx.title_named": {"ru": "{name}: {month}", "en": "{name}: {month}"},
    "export.xlsx.name": {"ru": "Имя", "en": "Name"},
    "export.xlsx.hours": {"ru": "Часы", "en": "Hours"},
    "export.xlsx.nights": {"ru": "Ночи", "en": "Nights"},
    "export.xlsx.night": {"ru": "Ноч. ч", "en": "Night h"},
    "export.xlsx.weekend": {"ru": "Вых. ч", "en": "Wknd h"},
    "export.xlsx.holiday": {"ru": "Празд. ч", "en": "Hol. h"},
    "export.xlsx.legend": {"ru": "Обозначения", "en": "Legend"},
    "export.xlsx.positions": {"ru": "Цифра — роль: {list}", "en": "The digit is the position: {list}"},
    "export.xlsx.continues": {"ru": "смена продолжается", "en": "shift continues"},
    "export.xlsx.holidays": {"ru": "Праздники: {list}", "en": "Public holidays: {list}"},
    "export.xlsx.events": {"ru": "События: {list}", "en": "Events: {list}"},
    "export.xlsx.counting": {
        "ru": (
            "Часы, ночи, выходные и праздники — те же, что в /hours: по факту и до минуты; смена через полночь делится "
            "между днями и месяцами. Ночи: сколько раз дежурство пришлось на середину ночи ({night}). Время: {zone}."
        ),
        "en": (
            "Hours, nights, weekends and holidays are those of /hours: actual ones, to the minute; a shift over midnight is "
            "divided between its days and months. Nights: how often on duty in the middle of {night}. Time zone: {zone}."
        ),
    },
    "export.xlsx.closed": {
        "ru": "Месяц закрыт: часы такие, какими их закрыли.",
        "en": "This month is closed: its hours are as they were closed.",
    },
    "export.xlsx.page": {"ru": "Стр. {page} из {pages}", "en": "Page {page} of {pages}"},
    "export.code.day": {"ru": "Д", "en": "D"},
    "export.code.night": {"ru": "Н", "en": "N"},
    "export.legend.duty": {"ru": "сутки {start}–{end}", "en": "on duty {start}–{end}, 24 h"},
    "export.legend.day": {"ru": "день {hours}", "en": "day {hours}"},
    "export.legend.night": {"ru": "ночь {hours}", "en": "night {hours}"},
    "export.legend.other": {"ru": "дежурство {hours}", "en": "on duty {hours}"},
    "export.legend.days_later": {
        "ru": ("{hours} (+{n} день)", "{hours} (+{n} дня)", "{hours} (+{n} дней)"),
        "en": ("{hours} (+{n} day)", "{hours} (+{n} days)"),
    },
}
