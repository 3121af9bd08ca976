"""Texts of what an import asks, and of the answers. HTML; data are escaped by the handlers."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
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
    "import.chat.ask_struck": {
        "ru": "В файле есть зачёркнутое. Таких ячеек: {n}, первая — {where}: «{subject}». Пропустить зачёркнутое?",
        "en": "Some text in the file is struck through. Cells like it: {n}, the first is {where}: “{subject}”. Leave it out?",
    },
    "import.chat.struck_drop": {"ru": "Пропустить", "en": "Leave it out"},
    "import.chat.struck_keep": {"ru": "Читать как обычное", "en": "Read it as usual"},
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
    "import.page.ask_codes": {
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
    "import.page.ask_codes_open": {
        "ru": (
            "В файле {n} код. Выберите, что он значит.",
            "В файле {n} кода. Выберите, что они значат.",
            "В файле {n} кодов. Выберите, что они значат.",
        ),
        "en": (
            "{n} code in the file. Choose what it means.",
            "{n} codes in the file. Choose what they mean.",
        ),
    },
    "import.page.zone_utc": {
        "ru": "Часы прочитаны по UTC. Другой часовой пояс? Нажмите «Отмена» и укажите его под файлом, например 09:00 Москва",
        "en": "I read the hours as UTC. In a different time zone? Cancel and give it below the file, say 09:00 London",
    },
    "import.page.like_deactivated": {
        "ru": "{name} (человек с этим именем отключён, вернуть его: раздел «Команда»)",
        "en": "{name} (somebody with this name is deactivated; bring them back under Team)",
    },
    "import.page.moved": {
        "ru": "Пока вы смотрели, кое-что изменилось:\n{reasons}\nВот как будет теперь.",
        "en": "Something has changed in the meantime:\n{reasons}\nThis is what it would be now.",
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
    "import.chat.ask_times": {
        "ru": "Напишите часы для <b>{subject}</b>, например:\n<code>08:00-16:30</code>",
        "en": "Write the hours of <b>{subject}</b>, like this:\n<code>08:00-16:30</code>",
    },
    "import.chat.meaning_duty": {"ru": "Дежурство (сутки)", "en": "Duty, all day"},
    "import.chat.meaning_day": {"ru": "Дневная смена", "en": "Day shift"},
    "import.chat.meaning_night": {"ru": "Ночная смена", "en": "Night shift"},
    "import.chat.meaning_times": {"ru": "Другие часы…", "en": "Other hours…"},
    "import.chat.meaning_nothing": {"ru": "Ничего", "en": "Nothing"},
    "import.chat.other_answer": {"ru": "‹ Другой ответ", "en": "‹ Another answer"},
    "import.chat.answer_again": {"ru": "↩ К последнему вопросу", "en": "↩ Back to the last question"},
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
}
