"""Texts: reading roster files. Those about a cell begin small, because its address stands in front: `Март!B7: …`."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "import.file.place_sheet": {"ru": "{cell} (лист «{sheet}»)", "en": "{cell} (sheet “{sheet}”)"},
    "import.file.place_line": {"ru": "строка {line}", "en": "line {line}"},
    "import.file.place_cell": {"ru": "строка {line}, столбец {column}", "en": "line {line}, column {column}"},
    "import.file.row_label": {
        "ru": "не понимаю, что значат строки «{text}». Оставьте одну строку на человека или план и факт.",
        "en": "I can't tell what the rows “{text}” mean. Keep one row a person, or plan and actual.",
    },
    "import.file.halves": {
        "ru": "дни месяца идут в две строки, и непонятно, какие строки человека к какой из них относятся. Поставьте дни в одну строку.",
        "en": "the days of the month take two rows, and I can't tell which rows of a person belong to which. Put the days in one row.",
    },
    "import.file.hidden": {
        "ru": (
            "скрыта {n} строка или столбец, я их не читаю.",
            "скрыто {n} строки или столбца, я их не читаю.",
            "скрыто {n} строк и столбцов, я их не читаю.",
        ),
        "en": ("I skip {n} hidden row or column.", "I skip {n} hidden rows and columns."),
    },
    "import.file.hidden_read": {
        "ru": (
            "скрыта {n} строка или столбец, я их тоже читаю.",
            "скрыто {n} строки или столбца, я их тоже читаю.",
            "скрыто {n} строк и столбцов, я их тоже читаю.",
        ),
        "en": ("I read {n} hidden row or column, too.", "I read {n} hidden rows and columns, too."),
    },
    "import.file.unread": {
        "ru": (
            "Не понял {n} ячейку: {cells}",
            "Не понял {n} ячейки: {cells}",
            "Не понял {n} ячеек: {cells}",
        ),
        "en": ("I couldn't read {n} cell: {cells}", "I couldn't read {n} cells: {cells}"),
    },
    "import.file.replaced": {
        "ru": (
            "В {n} ячейке один человек заменён другим, дежурит второй: {cells}",
            "В {n} ячейках один человек заменён другим, дежурит второй: {cells}",
            "В {n} ячейках один человек заменён другим, дежурит второй: {cells}",
        ),
        "en": (
            "In {n} cell somebody is replaced; the second person is on duty: {cells}",
            "In {n} cells somebody is replaced; the second person is on duty: {cells}",
        ),
    },
    "import.file.remarks": {
        "ru": (
            "В примечаниях есть имена, по ним я ничего не меняю: {cells}",
            "В примечаниях есть имена ({n} ячейки), по ним я ничего не меняю: {cells}",
            "В примечаниях есть имена ({n} ячеек), по ним я ничего не меняю: {cells}",
        ),
        "en": (
            "A remark names somebody. I change nothing by it: {cells}",
            "{n} remarks name people. I change nothing by them: {cells}",
        ),
    },
    "import.file.no_duties": {
        "ru": "дни и имена есть, а все дни пустые. Я читаю текст ячеек, а не их цвет: напишите в закрашенных ячейках букву.",
        "en": "there are days and names, but every day is empty. I read the text of cells, not their colours: write a letter into the coloured cells.",
    },
    "import.file.legend_differs": {
        "ru": "в обозначениях «{code}» — {legend}, а по ответу — {answer}. Беру ответ.",
        "en": "the legend says “{code}” is {legend}, the answer was {answer}. I use the answer.",
    },
    "import.file.fact_first": {
        "ru": (
            "Есть план и факт: беру факт, где он заполнен, иначе план. Отличается {n} ячейка.",
            "Есть план и факт: беру факт, где он заполнен, иначе план. Отличаются {n} ячейки.",
            "Есть план и факт: беру факт, где он заполнен, иначе план. Отличаются {n} ячеек.",
        ),
        "en": (
            "There are planned and actual rows: I take the actual ones where filled. {n} cell differs.",
            "There are planned and actual rows: I take the actual ones where filled. {n} cells differ.",
        ),
    },
    "import.file.refused": {
        "ru": ("{n} ошибка в файле", "{n} ошибки в файле", "{n} ошибок в файле"),
        "en": ("{n} problem in the file", "{n} problems in the file"),
    },
    "import.file.more": {
        "ru": ("…и ещё {n}", "…и ещё {n}", "…и ещё {n}"),
        "en": ("…and {n} more", "…and {n} more"),
    },
    # The file as a whole
    "import.file.format": {
        "ru": (
            "Такие файлы я не читаю. Подойдёт .xlsx, .ods, .csv, .ics или .json: откройте файл в табличном редакторе, "
            "сохраните как .xlsx и пришлите ещё раз."
        ),
        "en": (
            "I can't read this kind of file. I take .xlsx, .ods, .csv, .ics and .json: open it in your spreadsheet app, save "
            "it as .xlsx and send it again."
        ),
    },
    "import.file.not_a_table": {
        "ru": (
            "В файле нет таблицы: я не вижу столбцов, разделённых запятой, точкой с запятой или табуляцией. Сохраните "
            "его как .xlsx и пришлите ещё раз."
        ),
        "en": (
            "There's no table in this file: I can't see columns separated by commas, semicolons or tabs. Save it as "
            ".xlsx and send it again."
        ),
    },
    "import.file.long_line": {
        "ru": "В файле есть строка длиннее {limit} символов: на таблицу это не похоже.",
        "en": "The file has a line of more than {limit} characters, which doesn't look like a table.",
    },
    "import.file.long_cell": {
        "ru": "в ячейке больше {limit} символов. Возможно, где-то не закрыты кавычки.",
        "en": "a cell has more than {limit} characters. Maybe a quote was never closed.",
    },
    "import.file.csv_row": {
        "ru": "не получается разобрать строку. Возможно, где-то не закрыты кавычки.",
        "en": "I can't read this line. Maybe a quote was never closed.",
    },
    "import.file.old_excel": {
        "ru": "Это файл старого формата Office (.xls, .doc). Сохраните таблицу как .xlsx и пришлите ещё раз.",
        "en": "This is an old Office file (.xls, .doc). Save the table as .xlsx and send it again.",
    },
    "import.file.password": {
        "ru": "Файл защищён паролем. Снимите пароль, сохраните и пришлите ещё раз.",
        "en": "The file is protected with a password. Remove the password, save it and send it again.",
    },
    "import.file.not_a_workbook": {
        "ru": (
            "Файл называется таблицей, но внутри что-то другое. Откройте его, сохраните как .xlsx и пришлите ещё "
            "раз."
        ),
        "en": (
            "The file is named like a workbook, but there's something else inside. Open it, save it as .xlsx "
            "and send it again."
        ),
    },
    "import.file.json_not_there": {
        "ru": "Файл называется .json, но внутри не JSON.",
        "en": "The file is named .json, but there is no JSON inside.",
    },
    "import.file.damaged": {
        "ru": (
            "Файл не открывается: похоже, он повреждён или загружен не до конца. Откройте его, сохраните как .xlsx и "
            "пришлите ещё раз."
        ),
        "en": "The file doesn't open: it looks damaged or cut short. Open it, save it as .xlsx and send it again.",
    },
    "import.file.empty": {"ru": "Файл пустой.", "en": "The file is empty."},
    "import.file.empty_workbook": {
        "ru": "В таблице нет ни одной заполненной ячейки на видимых листах.",
        "en": "There isn't a single filled cell on the visible sheets of this workbook.",
    },
    "import.file.too_big": {
        "ru": "Файл слишком большой: я беру до {limit} МБ. Оставьте в нём только график.",
        "en": "The file is too big: I take up to {limit} MB. Keep only the roster in it.",
    },
    "import.file.too_big_unzipped": {
        "ru": "В распакованном виде файл больше {limit} МБ. Скопируйте график в новую таблицу и пришлите её.",
        "en": "Unpacked, the file is over {limit} MB. Copy the roster into a new workbook and send that one.",
    },
    "import.file.too_heavy": {
        "ru": "Этот файл слишком тяжёлый, прочитать его не удалось. Скопируйте график в новую таблицу и пришлите её.",
        "en": "This file is too heavy to read. Copy the roster into a new workbook and send that one.",
    },
    "import.file.busy": {
        "ru": "Сервер сейчас слишком занят, прочитать не получилось. Попробуйте ещё раз через несколько минут.",
        "en": "The server is too busy to read this right now. Please try again in a few minutes.",
    },
    "import.file.too_many_sheets": {
        "ru": (
            "В файле {n} лист, а я беру до {limit}. Оставьте только нужные.",
            "В файле {n} листа, а я беру до {limit}. Оставьте только нужные.",
            "В файле {n} листов, а я беру до {limit}. Оставьте только нужные.",
        ),
        "en": (
            "The file has {n} sheet, I take up to {limit}. Keep only those you need.",
            "The file has {n} sheets, I take up to {limit}. Keep only those you need.",
        ),
    },
    "import.file.too_many_cells": {
        "ru": "В файле больше {limit} заполненных ячеек. Оставьте в нём только график.",
        "en": "The file has more than {limit} filled cells. Keep only the roster in it.",
    },
    "import.file.too_many_people": {
        "ru": "в файле больше {limit} человек: столько сразу я не беру.",
        "en": "the file has more than {limit} people, which is more than I take at once.",
    },
    "import.file.too_many_days": {
        "ru": "между первым и последним днём больше {limit} дней. Разделите файл на части.",
        "en": "there are more than {limit} days from first to last. Split the file into parts.",
    },
    # The fixed JSON format
    "import.file.not_json": {"ru": "Это не похоже на правильный JSON.", "en": "This isn't valid JSON."},
    "import.file.key_twice": {
        "ru": "Ключ «{name}» стоит в одном объекте JSON дважды: какой из двух верный?",
        "en": "The key “{name}” appears twice in one JSON object: which of the two is right?",
    },
    "import.file.not_json_at": {
        "ru": "JSON с ошибкой: строка {line}, позиция {column}.",
        "en": "The JSON has an error at line {line}, column {column}.",
    },
    "import.file.not_utf8": {
        "ru": "Файл JSON должен быть в кодировке UTF-8.",
        "en": "A JSON file has to be encoded in UTF-8.",
    },
    "import.file.json_shape": {
        "ru": "В файле JSON нужен объект с ключами meta и schedule.",
        "en": "A JSON file has to be an object with the keys meta and schedule.",
    },
    "import.file.missing": {"ru": "этого ключа нет.", "en": "this key is missing."},
    "import.file.want_object": {"ru": "здесь нужен объект в { }.", "en": "this has to be an object in { }."},
    "import.file.want_list": {"ru": "здесь нужен список в [ ].", "en": "this has to be a list in [ ]."},
    "import.file.nobody": {"ru": "в списке никого нет.", "en": "there is nobody in the list."},
    "import.file.want_text": {"ru": "здесь нужен текст в кавычках.", "en": "this has to be text in quotes."},
    "import.file.empty_name": {"ru": "имя пустое.", "en": "the name is empty."},
    "import.file.long_name": {
        "ru": "имя длиннее {limit} символов.",
        "en": "the name is longer than {limit} characters.",
    },
    "import.file.long_note": {
        "ru": "заметка длиннее {limit} символов.",
        "en": "the note is longer than {limit} characters.",
    },
    "import.file.bad_note": {
        "ru": "заметка «{text}» ни к чему не относится: нужен день вида 2026-11-24, на который что-то записано.",
        "en": "the note of “{text}” belongs to nothing: it needs a day like 2026-11-24 that has something on it.",
    },
    "import.file.bad_date": {
        "ru": "«{text}» — не дата вида 2025-03-31.",
        "en": "“{text}” is not a date like 2025-03-31.",
    },
    "import.file.no_such_date": {
        "ru": "даты {text} не существует.",
        "en": "there is no such date as {text}.",
    },
    "import.file.far_year": {
        "ru": "{text} — похоже, опечатка в годе.",
        "en": "{text}: the year looks like a typo.",
    },
    "import.file.json_lookalike": {
        "ru": (
            "{day}: «{code}» похоже на код, но написано другой буквой и поэтому ничего не значит. Коды: в, В, б, Б, Н, "
            "О кириллицей."
        ),
        "en": (
            "{day}: “{code}” looks like a code but is another letter, so it means nothing. The codes are Cyrillic в, "
            "В, б, Б, Н, О."
        ),
    },
    # Tables
    "import.file.no_days": {
        "ru": (
            "Я не вижу в таблице дней. Нужны числа месяца по порядку, хотя бы пять подряд, и рядом с ними люди. Или "
            "список: дата и имя в каждой строке."
        ),
        "en": (
            "I can't find the days in this table. I need the days of the month, at least five in a row, with people next to them. Or a list with a date and a name in every row."
        ),
    },
    "import.file.no_names": {
        "ru": "я вижу дни, но не вижу имён. Поставьте их рядом с днями: по строке или столбцу на человека.",
        "en": "I see the days but no names. Put them next to the days, one row or column per person.",
    },
    "import.file.bad_day": {
        "ru": "«{text}» — такой даты нет, или я не могу её прочитать.",
        "en": "“{text}” is not a date, or not one I can read.",
    },
    "import.file.mixed_order": {
        "ru": "«{text}»: в одних датах сначала день, в других месяц. Приведите даты к одному виду.",
        "en": "“{text}”: some dates begin with the day and others with the month. Write all of them the same way.",
    },
    "import.file.ends_before": {
        "ru": "дежурство кончается раньше, чем начинается ({day}).",
        "en": "this ends before it begins ({day}).",
    },
    "import.file.no_end": {
        "ru": "здесь есть начало, но нет конца (или наоборот). Нужны оба.",
        "en": "this has a start but no end, or the other way round. I need both.",
    },
    "import.file.twice_at_once": {
        "ru": "{name} в это время уже дежурит: {other}.",
        "en": "{name} is already on duty at that time: {other}.",
    },
    "import.file.last_day_hands_over": {
        "ru": "последний день одного дежурства — первый день следующего, поэтому я отдал его следующему ({day}).",
        "en": "the last day of one duty is the first of the next, so I gave it to the next ({day}).",
    },
    "import.file.weekday_mismatch": {
        "ru": "здесь «{text}», но по датам это {day}. Проверьте месяц, год или дни недели.",
        "en": "this says “{text}”, but by its date it is {day}. Check the month, the year or the weekdays.",
    },
    "import.file.no_year_fits": {
        "ru": "дни недели не сходятся с числами ни в одном году. Проверьте месяц и строку с днями недели.",
        "en": "the weekdays don't match the days in any year. Check the month and the row of weekdays.",
    },
    "import.file.days_break": {
        "ru": "здесь {number}, а по порядку должно быть {after}. Проверьте дни и месяц.",
        "en": "this is {number}, but the next day should be {after}. Check the days and the month.",
    },
    "import.file.no_such_day": {
        "ru": "ячейка заполнена, но дня {number} в {month} нет.",
        "en": "this cell is filled, but there is no day {number} in {month}.",
    },
    "import.file.cell_error": {
        "ru": "в ячейке ошибка {text}. Исправьте формулу и пришлите файл ещё раз.",
        "en": "the cell holds the error {text}. Fix the formula and send the file again.",
    },
    "import.file.no_stored_value": {
        "ru": (
            "в ячейке формула без посчитанного значения. Откройте файл в Excel или LibreOffice, сохраните и пришлите "
            "ещё раз."
        ),
        "en": (
            "the cell has a formula whose value was never calculated. Open the file in Excel or LibreOffice, save it "
            "and send it again."
        ),
    },
    "import.file.bad_time": {
        "ru": "«{text}» — такого времени нет.",
        "en": "“{text}” is not a time of day.",
    },
    "import.file.time_in_gap": {
        "ru": "времени {time} в этот день нет ({day}): переводят часы, {zone}.",
        "en": "{time} doesn't exist on {day}: the clocks go forward, {zone}.",
    },
    "import.file.time_doubled": {
        "ru": "{time} бывает в этот день дважды ({day}): переводят часы. Я взял первое.",
        "en": "{time} happens twice on {day}, when the clocks go back. I took the first one.",
    },
    "import.file.day_twice": {
        "ru": "{name}: этот день ({day}) уже заполнен в {other}.",
        "en": "{name} already has an entry for {day} in {other}.",
    },
    # Remarks
    "import.file.title_differs": {
        "ru": "В названии «{name}» не тот месяц, что в заголовке. Я прочитал таблицу как {month}.",
        "en": "“{name}” names another month than the title. I read the table as {month}.",
    },
    "import.file.sheets_without": {
        "ru": (
            "Пропустил лист без графика: {sheets}.",
            "Пропустил листы без графика: {sheets}.",
            "Пропустил листы без графика: {sheets}.",
        ),
        "en": (
            "I skipped a sheet without a roster: {sheets}.",
            "I skipped sheets without a roster: {sheets}.",
        ),
    },
    "import.file.sheets_hidden": {
        "ru": (
            "Пропустил скрытый лист: {sheets}.",
            "Пропустил скрытые листы: {sheets}.",
            "Пропустил скрытые листы: {sheets}.",
        ),
        "en": (
            "I skipped a hidden sheet: {sheets}.",
            "I skipped hidden sheets: {sheets}.",
        ),
    },
    # What was typed as an answer
    "import.file.meaning": {
        "ru": ("Не понимаю «{text}». Можно {words} или время, например 08:00-16:30."),
        "en": ("I don't understand “{text}”. Use {words} or times such as 08:00-16:30."),
    },
    "import.file.answer_date": {
        "ru": "«{text}» — не дата. Напишите её так: 2025-03-31.",
        "en": "“{text}” is not a date. Write it like this: 2025-03-31.",
    },
    "import.file.nothing_since": {
        "ru": "В файле ничего нет начиная с {day}.",
        "en": "The file has nothing from {day} on.",
    },
    "import.file.codes": {
        "ru": "Не понимаю «{text}». Коды пишутся так: Д=day,Н=night,Z=08:00-16:30.",
        "en": "I don't understand “{text}”. Write codes like this: Д=day,Н=night,Z=08:00-16:30.",
    },
    "import.chat.moved": {
        "ru": "Пока вы смотрели, кое-что изменилось. Ничего не записано. Проверьте ещё раз:",
        "en": "Something changed while you were looking. Nothing is saved yet. Please check again:",
    },
    "import.chat.moved_schedule": {
        "ru": "график изменён ({name}): {what}",
        "en": "{name} changed the schedule: {what}",
    },
    "import.chat.moved_settings": {"ru": "настройки графика изменились", "en": "the roster's settings have changed"},
    "import.chat.moved_else": {
        "ru": "пересечения или пробелы теперь другие",
        "en": "overlaps or gaps are different now",
    },
    "import.chat.moved_renamed": {"ru": "{full_name} теперь {new}", "en": "{full_name} is now {new}"},
    "import.chat.moved_gone": {
        "ru": "человека {full_name} в графике больше нет, «{name}» станет новым человеком",
        "en": "{full_name} is no longer on the roster, “{name}” becomes a new person",
    },
    "import.chat.moved_met": {
        "ru": "«{name}» уже есть в графике: {full_name}",
        "en": "“{name}” is already on the roster: {full_name}",
    },
    "import.chat.moved_other": {
        "ru": "«{name}» теперь {new}, а не {full_name}",
        "en": "“{name}” is now {new}, not {full_name}",
    },
    "import.chat.moved_unclear": {
        "ru": "теперь неясно, кто такой «{name}»",
        "en": "it is no longer clear who “{name}” is",
    },
}
