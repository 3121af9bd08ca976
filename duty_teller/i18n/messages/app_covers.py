"""Texts of the Mini App about what one does to a time on duty, and about being away."""

from duty_teller.i18n.messages.covers import MESSAGES as COVERS

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    # What can be done
    "app.do.cover": {"ru": "Найти замену", "en": "Find cover"},
    "app.do.cover.text": {
        "ru": "Смена останется вашей, пока кто-то не согласится.",
        "en": "The shift stays yours until somebody says yes.",
    },
    "app.do.cover.whom": {"ru": "Кого спросить", "en": "Who to ask"},
    "app.do.cover.people": {
        "ru": ("{n} коллегу, лично", "{n} коллег, каждого лично", "{n} коллег, каждого лично"),
        "en": ("{n} colleague, in private", "{n} colleagues, each in private"),
    },
    "app.do.cover.group": {"ru": "В группе «{title}»", "en": "In the group “{title}”"},
    "app.do.cover.names": {"ru": "Бот спросит: {names}.", "en": "The bot asks {names}."},
    "app.do.cover.names.more": {"ru": "{names} и ещё {count}", "en": "{names} and {count} more"},
    "app.do.cover.names.group": {
        "ru": "Просьбу увидят все в группе.",
        "en": "Everybody in the group sees it.",
    },
    "app.do.cover.tired": COVERS["cover.nobody_rested"],
    "app.do.cover.nobody": COVERS["cover.nobody"],
    "app.do.cover.asked": {
        "ru": "Для этой смены уже есть просьба. Сначала нажмите «Больше не искать».",
        "en": "There's already a request for this shift. Press “Stop looking” first.",
    },
    "app.do.cover.gone": {
        "ru": "Эта смена уже изменилась. Закройте форму: там всё, как сейчас.",
        "en": "This shift has changed. Close the form to see how it is now.",
    },
    "app.do.cover.part": {
        "ru": "Нужна замена на часть смены? Измените время.",
        "en": "Only for a part? Change the times.",
    },
    "app.do.cover.outside": {
        "ru": "Этого времени нет в смене. Выберите часть внутри неё.",
        "en": "That time isn't in the shift. Choose a part of it.",
    },
    "app.do.cover.go": {"ru": "Спросить коллег", "en": "Ask colleagues"},
    "app.do.cover.go.group": {"ru": "Спросить в группе", "en": "Ask the group"},
    "app.do.cover.done.group": {"ru": "Спросили в группе", "en": "Asked in the group"},
    "app.do.cover.done": {
        "ru": ("Спросили {n} коллегу", "Спросили {n} коллег", "Спросили {n} коллег"),
        "en": ("Asked {n} colleague", "Asked {n} colleagues"),
    },
    "app.do.reason": {"ru": "Почему (необязательно)", "en": "Why (optional)"},
    "app.do.withdraw": {"ru": "Больше не искать", "en": "Stop looking"},
    "app.do.withdraw.text": {"ru": "Смена останется вашей.", "en": "The shift stays yours."},
    "app.do.withdraw.done": {"ru": "Замену больше не ищем", "en": "No longer looking for cover"},
    "app.do.over": {"ru": "Принять дежурство", "en": "Take over"},
    "app.do.over.text": {
        "ru": "С этой минуты вместо {name} дежурите вы, до {moment}. Бот сразу сообщит об этом.",
        "en": "From now on you are on duty instead of {name}, until {moment}. The bot tells them at once.",
    },
    "app.do.over.go": {"ru": "Дежурю я", "en": "I am on duty now"},
    "app.do.over.done": {"ru": "Теперь дежурите вы", "en": "You are on duty now"},
    "app.do.away": {"ru": "Меня не будет", "en": "I'm away"},
    "app.do.away.other": {"ru": "Кого-то не будет", "en": "Somebody is away"},
    "app.do.away.who": {"ru": "Кого не будет", "en": "Who is away"},
    "app.do.away.kind": {"ru": "Почему", "en": "Why"},
    "app.do.away.first": {"ru": "Первый день", "en": "First day"},
    "app.do.away.last": {"ru": "Последний день", "en": "Last day"},
    "app.do.away.go": {"ru": "Записать", "en": "Save"},
    "app.do.away.done": {"ru": "Записано", "en": "Saved"},
    "app.do.away.affected": {
        "ru": ("в эти дни у вас {n} смена", "в эти дни у вас {n} смены", "в эти дни у вас {n} смен"),
        "en": ("you have {n} shift on these days", "you have {n} shifts on these days"),
    },
    "app.do.away.affected.other": {
        "ru": ("в эти дни есть {n} смена", "в эти дни есть {n} смены", "в эти дни есть {n} смен"),
        "en": ("there is {n} shift on these days", "there are {n} shifts on these days"),
    },
    "app.do.away.shifts": {"ru": "Найти замену на ваши смены", "en": "Find cover for your shifts"},
    "app.do.away.shifts.other": {"ru": "Найти замену на смены", "en": "Find cover for the shifts"},
    "app.do.away.free": {"ru": "В эти дни смен нет.", "en": "No shifts on these days."},
    "app.do.away.at_once": {"ru": "коллег спросим сразу", "en": "colleagues are asked at once"},
    "app.do.away.looking": {"ru": "замену уже ищем", "en": "already looking for cover"},
    "app.do.away.asked": {
        "ru": ("ищем замену на {n} смену", "ищем замену на {n} смены", "ищем замену на {n} смен"),
        "en": ("looking for cover for {n} shift", "looking for cover for {n} shifts"),
    },
    "app.do.away.left": {
        "ru": (
            "на {n} смену спросить некого, напишите администратору",
            "на {n} смены спросить некого, напишите администратору",
            "на {n} смен спросить некого, напишите администратору",
        ),
        "en": (
            "nobody to ask for {n} shift, tell an admin",
            "nobody to ask for {n} shifts, tell an admin",
        ),
    },
    "app.do.back": {"ru": "Отменить", "en": "Cancel this"},
    "app.do.back.text": {
        "ru": "Прошедшие дни останутся, остальные освободятся.",
        "en": "Past days stay as they are, the others are free again.",
    },
    "app.do.back.done": {"ru": "Отменено", "en": "Cancelled"},
    "app.do.cover.text.other": {
        "ru": "Пока никто не согласится, дежурит {name}.",
        "en": "{name} stays on duty until somebody says yes.",
    },
    "app.do.withdraw.text.other": {"ru": "Дежурить будет {name}.", "en": "{name} stays on duty."},
}
