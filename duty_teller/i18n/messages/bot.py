"""Texts of the bot: commands, people, groups and the import's dialogue. HTML where it helps; data are escaped by the handlers."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "bot.welcome": {
        "ru": "Здравствуйте, {name}! Я слежу за графиком дежурств.",
        "en": "Hello, {name}! I keep track of who is on duty.",
    },
    "bot.welcome_linked": {
        "ru": "Готово, теперь я вас знаю: <b>{name}</b>.\n\n/my — ваши смены\n/duty — кто дежурит\n/calendar_link — дежурства в вашем календаре\n/set_phone — телефон для коллег\n/reminders — когда напоминать о сменах",
        "en": "Done, now I know you: <b>{name}</b>.\n\n/my – your shifts\n/duty – who is on duty\n/calendar_link – duties in your own calendar\n/set_phone – your phone for colleagues\n/reminders – when to remind you of shifts",
    },
    "bot.help": {
        "ru": "/duty — кто дежурит сейчас и кто следующий; можно с днём или именем: /duty завтра, /duty пятница, /duty 24.11, /duty Иванов\n"
        "/week — неделя по дням; /week следующая — другая\n"
        "/my — ваши смены и часы\n"
        "/reminders — когда напоминать и о чём писать\n"
        "/calendar_link — дежурства в вашем календаре\n"
        "/set_phone — телефон, по которому вам звонят на дежурстве\n"
        "/language — язык",
        "en": "/duty – who is on duty now and next; a day or a name works too: /duty tomorrow, /duty friday, /duty 24.11, /duty Smith\n"
        "/week – the week, day by day; /week next – another one\n"
        "/my – your shifts and hours\n"
        "/reminders – when to remind you, and what to tell you\n"
        "/calendar_link – duties in your own calendar\n"
        "/set_phone – the phone colleagues call when you are on duty\n"
        "/language – language",
    },
    "bot.help_admin": {
        "ru": "Для администратора:\n"
        "• Отправьте мне файл графика (.xlsx, .csv, .ics, .json), и я покажу, что изменится. С другим временем смены: /import_duty_schedule\n"
        "• Добавьте меня в группу, дайте право закреплять сообщения и напишите там /pin_duty\n"
        "• /undo — отменить последнее изменение, /history — посмотреть последние, /export — скачать график\n"
        "• /invite — пригласить людей из графика, /users — кто есть кто, /set_role — кто администратор\n"
        "• /settings — графики, время смены, предупреждения; /status — всё ли работает",
        "en": "For you as an admin:\n"
        "• Send me the roster file (.xlsx, .csv, .ics, .json) and I'll show what would change. With another hand-over: /import_duty_schedule\n"
        "• Add me to a group, let me pin messages, and send /pin_duty there\n"
        "• /undo – take the last change back, /history – see the last ones, /export – get the schedule as a file\n"
        "• /invite – invite the people of the roster, /users – who is who, /set_role – who is an admin\n"
        "• /settings – rosters, hand-over, warnings; /status – is everything working",
    },
    "bot.help_group": {
        "ru": "/duty — кто дежурит сейчас и кто следующий; можно с днём или именем: /duty завтра, /duty Иванов\n/week — неделя по дням",
        "en": "/duty – who is on duty now and next; a day or a name works too: /duty tomorrow, /duty Smith\n/week – the week, day by day",
    },
    "bot.help_group_admin": {
        "ru": "/pin_duty — закрепить здесь сообщение, которое всегда говорит, кто дежурит\n/refresh_pin — обновить его или прислать заново\n/unpin_duty — больше не закреплять\n/untrust_group — больше не отвечать здесь никому, кроме администраторов",
        "en": "/pin_duty – pin a message here that always tells who is on duty\n/refresh_pin – bring it up to date or post it again\n/unpin_duty – no longer pin it\n/untrust_group – answer nobody but admins here any more",
    },
    "bot.help_untrusted": {
        "ru": "Группа пока не отмечена как доверенная: я отвечаю здесь только администраторам. Чтобы отвечать всем: /pin_duty или /trust_group.",
        "en": "This group is not trusted yet: I answer admins only here. To have everybody answered: /pin_duty or /trust_group.",
    },
    "bot.hint": {
        "ru": "Не понимаю. /help покажет, что я умею.",
        "en": "I don't understand that. /help shows what I can do.",
    },
    "bot.telegram_failed": {
        "ru": "Telegram не принял мой ответ. Попробуйте, пожалуйста, ещё раз.",
        "en": "Telegram didn't take my answer. Please try that again.",
    },
    "bot.admins_only": {"ru": "Это могут только администраторы.", "en": "Only admins can do that."},
    "bot.in_private": {
        "ru": "Это делается в личном чате: @{bot}",
        "en": "That works in the private chat: @{bot}",
    },
    "bot.anonymous": {
        "ru": "Вы пишете анонимно, и я не вижу, кто вы. Напишите мне в личный чат (@{bot}) или отключите анонимность.",
        "en": "You are writing anonymously, so I can't see who you are. Write to me in private (@{bot}) or stop being anonymous.",
    },
    "bot.day_nobody": {"ru": "Никто не дежурит.", "en": "Nobody is on duty."},
    "bot.day_after_roster": {
        "ru": "График заканчивается раньше: последний запланированный день: {last}",
        "en": "The roster ends before that: the last planned day is {last}.",
    },
    "bot.span_all_day": {"ru": "весь день", "en": "all day"},
    "bot.span_until": {"ru": "до {end}", "en": "until {end}"},
    "bot.span_from": {"ru": "с {start} (до: {moment})", "en": "from {start} (until {moment})"},
    "bot.day_vacation": {"ru": "В отпуске", "en": "On vacation"},
    "bot.day_unavailable": {"ru": "Недоступны", "en": "Unavailable"},
    "bot.cancelled": {"ru": "Отменено.", "en": "Cancelled."},
    "bot.nothing_to_cancel": {"ru": "Отменять нечего.", "en": "There is nothing to cancel."},
    # calendar links
    "bot.link_head": {
        "ru": "Эти адреса добавьте в свой календарь как подписку. Не пересылайте их: кто знает адрес, тот видит дежурства.",
        "en": "Add one of these addresses to your calendar as a subscription. Don't share them: whoever has the address sees the duties.",
    },
    "bot.link_personal": {"ru": "<b>Мои дежурства</b>", "en": "<b>My duties</b>"},
    "bot.link_team": {"ru": "<b>Дежурства всей команды</b>", "en": "<b>The whole team's duties</b>"},
    "bot.link_foot": {
        "ru": "Google Календарю нужен https-адрес, а перечитывает он его раз в 8–24 часа. iPhone и Outlook открывают webcal.",
        "en": "Google Calendar wants the https address and re-reads it every 8–24 hours. iPhone and Outlook open the webcal one.",
    },
    "bot.link_no_address": {
        "ru": "Подписка пока недоступна: у веб-части нет публичного адреса. Администратору сервера нужно задать MINI_APP_BASE_URL.",
        "en": "Subscriptions are not available yet: the web part has no public address. Whoever runs the server has to set MINI_APP_BASE_URL.",
    },
    # phone
    "bot.phone_ask": {
        "ru": "Нажмите кнопку внизу, и Telegram передаст мне ваш номер, или напишите номер с кодом страны. Коллеги увидят его, когда вы дежурите.",
        "en": "Press the button below and Telegram gives me your number, or type it with the country code. Colleagues see it when you are on duty.",
    },
    "bot.phone_ask_again": {
        "ru": "Сейчас у вас указан {phone}. Чтобы заменить его, нажмите кнопку внизу или напишите другой номер.",
        "en": "Your number is {phone}. To replace it, press the button below or type another one.",
    },
    "bot.phone_button": {"ru": "📱 Поделиться номером", "en": "📱 Share my number"},
    "bot.phone_cancel": {"ru": "Не сейчас", "en": "Not now"},
    "bot.phone_stored": {"ru": "Сохранил: {phone}", "en": "Saved: {phone}"},
    "bot.phone_not_yours": {
        "ru": "Это чужой контакт. Поделитесь своим номером кнопкой внизу: /set_phone",
        "en": "That is somebody else's contact. Share your own number with the button: /set_phone",
    },
    # invitations
    "bot.invite_none": {
        "ru": "Все люди из графика уже в Telegram. Приглашать некого.",
        "en": "Everybody on the roster has their Telegram already. Nobody to invite.",
    },
    "bot.invite_no_roster": {
        "ru": "В графике ещё никого нет. Сначала отправьте мне файл графика.",
        "en": "There is nobody on the roster yet. Send me the roster file first.",
    },
    "bot.invite_list": {
        "ru": (
            "{n} человек из графика ещё без Telegram. Нажмите на имя — я составлю приглашение.",
            "{n} человека из графика ещё без Telegram. Нажмите на имя — я составлю приглашение.",
            "{n} человек из графика ещё без Telegram. Нажмите на имя — я составлю приглашение.",
        ),
        "en": (
            "{n} person on the roster has no Telegram yet. Tap the name and I'll write the invitation.",
            "{n} people on the roster have no Telegram yet. Tap a name and I'll write the invitation.",
        ),
    },
    "bot.invite_done": {"ru": "Этот человек уже в Telegram.", "en": "This person has their Telegram already."},
    "bot.invite_forward": {
        "ru": "Перешлите следующее сообщение человеку: <b>{name}</b>. Ссылка личная, действует неделю и срабатывает один раз.",
        "en": "Forward the next message to <b>{name}</b>. The link is personal, works for a week, and once.",
    },
    "bot.invite_text": {
        "ru": "{name}, здесь наш график дежурств. Откройте ссылку и нажмите «Запустить»:\n{link}",
        "en": "{name}, here is our duty roster. Open the link and press Start:\n{link}",
    },
    "bot.invite_for_other": {
        "ru": "Это приглашение для <b>{name}</b>. Перешлите его этому человеку: кто откроет ссылку первым, тот и станет им в графике.",
        "en": "This invitation is for <b>{name}</b>. Forward it to them: whoever opens the link first becomes that person on the roster.",
    },
    "bot.invite_me": {"ru": "Это я", "en": "That's me"},
    "bot.me_done": {"ru": "Готово, <b>{name}</b> — это вы.", "en": "Done, you are <b>{name}</b>."},
    "bot.joined": {
        "ru": "<b>{name}</b>: подключён аккаунт {account}.",
        "en": "<b>{name}</b> has joined as {account}.",
    },
    "bot.joined_wrong": {"ru": "Это другой человек", "en": "That's somebody else"},
    "bot.unlinked": {
        "ru": "Готово, у этого аккаунта больше нет доступа. <b>{name}</b> можно пригласить заново: /invite",
        "en": "Done, that account has no access any more. <b>{name}</b> can be invited again: /invite",
    },
    "bot.confirm_ask": {
        "ru": "Пишет @{username} ({account}). Это <b>{name}</b> из графика?",
        "en": "@{username} ({account}) wrote to me. Is this <b>{name}</b> of the roster?",
    },
    "bot.confirm_yes": {"ru": "Да, это он(а)", "en": "Yes"},
    "bot.confirm_no": {"ru": "Нет", "en": "No"},
    "bot.confirm_done": {
        "ru": "Готово: <b>{name}</b> теперь с Telegram.",
        "en": "Done: <b>{name}</b> now has their Telegram.",
    },
    "bot.confirm_refused": {
        "ru": "Хорошо, доступа у этого аккаунта нет.",
        "en": "All right, that account gets no access.",
    },
    # groups
    "bot.pin_in_group": {
        "ru": "Эта команда — для группы. Добавьте меня туда и повторите её там.",
        "en": "This command is for groups. Add me to one and send it there.",
    },
    "bot.pin_no_right": {
        "ru": "Сообщение я буду обновлять, но закрепить не могу. Дайте мне право «Закрепление сообщений» и повторите /pin_duty.",
        "en": "I'll keep the message up to date, but I may not pin it. Give me the right “Pin messages” and send /pin_duty again.",
    },
    "bot.pin_none": {
        "ru": "Здесь ничего не закреплено. /pin_duty закрепит.",
        "en": "Nothing is pinned here. /pin_duty does it.",
    },
    "bot.pin_refreshed": {"ru": "Обновил.", "en": "It is up to date."},
    "bot.pin_later": {
        "ru": "Telegram сейчас плохо отвечает. Я продолжаю пробовать.",
        "en": "Telegram isn't answering well right now. I keep trying.",
    },
    # what Telegram lists
    "bot.command_duty": {"ru": "Кто дежурит сейчас и следующий", "en": "Who is on duty now and next"},
    "bot.command_week": {"ru": "Неделя по дням", "en": "The week, day by day"},
    "bot.command_my": {"ru": "Мои смены и часы", "en": "My shifts and hours"},
    "bot.command_reminders": {"ru": "Когда напоминать и о чём писать", "en": "When to remind me, and of what"},
    "bot.command_calendar_link": {"ru": "Дежурства в вашем календаре", "en": "Duties in your own calendar"},
    "bot.command_set_phone": {"ru": "Ваш телефон для коллег", "en": "Your phone for colleagues"},
    "bot.command_language": {"ru": "Язык", "en": "Language"},
    "bot.command_cancel": {"ru": "Выйти из начатого разговора", "en": "Leave what you have begun"},
    "bot.command_help": {"ru": "Что я умею", "en": "What I can do"},
    "bot.command_import_duty_schedule": {"ru": "Загрузить файл графика", "en": "Import a roster file"},
    "bot.command_export": {"ru": "Скачать график", "en": "Get the schedule as a file"},
    "bot.command_undo": {"ru": "Отменить последнее изменение", "en": "Undo the last change"},
    "bot.command_history": {"ru": "Последние изменения графика", "en": "The last changes of the schedule"},
    "bot.command_invite": {"ru": "Пригласить людей из графика", "en": "Invite the people of the roster"},
    "bot.command_users": {"ru": "Люди: кто есть кто", "en": "People: who is who"},
    "bot.command_set_role": {
        "ru": "Сделать администратором или участником",
        "en": "Make somebody an admin or a member",
    },
    "bot.command_settings": {"ru": "Графики, время смены, предупреждения", "en": "Rosters, hand-over, warnings"},
    "bot.command_status": {"ru": "Всё ли работает", "en": "Is everything working"},
    "bot.command_pin_duty": {"ru": "Закрепить, кто дежурит", "en": "Pin who is on duty"},
    "bot.command_refresh_pin": {"ru": "Обновить закреплённое", "en": "Bring the pinned message up to date"},
    "bot.command_unpin_duty": {"ru": "Больше не закреплять", "en": "No longer pin it"},
    "bot.command_trust_group": {"ru": "Отвечать в этой группе всем", "en": "Answer everybody in this group"},
    "bot.command_untrust_group": {"ru": "Отвечать здесь только администраторам", "en": "Answer only admins here"},
    # the import's dialogue
    "import.chat.ask_handover": {
        "ru": "Во сколько смена переходит от одного к другому? Нажмите кнопку или напишите время и часовой пояс, например:\n<code>09:00 Europe/Moscow</code>",
        "en": "When is the duty handed over from one to the next? Press the button, or write a time and a time zone, like this:\n<code>09:00 Europe/London</code>",
    },
    "import.chat.ask_file": {
        "ru": "Передача смены: <b>{handover}</b>.\nТеперь отправьте файл графика: .xlsx, .csv, .ics или .json, до 5 МБ. Таблицу можно слать как есть.",
        "en": "Hand-over: <b>{handover}</b>.\nNow send the roster file: .xlsx, .csv, .ics or .json, up to 5 MB. Send the spreadsheet as it is.",
    },
    "import.chat.not_fetched": {
        "ru": "Telegram не отдал мне файл. Отправьте его ещё раз.",
        "en": "Telegram didn't hand me the file. Please send it again.",
    },
    "import.chat.reading": {"ru": "Читаю файл…", "en": "Reading the file…"},
    "import.chat.too_big": {
        "ru": "Файл слишком большой: {size} МБ, а можно до {limit} МБ. Оставьте в нём только листы с графиком и отправьте ещё раз.",
        "en": "The file is too big: {size} MB, and {limit} MB is the limit. Keep only the sheets with the roster and send it again.",
    },
    "import.chat.refused": {
        "ru": "Не получилось прочитать этот файл. Ничего не изменилось.",
        "en": "This file can't be taken. Nothing was changed.",
    },
    "import.chat.send_again": {"ru": "Исправьте и отправьте файл ещё раз.", "en": "Mend it and send the file again."},
    "import.chat.question_count": {
        "ru": ("Потом ещё {n} вопрос.", "Потом ещё {n} вопроса.", "Потом ещё {n} вопросов."),
        "en": ("{n} more question after this.", "{n} more questions after this."),
    },
    "import.chat.ask_code": {
        "ru": (
            "Что значит код «<b>{subject}</b>»? Встречается {n} раз, например: {where}.",
            "Что значит код «<b>{subject}</b>»? Встречается {n} раза, например: {where}.",
            "Что значит код «<b>{subject}</b>»? Встречается {n} раз, например: {where}.",
        ),
        "en": (
            "What does the code “<b>{subject}</b>” mean? It stands in {n} cell, at {where}.",
            "What does the code “<b>{subject}</b>” mean? It stands in {n} cells, first at {where}.",
        ),
    },
    "import.chat.ask_year": {
        "ru": "Какой это год? (таблица: {where})",
        "en": "Which year is this? (table at {where})",
    },
    "import.chat.ask_month": {
        "ru": "Какой это месяц? (таблица: {where})",
        "en": "Which month is this? (table at {where})",
    },
    "import.chat.ask_shift": {
        "ru": (
            "Какое время у смены <b>{subject}</b>? Встречается {n} раз, например: {where}.",
            "Какое время у смены <b>{subject}</b>? Встречается {n} раза, например: {where}.",
            "Какое время у смены <b>{subject}</b>? Встречается {n} раз, например: {where}.",
        ),
        "en": (
            "What hours is the shift <b>{subject}</b>? It stands in {n} cell, at {where}.",
            "What hours is the shift <b>{subject}</b>? It stands in {n} cells, first at {where}.",
        ),
    },
    "import.chat.ask_date_order": {
        "ru": "Как читать дату <b>{subject}</b> ({where})? Файл можно понять по-разному.",
        "en": "How is the date <b>{subject}</b> ({where}) meant? The file can be read both ways.",
    },
    "import.chat.order_dmy": {"ru": "Сначала день", "en": "Day first"},
    "import.chat.order_mdy": {"ru": "Сначала месяц", "en": "Month first"},
    "import.chat.ask_week": {
        "ru": "На какую неделю эта таблица ({where})? Нажмите понедельник или напишите любой её день, например 2026-11-23.",
        "en": "Which week is this table ({where})? Tap its Monday, or write any day of it, like 2026-11-23.",
    },
    "import.chat.ask_every": {
        "ru": "Даты идут через неделю ({where}). Дежурят всю неделю или один день?",
        "en": "The dates are a week apart ({where}). Is each duty a whole week, or one day?",
    },
    "import.chat.every_week": {"ru": "Всю неделю", "en": "A whole week"},
    "import.chat.every_day": {"ru": "Один день", "en": "One day"},
    "import.chat.ask_since": {
        "ru": "В файле {subject}: слишком много для одного раза. С какого дня взять? Нажмите или напишите дату, например 2026-11-23.",
        "en": "The file spans {subject}: too much for one import. From which day on? Tap, or write a date like 2026-11-23.",
    },
    "import.chat.ask_person": {
        "ru": "В файле есть «<b>{subject}</b>». Кто это в графике?",
        "en": "Who is <b>{subject}</b> in the file?",
    },
    "import.chat.person_new": {"ru": "Новый человек", "en": "Somebody new"},
    "import.chat.person_skip": {"ru": "Пропустить эти строки", "en": "Leave these rows out"},
    "import.chat.colours": {
        "ru": "Цвета ячеек я не читаю, только текст.",
        "en": "I read the text of cells, not their colours.",
    },
    "import.chat.whole": {"ru": "Весь список — в файле.", "en": "The whole list is in this file."},
    "import.chat.skipped": {
        "ru": ("{n} имя пропущено:", "{n} имени пропущено:", "{n} имён пропущено:"),
        "en": ("{n} name left out:", "{n} names left out:"),
    },
    "import.chat.ask_times": {
        "ru": "Напишите время для <b>{subject}</b>, например:\n<code>08:00-16:30</code>",
        "en": "Write the times of <b>{subject}</b>, like this:\n<code>08:00-16:30</code>",
    },
    "import.chat.meaning_duty": {"ru": "Дежурство (сутки)", "en": "Duty, all day"},
    "import.chat.meaning_day": {"ru": "Дневная смена", "en": "Day shift"},
    "import.chat.meaning_night": {"ru": "Ночная смена", "en": "Night shift"},
    "import.chat.meaning_times": {"ru": "Своё время…", "en": "Own times…"},
    "import.chat.meaning_unavailable": {"ru": "Недоступен", "en": "Unavailable"},
    "import.chat.meaning_vacation": {"ru": "Отпуск", "en": "Vacation"},
    "import.chat.meaning_nothing": {"ru": "Ничего", "en": "Nothing"},
    "import.chat.month_1": {"ru": "Январь", "en": "January"},
    "import.chat.month_2": {"ru": "Февраль", "en": "February"},
    "import.chat.month_3": {"ru": "Март", "en": "March"},
    "import.chat.month_4": {"ru": "Апрель", "en": "April"},
    "import.chat.month_5": {"ru": "Май", "en": "May"},
    "import.chat.month_6": {"ru": "Июнь", "en": "June"},
    "import.chat.month_7": {"ru": "Июль", "en": "July"},
    "import.chat.month_8": {"ru": "Август", "en": "August"},
    "import.chat.month_9": {"ru": "Сентябрь", "en": "September"},
    "import.chat.month_10": {"ru": "Октябрь", "en": "October"},
    "import.chat.month_11": {"ru": "Ноябрь", "en": "November"},
    "import.chat.month_12": {"ru": "Декабрь", "en": "December"},
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
        "ru": "Добавится: {added}, уйдёт: {removed}, изменится: {changed}, без изменений: {unchanged}",
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
            "{n} person is not in the file but has shifts on these days. They stay:",
            "{n} people are not in the file but have shifts on these days. They stay:",
        ),
    },
    "import.chat.missing_removed": {
        "ru": (
            "{n} человека нет в файле. Его смены в эти дни будут убраны:",
            "{n} человек нет в файле. Их смены в эти дни будут убраны:",
            "{n} человек нет в файле. Их смены в эти дни будут убраны:",
        ),
        "en": (
            "{n} person is not in the file. Their shifts on these days go:",
            "{n} people are not in the file. Their shifts on these days go:",
        ),
    },
    "import.chat.zone_utc": {
        "ru": "Часы прочитаны по UTC. Если вы живёте по другому времени: «Отмена», затем /import_duty_schedule и, например, 09:00 Москва",
        "en": "Hours are read as UTC. If you live by another time: Cancel, then /import_duty_schedule and, say, 09:00 London",
    },
    "import.chat.codes": {
        "ru": ("Обозначение прочитано так:", "Обозначения прочитаны так:", "Обозначения прочитаны так:"),
        "en": ("The code was read as:", "The codes were read as:"),
    },
    "import.chat.met_people": {
        "ru": ("Имя в файле понято так:", "Имена в файле поняты так:", "Имена в файле поняты так:"),
        "en": ("A name of the file was taken for:", "Names of the file were taken for:"),
    },
    "import.chat.other_answer": {"ru": "‹ Другой ответ", "en": "‹ Another answer"},
    "import.chat.answer_again": {"ru": "↩ К последнему вопросу", "en": "↩ Back to the last question"},
    "import.chat.new_people": {
        "ru": ("{n} новый человек:", "{n} новых человека:", "{n} новых людей:"),
        "en": ("{n} new person:", "{n} new people:"),
    },
    "import.chat.like_deactivated": {
        "ru": "{name} (человек с этим именем отключён; чтобы вернуть его: /users)",
        "en": "{name} (somebody of this name is deactivated; to have them back: /users)",
    },
    "import.chat.unreachable": {
        "ru": (
            "{n} человеку я пока не могу написать: нет Telegram.",
            "{n} людям я пока не могу написать: нет Telegram.",
            "{n} людям я пока не могу написать: нет Telegram.",
        ),
        "en": ("I can't reach {n} person yet: no Telegram.", "I can't reach {n} people yet: no Telegram."),
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
    "import.chat.applied": {"ru": "<b>График обновлён.</b>", "en": "<b>The schedule is up to date.</b>"},
    "import.chat.next_step": {
        "ru": "Закреплённые сообщения и календари обновятся сами. В новой группе напишите /pin_duty.",
        "en": "Pinned messages and calendars follow by themselves. In a new group, send /pin_duty.",
    },
    "import.chat.nothing_new": {
        "ru": "Всё это уже есть в графике, менять нечего.",
        "en": "All of this is in the schedule already: nothing to change.",
    },
    "import.chat.undo": {"ru": "↩️ Отменить импорт", "en": "↩️ Undo the import"},
    "import.chat.redo": {"ru": "↪️ Вернуть", "en": "↪️ Redo"},
    "import.chat.undone": {
        "ru": "↩️ Отменено: {name}. График снова такой, как был.",
        "en": "↩️ Undone: {name}. The schedule is as it was before.",
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
        "en": "The import was cancelled, nothing was changed.",
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
        "ru": "Этот импорт уже закончен: он применён или отменён. Посмотрите сообщение выше.",
        "en": "This import is finished: it was applied or cancelled. Look at the message above.",
    },
    "import.chat.gone": {
        "ru": "Этот импорт уже закончен. Отправьте файл ещё раз.",
        "en": "This import is over already. Send the file again.",
    },
}
