"""Texts of *How I read it*: asking for it, what each cell was read as."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
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
    "import.explain.sheet": {"ru": "Как я прочитал", "en": "How I read it"},
    "import.explain.open": {"ru": "Ещё спрошу: {subjects}", "en": "I still have to ask: {subjects}"},
    "import.explain.not_answered": {"ru": "код ещё не объяснён", "en": "the code isn't explained yet"},
    "import.explain.notes_cut": {
        "ru": "Пометки есть только у первых {n} ячеек: с большим числом таблица открывалась бы слишком долго. Цвета — у всех.",
        "en": "Only the first {n} cells have notes: with more, the workbook would take too long to open. All have colours.",
    },
    "import.explain.nothing": {"ru": "ничего", "en": "nothing"},
    "import.role.day": {"ru": "день", "en": "day"},
    "import.role.weekday": {"ru": "день недели", "en": "weekday"},
    "import.role.name": {"ru": "человек", "en": "person"},
    "import.role.code": {"ru": "дежурство или код", "en": "duty or code"},
    "import.role.hours": {"ru": "часы", "en": "hours"},
    "import.role.fact": {"ru": "телефон, роль и другое о человеке", "en": "phone, role and other facts of a person"},
    "import.role.note": {"ru": "заметка к смене", "en": "note of a shift"},
    "import.role.heading": {"ru": "подпись столбца или строки", "en": "heading"},
    "import.role.title": {"ru": "заголовок", "en": "title"},
    "import.role.legend": {"ru": "обозначения", "en": "legend"},
    "import.role.number": {"ru": "номер", "en": "number"},
    "import.role.total": {"ru": "итог", "en": "total"},
    "import.role.signature": {"ru": "кто составил и утвердил", "en": "who made or approved it"},
    "import.role.remark": {"ru": "примечание, не дежурство", "en": "remark, not a duty"},
    "import.role.unread": {"ru": "не прочитано", "en": "not read"},
}
