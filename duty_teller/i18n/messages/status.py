"""Texts of /status."""

MESSAGES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "status.version": {"ru": "Версия {version}, работаю {uptime}", "en": "Version {version}, up for {uptime}"},
    "status.telegram_polling": {
        "ru": "Telegram на связи, последний ответ {age} назад",
        "en": "Telegram connected, last answer {age} ago",
    },
    "status.telegram_silent": {
        "ru": "Telegram на связи, ответа ещё не было",
        "en": "Telegram connected, no answer yet",
    },
    "status.telegram_trouble": {
        "ru": "Telegram: {state}. {detail} Последний ответ: {age}",
        "en": "Telegram: {state}. {detail} Last answer: {age}",
    },
    "status.poll_restarts": {
        "ru": (
            "Переподключался к Telegram {n} раз",
            "Переподключался к Telegram {n} раза",
            "Переподключался к Telegram {n} раз",
        ),
        "en": (
            "Reconnected to Telegram {n} time",
            "Reconnected to Telegram {n} times",
        ),
    },
    "status.never": {"ru": "ещё не было", "en": "none yet"},
    "status.ago": {"ru": "{age} назад", "en": "{age} ago"},
    "status.revision": {
        "ru": "График: ревизия {revision}, изменил(а) {author}, {moment}",
        "en": "Schedule: revision {revision}, changed by {author}, {moment}",
    },
    "status.revision_of": {
        "ru": "{name}: ревизия {revision}, изменил(а) {author}, {moment}",
        "en": "{name}: revision {revision}, changed by {author}, {moment}",
    },
    "status.unchanged": {"ru": "График: изменений ещё не было", "en": "Schedule: no changes yet"},
    "status.unchanged_of": {"ru": "{name}: изменений ещё не было", "en": "{name}: no changes yet"},
    "status.database": {"ru": "База: {size}, схема {schema}", "en": "Database: {size}, schema {schema}"},
    "status.people": {
        "ru": (
            "{n} человек, могу написать: {reachable}",
            "{n} человека, могу написать: {reachable}",
            "{n} человек, могу написать: {reachable}",
        ),
        "en": ("{n} person, I can write to {reachable}", "{n} people, I can write to {reachable}"),
    },
    "status.groups": {
        "ru": (
            "{n} группа с закреплённым сообщением",
            "{n} группы с закреплённым сообщением",
            "{n} групп с закреплённым сообщением",
        ),
        "en": ("{n} group with a pin", "{n} groups with a pin"),
    },
    "status.pins_off": {
        "ru": ("{n} сообщение выключено:", "{n} сообщения выключены:", "{n} сообщений выключено:"),
        "en": (
            "{n} pin is off:",
            "{n} pins are off:",
        ),
    },
    "status.pins_uncertain": {
        "ru": (
            "{n} сообщение могло появиться дважды",
            "{n} сообщения могли появиться дважды",
            "{n} сообщений могло появиться дважды",
        ),
        "en": ("{n} pin may have been posted twice", "{n} pins may have been posted twice"),
    },
    "status.notices_none": {"ru": "Уведомлений в очереди нет", "en": "No notices are waiting"},
    "status.notices": {
        "ru": (
            "{n} уведомление в очереди, самое старое: {moment}",
            "{n} уведомления в очереди, самое старое: {moment}",
            "{n} уведомлений в очереди, самое старое: {moment}",
        ),
        "en": ("{n} notice is waiting since {moment}", "{n} notices are waiting, the oldest since {moment}"),
    },
    "status.notices_uncertain": {
        "ru": (
            "{n} уведомление могло прийти дважды",
            "{n} уведомления могли прийти дважды",
            "{n} уведомлений могло прийти дважды",
        ),
        "en": ("{n} notice may have arrived twice", "{n} notices may have arrived twice"),
    },
    "status.calendars": {
        "ru": ("{n} чужой календарь", "{n} чужих календаря", "{n} чужих календарей"),
        "en": ("{n} other calendar", "{n} other calendars"),
    },
    "status.links": {
        "ru": ("{n} ссылка на календарь", "{n} ссылки на календарь", "{n} ссылок на календарь"),
        "en": ("{n} calendar link", "{n} calendar links"),
    },
    "status.link_personal": {"ru": "{owner}, личный", "en": "{owner}, personal"},
    "status.link_team": {"ru": "{owner}, общий", "en": "{owner}, team"},
    "status.links_unread": {"ru": "ими ещё не пользовались", "en": "not used yet"},
    "status.refresh": {"ru": "🔄 Обновить", "en": "🔄 Refresh"},
    "status.seconds": {"ru": "{n} с", "en": "{n} s"},
    "status.minutes": {"ru": "{n} мин", "en": "{n} min"},
    "status.hours": {"ru": "{n} ч", "en": "{n} h"},
    "status.days": {"ru": "{n} д", "en": "{n} d"},
    "status.kilobytes": {"ru": "{n} КБ", "en": "{n} KB"},
    "status.megabytes": {"ru": "{n} МБ", "en": "{n} MB"},
    "status.state_starting": {"ru": "запускается", "en": "starting"},
    "status.state_connecting": {"ru": "подключаюсь", "en": "connecting"},
    "status.state_conflict": {
        "ru": "с этим токеном работает ещё один процесс",
        "en": "another process uses this token",
    },
    "status.state_bad_token": {"ru": "Telegram не принимает токен", "en": "Telegram rejects the token"},
    "status.state_off": {"ru": "выключен", "en": "off"},
}
