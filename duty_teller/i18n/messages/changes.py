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
    "change.not_theirs": {"ru": "{name}: в это время не на смене.", "en": "{name} isn't on duty then."},
    "change.moved_by": {"ru": "{name}: {what}", "en": "{name}: {what}"},
    "change.moved": {
        "ru": "Пока вы смотрели, график изменился:",
        "en": "The schedule has changed in the meantime:",
    },
    "change.moved_now": {"ru": "Теперь будет так:", "en": "It would now be:"},
    # /change
    "change.ask_day": {"ru": "Какую смену изменить?", "en": "Which shift do you want to change?"},
    "change.day_empty": {"ru": "В этот день смен нет.", "en": "No shifts on this day."},
    "change.position": {"ru": "В какой роли?", "en": "In which position?"},
    "change.add": {"ru": "➕ Добавить смену", "en": "➕ Add a shift"},
    "change.what": {"ru": "Что сделать?", "en": "What do you want to do?"},
    "change.give": {"ru": "👤 Отдать другому", "en": "👤 Give to…"},
    "change.give_from_now": {"ru": "👤 Отдать с этой минуты", "en": "👤 Give from now on"},
    "change.part": {"ru": "✂️ Отдать часть", "en": "✂️ Give a part"},
    "change.start": {"ru": "⏱ Начало", "en": "⏱ Start"},
    "change.end": {"ru": "⏱ Конец", "en": "⏱ End"},
    "change.split": {"ru": "➗ Разделить", "en": "➗ Split"},
    "change.remove": {"ru": "🗑 Убрать", "en": "🗑 Remove"},
    "change.note": {"ru": "📝 Заметка", "en": "📝 Note"},
    "change.note_clear": {"ru": "🗑 Убрать заметку", "en": "🗑 Remove the note"},
    "change.ask_note": {
        "ru": "Напишите заметку, например: «Ключи у охраны».",
        "en": "Write the note, for example: “The guard has the keys”.",
    },
    "change.ask_note_anew": {"ru": "Напишите новую или уберите эту.", "en": "Write a new one, or remove this one."},
    "change.note_long": {
        "ru": "В заметке {n} знаков, а помещается {limit}. Напишите короче.",
        "en": "The note has {n} characters, and {limit} fit. Make it shorter.",
    },
    "change.note_lost": {
        "ru": "Текста заметки у меня уже нет. Откройте смену и напишите её ещё раз: /change",
        "en": "I no longer have the text of the note. Open the shift and write it again: /change",
    },
    # of a shift whose day, times and person stand before
    "change.note_set": {"ru": "заметка «{new}»", "en": "note “{new}”"},
    "change.note_changed": {"ru": "заметка «{old}» → «{new}»", "en": "note “{old}” → “{new}”"},
    "change.no_note": {"ru": "без заметки", "en": "no note"},
    "change.note_removed": {"ru": "без заметки «{old}»", "en": "without the note “{old}”"},
    "change.whole": {"ru": "Всё дежурство: {span}", "en": "Whole time on duty: {span}"},
    "change.to_whom": {"ru": "Кому отдать?", "en": "Who gets it?"},
    "change.which_shift": {"ru": "Какую именно?", "en": "Which one?"},
    "change.new_for": {"ru": "➕ Новая смена: {span}", "en": "➕ New shift: {span}"},
    "change.ask_part": {
        "ru": "Какую часть? Напишите время, например 21:00-01:00.",
        "en": "Which part? Write the times, like 21:00-01:00.",
    },
    "change.ask_start": {
        "ru": "Когда начало? Напишите 21:30 или 25.11 21:30.",
        "en": "When does it start? Write 21:30, or 25.11 21:30.",
    },
    "change.ask_end": {
        "ru": "Когда конец? Напишите 21:30 или 25.11 21:30.",
        "en": "When does it end? Write 21:30, or 25.11 21:30.",
    },
    "change.ask_split": {
        "ru": "Где разделить? Напишите 21:30 или 25.11 21:30.",
        "en": "When do you want to split it? Write 21:30, or 25.11 21:30.",
    },
    "change.ask_add": {
        "ru": "Какое время? Напишите, например, 09:00-21:00.",
        "en": "Which times? Write them like 09:00-21:00.",
    },
    "change.ask_reason": {"ru": "Почему? Напишите пару слов.", "en": "Why? Write a few words."},
    "change.past": {
        "ru": "Это уже прошло. Напишите, почему меняете: без причины не применю.",
        "en": "This is in the past. Write why you are changing it; I need a reason.",
    },
    "change.two_times": {
        "ru": "Нужны два времени, например 21:00-01:00.",
        "en": "I need two times, like 21:00-01:00.",
    },
    "change.apply": {"ru": "Применить", "en": "Apply"},
    "change.with_reason": {"ru": "Указать причину", "en": "Add a reason"},
    "change.done": {"ru": "✅ Изменено.", "en": "✅ Changed."},
    "change.usage": {
        "ru": "Не понял «{text}». Напишите, например: /change 24.11 Смирнов, /change пятница 20:00-08:00 Смирнов, /change 24.11 заметка: ключи у охраны.",
        "en": "I didn't understand “{text}”. Write it like /change 24.11 Smith, /change friday 20:00-08:00 Smith, or "
        "/change 24.11 note: the guard has the keys.",
    },
    "change.button": {"ru": "✏️ Изменить", "en": "✏️ Change"},
    # what an edit causes
    "change.twice": {"ru": "{name} дежурит дважды: {span}", "en": "{name} would be on duty twice: {span}"},
    "change.position_twice": {
        "ru": "Двое в одной роли: {names}, {span}",
        "en": "Two people in one position: {names}, {span}",
    },
    "change.short_rest": {
        "ru": "{name}: всего {hours} отдыха до смены {moment}",
        "en": "{name}: only {hours} of rest before {moment}",
    },
    "change.while_away": {"ru": "{name} в это время: {kind}, {span}", "en": "{name} is away then: {kind}, {span}"},
    "change.gap_opened": {"ru": "Никто не дежурит: {span}", "en": "Nobody on duty: {span}"},
    "change.gap_closed": {"ru": "Закрыт пробел: {span}", "en": "Gap closed: {span}"},
    # /away
    "away.ask": {
        "ru": "Когда вас не будет? Напишите: 3-10 янв, сегодня, до понедельника.",
        "en": "When are you away? Write 3-10 Jan, today, or until Monday.",
    },
    "away.ill_today": {"ru": "🤒 Болею сегодня", "en": "🤒 Ill today"},
    "away.remove": {"ru": "✕ {what}", "en": "✕ {what}"},
    "away.back_on": {"ru": "Снова на месте: {day}.", "en": "Back on {day}."},
    "away.that_day_too": {"ru": "{day} тоже", "en": "{day} too"},
    "away.which": {"ru": "Что это?", "en": "What is it?"},
    "away.entered": {"ru": "✅ {name}: {kind}, {days}", "en": "✅ {name}: {kind}, {days}"},
    "away.affected": {"ru": "В это время есть смены:", "en": "Shifts in this time:"},
    "away.find": {"ru": "🔎 Найти замену: {span}", "en": "🔎 Find cover: {span}"},
    "away.give": {"ru": "👤 Отдать: {span}", "en": "👤 Give: {span}"},
    "away.nobody_to_ask": {
        "ru": "Свободных коллег не нашлось. Администраторам я сообщил.",
        "en": "I found nobody free to ask. I told the admins.",
    },
    "away.usage": {
        "ru": "Не понял «{text}». Напишите, например: /away 3-10 янв, /away сегодня, /away до понедельника.",
        "en": "I didn't understand “{text}”. Write it like /away 3-10 Jan, /away today, or /away until Monday.",
    },
    "away.no_end": {
        "ru": "До какого дня? Напишите начало и конец, например: завтра – 3 декабря.",
        "en": "Until which day? Write the first and the last, like: tomorrow – 3 Dec.",
    },
    "away.order": {"ru": "Последний день раньше первого.", "en": "The last day is before the first."},
    "away.long": {"ru": "Это больше 400 дней. Проверьте год.", "en": "That's more than 400 days. Check the year."},
    "away.already": {"ru": "Так уже записано.", "en": "That's already entered."},
    "away.ill_now": {
        "ru": "🤒 {name} болеет. Смены: {spans}. Кто возьмёт?",
        "en": "🤒 {name} is ill. Shifts: {spans}. Who takes over?",
    },
}
