"""Texts of the everyday commands: /duty, /week, /my, /set_phone, /calendar_link, /language, /reminders, inline cards."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "view.open_private": {"ru": "Открыть личный чат", "en": "Open the private chat"},
    "view.rest": {"ru": "Это не всё, дальше: /duty, /week", "en": "That's not all. See /duty or /week for the rest."},
    "view.menu_button": {"ru": "Календарь", "en": "Calendar"},
    "view.back": {"ru": "Назад", "en": "Back"},
    "view.too_far": {"ru": "Так далеко я не показываю.", "en": "I can't show dates that far away."},
    # /duty
    "view.yesterday": {"ru": "◀ вчера", "en": "◀ yesterday"},
    "view.tomorrow": {"ru": "завтра ▶", "en": "tomorrow ▶"},
    "view.today": {"ru": "сегодня", "en": "today"},
    "view.now": {"ru": "сейчас", "en": "now"},
    "view.nobody_found": {
        "ru": "«{text}» — ни день, ни имя из графика. Напишите, например: завтра, пятница, 24.11 или часть имени.",
        "en": "“{text}” is neither a day nor a name on the roster. Write it like tomorrow, friday, 24.11, or a part of a name.",
    },
    "view.which_person": {
        "ru": (
            "Подходит {n} человек. Кто нужен?",
            "Подходят {n} человека. Кто нужен?",
            "Подходят {n} человек. Кто нужен?",
        ),
        "en": (
            "{n} person fits. Who do you mean?",
            "{n} people fit. Who do you mean?",
        ),
    },
    "view.person_gone": {"ru": "Этого человека в графике больше нет.", "en": "This person is no longer on the roster."},
    "view.person_now": {"ru": "На дежурстве до {moment}", "en": "On duty until {moment}"},
    "view.person_next": {"ru": "Следующие смены:", "en": "Next shifts:"},
    "view.person_no_more": {
        "ru": "Дальше смен пока нет.",
        "en": "No shifts are planned after this yet.",
    },
    "view.person_nothing": {"ru": "Смен впереди пока нет.", "en": "No shifts are planned yet."},
    "view.hours": {"ru": "{hours} ч", "en": "{hours} h"},
    "view.hours_minutes": {"ru": "{hours} ч {minutes} мин", "en": "{hours} h {minutes} min"},
    "view.minutes": {"ru": "{minutes} мин", "en": "{minutes} min"},
    # /week
    "view.no_week": {
        "ru": "«{text}» — не день и не неделя. Напишите, например: следующая, завтра, 24.11.",
        "en": "“{text}” is neither a week nor a day. Write it like next, tomorrow, 24.11.",
    },
    "view.this_week": {"ru": "эта неделя", "en": "this week"},
    "view.today_mark": {"ru": "сегодня", "en": "today"},
    "view.nobody": {"ru": "никого", "en": "nobody"},
    "view.all_week": {"ru": "вся неделя", "en": "all week"},
    # /my
    "view.no_month": {
        "ru": "«{text}» — не месяц. Напишите, например: декабрь, следующий, 12.2026.",
        "en": "“{text}” is not a month. Write it like December, next, 12.2026.",
    },
    "view.my_head": {"ru": "Ваши смены: {month}", "en": "Your shifts: {month}"},
    "view.my_sum": {
        "ru": (
            "Всего за месяц: {n} смена, {time}",
            "Всего за месяц: {n} смены, {time}",
            "Всего за месяц: {n} смен, {time}",
        ),
        "en": ("This month: {n} shift, {time}", "This month: {n} shifts, {time}"),
    },
    "view.my_none": {"ru": "В этом месяце у вас смен нет.", "en": "You have no shifts this month."},
    "view.my_next": {"ru": "Следующая после этого: {moment}", "en": "Next after that: {moment}"},
    "view.my_never": {
        "ru": "В графике у вас пока нет ни одной смены.",
        "en": "You have no shifts on the roster yet.",
    },
    "view.not_on_roster": {
        "ru": "Я пока не знаю, кто вы в графике. Попросите администратора прислать вам приглашение.",
        "en": "I don't know yet who you are on the roster. Ask an admin to send you an invitation.",
    },
    "view.not_on_roster_admin": {
        "ru": "Я пока не знаю, кто вы в графике. Откройте /invite, выберите себя и нажмите «Это я».",
        "en": "I don't know yet who you are on the roster. Open /invite, choose yourself and press “That's me”.",
    },
    "view.no_roster": {"ru": "Графика пока нет.", "en": "No roster yet."},
    "view.no_roster_admin": {
        "ru": "Графика пока нет: отправьте мне файл (.xlsx, .ods, .csv, .ics или .json).",
        "en": "No roster yet: send me the file (.xlsx, .ods, .csv, .ics or .json).",
    },
    "view.this_month": {"ru": "этот месяц", "en": "this month"},
    # /set_phone
    "view.phone_shown": {"ru": "Коллеги увидят это так:", "en": "This is how colleagues will see it:"},
    "view.phone_remove": {"ru": "🗑 Убрать номер", "en": "🗑 Remove my number"},
    "view.phone_removed": {
        "ru": "Готово, номер убран. Указать другой: /set_phone",
        "en": "Done, your number is removed. To set another one: /set_phone",
    },
    # /calendar_link
    "view.link_unread": {
        "ru": "По этой ссылке календарь ещё не подключали.",
        "en": "No calendar uses this address yet.",
    },
    "view.link_read": {"ru": "Последний раз открывали: {moment}, {client}", "en": "Last used: {moment}, {client}"},
    "view.link_browser": {"ru": "браузер", "en": "a browser"},
    "view.link_revoked": {"ru": "Адрес отозван и не работает.", "en": "This address is revoked and no longer works."},
    "view.link_google": {"ru": "Google", "en": "Google"},
    "view.link_apple": {"ru": "Apple", "en": "Apple"},
    "view.link_outlook": {"ru": "Outlook", "en": "Outlook"},
    "view.link_copy": {"ru": "📋 Скопировать адрес", "en": "📋 Copy the address"},
    "view.link_silent": {"ru": "🔕 Календарь не звонит", "en": "🔕 The calendar doesn't ring"},
    "view.link_rings": {"ru": "🔔 Звонит за {lead}", "en": "🔔 Rings {lead} before"},
    "view.link_show": {"ru": "Показать адрес", "en": "Show the address"},
    "view.link_of_personal": {"ru": "Мои дежурства", "en": "My duties"},
    "view.link_of_team": {"ru": "Дежурства всей команды", "en": "The whole team's duties"},
    "view.link_rotate": {"ru": "🔄 Новый адрес", "en": "🔄 New address"},
    "view.link_revoke": {"ru": "✕ Отозвать", "en": "✕ Revoke"},
    "view.link_again": {"ru": "＋ Выдать адрес", "en": "＋ Make an address"},
    "view.link_rotate_ask": {
        "ru": "Выдать новый адрес? Старый сразу перестанет работать: календари, которые его используют, больше не обновятся.",
        "en": "Make a new address? The old one stops working at once, and calendars that use it stop updating.",
    },
    "view.link_revoke_ask": {
        "ru": "Отозвать адрес? Он сразу перестанет работать: календари, которые его используют, больше не обновятся.",
        "en": "Revoke the address? It stops working at once, and calendars that use it stop updating.",
    },
    "view.link_rotate_sure": {"ru": "Да, выдать новый", "en": "Yes, make a new one"},
    "view.link_revoke_sure": {"ru": "Да, отозвать", "en": "Yes, revoke it"},
    "view.link_roster_gone": {"ru": "Этого графика больше нет.", "en": "That roster is no longer there."},
    "view.link_stale": {
        "ru": "Этот адрес уже заменён или отозван. Вот как сейчас:",
        "en": "That address is already replaced or revoked. This is how it is now:",
    },
    # /language
    "view.language_ask": {"ru": "На каком языке вам отвечать?", "en": "Which language do you want me to use?"},
    "view.language_auto": {"ru": "Как в Telegram", "en": "As in Telegram"},
    "view.language_done": {"ru": "Хорошо, отвечаю по-русски.", "en": "All right, I'll write in English."},
    # /reminders
    "view.reminders_head": {"ru": "О чём и когда я вам пишу", "en": "What I tell you, and when"},
    "view.reminders_leads": {
        "ru": "Напоминаю о смене за {leads}",
        "en": "Reminders before your shift: {leads}",
    },
    "view.reminders_never": {"ru": "О начале смены не напоминаю.", "en": "No reminders before your shift."},
    "view.reminders_quiet": {"ru": "Тихие часы: {span} ({zone})", "en": "Quiet hours: {span} ({zone})"},
    "view.reminders_no_quiet": {"ru": "Тихих часов нет.", "en": "No quiet hours."},
    "view.reminders_off": {"ru": "Выключено: {kinds}", "en": "Off: {kinds}"},
    "view.reminders_reach": {"ru": "Сообщения приходят сюда, в этот чат.", "en": "Messages come here, to this chat."},
    "view.reminders_nothing": {
        "ru": "Всё выключено: первым я вам не напишу.",
        "en": "Everything is off: I won't write to you unasked.",
    },
    "view.reminders_unlinked": {
        "ru": "Но я пока не знаю, кто вы в графике, и напоминать не о чем. Попросите администратора прислать вам приглашение.",
        "en": "But I don't know yet who you are on the roster, so there is nothing to remind you of. Ask an admin to send you an invitation.",
    },
    "view.reminders_unlinked_admin": {
        "ru": "Но я пока не знаю, кто вы в графике, и о сменах напоминать не могу. Откройте /invite, выберите себя и нажмите «Это я».",
        "en": "But I don't know yet who you are on the roster, so I can't remind you of shifts. Open /invite, choose yourself and press “That's me”.",
    },
    "view.lead_never": {"ru": "Не напоминать о сменах", "en": "Never remind me of shifts"},
    "view.quiet_off": {"ru": "Без тихих часов", "en": "No quiet hours"},
    "view.quiet_own": {"ru": "Другие часы…", "en": "Other hours…"},
    "view.quiet_ask": {
        "ru": "С какого часа и до какого вас не беспокоить? Напишите, например: 22:00-07:00. /cancel — оставить как есть.",
        "en": "When do you want quiet? Write it like 22:00-07:00. /cancel – leave it as it is.",
    },
    "view.quiet_bad": {
        "ru": "Не понимаю «{text}». Напишите начало и конец тихих часов, например: 22:00-07:00.",
        "en": "I don't understand “{text}”. Write when quiet hours begin and end, like 22:00-07:00.",
    },
    "view.kind_ends": {"ru": "Конец смены и кто сменяет", "en": "Your shift ends, and who takes over"},
    "view.kind_changed": {"ru": "Ваши смены изменились", "en": "Your shifts have changed"},
    "view.kind_short_notice": {"ru": "Срочные изменения ваших смен", "en": "Last-minute changes to your shifts"},
    "view.kind_cover": {"ru": "Коллеги ищут замену", "en": "Colleagues looking for cover"},
    "view.kind_gaps": {"ru": "Админу: никого на дежурстве", "en": "Admin: gaps in the roster"},
    "view.kind_unreachable": {"ru": "Админу: кому не могу написать", "en": "Admin: people I can't reach"},
    "view.kind_groups": {"ru": "Админу: группы и закреплённое", "en": "Admin: groups and pins"},
    "view.kind_people": {"ru": "Админу: кто присоединился", "en": "Admin: who has joined"},
    # inline mode
    "view.card_now": {"ru": "Кто дежурит сейчас", "en": "On duty now"},
    "view.card_tomorrow": {"ru": "Завтра, {day}", "en": "Tomorrow, {day}"},
    "view.card_week": {"ru": "Эта неделя", "en": "This week"},
    "view.card_person": {"ru": "Смены этого человека", "en": "This person's shifts"},
}
