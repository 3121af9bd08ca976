"""Texts of the Mini App about people: swaps, reminders, requests, and what admins do to the team."""

from duty_teller.i18n.messages.views import MESSAGES as VIEWS

_KINDS = ("ends", "changed", "short_notice", "cover", "gaps", "unreachable", "groups", "people")

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    # Swaps, reminders, requests
    "app.swap": {"ru": "Поменяться", "en": "Swap"},
    "app.swap.text": {
        "ru": "Бот спросит коллегу. Ничего не изменится, пока он не согласится.",
        "en": "The bot asks your colleague. Nothing changes until they say yes.",
    },
    "app.swap.for": {"ru": "На какую смену", "en": "For which shift"},
    "app.swap.go": {"ru": "Предложить", "en": "Ask"},
    "app.swap.done": {"ru": "Предложили обмен", "en": "Swap offered"},
    "app.swap.nobody": {
        "ru": "В ближайшие два месяца меняться не с кем.",
        "en": "There is nobody to swap with in the next two months.",
    },
    "app.remind": {"ru": "Напоминания", "en": "Reminders"},
    "app.remind.leads": {"ru": "Напоминать о смене за", "en": "Remind me before a shift"},
    "app.remind.hours": {"ru": "{hours} ч", "en": "{hours} h"},
    "app.remind.minutes": {"ru": "{minutes} мин", "en": "{minutes} min"},
    "app.remind.quiet": {
        "ru": "Тихие часы: сообщения приходят без звука",
        "en": "Quiet hours: messages arrive without a sound",
    },
    "app.remind.from": {"ru": "С", "en": "From"},
    "app.remind.to": {"ru": "До", "en": "To"},
    "app.remind.kinds": {"ru": "Сообщать мне", "en": "Tell me when"},
    "app.remind.done": {"ru": "Сохранено", "en": "Saved"},
    **{f"app.remind.kind.{kind}": VIEWS[f"view.kind_{kind}"] for kind in _KINDS},
    "app.request.done": {"ru": "Отвечать больше не на что.", "en": "There is nothing left to answer."},
    # People, as admins look at them
    "app.people.add": {"ru": "Добавить человека", "en": "Add somebody"},
    "app.people.add.text": {
        "ru": "Имя как в файле графика: следующий файл с ним — про этого человека.",
        "en": "The name as your roster file has it: the next file with it means this person.",
    },
    "app.people.added": {"ru": "Добавили: {name}", "en": "Added: {name}"},
    "app.people.more": {"ru": "Изменить: {name}", "en": "Edit {name}"},
    "app.people.others": {"ru": "Не в графике", "en": "Not on the roster"},
    "app.people.name": {"ru": "Имя", "en": "Name"},
    "app.people.phone": {"ru": "Телефон", "en": "Phone"},
    "app.people.admin": {"ru": "администратор", "en": "admin"},
    "app.people.inactive": {"ru": "без доступа", "en": "no access"},
    "app.people.no_account": {"ru": "ещё не подключил Telegram", "en": "hasn't connected Telegram yet"},
    "app.people.unreachable": {"ru": "бот не может написать", "en": "the bot can't write to them"},
    "app.people.saved": {"ru": "Сохранено", "en": "Saved"},
    "app.people.invite": {"ru": "Пригласить", "en": "Invite"},
    "app.people.invited": {
        "ru": "Отправьте эту ссылку: {name}. Она действует 7 дней и сработает один раз.",
        "en": "Send this link to {name}. It is valid for 7 days and works once.",
    },
    "app.people.link": {"ru": "Ссылка-приглашение", "en": "Invitation link"},
    "app.people.share": {"ru": "Отправить в Telegram", "en": "Send in Telegram"},
    "app.people.no_bot": {
        "ru": "Бот ещё не подключился к Telegram. Попробуйте через минуту.",
        "en": "The bot has not connected to Telegram yet. Try again in a minute.",
    },
    "app.people.rename": {"ru": "Переименовать", "en": "Rename"},
    "app.people.rename.text": {
        "ru": "Старое имя бот тоже будет узнавать в файлах.",
        "en": "Files with the old name still mean this person.",
    },
    "app.people.renamed": {"ru": "Теперь: {name}", "en": "Now: {name}"},
    "app.people.to_admin": {"ru": "Сделать администратором", "en": "Make admin"},
    "app.people.to_admin.text": {
        "ru": "{name} сможет менять график, людей и настройки.",
        "en": "{name} can then change the schedule, people and settings.",
    },
    "app.people.to_user": {"ru": "Больше не администратор", "en": "No longer an admin"},
    "app.people.to_user.text": {
        "ru": "{name} не сможет менять график, людей и настройки.",
        "en": "{name} can't change the schedule, people and settings any more.",
    },
    "app.people.off": {"ru": "Закрыть доступ", "en": "Deactivate"},
    "app.people.off.text": {
        "ru": "{name}: ни чата, ни календаря. Смены останутся в графике, впереди их {n}.",
        "en": "{name} loses the chat and the calendar. Shifts stay on the roster, {n} of them ahead.",
    },
    "app.people.on": {"ru": "Вернуть доступ", "en": "Activate"},
    "app.people.on.text": {"ru": "{name} снова сможет пользоваться ботом.", "en": "{name} can use the bot again."},
    "app.people.merge": {"ru": "Это один человек с…", "en": "Same person as…"},
    "app.people.merge.text": {
        "ru": "Если «{name}» — это кто-то из команды под другим именем, смены перейдут к нему.",
        "en": "If “{name}” is somebody of the team under another name, their shifts move there.",
    },
    "app.people.merge.whom": {"ru": "Кто это", "en": "Who it is"},
    "app.people.merge.go": {"ru": "Объединить", "en": "Merge"},
    "app.people.merge.plan": {
        "ru": (
            "{source} → {target}: перейдёт {n} смена",
            "{source} → {target}: перейдут {n} смены",
            "{source} → {target}: перейдёт {n} смен",
        ),
        "en": ("{source} → {target}: {n} shift moves", "{source} → {target}: {n} shifts move"),
    },
    "app.people.merge.twice": {
        "ru": ("{n} смена общая", "{n} смены общие", "{n} смен общие"),
        "en": ("{n} shift both have", "{n} shifts both have"),
    },
    "app.people.merge.overlaps": {
        "ru": ("пересечётся {n} раз", "пересечётся {n} раза", "пересечётся {n} раз"),
        "en": ("{n} overlap", "{n} overlaps"),
    },
    "app.people.merged": {
        "ru": "Объединили. Отменить можно в истории.",
        "en": "Merged. You can undo it in the history.",
    },
}
