"""Texts of rosters where there are several."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "rosters.gone": {
        "ru": "Этот график больше не ведётся.",
        "en": "That roster is out of use.",
    },
    "rosters.last": {
        "ru": "Это единственный график, он должен остаться.",
        "en": "This is the only roster: it has to stay in use.",
    },
    "rosters.say_which": {
        "ru": "Графиков несколько, укажите нужный в --roster: {names}",
        "en": "There are several rosters, say which one with --roster: {names}",
    },
    "rosters.unknown": {
        "ru": "Графика «{name}» нет. Есть: {names}",
        "en": "There is no roster “{name}”. There are: {names}",
    },
    "rosters.has_no_name": {
        "ru": "Графика «{name}» нет. График один, и названия у него нет: не указывайте --roster.",
        "en": "There is no roster “{name}”. The only one has no name: leave --roster out.",
    },
    "rosters.name_empty": {"ru": "Название пустое. Напишите короткое.", "en": "The name is empty. Write a short name."},
    "rosters.name_long": {
        "ru": "Название длиннее {limit} символов. Напишите короче.",
        "en": "The name is longer than {limit} characters. Write a shorter one.",
    },
    "rosters.name_taken": {
        "ru": "График «{name}» уже есть. Напишите другое название.",
        "en": "There is a roster “{name}” already. Choose another name.",
    },
    "rosters.name_first": {
        "ru": "Сначала назовите график, который уже ведётся.",
        "en": "First, name your current roster.",
    },
    "rosters.which_to_set": {"ru": "Какой график настроить?", "en": "Which roster?"},
    "rosters.one": {
        "ru": "График сейчас один. У второго будут свои люди, смены, время и сообщения в группах. У обоих будут названия.",
        "en": "You have one roster. A second one has people, shifts, times and pins of its own, and both get a name.",
    },
    "rosters.add": {"ru": "➕ Добавить график", "en": "➕ Add a roster"},
    "rosters.retired": {"ru": ("Не ведутся ({n})",) * 3, "en": ("Out of use ({n})",) * 2},
    "rosters.ask_first_name": {
        "ru": "Сначала назовите график, который уже есть: когда графиков несколько, название видно везде. Напишите коротко, например: <code>Поддержка</code>",
        "en": "First, name your current roster: with several, the name shows everywhere. Keep it short, like <code>Support</code>",
    },
    "rosters.ask_second_name": {
        "ru": "Хорошо, «{name}». А как назвать новый?",
        "en": "OK, “{name}”. And what is the new one called?",
    },
    "rosters.ask_name": {
        "ru": "Как назвать новый график? Напишите короткое название.",
        "en": "What is the new roster called? Write a short name.",
    },
    "rosters.added": {
        "ru": "График «{name}» создан, время смен как в «{first}». Пришлите мне его файл, а в группе напишите /pin_duty.",
        "en": "Roster “{name}” created, with the times of “{first}”. Send me its file; in a group, send /pin_duty.",
    },
    "rosters.to_settings": {"ru": "Настройки: {name}", "en": "Settings: {name}"},
    "rosters.rename": {"ru": "Переименовать", "en": "Rename"},
    "rosters.ask_rename": {
        "ru": "Как теперь назвать график «{name}»?",
        "en": "What is the new name of the roster “{name}”?",
    },
    "rosters.renamed": {"ru": "Теперь это «{name}».", "en": "Now it's called “{name}”."},
    "rosters.retire": {"ru": "Больше не вести", "en": "Take out of use"},
    "rosters.ask_retire": {
        "ru": (
            "Больше не вести график «{name}»?\n\n"
            "• Его сообщения в группах я откреплю.\n"
            "• Он пропадёт из списков, импорта, напоминаний и календарей.\n"
            "• Смены и история сохранятся: график можно вернуть, но /pin_duty в группах придётся написать заново."
        ),
        "en": (
            "Take the roster “{name}” out of use?\n\n• I unpin its messages in groups.\n• It disappears from views, imports, reminders and calendars.\n• I keep its shifts and history: you can restore it, but groups need /pin_duty again."
        ),
    },
    "rosters.retire_yes": {"ru": "Да, больше не вести", "en": "Yes, take out of use"},
    "rosters.is_retired": {"ru": "График «{name}» больше не ведётся.", "en": "“{name}” is out of use."},
    "rosters.which_to_restore": {"ru": "Какой график вернуть?", "en": "Which roster do you want back?"},
    "rosters.none_retired": {"ru": "Все графики ведутся.", "en": "No roster is out of use."},
    "rosters.is_restored": {
        "ru": "График «{name}» снова ведётся. В группах напишите /pin_duty.",
        "en": "“{name}” is in use again. In groups, send /pin_duty.",
    },
    "rosters.pin_retired": {
        "ru": "График «{name}» больше не ведётся.",
        "en": "The roster “{name}” is out of use.",
    },
    "rosters.ask_import": {"ru": "В какой график загрузить?", "en": "Which roster is this for?"},
    "rosters.ask_export": {"ru": "Какой график выгрузить?", "en": "Which roster would you like as a file?"},
    "rosters.other": {"ru": "В другой график", "en": "Another roster"},
}
