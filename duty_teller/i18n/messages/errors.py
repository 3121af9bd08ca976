"""Texts of errors, for the bot, the API and the command line."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "error.internal": {
        "ru": "Что-то сломалось у нас. Попробуйте ещё раз; если повторится, передайте администратору код {id}.",
        "en": "Something broke on our side. Please try again; if it happens again, give the admin this code: {id}.",
    },
    "error.database_gone": {
        "ru": "⚠️ Файл базы данных удалили или заменили, пока я работаю. Больше ничего не записываю и останавливаюсь. Верните нужный файл и запустите меня снова.",
        "en": "⚠️ Somebody removed or replaced the database file while I was running. I have stopped writing and will stop now. Put the right file back and start me again.",
    },
    "error.internal_id": {
        "ru": "Что-то сломалось у нас. Попробуйте ещё раз; если повторится, передайте администратору код <code>{id}</code>.",
        "en": "Something broke on our side. Please try again; if it happens again, give the admin this code: <code>{id}</code>.",
    },
    "error.database_full": {
        "ru": "На сервере кончилось место, сохранить не получилось. "
        "Попробуйте снова, когда администратор его освободит. Код: <code>{id}</code>",
        "en": "The server's disk is full, so I couldn't save this. "
        "Try again once the admin has made room. Code: <code>{id}</code>",
    },
    "error.database_locked": {
        "ru": "База данных занята другой программой, сохранить не получилось. "
        "Попробуйте через минуту. Код: <code>{id}</code>",
        "en": "Another program is holding the database, so I couldn't save this. "
        "Please try again in a minute. Code: <code>{id}</code>",
    },
    "error.database_read_only": {
        "ru": "Бот не может писать в свою базу данных, сохранить не получилось. "
        "Передайте администратору код <code>{id}</code>.",
        "en": "The bot can't write to its database, so I couldn't save this. "
        "Please give the admin this code: <code>{id}</code>.",
    },
    "error.database_damaged": {
        "ru": "База данных бота повреждена, её нужно восстановить из копии. "
        "Передайте администратору код <code>{id}</code>.",
        "en": "The bot's database is damaged and has to be restored from a backup. "
        "Please give the admin this code: <code>{id}</code>.",
    },
    "error.http_too_often": {
        "ru": "Этот календарь читают слишком часто. Попробуйте чуть позже.",
        "en": "This calendar is read too often. Please try again a little later.",
    },
    "error.http_not_found": {"ru": "Здесь ничего нет.", "en": "There is nothing here."},
    "error.http_method_not_allowed": {
        "ru": "По этому адресу так обращаться нельзя.",
        "en": "This address doesn't work that way.",
    },
    "error.http_malformed": {"ru": "Запрос составлен неверно.", "en": "The request is not valid."},
    "error.http_too_large": {
        "ru": "Слишком много данных за один раз.",
        "en": "That is too much data at once.",
    },
    "error.http_late": {
        "ru": "Запрос шёл слишком долго. Попробуйте ещё раз.",
        "en": "The request took too long to arrive. Please try again.",
    },
    "error.http_unauthorized": {"ru": "Нужно войти через Telegram.", "en": "Please sign in through Telegram."},
    "error.http_forbidden": {"ru": "Нет доступа.", "en": "No access."},
    "error.http_error": {"ru": "Запрос не выполнен.", "en": "The request failed."},
    "error.init_data_unauthorized": {
        "ru": "Telegram не подтвердил, кто вы. Откройте календарь кнопкой в боте.",
        "en": "Telegram did not confirm who you are. Open the calendar with the button in the bot.",
    },
    "error.init_data_expired": {
        "ru": "Вход устарел. Закройте календарь и откройте его снова из бота.",
        "en": "Your sign-in has expired. Close the calendar and open it again from the bot.",
    },
    "error.no_access": {"ru": "У вас нет доступа.", "en": "You have no access."},
    "error.forbidden": {
        "ru": "У вас нет доступа. Попросите администратора команды прислать приглашение.",
        "en": "You have no access. Ask your team's admin for an invitation.",
    },
    "error.zone_unknown": {
        "ru": "Не знаю часового пояса «{zone}». Напишите, например, Europe/Moscow.",
        "en": "I don't know the time zone “{zone}”. Write it like Europe/London.",
    },
    "error.zone_ambiguous": {
        "ru": "«{zone}» бывает разным: {zones}. Напишите полностью, например {first}.",
        "en": "“{zone}” has several meanings: {zones}. Write it out, such as {first}.",
    },
    "zone.fixed": {"ru": "{offset} весь год", "en": "{offset} all year"},
    "zone.city": {"ru": "{city}: {offset} весь год", "en": "{city}: {offset} all year"},
    "zone.city_summer": {"ru": "{city}: {offset}, летом {summer}", "en": "{city}: {offset}, summer {summer}"},
    "error.clock": {
        "ru": "«{text}» — не время суток. Напишите, например, 09:00.",
        "en": "“{text}” is not a time of day. Write it like 09:00.",
    },
    "error.handover": {
        "ru": "Не понимаю «{text}». Напишите время и пояс, например: 09:00 Europe/Moscow",
        "en": "I don't understand “{text}”. Write a time and a zone, like this: 09:00 Europe/London",
    },
    "error.time_in_gap": {
        "ru": "{day} в поясе {zone} нет времени {time}: часы переводят вперёд",
        "en": "{time} does not exist on {day} in {zone}: the clocks go forward",
    },
    "error.date": {
        "ru": "Нет такой даты: «{text}». Напишите как 2026-11-23.",
        "en": "There is no such date: “{text}”. Write it like 2026-11-23.",
    },
    "error.date_missing": {
        "ru": "Нужны обе даты: from и to, как 2026-11-23.",
        "en": "Both dates are needed: from and to, like 2026-11-23.",
    },
    "error.date_order": {
        "ru": "Начало {first} позже конца {last}.",
        "en": "The first day {first} is after the last day {last}.",
    },
    "error.date_range": {
        "ru": (
            "Слишком большой промежуток: не больше {n} дня.",
            "Слишком большой промежуток: не больше {n} дней.",
            "Слишком большой промежуток: не больше {n} дней.",
        ),
        "en": ("The range is too long: at most {n} day.", "The range is too long: at most {n} days."),
    },
    "error.phone": {
        "ru": "«{text}» не похоже на номер телефона. Напишите с кодом страны: +7 900 123-45-67",
        "en": "“{text}” does not look like a phone number. Include the country code: +44 20 7946 0958",
    },
    "error.schedule_moved": {
        "ru": "Пока вы смотрели, график изменил(а) {author}. Ничего не записано. Отправьте файл ещё раз.",
        "en": "{author} changed the schedule while you were looking. Nothing was saved. Send the file again.",
    },
    "error.undo_unknown": {"ru": "Отменять нечего.", "en": "There is nothing to undo."},
    "error.undo_done": {"ru": "Это изменение уже отменено.", "en": "That change is already undone."},
    "error.undo_conflict": {
        "ru": "Отменить не получится: потом это меняли ещё раз ({changes}). Сначала отмените то изменение.",
        "en": "I can't undo this: it was changed again later ({changes}). Undo that first.",
    },
    "error.name_twice": {
        "ru": "«{first}» и «{second}» в файле — это один человек: {name}. Оставьте одну строку.",
        "en": "“{first}” and “{second}” in the file are the same person: {name}. Keep one row.",
    },
    "error.invitation_invalid": {
        "ru": "Это приглашение не подходит. Попросите у администратора новое.",
        "en": "This invitation is not valid. Ask the admin for a new one.",
    },
    "error.invitation_expired": {
        "ru": "Срок приглашения истёк. Попросите у администратора новое.",
        "en": "This invitation has expired. Ask the admin for a new one.",
    },
    "error.invitation_used": {
        "ru": "Это приглашение уже использовано. Если не вами, скажите администратору.",
        "en": "This invitation has already been used. If it wasn't by you, tell the admin.",
    },
    "error.link_taken": {
        "ru": "У {name} уже есть другой аккаунт Telegram.",
        "en": "{name} already has another Telegram account.",
    },
    "error.link_other": {
        "ru": "Этот аккаунт Telegram уже связан с человеком из графика: {name}.",
        "en": "This Telegram account already belongs to somebody on the roster: {name}.",
    },
}
