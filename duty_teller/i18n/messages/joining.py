"""Texts of getting in: a group's *That's me*, asking for access, what the admins decide. HTML where it helps."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    # in the group
    "join.post": {
        "ru": "Вы есть в графике дежурств? Нажмите кнопку и выберите своё имя: я буду напоминать о сменах и добавлю их в ваш календарь.",
        "en": "Are you on the duty roster? Press the button and choose your name: I'll remind you of your shifts and put them in your calendar.",
    },
    "join.thats_me": {"ru": "👋 Это я", "en": "👋 That's me"},
    "join.nobody_left": {
        "ru": "Все из графика уже подключили Telegram.",
        "en": "Everybody on the roster has connected Telegram.",
    },
    # the person
    "join.choose": {
        "ru": "Кто вы? Выберите своё имя. Администратор подтвердит.",
        "en": "Who are you? Choose your name. An admin will confirm it.",
    },
    "join.none_free": {
        "ru": "Свободных имён в графике нет. Скажите администратору, что вас не хватает.",
        "en": "No free names on the roster. Tell an admin that you are missing.",
    },
    "join.not_listed": {"ru": "Меня здесь нет", "en": "I'm not listed"},
    "join.not_listed_done": {
        "ru": "Хорошо. Администраторы добавят вас или напишут вам.",
        "en": "All right. The admins will add you, or write to you.",
    },
    "join.claimed": {
        "ru": "Вы — <b>{name}</b>. Осталось, чтобы администратор подтвердил. Я напишу.",
        "en": "You are <b>{name}</b>. An admin still has to confirm it. I'll write to you.",
    },
    "join.again": {"ru": "Выбрать другое имя", "en": "Choose another name"},
    "join.waiting": {
        "ru": "Запрос уже у администраторов. Я напишу, когда они ответят.",
        "en": "The admins have your request. I'll write when they answer.",
    },
    "join.already": {
        "ru": "Я вас уже знаю: <b>{name}</b>. /help покажет, что я умею.",
        "en": "I know you already: <b>{name}</b>. /help shows what I can do.",
    },
    "join.not_in_group": {
        "ru": "Эта кнопка — для участников группы, в которой она есть.",
        "en": "This button is for members of the group it was posted in.",
    },
    "join.link_invalid": {
        "ru": "Эта кнопка не действует. Попросите администратора прислать в группу новую: /join_duty",
        "en": "This button doesn't work. Ask an admin to post a new one in the group: /join_duty",
    },
    "join.link_old": {
        "ru": "Эта кнопка устарела. Попросите администратора прислать в группу новую: /join_duty",
        "en": "This button is too old. Ask an admin to post a new one in the group: /join_duty",
    },
    "join.try_later": {
        "ru": "Telegram сейчас не отвечает. Нажмите кнопку в группе ещё раз через минуту.",
        "en": "Telegram isn't answering right now. Press the button in the group again in a minute.",
    },
    "join.taken": {
        "ru": "{name}: этот человек уже подключён с другого аккаунта. Я сообщил администраторам.",
        "en": "{name} is already connected with another account. I told the admins.",
    },
    "join.gone": {"ru": "Этого имени в графике больше нет.", "en": "That name is no longer on the roster."},
    "join.ask": {"ru": "Попросить доступ", "en": "Ask for access"},
    "join.asked": {
        "ru": "Отправил администраторам. Я напишу, когда они ответят.",
        "en": "Sent to the admins. I'll write when they answer.",
    },
    "join.too_many": {
        "ru": "Сейчас слишком много запросов. Попробуйте завтра или попросите приглашение.",
        "en": "Too many requests right now. Try again tomorrow, or ask for an invitation.",
    },
    # the admins
    "join.told_claim": {
        "ru": "{account} говорит: «Я — <b>{name}</b>». Это так?",
        "en": "{account} says: “I'm <b>{name}</b>.” Is that right?",
    },
    "join.told_more": {
        "ru": "Из группы подключились и другие. Подтвердите их списком.",
        "en": "More people from the group have said who they are. Confirm them as a list.",
    },
    "join.told_access": {
        "ru": "{account} просит доступ. Номер аккаунта: <code>{id}</code>.",
        "en": "{account} asks for access. Account number: <code>{id}</code>.",
    },
    "join.told_taken": {
        "ru": "{account} говорит: «Я — <b>{name}</b>». Но это имя уже подключено к другому аккаунту, и я отказал. Если тот аккаунт чужой: /users → имя → «Отвязать Telegram».",
        "en": "{account} says: “I'm <b>{name}</b>.” That name is already connected to another account, so I refused. If that account is the wrong one: /users → the name → Disconnect Telegram.",
    },
    "join.told_confirmed": {
        "ru": "{who} подтвердил(а) подключение. Человек: {n}.",
        "en": "{who} confirmed who people are. People: {n}.",
    },
    "join.told_missing": {
        "ru": "{account} из группы: своего имени в списке нет.",
        "en": "{account} from the group couldn't find their name in the list.",
    },
    "join.users": {"ru": "Люди", "en": "People"},
    "join.confirm": {"ru": "✓ Подтвердить", "en": "✓ Confirm"},
    "join.refuse": {"ru": "Нет", "en": "No"},
    "join.all": {"ru": "Все запросы", "en": "All requests"},
    "join.let_in": {"ru": "Впустить", "en": "Let in"},
    "join.who_is_it": {"ru": "Кто это?", "en": "Who is it?"},
    "join.who": {
        "ru": "Кто из графика — {account}?",
        "en": "Who on the roster is {account}?",
    },
    "join.who_nobody": {
        "ru": "У всех в графике уже есть Telegram. Можно впустить {account} отдельно.",
        "en": "Everybody on the roster has connected Telegram. You can let {account} in as somebody new.",
    },
    "join.void": {"ru": "Этот запрос больше не действует.", "en": "This request is no longer valid."},
    "join.decided": {"ru": "На этот запрос уже ответил(а) {name}.", "en": "{name} has already answered this request."},
    "join.refused": {"ru": "Хорошо, доступа нет: {account}.", "en": "All right, no access: {account}."},
    "join.confirmed": {
        "ru": (
            "Готово, подключён {n} человек.",
            "Готово, подключены {n} человека.",
            "Готово, подключены {n} человек.",
        ),
        "en": ("Done, {n} person is connected.", "Done, {n} people are connected."),
    },
    "join.list": {
        "ru": (
            "{n} запрос ждёт ответа.",
            "{n} запроса ждут ответа.",
            "{n} запросов ждут ответа.",
        ),
        "en": ("{n} request is waiting.", "{n} requests are waiting."),
    },
    "join.list_none": {
        "ru": "Запросов нет. Чтобы люди подключились сами, напишите в группе /join_duty.",
        "en": "No requests. To let people join by themselves, send /join_duty in the group.",
    },
    "join.legend": {
        "ru": "✓ @имя совпадает с графиком · ⚠ на это имя претендуют несколько",
        "en": "✓ the @username matches the roster · ⚠ several people chose this name",
    },
    "join.confirm_fitting": {
        "ru": "✓ Подтвердить всех, чьё @имя совпадает: {n}",
        "en": "✓ Confirm all whose @username matches: {n}",
    },
    "join.confirm_shown": {"ru": "✓ Подтвердить показанных: {n}", "en": "✓ Confirm those shown: {n}"},
    # adding a person, a phone for somebody
    "people.add": {"ru": "➕ Добавить человека", "en": "➕ Add a person"},
    "people.add_ask": {
        "ru": "Как зовут человека? Напишите имя так, как оно будет в графике.",
        "en": "What is the person's name? Write it the way the roster will have it.",
    },
    "people.added": {"ru": "Добавлен человек: <b>{name}</b>.", "en": "Added: <b>{name}</b>."},
    "people.phone": {"ru": "📱 Указать телефон", "en": "📱 Set a phone"},
    "people.phone_ask": {
        "ru": "Какой телефон у {name}? Напишите номер с кодом страны.",
        "en": "What is {name}'s phone? Write it with the country code.",
    },
    "people.phone_remove": {"ru": "Убрать телефон", "en": "Remove the phone"},
    "people.phone_set": {"ru": "{name}: {phone}", "en": "{name}: {phone}"},
    "people.phone_removed": {"ru": "{name}: телефон убран.", "en": "{name}: phone removed."},
}
