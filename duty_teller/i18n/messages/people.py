"""Texts of people and access: /users, /set_role, two who are one, names of the environment. HTML where it helps."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    # the list
    "people.list": {"ru": "<b>Люди</b> · {which}: {n}", "en": "<b>People</b> · {which}: {n}"},
    "people.page": {"ru": "Страница {page} из {pages}", "en": "Page {page} of {pages}"},
    "people.which_all": {"ru": "все", "en": "all"},
    "people.which_unreachable": {"ru": "без связи", "en": "unreachable"},
    "people.which_admins": {"ru": "админы", "en": "admins"},
    "people.which_inactive": {"ru": "отключены", "en": "inactive"},
    "people.legend": {
        "ru": "★ администратор · ✉ без Telegram · ✕ не могу написать",
        "en": "★ admin · ✉ no Telegram yet · ✕ I can't write to them",
    },
    "people.legend_inactive": {
        "ru": "⏸ доступ отключён · = объединён с другим · ∅ смен больше нет",
        "en": "⏸ no access · = merged with somebody · ∅ no shifts left",
    },
    # a card
    "people.admin_ids": {
        "ru": "★ Администратор: указан в ADMIN_IDS",
        "en": "★ Admin: listed in ADMIN_IDS",
    },
    "people.admin_name": {
        "ru": "★ Администратор: указан в ADMIN_USERNAMES",
        "en": "★ Admin: listed in ADMIN_USERNAMES",
    },
    "people.admin_role": {
        "ru": "★ Администратор: роль дал другой администратор",
        "en": "★ Admin: made one by another admin",
    },
    "people.is_member": {"ru": "Участник", "en": "Member"},
    "people.is_allowed": {
        "ru": "Участник: указан в ALLOWED_USERNAMES",
        "en": "Member: listed in ALLOWED_USERNAMES",
    },
    "people.is_nobody": {"ru": "Доступа нет", "en": "No access"},
    "people.is_inactive": {
        "ru": "⏸ Отключён: нет доступа и уведомлений, смены остались",
        "en": "⏸ Deactivated: no access, no notices; shifts stay",
    },
    "people.is_merged": {"ru": "= Объединён: теперь это {other}", "en": "= Merged: now {other}"},
    "people.no_account": {"ru": "Telegram ещё не подключён", "en": "Telegram: not connected yet"},
    "people.account_linked": {
        "ru": "Telegram: id <code>{id}</code>, связан с графиком",
        "en": "Telegram: id <code>{id}</code>, connected to the roster",
    },
    "people.account_own": {
        "ru": "Telegram: id <code>{id}</code>, с графиком не связан",
        "en": "Telegram: id <code>{id}</code>, not connected to the roster",
    },
    "people.reachable": {"ru": "Могу писать первым", "en": "I can write to them"},
    "people.unreachable": {
        "ru": "✕ Не могу написать: бот не запущен или заблокирован. Попросите открыть бота и нажать «Запустить»",
        "en": "✕ I can't write to them: they haven't pressed Start, or blocked me. Ask them to open the bot and press Start",
    },
    "people.on_duty_until": {"ru": "На дежурстве до {moment}", "en": "On duty until {moment}"},
    "people.next_shift": {"ru": "Следующая смена: {moment}", "en": "Next shift: {moment}"},
    "people.coming": {
        "ru": ("Впереди {n} смена", "Впереди {n} смены", "Впереди {n} смен"),
        "en": (
            "{n} shift ahead",
            "{n} shifts ahead",
        ),
    },
    "people.coming_none": {"ru": "Смен впереди нет", "en": "No shifts ahead"},
    "people.left_over": {
        "ru": "∅ Остался от отменённого импорта: смен больше нет",
        "en": "∅ From an import that was undone: no shifts left",
    },
    "people.aliases": {"ru": "В файлах также: {names}", "en": "Also in files as: {names}"},
    "people.invite": {"ru": "✉ Пригласить", "en": "✉ Invite"},
    "people.make_admin": {"ru": "★ Сделать администратором", "en": "★ Make an admin"},
    "people.make_user": {"ru": "Сделать участником", "en": "Make a member"},
    "people.merge": {"ru": "Это тот же человек, что…", "en": "The same person as…"},
    "people.rename": {"ru": "Переименовать", "en": "Rename"},
    "people.unlink": {"ru": "Отвязать Telegram", "en": "Disconnect Telegram"},
    "people.deactivate": {"ru": "⏸ Отключить", "en": "⏸ Deactivate"},
    "people.activate": {"ru": "▶ Включить снова", "en": "▶ Activate again"},
    "people.back": {"ru": "◀ К списку", "en": "◀ Back to the list"},
    "people.to_card": {"ru": "◀ К карточке", "en": "◀ Back to the card"},
    "people.no": {"ru": "Не надо", "en": "No, leave it"},
    "people.gone": {
        "ru": "Этого человека здесь больше нет. Откройте список заново: /users",
        "en": "That person is no longer here. Open the list again: /users",
    },
    # roles
    "people.id": {"ru": "id <code>{id}</code>", "en": "id <code>{id}</code>"},
    "people.ask_admin": {
        "ru": "Сделать администратором?\n\n{who}\n\nАдминистратор меняет график, видит всех людей и раздаёт права.",
        "en": "Make this person an admin?\n\n{who}\n\nAn admin changes the schedule, sees everybody, and decides who is an admin.",
    },
    "people.ask_user": {
        "ru": "Сделать участником, без прав администратора?\n\n{who}",
        "en": "Make this person a member, without an admin's rights?\n\n{who}",
    },
    "people.ask_unknown": {
        "ru": "Этот аккаунт мне ещё не знаком. Если этот человек уже есть в графике, лучше пригласите его: /invite",
        "en": "I don't know this account yet. If the person is on the roster already, invite them instead: /invite",
    },
    "people.yes_admin": {"ru": "Да, сделать администратором", "en": "Yes, make an admin"},
    "people.yes_user": {"ru": "Да, сделать участником", "en": "Yes, make a member"},
    "people.now_admin": {
        "ru": "Готово: <b>{name}</b> теперь администратор.",
        "en": "Done: <b>{name}</b> is an admin now.",
    },
    "people.now_user": {"ru": "Готово: <b>{name}</b> теперь участник.", "en": "Done: <b>{name}</b> is a member now."},
    "people.already_admin": {"ru": "<b>{name}</b> уже администратор.", "en": "<b>{name}</b> is an admin already."},
    "people.already_user": {"ru": "<b>{name}</b> уже участник.", "en": "<b>{name}</b> is a member already."},
    "people.not_told": {
        "ru": "Написать этому человеку я не могу: пусть откроет бота и нажмёт «Запустить».",
        "en": "I can't write to them: ask them to open the bot and press Start.",
    },
    "people.you_admin": {
        "ru": "Теперь вы администратор. /help покажет, что вы можете.",
        "en": "You are an admin now. /help shows what you can do.",
    },
    "people.you_member": {
        "ru": "Вы больше не администратор. /help покажет, что вы можете.",
        "en": "You are no longer an admin. /help shows what you can do.",
    },
    "people.you_let_in": {
        "ru": "Администратор дал вам доступ. /help покажет, что вы можете.",
        "en": "An admin let you in. /help shows what you can do.",
    },
    "people.role_whose": {"ru": "Чью роль изменить?", "en": "Whose role do you want to change?"},
    "people.role_which": {"ru": "Какую роль дать?\n\n{who}", "en": "Which role?\n\n{who}"},
    "people.role_several": {
        "ru": "Имя {name} показывал не один аккаунт. Кто нужен?",
        "en": "More than one account has used the name {name}. Which one do you mean?",
    },
    "people.role_how": {
        "ru": "Ответьте командой /set_role на сообщение человека или назовите его: /set_role @имя. Список людей — в личном чате: @{bot}",
        "en": "Reply to somebody's message with /set_role, or name them: /set_role @name. The list of people is in the private chat: @{bot}",
    },
    "people.role_words": {
        "ru": "Не понимаю «{text}». Напишите так: /set_role @имя admin, /set_role 123456789 user или просто /set_role.",
        "en": "I don't understand “{text}”. Write /set_role @name admin, /set_role 123456789 user, or just /set_role.",
    },
    "people.role_unknown": {
        "ru": "Я ещё не знаю, кто это: {name}. Ответьте командой /set_role на сообщение этого человека в группе или пригласите его: /invite",
        "en": "I don't know {name} yet. Reply to a message of theirs in a group with /set_role, or invite them: /invite",
    },
    "people.role_no_account": {
        "ru": "{name}: Telegram ещё не подключён. Сначала пригласите: /invite",
        "en": "{name} hasn't connected Telegram yet. Invite them first: /invite",
    },
    "people.role_inactive": {
        "ru": "{name}: доступ отключён. Сначала включите его снова: /users",
        "en": "{name} is deactivated. Activate them again first: /users",
    },
    "people.reply_anonymous": {
        "ru": "Это сообщение анонимное: я не вижу, кто его написал.",
        "en": "That message is anonymous: I can't see who wrote it.",
    },
    "people.reply_channel": {
        "ru": "Это сообщение от имени канала, а не человека.",
        "en": "That message is from a channel, not a person.",
    },
    "people.reply_bot": {"ru": "Это бот, а не человек.", "en": "That is a bot, not a person."},
    "people.question_old": {
        "ru": "Этот вопрос устарел. Ответьте на сообщение человека ещё раз: /set_role",
        "en": "That question is too old. Reply to the person's message again with /set_role.",
    },
    "people.last_admin": {
        "ru": "{name} — последний администратор. Сначала назначьте другого: /set_role",
        "en": "{name} is the last admin. Make somebody else one first: /set_role",
    },
    "people.admin_by_ids": {
        "ru": "{name}: права даёт ADMIN_IDS. Уберите оттуда {id} на сервере и перезапустите бота.",
        "en": "{name} is an admin because of ADMIN_IDS. Remove {id} from it on the server and restart the bot.",
    },
    "people.admin_by_name": {
        "ru": "{name}: права даёт ADMIN_USERNAMES. Уберите имя оттуда на сервере и перезапустите бота.",
        "en": "{name} is an admin because of ADMIN_USERNAMES. Remove the name from it on the server and restart the bot.",
    },
    # access
    "people.ask_off": {
        "ru": "Отключить: <b>{name}</b>? Доступ, ссылки на календарь и уведомления пропадут, смены останутся. Если это имя будет в новом файле, появится новый человек.",
        "en": "Deactivate <b>{name}</b>? They lose access, calendar links and notices; their shifts stay. A later file with this name creates a new person.",
    },
    "people.ask_off_coming": {
        "ru": (
            "⚠️ Впереди ещё {n} смена — отдайте её кому-нибудь.",
            "⚠️ Впереди ещё {n} смены — отдайте их кому-нибудь.",
            "⚠️ Впереди ещё {n} смен — отдайте их кому-нибудь.",
        ),
        "en": (
            "⚠️ {n} shift ahead: somebody else has to take it.",
            "⚠️ {n} shifts ahead: somebody else has to take them.",
        ),
    },
    "people.ask_unlink": {
        "ru": "Отвязать Telegram: <b>{name}</b>? Этот аккаунт потеряет доступ, ссылки на календарь перестанут работать. Пригласить можно заново.",
        "en": "Disconnect the Telegram of <b>{name}</b>? That account loses access, and the calendar links stop working. You can invite them again.",
    },
    "people.yes_off": {"ru": "Да, отключить", "en": "Yes, deactivate"},
    "people.yes_unlink": {"ru": "Да, отвязать", "en": "Yes, disconnect"},
    "people.done_off": {"ru": "⏸ <b>{name}</b>: доступ отключён.", "en": "⏸ <b>{name}</b> is deactivated."},
    "people.done_on": {"ru": "▶ <b>{name}</b>: доступ снова есть.", "en": "▶ <b>{name}</b> is active again."},
    "people.done_unlink": {
        "ru": "Telegram отвязан: <b>{name}</b>.",
        "en": "Telegram disconnected: <b>{name}</b>.",
    },
    "people.ask_name": {
        "ru": "Напишите новое имя вместо «<b>{name}</b>». Прежнее я тоже буду узнавать в файлах.",
        "en": "Write the new name of <b>{name}</b>. I'll still recognise the old one in files.",
    },
    "people.renamed": {
        "ru": "Готово: было «{before}», стало <b>{name}</b>.",
        "en": "Done: “{before}” is <b>{name}</b> now.",
    },
    "people.name_bad": {
        "ru": (
            "Это не похоже на имя. Нужны буквы, не больше {n} знака.",
            "Это не похоже на имя. Нужны буквы, не больше {n} знаков.",
            "Это не похоже на имя. Нужны буквы, не больше {n} знаков.",
        ),
        "en": (
            "That doesn't look like a name. It needs letters, and at most {n} character.",
            "That doesn't look like a name. It needs letters, and at most {n} characters.",
        ),
    },
    "people.name_taken": {
        "ru": "Так уже зовут другого человека: {name}. Если это один человек, объедините их: /users",
        "en": "Somebody else is called that: {name}. If they are one person, merge them: /users",
    },
    # two who are one
    "people.merge_whom": {
        "ru": "<b>{name}</b>: с кем объединить? Сначала самые похожие имена.",
        "en": "Who is the same person as <b>{name}</b>? The closest names come first.",
    },
    "people.merge_nobody": {
        "ru": "<b>{name}</b>: объединить не с кем.",
        "en": "There is nobody to merge <b>{name}</b> with.",
    },
    "people.merge_head": {
        "ru": "<b>{source}</b> — это <b>{target}</b>?",
        "en": "Is <b>{source}</b> the same person as <b>{target}</b>?",
    },
    "people.merge_moved_n": {
        "ru": ("{n} смена перейдёт: {target}.", "{n} смены перейдут: {target}.", "{n} смен перейдут: {target}."),
        "en": (
            "{n} shift moves to {target}.",
            "{n} shifts move to {target}.",
        ),
    },
    "people.merge_no_shifts": {"ru": "Смены не переходят.", "en": "No shifts move."},
    "people.merge_twice": {
        "ru": (
            "{n} смена есть у обоих, останется одна.",
            "{n} смены есть у обоих, останутся по одной.",
            "{n} смен есть у обоих, останутся по одной.",
        ),
        "en": (
            "Both have {n} shift in common, kept once.",
            "Both have {n} shifts in common, kept once.",
        ),
    },
    "people.merge_overlaps": {
        "ru": (
            "⚠️ {target}: будет {n} пересечение смен:",
            "⚠️ {target}: будет {n} пересечения смен:",
            "⚠️ {target}: будет {n} пересечений смен:",
        ),
        "en": (
            "⚠️ {target} would be on duty twice at {n} time:",
            "⚠️ {target} would be on duty twice at {n} times:",
        ),
    },
    "people.merge_ties": {
        "ru": "Telegram ({target}) будет связан с графиком.",
        "en": "The Telegram account of {target} will be connected to the roster.",
    },
    "people.merge_foot": {
        "ru": "«{source}» в файлах дальше будет значить: {target}. Это можно отменить.",
        "en": "“{source}” in files will then mean {target}. You can undo this.",
    },
    "people.merge_yes": {"ru": "Да, это один человек", "en": "Yes, they are the same"},
    "people.merge_undo": {"ru": "↩️ Отменить объединение", "en": "↩️ Undo the merge"},
    "people.merged": {"ru": "Объединил: {names}.", "en": "Merged: {names}."},
    "people.merge_moved": {
        "ru": "Пока вы смотрели, график изменился. Ничего не записано. Посмотрите ещё раз.",
        "en": "The schedule changed while you were looking. Nothing was saved. Please look again.",
    },
    "people.merge_same": {"ru": "{name} — это один и тот же человек.", "en": "{name} is already one person."},
    "people.merge_has_account": {
        "ru": "{name}: уже подключён свой Telegram. Сначала отвяжите его: /users",
        "en": "{name} has a Telegram account of their own. Disconnect it first: /users",
    },
    "people.merged_into": {
        "ru": "{name} объединён с другим человеком: {other}. Отмените объединение: /history",
        "en": "{name} was merged with {other}. Undo that first: /history",
    },
    # why something was not done, where the chat would name a command
    "people.page.gone": {
        "ru": "Этого человека здесь больше нет.",
        "en": "That person is no longer here.",
    },
    "people.page.last_admin": {
        "ru": "{name} — последний администратор. Сначала назначьте другого.",
        "en": "{name} is the last admin. Make somebody else one first.",
    },
    "people.page.no_account": {
        "ru": "{name}: Telegram ещё не подключён. Сначала пригласите.",
        "en": "{name} hasn't connected Telegram yet. Invite them first.",
    },
    "people.page.inactive": {
        "ru": "{name}: доступ отключён. Сначала верните его.",
        "en": "{name} is deactivated. Activate them first.",
    },
    "people.page.name_taken": {
        "ru": "Так уже зовут другого человека: {name}. Если это один человек, объедините их.",
        "en": "Somebody else is called that: {name}. If they are one person, merge them.",
    },
    "people.page.has_account": {
        "ru": "{name}: уже подключён свой Telegram. Отвязать его можно в чате с ботом, в списке людей.",
        "en": "{name} has a Telegram account of their own. Disconnect it in the bot's chat, in the list of people.",
    },
    "people.page.merged_into": {
        "ru": "{name} объединён с другим человеком: {other}. Объединение отменяется в истории.",
        "en": "{name} was merged with {other}. Undo that in the history.",
    },
    # names of the environment
    "people.another_poller": {
        "ru": "Сообщения этого бота получает ещё одна программа с тем же токеном, и часть команд достаётся ей. Закреплённые сообщения и напоминания я отправляю как обычно. Остановите её или заведите для неё другого бота. Если запускали её не вы, смените токен у @BotFather.",
        "en": "Another program receives this bot's messages with the same token, and some commands end up there. I keep sending pinned messages and reminders as usual. Stop it, or give it a bot of its own. If it isn't yours, get a new token from @BotFather.",
    },
    "people.wrong_clock": {
        "ru": "⏰ Часы на сервере неверны: на них {moment}. Пока их не поправят, я могу ошибаться в том, кто дежурит. На сервере: timedatectl set-ntp true",
        "en": "⏰ The server's clock is wrong: it says {moment}. Until it is right, I may be wrong about who is on duty. On the server: timedatectl set-ntp true",
    },
    "people.name_bound": {
        "ru": "Имя @{name} из {variable} первым показал аккаунт {account} (id {id}), теперь оно закреплено за ним. Не тот человек? Уберите имя из {variable} и перезапустите бота.",
        "en": "The account {account} (id {id}) was the first to use @{name} from {variable}, so the name is now theirs. Wrong person? Remove the name from {variable} and restart the bot.",
    },
}
