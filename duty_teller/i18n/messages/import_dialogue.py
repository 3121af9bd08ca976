"""Texts of the import's dialogue: questions, preview, what was done. HTML; data are escaped by the handlers."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "import.chat.ask_handover": {
        "ru": "Во сколько меняются дежурные? Нажмите кнопку или напишите время и часовой пояс, например:\n<code>09:00 Europe/Moscow</code>",
        "en": "What time does one shift hand over to the next? Press the button, or write a time and a time zone, like this:\n<code>09:00 Europe/London</code>",
    },
    "import.chat.ask_file": {
        "ru": "Передача смены: <b>{handover}</b>.\nТеперь отправьте файл графика: .xlsx, .csv, .ics или .json, до 5 МБ. Таблицу можно слать как есть.",
        "en": "Hand-over: <b>{handover}</b>.\nNow send the roster file: .xlsx, .csv, .ics or .json, up to 5 MB. Send the spreadsheet as it is.",
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
    "import.chat.question_count": {
        "ru": ("Потом ещё {n} вопрос.", "Потом ещё {n} вопроса.", "Потом ещё {n} вопросов."),
        "en": ("{n} more question after this.", "{n} more questions after this."),
    },
    "import.chat.ask_hidden": {
        "ru": (
            "В файле скрыта {n} строка или столбец, начиная с {where}. Читать и скрытое?",
            "В файле скрыто {n} строки или столбца, начиная с {where}. Читать и скрытое?",
            "В файле скрыто {n} строк и столбцов, начиная с {where}. Читать и скрытое?",
        ),
        "en": (
            "{n} row or column is hidden, starting at {where}. Read it too?",
            "{n} rows and columns are hidden, starting at {where}. Read them too?",
        ),
    },
    "import.chat.hidden_skip": {"ru": "Только видимое", "en": "Only the visible ones"},
    "import.chat.hidden_read": {"ru": "Читать всё", "en": "Read everything"},
    "import.chat.ask_comma": {
        "ru": "«{subject}» — это один человек (фамилия, имя) или двое? Таких ячеек: {n}, первая — {where}.",
        "en": "“{subject}”: one person (surname, first name) or two? Cells like it: {n}, the first is {where}.",
    },
    "import.chat.comma_one": {"ru": "Один", "en": "One person"},
    "import.chat.comma_two": {"ru": "Двое", "en": "Two people"},
    "import.chat.ask_unread": {
        "ru": "В таблице есть то, что я не понимаю: {subject}. Таких ячеек: {n}, первая — {where}. Пропустить?",
        "en": "There's something in the table I can't read: {subject}. Cells like it: {n}, the first is {where}. Leave it out?",
    },
    "import.chat.unread_leave": {"ru": "Пропустить", "en": "Leave it out"},
    "import.chat.ask_name": {
        "ru": "«{subject}» — это человек? Таких ячеек: {n}, первая — {where}.",
        "en": "Is “{subject}” a person? Cells with it: {n}, the first is {where}.",
    },
    "import.chat.name_person": {"ru": "Да, человек", "en": "Yes, a person"},
    "import.chat.name_nobody": {"ru": "Нет, пропустить", "en": "No, leave it out"},
    "import.chat.ask_code": {
        "ru": (
            "Что значит код «<b>{subject}</b>»? Он в {n} ячейке: {where}.",
            "Что значит код «<b>{subject}</b>»? Он в {n} ячейках, первая: {where}.",
            "Что значит код «<b>{subject}</b>»? Он в {n} ячейках, первая: {where}.",
        ),
        "en": (
            "What does the code “<b>{subject}</b>” mean? It appears in {n} cell: {where}.",
            "What does the code “<b>{subject}</b>” mean? It appears in {n} cells, first in {where}.",
        ),
    },
    "import.chat.ask_codes": {
        "ru": (
            "В файле {n} код. Я понимаю его так, всё верно?",
            "В файле {n} кода. Я понимаю их так, всё верно?",
            "В файле {n} кодов. Я понимаю их так, всё верно?",
        ),
        "en": (
            "{n} code in the file. I read it like this. Is that right?",
            "{n} codes in the file. I read them like this. Is that right?",
        ),
    },
    "import.chat.ask_codes_open": {
        "ru": (
            "В файле {n} код. Что значит «?»: нажмите код или напишите, например: Д=08:00-20:00",
            "В файле {n} кода. Что значат «?»: нажмите код или напишите, например: Д=08:00-20:00",
            "В файле {n} кодов. Что значат «?»: нажмите код или напишите, например: Д=08:00-20:00",
        ),
        "en": (
            "{n} code in the file. What does the “?” mean? Tap it, or write it, like D=08:00-20:00",
            "{n} codes in the file. What do the “?” mean? Tap a code, or write it, like D=08:00-20:00",
        ),
    },
    "import.chat.codes_right": {"ru": "✅ Всё верно", "en": "✅ That's right"},
    "import.chat.code_times": {
        "ru": ("{n} ячейка", "{n} ячейки", "{n} ячеек"),
        "en": ("{n} cell", "{n} cells"),
    },
    "import.chat.code_first": {"ru": "первая {where}", "en": "first {where}"},
    "import.chat.code_suggested": {"ru": "предположение", "en": "my guess"},
    "import.chat.code_legend": {"ru": "из легенды", "en": "from the legend"},
    "import.chat.code_remembered": {"ru": "как раньше", "en": "as before"},
    "import.chat.hint_codes": {
        "ru": "Не понимаю «{text}». Нажмите код в списке или напишите, например: Д=08:00-20:00, О=отпуск",
        "en": "I don't understand “{text}”. Tap a code in the list, or write, like D=08:00-20:00, V=vacation",
    },
    "import.chat.ask_team": {
        "ru": (
            "В файле {n} человек, и ни одного нет в графике. Это другая команда: завести для неё свой график?",
            "В файле {n} человека, и ни одного нет в графике. Это другая команда: завести для неё свой график?",
            "В файле {n} человек, и ни одного нет в графике. Это другая команда: завести для неё свой график?",
        ),
        "en": (
            "{n} person in the file, and they aren't on this roster. Is this another team? I can make it a roster of its own.",
            "{n} people in the file, and none of them is on this roster. Is this another team? I can make it a roster of its own.",
        ),
    },
    "import.chat.team_new": {"ru": "Да, новый график", "en": "Yes, a new roster"},
    "import.chat.team_same": {"ru": "Нет, в этот же график", "en": "No, the same roster"},
    "import.chat.ask_year": {
        "ru": "Какой год в этой таблице? Смотрите {where}.",
        "en": "Which year is this table? See {where}.",
    },
    "import.chat.ask_month": {
        "ru": "Какой месяц в этой таблице? Смотрите {where}.",
        "en": "Which month is this table? See {where}.",
    },
    "import.chat.ask_shift": {
        "ru": (
            "Какие часы у смены <b>{subject}</b>? Она в {n} ячейке: {where}.",
            "Какие часы у смены <b>{subject}</b>? Она в {n} ячейках, первая: {where}.",
            "Какие часы у смены <b>{subject}</b>? Она в {n} ячейках, первая: {where}.",
        ),
        "en": (
            "What are the hours of <b>{subject}</b>? It appears in {n} cell: {where}.",
            "What are the hours of <b>{subject}</b>? It appears in {n} cells, first in {where}.",
        ),
    },
    "import.chat.ask_foreign": {
        "ru": (
            "{n} событие не похоже на дежурство: <b>{subject}</b>. Пропустить?",
            "{n} события не похожи на дежурства: <b>{subject}</b>. Пропустить?",
            "{n} событий не похожи на дежурства: <b>{subject}</b>. Пропустить?",
        ),
        "en": (
            "{n} event doesn't look like a duty: <b>{subject}</b>. Leave it out?",
            "{n} events don't look like duties: <b>{subject}</b>. Leave them out?",
        ),
    },
    "import.chat.foreign_leave": {"ru": "Пропустить", "en": "Leave out"},
    "import.chat.foreign_take": {"ru": "Это дежурства", "en": "They are duties"},
    "import.chat.ask_zone": {
        "ru": "Время в файле указано по «{subject}». Какое это время?",
        "en": "The times in the file are “{subject}”. Which time is that?",
    },
    "import.chat.ask_order": {
        "ru": "Как читать дату <b>{subject}</b>? Она в {where}, а файл можно понять по-разному.",
        "en": "How do you read the date <b>{subject}</b>? It is in {where}, and the file could mean either.",
    },
    "import.chat.ask_date_order": {
        "ru": "Как читать дату <b>{subject}</b>? Она в {where}, понять можно двояко.",
        "en": "How do you read the date <b>{subject}</b>? It is in {where} and could be either.",
    },
    "import.chat.order_dmy": {"ru": "Сначала день", "en": "Day first"},
    "import.chat.order_mdy": {"ru": "Сначала месяц", "en": "Month first"},
    "import.chat.ask_week": {
        "ru": "На какую неделю эта таблица? Смотрите {where}. Нажмите понедельник или напишите любой её день, например 2026-11-23.",
        "en": "Which week is this table? See {where}. Tap its Monday, or write any day of it, like 2026-11-23.",
    },
    "import.chat.ask_every": {
        "ru": "Даты идут через неделю: {where}. Дежурят всю неделю или один день?",
        "en": "The dates are a week apart, see {where}. Is each duty a whole week, or one day?",
    },
    "import.chat.every_week": {"ru": "Всю неделю", "en": "A whole week"},
    "import.chat.every_day": {"ru": "Один день", "en": "One day"},
    "import.chat.ask_since": {
        "ru": "В файле {subject}: слишком много для одного раза. С какого дня начать? Нажмите или напишите дату, например 2026-11-23.",
        "en": "The file covers {subject}: too much for one import. Which day do you want to start from? Tap, or write a date like 2026-11-23.",
    },
    "import.chat.ask_person": {
        "ru": "В файле есть «<b>{subject}</b>». Кто это в графике?",
        "en": "Who is <b>{subject}</b> in the file?",
    },
    "import.chat.person_new": {"ru": "Новый человек", "en": "Somebody new"},
    "import.chat.person_skip": {"ru": "Пропустить эти строки", "en": "Skip these rows"},
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
    "import.chat.ask_times": {
        "ru": "Напишите часы для <b>{subject}</b>, например:\n<code>08:00-16:30</code>",
        "en": "Write the hours of <b>{subject}</b>, like this:\n<code>08:00-16:30</code>",
    },
    "import.chat.meaning_duty": {"ru": "Дежурство (сутки)", "en": "Duty, all day"},
    "import.chat.meaning_day": {"ru": "Дневная смена", "en": "Day shift"},
    "import.chat.meaning_night": {"ru": "Ночная смена", "en": "Night shift"},
    "import.chat.meaning_times": {"ru": "Другие часы…", "en": "Other hours…"},
    "import.chat.meaning_nothing": {"ru": "Ничего", "en": "Nothing"},
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
    "import.chat.other_answer": {"ru": "‹ Другой ответ", "en": "‹ Another answer"},
    "import.chat.answer_again": {"ru": "↩ К последнему вопросу", "en": "↩ Back to the last question"},
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
    "import.chat.explain": {"ru": "🔍 Как я понял файл", "en": "🔍 How I read it"},
    "import.chat.explaining": {"ru": "Раскрашиваю файл…", "en": "Colouring your file…"},
    "import.chat.explain_wait": {
        "ru": "Уже готовлю, подождите немного.",
        "en": "Already on it, one moment.",
    },
    "import.chat.explain_file": {"ru": "{name} — как я понял", "en": "{name} – how I read it"},
    "import.chat.explain_caption": {
        "ru": "Цвет показывает, чем я посчитал ячейку, примечание — что из неё получилось. Красные я не понял.",
        "en": "Colours show what I took each cell for, notes say what I made of it. I couldn't read the red ones.",
    },
    "import.chat.explain_not_fetched": {
        "ru": "Telegram больше не отдаёт этот файл. Отправьте его ещё раз.",
        "en": "Telegram no longer has this file for me. Please send it again.",
    },
    "import.chat.explain_nothing": {
        "ru": "В этом файле нечего показать по ячейкам.",
        "en": "There are no cells in this file to show.",
    },
    "import.chat.explain_not_sent": {
        "ru": "Не получилось отправить файл. Нажмите кнопку ещё раз.",
        "en": "I couldn't send the file. Press the button again.",
    },
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
    "import.chat.hint_code": {
        "ru": "Не понимаю «{text}». Нажмите кнопку под вопросом или напишите время, например: 08:00-16:30.",
        "en": "I don't understand “{text}”. Press a button under the question or write times, like 08:00-16:30.",
    },
    "import.chat.hint_month": {
        "ru": "Не понимаю «{text}». Нажмите месяц или напишите его, например: ноябрь или 11.",
        "en": "I don't understand “{text}”. Tap a month or write it, like November or 11.",
    },
    "import.chat.hint_year": {
        "ru": "Не понимаю «{text}». Нажмите год или напишите его, например: 2026.",
        "en": "I don't understand “{text}”. Tap a year or write it, like 2026.",
    },
    "import.chat.hint_button": {
        "ru": "Не понимаю «{text}». Нажмите одну из кнопок под вопросом.",
        "en": "I don't understand “{text}”. Press one of the buttons under the question.",
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
