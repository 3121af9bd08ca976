"""Texts of cover, swap and take-over."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    # What cannot be done.
    "cover.gone": {
        "ru": "Эта смена уже изменилась. Откройте /my — там всё, как сейчас.",
        "en": "This shift has changed. Open /my to see how it is now.",
    },
    "cover.over": {"ru": "Эта смена уже закончилась.", "en": "This shift is over."},
    "cover.outside": {
        "ru": "Этого времени нет в смене. Напишите часть внутри неё, например 20:00–23:00.",
        "en": "That time isn't in the shift. Type a part of it, like 20:00–23:00.",
    },
    "cover.not_yours": {
        "ru": "Это не ваша смена. Попросите её хозяина или администратора.",
        "en": "This isn't your shift. Ask whoever has it, or an admin.",
    },
    "cover.own": {"ru": "Эта смена и так ваша.", "en": "This shift is yours already."},
    "cover.asked_already": {
        "ru": "Замену на это время уже ищут. Сначала отзовите ту просьбу: /my.",
        "en": "Cover for that time is being looked for already. Withdraw that first: /my.",
    },
    "cover.nobody": {
        "ru": "Некого спросить: остальные на смене, в отъезде или не подключили Telegram. Напишите администратору.",
        "en": "There's nobody to ask: the others are on duty, away, or haven't connected Telegram. Tell an admin.",
    },
    "cover.no_admin": {
        "ru": "Нужно согласие администратора, а написать никому из них я не могу.",
        "en": "An admin has to agree, and I can't reach any.",
    },
    "cover.unknown": {"ru": "Такой просьбы нет.", "en": "There's no such request."},
    "cover.not_admin": {"ru": "Это решает администратор.", "en": "An admin decides that."},
    "cover.not_on_roster": {"ru": "Этого человека уже нет в графике.", "en": "This person has left the roster."},
    "cover.taken_by": {"ru": "Уже берёт {name}.", "en": "{name} already has it."},
    "cover.closed": {"ru": "Просьба уже закрыта.", "en": "This request is closed."},
    "cover.started": {
        "ru": "Смена уже началась. Теперь это может изменить администратор.",
        "en": "The shift has started. An admin can change it now.",
    },
    "cover.same": {"ru": "Для обмена нужна смена коллеги.", "en": "A swap needs a colleague's shift."},
    "cover.unreachable": {
        "ru": "{name}: не могу написать. Договоритесь сами, администратор поменяет смены.",
        "en": "I can't write to {name}. Talk to them, and an admin can swap the shifts.",
    },
    "cover.not_running": {
        "ru": "Смена ещё не идёт. Найдите замену: /my.",
        "en": "The shift isn't running yet. Find cover instead: /my.",
    },
    "cover.too_late": {
        "ru": "Возразить уже нельзя. Напишите администратору.",
        "en": "It's too late to object. Tell an admin.",
    },
    # Warnings.
    "cover.warn_on_duty": {"ru": "в это время уже на смене", "en": "already on duty then"},
    "cover.warn_away": {"ru": "в это время в отъезде", "en": "away then"},
    "cover.warn_rest": {"ru": "меньше 11 часов отдыха", "en": "less than 11 h rest"},
    "cover.warn_much": {"ru": "часов заметно больше, чем у других", "en": "many more hours than the others"},
    # What messages show.
    "cover.needs": {"ru": "{name} ищет замену", "en": "{name} needs cover"},
    "cover.no_answer_yet": {"ru": "Пока никто не согласился.", "en": "Nobody has said yes yet."},
    "cover.swap_with_you": {"ru": "{name} предлагает поменяться", "en": "{name} wants to swap with you"},
    "cover.you_get": {"ru": "Вы берёте: {span}", "en": "You get: {span}"},
    "cover.you_give": {"ru": "Вы отдаёте: {span}", "en": "You give: {span}"},
    "cover.looking": {"ru": "Ищу замену", "en": "Looking for cover"},
    "cover.asked": {
        "ru": ("Спросил {n} человека", "Спросил {n} человек", "Спросил {n} человек"),
        "en": ("Asked {n} person", "Asked {n} people"),
    },
    "cover.asked_group": {"ru": "Спросил в группе", "en": "Asked in the group"},
    "cover.said_no": {"ru": "отказов: {n}", "en": "{n} said no"},
    "cover.all_said_no": {
        "ru": "Отказались все, кого я спросил. Дежурите по-прежнему вы.",
        "en": "Everybody I asked said no. You're still on duty.",
    },
    "cover.swap_offered": {"ru": "Жду ответа: {name}", "en": "Waiting for {name} to answer"},
    "cover.covers_you": {"ru": "Вас подменяет {name}", "en": "{name} covers for you"},
    "cover.covers": {"ru": "{name} подменяет, смена была у {owner}", "en": "{name} covers for {owner}"},
    "cover.you_have_it": {"ru": "Смена ваша", "en": "You have it"},
    "cover.swapped": {"ru": "Поменялись: {name} и {owner}", "en": "{name} and {owner} swapped"},
    "cover.taken": {"ru": "Берёт {name}", "en": "Taken by {name}"},
    "cover.waits": {
        "ru": "{name} согласен(на). Ждём администратора.",
        "en": "{name} said yes. An admin has to confirm.",
    },
    "cover.waits_you": {
        "ru": "Вы согласились. Ждём администратора.",
        "en": "You said yes. An admin has to confirm.",
    },
    "cover.confirm": {"ru": "Подтвердите: {owner} → {name}", "en": "Please confirm: {owner} → {name}"},
    "cover.approved_by": {"ru": "Подтвердил(а) {name}.", "en": "Confirmed by {name}."},
    "cover.refused_by": {"ru": "{name} против. Всё остаётся как было.", "en": "{name} said no. Nothing changes."},
    "cover.you_said_no": {"ru": "Вы отказались.", "en": "You said no."},
    "cover.not_needed": {"ru": "Замена больше не нужна", "en": "Cover is no longer needed"},
    "cover.withdrawn": {"ru": "Отозвано: всё как было", "en": "Withdrawn: everything is as it was"},
    "cover.expired": {
        "ru": "Никто не согласился. Дежурите по-прежнему вы.",
        "en": "Nobody said yes. You're still on duty.",
    },
    "cover.expired_for": {
        "ru": "Никто не согласился. Дежурит {owner}.",
        "en": "Nobody said yes. {owner} is on duty.",
    },
    "cover.void": {
        "ru": "Смена изменилась, просьба больше не действует",
        "en": "The shift has changed, so the request is void",
    },
    "cover.nobody_yet": {"ru": "{name}: замены пока нет", "en": "Nobody covers for {name} yet"},
    "cover.give_hint": {"ru": "Назначить можно одной кнопкой:", "en": "You can put somebody on with one tap:"},
    "cover.has_it_now": {"ru": "Сейчас дежурит {name}", "en": "{name} has the duty now"},
    "cover.you_have_it_now": {"ru": "Сейчас дежурите вы", "en": "You have the duty now"},
    "cover.takes_from": {"ru": "Смена была у {owner}.", "en": "It was {owner}'s shift."},
    "cover.object_until": {
        "ru": "Это не так? Возразите до {moment}.",
        "en": "Is that wrong? Say so by {moment}.",
    },
    "cover.objected": {
        "ru": "{name} возражает. Решает администратор.",
        "en": "{name} objects. An admin decides.",
    },
    "cover.done_by": {"ru": "Записал(а) {name}.", "en": "Noted by {name}."},
    "cover.kept_by": {"ru": "{name}: остаётся так.", "en": "{name} decided: it stays."},
    "cover.reverted_by": {"ru": "{name}: вернули как было.", "en": "{name} decided: it's back as it was."},
    # Buttons of messages.
    "cover.take": {"ru": "✅ Беру", "en": "✅ I'll take it"},
    "cover.take_after_all": {"ru": "✅ Всё-таки беру", "en": "✅ I'll take it after all"},
    "cover.decline": {"ru": "Не могу", "en": "I can't"},
    "cover.swap_yes": {"ru": "✅ Меняемся", "en": "✅ Swap"},
    "cover.withdraw": {"ru": "Отозвать", "en": "Withdraw"},
    "cover.give_back": {"ru": "↩️ Вернуть смену", "en": "↩️ Give it back"},
    "cover.take_back": {"ru": "↩️ Забрать смену", "en": "↩️ I'll do it after all"},
    "cover.unswap": {"ru": "↩️ Отменить обмен", "en": "↩️ Undo the swap"},
    "cover.approve": {"ru": "✅ Подтвердить", "en": "✅ Confirm"},
    "cover.refuse": {"ru": "Отказать", "en": "Refuse"},
    "cover.object": {"ru": "Это не так", "en": "That's wrong"},
    "cover.keep": {"ru": "Оставить", "en": "Keep it"},
    "cover.revert": {"ru": "↩️ Вернуть как было", "en": "↩️ Put it back"},
}
