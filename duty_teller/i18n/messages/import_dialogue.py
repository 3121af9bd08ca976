"""Texts of the import's dialogue: questions, preview, what was done. HTML; data are escaped by the handlers."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "import.chat.ask_handover": {
        "ru": "Во сколько меняются дежурные? Нажмите кнопку или напишите время и часовой пояс, например:\n<code>09:00 Europe/Moscow</code>",
        "en": "What time does one shift hand over to the next? Press the button, or write a time and a time zone, like this:\n<code>09:00 Europe/London</code>",
    },
    "import.chat.ask_file": {
        "ru": "Передача смены: <b>{handover}</b>.\nТеперь отправьте файл графика: .xlsx, .ods, .csv, .ics или .json, до 5 МБ. Таблицу можно слать как есть.",
        "en": "Hand-over: <b>{handover}</b>.\nNow send the roster file: .xlsx, .ods, .csv, .ics or .json, up to 5 MB. Send the spreadsheet as it is.",
    },
    "import.chat.not_fetched": {
        "ru": "Telegram не отдал мне файл. Отправьте его ещё раз.",
        "en": "Telegram didn't give me the file. Please send it again.",
    },
    "import.chat.reading": {"ru": "Читаю файл…", "en": "Reading the file…"},
    "import.chat.too_big": {
        "ru": "Файл слишком большой: {size} МБ, а можно до {limit} МБ. Оставьте в нём только листы с графиком и отправьте ещё раз.",
        "en": "The file is too big: {size} MB, and {limit} MB is the limit. Keep only the sheets with the roster and send it again.",
    },
    "import.chat.refused": {
        "ru": "Не получилось прочитать этот файл. Ничего не изменилось.",
        "en": "I couldn't read this file. Nothing has changed.",
    },
    "import.chat.send_again": {"ru": "Исправьте и отправьте файл ещё раз.", "en": "Fix it and send the file again."},
    "import.chat.colours": {
        "ru": "Цвета ячеек я не читаю, только текст.",
        "en": "I read the text of cells, not their colours.",
    },
    "import.chat.details": {"ru": "Подробно", "en": "Details"},
    "import.chat.skipped": {
        "ru": (
            "Пропускаю {n} имя:",
            "Пропускаю {n} имени:",
            "Пропускаю {n} имён:",
        ),
        "en": (
            "Skipping {n} name:",
            "Skipping {n} names:",
        ),
    },
    "import.chat.people": {"ru": ("{n} человек", "{n} человека", "{n} человек"), "en": ("{n} person", "{n} people")},
    "import.chat.duties": {
        "ru": ("{n} дежурство", "{n} дежурства", "{n} дежурств"),
        "en": ("{n} duty", "{n} duties"),
    },
    "import.chat.absences": {
        "ru": ("{n} отсутствие", "{n} отсутствия", "{n} отсутствий"),
        "en": ("{n} absence", "{n} absences"),
    },
    "import.chat.dates": {"ru": "{first} — {last}", "en": "{first} – {last}"},
    "import.chat.times": {
        "ru": "Передача смены {handover}. Дневная смена {day}, ночная {night}.",
        "en": "Hand-over {handover}. Day shift {day}, night shift {night}.",
    },
    "import.chat.times_handover": {"ru": "Передача смены {handover}.", "en": "Hand-over {handover}."},
    "import.chat.handover": {"ru": "Новая передача смены: {handover}", "en": "Hand-over from now on: {handover}"},
    "import.chat.difference": {
        "ru": "Добавить: {added}, убрать: {removed}, изменить: {changed}, без изменений: {unchanged}",
        "en": "Would add {added}, remove {removed}, change {changed}; unchanged {unchanged}",
    },
    "import.chat.notes": {
        "ru": (
            "У {n} из них меняется только заметка",
            "У {n} из них меняется только заметка",
            "У {n} из них меняется только заметка",
        ),
        "en": ("Of those, {n} changes only its note", "Of those, {n} change only their notes"),
    },
    "import.chat.difference_done": {
        "ru": "Добавлено: {added}, убрано: {removed}, изменено: {changed}, без изменений: {unchanged}",
        "en": "Added {added}, removed {removed}, changed {changed}, unchanged {unchanged}",
    },
    "import.chat.no_difference": {
        "ru": ("Смены не меняются (всего {n}).", "Смены не меняются (всего {n}).", "Смены не меняются (всего {n})."),
        "en": ("No shift changes ({n} in all).", "No shifts change ({n} in all)."),
    },
    "import.chat.more": {"ru": ("…и ещё {n}", "…и ещё {n}", "…и ещё {n}"), "en": ("…and {n} more", "…and {n} more")},
    "import.chat.overlaps": {
        "ru": ("{n} пересечение смен:", "{n} пересечения смен:", "{n} пересечений смен:"),
        "en": ("{n} overlap:", "{n} overlaps:"),
    },
    "import.chat.gaps": {
        "ru": (
            "Никто не дежурит, {n} промежуток:",
            "Никто не дежурит, {n} промежутка:",
            "Никто не дежурит, {n} промежутков:",
        ),
        "en": ("Nobody is on duty, {n} gap:", "Nobody is on duty, {n} gaps:"),
    },
    "import.chat.missing_kept": {
        "ru": (
            "{n} человека нет в файле, но в эти дни у него есть смены. Они останутся:",
            "{n} человек нет в файле, но в эти дни у них есть смены. Они останутся:",
            "{n} человек нет в файле, но в эти дни у них есть смены. Они останутся:",
        ),
        "en": (
            "{n} person is not in the file but has shifts on these days. They will stay:",
            "{n} people are not in the file but have shifts on these days. They will stay:",
        ),
    },
    "import.chat.missing_removed": {
        "ru": (
            "{n} человека нет в файле. Его смены в эти дни уберу:",
            "{n} человек нет в файле. Их смены в эти дни уберу:",
            "{n} человек нет в файле. Их смены в эти дни уберу:",
        ),
        "en": (
            "{n} person is not in the file. Their shifts on these days will be removed:",
            "{n} people are not in the file. Their shifts on these days will be removed:",
        ),
    },
    "import.chat.zone_utc": {
        "ru": "Часы прочитаны по UTC. Другой часовой пояс? Нажмите «Отмена», затем /import_duty_schedule и напишите, например, 09:00 Москва",
        "en": "I read the hours as UTC. In a different time zone? Cancel, then /import_duty_schedule and, say, 09:00 London",
    },
    "import.chat.codes": {
        "ru": (
            "Обозначение понимаю так:",
            "Обозначения понимаю так:",
            "Обозначения понимаю так:",
        ),
        "en": (
            "I read this code as:",
            "I read these codes as:",
        ),
    },
    "import.chat.met_people": {
        "ru": (
            "Имя из файла — это:",
            "Имена из файла — это:",
            "Имена из файла — это:",
        ),
        "en": (
            "I know this name from the file as:",
            "I know these names from the file as:",
        ),
    },
    "import.chat.new_people": {
        "ru": ("{n} новый человек:", "{n} новых человека:", "{n} новых людей:"),
        "en": ("{n} new person:", "{n} new people:"),
    },
    "import.chat.like_deactivated": {
        "ru": "{name} (человек с этим именем отключён, вернуть его: /users)",
        "en": "{name} (somebody with this name is deactivated; to bring them back: /users)",
    },
    "import.chat.unreachable": {
        "ru": (
            "{n} человек ещё не подключил Telegram: написать ему я не могу.",
            "{n} человека ещё не подключили Telegram: написать им я не могу.",
            "{n} человек ещё не подключили Telegram: написать им я не могу.",
        ),
        "en": (
            "{n} person hasn't connected Telegram yet, so I can't write to them.",
            "{n} people haven't connected Telegram yet, so I can't write to them.",
        ),
    },
    "import.chat.apply": {"ru": "✅ Применить", "en": "✅ Apply"},
    "import.chat.cancel": {"ru": "Отмена", "en": "Cancel"},
    "import.chat.remove_missing": {
        "ru": ("Убрать смены тех, кого нет в файле ({n})",) * 3,
        "en": ("Remove shifts of people not in the file ({n})",) * 2,
    },
    "import.chat.keep_missing": {
        "ru": ("Оставить смены тех, кого нет в файле ({n})",) * 3,
        "en": ("Keep shifts of people not in the file ({n})",) * 2,
    },
    "import.chat.applied": {"ru": "<b>График обновлён.</b>", "en": "<b>Schedule updated.</b>"},
    "import.chat.interrupted": {
        "ru": "Запись прервалась, график не изменился. Нажмите «Применить» ещё раз.",
        "en": "Saving was interrupted, and the schedule hasn't changed. Press Apply again.",
    },
    "import.chat.next_step": {
        "ru": "Закреплённые сообщения и календари обновятся сами. В новой группе напишите /pin_duty.",
        "en": "Pinned messages and calendars update by themselves. In a new group, send /pin_duty.",
    },
    "import.chat.nothing_new": {
        "ru": "Всё это уже есть в графике, менять нечего.",
        "en": "All of this is already in the schedule: nothing to change.",
    },
    "import.chat.undo": {"ru": "↩️ Отменить импорт", "en": "↩️ Undo the import"},
    "import.chat.redo": {"ru": "↪️ Вернуть", "en": "↪️ Redo"},
    "import.chat.undone": {
        "ru": "↩️ Отменено: {name}. График снова такой, как был.",
        "en": "↩️ Undone: {name}. The schedule is as it was.",
    },
    "import.chat.redone": {
        "ru": "↪️ Вернул: {name}. График снова такой, как после этого изменения.",
        "en": "↪️ Redone: {name}. The schedule is as it was after that change.",
    },
    "import.chat.invite": {
        "ru": ("Пригласить людей ({n})",) * 3,
        "en": ("Invite people ({n})",) * 2,
    },
    "import.chat.cancelled": {
        "ru": "Импорт отменён, ничего не изменилось.",
        "en": "Import cancelled. Nothing has changed.",
    },
    "import.chat.press": {
        "ru": "Нажмите одну из кнопок под сообщением с изменениями: «Применить», «Отмена» или другую.",
        "en": "Press one of the buttons under the preview: Apply, Cancel or another one.",
    },
    "import.chat.finished": {
        "ru": "Этот импорт уже закончен, смотрите сообщение выше.",
        "en": "This import is already finished, see the message above.",
    },
    "import.chat.gone": {
        "ru": "Этот импорт уже закончен. Отправьте файл ещё раз.",
        "en": "This import is already finished. Send the file again.",
    },
}
