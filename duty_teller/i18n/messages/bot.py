"""Texts of the bot: commands, people and groups. HTML where it helps; data are escaped by the handlers."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "bot.setup_done": {
        "ru": "✅ Вы администратор этого бота. Осталось ответить на два вопроса в терминале, потом пришлите сюда график.",
        "en": "✅ You are this bot's admin. Two more questions in the terminal, then send me the roster here.",
    },
    "bot.welcome": {
        "ru": "Здравствуйте, {name}! Я слежу за графиком дежурств.",
        "en": "Hello, {name}! I keep track of who is on duty.",
    },
    "bot.welcome_linked": {
        "ru": "Готово, теперь я вас знаю: <b>{name}</b>.\n\n/my — ваши смены\n/duty — кто дежурит\n/calendar_link — дежурства в вашем календаре\n/set_phone — телефон для коллег\n/away — когда вас нет: /away 3-10 янв, /away сегодня\n/reminders — когда напоминать о сменах",
        "en": "Done, now I know you: <b>{name}</b>.\n\n/my – your shifts\n/duty – who is on duty\n/calendar_link – duties in your own calendar\n/set_phone – your phone for colleagues\n/away – when you are away: /away 3-10 Jan, /away today\n/reminders – when to remind you of shifts",
    },
    "bot.help": {
        "ru": "/duty — кто дежурит сейчас и кто следующий; можно с днём или именем: /duty завтра, /duty пятница, /duty 24.11, /duty Иванов\n/week — неделя по дням; /week следующая — следующая неделя\n/my — ваши смены и часы; найти замену\n/hours — часы за месяц: ночи, выходные, замены\n/swap — поменяться сменой\n/away — когда вас нет: /away 3-10 янв, /away сегодня\n/reminders — когда напоминать и о чём писать\n/calendar_link — дежурства в вашем календаре\n/set_phone — телефон, по которому вам звонят на дежурстве\n/language — выбрать язык",
        "en": "/duty – who is on duty now and next; a day or a name works too: /duty tomorrow, /duty friday, /duty 24.11, /duty Smith\n/week – the week, day by day; /week next – next week\n/my – your shifts and hours; find cover\n/hours – hours of a month: nights, weekends, covers\n/swap – swap a shift with a colleague\n/away – when you are away: /away 3-10 Jan, /away today\n/reminders – when I remind you, and of what\n/calendar_link – duties in your own calendar\n/set_phone – the phone colleagues call when you are on duty\n/language – choose the language",
    },
    "bot.help_admin": {
        "ru": "Для администратора:\n• Отправьте мне файл графика (.xlsx, .ods, .csv, .ics, .json), и я покажу, что изменится. Другое время смены? Начните с /import_duty_schedule\n• Добавьте меня в группу, дайте право закреплять сообщения и напишите там /pin_duty\n• /change — изменить смену: /change пятница Иванов\n• /undo — отменить последнее изменение, /history — посмотреть последние, /export — скачать график\n• /join_duty в группе — люди подключатся сами; /invite — пригласить по одному, /users — кто есть кто, /set_role — кто администратор\n• /settings — графики, время смены, предупреждения; /status — всё ли работает, /backup — резервная копия",
        "en": "For you as an admin:\n• Send me the roster file (.xlsx, .ods, .csv, .ics, .json) and I'll show what would change. Different hand-over time? Start with /import_duty_schedule\n• Add me to a group, let me pin messages, and send /pin_duty there\n• /change – change a shift: /change friday Smith\n• /undo – undo the last change, /history – see the latest ones, /export – get the schedule as a file\n• /join_duty in a group – people connect by themselves; /invite – invite them one by one, /users – who is who, /set_role – who is an admin\n• /settings – rosters, hand-over, warnings; /status – is everything working, /backup – a backup",
    },
    "bot.help_group": {
        "ru": "/duty — кто дежурит сейчас и кто следующий; можно с днём или именем: /duty завтра, /duty Иванов\n/week — неделя по дням",
        "en": "/duty – who is on duty now and next; a day or a name works too: /duty tomorrow, /duty Smith\n/week – the week, day by day",
    },
    "bot.help_group_admin": {
        "ru": "/pin_duty — закрепить здесь сообщение, в котором всегда видно, кто дежурит\n/refresh_pin — обновить его или прислать заново\n/unpin_duty — открепить его\n/join_duty — люди подключатся сами\n/untrust_group — отвечать здесь только администраторам",
        "en": "/pin_duty – pin a message here that always shows who is on duty\n/refresh_pin – update it, or post it again\n/unpin_duty – unpin it\n/join_duty – people connect by themselves\n/untrust_group – answer only admins here",
    },
    "bot.help_untrusted": {
        "ru": "В этой группе я пока отвечаю только администраторам. Отвечать всем: /pin_duty или /trust_group.",
        "en": "In this group I only answer admins so far. To answer everybody: /pin_duty or /trust_group.",
    },
    "bot.hint": {
        "ru": "Не понимаю. /help покажет, что я умею.",
        "en": "I don't understand that. /help shows what I can do.",
    },
    "bot.hint_day": {"ru": "Кто дежурит: {day}", "en": "On duty on {day}"},
    "bot.telegram_failed": {
        "ru": "Telegram не принял мой ответ. Попробуйте, пожалуйста, ещё раз.",
        "en": "Telegram didn't accept my answer. Please try again.",
    },
    "bot.button_old": {"ru": "Эта кнопка устарела.", "en": "This button is out of date."},
    "bot.left_out": {
        "ru": (
            "Сообщений слишком много сразу: {n} я пропустил. Отправьте его ещё раз.",
            "Сообщений слишком много сразу: {n} я пропустил. Отправьте их ещё раз.",
            "Сообщений слишком много сразу: {n} я пропустил. Отправьте их ещё раз.",
        ),
        "en": (
            "Too many messages at once: I left out {n}. Please send it again.",
            "Too many messages at once: I left out {n}. Please send them again.",
        ),
    },
    "bot.ask_admins": {"ru": "Попросите: {who}.", "en": "Ask {who}."},
    "bot.admins_are": {"ru": "Администраторы: {who}.", "en": "Admins: {who}."},
    "bot.admins_only": {"ru": "Это могут только администраторы.", "en": "Only admins can do that."},
    "bot.in_private": {
        "ru": "Напишите мне это в личный чат: @{bot}",
        "en": "Do this in our private chat: @{bot}",
    },
    "bot.anonymous": {
        "ru": "Вы пишете анонимно, и я не вижу, кто вы. Напишите мне в личный чат (@{bot}) или отключите анонимность.",
        "en": "You are writing anonymously, so I can't see who you are. Write to me in private (@{bot}) or turn anonymity off.",
    },
    "bot.day_nobody": {"ru": "Никто не дежурит.", "en": "Nobody is on duty."},
    "bot.day_after_roster": {
        "ru": "График заканчивается раньше: последний день — {last}.",
        "en": "The roster ends before that, on {last}.",
    },
    "bot.span_all_day": {"ru": "весь день", "en": "all day"},
    "bot.span_until": {"ru": "до {end}", "en": "until {end}"},
    "bot.span_from": {"ru": "{start} – {moment}", "en": "{start} – {moment}"},
    "bot.cancelled": {"ru": "Отменено.", "en": "Cancelled."},
    "bot.nothing_to_cancel": {"ru": "Отменять нечего.", "en": "Nothing to cancel."},
    # calendar links
    "bot.link_head": {
        "ru": "Выберите свой календарь и подтвердите подписку. Дальше он обновляется сам, Google — раз в 8–24 часа.",
        "en": "Choose your calendar and confirm. From then on it updates by itself, Google every 8–24 hours.",
    },
    "bot.link_personal": {"ru": "<b>Мои дежурства</b>", "en": "<b>My duties</b>"},
    "bot.link_roster": {"ru": "<b>Дежурства: {name}</b>", "en": "<b>Duties: {name}</b>"},
    "bot.link_team": {"ru": "<b>Дежурства всей команды</b>", "en": "<b>The whole team's duties</b>"},
    "bot.link_foot": {
        "ru": "https — для Google и Outlook, webcal — для iPhone, Mac и программ на компьютере. Не пересылайте: по адресу любой увидит дежурства.",
        "en": "https is for Google and Outlook, webcal for iPhone, Mac and programs on a computer. Don't share it: anyone with the address can see the duties.",
    },
    "bot.link_no_address": {
        "ru": "Подписки пока не работают: у сервера нет публичного адреса. Его задаёт тот, кто ведёт сервер: MINI_APP_BASE_URL.",
        "en": "Subscriptions don't work yet: the server has no public address. Whoever runs it can set MINI_APP_BASE_URL.",
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
        "ru": "Все из графика уже подключили Telegram. Приглашать некого.",
        "en": "Everybody on the roster has connected Telegram. Nobody to invite.",
    },
    "bot.invite_no_roster": {
        "ru": "В графике ещё никого нет. Сначала отправьте мне файл графика.",
        "en": "Nobody is on the roster yet. Send me the roster file first.",
    },
    "bot.invite_list": {
        "ru": (
            "{n} человек из графика ещё не подключил Telegram. Нажмите на имя — я составлю приглашение.",
            "{n} человека из графика ещё не подключили Telegram. Нажмите на имя — я составлю приглашение.",
            "{n} человек из графика ещё не подключили Telegram. Нажмите на имя — я составлю приглашение.",
        ),
        "en": (
            "{n} person on the roster hasn't connected Telegram yet. Tap the name and I'll write the invitation.",
            "{n} people on the roster haven't connected Telegram yet. Tap a name and I'll write the invitation.",
        ),
    },
    "bot.invite_done": {"ru": "Этот человек уже подключил Telegram.", "en": "They have already connected Telegram."},
    "bot.invite_forward": {
        "ru": "Перешлите следующее сообщение человеку: <b>{name}</b>. Ссылка личная, действует 7 дней и срабатывает один раз.",
        "en": "Forward the next message to <b>{name}</b>. The link is personal: valid for 7 days, works once.",
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
        "ru": "Готово, у этого аккаунта больше нет доступа. Пригласить человека заново (<b>{name}</b>): /invite",
        "en": "Done, that account no longer has access. To invite <b>{name}</b> again: /invite",
    },
    "bot.confirm_ask": {
        "ru": "Пишет @{username} ({account}). Это <b>{name}</b> из графика?",
        "en": "@{username} ({account}) wrote to me. Is this <b>{name}</b> from the roster?",
    },
    "bot.confirm_yes": {"ru": "Да, это он(а)", "en": "Yes"},
    "bot.confirm_no": {"ru": "Нет", "en": "No"},
    "bot.confirm_done": {
        "ru": "Готово, Telegram подключён: <b>{name}</b>.",
        "en": "Done: <b>{name}</b> has connected Telegram.",
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
        "en": "I'll keep the message up to date, but I can't pin it. Give me the right “Pin messages” and send /pin_duty again.",
    },
    "bot.pin_none": {
        "ru": "Здесь ничего не закреплено. Закрепить: /pin_duty",
        "en": "Nothing is pinned here. To pin: /pin_duty",
    },
    "bot.pin_refreshed": {"ru": "Обновил.", "en": "Updated."},
    "bot.pin_later": {
        "ru": "Telegram сейчас плохо отвечает. Попробую ещё сам.",
        "en": "Telegram isn't answering well right now. I'll keep trying.",
    },
    # what Telegram lists
    "bot.command_duty": {"ru": "Кто дежурит сейчас и следующий", "en": "Who is on duty now and next"},
    "bot.command_week": {"ru": "Неделя по дням", "en": "The week, day by day"},
    "bot.command_my": {"ru": "Мои смены; найти замену", "en": "My shifts; find cover"},
    "bot.command_hours": {"ru": "Часы за месяц", "en": "Hours of a month"},
    "bot.command_swap": {"ru": "Поменяться сменой с коллегой", "en": "Swap a shift with a colleague"},
    "bot.command_reminders": {"ru": "Когда напоминать и о чём писать", "en": "When I remind you, and of what"},
    "bot.command_calendar_link": {"ru": "Дежурства в вашем календаре", "en": "Duties in your own calendar"},
    "bot.command_set_phone": {"ru": "Ваш телефон для коллег", "en": "Your phone for colleagues"},
    "bot.command_language": {"ru": "Язык", "en": "Language"},
    "bot.command_cancel": {"ru": "Прервать начатое", "en": "Stop what you have started"},
    "bot.command_help": {"ru": "Что я умею", "en": "What I can do"},
    "bot.command_import_duty_schedule": {"ru": "Загрузить файл графика", "en": "Import a roster file"},
    "bot.command_away": {"ru": "Отпуск, болезнь, отсутствие", "en": "Vacation, illness, being away"},
    "bot.command_change": {"ru": "Изменить смену", "en": "Change a shift"},
    "bot.command_export": {"ru": "Скачать график", "en": "Get the schedule as a file"},
    "bot.command_undo": {"ru": "Отменить последнее изменение", "en": "Undo the last change"},
    "bot.command_history": {"ru": "Последние изменения графика", "en": "Latest changes to the schedule"},
    "bot.command_invite": {"ru": "Пригласить людей из графика", "en": "Invite people from the roster"},
    "bot.command_users": {"ru": "Люди: кто есть кто", "en": "People: who is who"},
    "bot.command_set_role": {
        "ru": "Сделать администратором или участником",
        "en": "Make somebody an admin or a member",
    },
    "bot.command_settings": {"ru": "Графики, время смены, предупреждения", "en": "Rosters, hand-over, warnings"},
    "bot.command_status": {"ru": "Всё ли работает", "en": "Is everything working"},
    "bot.command_pin_duty": {"ru": "Закрепить сообщение с дежурными", "en": "Pin a message with who is on duty"},
    "bot.command_refresh_pin": {"ru": "Обновить закреплённое сообщение", "en": "Update the pinned message"},
    "bot.command_unpin_duty": {"ru": "Открепить сообщение", "en": "Unpin the message"},
    "bot.command_join_duty": {"ru": "Пусть люди подключатся сами", "en": "Let people connect by themselves"},
    "bot.command_trust_group": {"ru": "Отвечать в этой группе всем", "en": "Answer everybody in this group"},
    "bot.command_untrust_group": {"ru": "Отвечать здесь только администраторам", "en": "Answer only admins here"},
    # the import's dialogue
}
